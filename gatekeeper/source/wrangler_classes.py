"""Where Durable Object classes are declared: `migrations`, and `exports` in their place."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TypeVar

from gatekeeper.source.wrangler_fields import Fields
from gatekeeper.source.wrangler_lifecycle import settled
from gatekeeper.source.wrangler_terms import (
    Environment,
    Export,
    Exports,
    ExportState,
    ExportType,
    Migration,
    Migrations,
    Rename,
    Text,
)

Word = TypeVar("Word", bound=Enum)

_OTHER = {
    ExportState.RENAMED: "renamed_to",
    ExportState.TRANSFERRED: "transferred_to",
    ExportState.EXPECTING_TRANSFER: "transfer_from",
}


def migrations_of(fields: Fields) -> Migrations | None:
    """The table's own `migrations`; None where it gives none."""
    if not fields.has("migrations"):
        return None
    entries = tuple(_migrations(fields))
    return settled(fields.path("migrations"), entries)


def exports_of(fields: Fields) -> Exports | None:
    """The table's own `exports`; None where it gives none."""
    if not fields.has("exports"):
        return None
    entries = tuple(entry for table in fields.nested("exports") for entry in _exports(table))
    classes = {entry.name.value: entry for entry in entries if entry.is_durable_object}
    return Exports(fields.path("exports"), entries, classes)


def conflict(fields: Fields, environment: Environment) -> None:
    """Note that the environment's classes are declared in both ways, which wrangler refuses."""
    own = fields.has("migrations") or fields.has("exports")
    if own and environment.exports.classes and environment.migrations.entries:
        reason = "declares Durable Objects beside `migrations`; wrangler accepts one or the other"
        first = next(iter(environment.exports.classes.values()))
        fields.flaw("exports", reason, first.name.span)


def _migrations(fields: Fields) -> Iterator[Migration]:
    """The entries; wrangler finds what is done already by the tag alone."""
    seen = set[str]()
    for row in fields.rows("migrations"):
        migration = _migration(row)
        if migration.tag and migration.tag.value in seen:
            reason = (
                f"is `{migration.tag}` a second time, so that wrangler cannot tell which is done"
            )
            row.flaw("tag", reason, migration.tag.span)
        seen.add(migration.tag.value if migration.tag else "")
        yield migration


def _migration(row: Fields) -> Migration:
    return Migration(
        tag=row.required("tag"),
        created=row.texts("new_classes"),
        created_sqlite=row.texts("new_sqlite_classes"),
        renamed=tuple(_renames(row, "renamed_classes")),
        transferred=tuple(_renames(row, "transferred_classes")),
        deleted=row.texts("deleted_classes"),
        span=row.span,
    )


def _renames(row: Fields, key: str) -> Iterator[Rename]:
    for pair in row.rows(key):
        old, new = pair.required("from"), pair.required("to")
        if old and new:
            yield Rename(old, new, pair.text("from_script"))


def _exports(table: Fields) -> Iterator[Export]:
    entries = [_export(Text(each.key, each.key_span), row) for each, row in table.entries()]
    live = {each.name.value for each in entries if each.state and each.state.live}
    for each in entries:
        if each.state is ExportState.RENAMED and each.other and each.other.value not in live:
            reason = f"is renamed to `{each.other}`, which has no live entry"
            table.flaw(each.name.value, reason, each.other.span)
    return iter(entries)


def _export(name: Text, row: Fields) -> Export:
    kind = _word(row, "type", ExportType, None)
    durable = kind is ExportType.DURABLE_OBJECT
    state = _word(row, "state", ExportState, ExportState.CREATED) if durable else None
    other = _OTHER.get(state) if state else None
    return Export(
        name=name,
        type=kind,
        state=state,
        storage=row.text("storage"),
        container=row.text("container"),
        other=row.required(other) if other else None,
        workflow=row.text("name"),
        span=row.span,
    )


def _word(row: Fields, key: str, words: type[Word], default: Word | None) -> Word | None:
    """The string at `key` as one of `words`; anything else is a flaw."""
    if default is not None and not row.has(key):
        return default
    given = row.required(key)
    for word in words:
        if given and word.value == given.value:
            return word
    if given:
        row.flaw(key, f"is `{given}`, which wrangler does not know", given.span)
    return None
