"""Bindings of one Worker to another that hosts a Durable Object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gatekeeper import Finding, Side
from gatekeeper.source.wrangler_terms import Configuration, Environment
from gatekeeper_rules.code._durable_object_settings import Sheet, shorter

_FIX = (
    "Retire the Durable Object of that Worker; while it is there, what this Worker asks of the "
    "service may end in it."
)

Hosts = Mapping[str, str]
"""The names of Workers that host a Durable Object, each with a class of theirs."""


def hosts_of(configurations: Iterable[Configuration]) -> Hosts:
    """The Workers of a tree that define, declare or run a class of their own."""
    return {
        environment.name: name
        for configuration in configurations
        for environment in configuration.environments
        if environment.name
        for name in sorted(_own(environment))[:1]
    }


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
        if service.target is None or target not in hosts or target == environment.name:
            continue
        span = service.target.span
        named = shorter(target)
        yield Finding(
            f"`{service.where}` binds the Worker `{named}`, which hosts the Durable Object class "
            f"`{shorter(hosts[target])}`",
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
