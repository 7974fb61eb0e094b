"""Parses scripts with tree-sitter's grammars, in bounded time."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

from gatekeeper.errors import Unreadable
from gatekeeper.source.script_gaps import is_at_loss, put_otherwise
from gatekeeper.source.script_text import Dialect

if TYPE_CHECKING:
    from tree_sitter import Language, Tree

SECONDS = 10.0
"""How long one file may take: error recovery can be slow, a whole file of 2 MB takes two."""

MOST_NODES = 1_200_000
"""More would take half a minute and a gigabyte: a bundle of one and a half megabytes."""

_PIECE = 1 << 16


def parsed(source: bytes, dialect: Dialect, path: str) -> Tree:
    """The syntax tree; where the dialect has errors and another has none, that one's.

    Raises `Unreadable` where it takes too long.
    """
    tree = _parsed(source, dialect, path)
    if (count := tree.root_node.descendant_count) > MOST_NODES:
        raise Unreadable(path, f"it has {count:,} pieces of code; {MOST_NODES:,} are read at most")
    for other in _OTHERS[dialect] if is_at_loss(tree) else ():
        again = _parsed(source, other, path)
        if not is_at_loss(again):
            return again
    return _without_gaps(tree, source, dialect, path) if is_at_loss(tree) else tree


def _without_gaps(tree: Tree, source: bytes, dialect: Dialect, path: str) -> Tree:
    """The tree with what the grammars do not know put otherwise, if that has no errors."""
    known = put_otherwise(source, tree)
    if known is None:
        return tree
    again = _parsed(known, dialect, path)
    return tree if is_at_loss(again) else again


_OTHERS = {
    Dialect.JAVASCRIPT: (Dialect.TSX,),
    Dialect.TYPESCRIPT: (Dialect.TSX,),
    Dialect.TSX: (Dialect.TYPESCRIPT,),
}


def _parsed(source: bytes, dialect: Dialect, path: str) -> Tree:
    from tree_sitter import Parser, Point

    end = time.monotonic() + SECONDS

    def read(offset: int, _: Point) -> bytes:
        return source[offset : offset + _PIECE]

    def is_late(_offset: int, _failed: bool) -> bool:
        return time.monotonic() > end

    try:
        return Parser(_language(dialect)).parse(read, progress_callback=is_late)
    except ValueError:
        raise Unreadable(path, f"it takes more than {SECONDS:.0f} seconds to parse") from None


@cache
def _language(dialect: Dialect) -> Language:
    import tree_sitter

    if dialect is Dialect.JAVASCRIPT:
        import tree_sitter_javascript

        return tree_sitter.Language(tree_sitter_javascript.language())
    import tree_sitter_typescript

    if dialect is Dialect.TSX:
        return tree_sitter.Language(tree_sitter_typescript.language_tsx())
    return tree_sitter.Language(tree_sitter_typescript.language_typescript())
