"""What a package file (`__init__.py`) above a module makes of the imports of that module."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gatekeeper import Change, Snapshot, Unreadable
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import PYTHON

Statement = tuple[tuple[Kind, str], ...]

_TRICKS = ("__path__", "extend_path", "declare_namespace")
_NAMESPACES = frozenset({"globals", "locals", "vars"})
_SCOPES = frozenset({Kind.FUNCTION, Kind.CLASS, Kind.LAMBDA})


def steering(change: Change, path: str, children: frozenset[str]) -> str | None:
    """What the package file now says that sends imports of its `children` elsewhere.

    `from package import child` gives what the package binds to that name, and only where
    there is none the module. What cannot be read could say anything.
    """
    try:
        before, after = _tree(change.base, path), _tree(change.head, path)
    except Unreadable as unreadable:
        return f"was changed, and cannot be read: {unreadable.reason}"
    known = Counter(map(_said, before.parts))
    for statement in after.parts:
        known[_said(statement)] -= 1
        if known[_said(statement)] >= 0:
            continue
        if any(trick in node.text for node in walk(statement) for trick in _TRICKS):
            return "now sets where the package looks for its modules"
        for child in sorted(children.intersection(_bound(statement))):
            return f"now says what {child} is, or a part of it, and imports of the module get that"
    return None


def _tree(snapshot: Snapshot, path: str) -> Node:
    return snapshot.facts(PYTHON, path).tree


def _said(statement: Node) -> Statement:
    return tuple((node.kind, node.text) for node in walk(statement))


def _bound(statement: Node) -> Iterator[str]:
    """The names that a statement binds in the module, but those it takes from their modules."""
    waiting = [statement]
    while waiting:
        node = waiting.pop()
        yield from _binds(node)
        waiting.extend(_inside(node))


def _binds(node: Node) -> Iterator[str]:
    if node.kind in _SCOPES:
        yield node.text
        yield from _global(node)
    elif node.kind is Kind.CAPTURE:
        yield node.text
    elif node.kind is Kind.IMPORT:
        yield from _of_import(node)
    elif node.kind is Kind.FROM:
        yield from _of_from(node)
    elif node.kind in (Kind.ASSIGN, Kind.TAKE):
        yield from (name for target in node.parts[1:] for name in _set(target))
    elif node.kind is Kind.DECLARE:
        yield node.parts[0].text


def _inside(node: Node) -> Iterable[Node]:
    """Where a piece of code can bind names of the module besides itself: `x = (y := 1)`."""
    if node.kind in (*_SCOPES, Kind.IMPORT, Kind.FROM, Kind.CAPTURE):
        return ()
    if node.kind is Kind.COMPREHENSION:
        # What it goes through is its own; `:=` in it is the module's.
        return (part for part in walk(node) if part.kind is Kind.ASSIGN)
    if node.kind in (Kind.ASSIGN, Kind.TAKE):
        return node.parts[:1]
    return node.parts[1:] if node.kind is Kind.DECLARE else node.parts


def _global(scope: Node) -> Iterator[str]:
    """The names of the module that a function sets."""
    for node in walk(scope):
        if node.kind is Kind.GLOBAL:
            yield from (part.text for part in node.parts)


def _set(target: Node) -> Iterator[str]:
    """The names in a target; `globals()["name"]` is one as well."""
    names = [part.text for part in walk(target) if part.kind is Kind.NAME]
    yield from names
    if target.kind is Kind.SUBSCRIPT and not _NAMESPACES.isdisjoint(names):
        yield from (part.text for part in target.parts if part.kind is Kind.STRING)


def _of_import(node: Node) -> Iterator[str]:
    name, module = (node.parts[0].text if node.parts else ""), node.text.rpartition(".")[2]
    if name and name != module:
        yield name


def _of_from(node: Node) -> Iterator[str]:
    module = node.text.rpartition(".")[2]
    for alias in node.parts:
        name = alias.parts[0].text if alias.parts else alias.text
        own = name == module or (name == alias.text and not node.text.strip("."))
        if not own:
            yield name
