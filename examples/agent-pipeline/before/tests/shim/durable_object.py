"""Durable Objects: a namespace, and a state whose SQL storage is real SQLite."""

import sqlite3
import time
from types import SimpleNamespace
from typing import Any

from workers import python_from_rpc, python_to_rpc

from shim.javascript import JSNULL, JsArray, JsProxy, Promise, from_js, row_object


class _Cursor(JsProxy):
    js_class = "SqlStorageCursor"

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        names = [column[0] for column in cursor.description or ()]
        self._rows = [row_object(names, row) for row in cursor]

    def toArray(self) -> JsArray:
        return JsArray(*self._rows)


class _Sql(JsProxy):
    js_class = "SqlStorage"

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)

    def exec(self, query: str, *values: Any) -> _Cursor:
        return _Cursor(self.connection.execute(query, [from_js(value) for value in values]))


class _Storage(JsProxy):
    js_class = "DurableObjectStorage"

    def __init__(self) -> None:
        self.sql = _Sql()
        self.alarm: int | None = None

    def setAlarm(self, milliseconds: int) -> Promise:
        async def write() -> JsProxy:
            self.alarm = milliseconds
            return JSNULL

        return Promise(write())


class _Stub(JsProxy):
    """A reference to an object, whose methods are called over RPC."""

    js_class = "DurableObject"

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        if name == "then" or name.startswith("_"):
            raise AttributeError(name)
        method = getattr(self._target, name)

        def call(*values: Any) -> Promise:
            async def answer() -> Any:
                return python_to_rpc(await method(*(python_from_rpc(value) for value in values)))

            return Promise(answer())

        return call


class Namespace(JsProxy):
    """The objects of one class, each made when it is first named."""

    js_class = "DurableObjectNamespace"

    def __init__(self, durable_class: Any, env: Any) -> None:
        self._class = durable_class
        self._env = env
        self.storages: dict[str, _Storage] = {}
        self._objects: dict[str, Any] = {}

    def getByName(self, name: str) -> _Stub:
        return _Stub(self.named(name))

    def named(self, name: str) -> Any:
        """Give the object itself, as the runtime has it."""
        if name not in self._objects:
            if name not in self.storages:
                self.storages[name] = _Storage()
            state = SimpleNamespace(storage=self.storages[name])
            self._objects[name] = self._class(state, self._env)
        return self._objects[name]

    def evict(self) -> None:
        """Drop every object from memory; their storage stays, as on Cloudflare."""
        self._objects.clear()

    def close(self) -> None:
        """Let go of every storage."""
        for storage in self.storages.values():
            storage.sql.connection.close()

    async def ring(self) -> bool:
        """Let the next alarm ring, whenever it was set to; say whether there was one."""
        due = [(stored.alarm, name) for name, stored in self.storages.items() if stored.alarm]
        if not due:
            return False
        at, name = min(due)
        assert at < time.time() * 1000 + 60_000, "alarms are set in milliseconds"
        self.storages[name].alarm = None
        await self.named(name).alarm()
        return True
