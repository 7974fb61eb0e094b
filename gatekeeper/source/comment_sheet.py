"""Comments with the code that they stand on, in whatever language a scanner found them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from gatekeeper.value import dataclass

_NEIGHBOURS = 3
LONGEST_CODE = 300
"""Characters of the line that a comment stands on; the rest of it is left out."""
_NO_BREAK = re.compile(r"[^\r\n\u2028\u2029]")


class Span(NamedTuple):
    """A piece of a text: offsets of its first character and of the one after its last."""

    start: int
    end: int


class Comment(NamedTuple):
    """A comment and where it stands.

    `text` is the comment with its marks. `code` is the code of its line, or where it has the
    line to itself (`alone`) that of the next line with code; comments taken out, white space
    folded. `first` says that no code stands before it. `symbol` is the enclosing class or
    function, dotted; `around` are the lines of code before and after it.
    """

    text: str
    line: int
    column: int
    code: str
    alone: bool
    first: bool
    symbol: str
    around: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A text and its comments in order.

    `starts` are the offsets at which lines begin. `heads` gives for a line (from 0) the line
    on which its statement begins, `symbols` the class or function that a place is in.
    """

    text: str
    starts: Sequence[int]
    spans: tuple[Span, ...]
    symbols: Callable[[int], str]
    heads: Callable[[int], int] = int

    def comments(self) -> Iterable[Comment]:
        """Every comment with what it stands on."""
        return (self.standing(span) for span in self.spans)

    def place(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset, both from 1."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def around(self, line: int) -> tuple[str, ...]:
        """Up to three lines of code before a line (from 1), and as many after it."""
        at = bisect_right(self._coded, line - 1)
        before = at - 1 if at and self._coded[at - 1] == line - 1 else at
        near = (*self._coded[max(0, before - _NEIGHBOURS) : before], *self._coded[at : at + 3])
        return tuple(self.code[each] for each in near)

    def code_at(self, line: int) -> str:
        """The code of a line (from 1); of one without a word, that of its statement's first."""
        code = self.code[line - 1]
        if code and not any(map(str.isalnum, code)):
            return f"{self.code[self.heads(line - 1)]} {code}"
        return code

    def standing(self, span: Span) -> Comment:
        """What a piece of the text stands on, as if it were a comment."""
        line, column = self.place(span.start)
        end, _ = self.place(max(span.start, span.end - 1))
        code = self.code_at(line) or self.code_at(end)
        alone = not code
        if alone:
            following = bisect_right(self._coded, end - 1)
            code = self.code_at(self._coded[following] + 1) if following < len(self._coded) else ""
        return Comment(
            self.text[span.start : span.end],
            line,
            column,
            code[:LONGEST_CODE],
            alone,
            span.start <= self._begins,
            self.symbols(span.start),
            self.around(line),
        )

    @cached_property
    def code(self) -> tuple[str, ...]:
        """The code of every line: comments taken out, white space folded."""
        ends = (*self.starts[1:], len(self._plain))
        pairs = zip(self.starts, ends, strict=True)
        return tuple(" ".join(self._plain[start:end].split()) for start, end in pairs)

    @cached_property
    def _begins(self) -> int:
        """Where the first code stands."""
        return len(self._plain) - len(self._plain.lstrip())

    @cached_property
    def _plain(self) -> str:
        return blanked(self.text, self.spans)

    @cached_property
    def _coded(self) -> tuple[int, ...]:
        """The lines (from 0) that hold code."""
        return tuple(at for at, code in enumerate(self.code) if code)


def blanked(text: str, spans: Iterable[Span]) -> str:
    """The text with blanks in place of some pieces of it; line breaks stay."""
    kept, at = [], 0
    for span in spans:
        kept.append(text[at : span.start])
        kept.append(_NO_BREAK.sub(" ", text[span.start : span.end]))
        at = span.end
    return "".join((*kept, text[at:]))


def line_starts(text: str, line_break: re.Pattern[str]) -> tuple[int, ...]:
    """Where the lines of a text begin, given what ends one."""
    return (0, *(found.end() for found in line_break.finditer(text)))
