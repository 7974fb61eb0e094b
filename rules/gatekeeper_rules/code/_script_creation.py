"""Whether the scripts that a Worker runs create instances of a Workflow."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.source.python_tree import Kind, Node
from gatekeeper.source.script_chains import awaited, bare, is_function, root_of
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax, string_of, walk
from gatekeeper.source.script_targets import REST, key_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._workflow_creation import CREATES, Created

_NEEDLE = b"create"
_HANDLERS = frozenset(
    {
        *("alarm", "constructor", "default", "email", "fetch", "queue", "run", "scheduled"),
        *("tail", "tailStream", "test", "trace"),
    }
)
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_MADE = frozenset({"object", "array", "class", "string", "template_string"})
_DEEPEST = 6
_GLOBALS = frozenset({"Object", "Reflect", "Array", "document", "crypto", "axios"})


class Call(NamedTuple):
    """A call of `create`, and the binding if it can be seen.

    `inside` are the names of the functions around it that somebody must call, `entry` that of
    the class.
    """

    path: str
    line: int
    binding: str
    inside: tuple[str, ...]
    entry: str
    is_dead: bool


@dataclass(frozen=True, eq=False)
class ScriptCreation:
    """What the scripts say that each Worker runs."""

    code: ScriptCode
    _calls: dict[str, tuple[Call, ...]] = field(default_factory=dict)
    _said: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, main: str, bindings: frozenset[str]) -> tuple[Created, str]:
        """Whether what wrangler starts with `main` creates by one of the bindings, and where."""
        paths = self.started(main)
        calls = [each for path in paths for each in self._calls_in(path)]
        own = [each for each in calls if each.binding in bindings]
        found = [(self._judged(each, main, paths), f"{each.path}:{each.line}") for each in own]
        if found and (best := max(found))[0] is Created.YES:
            return best
        lost = next((each for each in paths if each in self._unread), "")
        if lost:
            return Created.UNKNOWN, lost
        if found:
            return max(found)
        where = self._mentioned(paths, bindings)
        if not where:
            return Created.UNMENTIONED, ""
        unknown = any(not each.binding and not each.is_dead for each in calls)
        return (Created.UNKNOWN if unknown else Created.UNUSED), where

    @property
    def _unread(self) -> frozenset[str]:
        return frozenset({*self.code.doubts, *self.code.scripts.doubts})

    def started(self, main: str) -> tuple[str, ...]:
        """The scripts that a Worker runs: what it starts, and what that takes, at any distance."""
        seen, waiting = {main}, deque([main])
        while waiting:
            for each in sorted(self.code.scripts.sources.taken(waiting.popleft())):
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return tuple(each for each in sorted(seen) if role_of(each) is not Role.GENERATED)

    def _calls_in(self, path: str) -> tuple[Call, ...]:
        if path not in self._calls:
            file = self.code.file(path) if self._may_create(path) else None
            self._calls[path] = tuple(_calls(file)) if file is not None else ()
        return self._calls[path]

    def _may_create(self, path: str) -> bool:
        scripts = self.code.scripts
        return scripts.has(path) and _NEEDLE in scripts.sources.content(path)

    def _judged(self, call: Call, main: str, paths: tuple[str, ...]) -> Created:
        if call.is_dead:
            return Created.DEAD
        if call.entry and self._is_entry(main, call):
            return Created.YES
        said = frozenset().union(*(self._names_in(each) for each in paths))
        is_called = all(name in _HANDLERS or name in said for name in call.inside)
        is_held = not call.entry or call.entry in said
        return Created.YES if is_called and is_held else Created.UNCALLED

    def _is_entry(self, main: str, call: Call) -> bool:
        """Whether the platform, or another Worker, calls the methods of the class around a call."""
        scripts = self.code.scripts
        held = (each for each in scripts.classes if each.path == call.path)
        named = (each for each in held if each.name == call.entry)
        return scripts.has(main) and any(scripts.exports_of(main, each.value) for each in named)

    def _names_in(self, path: str) -> frozenset[str]:
        """The names that a script reads, not counting what only imports, exports or declares."""
        if path not in self._said:
            tree = self.code.scripts.trees.get(path)
            self._said[path] = _said(tree) if tree is not None else frozenset()
        return self._said[path]

    def _mentioned(self, paths: tuple[str, ...], bindings: frozenset[str]) -> str:
        for path in paths:
            if self._names_in(path) & bindings:
                return f"{path}:{self._line(path, bindings)}"
        return ""

    def _line(self, path: str, bindings: frozenset[str]) -> int:
        lines = self.code.scripts.sources.content(path).decode("utf-8", "replace").split("\n")
        held = (n for n, line in enumerate(lines, 1) if any(each in line for each in bindings))
        return next(held, 1)


def _said(tree: Node) -> frozenset[str]:
    """The names and strings of a script that are read, by the names that others know them by."""
    found: set[str] = set()
    taken: dict[str, str] = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node.kind in (Kind.IMPORT, Kind.FROM):
            aliases = (each for each in node.parts if each.kind is Kind.ALIAS and each.parts)
            taken.update((each.parts[0].text, each.text) for each in aliases)
            continue
        if node.kind in (Kind.NAME, Kind.ATTRIBUTE, Kind.STRING):
            found.add(node.text)
        waiting.extend(_read_in(node))
    return frozenset(found) | {name for local, name in taken.items() if local in found}


def _read_in(node: Node) -> tuple[Node, ...]:
    """What of a piece is read, and not only declared or exported."""
    if node.kind is not Kind.ASSIGN:
        return node.parts
    value, *targets = node.parts
    is_export = any(each.kind is Kind.NAME and each.text.startswith(EXPORT) for each in targets)
    own = () if is_export and value.kind is Kind.NAME else (value,)
    return (*own, *(part for each in targets for part in each.parts))


def _calls(file: ScriptFile) -> Iterator[Call]:
    for node in walk(file.lexical.tree):
        if node.type != "call_expression":
            continue
        function = bare(node.of("function"))
        if function.type in MEMBERS and member_name(function) in CREATES:
            owner = bare(function.of("object"))
            if owner.text in _GLOBALS and file.lexical.declared(owner) is None:
                continue
            binding = _binding(file, owner, 0)
            inside = tuple(filter(None, (_name_of(file, each) for each in _around(file, node))))
            entry = _class_of(file, node)
            yield Call(file.path, node.line, binding, inside, entry, file.is_dead(node))


def _around(file: ScriptFile, node: Syntax) -> Iterator[Syntax]:
    return (each for each in file.lexical.above(node) if is_function(each))


def _class_of(file: ScriptFile, node: Syntax) -> str:
    held = (each for each in file.lexical.above(node) if each.type in _CLASSES)
    return next((each.of("name").text for each in held), "")


def _name_of(file: ScriptFile, function: Syntax) -> str:
    """The name by which a function must be called; empty where it is handed to somebody."""
    lexical = file.lexical
    above = lexical.parent(function)
    if function.type == "method_definition":
        name = function.of("name")
        is_handed = above.type == "object" and _is_handed(file, above)
        return "" if is_handed else key_of(name) or name.text
    if function.of("name").type:
        return "" if _is_default(above) else function.of("name").text
    while above.type in ("parenthesized_expression", "as_expression", "satisfies_expression"):
        above = lexical.parent(above)
    if above.type == "variable_declarator":
        return above.of("name").text
    if above.type == "pair":
        return "" if _is_handed(file, lexical.parent(above)) else key_of(above.of("key"))
    if above.type in ("public_field_definition", "field_definition"):
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


def _is_default(above: Syntax) -> bool:
    return above.type == "export_statement" and above.has("default")


def _binding(file: ScriptFile, node: Syntax, depth: int) -> str:
    """The last name of what is taken from somewhere: `env.PIPELINE`, `env["PIPELINE"]`."""
    node = awaited(node)
    if depth > _DEEPEST:
        return ""
    if node.type in MEMBERS:
        name = member_name(node)
        if not name and node.type == "subscript_expression":
            name = string_of(bare(file.lexical.settled(bare(node.of("index"))))) or ""
        return "" if _is_made(file, root_of(node)) else name
    if node.type == "binary_expression":
        return _binding(file, node.of("left"), depth + 1)
    declared = file.lexical.declared(node) if node.type in NAMES else None
    if declared is None or file.lexical.writes(declared):
        return ""
    if declared.way:
        return _by_pattern(file, declared)
    return _binding(file, declared.value, depth + 1) if declared.value.type else ""


def _by_pattern(file: ScriptFile, declared: Declared) -> str:
    """The last name on the way to what a pattern takes apart."""
    if declared.role not in (Declares.PARAMETER, Declares.VALUE):
        return ""
    made = declared.value.type and _is_made(file, root_of(declared.value))
    return "" if made else declared.way[-1].replace(REST, "")


def _is_made(file: ScriptFile, root: Syntax) -> bool:
    """Whether a chain begins with something that the script makes itself."""
    held = bare(root)
    for _ in range(_DEEPEST):
        if held.type in _MADE:
            return True
        meant = bare(file.lexical.settled(held)) if held.type in NAMES else held
        if meant is held or not meant.type:
            return held.type == "new_expression"
        held = bare(root_of(meant)) if meant.type != "new_expression" else meant
    return False
