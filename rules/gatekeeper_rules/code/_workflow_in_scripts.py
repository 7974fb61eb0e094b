"""Workflows in TypeScript and JavaScript: their classes, and what is exported and imported."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper import Doubt, Excerpt, Finding, Side, Snapshot, Unreadable
from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_tree import Kind as NodeKind
from gatekeeper.source.code_tree import Node
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.script import SCRIPT, Import
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_names import ScriptNames
from gatekeeper.source.script_run import without_types
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_sources import Sources, role_of
from gatekeeper_rules.code._workflow_classes import BASE, NEEDLE, Kin, Kind, worst

if TYPE_CHECKING:
    from gatekeeper_rules.code._script_code import ScriptCode

HOME, HOME_OF_ERROR = "cloudflare:workers", "cloudflare:workflows"
ERROR = "NonRetryableError"
_FAMILY = "cloudflare:"


class ScriptClass(NamedTuple):
    """A class of a script; `value` is what names stand for that mean it."""

    path: str
    name: str
    line: int
    value: Value


@dataclass(frozen=True, eq=False)
class Scripts:
    """The scripts of a tree that wrangler starts or that speak of Workflows, and what they take.

    Where none speaks of one, and no binding of a Workflow leads to one, none is read. `called`
    are the names, with the scripts that export them, that are bound as Workflows.
    """

    snapshot: Snapshot
    mains: tuple[str, ...]
    are_bound: bool
    called: tuple[tuple[str, str], ...] = ()
    doubts: dict[str, Doubt] = field(default_factory=dict)
    trees: dict[str, Node] = field(default_factory=dict)
    _imports: dict[str, tuple[Import, ...]] = field(default_factory=dict)
    _kinds: dict[Value, Kind] = field(default_factory=dict)

    @cached_property
    def code(self) -> ScriptCode:
        """The scripts, to be looked into piece by piece."""
        from gatekeeper_rules.code._script_code import ScriptCode

        return ScriptCode(self)

    @cached_property
    def sources(self) -> Sources:
        """All scripts."""
        return Sources(self.snapshot)

    @cached_property
    def saying(self) -> frozenset[str]:
        """The scripts of production that say the name of the base."""
        held = (path for path, _ in self.sources.containing([NEEDLE]))
        return frozenset(
            path for path in held if role_of(path) is Role.PRODUCTION and not path.endswith(".d.ts")
        )

    @cached_property
    def names(self) -> ScriptNames:
        """What their names stand for."""
        names = ScriptNames(self.sources.modules)
        if not self.saying and not self.are_bound:
            return names
        waiting = deque(sorted({*self.mains, *self.saying}))
        seen = set(waiting)
        while waiting:
            path = waiting.popleft()
            for each in sorted(self.sources.taken(path)) if self._add(names, path) else ():
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return names

    def _add(self, names: ScriptNames, path: str) -> bool:
        if path not in self.snapshot:
            return False
        try:
            facts = self.snapshot.facts(SCRIPT, self.sources.file(path))
        except Unreadable as unreadable:
            reason = f"cannot be read: {unreadable.reason}"
            self.doubts[path] = Doubt(reason, path, unreadable.line)
            return False
        if facts.faults:
            reason = "is no script that its grammar can read to the end"
            self.doubts[path] = Doubt(reason, path, facts.faults[0])
        self.trees[path] = without_types(facts.tree)
        names.add(path, self.trees[path])
        self._imports[path] = tuple(facts.imports())
        return True

    def has(self, path: str | None) -> bool:
        """Whether a script was read."""
        return path is not None and path in self.names.files

    # -- classes

    @cached_property
    def classes(self) -> tuple[ScriptClass, ...]:
        """The classes of the scripts that say the name of the base, and of those they extend."""
        return tuple(each for path in sorted(self.names.files) for each in self._classes(path))

    def _classes(self, path: str) -> Iterator[ScriptClass]:
        if role_of(path) is not Role.PRODUCTION and path not in self._homes:
            return
        for scope in self.names.files[path].scopes:
            for name, bindings in scope.names.items():
                for each in bindings:
                    is_class = each.node.kind in (NodeKind.CLASS, NodeKind.OBJECT)
                    if is_class and self.names.files[path].scopes[each.scope].is_class:
                        value = Value(Sort.CLASS, path, each.scope)
                        if name and name == each.node.text and not name.startswith(EXPORT):
                            yield ScriptClass(path, name, each.node.line, value)

    @cached_property
    def bound(self) -> frozenset[Value]:
        """What the names that are bound as Workflows stand for."""
        held = ((path, name) for path, name in self.called if self.has(path))
        return frozenset(value for path, name in held for value in self.export(path, name))

    @cached_property
    def _homes(self) -> frozenset[str]:
        """The scripts that hold a class which is bound, whatever they are called."""
        return frozenset(each.text for each in self.bound if each.sort is Sort.CLASS)

    @cached_property
    def workflows(self) -> tuple[ScriptClass, ...]:
        """The Workflows that are bound, and those of production that no other class extends."""
        held = [each for each in self.classes if self.kind(each.value).kin is Kin.WORKFLOW]
        extended = {base for each in held for base in self.names.bases(each.value)} - self.bound
        return tuple(
            each
            for each in held
            if each.value not in extended
            and (role_of(each.path) is Role.PRODUCTION or each.value in self.bound)
        )

    def kind(self, value: Value) -> Kind:
        """What a class is; one that extends itself is what else it extends."""
        if value not in self._kinds:
            self._kinds[value] = Kind(Kin.NONE)
            self._kinds[value] = self._kind(value)
        return self._kinds[value]

    def _kind(self, value: Value) -> Kind:
        bases = [each for each in self.names.bases(value) if each.sort is not Sort.UNKNOWN]
        if not bases and self.names.bases(value):
            return Kind(Kin.UNKNOWN)
        kinds = [self._of_base(each) for each in bases]
        if len({each.kin for each in kinds}) > 1 and any(k.kin is Kin.WORKFLOW for k in kinds):
            return Kind(Kin.UNKNOWN)
        return worst(kinds)

    def _of_base(self, value: Value) -> Kind:
        if value.sort is Sort.CLASS:
            kind = self.kind(value)
            symbol = self.names.files[value.text].scopes[value.scope].symbol
            local = symbol.rpartition(".")[2] == BASE and kind.kin is Kin.NONE
            return Kind(Kin.LOCAL, f"{BASE} of {value.text}") if local else kind
        if value.sort is not Sort.EXTERNAL or value.text.startswith("?."):
            return Kind(Kin.UNKNOWN)
        home, _, name = value.text.rpartition(".")
        if name != BASE:
            known = value.text.startswith((_FAMILY, "node:"))
            return Kind(Kin.NONE if known else Kin.UNKNOWN)
        return Kind(Kin.WORKFLOW) if home == HOME else Kind(Kin.ELSEWHERE, value.text)

    # -- exports and imports

    def export(self, path: str, name: str) -> frozenset[Value]:
        """What an export stands for; nothing where the file surely has none of that name."""
        return self.names.export(path, name)

    def exports_of(self, path: str, value: Value) -> list[str]:
        """Under which names a file exports a class."""
        own = self.names.files[path].scopes[MODULE].names
        named = sorted(name.removeprefix(EXPORT) for name in own if name.startswith(EXPORT))
        found = [name for name in named if value in self.export(path, name)]
        known = next((each.name for each in self.classes if each.value == value), "")
        if not found and known and value in self.export(path, known):
            return [known]
        return found

    def wrong_imports(self) -> Iterator[Finding]:
        """What of Workflows is taken from a module of the platform that does not have it."""
        homes = {BASE: HOME, ERROR: HOME_OF_ERROR}
        for path in sorted(self.names.files):
            for each in self._imports.get(path, ()) if role_of(path) is Role.PRODUCTION else ():
                home = homes.get(each.name)
                is_wrong = each.module.startswith(_FAMILY) and each.module != home
                if home and is_wrong and not each.types:
                    message = f"`{each.name}` is not in `{each.module}`, from which it is imported"
                    fix, quoted = f"Import it from `{home}`.", f"{each.module}.{each.name}"
                    yield self.finding(path, each.line, message, fix, quoted)

    def finding(self, path: str, line: int, message: str, fix: str, quoted: str) -> Finding:
        """A fault at a line of a script."""
        lines = self.sources.content(path).decode("utf-8", "replace").split("\n")
        text = lines[line - 1].strip()[:300] if line <= len(lines) else ""
        return Finding(
            message, Side.HEAD, path, (Excerpt(line, text),), fix, line=line, quoted=quoted
        )

    def may_be(self, held: ScriptClass) -> bool:
        """Whether a class could be a Workflow by what it extends, and has a `run`."""
        own = self.names.files[held.path].scopes[held.value.scope].names
        return "run" in own and self.kind(held.value).kin is Kin.UNKNOWN

    def unread(self) -> Iterator[Doubt]:
        """A doubt for each class of a script that may be a Workflow, and for what is not read."""
        for each in self.classes:
            if each.path in self.saying and self.kind(each.value).kin is Kin.UNKNOWN:
                reason = f"whether `{each.name}` extends `{BASE}` cannot be told"
                yield Doubt(reason, each.path, each.line)
        yield from self._lost()

    def _lost(self) -> Iterable[Doubt]:
        relevant = self.saying | set(self.mains)
        return (each for path, each in sorted(self.doubts.items()) if path in relevant)
