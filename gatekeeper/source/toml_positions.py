"""Where the keys and values of a TOML file stand, which `tomllib` does not say."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NoReturn

from gatekeeper.errors import Unreadable
from gatekeeper.source.located import MAX_DEPTH, Span

Path = tuple[str | int, ...]
_Enter = Callable[[Path], Path]

_SPACE = re.compile(r"[ \t]*+")
_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
_BARE_VALUE = re.compile(r"[^\s,\]}#]++(?: [0-9][^\s,\]}#]*+)?")
_LITERALS = (
    re.compile(r'"""(?:[^"\\]++|\\[\s\S]|"(?!""))*+"{3,5}'),
    re.compile(r"'''(?:[^']++|'(?!''))*+'{3,5}"),
    re.compile(r'"(?:[^"\\\n]++|\\[^\n])*+"'),
    re.compile(r"'[^'\n]*+'"),
)
_ESCAPE = re.compile(r'\\(?:([btnfr"\\])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}
_LAST_CHARACTER = 0x10FFFF


class Positions:
    """The place of each key and of each value, by the path of keys and indices to it."""

    __slots__ = ("keys", "values")

    def __init__(self) -> None:
        self.keys: dict[Path, Span] = {}
        self.values: dict[Path, Span] = {}


def positions(text: str, path: str) -> Positions:
    """The places in a TOML 1.0 document (https://toml.io/en/v1.0.0).

    This only finds places: what is not TOML may get some as well, and is for `tomllib` to
    refuse. It raises `Unreadable` where it cannot go on, and where keys or brackets stand
    in each other more than `MAX_DEPTH` deep, on which `tomllib` would take for ever.
    """
    scanner = _Scanner(text, path)
    scanner.document()
    return scanner.found


class _Scanner:
    """A text, how far it is read, and the table that it is in."""

    __slots__ = ("at", "counts", "end", "found", "lines", "path", "table", "text")

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.at = self.end = 0
        self.table: Path = ()
        self.counts: dict[Path, int] = {}
        self.found = Positions()
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def document(self) -> None:
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                self._header()
            else:
                self._pair(self.table)
            self.end = self.at
            self.skip(_BLANK)
        self._ends_here(self.table)

    def skip(self, blank: re.Pattern[str]) -> None:
        found = blank.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _header(self) -> None:
        self._ends_here(self.table)
        start = self.at
        many = self.text.startswith("[[", start)
        self.at += 2 if many else 1
        keys = self._keys()
        if not self._took("]]" if many else "]"):
            self._fail("a closing bracket is missing")
        self.table = self._within((), keys, self._in_last_item)
        if many:
            self.found.values.setdefault(self.table, self._span(start))
            self.counts[self.table] = self.counts.get(self.table, 0) + 1
            self.table = (*self.table, self.counts[self.table] - 1)
        self.found.values[self.table] = self._span(start)

    def _pair(self, table: Path) -> None:
        keys = self._keys()
        if not self._took("="):
            self._fail("a key and an equals sign are missing")
        self.skip(_SPACE)
        self._value(self._within(table, keys, lambda path: path))

    def _keys(self) -> list[tuple[str, Span]]:
        keys = [self._key()]
        while self._took("."):
            keys.append(self._key())
        return keys

    def _key(self) -> tuple[str, Span]:
        self.skip(_SPACE)
        start = self.at
        bare = _BARE_KEY.match(self.text, start)
        if bare:
            self.at = bare.end()
            key = bare.group()
        else:
            key = self._quoted_key()
        span = self._span(start)
        self.skip(_SPACE)
        return key, span

    def _quoted_key(self) -> str:
        found = self._match(_LITERALS[2:])
        if not found:
            self._fail("a key is missing")
        token = found.group()
        return _unescaped(token[1:-1]) if token[0] == '"' else token[1:-1]

    def _within(self, path: Path, keys: list[tuple[str, Span]], enter: _Enter) -> Path:
        """The path of `keys` below `path`; places are noted for those seen first here."""
        for index, (key, span) in enumerate(keys):
            path = (*(enter(path) if index else path), key)
            self._deep(len(path))
            self.found.keys.setdefault(path, span)
            if index + 1 < len(keys):
                self.found.values.setdefault(path, span)
        return path

    def _in_last_item(self, path: Path) -> Path:
        """The table that a header goes on in: the last one of an array of tables."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def _value(self, path: Path) -> None:
        self._deep(len(path))
        start = self.at
        if self._took("["):
            self._array(path)
        elif self._took("{"):
            self._inline_table(path)
        else:
            self._scalar()
        self.found.values[path] = self._span(start)

    def _array(self, path: Path) -> None:
        index = 0
        self.skip(_BLANK)
        while not self._took("]"):
            self._value((*path, index))
            index += 1
            self._comma("]")

    def _inline_table(self, path: Path) -> None:
        self.skip(_BLANK)
        while not self._took("}"):
            self._pair(path)
            self._comma("}")

    def _comma(self, closing: str) -> None:
        self.skip(_BLANK)
        if not self._took(",") and not self.text.startswith(closing, self.at):
            self._fail(f"a comma or {closing} is missing")
        self.skip(_BLANK)

    def _scalar(self) -> None:
        if not self._match((*_LITERALS, _BARE_VALUE)):
            self._fail("a value is missing")

    def _match(self, patterns: tuple[re.Pattern[str], ...]) -> re.Match[str] | None:
        """Go past the first of the patterns that fits here."""
        for pattern in patterns:
            found = pattern.match(self.text, self.at)
            if found:
                self.at = found.end()
                return found
        return None

    def _ends_here(self, path: Path) -> None:
        """Stretch a table, and what it stands in, to the last line read of it."""
        end = bisect_right(self.lines, self.end - 1)
        for length in range(len(path) + 1):
            span = self.found.values.get(path[:length])
            if span and span.end_line < end:
                self.found.values[path[:length]] = Span(span.line, span.column, end)

    def _took(self, token: str) -> bool:
        if not self.text.startswith(token, self.at):
            return False
        self.at += len(token)
        return True

    def _deep(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._fail(f"keys or brackets stand in each other more than {MAX_DEPTH} deep")

    def _fail(self, reason: str) -> NoReturn:
        line, column = self._place(self.at)
        raise Unreadable(self.path, f"it is no TOML at {line}:{column}: {reason}", line)

    def _span(self, start: int) -> Span:
        line, column = self._place(start)
        return Span(line, column, max(line, bisect_right(self.lines, self.at - 1)))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    if escape.group(1):
        return _ESCAPED[escape.group(1)]
    code = int(escape.group(2) or escape.group(3), 16)
    return chr(code) if code <= _LAST_CHARACTER else escape.group()
