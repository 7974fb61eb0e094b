"""The rule query-broken: SQL in the code does not prepare against the migrated schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from gatekeeper import (
    Case,
    Doubt,
    Examined,
    Glob,
    Need,
    NoSubject,
    Note,
    Observation,
    Patterns,
    Rule,
    Snapshot,
    Stricter,
    Which,
    option,
)
from gatekeeper.migrations.proofs import QUERIES
from gatekeeper.value import dataclass
from gatekeeper_rules.wordings import WORDINGS


class Include(Enum):
    """Code that is not looked at unless asked for."""

    TESTS = "tests"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Options:
    """Which code's SQL counts, and where it may be put together at run time."""

    include: tuple[Include, ...] = option(
        (), stricter=Stricter.MORE, says="`tests`, `generated`: their SQL counts as well"
    )
    dynamic: tuple[Glob, ...] = option(
        (), stricter=Stricter.FEWER, says="files whose SQL may be put together at run time"
    )
    outside: tuple[Glob, ...] = option(
        (), stricter=Stricter.FEWER, says="files whose SQL is for another database"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """What the databases say of each string, of the files that count."""
    from gatekeeper.migrations.query_proof import QueryProof
    from gatekeeper_rules.migrations._query_judgement import Judgement

    proof = case.measured(QUERIES, Which.HEAD, QueryProof)
    counts = _counting(case.change.head, case.options)
    queries = tuple(each for each in proof.gathered.queries if counts(each.path))
    unread = tuple(each for each in proof.gathered.unread if counts(each[0]))
    for path, why in unread:
        yield Doubt(f"its SQL is not known: {why}", path)
    left = len({each.path for each in proof.gathered.queries} - {each.path for each in queries})
    if left:
        yield Note(
            f"SQL in {left} files of tests, generated code or other databases does not count"
        )
    if not queries:
        if not unread:
            yield NoSubject("no SQL string stands in the code that is shipped")
        return
    yield Examined("queries", len(queries))
    yield Examined("files", len({each.path for each in queries}))
    dynamic = Patterns(tuple(case.options.dynamic))
    yield from Judgement(proof, queries, dynamic.match).observations()


def _counting(head: Snapshot, options: Options) -> Callable[[str], bool]:
    """Whether the SQL of a file counts; a file named like a test does where production runs it."""
    from gatekeeper.source.python_modules import Listed
    from gatekeeper.source.script_text import is_script
    from gatekeeper_rules.code import _script_sources as scripts
    from gatekeeper_rules.code._production import Production, Role, role_of
    from gatekeeper_rules.code._python_sources import Sources

    outside = Patterns(tuple(options.outside))
    included = {Role.PRODUCTION, *(Role(each.value) for each in options.include)}
    sources = Sources(head)
    production = Production(sources, Listed(sources.paths), mentioned=False)
    script_sources = scripts.Sources(head)

    def counts(path: str) -> bool:
        if outside.match(path):
            return False
        if is_script(path):
            role = scripts.role_of(path)
            return role in included or script_sources.production_runs(path)
        return role_of(path) in included or production.runs(path)

    return counts


RULE = Rule(
    name="query-broken",
    summary="constant SQL in code does not prepare against the migrated schema",
    options=Options,
    check=check,
    runs=True,
    needs=lambda _: (Need(QUERIES, Which.HEAD),),
    wordings=WORDINGS["query-broken"],
)
