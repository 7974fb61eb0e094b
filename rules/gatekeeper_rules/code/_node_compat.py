"""Which modules of Node a Worker has, by its compatibility date and flags."""

from __future__ import annotations

import re
from enum import Enum

from gatekeeper.value import dataclass
from gatekeeper_rules.code._platform_tables import NodeModule, Surface, Switch, node_table

PREFIX = "node:"
NO_DATE = "2000-01-01"
_DATE = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$")
_CONTEXT = "async_hooks"


class Mode(Enum):
    """How much of Node there is (wrangler 4, `resolveNodejsCompat`)."""

    NONE = "nothing of Node"
    CONTEXT = "only AsyncLocalStorage (`nodejs_als`)"
    RUNTIME = "what workerd has itself, as `node:`"
    FULL = "what workerd has, and polyfills for the rest"


class Presence(Enum):
    """What there is of a module."""

    NATIVE = "workerd's own"
    POLYFILL = "a polyfill"
    STUB = "a stub: it can be imported, and throws when it is used"
    ABSENT = "not there"


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of a module, and what it gives."""

    presence: Presence
    surface: Surface | None = None


@dataclass(frozen=True, slots=True)
class Compat:
    """A compatibility date, as `YYYY-MM-DD`, and the flags beside it."""

    date: str
    flags: frozenset[str]

    @property
    def mode(self) -> Mode:
        """How much of Node there is."""
        table = node_table()
        default = self.date >= table.default
        compat = "nodejs_compat" in self.flags or (default and "no_nodejs_compat" not in self.flags)
        since = default or (compat and self.date >= table.v2)
        if "nodejs_compat_v2" in self.flags or (since and "no_nodejs_compat_v2" not in self.flags):
            return Mode.FULL
        if compat:
            return Mode.RUNTIME
        return Mode.CONTEXT if "nodejs_als" in self.flags else Mode.NONE

    @property
    def is_beyond(self) -> bool:
        """Whether the date is later than what the table knows."""
        return self.date > node_table().until

    def standing(self, module: str, *, bare: bool) -> Standing:
        """What there is of a module of Node, asked for with or without `node:`."""
        held = node_table().modules.get(module)
        mode = self.mode
        if held is None or mode is Mode.NONE or (bare and not held.bare):
            return Standing(Presence.ABSENT)
        if mode is Mode.FULL:
            return self._full(held)
        if bare or (mode is Mode.CONTEXT and module != _CONTEXT):
            return Standing(Presence.ABSENT)
        return self._own(held)

    def _full(self, held: NodeModule) -> Standing:
        if held.switches is not None and all(map(self._is_on, held.switches)):
            return _standing(Presence.NATIVE, held.native)
        if held.polyfill is not None:
            return _standing(Presence.POLYFILL, held.polyfill)
        return self._own(held)

    def _own(self, held: NodeModule) -> Standing:
        """What workerd has without the help of the bundler."""
        is_there = held.runtime == "always" or (
            held.runtime == "switched"
            and held.switches is not None
            and all(map(self._is_on, held.switches))
        )
        return _standing(Presence.NATIVE, held.native) if is_there else Standing(Presence.ABSENT)

    def _is_on(self, switch: Switch) -> bool:
        on = switch.enable in self.flags or self.date >= switch.since
        return on and switch.disable not in self.flags


def _standing(presence: Presence, surface: Surface | None) -> Standing:
    is_stub = surface is not None and surface.stub
    return Standing(Presence.STUB if is_stub else presence, surface)


def is_date(text: str) -> bool:
    """Whether a text is a date as wrangler wants it."""
    return bool(_DATE.match(text))


def builtin(specifier: str) -> tuple[str, bool] | None:
    """The module of Node that a specifier names, and whether without `node:`; None for others."""
    if specifier.startswith(PREFIX):
        return specifier.removeprefix(PREFIX), False
    held = node_table().modules.get(specifier)
    return (specifier, True) if held is not None and held.bare else None
