"""A configuration file as located text, lists and tables; what a fault in it is collected into."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gatekeeper.errors import Problem
from gatekeeper.value import dataclass

MOST_PROBLEMS = 100


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, as text. Without `quoted`, empty text means that nothing was written."""

    text: str
    line: int
    column: int
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A sequence."""

    items: tuple[Node, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; its keys are all different."""

    entries: tuple[tuple[Text, Node], ...]
    line: int
    column: int

    def get(self, key: str) -> Node | None:
        """What stands at `key`."""
        return next((value for name, value in self.entries if name.text == key), None)

    def __iter__(self) -> Iterator[str]:
        return (key.text for key, _ in self.entries)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something whose problem is told already; nothing more is to be said of it."""

    line: int
    column: int


Node = Text | Listing | Table | Refused


class Problems:
    """Collects the problems of one file; counts those beyond the first hundred."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._found: dict[Problem, None] = {}
        self._more = 0

    def add(
        self, at: Node | tuple[int, int], message: str, hint: str | Callable[[], str] = ""
    ) -> None:
        """Notes a problem. A `hint` that takes work to find is given as a function."""
        line, column = at if isinstance(at, tuple) else (at.line, at.column)
        if len(self._found) >= MOST_PROBLEMS:
            self._more += 1
            return
        said = hint if isinstance(hint, str) else hint()
        self._found.setdefault(Problem(self.path, line, column, message, said))

    def include(self, problems: tuple[Problem, ...]) -> None:
        """Takes over problems that were found in another file."""
        self._found.update(dict.fromkeys(problems))

    def all(self) -> tuple[Problem, ...]:
        """Every problem once, in the order of files and lines."""
        found = sorted(self._found, key=lambda each: (each.path, each.line, each.column))
        if self._more:
            found.append(Problem(self.path, 1, 1, f"There are {self._more} more problems."))
        return tuple(found)
