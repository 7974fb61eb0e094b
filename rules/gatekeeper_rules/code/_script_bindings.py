"""Which bindings of a Worker an expression of a script may stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gatekeeper.source.code_values import Sort
from gatekeeper.source.script_chains import awaited, bare, body_of, is_function, root_of
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax, string_of, walk
from gatekeeper.source.script_targets import REST, targets_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_code import Place, ScriptCode, ScriptFile, imported, member_name
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, own_pieces
from gatekeeper_rules.code._script_truth import member_of

UNKNOWN = ""
"""The name of a binding that cannot be told."""

Bindings = frozenset[str]

_NOT_KNOWN: Bindings = frozenset({UNKNOWN})
_MADE = frozenset(
    {
        *("array", "class", "class_declaration", "new_expression", "string", "template_string"),
    }
)
_CHOICES = frozenset({"ternary_expression", "binary_expression"})
_DEEPEST = 6
_ENV = "env"


@dataclass(frozen=True, eq=False)
class Origins:
    """Follows expressions to `env`; `calls` gives the calls, of scripts that run, by a name."""

    code: ScriptCode
    calls: Callable[[str], Iterable[tuple[ScriptFile, Syntax]]]
    _known: dict[int, Bindings] = field(default_factory=dict)

    def of(self, file: ScriptFile, node: Syntax, depth: int = 0) -> Bindings:
        """The last names of what is taken from somewhere: `env.PIPELINE`, `env["PIPELINE"]`."""
        node = awaited(node)
        if depth > _DEEPEST:
            return _NOT_KNOWN
        if id(node) not in self._known:
            # What leads back to itself is nothing more than what it is besides.
            self._known[id(node)] = frozenset()
            self._known[id(node)] = self._of(file, node, depth)
        return self._known[id(node)]

    def _of(self, file: ScriptFile, node: Syntax, depth: int) -> Bindings:
        if node.type in MEMBERS:
            return self._of_member(file, node, depth)
        if node.type in _CHOICES:
            ways = [each for each in node.held if each.field != "condition"]
            return _union(self.of(file, each, depth + 1) for each in ways)
        if node.type == "call_expression":
            return self._given_back(file, node, depth)
        declared = file.lexical.declared(node) if node.type in NAMES else None
        if declared is None:
            return _NOT_KNOWN
        if declared.key not in self._known:
            self._known[declared.key] = frozenset()
            self._known[declared.key] = self._of_name(file, declared, depth)
        return self._known[declared.key]

    def _of_member(self, file: ScriptFile, node: Syntax, depth: int) -> Bindings:
        owner, name = bare(node.of("object")), member_name(node)
        if not name and node.type == "subscript_expression":
            name = string_of(bare(file.lexical.settled(bare(node.of("index"))))) or UNKNOWN
        literal = bare(file.lexical.settled(owner)) if owner.type in NAMES else owner
        if literal.type == "object":
            return self._in_literal(file, literal, name, depth)
        if owner.type == "this" and name != _ENV:
            return self._kept(file, name, depth)
        root = root_of(node)
        if _is_made(file, root):
            return _NOT_KNOWN
        declared = file.lexical.declared(root) if root.type in NAMES else None
        if declared is not None and declared.role is Declares.IMPORT:
            return frozenset({name}) if self._brings_env(file, declared) else _NOT_KNOWN
        is_given = declared is not None and declared.role is Declares.PARAMETER
        through_env = any(_is_env(each) for each in walk(owner))
        return frozenset({name, UNKNOWN} if is_given and not through_env else {name})

    def _brings_env(self, file: ScriptFile, declared: Declared) -> bool:
        """Whether an import is of a package, or passes on what one of a package is."""
        specifier, _ = imported(file.lexical, declared)
        if not self.code.scripts.sources.modules.find(file.path, specifier):
            return True
        found = self.code.taken(file, declared)
        return bool(found) and all(each.sort is Sort.EXTERNAL for each in found)

    def _in_literal(self, file: ScriptFile, literal: Syntax, name: str, depth: int) -> Bindings:
        held = member_of(literal, name) if name else literal
        if held is not literal:
            return self.of(file, held, depth + 1) if held.type else _NOT_KNOWN
        values = [each.of("value") if each.type == "pair" else each for each in literal.held]
        return _union(self.of(file, each, depth + 1) for each in values)

    def _kept(self, file: ScriptFile, name: str, depth: int) -> Bindings:
        """What a property of `this` holds by what the script puts there."""
        values = [
            each.of("right")
            for each in walk(file.lexical.tree)
            if each.type == "assignment_expression" and _is_own(bare(each.of("left")), name)
        ]
        found = _union(self.of(file, each, depth + 1) for each in values)
        return found or _NOT_KNOWN

    def _given_back(self, file: ScriptFile, call: Syntax, depth: int) -> Bindings:
        """What the functions of the repository give back that a call means."""
        found = [
            self.of(place.file, each, depth + 1)
            for place in self.code.functions(file, call.of("function"))
            for each in _returned(place)
        ]
        return _union(found) or _NOT_KNOWN

    def _of_name(self, file: ScriptFile, declared: Declared, depth: int) -> Bindings:
        if declared.node.type == "for_in_statement":
            held = bare(declared.node.of("right"))
            items = held.held if held.type == "array" and declared.way == (UNKNOWN,) else ()
            return _union(self.of(file, each, depth + 1) for each in items) or _NOT_KNOWN
        if declared.way:
            return _by_pattern(file, declared)
        if declared.role is Declares.PARAMETER:
            return self._handed(file, declared, depth)
        written = [each.of("right") for each in file.lexical.writes(declared)]
        values = [each for each in (declared.value, *written) if each.type]
        is_value = declared.role is Declares.VALUE
        found = _union(self.of(file, each, depth + 1) for each in values if is_value)
        return found or _NOT_KNOWN

    def _handed(self, file: ScriptFile, declared: Declared, depth: int) -> Bindings:
        """What the calls of a function give to its parameter."""
        function = declared.node
        name = _called(file, function)
        targets = targets_of(function)
        place = next((at for at, each in enumerate(targets) if each is declared.name), -1)
        found: list[Bindings] = []
        for caller, call in self.calls(name) if name and place >= 0 else ():
            meant = self.code.functions(caller, call.of("function"))
            given = call.of("arguments").held
            if any(each.function is function for each in meant) and place < len(given):
                found.append(self.of(caller, given[place], depth + 1))
        return _union(found) or _NOT_KNOWN


def _union(found: Iterable[Bindings]) -> Bindings:
    return frozenset().union(*found)


def _returned(place: Place) -> Iterator[Syntax]:
    body = body_of(place.function)
    if body.type != "statement_block":
        yield body
    for each in own_pieces(place.function):
        if each.type == "return_statement" and each.held:
            yield each.held[0]


def _called(file: ScriptFile, function: Syntax) -> str:
    """The name by which a function is called; empty where it has none."""
    if function.of("name").type:
        return function.of("name").text
    above = file.lexical.parent(function)
    return above.of("name").text if above.type == "variable_declarator" else ""


def _is_own(target: Syntax, name: str) -> bool:
    is_this = target.type in MEMBERS and bare(target.of("object")).type == "this"
    return is_this and member_name(target) == name


def _is_env(node: Syntax) -> bool:
    return node.text.lower().endswith(_ENV) and node.type in (*NAMES, "property_identifier")


def _by_pattern(file: ScriptFile, declared: Declared) -> Bindings:
    """The last name on the way to what a pattern takes apart."""
    if declared.role not in (Declares.PARAMETER, Declares.VALUE):
        return _NOT_KNOWN
    made = declared.value.type and _is_made(file, root_of(declared.value))
    return _NOT_KNOWN if made else frozenset({declared.way[-1].replace(REST, UNKNOWN)})


def _is_made(file: ScriptFile, root: Syntax) -> bool:
    """Whether a chain begins with something that the script makes itself."""
    held = bare(root)
    for _ in range(_DEEPEST):
        if held.type in _MADE or held.type == "object" or is_function(held):
            return True
        meant = bare(file.lexical.settled(held)) if held.type in NAMES else held
        if meant is held or not meant.type:
            return False
        held = meant if meant.type in _MADE else bare(root_of(meant))
    return False
