"""How wrangler up to 4.86 cuts a script into statements, faults and all.

It goes through the text character by character and knows no SQL: comments are dropped without
a space in their place, `$…$` quotes as in PostgreSQL, brackets quote nothing, and a
semicolon between `BEGIN` or `CASE` and an upper-case `END` cuts nothing.
"""

from __future__ import annotations

import re

_BLANKS = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_SPACE = f"[{_BLANKS}]"
_PLAIN = re.compile(rf"[^-/'\"`$;{_BLANKS}]+")
_OPENS = re.compile(rf"{_SPACE}(?:BEGIN|CASE){_SPACE}", re.IGNORECASE)
_CLOSES = re.compile(rf"{_SPACE}END(?:;|{_SPACE})")
_LAST = "\uffff"  # signs beyond are two to JavaScript, and no letters
_COMMENTED = {"-": "-", "/": "*"}
_LONGEST = 7  # of what opens or closes, in characters


def pieces(sql: str) -> tuple[str, ...]:
    """What is sent to the database one by one."""
    splitter = _Splitter(sql)
    while splitter.at < len(sql):
        splitter.step()
    splitter.cut()
    return tuple(splitter.pieces)


class _Splitter:
    __slots__ = ("at", "depth", "kept", "pieces", "sql", "tail")

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.at = 0
        self.depth = 0
        self.kept: list[str] = []
        self.tail = ""
        self.pieces: list[str] = []

    def step(self) -> None:
        """Take what is at hand: plain text, or one sign and what it opens."""
        plain = _PLAIN.match(self.sql, self.at)
        if plain:
            self._keep(plain.group())
            self.at = plain.end()
            return
        sign = self.sql[self.at]
        if self.depth and _ends(_CLOSES, self.tail + sign):
            self.depth -= 1
        if sign in "-/" and self.sql[self.at + 1 : self.at + 2] != _COMMENTED[sign]:
            # The next character is looked at without asking what has been opened so far.
            self._take(1)
            return
        self._open(sign)
        if _ends(_OPENS, self.tail):
            self.depth += 1

    def _open(self, sign: str) -> None:
        if sign == "-":
            self._drop("\n")
            self._keep("\n")
        elif sign == "/":
            self._drop("*/")
        elif sign in "'\"`":
            self._until(self.at + 1, sign)
        elif sign == "$":
            self._dollar()
        elif sign == ";" and not self.depth:
            self.cut()
            self.at += 1
        else:
            self._take(1)

    def cut(self) -> None:
        """End the piece at hand."""
        piece = "".join(self.kept).strip(_BLANKS)
        if piece:
            self.pieces.append(piece)
        self.kept, self.tail = [], ""

    def _keep(self, text: str) -> None:
        self.kept.append(text)
        self.tail = (self.tail + text)[-_LONGEST:]

    def _take(self, count: int) -> None:
        self._keep(self.sql[self.at : self.at + count])
        self.at += count

    def _drop(self, end: str) -> None:
        self.at = self._behind(end, self.at + 2)

    def _until(self, start: int, end: str) -> None:
        self._take(self._behind(end, start) - self.at)

    def _behind(self, end: str, start: int) -> int:
        """Where the text goes on behind the next end mark."""
        found = self.sql.find(end, start)
        return len(self.sql) if found < 0 else found + len(end)

    def _dollar(self) -> None:
        """A `$` with the name behind it and one more sign; where that is `$`, all of the quote."""
        end = self.at + 1
        while end < len(self.sql) and _is_named(self.sql[end]):
            end += 1
        mark = self.sql[self.at : end + 1]
        if len(mark) > 1 and mark.endswith("$"):
            self._until(end + 1, mark)
        else:
            self._take(len(mark))


def _ends(pattern: re.Pattern[str], text: str) -> bool:
    return any(pattern.fullmatch(text, at) for at in range(max(0, len(text) - _LONGEST), len(text)))


def _is_named(sign: str) -> bool:
    return sign in "0123456789_" or (sign.lower() != sign.upper() and sign <= _LAST)
