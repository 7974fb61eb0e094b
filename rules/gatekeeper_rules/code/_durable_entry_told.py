"""What is said of a class that a Worker's entrypoint has, whatever language it is written in."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Finding, Snapshot, Trail
from gatekeeper.source.code_scopes import Binding
from gatekeeper.source.code_tree import Node
from gatekeeper_rules.code._durable_entries import Tie
from gatekeeper_rules.code._durable_sheet import Place, Sheet, spelled
from gatekeeper_rules.code._durable_uses import FIX

_FOLLOW = (
    "Extend a class that this repository or `{platform}` defines, or export nothing of "
    "it from the entrypoint."
)
Told = tuple[str, str]
"""A message, and how to mend what it says."""


def of_named_class(symbol: str, tie: Tie, name: str) -> Told:
    """A class that the configuration names, whatever it extends."""
    return f"The class `{symbol}` is a Durable Object: {_named_by(tie, name)}.", FIX


def of_named(name: str, what: str, tie: Tie) -> Told:
    """What is no class of the repository, and the configuration names."""
    return f"`{name}`, which is `{what}`, is a Durable Object: {_named_by(tie, name)}.", FIX


def of_unknown_class(symbol: str, entrypoint: str, base: Node, platform: str) -> Told:
    """A class that extends what nobody can follow."""
    message = (
        f"The class `{symbol}`, which the entrypoint `{entrypoint}` exports, cannot be shown "
        f"not to be a Durable Object: nobody can tell what `{spelled(base)}` is."
    )
    return message, _FOLLOW.format(platform=platform)


def of_unknown(name: str, what: str, platform: str) -> Told:
    """What is passed on from a package."""
    message = (
        f"`{name}`, which the entrypoint exports, cannot be shown not to be a Durable "
        f"Object: it is `{what}`, which is not in the repository."
    )
    return message, _FOLLOW.format(platform=platform)


def found(
    sheet: Sheet, node: Node, symbol: str, told: Told, trail: Trail | None
) -> Iterator[Finding]:
    """The finding, unless the line has it already."""
    message, fix = told
    place = Place(node.line, node.column, symbol)
    finding = sheet.finding(place, f"export {symbol}", message, symbol, fix, trail)
    yield from filter(None, [finding])


def trail_of(
    snapshot: Snapshot, tie: Tie | None, sheet: Sheet | None, name: Binding | None
) -> Trail | None:
    """From where the configuration says the name, through where the entrypoint binds it."""
    steps: list[str] = []
    if tie is not None:
        text = snapshot.read(tie.path).decode("utf-8-sig", "replace")
        line = tie.name.span.line
        steps.append(f"{tie.path}:{line}  {text.split(chr(10))[line - 1].strip()[:160]}")
    if sheet is not None and name is not None:
        steps.append(f"{sheet.path}:{name.node.line}  {sheet.text(name.node.line)}")
    return Trail(tuple(steps)) if steps else None


def _named_by(tie: Tie, name: str) -> str:
    return f"`{tie.where}` of `{tie.path}` names `{name}`"
