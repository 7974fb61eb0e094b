"""What becomes of a step: whether somebody awaits it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum

from gatekeeper_rules.code._workflow_flows import (
    consumes,
    filled,
    is_dependence,
    is_filled,
    is_of_group,
    named_by,
)
from gatekeeper_rules.code._workflow_regions import FUNCTIONS, Region
from gatekeeper_rules.code._workflow_steps import DO, Step, steps_of

_MOST = 400
_PASSING = (
    ast.Starred,
    ast.List,
    ast.Tuple,
    ast.Set,
    ast.ListComp,
    ast.SetComp,
    ast.GeneratorExp,
    ast.IfExp,
    ast.BoolOp,
    ast.NamedExpr,
    ast.keyword,
    ast.Dict,
)
# What gives its arguments on, to be awaited with the call itself.
_GATHERING = (
    "asyncio.as_completed",
    "asyncio.create_task",
    "asyncio.ensure_future",
    "asyncio.gather",
    "asyncio.shield",
    "asyncio.wait",
    "asyncio.wait_for",
    "builtins.list",
    "builtins.tuple",
)


class Fate(IntEnum):
    """What becomes of a step; the higher one counts where there are several."""

    NEVER = 0
    DEAD = 1
    FLOATING = 2
    UNKNOWN = 3
    AWAITED = 4


_ENDS: Mapping[type[ast.AST], Fate] = {
    ast.Await: Fate.AWAITED,
    ast.Expr: Fate.FLOATING,
    ast.JoinedStr: Fate.FLOATING,
    ast.FormattedValue: Fate.FLOATING,
    ast.Compare: Fate.FLOATING,
}


class Fates:
    """Follows the steps of a Workflow's regions to where they are awaited."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self.regions = tuple(regions)
        self.steps = tuple(step for region in self.regions for step in steps_of(region))
        self._left = 0
        self._floats = False
        self._floating: set[int] = set()
        self._by_function: dict[ast.AST, list[Region]] = {}
        for region in self.regions:
            self._by_function.setdefault(region.function, []).append(region)
        self._named_steps: dict[str, list[Step]] = {}
        for step in self.steps:
            for name in {step.handle, step.said or step.handle} if step.method == DO else ():
                self._named_steps.setdefault(name, []).append(step)
        self._known = {id(each): self._followed(each) for each in self.steps}
        self._by_dependence()

    def of(self, step: Step) -> Fate:
        """What becomes of the step."""
        return self._known[id(step)]

    def floats(self, step: Step) -> bool:
        """Whether the step is called somewhere and not awaited there, whatever else is done."""
        return id(step) in self._floating or self.of(step) is Fate.FLOATING

    def _followed(self, step: Step) -> Fate:
        """What becomes of a step; one of a function that nobody awaits is not awaited either."""
        self._floats = False
        fate = min(self._at_home(step), self._reached(step.region))
        if self._floats:
            self._floating.add(id(step))
        return fate

    def _reached(self, region: Region) -> Fate:
        if region.caller is None:
            return Fate.AWAITED
        outer, call = region.caller
        self._left = _MOST
        runs_at_once = isinstance(region.function, ast.FunctionDef) or any(
            isinstance(each, ast.Yield) for each in region.nodes
        )
        own = Fate.AWAITED if runs_at_once else self._flow(outer, call)
        return min(own, self._reached(outer))

    def _at_home(self, step: Step) -> Fate:
        self._left = _MOST
        if not step.is_live:
            return Fate.DEAD
        if step.method != DO:
            return self._flow(step.region, step.call)
        if step.made is None:
            return Fate.NEVER
        if isinstance(step.made, ast.Call) and not step.handle:
            return self._made(step.region, step.made)
        return self._uses(step.region, step.handle, frozenset())

    def _uses(self, region: Region, handle: str, seen: frozenset[str]) -> Fate:
        """What becomes of a step by the places that say its name."""
        found = [self._made(region, each, seen) for each in region.loads(handle)]
        for function in region.readers.get(handle, ()):
            held = self._by_function.get(function, ())
            found += [self._uses(each, handle, seen | {handle}) for each in held]
            found += () if held else (Fate.UNKNOWN,)
        self._floats = self._floats or Fate.FLOATING in found
        return max(found, default=Fate.NEVER)

    def _made(self, region: Region, node: ast.AST, seen: frozenset[str] = frozenset()) -> Fate:
        """What becomes of a step that an expression stands for, not called yet."""
        above = region.parents.get(node)
        if isinstance(above, ast.Call) and above.func is node:
            return self._flow(region, above)
        if is_dependence(region, node):
            return Fate.NEVER
        if node in region.dead:
            return Fate.DEAD
        if isinstance(above, ast.List | ast.Tuple | ast.Starred):
            return self._made(region, above, seen)
        if isinstance(above, ast.Return) and region.caller is not None:
            return self._made(*region.caller, seen)
        names = set(named_by(above, node)) - seen
        fates = [self._uses(region, name, seen | names) for name in sorted(names)]
        alone = Fate.NEVER if isinstance(above, ast.Expr) else Fate.UNKNOWN
        return max(fates, default=alone)

    # -- from a call on

    def _flow(self, region: Region, node: ast.AST, seen: frozenset[str] = frozenset()) -> Fate:
        """What becomes of something to await."""
        self._left -= 1
        above = region.parents.get(node)
        if node in region.dead:
            return Fate.DEAD
        if self._left < 0 or above is None:
            return Fate.UNKNOWN
        return self._flow_on(region, node, above, seen)

    def _flow_on(self, region: Region, node: ast.AST, above: ast.AST, seen: frozenset[str]) -> Fate:
        if isinstance(above, ast.Call):
            return self._handed(region, node, above, seen)
        if isinstance(above, ast.Return):
            return self._returned(region)
        if isinstance(above, _PASSING):
            return self._flow(region, above, seen)
        names = tuple(named_by(above, node))
        if names:
            return self._named(region, names, seen)
        return _ENDS.get(type(above), Fate.UNKNOWN)

    def _named(self, region: Region, names: Iterable[str], seen: frozenset[str]) -> Fate:
        fates = [
            self._flow(region, each, seen | {name})
            for name in names
            if name not in seen
            for each in region.loads(name)
            if not is_filled(region, each)
        ]
        return max(fates, default=Fate.FLOATING)

    def _handed(self, region: Region, node: ast.AST, call: ast.Call, seen: frozenset[str]) -> Fate:
        """What becomes of an argument."""
        function = call.func
        if function is node:
            return Fate.UNKNOWN
        outside = region.externals(function)
        if outside & set(_GATHERING):
            return self._flow(region, call, seen)
        collection = filled(function)
        if collection:
            return self._named(region, [collection], seen)
        if is_of_group(region, function):
            return Fate.AWAITED
        for _, held in region.called(call):
            consumed = consumes(held, node, call)
            awaited = self._flow(region, call, seen)
            return awaited if consumed else Fate.FLOATING
        return Fate.UNKNOWN

    def _returned(self, region: Region) -> Fate:
        """What becomes of what a region gives back without awaiting it."""
        if region.caller is None:
            return Fate.FLOATING
        outer, call = region.caller
        if isinstance(region.function, ast.FunctionDef):
            return self._flow(outer, call)
        held = outer.parents.get(call)
        return self._flow(outer, held) if isinstance(held, ast.Await) else Fate.FLOATING

    # -- what a step needs runs before it

    def _by_dependence(self) -> None:
        """A step is run as well where one that is awaited takes its result."""
        waiting = list(self.steps)
        while waiting:
            step = waiting.pop()
            fate = self.of(step)
            if step.method == DO and fate >= Fate.UNKNOWN:
                raised = [each for each in self._needed(step) if self.of(each) < fate]
                self._known.update((id(each), fate) for each in raised)
                waiting += raised

    def _needed(self, step: Step) -> Iterator[Step]:
        depends = step.option("depends")
        listed = depends.elts if isinstance(depends, ast.List | ast.Tuple) else []
        handles = {each.id for each in listed if isinstance(each, ast.Name)}
        taken: set[str] = set()
        if depends is None and isinstance(step.callback, FUNCTIONS):
            taken = {each.arg for each in step.callback.args.args}
        for name in sorted(handles | taken):
            for each in self._named_steps.get(name, ()):
                called = each.handle if name in handles else each.said or each.handle
                if each is not step and each.is_live and called == name:
                    yield each
