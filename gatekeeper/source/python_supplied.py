"""What names stand for, where a file is taken in only when something in it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.source.code_supplied import OnDemand
from gatekeeper.source.python_modules import Modules
from gatekeeper.source.python_names import Names


class Supplied(OnDemand, Names):
    """Names of Python files that are asked for one by one."""

    def __init__(
        self, modules: Modules, outside: frozenset[str], supply: Callable[[str], None]
    ) -> None:
        super().__init__(modules, outside)
        self.ask(supply)
