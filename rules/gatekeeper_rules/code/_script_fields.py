"""What the properties of a Workflow in a script hold, where its class writes it down."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.code_values import Value
from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import NOTHING, Syntax, walk
from gatekeeper_rules.code._script_code import ScriptCode, ScriptFile, member_name
from gatekeeper_rules.code._script_regions import MEMBERS

_MAKER = "constructor"


def values_of(code: ScriptCode, owner: Value, name: str) -> Iterator[tuple[ScriptFile, Syntax]]:
    """What `this.name` is given in the class or its constructor; of a getter its body."""
    if not name or name == _MAKER:
        return
    for file, member in code.members(owner, name):
        held = member.of("body") if member.has("get") else member.of("value")
        if held.type:
            yield file, held
    for file, maker in code.members(owner, _MAKER):
        yield from ((file, each) for each in _set_in(maker.of("body"), name))


def _set_in(body: Syntax, name: str) -> Iterator[Syntax]:
    for node in walk(body):
        target = bare(node.of("left")) if node.type == "assignment_expression" else NOTHING
        is_own = target.type in MEMBERS and bare(target.of("object")).type == "this"
        if is_own and member_name(target) == name:
            yield node.of("right")
