"""What a fixture holds: its values with their places, and how two of them differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Path = tuple[str | int, ...]

_DEEPEST = 200
_SHOWN = 60


def parsed(content: bytes) -> Json:
    """The JSON value of a file; raises ValueError where it is not JSON or too deep."""
    try:
        value: Json = json.loads(content.decode("utf-8"), object_pairs_hook=_once)
        for path, _ in leaves(value):
            if len(path) > _DEEPEST:
                raise ValueError("it is nested too deeply")
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return value


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """An object; of a key that is there twice, one value would never be looked at."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def written(value: Json) -> bytes:
    """A file that holds the value."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def leaves(value: Json) -> Iterator[tuple[Path, Json]]:
    """Every value that holds no other, with the keys and positions that lead to it."""
    waiting: list[tuple[Path, Json]] = [((), value)]
    while waiting:
        path, at = waiting.pop()
        if isinstance(at, dict) and at:
            waiting += [((*path, key), each) for key, each in reversed(at.items())]
        elif isinstance(at, list) and at:
            waiting += [((*path, n), at[n]) for n in range(len(at) - 1, -1, -1)]
        else:
            yield path, at


def at(value: Json, path: Path) -> Json:
    """The value at a place that is there."""
    for key in path:
        if isinstance(value, dict):
            value = value[str(key)]
        elif isinstance(value, list):
            value = value[int(key)]
    return value


def with_value(value: Json, path: Path, new: Json) -> Json:
    """A copy with another value at a place that is there."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, str(key): with_value(value[str(key)], rest, new)}
    assert isinstance(value, list)
    place = int(key)
    return [*value[:place], with_value(value[place], rest, new), *value[place + 1 :]]


def without(value: Json, path: Path) -> Json:
    """A copy without the key or the element at a place that is there."""
    above, key = path[:-1], path[-1]
    holder = at(value, above)
    if isinstance(holder, dict):
        return with_value(value, above, {k: v for k, v in holder.items() if k != key})
    assert isinstance(holder, list)
    place = int(key)
    return with_value(value, above, [*holder[:place], *holder[place + 1 :]])


def records(value: Json) -> Iterator[Path]:
    """The places of objects that hold at least one value of their own, outermost first."""
    seen = dict[Path, None]()
    for path, _ in leaves(value):
        if path and isinstance(path[-1], str):
            seen.setdefault(path[:-1])
    return iter(seen)


def arrays(value: Json) -> Iterator[Path]:
    """The places of arrays that hold something."""
    seen = dict[Path, None]()
    for path, _ in leaves(value):
        for length, key in enumerate(path):
            if isinstance(key, int):
                seen.setdefault(path[:length])
    return iter(seen)


def is_empty(value: Json) -> bool:
    """Whether there is no value in it that could be carried."""
    return all(each in (None, "", [], {}) for _, each in leaves(value))


def differences(was: Json, now: Json) -> Iterator[tuple[Path, str]]:
    """Where `now` does not hold what `was` held, outermost first; the order of keys is ignored.

    A key that came along with nothing in it (null, an empty list or object) is no difference.
    """
    waiting: list[tuple[Path, Json, Json]] = [((), was, now)]
    while waiting:
        path, old, new = waiting.pop()
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _keys(path, old, new)
            waiting += [((*path, k), old[k], new[k]) for k in reversed(old) if k in new]
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            waiting += [((*path, n), old[n], new[n]) for n in range(len(old) - 1, -1, -1)]
        elif isinstance(old, list) and isinstance(new, list):
            yield from _elements(path, old, new)
        elif not _same(old, new):
            yield path, f"it was {shown(old)}, and is {shown(new)}"


def in_any_order(value: Json) -> Json:
    """The same value, with its lists in an order that follows from what they hold."""
    if isinstance(value, dict):
        return {key: in_any_order(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted(map(in_any_order, value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def _keys(
    path: Path, old: Mapping[str, Json], new: Mapping[str, Json]
) -> Iterator[tuple[Path, str]]:
    for key, value in old.items():
        if key not in new:
            yield (*path, key), f"it held {shown(value)}, and is not there any more"
    for key, value in new.items():
        if key not in old and value not in (None, [], {}):
            yield (*path, key), f"it was not there, and is {shown(value)}"


def _elements(path: Path, old: Sequence[Json], new: Sequence[Json]) -> Iterator[tuple[Path, str]]:
    """Lists of other lengths: which elements are gone."""
    left = [json.dumps(each, sort_keys=True) for each in new]
    found = False
    for place, value in enumerate(old):
        text = json.dumps(value, sort_keys=True)
        if text in left:
            left.remove(text)
        else:
            found = True
            yield (*path, place), f"it held {shown(value)}, and is not there any more"
    if not found:
        yield path, f"it had {len(old)} elements, and has {len(new)}"


def _same(old: Json, new: Json) -> bool:
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    return type(old) is type(new) and old == new


def shown(value: Json) -> str:
    """A value as a sentence can hold it."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def said(path: Path) -> str:
    """A place as people write it: `steps[3].name`."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "the whole file"


def pattern(path: Path) -> str:
    """The places of one kind: `steps[].name`."""
    text = "".join("[]" if isinstance(key, int) else f".{key}" for key in path)
    return text.removeprefix(".") or "the whole file"
