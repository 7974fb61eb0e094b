"""Finding a way back for a migration, and proving it before it is offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gatekeeper.migrations.backups import COPIED, Backup, backups
from gatekeeper.migrations.course import Track
from gatekeeper.migrations.engine import Database
from gatekeeper.migrations.inverse import inverses
from gatekeeper.migrations.losses import Loss, losses
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.observing import Seen, may_be_lost, seen
from gatekeeper.migrations.proof import Ask, prove
from gatekeeper.migrations.proven import Failing, Proven, Rows, Trouble
from gatekeeper.migrations.schema import Schemas
from gatekeeper.migrations.shortcomings import failings_of
from gatekeeper.value import dataclass, replace

UNDONE = frozenset(
    {
        Trouble.DOWN_FAILS,
        Trouble.DOWN_FAILS_LATER,
        Trouble.DOWN_LOSES_LATER,
        Trouble.HOLLOW_DOWN,
        Trouble.SCHEMA_NOT_RESTORED,
        Trouble.ROWS_NOT_RESTORED,
        Trouble.NOT_AGAIN,
    }
)
"""What shows that a way back is none."""

_KINDS = (Rows.EDGE, Rows.ODD, Rows.ASKED, Rows.TWINS)


@dataclass(frozen=True, slots=True)
class Rollback:
    """A proven way back; `down` is empty where none was found, and `why` says what stands against.

    `backup` are statements that up must begin with, and `closing` those that it must end with,
    where the way back needs them; `lost` is what up takes away otherwise, in words.
    """

    migration: str
    down: str = ""
    backup: str = ""
    closing: str = ""
    lost: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    proven: Proven | None = None


def rollback(database: Database, migration: Migration, ask: Ask) -> Rollback:
    """Find a way back, on a database that stands where the chain before the migration ends.

    The database is left there. Raises EngineError where the engine is gone.
    """
    start = database.save()
    search = _Search(database, start, migration, ask)
    found = search.found()
    database.restore(start)
    return found


class _Search:
    """The search for the way back of one migration, and what stood against each attempt."""

    def __init__(self, database: Database, start: object, migration: Migration, ask: Ask) -> None:
        self._database, self._start = database, start
        self._migration, self._ask = migration, ask
        self._against: dict[str, None] = {}
        self._lost: dict[tuple[object, str, str], Loss] = {}
        self._added = set[str]()

    def found(self) -> Rollback:
        """The first that is proven: without a backup, else with ever more of one."""
        name = self._migration.name
        shown = self._seen(self._migration)
        if isinstance(shown, str):
            return Rollback(name, why=(f"it does not apply: {shown}",))
        found = self._first(self._migration, shown, ())
        if found is None or (found.proven is not None and found.proven.open):
            self._learn(shown)
            found = self._from_backups(shown) or found
        lost = (*_told(self._lost.values()), *self._told_added())
        if found is None:
            return Rollback(name, lost=lost, why=tuple(self._against))
        return replace(found, lost=lost if found.backup else ())

    def _from_backups(self, shown: Seen) -> Rollback | None:
        """With a backup of what is lost, and of the keys of what is added."""
        before, after = shown.before.schema, shown.after.schema
        stem = self._migration.name.removesuffix(".sql")
        kept = backups(before, after, self._lost.values(), self._added, stem)
        return self._with_backup(kept) if kept else None

    def _with_backup(self, kept: tuple[Backup, ...]) -> Rollback | None:
        """The way back from tables that up makes before it takes anything away, and at its end."""
        first = "".join(f"{each.keeps}\n" for each in kept)
        last = "".join(f"{each.closes}\n" for each in kept if each.closes)
        longer = _longer(self._migration, first, last)
        shown = self._seen(longer)
        found = None if isinstance(shown, str) else self._first(longer, shown, kept)
        return None if found is None else replace(found, backup=first, closing=last)

    def _first(self, migration: Migration, shown: Seen, kept: Sequence[Backup]) -> Rollback | None:
        """The first script that is proven to undo the migration."""
        for script in inverses(shown, kept):
            both = _down(migration, script)
            against = self._at_once(both, shown)
            if not against:
                self._database.restore(self._start)
                proven = prove(self._database, both, self._ask)
                against = _against(proven.failings)
            if not against:
                return Rollback(migration.name, script, proven=proven)
            self._against.setdefault(against)
        return None

    def _at_once(self, migration: Migration, shown: Seen) -> str:
        """What shows without the whole proof that the way back is none; "" where nothing does."""
        self._database.restore(self._start)
        track = Track(self._database, migration, Schemas(self._database, self._ask.ledger))
        for inserts, kind in (((), Rows.NONE), (shown.inserts, Rows.TYPED)):
            against = _against(failings_of(migration, track.course(inserts), kind))
            if against:
                return against
        return ""

    def _learn(self, shown: Seen) -> None:
        """What is lost of rows of all kinds, and what may be of rows that were not tried."""
        self._lose(shown)
        for kind in _KINDS:
            more = self._seen(self._migration, kind)
            if not isinstance(more, str):
                self._lose(more)
        for loss in may_be_lost(self._migration, shown):
            self._lost.setdefault((loss.fate, loss.table, loss.column), loss)

    def _told_added(self) -> Iterator[str]:
        return (f"{name}: rows are added that others will not have" for name in sorted(self._added))

    def _lose(self, shown: Seen) -> None:
        self._added.update(_grown(shown))
        for each in losses(shown.before.contents, shown.after.contents):
            if not each.carried or each.fate in COPIED:
                self._lost.setdefault((each.fate, each.table, each.column), each)

    def _seen(self, migration: Migration, kind: Rows = Rows.TYPED) -> Seen | str:
        self._database.restore(self._start)
        return seen(self._database, migration, self._ask, kind)


def confirmed(
    database: Database, engine: str, migration: Migration, found: Rollback, ask: Ask
) -> Rollback:
    """What was found, if another engine proves it as well; why not, if it does not.

    The database stands where the chain before the migration ends, and is left there.
    """
    if not found.down:
        return found
    start = database.save()
    longer = _longer(migration, found.backup, found.closing)
    against = _against(prove(database, _down(longer, found.down), ask).failings)
    database.restore(start)
    if against:
        return replace(found, down="", why=(f"on {engine}: {against}",))
    return found


def _longer(migration: Migration, first: str, last: str) -> Migration:
    """The migration with statements before its first and behind its last."""
    up = migration.up
    between = "\n" if last and not up.text.endswith("\n") else ""
    return replace(migration, up=replace(up, text=f"{first}{up.text}{between}{last}"))


def _down(migration: Migration, script: str) -> Migration:
    return replace(migration, down=Script(f"{migration.up.path} (down)", script))


def _against(failings: Iterable[Failing]) -> str:
    """What shows that the way back is none; "" where nothing does."""
    failing = next((each for each in failings if each.trouble in UNDONE), None)
    return "" if failing is None else f"{failing.trouble.value}: {failing.says}"


def _told(lost: Iterable[Loss]) -> tuple[str, ...]:
    return tuple(
        f"{each.table}{'.' if each.column else ''}{each.column}: {each.fate.value}"
        + (" (of rows that were not tried)" if not each.of else "")
        + (f" (a copy stands in {each.carried})" if each.carried else "")
        for each in lost
    )


def _grown(shown: Seen) -> Iterator[str]:
    """The tables that have rows with keys which none had before."""
    for name, table in shown.before.contents.tables.items():
        now = shown.after.contents.tables.get(name)
        same = now is not None and table.key and now.key == table.key
        if same and now is not None and not now.keyed().keys() <= table.keyed().keys():
            yield name
