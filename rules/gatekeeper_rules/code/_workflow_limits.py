"""Limits of Workflows that are broken where they are written down.

Sources: developers.cloudflare.com/workflows/reference/limits and workers-sdk,
`packages/workflows-shared/src/lib/validators.ts`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from gatekeeper import Finding
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_creation import Call
from gatekeeper_rules.code._workflow_durations import DAY, MINUTE, NoDuration, milliseconds, number
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_regions import Region, own_nodes
from gatekeeper_rules.code._workflow_steps import DO, Step
from gatekeeper_rules.code._workflow_told import finding_in, shown

LONGEST_NAME, LONGEST_WORKFLOW, LONGEST_ID = 256, 64, 100
MOST_STEPS, MOST_STEPS_EVER, MOST_AT_ONCE, MOST_RETRIES = 10_000, 25_000, 100, 10_000
LONGEST_TIMEOUT, LONGEST_SLEEP = 30 * MINUTE, 365 * DAY
_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9-_]*")
_CONTROL = re.compile(r"[\x00-\x1f]")
_CONFIG = frozenset({"retries", "sensitive", "timeout"})
_RETRIES = frozenset({"backoff", "delay", "limit"})
_BACKOFFS = frozenset({"constant", "exponential", "linear"})
_FIX = "Keep to the limit, or split the work."


class Literal(NamedTuple):
    """An expression and the file that it stands in."""

    path: str
    node: ast.expr


def of_step(step: Step) -> Iterator[Finding]:
    """What of a step is beyond a limit."""
    code, path = step.region.code, step.region.path
    said = step.said
    if said is not None and (len(said) > LONGEST_NAME or _CONTROL.search(said)):
        why = "control characters" if _CONTROL.search(said) else f"over {LONGEST_NAME} characters"
        message = f"the name of the step `{shown(ast.Constant(said))}` has {why}"
        yield finding_in(code, path, step.line, message, "Give it a short name.")
    if step.method == "sleep" and len(step.call.args) > 1:
        held = Literal(path, step.call.args[1])
        yield from _duration(code, held, "the sleep", LONGEST_SLEEP, "365 days")
    timeout = step.option("timeout") if step.method == "wait_for_event" else None
    if timeout is not None:
        held = Literal(path, timeout)
        yield from _duration(code, held, "the time-out", LONGEST_SLEEP, "365 days")
    config = step.option("config") if step.method == DO else None
    if config is not None:
        for literal in _literals(step.region, config):
            yield from _of_config(code, literal)


def _of_config(code: Code, config: Literal) -> Iterator[Finding]:
    for key, node in _entries(config.node):
        held = Literal(config.path, node)
        if key not in _CONFIG:
            yield _told(code, held, f"a step has no setting `{key}`", "Remove it.")
        elif key == "timeout":
            yield from _timeout(code, held)
        elif key == "retries" and isinstance(node, ast.Dict):
            yield from dict.fromkeys(_of_retries(code, held))


def _timeout(code: Code, held: Literal) -> Iterator[Finding]:
    if number(held.node) == 0:
        yield _told(code, held, "a time-out of 0 is refused", "Give the step some time.")
    else:
        yield from _duration(code, held, "the time-out of a step", LONGEST_TIMEOUT, "30 minutes")


def _of_retries(code: Code, held: Literal) -> Iterator[Finding]:
    wrong = []
    for key, node in _entries(held.node):
        limit = number(node) if key == "limit" else None
        if key not in _RETRIES:
            wrong.append(f"no setting `{key}`")
        elif limit is not None and not 0 <= limit <= MOST_RETRIES:
            wrong.append(f"a limit between 0 and {MOST_RETRIES:,}, not {shown(node)}")
        elif key == "backoff" and isinstance(node, ast.Constant) and node.value not in _BACKOFFS:
            wrong.append(f"a backoff constant, linear or exponential, not {shown(node)}")
        elif key == "delay" and not _is_duration(node):
            wrong.append(f'a delay like "10 seconds", not {shown(node)}')
    if wrong:
        yield _told(code, held, f"the retries of a step take {', '.join(wrong)}", "Mend it.")


def _entries(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


def _is_duration(node: ast.expr) -> bool:
    try:
        milliseconds(node)
    except NoDuration:
        return False
    return True


def _duration(
    code: Code, held: Literal, what: str, most: int, shown_most: str
) -> Iterator[Finding]:
    try:
        length = milliseconds(held.node)
    except NoDuration as wrong:
        yield _told(code, held, f"{what} is `{wrong}`, which is no duration", 'Write "5 minutes".')
        return
    if length is not None and length > most:
        message = f"{what} is {shown(held.node)}, over {shown_most}"
        fix = "Wait with `step.wait_for_event` or `step.sleep`, or split the work."
        yield _told(code, held, message, fix)


def _told(code: Code, held: Literal, message: str, fix: str) -> Finding:
    return finding_in(code, held.path, held.node.lineno, message, fix, quoted=shown(held.node))


# -- where settings are written down


def _literals(region: Region, node: ast.expr) -> Iterator[Literal]:
    """The dictionaries that an expression can be, in this file, or what a function gives back."""
    if isinstance(node, ast.Dict):
        yield Literal(region.path, node)
    elif isinstance(node, ast.Call):
        for value, function in region.called(node):
            returns = (each for each in own_nodes(function) if isinstance(each, ast.Return))
            held = (each.value for each in returns if isinstance(each.value, ast.Dict))
            yield from (Literal(value.text, each) for each in held)
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


# -- loops, and the names in configuration and creation


def of_loops(region: Region, steps: Iterable[Step], most: int) -> Iterator[Finding]:
    """Loops over more steps than an instance may take."""
    own = [each for each in steps if each.region is region and each.method == DO]
    for node in region.alive:
        match node:
            case ast.For(iter=ast.Call(func=ast.Name(id="range"), args=[*_, last])):
                count = number(last)
                inside = any(node in region.above(each.made or each.call) for each in own)
                if inside and count is not None and count > most:
                    message = (
                        f"{count:,.0f} steps are more than the {most:,} that an instance may take"
                    )
                    yield finding_in(
                        region.code,
                        region.path,
                        node.lineno,
                        message,
                        _FIX,
                        symbol=region.symbol,
                        quoted=shown(node),
                    )


def of_bindings(host: Host) -> Iterator[Finding]:
    """Names of Workflows, and numbers of steps, that the platform refuses."""
    for binding in host.own:
        name = binding.name.value if binding.name else ""
        wrong = []
        if name and not is_name(name, LONGEST_WORKFLOW):
            wrong.append(f"`{name}` is no name for a Workflow")
        if binding.steps is not None and not 0 < binding.steps <= MOST_STEPS_EVER:
            wrong.append(f"{binding.steps:,} steps are more than {MOST_STEPS_EVER:,}")
        if wrong:
            fix = f"At most {LONGEST_WORKFLOW} letters, digits, `_` and, not at first, `-`."
            yield host.finding(binding.span, "; ".join(wrong), name, fix)


def of_creation(code: Code, call: Call) -> Iterator[Finding]:
    """Ids that the platform refuses, and batches that are too large."""
    for node in call.node.args[:1]:
        given = identity(node)
        said = str(given.value) if isinstance(given, ast.Constant) else None
        if said is not None and not is_name(said, LONGEST_ID):
            message = f"`{said}` is no id for an instance"
            fix = f"At most {LONGEST_ID} letters, digits, `_` and, not at first, `-`."
            yield _told(code, Literal(call.path, call.node), message, fix)
        if isinstance(node, ast.List) and len(node.elts) > MOST_AT_ONCE:
            message = f"{len(node.elts)} instances in a batch are more than {MOST_AT_ONCE}"
            yield _told(code, Literal(call.path, call.node), message, "Make several batches.")


def identity(node: ast.expr) -> ast.expr | None:
    """What is given as `id` to `create`."""
    return next((value for key, value in _entries(node) if key == "id"), None)


def is_name(text: str, longest: int) -> bool:
    """Whether the platform takes a text for the name of a Workflow, or the id of an instance."""
    return len(text) <= longest and _NAME.fullmatch(text) is not None
