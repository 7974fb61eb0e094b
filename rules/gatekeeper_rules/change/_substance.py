"""Whether a file holds anything: more than white space, comments and places kept free."""

from __future__ import annotations

import re

from gatekeeper import LINK, SUBMODULE, Snapshot, Unreadable
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper_rules.change._blanks import is_empty, rest, seen

_FREE = "holds nothing but comments and places kept free"
_NOTHING = frozenset({Kind.STRING, Kind.NAME, Kind.OTHER})
_DECLARING = frozenset({Kind.FUNCTION, Kind.CLASS, Kind.DECLARE, Kind.ASSIGN})
_UNWRITTEN = frozenset({"NotImplementedError", "NotImplemented"})
_LATER = re.compile(
    r"\W*(?:todo|tbd|fixme|stub|placeholder|coming soon|unimplemented"
    r"|(?:\S+ )*?(?:is |was )?not (?:yet |been )*(?:implemented|supported yet|written)"
    r"|(?:to be|will be) (?:done|written|implemented))\b",
    re.IGNORECASE,
)
_LONGEST = 300
_ABSTRACT = frozenset({"Protocol", "ABC", "ABCMeta", "abstractmethod", "overload"})


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
        tree = snapshot.facts(PYTHON, path).tree
        return None if holds_code(tree) or _declares(tree, path) else _FREE
    return None if rest(content, path) else _FREE


def holds_code(tree: Node) -> bool:
    """Whether Python code does or declares anything.

    Docstrings, `pass`, `...`, `return`, `return None` (and other constants without a text),
    `raise NotImplementedError`, a call that only says "not implemented" or "TODO", imports from
    `__future__`, and functions and classes made of these are nothing; but a class that
    inherits is something if it has no function at all (an error, say), or is an interface.
    What a file imports counts where it defines nothing itself.
    """
    defines = any(part.kind in (Kind.FUNCTION, Kind.CLASS) for part in tree.parts)
    waiting = list(tree.parts)
    while waiting:
        node = waiting.pop()
        if defines and _imports(node):
            continue
        if node.kind is Kind.FUNCTION:
            waiting.extend(node.parts[-1].parts)
        elif node.kind is Kind.CLASS:
            _, bases, statements = node.parts
            if bases.parts and (_is_interface(node) or not _has_function(statements)):
                return True
            waiting.extend(statements.parts)
        elif not _is_nothing(node):
            return True
    return False


def _declares(tree: Node, path: str) -> bool:
    """Whether a stub, in which nothing has a body, declares anything."""
    return path.endswith(".pyi") and any(part.kind in _DECLARING for part in tree.parts)


def _imports(node: Node) -> bool:
    held = node.parts if node.kind is Kind.OTHER else (node,)
    return bool(held) and all(part.kind in (Kind.IMPORT, Kind.FROM) for part in held)


def _is_interface(node: Node) -> bool:
    return any(part.text in _ABSTRACT for part in walk(node))


def _has_function(statements: Node) -> bool:
    return any(part.kind is Kind.FUNCTION for part in statements.parts)


def _is_nothing(node: Node) -> bool:
    if node.kind is Kind.FROM:
        return node.text == "__future__"
    if node.kind is Kind.CALL:
        return node.parts[0].text in _UNWRITTEN or _only_says_later(node)
    if node.kind is Kind.RETURN:
        return all(_is_nothing(part) and _is_idle(part) for part in node.parts)
    return node.kind in _NOTHING and not node.parts


def _is_idle(value: Node) -> bool:
    """Whether what a function gives back is no text and no name, but for `NotImplemented`."""
    return value.kind is Kind.OTHER or value.text in _UNWRITTEN


def _only_says_later(call: Node) -> bool:
    """Whether a call hands over nothing but a text, which says that it is still to be done."""
    texts = call.parts[1:]
    plain = bool(texts) and all(each.kind is Kind.STRING for each in texts)
    return plain and any(_LATER.match(each.text[:_LONGEST]) for each in texts)


def rewritten(base: Snapshot, head: Snapshot, path: str) -> bool:
    """Whether a path of both says something else now, and says anything at all.

    White space, Python's comments and statements that do nothing are no difference. Raises
    `Unreadable` for content that is not in this clone, and for new Python that is none.
    """
    before, after = base.entries[path], head.entries[path]
    if before.oid == after.oid:
        return False
    if not (before.is_file and after.is_file):
        return before.mode == after.mode == SUBMODULE
    old, new = base.read(path), head.read(path)
    if seen(old) == seen(new) or lack(head, path) is not None:
        return False
    return not (is_python(path, new) and _does_the_same(old, new, path))


def _does_the_same(before: bytes, after: bytes, path: str) -> bool:
    from gatekeeper.source.python import does_the_same

    try:
        return does_the_same(before, after, path)
    except Unreadable:
        return False
