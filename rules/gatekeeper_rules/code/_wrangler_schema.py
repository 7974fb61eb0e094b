"""Checks a wrangler configuration against the keys and types that wrangler knows.

The table is made out of the schema that wrangler ships: its keys, types and words, nothing of
its text. It is read here rather than by a library for JSON schemas because each fault must say
where it stands, and because of several alternatives only the nearest one is worth telling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from gatekeeper.source.located import Array, Member, Node, Scalar, Span, Table
from gatekeeper_rules.code._platform_tables import schema_table

MOST = 200
"""Faults that are told of one file."""

MOST_VALUES = 20_000
"""Values of one file, those of variables left out; a large configuration has a thousand."""

_DEEPEST = 64
_ALIKE = 0.75
_ANYTHING = "Json"
_FREE = frozenset({"define", "vars"})


class Fault(NamedTuple):
    """What is wrong with a value: its key path, what to say, and where it stands."""

    where: str
    message: str
    span: Span
    fix: str


Schema = Mapping[str, object]


def faults(table: Table) -> Iterator[Fault]:
    """What of a whole configuration wrangler does not know."""
    yield from _checked(table, {"ref": schema_table()["top"]}, "", 0)


def size_of(table: Table) -> int:
    """How many values a configuration holds, those left out that can be anything."""
    count = 0
    waiting: list[Node] = [table]
    while waiting:
        node = waiting.pop()
        count += 1
        if isinstance(node, Array):
            waiting.extend(node.items)
        elif isinstance(node, Table):
            waiting.extend(each.value for each in node if each.key not in _FREE)
    return count


def _checked(node: Node, schema: Schema, where: str, depth: int) -> Iterator[Fault]:
    if depth > _DEEPEST:
        return
    if "ref" in schema:
        yield from _checked(node, _definition(schema["ref"]), where, depth + 1)
        return
    for part in _schemas(schema.get("allOf", [])):
        yield from _checked(node, part, where, depth + 1)
    if "anyOf" in schema:
        yield from _any_of(node, _schemas(schema["anyOf"]), where, depth)
    yield from _typed(node, schema, where)
    if isinstance(node, Table):
        yield from _members(node, schema, where, depth)
    elif isinstance(node, Array) and "items" in schema:
        for number, each in enumerate(node.items):
            yield from _checked(each, _schema(schema["items"]), f"{where}[{number}]", depth + 1)


def _any_of(node: Node, options: list[Schema], where: str, depth: int) -> Iterator[Fault]:
    """The faults by the alternative that comes nearest, if none is met."""
    found: list[list[Fault]] = []
    for each in options:
        held = list(islice(_checked(node, each, where, depth + 1), MOST + 1))
        if not held:
            return
        found.append(held)
    if not found:
        yield Fault(where, "is not known", node.span, "Remove it.")
        return
    # One that is wrong further inside is of the right kind; one that is wrong itself is not.
    near = [held for held in found if all(each.where != where for each in held)]
    if near:
        yield from min(near, key=len)
    elif len(found) == 1:
        yield from found[0]
    else:
        told = dict.fromkeys(each.message for held in found for each in held if each.where == where)
        yield Fault(where, " and ".join(told), node.span, found[0][0].fix)


def _typed(node: Node, schema: Schema, where: str) -> Iterator[Fault]:
    wanted = _words(schema.get("type", []))
    if wanted and not any(_is(node, each) for each in wanted):
        message = f"is {_kind(node)}, and must be {' or '.join(_KINDS[each] for each in wanted)}"
        yield Fault(where, message, node.span, "Write it as wrangler reads it.")
        return
    words = schema.get("enum")
    if isinstance(words, list) and isinstance(node, Scalar) and not _among(node.value, words):
        said = ", ".join(f"`{each}`" for each in words)
        yield Fault(where, f"is `{node.value}`, and must be {said}", node.span, f"Write {said}.")
    yield from _numbered(node, schema, where)


def _numbered(node: Node, schema: Schema, where: str) -> Iterator[Fault]:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    least, most, step = (schema.get(key) for key in ("minimum", "maximum", "multipleOf"))
    if isinstance(least, int | float) and value < least:
        yield Fault(where, f"is {value}; the least is {least}", node.span, "Write a larger number.")
    if isinstance(most, int | float) and value > most:
        yield Fault(where, f"is {value}; the most is {most}", node.span, "Write a smaller number.")
    if isinstance(step, int | float) and step and value % step:
        yield Fault(where, f"is {value}, no multiple of {step}", node.span, "Write a multiple.")


def _members(node: Table, schema: Schema, where: str, depth: int) -> Iterator[Fault]:
    known = _map(schema.get("properties", {}))
    others = schema.get("others")
    for member in node:
        path = f"{where}.{member.key}" if where else member.key
        # Null is as good as absent, as in wrangler; what JSON repeats is another's concern.
        if isinstance(member.value, Scalar) and member.value.value is None:
            continue
        if member.key in known:
            yield from _checked(member.value, _schema(known[member.key]), path, depth + 1)
        elif others is not None:
            yield from _other(member, _schema(others), path, known, depth)
    for key in _words(schema.get("required", [])):
        if node.get(key) is None:
            inside = f"`{where}`" if where else "the configuration"
            yield Fault(f"{where}.{key}", f"is missing in {inside}", node.span, f"Add `{key}`.")


def _other(
    member: Member, others: Schema, path: str, known: Mapping[str, object], depth: int
) -> Iterator[Fault]:
    if others != {"anyOf": []}:
        yield from _checked(member.value, others, path, depth + 1)
        return
    near = get_close_matches(member.key, known, 1, _ALIKE)
    fix = f"Did you mean `{near[0]}`?" if near else "Remove it."
    yield Fault(path, "is no key of wrangler's", member.key_span, fix)


# -- kinds of values

_KINDS = {
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "object": "a table",
    "array": "an array",
    "null": "null",
}


def _kind(node: Node) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, date | time):
        return "a date of TOML's"
    return next(said for kind, said in _KINDS.items() if _is(node, kind))


def _is(node: Node, kind: str) -> bool:
    if isinstance(node, Table | Array):
        return kind == ("object" if isinstance(node, Table) else "array")
    value = node.value
    if isinstance(value, bool) or kind == "boolean":
        return isinstance(value, bool) and kind == "boolean"
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if kind == "null":
        return value is None
    if kind == "number":
        return isinstance(value, int | float)
    return kind == "string" and isinstance(value, str)


def _among(value: object, words: list[object]) -> bool:
    return any(type(each) is type(value) and each == value for each in words)


# -- the table


def _definition(name: object) -> Schema:
    # What may be anything is not looked into: it may be long.
    return {} if name == _ANYTHING else _map(_map(schema_table()["definitions"])[str(name)])


def _schemas(data: object) -> list[Schema]:
    return [_map(each) for each in data] if isinstance(data, list) else []


def _schema(data: object) -> Schema:
    return _map(data)


def _map(data: object) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise TypeError("the table is not as its script writes it")
    return data


def _words(data: object) -> list[str]:
    if isinstance(data, str):
        return [data]
    return [str(each) for each in data] if isinstance(data, list) else []
