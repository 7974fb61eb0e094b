"""Some Python files, and of others those alone that their names lead to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from gatekeeper.source.python_supplied import Supplied
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_code import OUTSIDE, Code

MOST_FILES = 200
"""Files that a preview reads; what lies beyond them is left to CI."""


@dataclass(frozen=True, eq=False)
class Followed(Code):
    """Files that are taken in by themselves, and then those in which a name is asked for.

    Only what a file taken in imports is read, so that no more is known than in a judgement.
    `cut` holds the files that were one too many; a judgement reads as many as it takes.
    """

    is_led: bool = True
    most: int | None = MOST_FILES
    cut: list[str] = field(default_factory=list)
    _imports: set[str] = field(default_factory=set)

    @cached_property
    def names(self) -> Supplied:
        """What the names of the files taken in stand for."""
        return Supplied(self.listed, OUTSIDE, self._supplied)

    def take(self, paths: Iterable[str]) -> frozenset[str]:
        """Take these files in, and none that they import."""
        given = frozenset(paths)
        for path in sorted(given):
            self._add(path)
        return given

    def _supplied(self, path: str) -> None:
        if self.is_led and path in self._imports and role_of(path) is not Role.GENERATED:
            self._add(path)

    def _add(self, path: str) -> bool:
        known = path in self._modules
        if not known and self.most is not None and self.size + len(self.doubts) >= self.most:
            self.cut.append(path)
            return False
        added = super()._add(path)
        if added and not known:
            self._imports.update(self._imported(path))
        return added


@dataclass(frozen=True, eq=False)
class Reaching(Code):
    """Files with all that they import, up to as many as a preview reads; `cut` is the rest."""

    cut: list[str] = field(default_factory=list)

    def _add(self, path: str) -> bool:
        if path not in self._modules and self.size + len(self.doubts) >= MOST_FILES:
            self.cut.append(path)
            return False
        return super()._add(path)
