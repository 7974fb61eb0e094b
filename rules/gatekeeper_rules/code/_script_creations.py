"""How scripts create instances of Workflows: ids, batches, loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper import Finding
from gatekeeper.source.script_chains import bare, given_to, is_function
from gatekeeper.source.script_syntax import Syntax, walk
from gatekeeper_rules.code import _workflow_bounds as bounds
from gatekeeper_rules.code import _workflow_words as words
from gatekeeper_rules.code._script_bindings import Origins
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_faults import shown
from gatekeeper_rules.code._script_limits import told
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES
from gatekeeper_rules.code._script_told import finding_at
from gatekeeper_rules.code._script_truth import meant_by
from gatekeeper_rules.code._script_written import constant
from gatekeeper_rules.code._workflow_bounds import Written
from gatekeeper_rules.code._workflow_creation import CREATES
from gatekeeper_rules.code._workflow_services import PERSONS

_LOOPS = frozenset({"do_statement", "for_in_statement", "for_statement", "while_statement"})
_EACH = frozenset({"flatMap", "forEach", "from", "map"})
_NEEDLE = b"create"
_DEEPEST = 6


class Creation(NamedTuple):
    """A call of `create` or `createBatch` of a binding of a Workflow."""

    file: ScriptFile
    call: Syntax
    is_single: bool

    @property
    def identity(self) -> Syntax | None:
        """What is given as the id of one instance."""
        given = given_to(self.call)
        literal = _literal(self.file, given[0]) if given else None
        return _of(literal, "id") if literal is not None else None


def creations(code: ScriptCode, path: str, bindings: frozenset[str]) -> Iterator[Creation]:
    """The calls of a script that create by one of the bindings."""
    content = code.scripts.sources.content(path)
    is_said = _NEEDLE in content and any(each.encode() in content for each in bindings)
    file, origins = code.file(path) if is_said else None, Origins(code, _nobody)
    for node in walk(file.lexical.tree) if file is not None else ():
        function = bare(node.of("function")) if node.type == "call_expression" else node
        if file is None or function is node or function.type not in MEMBERS:
            continue
        name = member_name(function)
        if name in CREATES and origins.of(file, bare(function.of("object"))) & bindings:
            yield Creation(file, node, name == "create")


def _nobody(name: str) -> tuple[tuple[ScriptFile, Syntax], ...]:
    """What callers give to a function is not asked for here."""
    del name
    return ()


def beyond(code: ScriptCode, creation: Creation) -> Iterator[Finding]:
    """Ids that the platform refuses, and batches that are too large."""
    file, call = creation.file, creation.call
    at = Written(file.path, call.line, shown(call))
    identity = creation.identity
    found = constant(file, identity) if identity is not None else None
    said = found if isinstance(found, str) else None
    size = len(_batch(creation)) if not creation.is_single else 0
    for breach in (*bounds.of_id(said, at), *bounds.of_batch(size, at)):
        yield told(code, breach)


def advice(creation: Creation) -> Iterator[Finding]:
    """Advice on how an instance is created."""
    file, call, identity = creation.file, creation.call, creation.identity
    message = ""
    if identity is not None:
        held = bare(identity)
        name = held.text if held.type in NAMES else member_name(held)
        if constant(file, held) is not None:
            message = words.once(shown(held))
        elif (held.type in NAMES or held.type in MEMBERS) and PERSONS.search(name):
            message = words.persons(name)
    if message:
        yield finding_at(file, call, message, words.FIX_ID)
    if creation.is_single and _is_repeated(file, call):
        yield finding_at(file, call, words.ONE_BY_ONE, words.SCRIPT.batching)


def _is_repeated(file: ScriptFile, call: Syntax) -> bool:
    """Whether a call is made for each of several things, in a loop or by `map`."""
    for above in file.lexical.above(call):
        if above.type in _LOOPS:
            return True
        if is_function(above):
            around = file.lexical.parent(file.lexical.parent(above))
            function = bare(around.of("function"))
            return function.type in MEMBERS and member_name(function) in _EACH
    return False


def _batch(creation: Creation) -> tuple[Syntax, ...]:
    """The instances that are listed: an array, or `instances` of an object."""
    given = given_to(creation.call)
    held = bare(given[0]) if given else None
    literal = _literal(creation.file, given[0]) if given else None
    listed = _of(literal, "instances") if literal is not None else held
    return bare(listed).held if listed is not None and bare(listed).type == "array" else ()


def _literal(file: ScriptFile, node: Syntax) -> Syntax | None:
    """The object that an expression is, or stands for."""
    held = bare(node)
    for _ in range(_DEEPEST):
        if held.type == "object":
            return held
        held = bare(meant_by(file.lexical, held))
    return None


def _of(literal: Syntax, name: str) -> Syntax | None:
    """What stands behind a key of an object, also where it is only named."""
    for each in reversed(literal.held):
        if each.type == "shorthand_property_identifier" and each.text == name:
            return each
        if each.type == "pair" and each.of("key").text.strip("\"'") == name:
            return each.of("value")
    return None
