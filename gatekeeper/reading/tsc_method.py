"""How the TypeScript compiler is run: on every script that is tracked, with the base's settings."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from secrets import token_hex

from gatekeeper.errors import Unreadable
from gatekeeper.patterns import Patterns
from gatekeeper.reading import tsc_text
from gatekeeper.reading.base_settings import lay_settings
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.lint_files import Given
from gatekeeper.reading.lint_script import Answer, answers, package, program, script, version_of
from gatekeeper.reading.method import Order
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.source import jsonc
from gatekeeper.source.located import Array, Scalar, Table, plain
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome

_SETTINGS = re.compile(r"[\w.-]*(?:ts|js)config[\w.-]*\.json|package\.json")
_TYPED = (".ts", ".tsx", ".mts", ".cts")
_PLAIN = (".js", ".jsx", ".mjs", ".cjs")
_FAULT = 'export const value: number = "";\n'
_OVERRIDES = {
    "noEmit": True,
    "incremental": False,
    "composite": False,
    "emitDeclarationOnly": False,
    "tsBuildInfoFile": None,
    "rootDir": None,
}


class TscMethod:
    """One of these for each run; a module of ours with a fault, named at random, is run with it."""

    def __init__(self) -> None:
        self._canary = f"gatekeeper_{token_hex(8)}"

    def order(self, plan: ReadingPlan, room: Room) -> Order:
        """Lay the base's settings over the checkout, and have all files checked by them."""
        tsc, node = package("typescript", room), program("node", room)
        lay_settings(room, _is_settings, _extended)
        project = _project(plan, room)
        given = _given(room, project)
        (project.parent / f"{self._canary}.ts").write_text(_FAULT)
        ours = project.parent / f"{self._canary}.json"
        ours.write_text(json.dumps(self._settings(project, room, given)))
        asked = [str(node), str(tsc / "bin/tsc"), "--project", str(ours), "--pretty", "false"]
        return script(room, [asked])

    def _settings(self, project: Path, room: Room, given: Given) -> dict[str, object]:
        root = str(room.tree)
        files = [f"{root}/{path}" for path in _meant(project, room, given.files)]
        return {
            "extends": f"./{project.name}",
            "compilerOptions": {**_OVERRIDES, "rootDir": root},
            "files": [f"./{self._canary}.ts", *files],
            "include": [],
            "exclude": [],
            "references": [],
        }

    def read(self, plan: ReadingPlan, room: Room, ended: Outcome) -> Linted:
        """What it said; raises Unusable where it did not find the fault that we put there."""
        project = _project(plan, room)
        given = _given(room, project)
        (answer,) = answers(room, 1, ended)
        warnings = tuple(self._warnings(answer, room))
        files = frozenset(_meant(project, room, given.files))
        unread = given.unread | frozenset(_nobodys(files, room, given.files))
        return Linted(f"tsc {version_of('typescript', room)}", warnings, files, unread)

    def _warnings(self, answer: Answer, room: Room) -> Iterator[Warned]:
        if answer.status not in (0, 1, 2):
            raise Unusable(f"tsc did not do its work: {answer.says}")
        cwd = room.cwd.relative_to(room.tree).as_posix()
        found = tsc_text.read(answer.out, str(room.tree), cwd)
        ours = [each for each in found if Path(each.path).name == f"{self._canary}.ts"]
        if not ours:
            raise Unusable("tsc did not find a fault that was put before it; it cannot be trusted")
        tracked = set(room.files)
        yield from (each for each in found if each.path in tracked)


def _is_settings(name: str) -> bool:
    return _SETTINGS.fullmatch(name) is not None


def _project(plan: ReadingPlan, room: Room) -> Path:
    """The settings that the plan's command names (`-p`), or those of its folder."""
    words = shlex.split(plan.run)
    named = [after for word, after in pairwise(words) if word in ("-p", "--project")]
    chosen = (room.cwd / (named[-1] if named else "tsconfig.json")).resolve()
    project = chosen / "tsconfig.json" if chosen.is_dir() else chosen
    if not project.is_relative_to(room.tree) or not project.is_file():
        raise Unusable(f"there is no {named[-1] if named else 'tsconfig.json'} at base")
    settings = _table(project)
    if _is_list(settings, "references", some=True) and _is_list(settings, "files", some=False):
        raise Unusable(
            f"{project.name} only refers to others; give each of them a reading of its own, "
            "such as `run: tsc -p tsconfig.app.json`"
        )
    return project


def _is_list(settings: Table, key: str, *, some: bool) -> bool:
    held = settings.get(key)
    return isinstance(held, Array) and bool(held.items) == some


def _given(room: Room, project: Path) -> Given:
    kinds = (*_TYPED, *_PLAIN) if _checks_plain(project, room.tree) else _TYPED
    return Given(room, "tsc", kinds, scripts=False)


def _meant(project: Path, room: Room, files: Sequence[str]) -> tuple[str, ...]:
    """The files that the base's settings mean; what they exclude counts as well."""
    folder = project.parent.relative_to(room.tree).as_posix()
    prefix = "" if folder == "." else f"{folder}/"
    inside = {path.removeprefix(prefix): path for path in files if path.startswith(prefix)}
    settings = _table(project)
    named = [*_texts(settings, "include"), *_texts(settings, "files")]
    if not named:
        return tuple(inside.values())
    anchored = Patterns(tuple(f"/{each.removeprefix('./')}" for each in named))
    return tuple(inside[path] for path in anchored.matching(inside))


def _nobodys(meant: frozenset[str], room: Room, files: Sequence[str]) -> Iterator[str]:
    """New files outside of what the base's settings mean: nobody has agreed to leave them out."""
    for path in files:
        if path not in meant and room.base is not None and not (room.base / path).exists():
            yield path


def _texts(settings: Table, key: str) -> tuple[str, ...]:
    held = settings.get(key)
    items = held.items if isinstance(held, Array) else ()
    said = (each.value for each in items if isinstance(each, Scalar))
    return tuple(each for each in said if isinstance(each, str))


def _checks_plain(project: Path, tree: Path) -> bool:
    """Whether the settings, or those that they extend, have JavaScript checked."""
    waiting, seen = [project], set[Path]()
    while waiting:
        file = waiting.pop(0)
        seen.add(file)
        options = _table(file).get("compilerOptions")
        said = options.get("checkJs") if isinstance(options, Table) else None
        if isinstance(said, Scalar):
            return said.value is True
        for lead in _extended(file):
            taken = (file.parent / lead).resolve()
            if taken.is_relative_to(tree) and taken.is_file() and taken not in seen:
                waiting.append(taken)
    return False


def _table(file: Path) -> Table:
    try:
        node = jsonc.parse(file.read_bytes(), file.name)
    except Unreadable as unreadable:
        raise Unusable(str(unreadable)) from None
    if not isinstance(node, Table):
        raise Unusable(f"{file.name} holds no object")
    return node


def _extended(file: Path) -> Iterable[str]:
    """What a file of settings extends, as paths: with and without the suffix left out."""
    if not _is_settings(file.name) or file.name == "package.json":
        return
    said = _table(file).get("extends")
    values = plain(said) if said is not None else []
    for each in values if isinstance(values, list) else [values]:
        if isinstance(each, str) and each.startswith("."):
            yield from (each, f"{each}.json", f"{each}/tsconfig.json")
