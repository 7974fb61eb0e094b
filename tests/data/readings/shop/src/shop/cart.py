"""A cart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pragma: no cover
    from collections.abc import Iterable


class Cart:
    """Holds prices.

    In cents.
    """

    def __init__(self, prices: Iterable[int] = ()) -> None:
        """Start with these prices."""
        self.prices = list(prices)

    def total(self, discount: int = 0) -> int:
        """The sum, in cents."""
        total = sum(
            self.prices,
        )
        if discount > total:
            raise ValueError("too much")
        for price in self.prices:
            if price < 0:
                return 0
        return total - discount

    @property
    def is_empty(self) -> bool:
        return not self.prices


def shown(cart: Cart) -> str:
    total = cart.total()
    if total == 0:
        return "nothing"
    if total < 0:
        return "owed"
    return f"{total // 100}.{total % 100:02}"


def unused() -> None:  # pragma: no cover
    shown(Cart())


def traced() -> str:
    times = 1  # pragma: no cover
    return f"{times}"
