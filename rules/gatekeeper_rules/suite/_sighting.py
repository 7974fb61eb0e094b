"""Source files that nobody measures: those that were measured before, and new ones."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from gatekeeper import Absence, Change, Evidence, Finding, Objects, Side, Snapshot, Unreadable
from gatekeeper.reading.coverage import Coverage
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper.source.python_modules import Listed
from gatekeeper.source.script_lines import SCRIPT_LINES, SUFFIXES
from gatekeeper.value import dataclass

_LANGUAGES = {
    **dict.fromkeys((".py", ".pyw"), ".py"),
    **dict.fromkeys((".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"), ".ts"),
}
_DECLARATIONS = (".pyi", ".d.ts", ".d.mts", ".d.cts")
_TEST_FOLDERS = frozenset({"__tests__", "test", "tests"})
_TEST_FILE = re.compile(r"(?:test_.*|.*_test|conftest)\.pyw?|.*\.(?:test|spec)\.[cm]?[jt]sx?")
_DOTTED = re.compile(r"\w+(?:\.\w+)+")
_FIX_LEFT = "Have it measured again; if it should not be, agree so at the base first."
_FIX_NEW = "Have it measured: with the others, by the configuration that the base agreed on."


@dataclass(frozen=True)
class Sighting:
    """Looks which files of the head the measurement does not see.

    `moved` leads from new paths to those that they had at the base.
    """

    change: Change
    base: Coverage
    head: Coverage
    moved: Mapping[str, str]

    def findings(self) -> Iterator[Finding]:
        """One for each file that should be measured and is not."""
        for path in sorted(self.base.files):
            if path in self.change.head and not self._is_seen(path):
                yield self._left(path, f"{path} was measured at the base, and is not any more.")
        new = [path for path in self._new if not self._is_seen(path)]
        for path in new:
            if path in self.moved:
                told = (
                    f"{path} was measured at the base as {self.moved[path]}, and is not any more."
                )
                yield self._left(path, told)
        rest = [path for path in new if path not in self.moved]
        importers = self._importers(rest) if rest else {}
        for path in rest:
            if path in importers:
                yield self._unseen(path, f"{importers[path]}, which is measured, imports it")
            elif (neighbour := self._neighbour(path)) is not None:
                yield self._unseen(path, f"its neighbour {neighbour} is measured")

    @cached_property
    def _new(self) -> tuple[str, ...]:
        return new_sources(self.change, self.base, self.head)

    def _is_seen(self, path: str) -> bool:
        """Whether it is measured, as far as it holds anything to measure."""
        file = self.head.files.get(path)
        if file is not None and (file.covered or file.missed or file.excluded):
            return True
        entry = self.change.head.entries[path]
        if not entry.is_file:
            return False
        if file is not None and not is_python(path):
            return self._was_empty(path) or not statements_of(self.change.head, path)
        return is_idle(self.change.head, path)

    def _was_empty(self, path: str) -> bool:
        """Whether the base's data named the file as well, and had nothing to say of it."""
        then = self.base.files.get(path)
        return then is not None and not (then.covered or then.missed or then.excluded)

    def _importers(self, new: Iterable[str]) -> Mapping[str, str]:
        """Which of the new files measured code imports, at any distance, and what does."""
        sought = frozenset(new)
        modules = Listed(self.change.head.entries)
        waiting = [
            (path, path)
            for path in self.change.files
            if path in self.head.files and is_python(path) and not is_test(path)
        ]
        found: dict[str, str] = {}
        while waiting:
            importer, measured = waiting.pop()
            for name in self._imported(importer):
                for module in modules.find(importer, name):
                    for path in sought.intersection(modules.files(module)):
                        if path not in found:
                            found[path] = measured
                            waiting.append((path, measured))
        return found

    def _imported(self, path: str) -> Iterator[str]:
        try:
            facts = self.change.head.facts(PYTHON, path)
        except Unreadable:
            return
        for each in facts.imports:
            yield from (each.module, each.dotted)
        yield from (each.text for each in facts.strings() if _DOTTED.fullmatch(each.text))

    def _neighbour(self, path: str) -> str | None:
        """A measured file of the nearest folder that has any of its kind.

        At the top of the tree only what stands right there counts: what else is in a
        repository (scripts, documentation) is nobody's neighbour.
        """
        kind = _kind(path)
        folder = posixpath.dirname(path)
        while folder:
            if known := self._kinds.get((folder, *kind)):
                return known[0] or None
            folder = posixpath.dirname(folder)
        known = self._kinds.get(("", *kind), ("",))
        return known[0] or None

    @cached_property
    def _kinds(self) -> Mapping[tuple[str, str, bool], tuple[str]]:
        """By folder and kind: a measured file in it, or an empty text where none is."""
        kinds: dict[tuple[str, str, bool], tuple[str]] = {}
        for path in sorted(self.change.head.entries, reverse=True):
            measured = path in self.head.files
            if not measured and (path in self._unmeasured or not self._could_be(path)):
                continue
            for folder in _folders(path):
                key = (folder, *_kind(path))
                kinds[key] = (path,) if measured else kinds.get(key, ("",))
        return kinds

    def _could_be(self, path: str) -> bool:
        """Whether a file could be measured: of a kind that is asked about, and not of types."""
        if _kind(path) not in self._asked:
            return False
        return not (path.endswith(SUFFIXES) and is_idle(self.change.head, path))

    @cached_property
    def _asked(self) -> frozenset[tuple[str, bool]]:
        return frozenset(map(_kind, self._unmeasured))

    @cached_property
    def _unmeasured(self) -> frozenset[str]:
        return frozenset(self._new) - self.head.files.keys()

    def _left(self, path: str, message: str) -> Finding:
        before = self.change.base.entries.get(self.moved.get(path, path))
        after = self.change.head.entries[path]
        objects = Objects(
            f"{before.mode} {before.oid}" if before else None, f"{after.mode} {after.oid}"
        )
        return self._finding(path, message, objects, _FIX_LEFT)

    def _unseen(self, path: str, why: str) -> Finding:
        message = f"{path} is new, and nothing of it is measured, though {why}."
        entry = self.change.head.entries[path]
        return self._finding(path, message, Objects(None, f"{entry.mode} {entry.oid}"), _FIX_NEW)

    def _finding(self, path: str, message: str, evidence: Evidence, fix: str) -> Finding:
        absence = Absence(f"{path} in the coverage data", len(self.head.files))
        return Finding(message, Side.HEAD, path, (absence, evidence), fix, quoted="not measured")


def new_sources(change: Change, base: Coverage, head: Coverage) -> tuple[str, ...]:
    """The new files in the languages that are measured, sorted."""
    languages = {_language(path) for path in (*base.files, *head.files)} - {""}
    return tuple(
        path
        for path, changed in change.files.items()
        if changed.after is not None
        and changed.after.is_file
        and (changed.before is None or not changed.before.is_file)
        and (path in head.files or _language(path) in languages)
    )


def is_idle(snapshot: Snapshot, path: str) -> bool:
    """Whether a file holds nothing that could be measured, as far as that can be told."""
    try:
        if is_python(path):
            return snapshot.facts(PYTHON_LINES, path).is_idle
        if path.endswith(SUFFIXES):
            return snapshot.facts(SCRIPT_LINES, path).is_idle
        return not snapshot.read(path).strip()
    except (Unreadable, KeyError):
        return False


def statements_of(snapshot: Snapshot, path: str) -> frozenset[int]:
    """The lines of a script that surely run something; none where it cannot be told."""
    if not path.endswith(SUFFIXES):
        return frozenset()
    try:
        return snapshot.facts(SCRIPT_LINES, path).statements
    except Unreadable:
        return frozenset()


def is_test(path: str) -> bool:
    """Whether a path looks like a test's."""
    *folders, name = path.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or _TEST_FILE.fullmatch(name) is not None


def _kind(path: str) -> tuple[str, bool]:
    return _language(path), is_test(path)


def _language(path: str) -> str:
    """The suffix that stands for a language; nothing for what holds no code of its own."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    if dot <= 0 or path.endswith(_DECLARATIONS):
        return ""
    return _LANGUAGES.get(name[dot:], name[dot:])


def _folders(path: str) -> Iterator[str]:
    """The folders around a path; the top of the tree only for what stands right there."""
    folder = posixpath.dirname(path)
    if not folder:
        yield ""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
