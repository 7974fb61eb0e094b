"""Values read from a data file (JSON, JSONC, TOML), each with the place where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time

from gatekeeper.errors import Unreadable
from gatekeeper.value import dataclass

MAX_BYTES = 512 << 10
"""The longest data file that is read; hand-written configuration is a few kilobytes."""

MAX_DEPTH = 32
"""How deep tables and arrays may stand in each other; wrangler's own keys need seven."""

Plain = str | int | float | bool | date | time | None


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands: its first line and column and its last line, all from 1.

    Lines end at a line feed; a column counts characters, not bytes.
    """

    line: int
    column: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, truth value, date, or null."""

    value: Plain
    span: Span


@dataclass(frozen=True, slots=True)
class Array:
    """Values in their order."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """A key of a table with its value; `key` has its escapes resolved."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in their order; a key that is given twice stands there twice."""

    members: tuple[Member, ...]
    span: Span

    def all(self, key: str) -> tuple[Member, ...]:
        """Every member with this key, in order: more than one only where JSON repeats it."""
        return tuple(member for member in self.members if member.key == key)

    def get(self, key: str) -> Node | None:
        """The value that counts for `key`: the last one given, as `JSON.parse` has it."""
        found = self.all(key)
        return found[-1].value if found else None

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)


Node = Scalar | Array | Table


def plain(node: Node) -> object:
    """The value as `json.loads` or `tomllib.loads` would give it."""
    match node:
        case Scalar():
            return node.value
        case Array():
            return [plain(item) for item in node.items]
        case Table():
            return {member.key: plain(member.value) for member in node.members}


def decoded(content: bytes, path: str) -> str:
    """The text of a data file, a UTF-8 byte order mark taken off.

    Raises `Unreadable` where it is not UTF-8 or longer than `MAX_BYTES`.
    """
    if len(content) > MAX_BYTES:
        raise Unreadable(path, f"it is longer than the {MAX_BYTES >> 10} KiB that are read of it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, f"line {line} holds bytes that are not UTF-8", line) from None
