"""The status of a workflow, kept close at hand."""

from typing import Any

from workflows.bases import Keeper


class StatusCache(Keeper):
    """Keeps one status; D1 has the truth."""

    def __init__(self, ctx: Any, env: Any) -> None:
        super().__init__(ctx, env)
        self.status = "queued"
