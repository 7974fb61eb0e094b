"""The audit trail, once more."""

import asyncio
from types import SimpleNamespace

from workers.rpc import _EnvWrapper

from shim.database import D1Database
from storage import audit, settings
from storage.database import rows


def test_settings_and_the_trail_can_be_read() -> None:
    async def read() -> None:
        database = D1Database()
        db = _EnvWrapper(SimpleNamespace(DB=database)).DB
        await settings.current(db)
        await audit.newest_events(db, 10)
        await rows(db, "SELECT 1")
        database.connection.close()

    asyncio.run(read())
