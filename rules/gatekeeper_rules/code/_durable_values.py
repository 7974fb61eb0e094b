"""Which values are Durable Object classes, or modules that hold them."""

from __future__ import annotations

from gatekeeper.source.python_names import Names
from gatekeeper.source.python_values import Sort, Value

# Where Cloudflare's Python SDK and runtime keep the class (workers-runtime-sdk 1.9).
PLATFORM = frozenset(
    {
        "workers",
        "workers.entrypoints",
        "cloudflare:workers",
        "_pyodide_entrypoint_helper.cloudflareWorkersModule",
    }
)
OUTSIDE = frozenset({"workers", "django_cf"})
ROOTS = frozenset({"_pyodide_entrypoint_helper", "cloudflare:workers", "js", "pyodide", "workers"})
"""Modules whose import shows that a file is code of a Worker."""

_FAMILY = "DurableObject"
_ONLY_FOR_THEM = ("cloudflare:durable-objects.", "django_cf.db.backends.do.")


def is_platform(value: Value) -> bool:
    """Whether this is a module from which the class can be taken."""
    return value.sort is Sort.EXTERNAL and value.text in PLATFORM


def is_names_of_platform(value: Value) -> bool:
    """Whether this is `vars(workers)` or `workers.__dict__`."""
    return value.sort is Sort.NAMESPACE and value.of is not None and is_platform(value.of)


def comes_from_platform(value: Value) -> bool:
    """Whether this is the platform's, JavaScript's, or something that belongs to either."""
    return value.sort is Sort.EXTERNAL and value.text.partition(".")[0] in ROOTS


def is_of_durable_module(value: Value) -> bool:
    """Whether this is something of a module that is there for Durable Objects only."""
    return value.sort is Sort.EXTERNAL and f"{value.text}.".startswith(_ONLY_FOR_THEM)


def is_durable_name(value: Value) -> bool:
    """Whether this is the platform's class, one of its types, or a wrapper's by that name."""
    if value.sort is not Sort.EXTERNAL:
        return False
    owner, _, name = value.text.removesuffix("[]").rpartition(".")
    if not owner or "(" in name:
        return False
    return name.startswith(_FAMILY) or name.endswith(_FAMILY)


class Durable:
    """Tells values apart, classes by what they extend at any distance."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def named(self, value: Value) -> bool:
        """Whether the value is a Durable Object by its name."""
        return is_durable_name(value)

    def __call__(self, value: Value) -> bool:
        """Whether the value is a Durable Object class."""
        waiting, seen = [value], set[Value]()
        while waiting:
            current = waiting.pop()
            if self.named(current):
                return True
            if current.sort is Sort.CLASS and current not in seen:
                seen.add(current)
                waiting.extend(self._names.bases(current))
        return False
