"""What a source file hides from linters, type checkers, formatters and coverage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.source.comment_sheet import Comment, Sheet, Span
from gatekeeper.source.source_paths import MARKUP, PLAIN_TYPESCRIPT, SCRIPTS, STYLES
from gatekeeper.source.suppression import Suppression
from gatekeeper.source.suppression_pieces import UNCHECKED, may_hide

if TYPE_CHECKING:
    from gatekeeper.source.directives import Directive

_LARGEST = 2_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_AMBIENT = re.compile(
    r"\bdeclare\s+module\s*(?=['\"])|\bdeclare\s+(?:const|let|var)\s+[\w$]+\s*:\s*any\b"
)
_ASSET = re.compile(r"\*\.(?![mc]?[jt]sx?\b)[\w.]+(?:\?\w+)?|\*\?\w+")
_BREAK = re.compile(r"\n")
_QUOTED = re.compile(r"(['\"])(.*?)\1\s*(\{?)")
_NAMES = (b"no_type_check", b"Any", b"cast")


def _read(content: bytes, path: str) -> tuple[Suppression, ...]:
    if not may_hide(content):
        return ()
    if path.endswith(SCRIPTS):
        found = _of_script(_text(content, path), path, jsx=not path.endswith(PLAIN_TYPESCRIPT))
    elif path.endswith(MARKUP):
        found = _of_markup(_text(content, path), path)
    elif path.endswith(STYLES):
        found = _of_style(_text(content, path))
    else:
        found = _of_python(content, path)
    return tuple(sorted(found, key=lambda each: (each.line, each.column, each)))


def _text(content: bytes, path: str) -> str:
    if len(content) > _LARGEST:
        raise Unreadable(
            path, f"it has {len(content):,} bytes; more than {_LARGEST:,} are not read"
        )
    if content.startswith(_UTF_16):
        raise Unreadable(path, "it is UTF-16; comments are read in UTF-8")
    return content.decode("utf-8-sig", "replace")


def _of_python(content: bytes, path: str) -> Iterator[Suppression]:
    from gatekeeper.source.python_comments import sheet_of
    from gatekeeper.source.python_lookalikes import plain
    from gatekeeper.source.python_text import python_text

    text = python_text(content, path)
    sheet = sheet_of(text, path)
    for comment in _telling(sheet):
        from gatekeeper.source.directives import python_directives

        said = python_directives(comment.text, first=comment.first, alone=comment.alone)
        yield from _suppressions(comment, said)
    yield from _uncovered(sheet)
    yield from _unlooked_at(content, text)
    if any(name in plain(content) for name in _NAMES):
        from gatekeeper.source.python_evasions import evasions

        yield from evasions(content, path)


def _unlooked_at(content: bytes, text: str) -> Iterator[Suppression]:
    """Code that type checkers never look at."""
    if any(needle in content for needle in UNCHECKED):
        from gatekeeper.source.python_unchecked import unchecked

        yield from unchecked(text)


def _uncovered(sheet: Sheet) -> Iterator[Suppression]:
    """Lines that coverage.py leaves out; it reads a string as it does a comment."""
    if "pragma" not in sheet.text and "PRAGMA" not in sheet.text:
        return
    from gatekeeper.source.directives import NO_COVER, Directive, Reach

    for found in NO_COVER.finditer(sheet.text):
        comment = sheet.standing(Span(*found.span()))
        directive = Directive("pragma: no cover", (), Reach.CODE, 0)
        yield from _suppressions(comment, (directive,))


def _telling(sheet: Sheet) -> Iterator[Comment]:
    """The comments that could tell a tool something: a few, as a rule, of many."""
    for span in sheet.spans:
        if may_hide(sheet.text[span.start : span.end].encode("utf-8", "replace")):
            yield sheet.standing(span)


def _of_script(text: str, path: str, *, jsx: bool) -> Iterator[Suppression]:
    from gatekeeper.source.script_sheet import comments_of

    sheet, bare = comments_of(text, path, jsx=jsx)
    yield from _in_script(sheet)
    yield from _ambient(sheet, bare)


def _of_markup(text: str, path: str) -> Iterator[Suppression]:
    from gatekeeper.source.markup_comments import sheets_of

    for sheet, bare in sheets_of(text, path):
        yield from _in_script(sheet)
        yield from _ambient(sheet, bare)


def _of_style(text: str) -> Iterator[Suppression]:
    from gatekeeper.source.markup_comments import style_sheet

    yield from _in_script(style_sheet(text))


def _in_script(sheet: Sheet) -> Iterator[Suppression]:
    for comment in _telling(sheet):
        from gatekeeper.source.directives import script_directives

        yield from _suppressions(comment, script_directives(comment.text))


def _ambient(sheet: Sheet, bare: str) -> Iterator[Suppression]:
    """Declarations that make everything of a module, or a name of any type: `any`."""
    for found in _AMBIENT.finditer(bare):
        line, column = sheet.place(found.start())
        said = " ".join(found.group().split())
        if said.endswith("module"):
            name = _QUOTED.match(sheet.text, found.end())
            if name is None or (name.group(3) and not _is_catch_all(name.group(2))):
                continue
            said = f"declare module {name.group(2)}"
        yield Suppression("declare … any", (), said, sheet.symbols(found.start()), line, column)


def _is_catch_all(pattern: str) -> bool:
    """Whether a pattern of modules takes in code, not only files of another kind (`*.svg`)."""
    return "*" in pattern and not _ASSET.fullmatch(pattern)


def _suppressions(comment: Comment, directives: Iterable[Directive]) -> Iterator[Suppression]:
    from gatekeeper.source.directives import Reach

    breaks = [found.start() for found in _BREAK.finditer(comment.text)]
    for each in directives:
        line, column = comment.line, comment.column
        further = bisect_left(breaks, each.at)
        if further:
            line, column = line + further, 1
        whole = each.reach is Reach.FILE or each.ends
        text, symbol = ("", "") if whole else (comment.code, comment.symbol)
        yield Suppression(
            each.kind, each.codes, text, symbol, line, column, comment.around, guard=each.ends
        )


def _pack(found: tuple[Suppression, ...]) -> object:
    return [list(each) for each in found]


def _unpack(data: object) -> tuple[Suppression, ...]:
    """The suppressions again; raises ValueError or TypeError for what are none."""
    if not isinstance(data, list):
        raise TypeError("these are no suppressions")
    return tuple(map(_unpacked, data))


def _unpacked(data: object) -> Suppression:
    match data:
        case [
            str(kind),
            list(codes),
            str(text),
            str(symbol),
            int(line),
            int(column),
            list(around),
            bool(guard),
        ]:
            if all(isinstance(each, str) for each in (*codes, *around)):
                near = tuple(around)
                return Suppression(kind, tuple(codes), text, symbol, line, column, near, guard)
    raise ValueError("this is no suppression")


SUPPRESSIONS: Extractor[tuple[Suppression, ...]] = Extractor(
    "suppressions", 4, _read, _pack, _unpack
)
