"""Which bases of a Python class are known to be, or not to be, a Durable Object."""

from __future__ import annotations

import sys

from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import NOT_KNOWN, Sort, Value, Values
from gatekeeper.source.python_names import UNDEFINED, Names
from gatekeeper_rules.code._durable_heritage import Heritage
from gatekeeper_rules.code._durable_values import OUTSIDE, ROOTS

# What Workers and their tools extend, and no Durable Object is in: the classes of these packages
# (those that Pyodide brings and PyPI's most used), and what their functions make.
_WELL_KNOWN = frozenset(
    (
        *("aiohttp", "anthropic", "anyio", "attr", "attrs", "authlib", "beautifulsoup4", "boto3"),
        *("botocore", "bs4", "cattrs", "celery", "click", "dateutil", "django", "dspy", "fastapi"),
        *("fastmcp", "flask", "google", "graphene", "httpx", "jinja2", "jsonschema", "jwt"),
        *("langchain", "langchain_community", "langchain_core", "langgraph", "litellm", "lxml"),
        *("markdown", "markdown_it", "marshmallow", "mashumaro", "mcp", "msgspec", "ninja"),
        *("numpy", "ormar", "openai", "pandas", "peewee", "PIL", "polars", "pydantic"),
        *("pydantic_ai", "pydantic_core", "pydantic_settings", "pytest", "redis", "requests"),
        *("rest_framework", "rich", "sklearn", "sqlalchemy", "sqlmodel", "starlette"),
        *("strawberry", "structlog", "tenacity", "torch", "tortoise", "typer", "typing_extensions"),
        *("unittest", "urllib3", "werkzeug", "wtforms", "yaml", "zeep"),
    )
)
_MAKES_CLASSES = frozenset(
    {
        "collections.namedtuple",
        "dataclasses.make_dataclass",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "typing.NamedTuple",
        "typing.NewType",
        "typing.TypedDict",
    }
)
_HOLDS_ANYTHING = ("sys.modules", "builtins.__dict__")
_NO_CLASSES = frozenset(
    {Sort.FUNCTION, Sort.GETTER, Sort.METHOD, Sort.MODULE, Sort.NAMESPACE, Sort.NUMBER, Sort.TEXT}
)
_OURS = frozenset(sys.stdlib_module_names) | ROOTS | OUTSIDE
"""Modules of which it is known what is a Durable Object: its name says so."""


class PythonHeritage(Heritage):
    """As for scripts; what a factory of the repository is given is looked at where it is called."""

    def __init__(self, names: Names) -> None:
        super().__init__(names, is_known)

    def is_followed(self, values: Values, path: str, scope: int, base: Node) -> bool:
        """Whether a base, which stands for these values, leads to what is known."""
        if self.is_given(path, scope, base):
            return all(map(is_known, values - NOT_KNOWN))
        if any(map(_is_platforms, values)):
            return True  # what else it may be is of a copy of the platform's SDK in the tree
        if not super().is_followed(values, path, scope, base):
            return False
        is_made = base.kind is Kind.CALL and any(each.sort is Sort.CLASS for each in values)
        given = (self.names.values(path, scope, each) for each in base.parts[1:] if is_made)
        return all(is_known(each) for values in given for each in values - NOT_KNOWN)


def _is_platforms(value: Value) -> bool:
    is_ours = value.sort is Sort.EXTERNAL and value.text.partition(".")[0] in OUTSIDE
    return is_ours and is_known(value)


def is_known(value: Value) -> bool:
    """Whether it can be told that this is, or is not, a Durable Object.

    What is no class is none: it is the condition of a choice, since nothing can extend it.
    """
    if value.sort is Sort.CLASS or value.sort in _NO_CLASSES:
        return True
    if value.sort is not Sort.EXTERNAL or value.text.startswith(_HOLDS_ANYTHING):
        return False
    root, _, _ = value.text.partition(".")
    if root in _WELL_KNOWN:
        return True
    called = value.text.partition("(")[0]
    if called != value.text:
        return called in _MAKES_CLASSES
    return root != UNDEFINED and root in _OURS
