"""The Python sources of a tree: which they are, and what they hold."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from gatekeeper import LINK, SUBMODULE, Doubt, Needle, Snapshot, Unreadable, holds
from gatekeeper.source.python import PYTHON, PythonFacts, is_python
from gatekeeper.value import dataclass

_LINKS = 40


@dataclass(frozen=True)
class Sources:
    """Python files by suffix, those that a link of such a name leads to, and scripts by `#!`.

    With a `focus` only those of its paths.
    """

    snapshot: Snapshot
    focus: frozenset[str] | None = None

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every path whose name is Python's: files, and links that lead to a file."""
        named = [path for path in self._entries if is_python(path)]
        return frozenset(path for path in named if self.file(path) is not None)

    @cached_property
    def called(self) -> Mapping[str, tuple[str, ...]]:
        """These paths by their last part: to look for the end of a path among all takes long."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Links with a name of Python's to a file without one: read as Python under their name."""
        held = (path for path in self.paths if self.snapshot.entries[path].mode == LINK)
        return tuple(sorted(path for path in held if not is_python(self.file(path) or "")))

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The files of the focus that their first line, and no suffix, makes Python."""
        bare = (path for path in self._entries if "." not in path.rpartition("/")[2])
        files = (path for path in bare if self.snapshot.entries[path].is_file)
        return tuple(sorted(path for path in files if is_python(path, self.snapshot.read(path))))

    @property
    def _entries(self) -> Iterable[str]:
        if self.focus is None:
            return self.snapshot.entries
        return [path for path in self.focus if path in self.snapshot.entries]

    def doubts(self) -> Iterator[Doubt]:
        """What cannot be gone into: submodules, and links that lead out of the tree."""
        for path in sorted(self._entries):
            entry = self.snapshot.entries[path]
            if entry.mode == SUBMODULE:
                yield Doubt("it is a submodule; the code in it is not looked at", path)
            elif entry.mode == LINK and self._leads_out(path):
                yield Doubt("it is a link to what is not in the tree", path)

    def _leads_out(self, path: str) -> bool:
        """Whether a link that Python code can go through leads to what is not in the tree."""
        if is_python(path):
            return self.file(path) is None
        name = path.rpartition("/")[2]
        if not name.isidentifier() or self._is_folder(self.target(path)):
            return False
        return any(self._imports(each, name) for each, _ in self.containing([name.encode()]))

    def _imports(self, path: str, name: str) -> bool:
        """Whether a source imports a module of that name, or something in one."""
        try:
            imports = self.facts(path).imports
        except Unreadable:
            return False
        return any(name in each.dotted.split(".") for each in imports)

    def _is_folder(self, path: str) -> bool:
        held = self.snapshot.entries
        return (
            path == "." or path in held or next(iter(self.snapshot.below(path)), None) is not None
        )

    def target(self, path: str) -> str:
        """The path that a link leads to, through other links; `.` is the root."""
        for _ in range(_LINKS):
            entry = self.snapshot.entries.get(path)
            if entry is None or entry.mode != LINK:
                break
            path = self._beside(path)
        return path

    def _beside(self, link: str) -> str:
        target = self.snapshot.read(link).decode("utf-8", "surrogateescape")
        return posixpath.normpath(posixpath.join(posixpath.dirname(link), target))

    def file(self, path: str) -> str | None:
        """The file that a path is, links followed; None where there is none in the tree."""
        found = self.target(path)
        entry = self.snapshot.entries.get(found)
        return found if entry is not None and entry.is_file else None

    def containing(self, needles: Sequence[Needle]) -> Iterator[tuple[str, bytes]]:
        """The sources that hold one of the needles, with their content."""
        for path in self.snapshot.containing(needles):
            named = path in self.paths
            if not named and "." in path.rpartition("/")[2]:
                continue
            content = self.snapshot.read(path)
            if named or is_python(path, content):
                yield path, content
        for path in self.links:
            content = self.content(path)
            if holds(content, needles):
                yield path, content

    def content(self, path: str) -> bytes:
        """What a source holds; raises `Unreadable`."""
        file = self.file(path)
        if file is None:
            raise Unreadable(path, "it is a link to what is not in the tree")
        return self.snapshot.read(file)

    def facts(self, path: str) -> PythonFacts:
        """The facts of a source; raises `Unreadable`."""
        file = self.file(path)
        if file == path:
            return self.snapshot.facts(PYTHON, path)
        return PYTHON.read(self.content(path), path)
