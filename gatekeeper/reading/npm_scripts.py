"""The scripts of package.json that a command goes through: they are the base's, or nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from gatekeeper.reading.command_line import programs, words
from gatekeeper.reading.npm_lock import table_in
from gatekeeper.reading.unusable import Unusable

_RUNNERS = frozenset({"npm", "pnpm", "yarn", "bun", "run-s", "run-p", "npm-run-all", "wireit"})
_SHORT = {"t": "test", "tst": "test"}
_SETTING = re.compile(r"\s*([\w-]+)\s*=(.*)")
_STEERS = frozenset({"script-shell", "shell", "node-options", "prefix", "globalconfig"})
_STEERS_YARN = (".yarnrc", ".yarnrc.yml", ".pnp.cjs", ".pnp.loader.mjs")


def agreed_lines(run: str, folder: str, tree: Path, base: Path) -> tuple[str, ...]:
    """The line and the scripts that it goes through.

    Raises Unusable where the head decides what one of those scripts is.
    """
    started = frozenset(programs(run))
    if _RUNNERS.isdisjoint(started) and "--run" not in words(run):
        return (run,)
    lines = [run]
    for place in dict.fromkeys((folder, "")):
        before, after = _scripts(base / place), _scripts(tree / place)
        for name in _reached(run, (before, after)):
            if before.get(name) != after.get(name):
                raise Unusable(
                    f"its `run` goes through the script `{name}` of package.json, which is another "
                    "one at the head than at the base; name the tool itself in the binding"
                )
            lines.append(str(before[name]))
    if "yarn" in started:
        _refuse_other(_STEERS_YARN, tree, base)
    return tuple(lines)


def refuse_settings(folder: str, tree: Path, base: Path) -> None:
    """Raise Unusable where the head's `.npmrc` says by what programs are started, or with what."""
    for place in dict.fromkeys((folder, "")):
        file = Path(place, ".npmrc")
        new = set(_steering(tree / file)) - set(_steering(base / file))
        if new:
            name, _ = min(new)
            raise Unusable(
                f"{file.as_posix()} sets {name} at the head and not at the base, which would "
                "decide what is run"
            )


def _refuse_other(names: Iterable[str], tree: Path, base: Path) -> None:
    for name in names:
        before, after = (_content(side / name) for side in (base, tree))
        if before != after:
            raise Unusable(f"{name} is another one at the head than at the base")


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _scripts(folder: Path) -> Mapping[str, object]:
    said = table_in(folder / "package.json").get("scripts")
    return said if isinstance(said, dict) else {}


def _reached(run: str, sides: tuple[Mapping[str, object], ...]) -> Iterator[str]:
    """Scripts that a line names, those around them, and all that those name in turn."""
    known = {name for side in sides for name in side}
    waiting, seen = [run], set[str]()
    while waiting:
        named = _named(waiting.pop(), known) - seen
        seen |= named
        yield from sorted(named)
        waiting += [str(side[name]) for name in named for side in sides if name in side]


def _named(line: str, known: set[str]) -> set[str]:
    said = [word.strip("\"'") for part in words(line) for word in part.split()]
    said += [_SHORT[word] for word in said if word in _SHORT]
    names = {name for word in said for name in known if fnmatchcase(name, word)}
    return {name for each in names for name in (f"pre{each}", each, f"post{each}")} & known


def _steering(file: Path) -> Iterator[tuple[str, str]]:
    if not file.is_file():
        return
    for line in file.read_text("utf-8", "replace").splitlines():
        found = _SETTING.match(line)
        name = found[1].lower().replace("_", "-") if found else ""
        if found and name in _STEERS:
            yield name, found[2].strip()
