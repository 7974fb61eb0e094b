"""A function of a script that a Workflow's `run` comes to, and what its names stand for there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from gatekeeper.source.code_values import Value
from gatekeeper.source.script_chains import awaited, bare, body_of, is_function, root_of
from gatekeeper.source.script_lexical import Declared
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.value import dataclass
from gatekeeper_rules.code._script_code import Place, ScriptCode, ScriptFile, member_name

NAMES = frozenset({"identifier", "shorthand_property_identifier"})
MEMBERS = frozenset({"member_expression", "subscript_expression"})
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_FIELDS = frozenset({"public_field_definition", "field_definition"})
_TYPES = frozenset({"decorator", "type_annotation"})
_ENV = "cloudflare:workers.env"


class Closure(NamedTuple):
    """A function as a value, and what the names around it stand for."""

    place: Place
    roles: Roles


class Roles(NamedTuple):
    """The declarations, by key, that hold what the platform hands to `run`.

    `steps` hold the step, `bags` an object with the step under a name, `kept` are properties of
    the Workflow that hold it; `selves` hold the Workflow; `given` are parameters that hold
    functions.
    """

    steps: frozenset[int] = frozenset()
    bags: frozenset[tuple[int, str]] = frozenset()
    kept: frozenset[str] = frozenset()
    events: frozenset[int] = frozenset()
    envs: frozenset[int] = frozenset()
    selves: frozenset[int] = frozenset()
    given: tuple[tuple[int, Closure], ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from others, without the code it holds."""
        held = frozenset((name, each.place.key) for name, each in self.given)
        return (self.steps, self.bags, self.kept, self.events, self.envs, self.selves, held)


class How(Enum):
    """What the expression at which a function is called holds of what the function gives."""

    PROMISE = "it"
    COLLECTION = "an array of it"
    GENERATOR = "what runs it when it is gone through"
    DROPPED = "nothing"
    LOST = "what cannot be told"


@dataclass(frozen=True, eq=False)
class Region:
    """A function that `run` comes to; `within` is the call of the step that it runs in, if any.

    Of a step's callback, and of what it calls, `within` is set: all others run outside of steps.
    """

    code: ScriptCode
    owner: Value
    file: ScriptFile
    function: Syntax
    roles: Roles
    within: Syntax | None = None
    depth: int = 0

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.file.path

    @property
    def is_run(self) -> bool:
        """Whether this is the `run` that the platform calls."""
        return self.depth == 0

    @property
    def key(self) -> tuple[object, ...]:
        """What tells it from all others."""
        return (id(self.function), self.within is not None, self.roles.key)

    @cached_property
    def nodes(self) -> tuple[Syntax, ...]:
        """The function's own pieces in order; of functions and classes in it only that they are."""
        return tuple(own_pieces(self.function))

    @cached_property
    def alive(self) -> tuple[Syntax, ...]:
        """The pieces that can be reached."""
        return tuple(each for each in self.nodes if not self.file.is_dead(each))

    @cached_property
    def _classes(self) -> frozenset[int]:
        held = (self.code.block(each) for each in self.code.lineage(self.owner))
        return frozenset(id(each[1]) for each in held if each is not None)

    @property
    def is_of_workflow(self) -> bool:
        """Whether the function stands within the class of the Workflow, or one that it extends."""
        return any(id(each) in self._classes for each in self.file.lexical.above(self.function))

    # -- what an expression is

    def declared(self, node: Syntax) -> Declared | None:
        """What a name means."""
        return self.file.lexical.declared(node) if node.type in NAMES else None

    def is_this(self, node: Syntax) -> bool:
        """Whether an expression is the Workflow itself."""
        node = bare(node)
        if node.type == "this":
            return id(class_around(self.file, node)) in self._classes
        declared = self.declared(node)
        if declared is None:
            return False
        held = bare(self.file.lexical.settled(node))
        return declared.key in self.roles.selves or (held.type == "this" and self.is_this(held))

    def is_step(self, node: Syntax) -> bool:
        """Whether an expression is what makes steps."""
        node = bare(node)
        if node.type in MEMBERS:
            owner, name = bare(node.of("object")), member_name(node)
            if self.is_this(owner):
                return name in self.roles.kept
            held = self.declared(owner)
            return held is not None and (held.key, name) in self.roles.bags
        declared = self.declared(node)
        return declared is not None and declared.key in self.roles.steps

    def is_event(self, node: Syntax) -> bool:
        """Whether an expression is the event, or something of it at any depth."""
        held = self.declared(bare(root_of(node)))
        return held is not None and held.key in self.roles.events

    def is_env(self, node: Syntax) -> bool:
        """Whether an expression is the bindings of the Worker, or something taken from them."""
        node = awaited(node)
        while node.type in MEMBERS:
            if member_name(node) == "env" and self.is_this(node.of("object")):
                return True
            if self.code.outside(self.file, node) == _ENV:
                return True
            node = awaited(node.of("object"))
        held = self.declared(node)
        if held is not None and held.key in self.roles.envs:
            return True
        return self.code.outside(self.file, node) == _ENV

    def closures(self, node: Syntax) -> tuple[Closure, ...]:
        """The functions of the repository that an expression means here."""
        node = bare(node)
        bound = _bound(node)
        if bound is not None:
            return self.closures(bound)
        if node.type in MEMBERS:
            owner, name = bare(node.of("object")), member_name(node)
            if owner.type == "super":
                return self._of(self._super(node, name))
            if self.is_this(owner):
                return self._of(self.code.method(self.owner, name))
        declared = self.declared(node)
        if declared is not None:
            held = tuple(each for name, each in self.roles.given if name == declared.key)
            if held:
                return held
        return tuple(Closure(each, self.roles) for each in self.code.functions(self.file, node))

    def _of(self, place: Place | None) -> tuple[Closure, ...]:
        return () if place is None else (Closure(place, self.roles),)

    def _super(self, node: Syntax, name: str) -> Place | None:
        around = class_around(self.file, node)
        for each in self.code.lineage(self.owner):
            held = self.code.block(each)
            if held is not None and held[1] is around:
                bases = self.code.lineage(each)[1:]
                found = (self.code.method(base, name) for base in bases)
                return next((place for place in found if place is not None), None)
        return None


def _bound(node: Syntax) -> Syntax | None:
    """What `.bind(…)` is called on."""
    function = bare(node.of("function")) if node.type == "call_expression" else node
    is_bind = function is not node and function.of("property").text == "bind"
    return function.of("object") if is_bind else None


def class_around(file: ScriptFile, node: Syntax) -> Syntax:
    """The class whose instance `this` is at a piece; the script where it is no class's."""
    for each in file.lexical.above(node):
        if each.type in _FIELDS or (is_function(each) and each.type != "arrow_function"):
            if each.has("static"):
                return file.lexical.tree
            body = file.lexical.parent(each)
            held = file.lexical.parent(body) if body.type == "class_body" else file.lexical.tree
            return held if held.type in _CLASSES else file.lexical.tree
    return file.lexical.tree


def running(region: Region) -> Iterator[Syntax]:
    """The pieces of a region that can be reached, what its parameters are by default included."""
    yield from region.alive
    waiting = [region.function.of("parameters")]
    while waiting:
        node = waiting.pop()
        yield node
        if not is_function(node) and node.type not in _CLASSES and node.type not in _TYPES:
            waiting.extend(reversed(node.parts))


def own_pieces(function: Syntax) -> Iterator[Syntax]:
    """The pieces of a function's body, in order; functions and classes in it are not entered."""
    waiting = [body_of(function)]
    while waiting:
        node = waiting.pop()
        yield node
        if not is_function(node) and node.type not in _CLASSES:
            waiting.extend(reversed(node.parts))


def visible(file: ScriptFile, function: Syntax, keys: Iterable[int]) -> frozenset[int]:
    """Those of the declarations that code in a function can name."""
    lexical = file.lexical
    around = {id(each) for each in lexical.above(function)}
    held = ((key, lexical.declarations.get(key)) for key in keys)
    return frozenset(key for key, each in held if each is not None and id(each.scope) in around)
