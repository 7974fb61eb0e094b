"""Reading and writing the coordinator's tables."""

from typing import Any

from workflows.plan import STEPS
from workflows.records import (
    Event,
    Row,
    Settings,
    Step,
    Workflow,
    now,
    settings_from,
    workflow_from,
)
from workflows.tables import TABLES


class Ledger:
    """The SQL storage of one Durable Object; creates its tables on first use."""

    def __init__(self, sql: Any) -> None:
        self._sql = sql
        for statement in TABLES:
            self._sql.exec(statement)

    def _rows(self, query: str, *values: object) -> list[Row]:
        return self._sql.exec(query, *values).toArray()

    def add(self, workflow: Workflow) -> None:
        """Remember a new workflow."""
        self._sql.exec(
            "INSERT INTO workflows (id, title, brief, repository, status, settings,"
            " created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            workflow.id,
            workflow.title,
            workflow.brief,
            workflow.repository,
            workflow.status,
            workflow.settings.as_json(),
            workflow.created_at,
            workflow.updated_at,
        )

    def workflow(self, workflow_id: str) -> Workflow | None:
        """Give a workflow, None where there is none."""
        rows = self._rows("SELECT * FROM workflows WHERE id = ?", workflow_id)
        return workflow_from(rows[0]) if rows else None

    def unfinished(self) -> list[Workflow]:
        """Give the workflows that have steps left, oldest first."""
        rows = self._rows(
            "SELECT * FROM workflows WHERE status IN ('queued', 'running') ORDER BY created_at, id"
        )
        return [workflow_from(row) for row in rows]

    def change_status(
        self,
        workflow_id: str,
        status: str,
        *,
        error: str | None = None,
        pull_request: str | None = None,
    ) -> None:
        """Set a workflow's status, and what else is given."""
        self._sql.exec(
            "UPDATE workflows SET status = ?, updated_at = ?, error = coalesce(?, error),"
            " pull_request = coalesce(?, pull_request) WHERE id = ?",
            status,
            now(),
            error,
            pull_request,
            workflow_id,
        )

    def steps(self, workflow_id: str) -> list[Step]:
        """Give all steps of a workflow in their order, those not begun as pending."""
        rows = self._rows(
            "SELECT name, status, attempts, artifact FROM steps WHERE workflow_id = ?", workflow_id
        )
        begun = {row["name"]: Step(**row) for row in rows}
        return [begun.get(name, Step(name)) for name in STEPS]

    def record_step(self, workflow_id: str, step: Step) -> None:
        """Remember how a step stands now."""
        self._sql.exec(
            "INSERT OR REPLACE INTO steps (workflow_id, name, status, attempts, artifact)"
            " VALUES (?, ?, ?, ?, ?)",
            workflow_id,
            step.name,
            step.status,
            step.attempts,
            step.artifact,
        )

    def append(self, workflow_id: str | None, actor: str, action: str, detail: str = "") -> None:
        """Add an event to the audit trail."""
        self._sql.exec(
            "INSERT INTO audit_events (at, workflow_id, actor, action, detail)"
            " VALUES (?, ?, ?, ?, ?)",
            now(),
            workflow_id,
            actor,
            action,
            detail,
        )

    def history(self, workflow_id: str) -> list[Event]:
        """Give a workflow's events, oldest first."""
        rows = self._rows(
            "SELECT at, workflow_id AS workflow, actor, action, detail FROM audit_events"
            " WHERE workflow_id = ? ORDER BY id",
            workflow_id,
        )
        return [Event(**row) for row in rows]

    def newest_events(self, limit: int) -> list[Event]:
        """Give the newest events of all, newest first."""
        rows = self._rows(
            "SELECT at, workflow_id AS workflow, actor, action, detail FROM audit_events"
            " ORDER BY id DESC LIMIT ?",
            limit,
        )
        return [Event(**row) for row in rows]

    def settings(self) -> Settings:
        """Give the settings that the next workflow starts with."""
        rows = self._rows("SELECT value FROM settings WHERE name = 'service'")
        return settings_from(rows[0]["value"]) if rows else Settings()

    def change_settings(self, settings: Settings) -> None:
        """Replace the settings."""
        self._sql.exec(
            "INSERT OR REPLACE INTO settings (name, value) VALUES ('service', ?)",
            settings.as_json(),
        )
