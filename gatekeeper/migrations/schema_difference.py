"""How two schemas differ by structure; the order of columns is told apart from the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper.migrations.schema import Column, ForeignKey, Index, Schema, Table
from gatekeeper.migrations.table_text import Said
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What one schema has otherwise than another, in words: `column a of table t`, was, is.

    `was` and `now` are empty where there was or is nothing. `matters` is False for what changes
    no answer of the database: the order of columns in a table.
    """

    what: str
    was: str
    now: str
    table: str = ""
    matters: bool = True

    def __str__(self) -> str:
        if not self.now:
            return f"{self.what} is missing" + (f" (it was {self.was})" if self.was else "")
        if not self.was:
            return f"{self.what} is new" + (f": {self.now}" if self.now != "there" else "")
        return f"{self.what} was {self.was}, and is {self.now}"


def differences(before: Schema, after: Schema) -> tuple[Difference, ...]:
    """All differences, those that matter first."""
    found = [*_tables(before, after), *_indexes(before, after)]
    found += _texts("trigger", before.triggers, after.triggers)
    found += _texts("view", before.views, after.views)
    return tuple(sorted(found, key=lambda it: (not it.matters, it.what)))


def _tables(before: Schema, after: Schema) -> Iterator[Difference]:
    for name in sorted(before.tables.keys() | after.tables.keys()):
        was, now = before.tables.get(name), after.tables.get(name)
        if was is None or now is None:
            there = ("", "there") if was is None else ("there", "")
            yield Difference(f"table {name}", *there, table=name)
        elif was is not now:  # what the catalogue says in the same words is read once
            yield from _table(was, now)


def _table(was: Table, now: Table) -> Iterator[Difference]:
    of = f"table {was.name}"
    for what in ("virtual", "strict", "without_rowid", "autoincrement"):
        pair = (str(getattr(was, what)).lower(), str(getattr(now, what)).lower())
        if pair[0] != pair[1]:
            yield Difference(f"{what.replace('_', ' ')} of {of}", *pair, table=was.name)
    yield from _columns(was, now)
    yield from _sets(f"unique constraint of {of}", was, _uniques(was), _uniques(now))
    yield from _sets(f"foreign key of {of}", was, _links(was), _links(now))
    yield from _sets(f"check of {of}", was, _said(was.checks), _said(now.checks))
    yield from _sets(f"clause of {of}", was, _said(was.rest), _said(now.rest))


def _columns(was: Table, now: Table) -> Iterator[Difference]:
    old = {each.name: each for each in was.columns}
    new = {each.name: each for each in now.columns}
    for name in (*old, *(each for each in new if each not in old)):
        before = _column(old[name]) if name in old else ""
        after = _column(new[name]) if name in new else ""
        if before != after or (name in old and name in new and old[name].rest != new[name].rest):
            yield Difference(f"column {name} of table {was.name}", before, after, table=was.name)
    shared = [name for name in new if name in old]
    if shared != [name for name in old if name in new]:
        order = (", ".join(old), ", ".join(new))
        yield Difference(
            f"order of columns of table {was.name}", *order, table=was.name, matters=False
        )


def _column(column: Column) -> str:
    """All that a column is, in one line."""
    parts = [column.type or "without a type"]
    parts += ["NOT NULL"] * column.required
    parts += [f"PRIMARY KEY ({column.key})"] * bool(column.key)
    parts += [f"DEFAULT {_words(column.default)}"] * bool(column.default)
    parts += [f"COLLATE {column.collation.upper()}"] * bool(column.collation)
    parts += [f"GENERATED AS {_words(column.generated)}"] * bool(column.generated)
    parts += ["hidden"] * (column.hidden == 1)
    parts += sorted(_words(each) for each in column.rest)
    return " ".join(parts)


def _uniques(table: Table) -> frozenset[str]:
    return frozenset(_parts(each) for each in table.uniques)


def _parts(index: Index) -> str:
    told = (
        (name or "an expression")
        + f" COLLATE {collation}" * (collation.upper() != "BINARY")
        + " DESC" * descending
        for name, descending, collation in index.columns
    )
    return f"({', '.join(told)})"


def _links(table: Table) -> frozenset[str]:
    return frozenset(_link(each) for each in table.foreign_keys)


def _link(key: ForeignKey) -> str:
    to = f" ({', '.join(key.to)})" if key.to else ""
    return (
        f"({', '.join(key.columns)}) REFERENCES {key.table}{to} "
        f"ON UPDATE {key.on_update} ON DELETE {key.on_delete}"
    )


def _said(texts: frozenset[Said]) -> frozenset[str]:
    return frozenset(map(_words, texts))


def _words(said: Said) -> str:
    return " ".join(value for _, value in said)


def _sets(
    what: str, table: Table, was: frozenset[str], now: frozenset[str]
) -> Iterator[Difference]:
    for each in sorted(was - now):
        yield Difference(f"{what} {each}", "there", "", table=table.name)
    for each in sorted(now - was):
        yield Difference(f"{what} {each}", "", "there", table=table.name)


def _indexes(before: Schema, after: Schema) -> Iterator[Difference]:
    for name in sorted(before.indexes.keys() | after.indexes.keys()):
        was, now = before.indexes.get(name), after.indexes.get(name)
        if was != now:
            told = (_index(was) if was else "", _index(now) if now else "")
            table = (was or now or Index("", "", unique=False, columns=())).table
            yield Difference(f"index {name}", *told, table=table)


def _index(index: Index) -> str:
    return f"{'unique ' * index.unique}on {index.table} {_words(index.says) or _parts(index)}"


def _texts(
    kind: str, before: Mapping[str, Said], after: Mapping[str, Said]
) -> Iterator[Difference]:
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if was != now:
            there = ("there" if was else "", "there" if now else "")
            if was and now:
                there = (_words(was), _words(now))
            yield Difference(f"{kind} {name}", *there)
