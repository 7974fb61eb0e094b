"""Which values of a document a database holds, wherever they stand in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from gatekeeper.carrying.contents import Contents
from gatekeeper.carrying.document import Json, Path, leaves
from gatekeeper.migrations.engine import Value
from gatekeeper.value import dataclass

_LONG = 4


@dataclass(frozen=True, slots=True)
class Short:
    """A value that a database holds less often than the document, and its places in that."""

    value: Json
    places: tuple[Path, ...]
    held: int


def short_of(document: Json, contents: Contents) -> Iterator[Short]:
    """The values of a document that the database holds less often; null and "" are no values.

    A value counts in whatever type it is written, alone, inside of JSON, or (if it is long
    enough to be no accident) inside of another text. That one is held as often does not prove
    that it was carried; that it is held nowhere proves that it was not.
    """
    places: dict[str, list[tuple[Path, Json]]] = {}
    for path, value in leaves(document):
        if value not in (None, "") and not isinstance(value, list | dict):
            places.setdefault(_word(value), []).append((path, value))
    held, texts = _held(contents)
    joined = "\0".join(texts)
    for word, where in places.items():
        count = held[word]
        if count >= len(where):
            continue
        if not count and _is_inside(where[0][1], word, joined, held):
            continue
        yield Short(where[0][1], tuple(path for path, _ in where), count)


def _is_inside(value: Json, word: str, joined: str, held: Mapping[str, int]) -> bool:
    """Whether a value that stands nowhere alone is part of a text, or was taken apart."""
    if len(word) >= _LONG and (word in joined or json.dumps(value)[1:-1] in joined):
        return True
    parts = list(_inside(word))
    return bool(parts) and all(held.get(part) for part in parts)


def _held(contents: Contents) -> tuple[Counter[str], list[str]]:
    held, texts = Counter[str](), list[str]()
    for table in contents.tables.values():
        for row in table.rows:
            for value in row:
                if value is None:
                    continue
                text = _text(value)
                held[text] += 1
                held.update(_inside(text))
                if not isinstance(value, int | float):
                    texts.append(text)
    return held, texts


def _inside(text: str) -> Iterator[str]:
    """The values that a text holds if it is JSON."""
    if not text.startswith(("{", "[")):
        return
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return
    for _, each in leaves(value):
        if each not in (None, "") and not isinstance(each, list | dict):
            yield _word(each)


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else _word(value)


def _word(value: Json) -> str:
    """A value in letters: true is 1 and 1.0 is 1, as SQLite has them."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
