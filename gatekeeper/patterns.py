"""Path patterns as people write them in a `.gitignore`, matched the way git matches them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import field
from typing import TYPE_CHECKING

from gatekeeper.value import dataclass

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_WILD = "*?[\\"


def literal_prefix(pattern: str) -> str | None:
    """What every path matched by `pattern` must begin with; None when nothing can be said.

    A pattern with a slash before its end is anchored at the root (gitignore(5)), so the
    text before its first wildcard is a prefix of every path it matches. The last, possibly
    partial, component may also stand for a folder, so the prefix is compared without its
    trailing slash.
    """
    body = pattern.lstrip("/")
    if "/" not in pattern.rstrip("/"):
        return None
    end = next((i for i, character in enumerate(body) if character in _WILD), len(body))
    return body[:end].rstrip("/")


@dataclass(frozen=True)
class Patterns:
    """Gitignore patterns, in order; a later `!pattern` takes paths out again.

    Matching is exact (pathspec); a literal-prefix test in front of it keeps pathspec from
    being imported at all when no path can match.
    """

    lines: tuple[str, ...]
    _compiled: list[GitIgnoreSpec] = field(
        default_factory=list, init=False, repr=False, compare=False, hash=False
    )

    def match(self, path: str) -> bool:
        """Whether `path` (relative to the root, `/` between its parts) is meant."""
        if not any(_may_match(line, path) for line in self.lines):
            return False
        # pathspec's expressions stop at a line feed, git's do not; no path holds a NUL.
        return self._spec().match_file(path.replace("\n", "\0"))

    def matching(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of `paths` that are meant, in their order."""
        return tuple(path for path in paths if self.match(path))

    def _spec(self) -> GitIgnoreSpec:
        if not self._compiled:
            from pathspec import GitIgnoreSpec

            with warnings.catch_warnings():
                # `[[]` is a literal bracket to git; Python only wonders about its future.
                warnings.simplefilter("ignore", FutureWarning)
                self._compiled.append(GitIgnoreSpec.from_lines(self.lines))
        return self._compiled[0]


def _may_match(pattern: str, path: str) -> bool:
    if pattern.startswith("!"):
        return False
    prefix = literal_prefix(pattern)
    return prefix is None or path.startswith(prefix)
