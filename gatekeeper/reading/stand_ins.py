"""What a head brings along to be run in place of the tools that the base agreed on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.command_line import programs, words
from gatekeeper.reading.npm_lock import Locked, locked_in
from gatekeeper.reading.npm_scripts import agreed_lines, refuse_settings
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan

_NOBODY = "and nobody vouches for it"
_IMPLIED = ("node", "npm", "npx", "sh", "bash", "env")
"""Programs that others start: `npx` itself is a script of `env node`."""


def refuse_stand_ins(plan: ReadingPlan, room: Room) -> None:
    """Raise Unusable where, in a room of Node, the head decides what it is that is run.

    That is: scripts of package.json, packages made of the tree's own files, programs in
    `node_modules/.bin` that are not of the package that they are of at base. What the base
    does itself is agreed. Packages of a registry are not told apart by their versions.
    """
    if room.base is None:
        return
    folder = room.cwd.relative_to(room.tree)
    lines = agreed_lines(plan.run, str(folder), room.tree, room.base)
    asked = {*_IMPLIED, *(word for line in lines for word in (*words(line), *programs(line)))}
    refuse_settings(str(folder), room.tree, room.base)
    for place in dict.fromkeys((folder, Path())):
        modules = room.tree / place / "node_modules"
        if modules.is_dir():
            then, now = locked_in(room.base / place), locked_in(room.tree / place)
            _refuse_packages(then, now)
            _refuse_programs(asked, room.tree, modules, then)


def _refuse_packages(then: Locked, now: Locked) -> None:
    """A package that the base takes from elsewhere than the head does."""
    for name, origins in sorted(now.origins.items()):
        known = then.origins.get(name)
        for called, place in sorted(origins - (known or origins)):
            what = f"is {called} there" if called != name else f"comes from {printable(place)}"
            raise Unusable(
                f"the package {printable(name)} {what} at the head, as it does not at the base, "
                f"{_NOBODY}"
            )


def _refuse_programs(asked: Collection[str], tree: Path, modules: Path, then: Locked) -> None:
    for program in _programs(modules / ".bin"):
        if program.name not in asked:
            continue
        name, owner = printable(program.name), _owner(program, tree)
        if owner is None:
            raise Unusable(f"{name} is a file of the tree itself, {_NOBODY}")
        if then.owners and owner not in then.owners.get(program.name, ()):
            raise Unusable(
                f"the program {name} is of the package {printable(owner)} at the head, as it is "
                f"not at the base, {_NOBODY}"
            )


def _programs(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(folder.iterdir())


def _owner(program: Path, tree: Path) -> str | None:
    """The package that a program is of; None where it is none, but a file of the tree."""
    real = program.resolve()
    if not real.is_relative_to(tree):
        return real.name
    parts = real.relative_to(tree).parts
    if "node_modules" not in parts:
        return None
    inside = parts[len(parts) - parts[::-1].index("node_modules") :]
    count = 2 if inside[0].startswith("@") else 1
    return "/".join(inside[:count])
