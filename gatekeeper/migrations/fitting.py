"""Values that the checks of a table take, found by asking the engine about each check alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gatekeeper.migrations.affinity import Affinity, affinity
from gatekeeper.migrations.checks import candidates
from gatekeeper.migrations.engine import Database, Value
from gatekeeper.migrations.schema import Column, Table, quoted
from gatekeeper.migrations.table_text import Said
from gatekeeper.value import dataclass

_MOST = 90
"""Values that are asked about at once; D1 binds at most a hundred."""

_SCATTER = 2_654_435_761
_NUMBERS = (Affinity.INTEGER, Affinity.REAL)


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fits into the columns of a table that checks name.

    `alone` has for each column that a check names alone the values that all of these take,
    `together` for each column of a check of several columns the values to be tried in it.
    """

    alone: Mapping[str, tuple[Value, ...]]
    together: Mapping[str, tuple[Value, ...]]

    def given(self, values: Mapping[str, Value], number: int) -> Mapping[str, Value]:
        """For the columns whose ordinary value no check takes, one that they do take."""
        return {
            name: fitting[number % len(fitting)]
            for name, fitting in self.alone.items()
            if not _holds(fitting, values.get(name))
        }

    def choice(self, attempt: int, seed: int) -> Mapping[str, Value]:
        """A value for each of `together`: by turns the next combination, and a scattered one."""
        given: dict[str, Value] = {}
        rest = (attempt + seed) // 2
        for place, (name, found) in enumerate(self.together.items()):
            scattered = (attempt * (2 * place + 1) * _SCATTER + seed) >> 7
            given[name] = found[(rest if attempt % 2 else scattered) % len(found)]
            rest //= len(found)
        return given


def fitting(
    database: Database,
    table: Table,
    demanded: Sequence[Said],
    ordinary: Mapping[str, Sequence[Value]],
) -> Fitting:
    """Find what fits; `ordinary` are values of each column that are better than others.

    Raises EngineError where the engine is gone.
    """
    alone, together = dict[str, tuple[Value, ...]](), dict[str, tuple[Value, ...]]()
    about = {check: _about(check, table) for check in demanded}
    for column in table.columns:
        if not column.is_stored or not any(column.name in names for names in about.values()):
            continue
        checks = [check for check, names in about.items() if names == {column.name}]
        tried = _tried(column, demanded, ordinary.get(column.name, ()))
        fits = _taken(database, table, column, checks, tried) if checks else tried
        if checks and fits:
            alone[column.name] = fits
        if any(column.name in names and len(names) > 1 for names in about.values()):
            nothing = () if column.required or column.key else (None,)
            together[column.name] = (*nothing, *(fits or tried))
    return Fitting(alone, together)


def _about(check: Said, table: Table) -> set[str]:
    """The columns that a check names."""
    named = {value for kind, value in check if kind == "name"}
    return {column.name for column in table.columns if column.name.lower() in named}


def _tried(
    column: Column, demanded: Sequence[Said], ordinary: Iterable[Value]
) -> tuple[Value, ...]:
    """Ordinary values, then those that the checks suggest, of the column's own type first."""
    found = [*ordinary]
    for value in candidates(demanded, column.name):
        if not _holds(found, value):
            found.append(value)
    return tuple(value for value in found if _suits(column, value)) or tuple(found)


def _suits(column: Column, value: Value) -> bool:
    """Whether a value is of a type that the column keeps as it is."""
    kind = affinity(column.type)
    if kind in _NUMBERS:
        return not isinstance(value, str | bytes)
    return isinstance(value, str) if kind is Affinity.TEXT else True


def _taken(
    database: Database,
    table: Table,
    column: Column,
    checks: Iterable[Said],
    tried: Sequence[Value],
) -> tuple[Value, ...]:
    """The values that every check takes, as the engine says; none where it cannot say."""
    names = {each.name.lower(): each.name for each in table.columns}
    tests = " AND ".join(f"({as_sql(check, names)}) IS NOT 0" for check in checks)
    name = quoted(column.name)
    asked = tuple(tried[:_MOST])
    found = _where(database, name, tests, asked)
    if found is None:  # one of them makes a function fail: which, only each alone can tell
        return tuple(value for value in asked if _where(database, name, tests, (value,)))
    return found


def _where(
    database: Database, name: str, tests: str, asked: Sequence[Value]
) -> tuple[Value, ...] | None:
    """Those of the values for which all tests hold; None where the engine does not say."""
    listed = ", ".join(f"({at}, ?)" for at in range(len(asked)))
    head = f'WITH "tried"("at", {name}) AS (VALUES {listed})'
    answer = database.query(" ".join((head, 'SELECT "at" FROM "tried" WHERE', tests)), asked)
    if not isinstance(answer, tuple):
        return None
    return tuple(asked[at] for (at,) in answer if isinstance(at, int))


def as_sql(check: Said, names: Mapping[str, str]) -> str:
    """A check as SQL again."""
    return " ".join(
        quoted(names[value]) if kind == "name" and value in names else value
        for kind, value in check
    )


def _holds(values: Iterable[Value], value: Value) -> bool:
    return any(type(each) is type(value) and each == value for each in values)
