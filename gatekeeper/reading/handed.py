"""Readings that are handed in with `--reading`: what such a file must say of itself."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from gatekeeper.errors import UsageError
from gatekeeper.git import printable
from gatekeeper.reading.file_method import read_report
from gatekeeper.reading.output import LARGEST
from gatekeeper.reading.unusable import Unusable
from gatekeeper.rule import Measured, Missing, Reading
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import dataclass

SCHEMA = "gatekeeper.reading/1"
GIVEN = "given"

_TEXTS = ("schema", "reading", "tree", "format", "content")


@dataclass(frozen=True, slots=True)
class Handed:
    """A reading's name, and the file that it is in."""

    name: str
    file: Path


def handed_in(texts: Iterable[str], names: Collection[str]) -> tuple[Handed, ...]:
    """What each `--reading NAME=FILE` says; `names` are the contract's. Raises UsageError."""
    found: dict[str, Handed] = {}
    for text in texts:
        name, _, file = text.partition("=")
        if not name or not file:
            raise UsageError(f"--reading {text}: give a name and a file, as in tests=tests.json")
        if name not in names:
            there = ", ".join(names) or "none"
            raise UsageError(f"--reading {text}: the contract's readings are: {there}")
        if name in found:
            raise UsageError(f"--reading {text}: there is one for {name} already")
        found[name] = Handed(name, Path(file))
    return tuple(found.values())


def given(handed: Handed, plan: ReadingPlan, head: Snapshot) -> Reading:
    """The reading of the head in a file that was handed in, or why it does not count."""
    if plan.accept != GIVEN:
        return Missing(
            "one was handed in, and the contract at base does not accept that "
            "(`accept: given` at the reading)"
        )
    try:
        said = _wrapper(handed)
        if said["tree"] != head.tree:
            raise Unusable(f"it was taken on the tree {printable(said['tree'])}, not on the head's")
        content, root = said["content"].encode("utf-8", "surrogatepass"), said.get("root", "/")
        value = read_report(said["format"], content, root, said.get("cwd", ""))
    except Unusable as unusable:
        return Missing(f"what was handed in cannot be used: {unusable}")
    how = f"given in {handed.file.name}, not measured"
    return Measured(value, said["tree"], how, given=True)


def _wrapper(handed: Handed) -> Mapping[str, str]:
    """What the file says, by key; raises Unusable."""
    said = _texts(handed.file)
    if missing := [key for key in _TEXTS if key not in said]:
        raise Unusable(f"the file does not say its `{missing[0]}`")
    if said["schema"] != SCHEMA:
        raise Unusable(f"its schema is {printable(said['schema'])}, and {SCHEMA} is read here")
    if said["reading"] != handed.name:
        raise Unusable(f"it is the reading {printable(said['reading'])}, not {handed.name}")
    return said


def _texts(file: Path) -> Mapping[str, str]:
    try:
        if file.stat().st_size > LARGEST:
            raise Unusable(f"the file is larger than {LARGEST} bytes")
        said = json.loads(file.read_bytes())
    except OSError as error:
        raise Unusable(f"the file cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise Unusable("the file is no JSON; see docs/readings.md for what it must hold") from None
    if not isinstance(said, dict) or not all(isinstance(each, str) for each in said.values()):
        raise Unusable("the file is no JSON object of texts")
    return said
