"""What a watch minds of a file: its path, what it holds or held, and how it was edited."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gatekeeper.patterns import Patterns
from gatekeeper.watch import PYTHON, Lines, Watch

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gatekeeper.source.suppression import Suppression


class Minding:
    """One watch, made ready to be asked of many files."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def path(self, path: str) -> bool:
        """Whether the path alone makes the file matter."""
        if self._scopes and not any(scope.match(path) for scope in self._scopes):
            return True
        if path.lower().endswith(self._watch.suffixes):
            return True
        if any(patterns.match(path) for patterns in self._paths):
            return True
        return any(_touches(patterns, folders, path) for patterns, folders in self._territories)

    def content(self, path: str, content: bytes) -> bool:
        """Whether the content makes the file matter."""
        return self._holds(path, content) or self._takes(path, content)

    def contents(self, path: str, before: bytes, after: bytes) -> bool:
        """Whether either of two contents makes the file matter."""
        both = either(before, after, self._longest)
        return self._holds(path, both) or self._takes(path, after) or self._takes(path, before)

    def edit(self, path: str, before: bytes, after: bytes, *, sound: bool = False) -> bool:
        """Whether the content makes the file matter that had another one before.

        With `sound`, that one is known to be Python that can be parsed.
        """
        if not self._watch.suppressions:
            return False
        from gatekeeper.source.suppression_edits import adds_none

        def read() -> Iterator[tuple[Suppression, ...]]:
            from gatekeeper.source.suppressions import SUPPRESSIONS

            return (SUPPRESSIONS.read(each, path) for each in (before, after))

        return not adds_none(path, before, after, read, sound=sound)

    def _holds(self, path: str, content: bytes) -> bool:
        """Whether it holds all pieces of a group, or a word that stands alone."""
        if not path.endswith(PYTHON) and any(piece in content for piece in self._elsewhere):
            return True
        groups = self._letters if content.isascii() else self._groups
        if any(all(piece in content for piece in pieces) for pieces in groups):
            return True
        return any(_says(word, content) for word in self._words)

    def _takes(self, path: str, content: bytes) -> bool:
        """Whether it takes from other files what may lead somewhere."""
        if self._watch.imports is None:
            return False
        from gatekeeper.source.python_taken import imports_of

        return not imports_of(path, content) <= self._watch.imports

    @cached_property
    def _groups(self) -> tuple[tuple[bytes, ...], ...]:
        groups = self._watch.pieces
        return tuple(tuple(piece.encode("latin-1") for piece in pieces) for pieces in groups)

    @cached_property
    def _letters(self) -> tuple[tuple[bytes, ...], ...]:
        """The groups that ASCII can hold."""
        return tuple(pieces for pieces in self._groups if all(map(bytes.isascii, pieces)))

    @cached_property
    def _elsewhere(self) -> tuple[bytes, ...]:
        return tuple(piece.encode("latin-1") for piece in self._watch.elsewhere)

    @cached_property
    def _words(self) -> tuple[bytes, ...]:
        return tuple(word.encode() for word in self._watch.words)

    @cached_property
    def _longest(self) -> int:
        pieces = (piece for group in self._groups for piece in group)
        return max(map(len, (*pieces, *self._elsewhere, *self._words)), default=0)

    @cached_property
    def _scopes(self) -> tuple[Patterns, ...]:
        return tuple(map(Patterns, self._watch.scopes))

    @cached_property
    def _paths(self) -> tuple[Patterns, ...]:
        return tuple(map(Patterns, self._watch.paths))

    @cached_property
    def _territories(self) -> tuple[tuple[Patterns, Lines], ...]:
        held = self._watch.territories
        return tuple((Patterns(patterns), folders) for patterns, folders in held)


def either(before: bytes, after: bytes, longest: int) -> bytes:
    """A text that holds what one of the two does: any piece of up to `longest` bytes.

    What both have is there once; in it, a word stands alone where it does in one of them.
    """
    most = min(len(before), len(after))
    start = _alike(before, after, most)
    end = _alike(before[::-1], after[::-1], most - start)
    margin = longest + 1  # with the character that stands beside it
    return after + b"\0" + before[max(start - margin, 0) : len(before) - end + margin]


def _alike(one: bytes, other: bytes, most: int) -> int:
    """How many bytes are the same at the beginning, `most` at the most."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if one[least:middle] == other[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _says(word: bytes, content: bytes) -> bool:
    if word not in content:
        return False
    from gatekeeper.needles import says

    return says(word, content)


def _touches(patterns: Patterns, folders: Lines, path: str) -> bool:
    """Whether a file of that name is of a module, stands where it is, or opens it to others."""
    if patterns.match(path) or patterns.match(f"{path}/") or _is_above(path, folders):
        return True
    folder, _, name = path.rpartition("/")
    if name != "__init__.py":
        return False
    inside = any(not each or f"{folder}/".startswith(f"{each}/") for each in folders)
    held = patterns.match(folder) or patterns.match(f"{folder}/")
    return inside or held or _is_above(folder, folders)


def _is_above(path: str, folders: Lines) -> bool:
    return any(f"{folder}/".startswith(f"{path}/") for folder in folders)
