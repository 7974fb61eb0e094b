"""The kinds of text that a binding is made of: what each is called, and what is made of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from gatekeeper.contract.globs import Fault, glob_fault, path_fault
from gatekeeper.value import dataclass

_SOME_TEXT: Mapping[str, object] = {"type": ["string", "number", "boolean"]}


class Wrong(ValueError):
    """A text that is not of the kind that is wanted, and what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Scalar:
    """A kind of text; `make` gives the value or raises `Wrong`, `json` is its JSON Schema."""

    one: str
    many: str
    make: Callable[[str], object]
    json: Mapping[str, object]


def _matching(pattern: str, make: Callable[[str], object], hint: str) -> Callable[[str], object]:
    def read(text: str) -> object:
        if re.fullmatch(pattern, text) is None:
            raise Wrong(f'"{text}" is not {hint}.', "")
        return make(text)

    return read


def _faultless(fault: Callable[[str], Fault | None]) -> Callable[[str], object]:
    def read(text: str) -> object:
        if (found := fault(text)) is not None:
            raise Wrong(*found)
        return text

    return read


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Wrong(f'There is no day "{text}" in the calendar.', "Write YYYY-MM-DD.") from None


# Long enough for any number people mean, short enough that converting costs nothing.
_WHOLE = r"-?[0-9]{1,18}"
_MINUTES = r"[1-9][0-9]?|1[0-9]{2}|2[0-3][0-9]|240"
_NUMBER = r"-?[0-9]{1,18}(\.[0-9]{1,18})?"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FINGERPRINT = r"[0-9a-f]{16}"
_IS_TRUE = {"true": True, "false": False}

TEXT = Scalar("text", "texts", str, _SOME_TEXT)
TRUTH = Scalar(
    "true or false",
    "truth values",
    _matching("true|false", _IS_TRUE.__getitem__, "true or false"),
    {"enum": [True, False, "true", "false"]},
)
WHOLE = Scalar(
    "a whole number",
    "whole numbers",
    _matching(_WHOLE, int, "a whole number"),
    {"type": ["integer", "string"], "pattern": f"^{_WHOLE}$"},
)
MINUTES = Scalar(
    "a number of minutes",
    "numbers of minutes",
    _matching(_MINUTES, int, "a whole number of minutes, 1 to 240"),
    {"type": ["integer", "string"], "pattern": f"^({_MINUTES})$", "minimum": 1, "maximum": 240},
)
NUMBER = Scalar(
    "a number",
    "numbers",
    _matching(_NUMBER, Decimal, "a number like 90 or 92.5"),
    {"type": ["number", "string"], "pattern": f"^{_NUMBER}$"},
)
DATE = Scalar(
    "a date",
    "dates",
    _matching(_DATE, _date, "a date like 2027-01-31"),
    {"type": "string", "pattern": f"^{_DATE}$", "format": "date"},
)
FINGERPRINT = Scalar(
    "a fingerprint",
    "fingerprints",
    _matching(_FINGERPRINT, str, "a fingerprint: 16 digits of 0-9 and a-f, from the report"),
    {"type": ["string", "number"], "pattern": f"^{_FINGERPRINT}$"},
)
PATTERN = Scalar(
    "a path pattern",
    "path patterns",
    _faultless(glob_fault),
    {"type": "string", "minLength": 1, "description": "A gitignore pattern."},
)
PATH = Scalar("a path", "paths", _faultless(path_fault), {"type": "string", "minLength": 1})
MODULE = Scalar(
    "a module name",
    "module names",
    str,
    {**_SOME_TEXT, "description": "A key of `modules:`."},
)
