"""A place where parts of the service can be registered by name."""

from collections.abc import Callable
from typing import Any

PLUGINS: dict[str, Callable[..., Any]] = {}


def plugin(function: Callable[..., Any]) -> Callable[..., Any]:
    """Register a function under its name."""
    PLUGINS[function.__name__] = function
    return function
