"""What stands on which line of a Python file: functions, and statements that do next to nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper.value import dataclass

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_CONTAINERS = (ast.Tuple, ast.List, ast.Set)
_RUNS = (ast.Call, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr, ast.comprehension)


class Span(NamedTuple):
    """A class or function: its dotted name, and its lines with those of its decorators."""

    name: str
    line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class PythonLines:
    """Line numbers count from 1.

    `spans` are ordered so that what stands inside comes after what it stands in. `idle` are
    the lines of statements that do nothing by themselves, and of no others: `pass`, `...` and
    other constants, `raise NotImplementedError`, definitions of nothing else whose head calls
    nothing, and imports under `if TYPE_CHECKING:`. `constants` are the first lines of
    statements that set names to constants. `folded` are the first lines of functions whose
    body shares the line with what defines them: that it ran says nothing of the body.
    `is_idle` says that all statements are idle.
    """

    spans: tuple[Span, ...]
    idle: frozenset[int]
    constants: frozenset[int]
    folded: frozenset[int]
    is_idle: bool

    def symbols(self) -> Mapping[int, str]:
        """The dotted name of the innermost class or function around each line that is in one."""
        return {
            line: span.name for span in self.spans for line in range(span.line, span.end_line + 1)
        }


def _read(content: bytes, path: str) -> PythonLines:
    text = python_text(content, path)
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable(path, "it is no Python that this Python can parse") from None
    return _lines(tree)


def _lines(tree: ast.Module) -> PythonLines:
    spans: list[Span] = []
    idle: set[int] = set()
    busy: set[int] = set()
    constants: set[int] = set()
    folded: set[int] = set()
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, symbol = waiting.pop()
        if isinstance(node, _DEFINITIONS):
            symbol = f"{symbol}.{node.name}" if symbol else node.name
            spans.append(Span(symbol, _first(node), node.end_lineno or node.lineno))
        if isinstance(node, ast.stmt) and _does_nothing(node):
            idle.update(range(_first(node), (node.end_lineno or node.lineno) + 1))
            if isinstance(node, ast.If):
                continue
        else:
            busy.update(_own_lines(node))
            if isinstance(node, ast.stmt) and _sets_constants(node):
                constants.add(node.lineno)
            if isinstance(node, ast.stmt) and _is_folded(node):
                folded.add(node.lineno)
        waiting.extend((part, symbol) for part in ast.iter_child_nodes(node) if _holds(part))
    spans.sort(key=lambda span: (span.line, -span.end_line))
    is_idle = all(_does_nothing(each) for each in tree.body)
    return PythonLines(
        tuple(spans), frozenset(idle - busy), frozenset(constants), frozenset(folded), is_idle
    )


def _holds(node: ast.AST) -> bool:
    """Whether statements can stand in it; expressions hold none."""
    return not isinstance(node, ast.expr | ast.expr_context | ast.operator)


def _first(node: ast.stmt | ast.ExceptHandler) -> int:
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else []
    return min([node.lineno, *(each.lineno for each in decorators)])


def _own_lines(node: ast.AST) -> range:
    """The lines of a statement up to the block in it: what shares a line with it is no less."""
    if isinstance(node, ast.match_case):
        return range(node.pattern.lineno, node.body[0].lineno + 1)
    if not isinstance(node, ast.stmt | ast.ExceptHandler):
        return range(0)
    inside = getattr(node, "body", ())
    if inside:
        return range(_first(node), max(_first(inside[0]), node.lineno + 1))
    return range(_first(node), (node.end_lineno or node.lineno) + 1)


def _does_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=raised, cause=None):
            return _is_not_implemented(raised)
        case ast.If(test=test, body=body, orelse=[]):
            return _is_type_checking(test) and all(isinstance(each, _IMPORTS) for each in body)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return all(_does_nothing(each) for each in node.body) and not _head_runs(node)
    return False


def _is_not_implemented(raised: ast.expr | None) -> bool:
    if isinstance(raised, ast.Call) and all(_is_constant(each) for each in raised.args):
        raised = raised if raised.keywords else raised.func
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _is_type_checking(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _is_folded(node: ast.stmt) -> bool:
    """Whether a function stands on the line that defines it, and does anything."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            heads = [each for part in _head(node) for each in ast.walk(part)]
            ends = [getattr(each, "end_lineno", None) or 0 for each in heads]
            return node.body[0].lineno <= max(node.lineno, *ends, 0)
        case ast.Assign(value=ast.Lambda() as made) | ast.AnnAssign(value=ast.Lambda() as made):
            return not isinstance(made.body, ast.Constant)
    return False


def _head_runs(node: _Definition) -> bool:
    """Whether defining it calls anything that stands in its head."""
    return any(isinstance(part, _RUNS) for each in _head(node) for part in ast.walk(each))


def _head(node: _Definition) -> Iterator[ast.AST]:
    yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from (*node.bases, *node.keywords)
    else:
        yield node.args
        if node.returns is not None:
            yield node.returns


def _sets_constants(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=targets, value=value):
            return all(isinstance(each, ast.Name) for each in targets) and _is_constant(value)
        case ast.AnnAssign(target=ast.Name(), value=ast.expr() as value):
            return _is_constant(value)
    return False


def _is_constant(node: ast.expr) -> bool:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _CONTAINERS):
            waiting.extend(current.elts)
        elif isinstance(current, ast.Dict):
            waiting.extend(each for each in (*current.keys, *current.values) if each is not None)
        elif isinstance(current, ast.UnaryOp):
            waiting.append(current.operand)
        elif not isinstance(current, ast.Constant):
            return False
    return True


PYTHON_LINES: Extractor[PythonLines] = Extractor("python lines", 2, _read)
