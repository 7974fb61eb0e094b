"""A script's code as it is run: what only types see is imported and exported by nobody."""

from __future__ import annotations

from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.script_frame import EXPORT

_HOLDS = frozenset({Kind.MODULE, Kind.OTHER, Kind.GROUP})


def without_types(tree: Node) -> Node:
    """The tree without its imports and exports of types; what is nested in blocks stays."""
    if tree.kind not in _HOLDS:
        return tree
    kept = (NOTHING if _is_of_types(part) else without_types(part) for part in tree.parts)
    return tree._replace(parts=tuple(part for part in kept if part != NOTHING))


def _is_of_types(node: Node) -> bool:
    if node.kind is Kind.IMPORT:
        return bool(node.parts[1:])
    if node.kind is Kind.FROM:
        return all(bool(alias.parts[1:]) for alias in node.parts)
    if node.kind is not Kind.ASSIGN:
        return False
    target = node.parts[-1]
    return target.kind is Kind.NAME and target.text.startswith(EXPORT) and bool(target.parts)
