"""Python code in strings that other code runs: `exec`, `eval`, `compile`, and their like."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.python_ast import read
from gatekeeper_rules.code._durable_sheet import Place
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._python_candidates import can_matter

_RUNNERS = frozenset({"builtins.exec", "builtins.eval", "builtins.compile"})
_RUNNING = (
    ".CodeRunner",
    ".eval_code",
    ".eval_code_async",
    ".runPython",
    ".runPythonAsync",
    "code.InteractiveConsole().push",
    "code.InteractiveInterpreter().runsource",
    "timeit.Timer",
    "timeit.repeat",
    "timeit.timeit",
)
_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)


def code_strings(view: View) -> Iterator[tuple[Place, Node] | Doubt]:
    """Each constant text that the file runs, as a tree, with the place of the call."""
    for use in view.leading:
        node, scope, _ = use
        if node.kind is not Kind.CALL or len(node.parts) == 1:
            continue
        if not any(map(_runs, view.called(node, scope))):
            continue
        place = view.place(node, scope)
        for text in view.texts(node.parts[1], scope)[0]:
            try:
                yield place, read(text.strip())
            except _FAILS:
                if can_matter(text.encode("utf-8", "surrogatepass")):
                    reason = "the code in this string cannot be parsed"
                    yield Doubt(reason, view.sheet.path, place.line)


def _runs(function: str) -> bool:
    return function in _RUNNERS or function.endswith(_RUNNING)
