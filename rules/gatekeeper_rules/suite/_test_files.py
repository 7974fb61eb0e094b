"""Facts about a Python file of tests, read from its bytes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gatekeeper import Extractor, Unreadable
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper.source.python_walk import every
from gatekeeper_rules.suite._bodies import Body, Known
from gatekeeper_rules.suite._decorated import marked, never_run, rows
from gatekeeper_rules.suite._interfering import interfering, replaced
from gatekeeper_rules.suite._names import dotted, last, text_of
from gatekeeper_rules.suite._read_once import digest, read_once
from gatekeeper_rules.suite._rebound import rebound
from gatekeeper_rules.suite._settled import Settled
from gatekeeper_rules.suite._statements import made_in
from gatekeeper_rules.suite._swallowing import mutes, read_outside
from gatekeeper_rules.suite._uncollected import uncollected
from gatekeeper_rules.suite._written import Fault, Written, WrittenFile

_PATCHES = frozenset({"patch", "object", "setattr"})
_HOST_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BINDS = (ast.arg, ast.alias, ast.ExceptHandler, ast.MatchAs)
_YIELDS = (ast.Yield, ast.YieldFrom)
# As Python counts lines; a form feed ends none.
_LINE_END = re.compile(r"\r\n|\r|\n")


class Around(NamedTuple):
    """What a function finds around it in its file; `told` is the same where all of that is."""

    imports: Mapping[str, str]
    settled: Settled
    lines: Sequence[str]
    told: bytes


def _read(content: bytes, path: str) -> WrittenFile:
    text = python_text(content, path)
    try:
        return _written(parsed(text), text)
    except SyntaxError as error:
        raise Unreadable(path, f"it is not Python: {error.msg[:100]}", error.lineno) from None
    except _HOST_FAILS as error:
        raise Unreadable(path, f"it cannot be parsed: {type(error).__name__}") from None


TESTS: Extractor[WrittenFile] = Extractor("python tests", 4, _read)


def _written(tree: ast.Module, text: str) -> WrittenFile:
    nodes = every(tree)
    classes = [each for each in nodes if isinstance(each, ast.ClassDef)]
    imports = dict(_imports(nodes))
    settled = Settled(tree.body, _at_the_top(tree))
    told = digest((sorted(imports.items()), settled.told))
    around = Around(imports, settled, _LINE_END.split(text), told)
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
        if not isinstance(statement, _SCOPES):
            yield from every(statement)
            continue
        for node in every(statement):
            binds = isinstance(node, _BINDS)
            if not (binds or (isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))):
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
    """The facts of a function, read once where base and head have it alike."""
    begin = min(each.lineno for each in (node, *node.decorator_list))
    can_test = _can_hold_tests(owner)
    circumstances = (
        *(prefix, owner.name if owner is not None else "", can_test, node.col_offset),
        *(node.lineno - begin, around.lines[begin - 1 : node.end_lineno], around.told),
    )
    written = read_once(
        circumstances, node.lineno, lambda: _looked(node, owner, prefix, around, can_test=can_test)
    )
    held = [*node.decorator_list, *(owner.decorator_list if owner else ())]
    return written._replace(idle=tuple(never_run(held)))


def _looked(
    node: _Function, owner: ast.ClassDef | None, prefix: str, around: Around, *, can_test: bool
) -> Written:
    statements = _without_docstring(node.body)
    nodes = every(node)
    used = frozenset(_used(nodes))
    settled = Settled(node.body, nodes, around.settled)
    body = Body(Known(made_in(nodes), used, read_outside(nodes), settled, around.imports))
    body.read(statements)
    body.conclude()
    decorators = tuple(dotted(each) for each in node.decorator_list)
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    is_fixture = any(last(each).endswith("fixture") for each in decorators)
    return Written(
        name=prefix + node.name,
        owner=owner.name if owner is not None else "",
        line=node.lineno,
        is_test=node.name.startswith("test") and not is_fixture and can_test,
        is_fixture=is_fixture,
        code="\n".join(map(text_of, statements)),
        expectations=tuple(body.expectations),
        faults=tuple(body.faults),
        calls=tuple(body.calls),
        parameters=tuple(each.arg for each in given),
        decorators=decorators,
        uses=used,
        patched=tuple(_patched(nodes)),
        repeats=body.repeats + sum(last(each) == "parametrize" for each in decorators),
        rows=tuple(rows(node.decorator_list)),
        idle=(),
        exits=tuple(body.exits),
        around=tuple(body.around),
        binds=settled.bound - {each.arg for each in given},
        rebound=tuple(rebound(nodes, around.imports)),
        lazy=isinstance(node, ast.AsyncFunctionDef) or _gives_way(node, nodes),
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


def _gives_way(node: _Function, nodes: Iterable[ast.AST]) -> bool:
    """Whether a function, and not only one in it, is a generator."""
    if not any(isinstance(each, _YIELDS) for each in nodes):
        return False
    return any(isinstance(each, _YIELDS) for each in _own(node))


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
