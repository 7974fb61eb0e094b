"""How people put what the rules about tests, coverage, build and lint prove."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules import _proposals as propose
from gatekeeper_rules._wording_parts import (
    API,
    BREAK,
    BUILD,
    CLEAN,
    LINT,
    NOT,
    ORCHESTRATION,
    PASSES,
    TESTS,
    UPDATED,
    gap,
)

_ALL_TESTS = (
    rf"\b(?:all|every|whole|entire|full|existing)\b{gap(30)}{TESTS}{gap(30)}{PASSES}"
    rf"|^(?:the )?{TESTS}{gap(20)}{PASSES}"
)
_LINTED = rf"{LINT}{gap(60)}{CLEAN}|{CLEAN}{gap(20)}{LINT}"

SUITE: Mapping[str, tuple[Wording, ...]] = {
    "build-failed": (Wording(rf"{BUILD}{gap(40)}{CLEAN}"),),
    "test-failed": (Wording(_ALL_TESTS),),
    "test-lost": (
        Wording(_ALL_TESTS),
        Wording(
            rf"^(?=.*(?:{API}|{ORCHESTRATION})){gap(120)}{NOT}{gap(120)}\b(?:may|must|shall|should"
            rf"|can|to)\b{gap(30)}{BREAK}"
        ),
    ),
    "test-hollow": (
        Wording(_ALL_TESTS),
        Wording(rf"{UPDATED}(?:the |all |existing )*{TESTS}"),
    ),
    "coverage-dropped": (
        Wording(
            r"\bcoverage\b(?=.*(?:\d\s*%|\d percent|\b(?:not?|never|without)\b))"
            r"|(?<=%)(?=.*\bcoverage\b)",
            propose=propose.coverage,
        ),
    ),
    "lint-warning": (Wording(_LINTED, propose=propose.linters),),
    "suppression-added": (
        Wording(_LINTED),
        Wording(r"\bno (?:new )?(?:suppressions?|noqa|type: ignore)\b"),
    ),
    "critical-path-untested": (
        Wording(
            r"\b(?:critical paths?|edge cases?)\b[^:.;]{0,60}:\s*(?P<what>.+)",
            propose=propose.critical,
        ),
    ),
    "dependent-untested": (
        Wording(
            rf"\b(?:all|every|each)\b{gap(20)}\bmodules?\b{gap(20)}"
            r"\b(?:referenc\w+|refers? to|depend\w*(?: on)?|import\w*|us(?:es?|ing)) "
            rf"(?P<what>{gap(80)})\s\b(?:is|are|must be|has|have)\b{gap(40)}\btest(?:ed|s)\b",
            propose=propose.dependents,
        ),
    ),
}
