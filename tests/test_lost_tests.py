"""test-lost: each test of the base still counts at the head, or something took its place."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Case, Missing, Need, Which
from gatekeeper.reading.tests import Outcome, Ran, TestRun, Uncollected
from gatekeeper_rules.suite._replacements import Replaced
from gatekeeper_rules.suite.test_lost import RULE
from tests.cases import case_of, doubts, findings, no_subjects, notes, places, with_readings

PASSED, FAILED, ERROR = Outcome.PASSED, Outcome.FAILED, Outcome.ERROR
SKIPPED, XFAILED, XPASSED = Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED
FILE = "tests/test_a.py"
A, B = f"{FILE}::test_a", f"{FILE}::test_b"


def run(
    tests: Mapping[str, Outcome], *uncollected: Uncollected, deselected: tuple[str, ...] = ()
) -> TestRun:
    held = {name: Ran(name, each, name.partition("::")[0]) for name, each in tests.items()}
    return TestRun("pytest", held, deselected, uncollected)


def judged(
    base: TestRun | Missing,
    head: TestRun | Missing,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    replaced: Mapping[str, str] | None = None,
) -> Case[Replaced]:
    case = case_of(before or {}, after or {}, Replaced(replaced or {}))
    return with_readings(case, {Need("tests", Which.BASE): base, Need("tests", Which.HEAD): head})


def said(case: Case[Replaced]) -> list[str]:
    return [each.message for each in findings(RULE, case)]


@pytest.mark.parametrize(
    ("was", "now", "is_lost"),
    [
        pytest.param(PASSED, PASSED, False, id="it passes"),
        pytest.param(PASSED, FAILED, False, id="a failure is test-failed's"),
        pytest.param(PASSED, ERROR, False, id="an error is test-failed's"),
        pytest.param(PASSED, SKIPPED, True, id="newly skipped"),
        pytest.param(FAILED, SKIPPED, True, id="a failing test that is skipped"),
        pytest.param(XFAILED, SKIPPED, True, id="an expected failure that is skipped"),
        pytest.param(SKIPPED, SKIPPED, False, id="skipped as before"),
        pytest.param(PASSED, XFAILED, True, id="newly expected to fail"),
        pytest.param(FAILED, XFAILED, True, id="a failing test that is expected to fail"),
        pytest.param(XFAILED, XFAILED, False, id="expected to fail as before"),
        pytest.param(SKIPPED, XFAILED, False, id="a skipped test that runs, and fails as expected"),
        pytest.param(PASSED, XPASSED, True, id="newly marked, and passing"),
        pytest.param(XFAILED, XPASSED, False, id="an expected failure that is mended"),
        pytest.param(XPASSED, XPASSED, False, id="marked as before"),
        pytest.param(SKIPPED, PASSED, False, id="a skipped test that runs"),
    ],
)
def test_a_test_that_is_still_there_is_lost_if_it_is_newly_excused(
    was: Outcome, now: Outcome, is_lost: bool
) -> None:
    assert is_lost == bool(findings(RULE, judged(run({A: was}), run({A: now}))))


@pytest.mark.parametrize("was", [PASSED, FAILED, ERROR, SKIPPED, XFAILED, XPASSED])
def test_a_test_that_is_gone_is_lost_whatever_became_of_it_at_the_base(was: Outcome) -> None:
    assert [f"{A} is gone"] == said(judged(run({A: was, B: PASSED}), run({B: PASSED})))


def test_a_file_that_skips_itself_is_one_finding() -> None:
    head = run({FILE: SKIPPED})

    case = judged(run({A: PASSED, B: PASSED}), head)

    assert [f"{FILE} (2 tests) is skipped, and was not at the base"] == said(case)


def test_a_file_that_skipped_itself_at_the_base_may_run() -> None:
    assert said(judged(run({FILE: SKIPPED}), run({A: PASSED}))) == []


def test_tests_with_one_fate_for_one_reason_in_one_file_are_one_finding() -> None:
    base = run({A: PASSED, B: PASSED})

    deselected = judged(base, run({}, deselected=(A, B)))
    broken = judged(base, run({}, Uncollected(FILE, "SyntaxError")))

    assert [f"{FILE} (2 tests) is deselected, and ran at the base"] == said(deselected)
    why = f"{FILE} (2 tests) cannot be collected, and ran at the base: SyntaxError"
    assert [why] == said(broken)


def test_a_file_that_is_there_and_no_longer_collected_is_told_apart_from_one_that_is_gone() -> None:
    base, head = run({A: PASSED, B: PASSED}), run({"tests/test_c.py::test_c": PASSED})

    gone = judged(base, head)
    there = judged(base, head, {FILE: "A = 1"}, {FILE: "A = 1"})

    assert [f"{FILE} is gone: 2 tests lost"] == said(gone)
    why = f"{FILE} is there, and none of its tests is collected any more: 2 tests lost"
    assert [why] == said(there)
    assert (f"head {FILE}",) == places(RULE, there)


CASES = {f"{A}[{number}]": PASSED for number in range(8)}


def test_the_lost_cases_of_a_parametrisation_are_named_in_one_finding() -> None:
    kept = dict(list(CASES.items())[:1])

    case = judged(run(CASES), run(kept))

    assert [f"{A} has lost 7 cases: [1], [2], [3], [4], [5] and 2 more"] == said(case)


def test_a_parametrisation_that_is_gone_says_how_many_cases_it_had() -> None:
    case = judged(run({**CASES, B: PASSED}), run({B: PASSED}))

    assert [f"{A} is gone, with its 8 cases"] == said(case)


@pytest.mark.parametrize(
    ("was", "now", "lost"),
    [
        pytest.param(["a", "b"], ["a-True", "a-False", "b-True"], 0, id="a parameter more"),
        pytest.param(["a", "b"], ["x-a", "x-b"], 0, id="a parameter in front"),
        pytest.param(["a", "b"], ["a-True"], 1, id="one of them only"),
        pytest.param(["a"], ["b"], 1, id="another value"),
        pytest.param(["1-2"], ["1-3"], 1, id="another expected value"),
    ],
)
def test_a_case_whose_id_grew_is_not_lost(was: list[str], now: list[str], lost: int) -> None:
    base = run({f"{A}[{each}]": PASSED for each in was})
    head = run({f"{A}[{each}]": PASSED for each in now})

    case = judged(base, head)

    assert bool(lost) == bool(findings(RULE, case))


def test_a_test_that_got_parameters_is_not_lost() -> None:
    assert said(judged(run({A: PASSED}), run({f"{A}[1]": PASSED, f"{A}[2]": PASSED}))) == []


def test_a_longer_case_that_does_not_pass_takes_no_place() -> None:
    head = run({f"{A}[a-True]": FAILED})

    assert 1 == len(findings(RULE, judged(run({f"{A}[a]": PASSED}), head)))


LONG = """\
from app import Basket, price


def test_{name}():
    basket = Basket()
    for item in ("apple", "pear"):
        basket.add(item, price(item))
    assert basket.total == {total}
    assert basket.items == {items}
"""
BEFORE = LONG.format(name="a", total="7", items='["apple", "pear"]')


@pytest.mark.parametrize(
    ("after", "is_lost"),
    [
        pytest.param(BEFORE.replace("test_a", "test_c"), False, id="the same body"),
        pytest.param(
            BEFORE.replace("test_a", "test_c")
            .replace("item in", "each in")
            .replace("(item", "(each"),
            False,
            id="another name of a variable",
        ),
        pytest.param(
            BEFORE.replace("test_a", "test_c").replace("== 7", ">= 0"), True, id="a looser one"
        ),
        pytest.param(
            BEFORE.replace("test_a", "test_c").replace("== 7", "== 8"), True, id="another value"
        ),
        pytest.param(
            BEFORE.replace("test_a", "test_c").replace("    assert basket.total == 7\n", ""),
            True,
            id="an expectation less",
        ),
        pytest.param(
            BEFORE.replace("test_a", "test_c").replace("from app", "from fake"),
            True,
            id="other code under the same names",
        ),
        pytest.param("def test_c():\n    assert total(1, 1) == 2\n", True, id="something else"),
    ],
)
def test_a_renamed_test_is_lost_unless_it_says_no_less(after: str, is_lost: bool) -> None:
    base = run({A: PASSED, B: PASSED})
    head = run({f"{FILE}::test_c": PASSED, B: PASSED})

    case = judged(base, head, {FILE: BEFORE}, {FILE: after})

    assert is_lost == bool(findings(RULE, case))
    assert is_lost != any("is now" in each for each in notes(RULE, case))


def test_a_rename_counts_only_if_the_test_passes() -> None:
    after = {FILE: BEFORE.replace("test_a", "test_c")}

    case = judged(run({A: PASSED}), run({f"{FILE}::test_c": SKIPPED}), {FILE: BEFORE}, after)

    assert [f"{A} is gone"] == said(case)


def test_one_test_is_not_the_new_name_of_two() -> None:
    twice = BEFORE + BEFORE.replace("test_a", "test_b")
    after = {FILE: BEFORE.replace("test_a", "test_c")}

    case = judged(
        run({A: PASSED, B: PASSED}), run({f"{FILE}::test_c": PASSED}), {FILE: twice}, after
    )

    assert [f"{B} is gone"] == said(case)


def test_a_test_that_the_base_had_is_nobody_s_new_name() -> None:
    twice = BEFORE + BEFORE.replace("test_a", "test_b")
    after = {FILE: BEFORE.replace("test_a", "test_b")}

    case = judged(run({A: PASSED, B: PASSED}), run({B: PASSED}), {FILE: twice}, after)

    assert [f"{A} is gone"] == said(case)


def test_a_relative_import_means_the_same_from_another_folder_if_it_leads_to_the_same() -> None:
    before = {"tests/test_a.py": BEFORE.replace("from app", "from .app")}
    after = {"tests/unit/test_a.py": BEFORE.replace("from app", "from ..app")}
    wrong = {"tests/unit/test_a.py": BEFORE.replace("from app", "from .app")}
    base, head = run({A: PASSED}), run({"tests/unit/test_a.py::test_a": PASSED})

    assert said(judged(base, head, before, after)) == []
    assert [f"{A} is gone"] == said(judged(base, head, before, wrong))


C = "tests/test_c.py::test_c"
HONEST = {"tests/test_c.py": "def test_c():\n    assert total(1, 1) == 2\n"}
HOLLOW = {"tests/test_c.py": "def test_c():\n    print(1)\n"}


@pytest.mark.parametrize(
    ("head", "after", "why"),
    [
        pytest.param({C: PASSED}, HONEST, None, id="it passes"),
        pytest.param({f"{C}[1]": PASSED, f"{C}[2]": PASSED}, HONEST, None, id="all its cases pass"),
        pytest.param({B: PASSED}, HONEST, "did not run at the head", id="it is not there"),
        pytest.param({C: FAILED}, HONEST, "did not pass at the head", id="it fails"),
        pytest.param({C: SKIPPED}, HONEST, "did not pass at the head", id="it is skipped"),
        pytest.param(
            {f"{C}[1]": PASSED, f"{C}[2]": FAILED},
            HONEST,
            "did not pass at the head",
            id="one of its cases fails",
        ),
        pytest.param({C: PASSED}, HOLLOW, "expects nothing (see test-hollow)", id="it is hollow"),
        pytest.param({C: PASSED}, {}, None, id="it is not written in Python"),
    ],
)
def test_a_named_replacement_must_stand_for_the_test(
    head: Mapping[str, Outcome], after: Mapping[str, str], why: str | None
) -> None:
    case = judged(run({A: PASSED, B: PASSED}), run({B: PASSED, **head}), {}, after, {A: C})

    expected = [] if why is None else [f"{A} is gone; its replacement {C} {why}"]
    assert expected == said(case)


def test_one_replacement_cannot_stand_for_two_tests() -> None:
    case = judged(run({A: PASSED, B: PASSED}), run({C: PASSED}), {}, HONEST, {A: C, B: C})

    assert 2 == len(findings(RULE, case))


def test_a_test_of_the_base_cannot_stand_for_another() -> None:
    both = run({A: PASSED, C: PASSED})

    case = judged(both, run({C: PASSED}), HONEST, HONEST, {A: C})

    why = "is a test of the base already, which cannot stand for two"
    assert [f"{A} is gone; its replacement {C} {why}"] == said(case)


def test_a_replacement_excuses_a_test_that_is_skipped_as_well() -> None:
    case = judged(run({A: PASSED}), run({A: SKIPPED, C: PASSED}), {}, HONEST, {A: C})

    assert said(case) == []
    assert ("tests whose named replacement passes: 1",) == notes(RULE, case)


@pytest.mark.parametrize("name", ["tests", "tests/", FILE, "tests/*", f"{FILE}::*", "*"])
def test_files_folders_and_patterns_cannot_be_replaced(name: str) -> None:
    case = judged(run({A: PASSED}), run({A: PASSED}), {}, HONEST, {name: C})

    why = f"`replaced` names {name}, which is no test: name each one by its id"
    assert (why,) == doubts(RULE, case)


def test_a_replacement_of_an_earlier_stage_may_stay() -> None:
    case = judged(run({C: PASSED}), run({C: PASSED}), HONEST, HONEST, {A: C})

    assert doubts(RULE, case) == ()


def test_a_case_with_a_star_in_its_name_is_no_pattern() -> None:
    star = f"{A}[a*b]"

    case = judged(run({star: PASSED}), run({C: PASSED}), {}, HONEST, {star: C})

    assert said(case) == []
    assert doubts(RULE, case) == ()


def test_tests_of_another_tool_are_compared_by_their_ids() -> None:
    one, two = "src/a.test.ts > sums > adds", "src/a.test.ts > sums > subtracts"
    after = {"src/a.test.ts": "it('adds')"}

    case = judged(run({one: PASSED, two: PASSED}), run({one: PASSED}), after, after)

    assert [f"{two} is gone"] == said(case)


def test_a_base_without_tests_has_none_to_lose() -> None:
    case = judged(run({}), run({A: PASSED}))

    assert ("no test was collected at the base, so none can be lost",) == no_subjects(RULE, case)


@pytest.mark.parametrize(
    ("base", "head"),
    [
        pytest.param(Missing("gone"), run({A: PASSED}), id="the base's"),
        pytest.param(run({A: PASSED}), Missing("gone"), id="the head's"),
    ],
)
def test_a_run_that_is_missing_is_never_taken_for_an_empty_one(
    base: TestRun | Missing, head: TestRun | Missing
) -> None:
    case = judged(base, head)

    assert said(case) == []
    assert 1 == len(doubts(RULE, case))


def test_an_unreadable_file_of_tests_leaves_ids_to_be_compared() -> None:
    case = judged(run({A: PASSED}), run({B: PASSED}), {FILE: "def ("}, {FILE: "def ("})

    assert [f"{A} is gone"] == said(case)
