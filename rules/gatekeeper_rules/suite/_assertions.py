"""What an asserted expression expects, in a form that does not depend on how it is put."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._names import dotted, last, text_of
from gatekeeper_rules.suite._tautologies import truth
from gatekeeper_rules.suite._written import Expectation, Strength

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_CLOSE = frozenset({"approx", "isclose", "allclose", "isinstance", "issubclass"})
_BROAD = frozenset({"Exception", "BaseException"})
_EMPTY = (ast.List, ast.Tuple, ast.Dict)


def expected(node: ast.expr, line: int) -> Iterator[Expectation]:
    """The expectations of `assert node`, one for each part of a conjunction."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        for part in node.values:
            yield from expected(part, line)
        return
    node = _plain(node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _compared(node.left, node.ops[0], node.comparators[0], line)
    elif isinstance(node, ast.Compare):
        exact = all(isinstance(op, ast.Eq | ast.Is) for op in node.ops)
        strength = Strength.EXACT if exact else Strength.PARTIAL
        yield Expectation(text_of(node), text_of(node.left), strength, line)
    else:
        yield _held(node, line)


def _plain(node: ast.expr) -> ast.expr:
    """Without what says nothing: `x is True`, `x == False`, `not not x`, `not x == a`."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        right = node.comparators[0]
        says = isinstance(node.ops[0], ast.Eq | ast.Is) and isinstance(right, ast.Constant)
        if says and isinstance(right, ast.Constant) and isinstance(right.value, bool):
            return node.left if right.value else ast.UnaryOp(ast.Not(), node.left)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _denied(node, node.operand)
    return node


def _denied(node: ast.expr, held: ast.expr) -> ast.expr:
    """`not held`, which `node` says, put in the plainest way."""
    if isinstance(held, ast.Compare) and len(held.ops) == 1:
        return ast.Compare(held.left, [_opposite(held.ops[0])], held.comparators)
    if isinstance(held, ast.UnaryOp) and isinstance(held.op, ast.Not):
        return held.operand
    return node


def _opposite(op: ast.cmpop) -> ast.cmpop:
    pairs: tuple[tuple[type[ast.cmpop], type[ast.cmpop]], ...] = (
        (ast.Eq, ast.NotEq),
        (ast.Is, ast.IsNot),
        (ast.In, ast.NotIn),
        (ast.Lt, ast.GtE),
        (ast.Gt, ast.LtE),
    )
    opposites = {**dict(pairs), **{other: one for one, other in pairs}}
    return opposites[type(op)]()


def _held(node: ast.expr, line: int) -> Expectation:
    """`x`, `not x`, or a call of which the answer is to be true."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Expectation(text_of(node), text_of(node.operand), Strength.CLOSE, line)
    subject = node.args[0] if isinstance(node, ast.Call) and node.args else node
    called = last(dotted(node.func)) if isinstance(node, ast.Call) else ""
    strength = Strength.CLOSE if called in _CLOSE else Strength.PARTIAL
    return Expectation(text_of(node), text_of(subject), strength, line)


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr, line: int) -> Expectation:
    if isinstance(op, ast.Gt | ast.GtE):
        left, op, right = right, _TURNED[type(op)](), left
    if isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.IsNot) and _is_less_plain(left, right):
        left, right = right, left
    if isinstance(op, ast.Eq) and _is_none(right):
        op = ast.Is()
    subject = right if isinstance(op, ast.In | ast.NotIn) or _is_literal(left) else left
    if isinstance(subject, ast.Call) and last(dotted(subject.func)) == "type" and subject.args:
        subject = subject.args[0]
    says = text_of(ast.Compare(left, [op], [right]))
    return Expectation(says, text_of(subject), _strength(left, op, right), line)


def _is_less_plain(left: ast.expr, right: ast.expr) -> bool:
    """Whether the sides stand the other way round than we write them: what answers first."""
    one, other = _plainness(left), _plainness(right)
    return one < other if one != other else text_of(left) > text_of(right)


def _plainness(node: ast.expr) -> int:
    """0 for a literal, 1 for what only has names, 2 for what calls something."""
    if any(isinstance(each, ast.Call) for each in every(node)):
        return 2
    return 0 if _is_literal(node) else 1


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(each, ast.Name | ast.Call) for each in every(node))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _strength(left: ast.expr, op: ast.cmpop, right: ast.expr) -> Strength:
    if isinstance(op, ast.Eq):
        called = {last(dotted(each)) for each in (left, right) if isinstance(each, ast.Call)}
        close = "type" in called or not _CLOSE.isdisjoint(called) or _is_empty(right)
        return Strength.CLOSE if close else Strength.EXACT
    if isinstance(op, ast.Is):
        typed = isinstance(left, ast.Call) and last(dotted(left.func)) == "type"
        return Strength.CLOSE if typed else Strength.EXACT
    if isinstance(op, ast.IsNot) and _is_none(right):
        return Strength.THERE
    return Strength.CLOSE if isinstance(op, ast.NotIn) else Strength.PARTIAL


def _is_empty(node: ast.expr) -> bool:
    """Whether `x == node` says little more than `not x`."""
    if isinstance(node, ast.Constant):
        return not node.value
    return isinstance(node, _EMPTY) and truth(node) is False


def raised(call: ast.Call, line: int) -> Expectation:
    """What `raises(…)`, `warns(…)` and unittest's likes expect."""
    name = last(dotted(call.func))
    kind = "warns" if "warn" in name.lower() or name == "deprecated_call" else "raises"
    error = text_of(call.args[0]) if call.args else ""
    told = [text_of(each.value) for each in call.keywords if each.arg == "match"]
    if "Regex" in name and len(call.args) > 1:
        told = [text_of(call.args[1])]
    strength = Strength.EXACT if told else Strength.CLOSE
    if not told and call.args and _is_broad(call.args[0]):
        strength = Strength.PARTIAL
    says = f"{kind} {error}" + "".join(f" with {each}" for each in told)
    return Expectation(says, f"{kind} {_what(call)}", strength, line)


def _is_broad(error: ast.expr) -> bool:
    named = error.elts if isinstance(error, ast.Tuple) else [error]
    return any(last(dotted(each)) in _BROAD for each in named)


def _what(call: ast.Call) -> str:
    """What is called to see it raise, where that is given as arguments."""
    is_given = len(call.args) > 1 and not isinstance(call.args[1], ast.Constant)
    return text_of(call.args[1]) if is_given else ""
