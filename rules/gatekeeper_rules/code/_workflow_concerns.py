"""What of a staged change can matter to Workflows by itself; what others make of it CI sees."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper import Change, Entry, Patterns, Snapshot
from gatekeeper.watch import Watch

_CONFIGURATION = (".toml", ".json", ".jsonc")
_PIECES = (
    *("WorkflowEntrypoint", "NonRetryableError", "create_batch", "createBatch"),
    *(
        ".create(",
        "step.do",
        "sleep_until",
        "wait_for_event",
        "cloudflare:workers",
        "cloudflare:workflows",
    ),
)
_WORD = "workers"


def can_concern(change: Change, modules: Iterable[Patterns] = ()) -> bool:
    """Whether a changed file speaks of Workflows, configures, or lies in one of the modules."""
    meant = tuple(modules)
    return any(
        any(patterns.match(path) for patterns in meant)
        or _matters(change.base, path, each.before)
        or _matters(change.head, path, each.after)
        for path, each in change.files.items()
    )


def watched(modules: Iterable[Patterns] = ()) -> Watch:
    """The same, as plain data."""
    return Watch(
        paths=tuple(patterns.lines for patterns in modules),
        suffixes=_CONFIGURATION,
        pieces=tuple((piece,) for piece in _PIECES),
        words=(_WORD,),
    )


def _matters(snapshot: Snapshot, path: str, entry: Entry | None) -> bool:
    if entry is None:
        return False
    if not entry.is_file or path.lower().endswith(_CONFIGURATION):
        return True
    content = snapshot.read(path)
    return any(piece.encode() in content for piece in _PIECES) or _says(content)


def _says(content: bytes) -> bool:
    if _WORD.encode() not in content:
        return False
    from gatekeeper.source.python_spelling import says

    return says(_WORD.encode(), content)
