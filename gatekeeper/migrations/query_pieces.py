"""A string as far as it is known: texts, and between them what only running it can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product, takewhile
from math import prod
from typing import NamedTuple

from gatekeeper.migrations.query_shape import HOLE

MOST = 16
LONGEST = 2_000_000
_MOST_PIECES = 2_000
_BEGINNING = 20
_SHOWN = 10_000

_FIELD = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_PERCENT = re.compile(r"%(?:\((\w*)\))?(.?)", re.DOTALL)

BINDS = "?"
"""What a hole begins with that a tag binds as a value, unless `module:name` is a piece of SQL."""


class Piece(NamedTuple):
    """A text, or a hole: what stands there in the code, or, as `module:name`, a constant's name."""

    text: str
    hole: str = ""


Pieces = tuple[Piece, ...]
Options = tuple[Pieces, ...]
"""The strings that an expression can be."""


def said(text: str) -> Options:
    """A string that is known."""
    return ((Piece(text),),)


def unknown(what: str) -> Options:
    """One that is not; `what` names it for people."""
    return ((Piece("", what or "…"),),)


def joined(options: Iterable[Options]) -> Options:
    """One string after the other, in every way that there is; a hole where they are too many."""
    listed = list(options)
    if prod(map(len, listed)) > MOST:
        listed = [each if len(each) == 1 else _begun_alike(each) for each in listed]
    return tuple(merged(piece for one in way for piece in one) for way in product(*listed))


def _begun_alike(options: Options) -> Options:
    """One string for many: what all of them begin with, and then a hole."""
    first = [each[0].text if each else "" for each in options]
    least, most = min(first), max(first)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    return ((Piece("".join(one for one, _ in same)), Piece("", "one of many")),)


def merged(pieces: Iterable[Piece]) -> Pieces:
    """The pieces with neighbouring texts made one; of what grows too long only its beginning."""
    held: list[Piece] = []
    texts: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece.text)
        if size > LONGEST or len(held) > _MOST_PIECES:
            first = held[:_BEGINNING] or [Piece("".join(texts)[:_SHOWN])]
            return (*first, Piece("", "a very long string"))
        if not piece.hole:
            texts.append(piece.text)
            continue
        held += [Piece("".join(texts))] if texts else []
        texts = []
        held.append(piece)
    return (*held, Piece("".join(texts))) if texts else tuple(held)


def constant(pieces: Pieces) -> str | None:
    """The string, where all of it is known."""
    if any(each.hole for each in pieces):
        return None
    return "".join(each.text for each in pieces)


def holes(pieces: Pieces) -> tuple[str, ...]:
    """What is not known of it, each once, as it stands in the code."""
    return tuple(dict.fromkeys(shown(each.hole) for each in pieces if each.hole))


def shown(hole: str) -> str:
    """A hole for people."""
    return hole.rpartition(":")[2]


def sketched(pieces: Pieces) -> str:
    """The string with a word for each hole, those at its beginning left out."""
    first = next((at for at, each in enumerate(pieces) if each.text.strip()), len(pieces))
    return "".join(each.text or HOLE for each in pieces[first:])


def formatted(text: str, given: Sequence[Options], named: dict[str, Options]) -> Options:
    """What `format` makes of a constant."""
    numbers = iter(range(len(given)))

    def field(match: re.Match[str]) -> Options:
        if match.group(1) is None:
            return said(match.group()[0])
        name = match.group(1)
        if name == "":
            at = next(numbers, -1)
            return given[at] if at >= 0 else unknown("{}")
        if name.isdecimal() and len(name) < len("10000"):
            return given[int(name)] if int(name) < len(given) else unknown(f"{{{name}}}")
        return named.get(name, unknown(f"{{{name}}}"))

    return joined(_filled(_FIELD, text, field))


def percented(text: str, given: Sequence[Options], named: dict[str, Options]) -> Options:
    """What `%` makes of a constant."""
    numbers = iter(range(len(given)))

    def field(match: re.Match[str]) -> Options:
        if match.group() == "%%":
            return said("%")
        if match.group(2) not in ("s", "d", "i"):
            return unknown(match.group())
        if match.group(1) is not None:
            return named.get(match.group(1), unknown(match.group()))
        at = next(numbers, -1)
        return given[at] if at >= 0 else unknown(match.group())

    return joined(_filled(_PERCENT, text, field))


def _filled(
    fields: re.Pattern[str], text: str, field: Callable[[re.Match[str]], Options]
) -> Iterator[Options]:
    end = 0
    for found in fields.finditer(text):
        yield said(text[end : found.start()])
        yield field(found)
        end = found.end()
    yield said(text[end:])
