"""The two things that are done with the database: writing all at once, and reading rows."""

from typing import Any

from workflows.records import Row


def statement(db: Any, query: str, *values: object) -> Any:
    """Prepare a statement for `write`, or for reading."""
    return db.prepare(query).bind(*values)


async def write(db: Any, *statements: Any) -> None:
    """Execute all of the statements or, if one fails, none.

    Every statement of this package can be repeated, so that a step that is tried again after
    its write was lost on the way back leaves what a single try would have left.
    """
    await db.batch(list(statements))


async def rows(db: Any, query: str, *values: object) -> list[Row]:
    """Give the rows of a query."""
    found = await statement(db, query, *values).all()
    return found.results
