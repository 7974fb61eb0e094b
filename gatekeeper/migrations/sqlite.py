"""SQLite in this process, under the rules of a platform and within bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain

import apsw

from gatekeeper.migrations.authorizer import Asked, askings, touches
from gatekeeper.migrations.bounds import Bounds
from gatekeeper.migrations.engine import Asking, Deed, Reason, Refusal, Row, Touch, Value
from gatekeeper.migrations.guarded import FAILURES, GuardedConnection
from gatekeeper.migrations.migration import Dialect, Script
from gatekeeper.migrations.part import Part, parts
from gatekeeper.migrations.profile import D1, Profile

_EMPTY = Refusal(Reason.SYNTAX, "there is no statement in it")

_NOT_ONE = Refusal(Reason.OTHER, "a query is one statement")


class SqliteEngine:
    """The SQLite that apsw carries, which is the newest workerd's."""

    def __init__(self, profile: Profile = D1, bounds: Bounds | None = None) -> None:
        self._profile = profile
        self._bounds = bounds or Bounds()

    @property
    def name(self) -> str:
        """What proves."""
        return self._profile.name

    @property
    def version(self) -> str:
        """The version of SQLite."""
        return apsw.sqlite_lib_version()

    @property
    def dialect(self) -> Dialect:
        """Whose rules it runs under."""
        return self._profile.dialect

    @contextmanager
    def open(self) -> Iterator[SqliteDatabase]:
        """A fresh, empty database in memory."""
        apsw.hard_heap_limit(self._bounds.memory)
        connection = GuardedConnection(self._profile, self._bounds)
        try:
            yield SqliteDatabase(connection, self._profile)
        finally:
            connection.close()


class SqliteDatabase:
    """A database in memory; each script finds a connection without a trace of the one before."""

    def __init__(self, connection: GuardedConnection, profile: Profile) -> None:
        self._connection, self._profile = connection, profile
        self._touched: list[tuple[Asked, int, int]] = []

    def apply(self, script: Script, *, atomic: bool = True) -> Refusal | None:
        """Run a script; see `Database.apply`."""
        listed = parts(script.text, script.line)
        if atomic:
            return self._run_whole(listed, script.path, script.line)
        return self._run_loose(listed, script.path) or self._left_open(script)

    def apply_until(self, script: Script, statements: int) -> Refusal | None:
        """Run the first so many statements without a transaction; see `Database.apply_until`."""
        first = parts(script.text, script.line)[:statements]
        refused = self._run_loose(first, script.path)
        self._close_off()
        return refused

    def count(self, script: Script) -> int:
        """How many statements a script holds."""
        return len(parts(script.text))

    def batch(self, texts: Sequence[str]) -> Refusal | None:
        """Run statements in one transaction as D1's binding does, which refuses empty ones."""
        listed = [parts(text) for text in texts]
        return self._run_whole(chain.from_iterable(listed), "", 1) if all(listed) else _EMPTY

    def touched(self) -> tuple[Touch, ...]:
        """What the statements of the last script do, as far as it was run."""
        return tuple(each for deed in self.deeds() for each in deed.touches)

    def deeds(self) -> tuple[Deed, ...]:
        """What the statements of the last script did, as far as it was run."""
        return tuple(
            Deed(line, touches(asked, line), wrote) for asked, line, wrote in self._touched
        )

    def asked(self) -> frozenset[Asking]:
        """All that the last script asked for, as far as it was run."""
        return frozenset(each for asked, _, _ in self._touched for each in askings(asked))

    def query(self, sql: str, values: Sequence[Value] = ()) -> tuple[Row, ...] | Refusal:
        """The rows of one statement that only reads."""
        self._connection.meter.begin()
        if not _is_one(sql):
            return _NOT_ONE
        self._connection.only_read()
        try:
            return self._connection.rows(sql, tuple(values))
        except FAILURES as error:
            return self._connection.refused(error, Part(sql, 1), "")

    def write(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """Run one statement for each row of values, all or none."""
        return self._write(sql, rows, foreign_keys=True)

    def write_unchecked(self, sql: str, rows: Sequence[Row] = ((),)) -> Refusal | None:
        """The same with foreign keys not enforced."""
        return self._write(sql, rows, foreign_keys=False)

    def prepare(self, sql: str) -> Refusal | None:
        """Whether a statement can be prepared; nothing is run."""
        self._connection.meter.begin()
        listed = parts(sql)
        return _first(map(self._connection.prepare, listed)) if listed else _EMPTY

    def save(self) -> object:
        """The whole database as it is now."""
        return self._connection.copied()

    def restore(self, saved: object) -> None:
        """Put back what was saved."""
        assert isinstance(saved, apsw.Connection), "what `save` gave is given back"
        self._connection.replace(saved)

    def faults(self) -> tuple[str, ...]:
        """What is corrupt, by SQLite's own check of its integrity."""
        said = (str(row[0]) for row in self._connection.own("PRAGMA integrity_check"))
        return tuple(each for each in said if each != "ok")

    def _run_whole(self, listed: Iterable[Part], path: str, line: int) -> Refusal | None:
        """All statements in one transaction."""
        self._start()
        self._connection.begin()
        refused = _first(self._step(part, path) for part in listed) or self._commit(path, line)
        self._close_off()
        return refused

    def _run_loose(self, listed: Iterable[Part], path: str) -> Refusal | None:
        """All statements without one; D1 puts even a single statement into one of its own."""
        self._start()
        each = self._alone if self._profile.dialect is Dialect.D1 else self._step
        return _first(each(part, path) for part in listed)

    def _start(self) -> None:
        self._connection.may_write()
        self._touched.clear()
        self._connection.meter.begin()

    def _alone(self, part: Part, path: str) -> Refusal | None:
        self._connection.begin()
        refused = self._step(part, path) or self._commit(path, part.line)
        self._connection.undo()
        return refused

    def _step(self, part: Part, path: str) -> Refusal | None:
        before = self._connection.wrote
        refused = self._connection.step(part, path)
        wrote = self._connection.wrote - before
        self._touched.append((self._connection.asked, part.line, wrote))
        return refused

    def _commit(self, path: str, line: int) -> Refusal | None:
        try:
            self._connection.commit()
        except FAILURES as error:
            return self._connection.refused(error, Part("COMMIT", line), path)
        return None

    def _left_open(self, script: Script) -> Refusal | None:
        open_at_the_end = self._connection.in_transaction
        self._close_off()
        if not open_at_the_end:
            return None
        says = "the transaction that it begins is still open at its end, and so undone"
        return Refusal(Reason.OTHER, says, script.path, script.line)

    def _close_off(self) -> None:
        self._connection.undo()
        self._connection.forget()

    def _write(self, sql: str, rows: Sequence[Row], *, foreign_keys: bool) -> Refusal | None:
        connection, part = self._connection, Part(sql, 1)
        connection.meter.begin()
        usual = foreign_keys == self._profile.foreign_keys
        if not usual:
            connection.own(f"PRAGMA foreign_keys = {int(foreign_keys)}")
        connection.begin()
        try:
            connection.insert(sql, rows)
            connection.commit()
        except FAILURES as error:
            return connection.refused(error, part, "")
        finally:
            connection.undo()
            if not usual:
                connection.own(f"PRAGMA foreign_keys = {int(self._profile.foreign_keys)}")
        return None


@lru_cache(maxsize=1000)
def _is_one(sql: str) -> bool:
    """Whether a text is one statement; the same few are asked again and again."""
    return len(parts(sql)) == 1


def _first(refusals: Iterable[Refusal | None]) -> Refusal | None:
    return next((each for each in refusals if each is not None), None)
