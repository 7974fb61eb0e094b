"""The audit trail."""

from storage.database import Database, Statement, rows, statement
from workflows.records import Event, now


def append(
    db: Database, workflow_id: str | None, actor: str, action: str, detail: str = ""
) -> Statement:
    """Add an event; whatever happens to a workflow happens once to it."""
    once = None if workflow_id is None else f"{workflow_id}/{actor}/{action}"
    return statement(
        db,
        "INSERT INTO audit_events (at, workflow_id, actor, action, detail, once)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (once) DO NOTHING",
        now(),
        workflow_id,
        actor,
        action,
        detail,
        once,
    )


async def history_of(db: Database, workflow_id: str) -> list[Event]:
    """Give a workflow's events, oldest first."""
    found = await rows(
        db,
        "SELECT at, workflow_id AS workflow, actor, action, detail FROM audit_events"
        " WHERE workflow_id = ? ORDER BY id",
        workflow_id,
    )
    return [Event(**row) for row in found]


async def newest_events(db: Database, limit: int) -> list[Event]:
    """Give the newest events of all, newest first."""
    found = await rows(
        db,
        "SELECT at, workflow_id AS workflow, actor, action, detail FROM audit_events"
        " ORDER BY id DESC LIMIT ?",
        limit,
    )
    return [Event(**row) for row in found]


async def events_of(db: Database, actor: str) -> list[Event]:
    """Give the events of one actor, oldest first."""
    found = await rows(
        db,
        "SELECT at, workflow_id AS workflow, actor, action, detail FROM audit_events"
        " WHERE who = ? ORDER BY id",
        actor,
    )
    return [Event(**row) for row in found]
