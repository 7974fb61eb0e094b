"""Which class or function a place of a script is in, told from what stands before its braces."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

_LONGEST = 600
_NAMES = (
    re.compile(r"\b(?:class|interface|namespace|enum|function\s*\*?)\s*([\w$]+)"),
    re.compile(r"\b(?:const|let|var)\s+([\w$]+)[^=]*=.*(?:=>|\bfunction\b.*)\s*$"),
    re.compile(r"([\w$#]+)\s*[?!]?\s*[:=]\s*(?:async\b\s*)?(?:function\b[^=]*|[^=]*=>)\s*$"),
    re.compile(r"^\s*(?:(?:[a-z]+|\*)\s+)*\*?([\w$#]+)\s*(?:<[^(]*>)?\(.*\)[^()]*$"),
)
_CONTROLS = frozenset({"if", "for", "while", "switch", "catch", "with", "return", "await", "do"})
_EXTENDS = frozenset({"extends", "implements", "async", "void", "new", "function"})


class Block(NamedTuple):
    """Braces around statements: the offsets of both, and of the statement that they belong to."""

    start: int
    end: int
    statement: int


class Symbols:
    """The named blocks of a script, whose `bare` text has comments and literals blanked."""

    def __init__(self, bare: str, blocks: tuple[Block, ...]) -> None:
        self._bare, self._blocks = bare, blocks

    def at(self, offset: int) -> str:
        """The dotted names of the classes and functions around an offset."""
        around = (name for block, name in self._named if block.start < offset < block.end)
        return ".".join(around)

    @cached_property
    def _named(self) -> tuple[tuple[Block, str], ...]:
        named = ((block, self._name(block)) for block in sorted(self._blocks))
        return tuple((block, name) for block, name in named if name)

    def _name(self, block: Block) -> str:
        header = self._bare[max(block.statement, block.start - _LONGEST) : block.start]
        said = " ".join(header.split())
        for pattern in _NAMES:
            found = pattern.search(said)
            if found and found.group(1) not in _CONTROLS | _EXTENDS:
                return found.group(1)
        return ""
