"""Whether a string reads as SQL, or is a sentence that begins with a word of SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from itertools import islice, takewhile

from gatekeeper.migrations.tokens import Kind, Token, significant

_LOOKED_AT = 300
_FIRST = 4_000
_ENOUGH = 3
_MOST_NAMES = 2

_START = re.compile(r"(?:[\s;\ufeff]++|--[^\n]*+\n|/\*.*?\*/)*+(\w++)", re.DOTALL)
_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
HOLE = "h_"
"""What stands in a text for a piece that is not known."""

_HOLE = HOLE.upper()
_ALONE_WORDS = """
BEGIN COMMIT END ROLLBACK VACUUM ANALYZE REINDEX
"""
_ALONE = frozenset(_ALONE_WORDS.split())


class Reads(Enum):
    """How a string reads.

    HARDLY is what could be either: it is SQL only if a database takes it or knows its table.
    """

    NOT = "it is no SQL"
    HARDLY = "it could be SQL"
    SQL = "it is SQL"


# No table is called so, and no column: what follows SELECT, FROM, INTO, UPDATE or SET in prose.
_ARTICLES = frozenset(
    """
    a an the this that these those your our their my its his her one any some each every both
    which what where below above here there another either multiple at least up only
    """.upper().split()
)
_PROSE_WORDS = """
THE YOUR YOU PLEASE TO THIS THAT WILL CAN MUST SHOULD BE IT OF
"""
_PROSE = frozenset(_PROSE_WORDS.split())
_OPERATORS = frozenset("=?*<>;:")
_FOLLOWS_NAME_WORDS = """
AS WHERE JOIN LEFT INNER OUTER CROSS NATURAL FULL RIGHT ON USING GROUP ORDER HAVING LIMIT
UNION INTERSECT EXCEPT SET VALUES SELECT DEFAULT INDEXED NOT RETURNING WINDOW OFFSET
"""
_FOLLOWS_NAME = frozenset(_FOLLOWS_NAME_WORDS.split())
_MAKES = re.compile(
    r"(?:TEMP |TEMPORARY )?(?:TABLE|VIEW|TRIGGER|VIRTUAL TABLE|(?:UNIQUE )?INDEX)\b"
)
_STARTS_WORDS = """
SELECT INSERT UPDATE DELETE REPLACE WITH CREATE ALTER DROP PRAGMA VALUES BEGIN COMMIT END
ROLLBACK SAVEPOINT RELEASE VACUUM ANALYZE REINDEX ATTACH DETACH EXPLAIN
"""
_STARTS = frozenset(_STARTS_WORDS.split())
_CLAUSES_WORDS = """
FROM INTO SET WHERE VALUES TABLE INDEX JOIN
"""
_CLAUSES = frozenset(_CLAUSES_WORDS.split())


def reads(text: str, *, handed: bool) -> Reads:
    """How a text reads; one that is `handed` to a database is SQL by less than other strings."""
    start = _START.match(text[:_FIRST])
    if start is None or not (handed or start.group(1).upper() in _SHAPES):
        return Reads.NOT
    found = _looked_at(text)
    words = _words(found)
    if not found or not words or found[0].kind is not Kind.WORD:
        return Reads.NOT
    if words[0] == "EXPLAIN":
        found = _after_explain(found)
        words = _words(found)
    if handed:
        return Reads.SQL if words and _is_handed_sql(words) else Reads.NOT
    if len(text) > _FIRST or len(found) == _LOOKED_AT:
        words += _beyond(words, text)
    judge = _SHAPES.get(words[0]) if words else None
    if judge is None or not judge(words):
        return Reads.NOT
    points = _points(found, words, text)
    if points <= 0:
        return Reads.NOT
    return Reads.SQL if points >= _ENOUGH else Reads.HARDLY


def _beyond(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The FROM of a SELECT whose columns alone are longer than what is looked at."""
    return ("FROM", _HOLE) if "FROM" not in words and _FROM.search(text) else ()


def is_template(text: str) -> str:
    """What in a text waits to be filled in (`{name}`, `%s`), outside of quotes; "" for nothing."""
    previous = ""
    for token in islice(significant(text[:_FIRST]), _LOOKED_AT):
        if token.text == "{":
            return "{…}"
        if previous == "%" and (token.text[:1] in ("s", "d") or token.text == "("):
            return "%s"
        previous = token.text
    return ""


def _looked_at(text: str) -> tuple[Token, ...]:
    return tuple(islice(significant(text[:_FIRST]), _LOOKED_AT))


def _words(found: Sequence[Token]) -> tuple[str, ...]:
    """The tokens in capitals; what stands in quotes, however long, as one quote."""
    return tuple("'" if each.kind is Kind.QUOTED else each.text.upper() for each in found)


def _after_explain(found: tuple[Token, ...]) -> tuple[Token, ...]:
    upper = _words(found)
    return found[3:] if upper[1:3] == ("QUERY", "PLAN") else found[1:]


def _is_handed_sql(words: Sequence[str]) -> bool:
    if words[0] in _STARTS:
        return len(words) > 1 or words[0] in _ALONE
    return _misspelt(words[0]) and not _CLAUSES.isdisjoint(words)


def _misspelt(word: str) -> bool:
    from difflib import get_close_matches

    return bool(get_close_matches(word[:20], _STARTS, n=1, cutoff=0.7))


def _is_select(words: Sequence[str]) -> bool:
    if not words[1:] or (words[1] in _ARTICLES and words[2:3] not in (("FROM",), (",",))):
        return False
    if "FROM" in words[2:]:
        return _begins_name(words, words.index("FROM", 2) + 1)
    return bool(re.match(r"[0-9'?*(:]", words[1])) or words[2:3] == ("(",)


def _begins_name(words: Sequence[str], at: int) -> bool:
    """Whether a name can stand there: no article, no sign, and not the end."""
    word = words[at] if at < len(words) else ""
    return word not in _ARTICLES and (
        word in ("'", "(", "{", "%") or word.replace("_", "a").isalnum()
    )


def _is_insert(words: Sequence[str]) -> bool:
    if "INTO" not in words[1:4]:
        return False
    at = words.index("INTO") + 1
    later = words[at + 1 :]
    return _begins_name(words, at) and not _missing(later, ("(", "VALUES", "SELECT", "DEFAULT"))


def _is_update(words: Sequence[str]) -> bool:
    first = 3 if words[1:2] == ("OR",) else 1
    later = words[first + 1 :]
    return _begins_name(words, first) and "SET" in later[:6] and not _missing(later, ("=", _HOLE))


def _is_delete(words: Sequence[str]) -> bool:
    if words[1:2] != ("FROM",) or not _begins_name(words, 2):
        return False
    return words[3:4] in ((), (";",), (".",)) or not _missing(words[3:8], ("WHERE", "RETURNING"))


def _is_with(words: Sequence[str]) -> bool:
    near = [at for at, word in enumerate(words[:60]) if word == "AS"]
    return any(words[at + 1 : at + 2] in (("(",), ("MATERIALIZED",), ("NOT",)) for at in near)


def _is_create(words: Sequence[str]) -> bool:
    said = " ".join(words[1:])
    made = _MAKES.match(said)
    if made is None:
        return False
    rest = said[made.end() :].split()
    if rest[:3] == ["IF", "NOT", "EXISTS"]:
        return True
    last = ("(", "AS", "ON", "USING", "BEFORE", "AFTER", "INSTEAD", ".")
    return bool(rest) and rest[0] not in _ARTICLES and any(each in last for each in rest[1:4])


def _is_alter(words: Sequence[str]) -> bool:
    acts = ("ADD", "DROP", "RENAME", "ALTER")
    return words[1:2] == ("TABLE",) and not _missing(words[3:7], acts)


def _is_drop(words: Sequence[str]) -> bool:
    if words[1:2] not in (("TABLE",), ("VIEW",), ("INDEX",), ("TRIGGER",)):
        return False
    ends = ((), (";",), (".",), ("CASCADE",))
    return words[2:4] == ("IF", "EXISTS") or (_begins_name(words, 2) and words[3:4] in ends)


def _is_pragma(words: Sequence[str]) -> bool:
    return len(words) > 1 and words[2:3] in ((), ("=",), ("(",), (";",), (".",))


def _missing(words: Sequence[str], wanted: Sequence[str]) -> bool:
    return not any(each in words for each in wanted)


_SHAPES: Mapping[str, Callable[[Sequence[str]], bool]] = {
    "SELECT": _is_select,
    "INSERT": _is_insert,
    "REPLACE": _is_insert,
    "UPDATE": _is_update,
    "DELETE": _is_delete,
    "WITH": _is_with,
    "CREATE": _is_create,
    "ALTER": _is_alter,
    "DROP": _is_drop,
    "PRAGMA": _is_pragma,
    "EXPLAIN": _is_select,
}


def _points(found: Sequence[Token], words: Sequence[str], text: str) -> int:
    """What speaks for SQL, less what speaks for a sentence."""
    bare = [word for token, word in zip(found, words, strict=False) if token.kind is Kind.WORD]
    signs = sum(1 for word in set(words) if word in _OPERATORS or word == "(")
    prose = len(_PROSE.intersection(bare))
    ended = text.rstrip()[-1:] in (".", "!", "…")
    return (
        _cased(found)
        + min(signs, 3)
        - 2 * prose
        - 2 * ended
        - 2 * (_longest_run(words) > _MOST_NAMES)
    )


def _cased(found: Sequence[Token]) -> int:
    """How the words of SQL are written: in capitals, in small letters, or as in a sentence."""
    first = found[0].text
    others = [each.text for each in found[1:] if each.text.upper() in _CLAUSES]
    if first.isupper():
        return 3 if not others or others[0].isupper() else 2
    if first.islower():
        return 1 if not others or others[0].islower() else 0
    return 0 if others and others[0] == others[0].title() else -1


def _longest_run(words: Sequence[str]) -> int:
    """How many names follow FROM, INTO, TABLE or UPDATE, one on the other, as no SQL has it."""
    longest = 0
    for at, word in enumerate(words):
        if word in ("FROM", "INTO", "JOIN"):
            run = takewhile(lambda each: each.isidentifier(), words[at + 1 :])
            names = takewhile(lambda each: each not in _FOLLOWS_NAME, run)
            longest = max(longest, len(tuple(names)))
    return longest
