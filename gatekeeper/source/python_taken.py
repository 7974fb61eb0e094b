"""What a Python file takes from other modules, told from its text: fast, never too little."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper.errors import Unreadable
from gatekeeper.source.python_loaded import loaded, unescaped
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_paths import is_python

# No repetition gives back what it took (`++`, `*+`): hostile text costs no more than other.
# Each begins with plain text, or `re` would try it at every byte.
_GAP = rb"(?:\\\r?\n|[ \t\f\\])*+"
_NAME = rb"(?!import(?![\w\x80-\xff]))[\w\x80-\xff]++"
_FROM = re.compile(
    rb"from(?<![\w\x80-\xff]from)(?![\w\x80-\xff])" + _GAP + rb"((?:\." + _GAP + rb")*+"
    rb"(?:" + _NAME + rb"(?:" + _GAP + rb"\." + _GAP + _NAME + rb")*+)?+)"
    + _GAP + rb"import(?![\w\x80-\xff])"
)  # fmt: skip
_IMPORT = re.compile(rb"import(?<![\w.\x80-\xff]import)(?![\w\x80-\xff])")
_LISTED = re.compile(_GAP + rb"(?:\(((?:[^()#\"';]++|#[^\r\n]*+)*+)|((?:\\\r?\n|[^\r\n#\"';(])*+))")
_NO_NAME = re.compile(rb"#[^\r\n]*+|[()\\\s]++")
_DOTTED = r"[\w.]+"
_MEMBER = re.compile(rb"\s{0,40}\.\s{0,40}([\w\x80-\xff]+)")
_INSIDE = frozenset(b"._0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").union(
    range(0x80, 0x100)
)
_WORDS = frozenset(bytes((each,)) for each in _INSIDE if each != ord("."))
_BEFORE = 200

MOST_LISTED, MOST_SEARCHED = 10_000_000, 200_000_000
"""Bytes of lists that are read, and that are searched for uses of names: a second's work each."""

ANY = "*"
"""Whatever a module has."""

Wanted = tuple[str, str]
"""A dotted module as an import names it, and the name taken from it."""


def taken(content: bytes) -> tuple[Wanted, ...]:
    """What the imports of a file bring, in code, in strings and in comments.

    A name that is taken stands beside its module; of a module that is imported whole, the
    names that are read from it, or `ANY` where it is used in another way. Where a file can
    import by a string, each string that could name a module counts as well. Raises
    `Unreadable` (of no path) for a file that is made to be slow to look through.
    """
    said = plain(content)
    found = dict.fromkeys(_wanted(said))
    for other in unescaped(said):
        found |= dict.fromkeys(_wanted(other))
    return tuple(found | dict.fromkeys((name, ANY) for name in loaded(said)))


def imports_of(path: str, content: bytes) -> frozenset[str]:
    """What a Python file takes from others: folder, module and name, in one text each.

    Of a file whose name says nothing nobody can tell, for it may be a script: an empty text.
    """
    folder, _, name = path.rpartition("/")
    if not is_python(path):
        return frozenset() if "." in name else frozenset({""})
    return frozenset(f"{folder}\n{module}\n{wanted}" for module, wanted in taken(content))


def _wanted(said: bytes) -> Iterator[Wanted]:
    lists, members = _Lists(said, MOST_LISTED), _Members(said)
    ends = set()
    for found in _FROM.finditer(said):
        ends.add(found.end())
        module = _text(_NO_NAME.sub(b"", found.group(1)))
        yield from ((module, name) for name, _ in lists.at(found.end()))
    for found in _IMPORT.finditer(said):
        if found.end() not in ends:
            before = said[max(found.start() - _BEFORE, 0) : found.start()].rstrip(b" \t\f")
            is_code = not before or before[-1] in b"\r\n;:"
            yield from _imported(lists.at(found.end()), members, is_code)


def _imported(
    names: Iterable[tuple[str, str]], members: _Members, is_code: bool
) -> Iterator[Wanted]:
    """What is taken from modules that are imported whole; unless `is_code`, it may be prose."""
    for name, alias in names:
        top = name if alias else name.partition(".")[0]
        if top != name:
            yield name, ANY
        # The import itself says the name as well, but for `a.b`, which looks like a member.
        own = int(alias != "" or top == name)
        read = members.of(alias or top, own) if is_code else (ANY,)
        yield from ((top, member) for member in read)


class _Effort:
    """Bytes that may still be looked at, which only text made to be slow can use up."""

    def __init__(self, said: bytes, most: int) -> None:
        self._said = said
        self._left = most

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Unreadable("", "it imports so much that nobody can tell what, in good time")


class _Lists(_Effort):
    """The names that stand behind an `import`."""

    def at(self, end: int) -> Iterator[tuple[str, str]]:
        """Each name, and what it is called from there on, if otherwise."""
        match = _LISTED.match(self._said, end)
        listed = (match.group(1) or match.group(2) or b"") if match else b""
        self._spend(len(listed))
        for each in _text(_undotted(_NO_NAME.sub(b" ", listed))).split(","):
            words = each.split()
            if words:
                alias = words[2] if words[1:2] == ["as"] and words[2:] else ""
                yield _dotted(words[0]), alias


def _undotted(names: bytes) -> bytes:
    """Without the white space around dots."""
    return b".".join(map(bytes.strip, names.split(b"."))) if b"." in names else names


def _dotted(word: str) -> str:
    """The dotted name that a word begins with; the word itself where there is none."""
    if word.isascii() and word.replace(".", "").isidentifier():
        return word
    name = re.match(_DOTTED, word)
    return name.group() if name else word


class _Members(_Effort):
    """The attributes that are read from a name."""

    def __init__(self, said: bytes) -> None:
        super().__init__(said, MOST_SEARCHED)
        self._known: dict[tuple[str, int], tuple[str, ...]] = {}

    def of(self, name: str, own: int) -> tuple[str, ...]:
        """All of them, sorted; `ANY` where it is used in another way more than `own` times."""
        if (name, own) not in self._known:
            self._spend(len(self._said))
            self._known[name, own] = tuple(sorted(self._read(name.encode(), own)))
        return self._known[name, own]

    def _read(self, word: bytes, own: int) -> set[str]:
        said, found, others = self._said, set[str](), 0
        start = said.find(word) if word else -1
        while start >= 0 and others <= own:
            end = start + len(word)
            if said[end : end + 1] not in _WORDS and not (start and said[start - 1] in _INSIDE):
                member = _MEMBER.match(said, end)
                found.update((_text(member.group(1)),) if member else ())
                others += not member
            start = said.find(word, end)
        return {ANY} if others > own else found


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
