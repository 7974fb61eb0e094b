"""What a linter or type checker said, warning by warning."""

from __future__ import annotations

from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning or error. `path` is relative to the root; `line` and `column` are from 1."""

    path: str
    line: int | None
    column: int | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What a tool said of the files it looked at; `tool` names it with its version.

    `files` are the paths that it is known to have looked at; `unread` are those that it was
    given and passed over, each of which could hold anything.
    """

    tool: str
    warnings: tuple[Warned, ...]
    files: frozenset[str]
    unread: frozenset[str] = frozenset()
