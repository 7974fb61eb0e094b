"""Documents with other values: of the same shape, and equal where the first one was equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import Json, leaves
from gatekeeper.carrying.kinds import Unit, scalars, units
from gatekeeper.carrying.renewed import Renewal, edged, grown, replaced

_scalar = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
_json = st.recursive(
    _scalar,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def renewed(value: Json, number: int = 0) -> Json:
    return Renewal(units(value), Dice(7), number).of(value)


@given(_json)
def test_the_other_document_has_its_values_in_places_of_the_same_kinds(value: Json) -> None:
    before, after = (sorted(kind for kind, _ in scalars(each)) for each in (value, renewed(value)))

    assert before == after


@given(_json, st.integers(0, 7))
def test_whatever_it_holds_a_document_can_be_edged_and_grown(value: Json, number: int) -> None:
    known = units(value)
    records = {record for unit in known for record in unit.records}

    more = grown(value, renewed(value, number), records)
    replaced(value, edged(known, Dice(number)))

    assert len(list(leaves(value))) <= len(list(leaves(more)))


DOCUMENTS = {
    "ids that are referred to": (
        {"flows": [{"id": "wf-1"}], "events": [{"flow": "wf-1", "file": "flows/wf-1/plan.md"}]},
        {
            "flows": [{"id": "wf-191"}],
            "events": [{"flow": "wf-191", "file": "flows/wf-191/plan.md"}],
        },
    ),
    "digits of what has its length": (
        ["0f3e8a51-77c2-4b1d-9a60-5e2d1c0b9f84"], ["7f0e5a28-44c9-1b8d-6a37-2e9d8c7b6f51"]
    ),
    "dates keep their form": (["2026-02-28T09:00:00Z"], ["2030-02-28T09:00:00Z"]),
    "keys that are data": ({"flow:1": {"n": True}}, {"flow:191": {"n": False}}),
    "JSON in a text, written as it was": (['{"name":"a","n":null}'], ['{"name":"aa","n":null}']),
}  # fmt: skip


@pytest.mark.parametrize(("value", "other"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_values_are_changed_in_their_form(value: Json, other: Json) -> None:
    assert other == renewed(value)


def test_what_must_agree_is_changed_together_and_counts_are_not() -> None:
    value: Json = {
        "flows": [{"id": 1, "state": "open", "tries": 1}],
        "steps": [{"flowId": 1, "state": "open"}],
    }

    assert {
        frozenset({"flows[].id", "steps[].flowId"}),
        frozenset({"flows[].state", "steps[].state"}),
        frozenset({"flows[].tries"}),
    } == {unit.kinds for unit in units(value)}


def test_what_belongs_to_no_unit_is_left_alone() -> None:
    assert ["a", 1] == Renewal((Unit(frozenset(), frozenset()),), Dice(7)).of(["a", 1])
