"""The body of one function, gone through in order: what it expects, and what comes to nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gatekeeper_rules.suite._assertions import expected
from gatekeeper_rules.suite._calls import asserted, expected_by, is_of_unittest
from gatekeeper_rules.suite._names import dotted, shown, text_of
from gatekeeper_rules.suite._settled import Settled
from gatekeeper_rules.suite._statements import (
    called_alone,
    calls_in,
    ends,
    hushes,
    is_comparison,
    is_inverting,
    is_lazy,
    is_made_up,
    is_method,
    is_raising,
    is_reflexive,
    is_way_out,
)
from gatekeeper_rules.suite._swallowing import is_suppressing, is_swallowing
from gatekeeper_rules.suite._tautologies import truth
from gatekeeper_rules.suite._written import Called, Expectation, Fault, Strength

_NEVER = "is never reached"
_UNHEARD = "is not heard of if it fails"
_FIX_REACHED = "Let the test reach it, or remove it."
_FIX_HEARD = "Let the failure out: narrow what is caught, or assert outside of it."
_FIX_ALWAYS = "Assert something that could be otherwise."
_FIX_ASSERT = "Write `assert` in front of it."


class Known(NamedTuple):
    """What is known of the names in a function before its body is gone through.

    `made` are those of objects that it makes itself, `used` those that it reads, `read` those
    that it reads outside of handlers of errors. `settled` says what names stand for, `imports`
    what they are imported as.
    """

    made: frozenset[str]
    used: frozenset[str]
    read: frozenset[str]
    settled: Settled
    imports: Mapping[str, str]


class _At(NamedTuple):
    """What is known of a place in a body; `lost` is why an expectation there is worth nothing.

    `given` are the texts of the conditions around it.
    """

    lost: str = ""
    raising: bool = False
    nested: bool = False
    given: tuple[str, ...] = ()


_START = _At()


class Body:
    """Goes through a function's statements and keeps what it finds, in order.

    `exits` are conditions under which it ends before it has expected anything, `around` the
    context managers around something that it expects.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self.around: list[Called] = []
        self.exits: list[Fault] = []
        self.expectations: list[Expectation] = []
        self.faults: list[Fault] = []
        self.calls: list[Called] = []
        self.repeats = 0
        self._ways_out: dict[str, Fault] = {}
        self._vain: list[Fault] = []

    def conclude(self) -> None:
        """What looks at nothing is a fault where the function expects nothing else."""
        if not self.expectations:
            self.faults += self._vain

    def read(self, statements: Iterable[ast.stmt], at: _At = _START) -> None:
        """Take in a block of statements; what stands behind one that ends it is never reached."""
        for statement in statements:
            self._statement(statement, at)
            if ends(statement) and not at.nested:
                at = at._replace(lost=_NEVER)
            elif hushes(statement, self._known.imports):
                at = at._replace(lost=at.lost or _UNHEARD)

    def _statement(self, node: ast.stmt, at: _At) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                is_called = bool(node.decorator_list) or node.name in self._known.used or at.nested
                lost = at.lost or ("" if is_called else _NEVER)
                self.read(node.body, at._replace(nested=True, lost=lost))
            case ast.ClassDef():
                self.read(node.body, at._replace(nested=True))
            case ast.Assert():
                self._assertion(node, node.test, at)
                self._expressions([node.test], at)
            case ast.Try() | ast.TryStar():
                self._try(node, at)
            case ast.With() | ast.AsyncWith():
                self._with(node, at)
            case _:
                self._branch(node, at)

    def _branch(self, node: ast.stmt, at: _At) -> None:
        match node:
            case ast.If() | ast.While():
                self._condition(node, at)
            case ast.For() | ast.AsyncFor():
                self._loop(node, at)
            case ast.Match():
                self._expressions([node.subject], at)
                for case in node.cases:
                    self.read(case.body, at)
            case _:
                self._simple(node, at)

    def _simple(self, node: ast.stmt, at: _At) -> None:
        if isinstance(node, ast.Raise):
            self._raise(node, at)
        elif isinstance(node, ast.Return) and node.value is not None:
            if is_comparison(node.value) and not at.nested:
                why = "is returned, and nobody looks at what a test returns"
                self._fault(node, why, "Assert it instead of returning it.")
        elif isinstance(node, ast.Expr):
            self._alone(node, at)
        if is_lazy(node, self._known.used):
            at = at._replace(lost=at.lost or _NEVER)
        self._expressions([node] if isinstance(node, ast.Expr) else ast.iter_child_nodes(node), at)

    def _alone(self, node: ast.Expr, at: _At) -> None:
        """An expression that is a statement."""
        if is_comparison(node.value) and not at.raising:
            self._fault(node, "is compared and not asserted", _FIX_ASSERT)
        elif isinstance(node.value, ast.Attribute) and node.value.attr.startswith("assert_"):
            self._fault(node, "is named and not called, so it does nothing", "Call it: add `()`.")
        elif is_made_up(node.value):
            self._fault(node, "asks a mock what it answers to anything", "Put `assert_` before it.")

    def _raise(self, node: ast.Raise, at: _At) -> None:
        text = shown(node)
        is_failure = "Assertion" in text or "Failed" in text
        if not at.lost and (is_failure or not (at.nested or "Skip" in text)):
            self.expectations.append(Expectation(text, text, Strength.EXACT, node.lineno))

    def _assertion(self, node: ast.stmt, test: ast.expr, at: _At) -> None:
        if at.lost:
            fix = _FIX_REACHED if at.lost == _NEVER else _FIX_HEARD
            self._fault(node, at.lost, fix)
        elif self._always(test) or text_of(test) in at.given:
            self._fault(node, "holds whatever happens", _FIX_ALWAYS)
        elif self._known.settled.depends_on_nothing(test):
            self._vain.append(self._made_fault(node))
        elif is_method(test):
            fix = "Call a method that is there: `assert_called_once_with(…)`."
            self._fault(node, "holds whatever happens: a mock says yes to it", fix)
        else:
            self._expect(expected(test, node.lineno), test, at)

    def _always(self, test: ast.expr) -> bool:
        """Whether it holds whatever happens, by its form."""
        if is_reflexive(test, self._known.made):
            return False
        return bool(truth(test) or truth(self._known.settled.meant(test)))

    def _made_fault(self, node: ast.stmt | ast.expr) -> Fault:
        why = "looks at nothing but what the test itself has written down"
        return Fault(why, _FIX_ALWAYS, node.lineno, node.col_offset + 1, shown(node))

    def _is_idle(self, call: ast.Call, test: ast.expr, at: _At) -> bool:
        """Whether a method of unittest's asserts nothing; of one called alike, by its form."""
        if not is_of_unittest(call):
            return truth(test) is True and not is_reflexive(test, self._known.made)
        return self._always(test) or text_of(test) in at.given

    def _is_vain(self, call: ast.Call, test: ast.expr) -> bool:
        return is_of_unittest(call) and self._known.settled.depends_on_nothing(test)

    def _expect(self, found: Iterable[Expectation], test: ast.expr | None, at: _At) -> None:
        """Keep what is expected; an answer that is held against itself says little."""
        circular = isinstance(test, ast.Compare) and self._known.settled.is_circular(
            test.left, test.comparators[-1]
        )
        for each in found:
            strength = min(each.strength, Strength.PARTIAL) if circular else each.strength
            guarded = bool(at.given)
            self._escaped(each)
            self.expectations.append(each._replace(strength=strength, guarded=guarded))

    def _escaped(self, expectation: Expectation) -> None:
        """Whether the test ends where what it expects would not be so."""
        for text in [each for each in self._ways_out if expectation.subject in each]:
            if "(" in expectation.subject or not expectation.subject.isidentifier():
                fault = self._ways_out.pop(text)
                self.faults.append(fault._replace(why="ends the test where it would have failed"))

    def _expressions(self, nodes: Iterable[ast.AST], at: _At) -> None:
        held = tuple(nodes)
        alone = called_alone(held[0]) if held else None
        for call in calls_in(held):
            test = asserted(call)
            always = test is not None and self._is_idle(call, test, at)
            if not (at.lost or always) and test is not None and self._is_vain(call, test):
                self._vain.append(self._made_fault(call))
                continue
            if not (at.lost or always):
                is_used = call is not alone
                started = is_used or not isinstance(held[0], ast.Expr) or held[0].value is not call
                called = Called(dotted(call.func), call.lineno, at.raising, is_used, started)
                self.calls.append(called)
                self._expect(expected_by(call), test, at)
            elif any(True for _ in expected_by(call)):
                self._call_fault(call, at)

    def _call_fault(self, call: ast.Call, at: _At) -> None:
        why = at.lost or "holds whatever happens"
        fixes = {_NEVER: _FIX_REACHED, _UNHEARD: _FIX_HEARD}
        self._fault(call, why, fixes.get(why, _FIX_ALWAYS))

    def _try(self, node: ast.Try | ast.TryStar, at: _At) -> None:
        swallows = is_swallowing(node, self._known.read)
        inside = at._replace(lost=at.lost or (_UNHEARD if swallows else ""))
        self.read(node.body, inside)
        for handler in node.handlers:
            self.read(handler.body, at)
        self.read([*node.orelse, *node.finalbody], at)

    def _with(self, node: ast.With | ast.AsyncWith, at: _At) -> None:
        items = [item.context_expr for item in node.items]
        self._expressions(items, at)
        if any(is_suppressing(item, self._known.imports) for item in items) and not at.lost:
            at = at._replace(lost=_UNHEARD)
        before = len(self.expectations)
        if any(map(is_inverting, items)):
            asserted = [each for each in node.body if isinstance(each, ast.Assert)]
            for each in asserted:
                self._fault(each, "passes as long as it does not hold", _FIX_HEARD)
        self.read(node.body, at._replace(raising=at.raising or any(map(is_raising, items))))
        if len(self.expectations) > before:
            called = (each for each in items if isinstance(each, ast.Call))
            self.around += [Called(dotted(each.func), each.lineno) for each in called]

    def _condition(self, node: ast.If | ast.While, at: _At) -> None:
        self._expressions([node.test], at)
        worth = truth(self._known.settled.meant(node.test))
        if isinstance(node, ast.If) and is_way_out(node) and at == _START:
            self._exit(node)
        never = at._replace(lost=at.lost or _NEVER)
        inside = at
        if isinstance(node, ast.If) and worth is not True:
            inside = at._replace(given=(*at.given, *_held(node.test)))
        self.read(node.body, never if worth is False else inside)
        self.read(node.orelse, never if worth is True and isinstance(node, ast.If) else at)

    def _exit(self, node: ast.If) -> None:
        if not self.expectations:
            why = "may end the test before it has expected anything"
            fix = "Let the test run to its end, or give it a marker that says when it cannot."
            text = f"if {shown(node.test)}"
            fault = Fault(why, fix, node.lineno, node.col_offset + 1, text)
            self.exits.append(fault)
            self._ways_out[text_of(node.test)] = fault

    def _loop(self, node: ast.For | ast.AsyncFor, at: _At) -> None:
        self.repeats += 1
        self._expressions([node.iter], at)
        over = self._known.settled.meant(node.iter)
        empty = truth(over) is False or ast.unparse(over) == "range(0)"
        self.read(node.body, at._replace(lost=at.lost or _NEVER) if empty else at)
        self.read(node.orelse, at)

    def _fault(self, node: ast.stmt | ast.expr, why: str, fix: str) -> None:
        self.faults.append(Fault(why, fix, node.lineno, node.col_offset + 1, shown(node)))


def _held(test: ast.expr) -> Iterable[str]:
    """What holds wherever a condition does, as texts."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return (text_of(test), *map(text_of, test.values))
    return (text_of(test),)
