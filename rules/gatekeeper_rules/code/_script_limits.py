"""Limits of Workflows that are broken where a script writes them down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Finding
from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import Syntax
from gatekeeper_rules.code import _workflow_bounds as bounds
from gatekeeper_rules.code._script_code import ScriptCode
from gatekeeper_rules.code._script_faults import fault, fault_on
from gatekeeper_rules.code._script_regions import Region
from gatekeeper_rules.code._script_steps import DO, ScriptStep
from gatekeeper_rules.code._script_written import constant, objects, written
from gatekeeper_rules.code._workflow_bounds import Breach, Written
from gatekeeper_rules.code._workflow_words import SCRIPT

_SLEEPS = "sleep"
_WAITS = "waitForEvent"


def of_step(step: ScriptStep) -> Iterator[Finding]:
    """What of a step is beyond a limit."""
    code = step.region.code
    yield from (told(code, breach) for breach in dict.fromkeys(_of_step(step)))


def told(code: ScriptCode, breach: Breach) -> Finding:
    """The finding, where the limit is broken."""
    at = breach.at
    return fault_on(code.file(at.path), at, breach.message, breach.fix)


def _of_step(step: ScriptStep) -> Iterator[Breach]:
    file = step.region.file
    if step.name.type:
        name = written(file, step.name)
        said = name.value if isinstance(name.value, str) else None
        at = name._replace(line=step.line)
        yield from bounds.of_name(said, at)
    settings = step.configuration
    if step.method == _SLEEPS and settings.type:
        yield from bounds.of_sleep(written(file, settings), SCRIPT)
    for held in objects(step.region, settings) if settings.type else ():
        if step.method == DO:
            yield from bounds.of_config(held, SCRIPT)
        timeout = held.of("timeout") if step.method == _WAITS else None
        if timeout is not None:
            yield from bounds.of_wait(timeout, SCRIPT)


def of_loops(region: Region, steps: Iterable[ScriptStep], most: int) -> Iterator[Finding]:
    """Loops over more steps than an instance may take."""
    own = [each for each in steps if each.region is region and each.method == DO]
    inside = {id(above) for each in own for above in region.file.lexical.above(each.call)}
    for node in region.alive:
        if node.type == "for_statement" and id(node) in inside:
            at = Written(region.path, node.line, "")
            for breach in bounds.of_loop(_times(region, node), most, at):
                yield fault(region, node, breach.message, breach.fix)


def _times(region: Region, loop: Syntax) -> float | None:
    """How often `for (let i = 0; i < 10; i++)` goes round, as far as it is written down."""
    condition, file = bare(loop.of("condition")), region.file
    if condition.type == "expression_statement" and condition.held:
        condition = bare(condition.held[0])
    counts = loop.of("increment").type == "update_expression"
    is_below = condition.of("operator").text in ("<", "<=")
    last = constant(file, condition.of("right")) if counts and is_below else None
    return last if isinstance(last, float) else None
