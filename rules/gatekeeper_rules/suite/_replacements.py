"""The tests that took the place of others, as the contract names them, and whether they do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from gatekeeper import Contract, Doubt, Stricter, Term
from gatekeeper.reading.tests import TestRun
from gatekeeper.value import dataclass, field
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._runs import cases, function_of, passed, path_of, written

TEST_LOST = "test-lost"
_PATTERN = frozenset("*?")


@dataclass(frozen=True, slots=True)
class Replaced:
    """The tests that others took the place of."""

    replaced: Mapping[str, str] = field(
        default_factory=dict,
        metadata={
            "stricter": Stricter.FEWER,
            "says": "the base's test, and the one that took its place",
        },
    )


def agreed(contract: Contract) -> Mapping[str, str]:
    """All replacements that a contract names, whichever clause they stand at."""
    terms = (term for clause in contract.clauses for term in clause.terms)
    return {was: now for term in terms for was, now in _named(term).items()}


def _named(term: Term) -> Mapping[str, str]:
    given = term.options
    return given.replaced if term.rule == TEST_LOST and isinstance(given, Replaced) else {}


class Replacements:
    """Says of a test of the base whether another one took its place.

    `before` and `after` are the tests of the two runs by their functions.
    """

    def __init__(
        self, replaced: Mapping[str, str], base: TestRun, head: TestRun, followed: Followed
    ) -> None:
        self._replaced = replaced
        self._base = base
        self.before = cases(base)
        self.after = cases(head)
        self._head = head
        self._followed = followed
        self._shared = Counter(replaced.values())

    def accepts(self, lost: str) -> bool:
        """Whether a replacement is named for the test, and stands for it."""
        return self.named(lost) is not None and self.refusal(lost) is None

    def named(self, lost: str) -> str | None:
        """The replacement that the contract names for the test, or for all of its cases."""
        return self._replaced.get(lost) or self._replaced.get(function_of(lost))

    def refusal(self, lost: str) -> str | None:
        """Why the named replacement does not stand for the test; completes "X …"."""
        name = self.named(lost)
        if name is None:
            return None
        own = self._head.tests.get(name)
        tests = (own,) if own is not None else self.after.get(name, ())
        if not tests:
            return "did not run at the head"
        if not passed(tests):
            return "did not pass at the head"
        if name in self._base.tests or name in self.before:
            return "is a test of the base already, which cannot stand for two"
        if self._shared[name] > 1:
            return "is named for several tests, and can stand for one"
        return "expects nothing (see test-hollow)" if self._is_hollow(name) else None

    def _is_hollow(self, name: str) -> bool:
        function = function_of(name)
        found = written(self._followed, function)
        return found is not None and not self._followed.expects(function.partition("::")[0], found)

    def misuses(self) -> Iterator[Doubt]:
        """A file, a folder or a pattern in the place of a test: none of them is one."""
        paths = {path_of(each) for each in self._base.tests.values()}
        for name in self._replaced:
            if name in self._base.tests or name in self.before:
                continue
            folder = name.rstrip("/") + "/"
            wide = name in paths or any(path.startswith(folder) for path in paths)
            if wide or not _PATTERN.isdisjoint(function_of(name)):
                yield Doubt(f"`replaced` names {name}, which is no test: name each one by its id")
