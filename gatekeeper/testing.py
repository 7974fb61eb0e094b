"""For rule authors: a rule's page is its test."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from textwrap import indent
from typing import Any

from gatekeeper.adoption import standing_of
from gatekeeper.change import Change, Commit, History
from gatekeeper.contract.binding import load_contract
from gatekeeper.difference import difference
from gatekeeper.errors import GatekeeperError, Unmeasured, Unreadable
from gatekeeper.finding import Finding
from gatekeeper.migrations.carried import DATA_PROOFS
from gatekeeper.migrations.proofs import PROOFS, QUERIES
from gatekeeper.page_readings import page_readings
from gatekeeper.rule import Case, Doubt, Examined, Need, NoSubject, Observation, Reading, Rule
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import Adoption, Standing

_MARK = "finding:"
_TITLE = re.compile(r'title="([^"]*)"')
_COMMIT = re.compile(r"commit (\d+)/(.*)", re.DOTALL)
_CONTRACT = "contract.md"
_BINDING = "gatekeeper.yaml"


class PageError(GatekeeperError):
    """A rule's page is not in the form that makes it a test."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where a page says that a finding stands: `base` or `head`, path, line (0 for none)."""

    side: str
    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.side} {self.path}" + (f":{self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class Example:
    """One `###` of a page's Examples: two snapshots, the options, and what is to be found.

    Fences are told apart by their title: `before/PATH` and `after/PATH` are files (a file
    under `before/` alone is deleted; without any `after/` fence the head is the base);
    `commit N/PATH` are the files that the N-th commit of the range writes, on top of the
    base; `options` (YAML) the rule's options; `contract` (YAML) the keys of the binding
    around them (`modules`, `scope`, `stage`, …); `findings` and `unproven` list places
    (`head PATH:LINE`, or `head` alone for no file) that a comment cannot mark; `readings`
    (JSON, see `gatekeeper.page_readings`) what was measured. A rule is given the readings
    that it says it needs, and no others.
    """

    title: str
    line: int
    before: Mapping[str, str]
    after: Mapping[str, str]
    commits: tuple[Mapping[str, str], ...] = ()
    options: str = ""
    contract: str = ""
    findings: frozenset[Mark] = field(default_factory=frozenset)
    unproven: frozenset[Mark] = field(default_factory=frozenset)
    readings: Mapping[Need, Reading] = field(default_factory=dict)


def read_page(page: str) -> tuple[Example, ...]:
    """The examples of a rule's page; raises `PageError` for a page without any."""
    examples = tuple(_example(title, line, fences) for title, line, fences in _sections(page))
    if not examples:
        raise PageError("the page has no example: write `## Examples` and a `###` for each")
    return examples


def check_example(rule: Rule[Any], example: Example) -> None:
    """Run the rule on the example; AssertionError tells what is missing, extra or misplaced."""
    observations = tuple(observe(rule, _proven(rule, case_of(rule, example))))
    found = frozenset(_mark(each) for each in observations if isinstance(each, Finding))
    doubts = frozenset(_doubt(each) for each in observations if isinstance(each, Doubt))
    assert found == example.findings, _difference("findings", example.findings, found)
    assert doubts == example.unproven, _difference("unproven", example.unproven, doubts)
    looked = any(isinstance(each, Examined | NoSubject) for each in observations)
    assert looked or doubts, "the rule looked at nothing and does not say that there is nothing"


def observe(rule: Rule[Any], case: Case[Any]) -> Iterator[Observation]:
    """What the rule says of the case; what it cannot read is a doubt, as in the engine."""
    assert rule.check is not None, f"{rule.name} is planned, there is nothing to run"
    try:
        yield from rule.check(case)
    except Unreadable as unreadable:
        yield Doubt(unreadable.reason, unreadable.path, unreadable.line)
    except Unmeasured as unmeasured:
        yield Doubt(str(unmeasured))


def case_of(rule: Rule[Any], example: Example) -> Case[Any]:
    """The case that an example describes."""
    before = Snapshot.of("before", example.before)
    steps = tuple(_steps(before, example))
    after = steps[-1] if steps else Snapshot.of("after", example.after, cache=before.cache)
    commits = tuple(
        Commit(str(step.commit), (parent.commit or "base",), tuple(sorted(files)))
        for parent, step, files in zip((before, *steps), steps, example.commits, strict=False)
    )
    change = Change(before, after, difference, recall=lambda: History(commits))
    if _BINDING in before or _BINDING in after:
        by_id = {str(step.commit): step for step in steps}
        standing = standing_of(change, {rule.name: rule}, _BINDING, by_id.__getitem__)
        options = rule.options()
        readings = _needed(rule, options, example)
        return Case(change, options, standing.agreed, standing, readings)
    return _bound_case(rule, example, change)


def _steps(before: Snapshot, example: Example) -> Iterator[Snapshot]:
    files = dict(example.before)
    for number, written in enumerate(example.commits, 1):
        files |= written
        plain = Snapshot.of(f"commit {number}", files, cache=before.cache)
        yield replace(plain, commit=f"{number:040x}")


def _bound_case(rule: Rule[Any], example: Example, change: Change) -> Case[Any]:
    term = f"      - {rule.name}:\n" + indent(example.options, " " * 10)
    if not example.options.strip():
        term = f"      - {rule.name}\n"
    binding = (
        f"contract: {_CONTRACT}\n{example.contract}"
        f"clauses:\n  - says: The clause.\n    rules:\n{term}"
    )
    files = {_CONTRACT: b"# A contract\n\n## Clauses\n- The clause.\n", _BINDING: binding.encode()}
    contract = load_contract(files, _BINDING, {rule.name: rule}, "the page")
    standing = Standing(Adoption.AT_BASE, contract, proposed=contract)
    options = contract.clauses[0].terms[0].options
    return Case(change, options, contract, standing, _needed(rule, options, example))


def _needed(rule: Rule[Any], options: object, example: Example) -> Mapping[Need, Reading]:
    needs = rule.needs(options) if rule.needs is not None else ()
    return {need: example.readings[need] for need in needs if need in example.readings}


def _proven(rule: Rule[Any], case: Case[Any]) -> Case[Any]:
    """The case with its migrations proven, for a rule that asks: really run, as in use."""
    readings = dict(case.readings)
    for need in (rule.needs or _none)(case.options):
        if need not in readings and need.name == PROOFS:
            from gatekeeper.migrations.proving import proven

            readings[need] = proven(case.change.base, case.change.head, case.contract.migrations)
        if need not in readings and need.name == QUERIES:
            from gatekeeper.migrations.querying import queried

            readings[need] = queried(case.change.head, case.contract.migrations)
        if need not in readings and need.name == DATA_PROOFS:
            from gatekeeper.carrying.measuring import Means, carried

            means = Means(os.environ)
            readings[need] = carried(case.change.base, case.change.head, case.contract, means)
    return Case(case.change, case.options, case.contract, case.standing, readings)


def _none(_: object) -> tuple[Need, ...]:
    return ()


_Section = tuple[str, int, list[tuple[str, int, str]]]


def _sections(page: str) -> Iterator[_Section]:
    """Each `###` under `## Examples`: its title, line, and titled fences (title, line, text)."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").parse(page)
    inside = False
    current: _Section | None = None
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None and token.map:
            if current:
                yield current
            inside = following.content == "Examples" if token.tag in ("h1", "h2") else inside
            titled = inside and token.tag == "h3"
            current = (following.content, token.map[0] + 1, []) if titled else None
        elif token.type == "fence" and current and token.map and (m := _TITLE.search(token.info)):
            current[2].append((m.group(1), token.map[0] + 1, token.content))
    if current:
        yield current


def _example(title: str, line: int, fences: list[tuple[str, int, str]]) -> Example:
    before = _files(fences, "before/")
    after = _files(fences, "after/")
    texts = {name: text for name, _, text in fences}
    commits: dict[int, dict[str, str]] = {}
    for name, text in texts.items():
        if found := _COMMIT.fullmatch(name):
            commits.setdefault(int(found.group(1)), {})[found.group(2)] = text
    if not before and not after and not commits:
        raise PageError(f"line {line}: the example has no file: title a fence `after/PATH`")
    whole = after if after else before
    for each in sorted(commits):
        whole = whole | commits[each]
    listed = frozenset(_listed(texts.get("findings", ""), line))
    gone = {path: text for path, text in before.items() if whole.get(path) != text}
    marked = frozenset((*_marked("base", gone), *_marked("head", whole)))
    return Example(
        title,
        line,
        before,
        whole,
        tuple(commits[each] for each in sorted(commits)),
        texts.get("options", ""),
        texts.get("contract", ""),
        listed | marked,
        frozenset(_listed(texts.get("unproven", ""), line)),
        _measured(texts.get("readings", ""), line),
    )


def _measured(text: str, line: int) -> Mapping[Need, Reading]:
    try:
        return page_readings(text)
    except ValueError as error:
        raise PageError(f"line {line}: the fence `readings`: {error}") from None


def _files(fences: list[tuple[str, int, str]], prefix: str) -> dict[str, str]:
    return {
        title.removeprefix(prefix): text for title, _, text in fences if title.startswith(prefix)
    }


def _marked(side: str, files: Mapping[str, str]) -> Iterator[Mark]:
    for path, text in files.items():
        for number, line in enumerate(text.split("\n"), 1):
            if _MARK in line:
                yield Mark(side, path, number)


def _listed(text: str, line: int) -> Iterator[Mark]:
    for row in filter(None, map(str.strip, text.splitlines())):
        side, _, place = row.partition(" ")
        if side not in ("base", "head"):
            raise PageError(f"line {line}: write `head PATH:LINE` or `base PATH`, not {row!r}")
        path, colon, number = place.rpartition(":")
        numbered = bool(colon) and number.isdigit()
        yield Mark(side, path, int(number)) if numbered else Mark(side, place)


def _mark(finding: Finding) -> Mark:
    return Mark(finding.side.value, finding.path, finding.line or 0)


def _doubt(doubt: Doubt) -> Mark:
    return Mark("head", doubt.path, doubt.line or 0)


def _difference(what: str, expected: frozenset[Mark], found: frozenset[Mark]) -> str:
    missing = [f"missing: {each}" for each in sorted(expected - found)]
    extra = [f"not expected: {each}" for each in sorted(found - expected)]
    return "\n".join((f"{what} differ from the page's", *missing, *extra))
