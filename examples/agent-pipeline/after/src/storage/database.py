"""The database as this service uses it, and the two things that are done with it."""

from collections.abc import Awaitable, Sequence
from typing import Protocol

from workflows.records import Row


class Found(Protocol):
    """What a query has found."""

    results: list[Row]


class Statement(Protocol):
    """A prepared statement."""

    def bind(self, *values: object) -> "Statement":
        """Give it its values."""

    def all(self) -> Awaitable[Found]:
        """Read what it finds."""


class Database(Protocol):
    """What a D1 binding offers, as far as it is needed here."""

    def prepare(self, query: str) -> Statement:
        """Read a query."""

    def batch(self, statements: Sequence[Statement]) -> Awaitable[object]:
        """Execute all of them or none."""


def statement(db: Database, query: str, *values: object) -> Statement:
    """Prepare a statement for `write`, or for reading."""
    return db.prepare(query).bind(*values)


async def write(db: Database, *statements: Statement) -> None:
    """Execute all of the statements or, if one fails, none.

    Every statement of this package can be repeated, so that a step that is tried again after
    its write was lost on the way back leaves what a single try would have left.
    """
    await db.batch(list(statements))


async def rows(db: Database, query: str, *values: object) -> list[Row]:
    """Give the rows of a query."""
    found = await statement(db, query, *values).all()
    return found.results
