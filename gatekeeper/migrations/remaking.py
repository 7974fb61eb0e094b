"""Making one table anew, under another definition, without losing what refers to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.lexemes import Kind, lexemes
from gatekeeper.migrations.schema import Schema, Table, quoted


def dependents(schema: Schema, tables: Sequence[str]) -> tuple[str, ...]:
    """Tables that refer to any of these, through others too; those that refer last come first."""
    known = {name.lower() for name in tables}
    waiting = list(known)
    found = list[str]()
    while waiting:
        parent = waiting.pop()
        for name, table in schema.tables.items():
            refers = any(key.table.lower() == parent for key in table.foreign_keys)
            if refers and name.lower() not in known:
                known.add(name.lower())
                waiting.append(name.lower())
                found.append(name)
    return tuple(children_first(schema, found))


def mentions(sql: str, names: Sequence[str]) -> bool:
    """Whether a text names any of these tables or views."""
    wanted = {name.lower() for name in names}
    return any(
        each.kind in (Kind.WORD, Kind.QUOTED) and each.value.lower() in wanted
        for each in lexemes(sql)
    )


def renamed(sql: str, name: str) -> str:
    """A CREATE TABLE, with another name for the table."""
    found = lexemes(sql)
    place = next(index for index, each in enumerate(found) if each.key in (("name", "table"),))
    words = found[place + 1 : place + 4]
    if [each.value.lower() for each in words] == ["if", "not", "exists"]:
        place += 3
    target = found[place + 1]
    return f"{sql[: target.start]}{quoted(name)}{sql[target.end :]}"


def copied(into: Table, source: str, columns: Mapping[str, str]) -> str:
    """`INSERT INTO into (…) SELECT … FROM source`; `columns` says what each is taken from."""
    names = [name for name in into.stored if name in columns]
    listed = ", ".join(map(quoted, names))
    taken = ", ".join(columns[name] for name in names)
    order = f"ORDER BY {', '.join(quoted(each.name) for each in into.key)}" if into.key else ""
    words = ("INSERT INTO", quoted(into.name), f"({listed})", "SELECT", taken, "FROM")
    return " ".join((*words, quoted(source), order)).strip() + ";"


def aside(table: str) -> str:
    """The name under which rows are kept while the tables that they refer to are made anew."""
    return f"_aside_{table}"


def set_aside(
    schema: Schema, tables: Sequence[str], sources: Mapping[str, Mapping[str, str]] | None = None
) -> Iterator[str]:
    """Keep the rows of tables elsewhere and empty them, so that dropping a parent finds none.

    `sources` say what the columns of a table are taken from, where that is not their own name.
    """
    for name in tables:
        usual = {each: quoted(each) for each in schema.tables[name].stored}
        taken = (sources or {}).get(name, usual)
        yield f"CREATE TABLE {quoted(aside(name))} AS {_select(name, taken)};"
    for name in tables:
        yield " ".join(("DELETE FROM", quoted(name))) + ";"


def put_back(schema: Schema, tables: Sequence[str]) -> Iterator[str]:
    """Bring the rows back, parents first, and forget where they were."""
    for name in reversed(tables):
        table = schema.tables[name]
        yield copied(table, aside(name), {each: quoted(each) for each in table.stored})
    for name in tables:
        yield f"DROP TABLE {quoted(aside(name))};"


def _select(name: str, sources: Mapping[str, str]) -> str:
    listed = ", ".join(
        source if source == quoted(column) else f"{source} AS {quoted(column)}"
        for column, source in sources.items()
    )
    return " ".join(("SELECT", listed, "FROM", quoted(name)))


def children_first(schema: Schema, names: Sequence[str]) -> Sequence[str]:
    """Tables in an order in which each can be dropped: those that refer to others first."""
    left = [name for name in names if name in schema.tables]
    done: list[str] = []
    while left:
        free = [
            name
            for name in left
            if not any(
                key.table.lower() == name.lower()
                for other in left
                if other != name
                for key in schema.tables[other].foreign_keys
            )
        ] or left[:1]
        done += free
        left = [name for name in left if name not in free]
    return done
