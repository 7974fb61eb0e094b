"""Scripts of production that hold certain words."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper import Snapshot
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_classes import NEEDLE

SUFFIXES = (
    *(".astro", ".cjs", ".cts", ".js", ".jsx"),
    *(".mjs", ".mts", ".svelte", ".ts", ".tsx", ".vue"),
)


def scripts_saying(snapshot: Snapshot, words: Iterable[bytes] = (NEEDLE,)) -> tuple[str, ...]:
    """The scripts of production that hold one of the words; declarations of types do not count."""
    return tuple(
        path
        for path in snapshot.containing(tuple(words))
        if path.endswith(SUFFIXES)
        and not path.endswith(".d.ts")
        and role_of(path) is Role.PRODUCTION
        and ".test." not in path
        and ".spec." not in path
    )
