"""What expressions of scripts mean outside of the repository, by whatever name they go."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax, string_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_truth import meant_by, value_of

GLOBAL = "js"
_NONE = frozenset[str]()
_WHOLES = frozenset({f"{GLOBAL}.{name}" for name in ("globalThis", "self", "window", "global")})
_HOLDS = frozenset({"call", "apply"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier", "undefined"})
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_TAKEN_BACK = frozenset({"", "..."})
_DEEPEST, _MOST = 60, 8


@dataclass(frozen=True, eq=False)
class Outside:
    """Dotted names: what nothing declares is of `js`, what is imported goes by its specifier.

    `()` stands for what a call gives. Names are followed through constants, patterns,
    re-exports, `globalThis`, `bind` and constant keys; an expression may mean several.
    """

    code: ScriptCode
    _known: dict[int, frozenset[str]] = field(default_factory=dict)

    def names(self, file: ScriptFile, node: Syntax, depth: int = 0) -> frozenset[str]:
        """What an expression can mean; nothing where it is of the repository, or not known."""
        node = bare(node)
        if depth > _DEEPEST:
            return _NONE
        if id(node) not in self._known:
            # What stands for itself stands for nothing more.
            self._known[id(node)] = _NONE
            found = sorted(self._names(file, node, depth + 1))
            self._known[id(node)] = frozenset(_plain(each) for each in found[:_MOST])
        return self._known[id(node)]

    def _names(self, file: ScriptFile, node: Syntax, depth: int) -> frozenset[str]:
        if node.type in _NAMES:
            return self._named(file, node, depth)
        if node.type in _MEMBERS:
            return self._member(file, node, depth)
        if node.type in ("call_expression", "new_expression"):
            return self._called(file, node, depth)
        return self._all(file, _worth(node), depth)

    def _all(self, file: ScriptFile, nodes: Iterable[Syntax], depth: int) -> frozenset[str]:
        return frozenset().union(*(self.names(file, each, depth) for each in nodes))

    def _named(self, file: ScriptFile, node: Syntax, depth: int) -> frozenset[str]:
        declared = file.lexical.declared(node)
        if declared is None:
            return frozenset({f"{GLOBAL}.{node.text}"})
        if declared.role is Declares.IMPORT:
            return self._imported(file, declared)
        if declared.role is not Declares.VALUE:
            return _NONE
        writes = file.lexical.writes(declared)[:_MOST]
        later = [each.of("right") for each in writes if each.of("left").text == node.text]
        held = self._all(file, later, depth)
        if declared.value.type and not _TAKEN_BACK & set(declared.way):
            given = self.names(file, declared.value, depth)
            held |= {".".join((each, *declared.way)) for each in given}
        return held

    def _imported(self, file: ScriptFile, declared: Declared) -> frozenset[str]:
        direct = self.code.outside(file, declared.name)
        if direct:
            return frozenset({direct})
        return frozenset(_text(each) for each in self.code.taken(file, declared)) - {""}

    def _member(self, file: ScriptFile, node: Syntax, depth: int) -> frozenset[str]:
        held = meant_by(file.lexical, node)
        if held.type:
            return self.names(file, held, depth)
        name = member_name(node) or self._key(file, node)
        if not name:
            return _NONE
        owners = self.names(file, node.of("object"), depth)
        return frozenset(f"{each}.{name}" for each in owners) | self._of_module(file, node, name)

    def _key(self, file: ScriptFile, node: Syntax) -> str:
        """A computed key that stands for a string."""
        found = value_of(file.lexical, node.of("index")) if node.of("index").type else None
        return found[1] if found is not None and isinstance(found[1], str) else ""

    def _of_module(self, file: ScriptFile, node: Syntax, name: str) -> frozenset[str]:
        """A member of a namespace of the repository, which may pass on what is outside."""
        owner = bare(node.of("object"))
        declared = file.lexical.declared(owner) if owner.type == "identifier" else None
        if declared is None or declared.role is not Declares.IMPORT:
            return _NONE
        held = (
            value
            for each in self.code.taken(file, declared)
            for value in self.code.scripts.names.member(each, name)
        )
        return frozenset(map(_text, held)) - {""}

    def _called(self, file: ScriptFile, node: Syntax, depth: int) -> frozenset[str]:
        constructor = node.of("constructor")
        function = bare(constructor if constructor.type else node.of("function"))
        given = node.of("arguments").held
        if function.type == "import" or function.text == "require":
            specifier = string_of(given[0]) if given else None
            return frozenset({specifier}) if specifier else _NONE
        if member_name(function) == "bind":
            return self.names(file, function.of("object"), depth)
        return frozenset(f"{each}()" for each in self.names(file, function, depth))

    def called(self, file: ScriptFile, call: Syntax) -> frozenset[str]:
        """What a call calls, also through `call` and `apply`."""
        constructor = call.of("constructor")
        function = bare(constructor if constructor.type else call.of("function"))
        found = self.names(file, function)
        if function.type in _MEMBERS and member_name(function) in _HOLDS:
            found |= self.names(file, function.of("object"))
        if f"{GLOBAL}.Reflect.apply" in found and call.of("arguments").held:
            found |= self.names(file, call.of("arguments").held[0])
        return found


def _worth(node: Syntax) -> tuple[Syntax, ...]:
    """The expressions, of those in it, that an expression can be worth."""
    kind = node.type
    if kind == "ternary_expression":
        return node.of("consequence"), node.of("alternative")
    if kind == "binary_expression" and node.of("operator").text in ("||", "&&", "??"):
        return node.of("left"), node.of("right")
    if kind in ("await_expression", "sequence_expression"):
        return node.held[-1:]
    return (node.of("right"),) if kind == "assignment_expression" else ()


def _text(value: Value) -> str:
    """An external value by its dotted name; what nothing defines is the language's own."""
    if value.sort is not Sort.EXTERNAL:
        return ""
    return f"{GLOBAL}.{value.text[2:]}" if value.text.startswith("?.") else value.text


def _plain(name: str) -> str:
    """`globalThis.fetch` is `fetch`, and what a module has as its default has its members."""
    name = name.replace(".default.", ".")
    for _ in range(_DEEPEST):
        whole = next((each for each in _WHOLES if name.startswith(f"{each}.")), "")
        if not whole:
            break
        name = GLOBAL + name[len(whole) :]
    return name
