"""What coverage is measured by: the base's settings, and no data that was there before."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.base_settings import lay_file, toml_table
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan

_OURS = (".coveragerc", ".coveragerc.toml")
_OTHERS = ("setup.cfg", "tox.ini", "pyproject.toml")
_SECTION = re.compile(r"(?m)^\[coverage:\w+\]")
_OF_PYTEST = ("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", *reversed(_OTHERS))
_OPTION = re.compile(r"--cov-config[= ][\w./-]+")
_CHOSEN = ("--rcfile", "--cov-config")
_SQLITE, _TABLE, _BEGINNING = b"SQLite format 3\0", b"coverage_schema", 1_000_000
_NYC = ".nyc_output"


def settings_of_the_base(plan: ReadingPlan, room: Room) -> Mapping[str, str]:
    """What has coverage.py read the settings that it would read at the base, and no others.

    A change that maps one file onto another (`[paths]`), or measures by a plugin of its own,
    would have its own say in what ran. Settings that the command names are laid over the
    checkout; others are where coverage.py is told to look (its `COVERAGE_RCFILE`).
    """
    if room.base is None:
        return {}
    folder = room.base / room.cwd.relative_to(room.tree)
    words = _words(plan.run)
    named = list(_named(words)) or list(_named(_in_settings_of_pytest(folder)))
    for path in (_below(room, each) for each in named):
        if path is not None:
            lay_file(room.base / path, room.tree, path)
    told = dict(_told_to_pytest_cov(words, named, room))
    return told if named else {**told, "COVERAGE_RCFILE": str(_of_coverage(folder, room))}


def _told_to_pytest_cov(
    words: Sequence[str], named: Sequence[str], room: Room
) -> Iterator[tuple[str, str]]:
    """Its option, which the settings of pytest at head could give otherwise."""
    if any(word.startswith("--cov") for word in words):
        option = f"--cov-config={shlex.quote(named[-1] if named else '.coveragerc')}"
        yield "PYTEST_ADDOPTS", f"{room.env.get('PYTEST_ADDOPTS', '')} {option}".lstrip()


def _of_coverage(folder: Path, room: Room) -> Path:
    """The file that coverage.py would read in a folder of the base, or an empty one."""
    own = (folder / name for name in (*_OURS, *_OTHERS))
    found = next((file for file in own if file.is_file() and _is_of_coverage(file)), None)
    if found is None:
        # One that is there and says nothing keeps those of the checkout from being read.
        found = room.out / "coveragerc"
        found.write_bytes(b"")
    return found


def check_no_data(room: Room) -> None:
    """Raises Unusable where a file of the tree is coverage data that the base has not.

    Tools add what they measure to what they find.
    """
    for path in room.files if room.base is not None else ():
        file = room.tree / path
        if _is_data(path, file) and not _is_same(file, room.base and room.base / path):
            raise Unusable(f"{printable(path)} is coverage data; nothing proves what it says")


def _words(command: str) -> Sequence[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return command.split()


def _in_settings_of_pytest(folder: Path) -> Sequence[str]:
    """The options of pytest-cov in the settings of pytest, wherever in them."""
    texts = (folder / name for name in _OF_PYTEST)
    found = (
        _OPTION.findall(file.read_text("utf-8", "replace")) for file in texts if file.is_file()
    )
    chosen = next((options for options in found if options), [])
    return [option.replace(" ", "=") for option in chosen]


def _named(words: Sequence[str]) -> Iterator[str]:
    """The files of settings that the words of a command name."""
    for word, after in pairwise((*words, "")):
        option, equals, value = word.partition("=")
        if option in _CHOSEN and (value or after):
            yield value if equals else after


def _below(room: Room, named: str) -> str | None:
    """The path in the tree of what is named from the folder of the run."""
    file = Path(room.cwd, named)
    inside = file.parent.resolve().is_relative_to(room.tree)
    return (file.parent.resolve() / file.name).relative_to(room.tree).as_posix() if inside else None


def _is_of_coverage(file: Path) -> bool:
    if file.name in _OURS:
        return True
    if file.suffix == ".toml":
        said = toml_table(file, "tool")
        return said is None or "coverage" in said
    return _SECTION.search(file.read_text("utf-8", "replace")) is not None


def _is_data(path: str, file: Path) -> bool:
    if _NYC in path.split("/")[:-1]:
        return True
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE and _TABLE in opened.read(_BEGINNING)


def _is_same(file: Path, base: Path | None) -> bool:
    return base is not None and base.is_file() and base.read_bytes() == file.read_bytes()
