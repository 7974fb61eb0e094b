"""A tree without compiled Python, which would be run in place of the source beside it."""

from __future__ import annotations

from gatekeeper.snapshot import Snapshot
from gatekeeper.value import replace


def without_compiled(snapshot: Snapshot) -> Snapshot:
    """The snapshot without the `.pyc` files in `__pycache__`, which Python makes anew.

    One can say of itself that it is not to be held against its source (PEP 552), and then
    what runs is not what the tree says.
    """
    kept = {path: entry for path, entry in snapshot.entries.items() if not _is_compiled(path)}
    return replace(snapshot, entries=kept) if len(kept) < len(snapshot.entries) else snapshot


def _is_compiled(path: str) -> bool:
    return path.endswith(".pyc") and "__pycache__" in path.split("/")[:-1]
