"""The Worker's entrypoint module: what Cloudflare finds, binds and calls."""

from workers import Request, Response, WorkerEntrypoint

from api import endpoints
from api.router import dispatch
from workflows.coordinator import WorkflowCoordinator

__all__ = ["Default", "WorkflowCoordinator"]


class Default(WorkerEntrypoint):
    """Answers HTTP."""

    async def fetch(self, request: Request) -> Response:
        """Answer one request."""
        return await dispatch(endpoints.ROUTES, self.env, request)
