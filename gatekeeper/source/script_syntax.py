"""The syntax of a script as plain values: signs and literals kept, comments left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper.errors import Unreadable
from gatekeeper.source.script_strings import name_of

if TYPE_CHECKING:
    from tree_sitter import TreeCursor

_SHOWN = 160
_WORD = re.compile(r"[\w$]")
_WHOLE = frozenset({"string", "regex", "number", "identifier", "property_identifier"})
_COMMENTS = frozenset({"comment", "html_comment", "hash_bang_line"})
_CLOSERS = frozenset(")]}")
_NAMES = ("identifier", "identifier_pattern")


class Syntax(NamedTuple):
    """A piece of a script; `text` is that of a leaf, `field` what it is to what it stands in.

    Signs and keywords have no type. `line` and `column` count from 1, in characters.
    """

    type: str
    field: str
    line: int
    column: int
    text: str
    parts: tuple[Syntax, ...]

    def of(self, field: str) -> Syntax:
        """The part in a field; `NOTHING` where there is none."""
        return next((part for part in self.parts if part.field == field), NOTHING)

    @property
    def held(self) -> tuple[Syntax, ...]:
        """The parts that are more than signs."""
        return tuple(part for part in self.parts if part.type)

    def has(self, sign: str) -> bool:
        """Whether a sign or keyword stands right in it."""
        return any(part.text == sign for part in self.parts if not part.type)


NOTHING = Syntax("", "", 0, 0, "", ())


DEEPEST = 1_000
"""Pieces that stand in one another; each may be looked at for each that it stands in."""

_TOO_DEEP = f"its code stands in itself too deep: more than {DEEPEST:,} levels"


class Scripted(NamedTuple):
    """A script, and the lines (from 1) that its grammar cannot read.

    `refusals` are the lines on which it is said that the compiler refuses what follows.
    """

    tree: Syntax
    faults: tuple[int, ...]
    refusals: tuple[int, ...]


def read(content: bytes, path: str) -> Scripted:
    """The syntax of a script; raises `Unreadable`, also for what stands too deep in itself."""
    from gatekeeper.source.script_grammar import parsed
    from gatekeeper.source.script_text import script_text

    source, dialect = script_text(content, path)
    return _Reading(source, path).read(parsed(source, dialect, path).walk())


class _Reading:
    """Turns a syntax tree into values."""

    def __init__(self, source: bytes, path: str) -> None:
        self._source, self._path = source, path
        self._lines = source.split(b"\n")
        self._faults: list[int] = []
        self._refusals: list[int] = []
        self._refused: dict[int, int] = {}
        self._last = (0, 0, 0)

    def read(self, cursor: TreeCursor) -> Scripted:
        waiting: list[tuple[Syntax, list[Syntax]]] = [(NOTHING, [])]
        while True:
            made = self._entered(cursor)
            if made is not None:
                if made.type not in _WHOLE and cursor.goto_first_child():
                    waiting.append((made, []))
                    if len(waiting) > DEEPEST:
                        raise Unreadable(self._path, _TOO_DEEP, made.line)
                    continue
                waiting[-1][1].append(made)
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    tree = waiting[0][1][0] if waiting[0][1] else NOTHING
                    return Scripted(tree, tuple(dict.fromkeys(self._faults)), tuple(self._refusals))
                whole, parts = waiting.pop()
                waiting[-1][1].append(_put_right(whole._replace(text="", parts=tuple(parts))))

    def _entered(self, cursor: TreeCursor) -> Syntax | None:
        node = cursor.node
        if node is None:
            return None
        row, at = node.start_point
        if node.type in _COMMENTS:
            self._refusals += [row + 1] if self._refuses(row) >= at else []
            return None
        if node.type == "ERROR" or (node.is_missing and node.type != "!"):
            self._faults.append(row + 1)
        column = self._column(row, at)
        text = ""
        if node.type in _WHOLE or node.child_count == 0:
            text = self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")
            text = name_of(text) if "\\" in text and node.type.endswith(_NAMES) else text
        kind = node.type if node.is_named else ""
        return Syntax(kind, cursor.field_name or "", row + 1, column, text, ())

    def _column(self, row: int, at: int) -> int:
        """The column of a place, counted on from the last one: a line may be all there is."""
        known, start, count = self._last
        if known != row or start > at:
            start = count = 0
        count += len(self._lines[row][start:at].decode("utf-8", "replace"))
        self._last = (row, at, count)
        return count + 1

    def _refuses(self, row: int) -> int:
        """Where a line says for the last time that the compiler refuses what follows; else -1."""
        if row not in self._refused:
            self._refused[row] = self._lines[row].rfind(b"@ts-expect-error")
        return self._refused[row]


_HEADS = {
    "call_expression": "function",
    "member_expression": "object",
    "subscript_expression": "object",
    "non_null_expression": "",
}
_BEFORE = frozenset({"await_expression", "unary_expression", "binary_expression"})


def _put_right(node: Syntax) -> Syntax:
    """`await f<T>(x)` as TypeScript reads it: its grammar calls what `await f` gives.

    The same of `!f<T>(x)`, `a + f<T>(x)` and what is asked of such a call: without brackets,
    none of them can be what is called.
    """
    field = _HEADS.get(node.type)
    head = next((part for part in node.parts if part.type), NOTHING) if field is not None else node
    if field is None or head.type not in _BEFORE or head.field != field:
        return node
    around = [head]
    while (inner := around[-1].parts[-1]).type in _BEFORE:
        around.append(inner)
    parts = (inner._replace(field=field), *(part for part in node.parts if part is not head))
    made = node._replace(field=inner.field, line=inner.line, column=inner.column, parts=parts)
    for each in reversed(around):
        made = each._replace(parts=(*each.parts[:-1], made))
    return made._replace(field=node.field)


def walk(node: Syntax) -> Iterator[Syntax]:
    """The piece and everything in it, in order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.parts))


def said(node: Syntax) -> str:
    """The code on one line, without comments, in one way of spacing and quoting."""
    pieces: list[str] = []
    for each in walk(node):
        if each.parts or not each.text:
            continue
        text = _plain(each)
        if text in _CLOSERS and pieces and pieces[-1] == ",":
            pieces.pop()
        if text == ";":
            continue
        is_apart = pieces and _WORD.match(text) and _WORD.match(pieces[-1][-1:])
        pieces += [" ", text] if is_apart else [text]
    return "".join(pieces)


def shown(node: Syntax) -> str:
    """As `said`, cut where it is long."""
    text = said(node)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _plain(leaf: Syntax) -> str:
    """A leaf, strings in double quotes where that changes nothing else."""
    if leaf.type == "string" and leaf.text[:1] == "'" and '"' not in leaf.text:
        return f'"{leaf.text[1:-1]}"' if "\\" not in leaf.text else leaf.text
    return leaf.text if leaf.type in ("string", "string_fragment") else " ".join(leaf.text.split())


def string_of(node: Syntax) -> str | None:
    """What a string, or a template without holes, says; None for anything else."""
    from gatekeeper.source.script_strings import text_of

    if node.type == "string":
        return text_of(node.text[1:-1])
    if node.type == "template_string":
        pieces = [each for each in node.parts if each.text not in ("`",)]
        if all(each.type in ("string_fragment", "escape_sequence") for each in pieces):
            return text_of("".join(each.text for each in pieces))
    return None
