"""How each tool names its tests in JUnit files, and what it counts there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from gatekeeper.reading.content import shown
from gatekeeper.reading.junit_case import Case, Kind, Suite, why
from gatekeeper.reading.places import Place
from gatekeeper.reading.unusable import Unusable


class Named(NamedTuple):
    """The id of a test, and the file and line that it stands in, where the tool says so."""

    id: str
    path: str = ""
    line: int | None = None


class Dialect:
    """Files of a tool that is not known by name: `file > suite > class > test`."""

    tool = "JUnit XML"
    notes: tuple[str, ...] = ()
    leaves_out_uncollected = False  # of its counts, at least some
    is_repeated = True  # two cases of one id are two tests, told apart by their order

    def named(self, case: Case, place: Place) -> Named:
        """The id of the case."""
        path = place(case.file) if case.file else ""
        parts = [path or case.suite, case.classname, case.name]
        kept = [part for n, part in enumerate(parts) if part and part not in parts[:n]]
        return Named(" > ".join(kept), path)

    def uncollected(self, case: Case, place: Place) -> str | None:
        """Of a case that stands for a file whose tests could not be collected, its path."""
        del case, place
        return None

    def tests(self, cases: Sequence[Case]) -> int:
        """What the tool states as the number of tests, having written these cases."""
        return len(cases)

    def mend(self, suite: Suite) -> None:
        """Give the cases of a suite what the tool says of them elsewhere; raises Unusable."""


class Pytest(Dialect):
    """`classname` is the module and the classes, with dots; `file` only in the old family."""

    tool = "pytest"
    notes = (
        "A JUnit file of pytest does not say which tests were deselected.",
        "A JUnit file of pytest shows a test that passed, though expected to fail, as passed.",
    )
    is_repeated = False  # one that fails twice (in its call and at its teardown) is two cases

    def named(self, case: Case, place: Place) -> Named:
        """The node id, as far as the names of files are those that pytest looks for."""
        if not case.classname:
            path = case.file or _module_file(case.name)
            return Named(path, place(path))
        module, classes = _split(case.classname, case.file)
        if not module:
            return Named(f"{case.classname}::{case.name}")
        path = place(_module_file(module))
        line = _after(case.line) if case.file == path else None
        return Named(f"{path}{classes}::{case.name}", path, line)

    def uncollected(self, case: Case, place: Place) -> str | None:
        """Here it is a case without a class."""
        if case.classname or case.first(Kind.ERROR) is None:
            return None
        return self.named(case, place).path

    def tests(self, cases: Sequence[Case]) -> int:
        """It counts each result, and the pass before a teardown that fails; no case twice."""
        times = Counter((case.classname, case.name) for case in cases)
        more = sum(len(case.results) - 1 for case in cases if case.results)
        after = sum(
            _failed_after_all(case) for case in cases if times[case.classname, case.name] == 1
        )
        return len(times) + more + after


def _failed_after_all(case: Case) -> bool:
    """Whether the test itself passed, and then its teardown failed."""
    said = case.results[0] if len(case.results) == 1 else None
    return said is not None and why(said).startswith("failed on teardown")


class Vitest(Dialect):
    """A suite is a file, and so is the class; the describes are part of the name."""

    tool = "vitest"

    def named(self, case: Case, place: Place) -> Named:
        """`file > describe > test`."""
        path = place(case.file or case.suite)
        return Named(f"{path} > {case.name}", path)

    def uncollected(self, case: Case, place: Place) -> str | None:
        """Here it is a failed case with the file's name."""
        is_file = case.name == case.classname == case.suite
        return place(case.suite) if is_file and case.results else None


_NOT_LOADED = "Test suite failed to run"
_TODO = "todo"


class Jest(Dialect):
    """As jest-junit writes it: class and name are both the describes with the test."""

    tool = "jest"
    leaves_out_uncollected = True
    notes = (
        "jest-junit leaves out files that could not be loaded, unless it has reportTestSuiteErrors",
    )

    def named(self, case: Case, place: Place) -> Named:
        """`file > describes and test`; the suite is only the first describe of the file."""
        path = place(case.file) if case.file else ""
        names = [case.name] if case.name == case.classname else [case.classname, case.name]
        return Named(" > ".join(each for each in [path, *names] if each), path)

    def tests(self, cases: Sequence[Case]) -> int:
        """It counts neither what is still to be written nor files that could not be loaded."""
        return sum(case.status != _TODO and case.classname != _NOT_LOADED for case in cases)

    def mend(self, suite: Suite) -> None:
        """It shows a todo as a test that passed in no time, and leaves it out of its counts."""
        stated = suite.counts.get("tests", len(suite.cases))
        more = len(suite.cases) - stated
        quick = [case for case in suite.cases if not case.results and case.seconds == "0"]
        if more <= 0 or suite.cases[0].classname == _NOT_LOADED:
            return
        if more != len(quick):
            raise Unusable(
                f"{more} tests of {shown(suite.name)} are still to be written, and jest-junit"
                f" does not say which of {len(quick)} they are"
            )
        for case in quick:
            case.status = _TODO

    def uncollected(self, case: Case, place: Place) -> str | None:
        """Here it is a case of a class of that name, if jest-junit is told to."""
        if case.classname != _NOT_LOADED or not case.results:
            return None
        return place(case.file or case.suite)


_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")


def dialect_of(root: Suite) -> Dialect:
    """Which tool wrote the file, by the names that it gives to the whole and to its suites."""
    suites = root.inner or [root]
    if root.name.startswith("pytest") or all(each.name == "pytest" for each in suites):
        return Pytest()
    if root.name.startswith("jest"):
        return Jest()
    if root.name.startswith("vitest") or all(_is_of_vitest(suite) for suite in suites):
        return Vitest()
    return Dialect()


def _is_of_vitest(suite: Suite) -> bool:
    is_file = bool(_SCRIPT.search(suite.name)) and bool(suite.cases)
    return is_file and all(case.classname == suite.name for case in suite.cases)


_TEST_MODULE = re.compile(r"test_.*|.*_test|conftest")


@cache
def _split(classname: str, file: str) -> tuple[str, str]:
    """The module with dots, and the classes as in a node id; no module where none is told."""
    module = file.removesuffix(".py").replace("/", ".")
    if module and f"{classname}.".startswith(f"{module}."):
        return module, classname[len(module) :].replace(".", "::")
    names = classname.split(".")
    files = [n for n, name in enumerate(names, 1) if _TEST_MODULE.fullmatch(name)]
    end = files[-1] if files else 0
    return ".".join(names[:end]), "".join(f"::{name}" for name in names[end:])


def _module_file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _after(line: str) -> int | None:
    """A line that pytest counts from 0, counted from 1."""
    return int(line) + 1 if re.fullmatch(r"[0-9]{1,9}", line) else None
