"""What is left of a text without what shows nothing: space, comments, places kept free."""

from __future__ import annotations

import re

_MARKS = {
    "c": ((b"//", b"\n"), (b"/*", b"*/")),
    "hash": ((b"#", b"\n"),),
    "sql": ((b"--", b"\n"), (b"/*", b"*/")),
    "markup": ((b"<!--", b"-->"),),
    "markdown": ((b"<!--", b"-->"), (b"[//]: #", b"\n"), (b"---\n", b"---\n")),
    "script": ((b"#!", b"\n"), (b"//", b"\n"), (b"/*", b"*/")),
}
_SUFFIXES = {
    "script": ".js .jsx .mjs .cjs .ts .tsx .mts .cts",
    "c": ".json .jsonc .json5 .css .scss .less .go .rs .java .c .h .cc .cpp .hpp .cs .kt .kts"
    " .swift .scala .dart .proto",
    "hash": ".yaml .yml .toml .ini .cfg .conf .properties .sh .bash .zsh .fish .env .tf .rb .pl .r"
    " .ex .exs .graphql .gql .pyx .pxd .nix .mk .ps1 .gitignore .dockerignore .gitattributes",
    "sql": ".sql .lua .hs",
    "markup": ".html .htm .xml .svg .vue .svelte",
    "markdown": ".md .markdown .mdx",
}
_BLANK = re.compile(rb"[\s\0]+")
_BLANK_OR_END = re.compile(rb"[\s\0;]+")
_ENDING = frozenset({"c", "script", "sql"})
_PLACES = (
    rb"(?i:todo|tbd|tba|wip|n/a|coming soon)[.:!]*|\{\s*\}|\[\s*\]|null\b|~|---|pass\b|\.\.\."
    rb"|\"\"|''"
)
_FREE = {
    "": re.compile(_PLACES),
    "script": re.compile(rb"export\s*\{\s*\}|(['\"])use strict\1|" + _PLACES),
    "sql": re.compile(
        rb"(?i:(?:begin|commit|end)(?:\s+transaction)?\s*;|select\s+(?:1|null)\s*;?)|" + _PLACES
    ),
    "markdown": re.compile(rb"&nbsp;|" + _PLACES),
}
_BOM = b"\xef\xbb\xbf"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
# Space of every width, and what has none: joiners, marks of direction and of byte order.
_UNSEEN = re.compile("[\\s\0\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")


def is_empty(content: bytes) -> bool:
    """Whether there is nothing in a file that can be seen."""
    return not seen(content)


def seen(content: bytes) -> bytes:
    """A file's content without everything that cannot be seen, wherever it stands."""
    if content.isascii():
        return b"".join(content.replace(b"\0", b"").split())
    try:
        text = content.decode("utf-16" if content.startswith(_WIDE) else "utf-8")
    except UnicodeDecodeError:
        return b"".join(content.removeprefix(_BOM).split())
    return _UNSEEN.sub("", text).encode("utf-8", "surrogatepass")


def rest(content: bytes, path: str) -> bytes:
    """What is left of a text without comments and places kept free before anything else."""
    kind = _kind(path)
    marks = _MARKS.get(kind, ())
    free = _FREE.get(kind, _FREE[""])
    blank = _BLANK_OR_END if kind in _ENDING else _BLANK
    left = content.removeprefix(_BOM)
    start, size = 0, len(left)
    while start < size:
        if space := blank.match(left, start):
            start = space.end()
        elif end := next((e for mark, e in marks if left.startswith(mark, start)), b""):
            found = left.find(end, start + 1)
            start = size if found < 0 else found + len(end)
        elif place := free.match(left, start):
            start = place.end()
        else:
            break
    return b"" if is_empty(left[start:]) else left[start:]


def is_file_name(pattern: str) -> bool:
    """Whether a pattern ends in a name that only a file has, by its suffix: `src/agent.py`."""
    name = pattern.rpartition("/")[2].lower()
    suffix = f".{name.rpartition('.')[2]}" if "." in name.lstrip(".") else ""
    return suffix in (".py", ".pyi") or any(suffix in of.split() for of in _SUFFIXES.values())


def _kind(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    _, dot, suffix = name.rpartition(".")
    ending = f"{dot}{suffix}"
    # Files without a suffix (Makefile, Dockerfile, scripts) have this comment, if any.
    other = "" if dot else "hash"
    return next((kind for kind, of in _SUFFIXES.items() if ending in of.split()), other)
