"""Which files hold one of several byte strings, asked of git instead of reading them all."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.git import Git
from gatekeeper.listing import decode
from gatekeeper.needles import InLine, Needle, Word, holds
from gatekeeper.snapshot import Entry, Search

NEEDLES_AT_ONCE = 200

_NUL = b"\0"
_GREP = (
    "grep",
    "--files-with-matches",
    "--text",
    "--null",
    "--full-name",
    "--no-textconv",
    "--no-recurse-submodules",
    "--no-color",
)
_SPECIAL = re.compile(rb"[][\\^$.|?*+(){}]")


def search_by_git(
    git: Git, where: str, entries: Mapping[str, Entry], blobs: Mapping[str, bytes]
) -> Search:
    """Search of a commit or tree (`where` is its id) or of the index ("--cached").

    A file whose content is not to be had counts as holding every needle: whoever reads it
    then learns why it cannot be read, instead of never hearing of it.
    """

    def search(needles: Sequence[Needle]) -> tuple[str, ...]:
        if not needles:
            return ()
        asked = {_piece(needle) for needle in needles}
        names = _grep(git, where, asked)
        if names is None and not _are_texts(asked):
            asked = {each.text if isinstance(each, Word) else each for each in asked}
            names = _grep(git, where, asked) if _are_texts(asked) else None
        if names is None:
            return reading(entries, blobs, needles)
        if not asked.issuperset(needles):
            return reading({name: entries[name] for name in names}, blobs, needles)
        return tuple(sorted(names))

    return search


def _are_texts(needles: Iterable[Needle]) -> bool:
    return all(isinstance(each, bytes) and each != _NUL for each in needles)


def reading(
    entries: Mapping[str, Entry], blobs: Mapping[str, bytes], needles: Sequence[Needle]
) -> tuple[str, ...]:
    """The same search by reading every file."""
    return tuple(
        path
        for path, entry in sorted(entries.items())
        if entry.is_file and _holds(blobs, entry.oid, needles)
    )


def _holds(blobs: Mapping[str, bytes], oid: str, needles: Sequence[Needle]) -> bool:
    try:
        content = blobs[oid]
    except (KeyError, Unreadable):
        return True
    return holds(content, needles)


def _piece(needle: Needle) -> Needle:
    """The longest part of a needle that an argument can carry and one line can hold."""
    if not isinstance(needle, bytes) or needle == _NUL:
        return needle
    return max(re.split(rb"[\0\n]", needle), key=len)


def _grep(git: Git, where: str, needles: Collection[Needle]) -> set[str] | None:
    """The paths, or None when git complained, for then some file went unread.

    All at once, for each time that git is asked it unpacks every file. Words, and a NUL byte,
    which no argument can hold, take expressions of Perl's: a git that is built without them
    complains.
    """
    if b"" in needles:
        return None
    if _are_texts(needles):
        texts = (each for each in needles if isinstance(each, bytes))
        return _found(git, where, "--fixed-strings", sorted(texts))
    return _found(git, where, "--perl-regexp", sorted(map(_expression, needles)))


def _expression(needle: Needle) -> bytes:
    """What a needle is as an expression of Perl's."""
    if isinstance(needle, Word):
        return rb"\b%s\b" % needle.text
    if isinstance(needle, InLine):
        return needle.pattern
    return rb"\x00" if needle == _NUL else _SPECIAL.sub(rb"\\\g<0>", needle)


def _found(git: Git, where: str, kind: str, patterns: Sequence[bytes]) -> set[str] | None:
    names: set[str] = set()
    prefix = "" if where == "--cached" else f"{where}:"
    for at in range(0, len(patterns), NEEDLES_AT_ONCE):
        asked = [word for each in patterns[at : at + NEEDLES_AT_ONCE] for word in (b"-e", each)]
        answer = git.ask(*_GREP, kind, *asked, where, "--")
        if answer.err or answer.code > 1:
            return None
        names |= {name.removeprefix(prefix) for name in decode(answer.out).split("\0")[:-1]}
    return names
