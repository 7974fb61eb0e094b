"""The Python that a Worker can run: its files parsed, and what their names stand for."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Doubt, Extractor, Snapshot, Unreadable
from gatekeeper.source.code_scopes import MODULE, Bound
from gatekeeper.source.code_values import NONE, Sort, Value, Values
from gatekeeper.source.python_ast import shared
from gatekeeper.source.python_ast_expressions import Expressions
from gatekeeper.source.python_modules import Listed
from gatekeeper.source.python_names import Names
from gatekeeper.source.python_text import python_text
from gatekeeper.value import dataclass, field, replace
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._python_sources import Sources

OUTSIDE = frozenset({"workers", "asyncio", "concurrent", "multiprocessing", "threading"})
"""What the platform and Python bring: there even where the repository has a file of that name."""

Function = ast.FunctionDef | ast.AsyncFunctionDef

_HOST_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)
_WIDTH = 300


@dataclass(frozen=True, eq=False)
class Module:
    """A file: its code, its lines, and its functions and classes by the numbers of their scopes."""

    path: str
    tree: ast.Module
    lines: tuple[str, ...]

    def text(self, line: int) -> str:
        """A line as it stands there, the white space around it left out."""
        return self.lines[line - 1].strip()[:_WIDTH] if 0 < line <= len(self.lines) else ""

    @cached_property
    def blocks(self) -> dict[tuple[int, int], ast.stmt]:
        """The functions and classes by line and column, both from 1."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        found = (each for each in ast.walk(self.tree) if isinstance(each, kinds))
        return {(each.lineno, each.col_offset + 1): each for each in found}

    @cached_property
    def fallbacks(self) -> frozenset[int]:
        """The lines of classes that stand where something could not be imported."""
        handlers = (each for each in ast.walk(self.tree) if isinstance(each, ast.ExceptHandler))
        held = (each for handler in handlers for each in ast.walk(handler))
        return frozenset(each.lineno for each in held if isinstance(each, ast.ClassDef))


def _read(content: bytes, path: str) -> Module:
    text = python_text(content, path)
    try:
        tree = shared(text)
    except SyntaxError as error:
        raise Unreadable(path, f"it is not Python: {error.msg[:100]}", error.lineno) from None
    except _HOST_FAILS as error:
        raise Unreadable(path, f"it cannot be parsed: {type(error).__name__}") from None
    return Module(path, tree, tuple(text.splitlines()))


_MODULE = Extractor("workflow code", 1, _read)


@dataclass(frozen=True, eq=False)
class Code:
    """The files taken in so far; a file that cannot be read is a doubt."""

    snapshot: Snapshot
    doubts: dict[str, Doubt] = field(default_factory=dict)
    kinds: dict[tuple[Value, int], object] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Sources:
        """The Python files of the tree."""
        return Sources(self.snapshot)

    @cached_property
    def listed(self) -> Listed:
        """Which files imports can mean."""
        return Listed(self.sources.paths)

    @cached_property
    def names(self) -> Names:
        """What the names of the files taken in stand for."""
        return Names(self.listed, OUTSIDE)

    @property
    def paths(self) -> tuple[str, ...]:
        """The files taken in that could be read, sorted."""
        return tuple(sorted(self._modules))

    @property
    def size(self) -> int:
        """How many files were taken in."""
        return len(self._modules)

    def module(self, path: str) -> Module:
        """A file that was taken in; raises KeyError."""
        return self._modules[path]

    def take(self, paths: Iterable[str]) -> frozenset[str]:
        """Take files in, and all that they import from the repository, at any distance."""
        waiting = deque(paths)
        seen = set(waiting)
        while waiting:
            path = waiting.popleft()
            for each in self._imported(path) if self._add(path) else ():
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return frozenset(seen)

    def _add(self, path: str) -> bool:
        if path in self._modules:
            return True
        try:
            facts = self.sources.facts(path)
            # One tree for a file and for the links to it: steps are known by their nodes.
            module = self.snapshot.facts(_MODULE, self.sources.file(path) or path)
        except Unreadable as unreadable:
            reason = f"cannot be read: {unreadable.reason}"
            self.doubts[path] = Doubt(reason, path, unreadable.line)
            return False
        self._modules[path] = replace(module, path=path)
        self.names.add(path, facts.tree)
        return True

    def _imported(self, path: str) -> Iterator[str]:
        for each in self.sources.facts(path).imports:
            for dotted in (each.module, each.dotted):
                for module in self.listed.find(path, dotted):
                    for file in self.listed.files(module):
                        if role_of(file) is not Role.GENERATED:
                            yield file

    # -- from code to names and back

    def values(self, path: str, scope: int, node: ast.expr) -> Values:
        """What an expression stands for in a scope of a file."""
        try:
            held = Expressions("", (node.lineno, node.col_offset + 1)).read(node)
        except _HOST_FAILS:
            return NONE
        return self.names.values(path, scope, held)

    def externals(self, path: str, scope: int, node: ast.expr) -> frozenset[str]:
        """The dotted names, outside of the repository, that an expression stands for."""
        found = self.values(path, scope, node)
        return frozenset(each.text for each in found if each.sort is Sort.EXTERNAL)

    def scope_of(self, path: str, block: ast.stmt) -> int:
        """The number of a function's or a class's own scope; the module's where it has none."""
        place = (block.lineno, block.col_offset + 1)
        return self._scopes(path).get(place, MODULE)

    def block(self, value: Value) -> ast.stmt | None:
        """The function or class of the repository that a value is."""
        if value.text not in self._back:
            places = self._scopes(value.text)
            self._back[value.text] = {scope: place for place, scope in places.items()}
        found = self._back[value.text].get(value.scope)
        return None if found is None else self._modules[value.text].blocks.get(found)

    def function(self, value: Value) -> Function | None:
        """The function of the repository that a value is."""
        held = self.block(value) if value.sort is Sort.FUNCTION else None
        return held if isinstance(held, ast.FunctionDef | ast.AsyncFunctionDef) else None

    def symbol(self, path: str, scope: int) -> str:
        """The dotted name of a scope."""
        return self.names.files[path].scopes[scope].symbol

    def _scopes(self, path: str) -> dict[tuple[int, int], int]:
        if path not in self._places:
            self._places[path] = dict(self._placed(path))
        return self._places[path]

    @cached_property
    def _places(self) -> dict[str, dict[tuple[int, int], int]]:
        return {}

    @cached_property
    def _back(self) -> dict[str, dict[int, tuple[int, int]]]:
        return {}

    def _placed(self, path: str) -> Iterator[tuple[tuple[int, int], int]]:
        for scope in self.names.files[path].scopes:
            for bindings in scope.names.values():
                for each in bindings:
                    if each.bound in (Bound.CLASS, Bound.FUNCTION):
                        yield (each.node.line, each.node.column), each.scope
