"""What a Python file takes from other modules, told from its text: fast, never too little."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_paths import is_python

# Every repetition is bounded where two could share a character: hostile text costs no more.
_FROM = re.compile(
    rb"\bfrom(?:\s|\\){0,40}([.\w]{1,300})(?:\s|\\){0,40}import\b(?:\s|\\){0,40}"
    rb"(\([^)]{0,5000}|[^\n]{0,5000}(?:\\\n[^\n]{0,5000}){0,50})"
)
_IMPORT = re.compile(
    rb"^[ \t;]{0,200}import\b([^\n;]{0,5000}(?:\\\n[^\n;]{0,5000}){0,50})", re.MULTILINE
)
_MEMBER = re.compile(rb"\s{0,40}\.\s{0,40}(\w{1,300})")
_WORD = re.compile(rb"\w")
_INSIDE = re.compile(rb"[\w.]")

ANY = "*"
"""Whatever a module has."""

Wanted = tuple[str, str]
"""A dotted module as an import names it, and the name taken from it."""


def taken(content: bytes) -> tuple[Wanted, ...]:
    """What the imports of a file bring, in code, in strings and in comments.

    A name that is taken stands beside its module; of a module that is imported whole, the
    names that are read from it, or `ANY` where it is used in another way.
    """
    return tuple(dict.fromkeys(_wanted(plain(content))))


def imports_of(path: str, content: bytes) -> frozenset[str]:
    """What a Python file takes from others: folder, module and name, in one text each.

    Of a file whose name says nothing nobody can tell, for it may be a script: an empty text.
    """
    folder, _, name = path.rpartition("/")
    if not is_python(path):
        return frozenset() if "." in name else frozenset({""})
    return frozenset(f"{folder}\n{module}\n{wanted}" for module, wanted in taken(content))


def _wanted(said: bytes) -> Iterator[Wanted]:
    for module, listed in _FROM.findall(said):
        dotted = module.decode("utf-8", "replace")
        yield from ((dotted, name) for name, _ in _aliases(listed))
    for listed in _IMPORT.findall(said):
        for name, alias in _aliases(listed):
            top = name.partition(".")[0] if alias == name else name
            if top != name:
                yield name, ANY
            bound = top if alias == name else alias
            yield from ((top, member) for member in sorted(_members(bound, said)))


def _members(name: str, said: bytes) -> set[str]:
    """The attributes read from what `name` is; `ANY` where it is used in another way."""
    word, found, others = name.encode(), set[str](), 0
    start = said.find(word) if word else -1
    while start >= 0:
        end = start + len(word)
        if not _WORD.match(said, end) and not (start and _INSIDE.match(said, start - 1)):
            member = _MEMBER.match(said, end)
            found.update((member.group(1).decode("utf-8", "replace"),) if member else ())
            others += not member
        start = said.find(word, end)
    # The import itself is one.
    return {ANY} if others > 1 else found


def _aliases(names: bytes) -> Iterator[tuple[str, str]]:
    text = re.sub(rb"#[^\n]*|[()\\]", b" ", names).decode("utf-8", "replace")
    for each in text.split(","):
        words = each.split()
        if words:
            yield words[0], words[-1]
