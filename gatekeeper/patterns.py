"""Path patterns as people write them in a `.gitignore`, matched the way git matches them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import takewhile

from gatekeeper.value import dataclass, field

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

Test = Callable[[str], bool]

_WILD = "*?[\\"


def literal_prefix(pattern: str) -> str | None:
    """What every path matched by `pattern` must begin with; None when nothing can be said.

    A pattern with a slash before its end is anchored at the root (gitignore(5)), so the
    text before its first wildcard is a prefix of every path it matches. The last, possibly
    partial, component may also stand for a folder, so the prefix is compared without its
    trailing slash.
    """
    pattern = pattern.rstrip(" ")  # which git does as well
    body = pattern.lstrip("/")
    if "/" not in pattern.rstrip("/"):
        return None
    end = next((i for i, character in enumerate(body) if character in _WILD), len(body))
    return body[:end].rstrip("/")


@dataclass(frozen=True)
class Patterns:
    """Gitignore patterns, in order; a later `!pattern` takes paths out again.

    Matching is exact (pathspec); a literal-prefix test in front of it keeps pathspec from
    being imported at all when no path can match, and so do patterns that are plain.
    """

    lines: tuple[str, ...]
    _compiled: list[GitIgnoreSpec] = field(
        default_factory=list, init=False, repr=False, compare=False, hash=False
    )

    def match(self, path: str) -> bool:
        """Whether `path` (relative to the root, `/` between its parts) is meant."""
        wanted, denied = self._tests
        possible = [test for prefix, test in wanted if path.startswith(prefix)]
        if not possible:
            return False
        if None not in possible and all(test is not None and not test(path) for test in denied):
            return any(test is not None and test(path) for test in possible)
        # pathspec's expressions stop at a line feed, git's do not; no path holds a NUL.
        return self._spec().match_file(path.replace("\n", "\0"))

    def matching(self, paths: Iterable[str]) -> tuple[str, ...]:
        """Those of `paths` that are meant, in their order."""
        return tuple(filter(self._quickest, paths))

    def candidates(
        self, paths: Iterable[str], below: Callable[[str], Iterable[str]]
    ) -> Iterator[str]:
        """At least all of `paths` that are meant; `below` gives those inside a folder."""
        tops = [_top(line) for line in self.lines if not line.startswith("!")]
        if not all(tops):
            yield from paths
            return
        for top in tops:
            yield top
            yield from below(top)

    @cached_property
    def _quickest(self) -> Test:
        """What `match` is; of a single plain pattern, its test alone."""
        match self._tests:
            case (("", test),), () if test is not None:
                return test
        return self.match

    @cached_property
    def _tests(self) -> tuple[tuple[tuple[str, Test | None], ...], tuple[Test | None, ...]]:
        """What matches must begin with, and the tests, of the patterns; the tests of denials."""
        wanted = [line for line in self.lines if not line.startswith("!")]
        denied = [line[1:] for line in self.lines if line.startswith("!")]
        prefixed = tuple((literal_prefix(line) or "", _plain(line)) for line in wanted)
        return prefixed, tuple(map(_plain, denied))

    def _spec(self) -> GitIgnoreSpec:
        if not self._compiled:
            from pathspec import GitIgnoreSpec

            with warnings.catch_warnings():
                # `[[]` is a literal bracket to git; Python only wonders about its future.
                warnings.simplefilter("ignore", FutureWarning)
                self._compiled.append(GitIgnoreSpec.from_lines(self.lines))
        return self._compiled[0]


def _top(pattern: str) -> str:
    """The path at which or below which all that a pattern matches lies; empty for anywhere."""
    pattern = pattern.rstrip(" ")
    if "/" not in pattern.rstrip("/"):
        return ""
    plain = takewhile(lambda part: not any(sign in part for sign in _WILD), pattern.split("/"))
    return "/".join(plain).strip("/")


def _plain(pattern: str) -> Test | None:
    """The test of a pattern without wildcards but for `*` and a last `/**`; None for others."""
    if pattern == "**":
        return bool
    folder, deep, rest = pattern.strip("/").partition("/**")
    if rest or any(sign in folder for sign in ("?", "[", "\\", "**", "//")) or not folder:
        return None
    if pattern.startswith(("#", "//")) or pattern.strip() != pattern or pattern.endswith("//"):
        return None
    anchored = "/" in pattern.rstrip("/")
    return _test(folder, anchored=anchored, inside=bool(deep) or pattern.endswith("/"))


def _test(body: str, *, anchored: bool, inside: bool) -> Test:
    """Whether a path is `body` (unless only what is `inside` of it counts) or lies in it."""
    if "*" in body:
        return _wild(body, anchored=anchored, inside=inside)
    start, end = f"/{body}/", "" if inside else "/"
    if anchored:
        return lambda path: f"/{path}{end}".startswith(start)
    return lambda path: start in f"/{path}{end}"


def _wild(body: str, *, anchored: bool, inside: bool) -> Test:
    if not anchored:
        return _part(body.split("*"), inside=inside)
    parts = ("[^/]+" if part == "*" else re.escape(part) for part in body.split("/"))
    end = "/.*" if inside else "(?:/.*)?"
    text = "/".join(part.replace(r"\*", "[^/]*") for part in parts)
    whole = re.compile(f"{text}{end}", re.DOTALL)
    return lambda path: whole.fullmatch(path) is not None


def _part(pieces: list[str], *, inside: bool) -> Test:
    """Whether a folder or file on the way is what stands between the stars, in this order."""
    first, *between, last = pieces
    least = len(first) + len(last)

    def fits(name: str) -> bool:
        if len(name) < least or not name.startswith(first) or not name.endswith(last):
            return False
        at, end = len(first), len(name) - len(last)
        for piece in between:
            at = name.find(piece, at, end) + len(piece)
            if at < len(piece):
                return False
        return True

    return lambda path: any(map(fits, path.split("/")[: -1 if inside else None]))
