"""The positive control of a JUnit report: the same command, on tests of ours that must fail."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

from gatekeeper.git import printable
from gatekeeper.reading.control_tests import RUNNERS, failing_in, text_of
from gatekeeper.reading.overlay import is_test_file, with_files
from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass, field, replace

AT_ITS_WORD = "No test of ours was run beside these: the report is taken at its word."

_SCRIPT_TESTS = re.compile(
    r"(?:.*/)?(?:[^/]*\.(?:test|spec)\.[cm]?[jt]sx?|__tests__/.*\.[cm]?[jt]sx?)"
)
_PASSED = (Outcome.PASSED, Outcome.XPASSED)
_FAILED = (Outcome.FAILED, Outcome.ERROR)


def controlled(
    run: TestRun, content: Snapshot, again: Callable[[Snapshot], object], *, accepted: bool
) -> TestRun:
    """A run of `content`, once tests of ours have been seen to fail in place of those that passed.

    `again` gives the report of the same command on another content. Of runners that know no
    such tests a report counts where it is `accepted` as it is. Raises Unusable.
    """
    passed = [ran for ran in run.tests.values() if ran.outcome in _PASSED]
    if not passed:
        return run
    if run.tool not in RUNNERS:
        if accepted:
            return replace(run, notes=(*run.notes, AT_ITS_WORD))
        raise Unusable(
            "the test run cannot be trusted: its report is of no runner that tests of ours, which "
            f"must fail, can be given to ({', '.join(RUNNERS)}); `accept: given` at the reading "
            "takes its word"
        )
    try:
        _Control(run.tool, _places(run, passed, content)).hold(content, run, again)
    except _Doubtful as doubt:
        raise Unusable(f"the test run cannot be trusted: {doubt}") from None
    return run


class _Doubtful(Exception):
    """What does not go as it must."""


def _word() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class _Control:
    """Tests of ours in the place of some files of tests; what they are called is new each time."""

    runner: str
    places: tuple[str, ...]
    passes: str = field(default_factory=_word)
    fails: str = field(default_factory=_word)
    left: str = field(default_factory=_word)
    right: str = field(default_factory=_word)

    def hold(self, content: Snapshot, run: TestRun, again: Callable[[Snapshot], object]) -> None:
        """Run them, and see what becomes of them; the other files of tests are left out."""
        text = text_of(self.runner, self.passes, self.fails, (self.left, self.right))
        others = _tests_of(run, content)
        try:
            seen = again(with_files(content, dict.fromkeys(self.places, text), others))
        except Unusable as unusable:
            raise _Doubtful(
                f"with tests of ours in the place of {self._shown()} there is no report: {unusable}"
            ) from None
        self._check(seen.tests if isinstance(seen, TestRun) else {})

    def _check(self, tests: Mapping[str, Ran]) -> None:
        fell, stood = (
            [ran for ran in tests.values() if word in ran.id] for word in (self.fails, self.passes)
        )
        for ran in fell:
            if ran.outcome not in _FAILED:
                raise _Doubtful(f"a test of ours that must fail {_said(ran)}")
        for ran in stood:
            if ran.outcome is not Outcome.PASSED:
                raise _Doubtful(f"a test of ours that must pass {_said(ran)}: {ran.reason}")
        told = any(ran.path for ran in (*fell, *stood))
        for place in self.places if told else ("",):
            there = [ran for ran in fell if ran.path == place or not place]
            if len(there) < failing_in(self.runner) or not any(
                ran.path == place or not place for ran in stood
            ):
                raise _Doubtful(
                    f"tests of ours in the place of {printable(place) or self._shown()}, which "
                    f"must fail, did not run or are not in its report ({len(there)} of "
                    f"{failing_in(self.runner)})"
                )

    def _shown(self) -> str:
        first, *more = (printable(each) for each in self.places)
        return f"{first} and {len(more)} more" if more else first


def _said(ran: Ran) -> str:
    where = f" in {printable(ran.path)}" if ran.path else ""
    return f"is told as {ran.outcome.value!r}{where}"


def _places(run: TestRun, passed: Iterable[Ran], content: Snapshot) -> tuple[str, ...]:
    """A file of each folder and kind in which a test passed, as far as the report names files."""
    paths = {ran.path for ran in passed}
    if paths == {""}:
        paths = _tests_of(run, content)
        if not paths:
            raise _Doubtful(
                "its report names no files, and there is none that is called like one of tests; "
                "have it name them (jest-junit: `addFileAttribute`)"
            )
    for path in sorted(paths):
        if path not in content.entries or not content.entries[path].is_file:
            raise _Doubtful(
                f"a test passed in {printable(path) or 'a file that it does not name'}, which is "
                "no file of the tree"
            )
    return tuple({_kind(path): path for path in sorted(paths, reverse=True)}.values())


def _tests_of(run: TestRun, content: Snapshot) -> set[str]:
    """The files that hold tests of a run: by its report, and scripts by their names as well."""
    named = {ran.path for ran in run.tests.values() if is_test_file(ran.path)}
    if run.tool != "pytest":
        named |= {path for path in content.entries if _SCRIPT_TESTS.fullmatch(path)}
    return named & content.entries.keys()


def _kind(path: str) -> tuple[str, str]:
    file = PurePosixPath(path)
    return str(file.parent), "".join(file.suffixes[-2:])
