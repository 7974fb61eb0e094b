"""What may put another `run` in the place of the one that a Workflow's class in a script shows."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.code_values import Sort
from gatekeeper.source.script_chains import bare, is_function, links, root_of
from gatekeeper.source.script_lexical import Declares
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper.source.script_targets import key_of, targets_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._script_changes import changes
from gatekeeper_rules.code._script_code import (
    Place,
    ScriptCode,
    ScriptFile,
    computed_members,
    member_name,
)
from gatekeeper_rules.code._script_regions import MEMBERS
from gatekeeper_rules.code._script_told import doubt_at
from gatekeeper_rules.code._script_truth import value_of
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass

_RUN = "run"
_PROTOTYPE = frozenset({"prototype", "__proto__"})
_NEEDLES = (b"rototype", b"__proto__")
_CHANGES = frozenset(
    {
        *("assign", "defineProperty", "defineProperties", "deleteProperty", "getPrototypeOf"),
        *("set", "setPrototypeOf"),
    }
)
_WRAPS = frozenset(
    {
        *("as_expression", "non_null_expression", "parenthesized_expression"),
        *("satisfies_expression", "spread_element", "type_assertion"),
    }
)
_DEEPEST = 8


def replaced(code: ScriptCode, klass: ScriptClass) -> Iterator[Doubt]:
    """Where `run`, or the prototype of the class or of what it extends, is set."""
    for value in code.lineage(klass.value):
        held = code.block(value)
        if held is not None:
            for node in _by_itself(code, *held):
                reason = f"what `run` of `{klass.name}` is cannot be told: it is set here"
                yield doubt_at(held[0], node, reason)
                return
    elsewhere = _Elsewhere(code, klass)
    for path in elsewhere.paths:
        file = code.file(path)
        for node in walk(file.lexical.tree) if file is not None else ():
            if file is not None and elsewhere.touches(file, node):
                reason = (
                    f"what the `run` of `{klass.name}` is cannot be told: it is set from elsewhere"
                )
                yield doubt_at(file, node, reason)
                return


def unnamed(file: ScriptFile, node: Syntax) -> Iterator[Syntax]:
    """The members of a class that may be `run` under a name that is computed."""
    for each in computed_members(node):
        name = each.of("name") if each.of("name").type else each.of("property")
        key = bare(name.held[0]) if name.held else name
        known = value_of(file.lexical, key)
        is_symbol = key.type == "member_expression" and key.of("object").text == "Symbol"
        if not is_symbol and (known is None or known[1] == _RUN):
            yield each


# -- by the class itself


def _by_itself(code: ScriptCode, file: ScriptFile, klass: Syntax) -> Iterator[Syntax]:
    for node in walk(klass):
        if _sets_run(file, node):
            yield node
    for member in klass.of("body").held:
        if key_of(member.of("name")) == "constructor":
            yield from _given_back(member)
        elif is_function(member):
            continue
        for node in walk(member):
            if _is_handed_on(code, file, node):
                yield node


def _sets_run(file: ScriptFile, node: Syntax) -> bool:
    """Whether a piece of a class sets `run` of an instance, or of the class itself."""
    if node.type == "assignment_expression":
        target = bare(node.of("left"))
        is_run = target.type in MEMBERS and member_name(target) in (_RUN, "")
        return is_run and _is_this(file, bare(target.of("object")))
    if node.type in MEMBERS and member_name(node) in _PROTOTYPE:
        return _is_this(file, root_of(node))
    return _is_change(node) and _is_this(file, bare(node.of("arguments").held[0]))


def _is_this(file: ScriptFile, node: Syntax) -> bool:
    meant = bare(file.lexical.settled(node)) if node.type == "identifier" else node
    return meant.type == "this"


def _given_back(constructor: Syntax) -> Iterator[Syntax]:
    """Where a constructor gives something else than what it makes."""
    waiting = list(constructor.of("body").held)
    while waiting:
        node = waiting.pop()
        if node.type == "return_statement" and node.held:
            yield node
        elif not is_function(node):
            waiting.extend(node.held)


def _is_handed_on(code: ScriptCode, file: ScriptFile, node: Syntax) -> bool:
    """Whether the new instance, or the class, is given to what may set its `run`."""
    if node.type not in ("this", "identifier") or not _is_this(file, node):
        return False
    argument, above = node, file.lexical.parent(node)
    while above.type in _WRAPS:
        argument, above = above, file.lexical.parent(above)
    if above.type != "arguments":
        return False
    call = file.lexical.parent(above)
    function = bare(call.of("function"))
    if member_name(function) == "bind" and file.lexical.parent(call).of("function") is not call:
        return False
    number = next(i for i, each in enumerate(above.held) if each is argument)
    places = code.functions(file, function) if call.type == "call_expression" else ()
    return not places or any(_alters(each, number) for each in places)


def _alters(place: Place, number: int) -> bool:
    """Whether a function sets anything that may be `run` of what it is given, or hands it on."""
    given = targets_of(place.function)
    names = {each.text for each in walk(given[number])} if number < len(given) else {"arguments"}
    nodes = tuple(walk(place.function.of("body")))
    for each in changes(nodes):
        target = each.target
        is_run = target.type not in MEMBERS or member_name(target) in (_RUN, "")
        if root_of(target).text in names and is_run:
            return True
    loose = (each for each in nodes if each.type == "identifier" and each.text in names)
    lexical = place.file.lexical
    return any(lexical.parent(each).type not in MEMBERS for each in loose)


# -- from elsewhere


@dataclass(frozen=True, eq=False)
class _Elsewhere:
    """What the scripts that are read do to the prototypes of a class and of what it extends."""

    code: ScriptCode
    klass: ScriptClass
    _names: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names.setdefault(self.klass.path, set()).add(self.klass.name)
        for value in self.code.lineage(self.klass.value):
            held = self.code.block(value)
            if held is not None:
                self._names.setdefault(value.text, set()).add(held[1].of("name").text)

    @property
    def paths(self) -> Iterator[str]:
        """The scripts that could."""
        said = {name.encode() for names in self._names.values() for name in names}
        for path in sorted(self.code.scripts.names.files):
            content = self.code.scripts.sources.content(path)
            able = any(each in content for each in _NEEDLES)
            if path in self._names or (able and any(each in content for each in said)):
                yield path

    def touches(self, file: ScriptFile, node: Syntax) -> bool:
        """Whether a piece gets at a prototype of theirs, or at what may be one."""
        if node.type in MEMBERS and member_name(node) in _PROTOTYPE:
            return self._is_theirs(file, node)
        if node.type == "variable_declarator" and node.of("name").type == "object_pattern":
            keys = {_key(each) for each in node.of("name").held}
            return not keys.isdisjoint({"", *_PROTOTYPE}) and self._is_theirs(
                file, node.of("value")
            )
        if _is_change(node):
            return self._is_theirs(file, node.of("arguments").held[0])
        return any(
            self._is_computed(each.target) and self._is_theirs(file, each.target)
            for each in changes((node,))
        )

    def _is_computed(self, target: Syntax) -> bool:
        while target.type in MEMBERS:
            if not member_name(target):
                return True
            target = bare(target.of("object"))
        return False

    def _is_theirs(self, file: ScriptFile, node: Syntax) -> bool:
        """Whether a chain begins with one of the classes, with its instance or its module."""
        root = bare(root_of(node))
        if root.type == "new_expression":
            root = bare(root_of(root.of("constructor")))
        for _ in range(_DEEPEST):
            meant = bare(file.lexical.settled(root)) if root.type == "identifier" else root
            if meant.type != "identifier":
                break
            root = meant
        if root.text in self._names.get(file.path, ()):
            return True
        declared = file.lexical.declared(root) if root.type == "identifier" else None
        if declared is None or declared.role is not Declares.IMPORT:
            return False
        taken = self.code.taken(file, declared)
        if any(each.sort is Sort.MODULE for each in taken):
            said = {each.name for each in links(node)}
            return any(said & names for names in self._names.values())
        return bool(taken & frozenset(self.code.lineage(self.klass.value)))


def _key(part: Syntax) -> str:
    return key_of(part.of("key")) if part.type == "pair_pattern" else part.text


def _is_change(node: Syntax) -> bool:
    """Whether a call changes the object that it is given first."""
    if node.type != "call_expression" or not node.of("arguments").held:
        return False
    function = bare(node.of("function"))
    is_change = function.of("property").text in _CHANGES
    return is_change and function.of("object").text in ("Object", "Reflect")
