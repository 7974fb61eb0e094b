"""Migrations that are modules of code, in any folder, known by their names and content."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.odd_folders import ships
from gatekeeper.snapshot import Entry, Sieve, Snapshot

_SUFFIX = r"\.(?:[cm]?[jt]sx?|py|rb|php|go|exs?|kts?|java|cs|rs)"
_NAME = re.compile(
    rf"""(?:.*/)? (?: [vV]?[0-9]+[^/]*{_SUFFIX} | [^/]*migrat[^/]*(?:/.*)?{_SUFFIX}
      | versions/[^/]*{_SUFFIX} | [^/]*changelog[^/]*\.(?:xml|ya?ml|json) )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_TEST = re.compile(
    r"(?:.*/)?(?:test_[^/]*|[^/]*[._]test|[^/]*[._]spec|conftest)\.[a-z]+", re.DOTALL
)


def _is_named(path: str, _: Entry) -> bool:
    return _NAME.fullmatch(path) is not None and ships(path) and not _TEST.fullmatch(path)


_NAMED = Sieve("migrations in code by their names", 1, _is_named)

_STEP = re.compile(
    r"""
      ^down_revision\b | ^def[ ]upgrade\( | \bmigrations\.Migration\b | \bMigrationInterface\b
    | \bActiveRecord::Migration\b | \bextends[ ]+\w*Migration\b | \buse[ ]Ecto\.Migration\b
    | \bexports\.up\b | \bexport[ ]+(?:async[ ]+)?(?:function|const|let)[ ]+up\b
    | ^[ \t]*(?:public[ ]+)?(?:static[ ]+)?(?:async[ ]+)?up[ ]*[(:]
    | [{,][ \t]*(?:async[ ]+)?up[ ]*[(:]
    | \bgoose\.AddMigration
    | \bcreateMigration\( | \bdatabaseChangeLog\b
    | \b(?:create|alter|drop)\s+table\b | \bdelete\s+from\b
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
_FUNCTION = re.compile(r"^(?:async )?def (?:up|forwards?|migrate|apply)\(", re.MULTILINE)
_ASKS = re.compile(r"\b(?:execute\w*|cursor|conn|connection|db|schema)\b")
_NEEDLES = (
    *(b"down_revision", b"MigrationInterface", b"queryInterface.", b"ActiveRecord::Migration"),
    *(b".schema.createTable(", b".schema.alterTable(", b".schema.dropTable(", b"databaseChangeLog"),
    *(b"goose.AddMigration", b"migrations.Migration)", b".schema.hasTable("),
)
_LARGEST = 1 << 18


def _read(content: bytes, _: str) -> bool:
    text = content[:_LARGEST].decode("utf-8", "replace")
    asks = _FUNCTION.search(text) is not None and _ASKS.search(text) is not None
    return asks or _STEP.search(text) is not None


def _unpacked(kept: object) -> bool:
    if isinstance(kept, bool):
        return kept
    raise ValueError("not known whether it is a migration")


_IS_STEP: Extractor[bool] = Extractor("migration in code", 4, _read, bool, _unpacked)


def code_migrations(
    snapshot: Snapshot, counts: Callable[[str], bool] | None = None
) -> Iterator[str]:
    """The modules that are migrations by their names and content, of those that count, sorted."""
    for path in snapshot.passing(_NAMED):
        if counts is not None and not counts(path):
            continue
        try:
            if snapshot.entries[path].is_file and snapshot.facts(_IS_STEP, path):
                yield path
        except Unreadable:
            yield path


def described_migrations(snapshot: Snapshot) -> Iterator[str]:
    """The modules that use what a tool's migrations are made of, whatever they are called."""
    code = re.compile(rf".*{_SUFFIX}", re.DOTALL | re.IGNORECASE)
    for path in snapshot.containing(_NEEDLES):
        if code.fullmatch(path) and ships(path) and not _TEST.fullmatch(path):
            yield path
