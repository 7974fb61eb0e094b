"""Which rows a statement wants to be like others: linked by a value, overwritten, or equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from gatekeeper.migrations.checks import literal_of
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.lexemes import Kind, Lexeme

_SHARED = 4_000_037  # no id of an ordinary row, so that only rows made for it are linked
_ROWS = 20
_KEYS = 3
_NAMES = (Kind.WORD, Kind.QUOTED)
_LITERALS = (Kind.STRING, Kind.NUMBER, Kind.BLOB)
_NO_NAMES = frozenset(
    ("select", "null", "case", "true", "false", "not", "cast", "exists", "distinct", "from")
)
_TWINS = frozenset(
    ("group", "distinct", "union", "ignore", "replace", "partition", "exists", "except")
)


def wants_twins(statement: Sequence[Lexeme]) -> bool:
    """Whether what a statement does goes by rows that are equal in part."""
    return any(each.kind is Kind.WORD and each.value.lower() in _TWINS for each in statement)


def linked_by(statement: Sequence[Lexeme]) -> Iterator[tuple[str, Value]]:
    """For each two columns that a statement compares with each other, one value for both."""
    value = _SHARED
    for at, each in enumerate(statement):
        word = each.value.lower()
        if (each.kind is Kind.SIGN and word in ("=", "==")) or (
            each.kind is Kind.WORD and word in ("is", "in")
        ):
            left, right = _name_before(statement, at), _name_behind(statement, at + 1)
            if left and right:
                value += 1
                yield left, value
                yield right, value


def _name_before(statement: Sequence[Lexeme], at: int) -> str:
    """The column that stands before a place, maybe in a function."""
    while at > 0 and statement[at - 1].value.lower() in (")", "not"):
        at -= 1
    found = statement[at - 1] if at else None
    is_name = found is not None and found.kind in _NAMES and found.value.lower() not in _NO_NAMES
    return found.value.lower() if found is not None and is_name else ""


def _name_behind(statement: Sequence[Lexeme], at: int) -> str:
    """The column that stands from a place on: alone, by its table, or as what a SELECT gives."""
    words = [each.value.lower() for each in statement[at : at + 8]]
    kinds = [each.kind for each in statement[at : at + 8]]
    start = 0
    while start < len(words) and words[start] in ("(", "select", "distinct", "not"):
        start += 1
    if start + 2 < len(words) and words[start + 1] == "." and kinds[start + 2] in _NAMES:
        start += 2
    if start >= len(words) or kinds[start] not in _NAMES or words[start] in _NO_NAMES:
        return ""
    called = start + 1 < len(words) and words[start + 1] == "("
    return "" if called else words[start]


def overwritten_by(statement: Sequence[Lexeme]) -> Iterator[tuple[tuple[str, Value], ...]]:
    """Values of rows that an INSERT would write over, alone and the first two together.

    A column is named, or by its place as `#0`.
    """
    words = [each.value.lower() for each in statement]
    if not _overwrites(words) or "values" not in words or "into" not in words:
        return
    start = words.index("values")
    columns = [each.value.lower() for each in _listed(statement, words.index("into"), start)]
    for row in _tuples(statement[start + 1 :]):
        pairs = [
            (columns[place] if columns else f"#{place}", literal_of((each.kind.value, each.value)))
            for place, each in enumerate(row)
            if each.kind in _LITERALS and (not columns or place < len(columns))
        ][:_KEYS]
        yield from ((pair,) for pair in pairs)
        yield tuple(pairs[:2])


def _overwrites(words: Sequence[str]) -> bool:
    return (
        words[0] == "replace"
        or words[:3] == ["insert", "or", "replace"]
        or ("do", "update") in pairwise(words)
    )


def _listed(statement: Sequence[Lexeme], start: int, end: int) -> list[Lexeme]:
    """The columns that an INSERT names."""
    opened = [at for at in range(start, end) if statement[at].value == "("]
    named = statement[opened[0] : end] if opened else ()
    return [each for each in named if each.kind in _NAMES]


def _tuples(rest: Sequence[Lexeme]) -> Iterator[list[Lexeme]]:
    """The first values of the first rows behind VALUES; what is no literal stands for itself."""
    row, depth, rows = list[Lexeme](), 0, 0
    for each in rest:
        if each.value == "(" and each.kind is Kind.SIGN:
            depth += 1
            continue
        if each.value == ")" and each.kind is Kind.SIGN:
            depth -= 1
            if depth == 0:
                yield row
                row, rows = [], rows + 1
            if rows == _ROWS:
                return
            continue
        if depth == 0 and each.value != ",":
            return
        if depth == 1 and each.value != ",":
            row.append(each)
