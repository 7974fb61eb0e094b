"""Bindings of one Worker to another that hosts a Durable Object."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper import Finding, Side
from gatekeeper.source.wrangler_terms import Configuration, Environment
from gatekeeper_rules.code._durable_object_settings import Sheet, shorter

_FIX = (
    "Retire the Durable Object of that Worker; while it is there, what this Worker asks of the "
    "service may end in it."
)

Hosts = Mapping[str, Mapping[str, str]]
"""The Workers of a tree by name, and by the path of the configuration that calls them so: a
class that it hosts, or nothing."""


def hosts_of(configurations: Mapping[str, Configuration]) -> Hosts:
    """The Workers of a tree, with a class that they define, declare or run themselves."""
    found: dict[str, dict[str, str]] = {}
    for path, configuration in configurations.items():
        for environment in configuration.environments:
            own = min(_own(environment), default="")
            held = found.setdefault(environment.name, {})
            held[path] = held.get(path, "") or own
    return found


def nearest(paths: Iterable[str], path: str) -> frozenset[str]:
    """Of several files those with the longest way in common with another: names are reused."""
    shared = {each: len(posixpath.commonpath([f"/{each}", f"/{path}"])) for each in paths}
    longest = max(shared.values(), default=0)
    return frozenset(each for each, length in shared.items() if length == longest)


def _own(environment: Environment) -> Iterator[str]:
    for binding in environment.durable_objects:
        if binding.class_name and not binding.script:
            yield binding.class_name.value
    for container in environment.containers:
        if container.class_name:
            yield container.class_name.value
    yield from environment.migrations.live
    for export in environment.exports.classes.values():
        if export.state is None or export.state.live:
            yield export.name.value


def of_services(sheet: Sheet, environment: Environment, hosts: Hosts) -> Iterator[Finding]:
    """Every service binding to a Worker that hosts a Durable Object, itself excepted."""
    for service in environment.services:
        target = service.target.value if service.target else ""
        if service.target is None or target == environment.name:
            continue
        known = hosts.get(target, {})
        hosted = sorted(known[each] for each in nearest(known, sheet.path) if known[each])
        if not hosted:
            continue
        span = service.target.span
        named = shorter(target)
        yield Finding(
            f"`{service.where}` binds the Worker `{named}`, which hosts the Durable Object class "
            f"`{shorter(hosted[0])}`",
            Side.HEAD,
            sheet.path,
            (sheet.excerpt(span),),
            _FIX,
            line=span.line,
            end_line=span.line,
            column=span.column,
            symbol=service.where,
            quoted=f"service {named}",
        )
