"""Names that are followed into a file only when something in it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gatekeeper.source.code_settling import Key, Settling
from gatekeeper.source.code_values import Values

T = TypeVar("T")


class OnDemand(Settling):
    """Asks for each file before it answers for what stands in it; goes before other bases.

    `supply`, given by `ask`, is told a path, once, and may add it; what it does not add is not
    known.
    """

    _supply: Callable[[str], None]
    _asked_for: set[str]
    _lacking: list[str]

    def ask(self, supply: Callable[[str], None]) -> None:
        """Where files are to be had from here on."""
        self._supply = supply
        self._asked_for, self._lacking = set(), []

    def _supplied(self) -> None:
        """What is done when a file was asked for."""

    def _look(self, key: Key) -> Values:
        if key.path not in self.files and key.path not in self._asked_for:
            self._asked_for.add(key.path)
            self._lacking.append(key.path)
        return super()._look(key)

    def _asked(self, ask: Callable[[], T]) -> T:
        answer = super()._asked(ask)
        while self._lacking:
            self._supply(self._lacking.pop())
            self._supplied()
            answer = super()._asked(ask)
        return answer
