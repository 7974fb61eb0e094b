"""Which waivers count on a given day: not expired, and not reaching too far ahead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gatekeeper.terms import Waiver
from gatekeeper.value import dataclass

DAYS_AHEAD = 90


@dataclass(frozen=True, slots=True)
class Applicable:
    """Waivers sorted by what the calendar says of them; only those of `counting` count."""

    counting: tuple[Waiver, ...]
    expired: tuple[Waiver, ...]
    too_far: tuple[Waiver, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """One sentence for each waiver that does not count."""
        expired = (_note(each, f"expired on {each.until}") for each in self.expired)
        too_far = (
            _note(each, f"runs until {each.until}, more than {DAYS_AHEAD} days ahead")
            for each in self.too_far
        )
        return (*expired, *too_far)


def applicable(waivers: Iterable[Waiver], today: date) -> Applicable:
    """Sorts `waivers` by whether they count on `today`; `until` is the last day that counts."""
    given = tuple(waivers)
    days = {id(each): (each.until - today).days for each in given}
    return Applicable(
        counting=tuple(each for each in given if 0 <= days[id(each)] <= DAYS_AHEAD),
        expired=tuple(each for each in given if days[id(each)] < 0),
        too_far=tuple(each for each in given if days[id(each)] > DAYS_AHEAD),
    )


def _note(waiver: Waiver, why: str) -> str:
    target = f"finding {waiver.finding}" if waiver.finding else f"clause {waiver.clause}"
    return f"{waiver.place}: the waiver for {target} {why}; it does not count"
