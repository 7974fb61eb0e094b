"""A place where parts of the service can be registered by name."""

from collections.abc import Callable

PLUGINS: dict[str, Callable[..., object]] = {}


def plugin(function: Callable[..., object]) -> Callable[..., object]:
    """Register a function under its name."""
    PLUGINS[function.__name__] = function
    return function
