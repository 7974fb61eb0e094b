"""The expressions of a script's test: what they expect, and which of it comes to nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from gatekeeper.source.script_chains import (
    awaited,
    bare,
    dotted,
    given_to,
    is_function,
    links,
)
from gatekeeper.source.script_syntax import Syntax, said, shown, walk
from gatekeeper_rules.suite._script_always import always
from gatekeeper_rules.suite._script_expecting import TYPED, Asked, asked
from gatekeeper_rules.suite._script_flow import is_double, is_late, is_literal_empty, swallows
from gatekeeper_rules.suite._script_known import Known
from gatekeeper_rules.suite._script_worth import Settled, is_written, looks_at_values, truth
from gatekeeper_rules.suite._written import Called, Expectation, Fault

NEVER = "is never reached"
UNHEARD = "is not heard of if it fails"
LATE = "runs when the test may be over: nobody waits for it"
_UNAWAITED = "is a promise that nobody waits for: the test is over before it is asked"
_CAUGHT = "is only asked where the code throws, and nothing says that it must"
_ALWAYS = "holds whatever happens"
_FIXES = {
    NEVER: "Let the test reach it, or remove it.",
    UNHEARD: "Let the failure out: narrow what is caught, or expect outside of it.",
    LATE: "Await it, or return its promise from the test.",
    _UNAWAITED: "Write `await` in front of it, or return it.",
    _CAUGHT: "Write `await expect(…).rejects.toThrow(…)`, or `expect.assertions(1)`.",
}
_FIX_ALWAYS = "Expect something that could be otherwise."
_MOST_SAID = 200  # pieces of a condition that is compared with what is expected
_CHAINS = frozenset({"call_expression", "member_expression"})


class Names(NamedTuple):
    """What is known before a body is gone through.

    `given` is the name of the test's parameter, `used` the names that are read, `settled` what
    names stand for. `waits` says that the test has another way to say when it is over: a
    callback, timers of its own. `dropped` are the names that are only called, so that nobody
    waits for what they give; `is_test` says that it is a test, and no helper.
    """

    known: Known
    settled: Settled
    given: str
    used: frozenset[str]
    waits: bool
    dropped: frozenset[str]
    is_test: bool


class At(NamedTuple):
    """What is known of a place; `lost` is why an expectation there is worth nothing.

    `given` are the conditions around it, `caught` says that it stands in a handler of errors,
    `promised` in a promise that somebody waits for.
    """

    lost: str = ""
    nested: bool = False
    given: tuple[str, ...] = ()
    caught: bool = False
    promised: bool = False


START = At()
Waiting = list[tuple[Syntax, At, bool]]


class Expressions(ABC):
    """Goes through expressions and keeps what it finds, in order."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.expectations: list[Expectation] = []
        self.faults: list[Fault] = []
        self.calls: list[Called] = []
        self.exits: list[Fault] = []
        self.repeats = 0
        self._vain: list[Fault] = []
        self._caught: list[tuple[Expectation, Fault]] = []
        self._is_sure = False
        self._depth = 0

    @abstractmethod
    def function(self, node: Syntax, at: At = START) -> None:
        """Take in the body of a function."""

    def conclude(self) -> None:
        """What looks at nothing, or is only asked by chance, is a fault where nothing else is."""
        if self._is_sure:
            self.expectations += [each for each, _ in self._caught]
        elif not self.expectations:
            self.faults += [fault for _, fault in self._caught]
        else:
            self.expectations += [each for each, _ in self._caught]
        if not self.expectations:
            self.faults += self._vain

    def expressions(self, nodes: Iterable[Syntax], at: At, *, alone: bool = False) -> None:
        """Take in expressions; `alone` says that nobody looks at what they give."""
        waiting: Waiting = [(each, at, alone) for each in reversed(tuple(nodes))]
        while waiting:
            node, here, is_alone = waiting.pop()
            waiting += reversed(self._further(node, here, alone=is_alone))

    def _further(self, node: Syntax, at: At, *, alone: bool) -> Waiting:
        """What of an expression is still to be looked at."""
        plain = bare(node)
        if plain.type in _CHAINS:
            return self._chain(plain, at, alone=alone)
        if is_function(plain):
            self.function(plain, at._replace(nested=True))
            return []
        if plain.type == "unary_expression" and plain.has("void"):
            return [(plain.of("argument"), at, True)]
        if plain.type == "new_expression" and plain.of("constructor").text == "Promise":
            at = at._replace(promised=not alone)
        first = _condition(plain)
        if first is None:
            return [(each, at, False) for each in plain.held]
        worth = truth(first, self._names.settled)
        rest = [each for each in plain.held if each is not first]
        ways = [(each, self._under(each, plain, first, worth, at)) for each in rest]
        return [(first, at, False), *((each, inside, alone) for each, inside in ways)]

    def _under(self, way: Syntax, node: Syntax, first: Syntax, worth: bool | None, at: At) -> At:
        """The place of what is run under a condition, which may never be so."""
        wanted = way.field != "alternative" and node.of("operator").text != "||"
        if worth is None or node.of("operator").text == "??":
            is_short = not any(islice(walk(first), _MOST_SAID, None))
            return at._replace(given=(*at.given, said(first) if is_short else "…"))
        return at if worth is wanted else at._replace(lost=at.lost or NEVER)

    def _chain(self, node: Syntax, at: At, *, alone: bool) -> Waiting:
        told = asked(node, self._names.known, self._names.given)
        if told is not None:
            self._told(node, told, self._behind(node, at), alone=alone)
        else:
            self._call(node, at)
        if told is None and alone and is_double(node):
            at = at._replace(lost=at.lost or NEVER)
        found: Waiting = []
        current = node
        while current.type in ("call_expression", "member_expression", "subscript_expression"):
            if current.type == "call_expression":
                found += self._arguments(current, at, alone=alone)
                if swallows(current, self._names.used):
                    at = at._replace(lost=at.lost or UNHEARD)
                current = awaited(current.of("function"))
            else:
                current = awaited(current.of("object"))
        return [*found, (current, at, False)] if current.type not in ("identifier", "") else found

    def _behind(self, node: Syntax, at: At) -> At:
        """The place of an expectation, out of which what is put behind it may let no failure."""
        while node.type in ("call_expression", "member_expression"):
            if node.type == "call_expression" and swallows(node, self._names.used):
                return at._replace(lost=at.lost or UNHEARD)
            node = awaited(node.of("function" if node.type == "call_expression" else "object"))
        return at

    def _arguments(self, call: Syntax, at: At, *, alone: bool) -> Waiting:
        function = bare(call.of("function"))
        name = links(call)[-1].name if function.type != "call_expression" else ""
        if is_function(function):
            late = alone and function.has("async") and not self._names.waits
            self.function(
                function, at._replace(nested=True, lost=at.lost or (LATE if late else ""))
            )
        found: Waiting = []
        for each in given_to(call):
            held = bare(each)
            if is_function(held):
                self.function(held, self._called_back(call, name, held, at, alone=alone))
            elif held.type == "identifier":
                self.calls.append(Called(held.text, held.line, used=False))
            else:
                found.append((each, at, False))
        if name == "allSettled":
            lost = at.lost or UNHEARD
            found = [(each, here._replace(lost=lost), how) for each, here, how in found]
        return found

    def _called_back(self, call: Syntax, name: str, function: Syntax, at: At, *, alone: bool) -> At:
        at = at._replace(nested=True)
        owner = bare(bare(call.of("function")).of("object"))
        owner = self._names.settled.get(owner.text, owner) if owner.type == "identifier" else owner
        if name == "forEach" and is_literal_empty(owner):
            return at._replace(lost=at.lost or NEVER)
        if name == "catch":
            return at._replace(caught=True)
        if is_late(name, function, alone=alone) and not (self._names.waits or at.promised):
            return at._replace(lost=at.lost or LATE)
        return at

    def _call(self, node: Syntax, at: At) -> None:
        name = dotted(node)
        if node.type == "call_expression" and not at.lost:
            self.calls.append(Called(name, node.line))

    def _told(self, node: Syntax, told: Asked, at: At, *, alone: bool) -> None:
        self._is_sure = self._is_sure or told.counts
        found = told.found
        if told.idle:
            self._fault(node, told.idle, _FIX_ALWAYS)
        if found is None:
            return
        expectation = found.expectation(node.line)._replace(guarded=bool(at.given))
        if at.lost and found.way != TYPED:
            self._fault(node, at.lost, _FIXES[at.lost])
        elif found.promised and alone and not self._names.waits:
            self._fault(node, _UNAWAITED, _FIXES[_UNAWAITED])
        elif always(found, self._names.settled) or self._is_given(found.way, expectation, at):
            self._fault(node, _ALWAYS, _FIX_ALWAYS)
        elif looks_at_values(found) and self._is_vain(node, found.subject, found.against):
            why = "looks at nothing but what the test itself has written down"
            self._vain.append(_fault_at(node, why, _FIX_ALWAYS))
        elif at.caught:
            self._caught.append((expectation, _fault_at(node, _CAUGHT, _FIXES[_CAUGHT])))
        else:
            self.expectations.append(expectation)

    def _is_given(self, way: str, expectation: Expectation, at: At) -> bool:
        return way == "holds" and expectation.subject in at.given

    def _is_vain(self, node: Syntax, subject: Syntax, against: tuple[Syntax, ...]) -> bool:
        looked = (subject, *against)
        return (
            subject is not node and subject.type != "" and is_written(looked, self._names.settled)
        )

    def _exit(self, node: Syntax, text: str) -> None:
        if not self.expectations:
            why = "may end the test before it has expected anything"
            fix = "Let the test run to its end, or say in its declaration when it cannot."
            self.exits.append(Fault(why, fix, node.line, node.column, text))

    def _fault(self, node: Syntax, why: str, fix: str) -> None:
        self.faults.append(_fault_at(node, why, fix))


def _condition(node: Syntax) -> Syntax | None:
    """What decides whether the rest of an expression is run; None where nothing does."""
    if node.type == "ternary_expression":
        return node.of("condition")
    decides = node.type == "binary_expression" and node.of("operator").text in ("&&", "||", "??")
    return node.of("left") if decides else None


def _fault_at(node: Syntax, why: str, fix: str) -> Fault:
    return Fault(why, fix, node.line, node.column, shown(node))
