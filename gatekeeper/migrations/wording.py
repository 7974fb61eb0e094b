"""What SQLite's own words say of why it refused."""

from __future__ import annotations

import re

from gatekeeper.migrations.engine import Reason

_WORDS = (
    (Reason.FOREIGN_KEY, re.compile(r"FOREIGN KEY constraint failed|foreign key mismatch")),
    (Reason.CONSTRAINT, re.compile(r"constraint failed|SQLITE_CONSTRAINT")),
    (Reason.DENIED, re.compile(r"not authorized|^To execute a transaction, please use")),
    (Reason.UNBOUNDED, re.compile(r"^interrupted|SQLITE_(?:FULL|INTERRUPT|NOMEM|IOERR)")),
    (
        Reason.TOO_MUCH,
        re.compile(
            r"too (?:many|complex|big|long|large|deep)|tree is too large|nested too deep"
            r"|variable number|parser stack overflow"
        ),
    ),
    (Reason.SYNTAX, re.compile(r"syntax error|unrecognized token|incomplete (?:input|sql)", re.I)),
)


def reason_for(says: str) -> Reason:
    """Why, as far as the words tell."""
    return next((reason for reason, words in _WORDS if words.search(says)), Reason.OTHER)
