"""Orchestration beside a Workflow: queues, tasks, threads, `waitUntil` and alarms."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from gatekeeper import Finding
from gatekeeper.source.code_scopes import MODULE
from gatekeeper_rules.code._workflow_code import Code
from gatekeeper_rules.code._workflow_told import finding_in, shown

_FIX = "Make it a step of the Workflow, or let the Workflow be created."
_QUEUES = frozenset(
    {
        *("asyncio.LifoQueue", "asyncio.PriorityQueue", "asyncio.Queue"),
        *("multiprocessing.Queue", "multiprocessing.SimpleQueue"),
        *("queue.LifoQueue", "queue.PriorityQueue", "queue.Queue", "queue.SimpleQueue"),
        "sched.scheduler",
    }
)
_THREADS = frozenset(
    {
        *("asyncio.run_coroutine_threadsafe", "multiprocessing.Process", "threading.Thread"),
        *("concurrent.futures.ProcessPoolExecutor", "concurrent.futures.ThreadPoolExecutor"),
        *("multiprocessing.Pool", "threading.Timer"),
    }
)
_TASKS = frozenset({"asyncio.create_task", "asyncio.ensure_future"})
_LATER = frozenset({"call_at", "call_later", "call_soon"})
_CHAINS = frozenset({"waitUntil", "wait_until"})
_ALARMS = frozenset({"deleteAlarm", "getAlarm", "setAlarm"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPED = (*_FUNCTIONS, ast.ClassDef)


_LOST = "goes on after the answer, and is lost with the process"


def leftovers(code: Code, path: str, steps: Iterable[ast.AST]) -> Iterator[Finding]:
    """What in a file orchestrates without the Workflow; `steps` is what steps do."""
    inside = {each for step in steps for each in ast.walk(step)}
    waiting: list[tuple[ast.AST, int, bool]] = [(code.module(path).tree, MODULE, False)]
    while waiting:
        node, scope, in_class = waiting.pop()
        if node in inside:
            continue
        found = _said(code, path, scope, node, in_class=in_class)
        if found and isinstance(node, ast.expr | ast.stmt):
            symbol = code.symbol(path, scope)
            quoted = f"def {node.name}" if isinstance(node, _FUNCTIONS) else shown(node)
            yield finding_in(code, path, node.lineno, found, _FIX, symbol=symbol, quoted=quoted)
        inner = (
            code.scope_of(path, node) if isinstance(node, (*_FUNCTIONS, ast.ClassDef)) else scope
        )
        children = [
            (each, inner, isinstance(node, ast.ClassDef)) for each in ast.iter_child_nodes(node)
        ]
        waiting.extend(reversed(children))


def _said(code: Code, path: str, scope: int, node: ast.AST, *, in_class: bool) -> str:
    match node:
        case ast.FunctionDef(name="alarm") | ast.AsyncFunctionDef(name="alarm") if in_class:
            return "`alarm` is what an alarm starts: orchestration without a Workflow"
        case ast.Expr(value=ast.Call(func=function)):
            started = code.externals(path, scope, function) & _TASKS
            return f"`{shown(node)}` starts a task that nobody awaits" if started else ""
        case ast.Call(func=function):
            why = _by_name(function) or _by_value(code.externals(path, scope, function))
            return f"`{shown(function)}` {why}" if why else ""
        case _:
            return ""


def _by_name(function: ast.expr) -> str:
    """What a method of a platform's object does, told by its name."""
    if not isinstance(function, ast.Attribute):
        return ""
    if function.attr in _ALARMS:
        return "is an alarm: orchestration without a Workflow"
    if function.attr in _LATER:
        return "starts something later that nobody awaits"
    return _LOST if function.attr in _CHAINS else ""


def _by_value(outside: frozenset[str]) -> str:
    if {each.rpartition(".")[2] for each in outside} & _CHAINS:
        return _LOST
    if outside & _QUEUES:
        return "is a queue in the process, and is lost with it"
    return "is a thread or process of its own" if outside & _THREADS else ""
