"""The deployed service as its users see it: requests, answers, and time that passes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from workers import Request

from main import AgentPipeline, Default
from shim.bucket import R2Bucket
from shim.database import D1Database
from shim.gateway import Gateway
from shim.http import JsRequest
from shim.workflow_engine import Workflows

BRIEF = {
    "title": "Gift cards",
    "brief": "Customers see their balance. The shop must store every card. Staff can print one.",
    "repository": "acme/shop",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Service:
    """The Worker with its bindings."""

    def __init__(self) -> None:
        self.bucket = R2Bucket()
        self.gateway = Gateway()
        self.database = D1Database()
        self.env = SimpleNamespace(ARTIFACTS=self.bucket, GITHUB=self.gateway, DB=self.database)
        self.workflows = Workflows(AgentPipeline, self.env)
        self.env.PIPELINE = self.workflows

    async def request(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request; a body that is no text is sent as JSON."""
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        request = JsRequest(f"https://pipeline.example{path}", method, text)
        answer = await Default(SimpleNamespace(), self.env).fetch(Request(request))
        return Answer(answer.status, dict(answer.headers), await answer.text())

    async def start(self, **changes: str) -> str:
        """Start a workflow and give its id."""
        answer = await self.request("POST", "/workflows", {**BRIEF, **changes})
        return answer.json["id"]

    async def settle(self) -> None:
        """Let time pass until nothing is left to do."""
        await self.workflows.settle()

    def close(self) -> None:
        """Let go of what the bindings hold."""
        self.database.connection.close()
