"""Orchestration beside a Workflow in scripts: timers, `waitUntil` and alarms."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Finding
from gatekeeper.source.script_chains import bare, body_of, given_to, is_function
from gatekeeper.source.script_lexical import Declares
from gatekeeper.source.script_syntax import NOTHING, Syntax, walk
from gatekeeper.source.script_targets import key_of
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_regions import MEMBERS
from gatekeeper_rules.code._script_told import brief, finding_at
from gatekeeper_rules.code._workflow_creation import CREATES

WORDS = (b"larm", b"queueMicrotask", b"setImmediate", b"setInterval", b"setTimeout", b"waitUntil")
"""What a script that has any of it says; without one of them it need not be looked into."""

_FIX = "Make it a step of the Workflow, or let the Workflow be created."
_ALARMS = frozenset({"deleteAlarm", "getAlarm", "setAlarm"})
_LATER = frozenset({"js.queueMicrotask", "js.setImmediate", "js.setInterval"})
_TIMER = "js.setTimeout"
_CHAIN = "waitUntil"
_SETTLES = frozenset({"abort", "close", "destroy", "reject", "resolve", "terminate", "unref"})
_GLOBAL = "js.globalThis."


def leftovers(code: ScriptCode, file: ScriptFile, steps: frozenset[int]) -> Iterator[Finding]:
    """What in a script orchestrates without the Workflow; `steps` are the functions of steps."""
    waiting = [file.lexical.tree]
    while waiting:
        node = waiting.pop()
        if id(node) in steps or id(node) in file.liveness.dead:
            continue
        found = _said(code, file, node)
        if found:
            quoted = "alarm()" if node.type == "method_definition" else brief(node)
            yield finding_at(file, node, found, _FIX, quoted=quoted)
        waiting.extend(reversed(node.parts))


def _said(code: ScriptCode, file: ScriptFile, node: Syntax) -> str:
    if node.type == "method_definition":
        is_alarm = key_of(node.of("name")) == "alarm" and not node.has("static")
        in_class = file.lexical.parent(node).type == "class_body"
        starts = is_alarm and in_class
        return "`alarm` is what an alarm starts: orchestration without a Workflow" if starts else ""
    if node.type != "call_expression":
        return ""
    function = bare(node.of("function"))
    why = _by_name(function, node) or _by_value(code, file, function, node)
    return f"`{brief(function)}` {why}" if why else ""


def _by_name(function: Syntax, call: Syntax) -> str:
    """What a method of a platform's object does, told by its name."""
    name = member_name(function) if function.type in MEMBERS else ""
    if name in _ALARMS:
        return "is an alarm: orchestration without a Workflow"
    return _chained(call) if name == _CHAIN else ""


def _chained(call: Syntax) -> str:
    """What `waitUntil` is given goes on by itself; to create a Workflow so is no orchestration."""
    given = bare(given_to(call)[0]) if given_to(call) else NOTHING
    function = bare(given.of("function"))
    is_creation = function.type in MEMBERS and member_name(function) in CREATES
    return "" if is_creation else "goes on after the answer, and is lost with the process"


def _by_value(code: ScriptCode, file: ScriptFile, function: Syntax, call: Syntax) -> str:
    outside = code.outside(file, function)
    if outside.startswith(_GLOBAL):
        outside = f"js.{outside.removeprefix(_GLOBAL)}"
    if outside == f"cloudflare:workers.{_CHAIN}":
        return _chained(call)
    if outside in _LATER or (outside == _TIMER and _does_work(code, file, call)):
        return "starts something later that nobody awaits, and that is lost with the process"
    return ""


def _does_work(code: ScriptCode, file: ScriptFile, call: Syntax) -> bool:
    """Whether a timer does more than settle a promise or break something off."""
    given = bare(given_to(call)[0]) if given_to(call) else NOTHING
    if not is_function(given):
        return bool(code.functions(file, given)) or _is_own_method(given)
    calls = (each for each in walk(body_of(given)) if each.type == "call_expression")
    return any(not _settles(file, bare(each.of("function"))) for each in calls)


def _is_own_method(node: Syntax) -> bool:
    """`this.method`, also bound."""
    if node.type == "call_expression":
        node = bare(bare(node.of("function")).of("object"))
    return node.type in MEMBERS and bare(node.of("object")).type == "this"


def _settles(file: ScriptFile, function: Syntax) -> bool:
    if function.type in MEMBERS:
        return member_name(function) in _SETTLES or function.of("object").text == "console"
    declared = file.lexical.declared(function) if function.type == "identifier" else None
    if declared is None:
        return function.text.startswith("clear")
    return declared.role is Declares.PARAMETER
