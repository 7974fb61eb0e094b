"""What the top-level names of a Python file may stand for: a fact about its bytes alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gatekeeper import Extractor
from gatekeeper.source.code_scopes import MODULE, Binding, Bound, Scopes
from gatekeeper.source.code_tree import Kind, walk
from gatekeeper.source.python import PYTHON
from gatekeeper.source.python_binder import scopes_of
from gatekeeper.source.python_loaded import loaded
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_taken import ANY, Wanted
from gatekeeper_rules.code._durable_graph import FAMILY, Graph, graph_of, is_outside
from gatekeeper_rules.code._python_candidates import can_matter

STRINGS = "<strings>"
"""Stands for all that the strings of a file name, where it can import by a string."""


class Tie(NamedTuple):
    """What a name leads to: the platform, as far as the file itself tells, and what it imports."""

    platform: bool
    imported: tuple[Wanted, ...]


class Ties(NamedTuple):
    """The names that lead somewhere; the modules of star imports, where any other may be.

    `star_of_platform` says that one of these is the platform's. All of `names` may stand for
    what `strings` name, if there are any: that is told once, for hundreds of names (an
    `__all__`) can be hundreds of strings.
    """

    names: Mapping[str, Tie]
    stars: tuple[str, ...]
    star_of_platform: bool
    strings: tuple[Wanted, ...]

    def of(self, name: str) -> Iterator[Tie]:
        """What a name, or with `ANY` every name, of the file leads to by its code.

        With `STRINGS`, what all of them lead to by its strings.
        """
        if name == STRINGS:
            yield Tie(platform=False, imported=self.strings)
            return
        if name == ANY:
            yield from self.names.values()
        else:
            yield from (self.names[each] for each in (name, "__getattr__") if each in self.names)
        if self.stars:
            of_platform = self.star_of_platform or FAMILY in name
            yield Tie(of_platform, tuple((star, name) for star in self.stars))

    def by_strings(self, name: str) -> bool:
        """Whether a name leads to what the file's strings name as well."""
        if not self.strings or name == STRINGS:
            return False
        return name == ANY or name in self.names or "__getattr__" in self.names


def _read(content: bytes, path: str) -> Ties:
    scopes = scopes_of(PYTHON.read(content, path).tree)
    graph = graph_of(scopes)
    platform = _of_platform(graph, scopes) if can_matter(content) else frozenset[str]()
    imported: dict[str, set[Wanted]] = {}
    for wanted, names in _imports(graph, scopes):
        for name in names:
            imported.setdefault(name, set()).add(wanted)
    strings = sorted({(module, ANY) for module in loaded(plain(content))})
    ties = {
        name: Tie(name in platform, tuple(sorted(imported.get(name, ()))))
        for name in sorted(scopes.scopes[MODULE].names)
        if strings or name in platform or name in imported
    }
    stars = tuple(sorted({star.module for star in scopes.stars}))
    return Ties(ties, stars, any(map(is_outside, scopes.stars)), tuple(strings))


def _of_platform(graph: Graph, scopes: Scopes) -> frozenset[str]:
    outside = (name for name, binding in graph.imports if is_outside(binding))
    free = graph.free if any(map(is_outside, scopes.stars)) else ()
    return frozenset(graph.closure([*graph.unbound, *outside, *_named_so(scopes), *free]))


def _named_so(scopes: Scopes) -> Iterator[str]:
    """Names of what is called a Durable Object, whoever's attribute that is."""
    for scope in scopes.scopes:
        for name, bindings in scope.names.items():
            held = (node for each in bindings for node in walk(each.node))
            if any(node.kind is Kind.ATTRIBUTE and FAMILY in node.text for node in held):
                yield name


def _imports(graph: Graph, scopes: Scopes) -> Iterator[tuple[Wanted, set[str]]]:
    """What each import brings from the repository, and the names that may stand for it."""
    whole = {_bound_by(each): each for each, _ in scopes.imports if each.bound is Bound.IMPORT}
    members = _members(scopes, frozenset(whole))
    for name, binding in graph.imports:
        if is_outside(binding) is not None:
            continue
        names = graph.closure([name])
        if binding.bound is Bound.FROM:
            yield (binding.module, binding.name), names
            continue
        yield from (((binding.module, member), names) for member in members.get(name, {ANY}))
    for binding in whole.values():
        if "." in binding.module and is_outside(binding) is None:
            yield (binding.module, ANY), graph.closure([_bound_by(binding)])
    for star in scopes.stars:
        yield from (((star.module, name), graph.closure([name])) for name in graph.free)


def _bound_by(binding: Binding) -> str:
    parts = binding.node.parts
    return parts[0].text if parts else binding.module.partition(".")[0]


def _members(scopes: Scopes, modules: frozenset[str]) -> Mapping[str, set[str]]:
    """The attributes read from modules; `ANY` where one is used in another way."""
    found: dict[str, set[str]] = {}
    for use in scopes.uses:
        if use.node.kind is Kind.NAME and use.node.text in modules:
            is_read = use.parent.kind is Kind.ATTRIBUTE
            found.setdefault(use.node.text, set()).add(use.parent.text if is_read else ANY)
    return found


def _pack(ties: Ties) -> object:
    names = {
        name: [tie.platform, list(map(list, tie.imported))] for name, tie in ties.names.items()
    }
    strings = list(map(list, ties.strings))
    return [names, list(ties.stars), ties.star_of_platform, strings]


def _unpack(data: object) -> Ties:
    match data:
        case [dict(names), list(stars), bool(platform), list(strings)]:
            if all(isinstance(each, str) for each in (*names, *stars)):
                ties = {name: _tie(tie) for name, tie in names.items()}
                return Ties(ties, tuple(stars), platform, _tie([False, strings]).imported)
    raise ValueError("these are no ties")


def _tie(data: object) -> Tie:
    # Read by the thousand, and `match` takes three times as long.
    if type(data) is not list:
        raise ValueError("this is no tie")
    platform, imported = data
    wanted = tuple([(module, name) for module, name in imported])
    if type(platform) is not bool or not all(type(each) is str for pair in wanted for each in pair):
        raise ValueError("this is no tie")
    return Tie(platform, wanted)


TIES = Extractor("what a file's names lead to", 5, _read, _pack, _unpack)
