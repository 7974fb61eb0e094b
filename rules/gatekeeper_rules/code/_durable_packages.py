"""Packages of npm that bring Durable Objects, and which of their names do (a table in data).

The names were looked up in the published types of the newest version of the line that stands
beside each; what a package had in other versions is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Package(NamedTuple):
    """A package, the version that was read, and what works by Durable Objects in it.

    `names` go from a subpath (empty for the package itself) to names, or `ALL` of them; what is
    not among them is none, `besides` tells some.
    """

    name: str
    version: str
    names: Mapping[str, frozenset[str] | None]
    besides: str = ""


ALL: frozenset[str] | None = None
"""Whatever is taken from the module."""


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


READ: tuple[Package, ...] = (
    Package(
        "agents",
        "0.32",
        {
            "": _names(
                "Agent McpAgent AIChatAgent ChatSdkStateAgent AgentWorkflow getAgentByName "
                "getSubAgentByName routeAgentRequest routeAgentEmail routeSubAgentRequest"
            ),
            "mcp": _names("McpAgent"),
            "ai-chat-agent": _names("AIChatAgent"),
            "chat-sdk": _names("ChatSdkStateAgent"),
            "browser": _names("CodemodeRuntime"),
            "lifecycle": ALL,
            "routing": _names("RoutedAgents getAgentByName routeAgentRequest"),
            "voice": _names("withVoice withVoiceInput"),
            "workflows": _names("AgentWorkflow"),
        },
        "`createMcpHandler`, `agents/react` and `agents/client`; `AgentWorkflow` is a Workflow "
        "that needs an Agent",
    ),
    Package("@cloudflare/ai-chat", "0.10", {"": _names("AIChatAgent")}, "`/react`"),
    Package("hono-agents", "3.0", {"": _names("agentsMiddleware")}),
    Package(
        "@cloudflare/think",
        "0.23",
        {
            "": _names("Think"),
            "messengers": _names("ThinkMessengerStateAgent"),
            "workflows": _names("ThinkWorkflow"),
        },
        "its tools",
    ),
    Package("@cloudflare/voice", "0.5", {"": _names("withVoice withVoiceInput")}, "`/client`"),
    Package(
        "@cloudflare/codemode",
        "0.5",
        {"": _names("CodemodeRuntime createCodemodeRuntime")},
        "`/ai`, `/mcp`",
    ),
    Package(
        "@cloudflare/actors",
        "0.0.1-beta.6",
        {"": _names("Actor handler getActor Persist"), "storage": ALL, "alarms": ALL},
    ),
    Package(
        "@cloudflare/containers",
        "0.3.7",
        {"": _names("Container ContainerProxy getContainer getRandom loadBalance switchPort")},
    ),
    Package("@cloudflare/sandbox", "0.12.10", {"": _names("Sandbox WarmPool getSandbox")}),
    Package(
        "@opennextjs/cloudflare",
        "1.20.13",
        {
            "durable-objects/queue": ALL,
            "durable-objects/sharded-tag-cache": ALL,
            "durable-objects/bucket-cache-purge": ALL,
            "overrides/queue/do-queue": ALL,
            "overrides/tag-cache/do-sharded-tag-cache": ALL,
        },
        "`overrides/tag-cache/d1-next-tag-cache`, the caches in R2 and KV",
    ),
    Package(
        "partyserver",
        "0.5.10",
        {"": _names("Server routePartykitRequest getServerByName")},
    ),
    Package("y-partyserver", "2.2.0", {"": _names("YServer withYjs")}, "`/provider`, `/react`"),
    Package(
        "rwsdk",
        "1.7.3",
        {
            "realtime/durableObject": ALL,
            "realtime/worker": _names("realtimeRoute renderRealtimeClients"),
            "db": _names("SqliteDurableObject createDb"),
            "auth": _names("defineDurableSession"),
            "use-synced-state/worker": ALL,
            "use-synced-state/hibernation/worker": ALL,
        },
        "`defineSessionStore`, the router and the clients",
    ),
    Package("itty-durable", "2.4.1", {"": _names("IttyDurable createDurable withDurables")}),
    Package(
        "drizzle-orm", "0.45.4", {"durable-sqlite": ALL, "durable-sqlite/migrator": ALL}, "`/d1`"
    ),
    Package(
        "@sentry/cloudflare",
        "11.0.0",
        {"": _names("instrumentDurableObjectWithSentry instrumentAgentWithSentry")},
        "`withSentry`, `instrumentWorkflowWithSentry`",
    ),
    Package(
        "@livestore/sync-cf",
        "0.4.0",
        {"cf-worker": _names("makeDurableObject makeWorker handleSyncRequest")},
        "`/client`, `/common`",
    ),
    Package(
        "@orpc/experimental-publisher-durable-object",
        "1.14.1",
        {"": _names("DurablePublisher PublisherDurableObject ResumeStorage")},
    ),
    Package(
        "@outerbase/browsable-durable-object",
        "0.1.1",
        {"": _names("Browsable BrowsableHandler BrowsableDurableObject studio")},
    ),
    Package(
        "durable-utils",
        "0.3.5",
        {
            "": _names("DOSharding DOUtils"),
            "do-sharding": _names("StaticShardedDO FixedShardedDO"),
            "do-utils": _names("stubByName"),
            "sql-migrations": _names("SQLSchemaMigrations"),
        },
        "`/retries`",
    ),
    Package("dofs", "0.1.0", {"": _names("Dofs Fs withDofs")}),
    Package("kysely-do", "0.0.1-rc.1", {"": _names("DODialect")}),
    Package("partykit", "0.0.115", {"server": ALL}),
    Package("dog", "1.1.3", {"": _names("Replica Group Family identify")}),
    Package(
        "@canvas-js/modeldb-durable-objects",
        "0.13.14",
        {"": _names("ModelDB ModelDBProxy ModelDBProxyObject")},
    ),
    Package("@uploadista/kv-store-cloudflare-do", "1.0.0", {"": ALL}),
    Package("@miniflare/durable-objects", "2.14.4", {"": ALL}),
)

PACKAGES: Mapping[str, frozenset[str] | None] = {
    f"{package.name}/{subpath}".rstrip("/"): names
    for package in READ
    for subpath, names in package.names.items()
}
"""By specifier."""

SPECIFIERS: tuple[str, ...] = tuple(PACKAGES)
_ROOTS = frozenset(package.name for package in READ)


def brings(path: str) -> bool:
    """Whether `module.name` is, or makes, a Durable Object that a package brings."""
    module, _, name = path.rpartition(".")
    names = PACKAGES.get(module, frozenset())
    return module in PACKAGES and (names is None or name in names)


def is_read(module: str) -> bool:
    """Whether a specifier is of a package that was read, so that its other names are none."""
    parts = module.split("/")
    return "/".join(parts[: 2 if module.startswith("@") else 1]) in _ROOTS
