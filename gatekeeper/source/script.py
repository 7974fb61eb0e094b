"""What a script imports, exports and says: facts read from its bytes, never by running it.

TypeScript, JavaScript, JSX, and the scripts of Vue, Svelte and Astro files. The code is the
small tree of `code_tree`, so that whatever follows names or reads expressions serves both
languages. What it holds of a script:

* imports are IMPORT (a whole module, its namespace) and FROM (an ALIAS: name, `default`, or
  `*` for all that a module passes on), whichever way they are written; those that only types
  see have a second part, a NAME `type`. `import(…)` and `require(…)` stay calls;
* exports are assignments to names that no identifier can have: `export NAME`, `export
  default`, `export =` for what CommonJS gives as a whole (see `EXPORT`); those that only types
  see have a part, a NAME `type`;
* classes, object literals and interfaces are OBJECT: what is extended stands among the bases,
  what is implemented or given as a type in a KEYWORD there;
* patterns are taken apart into one assignment for each name; constant indexes are attributes;
* `this` is the first parameter of functions and methods, as it is written in Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_text import is_script, script_text
from gatekeeper.value import dataclass

__all__ = ["SCRIPT", "Export", "Import", "ScriptFacts", "is_script"]

_ASKS = frozenset({"import", "require"})


class Import(NamedTuple):
    """Something taken from another module, or passed on from it at once.

    `name` is what is taken, `default`, `*` for the whole, or empty where an import names
    nothing; `alias` the local name, empty for what a file only passes on, and for calls.
    `types` says that only types see it, `called` that it is `import(…)` or `require(…)` of
    a constant. `line` and `column` count from 1.
    """

    module: str
    name: str
    alias: str
    line: int
    column: int
    types: bool
    called: bool


class Export(NamedTuple):
    """A name that other files can take; `default`, or `=` for the whole of CommonJS.

    `types` says that only types see it.
    """

    name: str
    line: int
    column: int
    types: bool


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """A script, read: its code as a tree, and the lines (from 1) that its grammar cannot read."""

    tree: Node
    faults: tuple[int, ...]

    def imports(self) -> Iterator[Import]:
        """What it takes from other modules, in order, wherever it stands."""
        for node in walk(self.tree):
            if node.kind in (Kind.IMPORT, Kind.FROM):
                yield _import(node)
            elif node.kind is Kind.CALL and (module := _asked(node)):
                yield Import(module, "*", "", node.line, node.column, types=False, called=True)

    def exports(self) -> Iterator[Export]:
        """What other files can take, but for what `export *` passes on."""
        for node in walk(self.tree):
            local = node.parts[-1] if node.kind is Kind.ASSIGN else _local(node)
            if local is not None and local.kind is Kind.NAME and local.text.startswith(EXPORT):
                marks = local.parts if node.kind is Kind.ASSIGN else node.parts[0].parts[1:]
                name = local.text.removeprefix(EXPORT)
                yield Export(name, local.line, local.column, types=bool(marks))


def _import(node: Node) -> Import:
    taken, local = ("*", node.parts[0]) if node.kind is Kind.IMPORT else _alias(node.parts[0])
    alias = "" if local.text.startswith(EXPORT) else local.text
    if node.kind is Kind.IMPORT and not local.text:
        taken = ""
    marks = node.parts[1:] if node.kind is Kind.IMPORT else node.parts[0].parts[1:]
    return Import(node.text, taken, alias, node.line, node.column, bool(marks), called=False)


def _alias(alias: Node) -> tuple[str, Node]:
    return alias.text, alias.parts[0] if alias.parts else alias._replace(text="")


def _local(node: Node) -> Node | None:
    if node.kind is Kind.IMPORT:
        return node.parts[0]
    if node.kind is Kind.FROM and node.parts[0].parts:
        return node.parts[0].parts[0]
    return None


def _asked(node: Node) -> str:
    function, *given = node.parts
    is_asked = function.kind is Kind.NAME and function.text in _ASKS
    return given[0].text if is_asked and given and given[0].kind is Kind.STRING else ""


def _read(content: bytes, path: str) -> ScriptFacts:
    from gatekeeper.source.script_grammar import parsed
    from gatekeeper.source.script_tree import read_tree

    source, dialect = script_text(content, path)
    return ScriptFacts(*read_tree(parsed(source, dialect, path), source))


SCRIPT: Extractor[ScriptFacts] = Extractor("script", 5, _read)
"""Raises `Unreadable` for what is no text, too large, or takes too long; errors are `faults`."""
