"""How long the audit trail is kept."""

from storage import audit
from storage.database import Database


def kept(db: Database, limit: int) -> int:
    """Give how many of the newest events there are."""
    return len(await audit.newest_events(db, limit))
