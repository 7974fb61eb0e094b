"""Where the statements of a script's test lead: what ends them, what swallows, what comes late."""

from __future__ import annotations

from gatekeeper.source.script_chains import (
    Link,
    bare,
    given_to,
    is_function,
    links,
    parameters_of,
)
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper_rules.suite._script_expecting import says_so

_ENDS = frozenset({"return_statement", "throw_statement", "break_statement", "continue_statement"})
_COMPARES = frozenset({"===", "==", "!==", "!=", "<", ">", "<=", ">="})
_SKIPS = frozenset({"skip", "todo", "fixme", "pending"})
_CONTEXTS = frozenset({"t", "ctx", "context", "this", "test", "it"})
_LATE = frozenset({"setTimeout", "setInterval", "setImmediate", "queueMicrotask", "nextTick"})
_LITTLE = frozenset({"toBeDefined", "toBeTruthy", "toBeInstanceOf", "exist", "ok"})
_TELLS = frozenset({"done", "reject", "fail", "next", "cb", "callback", "unreachable"})


def ends(node: Syntax) -> bool:
    """Whether nothing behind a statement of the same block is run."""
    if node.type in _ENDS:
        return True
    if node.type == "try_statement":
        return any(map(ends, node.of("finalizer").of("body").held[-1:]))
    chain = links(node.held[0]) if node.type == "expression_statement" and node.held else ()
    names = ".".join(each.name for each in chain)
    return names in ("process.exit", "Deno.exit") and chain[-1].given is not None


def is_skipping(node: Syntax, given: str) -> bool:
    """Whether a call says of the test that runs that it is skipped."""
    chain = links(node)
    if len(chain) == 1:
        return chain[0].name == "pending" and chain[0].given is not None
    known = chain[0].name in _CONTEXTS or (given and chain[0].name == given)
    return (
        bool(known)
        and len(chain) == len("ab")
        and chain[1].name in _SKIPS
        and (chain[1].given is not None and not any(is_function(bare(e)) for e in chain[1].given))
    )


def is_comparison(node: Syntax) -> bool:
    """Whether an expression compares and does no more."""
    held = bare(node)
    return held.type == "binary_expression" and held.of("operator").text in _COMPARES


def is_literal_empty(node: Syntax) -> bool:
    """`[]`, or an empty string."""
    held = bare(node)
    return (held.type == "array" and not held.held) or held.text in ("''", '""')


def is_heard(handler: Syntax, used: frozenset[str]) -> bool:
    """Whether a handler of errors lets a failed expectation out, or looks at it.

    `used` are the names that the test reads: an error that is kept under one may be looked at.
    """
    name = next(iter(parameters_of(handler)), "")
    for each in walk(handler.of("body")):
        if each.type == "throw_statement":
            return True
        if each.type == "call_expression":
            chain = links(each)
            root, last = chain[0], chain[-1]
            if root is last and root.name == "expect":
                continue
            tells = last.name in _TELLS or says_so(root.name) or says_so(last.name)
            if tells and not _says_little(root, last, name):
                return True
        if each.type == "assignment_expression" and bare(each.of("right")).text == name and name:
            return each.of("left").text in used
    return False


def is_double(node: Syntax) -> bool:
    """Whether an expression makes a function that is run when somebody calls it: `vi.fn(…)`."""
    chain = links(node) if node.type == "call_expression" else ()
    return len(chain) > 1 and chain[0].name in ("vi", "jest", "mock") and chain[1].name == "fn"


def _says_little(root: Link, last: Link, name: str) -> bool:
    """Whether a failed expectation, caught by a name, fits what is expected of it."""
    looks_at = root.given and bare(root.given[0]).text == name
    return bool(looks_at) and last.name in _LITTLE


def swallows(call: Syntax, used: frozenset[str]) -> bool:
    """Whether out of what a call is put behind no failure comes: `.catch(() => {})`."""
    name = bare(call.of("function")).of("property").text
    handlers = [bare(each) for each in given_to(call)][name == "then" :]
    if name not in ("catch", "then") or not handlers or not is_function(handlers[0]):
        return False
    return not is_heard(handlers[0], used)


def made_sure(body: Syntax) -> bool:
    """Whether a block that is to throw fails where it does not."""
    last = body.held[-1] if body.held else body
    if last.type == "throw_statement":
        return True
    chain = links(last.held[0]) if last.type == "expression_statement" and last.held else ()
    return bool(chain) and chain[-1].name in _TELLS | {"assert"}


def is_late(name: str, function: Syntax, *, alone: bool) -> bool:
    """Whether what a call is given runs when the test may be over."""
    if name in _LATE:
        return True
    if name in ("then", "finally"):
        return alone
    waits = any(each.type == "await_expression" for each in walk(function))
    return name == "forEach" and function.has("async") and waits
