"""Which lines of a script surely run something, and whether there is anything in it that can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.cache import Extractor
from gatekeeper.source.script_comments import BREAK, scan

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")

# Only where nothing else can begin so: a signature (`return(value): T`), a key (`if: 1`) cannot.
_STATEMENT = re.compile(
    r"(?:return|throw)(?:;|\Z|[ \t](?![ \t]*[:?=,])).*"
    r"|(?:if|switch) \(.*|for (?:await )?\(.*|while \(.*[^;]|(?:break|continue);.*",
    re.DOTALL,
)
_TYPES = re.compile(
    r"(?:|import\b(?!\s*[(.])[^;(]*|export\s*[*{][^;(]*"
    r"|(?:export\s+)?(?:declare|(?:declare\s+)?(?:type|interface))\s+[\w$][^;]*"
    r"|[|&][^;]*|\}(?:\s*(?:from\b[^;(]*|[|&][^;]*|(?:\[\])+))?);?",
    re.DOTALL,
)
_BEHIND = re.compile(r"\}\s*(?!from\b)[\w$(+`\"'/-]")
_BRACKET = re.compile(r"[()\[\]{}]")


class ScriptLines(NamedTuple):
    """Line numbers count from 1.

    `statements` are lines that begin with a statement whichever way it is read (`return`,
    `throw`, `if`, a loop, `switch`): what measures coverage counts each of them. `is_idle`
    says that there are only types, and what is taken in from and handed on to other files.
    """

    statements: frozenset[int]
    is_idle: bool


def _read(content: bytes, path: str) -> ScriptLines:
    text = content.decode("utf-8-sig", "replace")
    _, bare = scan(text, path, jsx=not path.endswith((".ts", ".mts", ".cts")))
    lines = BREAK.split(bare)
    statements = (n for n, line in enumerate(lines, 1) if _begins(line))
    return ScriptLines(frozenset(statements), all(map(_is_type, _outside(lines))))


def _begins(line: str) -> bool:
    return _STATEMENT.fullmatch(line.strip()) is not None


def _is_type(line: str) -> bool:
    """Whether a line outside of brackets declares a type, or takes something in, and no more."""
    said = line.strip()
    return _TYPES.fullmatch(said) is not None and not _BEHIND.search(said)


def _outside(lines: list[str]) -> Iterator[str]:
    """What stands in no bracket: lines from their beginning, or from where the last one closes."""
    depth = 0
    for line in lines:
        start = 0 if depth == 0 else None
        for found in _BRACKET.finditer(line):
            depth = max(0, depth + (1 if found.group() in "([{" else -1))
            if depth == 0 and start is None:
                start = found.start()
        if start is not None:
            yield line[start:]


SCRIPT_LINES: Extractor[ScriptLines] = Extractor("script lines", 1, _read)
"""Raises `Unreadable` for a script that cannot be told apart into code and comments."""
