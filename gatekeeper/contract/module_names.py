"""The names that the prose has for modules: two ways to say one, and the paths of each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gatekeeper.contract.modules_guess import Terrain, escaped, is_plain, stems

_PATH = re.compile(r"[\w.@~*?-]+(?:/[\w.@~*?-]+)*/?")
PLACEHOLDER = "TODO"


class ModuleNames:
    """Names as they are met; the same thing said shorter or otherwise is one name.

    "validation" is "validation pipeline" where the prose says that somewhere: the words of
    one begin with the words of the other. "storage" alone is not "artifact storage".
    """

    def __init__(self) -> None:
        self._met: dict[tuple[str, ...], str] = {}

    def meet(self, name: str) -> str:
        """`name`, kept for later."""
        self._met.setdefault(stems(name), name)
        return name

    def settled(self, name: str) -> str:
        """The fullest of the names met that says the same as `name`."""
        words = stems(name)
        fuller = [met for met in self._met if words and met[: len(words)] == words]
        return self._met[max(fuller, key=len)] if fuller else name


def patterns_of(name: str, terrain: Terrain, paths: Sequence[str]) -> tuple[str, ...]:
    """The gitignore patterns of a module: of the path that its name is, or guessed from it."""
    folder = name.strip("/") + "/"
    if is_plain(folder) and any(path.startswith(folder) for path in paths):
        return (f"{escaped(folder)}**",)
    if is_plain(name) and name in paths:
        return (escaped(name),)
    if "/" in name and _PATH.fullmatch(name):
        return (f"{name}**" if name.endswith("/") else name,)
    return terrain.find(name)


def placeholder(name: str) -> str:
    """A pattern that stands for what a person has to fill in; it matches nothing."""
    return f"{PLACEHOLDER}/{'-'.join(re.findall(r'[a-z0-9]+', name.lower()))}/**"
