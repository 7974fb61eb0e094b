"""A file full of what should be gone ends in an answer, and says that it is not told in full."""

from __future__ import annotations

from gatekeeper_rules.code.legacy_remains import RULE, Options
from tests.cases import case_of, doubts, findings


def test_a_file_that_names_it_on_every_line_is_told_in_part() -> None:
    case = case_of({}, {"a.ts": "LegacyThing\n" * 1200}, Options(names=("LegacyThing",)))

    assert 1000 == len(findings(RULE, case))
    assert 1 == len(doubts(RULE, case))
