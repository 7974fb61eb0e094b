"""Reading a run of tests: which function an id is of, and where that stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._written import Written

_PYTEST = "::"
_TITLES = " > "
_BRACKET = "["

Cases = Mapping[str, Sequence[Ran]]

FAILING = frozenset({Outcome.FAILED, Outcome.ERROR})
RAN = frozenset({Outcome.PASSED, Outcome.XPASSED, *FAILING})


def path_of(ran: Ran) -> str:
    """The file of a test; its id, where the tool does not say."""
    return ran.path or ran.id.partition(_PYTEST)[0].partition(_TITLES)[0]


def function_of(name: str) -> str:
    """The id of a test without the case of its parametrisation."""
    return name.partition(_BRACKET)[0] if _PYTEST in name else name


def case_of(name: str) -> str:
    """The case of its parametrisation, empty for a test that has none."""
    return name[len(function_of(name)) :]


def cases(run: TestRun) -> Cases:
    """The tests of a run by their functions."""
    found: dict[str, list[Ran]] = {}
    for each in run.tests.values():
        found.setdefault(function_of(each.id), []).append(each)
    return found


def written(followed: Followed, function: str) -> Written | None:
    """What is written down of a function that an id names; None where it cannot be found."""
    path, _, rest = function.partition(_PYTEST)
    file = followed.file(path)
    return file.named(rest.replace(_PYTEST, ".")) if file is not None and rest else None


def line_of(followed: Followed, ran: Ran) -> int | None:
    """The line of a test: as the run has it, else as it is written."""
    if ran.line is not None:
        return ran.line
    found = written(followed, function_of(ran.id))
    if found is not None:
        return found.line
    path, sign, name = ran.id.partition(_TITLES)
    return followed.line_of_title(path, name) if sign else None


class Obstacles:
    """What a run could not collect, by the tests that it would have been."""

    def __init__(self, run: TestRun) -> None:
        self._by_path = {each.path: each for each in run.uncollected}

    def of(self, ran: Ran) -> Uncollected | None:
        """Why a test could not be collected, if the run says so of it, its class or its file."""
        parts = ran.id.split(_PYTEST) if self._by_path else []
        around = (_PYTEST.join(parts[:count]) for count in range(len(parts), 0, -1))
        found = (self._by_path.get(each) for each in (*around, path_of(ran)))
        return next((each for each in found if each is not None), None)


def passed(tests: Iterable[Ran]) -> bool:
    """Whether there are any, and all of them passed."""
    held = tuple(tests)
    return bool(held) and all(each.outcome is Outcome.PASSED for each in held)
