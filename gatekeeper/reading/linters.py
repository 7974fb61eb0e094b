"""How each linter is run and read."""

from __future__ import annotations

from gatekeeper.reading.eslint_method import EslintMethod
from gatekeeper.reading.mypy_method import MypyMethod
from gatekeeper.reading.ruff_method import RuffMethod
from gatekeeper.reading.tsc_method import TscMethod

__all__ = ["EslintMethod", "MypyMethod", "RuffMethod", "TscMethod"]
