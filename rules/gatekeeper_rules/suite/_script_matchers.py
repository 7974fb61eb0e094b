"""What `expect(…)`, `assert…` and their likes expect, in one form whichever library it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gatekeeper.source.script_chains import Link, awaited, bare, links
from gatekeeper.source.script_syntax import Syntax, said, walk
from gatekeeper_rules.suite._written import Expectation, Strength

_E, _C, _P, _T = Strength.EXACT, Strength.CLOSE, Strength.PARTIAL, Strength.THERE


class Matched(NamedTuple):
    """An expectation of a script: what is looked at, how, and what it is held against.

    `way` is a word for the kind of matcher, with `not ` before it where it is denied; `by` the
    name that is taken at its word for it. `promised` says that it is a promise to be awaited.
    """

    subject: Syntax
    way: str
    against: tuple[Syntax, ...]
    strength: Strength
    by: str = ""
    promised: bool = False

    def expectation(self, line: int) -> Expectation:
        """As it is compared with others."""
        subject = said(awaited(self.subject)) or self.by
        given = ",".join(said(bare(each)) for each in self.against)
        says = f"{subject} {self.way} {given}".rstrip()
        return Expectation(says, subject, self.strength, line)


_WAYS: Mapping[str, str] = {
    **dict.fromkeys(("toBe", "toEqual", "toStrictEqual", "equal", "equals", "eq", "eql"), "=="),
    **dict.fromkeys(("eqls", "strictEqual", "deepEqual", "deepStrictEqual", "is", "same"), "=="),
    **dict.fromkeys(("looseEqual", "deepLooseEqual", "assertEquals", "assertStrictEquals"), "=="),
    **dict.fromkeys(("toBeTruthy", "ok", "true", "isTrue", "isOk", "truthy", "assert"), "holds"),
    **dict.fromkeys(("toBeFalsy", "false", "isFalse", "isNotOk", "falsy", "notOk"), "not holds"),
    **dict.fromkeys(("toBeDefined", "exist", "exists", "isDefined", "assertExists"), "is there"),
    **dict.fromkeys(("toBeUndefined", "undefined", "isUndefined"), "== undefined"),
    **dict.fromkeys(("toBeNull", "null", "isNull"), "== null"),
    **dict.fromkeys(("toBeNaN", "NaN", "isNaN"), "== NaN"),
    **dict.fromkeys(("notEqual", "notStrictEqual", "notDeepEqual", "not"), "not =="),
    **dict.fromkeys(("notDeepStrictEqual", "isNot", "notSame", "assertNotEquals"), "not =="),
    **dict.fromkeys(("toThrow", "toThrowError", "throw", "throws", "Throw"), "throws"),
    **dict.fromkeys(
        ("rejects", "rejected", "rejectedWith", "throwsAsync", "assertThrows"), "throws"
    ),
    **dict.fromkeys(("notThrows", "doesNotThrow", "doesNotReject", "notThrowsAsync"), "not throws"),
    **dict.fromkeys(
        ("toMatchSnapshot", "toThrowErrorMatchingSnapshot", "matchSnapshot"), "snapshot"
    ),
    **dict.fromkeys(("snapshot", "toMatchFileSnapshot", "toHaveScreenshot"), "snapshot"),
}
_ORDERS = frozenset({"<", ">", "<=", ">=", "in", "instanceof"})
_LEAVES: Mapping[str, Strength] = {
    **dict.fromkeys(_ORDERS, _P),
    "holds": _P,
    "not holds": _P,
    "is there": _T,
    "not == undefined": _T,
    "not == null": _T,
    "not is there": _E,
    "snapshot": _P,
    "not ==": _P,
    "not throws": _P,
    **dict.fromkeys(("toMatchObject", "toContain", "toContainEqual", "toMatch", "match"), _P),
    **dict.fromkeys(("include", "includes", "contain", "contains", "toHaveProperty"), _P),
    **dict.fromkeys(("property", "toBeInstanceOf", "instanceOf", "instanceof", "a", "an"), _P),
    **dict.fromkeys(("toBeGreaterThan", "toBeGreaterThanOrEqual", "toBeLessThan"), _P),
    **dict.fromkeys(("toBeLessThanOrEqual", "above", "below", "least", "most", "within"), _P),
    **dict.fromkeys(("toHaveBeenCalled", "toBeCalled", "called", "toHaveReturned"), _P),
    **dict.fromkeys(("toBeTypeOf", "toSatisfy", "satisfy", "toBeOneOf", "oneOf", "like"), _P),
    **dict.fromkeys(("partialDeepStrictEqual", "toContainKeys", "keys", "regex", "typeOf"), _P),
    **dict.fromkeys(("toBeCloseTo", "closeTo", "approximately", "toHaveLength", "lengthOf"), _C),
    **dict.fromkeys(("toContainText", "toBeEnabled", "toBeVisible", "toBeInTheDocument"), _C),
    **dict.fromkeys(("length", "empty", "toHaveLengthOf", "isEmpty", "notInclude"), _C),
    **dict.fromkeys(("not toContain", "not toMatch", "not toContainEqual", "not include"), _C),
}
_ANYTHING = frozenset({"anything"})
_LOOSE = frozenset(
    {
        *("any", "objectContaining", "arrayContaining", "stringContaining", "stringMatching"),
        *("closeTo", "schemaMatching"),
    }
)


def matched(
    subject: Syntax, name: str, given: tuple[Syntax, ...], *, denied: bool = False, by: str = ""
) -> Matched:
    """What a matcher of a name says of a subject."""
    way = _WAYS.get(name, name)
    if denied:
        way = way.removeprefix("not ") if way.startswith("not ") else f"not {way}"
    if way == "==" and given and given[0].type in ("null", "undefined"):
        way, given = f"== {said(given[0])}", ()
    if way in ("==", "holds", "not holds"):
        subject, way, given = _plain(subject, way, given)
    if way == "==" and bare(subject).has("typeof"):
        subject, way = bare(subject).of("argument"), "toBeTypeOf"
    strength = _strength(way, given)
    if given and said(bare(subject)) == said(bare(given[0])):
        strength = min(strength, _P)  # an answer that is held against itself
    return Matched(subject, way, given, strength, by)


def _plain(
    subject: Syntax, way: str, given: tuple[Syntax, ...]
) -> tuple[Syntax, str, tuple[Syntax, ...]]:
    """Without what says nothing: `expect(a === b).toBe(true)` looks at `a`."""
    is_truth = way == "==" and bool(given) and given[0].type in ("true", "false")
    held = bare(subject)
    if held.type != "binary_expression" or not (is_truth or way.endswith("holds")):
        return subject, way, given
    sign = held.of("operator").text
    if sign in _ORDERS and (way.endswith("holds") or is_truth):
        return held.of("left"), sign, (held.of("right"),)
    denied = (is_truth and given[0].type == "false") or way == "not holds"
    ways = {"===": "==", "==": "==", "!==": "not ==", "!=": "not =="}
    if sign not in ways:
        return subject, way, given
    way = ways[sign]
    if denied:
        way = "==" if way == "not ==" else "not =="
    return held.of("left"), way, (held.of("right"),)


def _strength(way: str, given: tuple[Syntax, ...]) -> Strength:
    if way == "throws":
        return _thrown(given)
    if way == "toHaveProperty" and len(given) > 1:
        return _C
    if way in _LEAVES:
        return _LEAVES[way]
    if way.startswith("not ") and way != "not toHaveBeenCalled":
        return _LEAVES.get(way.removeprefix("not "), _P)
    return _asymmetric(given) if given else _E


def _thrown(given: tuple[Syntax, ...]) -> Strength:
    """An error by its message, by its class alone, or any at all."""
    told = [each for each in map(bare, given) if each.type != "undefined"]
    if not told:
        return _P
    if told[0].type == "identifier" and len(told) == 1:
        return _P if told[0].text == "Error" else _C
    return _E


def _asymmetric(given: tuple[Syntax, ...]) -> Strength:
    """`expect.anything()`, `expect.any(…)` and the rest: alone, or somewhere in a value."""
    name = asymmetric(given[0])
    if name in _ANYTHING:
        return _T
    if name in _LOOSE:
        return _P
    inner = (asymmetric(each) for each in _values(given[0]))
    return _C if any(inner) else _E


def asymmetric(node: Syntax) -> str:
    """The name of a matcher that stands in the place of a value; "" for any other value."""
    node = bare(node)
    chain = links(node) if node.type == "call_expression" else ()
    is_one = len(chain) > 1 and chain[0].name in ("expect", "sinon", "jasmine", "match")
    return chain[-1].name if is_one and chain[0].given is None else ""


def _values(node: Syntax) -> tuple[Syntax, ...]:
    return tuple(each for each in walk(node) if each.type == "call_expression")


def of_chain(chain: tuple[Link, ...], words: frozenset[str]) -> tuple[str, bool, bool] | None:
    """The matcher of `expect(x).…`: its name, whether it is denied, whether it is a promise's.

    `words` only lead to it. None where there is none.
    """
    denied = promised = False
    name = ""
    for link in chain:
        if link.name == "not":
            denied = not denied
        elif link.name in ("resolves", "rejects") and link.given is None:
            promised = True
        elif link.name in words and link.given is None:
            continue
        else:
            name = link.name or name
    return (name, denied, promised) if name else None
