"""Durable Objects in TypeScript and JavaScript: imported, extended, typed, reached or called."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from gatekeeper import Deferred, Doubt, Examined, Finding, Note, Observation, Snapshot
from gatekeeper.value import dataclass
from gatekeeper_rules.code._durable_script_search import MOST_FILES, ScriptSearch
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_sources import role_of

_NAMED = 5
_NARROWED = "what Workers in other folders export of the staged scripts is left to CI"

Said = tuple[Finding | Doubt, ...]
Asked = tuple[frozenset[str] | None, bool]

# Several clauses may ask of the same snapshot; it is a mapping, which has no hash.
_REMEMBERED: deque[tuple[Snapshot, Asked, ScriptSearch, Said]] = deque(maxlen=2)


def observations(
    snapshot: Snapshot,
    *,
    tests: bool = False,
    generated: bool = False,
    focus: frozenset[str] | None = None,
) -> Iterable[Observation]:
    """What the scripts of a tree, or of a focus in it, say of Durable Objects.

    A finding for each place, a doubt for each script that may matter and cannot be read in
    full. Tests and generated files are left out unless asked for, but not those that
    production runs.
    """
    search, said = _searched(snapshot, focus, generated=generated)
    judged = _Judged(search, tests, generated)
    yield from (each for each in said if judged.counts(each.path))
    yield from judged.summary({each.path for each in said} | search.unread)
    if search.is_cut:
        says = f"imports were followed through {MOST_FILES} scripts; the rest is left to CI"
        yield Deferred(says)
    if search.is_narrowed:
        yield Deferred(_NARROWED)


def _searched(
    snapshot: Snapshot, focus: frozenset[str] | None, *, generated: bool
) -> tuple[ScriptSearch, Said]:
    asked = focus, generated
    for known, looked_at, search, said in _REMEMBERED:
        if known is snapshot and looked_at == asked:
            return search, said
    search = ScriptSearch(snapshot, focus, generated=generated)
    search.run()
    said = tuple(search.said())
    _REMEMBERED.append((snapshot, asked, search, said))
    return search, said


@dataclass(frozen=True)
class _Judged:
    search: ScriptSearch
    tests: bool
    generated: bool

    def counts(self, path: str) -> bool:
        """Whether what is said of a file is said of what the rule judges."""
        return self._is_included(path) or self.search.sources.production_runs(path)

    def _is_included(self, path: str) -> bool:
        wanted = {Role.TESTS: self.tests, Role.GENERATED: self.generated}
        return wanted.get(role_of(path), True)

    def summary(self, said: set[str]) -> Iterator[Observation]:
        """How many scripts were looked at and left out, and what is known of those."""
        paths = set(self.search.judged)
        out = {path for path in paths if not self._is_included(path)}
        out = {path for path in out if path not in said or not self.counts(path)}
        if len(paths) > len(out):
            yield Examined("scripts", len(paths) - len(out))
            yield Examined("scripts parsed", len(set(self.search.parsed) - out))
        if out:
            yield Note(_left_out(out, out & said))


def _left_out(out: set[str], speaking: set[str]) -> str:
    counts = {role: sum(role_of(path) is role for path in out) for role in Role}
    kinds = [
        f"{counts[role]} {role.value}" for role in (Role.TESTS, Role.GENERATED) if counts[role]
    ]
    told = f"scripts not judged: {' and '.join(kinds)} (see the option `include`)"
    if not speaking:
        return told
    named = ", ".join(sorted(speaking)[:_NAMED])
    more = f" and {len(speaking) - _NAMED} more" if len(speaking) > _NAMED else ""
    return f"{told}; Durable Objects are named in {named}{more}, which production does not run"
