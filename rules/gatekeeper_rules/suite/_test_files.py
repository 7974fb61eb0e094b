"""Facts about a Python file of tests, read from its bytes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from gatekeeper import Extractor, Unreadable
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper_rules.suite._bodies import Body, made_in
from gatekeeper_rules.suite._decorated import never_run, rows
from gatekeeper_rules.suite._names import dotted, last, text_of
from gatekeeper_rules.suite._uncollected import uncollected
from gatekeeper_rules.suite._written import Written, WrittenFile

_FOLDERS = frozenset({"test", "tests", "testing", "__tests__"})
_BENCHES = frozenset({"bench", "benches", "benchmark", "benchmarks"})
_TEST_FILE = re.compile(r"(?:test_.*|.*_tests?|tests?)\.py$")
_HELPS = re.compile(r".*testing.*\.py$")
_PATCHES = frozenset({"patch", "object", "setattr"})
_HOST_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_test_file(path: str) -> bool:
    """Whether pytest or unittest collect from a file that is called so."""
    *folders, name = path.split("/")
    return bool(_TEST_FILE.match(name)) and _BENCHES.isdisjoint(folders)


def is_test_code(path: str) -> bool:
    """Whether a file holds tests, or is beside them, by its path."""
    *folders, name = path.split("/")
    inside = not _FOLDERS.isdisjoint(folders)
    return name.endswith(".py") and (inside or is_test_file(path) or name == "conftest.py")


def may_help(path: str) -> bool:
    """Whether tests may have the functions of a file expect something for them."""
    return is_test_code(path) or bool(_HELPS.match(path.rpartition("/")[2]))


def _read(content: bytes, path: str) -> WrittenFile:
    text = python_text(content, path)
    try:
        return _written(parsed(text))
    except SyntaxError as error:
        raise Unreadable(path, f"it is not Python: {error.msg[:100]}", error.lineno) from None
    except _HOST_FAILS as error:
        raise Unreadable(path, f"it cannot be parsed: {type(error).__name__}") from None


TESTS: Extractor[WrittenFile] = Extractor("python tests", 1, _read)


def _written(tree: ast.Module) -> WrittenFile:
    nodes = list(ast.walk(tree))
    classes = [each for each in nodes if isinstance(each, ast.ClassDef)]
    return WrittenFile(
        tuple(_functions(tree.body, None, "")),
        dict(_imports(nodes)),
        dict(_bound(tree.body)),
        {each.name: tuple(map(dotted, each.bases)) for each in classes},
        tuple(uncollected(nodes)),
    )


def _functions(
    body: Iterable[ast.stmt], owner: ast.ClassDef | None, prefix: str
) -> Iterator[Written]:
    for node in body:
        if isinstance(node, _Function):
            yield _function(node, owner, prefix)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _functions(_blocks(node), owner, prefix)


def _blocks(node: ast.If | ast.Try | ast.With) -> list[ast.stmt]:
    if isinstance(node, ast.With):
        return node.body
    if isinstance(node, ast.If):
        return [*node.body, *node.orelse]
    handled = [each for handler in node.handlers for each in handler.body]
    return [*node.body, *handled, *node.orelse, *node.finalbody]


def _function(node: _Function, owner: ast.ClassDef | None, prefix: str) -> Written:
    statements = _without_docstring(node.body)
    nodes = list(ast.walk(node))
    used = frozenset(_used(nodes))
    body = Body(made_in(nodes), used)
    body.read(statements)
    decorators = tuple(dotted(each) for each in node.decorator_list)
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    is_fixture = any(last(each).endswith("fixture") for each in decorators)
    return Written(
        name=prefix + node.name,
        owner=owner.name if owner is not None else "",
        line=node.lineno,
        is_test=node.name.startswith("test") and not is_fixture and _can_hold_tests(owner),
        is_fixture=is_fixture,
        code="\n".join(map(text_of, statements)),
        expectations=tuple(body.expectations),
        faults=tuple(body.faults),
        calls=tuple(body.calls),
        parameters=tuple(each.arg for each in every),
        decorators=decorators,
        uses=used,
        patched=tuple(_patched(nodes)),
        repeats=body.repeats + sum(last(each) == "parametrize" for each in decorators),
        rows=tuple(rows(node.decorator_list)),
        idle=tuple(never_run(node.decorator_list)),
        exits=tuple(body.exits),
    )


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    return body[1:] if ast.get_docstring(ast.Module(body, [])) is not None else body


def _can_hold_tests(owner: ast.ClassDef | None) -> bool:
    """Whether methods of a class can be tests; a class that is none says so by its name."""
    if owner is None:
        return True
    named = [owner.name, *(last(dotted(each)) for each in owner.bases)]
    refused = any(
        isinstance(each, ast.Assign) and text_of(each) == "__test__ = False" for each in owner.body
    )
    return not refused and any("test" in each.lower() for each in named)


def _used(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for each in nodes:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each.id
        elif isinstance(each, ast.arg):
            yield each.arg


def _patched(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """What `patch("a.b")`, `patch.object(a, "b")` and `setattr(a, "b", …)` replace."""
    for call in nodes:
        if not isinstance(call, ast.Call) or last(dotted(call.func)) not in _PATCHES:
            continue
        match call.args:
            case [ast.Constant(value=str(target)), *_] if "." in target:
                yield target
            case [owner, ast.Constant(value=str(name)), *_] if "patch" in dotted(call.func):
                yield f"{dotted(owner)}.{name}"


def _imports(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                yield (each.asname, each.name) if each.asname else (top, top)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            joint = "" if module.endswith(".") else "."
            for each in node.names:
                yield each.asname or each.name, f"{module}{joint}{each.name}"


def _bound(body: Iterable[ast.stmt]) -> Iterator[tuple[str, str]]:
    """What the names of the module are assigned."""
    for node in body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                yield dotted(target), text_of(node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            yield dotted(node.target), text_of(node.value)
