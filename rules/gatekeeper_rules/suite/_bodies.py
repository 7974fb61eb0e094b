"""The body of one function, gone through in order: what it expects, and what comes to nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatekeeper_rules.suite._assertions import expected
from gatekeeper_rules.suite._calls import RAISING, asserted, expected_by
from gatekeeper_rules.suite._names import dotted, last, shown
from gatekeeper_rules.suite._swallowing import is_suppressing, is_swallowing
from gatekeeper_rules.suite._tautologies import truth
from gatekeeper_rules.suite._written import Called, Expectation, Fault, Strength

_ENDS = frozenset({"skip", "skipTest", "exit", "_exit"})
_MADE_UP = frozenset({"called_once_with", "called_with", "called_once", "not_called", "has_calls"})
_NEVER = "is never reached"
_UNHEARD = "is not heard of if it fails"
_FIX_REACHED = "Let the test reach it, or remove it."
_FIX_HEARD = "Let the failure out: narrow what is caught, or assert outside of it."
_FIX_ALWAYS = "Assert something that could be otherwise."
_FIX_ASSERT = "Write `assert` in front of it."


class _At(NamedTuple):
    """What is known of a place in a body; `lost` is why an expectation there is worth nothing."""

    lost: str = ""
    raising: bool = False
    nested: bool = False


_START = _At()


class Body:
    """Goes through a function's statements and keeps what it finds, in order.

    `made` are the names of objects that the function makes itself, `used` those that it
    reads. `exits` are conditions under which it ends before it has expected anything.
    """

    def __init__(self, made: frozenset[str], used: frozenset[str]) -> None:
        self._made = made
        self._used = used
        self.exits: list[Fault] = []
        self.expectations: list[Expectation] = []
        self.faults: list[Fault] = []
        self.calls: list[Called] = []
        self.repeats = 0

    def read(self, statements: Iterable[ast.stmt], at: _At = _START) -> None:
        """Take in a block of statements; what stands behind one that ends it is never reached."""
        for statement in statements:
            self._statement(statement, at)
            if _ends(statement) and not at.nested:
                at = at._replace(lost=_NEVER)

    def _statement(self, node: ast.stmt, at: _At) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                is_called = bool(node.decorator_list) or node.name in self._used or at.nested
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
            if _is_comparison(node.value) and not at.nested:
                why = "is returned, and nobody looks at what a test returns"
                self._fault(node, why, "Assert it instead of returning it.")
        elif isinstance(node, ast.Expr):
            self._alone(node, at)
        self._expressions([node] if isinstance(node, ast.Expr) else ast.iter_child_nodes(node), at)

    def _alone(self, node: ast.Expr, at: _At) -> None:
        """An expression that is a statement."""
        if _is_comparison(node.value) and not at.raising:
            self._fault(node, "is compared and not asserted", _FIX_ASSERT)
        elif isinstance(node.value, ast.Attribute) and node.value.attr.startswith("assert_"):
            self._fault(node, "is named and not called, so it does nothing", "Call it: add `()`.")
        elif _is_made_up(node.value):
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
        elif truth(test) and not _is_reflexive(test, self._made):
            self._fault(node, "holds whatever happens", _FIX_ALWAYS)
        elif _is_method(test):
            fix = "Call a method that is there: `assert_called_once_with(…)`."
            self._fault(node, "holds whatever happens: a mock says yes to it", fix)
        else:
            self.expectations.extend(expected(test, node.lineno))

    def _expressions(self, nodes: Iterable[ast.AST], at: _At) -> None:
        held = tuple(nodes)
        alone = _called_alone(held[0]) if held else None
        for call in _calls_in(held):
            test = asserted(call)
            always = test is not None and truth(test) and not _is_reflexive(test, self._made)
            if not (at.lost or always):
                is_used = call is not alone
                self.calls.append(Called(dotted(call.func), call.lineno, at.raising, is_used))
                self.expectations.extend(expected_by(call))
            elif any(True for _ in expected_by(call)):
                self._call_fault(call, at)

    def _call_fault(self, call: ast.Call, at: _At) -> None:
        why = at.lost or "holds whatever happens"
        fixes = {_NEVER: _FIX_REACHED, _UNHEARD: _FIX_HEARD}
        self._fault(call, why, fixes.get(why, _FIX_ALWAYS))

    def _try(self, node: ast.Try | ast.TryStar, at: _At) -> None:
        inside = at if at.lost or not is_swallowing(node) else at._replace(lost=_UNHEARD)
        self.read(node.body, inside)
        for handler in node.handlers:
            self.read(handler.body, at)
        self.read([*node.orelse, *node.finalbody], at)

    def _with(self, node: ast.With | ast.AsyncWith, at: _At) -> None:
        items = [item.context_expr for item in node.items]
        self._expressions(items, at)
        if any(is_suppressing(item) for item in items) and not at.lost:
            at = at._replace(lost=_UNHEARD)
        self.read(node.body, at._replace(raising=at.raising or any(map(_is_raising, items))))

    def _condition(self, node: ast.If | ast.While, at: _At) -> None:
        self._expressions([node.test], at)
        worth = truth(node.test)
        if isinstance(node, ast.If) and _is_way_out(node) and at == _START:
            self._exit(node)
        never = at._replace(lost=at.lost or _NEVER)
        self.read(node.body, never if worth is False else at)
        self.read(node.orelse, never if worth is True and isinstance(node, ast.If) else at)

    def _exit(self, node: ast.If) -> None:
        if not self.expectations:
            why = "may end the test before it has expected anything"
            fix = "Let the test run to its end, or give it a marker that says when it cannot."
            text = f"if {shown(node.test)}"
            self.exits.append(Fault(why, fix, node.lineno, node.col_offset + 1, text))

    def _loop(self, node: ast.For | ast.AsyncFor, at: _At) -> None:
        self.repeats += 1
        self._expressions([node.iter], at)
        empty = truth(node.iter) is False or ast.unparse(node.iter) == "range(0)"
        self.read(node.body, at._replace(lost=at.lost or _NEVER) if empty else at)
        self.read(node.orelse, at)

    def _fault(self, node: ast.stmt | ast.expr, why: str, fix: str) -> None:
        self.faults.append(Fault(why, fix, node.lineno, node.col_offset + 1, shown(node)))


def made_in(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """The names that the nodes of a function bind to `Class(…)`."""
    return frozenset(
        target.id
        for node in nodes
        if isinstance(node, ast.Assign)
        for each in node.targets
        for target, value in _assigned(each, node.value)
        if isinstance(target, ast.Name) and isinstance(value, ast.Call)
        if last(dotted(value.func))[:1].isupper()
    )


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=False)
    else:
        yield target, value


def _is_reflexive(node: ast.expr, made: frozenset[str]) -> bool:
    """`x == x` of an object that the test made, whose own `__eq__` is what is tested."""
    if not isinstance(node, ast.Compare) or isinstance(node.ops[0], ast.Is):
        return False
    return isinstance(node.left, ast.Name) and node.left.id in made


def _calls_in(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """The calls in expressions, the inner ones too, in the order of their places."""
    found = [each for node in nodes for each in ast.walk(node) if isinstance(each, ast.Call)]
    yield from sorted(found, key=lambda each: (each.lineno, each.col_offset))


def _called_alone(node: ast.AST) -> ast.expr | None:
    """The call that is all of a statement, so that nobody looks at its answer."""
    if not isinstance(node, ast.Expr):
        return None
    return node.value.value if isinstance(node.value, ast.Await) else node.value


def _ends(node: ast.stmt) -> bool:
    """Whether nothing behind a statement of the same block is run."""
    if isinstance(node, ast.Return | ast.Raise | ast.Break | ast.Continue):
        return True
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    name = dotted(node.value.func)
    return last(name) in _ENDS and name.partition(".")[0] in ("pytest", "self", "sys", "os")


def _is_way_out(node: ast.If) -> bool:
    return bool(node.body) and _ends(node.body[-1]) and not isinstance(node.body[-1], ast.Raise)


def _is_comparison(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _is_comparison(node.operand)
    if isinstance(node, ast.BoolOp):
        return all(_is_comparison(each) for each in node.values)
    return isinstance(node, ast.Compare)


def _is_method(node: ast.expr) -> bool:
    """Whether a mock's own method is asserted without being called, which is always true."""
    is_named = isinstance(node, ast.Attribute) and node.attr.startswith("assert_")
    return is_named or _is_made_up(node)


def _is_made_up(node: ast.expr) -> bool:
    """Whether a method is called that a mock only has because it has every method."""
    return isinstance(node, ast.Call) and last(dotted(node.func)) in _MADE_UP


def _is_raising(item: ast.expr) -> bool:
    return isinstance(item, ast.Call) and bool(RAISING.match(last(dotted(item.func))))
