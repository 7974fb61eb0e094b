"""Asked by SQLite before a statement does anything: says whether it may, and remembers what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import apsw

from gatekeeper.migrations.engine import Asking, Touch
from gatekeeper.migrations.profile import Argument, Profile

_READ = apsw.SQLITE_READ
_Name = str | None
_Asked = tuple[int, _Name, _Name]
Asked = Mapping[_Asked, None]
"""What a statement asked for, in order: actions, and what they are done to."""

_SWITCH = re.compile(r"""(['"]?)(?:true|false|yes|no|on|off|1|0)""", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?\d+")
_NAMES_FIRST = frozenset(
    {
        apsw.SQLITE_CREATE_INDEX,
        apsw.SQLITE_DROP_INDEX,
        apsw.SQLITE_CREATE_TRIGGER,
        apsw.SQLITE_DROP_TRIGGER,
    }
)
_TEMPORARY = frozenset(
    {
        apsw.SQLITE_CREATE_TEMP_TABLE,
        apsw.SQLITE_CREATE_TEMP_INDEX,
        apsw.SQLITE_CREATE_TEMP_TRIGGER,
        apsw.SQLITE_CREATE_TEMP_VIEW,
        apsw.SQLITE_DROP_TEMP_TABLE,
        apsw.SQLITE_DROP_TEMP_INDEX,
        apsw.SQLITE_DROP_TEMP_TRIGGER,
        apsw.SQLITE_DROP_TEMP_VIEW,
    }
)
_TEMPORARY_ALLOWED = frozenset({apsw.SQLITE_READ, apsw.SQLITE_UPDATE})
_VIRTUAL = frozenset({apsw.SQLITE_CREATE_VTABLE, apsw.SQLITE_DROP_VTABLE})
_CATALOGUES = frozenset(
    {"sqlite_master", "sqlite_temp_master", "sqlite_schema", "sqlite_temp_schema"}
)


class Authorizer:
    """SQLite's authorizer callback under a profile.

    `trusting` is set while gatekeeper asks for itself; `in_file` while a transaction that belongs
    to the runner is open, `vacuuming` while VACUUM runs, which attaches a nameless database.
    `denied` says why the last statement was denied, `outside` that it is we who will not run it.
    """

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._judges: Mapping[int, Callable[[_Name, _Name], str]] = {
            apsw.SQLITE_TRANSACTION: self._transaction,
            apsw.SQLITE_SAVEPOINT: self._savepoint,
            apsw.SQLITE_ATTACH: self._attach,
            apsw.SQLITE_DETACH: self._detach,
            apsw.SQLITE_PRAGMA: self._pragma,
            apsw.SQLITE_FUNCTION: self._function,
            **dict.fromkeys(_VIRTUAL, self._virtual),
            **dict.fromkeys(_TEMPORARY, self._temporary),
        }
        self.trusting = self.in_file = self.vacuuming = self.outside = False
        self.denied = ""
        self._asked: dict[_Asked, None] = {}
        self._readable = set[tuple[_Name, _Name]]()

    def begin(self) -> None:
        """Forget what the last statement did."""
        self._asked, self.denied, self.outside = {}, "", False

    @property
    def everything(self) -> Asked:
        """What the statement since `begin` asked for, in order, each once."""
        return self._asked

    def read(self) -> frozenset[str]:
        """The tables that the statement since `begin` reads, in small letters."""
        asked = self._asked
        return frozenset((name or "").lower() for action, name, _ in asked if action == _READ)

    def asked(self, *actions: int) -> bool:
        """Whether the statement since `begin` asked for one of these actions."""
        return any(action in actions for action, _, _ in self._asked)

    def __call__(
        self, action: int, first: _Name, second: _Name, database: _Name, _trigger: _Name
    ) -> int:
        """SQLITE_OK or SQLITE_DENY."""
        if self.trusting:
            return apsw.SQLITE_OK
        if action == _READ and (first, database) in self._readable:
            self._asked[action, first, second] = None
            return apsw.SQLITE_OK
        if action == apsw.SQLITE_ALTER_TABLE:  # which alone names the database first
            first, second, database = second, database, first
        why = self._why_not(action, first, second, database)
        if why:
            self.denied = self.denied or why
            return apsw.SQLITE_DENY
        if action == _READ:  # by far the most often, and the same answer whenever it is asked
            self._readable.add((first, database))
        self._asked[action, first, second] = None
        return apsw.SQLITE_OK

    def _why_not(self, action: int, first: _Name, second: _Name, database: _Name) -> str:
        if database == "temp" and not self._profile.temporary:
            return "" if action in _TEMPORARY_ALLOWED else self._temporary(first, second)
        judge = self._judges.get(action)
        if judge is not None:
            return judge(first, second)
        named = (first, second) if action in _NAMES_FIRST else (first,)
        return next(filter(None, map(self._reserved, named)), "")

    def _reserved(self, name: _Name) -> str:
        if name is None or not name.lower().startswith(self._profile.reserved or ("\0",)):
            return ""
        return f"names like {name} are reserved"

    def _transaction(self, operation: _Name, _: _Name) -> str:
        if self.in_file or not self._profile.savepoints:
            # Elsewhere than on D1 a file may end the transaction of its runner: not run here.
            self.outside = self._profile.functions is None
            return f"{operation} does not go with the transaction that the file is run in"
        return ""

    def _savepoint(self, _: _Name, __: _Name) -> str:
        return "" if self._profile.savepoints else "SAVEPOINT and RELEASE are not allowed"

    def _attach(self, file: _Name, _: _Name) -> str:
        if self.vacuuming and not file:
            return ""
        self.outside = self._profile.functions is None
        return "no other database is opened"

    def _detach(self, _: _Name, __: _Name) -> str:
        return "" if self.vacuuming else "no other database is opened"

    def _temporary(self, _: _Name, __: _Name) -> str:
        return "" if self._profile.temporary else "TEMP objects are not allowed"

    def _virtual(self, table: _Name, module: _Name) -> str:
        allowed = self._profile.modules
        if allowed is not None and (module or "").lower() not in allowed:
            return f"virtual tables of {module} are not allowed"
        return self._reserved(table)

    def _function(self, _: _Name, function: _Name) -> str:
        allowed = self._profile.functions
        if allowed is not None:
            is_allowed = (function or "").lower() in allowed
            return "" if is_allowed else f"the function {function} is not allowed"
        return self._unsafe(function)

    def _pragma(self, pragma: _Name, argument: _Name) -> str:
        allowed = self._profile.pragmas
        if allowed is None:
            return self._unsafe(pragma)
        takes = allowed.get((pragma or "").lower())
        if takes is None:
            return f"PRAGMA {pragma} is not allowed"
        if not _fits(takes, argument):
            return f"PRAGMA {pragma} takes {takes.value}"
        return "" if takes is Argument.ANYTHING else self._reserved(argument)

    def _unsafe(self, name: _Name) -> str:
        if (name or "").lower() not in self._profile.unsafe:
            return ""
        self.outside = True
        return f"{name} reaches outside of the database or its bounds"


def touches(asked: Asked, line: int) -> tuple[Touch, ...]:
    """What a statement that begins at a line does, in words; SQLite's catalogue is left out."""
    return tuple(
        Touch(_name(action), first or "", second or "", line)
        for action, first, second in asked
        if first not in _CATALOGUES and action != apsw.SQLITE_SELECT
    )


def askings(asked: Asked) -> Iterator[Asking]:
    """What a statement asked for, each with what it is done to, SQLite's catalogue included."""
    for action, first, second in asked:
        about = second if action in _NAMES_FIRST or action == apsw.SQLITE_FUNCTION else first
        yield _name(action), about or ""


def _fits(takes: Argument, given: _Name) -> bool:
    if given is None:
        return takes is not Argument.NAME
    if takes is Argument.SWITCH:
        return _SWITCH.match(given) is not None
    if takes is Argument.NUMBER_OR_NONE:
        return _NUMBER.fullmatch(given) is not None
    return takes is not Argument.NONE


def _name(action: int) -> str:
    return str(apsw.mapping_authorizer_function[action]).removeprefix("SQLITE_")
