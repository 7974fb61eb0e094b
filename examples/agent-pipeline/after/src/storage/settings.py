"""The table of settings."""

from storage.database import Database, Statement, rows, statement
from workflows.records import Settings, settings_from


def change(db: Database, settings: Settings) -> Statement:
    """Replace the settings."""
    return statement(
        db,
        "INSERT INTO settings (name, value) VALUES ('service', ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        settings.as_json(),
    )


async def current(db: Database) -> Settings:
    """Give the settings that the next workflow starts with."""
    found = await rows(db, "SELECT value FROM settings WHERE name = 'service'")
    return settings_from(found[0]["value"]) if found else Settings()
