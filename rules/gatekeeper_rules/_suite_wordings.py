"""How people put what the rules about tests, coverage, build and lint prove."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules import _proposals as propose
from gatekeeper_rules._wording_parts import (
    API,
    BREAK,
    BREAKS,
    BUILD,
    CLEAN,
    LINT,
    NOT,
    ORCHESTRATION,
    PASSES,
    TESTS,
    UPDATED,
    WHAT,
    gap,
)

_ALL_TESTS = (
    rf"\b(?:all|every|whole|entire|full|existing)\b{gap(30)}{TESTS}{gap(30)}{PASSES}"
    r"|\b(?:no|zero) (?:failing tests?|test failures?)\b"
    rf"|^(?:the )?{TESTS}(?: (?:all|still|must|shall|should|will|are))* {PASSES}"
)
_LINTED = rf"{LINT}{gap(60)}{CLEAN}|{CLEAN}{gap(20)}{LINT}"

_LESS = r"\b(?:decreas|drop|fall|low|regress|declin|reduc|wors|less)\w*\b"

SUITE: Mapping[str, tuple[Wording, ...]] = {
    "build-failed": (
        Wording(
            rf"{BUILD}(?! (?:an?|the|on|upon|up)\b){gap(40)}{CLEAN}"
            r"|\b(?:no|zero) build (?:errors?|failures?)\b"
        ),
    ),
    "test-failed": (Wording(_ALL_TESTS),),
    "test-lost": (
        Wording(_ALL_TESTS),
        Wording(rf"\bno\b{gap(20)}{TESTS}{gap(20)}\b(?:skipped|deleted|removed|disabled|lost)\b"),
        Wording(rf"^(?=.*(?:{API}|{ORCHESTRATION})).*?\bnothing {BREAKS}"),
        Wording(rf"{API}{gap(60)}\b(?:must|may|shall|should|can) ?not\b{gap(20)}{BREAK}"),
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
            r"\bcoverage\b(?!\s+reports?)(?=.*(?:\d\s*%|\d per ?cent\b))"
            r"|%\s(?:(?:line|branch|statement|test|code|total)\s)*coverage\b"
            r"|%\sof (?:all )?(?:the )?(?:lines|statements|branches)\b"
            rf"|\bcoverage\b{gap(20)}{NOT}{gap(20)}{_LESS}|{NOT}{gap(20)}{_LESS}{gap(20)}\bcoverage\b",
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
            r"\b(?:(?:critical|key) (?:paths?|flows?)|(?:edge|corner|boundary) cases?)\b"
            r"[^:.;]{0,60}:\s*(?P<what>.+)",
            propose=propose.critical,
        ),
        Wording(
            r"\b(?:(?:critical|key) (?:paths?|flows?)|(?:edge|corner|boundary) cases?)\b"
            r"\s*\((?P<what>[^)]+)\)[^.;]{0,40}\btest(?:ed|s)\b",
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
        Wording(
            rf"\b(?:all|every|each) (?:consumers?|dependents?|callers?|users?) of "
            rf"(?P<what>{gap(80)})\s\b(?:is|are|must be|has|have)\b{gap(40)}\btest(?:ed|s)\b",
            propose=propose.dependents,
        ),
        Wording(
            rf"{TESTS} (?:cover|exercise) (?:all|every|each) modules? (?:that )?"
            rf"(?:us(?:es?|ing)|referenc\w+|import\w*|depend\w* on) {WHAT}",
            propose=propose.dependents,
        ),
    ),
}
