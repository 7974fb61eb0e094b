"""The client of the gateway Worker, which holds the GitHub credentials."""

import json
from typing import Any

from github.proposal import Proposal

_ORIGIN = "https://github-gateway.internal"


class GitHubUnavailable(RuntimeError):
    """The gateway did not take the proposal; trying again may help."""


class GitHubGateway:
    """The service binding to the gateway."""

    def __init__(self, service: Any) -> None:
        self._service = service

    async def propose(self, proposal: Proposal) -> str:
        """Open the pull request, or find it open, and give its URL; raises GitHubUnavailable."""
        url = f"{_ORIGIN}/repos/{proposal.repository}/proposals/{proposal.id}"
        body = json.dumps(proposal.as_json())
        answer = await self._service.fetch(url, method="PUT", body=body)
        if answer.status >= 400:
            raise GitHubUnavailable(f"the gateway answered {answer.status}")
        return json.loads(await answer.text())["url"]
