"""What is wrong with a module of the platform or of Node, and with a name taken from it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

from gatekeeper_rules.code._node_compat import (
    NO_DATE,
    Compat,
    Mode,
    Presence,
    Standing,
    builtin,
)
from gatekeeper_rules.code._platform_tables import node_table, platform_table

DEFAULT = "default"
WHOLE = "*"
_CLOUDFLARE = "cloudflare:"
_IN_TESTS = "cloudflare:test"
_INTERNAL = ("cloudflare-internal:", "node-internal:", "workerd:")
_ALIKE = 0.75
_OTHERS = frozenset({"", WHOLE, DEFAULT})


class Fault(NamedTuple):
    """What is wrong, and what to do about it; `whole` where it is the module, whatever is taken."""

    message: str
    fix: str
    whole: bool = False


@lru_cache(4096)
def fault_of(specifier: str, name: str, compat: Compat, *, erased: bool) -> Fault | None:
    """What is wrong with taking a name (`*`: the whole, empty: none) from a module.

    `erased` says that TypeScript leaves out the name where it is only used as a type.
    """
    if specifier.startswith(_INTERNAL):
        fix = "Use what `cloudflare:workers` offers."
        return Fault(f"`{specifier}` is not for Workers", fix, whole=True)
    if specifier.startswith(_CLOUDFLARE):
        return _of_platform(specifier, name, erased=erased)
    asked = builtin(specifier)
    if asked is None:
        return None
    module, bare = asked
    standing = compat.standing(module, bare=bare)
    if standing.presence is Presence.ABSENT:
        return _absent(specifier, module, compat)
    return _of_node(specifier, name, standing)


def _of_platform(specifier: str, name: str, *, erased: bool) -> Fault | None:
    table = platform_table()
    if specifier == _IN_TESTS:
        message = f"`{specifier}` is there in tests only"
        return Fault(message, "Take it out of what the Worker is built of.", whole=True)
    module = table.modules.get(specifier)
    if module is None:
        near = _near(specifier, table.modules)
        message = f"the platform has no module `{specifier}`"
        return Fault(message, near or f"It has {_listed(table.modules)}.", whole=True)
    if name in ("", WHOLE) or name in module.names:
        return None
    if name in module.types:
        if erased:
            return None
        message = f"`{name}` of `{specifier}` is a type: there is no such value"
        return Fault(message, "Write `import type`, or take what is a value.")
    return Fault(f"`{specifier}` exports no `{name}`", _elsewhere(name, specifier))


def _elsewhere(name: str, specifier: str) -> str:
    """Where the platform does have a name, or what is called nearly so."""
    table = platform_table()
    for other, module in table.modules.items():
        if other != specifier and name in module.names | module.types:
            return f"It is in `{other}`."
    names = table.modules[specifier].names
    if name == DEFAULT:
        return "Take a name, or all of it: `import * as …`."
    return _near(name, names) or f"It exports {_listed(names)}."


def _absent(specifier: str, module: str, compat: Compat) -> Fault:
    table = node_table()
    if module not in table.modules:
        known = frozenset(f"node:{each}" for each in table.modules)
        fix = _near(specifier, known) or "Use another module; the platform does not have this one."
        return Fault(f"the platform has no module `{specifier}`", fix)
    date = "no compatibility date" if compat.date == NO_DATE else f"date {compat.date}"
    message = f"`{specifier}` is not there with {date}: {_why(module, compat)}"
    return Fault(message, _mend(module, compat), whole=True)


def _why(module: str, compat: Compat) -> str:
    if compat.mode is Mode.NONE:
        return "no flag asks for the modules of Node"
    if compat.mode is Mode.CONTEXT:
        return "`nodejs_als` brings nothing but `node:async_hooks`"
    held = node_table().modules[module]
    off = [each.disable for each in held.switches or () if each.disable in compat.flags]
    if off:
        return f"the flag `{off[0]}` takes it away"
    return f"before {node_table().v2} only some modules are there, and only as `node:`"


def _mend(module: str, compat: Compat) -> str:
    held = node_table().modules[module]
    off = [each.disable for each in held.switches or () if each.disable in compat.flags]
    if off:
        return f"Remove the flag `{off[0]}`, or the import."
    return (
        f"Add the flag `nodejs_compat` and a compatibility date from {node_table().v2} on, "
        "or do without the module."
    )


def _of_node(specifier: str, name: str, standing: Standing) -> Fault | None:
    surface = standing.surface
    if surface is None:
        return None
    if standing.presence is Presence.STUB and name in (WHOLE, DEFAULT):
        message = f"`{specifier}` is only a stub on the platform: what is called in it throws"
        return Fault(message, "Do the work without it.")
    if name in surface.throws:
        is_told = standing.presence is Presence.STUB
        message = f"`{name}` of `{specifier}` is only a stub on the platform: it throws"
        return Fault(message, "Do the work without it.", whole=is_told)
    if name in _OTHERS or surface.names is None or name in surface.names:
        return None
    fix = _near(name, surface.names) or "Take what the module has on the platform."
    return Fault(f"`{specifier}` exports no `{name}` on the platform", fix)


def _near(word: str, known: Iterable[str]) -> str:
    found = get_close_matches(word, sorted(known), 1, _ALIKE)
    return f"Did you mean `{found[0]}`?" if found else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names) if not each.startswith("_"))
