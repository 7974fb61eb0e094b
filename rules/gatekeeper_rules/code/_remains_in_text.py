"""Names and keys that should be gone, in configuration and in other text that is no prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.source.wrangler import is_wrangler
from gatekeeper_rules.code._remnant import Remnant, word_bytes
from gatekeeper_rules.code._settings import Setting

_PROSE_NAMES = re.compile(
    r"(?:licen[cs]e|copying|changelog|changes|history|readme|notice|authors|contributors)"
    r"(?:-[\w-]+)?",
    re.IGNORECASE,
)
_PROSE_SUFFIXES = (".md", ".markdown", ".rst", ".txt", ".adoc", ".org")
_LISTS = re.compile(r"(?:requirements|constraints)[^/]*\.txt|cmakelists\.txt", re.IGNORECASE)
_SOURCES = re.compile(
    r"(?:[mc]?[jt]sx?|jsonc?|toml|ya?ml|css|html|sql|sh|ini|cfg|env|xml|vue|svelte|go|rs|rb|java|php)"
)
_LOCK_FILES = ("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml")
_WORD = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")
_LAST_ASCII = 0x7F


def is_prose(path: str) -> bool:
    """Whether a file is written for people: what it names need not be gone."""
    name = path.rpartition("/")[2]
    if _LISTS.fullmatch(name):
        return False
    return name.lower().endswith(_PROSE_SUFFIXES) or bool(_PROSE_NAMES.fullmatch(name))


def is_lock_file(path: str) -> bool:
    """Whether a tool writes the file to pin dependencies, whose names stand there as keys."""
    return path.rpartition("/")[2] in _LOCK_FILES


def is_binary(path: str, content: bytes) -> bool:
    """Whether a file is no text; a zero byte does not make source code binary."""
    return b"\0" in content and not _SOURCES.fullmatch(path.rpartition(".")[2].lower())


def words_in(content: bytes, names: frozenset[str]) -> Iterator[Remnant]:
    """Every line in which a name stands as a whole word."""
    for name in sorted(names):
        word = word_bytes(name)
        line, counted, found = 1, 0, content.find(word)
        while found >= 0:
            end = found + len(word)
            if _is_whole(content, found, end):
                line += content.count(b"\n", counted, found)
                counted = found
                yield Remnant(name, f"{name} is named", line)
                end = content.find(b"\n", end)
            found = content.find(word, end) if end >= 0 else -1


def _is_whole(content: bytes, start: int, end: int) -> bool:
    before, after = content[start - 1 : start], content[end : end + 1]
    return not any(byte in _WORD or byte > _LAST_ASCII for byte in (*before, *after))


def names_in(settings: tuple[Setting, ...], path: str, names: frozenset[str]) -> Iterator[Remnant]:
    """Every key and value in which a name stands as a whole word; comments are none.

    The `migrations` of a wrangler configuration are history and are passed over: they must
    go on naming the classes that they made, renamed and deleted.
    """
    history = is_wrangler(path)
    for setting in settings:
        if history and setting.above[:1] == ("migrations",):
            continue
        text = setting.text.encode("utf-8", "surrogatepass")
        for remnant in words_in(text, names):
            yield remnant._replace(
                line=setting.line, column=setting.column, symbol=".".join(setting.above)
            )


def keys_in(settings: tuple[Setting, ...], keys: frozenset[str]) -> Iterator[Remnant]:
    """Every key that is sought, by its own name or by those of the keys around it as well."""
    for setting in settings:
        for key in sorted(keys) if setting.is_key else ():
            if f".{setting.dotted}".endswith(f".{key}"):
                yield Remnant(
                    key,
                    f"the key {key} is set",
                    setting.line,
                    setting.column,
                    ".".join(setting.above),
                )
