"""What is left in one file of what should be gone, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.python import PYTHON, is_python
from gatekeeper_rules.code._disguise import SIGNS, is_escaped, python_may_say
from gatekeeper_rules.code._remains_in_python import absolute_names, remains_in_python
from gatekeeper_rules.code._remains_in_text import (
    is_binary,
    is_lock_file,
    is_prose,
    keys_in,
    names_in,
    words_in,
)
from gatekeeper_rules.code._remnant import Remnant, Sought, word_bytes
from gatekeeper_rules.code._settings import SETTINGS, is_configuration


@dataclass(frozen=True, slots=True)
class Search:
    """A search of one snapshot, or of a focus in it.

    `is_source_root` tells which folders are no packages.
    """

    snapshot: Snapshot
    sought: Sought
    is_source_root: Callable[[str], bool]
    focus: frozenset[str] | None = None

    def files(self) -> tuple[str, ...]:
        """The files that can hold anything that is sought."""
        needles = (*self.sought.needles, *SIGNS) if self.sought.needles else ()
        if self.focus is None or not needles:
            return self.snapshot.containing(needles)
        held = (path for path in sorted(self.focus) if path in self.snapshot)
        return tuple(path for path in held if self._holds(path, needles))

    def _holds(self, path: str, needles: tuple[bytes, ...]) -> bool:
        if not self.snapshot.entries[path].is_file:
            return False
        try:
            content = self.snapshot.read(path)
        except Unreadable:
            return True
        return any(needle in content for needle in needles)

    def remains(self, path: str) -> Iterator[Remnant]:
        """What is left in the file; raises `Unreadable` where that cannot be said."""
        content = self.snapshot.read(path)
        if is_python(path, content):
            if python_may_say(content, self.sought.needles):
                yield from self._in_python(path)
        elif is_configuration(path):
            yield from self._in_configuration(path, content)
        elif not is_prose(path) and not is_binary(path, content):
            yield from words_in(content, self.sought.names)

    def _in_python(self, path: str) -> Iterator[Remnant]:
        if self.sought.names or self.sought.imports:
            yield from remains_in_python(
                self.snapshot.facts(PYTHON, path),
                self.sought,
                lambda imported: absolute_names(path, imported, self.is_source_root),
            )

    def _in_configuration(self, path: str, content: bytes) -> Iterator[Remnant]:
        escaped = is_escaped(content, self.sought.needles)
        keys = frozenset(key for key in self.sought.keys if escaped or _could_be_set(key, content))
        if keys and not is_lock_file(path):
            yield from keys_in(self.snapshot.facts(SETTINGS, path), keys)
        if self.sought.names and not is_prose(path):
            try:
                settings = self.snapshot.facts(SETTINGS, path)
            except Unreadable:
                yield from words_in(content, self.sought.names)
            else:
                yield from names_in(settings, path, self.sought.names)


def _could_be_set(key: str, content: bytes) -> bool:
    return all(word_bytes(part) in content for part in key.split("."))
