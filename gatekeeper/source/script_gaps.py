"""What TypeScript allows and its grammar does not know, put so that the rest can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gatekeeper.source.code_tree import Kind, Node

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax
    from tree_sitter import Tree

# tree-sitter-typescript 0.23 takes `import("m").T` for a call, which can be no type where
# `<…>`, `[]` or `["member"]` follow.
_IMPORT = re.compile(r"""import\s*\(\s*(?:"([^"\n\\]*)"|'([^'\n\\]*)')\s*,?\s*\)""")
_IMPORTS = re.compile(rb"\b" + _IMPORT.pattern.encode())
# It knows the attributes of an import, and not those of what is passed on.
_ATTRIBUTES = re.compile(
    rb"""(\bfrom\s*(?:"[^"\n]*"|'[^'\n]*'))(\s*(?:with|assert)\s*\{[^{}]{0,200}\})"""
)
_CODE = re.compile(rb"[^\r\n]")
_JSX = frozenset({"jsx_element", "jsx_fragment"})


def put_otherwise(source: bytes, tree: Tree) -> bytes | None:
    """The source with what no grammar knows as something else; None where there is none.

    As many bytes, each in its place: `import("m")` is a name, which `imported` understands;
    what stands behind `with`, and a bare `&` in the text of JSX, are spaces. It is meant to be
    read only if it then has no errors left.
    """
    plain = _ATTRIBUTES.sub(lambda found: found[1] + _CODE.sub(b" ", found[2]), source)
    held = bytearray(_IMPORTS.sub(lambda found: b"_" * len(found[0]), plain))
    for start in _ampersands(tree.root_node):
        held[start : start + 1] = b" "
    return None if held == source else bytes(held)


def imported(line: int, column: int, text: str) -> Node | None:
    """The call that a name stands for whose text is `import("m")`."""
    found = _IMPORT.fullmatch(text) if text.startswith("import") else None
    if found is None:
        return None
    specifier = Node(Kind.STRING, line, column, found[1] or found[2] or "", ())
    return Node(
        Kind.CALL, line, column, "", (Node(Kind.NAME, line, column, "import", ()), specifier)
    )


def is_at_loss(tree: Tree) -> bool:
    """Whether a grammar could not read everything.

    That it would have a `!` between the types and the template of `` sql<Row>`SELECT 1` ``
    keeps nothing from being read.
    """
    return any(not node.is_missing or node.type != "!" for node in _errors(tree.root_node))


def _ampersands(root: Syntax) -> Iterator[int]:
    """Where an error in the text of JSX begins with `&`."""
    for node in _errors(root):
        if node.parent is not None and node.parent.type in _JSX:
            yield from (node.start_byte,) if (node.text or b"").startswith(b"&") else ()


def _errors(root: Syntax) -> Iterator[Syntax]:
    waiting = [root] if root.has_error else []
    while waiting:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            yield node
        waiting.extend(each for each in node.children if each.has_error)
