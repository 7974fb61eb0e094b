"""The comments of JavaScript and TypeScript as their grammars see them, or as the scanner does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper.errors import Unreadable
from gatekeeper.source.comment_sheet import Sheet, Span, blanked, line_starts
from gatekeeper.source.script_comments import BREAK, scan
from gatekeeper.source.script_symbols import Block, Symbols

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_COMMENTS = frozenset({"comment", "html_comment", "hash_bang_line"})
_LITERALS = frozenset({"string_fragment", "escape_sequence", "jsx_text", "regex_pattern"})
_BLOCKS = frozenset({"statement_block", "class_body", "interface_body", "enum_body", "switch_body"})
_BETWEEN = frozenset({"arguments", "array", "object", "formal_parameters", "program"})
_HOLDING = _BLOCKS | _BETWEEN


class _Found(NamedTuple):
    comments: list[Span]
    literals: list[Span]
    blocks: list[Block]


def comments_of(text: str, path: str, *, jsx: bool = True) -> tuple[Sheet, str]:
    """The comments, and the code alone, as `script_comments.scan` gives them.

    What no grammar reads without an error the scanner reads; raises `Unreadable` where that
    cannot either.
    """
    found = _by_grammar(text, path, jsx=jsx)
    if found is None:
        return scan(text, path, jsx=jsx)
    bare = blanked(text, sorted((*found.comments, *found.literals)))
    symbols = Symbols(bare, tuple(found.blocks))
    return Sheet(text, line_starts(text, BREAK), tuple(found.comments), symbols.at), bare


def _by_grammar(text: str, path: str, *, jsx: bool) -> _Found | None:
    from gatekeeper.source.script_gaps import is_at_loss
    from gatekeeper.source.script_grammar import parsed
    from gatekeeper.source.script_text import MARKUP, SUFFIXES, script_text

    suffix = next((each for each in SUFFIXES if path.endswith(each)), "")
    name = suffix if suffix and suffix not in MARKUP else (".js" if jsx else ".ts")
    try:
        content = text.encode()
        source, dialect = script_text(content, f"a{name}")
        tree = parsed(source, dialect, path)
        return None if is_at_loss(tree) else _placed(_gathered(tree), content)
    except (Unreadable, UnicodeEncodeError, UnicodeDecodeError):
        # A piece that ends within a letter: a line that U+2028 continues, for one.
        return None


class _Above(NamedTuple):
    """Where the statement begins that a node stands in, and whether one begins with each child."""

    begins: int
    holds: bool


def _gathered(tree: Tree) -> _Found:
    """Comments, literals and blocks by the offsets of their bytes."""
    found = _Found([], [], [])
    above = [_Above(0, holds=False)]
    cursor = tree.walk()
    while True:
        above.append(_entered(cursor.node, found, above[-1]))
        if cursor.goto_first_child():
            continue
        above.pop()
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return found
            above.pop()


def _entered(node: Node | None, found: _Found, above: _Above) -> _Above:
    """Take in a node; gives what stands above those within. To ask for its parent costs a walk."""
    if node is None:
        return above
    begin, kind = node.start_byte, node.type
    if kind in _COMMENTS:
        found.comments.append(Span(begin, node.end_byte))
    elif kind in _LITERALS:
        found.literals.append(Span(begin, node.end_byte))
    elif kind in _BLOCKS:
        found.blocks.append(Block(begin, _closed(node), above.begins))
    return _Above(begin if above.holds else above.begins, kind in _HOLDING)


def _closed(block: Node) -> int:
    """Where a block ends; the grammar puts what stands behind it on its line into it as well."""
    brackets = (each.end_byte for each in reversed(block.children) if each.type == "}")
    return next(brackets, block.end_byte)


def _placed(found: _Found, content: bytes) -> _Found:
    """The same by the offsets of characters."""
    if content.isascii():
        return found
    offsets = {0, *(each for span in _spans(found) for each in span)}
    places = _characters(sorted(offsets), content)
    return _Found(
        [Span(places[start], places[end]) for start, end in found.comments],
        [Span(places[start], places[end]) for start, end in found.literals],
        [Block(*(places[each] for each in block)) for block in found.blocks],
    )


def _spans(found: _Found) -> Iterator[tuple[int, ...]]:
    yield from found.comments
    yield from found.literals
    yield from found.blocks


def _characters(offsets: list[int], content: bytes) -> dict[int, int]:
    places = {0: 0}
    for before, after in pairwise(offsets):
        places[after] = places[before] + len(content[before:after].decode())
    return places
