"""What a Workflow does outside of its steps that it would do again: effects, and races."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from gatekeeper import Doubt, Finding
from gatekeeper.value import dataclass
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._workflow_code import Function
from gatekeeper_rules.code._workflow_regions import Region, given, is_env
from gatekeeper_rules.code._workflow_services import ACTS, BUILDS
from gatekeeper_rules.code._workflow_steps import Step
from gatekeeper_rules.code._workflow_told import doubt, fault, shown

_REQUESTS = (
    *("aiohttp.", "builtins.open", "http.client.", "httpx.", "js.fetch", "pyodide.http."),
    *("requests.", "socket.", "sqlite3.", "subprocess.", "urllib.request.", "urllib3."),
    *("workers.fetch", "workers.waitUntil", "workers.wait_until"),
)
_RACES = frozenset(
    {
        *("asyncio.as_completed", "asyncio.timeout", "asyncio.timeout_at", "asyncio.wait_for"),
        *("js.Promise.any", "js.Promise.race"),
    }
)
_WAIT = "asyncio.wait"
_ALL = "ALL_COMPLETED"


@dataclass(frozen=True, eq=False)
class Effects:
    """What one region does; `steps` are all that the Workflow makes."""

    region: Region
    steps: tuple[Step, ...]

    def observations(self) -> Iterator[Finding | Doubt]:
        """A finding for each effect and race, a doubt for what is awaited and not known."""
        told: set[ast.AST] = set()
        for node in self.region.alive:
            if isinstance(node, ast.Call) and not told & {node, *self.region.above(node)}:
                said = self._said(node)
                if said is not None:
                    told.add(node)
                    yield said

    def _said(self, call: ast.Call) -> Finding | Doubt | None:
        outside = self.region.externals(call.func)
        if self._is_race(call, outside):
            return fault(self.region, call, words.races(shown(call.func)), words.PYTHON.racing)
        awaited = isinstance(self.region.parents.get(call), ast.Await)
        if any(map(self.region.is_step, given(call))):
            return None
        if "asyncio.sleep" in outside:
            return fault(self.region, call, words.lost(shown(call)), words.PYTHON.sleeping)
        if self._is_effect(call, outside, awaited=awaited):
            return fault(self.region, call, words.done_again(shown(call)), words.FIX_EFFECT)
        if awaited and self._is_unknown(call, outside):
            return doubt(self.region, call, words.not_followed(shown(call)))
        return None

    def _is_race(self, call: ast.Call, outside: frozenset[str]) -> bool:
        first = any(
            each.arg == "return_when" and _ALL not in ast.unparse(each.value)
            for each in call.keywords
        )
        return bool(outside & _RACES) or (_WAIT in outside and first)

    def _is_effect(self, call: ast.Call, outside: frozenset[str], *, awaited: bool) -> bool:
        if any(each.startswith(_REQUESTS) for each in outside):
            return True
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        root = _root(call)
        bound = is_env(self.region, root) or self._is_of_context(root)
        if bound and method in ACTS:
            return True
        if not awaited:
            return False
        held = isinstance(root, ast.Name) and root.id in self.region.holders
        return (bound or held or _is_library(outside)) and method not in BUILDS

    def _is_of_context(self, node: ast.AST) -> bool:
        """Whether something is taken from `self.ctx`."""
        while isinstance(node, ast.Attribute):
            if node.attr == "ctx" and self.region.is_receiver(node.value):
                return True
            node = node.value
        return False

    # -- what is awaited and is no effect

    def _is_unknown(self, call: ast.Call, outside: frozenset[str]) -> bool:
        if outside or self._is_step(call) or self.region.called(call):
            return False
        root = _root(call)
        if self.region.is_step(root) or any(self.region.is_step(each) for each in ast.walk(root)):
            return False
        return not any(made(each) for each in self._callees(call))

    def _is_step(self, call: ast.Call) -> bool:
        function = call.func
        if isinstance(function, ast.Name) and function.id in self._handles:
            return True
        if isinstance(function, ast.Call) and self.region.is_step(_owner(function.func)):
            return True
        return call in self._made or function in self._made

    @cached_property
    def _handles(self) -> frozenset[str]:
        return frozenset(each.handle for each in self.steps if each.handle)

    @cached_property
    def _made(self) -> frozenset[ast.AST]:
        """The calls that make steps."""
        every = (held for each in self.steps for held in (each.call, each.made))
        return frozenset(each for each in every if each is not None)

    def _callees(self, call: ast.Call) -> Iterator[Function]:
        """What the result of a function that is called could be."""
        if isinstance(call.func, ast.Call):
            for _, function in self.region.called(call.func):
                yield function


def made(function: Function) -> bool:
    """Whether a function makes a step, as far as its text shows it."""
    return any(isinstance(each, ast.Attribute) and each.attr == "do" for each in ast.walk(function))


def _is_library(outside: frozenset[str]) -> bool:
    """Whether something outside of the repository is called that is no part of asyncio."""
    return bool(outside) and not any(
        each.startswith(("asyncio.", "builtins.", "?.")) for each in outside
    )


def _owner(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) else node


def _root(call: ast.Call) -> ast.expr:
    """What a chain of calls and attributes begins with, its own attributes left on."""
    node: ast.expr = call.func
    while True:
        inner = _inner_call(node)
        if inner is None:
            return _first(node)
        node = inner.func


def _inner_call(node: ast.expr) -> ast.Call | None:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return node if isinstance(node, ast.Call) else None


def _first(node: ast.expr) -> ast.expr:
    """The name at the beginning, or the attribute of the Workflow that stands for it."""
    held = node
    while isinstance(held, ast.Attribute | ast.Subscript):
        inner = held.value
        if isinstance(inner, ast.Name):
            return (
                held if isinstance(held, ast.Attribute) and held.attr in ("env", "ctx") else inner
            )
        held = inner
    return held
