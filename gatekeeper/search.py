"""Which files hold one of several byte strings, asked of git instead of reading them all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.git import Git
from gatekeeper.listing import decode
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


def search_by_git(
    git: Git, where: str, entries: Mapping[str, Entry], blobs: Mapping[str, bytes]
) -> Search:
    """Search of a commit or tree (`where` is its id) or of the index ("--cached").

    A file whose content is not to be had counts as holding every needle: whoever reads it
    then learns why it cannot be read, instead of never hearing of it.
    """

    def search(needles: Sequence[bytes]) -> tuple[str, ...]:
        if not needles:
            return ()
        said = [needle for needle in needles if needle != _NUL]
        pieces = sorted({_piece(needle) for needle in said})
        if b"" in pieces or (names := _grep(git, where, pieces)) is None:
            return reading(entries, blobs, needles)
        if any(needle != _piece(needle) for needle in said):
            names = set(reading({name: entries[name] for name in names}, blobs, said))
        if len(said) < len(needles):
            if (binary := _holding_nul(git, where)) is None:
                return reading(entries, blobs, needles)
            names |= binary
        return tuple(sorted(names))

    return search


def reading(
    entries: Mapping[str, Entry], blobs: Mapping[str, bytes], needles: Sequence[bytes]
) -> tuple[str, ...]:
    """The same search by reading every file."""
    return tuple(
        path
        for path, entry in sorted(entries.items())
        if entry.is_file and _holds(blobs, entry.oid, needles)
    )


def _holds(blobs: Mapping[str, bytes], oid: str, needles: Sequence[bytes]) -> bool:
    try:
        content = blobs[oid]
    except (KeyError, Unreadable):
        return True
    return any(needle in content for needle in needles)


def _piece(needle: bytes) -> bytes:
    """The longest part of a needle that an argument can carry and one line can hold."""
    return max(re.split(rb"[\0\n]", needle), key=len)


def _grep(git: Git, where: str, needles: Sequence[bytes]) -> set[str] | None:
    """The paths, or None when git complained, for then some file went unread."""
    names: set[str] = set()
    for at in range(0, len(needles), NEEDLES_AT_ONCE):
        asked = [word for each in needles[at : at + NEEDLES_AT_ONCE] for word in (b"-e", each)]
        found = _found(git, where, "--fixed-strings", *asked)
        if found is None:
            return None
        names |= found
    return names


def _holding_nul(git: Git, where: str) -> set[str] | None:
    """The paths of files with a NUL byte, which no argument can hold; None as for `_grep`.

    A git that is built without Perl's expressions complains of them.
    """
    return _found(git, where, "--perl-regexp", "-e", r"\x00")


def _found(git: Git, where: str, *asked: str | bytes) -> set[str] | None:
    answer = git.ask(*_GREP, *asked, where, "--")
    if answer.err or answer.code > 1:
        return None
    prefix = "" if where == "--cached" else f"{where}:"
    return {name.removeprefix(prefix) for name in decode(answer.out).split("\0")[:-1]}
