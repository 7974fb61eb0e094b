"""A finding needs evidence, and is known again when lines move."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Excerpt, Finding, Side
from gatekeeper.finding import fingerprints

FINDINGS = st.lists(
    st.builds(
        lambda path, line, symbol, quoted: Finding(
            "A fault.", Side.HEAD, path, (Excerpt(line, quoted),), "Mend it.",
            line=line, end_line=line, symbol=symbol, quoted=quoted,
        ),
        st.sampled_from(["a.py", "b.py", "\udcff.py"]),
        st.integers(1, 50),
        st.sampled_from(["", "A.run"]),
        st.sampled_from(["x = 1", "x = 2", ""]),
    ),
    max_size=8,
)  # fmt: skip


def _identities(findings: list[Finding]) -> list[str]:
    return sorted(fingerprint for fingerprint, _ in fingerprints("a-rule", findings))


def test_a_finding_cannot_be_made_without_evidence() -> None:
    with pytest.raises(ValueError, match="needs evidence"):
        Finding("A fault.", Side.HEAD, "a.py", (), "Mend it.")


@given(FINDINGS, st.integers(1, 1000))
def test_fingerprints_survive_moved_lines(findings: list[Finding], by: int) -> None:
    moved = [replace(each, line=(each.line or 0) + by, end_line=None) for each in findings]

    assert _identities(findings) == _identities(moved)


@given(FINDINGS)
def test_no_two_findings_of_a_rule_share_a_fingerprint(findings: list[Finding]) -> None:
    assert len(findings) == len(set(_identities(findings)))


@given(FINDINGS, st.randoms())
def test_fingerprints_do_not_depend_on_the_order(findings: list[Finding], random: Random) -> None:
    shuffled = list(findings)
    random.shuffle(shuffled)

    assert fingerprints("a-rule", findings) == fingerprints("a-rule", shuffled)


@given(FINDINGS)
def test_another_rule_gives_other_fingerprints(findings: list[Finding]) -> None:
    others = {fingerprint for fingerprint, _ in fingerprints("another-rule", findings)}

    assert others.isdisjoint(_identities(findings))
