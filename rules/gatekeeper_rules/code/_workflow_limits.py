"""Limits of Workflows that are broken where Python writes them down."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper import Finding
from gatekeeper_rules.code import _workflow_bounds as bounds
from gatekeeper_rules.code._workflow_bounds import Breach, Written
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Call
from gatekeeper_rules.code._workflow_durations import number
from gatekeeper_rules.code._workflow_regions import Region, own_nodes
from gatekeeper_rules.code._workflow_steps import DO, Step
from gatekeeper_rules.code._workflow_told import finding_in, shown
from gatekeeper_rules.code._workflow_words import PYTHON

_DEEPEST = 4


def of_step(step: Step) -> Iterator[Finding]:
    """What of a step is beyond a limit."""
    for breach in _of_step(step):
        yield _told(step.region.code, breach)


def _of_step(step: Step) -> Iterator[Breach]:
    path = step.region.path
    name = Written(path, step.line, shown(ast.Constant(step.said)))
    for breach in bounds.of_name(step.said, name):
        yield breach._replace(at=name._replace(shown=""))
    if step.method == "sleep" and len(step.call.args) > 1:
        yield from bounds.of_sleep(_written(path, step.call.args[1]), PYTHON)
    timeout = step.option("timeout") if step.method == "wait_for_event" else None
    if timeout is not None:
        yield from bounds.of_wait(_written(path, timeout), PYTHON)
    config = step.option("config") if step.method == DO else None
    for each in _literals(step.region, config) if config is not None else ():
        yield from dict.fromkeys(bounds.of_config(each, PYTHON))


def _told(code: Code, breach: Breach) -> Finding:
    at = breach.at
    return finding_in(code, at.path, at.line, breach.message, breach.fix, quoted=at.shown)


def _written(path: str, node: ast.expr, depth: int = 0) -> Written:
    """What an expression says, as far as it is constant."""
    constant = node.value if isinstance(node, ast.Constant) else None
    value = constant if isinstance(constant, str) else number(node)
    held = _entries(node) if depth < _DEEPEST else ()
    entries = tuple((key, _written(path, each, depth + 1)) for key, each in held)
    return Written(path, node.lineno, shown(node), value, entries)


def _entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


# -- where settings are written down


def _literals(region: Region, node: ast.expr) -> Iterator[Written]:
    """The dictionaries that an expression can be, in this file, or what a function gives back."""
    if isinstance(node, ast.Dict):
        yield _written(region.path, node)
    elif isinstance(node, ast.Call):
        for value, function in region.called(node):
            returns = (each for each in own_nodes(function) if isinstance(each, ast.Return))
            held = (each.value for each in returns if isinstance(each.value, ast.Dict))
            yield from (_written(value.text, each) for each in held)
    elif isinstance(node, ast.Name):
        for each in _assigned(region, node.id):
            if not isinstance(each, ast.Name):
                yield from _literals(region, each)


def _assigned(region: Region, name: str) -> Iterator[ast.expr]:
    """What a name is given in the function, or else in its file."""
    whole: Iterable[ast.AST] = region.code.module(region.path).tree.body
    for node in region.nodes if name in region.locals else whole:
        match node:
            case ast.Assign(targets=[ast.Name(id=given)], value=value) if given == name:
                yield value


# -- loops, and creation


def of_loops(region: Region, steps: Iterable[Step], most: int) -> Iterator[Finding]:
    """Loops over more steps than an instance may take."""
    own = [each for each in steps if each.region is region and each.method == DO]
    for node in region.alive:
        match node:
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[*_, last])):
                inside = any(node in region.above(each.made or each.call) for each in own)
                at = Written(region.path, node.lineno, shown(node))
                for breach in bounds.of_loop(number(last) if inside else None, most, at):
                    yield finding_in(
                        region.code,
                        at.path,
                        at.line,
                        breach.message,
                        breach.fix,
                        symbol=region.symbol,
                        quoted=at.shown,
                    )


def of_creation(code: Code, call: Call) -> Iterator[Finding]:
    """Ids that the platform refuses, and batches that are too large."""
    at = Written(call.path, call.node.lineno, shown(call.node))
    for node in call.node.args[:1]:
        given = identity(node)
        said = str(given.value) if isinstance(given, ast.Constant) else None
        size = len(node.elts) if isinstance(node, ast.List) else 0
        for breach in (*bounds.of_id(said, at), *bounds.of_batch(size, at)):
            yield _told(code, breach)


def identity(node: ast.expr) -> ast.expr | None:
    """What is given as `id` to `create`."""
    return next((value for key, value in _entries(node) if key == "id"), None)
