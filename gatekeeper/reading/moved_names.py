"""Which names of Python modules a file speaks of, and what it says but for these."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from posixpath import splitext

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text

PYTHON = ".py"
ALL = "*"
"""What a star import takes of a module."""

UNREADABLE = (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError)

_PACKAGE = "__init__"
_MOVED = "<moved>"

Imports = Mapping[str, str]
Modules = Mapping[str, frozenset[str]]
"""Dotted names, and the files that each could mean."""


def modules_of(paths: Iterable[str]) -> Modules:
    """The dotted names by which Python files could be imported, from any folder above them."""
    found: dict[str, set[str]] = {}
    for path in paths:
        stem, suffix = splitext(path)
        parts = stem.removesuffix(f"/{_PACKAGE}").split("/")
        if suffix == PYTHON and all(map(str.isidentifier, parts[-1:])):
            for start in range(len(parts)):
                found.setdefault(".".join(parts[start:]), set()).add(path)
    return {name: frozenset(files) for name, files in found.items()}


class Names(ast.NodeTransformer):
    """A file as a text in which every imported name is written out, and moved modules are alike.

    `met` are the names of modules of which the file speaks, in the order of the text; `taken`
    are pairs of such a module and a name in it, `*` for all of them.
    """

    def __init__(self, snapshot: Snapshot, path: str, moved: Collection[str]) -> None:
        self._snapshot = snapshot
        self._path = path
        self._moved = moved
        self._imports: Imports = {}
        self.met: list[str] = []
        self.taken: set[tuple[str, str]] = set()

    def text(self) -> str:
        """What the file says; raises what reading and parsing it may raise."""
        tree = parsed(python_text(self._snapshot.read(self._path), self._path))
        bound = set(_imports(tree, self._path))
        self._imports = dict(bound)
        if len(bound) > len(self._imports):
            raise ValueError("a name is imported as two things")
        code = ast.dump(self.visit(tree))
        # Imports can be in another order now, or of another form: what they bring counts.
        brought = sorted((self._shown(each), each) for each in set(self._imports.values()))
        self.met += [self._met(each) for _, each in brought if self._module(each)]
        return "\n".join((code, *(shown for shown, _ in brought)))

    def all_taken(self) -> frozenset[tuple[str, str]]:
        """What it takes of each such module, whatever is bound twice; raises as `text` may."""
        tree = parsed(python_text(self._snapshot.read(self._path), self._path))
        bound = set(_imports(tree, self._path))
        self._imports = dict(bound)
        self.visit(tree)
        meanings = Counter(name for name, _ in bound)
        for name, dotted in bound:
            if self._module(dotted):
                module = self._met(dotted)
                self.taken |= {(module, ALL)} if meanings[name] > 1 and module == dotted else set()
        return frozenset(self.taken)

    def visit_Import(self, _: ast.Import) -> None:
        """What it brings is told apart from the code."""

    def visit_ImportFrom(self, _: ast.ImportFrom) -> None:
        """As an `import`."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """An imported name is written as what it stands for."""
        return self._written(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """So are the attributes of one: `pricing.add` is what `from pricing import add` brings."""
        written = self._written(node)
        return self.generic_visit(node) if written is node else written

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A text can name a module as well, such as what `patch` replaces: not one word alone."""
        if isinstance(node.value, str) and "." in self._module(node.value):
            return ast.Constant(self._told(node.value))
        return node

    def _written(self, node: ast.Name | ast.Attribute) -> ast.AST:
        dotted = _dotted(node)
        root, dot, rest = dotted.partition(".")
        if root not in self._imports:
            return node
        return ast.Name(self._told(self._imports[root] + dot + rest), node.ctx)

    def _told(self, dotted: str) -> str:
        if self._module(dotted):
            self.met.append(self._met(dotted))
        return self._shown(dotted)

    def _met(self, dotted: str) -> str:
        module = self._module(dotted)
        rest = dotted[len(module) :].lstrip(".")
        self.taken |= {(module, rest.partition(".")[0])} if rest else set()
        return module

    def _shown(self, dotted: str) -> str:
        module = self._module(dotted)
        return _MOVED + dotted[len(module) :] if module else dotted

    def _module(self, dotted: str) -> str:
        """The longest part of a dotted name, from its start, that a moved module had."""
        parts = dotted.split(".")
        starts = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        return next((each for each in starts if each in self._moved), "")


def _dotted(node: ast.AST) -> str:
    """`a.b.c` for names and attributes of names; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else ""


def _imports(tree: ast.Module, path: str) -> Iterator[tuple[str, str]]:
    """What each imported name stands for, from the top of the tree; a star stands for itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                yield (each.asname, each.name) if each.asname else (top, top)
                yield f"import {each.name}", each.name
        elif isinstance(node, ast.ImportFrom):
            above = path.split("/")[: -node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for each in node.names:
                yield each.asname or each.name, f"{module}.{each.name}"
