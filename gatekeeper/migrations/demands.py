"""What a table demands of the values of a row: all that can refuse one, each as an expression."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.schema import Schema, Table
from gatekeeper.migrations.table_text import Said

_OPEN, _CLOSE, _COMMA = ("sign", "("), ("sign", ")"), ("sign", ",")
_NEW = (("name", "new"), ("sign", "."))
_SORTING = (("name", "asc"), ("name", "desc"))
_NOT, _IS = ("name", "not"), ("name", "is")
_BEGIN = ("name", "begin")
_EVER = ("blob", "x''")


def demands(table: Table, schema: Schema) -> tuple[Said, ...]:
    """The checks; generated columns and indexed expressions that can fail; triggers that raise."""
    generated = (_not_failing(_kept(each.generated)) for each in table.columns if each.generated)
    return (
        *(part for check in sorted(table.checks) for part in _apart(check, "and")),
        *generated,
        *(_not_failing(each) for each in _indexed(table, schema)),
        *_allowed(table, schema),
    )


def _opposite(condition: Said) -> Iterator[Said]:
    """The parts of what holds where a condition does not."""
    for part in _apart(condition, "or"):
        inner = _bare(part[1:])
        if part[:1] == (_NOT,) and len(inner) < len(part) - 1:
            yield from _apart(inner, "and")
        else:
            yield (_NOT, _OPEN, *part, _CLOSE)


def _apart(condition: Said, word: str) -> Iterator[Said]:
    """The parts of a condition between its outermost ANDs or ORs: each can be met alone."""
    depth, ranges, part = 0, 0, list[tuple[str, str]]()
    for each in _bare(condition):
        depth += (each in (_OPEN, ("name", "case"))) - (each in (_CLOSE, ("name", "end")))
        ranges += depth == 0 and each == ("name", "between")
        if depth == 0 and each == ("name", word) and not (word == "and" and ranges):
            yield tuple(part)
            part = []
            continue
        ranges -= depth == 0 and ranges > 0 and each == ("name", "and")
        part.append(each)
    yield tuple(part)


def _bare(condition: Said) -> Said:
    """Without the brackets around all of it."""
    while condition[:1] == (_OPEN,) and condition[-1:] == (_CLOSE,):
        depth = 0
        for at, each in enumerate(condition):
            depth += (each == _OPEN) - (each == _CLOSE)
            if depth == 0 and at < len(condition) - 1:
                return condition
        condition = condition[1:-1]
    return condition


def _kept(generated: Said) -> Said:
    return tuple(each for each in generated if each != ("name", "stored"))


def _not_failing(expression: Said) -> Said:
    """A test that holds unless the expression itself fails (which is an error for the engine)."""
    return (_OPEN, *expression, _CLOSE, _IS, _NOT, _EVER)


def _indexed(table: Table, schema: Schema) -> Iterator[Said]:
    """The expressions that indexes keep of a table."""
    for index in schema.indexes.values():
        if index.table == table.name and any(not name for name, _, _ in index.columns):
            for part in _parts(index.says):
                if _OPEN in part:
                    yield part


def _parts(says: Said) -> Iterator[Said]:
    """What stands between the commas of the first bracket, without how it is sorted."""
    depth, part = 0, list[tuple[str, str]]()
    for each in says:
        depth += (each == _OPEN) - (each == _CLOSE)
        if depth == 0 and part:
            break
        if depth == 1 and each == _COMMA:
            yield _unsorted(part)
            part = []
        elif depth > 1 or (depth == 1 and each != _OPEN) or part:
            part.append(each)
    yield _unsorted(part)


def _unsorted(part: Sequence[tuple[str, str]]) -> Said:
    return tuple(each for each in part if each not in _SORTING)


def _allowed(table: Table, schema: Schema) -> Iterator[Said]:
    """That no trigger fails for the values of a new row, as far as these are all it asks for."""
    for says in schema.triggers.values():
        begin = says.index(_BEGIN) if _BEGIN in says else 0
        head, body = says[:begin], says[begin + 1 :]
        if ("name", "insert") not in head or ("name", table.name.lower()) not in head:
            continue
        yield from _read_as_json(body)
        if ("name", "raise") not in body:
            continue
        for condition in (_between(head, "when", ()), *_raised(body)):
            if condition and ("name", "select") not in condition and _NEW[0] in condition:
                yield from _opposite(_without_new(condition))


def _read_as_json(body: Said) -> Iterator[Said]:
    """That the columns which a function reads as JSON are JSON."""
    for at, (kind, name) in enumerate(body[:-4]):
        if kind == "name" and name.startswith("json") and body[at + 1 : at + 4] == (_OPEN, *_NEW):
            yield (("name", "json_valid"), _OPEN, body[at + 4], _CLOSE)


def _raised(body: Said) -> Iterator[Said]:
    """The conditions of `SELECT RAISE(…) WHERE …` and `SELECT CASE WHEN … THEN RAISE(…)`."""
    statement = list[tuple[str, str]]()
    for each in body:
        statement.append(each)
        if each == ("sign", ";"):
            if ("name", "raise") in statement:
                whole = tuple(statement)
                yield _between(whole, "where", (("sign", ";"),))
                yield _between(whole, "when", (("name", "then"),))
            statement = []


def _between(says: Said, word: str, ends: Sequence[tuple[str, str]]) -> Said:
    """What follows a word, up to one of the ends."""
    if ("name", word) not in says:
        return ()
    rest = says[says.index(("name", word)) + 1 :]
    return rest[: min((rest.index(each) for each in ends if each in rest), default=len(rest))]


def _without_new(condition: Said) -> Said:
    return tuple(
        each
        for at, each in enumerate(condition)
        if condition[at : at + 2] != _NEW and (at == 0 or condition[at - 1 : at + 1] != _NEW)
    )
