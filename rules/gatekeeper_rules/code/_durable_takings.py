"""Whether a Python file could take a name from another, told from its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import dirname

from gatekeeper import InLine, Needle, Word, holds
from gatekeeper.source.python_modules import module_of, stem
from gatekeeper.source.python_spelling import says
from gatekeeper.value import dataclass

ANY = "*"
"""Whatever name there is."""

_ALL = InLine(rb"import[ \t\f\v]*[*\\]")
_BESIDE = InLine(rb"from[ \t\f\v]*[.\\]")
_BY_DOTS = re.compile(rb"from[\s\\]*\.[\s.\\]*import")


@dataclass(frozen=True)
class Taking:
    """Some names of a file, or any (`names` is empty then), as others would take them.

    `folder` is the one that the file is the package of; None where it is no package's.
    """

    stem: bytes
    names: tuple[bytes, ...]
    folder: str | None

    @classmethod
    def of(cls, path: str, names: Iterable[str]) -> Taking:
        """Of the file at `path`, where `ANY` among the names stands for all."""
        module = module_of(path)
        told = frozenset(names)
        wanted = () if ANY in told else tuple(sorted(each.encode() for each in told))
        folder = dirname(path) if module.endswith("/") else None
        return cls(stem(module).encode("utf-8", "surrogateescape"), wanted, folder)

    @property
    def needles(self) -> tuple[Needle, ...]:
        """What a file that takes one of them holds one of.

        A name that is none of ASCII has several spellings: then it is where that counts.
        """
        if self.names and all(map(bytes.isascii, self.names)):
            return (_ALL, *map(Word.of, self.names))
        own = (Word.of(self.stem),) if self.stem else ()
        return own if self.folder is None else (*own, _BESIDE)

    def takes(self, path: str, content: bytes) -> bool:
        """Whether a file, in plain letters, mentions both where and what, or takes all."""
        return (says(self.stem, content) or self._is_beside(path, content)) and (
            not self.names or holds(content, (*map(Word.of, self.names), _ALL))
        )

    def _is_beside(self, path: str, content: bytes) -> bool:
        """Whether a file of the package imports from it by dots alone."""
        if self.folder is None or not path.startswith(f"{self.folder}/" if self.folder else ""):
            return False
        return _BY_DOTS.search(content) is not None
