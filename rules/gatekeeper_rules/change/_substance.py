"""Whether a file holds anything: more than white space, comments and places kept free."""

from __future__ import annotations

from gatekeeper import LINK, SUBMODULE, Snapshot, Unreadable
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper.source.python_tree import Kind, Node
from gatekeeper_rules.change._blanks import is_empty, rest, seen

_FREE = "holds nothing but comments and places kept free"
_NOTHING = frozenset({Kind.STRING, Kind.NAME, Kind.OTHER})


def lack(snapshot: Snapshot, path: str) -> str | None:
    """Why `path` delivers nothing ("is empty"); None where it holds something.

    Raises `Unreadable` where that cannot be seen: a submodule, Python that is none.
    """
    mode = snapshot.entries[path].mode
    if mode == LINK:
        return "is a link"
    content = snapshot.read(path)
    if is_empty(content):
        return "is empty"
    if is_python(path, content):
        holds = holds_code(snapshot.facts(PYTHON, path).tree)
        return None if holds else _FREE
    return None if rest(content, path) else _FREE


def holds_code(tree: Node) -> bool:
    """Whether Python code does or declares anything.

    Docstrings, `pass`, `...`, `raise NotImplementedError`, imports from `__future__`, and
    functions and classes (without bases) made of these are nothing.
    """
    waiting = list(tree.parts)
    while waiting:
        node = waiting.pop()
        if node.kind is Kind.FUNCTION:
            waiting.extend(node.parts[-1].parts)
        elif node.kind is Kind.CLASS:
            _, bases, statements = node.parts
            if bases.parts:
                return True
            waiting.extend(statements.parts)
        elif not _is_nothing(node):
            return True
    return False


def _is_nothing(node: Node) -> bool:
    if node.kind is Kind.FROM:
        return node.text == "__future__"
    if node.kind is Kind.CALL:
        return node.parts[0].text == "NotImplementedError"
    return node.kind in _NOTHING and not node.parts


def rewritten(base: Snapshot, head: Snapshot, path: str) -> bool:
    """Whether a path of both says something else now, white space and Python's comments aside.

    Raises `Unreadable` for content that is not in this clone.
    """
    before, after = base.entries[path], head.entries[path]
    if before.oid == after.oid:
        return False
    if not (before.is_file and after.is_file):
        return before.mode == after.mode == SUBMODULE
    old, new = base.read(path), head.read(path)
    if old.split() == new.split():
        return False
    return not (is_python(path, new) and _same_code(old, new, path))


def _same_code(before: bytes, after: bytes, path: str) -> bool:
    from gatekeeper.source.python import same_code

    try:
        return same_code(before, after, path)
    except Unreadable:
        return False
