"""What the proof asks of a database engine, whichever it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from enum import Enum
from typing import Protocol

from gatekeeper.errors import GatekeeperError
from gatekeeper.migrations.migration import Dialect, Script
from gatekeeper.value import dataclass

Value = None | int | float | str | bytes
Row = tuple[Value, ...]

Asking = tuple[str, str]
"""An action as SQLite's authorizer names it, without its prefix, and what it is done to.

That is the table, also of indexes and triggers; of a FUNCTION or PRAGMA its name, else "".
"""


class EngineError(GatekeeperError):
    """The engine itself failed or is not there: nothing is known about the SQL."""

    exit_code = 3


class Reason(Enum):
    """Why an engine refused."""

    SYNTAX = "it cannot be parsed"
    CONSTRAINT = "a constraint is violated"
    FOREIGN_KEY = "a foreign key is violated"
    DENIED = "the platform does not allow it"
    TOO_MUCH = "it exceeds a limit of the platform"
    UNBOUNDED = "it did not end within the bounds of this judgement"
    UNSAFE = "it reaches outside of the database, where it is not run here"
    UNKNOWN = "it needs what an application adds to SQLite, which is not at hand"
    OTHER = "it fails"


_INCONCLUSIVE = (Reason.UNBOUNDED, Reason.UNSAFE, Reason.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an engine would not do: why, in the engine's own words, and where in the script.

    `statement` is the text of the statement that failed, `line` its first line in the file (1 where
    the engine does not say). After a refusal an atomic script has changed nothing. `newer` says
    that a newer engine of the same kind is known to take it.
    """

    reason: Reason
    says: str
    path: str = ""
    line: int = 1
    statement: str = ""
    newer: bool = False

    @property
    def is_inconclusive(self) -> bool:
        """Whether this says something of the engine at hand, and nothing of the SQL."""
        return self.newer or self.reason in _INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing that a statement would do, as the engine's authorizer names it.

    `action` is SQLite's name without its prefix (`DELETE`, `DROP_TABLE`, `ALTER_TABLE`, …), `table`
    and `column` what it is done to; of a `FUNCTION`, `column` is its name. SQLite's own catalogue
    is left out.
    """

    action: str
    table: str
    column: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Deed:
    """What one statement of a script did; `wrote` counts rows, those of triggers included."""

    line: int
    touches: tuple[Touch, ...]
    wrote: int


class Database(Protocol):
    """One database of an engine, empty when it is opened."""

    def apply(self, script: Script, *, atomic: bool = True) -> Refusal | None:
        """Run a script as its runner would; where it is refused and `atomic`, nothing has changed.

        Raises EngineError where the engine is gone.
        """
        ...

    def apply_until(self, script: Script, statements: int) -> Refusal | None:
        """Run the first so many statements without a transaction, as an interruption leaves it."""
        ...

    def count(self, script: Script) -> int:
        """How many statements a script holds, as `apply_until` counts them."""
        ...

    def deeds(self) -> tuple[Deed, ...]:
        """What the statements of the last script did, in order; empty if the engine is silent."""
        ...

    def query(self, sql: str, values: Sequence[Value] = ()) -> tuple[Row, ...] | Refusal:
        """The rows of one statement that only reads, every value as it is stored."""
        ...

    def write(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """Run one statement for each row of values, all or none, with foreign keys enforced."""
        ...

    def write_unchecked(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """The same with foreign keys not enforced: how orphans come to be."""
        ...

    def prepare(self, sql: str) -> Refusal | None:
        """Whether a statement can be prepared against the schema; nothing is run."""
        ...

    def batch(self, texts: Sequence[str]) -> Refusal | None:
        """Run statements in one transaction as D1's binding does, which refuses an empty one."""
        ...

    def asked(self) -> frozenset[Asking] | None:
        """All that the last script asked for, as far as it was run; None where nobody says."""
        ...

    def faults(self) -> tuple[str, ...]:
        """What is corrupt, by the deepest check of its integrity that the engine allows."""
        ...

    def save(self) -> object:
        """The whole database as it is now, to be given to `restore`."""
        ...

    def restore(self, saved: object) -> None:
        """Put back what was saved."""
        ...


class TracingDatabase(Database, Protocol):
    """One that says what each statement does."""

    def touched(self) -> tuple[Touch, ...]:
        """What the statements of the last script do, in order, as far as it was run."""
        ...


class Engine(Protocol):
    """A kind of database; `name` and `version` are for the report."""

    @property
    def name(self) -> str:
        """What proves: `SQLite under D1's rules`, `workerd`, `SQLite`."""
        ...

    @property
    def version(self) -> str:
        """The version of SQLite, or of workerd."""
        ...

    @property
    def dialect(self) -> Dialect:
        """Whose rules it runs under."""
        ...

    def open(self) -> AbstractContextManager[Database]:
        """A fresh, empty database, removed on exit; raises EngineError."""
        ...
