"""What `ruff check --output-format json` writes."""

from __future__ import annotations

from gatekeeper.reading.content import json_of
from gatekeeper.reading.lint import Warned
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.shapes import Table, tables

_NOT_PARSED = "invalid-syntax"


def read(content: bytes, root: str, cwd: str = "") -> tuple[Warned, ...]:
    """The warnings in it; none where ruff has nothing to say, which it writes as `[]`.

    Raises Unusable for a file that is not ruff's, or names a file outside of `root`.
    """
    place = placing(root, cwd)
    return tuple(_warned(each, place) for each in tables(json_of(content), "the file"))


def _warned(said: Table, place: Place) -> Warned:
    at = said.table("location")
    # Before it was called invalid-syntax, what cannot be parsed had no code.
    code = said.text("code") if "code" in said else _NOT_PARSED
    path = place(said.text("filename"))
    return Warned(path, at.place("row"), at.place("column"), code, said.text("message"))
