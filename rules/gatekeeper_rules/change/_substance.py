"""Whether a file holds anything: more than white space, comments and places kept free."""

from __future__ import annotations

from gatekeeper import LINK, SUBMODULE, Snapshot, Unreadable
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper.source.python_tree import Kind, Node

_MARKS = {
    "c": ((b"//", b"\n"), (b"/*", b"*/")),
    "hash": ((b"#", b"\n"),),
    "sql": ((b"--", b"\n"), (b"/*", b"*/")),
    "markup": ((b"<!--", b"-->"),),
}
_SUFFIXES = {
    "c": ".js .jsx .mjs .cjs .ts .tsx .mts .cts .json .jsonc .json5 .css .scss .go .rs .java",
    "hash": ".yaml .yml .toml .ini .cfg .sh .bash .env .tf .rb",
    "sql": ".sql",
    "markup": ".html .htm .xml .svg .md .markdown .vue",
}
_BLANK = b" \t\r\n\f\v\0"
_FREE = "holds nothing but comments and places kept free"
_BOM = b"\xef\xbb\xbf"
_FREE_PLACES = frozenset({b"{}", b"[]", b"export {}", b"export {};", b"---", b"pass", b"..."})
_NOTHING = frozenset({Kind.STRING, Kind.NAME, Kind.OTHER})


def is_empty(content: bytes) -> bool:
    """Whether there is nothing in a file but white space."""
    return not content.removeprefix(_BOM).strip(_BLANK)


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
    return None if _rest(content, path) else _FREE


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


def _rest(content: bytes, path: str) -> bytes:
    """What is left of a text without the comments before anything else in it."""
    marks = _marks(path)
    rest = content.removeprefix(_BOM).lstrip(_BLANK)
    start, size = 0, len(rest)
    while start < size:
        end = next((e for mark, e in marks if rest.startswith(mark, start)), None)
        if end is None:
            break
        found = rest.find(end, start + 1)
        start = size if found < 0 else found + len(end)
        while start < size and rest[start] in _BLANK:
            start += 1
    left = rest[start:].strip(_BLANK)
    return b"" if left in _FREE_PLACES else left


def _marks(path: str) -> tuple[tuple[bytes, bytes], ...]:
    _, dot, suffix = path.rpartition("/")[2].lower().rpartition(".")
    ending = f"{dot}{suffix}"
    return next((_MARKS[name] for name, of in _SUFFIXES.items() if ending in of.split()), ())


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
