"""Which expressions of scripts expect something, and which only look as if they did."""

from __future__ import annotations

import re
from typing import NamedTuple

from gatekeeper.source.script_chains import Link, links, root_of
from gatekeeper.source.script_syntax import NOTHING, Syntax
from gatekeeper_rules.suite._script_known import Known
from gatekeeper_rules.suite._script_matchers import Matched, matched, of_chain
from gatekeeper_rules.suite._written import Strength

_LEADING_WORDS = """
to be been is that which and has have with at of same but does still also deep own nested
ordered any all itself eventually should soft poll element
"""
_WORDS = frozenset(_LEADING_WORDS.split())
_PROPERTIES_WORDS = """
true false null undefined ok exist empty NaN arguments extensible sealed frozen finite called
calledOnce calledTwice calledThrice notCalled fulfilled rejected exists numeric visible
displayed checked enabled selected
"""
_PROPERTIES = frozenset(_PROPERTIES_WORDS.split())
_SUBJECTS = frozenset({"soft", "poll", "element"})
_FAILS = frozenset({"fail", "unreachable"})
_COUNTS = frozenset({"assertions", "hasAssertions"})
_OF_TEST_WORDS = """
is equal deepEqual strictEqual deepStrictEqual true false truthy falsy ok notOk not notEqual
notDeepEqual throws throwsAsync notThrows notThrowsAsync rejects doesNotThrow doesNotReject
regex match like same snapshot assert error looseEqual deepLooseEqual isNot notSame
"""
_OF_TEST = frozenset(_OF_TEST_WORDS.split())
_FOUND = re.compile(r"(?:get|find)(?:All)?By[A-Z]\w*$|waitForSelector$|expectOne$")
_SAYS = re.compile(
    r"_*(?:assert(?:ion)?s?|expect(?:ation)?s?|should|must|checks?|verify|ensure|validate)(?![a-z])"
)
_TYPES = frozenset({"expectTypeOf", "assertType", "expectType", "expectNotType"})
TYPED = "is of the type"
"""How an expectation is put that is for the compiler, whether it is reached or not."""

_NO_MATCHER = "has no matcher, so it expects nothing"
_NOT_CALLED = "is named and not called, so it does nothing"
_PASSES = "holds whatever happens"
_NONE = "says that nothing is expected"


class Asked(NamedTuple):
    """What an expression expects, or why it expects nothing though it looks as if it did.

    `counts` says that it makes sure that something is expected.
    """

    found: Matched | None
    idle: str = ""
    counts: bool = False


def asked(node: Syntax, known: Known, given: str) -> Asked | None:
    """What an expression expects; `given` is the name of the test's own parameter.

    None for what has nothing to do with expecting. The expression is a whole chain.
    """
    chain = links(node)
    root = chain[0].name
    found = None
    if root in known.expects and root not in known.own:
        found = _of_expect(chain)
    elif root in known.asserts and root not in known.own:
        found = _of_assert(chain)
    elif root in known.functions and chain[0].given is not None:
        found = _held(known.functions[root], chain[0].given, "")
    elif given and root == given and len(chain) > 1:
        found = _of_test(chain)
    return found or _otherwise(node, chain)


def _of_expect(chain: tuple[Link, ...]) -> Asked | None:
    first, *rest = chain
    given, is_later = first.given, False
    if given is None and rest and rest[0].name in _SUBJECTS:
        given, is_later = rest[0].given, rest[0].name != "soft"
        rest = rest[1:]
    if given is None:
        return _of_expect_itself(rest)
    found = of_chain(tuple(rest), _WORDS)
    if not given or found is None:
        return Asked(None, _NO_MATCHER)
    name, denied, promised = found
    against = rest[-1].given
    if against is None and name not in _PROPERTIES:
        return Asked(None, _NOT_CALLED)
    made = matched(given[0], name, against or (), denied=denied)
    return Asked(made._replace(promised=promised or is_later))


def _of_expect_itself(rest: list[Link]) -> Asked | None:
    """`expect.assertions(1)`, `expect.fail()`; matchers of values are no expectations."""
    name, given = (rest[0].name, rest[0].given) if rest else ("", None)
    if name in _FAILS and given is not None:
        return Asked(_failing(name))
    if name in _COUNTS and given is not None:
        is_none = bool(given) and given[0].text == "0"
        return Asked(None, _NONE if is_none else "", counts=not is_none)
    return None


def _of_assert(chain: tuple[Link, ...]) -> Asked | None:
    if chain[0].given is not None:
        return _held("assert", chain[0].given, "")
    last = chain[-1]
    return _held(last.name, last.given, "") if last.given is not None else None


def _held(name: str, given: tuple[Syntax, ...], by: str) -> Asked | None:
    if name in _FAILS:
        return Asked(_failing(name))
    if not given:
        return None
    subject, *against = given
    if name in ("doesNotReject", "rejects", "throwsAsync", "notThrowsAsync"):
        return Asked(matched(subject, name, tuple(against), by=by)._replace(promised=True))
    is_message = name in ("ok", "assert", "true", "isTrue", "truthy", "false", "falsy", "notOk")
    return Asked(matched(subject, name, () if is_message else tuple(against[:1]), by=by))


def _of_test(chain: tuple[Link, ...]) -> Asked | None:
    """`t.is(a, b)` of ava and tape, `t.assert.equal(a, b)` of Node."""
    last = chain[-1]
    if last.given is None:
        return None
    if chain[1].name == "assert" or last.name in _OF_TEST:
        return _held(last.name, last.given, "")
    if last.name == "pass":
        return Asked(None, _PASSES)
    if last.name == "plan":
        is_none = bool(last.given) and last.given[0].text == "0"
        return Asked(None, _NONE if is_none else "", counts=not is_none)
    return Asked(_failing("fail")) if last.name == "fail" else None


def _otherwise(node: Syntax, chain: tuple[Link, ...]) -> Asked | None:
    """Expectations that are known by the name of what is called at the end."""
    last = chain[-1]
    names = [each.name for each in chain]
    if "should" in names and chain[0].name != "should":
        return _should(node, chain)
    if last.given is None:
        return None
    found = None
    if chain[0].name in _TYPES:
        found = Matched(node, TYPED, (), Strength.EXACT)
    elif "assert" in names[1:]:
        found = Matched(node, "is so", (), Strength.EXACT)
    elif "expect" in names[1:]:
        given = next(each.given for each in chain[1:] if each.name == "expect")
        found = Matched(root_of(node), "answers", given or (), Strength.EXACT)
    elif names[-1] in _FAILS and not names[2:]:
        found = _failing(names[-1])
    elif _FOUND.match(last.name):
        found = Matched(node, "is there", (), Strength.THERE)
    return None if found is None else Asked(found)


def _should(node: Syntax, chain: tuple[Link, ...]) -> Asked | None:
    at = [each.name for each in chain].index("should")
    link, rest = chain[at], chain[at + 1 :]
    if link.given:
        return Asked(matched(root_of(node), "should", link.given))
    found = of_chain(rest, _WORDS)
    if found is None:
        return Asked(None, _NO_MATCHER)
    name, denied, promised = found
    if rest[-1].given is None and name not in _PROPERTIES:
        return Asked(None, _NOT_CALLED)
    made = matched(root_of(node), name, rest[-1].given or (), denied=denied)
    return Asked(made._replace(promised=promised))


def _failing(name: str) -> Matched:
    return Matched(NOTHING, "fails", (), Strength.EXACT, by=name)


def says_so(name: str) -> bool:
    """Whether something is called as what expects something is."""
    return bool(_SAYS.match(name))
