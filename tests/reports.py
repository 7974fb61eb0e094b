"""Reports made by hand: one for every verdict, a large one, and ones made of hostile text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hypothesis import example

from gatekeeper.finding import (
    Absence,
    Commits,
    Difference,
    Evidence,
    Excerpt,
    Finding,
    Objects,
    Side,
    Table,
    Trail,
)
from gatekeeper.terms import Adoption, Clause, Place, Waiver
from gatekeeper.verdict import ClauseRuling, Judged, Judgement, Report, Revision, Ruling, Verdict

PROSE = "contracts/stage-2.md"
BASE = "5d2f0c8b1e7a4936c0d8f2b6a1e3947cb05d8a12"
HEAD = "91b3a7e5d4c2f0186a9b8c7d6e5f40312a1b2c3d"
BEFORE = "3f1c9a7be2d4056877a9bc0d1e2f30415263748a"
AFTER = "b82e6d15f09c3a4d7e8f6a5b4c3d2e1f00998877"
TODAY = date(2027, 1, 19)
AT_BASE = Judgement(
    path=PROSE,
    title="Stage 2: Workflows and D1",
    binding="gatekeeper.yaml",
    source="commit 5d2f0c8",
    commit=BASE,
    sha256="0f6c1d2e3b4a59687786a5b4c3d2e1f00112233445566778899aabbccddeeff0",
    adoption=Adoption.AT_BASE,
)
MAIN = Revision("origin/main", BASE, "a7c3e5f1908b2d4c6e8fa0b1c2d3e4f5061728d9")
TIP = Revision("HEAD", HEAD, "c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7")
INDEX = Revision("the index", None, None)
INPUTS = Clause(
    "inputs-1",
    "Inputs",
    "Existing workflow orchestration logic.",
    Place(PROSE, 13),
    13,
    context=True,
)
CHOICE = "base is the merge base of HEAD and origin/main"


def clause(id_: str, says: str, line: int, *rulings: Ruling) -> ClauseRuling:
    """A clause of which the rulings say the worst."""
    section = "" if "-" not in id_ else id_.rpartition("-")[0].replace("-", " ").title()
    verdict = max((each.verdict for each in rulings), default=Verdict.KEPT)
    return ClauseRuling(Clause(id_, section, says, Place(PROSE, line), line), verdict, rulings)


def report(*clauses: ClauseRuling, notes: tuple[str, ...] = (CHOICE,)) -> Report:
    """A report on those clauses."""
    return Report(AT_BASE, MAIN, TIP, clauses, (INPUTS,), notes, "0.1.0")


STORE = Finding(
    message='the content of a file of the protected module "artifact storage" changed',
    side=Side.HEAD,
    path="src/artifacts/store.py",
    line=4,
    end_line=4,
    column=1,
    quoted='BUCKET = "artifacts-v2"',
    evidence=(
        Excerpt(2, 'from workers import env\n\nBUCKET = "artifacts-v2"\nPREFIX = "runs/"'),
        Objects(f"100644 {BEFORE}", f"100644 {AFTER}"),
    ),
    fix="Put the file back as it was: git checkout 5d2f0c8 -- src/artifacts/store.py",
)
CLOSING = clause(
    "closing",
    "This contract is committed before implementation.",
    55,
    Ruling("contract-after-code", Verdict.KEPT, examined={"commits": 3}),
)
PROTECTED = "No changes to artifact storage, validation pipeline, or GitHub integration."
VENDOR = Waiver(
    reason="The vendor renamed the bucket; agreed in review.",
    until=date(2027, 1, 31),
    place=Place("gatekeeper.yaml", 48, 5),
    finding="9c1f0a2e77b1d003",
)


def protected(verdict: Verdict, *found: Judged) -> ClauseRuling:
    """The clause on protected modules, with what was found."""
    ruling = Ruling("protected-module-changed", verdict, found, examined={"protected files": 41})
    return clause("constraints-2", PROTECTED, 31, ruling)


def broken() -> Report:
    """A protected file changed."""
    return report(protected(Verdict.BROKEN, Judged("9c1f0a2e77b1d003", STORE)), CLOSING)


def waived() -> Report:
    """A protected file changed, and people agreed to it; a person signed another clause."""
    signed = replace(
        clause(
            "assumptions-2",
            "The support desk has been told.",
            9,
            Ruling("judged-by-person", Verdict.WAIVED),
        ),
        waiver=Waiver(
            "Told on Monday's call, see the minutes.",
            date(2027, 2, 28),
            Place("gatekeeper.yaml", 52, 5),
            clause="assumptions-2",
        ),
    )
    return report(
        signed, protected(Verdict.WAIVED, Judged("9c1f0a2e77b1d003", STORE, VENDOR)), CLOSING
    )


def kept() -> Report:
    """Everything was looked at, and nothing was found."""
    return report(
        protected(Verdict.KEPT),
        clause(
            "constraints-4",
            "All data migrations must be idempotent and reversible.",
            33,
            Ruling(
                "migration-irreversible",
                Verdict.KEPT,
                notes=("there are no migrations",),
                examined={"files": 212},
            ),
        ),
        CLOSING,
    )


def deferred() -> Report:
    """A local check: tests are left to CI."""
    why = "it runs the tests; CI will"
    tests = clause(
        "validation-criteria-1",
        "All tests pass (no regressions).",
        41,
        Ruling("test-failed", Verdict.DEFERRED, unproven=(why,)),
        Ruling("test-lost", Verdict.DEFERRED, unproven=(why,)),
    )
    notes = ("local check only: only what the staged files add is reported, CI judges the rest",)
    staged = report(protected(Verdict.KEPT), tests, notes=notes)
    return replace(staged, base=Revision("HEAD", BASE, MAIN.tree), head=INDEX)


def pending() -> Report:
    """A goal that an open stage has not reached."""
    missing = Finding(
        message="the promised module src/workflows/agent_pipeline.py is not there",
        side=Side.HEAD,
        path="src/workflows/agent_pipeline.py",
        evidence=(Absence("src/workflows/agent_pipeline.py", 212),),
        fix="Add the module, or agree with your reviewers on another output.",
    )
    promised = clause(
        "outputs-1",
        "New: Cloudflare Workflow entrypoint module for agent orchestration.",
        19,
        Ruling(
            "output-missing",
            Verdict.PENDING,
            (Judged("41d0c7a95e3b8f26", missing),),
            examined={"outputs": 1},
        ),
    )
    return report(promised, protected(Verdict.KEPT), CLOSING)


NOT_YET = "not available in this version"


def unproven() -> Report:
    """Two clauses wait for rules of a later version, one for a file that can be read."""
    depth = "src/workflows/generated.py: nested more than 200 deep"
    return report(
        clause(
            "assumptions-1",
            "No user-facing API endpoints or workflow orchestration may break or regress.",
            7,
            Ruling("api-changed", Verdict.UNPROVEN, unproven=(NOT_YET,)),
            Ruling("test-lost", Verdict.UNPROVEN, unproven=(NOT_YET,)),
        ),
        protected(Verdict.KEPT),
        clause(
            "validation-criteria-4",
            "All workflow orchestration is handled by Cloudflare Workflows (no Durable Objects).",
            44,
            Ruling(
                "durable-object-used",
                Verdict.UNPROVEN,
                unproven=(depth,),
                examined={"python files": 57},
            ),
            Ruling("workflow-missing", Verdict.UNPROVEN, unproven=(NOT_YET,)),
        ),
        clause(
            "test-requirements-1",
            "Expected coverage: ≥90% line coverage (no decrease from baseline).",
            48,
            Ruling("coverage-dropped", Verdict.UNPROVEN, unproven=(NOT_YET,)),
        ),
        CLOSING,
    )


EACH_EVIDENCE: tuple[Evidence, ...] = (
    Excerpt(1, "import os\n"),
    Objects(None, f"100644 {AFTER}"),
    Trail(("src/app.py:3  from core import *", "src/core.py:9  Base = DurableObject")),
    Difference("the least coverage of coverage-dropped", "90", "80"),
    Commits(((BASE, ("src/app.py", "src/core.py")), (HEAD, ("contracts/stage-2.md",)))),
    Absence("a way down for 0003_steps.sql", 12),
    Table("steps, after up", ("id", "name"), (("1", "'plan'"), ("2", "NULL"))),
)


def mixed(findings: int = 2) -> Report:
    """What a bad day looks like: every verdict, every kind of evidence, many clauses."""
    worker = Finding(
        message="WorkflowCoordinator inherits from workers.DurableObject",
        side=Side.HEAD,
        path="src/workflows/coordinator.py",
        line=12,
        end_line=12,
        column=27,
        symbol="WorkflowCoordinator",
        quoted="class WorkflowCoordinator(Base):",
        evidence=EACH_EVIDENCE,
        fix="Move the class to a Workflow entrypoint and retire it by a migration.",
    )
    gone = replace(STORE, side=Side.BASE, message="a protected file was deleted")
    used = tuple(
        Judged(f"{0xA000 + number:016x}", replace(worker, line=12 + number, end_line=12 + number))
        for number in range(findings)
    )
    rest = (
        clause(
            f"validation-criteria-{number}",
            f"Criterion {number} holds, as everybody who was in the room agreed.",
            60 + number,
            Ruling("query-broken", Verdict.KEPT, examined={"queries": number, "files": 3}),
        )
        for number in range(5, 20)
    )
    open_goal, local = pending().clauses[0], deferred().clauses[1]
    signed, vendor = waived().clauses[:2]
    vendor = replace(vendor, clause=replace(vendor.clause, id="disallowed-actions-1"))
    return report(
        protected(Verdict.BROKEN, Judged("9c1f0a2e77b1d003", gone)),
        clause(
            "outputs-3",
            "Updated: Workflow orchestration logic to use Workflows and D1 (not Durable Objects).",
            21,
            Ruling("durable-object-used", Verdict.BROKEN, used, examined={"python files": 57}),
            Ruling("output-missing", Verdict.UNPROVEN, unproven=("src/api.py: not UTF-8",)),
        ),
        *(each for each in unproven().clauses if each.verdict is Verdict.UNPROVEN),
        open_goal,
        local,
        signed,
        vendor,
        *rest,
        CLOSING,
    )


BY_VERDICT = {
    "kept": kept,
    "waived": waived,
    "deferred": deferred,
    "pending": pending,
    "unproven": unproven,
    "broken": broken,
}

HOSTILE = (
    "\x1b[2J\x1b[31mall kept\x1b[0m",
    "\x1b]8;;https://evil.example\x07click\x1b]8;;\x07",
    "a\nKEPT  26 of 26 clauses kept (exit 0)\nb",
    "a\r\nb\rc\x0b\x0c\x85\u2028\u2029d",
    "\u202egnp.exe\u202c \u2066\u2069 \u200b\ufeff",
    "caf\udce9/\udcff.py",
    "[red]kept[/red] [link=https://evil.example]x[/link] :thumbs_up:",
    "| a | b |\n| --- | --- |\n| c | d |",
    "</code></summary></details><script>alert(1)</script><!-- -->",
    "![x](https://evil.example/x.png) [y](javascript:alert) <https://evil.example>",
    "@everyone @org/team fixes #123, org/repo#7, GH-9, www.evil.example a@b.example :tada:",
    "``` \n```\n``` ~~~ `x` ``y``",
    "a\\|b|c\\",
    "1. one",
    "- one",
    "# one",
    "> one",
    "    code",
    "---",
    "===",
    "$\\frac{1}{2}$ **b** __i__ ~~s~~ [^1] &lt;&#60; &amp;",
    "[x]: https://evil.example",
    "::error file=a::b ::stop-commands::x ##[error]c ##vso[task.complete]d",
    "\x00\x7f\x9b31m",
    "\U000e0041\ue000\U0010ffff",
    "\ud800 \udfff",
)
LONG = "long" * 500

Test = TypeVar("Test", bound=Callable[..., None])


def on_each_hostile_text(name: str = "attack", **further: object) -> Callable[[Test], Test]:
    """A property holds for each of these texts, beside those that hypothesis makes up.

    They are given as `name`, with `further` arguments of the property.
    """

    def with_examples(test: Test) -> Test:
        for text in HOSTILE:
            test = example(**{name: text, **further})(test)
        return test

    return with_examples


def hostile(text: str, findings: int = 2, clauses: int = 1) -> Report:
    """A report that has `text` wherever it can have text, under every verdict."""
    place = Place(text, 3)
    waiver = Waiver(text, date(2027, 1, 31), place, finding="0" * 16)
    evidence: tuple[Evidence, ...] = (
        Excerpt(1, text.replace("\n", " ")),
        Objects(text, None),
        Trail((text, text)),
        Difference(text, text, text),
        Commits(((text, (text, text)),)),
        Absence(text, 3),
        Table(text, (text, text), ((text, text), (text, text))),
    )
    finding = Finding(text, Side.HEAD, text, evidence, text, 1, 1, 1, text, text)
    found = tuple(Judged(f"{number:016x}", finding) for number in range(findings))
    spared = Judged("f" * 16, finding, waiver)

    def ruling(verdict: Verdict) -> Ruling:
        mine = found if verdict in (Verdict.BROKEN, Verdict.PENDING) else ()
        let_pass = () if verdict is Verdict.KEPT else (spared,)
        reasons = () if verdict is Verdict.KEPT else (text, f"{text}{text}")
        return Ruling(text, verdict, (*mine, *let_pass), reasons, (text,), {text: 2})

    ruled = tuple(
        ClauseRuling(Clause(text, text, text, place, 3), verdict, (ruling(verdict),), waiver)
        for verdict in Verdict
        for _ in range(clauses)
    )
    silent = ClauseRuling(Clause(text, text, text, place, 3), Verdict.UNPROVEN, ())
    alike = replace(silent, rulings=(Ruling(text, Verdict.UNPROVEN, (), (text,)),))
    contract = replace(AT_BASE, path=text, title=text, binding=text, source=text)
    sides = (Revision(text, BASE, None), Revision(text, None, None))
    clauses_ = (*ruled, silent, alike, alike)
    return Report(contract, *sides, clauses_, (silent.clause,), (text, text), "0.1.0")
