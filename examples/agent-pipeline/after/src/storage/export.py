"""Everything that is remembered, as JSON."""

from collections.abc import Mapping

from storage.database import Database, rows
from workflows.records import Row

QUERIES: Mapping[str, str] = {
    "workflows": "SELECT id, title, brief, repository, status, settings, created_at, updated_at,"
    " error, pull_request FROM workflows ORDER BY created_at, id",
    "steps": "SELECT workflow_id, name, status, attempts, artifact FROM steps"
    " ORDER BY workflow_id, name",
    "audit_events": "SELECT id, at, workflow_id, actor, action, detail FROM audit_events"
    " ORDER BY id",
    "settings": "SELECT name, value FROM settings ORDER BY name",
}


async def exported(db: Database) -> Mapping[str, list[Row]]:
    """Give the rows of every table."""
    return {table: await rows(db, query) for table, query in QUERIES.items()}
