"""What of a script's code outside of steps differs from one start of `run` to the next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Finding
from gatekeeper.source.script_chains import is_function
from gatekeeper.source.script_lexical import Declared, Declares
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._script_code import ScriptFile, member_name
from gatekeeper_rules.code._script_faults import fault, shown
from gatekeeper_rules.code._script_fields import values_of
from gatekeeper_rules.code._script_outside import GLOBAL, Outside
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, Region, running
from gatekeeper_rules.code._script_steps import ScriptStep

_SOURCES = frozenset(
    {
        *(
            f"{GLOBAL}.Date.now",
            f"{GLOBAL}.Math.random",
            f"{GLOBAL}.performance.now",
            f"{GLOBAL}.process.hrtime",
        ),
        *(f"{GLOBAL}.crypto.{name}" for name in ("getRandomValues", "randomUUID")),
        *(f"{GLOBAL}.crypto.subtle.generateKey", f"{GLOBAL}.process.hrtime.bigint"),
        *(f"{GLOBAL}.process.uptime", "node:perf_hooks.performance.now"),
        *("luxon.DateTime.local", "luxon.DateTime.now", "luxon.DateTime.utc"),
        *("nanoid.nanoid", "nanoid/non-secure.nanoid", "@paralleldrive/cuid2.createId"),
        *(f"uuid.{name}" for name in ("v1", "v4", "v6", "v7")),
        *("ulid.ulid", "ulidx.ulid", "uuidv7.uuidv7", "short-uuid.generate"),
        *("nanoid.customAlphabet()", "nanoid.customRandom()"),
    }
)
_WHOLE = (
    *("node:crypto.random", "crypto.random", "node:crypto.getRandomValues"),
    *("node:crypto.webcrypto.getRandomValues", "node:crypto.webcrypto.randomUUID"),
    *("node:crypto.generateKey", "@lukeed/uuid", "crypto-random-string.", "uuid-random."),
    *(f"{home}.Temporal.Now." for home in (GLOBAL, "@js-temporal/polyfill", "temporal-polyfill")),
)
_UNGIVEN = frozenset(
    {
        *("dayjs.default", "dayjs.tz", "dayjs.utc", "moment.default", "moment.utc"),
        f"{GLOBAL}.Date",
    }
)
"""What tells the time where it is given nothing, and else only reads what it is given."""

_VALUES = frozenset({f"{GLOBAL}.performance.timeOrigin"})
_CALLS = frozenset({"call_expression", "new_expression"})
_TALK = f"{GLOBAL}.console."
_WAITS = frozenset({"sleep", "sleepUntil"})
_DECIDES = {
    **dict.fromkeys(("if_statement", "while_statement", "do_statement"), ("condition",)),
    **dict.fromkeys(("for_statement", "ternary_expression"), ("condition",)),
    "switch_statement": ("value",),
    "switch_case": ("value",),
    "for_in_statement": ("right",),
}
_EITHER = frozenset({"&&", "||", "??"})


@dataclass(frozen=True, eq=False)
class Differing:
    """What differs in one region that runs outside of steps; `steps` are those it makes."""

    region: Region
    steps: tuple[ScriptStep, ...]
    outside: Outside
    _known: dict[int, bool] = field(default_factory=dict)

    def findings(self) -> Iterator[Finding]:
        """A finding for each clock, random number and new id, and for names that stand for one."""
        told: set[int] = set()
        for node in running(self.region):
            is_one = self._is_source(node)
            if not is_one and not self._stands_for_one(node):
                continue
            above = tuple(self._above(node))
            use = self._use(node, above)
            is_new = not any(id(each) in told for each in above)
            if is_new and (is_one or use != words.ANYWHERE) and not self._is_kept_out(node, above):
                told.add(id(node))
                yield fault(self.region, node, f"`{shown(node)}` {use}", words.FIX_DIFFERING)

    def _above(self, node: Syntax) -> Iterator[Syntax]:
        for each in self.region.file.lexical.above(node):
            if is_function(each):
                return
            yield each

    def _is_source(self, node: Syntax) -> bool:
        return is_source(self.outside, self.region.file, node) or self._is_handed(node)

    def _is_handed(self, node: Syntax) -> bool:
        """Whether such a function is given to one that calls it: `Array.from(x, Math.random)`."""
        if node.type not in (*MEMBERS, *NAMES):
            return False
        lexical = self.region.file.lexical
        above = lexical.parent(node)
        if above.type != "arguments" or id(lexical.parent(above)) in self._made:
            return False
        found = self.outside.names(self.region.file, node) - {f"{GLOBAL}.Date"}
        return any(map(_differs, found))

    # -- what is left alone

    def _is_kept_out(self, node: Syntax, above: tuple[Syntax, ...]) -> bool:
        """Whether it only says how long a sleep takes, or goes into a line of a log."""
        held = (node, *above)
        if any(id(each) in self._waits for each in held):
            return True
        calls = (each for each in above if each.type == "call_expression")
        file = self.region.file
        return any(
            name.startswith(_TALK) for each in calls for name in self.outside.called(file, each)
        )

    @cached_property
    def _waits(self) -> frozenset[int]:
        held = (each for each in self.steps if each.method in _WAITS)
        return frozenset(id(argument) for each in held for argument in each.given[1:])

    @cached_property
    def _made(self) -> frozenset[int]:
        return frozenset(id(each.call) for each in self.steps)

    @cached_property
    def _names(self) -> frozenset[int]:
        return frozenset(id(each.name) for each in self.steps if each.name.type)

    # -- what it is for

    def _use(self, node: Syntax, above: Iterable[Syntax]) -> str:
        below = node
        if id(node) in self._names:
            return words.NAMING
        for each in above:
            if id(each) in self._names:
                return words.NAMING
            if below.field in _DECIDES.get(each.type, ()) or _is_first(each, below):
                return words.DECIDING
            below = each
        return words.ANYWHERE

    # -- names that stand for one

    def _stands_for_one(self, node: Syntax) -> bool:
        if node.type in MEMBERS:
            if self.region.is_this(node.of("object")):
                return member_name(node) in self._fields
            return any(map(_is_made_of_one, self.outside.names(self.region.file, node)))
        declared = self.region.declared(node)
        return declared is not None and self._holds_one(node, declared)

    def _holds_one(self, node: Syntax, declared: Declared) -> bool:
        """Whether a name of the module, or what another one exports, is such a value."""
        file = self.region.file
        if declared.role is Declares.IMPORT:
            return any(map(_is_made_of_one, self.outside.names(file, node)))
        if declared.role is not Declares.VALUE or declared.scope is not file.lexical.tree:
            return False
        if declared.key not in self._known:
            held = pieces_of(declared.value)
            self._known[declared.key] = any(is_source(self.outside, file, each) for each in held)
        return self._known[declared.key]

    @cached_property
    def _fields(self) -> frozenset[str]:
        """The properties of the Workflow that are read here and hold such a value."""
        read = {member_name(each) for each in self.region.nodes if each.type in MEMBERS}
        return frozenset(name for name in read if self._is_differing_field(name))

    def _is_differing_field(self, name: str) -> bool:
        return any(
            is_source(self.outside, file, each)
            for file, held in values_of(self.region.code, self.region.owner, name)
            for each in pieces_of(held)
        )


def pieces_of(value: Syntax) -> Iterator[Syntax]:
    """The pieces of an expression that run with it; functions in it do not."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        yield node
        if not is_function(node):
            waiting.extend(node.parts)


def is_source(outside: Outside, file: ScriptFile, node: Syntax) -> bool:
    """Whether a piece of code tells the time, or makes a random number or a new id."""
    if node.type in _CALLS:
        found = outside.called(file, node)
        found -= _UNGIVEN if node.of("arguments").held else frozenset()
        return any(map(_differs, found))
    return node.type in MEMBERS and bool(outside.names(file, node) & _VALUES)


def _differs(name: str) -> bool:
    return name in _SOURCES or name in _UNGIVEN or name.startswith(_WHOLE)


def _is_made_of_one(name: str) -> bool:
    return name.endswith("()") and _differs(name.removesuffix("()"))


def _is_first(above: Syntax, below: Syntax) -> bool:
    """Whether it stands before `&&` and the like, which then decide."""
    is_either = above.type == "binary_expression" and above.of("operator").text in _EITHER
    return is_either and below.field == "left"
