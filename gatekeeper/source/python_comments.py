"""The comments of a Python file, told from its strings in the syntax of every version to 3.15."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple, NoReturn

from gatekeeper.errors import Unreadable
from gatekeeper.source.comment_sheet import Sheet, Span, line_starts

_CODE = re.compile(r"""[#'"()\[\]{}:\\\r\n]""")
_PREFIX = re.compile(r"(?<!\w)(?:[rR][bBfFtT]?|[bBfFtT][rR]?|[uU])\Z")
_DEFINES = re.compile(r"[ \t\f]*(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_BREAK = re.compile(r"\r\n?|\n")
_INDENT = re.compile(r"[ \t\f]*")
_LONGEST_PREFIX = 3
_TAB = 8
_DEEPEST = 200


class _Symbol(NamedTuple):
    """A class or function that code stands in: its indentation, and its name with those around."""

    indent: int
    dotted: str


class _Quoted:
    """A string that is being read, or with `field` an expression in an f-string."""

    __slots__ = ("depth", "field", "formatted", "quote", "raw", "spec", "start")

    def __init__(
        self, start: int, quote: str, *, raw: bool, formatted: bool, field: bool = False
    ) -> None:
        self.start, self.quote = start, quote
        self.raw, self.formatted, self.field = raw, formatted, field
        self.spec, self.depth = False, 0


def sheet_of(text: str, path: str) -> Sheet:
    """The comments of a text; raises `Unreadable` where a string is not closed."""
    scanner = _Scanner(text, path)
    scanner.scan()
    starts = line_starts(text, _BREAK)
    heads = tuple(scanner.heads)

    def head(line: int) -> int:
        offset = heads[bisect_right(heads, starts[line]) - 1]
        return bisect_right(starts, offset) - 1

    symbols = _Symbols(text, heads)
    return Sheet(text, starts, tuple(scanner.comments), symbols.at, head)


class _Scanner:
    """A text, how far it is read, and the strings and expressions that are open there."""

    def __init__(self, text: str, path: str) -> None:
        self.text, self.path, self.at = text, path, 0
        self.comments: list[Span] = []
        self.heads = [0]
        self._open: list[_Quoted] = []
        self._depth = 0

    def scan(self) -> None:
        while self.at < len(self.text):
            frame = self._open[-1] if self._open else None
            if frame is not None and (not frame.field or frame.spec):
                self._string(frame)
            else:
                self._code(frame)
        if self._open:
            self._fail("a string is not closed")

    def _code(self, field: _Quoted | None) -> None:
        found = _CODE.search(self.text, self.at)
        if not found:
            self.at = len(self.text)
            return
        start, character = found.start(), found.group()
        self.at = found.end()
        if character == "#":
            self._comment(start)
        elif character in "'\"":
            self._begin(start)
        elif character == "\\":
            self.at += 2 if self.text[self.at : self.at + 2] == "\r\n" else 1
        elif character in "\r\n":
            self._line(field)
        elif field is not None:
            self._in_field(field, character)
        else:
            self._depth = max(0, self._depth + _step(character))

    def _comment(self, start: int) -> None:
        ends = (self.text.find(each, start) for each in "\r\n")
        self.at = min((end for end in ends if end >= 0), default=len(self.text))
        self.comments.append(Span(start, self.at))

    def _line(self, field: _Quoted | None) -> None:
        if field is None and not self._depth:
            crlf = self.text[self.at - 1 : self.at + 1] == "\r\n"
            self.heads.append(self.at + crlf)
            self.at += crlf

    def _in_field(self, field: _Quoted, character: str) -> None:
        if field.depth:
            field.depth += _step(character)
        elif character == "}":
            self._open.pop()
        elif character == ":":
            field.spec = True
        else:
            field.depth = max(0, _step(character))

    def _begin(self, start: int) -> None:
        before = self.text[max(0, start - _LONGEST_PREFIX) : start]
        found = _PREFIX.search(before)
        prefix = found.group().lower() if found else ""
        quote = self.text[start] * (3 if self.text.startswith(self.text[start] * 3, start) else 1)
        self.at = start + len(quote)
        formatted = "f" in prefix or "t" in prefix
        if len(self._open) > _DEEPEST:
            self._fail("its strings are nested too deeply")
        self._open.append(_Quoted(start, quote, raw="r" in prefix, formatted=formatted))

    def _string(self, string: _Quoted) -> None:
        """Go on in a string, or in what tells how a field is formatted."""
        marks = string.quote[0] + r"\\\r\n" + ("{}" if string.formatted or string.spec else "")
        found = re.compile(f"[{marks}]").search(self.text, self.at)
        if not found:
            self._fail("a string is not closed")
        self.at = found.end()
        match found.group():
            case "\\":
                self._escape(string)
            case "\r" | "\n":
                if len(string.quote) == 1:
                    self._fail("a string is not closed")
            case "{":
                self._brace(string)
            case "}":
                if string.spec:
                    self._open.pop()
            case _:
                self._quote(string, found.start())

    def _escape(self, string: _Quoted) -> None:
        if string.formatted and not string.raw and self.text.startswith("N{", self.at):
            end = self.text.find("}", self.at)
            self.at = end + 1 if end >= 0 else self.at
        elif self.text[self.at : self.at + 2] == "\r\n":
            self.at += 2
        elif not (string.formatted and self.text[self.at : self.at + 1] in ("{", "}")):
            self.at += 1

    def _brace(self, string: _Quoted) -> None:
        if not string.spec and self.text.startswith("{", self.at):
            self.at += 1
            return
        if len(self._open) > _DEEPEST:
            self._fail("its strings are nested too deeply")
        self._open.append(
            _Quoted(string.start, string.quote, raw=string.raw, formatted=True, field=True)
        )

    def _quote(self, string: _Quoted, start: int) -> None:
        if not self.text.startswith(string.quote, start):
            return
        if string.spec:
            self._fail("an expression in a string is not closed")
        self.at = start + len(string.quote)
        self._open.pop()

    def _fail(self, reason: str) -> NoReturn:
        line = len(_BREAK.findall(self.text, 0, self._open[0].start)) + 1
        raise Unreadable(self.path, reason, line)


def _step(character: str) -> int:
    if character in "([{":
        return 1
    return -1 if character in ")]}" else 0


class _Symbols:
    """Which class or function a place is in, told from indentation as Python does."""

    def __init__(self, text: str, heads: tuple[int, ...]) -> None:
        self._text, self._heads = text, heads

    def at(self, offset: int) -> str:
        line = bisect_right(self._heads, offset) - 1
        around = self._around[line]
        if _is_code(self._text, self._heads[line]):
            return around[-1].dotted if around else ""
        # A comment's own indentation counts: it may stand behind the end of a function.
        indent = _width(self._text, self._heads[line])
        return next((each.dotted for each in reversed(around) if each.indent < indent), "")

    @cached_property
    def _around(self) -> tuple[tuple[_Symbol, ...], ...]:
        """For each line the classes and functions around it; one without code is as the last."""
        found: list[tuple[_Symbol, ...]] = []
        around: tuple[_Symbol, ...] = ()
        for head in self._heads:
            if _is_code(self._text, head):
                around = _entered(self._text, head, around)
            found.append(around)
        return tuple(found)


def _entered(text: str, head: int, around: tuple[_Symbol, ...]) -> tuple[_Symbol, ...]:
    indent = _width(text, head)
    while around and around[-1].indent >= indent:
        around = around[:-1]
    named = _DEFINES.match(text, head)
    if not named:
        return around
    outer = f"{around[-1].dotted}." if around else ""
    return (*around, _Symbol(indent, outer + named.group(1)))


def _is_code(text: str, head: int) -> bool:
    found = _INDENT.match(text, head)
    at = found.end() if found else head
    return text[at : at + 1] not in ("", "\r", "\n", "#")


def _width(text: str, head: int) -> int:
    """The indentation of a line in columns, tabs counted to the next multiple of eight."""
    found = _INDENT.match(text, head)
    blank = found.group().replace("\f", "") if found else ""
    return len(blank.expandtabs(_TAB))
