"""Values read and written bit for bit where an engine's own interface would bend them."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.migrations.engine import Row, Value
from gatekeeper.migrations.part import placeholders

FORM = (
    "CASE typeof({c}) WHEN 'integer' THEN 'i' || {c} "
    "WHEN 'text' THEN 't' || hex(CAST({c} AS BLOB)) WHEN 'blob' THEN 'b' || hex({c}) ELSE {c} END"
)
"""What gives the value of a column `{c}` in letters; NULL and reals as they are."""


def spelled_out(sql: str, columns: int) -> str:
    """A query that gives the same rows in letters, but for NULL and reals; see `read`."""
    names = [f"gatekeeper_{number}" for number in range(columns)]
    shown = (FORM.replace("{c}", name) for name in names)
    inner = sql.rstrip().rstrip(";")
    table = f"gatekeeper_rows({', '.join(names)})"
    return " ".join(
        ("WITH", table, "AS (", inner, "\n) SELECT", ", ".join(shown), "FROM gatekeeper_rows")
    )


def read(spelled: Value) -> Value:
    """The value that `spelled_out` put into letters; text that is not UTF-8 with surrogates."""
    if not isinstance(spelled, str):
        return spelled
    kind, rest = spelled[0], spelled[1:]
    if kind == "i":
        return int(rest)
    content = bytes.fromhex(rest)
    return content if kind == "b" else content.decode("utf-8", "surrogateescape")


def is_plain(row: Row) -> bool:
    """Whether every text of a row is one that UTF-8 knows."""
    return all(not isinstance(value, str) or _is_utf8(value) for value in row)


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def cast(sql: str, kinds: Sequence[str]) -> str:
    """A statement whose placeholders give the types of SQL that are named, "" for as they are.

    The sign makes of a CAST a value without affinity, as a placeholder is.
    """
    made, end = [], 0
    for begin, kind in zip(placeholders(sql), kinds, strict=True):
        made += [sql[end:begin], f"+CAST(? AS {kind})" if kind else "?"]
        end = begin + 1
    return "".join((*made, sql[end:]))


def as_bytes(text: str) -> bytes:
    """The bytes of a text as the database holds it; ValueError where it is no text at all."""
    return text.encode("utf-8", "surrogateescape")
