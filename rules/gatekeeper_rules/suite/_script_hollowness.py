"""What is hollow in the tests of a change in TypeScript and JavaScript, and was not in the base."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper import Change, Doubt, Finding, Unreadable
from gatekeeper_rules.suite import _hollow_words as words
from gatekeeper_rules.suite._hollowness import Hollowness, Language
from gatekeeper_rules.suite._pairs import Pair, exits
from gatekeeper_rules.suite._script_files import SCRIPTS
from gatekeeper_rules.suite._script_followed import ScriptFollowed
from gatekeeper_rules.suite._script_paths import is_script_test_code
from gatekeeper_rules.suite._twins import Place
from gatekeeper_rules.suite._written import Called, Fault, Written

_SNAPSHOTS = (".snap", ".shot")


class ScriptHollowness(Hollowness[ScriptFollowed]):
    """Goes through the scripts of tests that a change touches."""

    language = Language("functions of test scripts", "these scripts", "tables of cases")

    def __init__(self, change: Change) -> None:
        super().__init__(change, ScriptFollowed(change.base), ScriptFollowed(change.head))

    def _is_test_code(self, path: str) -> bool:
        return is_script_test_code(path)

    def _holds_tests(self, path: str) -> bool:
        return is_script_test_code(path)

    def _unreadable(self, path: str) -> Iterator[Doubt]:
        try:
            unread = self._change.head.facts(SCRIPTS, path).unread
        except Unreadable as unreadable:
            yield Doubt(unreadable.reason, path, unreadable.line)
            return
        if unread:
            yield Doubt("its grammar is at a loss here", path, unread[0])

    def _was(self, path: str, now: Written) -> Place | None:
        return super()._was(path, now) or self._regrouped(path, now)

    def _regrouped(self, path: str, now: Written) -> Place | None:
        """A test of the same file that had the title, in another group, and is gone from there."""
        was, head = self._base.file(path), self._head.file(path)
        if was is None or head is None or not now.is_test:
            return None
        kept = {each.name for each in head.functions}
        gone = [each for each in was.functions if each.is_test and each.name not in kept]
        found = [each for each in gone if _title(each) == _title(now)]
        return (path, found[0]) if len(found) == 1 else None

    def _of_file(self, path: str) -> Iterator[Finding]:
        now, was = self._head.file(path), self._base.file(path)
        for each in self._fresh(now.faults if now else (), was.faults if was else ()):
            yield words.fault(self._change.head, path, None, each)
        yield from self._own_expect(path)

    def _own_expect(self, path: str) -> Iterator[Finding]:
        """An `expect` that another file of the repository makes up."""
        place = self._head.made_up(path, "expect")
        if place is not None and self._base.made_up(path, "expect") is None:
            yield words.replaced(self._change.head, path, place)

    def _new_faults(self, pair: Pair) -> Iterator[Fault]:
        was = pair.was
        yield from self._fresh(pair.now.idle, was.idle if was is not None else ())
        if was is not None:
            yield from exits(was, pair.now)
            yield from self._own_subject(pair, was)
        yield from self._fresh(pair.now.faults, was.faults if was is not None else ())

    def _own_subject(self, pair: Pair, was: Written) -> Iterator[Fault]:
        """Names that a test called code under test by, and that stand for its own code now."""
        had = {each.name for each in was.calls}
        for call in pair.now.calls:
            if (
                call.name not in had
                or self._head.subject(pair.path, pair.now, call.name) is not False
            ):
                continue
            had.discard(call.name)
            if self._base.subject(pair.was_at, was, call.name):
                why = "is made by the tests themselves, and at the base was the code under test"
                yield Fault(why, "Test the code itself.", call.line, 1, call.name)

    def _told(self, test: Written) -> Sequence[Fault]:
        return (*test.faults, *test.idle)

    def _mocked(self, followed: ScriptFollowed, path: str, test: Written) -> Called | None:
        name = followed.doubles(path, test)
        if not name:
            return None
        line = next((each.line for each in test.calls if each.name == name), test.line)
        return Called(name, line)

    def _further(self) -> Iterator[tuple[str, Sequence[str]]]:
        yield (
            "snapshots that were edited",
            [
                path
                for path, changed in self._change.files.items()
                if path.endswith(_SNAPSHOTS)
                and changed.before is not None
                and changed.after is not None
            ],
        )


def _title(test: Written) -> str:
    return test.name.rpartition(" > ")[2]
