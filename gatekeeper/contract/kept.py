"""A binding and a contract's prose as facts about a blob: read once, and kept for a hook."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from gatekeeper.cache import Extractor
from gatekeeper.contract.nodes import Listing, Node, Problems, Refused, Table, Text
from gatekeeper.errors import ConfigurationError, Problem
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import Clause, Place, Prose
from gatekeeper.value import replace

Told = tuple[Problem, ...]
Nodes = tuple[Node | None, Told]


def nodes_of(files: Mapping[str, bytes], path: str) -> Nodes:
    """A YAML file as nodes, None where nothing can be read, and what is wrong with it.

    Raises what reading from `files` does.
    """
    root, told = files.facts(_YAML, path) if isinstance(files, Snapshot) else _nodes(files[path])
    return root, tuple(replace(problem, path=path) for problem in told)


def prose_of(files: Mapping[str, bytes], path: str) -> Prose:
    """A contract's prose; raises ConfigurationError, and what reading from `files` does."""
    said = files.facts(_PROSE, path) if isinstance(files, Snapshot) else _prose(files[path])
    if not isinstance(said, Prose):
        raise ConfigurationError(tuple(replace(problem, path=path) for problem in said))
    clauses = (replace(each, place=replace(each.place, path=path)) for each in said.clauses)
    return replace(said, path=path, clauses=tuple(clauses))


# One content can stand at two paths, so these facts name none.


@lru_cache(maxsize=8)
def _nodes(content: bytes) -> Nodes:
    from gatekeeper.contract.yaml_source import read_yaml

    problems = Problems("")
    return read_yaml(content, problems), problems.all()


def _prose(content: bytes) -> Prose | Told:
    from gatekeeper.contract.prose import read_prose

    try:
        return read_prose(content, "")
    except ConfigurationError as refused:
        return refused.problems


def _pack_nodes(nodes: Nodes) -> object:
    root, told = nodes
    return None if root is None or told else _packed(root)


def _packed(node: Node) -> list[object]:
    match node:
        case Text():
            return [node.line, node.column, node.text, node.quoted]
        case Listing():
            return [node.line, node.column, [_packed(item) for item in node.items]]
        case Table():
            entries = [[_packed(key), _packed(value)] for key, value in node.entries]
            return [node.line, node.column, None, entries]
        case Refused():
            raise ValueError("what is refused has a problem, and is not kept")


def _unpacked(data: object) -> Node:
    match data:
        case [int(line), int(column), str(text), bool(quoted)]:
            return Text(text, line, column, quoted)
        case [int(line), int(column), list(items)]:
            return Listing(tuple(_unpacked(item) for item in items), line, column)
        case [int(line), int(column), None, list(entries)]:
            return Table(tuple(_entry(entry) for entry in entries), line, column)
    raise ValueError("this is no node")


def _entry(data: object) -> tuple[Text, Node]:
    match data:
        case [key, value]:
            name = _unpacked(key)
            if isinstance(name, Text):
                return name, _unpacked(value)
    raise ValueError("this is no entry of a table")


def _pack_prose(prose: Prose | Told) -> object:
    if not isinstance(prose, Prose):
        return None
    return [prose.title, prose.sha256, [_pack_clause(each) for each in prose.clauses]]


def _pack_clause(clause: Clause) -> list[object]:
    place = clause.place
    numbers = [place.line, place.column, clause.end_line]
    return [clause.id, clause.section, clause.says, *numbers, clause.context]


def _unpack_prose(data: object) -> Prose | Told:
    match data:
        case [str(title), str(sha256), list(clauses)]:
            return Prose("", title, tuple(_clause(each) for each in clauses), sha256)
    raise ValueError("this is no prose")


def _clause(data: object) -> Clause:
    match data:
        case [str(name), str(section), str(says), int(line), int(column), int(end), bool(scene)]:
            return Clause(name, section, says, Place("", line, column), end, scene)
    raise ValueError("this is no clause")


_YAML = Extractor(
    "yaml", 1, lambda content, _: _nodes(content), _pack_nodes, lambda data: (_unpacked(data), ())
)
_PROSE = Extractor("prose", 1, lambda content, _: _prose(content), _pack_prose, _unpack_prose)
