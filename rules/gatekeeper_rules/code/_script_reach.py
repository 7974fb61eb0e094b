"""Which code of a Worker's scripts is come to, by who mentions the functions around it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script_chains import is_function
from gatekeeper.source.script_syntax import Syntax, string_of, walk
from gatekeeper.source.script_targets import key_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile
from gatekeeper_rules.code._script_regions import MEMBERS

_HANDLERS = frozenset(
    {
        *("alarm", "constructor", "default", "email", "fetch", "queue", "run", "scheduled"),
        *("tail", "tailStream", "test", "trace"),
    }
)
"""What the platform calls."""

_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_WRAPS = frozenset({"parenthesized_expression", "as_expression", "satisfies_expression"})
_FIELDS = frozenset({"public_field_definition", "field_definition"})
_UNREAD = frozenset({"export_specifier", "import_clause", "import_specifier", "namespace_import"})
_SAYING = frozenset({"identifier", "shorthand_property_identifier", "type_identifier"})
_MOST = 400
_AT_ONCE: frozenset[str] = frozenset()

Places = frozenset[tuple[str, int]]
"""Where classes stand: their files and lines."""


@dataclass(frozen=True, eq=False)
class Reach:
    """The scripts `paths` that a Worker runs when wrangler starts `main`."""

    code: ScriptCode
    main: str
    paths: tuple[str, ...]
    _said: dict[str, dict[str, list[Syntax]]] = field(default_factory=dict)
    _known: dict[tuple[str, Places], frozenset[frozenset[str]]] = field(default_factory=dict)

    def is_run(self, file: ScriptFile, node: Syntax, without: Places = frozenset()) -> bool:
        """Whether a piece is not dead, and all that is around it is called by somebody.

        `without` are classes of which nothing counts.
        """
        needed = self._needed(file, node, without)
        return needed is not None and needed <= self._called(needed, without)

    def _needed(self, file: ScriptFile, node: Syntax, without: Places) -> frozenset[str] | None:
        """The names that somebody must call for a piece to run; None where it never does."""
        if file.is_dead(node):
            return None
        is_entry = False
        found: set[str] = set()
        for each in reversed(tuple(file.lexical.above(node))):
            if each.type in _CLASSES:
                if (file.path, each.line) in without:
                    return None
                is_entry = self._is_entry(file, each)
                found |= set() if is_entry else {each.of("name").text}
            elif is_function(each) and not is_entry:
                found.add(called_by(file, each))
            elif each.type == "object":
                found.add(_held_by(file, each))
        return frozenset(found - _HANDLERS - {""})

    def _called(self, sought: frozenset[str], without: Places) -> frozenset[str]:
        """Those names that are called, of these and of all that these hang on."""
        ways: dict[str, frozenset[frozenset[str]]] = {}
        waiting = sorted(sought)
        while waiting and len(ways) < _MOST:
            name = waiting.pop()
            if name not in ways:
                ways[name] = self._ways(name, without)
                waiting += sorted(frozenset().union(*ways[name]))
        called: frozenset[str] = frozenset()
        while True:
            fresh = {name for name, held in ways.items() if any(way <= called for way in held)}
            if fresh <= called:
                return called
            called |= fresh

    def _ways(self, name: str, without: Places) -> frozenset[frozenset[str]]:
        """For each place that mentions a name, the names that must be called for it to run."""
        if (name, without) not in self._known:
            found: set[frozenset[str]] = set()
            for path in self.paths:
                file = self._file(path, name)
                mentions = self._mentions(path, file).get(name, ()) if file is not None else ()
                for each in mentions if _AT_ONCE not in found else ():
                    needed = self._needed(file, each, without) if file is not None else None
                    found |= {needed} if needed is not None else set()
            self._known[name, without] = frozenset({_AT_ONCE} if _AT_ONCE in found else found)
        return self._known[name, without]

    def _is_entry(self, file: ScriptFile, node: Syntax) -> bool:
        """Whether a class is one that the platform, or another Worker, calls the methods of."""
        scripts = self.code.scripts
        held = (each for each in scripts.classes if each.path == file.path)
        named = (each for each in held if each.line == node.line)
        if any(part.type == "class_heritage" for part in node.parts) and scripts.has(self.main):
            is_default = file.path == self.main and file.lexical.parent(node).has("default")
            return is_default or any(
                scripts.exports_of(self.main, each.value)
                for each in named
                if self._extends_others(each.value)
            )
        return False

    def _extends_others(self, value: Value) -> bool:
        """Whether a class comes from one that is not of the repository, such as the platform's."""
        held = (self.code.scripts.names.bases(each) for each in self.code.lineage(value))
        return any(base.sort is not Sort.CLASS for bases in held for base in bases)

    def _file(self, path: str, name: str) -> ScriptFile | None:
        scripts = self.code.scripts
        is_said = scripts.has(path) and name.encode() in scripts.sources.content(path)
        return self.code.file(path) if is_said else None

    def _mentions(self, path: str, file: ScriptFile | None) -> dict[str, list[Syntax]]:
        """Where a script reads a name, or says it in a string; by the name others know it by."""
        if path not in self._said:
            found: dict[str, list[Syntax]] = {}
            for node in walk(file.lexical.tree) if file is not None else ():
                for name in _names(file, node) if file is not None else ():
                    found.setdefault(name, []).append(node)
            self._said[path] = found
        return self._said[path]


def _names(file: ScriptFile, node: Syntax) -> Iterator[str]:
    if node.type == "string":
        yield string_of(node) or ""
    elif node.type in ("property_identifier", "private_property_identifier"):
        if file.lexical.parent(node).type in MEMBERS:
            yield node.text
    elif _is_read(file, node):
        yield node.text
        declared = file.lexical.declared(node)
        if declared is not None and declared.node.type == "import_specifier":
            yield declared.node.of("name").text


def _is_read(file: ScriptFile, node: Syntax) -> bool:
    is_name = node.type in _SAYING and id(node) not in file.lexical.declarations
    above = file.lexical.parent(node)
    return is_name and (above.type not in _UNREAD or above.of("alias").text == "default")


def _held_by(file: ScriptFile, literal: Syntax) -> str:
    """The name that an object is bound to at once; empty where it is none."""
    above = file.lexical.parent(literal)
    while above.type in _WRAPS:
        above = file.lexical.parent(above)
    return above.of("name").text if above.type == "variable_declarator" else ""


def called_by(file: ScriptFile, function: Syntax) -> str:
    """The name by which a function must be called; empty where it is handed to somebody."""
    lexical = file.lexical
    above = lexical.parent(function)
    if function.type == "method_definition":
        name = function.of("name")
        is_handed = above.type == "object" and _is_handed(file, above)
        return "" if is_handed else key_of(name) or name.text
    if function.of("name").type:
        is_default = above.type == "export_statement" and above.has("default")
        return "" if is_default else function.of("name").text
    while above.type in _WRAPS:
        above = lexical.parent(above)
    if above.type == "pair":
        return "" if _is_handed(file, lexical.parent(above)) else key_of(above.of("key"))
    if above.type == "variable_declarator" or above.type in _FIELDS:
        return above.of("name").text or above.of("property").text
    return ""


def _is_handed(file: ScriptFile, literal: Syntax) -> bool:
    """Whether an object is, at any depth, what a call is given."""
    for each in file.lexical.above(literal):
        if each.type == "arguments":
            return True
        if each.type not in ("object", "pair", "array", "parenthesized_expression"):
            return False
    return False
