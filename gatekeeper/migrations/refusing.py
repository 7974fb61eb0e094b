"""What an exception of SQLite says of the SQL that raised it."""

from __future__ import annotations

import re

import apsw

from gatekeeper.migrations.authorizer import Authorizer
from gatekeeper.migrations.engine import Reason, Refusal
from gatekeeper.migrations.migration import Dialect
from gatekeeper.migrations.part import Part
from gatekeeper.migrations.profile import Profile
from gatekeeper.migrations.wording import reason_for

_LIMITED = re.compile(r'near "(?:limit|order)": syntax error', re.IGNORECASE)
# On D1 nobody adds a function; elsewhere the application or an extension may well have it.
_ADDED = re.compile(r"no such (?:function|module|collation sequence): ")
_LIBSQL = re.compile(r"ALTER\s+TABLE\s+\S+\s+ALTER\s+COLUMN\s+\S+\s+TO\b", re.IGNORECASE)
_LONGEST = 2_000


def refusal(
    error: Exception,
    of: Part,
    path: str,
    profile: Profile,
    asked: Authorizer,
    *,
    ample: bool,
) -> Refusal:
    """Why SQLite would not run a statement; `ample` says that memory was not what it lacked."""
    says = str(error) or type(error).__name__
    is_elsewhere = profile.dialect is Dialect.SQLITE and _is_added(says, of)
    reason = Reason.UNKNOWN if is_elsewhere else _reason(error, profile, asked, ample=ample)
    newer = _is_limited(says, of, profile)
    if newer:
        says += " (D1's own build takes LIMIT here; this engine does not: prove it on workerd)"
    elif asked.denied:
        says = f"{says}: {asked.denied}"
    return Refusal(reason, says, path, of.line, of.text[:_LONGEST], newer=newer)


def _reason(error: Exception, profile: Profile, asked: Authorizer, *, ample: bool) -> Reason:
    if asked.denied:
        return Reason.UNSAFE if asked.outside else Reason.DENIED
    if isinstance(error, apsw.ConstraintError):
        keyed = reason_for(str(error)) is Reason.FOREIGN_KEY
        return Reason.FOREIGN_KEY if keyed else Reason.CONSTRAINT
    if isinstance(error, apsw.NoMemError) and ample:
        return Reason.TOO_MUCH  # what SQLite says of a program with too many instructions
    if isinstance(error, (apsw.InterruptError, apsw.FullError, MemoryError, apsw.NoMemError)):
        return Reason.UNBOUNDED
    if isinstance(error, apsw.TooBigError):
        return Reason.TOO_MUCH if profile.dialect is Dialect.D1 else Reason.UNBOUNDED
    return Reason.SYNTAX if isinstance(error, UnicodeEncodeError) else reason_for(str(error))


def _is_added(says: str, of: Part) -> bool:
    """Whether the application, an extension or libSQL may have what SQLite itself has not."""
    return _ADDED.match(says) is not None or _LIBSQL.match(of.text) is not None


def _is_limited(says: str, of: Part, profile: Profile) -> bool:
    """Whether it is UPDATE or DELETE with LIMIT, which not every SQLite is built with."""
    is_write = of.word in {"UPDATE", "DELETE", "WITH"}
    return profile.dialect is Dialect.D1 and is_write and _LIMITED.search(says) is not None
