"""What a statement that writes rows says of itself: its verb, its columns, what it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.migrations.lexemes import Kind, Lexeme

_WRITES = ("delete", "update", "insert", "replace")
_FILTERS = frozenset(("where", "having", "limit", "offset", "except", "intersect", "join"))
_SOURCES = frozenset(("from", "join", "as", "materialized"))  # what opens a scope that gives rows
_OUTER = frozenset(("left", "outer", "full", "right", "cross"))
_ALWAYS = frozenset(("true", "not", "and", "or", "false"))
_ENDS = frozenset(("order", "group", "limit", "on", "union", "window", "returning"))
_CUTS = frozenset(("where", "having", "limit", "on"))
_SIGNS = frozenset(("+", "/", "%", "||", "&", "|", "<<", ">>", "~"))
_BEFORE_PAREN_WORDS = """
in exists and or not where select on values as from join using when then else limit between like
is case set by all distinct union except intersect
"""
_BEFORE_PAREN = frozenset(_BEFORE_PAREN_WORDS.split())
_NAMES = (Kind.WORD, Kind.QUOTED)


def verb_of(said: Sequence[Lexeme]) -> str:
    """What a statement does to rows, behind its common tables; "" where it does nothing.

    A table that is made of a query is a `copy`.
    """
    depth = 0
    words = [each.value.lower() for each in said]
    if words[:1] == ["create"]:
        return "copy" if "table" in words[:2] and "select" in words else ""
    for each in said:
        depth += (each.value == "(") - (each.value == ")") if each.kind is Kind.SIGN else 0
        word = each.value.lower() if each.kind is Kind.WORD and depth == 0 else ""
        if word in _WRITES:
            return word
        if each is said[0] and word != "with":
            return ""
    return ""


def has_condition(said: Sequence[Lexeme]) -> bool:
    """Whether an UPDATE or DELETE is not of all rows."""
    words = (each.value.lower() for each in said[2:] if each.kind is Kind.WORD)
    return any(word in ("where", "from", "limit") for word in words)


def is_computed(said: Sequence[Lexeme]) -> bool:
    """Whether a condition is more than comparisons of columns with each other and with literals."""
    start = next((at for at, each in enumerate(said) if each.value.lower() in _CUTS), len(said))
    if any(each.value.lower() in ("limit", "offset") for each in said[start:]):
        return True
    for at in range(start + 1, len(said)):
        each, before = said[at], said[at - 1]
        if each.kind is Kind.SIGN and each.value in _SIGNS:
            return True
        if before.value.lower() in _BEFORE_PAREN:
            continue
        operand = before.kind in (*_NAMES, Kind.NUMBER) or before.value == ")"
        if each.kind is Kind.SIGN and each.value in ("-", "*") and operand:
            return True
        if each.value == "(" and before.kind is Kind.WORD:
            return True
    return False


def updated(said: Sequence[Lexeme]) -> Iterator[str]:
    """The columns that an UPDATE gives another value, in small letters; `a = a` does not count."""
    depth, open_ = 0, False
    for at, each in enumerate(said):
        depth += (each.value == "(") - (each.value == ")") if each.kind is Kind.SIGN else 0
        word = each.value.lower()
        if depth == 0 and each.kind is Kind.WORD and word in ("set", "where", "from", "returning"):
            if open_ and word != "set":
                return
            open_ = open_ or word == "set"
        behind = said[at + 1].value if at + 1 < len(said) else ""
        before = said[at - 1].value.lower()
        if open_ and depth == 0 and each.kind in _NAMES and behind == "=":
            rest = [each.value.lower() for each in said[at + 2 : at + 4]]
            alone = rest[:1] == [word] and rest[1:] in ([], [","], [";"], ["where"])
            if before in ("set", ",") and not alone:
                yield word


def filters(said: Sequence[Lexeme]) -> bool:
    """Whether a statement that copies rows can leave some out, by what it says itself."""
    gives = [True]  # for each scope that is open: whether it gives rows, and no single value
    before = ""
    for at, each in enumerate(said):
        word = each.value.lower() if each.kind in (Kind.WORD, Kind.SIGN) else ""
        if word == "(":
            gives.append(gives[-1] and before in _SOURCES)
        elif word == ")" and len(gives) > 1:
            gives.pop()
        elif gives[-1] and word in _FILTERS and not _is_idle(said, at):
            return True
        before = word
    return False


def _is_idle(said: Sequence[Lexeme], at: int) -> bool:
    """Whether a filter leaves nothing out: an outer join, a condition without a name in it."""
    if said[at].value.lower() == "join":
        return said[at - 1].value.lower() in _OUTER
    if said[at].value.lower() != "where":
        return False
    for each in said[at + 1 :]:
        word = each.value.lower()
        if word in _ENDS or word in (";", ")"):
            break
        if each.kind is Kind.QUOTED or (each.kind is Kind.WORD and word not in _ALWAYS):
            return False
    return True


def table_of(said: Sequence[Lexeme]) -> str:
    """The table that a statement writes to or makes, in small letters; "" where it is not seen."""
    words = [each.value.lower() for each in said]
    heads = ("update", "into", "table", "from")
    found = next((at for at, word in enumerate(words) if word in heads), len(words))
    rest = words[found + 1 : found + 8]
    for skipped in (("or",), ("if", "not", "exists")):
        if rest[: len(skipped)] == list(skipped):
            rest = rest[len(skipped) + (skipped == ("or",)) :]
    if rest[1:2] == ["."]:
        rest = rest[2:]
    return rest[0] if rest else ""
