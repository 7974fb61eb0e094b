"""Code of tests that takes the place of what would have been run, or of what decides on it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper_rules.suite._names import dotted, last, shown
from gatekeeper_rules.suite._written import Called, Fault

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_DECIDING = frozenset({"pytest_pyfunc_call", "pytest_runtest_protocol", "pytest_runtestloop"})
_RUNS = frozenset({"run", "__call__", "_callTestMethod", "debug"})
_FAILS = "failureException"
_OBJECTS = frozenset({"obj", "_obj", "runtest", "callobj", "__code__"})
_ITEMS = frozenset({"item", "items", "pyfuncitem", "node", "function"})
_HOOK = "pytest_"
_RUNNERS = ("_pytest.", "pluggy.", "pytest.")
_WRITES = frozenset({"update", "__setitem__", "setdefault"})
_PATCHES = frozenset({"setitem", "dict"})
_WRAPPERS = ("hookwrapper=True", "wrapper=True")
_FIX = "Let pytest run the test that is written down."


def interfering(nodes: Iterable[ast.AST]) -> Iterator[Fault]:
    """Every place, among the nodes of a file, that can keep a test from being what it says."""
    every = tuple(nodes)
    runners = dict(_runners(every))
    for node in every:
        yield from _of_the_runner(node, runners)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _of_a_hook(node)
            case ast.ClassDef():
                yield from _of_unittest(node)
            case ast.Assign(targets=targets):
                yield from (each for target in targets for each in _exchanged(node, target))
            case ast.Call() if _writes_names(node):
                yield _fault(node, shown(node), "gives names of the module another meaning")
            case ast.Call(args=[owner, ast.Constant(value=str(name)), _]):
                if last(dotted(node.func)) == "setattr" and _is_code_of(dotted(owner), name):
                    yield _fault(node, shown(node), "puts other code in the place of a test's")


def _of_a_hook(node: _Function) -> Iterator[Fault]:
    if _decides(node):
        yield _fault(node, node.name, "decides in pytest's place what becomes of a test")
    if not node.name.startswith(_HOOK):
        return
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and each.attr == "__globals__":
            yield _fault(each, shown(each), "gives names that a test uses another meaning")


def _runners(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, str]]:
    """What the names stand for that a file takes from pytest's, pluggy's or unittest's modules."""
    for node in nodes:
        if isinstance(node, ast.Import):
            names = [(each.asname or each.name.partition(".")[0], each) for each in node.names]
            yield from ((name, each.name if each.asname else name) for name, each in names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((e.asname or e.name, f"{node.module}.{e.name}") for e in node.names)


def _of_the_runner(node: ast.AST, runners: Mapping[str, str]) -> Iterator[Fault]:
    """What runs tests, or reports on them, and gets other code."""
    match node:
        case ast.Assign(targets=targets):
            named = [dotted(each) for each in targets if isinstance(each, ast.Attribute)]
        case ast.Call(args=[owner, ast.Constant(value=str(name)), _]):
            named = [f"{dotted(owner)}.{name}"] if dotted(node.func) == "setattr" else []
        case _:
            return
    for each in named:
        root, _, rest = each.partition(".")
        if _runs_tests(f"{runners.get(root, '')}.{rest}"):
            yield _fault(node, shown(node), "puts other code in the place of what runs tests")


def _runs_tests(name: str) -> bool:
    """Whether a dotted name is that of something in a class or a module of a runner's.

    `pytest.name` is not: many a `conftest.py` keeps there what its tests share.
    """
    if name.startswith("unittest."):
        end = last(name)
        return end in _RUNS or end == _FAILS or end.startswith("assert")
    return name.startswith(_RUNNERS) and name.count(".") > 1


def _writes_names(node: ast.Call) -> bool:
    """Whether a call changes what the names of its own module stand for."""
    match node:
        case ast.Call(ast.Attribute(ast.Call(ast.Name("globals" | "vars"), []), name)):
            spelled = [isinstance(each, ast.Constant | ast.Dict) for each in node.args]
            return name in _WRITES and (bool(node.keywords) or any(spelled))
        case ast.Call(func, [ast.Call(ast.Name("globals" | "vars"), []), *_]):
            return last(dotted(func)) in _PATCHES
    return False


def _decides(node: _Function) -> bool:
    """Whether a hook of pytest may say that a test is done, instead of having it run."""
    if node.name not in _DECIDING:
        return False
    if any(text in ast.unparse(each) for each in node.decorator_list for text in _WRAPPERS):
        return False
    answers = (each.value for each in ast.walk(node) if isinstance(each, ast.Return))
    return any(each is not None and ast.unparse(each) != "None" for each in answers)


def _of_unittest(node: ast.ClassDef) -> Iterator[Fault]:
    """What a class of tests has in the place of unittest's own way to run them."""
    if not any(last(dotted(each)).endswith(("TestCase", "Test")) for each in node.bases):
        return
    for each in node.body:
        if isinstance(each, _Function) and each.name in _RUNS and not _asks_above(each):
            why = "stands in for what unittest runs a test with"
            yield _fault(each, f"{node.name}.{each.name}", why)
        elif isinstance(each, ast.Assign) and _FAILS in map(dotted, each.targets):
            yield _fault(each, shown(each), "says what a failed assertion of unittest raises")


def _asks_above(node: _Function) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "super" for each in ast.walk(node))


def _exchanged(node: ast.Assign, target: ast.expr) -> Iterator[Fault]:
    match target:
        case ast.Attribute(value=owner, attr=name) if _is_code_of(dotted(owner), name):
            yield _fault(node, shown(node), "puts other code in the place of a test's")
        case ast.Subscript(ast.Call(ast.Name("globals" | "vars")), ast.Constant(str())):
            yield _fault(node, shown(node), "gives a name of the module another meaning")


def _is_code_of(owner: str, name: str) -> bool:
    """Whether `owner.name` is what pytest runs for a test."""
    if name not in _OBJECTS:
        return False
    return not _ITEMS.isdisjoint(owner.split(".")) or last(owner).startswith("test")


def replaced(tree: ast.Module, imports: Mapping[str, str]) -> Iterator[Called]:
    """The attributes of imported modules that get another function while a file is imported."""
    own = {each.name for each in tree.body if isinstance(each, _Function)}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                name = dotted(target)
            case ast.Expr(ast.Call(ast.Name("setattr"), [owner, ast.Constant(str(end)), value])):
                name = f"{dotted(owner)}.{end}"
            case _:
                continue
        made = isinstance(value, ast.Lambda) or "Mock" in dotted(value)
        if (made or dotted(value) in own) and name.partition(".")[0] in imports:
            yield Called(name, node.lineno)


def _fault(node: ast.stmt | ast.expr, quoted: str, why: str) -> Fault:
    return Fault(why, _FIX, node.lineno, node.col_offset + 1, quoted)
