"""What of a Workflow's code outside of steps differs from one start of `run` to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gatekeeper import Finding
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._workflow_regions import Region
from gatekeeper_rules.code._workflow_steps import DO, Step
from gatekeeper_rules.code._workflow_told import fault, shown

_SOURCES = frozenset(
    {
        *("builtins.id", "os.getpid", "os.urandom"),
        *("datetime.date.today", "datetime.datetime.now", "datetime.datetime.today"),
        *("datetime.datetime.utcnow", "js.Date.new", "js.Date.now", "js.Math.random"),
        *("js.crypto.getRandomValues", "js.crypto.randomUUID", "js.performance.now"),
        *("time.gmtime", "time.localtime", "time.monotonic", "time.monotonic_ns"),
        *("time.perf_counter", "time.perf_counter_ns", "time.process_time", "time.time"),
        *("time.time_ns", "uuid.uuid1", "uuid.uuid4", "uuid.uuid6", "uuid.uuid7"),
    }
)
_MODULES = ("random.", "secrets.")
_SEEDED = ("random.Random", "random.seed", "random.getstate", "random.setstate")
_TALK = ("builtins.print", "logging.")


def differing(region: Region, steps: tuple[Step, ...]) -> Iterator[Finding]:
    """A finding for each clock, random number and new id, and for names that stand for one."""
    own = [each for each in steps if each.region is region]
    names = {each.name for each in own if each.method == DO and each.name is not None}
    waits = {
        argument
        for each in own
        if each.method in ("sleep", "sleep_until")
        for argument in each.call.args[1:]
    }
    for node in region.alive:
        if isinstance(node, ast.Call) and _is_source(region, node.func):
            around = {node, *region.above(node)}
            if not around & waits and not _is_talk(region, node):
                message = f"`{shown(node)}` {_use(region, node, names)}"
                yield fault(region, node, message, words.FIX_DIFFERING)
        elif isinstance(node, ast.Name | ast.Attribute) and _stands_for_one(region, node):
            use = _use(region, node, names)
            if use != words.ANYWHERE:
                yield fault(region, node, f"`{shown(node)}` {use}", words.FIX_DIFFERING)


def _use(region: Region, node: ast.AST, names: set[ast.expr]) -> str:
    below = node
    for above in (node, *region.above(node)):
        if above in names:
            return words.NAMING
        if below in _tests(above):
            return words.DECIDING
        below = above
    return words.ANYWHERE


def _tests(node: ast.AST) -> list[ast.expr]:
    """The expressions that decide which part of a node is run."""
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.For(iter=test) | ast.AsyncFor(iter=test) | ast.Match(subject=test):
            return [test]
        case ast.BoolOp(values=values):
            return values[:-1]
        case ast.comprehension(iter=held, ifs=tests):
            return [held, *tests]
        case _:
            return []


def _is_source(region: Region, function: ast.expr) -> bool:
    return any(map(_differs, region.externals(function)))


def _differs(text: str) -> bool:
    if text in _SOURCES:
        return True
    return text.startswith(_MODULES) and not text.startswith(_SEEDED)


def _is_talk(region: Region, node: ast.AST) -> bool:
    """Whether it only goes into a line of a log."""
    calls = (each for each in region.above(node) if isinstance(each, ast.Call))
    return any(
        outside.startswith(_TALK) for each in calls for outside in region.externals(each.func)
    )


def _stands_for_one(region: Region, node: ast.Name | ast.Attribute) -> bool:
    """Whether a name of the module, or an attribute of the Workflow, holds such a value."""
    if not isinstance(node.ctx, ast.Load):
        return False
    if isinstance(node, ast.Attribute):
        if not region.is_receiver(node.value):
            return False
    elif node.id in region.locals:
        return False
    found = region.externals(node)
    return any(each.endswith("()") and _differs(each.removesuffix("()")) for each in found)
