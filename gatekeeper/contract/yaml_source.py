"""A strict YAML file as located nodes: nothing in it is constructed, guessed or referred to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from gatekeeper.contract.nodes import Listing, Node, Problems, Refused, Table, Text
from gatekeeper.contract.yaml_bytes import read_text, unprintable
from gatekeeper.contract.yaml_faults import ALIAS, ANCHOR, TAG, syntax_problem
from gatekeeper.errors import ConfigurationError, Problem

MOST_DEPTH = 20
MOST_NODES = 20_000

Loader = type[yaml.SafeLoader] | type[yaml.CSafeLoader]

# libyaml is in every wheel of PyYAML, and ten times faster; a PyYAML that was built without
# it reads the same.
FASTEST: Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PLAIN = (None, "")


def read_yaml(content: bytes, problems: Problems, loader: Loader = FASTEST) -> Node | None:
    """The one document of a file, as nodes; None where nothing of it can be read.

    What can be read in spite of a problem is read, so that all problems can be shown
    together. Adds to `problems` and raises nothing.
    """
    try:
        text = read_text(content, problems.path)
    except ConfigurationError as refused:
        problems.include(refused.problems)
        return None
    try:
        return _Composer(text, problems, loader).document()
    except ConfigurationError as refused:
        problems.include(refused.problems)
    except yaml.YAMLError as error:
        problems.include(_not_yaml(text, problems.path, error))
    return None


def _not_yaml(text: str, path: str, error: yaml.YAMLError) -> tuple[Problem, ...]:
    """What is wrong, in the words of the Python parser, whichever parser saw it first."""
    trial = Problems(path)
    try:
        _Composer(text, trial, yaml.SafeLoader).document()
    except yaml.YAMLError as same:
        return (syntax_problem(same, text, path),)
    except ConfigurationError as refused:
        return refused.problems
    return trial.all() or (syntax_problem(error, text, path),)


def _events(text: str, loader: Loader) -> Iterator[Event]:
    parser = loader(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


@dataclass
class _Composer:
    """Turns parser events into nodes, stopping as soon as there are too many or too deep.

    Events are pulled one by one, so a parser never gets to the part of a bomb that would
    cost it time.
    """

    text: str
    problems: Problems
    loader: Loader
    nodes: int = 0
    lines: list[str] = field(default_factory=list)

    def document(self) -> Node | None:
        self.lines = self.text.split("\n")
        self.events = _events(self.text, self.loader)
        next(self.events)
        if isinstance(next(self.events), StreamEndEvent):
            self.problems.add((1, 1), "The file is empty.", "gatekeeper init drafts one.")
            return None
        root = self._node(next(self.events), 1)
        next(self.events)
        if isinstance(event := next(self.events), DocumentStartEvent):
            message = "A second document begins here."
            self.problems.add(_place(event), message, "A file holds one: delete this line.")
        return root

    def _node(self, event: Event, depth: int) -> Node:
        place = _place(event)
        self._check_bounds(place, depth)
        if isinstance(event, AliasEvent):
            self.problems.add(place, *ALIAS)
            return Refused(*place)
        if isinstance(event, NodeEvent):
            self._check_properties(event, place)
        if isinstance(event, ScalarEvent):
            return self._text(event, place)
        if isinstance(event, SequenceStartEvent):
            return self._listing(place, depth)
        return self._table(place, depth)

    def _check_bounds(self, place: tuple[int, int], depth: int) -> None:
        self.nodes += 1
        if depth > MOST_DEPTH:
            self._stop(place, f"This is nested more than {MOST_DEPTH} levels deep.")
        if self.nodes > MOST_NODES:
            self._stop(place, f"The file holds more than {MOST_NODES:,} values.")

    def _stop(self, place: tuple[int, int], message: str) -> None:
        hint = "A binding is for people to read: make it smaller."
        raise ConfigurationError((Problem(self.problems.path, *place, message, hint),))

    def _check_properties(self, event: NodeEvent, place: tuple[int, int]) -> None:
        if event.anchor is not None:
            self.problems.add(place, *ANCHOR)
        if getattr(event, "tag", None) is not None:
            self.problems.add(place, *TAG)

    def _text(self, event: ScalarEvent, place: tuple[int, int]) -> Node:
        if unwanted := unprintable(event.value):
            self.problems.add(place, f"The text holds {unwanted}.", "Take the escape out.")
            return Refused(*place)
        return Text(event.value, *place, quoted=event.style not in _PLAIN)

    def _listing(self, place: tuple[int, int], depth: int) -> Listing:
        items = []
        while not isinstance(event := next(self.events), CollectionEndEvent):
            items.append(self._node(event, depth + 1))
        return Listing(tuple(items), *place)

    def _table(self, place: tuple[int, int], depth: int) -> Table:
        entries: dict[str, tuple[Text, Node]] = {}
        while not isinstance(event := next(self.events), CollectionEndEvent):
            is_pair = isinstance(event, MappingStartEvent | SequenceStartEvent)
            key = self._node(event, depth + 1)
            value = self._node(next(self.events), depth + 1)
            if is_pair:
                hint = "Use text as the key."
                self.problems.add(key, "A list or mapping cannot be a key here.", hint)
            elif isinstance(key, Text) and self._is_good_key(key, entries):
                entries[key.text] = (key, value)
        return Table(tuple(entries.values()), *place)

    def _is_good_key(self, key: Text, entries: dict[str, tuple[Text, Node]]) -> bool:
        if key.text in entries:
            first = entries[key.text][0].line
            message = f'The key "{key.text}" is given twice, first on line {first}.'
            self.problems.add(key, message, "Keep one of them.")
        elif key.text == "<<":
            self.problems.add(key, "A merge key (<<) is not allowed here.", "Write the keys out.")
        elif not key.text:
            self.problems.add(key, "There is no key before the colon.", "Name it.")
        elif _is_complex(self.lines, key):
            message = "A complex key (? ) is not allowed here."
            self.problems.add(key, message, 'Write "key: value".')
        else:
            return True
        return False


def _is_complex(lines: list[str], key: Text) -> bool:
    """Whether a `?` of its own stands before the key; the parsers do not say."""
    before = lines[key.line - 1][: key.column - 1].strip()
    above = key.line - 1
    while not before and above and lines[above - 1].partition("#")[0].strip() in ("", "?"):
        above -= 1
        before = lines[above].partition("#")[0].strip()
    return before.endswith("?")


def _place(event: Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
