"""The keys and values of configuration files (JSON, JSONC, TOML, YAML), with their places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gatekeeper import Extractor, Unreadable
from gatekeeper.source import jsonc, toml_source
from gatekeeper.source.located import Array, Node, Scalar, Table, decoded

if TYPE_CHECKING:
    import yaml

_DEEPEST = 100
_JSON = (".json", ".jsonc", ".json5", ".webmanifest")
_TOML = (".toml",)
_YAML = (".yaml", ".yml")


class Setting(NamedTuple):
    """A key, or a text that is a value; `above` are the keys around it, outermost first.

    The places in a list are no keys: `above` is the same for each of them.
    """

    above: tuple[str, ...]
    text: str
    line: int
    column: int
    is_key: bool = False

    @property
    def dotted(self) -> str:
        """The key with those around it: `durable_objects.bindings`."""
        return ".".join((*self.above, self.text))


def is_configuration(path: str) -> bool:
    """Whether the name of a file says that `SETTINGS` can read it."""
    return path.lower().endswith((*_JSON, *_TOML, *_YAML))


def _read(content: bytes, path: str) -> tuple[Setting, ...]:
    lower = path.lower()
    if lower.endswith(_YAML):
        return tuple(_of_yaml(content, path))
    node = toml_source.parse(content, path) if lower.endswith(_TOML) else jsonc.parse(content, path)
    return tuple(_of_node(node, ()))


def _of_node(node: Node, above: tuple[str, ...]) -> Iterator[Setting]:
    match node:
        case Scalar():
            if isinstance(node.value, str):
                yield Setting(above, node.value, node.span.line, node.span.column)
        case Array():
            for item in node.items:
                yield from _of_node(item, above)
        case Table():
            for member in node:
                place = member.key_span
                yield Setting(above, member.key, place.line, place.column, is_key=True)
                yield from _of_node(member.value, (*above, member.key))


class _Frame:
    """A YAML collection that is being read; `key` is None while a mapping awaits one."""

    __slots__ = ("above", "key", "mapping")

    def __init__(self, above: tuple[str, ...], *, mapping: bool) -> None:
        self.above = above
        self.mapping = mapping
        self.key: str | None = None

    @property
    def inside(self) -> tuple[str, ...]:
        """The keys around what comes next."""
        return (*self.above, self.key) if self.key is not None else self.above


def _of_yaml(content: bytes, path: str) -> Iterator[Setting]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    frames: list[_Frame] = []
    try:
        for event in yaml.parse(decoded(content, path), Loader=loader):
            line, column = _place(event)
            above = frames[-1].inside if frames else ()
            if isinstance(event, yaml.CollectionStartEvent):
                frames.append(_Frame(above, mapping=isinstance(event, yaml.MappingStartEvent)))
                if len(frames) > _DEEPEST:
                    raise Unreadable(path, f"it is nested more than {_DEEPEST} deep", line)
            elif isinstance(event, yaml.CollectionEndEvent):
                frames.pop()
                _pass(frames, "")
            elif isinstance(event, yaml.ScalarEvent):
                yield Setting(above, event.value, line, column, is_key=_awaits_key(frames))
                _pass(frames, event.value)
            elif isinstance(event, yaml.AliasEvent):
                _pass(frames, "")
    except yaml.YAMLError as error:
        raise Unreadable(path, f"it is no YAML: {str(error).partition(chr(10))[0]}") from None


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)


def _awaits_key(frames: list[_Frame]) -> bool:
    return bool(frames) and frames[-1].mapping and frames[-1].key is None


def _pass(frames: list[_Frame], text: str) -> None:
    """A node is over: in a mapping it was a key, or the value of one."""
    if frames and frames[-1].mapping:
        frames[-1].key = text if frames[-1].key is None else None


SETTINGS: Extractor[tuple[Setting, ...]] = Extractor("settings", 1, _read)
