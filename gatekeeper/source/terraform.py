"""The strings of Terraform's files, each with the keys that it stands under."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source import jsonc
from gatekeeper.source.located import Array, Member, Span, Table
from gatekeeper.source.located import Node as Data
from gatekeeper.source.terraform_values import LETTER, PUTS_TOGETHER, Values, called, letter

if TYPE_CHECKING:
    from tree_sitter import Language, Node

SUFFIXES = (".tf", ".tofu", ".tfvars", ".hcl", ".tf.json", ".tofu.json", ".tfvars.json")
_MOST = 2_000_000
_DEEPEST = 100
_CALL = "function_call"
_STRINGS = frozenset({"string_lit", "quoted_template", "heredoc_template"})


class Said(NamedTuple):
    """A string under its keys, or a key alone (`text` is None): of blocks, attributes, objects.

    `block` is the outermost block as it is written: `resource cloudflare_workers_script api`.
    Of a template `text` is what it says for certain, put together. Places count from 1.
    """

    block: str
    keys: tuple[str, ...]
    text: str | None
    line: int
    column: int


class Terraform(NamedTuple):
    """What a file says, in order, and the lines that its grammar cannot read.

    `opened` is what it puts together, by functions and templates, from more than its own constants.
    """

    said: tuple[Said, ...]
    faults: tuple[int, ...]
    opened: tuple[Said, ...] = ()


class _TooDeep(Exception):
    """Keys stand under more keys than are followed: each string would repeat them all."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def is_terraform(path: str) -> bool:
    """Whether a file's name says that Terraform, OpenTofu or Terragrunt reads it."""
    return path.lower().endswith(SUFFIXES)


def _read(content: bytes, path: str) -> Terraform:
    if path.lower().endswith(".json"):
        return Terraform(tuple(_in_json(jsonc.parse(content, path), (), None)), ())
    if len(content) > _MOST:
        raise Unreadable(path, f"it has {len(content):,} bytes; {_MOST:,} are read at most")
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(path, "it is not UTF-8", line) from None
    import tree_sitter

    tree = tree_sitter.Parser(_language()).parse(content)
    faults: list[int] = []
    opened: list[Said] = []
    try:
        said = tuple(_in_tree(tree.root_node, faults, opened))
    except _TooDeep as deep:
        raise Unreadable(path, f"it is more than {_DEEPEST} levels deep", deep.line) from None
    return Terraform(said, tuple(dict.fromkeys(faults)), tuple(opened))


@cache
def _language() -> Language:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Language(tree_sitter_hcl.language())


def _in_tree(root: Node, faults: list[int], opened: list[Said]) -> Iterator[Said]:
    values = Values(root)
    waiting: list[tuple[Node, str, tuple[str, ...]]] = [(root, "", ())]
    while waiting:
        node, block, keys = waiting.pop()
        _note_fault(node, faults)
        if node.type in _STRINGS or node.type == _CALL:
            made = values.text(node)
            if made is None and _puts_together(node):
                opened.append(_said(node, block, keys, _text(node)))
            if made is not None or node.type in _STRINGS:
                yield _said(node, block, keys, _text(node) if made is None else made)
                continue
        if key := _key(node):
            if len(keys) >= _DEEPEST:
                raise _TooDeep(node.start_point.row + 1)
            keys = (*keys, key)
            block = block or (_label(node) if node.type == "block" else "")
            yield _said(node, block, keys, None)
        waiting.extend((each, block, keys) for each in reversed(_held(node)))


def _note_fault(node: Node, faults: list[int]) -> None:
    if node.type == "ERROR" or node.is_missing:
        faults.append(node.start_point.row + 1)


def _puts_together(node: Node) -> bool:
    if node.type == _CALL:
        return called(node)[0] in PUTS_TOGETHER
    return any(each.type == "template_interpolation" for each in node.children)


def _said(node: Node, block: str, keys: tuple[str, ...], text: str | None) -> Said:
    return Said(block, keys, text, node.start_point.row + 1, node.start_point.column + 1)


def _key(node: Node) -> str:
    if node.type in ("attribute", "block") and node.children:
        return _plain(node.children[0])
    if node.type == "object_elem" and (key := node.child_by_field_name("key")):
        return _text(key) or _plain(key)
    return ""


def _held(node: Node) -> list[Node]:
    """What stands in a node besides its key and labels."""
    if node.type == "object_elem":
        value = node.child_by_field_name("val")
        return [] if value is None else [value]
    if node.type == "block":
        return [each for each in node.children if each.type not in ("identifier", "string_lit")]
    return list(node.children)


def _label(node: Node) -> str:
    names = (each for each in node.children if each.type in ("identifier", "string_lit"))
    return " ".join(_text(each) or _plain(each) for each in names)


def _plain(node: Node) -> str:
    return (node.text or b"").decode()


def _text(node: Node) -> str:
    """The literal pieces of a string, also of those that are put into it."""
    pieces: list[str] = []
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "template_literal":
            pieces.append(LETTER.sub(letter, _plain(current)))
        waiting.extend(reversed(current.children))
    return "".join(pieces)


def _in_json(node: Data, keys: tuple[str, ...], at: Span | None) -> Iterator[Said]:
    block = " ".join(keys[:3])
    if isinstance(node, Table):
        for member in node:
            yield from _of_member(member, keys, block)
    elif isinstance(node, Array):
        for item in node.items:
            yield from _in_json(item, keys, at)
    elif isinstance(node.value, str):
        yield Said(block, keys, node.value, node.span.line, node.span.column)


def _of_member(member: Member, keys: tuple[str, ...], block: str) -> Iterator[Said]:
    here = (*keys, member.key)
    yield Said(block, here, None, member.key_span.line, member.key_span.column)
    yield from _in_json(member.value, here, member.key_span)


TERRAFORM: Extractor[Terraform] = Extractor("terraform", 2, _read)
"""Raises `Unreadable` for what is no text, too large, or (`.json`) no JSON."""
