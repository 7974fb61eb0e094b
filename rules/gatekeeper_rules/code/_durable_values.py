"""Which values are Durable Object classes, or modules that hold them."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.python_names import Names

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
    """Tells values apart, classes by what they extend at any distance.

    What is one stays one, whatever files are added; what is none is known until names change.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._sure: set[Value] = set()
        self._none: set[Value] = set()
        self._changes = 0
        self._called: dict[str, list[Value]] = {}
        self._files = 0

    def named(self, value: Value) -> bool:
        """Whether the value is a Durable Object by its name."""
        return is_durable_name(value)

    def __call__(self, value: Value) -> bool:
        """Whether the value is a Durable Object class."""
        if value.sort is not Sort.CLASS:
            return self.named(value)
        if self._changes != self._names.changes:
            self._changes = self._names.changes
            self._none.clear()
        came: dict[Value, Value | None] = {value: None}
        waiting = [value]
        while waiting:
            current = waiting.pop()
            if current in self._sure or self.named(current):
                self._keep(current, came)
                return True
            if current.sort is Sort.CLASS and current not in self._none:
                fresh = [each for each in self._names.bases(current) if each not in came]
                came.update((each, current) for each in fresh)
                waiting.extend(fresh)
        if self._changes == self._names.changes:
            self._none.update(came)
        return False

    def called(self, name: str) -> Sequence[Value]:
        """The classes of that dotted name, of all files: each of these files may ask."""
        if self._files != len(self._names.files):
            self._files = len(self._names.files)
            self._called.clear()
            for path, scopes in self._names.files.items():
                for number, scope in enumerate(scopes.scopes):
                    if scope.is_class and scope.symbol:
                        value = Value(Sort.CLASS, path, number)
                        self._called.setdefault(scope.symbol, []).append(value)
        return self._called.get(name, ())

    def _keep(self, found: Value, came: dict[Value, Value | None]) -> None:
        """All classes on the way to what was found are Durable Objects as well."""
        at: Value | None = found
        while at is not None:
            self._sure.add(at)
            at = came[at]
