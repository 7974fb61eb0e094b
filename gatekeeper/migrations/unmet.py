"""Statements that did nothing on any rows: what they do to others was not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.contents import Contents
from gatekeeper.migrations.course import Course, Standing
from gatekeeper.migrations.engine import Deed
from gatekeeper.migrations.lexemes import Lexeme, lexemes
from gatekeeper.migrations.losses import Fate, losses
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.schema import Schema
from gatekeeper.migrations.statement_shape import (
    filters,
    has_condition,
    is_computed,
    table_of,
    updated,
    verb_of,
)

_TAKES = ("DELETE", "DROP_TABLE")
_SEQUENCES = "sqlite_sequence"


class Unmet:
    """What the statements of a migration did on all rows so far.

    Asked is of each UPDATE and DELETE of what was there before whether a row ever met its
    condition, of each column that an UPDATE sets whether a value ever changed, and of each copy
    out of a table that goes whether a row was ever left out: what is lost by a condition shows
    only on rows for which it turns out so. A way back often is for rows that were written since;
    of it that is asked where the condition is computed.
    """

    def __init__(self, migration: Migration) -> None:
        self._up, self._down = _Script(migration.up), _Script(migration.down)

    def see(self, course: Course) -> None:
        """Take note of what the statements did, once they all have been run."""
        before, after, back = course.before, course.after, course.back
        if after is not None:
            changed = _Changed(before.contents, after.contents)
            self._up.see(course.deeds, before, before, after, changed)
        if after is not None and back is not None:
            self._down.see(course.undone, before, after, back, None)

    def said(self) -> Iterator[str]:
        """What was not seen, in whole sentences; of one statement, the first."""
        for script in (self._up, self._down):
            yield from script.said()


class _Script:
    """What the statements of one way did, and what was asked of them."""

    def __init__(self, script: Script | None) -> None:
        self._path = script.path if script else ""
        listed = parts(script.text, script.line) if script else ()
        self._said = tuple(lexemes(each.text) for each in listed)
        self._fresh = frozenset(pair for said in self._said for pair in _added(said))
        self._asked: dict[tuple[int, str], str] = {}
        self._seen = set[tuple[int, str]]()

    def see(
        self,
        deeds: Sequence[Deed],
        old: Standing,
        was: Standing,
        now: Standing,
        changed: _Changed | None,
    ) -> None:
        """Take note: `old` is what must not be lost, `was` how all stood, `now` how it stands.

        Where nobody asks what has `changed`, simple conditions are left aside.
        """
        for at, (deed, said) in enumerate(zip(deeds, self._said, strict=False)):
            verb = verb_of(said)
            if changed is None and not is_computed(said):
                continue
            if verb in ("delete", "update") and _takes(deed, old.schema):
                if has_condition(said):
                    what = f"no row that was tried meets the condition of this {verb.upper()}"
                    self._ask(at, "", deed, what, seen=deed.wrote > 0)
                columns = _old(said, old.schema) if verb == "update" and changed else ()
                for column in (
                    each for each in columns if (table_of(said), each) not in self._fresh
                ):
                    what = f"this UPDATE changed no value of {column} in any row that was tried"
                    seen = changed is None or changed.holds(table_of(said), column)
                    self._ask(at, column, deed, what, seen=seen)
            elif verb in ("insert", "replace", "copy") and filters(said):
                rows = _left_behind(deeds[at:], was.contents)
                wrote = _copied(said, now.contents) if verb == "copy" else deed.wrote
                if rows and wrote is not None:
                    what = "every row that was tried meets the condition of this copy"
                    self._ask(at, "", deed, what, seen=wrote < min(rows))

    def _ask(self, at: int, column: str, deed: Deed, what: str, *, seen: bool) -> None:
        self._asked[at, column] = f"{self._path}:{deed.line}: {what}"
        if seen:
            self._seen.add((at, column))

    def said(self) -> Iterator[str]:
        """What was not seen."""
        done = set[int]()
        for (at, column), what in self._asked.items():
            if (at, column) not in self._seen and at not in done:
                done.add(at)
                yield f"{what}, so that its harm would not show: name other rows under `rows`"


class _Changed:
    """Which values a course changed; looked at when it is first asked."""

    def __init__(self, before: Contents, after: Contents) -> None:
        self._before, self._after = before, after
        self._found: frozenset[tuple[str, str]] | None = None

    def holds(self, table: str, column: str) -> bool:
        """Whether a value of a column changed, or went together with its row or table."""
        if self._found is None:
            self._found = frozenset(_losses(self._before, self._after))
        return (table, column) in self._found or (table, "") in self._found


def _losses(before: Contents, after: Contents) -> Iterator[tuple[str, str]]:
    for each in losses(before, after):
        alone = each.fate in (Fate.VALUES_CHANGED, Fate.COLUMN_GONE)
        if each.fate is not Fate.IDS_GIVEN_AGAIN:
            yield each.table.lower(), each.column.lower() if alone else ""


def _takes(deed: Deed, before: Schema) -> bool:
    """Whether it may take rows or values that were there before."""
    known = {name.lower(): table for name, table in before.tables.items()}
    for each in deed.touches:
        table = known.get(each.table.lower())
        if each.action == "DELETE" and (table is not None or each.table == _SEQUENCES):
            return True
        if each.action == "UPDATE" and table is not None:
            columns = {name.lower() for name in table.stored}
            if each.column.lower() in columns:
                return True
    return False


def _added(said: Sequence[Lexeme]) -> Iterator[tuple[str, str]]:
    """The column that an ALTER TABLE adds, with its table: one of that name before has moved."""
    words = [each.value.lower() for each in said]
    if words[:2] == ["alter", "table"] and words[3:4] == ["add"]:
        yield from ((words[2], name) for name in words[4 + (words[4:5] == ["column"]) :][:1])


def _old(said: Sequence[Lexeme], before: Schema) -> Iterator[str]:
    """The columns that an UPDATE sets and that its table has had before."""
    name = table_of(said)
    known = (table for each, table in before.tables.items() if each.lower() == name)
    columns = {each.lower() for table in known for each in table.stored}
    yield from (each for each in updated(said) if each in columns)


def _left_behind(deeds: Sequence[Deed], before: Contents) -> tuple[int, ...]:
    """How many rows each table holds that the first deed reads, and that goes with a later one."""
    going = {it.table.lower() for deed in deeds[1:] for it in deed.touches if it.action in _TAKES}
    read = {it.table.lower() for it in deeds[0].touches if it.action == "READ"}
    tables = before.tables
    return tuple(len(it.rows) for name, it in tables.items() if name.lower() in read & going)


def _copied(said: Sequence[Lexeme], after: Contents) -> int | None:
    """How many rows a table holds that a statement made; None where it is gone again."""
    made = table_of(said)
    return next((len(it.rows) for name, it in after.tables.items() if name.lower() == made), None)
