"""What only the text of a CREATE TABLE says: defaults, collations, checks, generated columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from gatekeeper.migrations.lexemes import Kind, Lexeme, keys, lexemes
from gatekeeper.value import dataclass, replace

Said = tuple[tuple[str, str], ...]
"""The keys of lexemes: equal where two texts say the same."""

_STARTS = frozenset(
    {
        *("constraint", "primary", "not", "null", "unique", "check", "default", "collate"),
        *("references", "generated", "as", "on"),
    }
)
_TABLE_CONSTRAINTS = frozenset({"constraint", "primary", "unique", "check", "foreign"})
_PLAIN: Said = ()


@dataclass(frozen=True, slots=True)
class ColumnText:
    """What the definition of a column says beyond its name and type.

    Each is empty where it is not said; `rest` holds what else is: conflict clauses, deferral.
    """

    default: Said = _PLAIN
    collation: str = ""
    generated: Said = _PLAIN
    checks: frozenset[Said] = frozenset()
    rest: frozenset[Said] = frozenset()


@dataclass(frozen=True, slots=True)
class TableText:
    """What a CREATE TABLE says: of each column by its lower-case name, and of the table.

    `checks` are those of columns and of the table together; `rest` are the other constraints of
    the table where they say more than the engine's pragmas tell (conflict clauses, deferral).
    """

    columns: Mapping[str, ColumnText]
    checks: frozenset[Said]
    rest: frozenset[Said]
    autoincrement: bool


def table_text(sql: str) -> TableText:
    """Read a CREATE TABLE as SQLite keeps it in its schema; one it cannot read says nothing."""
    found = lexemes(sql)
    names = frozenset(_name(item[0]) for item in _items(found))
    found = as_strings(found, names, sql, depth=1)
    columns: dict[str, ColumnText] = {}
    checks, rest = set[Said](), set[Said]()
    for item in _items(found):
        word = item[0].value.lower() if item[0].kind is Kind.WORD else ""
        if word in _TABLE_CONSTRAINTS:
            for clause in _clauses(item):
                _sort(clause, checks, rest)
        else:
            text = _column(item)
            columns[_name(item[0])] = text
            checks |= text.checks
    autoincrement = any(lexeme.key == ("name", "autoincrement") for lexeme in found)
    return TableText(columns, frozenset(checks), frozenset(rest), autoincrement)


def _name(lexeme: Lexeme) -> str:
    """A column's name in small letters; SQLite lets it stand in the quotes of a string."""
    said = lexeme.value
    return (said[1:-1].replace("''", "'") if lexeme.kind is Kind.STRING else said).lower()


def as_strings(
    found: Sequence[Lexeme], names: Collection[str], sql: str, *, depth: int = 0
) -> tuple[Lexeme, ...]:
    """Lexemes in which what stands in `"` and is no column is the string that SQLite reads.

    That is so inside of more than `depth` parentheses, and right after DEFAULT
    (https://www.sqlite.org/quirks.html#dblquote).
    """
    told, inside, before = list[Lexeme](), 0, ""
    for each in found:
        inside += (each.key == ("sign", "(")) - (each.key == ("sign", ")"))
        is_name = each.kind is not Kind.QUOTED or each.value.lower() in names
        may_be = not is_name and sql[each.start] == '"'
        if may_be and (inside > depth or before == "default"):
            text = "'" + each.value.replace("'", "''") + "'"
            told.append(replace(each, kind=Kind.STRING, value=text))
        else:
            told.append(each)
        before = each.value.lower()
    return tuple(told)


def _items(found: Sequence[Lexeme]) -> Iterator[Sequence[Lexeme]]:
    """What stands between the commas of the outermost parentheses."""
    depth, item = 0, list[Lexeme]()
    for lexeme in found:
        sign = lexeme.value if lexeme.kind is Kind.SIGN else ""
        if sign == ")":
            depth -= 1
            if depth == 0:
                break
        if depth and not (depth == 1 and sign == ","):
            item.append(lexeme)
        elif item:
            yield item
            item = []
        if sign == "(":
            depth += 1
    if item:
        yield item


def _column(item: Sequence[Lexeme]) -> ColumnText:
    default, generated, collation = _PLAIN, _PLAIN, ""
    checks, rest = set[Said](), set[Said]()
    for clause in _clauses(item[1:]):
        word = clause[0].value.lower()
        if word == "default":
            default = _bare(clause[1:])
        elif word == "collate":
            collation = clause[1].value.lower() if len(clause) > 1 else ""
        elif word in ("generated", "as"):
            generated = _generated(clause)
        else:
            _sort(clause, checks, rest)
    return ColumnText(default, collation, generated, frozenset(checks), frozenset(rest))


def _clauses(item: Sequence[Lexeme]) -> Iterator[Sequence[Lexeme]]:
    """The constraints of an item, each from its keyword on and without a name of its own."""
    depth, clause = 0, list[Lexeme]()
    for index, lexeme in enumerate(item):
        sign = lexeme.value if lexeme.kind is Kind.SIGN else ""
        if depth == 0 and lexeme.kind is Kind.WORD and _begins(item, index):
            if clause and _is_clause(clause):
                yield clause
            clause = []
        clause.append(lexeme)
        depth += (sign == "(") - (sign == ")")
    if clause and _is_clause(clause):
        yield clause


def _begins(item: Sequence[Lexeme], index: int) -> bool:
    """Whether a keyword begins a constraint, and is not a part of one."""
    word = item[index].value.lower()
    before = item[index - 1].value.lower() if index else ""
    if word not in _STARTS or before in ("default", "constraint", "collate"):
        return word == "foreign"
    if word == "null":
        return before not in ("not", "set")
    if word == "default":
        return before != "set"
    if word == "not":
        return not (index + 1 < len(item) and item[index + 1].value.lower() == "deferrable")
    return not (word == "as" and before == "always") and word != "on"


def _is_clause(clause: Sequence[Lexeme]) -> bool:
    word = clause[0].value.lower()
    return clause[0].kind is Kind.WORD and (word in _STARTS or word == "foreign")


def _sort(clause: Sequence[Lexeme], checks: set[Said], rest: set[Said]) -> None:
    """Put a constraint where it belongs; those that the engine's pragmas tell fully are left out.

    Of the others (NOT NULL, keys, references) what is kept is what follows ON CONFLICT, DEFERRABLE
    and INITIALLY, with the keyword that it is said of.
    """
    word = clause[0].value.lower()
    if word == "check":
        checks.add(keys(clause[1:]))
        return
    words = [lexeme.value.lower() for lexeme in clause]
    for mark in ("conflict", "deferrable"):
        if mark in words:
            at = words.index(mark)
            negated = mark == "deferrable" and words[at - 1] == "not"
            rest.add((("name", word), *keys(clause[at - negated :])))


def _generated(clause: Sequence[Lexeme]) -> Said:
    """`GENERATED ALWAYS AS (…) STORED` and `AS (…) STORED` say the same; VIRTUAL is the default."""
    words = [lexeme.value.lower() for lexeme in clause]
    said = clause[words.index("as") + 1 :] if "as" in words else clause
    return tuple(key for key in keys(said) if key != ("name", "virtual"))


def _bare(said: Sequence[Lexeme]) -> Said:
    """A default without the parentheses around it."""
    return keys(said)
