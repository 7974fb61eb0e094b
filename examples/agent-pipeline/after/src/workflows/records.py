"""What is remembered: workflows, their steps, audit events and settings."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """How workflows are run; a workflow keeps the settings it was started with."""

    max_attempts: int = 3
    publish: bool = True
    base_branch: str = "main"

    def as_json(self) -> str:
        """Give the text that is stored; `settings_from` reads it back."""
        return json.dumps(asdict(self), sort_keys=True)


def settings_from(text: str) -> Settings:
    """Read stored settings."""
    return Settings(**json.loads(text))


@dataclass(frozen=True, slots=True)
class Workflow:
    """One workflow. `status` is queued, running, completed or failed; times are ISO 8601, UTC."""

    id: str
    title: str
    brief: str
    repository: str
    status: str
    settings: Settings
    created_at: str
    updated_at: str
    error: str | None = None
    pull_request: str | None = None


def workflow_from(row: Row) -> Workflow:
    """Read a row of the table."""
    return Workflow(**{**row, "settings": settings_from(row["settings"])})


@dataclass(frozen=True, slots=True)
class Step:
    """How one step of a workflow stands. `status` is pending, completed or failed."""

    name: str
    status: str = "pending"
    attempts: int = 0
    artifact: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: who did what, to which workflow (None: to the service)."""

    at: str
    workflow: str | None
    actor: str
    action: str
    detail: str


def now() -> str:
    """Give the present moment, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
