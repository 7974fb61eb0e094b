"""What a Python file imports, names and says: facts read from its bytes, never by running it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.python_text import python_text
from gatekeeper.value import dataclass

_SHOWN = 100
_METADATA = b"# /// "

__all__ = [
    "PYTHON",
    "Import",
    "Mention",
    "PythonFacts",
    "does_the_same",
    "is_python",
    "normalised",
    "same_code",
]
_HOST_FAILS = (SyntaxError, ValueError, RecursionError, MemoryError)


class Import(NamedTuple):
    """`import MODULE as ALIAS`, or `from MODULE import NAME as ALIAS`.

    `module` keeps the leading dots of a relative import; `name` is empty for a plain
    import and `*` for all names; `alias` is empty where there is none. `symbol` is the
    enclosing class or function, dotted. `line` and `column` count from 1.
    """

    module: str
    name: str
    alias: str
    line: int
    column: int
    symbol: str

    @property
    def dotted(self) -> str:
        """What is imported: `package.module` or `package.module.name`."""
        if self.name in ("", "*"):
            return self.module
        return (
            self.module + self.name if self.module.endswith(".") else f"{self.module}.{self.name}"
        )


class Mention(NamedTuple):
    """A name, an attribute or a string as it stands in code, and where."""

    text: str
    line: int
    column: int
    symbol: str


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """A Python file, read: its code as a tree, and what it imports, anywhere in it."""

    tree: Node
    imports: tuple[Import, ...]

    def names(self) -> Iterator[Mention]:
        """Every identifier in order: names, attributes, parameters, definitions, keywords.

        Names that an import brings are those of `imports`, not repeated here.
        """
        for node, symbol in _placed(self.tree, ""):
            if node.kind in _NAMED and node.text:
                yield Mention(node.text, node.line, node.column, symbol)

    def strings(self) -> Iterator[Mention]:
        """Every string constant in order, the pieces of f-strings too, docstrings left out."""
        for node, symbol in _placed(self.tree, ""):
            if node.kind is Kind.STRING:
                yield Mention(node.text, node.line, node.column, symbol)


_NAMED = frozenset(
    {
        Kind.NAME,
        Kind.ATTRIBUTE,
        Kind.CLASS,
        Kind.FUNCTION,
        Kind.PARAMETER,
        Kind.CAPTURE,
        Kind.KEYWORD,
    }
)
_IMPORTING = frozenset({Kind.IMPORT, Kind.FROM})
_STATEMENTS = frozenset({Kind.MODULE, Kind.CLASS, Kind.FUNCTION, Kind.GROUP, Kind.OTHER})


def _placed(
    node: Node, symbol: str, within: frozenset[Kind] = frozenset(Kind)
) -> Iterator[tuple[Node, str]]:
    """Each node with the dotted name of the class or function around it.

    Only nodes of the kinds `within` are gone into.
    """
    waiting = [(node, symbol)]
    while waiting:
        current, inside = waiting.pop()
        yield current, inside
        if current.kind in _IMPORTING or current.kind not in within:
            continue
        if current.kind in (Kind.CLASS, Kind.FUNCTION):
            inside = f"{inside}.{current.text}" if inside else current.text
        waiting.extend((part, inside) for part in reversed(current.parts))


def _imports(tree: Node) -> Iterator[Import]:
    for node, symbol in _placed(tree, "", _STATEMENTS):
        if node.kind is Kind.IMPORT:
            yield Import(node.text, "", _alias(node), node.line, node.column, symbol)
        elif node.kind is Kind.FROM:
            for part in node.parts:
                yield Import(node.text, part.text, _alias(part), part.line, part.column, symbol)


def _alias(node: Node) -> str:
    return node.parts[0].text if node.parts else ""


def same_code(before: bytes, after: bytes, path: str) -> bool:
    """Whether two contents of a file are one program but for comments and layout.

    Docstrings are code, and so are the comments that decide what runs the file and with
    which dependencies: a `#!` line, and a block of script metadata (PEP 723). Other comments
    are not, even those that tools read (`# type:`, `# noqa`). Raises `Unreadable` where
    either cannot be parsed.
    """
    if before == after:
        return True
    same_start = started_by(before) == started_by(after)
    return same_start and normalised(before, path) == normalised(after, path)


def does_the_same(before: bytes, after: bytes, path: str) -> bool:
    """As `same_code`, but passing over every comment, `pass`, and constants that stand alone.

    Docstrings count: they are documentation.
    """
    return normalised(before, path, idle=False) == normalised(after, path, idle=False)


def started_by(content: bytes) -> tuple[bytes, ...]:
    """The comments that decide how a file is run: its `#!` line, and its script metadata."""
    first, _, _ = content.partition(b"\n")
    found = [first.rstrip()] if first.startswith(b"#!") else []
    inside = False
    for line in content.splitlines() if _METADATA in content else ():
        inside = line.startswith(b"#") if inside else line.startswith(_METADATA)
        if inside:
            found.append(line.rstrip())
    return tuple(found)


def normalised(content: bytes, path: str, *, idle: bool = True) -> str:
    """A text that is the same for two files just when their code is; raises `Unreadable`.

    Without `idle`, statements that do nothing are left out of it.
    """
    import ast

    from gatekeeper.source import python_ast

    text = python_text(content, path)
    try:
        tree = python_ast.parsed(text)
        return ast.dump(tree if idle else python_ast.without_idle(tree))
    except _HOST_FAILS as error:
        raise Unreadable(path, *_why(error)) from None


def _read(content: bytes, path: str) -> PythonFacts:
    from gatekeeper.source import python_ast

    text = python_text(content, path)
    try:
        tree = python_ast.read(text)
    except _HOST_FAILS as error:
        tree = _read_apart(text, path, error)
    return PythonFacts(tree, tuple(_imports(tree)))


def _read_apart(text: str, path: str, error: BaseException) -> Node:
    """The tree of what this Python cannot parse, so that the verdict is every Python's."""
    from gatekeeper.source.python_apart import read_apart

    tree = read_apart(text, path)
    if tree is None:
        raise Unreadable(path, *_why(error))
    return tree


def _why(error: BaseException) -> tuple[str, int | None]:
    if isinstance(error, SyntaxError):
        return f"it is not Python: {error.msg[:_SHOWN]}", error.lineno
    if isinstance(error, RecursionError | MemoryError):
        return "its code is nested too deeply", None
    return f"it is not Python: {error}", None


PYTHON: Extractor[PythonFacts] = Extractor("python", 2, _read)
