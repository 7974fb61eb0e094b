"""The Workflows of what is staged, found from the staged files and never by a whole tree."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property

from gatekeeper import Deferred, Doubt, Finding, Observation
from gatekeeper.source.python_paths import is_python
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._workflow_classes import (
    NEEDLE,
    Kin,
    Klass,
    classes,
    kind_of,
    lineage,
)
from gatekeeper_rules.code._workflow_creation import Creation
from gatekeeper_rules.code._workflow_followed import MOST_FILES, Followed
from gatekeeper_rules.code._workflow_hosts import Host
from gatekeeper_rules.code._workflow_presence import Scene
from gatekeeper_rules.code._workflow_wiring import Wiring

CUT = Deferred(
    f"names lead through more than {MOST_FILES} files, too many for a preview: left to CI"
)


@dataclass(frozen=True, eq=False)
class Staged(Scene):
    """A tree as a preview sees it: the staged files first, others as far as names lead there."""

    focus: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def code(self) -> Followed:
        """The staged files that speak of Workflows, and where their names lead."""
        code = Followed(self.snapshot)
        code.take(self.speaking)
        return code

    @property
    def is_cut(self) -> bool:
        """Whether names led through more files than a preview reads."""
        return bool(self.code.cut)

    @cached_property
    def python(self) -> tuple[str, ...]:
        """The staged Python files of production."""
        named = (path for path in sorted(self.focus) if is_python(path))
        held = (path for path in named if path in self.snapshot)
        files = (path for path in held if self.snapshot.entries[path].is_file)
        return tuple(path for path in files if role_of(path) is Role.PRODUCTION)

    @cached_property
    def saying(self) -> frozenset[str]:
        """The Python files of production, staged or not, that say the name of the base."""
        said = (path for path in self.snapshot.containing([NEEDLE]) if is_python(path))
        return frozenset(path for path in said if role_of(path) is Role.PRODUCTION)

    @cached_property
    def speaking(self) -> tuple[str, ...]:
        """The staged ones of these."""
        return tuple(path for path in self.python if path in self.saying)

    @cached_property
    def own(self) -> tuple[Klass, ...]:
        """The Workflows of the staged files that speak of them."""
        return tuple(
            each
            for each in classes(self.code)
            if each.path in self.speaking and kind_of(self.code, each.value).kin is Kin.WORKFLOW
        )

    @cached_property
    def wiring(self) -> Wiring:
        """The configuration; who creates what is not looked at."""
        return Wiring(self.code, self.hosts, Creation(self.code, frozenset()), self.scripts)

    def take_mains(self, hosts: Iterable[Host]) -> tuple[str, ...]:
        """The Python files that environments start, taken in."""
        named = {each.main for each in hosts if each.runs_python and each.main is not None}
        there = self.code.sources.paths if named else frozenset[str]()
        self.code.take(named & there)
        return tuple(path for path in sorted(named) if path in self.code.paths)

    @cached_property
    def hosts_touched(self) -> tuple[Host, ...]:
        """The environments of which the configuration, or the file that they start, is staged."""
        return tuple(
            each for each in self.hosts.all if each.path in self.focus or each.main in self.focus
        )

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """What of the staged files that speak of Workflows cannot be read."""
        return tuple(each for path, each in self.code.doubts.items() if path in self.speaking)

    # -- asked only where something is about to be told

    @cached_property
    def family(self) -> tuple[Klass, ...]:
        """Every Workflow that may be in the tree: who says the name of one may extend it."""
        code, sought = self.code, set[str]()
        saying = (path for path, _ in code.sources.containing([NEEDLE]))
        code.take(path for path in saying if role_of(path) is Role.PRODUCTION)
        while True:
            found = [
                each
                for each in classes(code)
                if role_of(each.path) is Role.PRODUCTION
                and kind_of(code, each.value).kin is Kin.WORKFLOW
            ]
            fresh = {name for each in found for name in self._names_of(each.name)} - sought
            if not fresh or code.cut:
                return tuple(found)
            sought |= fresh
            needles = [each.encode() for each in sorted(fresh)]
            held = (path for path, _ in code.sources.containing(needles))
            code.take(path for path in held if role_of(path) is Role.PRODUCTION)

    def _names_of(self, name: str) -> set[str]:
        """What a class is called in the files taken in."""
        found = {name.rpartition(".")[2]}
        for path in self.code.paths:
            tree = self.code.module(path).tree
            fresh: Iterable[str] = found
            while fresh:
                fresh = {each for each in _others(tree, found) if each not in found}
                found |= fresh
        return found

    def is_extended(self, klass: Klass) -> bool:
        """Whether another class extends a Workflow, which is judged in its place."""
        return any(klass.value in lineage(self.code, each.value)[1:] for each in self.family)

    def sure(self, said: Iterable[Observation]) -> Iterator[Observation]:
        """What is said, unless the files were too many to be sure of any of it."""
        held = tuple(said)
        yield from (CUT,) if self.is_cut else held

    def among(self, said: Iterable[Finding | Doubt]) -> tuple[Finding | Doubt, ...]:
        """What of all that is said is about the staged files."""
        return tuple(each for each in said if each.path in self.focus)


def _others(tree: ast.Module, names: set[str]) -> Iterator[str]:
    """Other names that a file gives to what has one of these."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(names=aliases):
                yield from (each.asname for each in aliases if each.name in names and each.asname)
            case ast.Assign(
                targets=targets, value=ast.Name(id=name) | ast.Attribute(attr=name)
            ) if name in names:
                yield from (each.id for each in targets if isinstance(each, ast.Name))
