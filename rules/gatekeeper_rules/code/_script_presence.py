"""Whether the `run` of a Workflow in a script gets to a step that does something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Finding
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper.source.script_targets import targets_of
from gatekeeper_rules.code._script_code import Place, ScriptCode
from gatekeeper_rules.code._script_escapes import escapes, tampering
from gatekeeper_rules.code._script_fates import ScriptFates
from gatekeeper_rules.code._script_following import Graph, graph_of
from gatekeeper_rules.code._script_running import followed, region_of, run_of
from gatekeeper_rules.code._script_steps import DO, ScriptStep, steps_of
from gatekeeper_rules.code._script_told import doubt_at, finding_at
from gatekeeper_rules.code._workflow_fates import Fate
from gatekeeper_rules.code._workflow_in_scripts import ScriptClass

Said = Finding | Doubt


def lacking_steps(code: ScriptCode, klass: ScriptClass) -> tuple[Said, ...]:
    """Why `run` gets to no step that does something; nothing where it does."""
    place, doubts = run_of(code, klass)
    if place is None:
        return doubts or _runless(code, klass)
    graph = graph_of(region_of(code, klass, place))
    fates = ScriptFates(graph)
    doubts = (*broken(graph), *tampering(graph))
    working = [each for each in fates.steps if fates.of(each) is Fate.AWAITED and each.works]
    if doubts or working:
        return tuple(dict.fromkeys(doubts))
    doubts = (*hidden(place), *escapes(graph), *_unsure(fates), *unfollowed(graph))
    return tuple(dict.fromkeys(doubts)) or (_stepless(klass, place, fates),)


def _runless(code: ScriptCode, klass: ScriptClass) -> tuple[Said, ...]:
    held = code.block(klass.value)
    if held is None:
        return (Doubt(f"the class `{klass.name}` cannot be read", klass.path, klass.line),)
    file, node = held
    if file.faults:
        return tuple(_faults(file.path, file.faults))
    fix = "Give it `async run(event, step)` with at least one step."
    message = f"the Workflow `{klass.name}` has no `run`"
    return (finding_at(file, node, message, fix, symbol=klass.name, quoted=klass.name),)


def _faults(path: str, lines: tuple[int, ...]) -> Iterator[Doubt]:
    yield Doubt("is no script that its grammar can read to the end", path, lines[0])


def broken(graph: Graph) -> Iterator[Doubt]:
    """What of the code that makes steps cannot be read to the end."""
    for path, file in {each.path: each.file for each in graph.regions}.items():
        if file.faults:
            yield from _faults(path, file.faults)
        if file.liveness.cut:
            reason = "its statements stand too deep in one another to be followed"
            yield Doubt(reason, path, min(file.liveness.cut))


def hidden(place: Place) -> Iterator[Doubt]:
    """Where `run` takes what makes steps in a way that is not followed."""
    targets = targets_of(place.function)
    if any(each.type != "identifier" for each in targets[1:2]) or any(
        each.type == "rest_pattern" for each in targets
    ):
        reason = "what makes steps is taken apart by the parameters of `run`, and not followed"
        yield doubt_at(place.file, place.function, reason)
    elif _says_arguments(place.function):
        reason = "what makes steps is taken from `arguments`, and not followed"
        yield doubt_at(place.file, place.function, reason)


def _says_arguments(function: Syntax) -> bool:
    return any(each.type == "identifier" and each.text == "arguments" for each in walk(function))


def unfollowed(graph: Graph) -> Iterator[Doubt]:
    if not graph.is_whole:
        run = graph.regions[0]
        yield doubt_at(run.file, run.function, "its `run` comes to more code than is followed")


def _unsure(fates: ScriptFates) -> Iterator[Doubt]:
    for each in fates.steps:
        fate = fates.of(each)
        if each.method != DO or each.works is False:
            continue
        file = each.region.file
        if fate is Fate.UNKNOWN:
            reason = f"whether the step `{each.shown}` is awaited cannot be told"
            yield doubt_at(file, each.call, reason)
        elif fate is Fate.AWAITED:
            reason = f"what the step `{each.shown}` does cannot be told"
            yield doubt_at(file, each.call, reason)


def _stepless(klass: ScriptClass, place: Place, fates: ScriptFates) -> Finding:
    steps = [each for each in fates.steps if each.method == DO]
    fix = "Do the work in `await step.do(…)`, a step for each piece of it."
    message = f"`run` of the Workflow `{klass.name}` {_why(steps, fates)}"
    return finding_at(
        place.file, place.function, message, fix, symbol=f"{klass.name}.run", quoted="run"
    )


def _why(steps: list[ScriptStep], fates: ScriptFates) -> str:
    if not steps:
        return "takes no step"
    found = {fates.of(each) for each in steps}
    if Fate.AWAITED in found:
        return "takes no step that does anything"
    if found == {Fate.DEAD}:
        return "never gets to its steps"
    return "awaits none of its steps"


def steps_of_all(code: ScriptCode, workflows: Iterable[ScriptClass]) -> frozenset[int]:
    """The functions, by `id`, that are what the steps of these Workflows do."""
    graphs = (followed(code, each) for each in workflows)
    steps = (
        step
        for graph in graphs
        for region in (graph.regions if graph is not None else ())
        for step in steps_of(region)
    )
    return frozenset(each.place.key for step in steps for each in step.callbacks)
