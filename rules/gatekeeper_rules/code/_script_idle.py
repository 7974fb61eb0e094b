"""Whether what a step of a script does is nothing, a constant, or talk."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.script_chains import bare, body_of, is_function, root_of
from gatekeeper.source.script_lexical import Declares
from gatekeeper.source.script_syntax import Syntax
from gatekeeper.source.script_targets import targets_of
from gatekeeper.value import replace
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_instances import Called, on_instances, on_making
from gatekeeper_rules.code._script_regions import MEMBERS, Closure, Region

_DEEPEST = 6
_MOST = 4_000
_TALK = frozenset(
    {
        *("Array", "BigInt", "Boolean", "Date", "Error", "Intl", "JSON", "Map", "Math", "Number"),
        *("Object", "Promise", "Reflect", "RegExp", "Set", "String", "Symbol", "URL", "console"),
        *("TypeError", "URLSearchParams", "WeakMap", "isNaN", "parseFloat", "parseInt"),
        *("clearInterval", "clearTimeout", "import", "queueMicrotask", "require", "scheduler"),
        *("setInterval", "setTimeout", "structuredClone", "undefined"),
    }
)
"""What the language itself has: it computes, waits or talks, and gets nothing done."""

_LITERALS = frozenset(
    {
        *("array", "false", "null", "number", "object", "regex", "string", "template_string"),
        *("true", "import"),
    }
)
_CALLS = frozenset({"call_expression", "new_expression"})


def does_nothing(region: Region, closure: Closure, depth: int = 0) -> bool | None:
    """Whether a function gets nothing done; None where it stands too deep to tell.

    `region` is where it is taken as a value.
    """
    if depth > _DEEPEST:
        return None
    known = region.code.idle
    key = (region.owner, closure.place.key, closure.roles.key)
    if key not in known:
        known[key] = None
        known[key] = _is_all_idle(region, closure, depth)
    return known[key]


def _is_all_idle(region: Region, closure: Closure, depth: int) -> bool | None:
    inner = replace(
        region, file=closure.place.file, function=closure.place.function, roles=closure.roles
    )
    is_unsure = False
    for count, node in enumerate(_done(inner)):
        if count > _MOST:
            return None
        if node.type == "throw_statement":
            return False
        idle = _is_idle(inner, node, depth) if node.type in _CALLS else True
        if idle is False:
            return False
        is_unsure = is_unsure or idle is None
    return None if is_unsure else True


def _done(region: Region) -> Iterator[Syntax]:
    """The pieces of a function that are reached, of functions in it only those handed on."""
    lexical = region.file.lexical
    waiting = [body_of(region.function)]
    while waiting:
        node = waiting.pop()
        if id(node) in region.file.liveness.dead:
            continue
        yield node
        if is_function(node):
            above = lexical.parent(node)
            is_handed = above.type in ("arguments", "parenthesized_expression")
            waiting += [body_of(node)] if is_handed else []
        elif node.type != "class_declaration":
            waiting.extend(reversed(node.parts))


def _is_idle(region: Region, call: Syntax, depth: int) -> bool | None:
    function = _function(call)
    called = _called(region, call, function)
    if called is not None:
        found = [does_nothing(*each, depth + 1) for each in called]
        return True if all(found) else (None if None in found else False)
    if function.type in MEMBERS and region.is_step(function.of("object")):
        return True
    root = bare(root_of(function))
    if root.type == "new_expression":
        root = bare(_made(root))
    declared = region.declared(root)
    if declared is None:
        return root.type in _LITERALS or is_function(root) or root.text in _TALK
    if declared.role is Declares.PARAMETER:
        return _of_parameter(region, declared.node, root, function)
    held = bare(region.file.lexical.settled(root))
    return None if declared.role is Declares.CLASS else held.type in _LITERALS


def _function(call: Syntax) -> Syntax:
    """What is called; behind a comma the last, and what `call` and `apply` call."""
    node = bare(call.of("function") if call.type == "call_expression" else _made(call))
    while node.type == "sequence_expression":
        node = bare(node.held[-1])
    is_by = node.type in MEMBERS and member_name(node) in ("apply", "call")
    return bare(node.of("object")) if is_by else node


def _called(region: Region, call: Syntax, function: Syntax) -> tuple[Called, ...] | None:
    """The functions of the repository that a call means; None where it means none of them."""
    if call.type == "new_expression":
        return on_making(region, call)
    closures = region.closures(function)
    if closures:
        return tuple(Called(region, each) for each in closures)
    return on_instances(region, function) or None


def _of_parameter(region: Region, owner: Syntax, root: Syntax, function: Syntax) -> bool | None:
    """What calling a parameter does: `resolve` of a promise nothing, an unknown one who knows."""
    if function.type in MEMBERS:
        return False
    above = region.file.lexical.parent(region.file.lexical.parent(owner))
    if above.type == "new_expression" and _made(above).text == "Promise":
        return True
    names = {each.text for each in targets_of(owner)}
    return None if root.text in names else False


def _made(call: Syntax) -> Syntax:
    return call.of("constructor")
