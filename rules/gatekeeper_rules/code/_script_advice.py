"""What of a Workflow in a script looks as if it broke a rule that only a reader can judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Finding
from gatekeeper.source.script_chains import awaited, bare, given_to
from gatekeeper.source.script_syntax import Syntax, said, walk
from gatekeeper.value import dataclass
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_faults import fault, shown
from gatekeeper_rules.code._script_following import Graph, method_of
from gatekeeper_rules.code._script_holders import head_of
from gatekeeper_rules.code._script_outside import GLOBAL, Outside
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, Region
from gatekeeper_rules.code._script_steps import DO, ScriptStep
from gatekeeper_rules.code._script_written import constant, objects, returned
from gatekeeper_rules.code._workflow_services import (
    BODIES,
    FEW,
    MANY,
    READING,
    UNSAFE,
    inserts_blindly,
    reads,
)

_CALLS = frozenset({"call_expression", "new_expression"})
_RACES = frozenset({f"{GLOBAL}.Promise.any", f"{GLOBAL}.Promise.race"})
_FETCH = f"{GLOBAL}.fetch"
_KEY = "idempoten"
_ENV = "env"
_LEAVES = frozenset(
    {"break_statement", "continue_statement", "return_statement", "throw_statement"}
)
_DEEPEST = 8


def on_steps(graph: Graph, steps: Iterable[ScriptStep], outside: Outside) -> Iterator[Finding]:
    """Advice on what steps do, and on their names."""
    made = [each for each in steps if each.method == DO and each.is_live]
    for region in graph.regions:
        if region.within is not None:
            step = next((each for each in made if each.call is region.within), None)
            edges = graph.callers(region)
            if step is not None and any(each.node is region.within for each in edges):
                yield from Work(step, region, outside).advice(len(made))
    yield from _nested(graph, made, outside)
    yield from _twice(made)


@dataclass(frozen=True, eq=False)
class Work:
    """What a step does: `region` is the function that it is given."""

    step: ScriptStep
    region: Region
    outside: Outside

    @cached_property
    def calls(self) -> tuple[Syntax, ...]:
        """The calls in it, of functions inside it too, about in the order of their running."""
        return tuple(reversed([each for each in _backwards(self._body) if each.type in _CALLS]))

    @property
    def _body(self) -> Syntax:
        return self.region.function.of("body")

    def advice(self, steps: int) -> Iterator[Finding]:
        """What a reader should look at; `steps` are all that the Workflow makes."""
        yield from self._blind()
        yield from self._coarse(steps)
        yield from self._large()

    # -- 1: idempotent

    def _blind(self) -> Iterator[Finding]:
        """The first call that writes, unless what it writes was looked at before."""
        if _KEY in said(self.region.function).lower():
            return
        for call in self.calls:
            if self._reads(call):
                return
            what = self._writes(call)
            if what:
                yield fault(self.region, call, words.blindly(what), words.FIX_BLIND)
                return

    def _writes(self, call: Syntax) -> str:
        method = _method(call)
        if method in ("post", "patch") or self._verb(call) in UNSAFE:
            return words.sent_twice(shown(call))
        if method == "prepare" and any(map(inserts_blindly, self._texts(call))):
            return words.ROW
        if method == "create" and self.region.is_env(head_of(call)):
            given = given_to(call)[:1]
            has_id = any(held.of("id") for each in given for held in objects(self.region, each))
            is_known = all(bare(each).type == "object" for each in given)
            return words.INSTANCE if is_known and not has_id else ""
        return ""

    def _reads(self, call: Syntax) -> bool:
        method = _method(call)
        if method in READING:
            return True
        if method == "prepare":
            return any(map(reads, self._texts(call)))
        is_request = _FETCH in self.outside.called(self.region.file, call)
        return is_request and len(given_to(call)) == 1 and self._is_plain(given_to(call)[0])

    def _is_plain(self, given: Syntax) -> bool:
        """Whether what is asked for is an address, and no request that may be of any kind."""
        return bare(given).type in ("string", "template_string", "binary_expression")

    def _verb(self, call: Syntax) -> str:
        """The method of HTTP that a call sends, itself or by a request that is made in it."""
        if call.type == "new_expression":
            return ""
        given = given_to(call)
        made = (bare(each) for each in given if bare(each).type == "new_expression")
        settings = (*given[1:], *(each for request in made for each in given_to(request)[1:]))
        for held in (held for each in settings for held in objects(self.region, each)):
            verb = held.of("method")
            if verb is not None and isinstance(verb.value, str):
                return verb.value.upper()
        return ""

    def _texts(self, call: Syntax) -> Iterator[str]:
        """The strings that the first argument can be; of a template its beginning."""
        for given in given_to(call)[:1]:
            held = bare(given)
            text = constant(self.region.file, held)
            if isinstance(text, str):
                yield text
            elif held.type == "template_string":
                yield "".join(each.text for each in held.parts if each.type == "string_fragment")

    # -- 2: granular

    def _coarse(self, steps: int) -> Iterator[Finding]:
        named = {name for call in self.calls for name in self._services(call)}
        count = sum(each.type == "await_expression" for each in walk(self._body))
        message = ""
        if len(named) >= FEW:
            message = words.services(self.step.shown, named)
        elif steps == 1 and count >= MANY:
            message = words.everything(self.step.shown, count)
        if message:
            yield fault(self.step.region, self.step.call, message, words.FIX_COARSE)

    def _services(self, call: Syntax) -> Iterator[str]:
        """The binding, or the network, that a call talks to."""
        if _FETCH in self.outside.called(self.region.file, call):
            yield "the network"
        if self.region.is_env(head_of(call)):
            name = self._binding(head_of(call), 0)
            yield from [f"`{name}`"] if name else ()

    def _binding(self, node: Syntax, depth: int) -> str:
        """The binding that an expression is taken from; empty for all of them."""
        node = awaited(node)
        if node.type in MEMBERS:
            owner, name = node.of("object"), member_name(node)
            is_whole = name == _ENV and self.region.is_this(owner)
            return "" if is_whole else self._binding(owner, depth) or name
        declared = self.region.declared(node)
        if declared is None or depth > _DEEPEST:
            return ""
        if declared.way:
            return declared.way[-1] if declared.way[-1] != _ENV else ""
        is_taken = awaited(declared.value).type in (*MEMBERS, *NAMES)
        return self._binding(declared.value, depth + 1) if is_taken else ""

    # -- 13: results

    def _large(self) -> Iterator[Finding]:
        for value in returned(self.region.function):
            held = awaited(value)
            method, what = _method(held), ""
            if held.type == "new_expression" and held.of("constructor").text == "Response":
                what = "a response"
            elif held.type == "call_expression" and method in BODIES:
                what = "a whole body"
            elif held.type == "call_expression" and method == "all" and not self._is_promise(held):
                what = "a whole table"
            if what:
                message = words.gives_back(self.step.shown, what)
                yield fault(self.region, value, message, words.FIX_LARGE)

    def _is_promise(self, call: Syntax) -> bool:
        return f"{GLOBAL}.Promise.all" in self.outside.called(self.region.file, call)


def _backwards(node: Syntax) -> Iterator[Syntax]:
    """All pieces, what stands around others after them, the last first."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(current.parts)


def _method(call: Syntax) -> str:
    function = bare(call.of("function"))
    return member_name(function) if function.type in MEMBERS else ""


# -- what is nested, and 6: names


def _nested(graph: Graph, made: list[ScriptStep], outside: Outside) -> Iterator[Finding]:
    for region in graph.regions:
        step = next((each for each in made if each.call is region.within), None)
        for node in region.alive if step is not None else ():
            method = method_of(region, node) if node.type == "call_expression" else ""
            if method and step is not None and not (method == DO and _races(region, node, outside)):
                message = words.stands_within(shown(node), step.shown)
                yield fault(region, node, message, words.FIX_NESTED)


def _races(region: Region, node: Syntax, outside: Outside) -> bool:
    """Whether steps stand in a race, which is to be within a step."""
    held = (each for each in region.file.lexical.above(node) if each.type == "call_expression")
    return any(outside.called(region.file, each) & _RACES for each in held)


def _twice(steps: list[ScriptStep]) -> Iterator[Finding]:
    seen: dict[str, ScriptStep] = {}
    calls: set[int] = set()
    for step in steps:
        if id(step.call) in calls or step.said is None:
            continue
        calls.add(id(step.call))
        first = seen.setdefault(step.said, step)
        if first is not step and not _excludes(first, step):
            message = words.twice(step.said, first.line)
            yield fault(step.region, step.call, message, words.FIX_TWICE)


def _excludes(first: ScriptStep, second: ScriptStep) -> bool:
    """Whether only one of two steps is taken: they stand in the two ways of one choice."""
    if second.region.file is not first.region.file:
        return False
    ways = {id(above): below for above, below in _ways(first)}
    others = {id(above): below for above, below in _ways(second)}
    if any(key in others and others[key] is not below for key, below in ways.items()):
        return True
    return any(key not in others and _ends(below) for key, below in ways.items())


def _ends(way: Syntax) -> bool:
    """Whether a way of a choice goes no further: it gives back, throws or leaves a loop."""
    last = way.held[-1] if way.type == "statement_block" and way.held else way
    return last.type in _LEAVES


def _ways(step: ScriptStep) -> Iterator[tuple[Syntax, Syntax]]:
    """The choices around a step, each with the way of it that the step stands in."""
    below = step.call
    for above in step.region.file.lexical.above(step.call):
        if above.type in ("if_statement", "ternary_expression") and below.field in (
            *("consequence", "alternative"),
        ):
            yield above, below
        below = above
