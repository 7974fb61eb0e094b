"""Statements whose condition decided nothing on any rows: what they do elsewhere was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.course import Course
from gatekeeper.migrations.engine import Deed
from gatekeeper.migrations.lexemes import Kind, Lexeme, lexemes
from gatekeeper.migrations.migration import Migration
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.schema import Schema

_WRITES = ("delete", "update", "insert", "replace")
_TAKES = ("DELETE", "DROP_TABLE")
_FILTERS = frozenset(("where", "having", "limit", "offset", "except", "intersect", "join"))
_SOURCES = frozenset(("from", "join", "as", "materialized"))  # what opens a scope that gives rows
_OUTER = frozenset(("left", "outer", "full", "right", "cross"))
_ALWAYS = frozenset(("true", "not", "and", "or", "false"))
_ENDS = frozenset(("order", "group", "limit", "on", "union", "window", "returning"))


class Unmet:
    """What the statements of a migration did on all rows so far.

    Asked is of each UPDATE and DELETE of what was there before whether a row ever met its
    condition, and of each copy out of a table that goes whether a row was ever left out: what is
    lost by a condition shows only on rows for which it turns out so.
    """

    def __init__(self, migration: Migration) -> None:
        self._path = migration.up.path
        listed = parts(migration.up.text, migration.up.line)
        self._said = tuple(lexemes(each.text) for each in listed)
        self._asked: dict[int, str] = {}
        self._seen = set[int]()

    def see(self, course: Course) -> None:
        """Take note of what the statements did, once they all have been run."""
        if course.after is None:
            return
        for at, (deed, said) in enumerate(zip(course.deeds, self._said, strict=False)):
            verb = _verb(said)
            if verb in ("delete", "update") and _has(said, "where", "from", "limit"):
                if _takes(deed, course.before.schema):
                    what = f"no row that was tried meets the condition of this {verb.upper()}"
                    self._asked[at] = f"{self._path}:{deed.line}: {what}"
                    self._seen |= {at} if deed.wrote else set()
            elif verb in ("insert", "replace") and _filters(said):
                rows = _left_behind(at, course)
                if rows:
                    what = "every row that was tried meets the condition of this copy"
                    self._asked[at] = f"{self._path}:{deed.line}: {what}"
                    self._seen |= {at} if deed.wrote < min(rows) else set()

    def said(self) -> Iterator[str]:
        """What was not seen, in whole sentences."""
        for at, what in self._asked.items():
            if at not in self._seen:
                yield f"{what}, so that its harm would not show: name other rows under `rows`"


def _verb(said: Sequence[Lexeme]) -> str:
    """What a statement does to rows, behind its common tables; "" where it does nothing."""
    depth = 0
    for each in said:
        depth += (each.value == "(") - (each.value == ")") if each.kind is Kind.SIGN else 0
        word = each.value.lower() if each.kind is Kind.WORD and depth == 0 else ""
        if word in _WRITES:
            return word
        if each is said[0] and word != "with":
            return ""
    return ""


def _has(said: Sequence[Lexeme], *words: str) -> bool:
    return any(each.kind is Kind.WORD and each.value.lower() in words for each in said[2:])


def _takes(deed: Deed, before: Schema) -> bool:
    """Whether it may take rows or values that were there before."""
    known = {name.lower(): table for name, table in before.tables.items()}
    for each in deed.touches:
        table = known.get(each.table.lower())
        if table is not None and each.action == "DELETE":
            return True
        if table is not None and each.action == "UPDATE":
            columns = {name.lower() for name in table.stored}
            if each.column.lower() in columns:
                return True
    return False


def _left_behind(at: int, course: Course) -> tuple[int, ...]:
    """How many rows each table holds that a statement reads, and that goes afterwards."""
    later = (each for deed in course.deeds[at + 1 :] for each in deed.touches)
    going = {each.table.lower() for each in later if each.action in _TAKES}
    read = {each.table.lower() for each in course.deeds[at].touches if each.action == "READ"}
    tables = course.before.contents.tables
    return tuple(len(it.rows) for name, it in tables.items() if name.lower() in read & going)


def _filters(said: Sequence[Lexeme]) -> bool:
    """Whether a statement that copies rows can leave some out, by what it says itself."""
    gives = [True]  # for each scope that is open: whether it gives rows, and no single value
    before = ""
    for at, each in enumerate(said):
        word = each.value.lower() if each.kind in (Kind.WORD, Kind.SIGN) else ""
        if word == "(":
            gives.append(gives[-1] and before in _SOURCES)
        elif word == ")" and len(gives) > 1:
            gives.pop()
        elif gives[-1] and word in _FILTERS and not _is_idle(said, at):
            return True
        before = word
    return False


def _is_idle(said: Sequence[Lexeme], at: int) -> bool:
    """Whether a filter leaves nothing out: an outer join, a condition without a name in it."""
    if said[at].value.lower() == "join":
        return said[at - 1].value.lower() in _OUTER
    if said[at].value.lower() != "where":
        return False
    for each in said[at + 1 :]:
        word = each.value.lower()
        if word in _ENDS or word in (";", ")"):
            break
        if each.kind is Kind.QUOTED or (each.kind is Kind.WORD and word not in _ALWAYS):
            return False
    return True
