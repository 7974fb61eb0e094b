"""What the names of a function hold by what it is given, and by what it sets itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from gatekeeper.source.script_chains import bare
from gatekeeper.source.script_syntax import NOTHING, Syntax, walk
from gatekeeper.source.script_targets import key_of, named_in
from gatekeeper.value import replace
from gatekeeper_rules.code._script_code import member_name
from gatekeeper_rules.code._script_regions import MEMBERS, NAMES, Closure, Region, Roles

Pair = tuple[Syntax, Syntax]
"""A pattern, and the value that is bound to it."""


class _Taking:
    """Roles while they grow; `region` is where the values stand."""

    def __init__(self, region: Region, roles: Roles) -> None:
        self._region = region
        self.steps, self.bags, self.kept = set(roles.steps), set(roles.bags), set(roles.kept)
        self.events, self.envs, self.selves = set(roles.events), set(roles.envs), set(roles.selves)
        self.given: list[tuple[int, Closure]] = list(roles.given)

    @property
    def roles(self) -> Roles:
        return Roles(
            frozenset(self.steps),
            frozenset(self.bags),
            frozenset(self.kept),
            frozenset(self.events),
            frozenset(self.envs),
            frozenset(self.selves),
            tuple(self.given),
        )

    @property
    def _size(self) -> int:
        roles = (len(self.steps), len(self.bags), len(self.kept), len(self.selves))
        return sum(roles) + len(self.events) + len(self.envs)

    def takes(self, target: Syntax, value: Syntax) -> bool:
        """Bind a value to a pattern, or to a member; whether more is known by that."""
        before, region = self._size, self._region
        if target.type not in MEMBERS:
            self.take(target, value)
        elif region.is_step(value) and region.is_this(target.of("object")):
            self.kept.add(member_name(target))
        if self._size > before:
            self._region = replace(region, roles=self.roles)
        return self._size > before

    def take(self, target: Syntax, value: Syntax) -> None:
        """Bind a value to a pattern."""
        region, value = self._region, bare(value)
        for name, way in named_in(target):
            if not way:
                self._take_whole(id(name), value)
            elif value.type == "object":
                self._take_member(id(name), way, value)
            elif region.is_this(value):
                if way[0] in region.roles.kept and len(way) == 1:
                    self.steps.add(id(name))
                if way[0] == "env":
                    self.envs.add(id(name))
            else:
                self._take_of_name(id(name), way, value)

    def _take_whole(self, key: int, value: Syntax) -> None:
        region = self._region
        if region.is_step(value):
            self.steps.add(key)
        elif region.is_this(value):
            self.selves.add(key)
        elif value.type == "object":
            self.bags |= {(key, name) for name in _step_names(region, value)}
        else:
            declared = region.declared(value)
            held = declared.key if declared is not None else 0
            self.bags |= {(key, name) for owner, name in region.roles.bags if owner == held}
        self._take_rooted(key, value)

    def _take_rooted(self, key: int, value: Syntax) -> None:
        region = self._region
        if value.type in (*MEMBERS, "identifier"):
            self.events |= {key} if region.is_event(value) else set()
            self.envs |= {key} if region.is_env(value) else set()

    def _take_member(self, key: int, way: tuple[str, ...], literal: Syntax) -> None:
        held = _value_in(literal, way[0])
        if held.type and len(way) == 1:
            self._take_whole(key, bare(held))

    def _take_of_name(self, key: int, way: tuple[str, ...], value: Syntax) -> None:
        region = self._region
        declared = region.declared(value)
        if declared is not None and len(way) == 1 and (declared.key, way[0]) in region.roles.bags:
            self.steps.add(key)
        self._take_rooted(key, value)


def _step_names(region: Region, literal: Syntax) -> Iterable[str]:
    for each in literal.held:
        value = each.of("value") if each.type == "pair" else each
        name = key_of(each.of("key")) if each.type == "pair" else each.text
        if name and value.type != "spread_element" and region.is_step(value):
            yield name


def _value_in(literal: Syntax, name: str) -> Syntax:
    for each in reversed(literal.held):
        if each.type == "pair" and key_of(each.of("key")) == name:
            return each.of("value")
        if each.type == "shorthand_property_identifier" and each.text == name:
            return each
    return NOTHING


def handed(caller: Region, roles: Roles, pairs: Iterable[Pair]) -> Roles:
    """The roles of a function with what a call gives to its parameters."""
    taking = _Taking(caller, roles)
    for target, value in pairs:
        if target.type == "rest_pattern" or value.type == "spread_element":
            break
        taking.take(target, value)
        if target.type == "identifier":
            fresh = [(id(target), each) for each in caller.closures(value)]
            taking.given = [each for each in taking.given if each[0] != id(target)] + fresh
    return taking.roles


def completed(region: Region) -> Region:
    """The region with the names that are only others for those known."""
    pairs = tuple(_pairs(region))
    readers: dict[int | str, list[Pair]] = {}
    for pair in pairs:
        for key in _read_in(region, bare(pair[1])):
            readers.setdefault(key, []).append(pair)
    taking, waiting = _Taking(region, region.roles), deque(pairs)
    while waiting:
        target, value = waiting.popleft()
        if taking.takes(target, value):
            keys: list[int | str] = [id(name) for name, _ in named_in(target)]
            keys += [member_name(target)] if target.type in MEMBERS else []
            waiting.extend(each for key in keys for each in readers.get(key, ()))
    return replace(region, roles=taking.roles)


def _read_in(region: Region, value: Syntax) -> Iterator[int | str]:
    """The declarations, by key, and the properties of the Workflow that a value may be of."""
    if value.type not in (*MEMBERS, *NAMES, "object"):
        return
    for node in walk(value):
        declared = region.declared(node)
        if declared is not None:
            yield declared.key
        elif node.type in MEMBERS:
            yield member_name(node)


def _pairs(region: Region) -> Iterable[Pair]:
    lexical = region.file.lexical
    for node in region.nodes:
        if node.type == "variable_declarator" and node.of("value").type:
            yield node.of("name"), node.of("value")
        elif node.type == "assignment_expression":
            target = bare(node.of("left"))
            declared = lexical.declared(target) if target.type == "identifier" else None
            yield (declared.name if declared is not None else target), node.of("right")
