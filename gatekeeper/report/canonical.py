"""The canonical report, `gatekeeper.report/1`: JSON in plain ASCII, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping

from gatekeeper.finding import Commits, Evidence
from gatekeeper.terms import Clause, Place, Waiver
from gatekeeper.value import fields
from gatekeeper.verdict import ClauseRuling, Judged, Judgement, Report, Revision, Ruling

SCHEMA = "gatekeeper.report/1"

Json = Mapping[str, object]


def render(report: Report) -> str:
    r"""The report as JSON, ending in a line feed.

    Everything that is not ASCII is written `\uXXXX`. A byte of a path that is not UTF-8 is
    the lone surrogate `\udcXX` (PEP 383), so that the path can be had back exactly. A CI
    runner takes `##[` for a command to itself; so its second character is escaped as well.
    """
    text = json.dumps(document(report), indent=2, ensure_ascii=True, allow_nan=False)
    return text.replace("\x7f", "\\u007f").replace("##", "#\\u0023") + "\n"


def document(report: Report) -> Json:
    """The report as plain data, in the shape of `report.schema.json`."""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict.word,
        "exit_code": report.exit_code,
        "tool": {"name": "gatekeeper", "version": report.version},
        "contract": _contract(report.contract),
        "base": _revision(report.base),
        "head": _revision(report.head),
        "clauses": [_ruled(each) for each in report.clauses],
        "context": [_clause(each) for each in report.context],
        "notes": list(report.notes),
    }


def _contract(contract: Judgement) -> Json:
    return {
        "path": contract.path,
        "title": contract.title,
        "commit": contract.commit,
        "sha256": contract.sha256,
        "binding": contract.binding,
        "source": contract.source,
        "adoption": contract.adoption.value,
    }


def _revision(revision: Revision) -> Json:
    return {"rev": revision.rev, "commit": revision.commit, "tree": revision.tree}


def _clause(clause: Clause) -> Json:
    return {
        "id": clause.id,
        "section": clause.section,
        "says": clause.says,
        "place": _place(clause.place),
        "end_line": clause.end_line,
    }


def _ruled(ruled: ClauseRuling) -> Json:
    return {
        **_clause(ruled.clause),
        "verdict": ruled.verdict.word,
        "waiver": _waiver(ruled.waiver),
        "rulings": [_ruling(each) for each in ruled.rulings],
    }


def _ruling(ruling: Ruling) -> Json:
    return {
        "rule": ruling.rule,
        "verdict": ruling.verdict.word,
        "unproven": "; ".join(ruling.unproven) if ruling.unproven else None,
        "reasons": list(ruling.unproven),
        "examined": dict(sorted(ruling.examined.items())),
        "notes": list(ruling.notes),
        "findings": [_finding(each) for each in ruling.findings],
    }


def _finding(judged: Judged) -> Json:
    finding = judged.finding
    return {
        "message": finding.message,
        "side": finding.side.value,
        "path": finding.path,
        "line": finding.line,
        "end_line": finding.end_line,
        "column": finding.column,
        "symbol": finding.symbol,
        "quoted": finding.quoted,
        "fingerprint": judged.fingerprint,
        "evidence": [{"kind": each.kind, **_evidence(each)} for each in finding.evidence],
        "fix": finding.fix,
        "waiver": _waiver(judged.waiver),
    }


def _evidence(evidence: Evidence) -> Json:
    """All that a piece of evidence holds, field by field; commits each as an object."""
    if isinstance(evidence, Commits):
        return {"commits": [{"id": id_, "paths": list(on)} for id_, on in evidence.commits]}
    return {each.name: _listed(getattr(evidence, each.name)) for each in fields(evidence)}


def _listed(value: object) -> object:
    return [_listed(each) for each in value] if isinstance(value, tuple) else value


def _waiver(waiver: Waiver | None) -> Json | None:
    if waiver is None:
        return None
    return {
        "reason": waiver.reason,
        "until": waiver.until.isoformat(),
        "place": _place(waiver.place),
    }


def _place(place: Place) -> Json:
    return {"path": place.path, "line": place.line, "column": place.column}
