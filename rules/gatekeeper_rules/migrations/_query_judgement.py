"""From what the databases say of the code's SQL to findings, doubts and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from gatekeeper import Doubt, Note, Observation
from gatekeeper.migrations.migration import Dialect, FaultKind
from gatekeeper.migrations.queries import Query
from gatekeeper.migrations.query_proof import Answer, Heard, QueryProof, text_of
from gatekeeper.value import dataclass, field
from gatekeeper_rules.migrations import _query_findings as findings
from gatekeeper_rules.migrations._blame import NOT_AS_RUN
from gatekeeper_rules.migrations._query_changes import LEDGERS, Change, change_of
from gatekeeper_rules.migrations._query_names import missing_table, near, words


@dataclass(frozen=True)
class Judgement:
    """The queries that count, against the chains that there are.

    `may_be_dynamic` says of a path whether SQL may be put together in it at run time.
    """

    proof: QueryProof
    queries: Sequence[Query]
    may_be_dynamic: Callable[[str], bool]
    _alone: list[Query] = field(default_factory=list)

    def observations(self) -> Iterator[Observation]:
        """All that there is to say."""
        if not self._chains:
            yield Doubt(f"there are no migrations to hold {len(self.queries)} SQL strings against")
            for lost in self.proof.unplaced:
                yield Doubt(lost.says.removesuffix("."), lost.path)
        for chain in self.proof.chains:
            yield from _of_chain(chain)
        elsewhere = [each for each in self.queries if each.is_elsewhere]
        for path in dict.fromkeys(each.path for each in elsewhere):
            yield Note(f"{path}: SQL for the storage of a Durable Object is not looked at")
        for query in self.queries if self._chains else ():
            if not query.is_elsewhere:
                yield from self._of_query(query)
        if self._alone:
            first = f"{self._alone[0].path}:{self._alone[0].line}"
            says = f"{len(self._alone)} SQL strings fit none of the databases there are"
            yield Doubt(f"{says}, and not every chain could be run; the first is at {first}")

    @cached_property
    def _chains(self) -> tuple[Heard, ...]:
        return tuple(each for each in self.proof.chains if each.count or each.stopped)

    @cached_property
    def _asked(self) -> tuple[Heard, ...]:
        return tuple(each for each in self._chains if not each.stopped)

    @cached_property
    def _changes(self) -> dict[Query, Change]:
        found = ((each, change_of(each)) for each in self.queries if not each.is_elsewhere)
        return {query: change for query, change in found if change is not None}

    @cached_property
    def _made(self) -> frozenset[str]:
        """The tables that the code itself makes, each a finding or a note of its own."""
        return frozenset(each.table.lower() for each in self._changes.values() if each.table)

    def _of_query(self, query: Query) -> Iterator[Observation]:
        change = self._changes.get(query)
        if change is not None and change.table.lower() in LEDGERS:
            yield Note(f"{query.path}:{query.line}: {change.says}, taken for a runner's own table")
        elif change is not None:
            yield findings.changed(query, change)
        elif query.holes:
            yield from self._unknown(query, f"it is put together at run time, {_named(query)}")
        else:
            yield from self._of_constant(query)

    def _unknown(self, query: Query, why: str) -> Iterator[Observation]:
        if query.hardly and not query.via and not self._knows(query):
            return
        if self.may_be_dynamic(query.path):
            yield Note(f"{query.path}:{query.line}: {why}")
        else:
            says = f"{why}: write it as a constant, or allow it under `dynamic`"
            yield Doubt(says, query.path, query.line)

    def _of_constant(self, query: Query) -> Iterator[Observation]:
        text = text_of(query)
        heard = [(chain, chain.answers[text]) for chain in self._asked if text in chain.answers]
        taken = [pair for pair in heard if pair[1].refusal is None and not pair[1].open]
        if taken:
            yield from _of_taken(query, taken)
            return
        if query.hardly and not query.via and not self._knows(query):
            return
        yield from self._of_refused(query, heard)

    def _of_refused(
        self, query: Query, heard: Sequence[tuple[Heard, Answer]]
    ) -> Iterator[Observation]:
        if len(heard) < len(self._chains):
            self._alone.append(query)
        elif query.assembled:
            yield from self._unknown(query, "it is put together in steps, of which not all fit")
        elif query.bound and any(_is_of_sign(answer) for _, answer in heard):
            yield from self._unknown(query, "what a tag puts into it is no value")
        elif why := next(filter(None, map(_inconclusive, heard)), ""):
            yield Doubt(f"this SQL could not be judged: {why}", query.path, query.line)
        elif not any(self._fits_own(answer) for _, answer in heard):
            yield findings.refused(query, heard)

    def _fits_own(self, answer: Answer) -> bool:
        """Whether all that is missing is a table that the code makes, which is a finding."""
        table = missing_table(answer.refusal.says) if answer.refusal is not None else ""
        return answer.fits_own and table.lower() in self._made

    def _knows(self, query: Query) -> bool:
        """Whether a table of a chain is named in it."""
        said = {each.lower() for each in words(query.text)}
        return any(table.lower() in said for chain in self._asked for table in chain.tables)


def _of_taken(query: Query, taken: Sequence[tuple[Heard, Answer]]) -> Iterator[Observation]:
    """What may be wrong with a string although a database takes it: the best answer counts."""
    by_lines = [
        (chain, answer) for chain, answer in taken if answer.line and chain.dialect is Dialect.D1
    ]
    if by_lines and len(by_lines) == len(taken):
        yield findings.cut(query, *by_lines[0])
        return
    chain, answer = min(taken, key=lambda pair: len(pair[1].taken_for_text))
    for name in answer.taken_for_text:
        meant = near(name, chain, query.text)
        if meant:
            yield findings.taken_for_text(query, name, meant, chain)
        else:
            says = f'"{name}" is no column: SQLite takes it for text'
            yield Note(f"{query.path}:{query.line}: {says}")


def _of_chain(chain: Heard) -> Iterator[Observation]:
    for engine in chain.engines:
        yield Note(f"{chain.folder}: asked of {engine}")
    for stopped in chain.stopped:
        yield Doubt(stopped, chain.folder)
    for fault in chain.faults:
        if fault.kind in NOT_AS_RUN and fault.kind is not FaultKind.ELSEWHERE:
            says = f"what was run is not what its runner runs: {fault.says}"
            yield Doubt(says, fault.path)


def _is_of_sign(answer: Answer) -> bool:
    """Whether it is refused for a value where none can stand."""
    says = answer.refusal.says if answer.refusal is not None else ""
    return 'near "?"' in says or "parameters prohibited" in says


def _inconclusive(pair: tuple[Heard, Answer]) -> str:
    _, answer = pair
    if answer.open:
        return answer.open
    refusal = answer.refusal
    return refusal.says if refusal is not None and refusal.is_inconclusive else ""


def _named(query: Query) -> str:
    return "of what is not constant: " + ", ".join(query.holes[:5])
