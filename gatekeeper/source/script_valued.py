"""Which names a script uses as values: an import of any other TypeScript leaves out."""

from __future__ import annotations

from gatekeeper.cache import Extractor
from gatekeeper.source.script_grammar import parsed
from gatekeeper.source.script_strings import name_of
from gatekeeper.source.script_text import script_text

_NAMES = frozenset(
    (
        *("identifier", "property_identifier", "shorthand_property_identifier"),
        *("shorthand_property_identifier_pattern", "string_fragment"),
    )
)
_TYPES = frozenset(
    (
        *("import_statement", "interface_declaration", "type_alias_declaration"),
        *("type_annotation", "type_arguments", "type_parameters", "type_query"),
        *("type_predicate_annotation", "asserts_annotation", "ambient_declaration"),
        "nested_type_identifier",
    )
)
_TYPED = (".ts", ".tsx", ".mts", ".cts")


def is_typed(path: str) -> bool:
    """Whether a script is TypeScript, which leaves out imports of what is only a type."""
    return path.lower().endswith(_TYPED)


def _read(content: bytes, path: str) -> frozenset[str]:
    """Every name, member and string in the code that stays."""
    source, dialect = script_text(content, path)
    cursor = parsed(source, dialect, path).walk()
    found = set[bytes]()
    while True:
        node = cursor.node
        kind = node.type if node is not None else ""
        if node is not None and kind in _NAMES:
            found.add(source[node.start_byte : node.end_byte])
        if kind not in _TYPES and cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return frozenset(name_of(each.decode("utf-8", "replace")) for each in found)


SCRIPT_VALUED: Extractor[frozenset[str]] = Extractor("names used as values", 1, _read)
"""Raises `Unreadable` as `SCRIPT` does."""
