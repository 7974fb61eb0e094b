"""Modules and names that the platform does not have, in one script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import chain, islice

from gatekeeper import Doubt, Finding
from gatekeeper.source.code_scopes import MODULE, Bound, Use
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Sort
from gatekeeper.source.script import Import, ScriptFacts
from gatekeeper.source.script_frame import EXPORT
from gatekeeper.source.script_valued import is_typed
from gatekeeper.value import dataclass, field
from gatekeeper_rules.code._durable_sheet import Place
from gatekeeper_rules.code._node_compat import NO_DATE, Compat, Presence, builtin
from gatekeeper_rules.code._unsupported_graph import asks, is_platform
from gatekeeper_rules.code._unsupported_names import DEFAULT, WHOLE, Fault, fault_of
from gatekeeper_rules.code._unsupported_scripts import Reach, Scripts
from gatekeeper_rules.code._unsupported_workers import Worker

MOST_USES = 200_000
"""Expressions of one script that are looked at; a bundle of a megabyte has about as many."""

MOST_TOLD = 100
"""Faults that are told of one script."""

_OWN = ("cloudflare:", "cloudflare-internal:", "workerd:")
_GETS = "getBuiltinModule"


@dataclass(frozen=True, eq=False)
class InScript:
    """One script, and the Workers it may be in; a module that is not there is told once."""

    scripts: Scripts
    path: str
    workers: tuple[Worker, ...]
    _wholes: set[str] = field(default_factory=set)
    _doubted: list[int] = field(default_factory=list)

    def said(self) -> Iterator[Finding | Doubt]:
        """What is found in it, and what cannot be told."""
        facts = self.scripts.graph.facts(self.path)
        if facts is None:
            return
        told = chain(self._imported(facts), self._used())
        yield from islice(told, MOST_TOLD)
        if next(told, None) is not None:
            yield Doubt(f"more than {MOST_TOLD} faults; the others are not told", self.path)

    def _imported(self, facts: ScriptFacts) -> Iterator[Finding | Doubt]:
        for each in facts.imports():
            if not self._stays(each):
                continue
            place = Place(each.line, each.column, "")
            for specifier in self._meant(each.module):
                # What a call gives is followed where it is used.
                name = "" if each.called else each.name
                whole = WHOLE if each.called else name
                passed = not each.alias and name == WHOLE and each.module not in self._given
                yield from self._judged(specifier, "" if passed else whole, place)

    @cached_property
    def _given(self) -> frozenset[str]:
        """The modules that are passed on under a name (`export * as …`)."""
        held = self.scripts.graph.names.files[self.path].scopes[MODULE].names
        return frozenset(
            each.module
            for name, bindings in held.items()
            for each in bindings
            if name.startswith(EXPORT) and each.bound is Bound.IMPORT
        )

    def _stays(self, taken: Import) -> bool:
        """Whether an import counts; of what is the platform's also one that TypeScript drops."""
        if taken.types:
            return False
        is_used = self._is_valued(taken.alias)
        return is_used or any(each.startswith(_OWN) for each in self._meant(taken.module))

    def _is_valued(self, name: str) -> bool:
        return self._valued is None or not name or name in self._valued

    def _meant(self, specifier: str) -> tuple[str, ...]:
        outside = self.scripts.graph.sources.modules.meant(self.path, specifier).outside
        instead = specifier in self.scripts.graph.aliased
        return tuple(
            each for each in outside if is_platform(each) and not (instead and each == specifier)
        )

    # -- members, and modules that are asked for in another way

    def _used(self) -> Iterator[Finding | Doubt]:
        names = self.scripts.graph.names
        scopes = names.files[self.path]
        for binding, _ in scopes.imports:
            if binding.bound is Bound.FROM:
                alias = binding.node.parts[0].text if binding.node.parts else ""
                if binding.node.parts[1:] or not self._is_valued(alias.removeprefix(EXPORT)):
                    continue
                for module, name in self._taken_through(binding.module, binding.name):
                    place = Place(binding.node.line, binding.node.column, "")
                    yield from self._judged(module, name, place, within=True)
        if len(scopes.uses) > MOST_USES:
            yield Doubt(f"it has more than {MOST_USES:,} expressions to look at", self.path)
            return
        for use in scopes.uses:
            yield from self._of_use(use)

    def _taken_through(self, module: str, name: str) -> Iterator[tuple[str, str]]:
        """What a file of the repository passes on of all that a module of the platform has."""
        graph = self.scripts.graph
        for file in graph.sources.modules.find(self.path, module):
            if file in graph.names.files:
                for value in graph.names.export(file, name):
                    if value.sort is Sort.EXTERNAL:
                        yield from _split(value.text)

    def _of_use(self, use: Use) -> Iterator[Finding | Doubt]:
        node, scope, _ = use
        place = Place(node.line, node.column, self._symbol(scope))
        if node.kind in (Kind.ATTRIBUTE, Kind.SUBSCRIPT) or _reflects(node):
            if node.text and not self._is_valued(node.text):
                return
            for value in self.scripts.graph.names.values(self.path, scope, node):
                if value.sort is Sort.EXTERNAL:
                    for specifier, name in _split(value.text):
                        yield from self._judged(specifier, name, place, within=True)
        elif node.kind is Kind.CALL and len(node.parts) > 1 and self._asks(node, scope):
            yield from self._asked(node, scope, place)

    @cached_property
    def _valued(self) -> frozenset[str] | None:
        return self.scripts.graph.valued(self.path)

    def _symbol(self, scope: int) -> str:
        return self.scripts.graph.names.files[self.path].scopes[scope].symbol

    def _asks(self, node: Node, scope: int) -> bool:
        if asks(node):
            return node.parts[1].kind is not Kind.STRING
        if not self.scripts.graph.puts_together(self.path):
            return False
        called = self.scripts.graph.names.values(self.path, scope, node.parts[0])
        return any(
            each.sort is Sort.EXTERNAL
            and each.text.endswith((_GETS, "module.createRequire()", "js.import", "js.require"))
            for each in called
        )

    def _asked(self, node: Node, scope: int, place: Place) -> Iterator[Finding | Doubt]:
        """What a call asks for by a string that is put together, or from the runtime itself."""
        texts, sure = self.scripts.graph.names.texts(self.path, scope, node.parts[1])
        for each in texts:
            for specifier in self._meant(each):
                yield from self._judged(specifier, WHOLE, place)
        reaches = (self.scripts.reaches(each, self.path) for each in self.workers if not each.lost)
        is_built = any(each is not Reach.NO for each in reaches)
        if not sure and is_built and not _is_near(node.parts[1]):
            yield Doubt("which module is imported here cannot be told", self.path, node.line)

    # -- what is said of it

    def _judged(
        self, specifier: str, name: str, place: Place, *, within: bool = False
    ) -> Iterator[Finding | Doubt]:
        """What is said of a name, which stands `within` a module that was judged already."""
        if within and specifier in self.scripts.graph.aliased:
            return
        if specifier.startswith(_OWN):
            compat = Compat(NO_DATE, frozenset())
            fault = fault_of(specifier, name, compat, erased=is_typed(self.path))
            if fault is not None and not (within and fault.whole):
                yield from self._told(fault, specifier, name, place, "")
            return
        for worker in self.workers:
            said = tuple(self._in_worker(worker, specifier, name, place, within=within))
            yield from said
            if said:
                return

    def _in_worker(
        self, worker: Worker, specifier: str, name: str, place: Place, *, within: bool
    ) -> Iterator[Finding | Doubt]:
        """What is said of a module of Node by what one Worker asks of its platform."""
        compat = worker.compat
        if not worker.is_dated or self._is_package(specifier, compat):
            return
        fault = fault_of(specifier, name, compat, erased=is_typed(self.path))
        if fault is not None and within and fault.whole:
            return
        if fault is None and not compat.is_beyond:
            return
        reach = self.scripts.reaches(worker, self.path)
        if fault is not None and reach is Reach.MAYBE:
            yield from self._unsure(fault, worker, place)
        elif compat.is_beyond and reach is not Reach.NO:
            reason = f"`{specifier}`: the date of {worker.shown} is later than what is known here"
            yield Doubt(reason, self.path, place.line)
        elif fault is not None and reach is Reach.SURE:
            yield from self._told(fault, specifier, name, place, worker.shown)

    def _unsure(self, fault: Fault, worker: Worker, place: Place) -> Iterator[Doubt]:
        """A doubt for the first fault of a script that may be in no Worker at all."""
        if not self._doubted:
            self._doubted.append(place.line)
            reason = f"{fault.message}, if the Worker of {worker.shown} is built of it"
            yield Doubt(reason, self.path, place.line)

    def _is_package(self, specifier: str, compat: Compat) -> bool:
        """Whether a bare name means a package, because there is nothing of Node by that name."""
        asked = builtin(specifier)
        if asked is None or not asked[1] or specifier not in self.scripts.dependencies:
            return False
        return compat.standing(specifier, bare=True).presence is Presence.ABSENT

    def _told(
        self, fault: Fault, specifier: str, name: str, place: Place, shown: str
    ) -> Iterator[Finding]:
        if fault.whole and specifier in self._wholes:
            return
        self._wholes.update({specifier} if fault.whole else ())
        where = f", in the Worker of {shown}" if shown else ""
        quoted = specifier if name in ("", WHOLE, DEFAULT) else f"{specifier} {name}"
        sheet = self.scripts.sheet(self.path)
        found = sheet.finding(place, quoted, f"{fault.message}{where}.", quoted, fault.fix, None)
        if found is not None:
            yield found


def _reflects(node: Node) -> bool:
    """Whether an expression is `Reflect.get(…)`."""
    if node.kind is not Kind.CALL or node.parts[0].kind is not Kind.ATTRIBUTE:
        return False
    whose = node.parts[0].parts[0]
    return node.parts[0].text == "get" and whose.text == "Reflect"


def _is_near(given: Node) -> bool:
    """Whether what is put together begins like the path of a file."""
    while given.parts and given.kind in (Kind.JOINED, Kind.BINARY):
        given = given.parts[0]
    return given.kind is Kind.STRING and given.text.startswith((".", "/"))


def _split(text: str) -> Iterator[tuple[str, str]]:
    """The module and the first name of a dotted path, where the module is of the platform."""
    specifier, _, rest = text.partition(".")
    names = [each for each in rest.split(".") if each]
    if not is_platform(specifier) or not names:
        return
    module = builtin(specifier)
    name = names[0]
    if name == DEFAULT and module is not None and len(names) > 1:
        name = names[1]
    if name.isidentifier() and name != DEFAULT:
        yield specifier, name
