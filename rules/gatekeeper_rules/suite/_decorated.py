"""What the decorators of a test say: that it never runs, and with which cases it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper_rules.suite._names import dotted, last, shown, text_of
from gatekeeper_rules.suite._tautologies import truth
from gatekeeper_rules.suite._written import Fault

_SKIPS = frozenset({"pytest.mark.skip", "mark.skip", "unittest.skip", "skip"})
_TWO = 2


def never_run(decorators: list[ast.expr]) -> Iterator[Fault]:
    """The decorators with which a test is never run: a plain skip, and no case at all."""
    for each in decorators:
        if dotted(each) in _SKIPS or _is_always_skipped(each):
            why = "keeps the test from ever being run"
            yield _fault(each, why, "Write the test when it can run, or let it run.")
        elif _is_let_fail(each):
            yield _fault(each, "lets the test fail", "Mend the code, or say `strict=True`.")
        elif (given := _given(each)) is not None and truth(given) is False:
            yield _fault(each, "leaves the test without a case to run", "Give it a case.")


def marked(node: ast.stmt) -> Iterator[Fault]:
    """What `pytestmark` says of all tests of a module, or of a class."""
    if isinstance(node, ast.Assign) and [*map(dotted, node.targets)] == ["pytestmark"]:
        held = node.value
        yield from never_run(held.elts if isinstance(held, ast.List | ast.Tuple) else [held])


def _is_always_skipped(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or last(dotted(node.func)) not in ("skipif", "skipIf"):
        return False
    return bool(node.args) and truth(node.args[0]) is True


def _is_let_fail(node: ast.expr) -> bool:
    """Whether a test may fail whatever the circumstances, and pass as well."""
    if last(dotted(node)) not in ("xfail", "expectedFailure"):
        return False
    if not isinstance(node, ast.Call):
        return last(dotted(node)) == "xfail"
    given = {each.arg: each.value for each in node.keywords}
    strict = given.get("strict")
    if isinstance(strict, ast.Constant) and strict.value is True:
        return False
    condition = node.args[0] if node.args else given.get("condition")
    return condition is None or truth(condition) is True


def rows(decorators: list[ast.expr]) -> Iterator[str]:
    """The texts of the cases that `parametrize` is given one by one."""
    for each in decorators:
        given = _given(each)
        if isinstance(given, ast.List | ast.Tuple):
            yield from map(text_of, given.elts)


def _given(node: ast.expr) -> ast.expr | None:
    """The cases of a `parametrize`; None for any other decorator."""
    if not isinstance(node, ast.Call) or last(dotted(node.func)) != "parametrize":
        return None
    named = {each.arg: each.value for each in node.keywords}
    return node.args[1] if len(node.args) >= _TWO else named.get("argvalues")


def _fault(node: ast.expr, why: str, fix: str) -> Fault:
    return Fault(why, fix, node.lineno, node.col_offset + 1, shown(node))
