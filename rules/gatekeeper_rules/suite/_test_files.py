"""Facts about a Python file of tests, read from its bytes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gatekeeper import Extractor, Unreadable
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper_rules.suite._bodies import Body, Known
from gatekeeper_rules.suite._decorated import marked, never_run, rows
from gatekeeper_rules.suite._interfering import interfering, replaced
from gatekeeper_rules.suite._names import dotted, last, text_of
from gatekeeper_rules.suite._rebound import rebound
from gatekeeper_rules.suite._settled import Settled
from gatekeeper_rules.suite._statements import made_in
from gatekeeper_rules.suite._swallowing import mutes, read_outside
from gatekeeper_rules.suite._uncollected import uncollected
from gatekeeper_rules.suite._written import Fault, Written, WrittenFile

_PATCHES = frozenset({"patch", "object", "setattr"})
_HOST_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Around(NamedTuple):
    """What a function finds around it in its file."""

    imports: Mapping[str, str]
    settled: Settled


def _read(content: bytes, path: str) -> WrittenFile:
    text = python_text(content, path)
    try:
        return _written(parsed(text))
    except SyntaxError as error:
        raise Unreadable(path, f"it is not Python: {error.msg[:100]}", error.lineno) from None
    except _HOST_FAILS as error:
        raise Unreadable(path, f"it cannot be parsed: {type(error).__name__}") from None


TESTS: Extractor[WrittenFile] = Extractor("python tests", 3, _read)


def _written(tree: ast.Module) -> WrittenFile:
    nodes = list(ast.walk(tree))
    classes = [each for each in nodes if isinstance(each, ast.ClassDef)]
    imports = dict(_imports(nodes))
    around = Around(imports, Settled(tree.body, _at_the_top(tree)))
    return WrittenFile(
        tuple(_functions(tree.body, None, "", around)),
        imports,
        dict(_bound(tree.body)),
        {each.name: tuple(map(dotted, each.bases)) for each in classes},
        (*uncollected(nodes), *interfering(nodes), *(f for each in nodes for f in _marked(each))),
        tuple(replaced(tree, imports)),
    )


def _marked(node: ast.AST) -> Iterator[Fault]:
    return marked(node) if isinstance(node, ast.Assign) else iter(())


def _at_the_top(tree: ast.Module) -> Iterator[ast.AST]:
    """What a module holds, but for the names that its functions bind for themselves."""
    for statement in tree.body:
        is_scope = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(statement):
            binds = isinstance(node, ast.arg | ast.alias | ast.ExceptHandler | ast.MatchAs)
            binds = binds or (isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
            if not (is_scope and binds):
                yield node


def _functions(
    body: Iterable[ast.stmt], owner: ast.ClassDef | None, prefix: str, around: Around
) -> Iterator[Written]:
    for node in body:
        if isinstance(node, _Function):
            yield _function(node, owner, prefix, around)
        elif isinstance(node, ast.ClassDef):
            yield from _functions(node.body, node, f"{prefix}{node.name}.", around)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            yield from _functions(_blocks(node), owner, prefix, around)


def _blocks(node: ast.If | ast.Try | ast.With) -> list[ast.stmt]:
    if isinstance(node, ast.With):
        return node.body
    if isinstance(node, ast.If):
        return [*node.body, *node.orelse]
    handled = [each for handler in node.handlers for each in handler.body]
    return [*node.body, *handled, *node.orelse, *node.finalbody]


def _function(node: _Function, owner: ast.ClassDef | None, prefix: str, around: Around) -> Written:
    statements = _without_docstring(node.body)
    nodes = list(ast.walk(node))
    used = frozenset(_used(nodes))
    settled = Settled(node.body, nodes, around.settled)
    body = Body(Known(made_in(nodes), used, read_outside(nodes), settled, around.imports))
    body.read(statements)
    body.conclude()
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
        idle=tuple(never_run([*node.decorator_list, *(owner.decorator_list if owner else ())])),
        exits=tuple(body.exits),
        around=tuple(body.around),
        binds=settled.bound - {each.arg for each in every},
        rebound=tuple(rebound(nodes, around.imports)),
        lazy=isinstance(node, ast.AsyncFunctionDef) or any(map(_is_yield, _own(node))),
        mutes=mutes(node),
        autouse=any("autouse=True" in text_of(each) for each in node.decorator_list),
    )


def _own(node: _Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions in it."""
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(each)


def _is_yield(node: ast.AST) -> bool:
    return isinstance(node, ast.Yield | ast.YieldFrom)


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


def _used(nodes: Sequence[ast.AST]) -> Iterator[str]:
    named = {id(each.value) for each in nodes if isinstance(each, ast.Expr)}
    for each in nodes:
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load) and id(each) not in named:
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
