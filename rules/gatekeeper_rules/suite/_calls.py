"""Which calls expect something by themselves: those of unittest, of mocks, of pytest and others."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gatekeeper_rules.suite._assertions import expected, raised
from gatekeeper_rules.suite._names import dotted, last, shown, text_of
from gatekeeper_rules.suite._written import Expectation, Strength

RAISING = re.compile(r"(?:raises|warns|deprecated_call|assertRaises\w*|assertWarns\w*)$")
_EQUAL = re.compile(r"assert(?:\w*)Equals?$")
_EXPECTS = re.compile(r"_*assert")
_TRUE, _FALSE = frozenset({"assertTrue", "assert_"}), frozenset({"assertFalse"})
_COMPARED: dict[str, type[ast.cmpop]] = {
    "assertIs": ast.Is,
    "assertIsNot": ast.IsNot,
    "assertIn": ast.In,
    "assertNotIn": ast.NotIn,
    "assertGreater": ast.Gt,
    "assertGreaterEqual": ast.GtE,
    "assertLess": ast.Lt,
    "assertLessEqual": ast.LtE,
    "assertNotEqual": ast.NotEq,
    "assertNotEquals": ast.NotEq,
}
_NONE: dict[str, type[ast.cmpop]] = {"assertIsNone": ast.Is, "assertIsNotNone": ast.IsNot}
_MOCKS: dict[str, Strength] = {
    "assert_called": Strength.PARTIAL,
    "assert_awaited": Strength.PARTIAL,
    "assert_called_once": Strength.CLOSE,
    "assert_awaited_once": Strength.CLOSE,
    "assert_any_call": Strength.CLOSE,
    "assert_any_await": Strength.CLOSE,
}
_LOOSE: dict[str, Strength] = {
    "assertAlmostEqual": Strength.CLOSE,
    "assertAlmostEquals": Strength.CLOSE,
    "assertIsInstance": Strength.CLOSE,
    "assertRegex": Strength.PARTIAL,
    "assertCountEqual": Strength.CLOSE,
    "assertItemsEqual": Strength.CLOSE,
}
# Plain calls that fail by themselves, known by the last part of their names: pytest's own
# and its testing of plugins, the standard library's subprocess, and HTTP clients.
_FAILING = frozenset(
    {
        "assert_outcomes",
        "check_call",
        "check_output",
        "fail",
        "fnmatch_lines",
        "fnmatch_lines_random",
        "no_fnmatch_line",
        "no_re_match_line",
        "raise_for_status",
        "re_match_lines",
        "re_match_lines_random",
    }
)
_TWO = 2


def asserted(call: ast.Call) -> ast.expr | None:
    """The expression that a call of unittest's asserts, as `assert` would have it."""
    name, arguments = last(dotted(call.func)), call.args
    if name in _TRUE | _FALSE and arguments:
        return arguments[0] if name in _TRUE else ast.UnaryOp(ast.Not(), arguments[0])
    if name in _NONE and arguments:
        return ast.Compare(arguments[0], [_NONE[name]()], [ast.Constant(None)])
    if len(arguments) < _TWO or not isinstance(call.func, ast.Attribute) or name in _LOOSE:
        return None
    op: type[ast.cmpop] | None = ast.Eq if _EQUAL.match(name) else None
    op = _COMPARED.get(name, op)
    return None if op is None else ast.Compare(arguments[0], [op()], [arguments[1]])


def is_of_unittest(call: ast.Call) -> bool:
    """Whether a call has the name of one of unittest's own methods, and not one like it."""
    from unittest import TestCase  # with all that it brings in, for the few who ask

    return hasattr(TestCase, last(dotted(call.func)))


def expected_by(call: ast.Call) -> Iterator[Expectation]:
    """What a call expects by itself, whatever its callee turns out to do."""
    callee = dotted(call.func)
    name, line = last(callee), call.lineno
    if RAISING.match(name):
        yield raised(call, line)
    elif (told := asserted(call)) is not None:
        yield from (each._replace(by=callee) for each in expected(told, line))
    elif name.startswith("assert_") and (name in _MOCKS or _is_of_mock(name)):
        strength = _MOCKS.get(name, Strength.EXACT)
        yield Expectation(text_of(call), callee.rpartition(".")[0], strength, line)
    elif _EXPECTS.match(name):
        subject = text_of(call.args[0]) if call.args else callee
        strength = _LOOSE.get(name, Strength.EXACT)
        yield Expectation(text_of(call), subject, strength, line, by=callee)
    elif name in _FAILING or _is_checked(call):
        yield Expectation(text_of(call), shown(call), Strength.EXACT, line)


def _is_of_mock(name: str) -> bool:
    return "called" in name or "awaited" in name or name == "assert_has_calls"


def _is_checked(call: ast.Call) -> bool:
    """`run(…, check=True)`, which raises if the process fails."""
    return any(
        each.arg == "check" and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in call.keywords
    )
