"""What running migrations has shown: troubles with their counterexamples, and what stays open."""

from __future__ import annotations

from enum import Enum

from gatekeeper.value import dataclass


class Trouble(Enum):
    """What can be wrong with a migration; each is a finding of one rule."""

    FAILS_ON_EMPTY = "it does not apply to an empty database"
    FAILS_ON_ROWS = "it does not apply where there are rows"
    DANGLING = "it leaves rows whose parents are gone"
    CORRUPT = "it leaves a database that is not sound"
    TABLE_LOST = "it drops a table with its rows"
    COLUMN_LOST = "it drops a column with its values"
    ROWS_LOST = "rows are gone"
    VALUES_CHANGED = "values have changed"
    KEYS_CHANGED = "rows have other keys"
    IDS_GIVEN_AGAIN = "ids will be given again"
    KEEPS_BROKEN = "what must be kept is not"
    NO_DOWN = "no way back is declared"
    HOLLOW_DOWN = "the way back does nothing"
    DOWN_FAILS = "the way back does not apply"
    DOWN_FAILS_LATER = "the way back does not apply once new rows were written"
    DOWN_LOSES_LATER = "the way back takes rows that were written since"
    SCHEMA_NOT_RESTORED = "the way back does not restore the schema"
    ROWS_NOT_RESTORED = "the way back does not restore the rows"
    NOT_AGAIN = "after the way back it does not apply as before"
    REPEAT_CHANGES = "a second run changes data without a word"
    REPEAT_FAILS = "a second run fails"
    NOT_RESUMABLE = "after an interruption it cannot be resumed"


class Rows(Enum):
    """Which rows were in the database when a trouble showed."""

    NONE = "an empty database"
    TYPED = "ordinary rows"
    EDGE = "edge rows"
    ODD = "rows of wrong types or without their parents"
    ASKED = "rows that the conditions of the scripts are about"
    TWINS = "rows that are like others"
    OWN = "the project's own rows"

    def is_twin(self, refused: str) -> bool:
        """Whether rows were refused for being equal, as rows made for a purpose may well be."""
        return self in (Rows.ASKED, Rows.TWINS) and "UNIQUE" in refused


@dataclass(frozen=True, slots=True)
class Stand:
    """How a table stood at one moment: `rows` in the order of `columns`, values as SQL writes them.

    `when` says the moment: `before`, `after up`, `after down`.
    """

    when: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Counterexample:
    """The smallest rows found that show a trouble, and how the tables concerned stood."""

    inserts: tuple[str, ...]
    stands: tuple[Stand, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """A trouble of one migration, where, in words, and with what shows it.

    `path` and `line` are of the statement to blame where the engine names it, else of the script.
    `subject` is the table, `table.column` or object concerned; it tells those of one trouble apart.
    """

    trouble: Trouble
    migration: str
    path: str
    line: int
    says: str
    subject: str = ""
    rows: Rows = Rows.NONE
    count: int = 0
    example: Counterexample | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Proven:
    """What was tried with one migration and what came of it.

    `tried` counts rows by kind (`20 ordinary rows in 4 tables`), `unfilled` names tables that could
    not be filled with the reason, `open` what could not be shown, in whole sentences. `engines`
    are those that agreed on all of it. `ended` says that the chain does not go on from here.
    """

    migration: str
    path: str
    failings: tuple[Failing, ...] = ()
    tried: tuple[str, ...] = ()
    unfilled: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    ended: bool = False
