"""Test files of the base to which the head only gives the new names of modules that moved."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from posixpath import splitext

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import Snapshot
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text

_PYTHON = ".py"
_PACKAGE = "__init__"
_MOVED = "<moved>"
_UNREADABLE = (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError)

Imports = Mapping[str, str]


def readdressed(base: Snapshot, head: Snapshot, is_test: Callable[[str], bool]) -> frozenset[str]:
    """The test files that say at the head what they say at the base, but for such names.

    A module, which is no test file, moved where its file is gone at the head, and its name stands
    wherever the base has that of the gone one, for a file that is new. Everything else of the test
    file is the same, so that it asks of the module under its new name what it asked of it before.
    """
    gone = _modules(each for each in base.entries if each not in head.entries and not is_test(each))
    new = _modules(each for each in head.entries if each not in base.entries and not is_test(each))
    if not gone or not new:
        return frozenset()
    return frozenset(
        path
        for path in base.entries
        if path.endswith(_PYTHON)
        and is_test(path)
        and _differs(base, head, path)
        and _says_the_same(_Names(base, path, gone), _Names(head, path, new))
    )


def _differs(base: Snapshot, head: Snapshot, path: str) -> bool:
    before, after = base.entries.get(path), head.entries.get(path)
    if before is None or after is None or before.oid == after.oid:
        return False
    return before.is_file and after.is_file


def _modules(paths: Iterable[str]) -> frozenset[str]:
    """The dotted names by which Python files could be imported, from any folder above them."""
    found: set[str] = set()
    for path in paths:
        stem, suffix = splitext(path)
        parts = stem.removesuffix(f"/{_PACKAGE}").split("/")
        if suffix == _PYTHON and all(map(str.isidentifier, parts[-1:])):
            found.update(".".join(parts[start:]) for start in range(len(parts)))
    return frozenset(found)


def _says_the_same(before: _Names, after: _Names) -> bool:
    try:
        was, now = before.text(), after.text()
    except _UNREADABLE:
        return False
    pairs = set(zip(before.met, after.met, strict=False))
    one_to_one = len(pairs) == len({old for old, _ in pairs}) == len({new for _, new in pairs})
    return was == now and len(before.met) == len(after.met) > 0 and one_to_one


class _Names(ast.NodeTransformer):
    """A file as a text in which every imported name is written out, and moved modules are alike.

    `met` are the names of modules of which the file speaks, in the order of the text.
    """

    def __init__(self, snapshot: Snapshot, path: str, moved: frozenset[str]) -> None:
        self._snapshot = snapshot
        self._path = path
        self._moved = moved
        self._imports: Imports = {}
        self.met: list[str] = []

    def text(self) -> str:
        """What the file says; raises what reading and parsing it may raise."""
        tree = parsed(python_text(self._snapshot.read(self._path), self._path))
        bound = set(_imports(tree))
        self._imports = dict(bound)
        if len(bound) > len(self._imports):
            raise ValueError("a name is imported as two things")
        code = ast.dump(self.visit(tree))
        # Imports can be in another order now, or of another form: what they bring counts.
        brought = sorted((self._shown(each), each) for each in set(self._imports.values()))
        self.met += [module for _, each in brought if (module := self._module(each))]
        return "\n".join((code, *(shown for shown, _ in brought)))

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
        module = self._module(dotted)
        if module:
            self.met.append(module)
        return self._shown(dotted)

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


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What each imported name stands for; a star stands for itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                top = each.name.partition(".")[0]
                yield (each.asname, each.name) if each.asname else (top, top)
                yield f"import {each.name}", each.name
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for each in node.names:
                yield each.asname or each.name, f"{module}.{each.name}"
