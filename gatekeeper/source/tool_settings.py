"""The settings in tools' configuration files (TOML, JSON, INI, YAML), flat, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper.errors import Unreadable
from gatekeeper.source.located import Array, Node, Scalar, Table, decoded

if TYPE_CHECKING:
    import yaml

_INI = (".ini", ".cfg", ".flake8", ".coveragerc", "pylintrc", ".bandit")
_YAML = (".yml", ".yaml")
_NAMED_BY = ("module", "files", "includes", "include")
_SECTION = re.compile(r"\[([^\]]+)\]")
_ASSIGNS = re.compile(r"[:=]")
_COMMENT = re.compile(r"\s*[#;]")
_DEEPEST = 30
_MOST = 50_000


class Setting(NamedTuple):
    """A value and the keys that lead to it, outermost first.

    The items of a list have the keys of the list. A table in a list is named by what it says
    it is about (`module`, `files`), in angle brackets, or by its number. `listed` tells that
    the value is one of several in a list.
    """

    keys: tuple[str, ...]
    value: str
    line: int
    column: int
    listed: bool = False

    @property
    def dotted(self) -> str:
        """The keys in one word, a slash between them."""
        return "/".join(self.keys)


def settings_in(content: bytes, path: str) -> tuple[Setting, ...]:
    """Every value of a file; a file of no known kind is read as JSON, then as YAML.

    Raises `Unreadable` for what cannot be read, and for what goes on for ever.
    """
    name = path.rpartition("/")[2].lower()
    if name.endswith(_INI):
        return tuple(_of_ini(decoded(content, path)))
    if name.endswith(".toml"):
        from gatekeeper.source import toml_source

        return tuple(_of_node(toml_source.parse(content, path), ()))
    if name.endswith(_YAML):
        return tuple(_of_yaml(content, path))
    return _of_json_or_yaml(content, path, bare="." not in name[1:])


def _of_json_or_yaml(content: bytes, path: str, *, bare: bool) -> tuple[Setting, ...]:
    from gatekeeper.source import jsonc

    try:
        return tuple(_of_node(jsonc.parse(content, path), ()))
    except Unreadable:
        if not bare:
            raise
        return tuple(_of_yaml(content, path))


def _of_node(node: Node, keys: tuple[str, ...], *, listed: bool = False) -> Iterator[Setting]:
    match node:
        case Scalar():
            value = node.value
            said = str(value).lower() if isinstance(value, bool) or value is None else str(value)
            yield Setting(keys, said, node.span.line, node.span.column, listed)
        case Array():
            for number, item in enumerate(node.items):
                inner = (*keys, _named(item, number)) if isinstance(item, Table) else keys
                yield from _of_node(item, inner, listed=True)
        case Table():
            for member in node:
                yield from _of_node(member.value, (*keys, member.key))


def _named(table: Table, number: int) -> str:
    """What a table of a list is about, so that moving it within the list changes nothing."""
    for key in _NAMED_BY:
        held = table.get(key)
        if held is not None:
            said = held.items if isinstance(held, Array) else (held,)
            words = (str(each.value) for each in said if isinstance(each, Scalar))
            return f"<{', '.join(sorted(words))}>"
    return f"<{number}>"


def _of_ini(text: str) -> Iterator[Setting]:
    """As `configparser` reads it: a line that is indented goes on with the value before it."""
    section, option = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or _COMMENT.match(line):
            continue
        if line[0].isspace() and option:
            yield from _value(section, option, line, number)
        elif found := _SECTION.match(line):
            section, option = found.group(1).strip(), ""
        elif found := _ASSIGNS.search(line):
            option = line[: found.start()].strip()
            yield from _value(section, option, line[found.end() :].strip(), number)


def _value(section: str, option: str, said: str, line: int) -> Iterator[Setting]:
    said = re.split(r"\s[#;]", said, maxsplit=1)[0].strip()
    if said:
        yield Setting((section, option), said, line, 1)


def _of_yaml(content: bytes, path: str) -> Iterator[Setting]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(decoded(content, path), Loader=loader)
        settings = tuple(_bounded(_of_yaml_node(root, (), 0), path)) if root else ()
    except (yaml.YAMLError, RecursionError) as error:
        raise Unreadable(path, f"it is no YAML: {str(error).partition(chr(10))[0]}") from None
    yield from settings


def _bounded(settings: Iterable[Setting], path: str) -> Iterator[Setting]:
    for number, each in enumerate(settings):
        if number > _MOST:
            raise Unreadable(path, f"it holds more than {_MOST:,} values")
        yield each


def _of_yaml_node(
    node: yaml.Node, keys: tuple[str, ...], depth: int, *, listed: bool = False
) -> Iterator[Setting]:
    import yaml

    if depth > _DEEPEST:
        raise RecursionError("it is nested too deeply")
    if isinstance(node, yaml.ScalarNode):
        yield Setting(
            keys, str(node.value), node.start_mark.line + 1, node.start_mark.column + 1, listed
        )
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            inner = (*keys, f"<{number}>") if isinstance(item, yaml.MappingNode) else keys
            yield from _of_yaml_node(item, inner, depth + 1, listed=True)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _of_yaml_node(value, (*keys, str(key.value)), depth + 1)
