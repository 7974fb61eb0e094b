"""What a migration is seen to do, to an empty database and to one with rows of some kind."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.course import Standing, Track
from gatekeeper.migrations.engine import Database, Deed
from gatekeeper.migrations.losses import Fate, Loss
from gatekeeper.migrations.migration import Migration, Script
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.plains import Plains
from gatekeeper.migrations.proof import Ask
from gatekeeper.migrations.proven import Rows
from gatekeeper.migrations.rows import Insert
from gatekeeper.migrations.schema import Schemas
from gatekeeper.migrations.supply import Supply
from gatekeeper.value import dataclass, replace


@dataclass(frozen=True, slots=True)
class Seen:
    """What a migration was seen to do: to an empty database, and to one with rows, `inserts`."""

    empty_before: Standing
    empty_after: Standing
    before: Standing
    after: Standing
    inserts: tuple[Insert, ...]
    deeds: tuple[Deed, ...] = ()


def seen(
    database: Database,
    migration: Migration,
    ask: Ask,
    kind: Rows = Rows.TYPED,
    tried: Script | None = None,
) -> Seen | str:
    """What it does to rows of a kind, or why it does not apply; raises EngineError.

    `tried` is a way back whose conditions rows are made for as well, as its proof does.
    """
    track = Track(database, replace(migration, down=None), Schemas(database, ask.ledger))
    empty = track.course(())
    if empty.up is not None or empty.after is None:
        return empty.up.says if empty.up else "nothing is known of it"
    supply = Supply(track, replace(migration, down=tried), ask.own, Plains(ask.seed))
    filled = supply.rows(kind, empty.before.schema)
    course = track.course(filled.inserts)
    if course.up is not None or course.after is None:
        return course.up.says if course.up else "nothing is known of it"
    return Seen(
        empty.before, empty.after, course.before, course.after, filled.inserts, course.deeds
    )


def may_be_lost(migration: Migration, shown: Seen) -> Iterator[Loss]:
    """What the UPDATEs and DELETEs of a migration are about, whether or not a row met them."""
    listed = parts(migration.up.text, migration.up.line)
    for part, deed in zip(listed, shown.deeds, strict=False):
        for each in deed.touches if part.word in _WRITING else ():
            table = shown.before.schema.tables.get(each.table)
            if table is None or each.table not in shown.after.schema.tables:
                continue
            if each.action == "DELETE":
                yield Loss(Fate.ROWS_GONE, each.table, "", 0, 0)
            elif each.action == "UPDATE" and each.column in table.stored:
                yield Loss(Fate.VALUES_CHANGED, each.table, each.column, 0, 0)


_WRITING = ("UPDATE", "DELETE", "WITH")
