"""GitHub integration on the real SDK's view of a service binding."""

import asyncio
from types import SimpleNamespace

import pytest
from workers.rpc import _EnvWrapper

from documents import Document, render
from github import GitHubGateway, GitHubUnavailable, Proposal
from github.proposal import files_of
from shim.gateway import Gateway

DOCUMENT = Document("architect", "Architecture", "## Parts\n\n- one")
PROPOSAL = Proposal("wf-1", "acme/shop", "main", "Design of Gift cards", files_of([DOCUMENT]))


def client_of(gateway: Gateway) -> GitHubGateway:
    return GitHubGateway(_EnvWrapper(SimpleNamespace(GITHUB=gateway)).GITHUB)


def test_a_proposal_carries_the_documents() -> None:
    gateway = Gateway()

    url = asyncio.run(client_of(gateway).propose(PROPOSAL))

    assert "https://github.com/acme/shop/pull/1" == url
    assert {
        "https://github-gateway.internal/repos/acme/shop/proposals/wf-1": {
            "base": "main",
            "branch": "agents/wf-1",
            "title": "Design of Gift cards",
            "files": [{"path": "docs/design/architect.md", "text": render(DOCUMENT)}],
        }
    } == gateway.proposals


def test_proposing_again_finds_the_same_pull_request() -> None:
    gateway = Gateway()

    async def twice() -> list[str]:
        client = client_of(gateway)
        return [await client.propose(PROPOSAL), await client.propose(PROPOSAL)]

    first, second = asyncio.run(twice())
    assert (first, 1) == (second, len(gateway.proposals))


def check_an_outage_is_told() -> None:
    gateway = Gateway()
    gateway.outages = 1

    with pytest.raises(GitHubUnavailable, match="the gateway answered 503"):
        asyncio.run(client_of(gateway).propose(PROPOSAL))
