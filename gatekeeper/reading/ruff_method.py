"""How ruff is run: on every Python file that is tracked, with the base's settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from gatekeeper.reading import ruff_json
from gatekeeper.reading.base_settings import lay_settings, refuse_made, toml_table
from gatekeeper.reading.content import json_of
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.lint_files import Given
from gatekeeper.reading.lint_script import Answer, answers, program, script
from gatekeeper.reading.method import Order
from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Outcome

_SETTINGS = frozenset({"pyproject.toml", "ruff.toml", ".ruff.toml"})
_CHECK = (
    *("check", "--no-cache", "--no-fix", "--no-force-exclude", "--no-respect-gitignore"),
    *("--exit-zero", "--output-format", "json", "--"),
)
_BINARIES = (b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xcf")
_START = 4
_FAILED = re.compile(r"warning: Failed to \w+ (.*?): ")


class RuffMethod:
    """One of these for each run; a file of ours with a fault, named at random, is run with it.

    The fault is one of syntax, which no setting and no comment hides.
    """

    def __init__(self) -> None:
        self._canary = f"gatekeeper_{token_hex(8)}.py"

    def order(self, _plan: ReadingPlan, room: Room) -> Order:
        """Lay the base's settings over the checkout, and ask for ruff's JSON batch by batch."""
        ruff = program("ruff", room)
        with ruff.open("rb") as binary:
            if not binary.read(_START).startswith(_BINARIES):
                raise Unusable(
                    "ruff is not installed in the environment of this reading: what is called so "
                    "is a script, and ruff is none"
                )
        lay_settings(room, _SETTINGS.__contains__, _extended)
        refuse_made(room, _SETTINGS)
        given = _given(room)
        (room.cwd / self._canary).write_text("def (\n")
        asked = [
            [str(ruff), *_CHECK, self._canary, *map(given.named, batch)]
            for batch in given.batches(given.files)
        ]
        return script(room, [[str(ruff), "--version"], *asked])

    def read(self, _plan: ReadingPlan, room: Room, ended: Outcome) -> Linted:
        """What ruff said; raises Unusable where it did not find the fault that we put there."""
        given = _given(room)
        batches = tuple(given.batches(given.files))
        version, *answered = answers(room, len(batches) + 1, ended)
        warnings: list[Warned] = []
        unread = set(given.unread)
        for answer in answered:
            warnings += self._warnings(answer, room)
            unread |= _passed_over(answer, given)
        tool = version.out.decode("utf-8", "replace").strip()
        files = frozenset(given.files) - unread
        return Linted(tool, tuple(warnings), files, frozenset(unread))

    def _warnings(self, answer: Answer, room: Room) -> Iterable[Warned]:
        if answer.status:
            raise Unusable(f"ruff did not do its work: {answer.says}")
        said = json_of(answer.out)
        if not isinstance(said, list):
            raise Unusable("what ruff wrote is no list")
        ours = str(room.cwd / self._canary)
        others = [each for each in said if not _is_of(each, ours)]
        if len(others) == len(said):
            raise Unusable("ruff did not find a fault that was put before it; it cannot be trusted")
        content = json.dumps(others).encode()
        tracked = set(room.files)
        read = ruff_json.read(content, str(room.tree), str(room.cwd.relative_to(room.tree)))
        return [each for each in read if each.path in tracked]


def _given(room: Room) -> Given:
    return Given(room, "ruff", (".py", ".pyi", ".pyw", ".ipynb"), scripts=True)


def _is_of(said: object, path: str) -> bool:
    return isinstance(said, dict) and said.get("filename") == path


def _passed_over(answer: Answer, given: Given) -> set[str]:
    """The files that ruff says it could not look at."""
    named = {given.named(path): path for path in given.files}
    failed = _FAILED.findall(answer.err.decode("utf-8", "replace"))
    if unknown := [each for each in failed if each not in named]:
        raise Unusable(f"ruff failed on {unknown[0]}")
    return {named[each] for each in failed}


def _extended(file: Path) -> Iterable[str]:
    """What a file of settings is built on. Those of others than ruff are its `tool.ruff`."""
    keys = ("tool", "ruff") if file.name == "pyproject.toml" else ()
    said = (toml_table(file, *keys) or {}).get("extend")
    return (said,) if isinstance(said, str) else ()
