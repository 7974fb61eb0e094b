"""What a Workflow in a script does outside of its steps: effects, races, sleeps nobody keeps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gatekeeper import Doubt, Finding
from gatekeeper.source.script_chains import bare, given_to
from gatekeeper.source.script_lexical import Declared, Declares, Lexical
from gatekeeper.source.script_syntax import NOTHING, Syntax
from gatekeeper.value import dataclass
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_faults import doubt, fault, shown
from gatekeeper_rules.code._script_following import Graph
from gatekeeper_rules.code._script_holders import Holders, callee, first_of, head_of
from gatekeeper_rules.code._script_outside import GLOBAL, Outside
from gatekeeper_rules.code._script_regions import MEMBERS, Region, running
from gatekeeper_rules.code._script_uses import Use, use_of
from gatekeeper_rules.code._workflow_services import ACTS, BUILDS

_CALLS = frozenset({"call_expression", "new_expression"})
_CHAINED = frozenset({"catch", "finally", "then"})
_RACES = frozenset({f"{GLOBAL}.Promise.any", f"{GLOBAL}.Promise.race"})
_SLEEPS = (
    *(f"{GLOBAL}.{name}" for name in ("setImmediate", "setInterval", "setTimeout")),
    *(f"{GLOBAL}.scheduler.{name}" for name in ("postTask", "wait", "yield")),
    *("node:timers.", "node:timers/promises.", "timers.", "timers/promises."),
)
_REQUESTS = (
    *(f"{GLOBAL}.{name}" for name in ("EventSource", "WebSocket", "caches.", "fetch")),
    *("cloudflare:sockets.", "cloudflare:workers.cache", "cloudflare:workers.waitUntil"),
    *(f"node:{name}" for name in ("child_process", "dgram", "fs", "http", "net", "tls")),
    *("axios.", "got.", "ky.", "node-fetch.", "ofetch.", "superagent.", "undici."),
)
"""What does something by itself, awaited or not."""

_PLATFORM = frozenset(
    {
        *("Array", "Blob", "CompressionStream", "DecompressionStream", "File", "FormData"),
        *("HTMLRewriter", "Intl", "JSON", "Map", "Math", "Object", "Promise", "ReadableStream"),
        *("Reflect", "Request", "Response", "Set", "String", "TextDecoder", "TextEncoder"),
        *("TransformStream", "URL", "WebAssembly", "WritableStream", "console", "crypto"),
        *("navigator", "performance", "structuredClone"),
    }
)
"""What of the platform's own can be awaited and does nothing outside of the Worker."""

_PLAIN = frozenset({"string", "template_string", "number", "regex"})
_DATA = frozenset({"array", "object", *_PLAIN})


@dataclass(frozen=True, eq=False)
class Effects:
    """What one region does that runs outside of steps."""

    region: Region
    graph: Graph
    outside: Outside

    def observations(self) -> Iterator[Finding | Doubt]:
        """A finding for each effect and race, a doubt for what is awaited and not known."""
        told: set[int] = set()
        lexical = self.region.file.lexical
        for node in running(self.region):
            if node.type in _CALLS and not any(id(each) in told for each in lexical.above(node)):
                said = self._said(node)
                if said is not None:
                    told.add(id(node))
                    yield said

    def _said(self, call: Syntax) -> Finding | Doubt | None:
        region, outside = self.region, self.outside.called(self.region.file, call)
        if outside & _RACES:
            return fault(region, call, words.races(shown(call.of("function"))), words.SCRIPT.racing)
        if self._is_of_step(call):
            return None
        if any(each.startswith(_SLEEPS) for each in outside):
            return fault(region, call, words.lost(shown(call)), words.SCRIPT.sleeping)
        use = use_of(region.file.lexical, call)
        if self._is_effect(call, outside, use):
            return fault(region, call, words.done_again(shown(call)), words.FIX_EFFECT)
        is_awaited = region.file.lexical.parent(call).type == "await_expression"
        is_known = bool(outside) and all(map(_is_known, outside))
        if is_awaited and not is_known and self._is_unknown(call):
            return doubt(region, call, words.not_followed(shown(call)))
        return None

    def _is_of_step(self, call: Syntax) -> bool:
        """Whether a step is made, or the step itself is handed on to be followed."""
        function = callee(call)
        owner = function.of("object") if function.type in MEMBERS else function
        return self.region.is_step(owner) or any(map(self.region.is_step, given_to(call)))

    # -- effects

    @cached_property
    def _holders(self) -> Holders:
        return Holders(self.region, self.graph)

    def _is_effect(self, call: Syntax, outside: frozenset[str], use: Use) -> bool:
        if any(each.startswith(_REQUESTS) for each in outside):
            return True
        if call.type == "new_expression":
            return False
        head, method = head_of(call), _method(call)
        if f"{GLOBAL}.Reflect.apply" in outside and given_to(call):
            head = bare(given_to(call)[0])
            method = member_name(head) if head.type in MEMBERS else ""
        is_bound = self._holders.is_bound(head)
        if is_bound and method in ACTS:
            return True
        if method in BUILDS or not self._is_waited_for(call, use):
            return is_bound and use is Use.DROPPED and method not in BUILDS
        is_library = bool(outside) and not any(map(_is_of_language, outside))
        return is_bound or is_library or self._holders.is_given(call)

    def _is_waited_for(self, call: Syntax, use: Use) -> bool:
        """Whether somebody awaits it: here, by a name, or where the function is called."""
        lexical = self.region.file.lexical
        if use is Use.NAMED or _collecting(lexical, call).type:
            named = self._named(call)
            reads = lexical.reads(named) if named is not None else ()
            return any(use_of(lexical, each) is Use.AWAITED for each in reads)
        if use is Use.RETURNED and not self._is_stub(call):
            if self.region.function.has("get"):
                return self._is_property_awaited(self.region.function.of("name").text)
            edges = self.graph.callers(self.region)
            return any(use_of(each.region.file.lexical, each.node) is Use.AWAITED for each in edges)
        return use is Use.AWAITED

    def _is_property_awaited(self, name: str) -> bool:
        """Whether code outside of steps awaits a property of the Workflow."""
        return any(
            use_of(region.file.lexical, node) is Use.AWAITED
            for region in self.graph.regions
            for node in (region.alive if region.within is None else ())
            if node.type in MEMBERS and member_name(node) == name
            if region.is_this(node.of("object"))
        )

    def _named(self, call: Syntax) -> Declared | None:
        """The name, or the array, that is given what a call gives."""
        collecting = _collecting(self.region.file.lexical, call)
        if collecting.type:
            return self.region.declared(collecting)
        for each in self.region.file.lexical.above(call):
            if each.type == "variable_declarator":
                return self.region.declared(each.of("name"))
            if each.type == "assignment_expression":
                return self.region.declared(bare(each.of("left")))
        return None

    def _is_stub(self, call: Syntax) -> bool:
        """Whether an object is asked for by an id: that alone does nothing."""
        given = (bare(each) for each in given_to(call))
        return any(each.type == "call_expression" and _method(each) in BUILDS for each in given)

    # -- what is awaited and not known

    def _is_unknown(self, call: Syntax) -> bool:
        if call.type == "new_expression" or self.graph.called(self.region, call):
            return False
        if self.region.closures(call.of("function")):
            return False
        first = first_of(head_of(call))
        if first.type in _DATA or first.type in _CALLS or first.type == "import":
            return False
        declared = self.region.declared(first)
        if declared is None or declared.role is not Declares.VALUE:
            return not self._is_chained(call)
        return not self._is_told(declared)

    def _is_chained(self, call: Syntax) -> bool:
        """Whether it is the `then` of a call that is judged itself."""
        function = bare(call.of("function"))
        owner = bare(function.of("object")) if function.type in MEMBERS else function
        return member_name(function) in _CHAINED and owner.type == "call_expression"

    def _is_told(self, declared: Declared) -> bool:
        """Whether a name holds what was awaited, and was judged where it was."""
        value = bare(declared.value)
        return value.type in ("await_expression", *_PLAIN)


def _collecting(lexical: Lexical, call: Syntax) -> Syntax:
    """The array that what a call gives is put into; NOTHING where it is not."""
    given = lexical.parent(call)
    function = bare(lexical.parent(given).of("function")) if given.type == "arguments" else NOTHING
    is_put = function.type in MEMBERS and member_name(function) == "push"
    return bare(function.of("object")) if is_put else NOTHING


def _method(call: Syntax) -> str:
    function = callee(call)
    return member_name(function) if function.type in MEMBERS else ""


def _is_known(name: str) -> bool:
    """Whether something is of the platform, and no name that the code gives to everything."""
    return not _is_of_language(name) or name.split(".")[1].removesuffix("()") in _PLATFORM


def _is_of_language(name: str) -> bool:
    return name.startswith(f"{GLOBAL}.")
