"""New tests that a run leaves out, and those that fail where only others say that they may."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from posixpath import dirname

from gatekeeper import Change, Doubt, Note, Snapshot, Unreadable
from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper.source.python_ast import parsed
from gatekeeper.source.python_text import python_text
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._runs import function_of, path_of
from gatekeeper_rules.suite._test_paths import is_test_file
from gatekeeper_rules.suite._written import Written

_PYTEST = "::"
_SHOWN = 3
_MARKS = frozenset({"xfail", "expectedFailure"})
_UNREADABLE = (Unreadable, SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class LeftOut:
    """What a change writes in files of Python tests, held against the head's run of pytest.

    `base` is the base's run, None where it was not measured.
    """

    change: Change
    head: TestRun
    base: TestRun | None

    def unheard(self) -> Iterator[Doubt | Note]:
        """The new tests of which the run says nothing: whether they pass is not known.

        Where the base's own run deselects tests, leaving some out was agreed on.
        """
        if not any(_dotted(each).startswith("test") for each in self._names):
            return
        for path in filter(self._is_due, self.change.files):
            told = self._ran.get(path, frozenset())
            fresh = [each for each in self._fresh(path) if each.name not in told]
            chosen = [each for each in fresh if self._is_deselected(path, each)]
            if chosen and self.base is not None and self.base.deselected:
                said = ", ".join(f"{path}::{each.name}" for each in chosen)
                yield Note(f"new tests that the run leaves out, as it does others: {said}")
                fresh = [each for each in fresh if each not in chosen]
            if fresh:
                yield Doubt(_says(fresh), path, fresh[0].line)

    def excused(self) -> Iterator[Ran]:
        """The new tests that fail and are let off by something that is not in their file."""
        for each in self.head.tests.values():
            if each.outcome is Outcome.XFAILED and self._is_new(each):
                path = path_of(each)
                if path in self.change.head and not _speaks_of_it(self.change.head, path):
                    yield each

    def _is_new(self, ran: Ran) -> bool:
        if self.base is not None:
            return ran.id not in self.base.tests
        name = _dotted(function_of(ran.id))
        return any(each.name == name for each in self._fresh(path_of(ran)))

    def _fresh(self, path: str) -> list[Written]:
        """The tests that the head's file has and the base's has not, by name."""
        had = {each.name for each in self._tests(self._before, path)}
        return [each for each in self._tests(self._after, path) if each.name not in had]

    def _tests(self, followed: Followed, path: str) -> Iterator[Written]:
        """Those that pytest collects where it is told nothing else; mixins are for others."""
        file = followed.file(path) if is_test_file(path) else None
        for each in file.functions if file is not None else ():
            if each.is_test and (not each.owner or each.owner.startswith("Test")):
                yield each

    def _is_due(self, path: str) -> bool:
        """Whether a file is one that the run would have collected, going by its neighbours."""
        changed = self.change.files[path]
        if changed.after is None or not changed.after.is_file or not is_test_file(path):
            return False
        if path in self._ran:
            return path not in self._ran[path]
        if any(each.path.partition(_PYTEST)[0] == path for each in self.head.uncollected):
            return False
        at_base = self.base is not None and changed.before is not None
        if at_base and any(True for _ in self._tests(self._before, path)):
            return path in self._seen
        for folder in _folders(path):
            if folder in self._folders or folder in self._passed_over:
                return folder in self._folders
        return False

    def _is_deselected(self, path: str, test: Written) -> bool:
        names = (each for each in self.head.deselected if _dotted(function_of(each)) == test.name)
        return any(f"/{path}".endswith(f"/{each.partition(_PYTEST)[0]}") for each in names)

    @cached_property
    def _before(self) -> Followed:
        return Followed(self.change.base)

    @cached_property
    def _after(self) -> Followed:
        return Followed(self.change.head)

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(each for each in self.head.tests if _PYTEST in each)

    @cached_property
    def _ran(self) -> Mapping[str, frozenset[str]]:
        """What the head's run tells of, by file; a file that skipped itself stands for itself."""
        found: dict[str, set[str]] = {}
        for each in self.head.tests.values():
            path = path_of(each)
            found.setdefault(path, set()).add(_dotted(function_of(each.id)) or path)
        return {path: frozenset(names) for path, names in found.items()}

    @cached_property
    def _seen(self) -> frozenset[str]:
        """The files of which either run tells."""
        runs = (self.head, self.base) if self.base is not None else (self.head,)
        return frozenset(path_of(each) for run in runs for each in run.tests.values())

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(map(dirname, self._seen))

    @cached_property
    def _passed_over(self) -> frozenset[str]:
        """Folders with files of tests at the base, none of which its run collected."""
        return frozenset(map(dirname, filter(is_test_file, self.change.base))) - self._folders


def _dotted(name: str) -> str:
    """The name of a test in its file: `TestSums.test_add` of `tests/a.py::TestSums::test_add`."""
    return name.partition(_PYTEST)[2].replace(_PYTEST, ".")


def _folders(path: str) -> Iterator[str]:
    while path:
        path = dirname(path)
        yield path


def _says(fresh: Iterable[Written]) -> str:
    names = [each.name for each in fresh]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    told = ", ".join(names[:_SHOWN]) + more
    return f"new tests that the run leaves out, so nobody knows whether they pass: {told}"


def _speaks_of_it(head: Snapshot, path: str) -> bool:
    """Whether a file of tests itself says of any of them that it may fail."""
    try:
        nodes = ast.walk(parsed(python_text(head.read(path), path)))
    except _UNREADABLE:
        return True
    return any(
        (isinstance(each, ast.Attribute) and each.attr in _MARKS)
        or (isinstance(each, ast.Name) and each.id in _MARKS)
        for each in nodes
    )
