"""The event that started a GitHub workflow, as far as it says what to compare."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gatekeeper.errors import GitError
from gatekeeper.objects import is_id
from gatekeeper.value import dataclass

LARGEST_EVENT = 25 * 1024 * 1024
"""Bytes of the largest payload that GitHub sends (docs.github.com, webhook payload cap)."""

TRUSTING = ("pull_request_target", "workflow_run")


@dataclass(frozen=True, slots=True)
class Event:
    """An event's name, and its payload, from which commit ids are taken."""

    name: str
    payload: Mapping[str, object]

    def commit(self, *keys: str) -> str:
        """The commit id at this place of the payload; raises GitError where there is none."""
        value = self.text(*keys)
        if is_id(value):
            return value
        raise GitError(
            f"the GitHub event {self.name} has no commit id at {'.'.join(keys)}; "
            "give --base and --head"
        )

    def text(self, *keys: str) -> str:
        """The text at this place of the payload; empty where there is none."""
        value: object = self.payload
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value if isinstance(value, str) else ""


def read_event(environ: Mapping[str, str]) -> Event | None:
    """The event of the workflow that runs; None outside of GitHub Actions.

    Raises GitError for the events that hand a stranger's commit to a job with secrets: a
    gate may run what it judges (docs.github.com, "Securely using pull_request_target").
    """
    name = environ.get("GITHUB_EVENT_NAME", "")
    if name in TRUSTING:
        raise GitError(
            f"gatekeeper does not run on the event {name}: it would run a stranger's code with "
            "this repository's secrets; use `on: pull_request`"
        )
    if name not in ("pull_request", "merge_group", "push"):
        return None
    path = environ.get("GITHUB_EVENT_PATH", "")
    if not path:
        raise GitError(f"GITHUB_EVENT_NAME is {name}, but GITHUB_EVENT_PATH is not set")
    return Event(name, _payload(Path(path)))


def _payload(path: Path) -> Mapping[str, object]:
    import json

    advice = "give --base and --head, or run where GitHub wrote it"
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_EVENT + 1)
        payload = json.loads(text) if len(text) <= LARGEST_EVENT else None
    except (OSError, ValueError, RecursionError) as error:
        raise GitError(f"the GitHub event at {path} cannot be read ({error}); {advice}") from None
    if not isinstance(payload, dict):
        raise GitError(f"the GitHub event at {path} is no JSON object; {advice}")
    return payload
