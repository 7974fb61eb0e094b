"""The Worker's entrypoint module: what Cloudflare finds, binds and calls."""

from workers import Request, Response, WorkerEntrypoint

from api import endpoints
from api.router import dispatch
from workflows.pipeline import AgentPipeline

__all__ = ["AgentPipeline", "Default"]


class Default(WorkerEntrypoint):
    """Answers HTTP."""

    async def fetch(self, request: Request) -> Response:
        """Answer one request."""
        return await dispatch(endpoints.ROUTES, self.env, request)
