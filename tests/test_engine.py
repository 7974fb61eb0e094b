"""The judge: verdicts from what rules say, and never a pass from silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import (
    Adoption,
    Case,
    Deferred,
    Doubt,
    Examined,
    Measured,
    Need,
    NoOptions,
    NoSubject,
    Rule,
    Unreadable,
    Which,
)
from gatekeeper.engine import needed
from gatekeeper.finding import fingerprints
from gatekeeper.rule import Observation
from gatekeeper.terms import Place, Stage, Waiver
from gatekeeper.verdict import Verdict
from tests.fakes import (
    ALL,
    TODAY,
    contract_with,
    finding_of,
    question_of,
    report_of,
    rule_of,
    says,
    verdict_of,
)

FINGERPRINT = fingerprints("broken", [finding_of()])[0][0]


def waiver(
    *, finding: str | None = FINGERPRINT, clause: str | None = None, until: date = TODAY
) -> Waiver:
    return Waiver("agreed in review", until, Place("gatekeeper.yaml", 9), finding, clause)


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        pytest.param("kept", Verdict.KEPT, id="a rule that looked and found nothing"),
        pytest.param("no-subject", Verdict.KEPT, id="a rule that shows there is no subject"),
        pytest.param("broken", Verdict.BROKEN, id="a finding"),
        pytest.param("silent", Verdict.UNPROVEN, id="a rule that says nothing"),
        pytest.param("zero", Verdict.UNPROVEN, id="a rule that examined zero files"),
        pytest.param("doubtful", Verdict.UNPROVEN, id="a file that could not be read"),
        pytest.param("crashing", Verdict.UNPROVEN, id="a rule that crashes"),
        pytest.param("planned", Verdict.UNPROVEN, id="a rule that is planned"),
        pytest.param("no-such-rule", Verdict.UNPROVEN, id="a rule nobody has"),
        pytest.param("", Verdict.UNPROVEN, id="a clause bound to nothing"),
    ],
)
def test_what_a_rule_says_decides_the_verdict(rule: str, verdict: Verdict) -> None:
    report = report_of(question_of(contract_with(rule)))

    assert verdict == verdict_of(report, "clauses-1")


def test_a_crash_names_the_rule_and_the_place_and_the_others_still_rule() -> None:
    report = report_of(question_of(contract_with("crashing", "broken")))

    crashed, broken = report.clauses[0].rulings[0], report.clauses[1].rulings[0]
    assert len(crashed.unproven) == 1
    assert crashed.unproven[0].startswith(
        "the rule crashing crashed: ZeroDivisionError: by design (fakes.py:"
    )
    assert Verdict.BROKEN == broken.verdict


def test_what_was_found_before_a_crash_is_kept() -> None:
    def check(_: Case[NoOptions]) -> list[Observation]:
        raise Unreadable("a.py", "it is no Python", 3)

    rules = {**ALL, "unreadable": rule_of("unreadable", check)}

    report = report_of(question_of(contract_with("unreadable")), rules)

    assert ("a.py:3: it is no Python",) == report.clauses[0].rulings[0].unproven


def test_what_is_no_observation_is_a_doubt_and_not_overlooked() -> None:
    def check(_: Case[NoOptions]) -> list[Any]:
        return [Examined("files"), "src/app.py is wrong"]

    rules = {**ALL, "careless": rule_of("careless", check)}

    report = report_of(question_of(contract_with("careless")), rules)

    assert verdict_of(report, "clauses-1") == Verdict.UNPROVEN


def test_the_gate_is_the_last_clause_and_cannot_be_unbound() -> None:
    report = report_of(question_of(contract_with()))

    assert ["gate"] == [each.clause.id for each in report.clauses]
    assert ["contract-weakened", "gate-tampered"] == [
        each.rule for each in report.clauses[-1].rulings
    ]


@pytest.mark.parametrize(
    ("stage", "verdict"),
    [
        pytest.param(Stage.OPEN, Verdict.PENDING, id="while the stage is open a goal is pending"),
        pytest.param(Stage.COMPLETE, Verdict.BROKEN, id="once it is complete it is broken"),
    ],
)
def test_a_goal_may_wait_only_while_the_stage_is_open(stage: Stage, verdict: Verdict) -> None:
    contract = replace(contract_with("goal"), stage=stage)

    report = report_of(question_of(contract))

    assert verdict == verdict_of(report, "clauses-1")


def test_a_prohibition_is_broken_even_while_the_stage_is_open() -> None:
    contract = replace(contract_with("broken"), stage=Stage.OPEN)

    assert Verdict.BROKEN == verdict_of(report_of(question_of(contract)), "clauses-1")


def test_a_head_that_declares_the_stage_complete_is_judged_as_complete() -> None:
    agreed = replace(contract_with("goal"), stage=Stage.OPEN)
    proposed = replace(agreed, stage=Stage.COMPLETE)

    report = report_of(question_of(agreed, proposed=proposed))

    assert Verdict.BROKEN == verdict_of(report, "clauses-1")


def test_a_head_that_reopens_the_stage_is_still_judged_as_complete() -> None:
    agreed = contract_with("goal")
    proposed = replace(agreed, stage=Stage.OPEN)

    report = report_of(question_of(agreed, proposed=proposed))

    assert Verdict.BROKEN == verdict_of(report, "clauses-1")


def test_a_clause_that_only_the_head_has_is_judged_too() -> None:
    report = report_of(question_of(contract_with("kept"), proposed=contract_with("kept", "broken")))

    assert Verdict.BROKEN == verdict_of(report, "clauses-2")


def test_a_rule_that_the_head_adds_to_a_clause_is_judged_beside_the_agreed_one() -> None:
    report = report_of(question_of(contract_with("kept"), proposed=contract_with("broken")))

    assert Verdict.KEPT == verdict_of(report, "clauses-1")
    assert Verdict.BROKEN == verdict_of(report, "head-clauses-1")


@pytest.mark.parametrize(
    ("given_waiver", "verdict", "note"),
    [
        pytest.param(waiver(), Verdict.WAIVED, "", id="until today counts"),
        pytest.param(
            waiver(until=TODAY - timedelta(days=1)),
            Verdict.BROKEN,
            "expired on 2026-11-21",
            id="expired yesterday",
        ),
        pytest.param(
            waiver(until=TODAY + timedelta(days=91)),
            Verdict.BROKEN,
            "more than 90 days ahead",
            id="too far ahead",
        ),
        pytest.param(
            waiver(finding="0" * 16),
            Verdict.BROKEN,
            "matches nothing in this change",
            id="for another finding",
        ),
    ],
)
def test_a_waiver_lets_its_finding_pass_for_its_time(
    given_waiver: Waiver, verdict: Verdict, note: str
) -> None:
    report = report_of(question_of(contract_with("broken", waivers=(given_waiver,))))

    assert verdict == verdict_of(report, "clauses-1")
    assert note in "".join(report.notes)


@pytest.mark.parametrize("adoption", [Adoption.IN_RANGE, Adoption.PREVIEW])
def test_a_waiver_that_is_not_at_base_does_not_count(adoption: Adoption) -> None:
    question = question_of(contract_with("broken", waivers=(waiver(),)), adoption=adoption)

    report = report_of(question)

    assert Verdict.BROKEN == verdict_of(report, "clauses-1")
    assert "counts only once it is at base" in "".join(report.notes)


def test_a_person_signs_a_clause_with_a_waiver() -> None:
    contract = contract_with("", waivers=(waiver(finding=None, clause="clauses-1"),))
    by_person = replace(contract.clauses[0], judged_by_person=True)

    report = report_of(question_of(replace(contract, clauses=(by_person,))))

    assert Verdict.WAIVED == verdict_of(report, "clauses-1")


def test_a_clause_that_nobody_has_signed_is_unproven() -> None:
    contract = contract_with("")
    by_person = replace(contract.clauses[0], judged_by_person=True)

    report = report_of(question_of(replace(contract, clauses=(by_person,))))

    assert Verdict.UNPROVEN == verdict_of(report, "clauses-1")


def test_a_clause_waiver_does_not_excuse_a_clause_that_rules_judge() -> None:
    contract = contract_with("broken", waivers=(waiver(finding=None, clause="clauses-1"),))

    report = report_of(question_of(contract))

    assert Verdict.BROKEN == verdict_of(report, "clauses-1")


def test_a_preview_is_never_kept() -> None:
    report = report_of(question_of(contract_with("kept"), adoption=Adoption.PREVIEW))

    assert Verdict.UNPROVEN == report.verdict
    assert report.exit_code == 3


def test_staged_reports_only_what_head_does_not_have() -> None:
    before = {"old.py": "to do: old"}
    after = {"old.py": "to do: old", "new.py": "to do: new"}

    report = report_of(question_of(contract_with("todo"), before, after, staged=True))

    ruling = report.clauses[0].rulings[0]
    assert ["new.py"] == [each.finding.path for each in ruling.findings]
    assert ("HEAD has 1 of its findings already",) == ruling.unproven
    assert Verdict.BROKEN == ruling.verdict


def test_staged_leaves_to_ci_what_head_has_already() -> None:
    files = {"old.py": "to do: old"}

    report = report_of(question_of(contract_with("todo"), files, files, staged=True))

    assert Verdict.DEFERRED == verdict_of(report, "clauses-1")


@pytest.mark.parametrize("rule", ["planned", "", "doubtful"])
def test_staged_defers_what_no_staged_file_could_change(rule: str) -> None:
    report = report_of(question_of(contract_with(rule), staged=True))

    assert Verdict.DEFERRED == verdict_of(report, "clauses-1")


def test_staged_does_not_defer_a_doubt_that_the_change_brings() -> None:
    def check(case: Case[NoOptions]) -> list[Observation]:
        doubts = [Doubt("it is no Python", path) for path in case.change.head if "bad" in path]
        return [Examined("files"), *doubts]

    rules = {**ALL, "reading": rule_of("reading", check)}
    question = question_of(contract_with("reading"), {"a": ""}, {"a": "", "bad": ""}, staged=True)

    assert Verdict.UNPROVEN == verdict_of(report_of(question, rules), "clauses-1")


@pytest.mark.parametrize(
    ("staged", "verdict"), [(True, Verdict.DEFERRED), (False, Verdict.UNPROVEN)], ids=repr
)
def test_what_a_rule_leaves_to_ci_is_deferred_in_a_preview_and_unproven_in_ci(
    staged: bool, verdict: Verdict
) -> None:
    rule = Rule(
        name="preview",
        summary="looks at little",
        options=NoOptions,
        check=lambda _: [Examined("files"), Deferred("The rest is left to CI.")],
    )
    question = question_of(contract_with("preview"), {"a": ""}, {"a": "", "b": ""}, staged=staged)
    ruling = report_of(question, {**ALL, "preview": rule}).clauses[0].rulings[0]

    assert (verdict, ("The rest is left to CI.",)) == (ruling.verdict, ruling.unproven)


def test_staged_skips_a_rule_that_the_staged_files_cannot_concern() -> None:
    def fail(_: Case[NoOptions]) -> list[Observation]:
        raise AssertionError("the rule was asked")

    rule = replace(rule_of("cheap", fail), concerns=lambda _: False)

    report = report_of(question_of(contract_with("cheap"), staged=True), {**ALL, "cheap": rule})

    assert Verdict.KEPT == verdict_of(report, "clauses-1")
    assert ("no staged file can matter to it",) == report.clauses[0].rulings[0].notes


def test_asking_for_one_rule_leaves_the_others_out_and_says_so() -> None:
    question = question_of(contract_with("kept", "broken"), only=frozenset({"kept"}))

    report = report_of(question)

    assert ["clauses-1"] == [each.clause.id for each in report.clauses]
    assert any("only these rules were asked: kept; " in note for note in report.notes)


MEASURING = Rule(
    "measuring",
    "a test rule that asks for a reading",
    NoOptions,
    lambda case: [Examined(case.measured("tests", Which.BASE, str))],
    needs=lambda _: (Need("tests", Which.BASE),),
)


def test_a_missing_reading_is_unproven_and_says_why() -> None:
    question = question_of(contract_with("measuring"))

    report = report_of(question, {**ALL, "measuring": MEASURING})

    assert ("the reading tests of the base is missing: it was not measured",) == report.clauses[
        0
    ].rulings[0].unproven


def test_a_reading_that_was_taken_is_handed_to_the_rule() -> None:
    asked = question_of(contract_with("measuring"))
    readings = {Need("tests", Which.BASE): Measured("tests of the base", "a tree")}
    question = replace(asked, matter=replace(asked.matter, readings=readings))

    report = report_of(question, {**ALL, "measuring": MEASURING})

    assert {"tests of the base": 1} == report.clauses[0].rulings[0].examined


def test_what_is_needed_is_what_the_rules_of_all_clauses_need() -> None:
    standing = question_of(contract_with("measuring", "kept")).matter.standing

    assert {Need("tests", Which.BASE)} == needed(
        standing, {**ALL, "measuring": MEASURING}, frozenset()
    )


RULES = st.lists(st.sampled_from([name for name in ALL if "-" not in name]), max_size=6)


@given(RULES, st.randoms())
def test_the_order_of_the_clauses_changes_no_verdict(rules: list[str], random: Random) -> None:
    names = sorted(rules)
    shuffled = list(names)
    random.shuffle(shuffled)

    def verdicts(order: list[str]) -> list[tuple[str, Verdict]]:
        report = report_of(question_of(contract_with(*order)))
        return sorted((e.rulings[0].rule, e.verdict) for e in report.clauses)

    assert verdicts(names) == verdicts(shuffled)


OBSERVATIONS = st.lists(
    st.one_of(
        st.builds(finding_of, st.sampled_from(["a.py", "b.py"]), st.integers(1, 3)),
        st.builds(Examined, st.just("files"), st.integers(0, 2)),
        st.builds(Doubt, st.sampled_from(["why", "why not"])),
        st.just(NoSubject("nothing there")),
    ),
    max_size=5,
)


def _verdict(said: list[Observation], *, goal: bool, waived: bool) -> Verdict:
    rule: Rule[NoOptions] = rule_of("broken", says(*said), goal=goal)
    every = [fingerprint for fingerprint, _ in fingerprints("broken", [finding_of("a.py")])]
    waivers = tuple(waiver(finding=each) for each in every) if waived else ()
    contract = replace(contract_with("broken", waivers=waivers), stage=Stage.OPEN)
    return verdict_of(report_of(question_of(contract), {**ALL, "broken": rule}), "clauses-1")


@given(OBSERVATIONS, st.integers(1, 4), st.booleans(), st.booleans())
def test_one_more_finding_never_improves_a_verdict(
    said: list[Observation], line: int, goal: bool, waived: bool
) -> None:
    more = [*said, finding_of("b.py", line)]

    before = _verdict(said, goal=goal, waived=waived)

    assert before <= _verdict(more, goal=goal, waived=waived)


@given(OBSERVATIONS, st.randoms())
def test_the_order_of_what_a_rule_says_never_matters(
    said: list[Observation], random: Random
) -> None:
    shuffled = list(said)
    random.shuffle(shuffled)

    expected = report_of(
        question_of(contract_with("broken")), {**ALL, "broken": rule_of("broken", says(*said))}
    )

    actual = report_of(
        question_of(contract_with("broken")), {**ALL, "broken": rule_of("broken", says(*shuffled))}
    )
    assert _without_notes(expected) == _without_notes(actual)


def _without_notes(report: object) -> object:
    from gatekeeper.verdict import Report

    assert isinstance(report, Report)
    ruling = report.clauses[0].rulings[0]
    return (ruling.verdict, ruling.findings, ruling.unproven, ruling.examined, sorted(ruling.notes))
