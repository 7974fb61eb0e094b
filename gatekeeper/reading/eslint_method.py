"""How ESLint is run: on every script that is tracked, with the base's settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from secrets import token_hex

from gatekeeper.reading import eslint_json
from gatekeeper.reading.base_settings import lay_settings, script_imports
from gatekeeper.reading.content import json_of
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.lint_files import Given
from gatekeeper.reading.lint_script import Answer, answers, package, program, script, version_of
from gatekeeper.reading.method import Order
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome

_SETTINGS = re.compile(
    r"eslint\.config\.[mc]?[jt]s|\.eslintrc(?:\.\w+)?|package\.json|eslint-suppressions\.json"
    r"|[\w.-]*(?:ts|js)config[\w.-]*\.json"
)
_SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_MARKUP = (".vue", ".svelte", ".astro")
_BUILT_IN = "lib/cli-engine/formatters/json.js"


class EslintMethod:
    """One of these for each run; a script of ours with a fault, named at random, is run with it.

    The fault is one of syntax, which no rule and no comment hides.
    """

    def __init__(self) -> None:
        self._canary = f"gatekeeper_{token_hex(8)}.js"
        self._replaced: frozenset[str] = frozenset()

    def order(self, _plan: ReadingPlan, room: Room) -> Order:
        """Lay the base's settings over the checkout, and ask for ESLint's JSON batch by batch."""
        eslint, node = package("eslint", room), program("node", room)
        self._replaced = lay_settings(room, _is_settings, script_imports)
        (room.cwd / self._canary).write_text("const (\n")
        given = _given(room)
        # By its path: a package could bring another formatter of the same name.
        asked = [str(node), str(eslint / "bin/eslint.js"), "--no-ignore"]
        asked += ["--format", str(eslint / _BUILT_IN), "--", self._canary]
        batches = given.batches(given.files)
        return script(room, [[*asked, *map(given.named, batch)] for batch in batches])

    def read(self, _plan: ReadingPlan, room: Room, ended: Outcome) -> Linted:
        """What ESLint said; raises Unusable where it did not find the fault that we put there."""
        given = _given(room)
        batches = tuple(given.batches(given.files))
        warnings: list[Warned] = []
        seen: set[str] = set()
        passed_over: set[str] = set()
        for answer in answers(room, len(batches), ended):
            linted = self._linted(answer, room)
            warnings += linted.warnings
            seen |= linted.files
            passed_over |= linted.unread
        files = frozenset(seen.intersection(given.files)) - self._replaced
        left_out = frozenset(_left_out(passed_over, files, room))
        replaced = {each for each in self._replaced if each.endswith((*_SCRIPTS, *_MARKUP))}
        unread = given.unread | (frozenset(given.files) - files - left_out) | replaced
        tracked = set(room.files)
        shown = tuple(each for each in warnings if each.path in tracked)
        return Linted(f"ESLint {version_of('eslint', room)}", shown, files, unread)

    def _linted(self, answer: Answer, room: Room) -> Linted:
        if answer.status not in (0, 1):
            raise Unusable(f"ESLint did not do its work: {answer.says}")
        said = json_of(answer.out)
        if not isinstance(said, list):
            raise Unusable("what ESLint wrote is no list")
        ours = str(room.cwd / self._canary)
        control = [each for each in said if isinstance(each, dict) and each.get("filePath") == ours]
        if len(control) != 1 or not control[0].get("fatalErrorCount"):
            raise Unusable(
                "ESLint did not find a fault that was put before it; it cannot be trusted"
            )
        others = [each for each in said if each is not control[0]]
        if not others:
            return Linted("ESLint", (), frozenset())
        cwd = room.cwd.relative_to(room.tree).as_posix()
        return eslint_json.linted(json.dumps(others).encode(), str(room.tree), cwd)


def _is_settings(name: str) -> bool:
    return _SETTINGS.fullmatch(name) is not None


def _given(room: Room) -> Given:
    return Given(room, "ESLint", (*_SCRIPTS, *_MARKUP), scripts=False)


def _left_out(passed_over: set[str], files: frozenset[str], room: Room) -> Iterator[str]:
    """Files of a kind that the base's settings say nothing about, though the base has such."""
    looked_at = {_suffix(path) for path in files}
    base = room.base or room.tree
    for path in passed_over:
        kind = _suffix(path)
        if kind not in looked_at and (room.base is None or _has_kind(base, kind)):
            yield path


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix


def _has_kind(base: Path, suffix: str) -> bool:
    return any("node_modules" not in each.parts for each in base.rglob(f"*{suffix}"))
