"""A waiver names one finding or one clause, says why, and counts for a limited time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gatekeeper.contract.waivers import Applicable, applicable
from gatekeeper.terms import Place, Waiver
from tests.bindings import HEAD, load, problems

TODAY = date(2026, 11, 22)
PLACE = Place("gatekeeper.yaml", 3, 5)
JUDGED = "clauses:\n  - {says: Make it small., judged-by: a person}\n"
FINGERPRINT = "9c1f0a2e77b1d003"


def waiver(until: date, finding: str | None = FINGERPRINT, clause: str | None = None) -> Waiver:
    return Waiver("Agreed.", until, PLACE, finding=finding, clause=clause)


def in_days(days: int) -> Waiver:
    return waiver(TODAY + timedelta(days=days))


def test_a_waiver_of_a_finding_is_read() -> None:
    contract = load(
        f"{HEAD}waivers:\n  - finding: {FINGERPRINT}\n    reason: Agreed.\n    until: 2026-12-01\n"
    )

    assert (waiver(date(2026, 12, 1)),) == contract.waivers


def test_a_fingerprint_of_digits_only_stays_text() -> None:
    contract = load(
        f"{HEAD}waivers:\n  - {{finding: 0000000000000010, reason: a, until: 2026-12-01}}\n"
    )

    assert ["0000000000000010"] == [each.finding for each in contract.waivers]


@pytest.mark.parametrize("named", ["objective-1", "Make  it small."], ids=["its id", "its words"])
def test_a_clause_that_a_person_judges_is_waived_by(named: str) -> None:
    contract = load(
        f"{HEAD}{JUDGED}waivers:\n  - {{clause: {named}, reason: Agreed., until: 2026-12-01}}\n"
    )

    assert ["objective-1"] == [each.clause for each in contract.waivers]


REFUSED = {
    "no reason": (
        "{finding: 9c1f0a2e77b1d003, until: 2026-12-01}",
        '5:5: The key "reason" is missing here. Add it.',
    ),
    "an empty reason": (
        "{finding: 9c1f0a2e77b1d003, reason: ' ', until: 2026-12-01}",
        "5:41: The reason is empty. Say why people let this pass.",
    ),
    "no end": (
        "{finding: 9c1f0a2e77b1d003, reason: a}",
        '5:5: The key "until" is missing here. Add it.',
    ),
    "neither finding nor clause": (
        "{reason: a, until: 2026-12-01}",
        (
            "5:5: A waiver is for exactly one finding or clause. "
            "Name a finding: by its fingerprint, or a clause: that a person judges."
        ),
    ),
    "both a finding and a clause": (
        "{finding: 9c1f0a2e77b1d003, clause: objective-1, reason: a, until: 2026-12-01}",
        (
            "5:5: A waiver is for exactly one finding or clause. "
            "Name a finding: by its fingerprint, or a clause: that a person judges."
        ),
    ),
    "a short fingerprint": (
        "{finding: 9c1f0a2e, reason: a, until: 2026-12-01}",
        '5:15: "9c1f0a2e" is not a fingerprint: 16 digits of 0-9 and a-f, from the report.',
    ),
    "a fingerprint in capitals": (
        "{finding: 9C1F0A2E77B1D003, reason: a, until: 2026-12-01}",
        (
            '5:15: "9C1F0A2E77B1D003" is not a fingerprint: '
            "16 digits of 0-9 and a-f, from the report."
        ),
    ),
    "a pattern of findings": (
        "{finding: '*', reason: a, until: 2026-12-01}",
        '5:15: "*" is not a fingerprint: 16 digits of 0-9 and a-f, from the report.',
    ),
    "a day that is none": (
        "{finding: 9c1f0a2e77b1d003, reason: a, until: 2027-02-30}",
        '5:51: There is no day "2027-02-30" in the calendar. Write YYYY-MM-DD.',
    ),
    "a date of another kind": (
        "{finding: 9c1f0a2e77b1d003, reason: a, until: 20270130}",
        '5:51: "20270130" is not a date like 2027-01-31.',
    ),
    "a clause that rules judge": (
        "{clause: closing, reason: a, until: 2026-12-01}",
        (
            "5:14: No person judges the clause closing, so it cannot be waived as a whole. "
            "Name a finding: by its fingerprint, or add judged-by: a person to the clause."
        ),
    ),
    "a clause that is not there": (
        "{clause: Make it smaller., reason: a, until: 2026-12-01}",
        (
            '5:14: No clause of stage-9.md says "Make it smaller.". '
            'The nearest is objective-1: "Make it small.".'
        ),
    ),
    "a wildcard reason for everything": (
        "all",
        "5:5: Expected a mapping, not text.",
    ),
}


@pytest.mark.parametrize(("entry", "problem"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_told_with_its_place(entry: str, problem: str) -> None:
    told = problems(f"{HEAD}{JUDGED}waivers:\n  - {entry}\n")

    assert [f"gatekeeper.yaml:{problem}"] == told


@pytest.mark.parametrize("days", [0, 1, 90])
def test_a_waiver_counts_from_ninety_days_ahead_to_its_last_day(days: int) -> None:
    assert Applicable((in_days(days),), (), ()) == applicable([in_days(days)], TODAY)


@pytest.mark.parametrize("days", [-1, -4000])
def test_an_expired_waiver_does_not_count(days: int) -> None:
    assert Applicable((), (in_days(days),), ()) == applicable([in_days(days)], TODAY)


@pytest.mark.parametrize("until", [TODAY + timedelta(days=91), date.max])
def test_a_waiver_that_reaches_too_far_does_not_count(until: date) -> None:
    assert Applicable((), (), (waiver(until),)) == applicable([waiver(until)], TODAY)


def test_each_waiver_that_does_not_count_is_told() -> None:
    person = waiver(date(2027, 6, 1), finding=None, clause="objective-1")

    found = applicable([in_days(-1), in_days(3), person], TODAY)

    assert (
        (
            "gatekeeper.yaml:3:5: the waiver for finding 9c1f0a2e77b1d003 expired on 2026-11-21; "
            "it does not count"
        ),
        (
            "gatekeeper.yaml:3:5: the waiver for clause objective-1 runs until 2027-06-01, "
            "more than 90 days ahead; it does not count"
        ),
    ) == found.notes
