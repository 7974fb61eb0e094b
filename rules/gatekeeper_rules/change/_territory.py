"""The paths that a module of the contract stands for, and what lies above them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from gatekeeper import Patterns, literal_prefix
from gatekeeper.value import dataclass
from gatekeeper_rules.change._tree import folded

if TYPE_CHECKING:
    from gatekeeper_rules.change._listing import Paths


@dataclass(frozen=True)
class Territory:
    """A module of the contract, by name, as patterns.

    `src/artifacts/**` does not match `src/artifacts` itself; but a link or a submodule at
    that path, or at `src`, decides what the module is. `reaches` is exact about this as far
    as the patterns are literal; `may_reach` also counts what a wildcard could stand for.
    """

    name: str
    patterns: Patterns

    @cached_property
    def folders(self) -> tuple[str, ...]:
        """What the patterns begin with, as far as that is literal."""
        wanted = (line for line in self.patterns.lines if not line.startswith("!"))
        return tuple(folder for line in wanted if (folder := _folder(line)) is not None)

    def files(self, paths: Paths) -> tuple[str, ...]:
        """Those of `paths` that are the module's."""
        return tuple(path for path in self._candidates(paths) if self.has(path))

    def _candidates(self, paths: Paths) -> Iterable[str]:
        if self._is_anywhere:
            return paths.paths
        below = (path for folder in self.folders for path in paths.below(folder))
        return dict.fromkeys((*self.folders, *below))

    @cached_property
    def _is_anywhere(self) -> bool:
        """Whether a pattern could match in any folder."""
        wanted = [line for line in self.patterns.lines if not line.startswith("!")]
        return len(self.folders) < len(wanted) or "" in self.folders

    def has(self, path: str) -> bool:
        """Whether the file `path` is one of the module's."""
        return self.patterns.match(path)

    def holds(self, path: str) -> bool:
        """Whether `path` is one of the module's, as a file or as a folder."""
        return self.patterns.match(path) or self.patterns.match(f"{path}/")

    def is_below(self, path: str) -> bool:
        """Whether `path` is, by its name, a folder that the module is in, or is all of."""
        above = f"{path}/"
        return any(f"{folder}/".startswith(above) for folder in self.folders)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """What Python outside must say to import from here, one for each pattern; empty: anything.

        A file in the same folder, or below, need not say the folder's name.
        """
        return tuple(dict.fromkeys(map(_stem, self.patterns.lines)))

    def reaches(self, path: str) -> bool:
        """Whether a link or a submodule at `path` would decide what the module is."""
        return self.holds(path) or self.is_below(path)

    def may_be_meant(self, path: str) -> bool:
        """Whether `path` could be the module's where file names are not told apart by case."""
        plain = f"{folded(path)}/"
        return self._is_anywhere or any(
            plain.startswith(f"{folded(folder)}/") for folder in self.folders
        )

    def may_reach(self, path: str) -> bool:
        """Whether something below `path` could be the module's."""
        inside = f"{path}/"
        return self.reaches(path) or any(
            not folder or inside.startswith(f"{folder}/") for folder in self.folders
        )


def _stem(pattern: str) -> str:
    body = pattern.strip("/").removesuffix("/**")
    literal = not pattern.startswith("!") and "/" in body and literal_prefix(pattern) == body
    return body.rpartition("/")[2].partition(".")[0] if literal else ""


def _folder(pattern: str) -> str | None:
    """The literal path that a pattern begins with, without a component cut by a wildcard."""
    prefix = literal_prefix(pattern)
    body = pattern.strip("/")
    if prefix is None or body == prefix or body.startswith(f"{prefix}/"):
        return prefix
    return prefix.rpartition("/")[0]
