"""Which scripts a Worker is built of: what it starts, and all that they take, at any distance."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper import Doubt, Unreadable
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.script import SCRIPT, Import, ScriptFacts
from gatekeeper.source.script_names import ScriptNames
from gatekeeper.source.script_taken import MOST_TAKEN, SCRIPT_TAKEN
from gatekeeper.source.script_text import is_script
from gatekeeper.source.script_valued import SCRIPT_VALUED, is_typed
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._node_compat import builtin
from gatekeeper_rules.code._script_sources import Sources

PLATFORMS = ("cloudflare:", "node:", "workerd:", "cloudflare-internal:", "node-internal:")
_PUT_TOGETHER = re.compile(
    # `require` that is handed on, or read by its name.
    rb"[=(,:?|&\[{]\s*+require\s*+[;,)\]}\r\n]|[\"']require[\"']|\bprocess\s*+(?:\?\.\s*+)?\["
    # What is asked for by anything but one plain string.
    rb"|\b(?:import|require|getBuiltinModule)\s*+(?:\?\.\s*+)?\(\s*+"
    rb"(?!\"[^\"\\\r\n]*+\"\s*+[,)]|'[^'\\\r\n]*+'\s*+[,)]|`[^`\\$\r\n]*+`\s*+[,)])"
)
DECLARED = (".d.ts", ".d.mts", ".d.cts")
"""How the names of files end that hold types only."""

_SPOKEN = tuple(each.encode() for each in PLATFORMS)
_DYNAMIC = (b"getBuiltinModule", b"createRequire", b"eval(", b"Function(")
_ASKS = frozenset({"import", "require"})


def is_platform(specifier: str) -> bool:
    """Whether a specifier names a module of the platform or of Node."""
    return specifier.startswith(PLATFORMS) or builtin(specifier) is not None


@dataclass(frozen=True, eq=False)
class Graph:
    """The scripts of a tree, and what each of them takes; parsed where that must be exact.

    For a preview, what is imported by strings that are put together is left to CI.
    """

    sources: Sources
    names: ScriptNames
    aliased: frozenset[str]
    is_preview: bool = False
    doubts: dict[str, Doubt] = field(default_factory=dict)
    _facts: dict[str, ScriptFacts | None] = field(default_factory=dict)
    _asks: dict[str, bool] = field(default_factory=dict)

    def rough(self, roots: Iterable[str]) -> dict[str, frozenset[str]]:
        """The scripts that roots lead to, each with those it may take: too many, never too few."""
        found: dict[str, frozenset[str]] = {}
        waiting = deque(path for path in roots if is_script(path))
        while waiting:
            path = waiting.popleft()
            if path in found:
                continue
            taken = set(self.sources.taken(path))
            if not self.is_preview and self.puts_together(path):
                taken |= set(self._computed(path))
            self._counted(path)
            found[path] = frozenset(taken)
            waiting.extend(each for each in found[path] if each not in found)
        return found

    def _counted(self, path: str) -> None:
        """A doubt where a script takes from more modules than are told without parsing it."""
        try:
            said = self.sources.snapshot.facts(SCRIPT_TAKEN, self.sources.file(path))
        except Unreadable:
            return
        if len(said) >= MOST_TAKEN:
            reason = f"it takes from {MOST_TAKEN:,} modules; what lies behind others is not known"
            self.doubts.setdefault(path, Doubt(reason, path))

    def exact(self, roots: Iterable[str], within: frozenset[str], *, sure: bool) -> frozenset[str]:
        """The scripts `within` that roots lead to by imports that stay when types are gone.

        Where one import may mean several files, a build takes one: that is not `sure`.
        """
        found = set[str]()
        waiting = [path for path in roots if path in within]
        while waiting:
            path = waiting.pop()
            if path in found:
                continue
            found.add(path)
            waiting.extend(each for each in self._kept(path, sure=sure) if each in within)
        return frozenset(found)

    def suspects(self, path: str) -> bool:
        """Whether a script may take something of the platform or of Node; declarations do not."""
        if path.endswith(DECLARED):
            return False
        if self.puts_together(path) or self._speaks(path):
            return True
        try:
            said = self.sources.snapshot.facts(SCRIPT_TAKEN, self.sources.file(path))
        except Unreadable:
            return True
        meant = (self.sources.modules.meant(path, each) for each in said)
        return any(map(is_platform, (*said, *(name for each in meant for name in each.outside))))

    def _speaks(self, path: str) -> bool:
        """Whether a script names such a module in its text, be it in code that is broken."""
        try:
            content = self.sources.content(path)
        except Unreadable:
            return True
        return any(each in content for each in _SPOKEN)

    def puts_together(self, path: str) -> bool:
        """Whether a script imports by what is no plain string."""
        if path not in self._asks:
            try:
                content = self.sources.content(path)
            except Unreadable:
                content = b""
            self._asks[path] = any(each in content for each in _DYNAMIC) or bool(
                _PUT_TOGETHER.search(content)
            )
        return self._asks[path]

    def facts(self, path: str) -> ScriptFacts | None:
        """A script, parsed; None, and a doubt, where it cannot be."""
        if path not in self._facts:
            self._facts[path] = self._read(path)
        return self._facts[path]

    def _read(self, path: str) -> ScriptFacts | None:
        try:
            facts = self.sources.snapshot.facts(SCRIPT, self.sources.file(path))
        except Unreadable as unreadable:
            reason = f"cannot be read: {unreadable.reason}"
            self.doubts[path] = Doubt(reason, path, unreadable.line)
            return None
        if facts.faults:
            reason = "cannot be read in full: its grammar is not known here"
            self.doubts[path] = Doubt(reason, path, facts.faults[0])
        self.names.add(path, facts.tree)
        return facts

    # -- what is taken

    def _kept(self, path: str, *, sure: bool) -> Iterator[str]:
        facts = self.facts(path)
        if facts is None:
            yield from self.sources.taken(path)
            return
        for each in self.kept_imports(path, facts):
            files = self.sources.modules.find(path, each.module)
            yield from files if len(files) == 1 or not sure else ()
        yield from self._computed(path)

    def kept_imports(self, path: str, facts: ScriptFacts) -> Iterator[Import]:
        """The imports that are still there once TypeScript has left out what is only a type."""
        valued = self.valued(path)
        for each in facts.imports():
            if not each.types and (valued is None or not each.alias or each.alias in valued):
                yield each

    def valued(self, path: str) -> frozenset[str] | None:
        """The names that a script uses as values; None where types are not told apart."""
        if not is_typed(path):
            return None
        try:
            return self.sources.snapshot.facts(SCRIPT_VALUED, self.sources.file(path))
        except Unreadable:
            return None

    def _computed(self, path: str) -> Iterator[str]:
        """The scripts of imports whose specifiers are put together."""
        facts = self.facts(path) if self.puts_together(path) else None
        if facts is None:
            return
        for each in self.sources.taken(path):
            self.facts(each)
        for node, scope, _ in self.names.files[path].uses:
            if asks(node) and node.parts[1].kind is not Kind.STRING:
                for specifier in self.names.texts(path, scope, node.parts[1])[0]:
                    yield from self.sources.modules.find(path, specifier)


def asks(node: Node) -> bool:
    """Whether an expression is `import(…)` or `require(…)` of something."""
    if node.kind is not Kind.CALL or len(node.parts) == 1:
        return False
    function = node.parts[0]
    return function.kind is Kind.NAME and function.text in _ASKS


Takers = Mapping[str, tuple[str, ...]]
"""For each script, those that may take something from it."""


def turned(reached: Mapping[str, frozenset[str]]) -> Takers:
    """Who takes from whom, given what each takes."""
    takers: dict[str, list[str]] = {}
    for path, taken in reached.items():
        for each in taken:
            takers.setdefault(each, []).append(path)
    return {path: tuple(each) for path, each in takers.items()}


def before(takers: Takers, end: str) -> frozenset[str]:
    """The scripts from which one gets to another, and that one."""
    found, waiting = {end}, [end]
    while waiting:
        fresh = set(takers.get(waiting.pop(), ())) - found
        found |= fresh
        waiting.extend(fresh)
    return frozenset(found)
