"""The table of steps."""

from storage.database import Database, Statement, rows, statement
from workflows.plan import STEPS
from workflows.records import Step


def record(db: Database, workflow_id: str, step: Step) -> Statement:
    """Remember how a step stands now."""
    return statement(
        db,
        "INSERT INTO steps (workflow_id, name, status, attempts, artifact) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (workflow_id, name) DO UPDATE SET"
        " status = excluded.status, attempts = excluded.attempts, artifact = excluded.artifact",
        workflow_id,
        step.name,
        step.status,
        step.attempts,
        step.artifact,
    )


async def steps_of(db: Database, workflow_id: str) -> list[Step]:
    """Give all steps of a workflow in their order, those not begun as pending."""
    found = await rows(
        db, "SELECT name, status, tries, artifact FROM steps WHERE workflow_id = ?", workflow_id
    )
    begun = {row["name"]: Step(**row) for row in found}
    return [begun.get(name, Step(name)) for name in STEPS]
