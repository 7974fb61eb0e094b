"""Verdicts, what rules said, and the report that holds it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum

from gatekeeper.finding import Finding
from gatekeeper.terms import Adoption, Clause, Waiver
from gatekeeper.value import dataclass, field


class Verdict(IntEnum):
    """From best to worst; the worst of several wins."""

    KEPT = 0
    WAIVED = 1
    DEFERRED = 2
    PENDING = 3
    UNPROVEN = 4
    BROKEN = 5

    @property
    def word(self) -> str:
        """The verdict as reports write it: `kept`."""
        return self.name.lower()

    @property
    def exit_code(self) -> int:
        """The process's exit status: 0, 1 for broken, 3 for unproven."""
        return {Verdict.BROKEN: 1, Verdict.UNPROVEN: 3}.get(self, 0)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; KEPT where there is none."""
    return max(verdicts, default=Verdict.KEPT)


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding with its fingerprint, and the waiver that lets it pass, if any."""

    fingerprint: str
    finding: Finding
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says about one clause.

    `unproven` says why it could not say more (also the reason for a deferral); `notes`
    are what a reader of a kept clause should know ("there are no migrations");
    `examined` counts what was looked at.
    """

    rule: str
    verdict: Verdict
    findings: tuple[Judged, ...] = ()
    unproven: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    examined: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClauseRuling:
    """A clause, and the worst of what its rules say."""

    clause: Clause
    verdict: Verdict
    rulings: tuple[Ruling, ...]
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """One side of the comparison: as asked for, and what git resolved it to."""

    rev: str
    commit: str | None
    tree: str | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The contract that judged: where it was read, and its digest."""

    path: str
    title: str
    binding: str
    source: str
    commit: str | None
    sha256: str
    adoption: Adoption


@dataclass(frozen=True, slots=True)
class Report:
    """All the rulings on one change.

    `context` are the clauses that set the scene and are bound to nothing. `notes` say how
    base and head were chosen, which waivers no longer count, and that a local check is one.
    """

    contract: Judgement
    base: Revision
    head: Revision
    clauses: tuple[ClauseRuling, ...]
    context: tuple[Clause, ...]
    notes: tuple[str, ...]
    version: str

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all clauses."""
        return worst(each.verdict for each in self.clauses)

    @property
    def exit_code(self) -> int:
        """The process's exit status; never 0 for a preview, which proves nothing."""
        if self.verdict.exit_code == 0 and self.contract.adoption is Adoption.PREVIEW:
            return Verdict.UNPROVEN.exit_code
        return self.verdict.exit_code
