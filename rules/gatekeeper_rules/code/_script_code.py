"""The scripts that a Worker can run, and which functions of them an expression means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper import Doubt, Unreadable
from gatekeeper.source.code_tree import walk as nodes_of
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script_chains import awaited, bare, is_function, links, root_of
from gatekeeper.source.script_lexical import Declared, Declares, Lexical
from gatekeeper.source.script_syntax import NOTHING, Syntax, read, string_of, walk
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_liveness import Liveness
from gatekeeper_rules.code._script_truth import meant_by, member_of

if TYPE_CHECKING:
    from gatekeeper_rules.code._workflow_in_scripts import Scripts

_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_MEMBERS = frozenset({"method_definition", "public_field_definition", "field_definition"})
_DEEPEST = 8
_WIDTH = 300
_LARGEST = 300_000
"""Bytes of a script that is looked into piece by piece; a larger one is a bundle."""
_GLOBAL = "js"


@dataclass(frozen=True, eq=False)
class ScriptFile:
    """A script: its names, and what of it is never reached."""

    path: str
    lexical: Lexical
    lines: tuple[str, ...]
    faults: tuple[int, ...]

    @cached_property
    def liveness(self) -> Liveness:
        """What is never reached."""
        return Liveness(self.lexical).judge()

    def is_dead(self, node: Syntax) -> bool:
        """Whether a piece is never reached, as far as the script itself shows it."""
        return self.liveness.is_dead(node)

    def text(self, line: int) -> str:
        """A line as it stands there, the white space around it left out."""
        return self.lines[line - 1].strip()[:_WIDTH] if 0 < line <= len(self.lines) else ""

    @cached_property
    def blocks(self) -> dict[tuple[int, int], Syntax]:
        """Functions and classes by line and column."""
        found: dict[tuple[int, int], Syntax] = {}
        for each in walk(self.lexical.tree):
            if is_function(each) or each.type in _CLASSES:
                found.setdefault((each.line, each.column), each)
        return found


class Place(NamedTuple):
    """A function of a script."""

    file: ScriptFile
    function: Syntax

    @property
    def key(self) -> int:
        """What tells it from all others."""
        return id(self.function)


@dataclass(frozen=True, eq=False)
class ScriptCode:
    """The scripts that `scripts` takes in, looked into one by one when they are asked for."""

    scripts: Scripts
    doubts: dict[str, Doubt] = field(default_factory=dict)
    idle: dict[object, bool | None] = field(default_factory=dict)
    _files: dict[str, ScriptFile | None] = field(default_factory=dict)
    _members: dict[int, dict[str, list[Syntax]]] = field(default_factory=dict)
    _places: dict[str, dict[int, tuple[int, int]]] = field(default_factory=dict)

    def file(self, path: str) -> ScriptFile | None:
        """A script; None, and a doubt, where it cannot be read to the end."""
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> ScriptFile | None:
        try:
            content = self.scripts.sources.content(path)
            if len(content) > _LARGEST:
                reason = f"it has {len(content):,} bytes; more than {_LARGEST:,} are not followed"
                raise Unreadable(path, reason)
            found = read(content, path)
        except Unreadable as unreadable:
            reason = f"cannot be read: {unreadable.reason}"
            self.doubts[path] = Doubt(reason, path, unreadable.line)
            return None
        lines = tuple(content.decode("utf-8", "replace").splitlines())
        return ScriptFile(path, Lexical(found.tree), lines, found.faults)

    # -- from names to code

    def block(self, value: Value) -> tuple[ScriptFile, Syntax] | None:
        """The function or class of the repository that a value is, with its script."""
        if value.sort not in (Sort.FUNCTION, Sort.CLASS) or not self.scripts.has(value.text):
            return None
        if value.text not in self._places:
            self._places[value.text] = self._placed(value.text)
        place = self._places[value.text].get(value.scope)
        file = self.file(value.text) if place is not None else None
        found = file.blocks.get(place) if file is not None and place is not None else None
        return (file, found) if file is not None and found is not None else None

    def _placed(self, path: str) -> dict[int, tuple[int, int]]:
        scopes = self.scripts.names.files[path].lambdas
        tree = self.scripts.trees[path]
        found = ((scopes.get(id(each)), each) for each in nodes_of(tree))
        return {scope: (each.line, each.column) for scope, each in found if scope is not None}

    def value_of(self, file: ScriptFile, block: Syntax) -> Value | None:
        """The value that a class of a script is."""
        if block.type not in _CLASSES or not self.scripts.has(file.path):
            return None
        self._places.setdefault(file.path, self._placed(file.path))
        places = self._places[file.path].items()
        found = (scope for scope, place in places if place == (block.line, block.column))
        return next((Value(Sort.CLASS, file.path, scope) for scope in found), None)

    def functions(self, file: ScriptFile, node: Syntax, depth: int = 0) -> tuple[Place, ...]:
        """The functions of the repository that an expression means; those of `this` left out."""
        node = bare(node)
        if is_function(node):
            return (Place(file, node),)
        if depth > _DEEPEST:
            return ()
        if node.type in ("identifier", "shorthand_property_identifier"):
            return self._named(file, node, depth)
        if node.type in ("member_expression", "subscript_expression"):
            return self._member(file, node, depth)
        function = bare(node.of("function"))
        is_bound = node.type == "call_expression" and function.of("property").text == "bind"
        return self.functions(file, function.of("object"), depth + 1) if is_bound else ()

    def _named(self, file: ScriptFile, node: Syntax, depth: int) -> tuple[Place, ...]:
        declared = file.lexical.declared(node)
        if declared is None or file.lexical.writes(declared):
            return ()
        if declared.role is Declares.IMPORT:
            return tuple(self._places_of(self.taken(file, declared)))
        held = file.lexical.settled(node)
        if len(declared.way) == 1 and bare(declared.value).type == "object":
            held = member_of(bare(declared.value), declared.way[0])
        return self.functions(file, held, depth + 1) if held.type and held is not node else ()

    def _member(self, file: ScriptFile, node: Syntax, depth: int) -> tuple[Place, ...]:
        held = meant_by(file.lexical, node)
        if held.type:
            return self.functions(file, held, depth + 1)
        owner = bare(node.of("object"))
        declared = file.lexical.declared(owner) if owner.type == "identifier" else None
        if declared is None or declared.role is not Declares.IMPORT:
            return ()
        name = member_name(node)
        found: list[Value] = []
        for each in self.taken(file, declared):
            found += self.scripts.names.member(each, name)
        return tuple(self._places_of(found))

    def _places_of(self, values: Iterable[Value]) -> Iterator[Place]:
        for each in sorted(values, key=lambda held: (held.text, held.scope)):
            found = self.block(each) if each.sort is Sort.FUNCTION else None
            if found is not None:
                yield Place(*found)

    def taken(self, file: ScriptFile, declared: Declared) -> frozenset[Value]:
        """What an import brings: values, or the modules that a namespace stands for."""
        specifier, name = imported(file.lexical, declared)
        found: set[Value] = set()
        for path in self.scripts.sources.modules.find(file.path, specifier):
            if not self.scripts.has(path):
                continue
            whole = Value(Sort.MODULE, path)
            found |= {whole} if name == "*" else self.scripts.names.export(path, name)
        return frozenset(found)

    def outside(self, file: ScriptFile, node: Syntax) -> str:
        """The dotted name of what is no code of the repository; empty where it may be.

        What nothing declares is of `js`; what is imported goes by its specifier.
        """
        chain = links(node)
        root = root_of(node)
        if root.type not in ("identifier", "undefined"):
            return ""
        rest = [each.name for each in chain[1:]]
        declared = file.lexical.declared(root)
        if declared is None:
            return ".".join((_GLOBAL, root.text, *rest))
        if declared.role is not Declares.IMPORT:
            return ""
        specifier, name = imported(file.lexical, declared)
        if self.scripts.sources.modules.find(file.path, specifier):
            return ""
        return ".".join((specifier, *(() if name == "*" else (name,)), *rest))

    # -- classes

    def lineage(self, value: Value) -> tuple[Value, ...]:
        """The class and the classes of the repository that it extends, the nearest first."""
        found, seen = [value], {value}
        for current in found:
            bases = self.scripts.names.bases(current)
            for each in sorted(bases, key=lambda held: (held.sort.name, held.text, held.scope)):
                if each.sort is Sort.CLASS and each not in seen and len(found) < _DEEPEST * 4:
                    seen.add(each)
                    found.append(each)
        return tuple(found)

    def members(self, value: Value, name: str) -> Iterator[tuple[ScriptFile, Syntax]]:
        """The members of a class and what it extends that have a name, the nearest first."""
        for each in self.lineage(value):
            held = self.block(each)
            if held is not None:
                file, node = held
                yield from ((file, member) for member in self._own(node).get(name, ()))

    def _own(self, node: Syntax) -> dict[str, list[Syntax]]:
        """The members of a class's own body by their names."""
        if id(node) not in self._members:
            found: dict[str, list[Syntax]] = {}
            for each in _members(node):
                found.setdefault(_key(each), []).append(each)
            self._members[id(node)] = found
        return self._members[id(node)]

    def method(self, value: Value, name: str) -> Place | None:
        """The function that `this.name` is in a class: a method, or a function in a field."""
        for file, member in self.members(value, name):
            if member.has("static") or member.has("get") or member.has("set"):
                continue
            if member.type == "method_definition":
                return Place(file, member)
            held = self.functions(file, member.of("value"))
            return held[0] if len(held) == 1 else None
        return None


def own_members(node: Syntax, name: str) -> Iterator[Syntax]:
    """The members of a class's own body that have a name and are more than a signature."""
    return (each for each in _members(node) if _key(each) == name)


def computed_members(node: Syntax) -> tuple[Syntax, ...]:
    """The members of a class whose names only running tells."""
    return tuple(each for each in _members(node) if _key(each) == "")


def _members(node: Syntax) -> Iterator[Syntax]:
    return (each for each in node.of("body").held if each.type in _MEMBERS)


def _key(member: Syntax) -> str:
    key = member.of("name") if member.of("name").type else member.of("property")
    if key.type == "computed_property_name":
        return string_of(bare(key.held[0])) or "" if key.held else ""
    return string_of(key) or "" if key.type == "string" else key.text


def imported(lexical: Lexical, declared: Declared) -> tuple[str, str]:
    """The module that an import takes from, and what: a name, `default`, `*` for the whole."""
    node = declared.node
    statement = next(
        (each for each in lexical.above(node) if each.type == "import_statement"), NOTHING
    )
    specifier = string_of(statement.of("source")) or ""
    if node.type == "import_specifier":
        return specifier, string_of(node.of("name")) or node.of("name").text
    return specifier, "*" if node.type == "namespace_import" else "default"


def member_name(node: Syntax) -> str:
    """The name of the member that `a.b` or `a["b"]` takes; empty where it is computed."""
    node = awaited(node)
    if node.type == "member_expression":
        return node.of("property").text
    return string_of(node.of("index")) or ""
