"""The code of a script as a small tree, the one that Python's readers make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper.source import script_expressions as expressions
from gatekeeper.source import script_functions as functions
from gatekeeper.source import script_patterns as patterns
from gatekeeper.source import script_statements as statements
from gatekeeper.source.code_tree import NOTHING, Kind, Node
from gatekeeper.source.script_frame import Frame, Part, several
from gatekeeper.source.script_gaps import imported
from gatekeeper.source.script_strings import name_of

if TYPE_CHECKING:
    from tree_sitter import Tree, TreeCursor

Build = Callable[[Frame], Node]

_LINE_END = re.compile(rb"\r\n|\n")
_BEHIND = re.compile(rb"[\x80-\xbf]")


class Read(NamedTuple):
    """The code of a script, and the lines (from 1) where its grammar was at a loss."""

    tree: Node
    faults: tuple[int, ...]


def read_tree(tree: Tree, source: bytes) -> Read:
    """Turn a syntax tree into code, however deep it is."""
    return _Reader(source).read(tree)


class _Reader:
    def __init__(self, source: bytes) -> None:
        self._source = source
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(source))]
        self._behind = [found.start() for found in _BEHIND.finditer(source)]
        self._faults: list[int] = []

    def read(self, parsed: Tree) -> Read:
        cursor = parsed.walk()
        top = Frame("", "", 1, 1, "")
        frames = [top]
        while True:
            if self._begins(cursor, frames):
                if frames[-1].type not in _CLOSED and cursor.goto_first_child():
                    continue
                self._leave(frames)
            while not cursor.goto_next_sibling():
                if not cursor.goto_parent():
                    # Where all is at a loss, nothing may be left to say.
                    tree = top.parts[0].node if top.parts else top.node(Kind.MODULE)
                    return Read(tree, tuple(dict.fromkeys(self._faults)))
                self._leave(frames)

    def _begins(self, cursor: TreeCursor, frames: list[Frame]) -> bool:
        """Whether a node of its own stands here; of signs it is noted that they are there."""
        node = cursor.node
        if node is None:
            return False
        kind = node.type
        if kind in _IDLE:
            return False
        if kind in _SIGNS:
            frames[-1].parts.append(Part("", kind, NOTHING))
            return False
        start = node.start_byte
        line = bisect_right(self._starts, start)
        if kind == "ERROR" or node.is_missing:
            self._faults.append(line)
        text = ""
        if kind in _LEAVES:
            text = self._source[start : node.end_byte].decode("utf-8", "replace")
        column = start - self._starts[line - 1] + 1 - self._behind_in(line, start)
        frames.append(Frame(kind, cursor.field_name or "", line, column, text))
        return True

    def _behind_in(self, line: int, end: int) -> int:
        """How many bytes of a line, before `end`, begin no character."""
        if not self._behind:
            return 0
        first = bisect_right(self._behind, self._starts[line - 1])
        return bisect_right(self._behind, end) - first

    def _leave(self, frames: list[Frame]) -> None:
        frame = frames.pop()
        if build := _BUILDERS.get(frame.type):
            node = build(frame)
        elif frame.parts:
            node = several(frame, frame.nodes())
        else:
            return
        frames[-1].parts.append(Part(frame.field, frame.type, node))


def _program(frame: Frame) -> Node:
    return frame.node(Kind.MODULE, "", frame.nodes())


def _name(frame: Frame) -> Node:
    call = imported(frame.line, frame.column, frame.text)
    return call or frame.node(Kind.NAME, name_of(frame.text))


def _key(frame: Frame) -> Node:
    return frame.node(Kind.ALIAS, name_of(frame.text))


def _modifier(frame: Frame) -> Node:
    return frame.node(Kind.ALIAS, "modifier")


def _held(frame: Frame) -> Node:
    return several(frame, frame.nodes())


_NAMES = (
    *("identifier", "type_identifier", "shorthand_property_identifier", "this", "super"),
    *("undefined", "import"),
)
_KEYS = ("property_identifier", "private_property_identifier", "statement_identifier")
_LEAF_BUILDERS: Mapping[str, Build] = {
    **dict.fromkeys(_NAMES, _name),
    **dict.fromkeys(_KEYS, _key),
    "shorthand_property_identifier_pattern": patterns.shorthand,
    "string": expressions.string,
    "string_fragment": expressions.fragment,
    "escape_sequence": expressions.fragment,
    "number": expressions.number,
}
_LEAVES = frozenset(_LEAF_BUILDERS)
_CLOSED = frozenset({"string", "number"})
"""Nodes whose children say nothing more."""

_SIGNS = frozenset(
    (
        *("+", "+=", "||", "&&", "??", "||=", "&&=", "??=", "=", ",", "*"),
        *("type", "typeof", "default", "readonly", "get"),
    )
)
"""Signs and keywords that builders ask for."""

_IDLE = frozenset(
    (
        *("(", ")", "[", "]", "{", "}", "<", ">", ".", ";", ":", "?", "!", "=>", "?.", "`", "${"),
        *("-", "/", "%", "==", "===", "!=", "!==", "<=", ">=", "++", "--", "...", "@", "|", "&"),
        *("var", "let", "const", "function", "return", "if", "else", "new", "async", "await"),
        *("comment", "html_comment", "regex", "predefined_type", "jsx_text", "hash_bang_line"),
        *("null", "true", "false", "optional_chain", "empty_statement"),
    )
)
"""What says nothing; the rest of what is passed over is told by having no builder and no parts."""

_BUILDERS: Mapping[str, Build] = {
    "program": _program,
    **_LEAF_BUILDERS,
    "accessibility_modifier": _modifier,
    "computed_property_name": _held,
    # expressions
    "template_string": expressions.template,
    "template_substitution": expressions.substitution,
    **dict.fromkeys(("member_expression", "nested_identifier"), expressions.member),
    "nested_type_identifier": expressions.member,
    "subscript_expression": expressions.subscript,
    "arguments": expressions.arguments,
    **dict.fromkeys(("call_expression", "new_expression"), expressions.call),
    "await_expression": expressions.awaited,
    "yield_expression": expressions.yielded,
    "spread_element": expressions.spread,
    **dict.fromkeys(
        (
            *("parenthesized_expression", "as_expression", "satisfies_expression"),
            *("non_null_expression", "generic_type", "instantiation_expression"),
        ),
        expressions.inner,
    ),
    "type_assertion": expressions.asserted,
    "sequence_expression": expressions.sequence,
    "ternary_expression": expressions.ternary,
    "binary_expression": expressions.binary,
    "array": expressions.array,
    **dict.fromkeys(
        ("assignment_expression", "augmented_assignment_expression"), expressions.assignment
    ),
    "meta_property": expressions.meta,
    # patterns
    "object_pattern": patterns.object_pattern,
    "array_pattern": patterns.array_pattern,
    "pair_pattern": patterns.pair_pattern,
    **dict.fromkeys(("assignment_pattern", "object_assignment_pattern"), patterns.with_default),
    "rest_pattern": patterns.rest,
    # functions and classes
    **dict.fromkeys(("required_parameter", "optional_parameter"), functions.parameter),
    "formal_parameters": functions.parameters,
    **dict.fromkeys(
        (
            *("function_declaration", "generator_function_declaration", "function_signature"),
            *("function_expression", "generator_function", "function"),
        ),
        functions.function,
    ),
    "arrow_function": functions.arrow,
    "method_definition": functions.method,
    **dict.fromkeys(("class_declaration", "abstract_class_declaration", "class"), functions.class_),
    "class_heritage": functions.heritage,
    "extends_clause": functions.extends,
    **dict.fromkeys(("implements_clause", "extends_type_clause"), functions.implements),
    "interface_declaration": functions.interface,
    **dict.fromkeys(("class_body", "statement_block", "enum_body"), functions.body),
    **dict.fromkeys(("public_field_definition", "field_definition"), functions.field),
    "object": functions.object_,
    "pair": functions.pair,
    # statements
    **dict.fromkeys(("import_specifier", "export_specifier"), statements.specifier),
    "import_clause": statements.clause,
    **dict.fromkeys(("named_imports", "export_clause"), statements.listed),
    **dict.fromkeys(("namespace_import", "namespace_export"), statements.namespace),
    "import_statement": statements.import_,
    "import_require_clause": statements.import_require,
    "import_alias": statements.import_alias,
    "export_statement": statements.export,
    "variable_declarator": statements.declarator,
    "for_in_statement": statements.loop,
    "catch_clause": statements.catch,
    "return_statement": statements.returned,
    "type_alias_declaration": statements.type_alias,
    "type_parameter": statements.type_parameter,
    **dict.fromkeys(("internal_module", "module", "enum_declaration"), statements.module),
    "ambient_declaration": statements.ambient,
    "enum_assignment": statements.enumerated,
}
