"""The schema of a database by structure: what is in it and what it means, not how it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.engine import Database, EngineError, Row, Value
from gatekeeper.migrations.lexemes import Kind, keys, lexemes
from gatekeeper.migrations.table_text import Said, TableText, as_strings, table_text
from gatekeeper.value import dataclass

_OWN = ("sqlite_", "_cf_")
_CATALOGUE = "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
_PLAIN_TABLES = ("table", "virtual")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` is its place in the primary key from 1, or 0; `hidden` as in table_xinfo.

    `hidden` is 0 for an ordinary column, 1 for a hidden one of a virtual table, 2 for a generated
    column and 3 for a stored generated one (https://www.sqlite.org/pragma.html#pragma_table_xinfo).
    """

    name: str
    type: str
    required: bool
    key: int
    hidden: int
    default: Said
    collation: str
    generated: Said
    rest: frozenset[Said]

    @property
    def is_stored(self) -> bool:
        """Whether rows hold a value of their own for it."""
        return self.hidden == 0


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that must be found in another table; `to` is empty for its primary key."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]
    on_update: str
    on_delete: str


@dataclass(frozen=True, slots=True)
class Index:
    """An index; `unique` ones that a constraint made have no name and no text."""

    name: str
    table: str
    unique: bool
    columns: tuple[tuple[str, bool, str], ...]  # name ("" for an expression), descending, collation
    says: Said = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `sql` is its text as the engine keeps it."""

    name: str
    virtual: bool
    strict: bool
    without_rowid: bool
    autoincrement: bool
    columns: tuple[Column, ...]
    uniques: frozenset[Index]
    foreign_keys: frozenset[ForeignKey]
    checks: frozenset[Said]
    rest: frozenset[Said]
    sql: str

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key, in its order; empty where there is none."""
        return tuple(sorted((each for each in self.columns if each.key), key=lambda it: it.key))

    @property
    def stored(self) -> tuple[str, ...]:
        """The names of the columns that rows hold values for."""
        return tuple(each.name for each in self.columns if each.is_stored)


@dataclass(frozen=True, slots=True)
class Schema:
    """All that is in a database, by name; triggers and views by what their text says.

    `texts` holds of each index, trigger and view the statement that made it.

    The engine's own tables, the runner's ledger and the shadow tables of virtual ones are left out.
    """

    tables: Mapping[str, Table]
    indexes: Mapping[str, Index]
    triggers: Mapping[str, Said]
    views: Mapping[str, Said]
    texts: Mapping[str, str]


def schema_of(database: Database, ledger: str = "") -> Schema:
    """Read the schema; raises EngineError where the engine does not answer."""
    return Schemas(database, ledger).now()


class Schemas:
    """The schema of a database again and again: what its catalogue has said before is known."""

    def __init__(self, database: Database, ledger: str = "") -> None:
        self._database, self._ledger = database, ledger
        self._whole: dict[tuple[Row, ...], Schema] = {}
        self._tables: dict[tuple[Row, ...], tuple[Table, Mapping[str, Index]]] = {}

    def now(self) -> Schema:
        """Read the schema; raises EngineError where the engine does not answer."""
        catalogue = _ask(self._database, _CATALOGUE)
        if catalogue not in self._whole:
            self._whole[catalogue] = self._read(catalogue)
        return self._whole[catalogue]

    def _read(self, catalogue: tuple[Row, ...]) -> Schema:
        by_table: dict[str, list[Row]] = {}
        for row in catalogue:
            by_table.setdefault(str(row[2]), []).append(row)
        listed = (row for row in _ask(self._database, "PRAGMA table_list") if row[0] == "main")
        tables, indexes = dict[str, Table](), dict[str, Index]()
        for about in sorted(listed, key=lambda row: str(row[1])):
            name = str(about[1])
            if str(about[2]) in _PLAIN_TABLES and not is_own(name, self._ledger):
                tables[name], held = self._table(about, tuple(by_table.get(name, ())))
                indexes.update(held)
        texts = {str(name): str(sql) for kind, name, _, sql in catalogue if kind != "table"}
        made = [
            (kind, str(name), meaning(str(sql)))
            for kind, name, _, sql in catalogue
            if kind in ("trigger", "view") and not is_own(str(name), self._ledger)
        ]
        triggers = {name: says for kind, name, says in made if kind == "trigger"}
        views = {name: says for kind, name, says in made if kind == "view"}
        return Schema(tables, indexes, triggers, views, texts)

    def _table(self, about: Row, rows: tuple[Row, ...]) -> tuple[Table, Mapping[str, Index]]:
        if rows not in self._tables:
            texts = {str(name): str(sql or "") for _, name, _, sql in rows}
            table = _table(self._database, about, texts)
            self._tables[rows] = (table, dict(_named(self._database, table, texts)))
        return self._tables[rows]


def is_own(name: str, ledger: str) -> bool:
    """Whether a table is the engine's or the runner's own."""
    return name.lower().startswith(_OWN) or (ledger != "" and name.lower() == ledger.lower())


def quoted(name: str) -> str:
    """A name as SQL writes it, whatever it holds."""
    return '"' + name.replace('"', '""') + '"'


def meaning(sql: str) -> Said:
    """A CREATE statement's lexemes without the words that only say whether it may exist already."""
    found = keys(lexemes(sql))
    words = tuple(value for _, value in found)
    for at in range(len(words) - 2):
        if words[at : at + 3] == ("if", "not", "exists"):
            return (*found[:at], *found[at + 3 :])
    return found


def _ask(database: Database, sql: str, values: Sequence[Value] = ()) -> tuple[Row, ...]:
    answer = database.query(sql, values)
    if isinstance(answer, tuple):
        return answer
    raise EngineError(f"the engine does not say what its schema is: {answer.says} ({sql})")


def _table(database: Database, row: Row, texts: Mapping[str, str]) -> Table:
    name, kind, without_rowid, strict = str(row[1]), row[2], bool(row[4]), bool(row[5])
    sql = texts.get(name, "")
    virtual = kind == "virtual"
    text = TableText({}, frozenset(), frozenset(), autoincrement=False)
    text = text if virtual else table_text(sql)
    columns = tuple(
        _column(each, text) for each in _ask(database, f"PRAGMA table_xinfo({quoted(name)})")
    )
    uniques = frozenset(
        Index("", name, unique=True, columns=_parts(database, str(index)))
        for _, index, unique, origin, *_ in _indexes(database, name)
        if unique and origin in ("u", "pk")
    )
    return Table(
        name=name,
        virtual=virtual,
        strict=strict,
        without_rowid=without_rowid,
        autoincrement=text.autoincrement,
        columns=columns,
        uniques=uniques,
        foreign_keys=frozenset(_foreign_keys(database, name)),
        checks=text.checks,
        rest=frozenset((*text.rest, meaning(sql))) if virtual else text.rest,
        sql=sql,
    )


def _column(row: Row, text: TableText) -> Column:
    _, name, type_, required, _, key, hidden = row
    said = text.columns.get(str(name).lower())
    return Column(
        name=str(name),
        type=" ".join(str(type_ or "").upper().split()),
        required=bool(required),
        key=int(str(key)),
        hidden=int(str(hidden)),
        default=said.default if said else (),
        collation=said.collation if said else "",
        generated=said.generated if said else (),
        rest=said.rest if said else frozenset(),
    )


def _indexes(database: Database, table: str) -> tuple[Row, ...]:
    return _ask(database, f"PRAGMA index_list({quoted(table)})")


def _parts(database: Database, index: str) -> tuple[tuple[str, bool, str], ...]:
    return tuple(
        (str(name or ""), bool(descending), str(collation))
        for _, _, name, descending, collation, key in _ask(
            database, f"PRAGMA index_xinfo({quoted(index)})"
        )
        if key
    )


def _named(
    database: Database, table: Table, texts: Mapping[str, str]
) -> Iterator[tuple[str, Index]]:
    """The indexes that were made by name; what their text says after the table's name as well."""
    for _, name, unique, origin, *_ in _indexes(database, table.name):
        if origin == "c":
            text = texts.get(str(name), "")
            columns = {each.name.lower() for each in table.columns}
            found = as_strings(lexemes(text), columns, text, depth=-1)
            start = next(
                (
                    i
                    for i, lexeme in enumerate(found)
                    if (lexeme.kind, lexeme.value) == (Kind.SIGN, "(")
                ),
                len(found),
            )
            parts = _parts(database, str(name))
            yield (
                str(name),
                Index(str(name), table.name, bool(unique), parts, keys(found[start:])),
            )


def _foreign_keys(database: Database, table: str) -> Iterator[ForeignKey]:
    found: dict[int, list[Row]] = {}
    for row in _ask(database, f"PRAGMA foreign_key_list({quoted(table)})"):
        found.setdefault(int(str(row[0])), []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: int(str(row[1])))
        _, _, target, _, _, on_update, on_delete, _ = rows[0]
        yield ForeignKey(
            columns=tuple(str(row[3]) for row in rows),
            table=str(target),
            to=tuple(str(row[4]) for row in rows if row[4] is not None),
            on_update=str(on_update),
            on_delete=str(on_delete),
        )
