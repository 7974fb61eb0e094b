"""What entrypoints export that is a Durable Object by its configuration, or may be one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper import Doubt, Finding, Trail, Unreadable
from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_tree import NOTHING, Node
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.python_names import UNDEFINED
from gatekeeper.source.script import SCRIPT
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_names import GLOBAL, ScriptNames
from gatekeeper_rules.code._durable_entries import Entries, Tie, Ties, entries_of
from gatekeeper_rules.code._durable_entry_told import (
    found,
    of_named,
    of_named_class,
    of_unknown,
    of_unknown_class,
    trail_of,
)
from gatekeeper_rules.code._durable_heritage import Heritage, class_node, is_known
from gatekeeper_rules.code._durable_reading import Reading
from gatekeeper_rules.code._durable_script_uses import ScriptDurable
from gatekeeper_rules.code._durable_sheet import Sheet, sheet_of
from gatekeeper_rules.code._script_sources import Sources

_PLATFORM = "cloudflare:workers"
_CLASS_LIKE = re.compile(r"[A-Z]\w*[a-z]\w*")
_OURS = (f"{UNDEFINED}.", f"{GLOBAL}.")


class EntryUses:
    """Goes from what configuration names, and from what entrypoints export, to the classes.

    It reads what that takes and nothing else, and keeps names of its own; `doubts` tell what
    of it cannot be read. With a `focus` it looks at the entrypoints beside, or above, the scripts
    of the focus; `is_narrowed` says that it left out others.
    """

    def __init__(self, sources: Sources, focus: frozenset[str] | None = None) -> None:
        self._sources, self._focus = sources, focus
        self._names = ScriptNames(sources.modules)
        self._durable = ScriptDurable(self._names)
        self._heritage = Heritage(self._names, is_known)
        self._sheets: dict[str, Sheet] = {}
        self._reading = Reading(self._names, self._take)
        self.doubts: list[Doubt] = []
        self.is_narrowed = False

    def findings(self) -> Iterator[Finding]:
        """What is found, entrypoint by entrypoint; reads what that takes."""
        entries = entries_of(self._sources.snapshot, self._sources.modules)
        for main, ties in sorted(entries.started.items()):
            if not self._is_near({main}, entries.homes[main]):
                self.is_narrowed = True
                continue
            self._reading.read(main)
            for name in sorted(set(self._exported(main, set()))):
                yield from self._judged(main, name, ties.get(name), starts=True)
        for path, ties in self._loose(entries):
            self._reading.read(path)
            for name, tie in sorted(ties.items()):
                yield from self._judged(path, name, tie, starts=False)

    def _loose(self, entries: Entries) -> Iterator[tuple[str, Ties]]:
        """The scripts that could define what is named where nobody knows what is started."""
        for home, ties in sorted(entries.loose.items()):
            if not self._is_near(set(), frozenset({home})):
                self.is_narrowed = True
                continue
            words = [name.encode("utf-8", "replace") for name in ties]
            for path, content in self._sources.containing(words):
                if b"class" in content and path.startswith(f"{home}/" if home else ""):
                    yield path, ties

    def _is_near(self, paths: set[str], homes: frozenset[str]) -> bool:
        """Whether the focus holds one of the paths, or something in one of the folders."""
        if self._focus is None:
            return True
        folders = tuple(f"{home}/" if home else "" for home in homes)
        return not self._focus.isdisjoint(paths) or any(
            path.startswith(folders) for path in self._focus
        )

    # -- reading

    def _take(self, path: str) -> None:
        try:
            facts = self._sources.snapshot.facts(SCRIPT, self._sources.file(path))
            content = self._sources.content(path)
        except Unreadable as unreadable:
            reason = f"what it exports cannot be read: {unreadable.reason}"
            self.doubts.append(Doubt(reason, path, unreadable.line))
            return
        if facts.faults:
            reason = "what it exports cannot be read in full: its grammar is not known here"
            self.doubts.append(Doubt(reason, path, facts.faults[0]))
        self._names.add(path, facts.tree)
        self._sheets[path] = sheet_of(path, content.decode("utf-8-sig", "replace"))

    def _values(self, path: str, name: str) -> frozenset[Value]:
        """What an export stands for, when all that it and its heritage depend on is read."""
        self._reading.follow([Key(path, MODULE, EXPORT + name)])
        return self._names.export(path, name)

    def _exported(self, path: str, seen: set[str]) -> Iterator[str]:
        """The names that a script exports, also by `export *`."""
        if path in seen or path not in self._names.files:
            return
        seen.add(path)
        scopes = self._names.files[path]
        own = (name for name in scopes.scopes[MODULE].names if name.startswith(EXPORT))
        yield from (name.removeprefix(EXPORT) for name in own)
        for star in scopes.stars:
            for file in self._sources.modules.find(path, star.module):
                self._reading.read(file)
                yield from (each for each in self._exported(file, seen) if each != "default")

    # -- judging

    def _judged(self, path: str, name: str, tie: Tie | None, *, starts: bool) -> Iterator[Finding]:
        if path not in self._names.files:
            return
        for value in sorted(self._values(path, name), key=lambda each: (each.text, each.scope)):
            if self._durable(value):
                continue
            if value.sort is Sort.CLASS and (node := class_node(self._names, value)) != NOTHING:
                yield from self._of_class(path, name, tie, value, node)
            elif value.sort is Sort.EXTERNAL and starts and not value.text.startswith(_OURS):
                yield from self._of_other(path, name, tie, value)

    def _of_class(
        self, path: str, name: str, tie: Tie | None, value: Value, node: Node
    ) -> Iterator[Finding]:
        base = self._heritage.open_base(value)
        if tie is not None:
            told = of_named_class(node.text, tie, name)
        elif base != NOTHING:
            told = of_unknown_class(node.text, path, base, _PLATFORM)
        else:
            return
        trail = self._trail(path, name, tie)
        yield from found(self._sheets[value.text], node, node.text, told, trail)

    def _of_other(self, path: str, name: str, tie: Tie | None, value: Value) -> Iterator[Finding]:
        # What a package's function gives is a schema or a client as a rule.
        is_made = value.text.endswith(")")
        if tie is None and (is_made or is_known(value) or not _CLASS_LIKE.fullmatch(name)):
            return
        if self._is_type(path, name, value):
            return
        node = self._names.files[path].scopes[MODULE].names.get(EXPORT + name, ())
        at = node[0].node if node else self._names.files[path].stars[0].node
        if tie is not None:
            told = of_named(name, value.text, tie)
        else:
            told = of_unknown(name, value.text, _PLATFORM)
        yield from found(self._sheets[path], at, name, told, self._trail("", name, tie))

    def _is_type(self, path: str, name: str, value: Value) -> bool:
        """Whether only types see the name, here or on the way from where it is."""
        facts = self._sources.snapshot.facts(SCRIPT, self._sources.file(path))
        own = [each.types for each in facts.exports() if each.name == name]
        if own and all(own):
            return True
        key = Key(path, MODULE, EXPORT + name)
        way = dict(self._names.way_of([key], lambda each: each == value))
        return any(line in self._types(file) for file, line in way.items())

    def _types(self, path: str) -> frozenset[int]:
        facts = self._sources.snapshot.facts(SCRIPT, self._sources.file(path))
        taken = {(each.line, each.types) for each in facts.imports()}
        told = taken | {(each.line, each.types) for each in facts.exports()}
        return frozenset(line for line, types in told if types and (line, False) not in told)

    def _trail(self, path: str, name: str, tie: Tie | None) -> Trail | None:
        names = self._names.files[path].scopes[MODULE].names if path else {}
        bound = next(iter(names.get(EXPORT + name, ())), None)
        sheet = self._sheets[path] if path else None
        return trail_of(self._sources.snapshot, tie, sheet, bound)
