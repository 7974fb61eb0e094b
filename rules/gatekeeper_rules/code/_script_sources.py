"""The scripts of a tree: which they are, what they take from each other, what production runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from gatekeeper import LINK, Doubt, Entry, Extractor, Needle, Sieve, Snapshot, Unreadable, holds
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper.source.script_taken import SCRIPT_TAKEN
from gatekeeper.source.script_text import is_script
from gatekeeper.value import dataclass
from gatekeeper_rules.code._production import Role, mains

T = TypeVar("T")

_GENERATED = frozenset(
    (
        *(".next", ".nuxt", ".open-next", ".output", ".svelte-kit", ".turbo", ".vercel"),
        *(".wrangler", "build", "coverage", "dist", "node_modules", "out", "vendor"),
    )
)
_TESTS = frozenset({"__fixtures__", "__mocks__", "__tests__", "e2e", "test", "tests"})
_TEST_FILE = re.compile(r".*[.-](?:test|spec|e2e|stories)(?:-d)?\.\w+$|vitest\.[\w.]+$")
_GENERATED_FILE = re.compile(r"worker-configuration\.d\.ts$|.*\.(?:min|generated|gen)\.\w+$")
_LINKS = 40

FEW = 500
"""Scripts that are sooner asked one by one than searched for needles first."""

SCRIPTS = Sieve("scripts", 1, lambda path, _: is_script(path))


def role_of(path: str) -> Role:
    """Whether a path looks like a test, like something generated or vendored, or like neither."""
    *folders, name = path.split("/")
    if not _GENERATED.isdisjoint(folders) or _GENERATED_FILE.match(name):
        return Role.GENERATED
    if not _TESTS.isdisjoint(folders) or _TEST_FILE.match(name):
        return Role.TESTS
    return Role.PRODUCTION


@dataclass(frozen=True)
class Sources:
    """Scripts by their names, those that a link of such a name leads to included."""

    snapshot: Snapshot

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Every path with the name of a script, sorted."""
        return self.snapshot.passing(SCRIPTS)

    @cached_property
    def modules(self) -> ScriptModules:
        """Which of them an import means."""
        return ScriptModules(self.snapshot)

    def containing(self, needles: Sequence[Needle]) -> Iterator[tuple[str, bytes]]:
        """The scripts that hold one of the needles, with their content."""
        for path in self.snapshot.among(self.paths, needles):
            yield path, self.snapshot.read(path)
        for path in self._links:
            try:
                content = self.content(path)
            except Unreadable:
                continue
            if holds(content, needles):
                yield path, content

    def holding(self, needles: Sequence[Needle]) -> Iterator[str]:
        """The scripts that may hold one of many needles: where scripts are few, all of them."""
        if len(self.paths) > FEW:
            yield from (path for path, _ in self.containing(needles))
            return
        for path in self.paths:
            if path not in self._links or self._leads_to_one(path):
                yield path

    def _leads_to_one(self, link: str) -> bool:
        try:
            self.content(link)
        except Unreadable:
            return False
        return True

    @cached_property
    def _links(self) -> tuple[str, ...]:
        entries = self.snapshot.entries
        return tuple(path for path in self.paths if not entries[path].is_file)

    def doubts(self, paths: Iterable[str]) -> Iterator[Doubt]:
        """What cannot be gone into: links, with the name of a script, that lead nowhere."""
        for path in paths:
            if path in self._links:
                try:
                    self.content(path)
                except Unreadable as unreadable:
                    yield Doubt(unreadable.reason, path)

    def content(self, path: str) -> bytes:
        """What a script holds, links followed; raises `Unreadable`."""
        return self.snapshot.read(self.file(path))

    def fact(self, extractor: Extractor[T], path: str) -> T:
        """What is read from a script, links followed; raises `Unreadable`."""
        return self.snapshot.facts(extractor, self.file(path))

    def file(self, path: str) -> str:
        """The file that a path leads to; raises `Unreadable`."""
        found = path
        for _ in range(_LINKS):
            entry = self.snapshot.entries.get(found)
            if entry is None or entry.mode != LINK:
                break
            target = self.snapshot.read(found).decode("utf-8", "surrogateescape")
            found = posixpath.normpath(posixpath.join(posixpath.dirname(found), target))
        held: Entry | None = self.snapshot.entries.get(found)
        if held is None or not held.is_file:
            raise Unreadable(path, "it is a link to what is not in the tree")
        return found

    def taken(self, path: str) -> frozenset[str]:
        """The scripts from which one takes something, as its bytes tell."""
        try:
            specifiers = self.snapshot.facts(SCRIPT_TAKEN, self.file(path))
        except Unreadable:
            return frozenset()
        return frozenset(file for each in specifiers for file in self.modules.find(path, each))

    @cached_property
    def takers(self) -> Mapping[str, tuple[str, ...]]:
        """For each script, those that take something from it."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            for taken in self.taken(path):
                found.setdefault(taken, []).append(path)
        return {path: tuple(each) for path, each in found.items()}

    @cached_property
    def _mains(self) -> frozenset[str]:
        return frozenset(mains(self.snapshot))

    def production_runs(self, path: str) -> bool:
        """Whether wrangler starts a script, or code that is no test takes it, at any distance."""
        waiting, seen = [path], {path}
        while waiting:
            current = waiting.pop()
            if current in self._mains or role_of(current) is Role.PRODUCTION:
                return True
            fresh = set(self.takers.get(current, ())) - seen
            seen |= fresh
            waiting.extend(fresh)
        return False
