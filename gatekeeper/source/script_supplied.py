"""What names of scripts stand for, where a file is taken in only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_values import Values
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper.source.script_names import ScriptNames

T = TypeVar("T")


class SuppliedScripts(ScriptNames):
    """Names that ask for each script before they answer for what stands in it.

    `supply` is told a path, once, and may `add` it; what it does not add is not known.
    """

    def __init__(self, modules: ScriptModules, supply: Callable[[str], None]) -> None:
        super().__init__(modules)
        self._supply = supply
        self._asked_for: set[str] = set()
        self._lacking: list[str] = []

    def _look(self, key: Key) -> Values:
        if key.path not in self.files and key.path not in self._asked_for:
            self._asked_for.add(key.path)
            self._lacking.append(key.path)
        return super()._look(key)

    def _asked(self, ask: Callable[[], T]) -> T:
        answer = super()._asked(ask)
        while self._lacking:
            self._supply(self._lacking.pop())
            # What a file that was not there may have is not known, and would stay so.
            self.restart()
            answer = super()._asked(ask)
        return answer
