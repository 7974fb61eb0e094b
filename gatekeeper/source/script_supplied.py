"""What names of scripts stand for, where a file is taken in only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.source.code_supplied import OnDemand
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper.source.script_names import ScriptNames


class SuppliedScripts(OnDemand, ScriptNames):
    """Names of scripts that are asked for one by one."""

    def __init__(self, modules: ScriptModules, supply: Callable[[str], None]) -> None:
        super().__init__(modules)
        self.ask(supply)

    def _supplied(self) -> None:
        # What a file that was not there may have is not known, and would stay so.
        self.restart()
