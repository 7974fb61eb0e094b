"""Names followed with the heritage of what they stand for, files read as that asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection

from gatekeeper.source.code_scopes import BASES
from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_values import Sort, Value, Values
from gatekeeper.source.python_names import Names
from gatekeeper.value import dataclass, field


@dataclass(frozen=True, eq=False)
class Reading:
    """Reads, once each, the files that names depend on; `take` adds one to the names."""

    names: Names
    take: Callable[[str], None]
    _asked: set[str] = field(default_factory=set)
    _seen: set[Value] = field(default_factory=set)

    def read(self, path: str) -> None:
        """Take a file in, if nobody has asked for it yet."""
        if path not in self._asked:
            self._asked.add(path)
            self.take(path)

    def follow(self, keys: Collection[Key]) -> None:
        """Read all that names and their heritage depend on; then what they stand for holds."""
        while True:
            count = len(self._asked)
            for key in keys:
                self._followed(key)
            if len(self._asked) == count:
                return
            self.names.restart()
            self._seen.clear()

    def _followed(self, key: Key) -> None:
        waiting = list(self._worth(key) - self._seen)
        self._seen.update(waiting)
        while waiting:
            current = waiting.pop()
            if current.sort is Sort.CLASS:
                fresh = self._worth(Key(current.text, current.scope, BASES)) - self._seen
                self._seen.update(fresh)
                waiting.extend(fresh)

    def _worth(self, key: Key) -> Values:
        for path in sorted(self.names.lacking(key)):
            self.read(path)
        return self.names.worth(key)
