"""Finding a way back for a migration, and proving it before it is offered."""

from __future__ import annotations

from gatekeeper.migrations.backups import backups, returned
from gatekeeper.migrations.course import Track
from gatekeeper.migrations.engine import Database
from gatekeeper.migrations.filling import fill
from gatekeeper.migrations.inverse import inverses
from gatekeeper.migrations.losses import Loss, losses
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.proof import Ask, prove
from gatekeeper.migrations.proven import Failing, Proven, Rows, Trouble
from gatekeeper.migrations.rebuilding import Seen
from gatekeeper.migrations.schema import Schemas
from gatekeeper.value import dataclass, replace

UNDONE = frozenset(
    {
        Trouble.DOWN_FAILS,
        Trouble.DOWN_FAILS_LATER,
        Trouble.HOLLOW_DOWN,
        Trouble.SCHEMA_NOT_RESTORED,
        Trouble.ROWS_NOT_RESTORED,
        Trouble.NOT_AGAIN,
    }
)
"""What shows that a way back is none."""


@dataclass(frozen=True, slots=True)
class Rollback:
    """A proven way back; `down` is empty where none was found, and `why` says what stands against.

    `backup` are statements that up must begin with, where the way back needs them; `lost` is what
    up takes away otherwise, in words.
    """

    migration: str
    down: str = ""
    backup: str = ""
    lost: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    proven: Proven | None = None


def rollback(database: Database, migration: Migration, ask: Ask) -> Rollback:
    """Find a way back, on a database that stands where the chain before the migration ends.

    The database is left there. Raises EngineError where the engine is gone.
    """
    start = database.save()
    seen = _seen(database, migration, ask)
    if isinstance(seen, str):
        database.restore(start)
        return Rollback(migration.name, why=(f"it does not apply: {seen}",))
    against = list[str]()
    found = _first(database, start, migration, ask, seen, (), against)
    lost = losses(seen.before.contents, seen.after.contents)
    if found is None and any(not each.carried for each in lost):
        found = _with_backup(database, start, migration, ask, seen, lost, against)
    database.restore(start)
    return found or Rollback(migration.name, lost=_told(lost), why=tuple(dict.fromkeys(against)))


def _seen(database: Database, migration: Migration, ask: Ask) -> Seen | str:
    """What the migration does to an empty database and to one with rows."""
    track = Track(database, replace(migration, down=None), Schemas(database, ask.ledger))
    empty = track.course(())
    if empty.up is not None or empty.after is None:
        return empty.up.says if empty.up else "nothing is known of it"
    schema = empty.before.schema
    filled = track.to_filled(lambda it: fill(it, schema, Rows.TYPED, ask.seed))
    course = track.course(filled.inserts)
    if course.up is not None or course.after is None:
        return course.up.says if course.up else "nothing is known of it"
    return Seen(empty.before, empty.after, course.before, course.after)


def _first(
    database: Database,
    start: object,
    migration: Migration,
    ask: Ask,
    seen: Seen,
    back: tuple[str, ...],
    against: list[str],
) -> Rollback | None:
    """The first script that is proven to undo the migration."""
    for script in inverses(seen, back):
        down = Script(f"{migration.up.path} (down)", script)
        database.restore(start)
        proven = prove(database, replace(migration, down=down), ask)
        failing = next((each for each in proven.failings if each.trouble in UNDONE), None)
        if failing is None:
            return Rollback(migration.name, script, proven=proven)
        against.append(_against(failing))
    return None


def _with_backup(
    database: Database,
    start: object,
    migration: Migration,
    ask: Ask,
    seen: Seen,
    lost: tuple[Loss, ...],
    against: list[str],
) -> Rollback | None:
    """The way back from backup tables that up makes before it takes anything away."""
    stem = migration.name.removesuffix(".sql")
    kept = backups(seen.before.schema, lost, stem)
    if not kept:
        return None
    text = "".join(f"{each.keeps}\n" for each in kept)
    longer = replace(migration, up=replace(migration.up, text=text + migration.up.text))
    database.restore(start)
    now = _seen(database, longer, ask)
    if isinstance(now, str):
        return None
    back = tuple(returned(kept, seen.after.schema.tables))
    found = _first(database, start, longer, ask, now, back, against)
    return None if found is None else replace(found, backup=text, lost=_told(lost))


def _against(failing: Failing) -> str:
    return f"{failing.trouble.value}: {failing.says}"


def _told(lost: tuple[Loss, ...]) -> tuple[str, ...]:
    return tuple(
        f"{each.table}{'.' if each.column else ''}{each.column}: {each.fate.value}"
        for each in lost
        if not each.carried
    )
