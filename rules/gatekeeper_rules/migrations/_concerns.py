"""What of a staged change can matter to migrations: a preview looks at nothing else."""

from __future__ import annotations

import re

from gatekeeper import Change, Entry, Sieve, Snapshot
from gatekeeper.watch import Watch

_SUFFIXES = (
    *(".sql", ".ddl", ".psql", ".pgsql", ".toml", ".json", ".jsonc", ".plan", ".conf"),
    *(".tf", ".tofu", ".hcl"),
)
_PYTHON = re.compile(r"(?:.*/)?(?:env|versions/[^/]*)\.py", re.DOTALL)
_EITHER_WAY = re.compile(r"(?:.*/)?[0-9]+_[^/]*\.(?:up|down)\.[^/]*", re.DOTALL)


def can_concern(change: Change) -> bool:
    """Whether a changed file can be a migration or say which files are; never wrongly no."""
    if any(_can_be(path) for path in change.files):
        return True
    if any(_is_no_file(each.before) or _is_no_file(each.after) for each in change.files.values()):
        return True
    return any(side.passing(_LINKED) for side in (change.base, change.head))


def watched(head: Snapshot) -> Watch | None:
    """The names of files that can matter; None where links lead to files of any name."""
    if head.passing(_LINKED):
        return None
    return Watch(suffixes=_SUFFIXES, paths=(("*.up.*", "*.down.*"),))


def _can_be(path: str) -> bool:
    name = path.lower()
    if name.endswith(_SUFFIXES) or "migrat" in name:
        return True
    return any(each.fullmatch(path) for each in (_EITHER_WAY, _PYTHON))


def _is_no_file(entry: Entry | None) -> bool:
    return entry is not None and not entry.is_file


def _links(path: str, entry: Entry) -> bool:
    """A link that could stand for a migration, or for configuration, with another name."""
    return not entry.is_file and ("wrangler" in path.lower() or path.lower().endswith(_SUFFIXES))


_LINKED = Sieve("links to migrations or what names them", 1, _links)
