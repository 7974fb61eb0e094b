"""How people put what each rule proves, in families of contracts; `init` binds clauses by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import overload

from gatekeeper import Wording


class Wordings(Sequence[Wording]):
    """The wordings of one rule, imported when somebody looks: only `init` does."""

    def __init__(self, rule: str) -> None:
        self._rule = rule

    @overload
    def __getitem__(self, index: int) -> Wording: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Wording, ...]: ...

    def __getitem__(self, index: int | slice) -> Wording | tuple[Wording, ...]:
        return _all()[self._rule][index]

    def __len__(self) -> int:
        return len(_all().get(self._rule, ()))


class _ByRule(Mapping[str, Wordings]):
    def __getitem__(self, rule: str) -> Wordings:
        return Wordings(rule)

    def __iter__(self) -> Iterator[str]:
        return iter(_all())

    def __len__(self) -> int:
        return len(_all())


@cache
def _all() -> Mapping[str, tuple[Wording, ...]]:
    from gatekeeper_rules._change_wordings import CHANGE_RULES
    from gatekeeper_rules._code_wordings import CODE
    from gatekeeper_rules._migration_wordings import MIGRATION
    from gatekeeper_rules._suite_wordings import SUITE

    return {**CODE, **CHANGE_RULES, **MIGRATION, **SUITE}


WORDINGS: Mapping[str, Wordings] = _ByRule()
