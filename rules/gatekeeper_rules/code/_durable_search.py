"""Finds the Python files through which a Durable Object can be reached, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress

from gatekeeper import Doubt, Finding, Needle, Snapshot, Unreadable
from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_modules import Listed, Modules
from gatekeeper.source.python_names import Names
from gatekeeper.source.python_text import python_text
from gatekeeper_rules.code._code_strings import code_strings
from gatekeeper_rules.code._durable_concerns import sight_of
from gatekeeper_rules.code._durable_escapes import escapes
from gatekeeper_rules.code._durable_leads import Leads
from gatekeeper_rules.code._durable_python_entries import PythonEntries
from gatekeeper_rules.code._durable_sheet import sheet_of
from gatekeeper_rules.code._durable_takings import Taking
from gatekeeper_rules.code._durable_uses import Uses
from gatekeeper_rules.code._durable_values import OUTSIDE, Durable, is_platform
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._python_candidates import NEEDLES, can_matter
from gatekeeper_rules.code._python_sources import Sources

_STRING_DEPTH = 3
_STRING = "\0"


class Search:
    """The files parsed so far and what their names stand for.

    It begins with the files whose bytes can matter. A file from which a Durable Object, or
    the platform's module, can be taken makes those that mention it worth parsing, and so
    on until nothing is added. With a `focus` it does so among the files of the focus, and
    those through which they can get at what can matter.
    """

    def __init__(self, snapshot: Snapshot, focus: frozenset[str] | None = None) -> None:
        self.sources = Sources(snapshot, focus)
        self._focus = focus
        self.modules = _modules(self.sources)
        self.names = Names(self.modules, OUTSIDE)
        self.doubts: list[Doubt] = []
        self._exported: tuple[Finding, ...] = ()
        self._leads = Leads(self.names, self.modules)
        self._views: dict[str, View] = {}
        self._followed: set[tuple[str, str]] = set()
        self._within: tuple[str, ...] = ()
        self._disguised: list[str] = []
        self._lost: set[str] = set()

    @property
    def parsed(self) -> tuple[str, ...]:
        """The files that were parsed, sorted."""
        return tuple(sorted(path for path in self._views if _STRING not in path))

    def run(self) -> None:
        """Take in every file that can matter, and what entrypoints have."""
        self._run()
        entries = PythonEntries(Sources(self.sources.snapshot), self.modules)
        self._exported = tuple(entries.findings())
        told = {doubt.path for doubt in self.doubts}
        self.doubts += [doubt for doubt in entries.doubts if doubt.path not in told]

    def _run(self) -> None:
        if self._focus is None:
            waiting = self._mattering()
        else:
            self._within = tuple(sorted(set(self._focused())))
            waiting = [path for path in self._within if self._is_judged(path) or self._ends(path)]
        while waiting:
            self._take_all(waiting)
            waiting = sorted(set(self._next()) - self._views.keys() - self._lost)

    def _mattering(self) -> list[str]:
        """The files that can matter."""
        mattering: list[str] = []
        for path, content in self.sources.containing(NEEDLES):
            if plain(content) != content:
                self._disguised.append(path)
            if can_matter(content):
                mattering.append(path)
        return sorted(mattering)

    def _ends(self, path: str) -> bool:
        """Whether a file that is no part of the focus is one that names can lead to."""
        try:
            if self.sources.file(path) == path:
                return sight_of(self.sources.snapshot).says_so(path)
            return can_matter(self.sources.content(path))
        except Unreadable:
            return True

    def judged(self) -> Iterator[Finding | Doubt]:
        """What is found, and what could not be read, of the files that are judged."""
        for said in (*self.findings(), *self._exported, *self.doubts):
            if self._is_judged(said.path):
                yield said

    def _is_judged(self, path: str) -> bool:
        return self._focus is None or path in self._focus

    def _focused(self) -> Iterator[str]:
        """The files of the focus that can matter, and those that they lead through."""
        sight = sight_of(self.sources.snapshot)
        for path in sorted({*self.sources.paths, *self.sources.scripts}):
            try:
                through = sight.through(path)
                if through or sight.matters(path):
                    yield path
                    yield from through
            except Unreadable:
                yield path

    def _take_all(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._take(path)
        self._take_strings()

    def views(self) -> Iterator[View]:
        """The files, ready to be asked what their expressions stand for."""
        for _, view in sorted(self._views.items()):
            yield View(self.names, view.path, view.sheet, view.at, self._leads)

    def findings(self) -> Iterator[Finding | Doubt]:
        """What is found in the files, and where the platform's module gets out of sight."""
        durable = Durable(self.names)
        for view in self.views():
            if self._is_judged(view.sheet.path):
                yield from Uses(view, self._line, durable).findings()
                yield from dict.fromkeys(escapes(view))

    def _line(self, path: str, line: int) -> str:
        return self._views[path].sheet.text(line)

    def _take(self, path: str) -> None:
        try:
            tree = self.sources.facts(path).tree
            text = python_text(self.sources.content(path), path)
        except Unreadable as unreadable:
            self._lost.add(path)
            reason = f"cannot be read: {unreadable.reason}"
            self.doubts.append(Doubt(reason, path, unreadable.line))
            return
        self.names.add(path, tree)
        self._views[path] = View(self.names, path, sheet_of(path, text))

    # -- code in strings

    def _take_strings(self) -> None:
        for _ in range(_STRING_DEPTH):
            # Nobody imports from a string: those of other files say nothing of the focus.
            views = [view for view in self.views() if self._is_judged(view.sheet.path)]
            found = [each for view in views for each in self._strings(view)]
            if not any(found):
                return

    def _strings(self, view: View) -> Iterator[bool]:
        for number, each in enumerate(tuple(code_strings(view))):
            name = f"{view.path}{_STRING}{number}"
            if isinstance(each, Doubt):
                if each not in self.doubts:
                    self.doubts.append(each)
            elif name not in self._views and view.path.count(_STRING) < _STRING_DEPTH:
                place, tree = each
                self.names.add(name, tree)
                self._views[name] = View(self.names, name, view.sheet, place)
                yield True

    # -- the next round

    def _next(self) -> Iterator[str]:
        """Sources that mention a file from which a Durable Object can be taken."""
        sought: dict[str, set[str]] = {}
        for path in self.parsed:
            for name in self._tainted(path):
                if (path, name) not in self._followed:
                    self._followed.add((path, name))
                    sought.setdefault(path, set()).add(name)
        if sought:
            yield from self._mentioning(sought)

    def _tainted(self, path: str) -> Iterator[str]:
        """The names of a file through which one gets at a Durable Object; `*` for any."""
        durable = Durable(self.names)
        exported = self.names.files[path].scopes[MODULE].names
        for name in sorted(exported.keys() & self._leads.leading(path)):
            values = self.names.export(path, name)
            if any(self._gives(value, durable) for value in values):
                yield "*" if name == "__getattr__" else name
        for star in self.names.files[path].stars:
            found = self.names.imported(star.module, path)
            if any(is_platform(value) or value.sort is Sort.MODULE for value in found):
                yield "*"

    def _gives(self, value: Value, durable: Durable) -> bool:
        if is_platform(value) or durable(value):
            return True
        if value.sort is Sort.FUNCTION:
            held = self.names.result(value)
        else:
            held = frozenset(self._members(value))
        return any(is_platform(each) or durable(each) for each in held)

    def _members(self, value: Value) -> Iterator[Value]:
        """What the attributes of a class, or of its instances, stand for."""
        if value.sort in (Sort.CLASS, Sort.INSTANCE) and value.text in self.names.files:
            members = self.names.files[value.text].scopes[value.scope].names
            for name in sorted(members.keys() & self._leads.leading(value.text)):
                yield from self.names.member(value, name)

    def _mentioning(self, sought: Mapping[str, AbstractSet[str]]) -> Iterator[str]:
        """The sources that say where a name is to be had, and take it, or all that is there."""
        takings = [Taking.of(path, names) for path, names in sought.items()]
        needles = dict.fromkeys(needle for each in takings for needle in each.needles)
        for other, content in self._containing(tuple(needles)):
            text = plain(content)
            if any(each.takes(other, text) for each in takings):
                yield other

    def _containing(self, needles: tuple[Needle, ...]) -> Iterator[tuple[str, bytes]]:
        """The sources that hold a needle; with a focus, of those that lead to it.

        Those that hold letters which look like others are among them.
        """
        if self._focus is None:
            disguised = {path: self.sources.content(path) for path in self._disguised}
            yield from {**dict(self.sources.containing(needles)), **disguised}.items()
            return
        for path in self._within:
            with suppress(Unreadable):
                yield path, self.sources.content(path)


def _modules(sources: Sources) -> Modules:
    return Listed(sources.paths) if sources.focus is None else sight_of(sources.snapshot).modules
