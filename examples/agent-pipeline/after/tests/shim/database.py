"""A D1 database: real SQLite behind the binding's interface."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shim.javascript import JsArray, JsException, JsObject, JsProxy, Promise, from_js, row_object

MIGRATIONS = Path(__file__).parents[2] / "migrations"


class D1Database(JsProxy):
    """Migrated as wrangler would do it; fails as often as `outages` says."""

    js_class = "D1Database"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.execute("PRAGMA foreign_keys = ON")
        for migration in sorted(MIGRATIONS.glob("*.sql")):
            self.connection.executescript(migration.read_text(encoding="utf-8"))
        self.outages = 0

    def prepare(self, query: str) -> Statement:
        return Statement(self, query, ())

    def batch(self, statements: JsArray) -> Promise:
        """Execute all in one transaction."""

        def executed() -> JsArray:
            self.connection.execute("BEGIN")
            try:
                results = [statement.execute() for statement in statements]
            except sqlite3.Error:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")
            return JsArray(*results)

        return Promise(self.reached(executed))

    async def reached(self, work: Callable[[], Any]) -> Any:
        """Do the work, unless there is an outage."""
        if self.outages:
            self.outages -= 1
            raise JsException("D1_ERROR: the database is not available")
        try:
            return work()
        except sqlite3.Error as error:
            raise JsException(f"D1_ERROR: {error}") from error


class Statement(JsProxy):
    js_class = "D1PreparedStatement"

    def __init__(self, database: D1Database, query: str, values: tuple[Any, ...]) -> None:
        self._database = database
        self._query = query
        self._values = values

    def bind(self, *values: Any) -> Statement:
        return Statement(self._database, self._query, tuple(from_js(value) for value in values))

    def all(self) -> Promise:
        return Promise(self._database.reached(self.execute))

    def execute(self) -> JsObject:
        cursor = self._database.connection.execute(self._query, self._values)
        names = [column[0] for column in cursor.description or ()]
        return JsObject(success=True, results=JsArray(*(row_object(names, row) for row in cursor)))
