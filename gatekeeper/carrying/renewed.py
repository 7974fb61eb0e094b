"""Documents like one that is known, but with other values, which no tool can know by heart."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping

from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import Json
from gatekeeper.carrying.embedded import embedded
from gatekeeper.carrying.kinds import KEYED, Exact, Scalar, Unit, below, exactly, is_keyed, within

_DATE = re.compile(r"(\d{4})(-\d\d-\d\d.*)", re.DOTALL)
_DIGITS = "0123456789"
_TOKEN = re.compile(r"[0-9A-Za-z-]*[0-9][0-9A-Za-z-]*")
_RUN = re.compile(r"[0-9]+")
_MANY = 8
"""Digits of a token that is as long as it must be: a UUID, a digest, a number with zeros."""

_EDGE = '  Zoë\'s "naïve" — 😀 e\u0301\tline\nline; -- /* %s */ '
_LONG = 2000
_LARGE = 9_007_199_254_740_000
"""Whole numbers near the largest that JavaScript tells apart (ECMA-262, MAX_SAFE_INTEGER)."""


class Renewal:
    """Gives other values to those of some units, equal ones to equal ones.

    Each of the first eight, by `number`, gives others than those before it.

    Digits of texts are exchanged or get others before them, so that a text that stands in
    another still does; a text without any gets a letter more; years of dates and numbers move;
    true and false change places.
    """

    def __init__(self, units: Iterable[Unit], dice: Dice, number: int = 0) -> None:
        chosen = tuple(units)
        self._values = frozenset(value for unit in chosen for value in unit.values)
        self._kinds = frozenset(kind for unit in chosen for kind in unit.kinds)
        turn = 1 + (dice.below(len(_DIGITS) - 1) + number) % (len(_DIGITS) - 1)
        self._digits = str.maketrans(_DIGITS, _DIGITS[turn:] + _DIGITS[:turn])
        self._before = str(10 + 10 * number + dice.below(10))
        self._step = 1000 + dice.below(9000) + 10_000 * number
        self._times = number + 1

    def other(self, value: Scalar) -> Scalar:
        """The value that stands in for one; itself where it belongs to no unit."""
        if exactly(value) not in self._values:
            return value
        match value:
            case bool():
                return not value
            case int() | float():
                # SQLite has no whole number beyond 64 bits, and JavaScript none beyond 53.
                return value - self._step if value >= _LARGE else value + self._step
        return self.text(value)

    def text(self, value: str) -> str:
        """The text that stands in for one."""
        if date := _DATE.fullmatch(value):
            return f"{int(date[1]) + 4 * self._times:04}{date[2]}"
        other = _TOKEN.sub(self._token, value)
        return other if other != value else value + value.rstrip()[-1:] * self._times

    def _token(self, found: re.Match[str]) -> str:
        token = found[0]
        if sum(map(str.isdecimal, token)) >= _MANY:
            return token.translate(self._digits)
        return _RUN.sub(lambda run: self._before + run[0], token)

    def of(self, value: Json, kind: str = "") -> Json:
        """A document with the other values."""
        if isinstance(value, dict):
            as_data = is_keyed(value)
            renewed = as_data and below(kind, KEYED) in self._kinds
            return {
                str(self.other(key)) if renewed else key: self.of(
                    each, below(kind, KEYED if as_data else key)
                )
                for key, each in value.items()
            }
        if isinstance(value, list):
            return [self.of(each, f"{kind}[]") for each in value]
        if isinstance(value, str) and (inside := embedded(value)):
            return inside.text(self.of(inside.value, within(kind)))
        return value if value is None or kind not in self._kinds else self.other(value)


def grown(value: Json, whole: Json, records: Collection[str], kind: str = "") -> Json:
    """A document with its records of some kinds and those of `whole`, a renewal of it, besides.

    What is inside of a record is left as it is.
    """
    if isinstance(value, dict) and isinstance(whole, dict):
        if not is_keyed(value):
            return {
                key: grown(each, whole.get(key), records, below(kind, key))
                for key, each in value.items()
            }
        return {**value, **whole} if below(kind, KEYED) in records else value
    if isinstance(value, list) and isinstance(whole, list) and f"{kind}[]" in records:
        there = {json.dumps(each, sort_keys=True) for each in value}
        more = [each for each in whole if json.dumps(each, sort_keys=True) not in there]
        return [*value, *more]
    return value


def edged(units: Iterable[Unit], dice: Dice) -> Mapping[Exact, Scalar]:
    """For one text and one number of each unit, one that is at the edge of what there can be."""
    found = dict[Exact, Scalar]()
    for number, unit in enumerate(each for each in units if not each.has_keys):
        texts = sorted(each for _, each in unit.values if isinstance(each, str))
        plain = [each for each in texts if not _DATE.match(each)]
        if plain:
            text = dice.one(plain)
            found[exactly(text)] = f"{text}{_EDGE}{number}{'x' * _LONG} "
        whole = [each for name, each in unit.values if name == "int"]
        if whole:
            found[exactly(dice.one(sorted(whole)))] = _LARGE + number
    return found


def replaced(value: Json, by: Mapping[Exact, Scalar]) -> Json:
    """A document with other values in the place of some, wherever these stand but in keys."""
    if isinstance(value, dict):
        return {key: replaced(each, by) for key, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, by) for each in value]
    if isinstance(value, str) and (inside := embedded(value)):
        return inside.text(replaced(inside.value, by))
    return value if value is None else by.get(exactly(value), value)
