"""test-failed: the head's tests pass, and so do the base's on the head's code."""

from __future__ import annotations

import pytest

from gatekeeper import Case, Contract, Missing, Need, Which
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper.value import replace
from gatekeeper_rules.suite._replacements import Replaced
from gatekeeper_rules.suite.test_failed import RULE, Options
from tests.cases import (
    case_of,
    contract_of,
    doubts,
    examined,
    findings,
    no_subjects,
    notes,
    term_of,
    with_readings,
)

A, B, C = "tests/test_a.py::test_a", "tests/test_a.py::test_b", "tests/test_c.py::test_c"
HOLLOW = "def test_c():\n    print(1)\n"
HONEST = "def test_c():\n    assert total(1, 1) == 2\n"


def run(tests: dict[str, Outcome] | None = None, *uncollected: Uncollected) -> TestRun:
    held = {
        name: Ran(name, outcome, name.partition("::")[0]) for name, outcome in (tests or {}).items()
    }
    return TestRun("pytest", held, uncollected=uncollected)


def judged(
    head: TestRun | Missing,
    base: TestRun | Missing | None = None,
    crossed: TestRun | Missing | None = None,
    *,
    contract: Contract | None = None,
    after: str = "",
) -> Case[Options]:
    options = Options(base_tests=base is not None)
    case = case_of({"src/a.py": ""}, {"tests/test_c.py": after}, options, contract=contract)
    sides = {Which.HEAD: head, Which.BASE: base, Which.CROSSED: crossed}
    readings = {Need("tests", side): each for side, each in sides.items() if each is not None}
    return with_readings(case, readings)


def said(case: Case[Options]) -> list[str]:
    return [each.message for each in findings(RULE, case)]


PASSED, FAILED, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR
SKIPPED, XFAILED, XPASSED = Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(PASSED, [], id="a test that passes"),
        pytest.param(FAILED, [f"{B} fails"], id="a test that fails"),
        pytest.param(ERROR, [f"{B} ends in an error"], id="a test that breaks"),
        pytest.param(SKIPPED, [], id="a test that is skipped is test-lost's"),
        pytest.param(XFAILED, [], id="a test that fails as expected is test-lost's"),
        pytest.param(XPASSED, [], id="a test that passes all the same"),
    ],
)
def test_a_test_of_the_head_is_found_unless_it_passes(
    outcome: Outcome, expected: list[str]
) -> None:
    assert expected == said(judged(run({A: PASSED, B: outcome})))


def test_a_marker_that_no_longer_holds_is_told() -> None:
    told = notes(RULE, judged(run({A: PASSED, B: XPASSED})))

    assert ("tests that are expected to fail and pass: 1",) == told


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(
            run(), ("there is no test at the head; a run of no tests proves nothing",), id="none"
        ),
        pytest.param(
            run({A: SKIPPED, B: XFAILED}),
            ("not one of the 2 tests of the head ran; such a run proves nothing",),
            id="all are excused",
        ),
        pytest.param(
            TestRun("pytest", {}, deselected=(A,)),
            ("not one of the 1 tests of the head ran; such a run proves nothing",),
            id="all are deselected",
        ),
    ],
)
def test_a_run_in_which_nothing_ran_proves_nothing(
    head: TestRun, expected: tuple[str, ...]
) -> None:
    assert expected == doubts(RULE, judged(head))


def test_a_run_in_which_nothing_could_be_collected_is_broken_and_not_only_unproven() -> None:
    case = judged(run({}, Uncollected("tests/test_a.py", "ImportError")))

    assert ["tests/test_a.py cannot be collected: ImportError"] == said(case)
    assert doubts(RULE, case) == ()


@pytest.mark.parametrize(
    ("at_base", "crossed", "count"),
    [
        pytest.param(PASSED, PASSED, 0, id="it still passes"),
        pytest.param(PASSED, FAILED, 1, id="it fails"),
        pytest.param(PASSED, ERROR, 1, id="it breaks"),
        pytest.param(PASSED, SKIPPED, 1, id="the code made it skip itself"),
        pytest.param(PASSED, XFAILED, 1, id="the code made it fail as expected"),
        pytest.param(XPASSED, XPASSED, 0, id="it passed, though expected to fail"),
        pytest.param(XPASSED, FAILED, 1, id="it passed, and no longer does"),
        pytest.param(FAILED, FAILED, 0, id="it failed at the base already"),
        pytest.param(SKIPPED, FAILED, 0, id="it did not run at the base"),
        pytest.param(XFAILED, FAILED, 0, id="it was expected to fail"),
    ],
)
def test_what_passed_at_the_base_must_pass_on_the_head_s_code(
    at_base: Outcome, crossed: Outcome, count: int
) -> None:
    case = judged(run({B: PASSED}), run({A: at_base}), run({A: crossed}))

    assert count == len(findings(RULE, case))


def test_a_test_of_the_base_that_did_not_run_at_all_is_a_regression() -> None:
    case = judged(run({B: PASSED}), run({A: PASSED}), run({B: PASSED}))

    assert [f"{A} passed at the base, and did not run on the head's code"] == said(case)


def test_what_fails_at_the_head_is_not_told_twice() -> None:
    case = judged(run({A: FAILED}), run({A: PASSED}), run({A: FAILED}))

    assert [f"{A} fails"] == said(case)


def test_a_file_that_could_not_be_collected_at_the_base_either_is_no_regression() -> None:
    broken = Uncollected("tests/test_b.py", "SyntaxError")
    case = judged(run({A: PASSED}), run({A: PASSED}, broken), run({A: PASSED}, broken))

    assert said(case) == []


def test_tests_hidden_by_one_file_are_one_finding() -> None:
    hidden = Uncollected("tests/test_a.py", "ImportError: sub")
    case = judged(run({C: PASSED}), run({A: PASSED, B: PASSED}), run({}, hidden))

    where = "tests/test_a.py with 2 tests of the base"
    assert [f"{where} cannot be collected on the head's code: ImportError: sub"] == said(case)


def _with_replacement(now: str) -> Contract:
    return contract_of(term_of("test-lost", Replaced({A: now})))


@pytest.mark.parametrize(
    ("head", "after", "count"),
    [
        pytest.param({C: PASSED}, HONEST, 0, id="it passes"),
        pytest.param({B: PASSED}, HONEST, 1, id="it did not run"),
        pytest.param({C: FAILED}, HONEST, 2, id="it fails"),
        pytest.param({C: PASSED}, HOLLOW, 1, id="it expects nothing"),
    ],
)
def test_a_regression_is_excused_by_a_replacement_that_is_one(
    head: dict[str, Outcome], after: str, count: int
) -> None:
    contract = _with_replacement(C)
    case = judged(run(head), run({A: PASSED}), run({A: FAILED}), contract=contract, after=after)

    assert count == len(findings(RULE, case))


def test_a_replacement_that_the_base_had_excuses_nothing() -> None:
    contract = _with_replacement(C)
    both = run({A: PASSED, C: PASSED})
    case = judged(run({C: PASSED}), both, run({A: FAILED, C: PASSED}), contract=contract)

    assert 1 == len(findings(RULE, case))


def test_a_base_without_a_passing_test_has_nothing_to_regress() -> None:
    case = judged(run({A: PASSED}), run(), run())

    assert ("no test passed at the base, so none can have stopped passing",) == no_subjects(
        RULE, case
    )


def test_what_is_missing_of_one_run_leaves_what_another_shows() -> None:
    case = judged(run({A: FAILED}), run({A: PASSED}), Missing("it took too long"))

    why = "the reading tests of the base's tests on the head's code is missing: it took too long"
    assert [f"{A} fails"] == said(case)
    assert (why,) == doubts(RULE, case)


def test_without_any_run_nothing_was_examined() -> None:
    missing = Missing("no pytest")
    case = judged(missing, missing, missing)

    both = [f"the reading tests of the {side} is missing: no pytest" for side in ("head", "base")]
    assert ("; ".join(both),) == doubts(RULE, case)
    assert examined(RULE, case) == {}


def test_only_the_head_s_run_is_asked_for_without_the_base_s_tests() -> None:
    assert RULE.needs is not None

    assert [Need("tests", Which.HEAD)] == list(RULE.needs(Options(base_tests=False)))


HERE, COPY = "src/a.py", "good/a.py"


def with_modules(run_: TestRun, modules: dict[str, str]) -> TestRun:
    return replace(run_, modules=modules)


@pytest.mark.parametrize(
    ("base", "crossed", "count"),
    [
        pytest.param({"a": HERE}, {"a": HERE}, 0, id="from where it was"),
        pytest.param({"a": HERE}, {"a": COPY}, 1, id="from a copy"),
        pytest.param({"a": "src/b.py"}, {"a": COPY}, 0, id="from where it moved to"),
        pytest.param({}, {"a": COPY}, 0, id="for the first time"),
        pytest.param({"a": HERE}, {}, 0, id="from nowhere that is known"),
        pytest.param({"a": "tests/test_c.py"}, {"a": COPY}, 0, id="a module of the tests"),
    ],
)
def test_tests_that_import_a_copy_of_the_code_say_nothing_of_it(
    base: dict[str, str], crossed: dict[str, str], count: int
) -> None:
    passing = run({A: PASSED})
    case = case_of(
        {HERE: "", "tests/test_c.py": ""},
        {HERE: "", COPY: "", "tests/test_c.py": ""},
        Options(),
    )
    sides = {Which.HEAD: passing, Which.BASE: with_modules(passing, base)}
    sides[Which.CROSSED] = with_modules(passing, crossed)
    judged = with_readings(case, {Need("tests", side): each for side, each in sides.items()})

    assert count == len(doubts(RULE, judged))
