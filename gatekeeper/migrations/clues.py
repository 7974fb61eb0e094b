"""What a migration's own conditions ask for, so that rows can be made that meet them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatekeeper.migrations.asked import wanted_by
from gatekeeper.migrations.checks import literal_of
from gatekeeper.migrations.engine import Value
from gatekeeper.migrations.lexemes import Kind, Lexeme, lexemes
from gatekeeper.migrations.likeness import linked_by, overwritten_by, wants_twins
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.proven import Rows
from gatekeeper.value import dataclass

MOST = 200
"""Values that are tried in a column because they stand somewhere in a migration."""

_LARGEST = 300  # rows of a table that a comparison with a count may ask for
_CONDITIONS = frozenset(
    ("where", "when", "having", "on", "iif", "nullif", "case", "using", "limit")
)
_LITERALS = (Kind.STRING, Kind.NUMBER, Kind.BLOB)
_DEFINES = ("create", "alter", "drop", "pragma", "analyze", "reindex")
_INSERTS = ("insert", "replace")


@dataclass(frozen=True, slots=True)
class Clue:
    """Values that a condition compares a column with; `column` in small letters.

    `late` says that it stands in the way back, or in an INSERT: a value that up itself inserts
    into the table is not expected there before.
    """

    column: str
    value: Value
    late: bool


@dataclass(frozen=True, slots=True)
class Clues:
    """The clues of each statement together, then those of all; and how many rows are asked for.

    `inserted` are the values that up inserts, by table in small letters; `twins` says that a
    statement goes by rows that are like others.
    """

    asked: tuple[tuple[Clue, ...], ...]
    inserted: frozenset[tuple[str, str]]
    rows: int
    twins: bool = False

    def ask(self, kind: Rows) -> bool:
        """Whether rows of a kind are asked for."""
        return self.twins if kind is Rows.TWINS else bool(self.asked or self.rows)

    def of(
        self, table: str, columns: Sequence[str], *, by_name: bool = False
    ) -> Iterator[Mapping[str, tuple[Value, ...]]]:
        """For each statement the values to try in the columns of a table, together.

        What is asked of a full-text table `by_name` is asked of each of its columns.
        """
        names = {table.lower(): name for name in columns[: int(by_name)]}
        names |= {name.lower(): name for name in columns}
        names |= {f"#{place}": name for place, name in enumerate(columns)}
        for group in self.asked:
            wanted: dict[str, dict[str, Value]] = {}
            for clue in group:
                name, said = names.get(clue.column), repr(clue.value)
                inserted = clue.late and (table.lower(), said) in self.inserted
                if name is not None and not inserted:
                    wanted.setdefault(name, {}).setdefault(said, clue.value)
            if wanted:
                yield {name: tuple(values.values()) for name, values in wanted.items()}


def clues(migration: Migration) -> Clues:
    """What the conditions of both scripts ask for; empty where there is none."""
    up = tuple(_statements(migration.up))
    down = tuple(_statements(migration.down)) if migration.down else ()
    ignoring = any(each.value.lower() == "ignore" for said in up for each in said)
    groups, columns = list[tuple[Clue, ...]](), dict[str, None]()
    for late, statement in [(False, each) for each in up] + [(True, each) for each in down]:
        if is_conditional(statement) or (ignoring and _checks(statement)):
            later = late or statement[0].value.lower() in _INSERTS
            groups.append(tuple(Clue(*pair, later) for pair in wanted_by(statement)))
            groups.append(tuple(Clue(*pair, late) for pair in linked_by(statement)))
            columns.update(dict.fromkeys(_names(statement)))
        groups += (
            tuple(Clue(*pair, late=False) for pair in group) for group in overwritten_by(statement)
        )
    if columns:
        groups.append(tuple(_anywhere(columns, up, late=False)))
        groups.append(tuple(_anywhere(columns, down, late=True)))
    inserted = frozenset(pair for each in up for pair in _inserted(each))
    most = max(map(_counted, (*up, *down)), default=0)
    twins = any(map(wants_twins, (*up, *down)))
    return Clues(tuple(each for each in groups if each), inserted, most, twins)


def _checks(statement: Sequence[Lexeme]) -> bool:
    """Whether a statement makes a table that takes some rows only."""
    words = {each.value.lower() for each in statement if each.kind is Kind.WORD}
    return statement[0].value.lower() == "create" and "check" in words


def is_conditional(statement: Sequence[Lexeme]) -> bool:
    """Whether a statement writes rows, and not all that there are alike."""
    words = {each.value.lower() for each in statement if each.kind is Kind.WORD}
    if statement[0].value.lower() in _DEFINES and words.isdisjoint(("select", "trigger", "as")):
        return False
    return not words.isdisjoint(_CONDITIONS)


def _statements(script: Script) -> Iterator[tuple[Lexeme, ...]]:
    for part in parts(script.text, script.line):
        found = lexemes(part.text)
        if found:
            yield found


def _names(statement: Sequence[Lexeme]) -> Iterator[str]:
    for each in statement:
        if each.kind in (Kind.WORD, Kind.QUOTED):
            yield each.value.lower()


def _anywhere(
    columns: Iterable[str], scripts: Sequence[Sequence[Lexeme]], *, late: bool
) -> Iterator[Clue]:
    """Every literal of the scripts in every column that a condition may be about."""
    values: dict[str, Value] = {}
    told = sorted(scripts, key=lambda it: not is_conditional(it))
    for each in (lexeme for statement in told for lexeme in statement):
        if each.kind in _LITERALS and len(values) < MOST:
            value = literal_of((each.kind.value, each.value))
            values.setdefault(repr(value), value)
    for value in values.values():
        later = late or _is_late(value, scripts)
        for name in columns:
            yield Clue(name, value, later)


def _is_late(value: Value, scripts: Sequence[Sequence[Lexeme]]) -> bool:
    """Whether a value stands only in statements that insert it."""
    for statement in scripts:
        if statement[0].value.lower() in _INSERTS:
            continue
        for each in statement:
            if each.kind in _LITERALS and literal_of((each.kind.value, each.value)) == value:
                return False
    return True


def _inserted(statement: Sequence[Lexeme]) -> Iterator[tuple[str, str]]:
    """The literals that an INSERT puts into its table."""
    if statement[0].value.lower() not in _INSERTS:
        return
    words = [each.value.lower() for each in statement[:6]]
    if "into" not in words or words.index("into") + 1 >= len(statement):
        return
    table = statement[words.index("into") + 1].value.lower()
    for each in statement:
        if each.kind in _LITERALS:
            yield table, repr(literal_of((each.kind.value, each.value)))


def _counted(statement: Sequence[Lexeme]) -> int:
    """How many rows there must be for a comparison with a count to turn out otherwise."""
    words = {each.value.lower() for each in statement}
    if words.isdisjoint(("count", "row_number", "rank", "dense_rank", "ntile", "offset", "limit")):
        return 0
    found = [each for each in statement if each.kind is Kind.NUMBER]
    values = (literal_of((each.kind.value, each.value)) for each in found)
    numbers = [each for each in values if isinstance(each, int) and each < _LARGEST]
    return max(numbers, default=0) + 2
