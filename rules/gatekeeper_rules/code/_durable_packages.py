"""Packages of npm that bring Durable Objects, and which of their names do (a table in data).

Read in the packages' own sources: agents 0.32, @cloudflare/actors 0.0.1-beta.6,
@cloudflare/containers 0.3.7, @cloudflare/sandbox 0.12.10, @opennextjs/cloudflare 1.20.13,
partyserver 0.5.10, y-partyserver 2.2.0, rwsdk 1.7.3, itty-durable 2.4.1.
"""

from __future__ import annotations

from collections.abc import Mapping

ALL: frozenset[str] | None = None
"""Whatever is taken from the module."""

_AGENTS = frozenset(
    (
        *("Agent", "McpAgent", "AIChatAgent", "ChatSdkStateAgent", "AgentWorkflow"),
        *("getAgentByName", "routeAgentRequest", "routeAgentEmail", "routeSubAgentRequest"),
    )
)
# `agents/client`, `agents/react` and what else of `agents` runs in a browser is none, and
# neither is `createMcpHandler`, which holds no state.
PACKAGES: Mapping[str, frozenset[str] | None] = {
    "agents": _AGENTS,
    "agents/mcp": frozenset({"McpAgent"}),
    "agents/ai-chat-agent": frozenset({"AIChatAgent"}),
    "agents/workflows": frozenset({"AgentWorkflow"}),
    "@cloudflare/ai-chat": frozenset({"AIChatAgent"}),
    "hono-agents": frozenset({"agentsMiddleware"}),
    "@cloudflare/codemode": frozenset({"CodemodeRuntime"}),
    "@cloudflare/actors": frozenset({"Actor", "handler", "getActor", "Persist"}),
    "@cloudflare/actors/storage": ALL,
    "@cloudflare/actors/alarms": ALL,
    "@cloudflare/containers": frozenset(
        (
            *("Container", "ContainerProxy", "getContainer", "getRandom", "loadBalance"),
            "switchPort",
        )
    ),
    "@cloudflare/sandbox": frozenset({"Sandbox", "WarmPool", "getSandbox"}),
    "@opennextjs/cloudflare/overrides/queue/do-queue": ALL,
    "@opennextjs/cloudflare/overrides/tag-cache/do-sharded-tag-cache": ALL,
    "partyserver": frozenset({"Server", "routePartykitRequest", "getServerByName"}),
    "y-partyserver": frozenset({"YServer", "withYjs"}),
    "rwsdk/realtime/durableObject": ALL,
    "rwsdk/db": frozenset({"SqliteDurableObject"}),
    "itty-durable": frozenset({"IttyDurable", "createDurable", "withDurables"}),
    "drizzle-orm/durable-sqlite": ALL,
    "drizzle-orm/durable-sqlite/migrator": ALL,
}

SPECIFIERS: tuple[str, ...] = tuple(PACKAGES)


def brings(path: str) -> bool:
    """Whether `module.name` is, or makes, a Durable Object that a package brings."""
    module, _, name = path.rpartition(".")
    names = PACKAGES.get(module, frozenset())
    return module in PACKAGES and (names is None or name in names)
