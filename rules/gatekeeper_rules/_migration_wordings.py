"""How people put what the rules about migrations prove."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules import _proposals as propose
from gatekeeper_rules._wording_parts import (
    CHANGE,
    IDEMPOTENT,
    KEPT,
    MIGRATIONS,
    NOT,
    REVERSIBLE,
    ROWS,
    WHAT,
    gap,
)

_LOST = r"\b(?:los[est]|loss|losing|corrupt\w*|damag\w*)\b"
_DATA = r"\b(?:data|records?|rows?|stored|history|audit(?: trail)?)\b"

MIGRATION: Mapping[str, tuple[Wording, ...]] = {
    "migration-fails": (
        Wording(
            rf"^(?!.*(?:{IDEMPOTENT})).*?{MIGRATIONS}{gap(60)}(?:{REVERSIBLE})",
            propose=propose.reversible,
        ),
        Wording(rf"{MIGRATIONS}{gap(30)}\b(?:appl(?:y|ies)|run) (?:cleanly|without errors?)\b"),
    ),
    "migration-irreversible": (
        Wording(
            rf"{MIGRATIONS}{gap(80)}(?:{REVERSIBLE})|\bno irreversible\b{gap(20)}{MIGRATIONS}"
            rf"|\bno {MIGRATIONS} without{gap(20)}(?:{REVERSIBLE}|\brollback\b)",
            propose=propose.rollback_plan,
        ),
    ),
    "migration-unrepeatable": (
        Wording(rf"{MIGRATIONS}{gap(60)}(?:{IDEMPOTENT})", propose=propose.repeated_raw),
    ),
    "migration-loses-data": (
        Wording(rf"{ROWS}.*?{_DATA}{gap(60)}{KEPT}", propose=propose.kept),
        Wording(rf"{ROWS}.*?{_DATA}{gap(40)}\bnot\b{gap(10)}{_LOST}"),
        Wording(rf"{ROWS}.*?(?:\b(?:no|nothing)\b{gap(30)}{_DATA}{gap(30)}{_LOST})"),
        Wording(rf"{ROWS}.*?(?:\b(?:no|without) data (?:loss|corruption))"),
        Wording(rf"{ROWS}.*?(?:{MIGRATIONS}{gap(30)}{NOT}{gap(10)}{_LOST})"),
        Wording(rf"{ROWS}.*?(?:\bwithout {_LOST}{gap(30)}{_DATA})"),
    ),
    "migration-rewritten": (
        Wording(
            rf"^(?=.*(?:{REVERSIBLE})).*?{MIGRATIONS}{gap(60)}(?:{IDEMPOTENT})"
            rf"|\b(?:applied|existing|old){gap(20)}{MIGRATIONS}{gap(30)}{NOT}{gap(20)}{CHANGE}"
        ),
    ),
    "table-missing": (
        Wording(
            r"^(?!.*\b(?:KV|R2|openapi|json schema)\b)(?=.*\b(?:D1|SQL|database|tables?)\b)"
            r"(?:(?:new|added?)\s*:)?"
            rf"{gap(60)}\b(?:schemas?|tables|scripts?|migrations?)\b {gap(12)}"
            rf"\b(?:for|covering|holding|(?:that|which) (?:covers?|holds?))\b {WHAT}",
            propose=propose.tables,
        ),
        Wording(rf"^(?:new )?(?:D1 )?tables?:\s*{WHAT}", propose=propose.tables),
    ),
    "query-broken": (
        Wording(
            rf"\b(?:accessible|readable|queryable|available|(?:read|queried|reached))\b{gap(30)}"
            r"\b(?:via|through|from|in|by|over) (?:the )?(?:D1|database|SQL)\b",
            propose=propose.readable,
        ),
    ),
}
