"""How much of how many, in whole numbers: nothing here is ever rounded up, or a float."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from gatekeeper.reading.coverage import Coverage


class Ratio(NamedTuple):
    """So many of `total` are covered."""

    covered: int
    total: int

    def reaches(self, percent: Decimal) -> bool:
        """Whether it is at least so many percent."""
        return 100 * self.covered >= Fraction(percent) * self.total

    def is_under(self, other: Ratio) -> bool:
        """Whether it is less than another one; of nothing, no share is less or more."""
        return self.covered * other.total < other.covered * self.total

    def short_of(self, percent: Decimal) -> int:
        """How many more of the same must be covered to reach it."""
        short = Fraction(percent) * self.total / 100 - self.covered
        return max(0, -(-short.numerator // short.denominator))

    def __str__(self) -> str:
        return f"{self.covered:,} of {self.total:,} ({self.percent})"

    @property
    def percent(self) -> str:
        """The share in percent, cut after two places."""
        hundredths = 10_000 * self.covered // self.total if self.total else 0
        return f"{hundredths // 100}.{hundredths % 100:02} %"


def lines_of(coverage: Coverage) -> Ratio:
    """The covered lines, of those that can be covered."""
    covered = sum(len(file.covered) for file in coverage.files.values())
    return Ratio(covered, covered + sum(len(file.missed) for file in coverage.files.values()))


def branches_of(coverage: Coverage) -> Ratio:
    """The branches taken, of those that there are."""
    every = [each for file in coverage.files.values() for each in file.branches.values()]
    return Ratio(sum(each.taken for each in every), sum(each.total for each in every))
