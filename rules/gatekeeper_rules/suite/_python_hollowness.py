"""What is hollow in the Python tests of a change, and was not in the base."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Change, Doubt, Finding, Unreadable
from gatekeeper_rules.suite import _hollow_words as words
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._hollowness import Hollowness, Language
from gatekeeper_rules.suite._mocked import mocked_subject
from gatekeeper_rules.suite._pairs import Pair, exits
from gatekeeper_rules.suite._test_files import TESTS
from gatekeeper_rules.suite._test_paths import is_test_code, is_test_file
from gatekeeper_rules.suite._wrapped import muted, own_subject
from gatekeeper_rules.suite._written import Called, Fault, Written


class PythonHollowness(Hollowness[Followed]):
    """Goes through the Python test code that a change touches."""

    language = Language("functions of test code", "these files", "parametrisations with cases")

    def __init__(self, change: Change) -> None:
        super().__init__(change, Followed(change.base), Followed(change.head))

    def _is_test_code(self, path: str) -> bool:
        return is_test_code(path)

    def _holds_tests(self, path: str) -> bool:
        return is_test_file(path)

    def _unreadable(self, path: str) -> Iterator[Doubt]:
        try:
            self._change.head.facts(TESTS, path)
        except Unreadable as unreadable:
            yield Doubt(unreadable.reason, path, unreadable.line)

    def _new_faults(self, pair: Pair) -> Iterator[Fault]:
        now, was = (pair.path, pair.now), (pair.was_at, pair.was)
        yield from pair.now.idle if pair.was is None else exits(pair.was, pair.now)
        yield from muted(self._head, now, self._base, was)
        yield from own_subject(self._head, now, self._base, was)
        yield from self._fresh(pair.now.faults, pair.was.faults if pair.was else ())

    def _mocked(self, followed: Followed, path: str, test: Written) -> Called | None:
        return mocked_subject(followed, path, test)

    def _relied_on(self, function: Written) -> set[str]:
        return {*super()._relied_on(function), *function.parameters}

    def _of_file(self, path: str) -> Iterator[Finding]:
        now, was = self._head.file(path), self._base.file(path)
        if now is None:
            return
        known = {name.name for name in was.replaced} if was is not None else set[str]()
        for name in now.replaced:
            if name.name not in known and self._head.leads_into_production(path, name.name):
                yield words.replaced(self._change.head, path, name)
        for each in self._fresh(now.faults, was.faults if was is not None else ()):
            yield words.fault(self._change.head, path, None, each)
