"""A connection to a database in memory, under a profile's rules and within bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from sys import getsizeof

import apsw

from gatekeeper.migrations.authorizer import Asked, Authorizer
from gatekeeper.migrations.bounds import Bounds, Meter
from gatekeeper.migrations.engine import Reason, Refusal, Row
from gatekeeper.migrations.exact import as_bytes, cast, is_plain, read, spelled_out
from gatekeeper.migrations.migration import Dialect
from gatekeeper.migrations.part import Part, unfit
from gatekeeper.migrations.profile import Profile
from gatekeeper.migrations.refusing import refusal

_RESERVED = "SELECT name FROM sqlite_master WHERE lower(substr(name, 1, ?)) = ? LIMIT 1"
_LEAVING = (apsw.SQLITE_PRAGMA, apsw.SQLITE_CREATE_TEMP_TABLE, apsw.SQLITE_CREATE_TEMP_VIEW)
_ROOM = 64_000_000
_PAGE = 4_096

FAILURES = (apsw.Error, MemoryError, UnicodeEncodeError)


class GuardedConnection:
    """What runs single statements, and is replaced where one leaves a trace on the connection."""

    def __init__(self, profile: Profile, bounds: Bounds) -> None:
        self._profile, self._bounds = profile, bounds
        self._authorizer, self.meter = Authorizer(profile), Meter(bounds)
        self._has_traces = self._is_reading = False
        self._connection = self._opened(_PAGE)

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close(force=True)

    @property
    def in_transaction(self) -> bool:
        """Whether one is open."""
        return self._connection.in_transaction

    def own(self, sql: str, values: Row = ()) -> tuple[Row, ...]:
        """Run a statement of gatekeeper's own, which may do anything; raises `FAILURES`."""
        self._authorizer.trusting = True
        try:
            return tuple(self._connection.execute(sql, values))
        finally:
            self._authorizer.trusting = False

    def step(self, part: Part, path: str) -> Refusal | None:
        """Run one statement to its end; what it gives is thrown away."""
        self._authorizer.begin()
        self._authorizer.vacuuming = part.word == "VACUUM"
        if unfit(part):
            return Refusal(Reason.SYNTAX, unfit(part), path, part.line, part.text)
        apsw.memory_high_water(reset=True)
        try:
            if self.meter.is_late():
                raise apsw.InterruptError("it takes too long")
            _exhaust(self._connection.execute(part.text))
        except FAILURES as error:
            return self.refused(error, part, path)
        finally:
            self._has_traces |= self._authorizer.asked(*_LEAVING)
        return self._misnamed(part, path) or self._made_up(part, path)

    @property
    def wrote(self) -> int:
        """How many rows have been written on this connection so far."""
        return self._connection.total_changes()

    @property
    def asked(self) -> Asked:
        """What the last statement asked for."""
        return self._authorizer.everything

    def begin(self) -> None:
        """Open the transaction that a file is run in."""
        self.may_write()
        self.own("BEGIN")
        self._authorizer.in_file = True

    def commit(self) -> None:
        """End it; raises `FAILURES`."""
        self._authorizer.in_file = False
        self.own("COMMIT")

    def undo(self) -> None:
        """Take back what the open transaction did, if SQLite has not done so by itself."""
        self._authorizer.in_file = False
        if self.in_transaction:
            self.own("ROLLBACK")

    def only_read(self) -> None:
        """Nothing can be written from now on, whatever is run."""
        if not self._is_reading:
            self.own("PRAGMA query_only = ON")
            self._is_reading = True

    def may_write(self) -> None:
        """Take that back; between two queries in a row nobody has to."""
        if self._is_reading:
            self.own("PRAGMA query_only = OFF")
            self._is_reading = False

    def rows(self, sql: str, values: Row) -> tuple[Row, ...]:
        """The rows of a query; raises `FAILURES`."""
        self._authorizer.begin()
        cursor = self._connection.execute(sql, values)
        try:
            return self._counted(cursor)
        except UnicodeDecodeError:
            with self._roomy():
                spelled = spelled_out(sql, len(cursor.description))
                rows = self._counted(self._connection.execute(spelled, values))
            return tuple(tuple(map(read, row)) for row in rows)

    def insert(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement for each row; raises `FAILURES`, and ValueError for no text at all."""
        self._authorizer.begin()
        if all(map(is_plain, rows)):
            _exhaust(self._connection.executemany(sql, rows))
        else:
            for row in rows:
                self._insert(sql, row)

    def _insert(self, sql: str, row: Row) -> None:
        if not is_plain(row):
            sql = cast(sql, ["TEXT" if isinstance(value, str) else "" for value in row])
            row = tuple(as_bytes(value) if isinstance(value, str) else value for value in row)
        _exhaust(self._connection.execute(sql, row))

    def prepare(self, part: Part) -> Refusal | None:
        """Whether a statement can be prepared."""
        self._authorizer.begin()
        cursor = self._connection.cursor()
        cursor.exec_trace = lambda *_: False
        try:
            cursor.execute(part.text)
        except (apsw.ExecTraceAbort, apsw.BindingsError):
            return self._made_up(part, "")
        except FAILURES as error:
            return self.refused(error, part, "")
        return None

    def refused(self, error: Exception, part: Part, path: str) -> Refusal:
        """What an exception says of the statement that raised it."""
        ample = apsw.memory_high_water() < self._bounds.memory // 2
        return refusal(error, part, path, self._profile, self._authorizer, ample=ample)

    def copied(self) -> apsw.Connection:
        """A copy of the database, which no later statement changes."""
        copy = apsw.Connection(":memory:", statementcachesize=0)
        with _trusted(self._authorizer):
            _fill(copy, self._connection)
        return copy

    def replace(self, source: apsw.Connection) -> None:
        """Go on with a copy of another database, on a connection of its own."""
        with _trusted(self._authorizer):
            fresh = self._opened(source.pragma("page_size"))
            _fill(fresh, source)
        self._connection.close(force=True)
        self._connection, self._has_traces = fresh, False
        self._is_reading = False

    def forget(self) -> None:
        """Undo what a script left on the connection: pragmas, temporary tables."""
        if self._has_traces:
            self.replace(self._connection)

    def _opened(self, page: int) -> apsw.Connection:
        made = apsw.Connection(":memory:", statementcachesize=0)
        profile = self._profile
        if profile.modules is not None:
            made.drop_modules(profile.modules)
        if profile.dialect is Dialect.D1:
            made.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
        for pragma, value in self._settings(page).items():
            made.pragma(pragma, value)
        for limit, most in profile.limits.items():
            made.limit(getattr(apsw, f"SQLITE_LIMIT_{limit}"), most)
        made.authorizer = self._authorizer
        made.set_progress_handler(self.meter.is_used_up, self.meter.every)
        return made

    def _settings(self, page: int) -> dict[str, int]:
        return {
            "page_size": page,
            "foreign_keys": int(self._profile.foreign_keys),
            "recursive_triggers": 0,  # which apsw switches on
            "temp_store": 2,  # in memory: no file is written
            "max_page_count": self._bounds.size // page,
        }

    def _misnamed(self, part: Part, path: str) -> Refusal | None:
        # SQLite does not tell its authorizer the name that a table is renamed to.
        if not self._authorizer.asked(apsw.SQLITE_ALTER_TABLE):
            return None
        for prefix in self._profile.reserved:
            for (name,) in self.own(_RESERVED, (len(prefix), prefix)):
                self._authorizer.denied = f"names like {name!s} are reserved"
                return self.refused(apsw.AuthError("not authorized"), part, path)
        return None

    def _made_up(self, part: Part, path: str) -> Refusal | None:
        # Nobody but the catalogue knows whether a table is the user's own of that name.
        for name in self._profile.absent & self._authorizer.read():
            if not self.own("SELECT 1 FROM sqlite_master WHERE lower(name) = ?", (name,)):
                return self.refused(apsw.SQLError(f"no such table: {name}"), part, path)
        return None

    def _counted(self, cursor: apsw.Cursor) -> tuple[Row, ...]:
        """All rows, unless they are more than anyone needs."""
        rows: list[Row] = []
        size = 0
        for row in cursor:
            rows.append(row)
            size += sum(map(getsizeof, row))
            if len(rows) > self._bounds.rows or size > self._bounds.answer:
                cursor.close(force=True)
                raise apsw.InterruptError("it gives more rows than are read")
        return tuple(rows)

    @contextmanager
    def _roomy(self) -> Iterator[None]:
        """Strings may be longer in here: letters for bytes take twice their room."""
        raised = (apsw.SQLITE_LIMIT_LENGTH, apsw.SQLITE_LIMIT_SQL_LENGTH)
        before = {limit: self._connection.limit(limit, _ROOM) for limit in raised}
        try:
            yield
        finally:
            for limit, most in before.items():
                self._connection.limit(limit, most)


def _exhaust(cursor: apsw.Cursor) -> None:
    while True:
        try:
            if next(cursor, None) is None:
                return
        except UnicodeDecodeError:  # of a row that nobody reads
            continue


@contextmanager
def _trusted(authorizer: Authorizer) -> Iterator[None]:
    authorizer.trusting = True
    try:
        yield
    finally:
        authorizer.trusting = False


def _fill(target: apsw.Connection, source: apsw.Connection) -> None:
    target.pragma("page_size", source.pragma("page_size"))
    with target.backup("main", source, "main") as copying:
        copying.step()
