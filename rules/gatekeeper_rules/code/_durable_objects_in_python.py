"""Durable Objects in Python: imported, extended, reached or called, under whatever name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Deferred, Doubt, Examined, Finding, Note, Observation, Snapshot
from gatekeeper.source.python_modules import Listed
from gatekeeper.value import dataclass
from gatekeeper_rules.code._durable_concerns import sight_of
from gatekeeper_rules.code._durable_search import Search
from gatekeeper_rules.code._durable_trail import MOST_FILES
from gatekeeper_rules.code._production import Production, Role, role_of
from gatekeeper_rules.code._python_sources import Sources

_NAMED = 5

Said = tuple[Finding | Doubt, ...]

# Several clauses may ask of the same snapshot; it is a mapping, which has no hash.
_REMEMBERED: deque[tuple[Snapshot, frozenset[str] | None, Search, Said]] = deque(maxlen=2)


def observations(
    snapshot: Snapshot,
    *,
    tests: bool = False,
    generated: bool = False,
    focus: frozenset[str] | None = None,
) -> Iterable[Observation]:
    """What the Python files of a tree, or of a focus in it, say of Durable Objects.

    A finding for each place, a doubt for each file that may matter and cannot be read, and
    for each place where it cannot be told what becomes of the platform's module. Tests and
    generated files are left out unless asked for, but not those that production runs.
    """
    search, said = _searched(snapshot, focus)
    judged = _Judged(search, tests, generated)
    yield from search.sources.doubts()
    yield from (each for each in said if judged.counts(each.path))
    yield from judged.summary({each.path for each in said})
    if focus is not None and sight_of(snapshot).is_cut:
        yield Deferred(f"imports were followed through {MOST_FILES} files; the rest is left to CI")


def _searched(snapshot: Snapshot, focus: frozenset[str] | None) -> tuple[Search, Said]:
    """What is in the files, whichever of them a clause has judged; two sides are remembered."""
    for known, looked_at, search, said in _REMEMBERED:
        if known is snapshot and looked_at == focus:
            return search, said
    search = Search(snapshot, focus)
    search.run()
    said = tuple(search.judged())
    _REMEMBERED.append((snapshot, focus, search, said))
    return search, said


@dataclass(frozen=True)
class _Judged:
    search: Search
    tests: bool
    generated: bool

    @cached_property
    def production(self) -> Production:
        """What the tree runs; with a focus, as far as its files tell."""
        search = self.search
        if search.sources.focus is None:
            return Production(search.sources, search.modules)
        sources = Sources(search.sources.snapshot)
        return Production(sources, Listed(sources.paths), focus=search.sources.focus)

    def counts(self, path: str) -> bool:
        """Whether what is said of a file is said of what the rule judges."""
        return self._is_included(path) or self.production.runs(path)

    def _is_included(self, path: str) -> bool:
        role = role_of(path)
        wanted = {Role.TESTS: self.tests, Role.GENERATED: self.generated}
        return wanted.get(role, True)

    def summary(self, said: set[str]) -> Iterator[Observation]:
        """How many files were looked at and left out, and what is known of those."""
        sources = self.search.sources
        paths = {*sources.paths, *(() if sources.focus is None else sources.scripts)}
        out = {path for path in paths if not self._is_included(path)}
        out = {path for path in out if path not in said or not self.production.runs(path)}
        if len(paths) > len(out):
            yield Examined("python files", len(paths) - len(out))
            yield Examined("python files parsed", len(set(self.search.parsed) - out))
        if out & said and sources.focus is not None:
            yield Deferred(f"whether production runs {_listed(out & said)} is left to CI")
        if out:
            yield Note(_left_out(out, out & said, is_preview=sources.focus is not None))


def _left_out(out: set[str], speaking: set[str], *, is_preview: bool) -> str:
    counts = {role: sum(role_of(path) is role for path in out) for role in Role}
    kinds = [
        f"{counts[role]} {role.value}" for role in (Role.TESTS, Role.GENERATED) if counts[role]
    ]
    told = f"python files not judged: {' and '.join(kinds)} (see the option `include`)"
    if not speaking:
        return told
    which = "" if is_preview else ", which only tests run"
    return f"{told}; Durable Objects appear in {_listed(speaking)}{which}"


def _listed(paths: set[str]) -> str:
    named = ", ".join(sorted(paths)[:_NAMED])
    return f"{named} and {len(paths) - _NAMED} more" if len(paths) > _NAMED else named
