"""Wrangler configuration: the settings of every environment, with the line of each.

Written after wrangler 4.164 (`config-schema.json` of the npm package) and its validation
(github.com/cloudflare/workers-sdk, `packages/workers-utils/src/config/validation.ts`).
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source import jsonc, toml_source
from gatekeeper.source.located import Node, Table
from gatekeeper.source.wrangler_bindings import bindings_of
from gatekeeper.source.wrangler_classes import conflict, exports_of, migrations_of
from gatekeeper.source.wrangler_fields import Fields
from gatekeeper.source.wrangler_terms import Configuration, Environment, Flaw
from gatekeeper.value import replace

SUFFIXES = (".toml", ".json", ".jsonc")
"""What wrangler reads: a configuration with any other suffix is to it an empty one."""


def is_wrangler(path: str) -> bool:
    """Whether a file's name says that it is a wrangler configuration.

    That is any `.toml`, `.json` or `.jsonc` with `wrangler` in its name: `wrangler.jsonc`,
    `wrangler.production.toml`, `worker-b.wrangler.json`; case does not matter, because it
    does not on the file systems of macOS and Windows.
    """
    name = path.rpartition("/")[2].lower()
    return "wrangler" in name and name.endswith(SUFFIXES)


def _read(content: bytes, path: str) -> Configuration:
    node = parsed(content, path)
    if not isinstance(node, Table):
        raise Unreadable(path, "it holds no table of settings", node.span.line)
    flaws: list[Flaw] = []
    environments = tuple(_environments(Fields(node, "", "", flaws)))
    keys = frozenset(member.key for member in node)
    return Configuration(environments, tuple(dict.fromkeys(flaws)), keys)


def parsed(content: bytes, path: str) -> Node:
    """What a configuration holds, by the file's suffix, as wrangler reads it.

    A link's target may have any suffix. Raises `Unreadable`.
    """
    suffix = path.lower().rpartition(".")[2]
    looks_like_json = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"/")
    if suffix in ("json", "jsonc") or (suffix != "toml" and looks_like_json):
        return jsonc.parse(content, path)
    return toml_source.parse(content, path)


def _environments(top: Fields) -> Iterator[Environment]:
    base = _environment(top, None)
    yield base
    yield from _previews(top, base)
    for table in top.nested("env"):
        for _, fields in table.entries():
            # The keys of an environment are areas of their own, like the top level's.
            named = replace(fields, area="")
            environment = _environment(named, base)
            yield environment
            yield from _previews(named, environment)


def _environment(fields: Fields, top: Environment | None) -> Environment:
    """The settings of one table; `top` is the top level where the table is an environment's.

    What wrangler's validation calls inheritable comes from the top level where it is not
    given; bindings never do.
    """
    own = bindings_of(fields)
    above = top or own
    flags = fields.texts("compatibility_flags")
    environment = replace(
        own,
        name=_name(fields, top),
        main=fields.text("main") or above.main,
        compatibility_date=fields.text("compatibility_date") or above.compatibility_date,
        compatibility_flags=flags
        if fields.has("compatibility_flags")
        else above.compatibility_flags,
        migrations=migrations_of(fields) or above.migrations,
        exports=exports_of(fields) or above.exports,
    )
    conflict(fields, environment)
    return environment


def _previews(fields: Fields, owner: Environment) -> Iterator[Environment]:
    """The bindings of preview deployments; everything else is the owner's."""
    for previews in fields.nested("previews"):
        bound = bindings_of(replace(previews, area=""))
        yield replace(
            owner,
            where=bound.where,
            durable_objects=bound.durable_objects,
            containers=bound.containers,
            workflows=bound.workflows,
            databases=bound.databases,
            services=bound.services,
            buckets=bound.buckets,
            namespaces=bound.namespaces,
            span=bound.span,
        )


def _name(fields: Fields, top: Environment | None) -> str:
    """The Worker's name; an environment's is the top level's with its own name behind it."""
    given = fields.text("name")
    if given or top is None or not top.name:
        return given.value if given else ""
    return f"{top.name}-{fields.where.removeprefix('env.')}"


WRANGLER = Extractor("wrangler", 2, _read)
