"""What `mypy --output json` writes: a line of JSON for each error or note."""

from __future__ import annotations

from gatekeeper.reading.content import LARGEST, not_too_many, parsed, shown, text_of
from gatekeeper.reading.lint import Warned
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.shapes import Table
from gatekeeper.reading.unusable import Unusable

_SEVERITIES = ("error", "note")


def read(content: bytes, root: str, cwd: str = "") -> tuple[Warned, ...]:
    """The errors in it; notes, which only explain, are left out.

    mypy writes an empty line where it has nothing to say, and plain text where it gave up
    before it looked at everything: that, and a file without even a line, raises Unusable.
    """
    place = placing(root, cwd)
    if content and len(content) <= LARGEST and not content.strip():
        return ()
    text = text_of(content)
    not_too_many(text.count("\n"), "lines")
    said = [_said(line, n) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    return tuple(_warned(each, place) for each in said if _is_error(each))


def _said(line: str, n: int) -> Table:
    if not line.startswith("{"):
        raise Unusable(f"line {n} is no message of mypy's: {shown(line.strip())}")
    try:
        return Table(parsed(line), f"line {n}")
    except Unusable as unusable:
        raise Unusable(f"line {n}: {unusable}") from None


def _is_error(said: Table) -> bool:
    severity = said.text("severity")
    if severity not in _SEVERITIES:
        raise Unusable(f"mypy has no severity {shown(severity)} that is known")
    return severity == "error"


def _warned(said: Table, place: Place) -> Warned:
    column = said.column_from_0("column")
    code = said.text_or_none("code") or ""
    return Warned(place(said.text("file")), said.place("line"), column, code, said.text("message"))
