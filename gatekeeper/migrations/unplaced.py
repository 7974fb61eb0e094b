"""What may be a migration and is in no chain that is known: named, and not overlooked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from gatekeeper.migrations.code_migrations import code_migrations, described_migrations
from gatekeeper.migrations.migration import Chain, FaultKind, Runner
from gatekeeper.migrations.odd_folders import odd_folders, ships
from gatekeeper.migrations.proofs import Unplaced
from gatekeeper.migrations.same_chain import fates
from gatekeeper.migrations.sql_file import SCRIPTS, SqlFile, sql_file, tables_of
from gatekeeper.patterns import Patterns
from gatekeeper.snapshot import SUBMODULE, Entry, Sieve, Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper.value import dataclass

_NAMED = 4  # files of which each is named
_WHOLE = (Runner.SQITCH, Runner.ALEMBIC, Runner.DJANGO)


@dataclass(frozen=True, slots=True)
class Sides:
    """The trees before and after the change, each with its chains."""

    base: Snapshot
    head: Snapshot
    before: Sequence[Chain]
    after: Sequence[Chain]

    @classmethod
    def of(cls, head: Snapshot, chains: Sequence[Chain]) -> Sides:
        """A tree by itself."""
        return cls(head, head, (), chains)

    @property
    def are_known(self) -> bool:
        """Whether there is a chain on both sides."""
        return all(any(map(_is_known, side)) for side in (self.before, self.after))

    def is_new(self, path: str) -> bool:
        """Whether the change writes a file."""
        return self.base.entries.get(path) != self.head.entries.get(path)

    def made(self) -> Iterator[str]:
        """The tables that the head's chains make, in small letters."""
        for chain in self.after:
            yield from tables_of([each.up.text for each in chain.migrations])


def unplaced(sides: Sides, plan: MigrationPlan | None) -> tuple[Unplaced, ...]:
    """All that may be a migration and is in no chain, and what has become of none."""
    return (*_gone(sides), *loose(sides, plan))


def loose(sides: Sides, plan: MigrationPlan | None) -> tuple[Unplaced, ...]:
    """All that may be a migration and is in no chain.

    Where there is no chain on one side, that is every script on either that changes the schema,
    unless the head's chains make all of it; where there are chains on both, those
    scripts that the change writes.
    """
    own = Patterns(tuple(plan.rows)) if plan is not None and plan.rows else None
    return (*_scripts(sides, own), *_others(sides))


def _gone(sides: Sides) -> Iterator[Unplaced]:
    for fate in fates(sides.before, sides.after):
        was, now = fate.before, fate.after
        if was is not None and was.migrations and (now is None or not _is_known(now)):
            count = len(was.migrations)
            says = (
                f"the chain of {count} migrations in {was.folder or 'the root'}, which the base "
                "has, is there no more: what became of it is not known here."
            )
            yield Unplaced(was.folder, says)


def _is_known(chain: Chain) -> bool:
    return bool(chain.migrations or chain.faults)


def _scripts(sides: Sides, own: Patterns | None) -> Iterator[Unplaced]:
    found = dict(_loose(sides.head, sides.after, sides.is_new if sides.are_known else None))
    if not sides.are_known:
        found = dict(_loose(sides.base, sides.before)) | found
    told = frozenset(sides.made()) if found else frozenset()
    open_ = [
        path
        for path, file in sorted(found.items())
        if not (own is not None and own.match(path)) and not (told and file.is_told_by(told))
    ]
    if open_:
        yield Unplaced(open_[0], _told(open_))


def _loose(
    snapshot: Snapshot, chains: Sequence[Chain], counts: Callable[[str], bool] | None = None
) -> Iterator[tuple[str, SqlFile]]:
    """The scripts that change the schema and are no chain's, by path, of those that count.

    Those with a number, and those in a chain's folder, are named where they write rows as well.
    Of tests, examples and what others wrote that is none where there is a chain; where there is
    none, it is what stands in a folder that is one by its look.
    """
    taken = {path for chain in chains for path in _paths(chain)}
    whole = _whole(chains)
    near = tuple(f"{each.folder}/" for each in chains if each.folder)
    aside = () if any(map(_is_known, chains)) else tuple(odd_folders(snapshot, _is_aside))
    for path in snapshot.passing(SCRIPTS):
        if path in taken or path.startswith(whole) or not (counts is None or counts(path)):
            continue
        if ships(path) or path.startswith(near) or path.rpartition("/")[0] in aside:
            file = sql_file(snapshot, path)
            if file.is_schema or (file.writes and (path.startswith(near) or _is_step(path))):
                yield path, file


def _is_aside(folder: str) -> bool:
    return not ships(folder)


def _paths(chain: Chain) -> Iterator[str]:
    for each in chain.migrations:
        yield each.up.path
        if each.down is not None:
            yield each.down.path
    yield from (fault.path for fault in chain.faults)


def _whole(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The folders, with a `/` behind, of which all that is in them is their tool's."""
    return tuple(
        f"{each.folder}/"
        for each in chains
        if each.folder
        and (
            each.runner in _WHOLE or any(fault.kind is FaultKind.ELSEWHERE for fault in each.faults)
        )
    )


def _is_step(path: str) -> bool:
    """Whether a script is called like a step of a migration: by a number."""
    return _NUMBERED.fullmatch(path.rpartition("/")[2]) is not None


_NUMBERED = re.compile(r"[a-z]{0,2}[0-9].*", re.DOTALL | re.IGNORECASE)


def _others(sides: Sides) -> Iterator[Unplaced]:
    """Modules of code, and what is not here."""
    whole = _whole((*sides.before, *sides.after))
    counts = (lambda path: _is_step(path) and sides.is_new(path)) if sides.are_known else None
    found = set(code_migrations(sides.head, counts))
    if not sides.are_known:
        found |= {*code_migrations(sides.base), *described_migrations(sides.head)}
        for path in sides.head.passing(_ELSEWHERE):
            yield Unplaced(path, f"{path} is a submodule, of whose migrations nothing is known.")
    modules = sorted(path for path in found if not path.startswith(whole))
    if modules:
        are = "is a migration" if len(modules) == 1 else "are migrations"
        says = f"{_listed(modules)} {are} in code by name and content: none is run here."
        yield Unplaced(modules[0], says)


def _told(paths: Sequence[str]) -> str:
    one = len(paths) == 1
    folder = paths[0].rpartition("/")[0] or "."
    return (
        f"{_listed(paths)} {'changes' if one else 'change'} schema or rows and "
        f"{'belongs' if one else 'belong'} to no chain of migrations that is known here: where it "
        f"is one, name its folder in gatekeeper.yaml, `migrations: {{up: {folder}}}`; where it is "
        "none, make the change in a migration."
    )


def _listed(paths: Sequence[str]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _can_hold(path: str, entry: Entry) -> bool:
    return entry.mode == SUBMODULE and _DATABASE.search(path) is not None


_DATABASE = re.compile(r"migrat|sql|schema|database|(?:^|[/_-])db(?:[/_-]|$)", re.IGNORECASE)
_ELSEWHERE = Sieve("submodules that can hold migrations", 1, _can_hold)
