"""A build is judged by how it ended, and shown by the last that it said."""

from __future__ import annotations

import pytest

from gatekeeper import Case, Missing, Need, Trail, Which
from gatekeeper.reading.build import Built
from gatekeeper_rules.suite.build_failed import RULE, Options
from tests.cases import case_of, doubts, examined, findings, with_readings


def built(reading: object, options: Options | None = None, name: str = "build") -> Case[Options]:
    case = case_of({"a.py": "A = 1\n"}, {"a.py": "A = 2\n"}, options or Options())
    return with_readings(case, {Need(name, Which.HEAD): reading})


def test_a_build_that_warns_and_ends_with_0_is_kept() -> None:
    case = built(Built("make", 0, "warning: error: it says so\n"))

    assert ((), {"builds": 1}) == (findings(RULE, case), examined(RULE, case))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        pytest.param(1, "ended with exit status 1", id="a failure"),
        pytest.param(127, "ended with exit status 127", id="no such command"),
        pytest.param(-9, "was ended by signal 9", id="a signal"),
    ],
)
def test_a_build_that_ends_in_any_other_way_is_found(status: int, says: str) -> None:
    (finding,) = findings(RULE, built(Built("make all", status)))

    assert (f"The build `make all` {says}.", "gatekeeper.yaml") == (finding.message, finding.path)


def test_the_last_that_a_build_said_is_the_evidence() -> None:
    said = "".join(f"line {number}\n\n" for number in range(100))

    (finding,) = findings(RULE, built(Built("make", 2, said)))

    assert Trail(tuple(f"line {number}" for number in range(80, 100))) == finding.evidence[-1]


def test_the_build_can_be_another_reading() -> None:
    case = built(Built("make", 1), Options("package"), "package")

    assert 1 == len(findings(RULE, case))


def test_a_build_that_was_not_run_has_not_passed() -> None:
    case = built(Missing("`setup` failed"))

    assert ("the reading build of the head is missing: `setup` failed",) == doubts(RULE, case)


def test_the_rule_needs_the_head_alone_to_be_built() -> None:
    assert RULE.needs is not None

    assert [Need("package", Which.HEAD)] == list(RULE.needs(Options("package")))
