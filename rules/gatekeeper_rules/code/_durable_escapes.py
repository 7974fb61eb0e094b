"""Where the platform's module gets out of sight, so that nobody can tell what is taken from it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.code_scopes import Use
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Sort, Value
from gatekeeper_rules.code._durable_sheet import Place, spelled
from gatekeeper_rules.code._durable_values import (
    PLATFORM,
    comes_from_platform,
    is_names_of_platform,
    is_platform,
)
from gatekeeper_rules.code._durable_view import View

_HARMLESS = frozenset(
    f"builtins.{name}"
    for name in ("getattr", "hasattr", "vars", "isinstance", "print", "repr", "str", "bool", "id")
) | {"importlib.reload", "inspect.getattr_static", "typing.cast"}
_GETS = frozenset({"get", "__getitem__", "pop", "setdefault"})
_LISTS = frozenset({"as_object_map", "as_py_json", "object_entries", "object_values", "to_py"})
_QUIET = frozenset(
    {
        Kind.ASSIGN,
        Kind.DECLARE,
        Kind.PARAMETER,
        Kind.RETURN,
        Kind.TAKE,
        Kind.AWAIT,
        Kind.SUBSCRIPT,
        Kind.GROUP,
        Kind.MODULE,
        Kind.ANNOTATION,
    }
)
_EXPRESSIONS = frozenset({Kind.NAME, Kind.ATTRIBUTE, Kind.CALL, Kind.SUBSCRIPT})


def escapes(view: View) -> Iterator[Doubt]:
    """A doubt for each place where the module is enumerated, or handed to unknown code."""
    if view.at is not None:
        yield from _kept(view, view.at)
    for use in view.leading:
        if use.node.kind in _EXPRESSIONS:
            reason = _unresolved(view, use.node, use.scope) or _handed_on(view, use)
            if reason:
                yield Doubt(reason, view.sheet.path, view.place(use.node, use.scope).line)


def _kept(view: View, at: Place) -> Iterator[Doubt]:
    """A doubt where code in a string imports the module: nobody sees who uses its names."""
    for binding, _ in view.scopes.imports:
        if any(map(is_platform, view.names.taken(view.path, binding))):
            reason = "what becomes of the platform's module that this string imports is not known"
            yield Doubt(reason, view.sheet.path, at.line)


def _unresolved(view: View, node: Node, scope: int) -> str:
    """What to say where a name is taken that only running could tell."""
    name = _taken_by_name(view, node, scope)
    if name is None or view.texts(name, scope)[1]:
        return ""
    return f"which name `{spelled(node)}` takes from the platform's module cannot be told"


def _taken_by_name(view: View, node: Node, scope: int) -> Node | None:
    """The node that names what is taken from the platform's module."""
    if node.kind is Kind.SUBSCRIPT:
        owner, name = node.parts
        return name if any(_is_open(view, each) for each in view.values(owner, scope)) else None
    if read := view.read_by_name(node, scope):
        owner, name = read
        return name if any(map(is_platform, view.values(owner, scope))) else None
    if node.kind is Kind.CALL and len(node.parts) > 1:
        for value in view.values(node.parts[0], scope):
            whose = value.of if value.sort is Sort.METHOD and value.text in _GETS else None
            if whose is not None and _is_open(view, whose):
                return node.parts[1]
    return None


def _is_open(view: View, value: Value) -> bool:
    """Whether the class could be taken out of this by its name."""
    if is_platform(value) or is_names_of_platform(value):
        return True
    if comes_from_platform(value):
        return value.text.endswith(".__globals__")
    return _is_star(view, value)


def _is_star(view: View, value: Value) -> bool:
    """Whether these are the names of a file into which a star brings all of the platform's."""
    if value.sort is not Sort.NAMESPACE or value.of is None or value.of.sort is not Sort.MODULE:
        return False
    files = [view.names.files[path] for path in (value.of.text,) if path in view.names.files]
    return any(each.module in PLATFORM for file in files for each in file.stars)


def _handed_on(view: View, use: Use) -> str:
    """What to say where the module, or all its names, go where they cannot be followed."""
    node, scope, parent = use
    values = view.values(node, scope)
    all_names = any(is_names_of_platform(each) or _is_star(view, each) for each in values)
    if not all_names and not any(map(is_platform, values)):
        return ""
    if parent.kind is Kind.RETURN and _is_special(view.scopes.scopes[scope].symbol):
        return f"what becomes of the platform's module `{spelled(node)}` cannot be followed"
    if parent.kind in _QUIET or (parent.kind is Kind.OTHER and parent.parts):
        return ""
    taken = parent.kind is Kind.ATTRIBUTE and parent.text not in _LISTS
    if taken and (not all_names or parent.text in _GETS):
        return ""
    if parent.kind is Kind.CALL and _is_harmless(view, parent, node, scope):
        return ""
    return f"what becomes of the platform's module `{spelled(node)}` cannot be followed"


def _is_special(symbol: str) -> bool:
    """Whether a method is called by Python itself, so that no call of it can be seen."""
    owner, _, name = symbol.rpartition(".")
    return bool(owner) and name.startswith("__") and name.endswith("__")


def _is_harmless(view: View, call: Node, argument: Node, scope: int) -> bool:
    if call.parts[0] is argument:
        return True
    functions = view.all_values(call.parts[0], scope)
    return bool(functions) and all(
        each.sort is Sort.GETTER or each.text in _HARMLESS for each in functions
    )
