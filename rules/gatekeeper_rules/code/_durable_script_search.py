"""Finds the scripts through which a Durable Object can be reached, round by round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Finding, Snapshot, Unreadable
from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script import SCRIPT
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_names import ScriptNames
from gatekeeper_rules.code._durable_entry_uses import EntryUses
from gatekeeper_rules.code._durable_escapes import escapes
from gatekeeper_rules.code._durable_script_settings import SettingUses
from gatekeeper_rules.code._durable_script_uses import ScriptDurable, ScriptUses
from gatekeeper_rules.code._durable_sheet import sheet_of
from gatekeeper_rules.code._durable_values import is_platform
from gatekeeper_rules.code._durable_view import View
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_candidates import MATTERS, NEEDLES, can_matter
from gatekeeper_rules.code._script_sources import Sources, role_of

MOST_FILES = 200
"""Files that a preview reads on its way; what lies beyond them is left to CI."""

_ANY = "*"
_WHOLE = ("* as", "*as", "import(", "require(")


class ScriptSearch:
    """The scripts parsed so far and what their names stand for.

    It begins with those whose bytes can matter. A script from which a Durable Object, or
    the platform's module, can be taken makes those that take something from it worth
    parsing, and so on until nothing is added. What is generated is `unread`, unless that is
    asked for or production runs it. With a `focus` it looks the other way: at the scripts of
    the focus, and at those through which they can get at one that matters; `is_cut` says that
    these were too many, `is_narrowed` that not all entrypoints were looked at.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        focus: frozenset[str] | None = None,
        *,
        generated: bool = False,
    ) -> None:
        self.sources = Sources(snapshot)
        self.names = ScriptNames(self.sources.modules)
        self.doubts: list[Doubt] = []
        self.is_cut = False
        self.is_narrowed = False
        self.unread: set[str] = set()
        self._focus = focus
        self._generated = generated
        self._views: dict[str, View] = {}
        self._lost: set[str] = set()
        self._followed: set[tuple[str, str]] = set()
        self._exported: tuple[Finding, ...] = ()

    @property
    def judged(self) -> tuple[str, ...]:
        """The scripts of the tree, or of the focus."""
        paths = self.sources.paths
        return paths if self._focus is None else tuple(p for p in paths if p in self._focus)

    @property
    def parsed(self) -> tuple[str, ...]:
        """The scripts that were parsed, sorted."""
        return tuple(sorted(self._views))

    def run(self) -> None:
        """Take in every script that can matter, and what entrypoints export."""
        self._run()
        if self._focus is None or any(b"export" in self._held(path) for path in self.judged):
            uses = EntryUses(self.sources, self._focus)
            self._exported = tuple(uses.findings())
            self.is_narrowed = uses.is_narrowed
            told = {doubt.path for doubt in self.doubts}
            self.doubts += [doubt for doubt in uses.doubts if doubt.path not in told]

    def _run(self) -> None:
        if self._focus is not None:
            self._take_all(self._focused())
            return
        held = self.sources.holding(NEEDLES)
        waiting = {path for path in held if self.sources.fact(MATTERS, path)}
        if names := tuple(map(str.encode, self.sources.modules.defined)):
            waiting |= {path for path, _ in self.sources.containing(names)}
        while waiting:
            self._take_all(path for path in waiting if self._is_read(path))
            waiting = set(self._next()) - self._views.keys() - self._lost - self.unread

    def _is_read(self, path: str) -> bool:
        """Whether a script is parsed: what is generated is only where it counts."""
        generated = role_of(path) is Role.GENERATED
        if not generated or self._generated or self.sources.production_runs(path):
            return True
        self.unread.add(path)
        return False

    def said(self) -> Iterator[Finding | Doubt]:
        """What is found, and what could not be read, of the scripts that are judged."""
        judged = frozenset(self.judged)
        durable = ScriptDurable(self.names)
        for path, view in sorted(self._views.items()):
            if path in judged:
                yield from ScriptUses(view, self._line, durable).findings()
                yield from SettingUses(view).findings()
                yield from dict.fromkeys(escapes(view))
        yield from (finding for finding in self._exported if finding.path in judged)
        yield from (doubt for doubt in self.doubts if doubt.path in judged)
        yield from self.sources.doubts(self.judged)
        for lost in self.sources.modules.lost if self._views else ():
            yield Doubt(f"which files imports mean: {lost.reason}", lost.path, lost.line)

    def _line(self, path: str, line: int) -> str:
        return self._views[path].sheet.text(line)

    def _take_all(self, paths: Iterable[str]) -> None:
        for path in sorted(paths):
            self._take(path)

    def _take(self, path: str) -> None:
        try:
            file = self.sources.file(path)
            facts = self.sources.snapshot.facts(SCRIPT, file)
        except Unreadable as unreadable:
            self._lost.add(path)
            self._doubt(f"cannot be read: {unreadable.reason}", path, unreadable.line)
            return
        if facts.faults:
            reason = "cannot be read in full: its grammar is not known here"
            self._doubt(reason, path, facts.faults[0])
        self.names.add(path, facts.tree)
        text = self.sources.content(path).decode("utf-8-sig", "replace")
        self._views[path] = View(self.names, path, sheet_of(path, text))

    def _doubt(self, reason: str, path: str, line: int | None) -> None:
        if can_matter(self._held(path)):
            self.doubts.append(Doubt(reason, path, line))

    def _held(self, path: str) -> bytes:
        try:
            return self.sources.content(path)
        except Unreadable:
            return b""

    # -- the next round

    def _next(self) -> Iterator[str]:
        durable = ScriptDurable(self.names)
        for path in self.parsed:
            tainted = set(self._tainted(path, durable))
            fresh = {name for name in tainted if (path, name) not in self._followed}
            self._followed |= {(path, name) for name in fresh}
            for taker in self.sources.takers.get(path, ()) if fresh else ():
                if taker not in self._views and _takes(self._held(taker), fresh):
                    yield taker

    def _tainted(self, path: str, durable: ScriptDurable) -> Iterator[str]:
        """The exports of a script through which one gets at a Durable Object; `*` for any."""
        scopes = self.names.files[path]
        for name in scopes.scopes[MODULE].names:
            if name.startswith(EXPORT):
                own = name.removeprefix(EXPORT)
                values = self.names.export(path, own)
                if any(self._gives(value, durable) for value in values):
                    yield _ANY if own in ("default", "=") else own
        for star in scopes.stars:
            held = self.names.imported(star.module, path)
            if any(is_platform(each) or each.text in self._views for each in held):
                yield _ANY

    def _gives(self, value: Value, durable: ScriptDurable) -> bool:
        if is_platform(value) or durable(value):
            return True
        if value.sort is Sort.FUNCTION:
            return any(is_platform(v) or durable(v) for v in self.names.result(value))
        if value.sort is Sort.MODULE:
            return value.text in self._views
        return value.sort in (Sort.CLASS, Sort.INSTANCE) and self._has(value, durable)

    def _has(self, value: Value, durable: ScriptDurable) -> bool:
        """Whether a member of a class or an object is, or gives, a Durable Object."""
        if value.text not in self.names.files:
            return False
        members = self.names.files[value.text].scopes[value.scope].names
        held = (each for name in members for each in self.names.member(value, name))
        return any(is_platform(each) or durable(each) for each in held)

    # -- a focus

    def _focused(self) -> Iterator[str]:
        """The scripts of the focus that can matter or take from such, and what lies between."""
        for path in self.judged:
            yield from self.leading(path)

    def leading(self, path: str) -> frozenset[str]:
        """The scripts through which one gets at what can matter, itself included."""
        found, takers, ends = {path}, dict[str, set[str]](), set[str]()
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if can_matter(self._held(current)):
                ends.add(current)
            for each in sorted(self.sources.taken(current)):
                takers.setdefault(each, set()).add(current)
                if each not in found and len(found) >= MOST_FILES:
                    self.is_cut = True
                elif each not in found:
                    found.add(each)
                    waiting.append(each)
        return frozenset(_reached(ends, takers))


def _reached(ends: set[str], takers: dict[str, set[str]]) -> set[str]:
    found, waiting = set(ends), list(ends)
    while waiting:
        fresh = takers.get(waiting.pop(), set()) - found
        found |= fresh
        waiting.extend(fresh)
    return found


def _takes(content: bytes, names: set[str]) -> bool:
    """Whether a script mentions one of the names, or takes whatever there is."""
    if _ANY in names or any(name.encode("utf-8", "replace") in content for name in names):
        return True
    # `import { "R\oom" as R }` takes `Room`, in whatever escapes.
    return any(each.encode() in content for each in _WHOLE) or b"\\" in content
