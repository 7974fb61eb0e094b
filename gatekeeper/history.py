"""The commits of a repository: what they descend from, and which paths they touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from gatekeeper.change import Commit, History
from gatekeeper.errors import GitError, HistoryMissing
from gatekeeper.git import Git
from gatekeeper.listing import RAW, decode
from gatekeeper.objects import Objects
from gatekeeper.value import dataclass

WHOLE = (
    "fetch the whole history: `fetch-depth: 0` for actions/checkout, "
    "`git fetch --unshallow` in a clone"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The tree and the parents that a commit object itself names, whatever a clone hides."""

    tree: str
    parents: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Commits:
    """The commits that a clone holds."""

    git: Git
    objects: Objects
    shallow: bool

    def header(self, commit: str) -> Header:
        """What a commit object says of itself; raises GitError where there is none."""
        found = self.objects.find(commit)
        if found is None or found.kind != "commit":
            raise GitError(f"there is no commit {commit} in this clone")
        lines = decode(found.content.partition(b"\n\n")[0]).split("\n")
        named = [line.partition(" ") for line in lines]
        trees = [oid for key, _, oid in named if key == "tree"]
        return Header(trees[0], tuple(oid for key, _, oid in named if key == "parent"))

    def parents(self, commit: str) -> tuple[str, ...]:
        """The parents of a commit, all of them in this clone; raises HistoryMissing."""
        parents = self.header(commit).parents
        missing = next((each for each in parents if self.objects.find(each) is None), None)
        if missing is not None:
            raise HistoryMissing(
                f"commit {missing}, a parent of {commit}, is not in this clone; {WHOLE}"
            )
        return parents

    def merge_bases(self, one: str, other: str) -> tuple[str, ...]:
        """The best common ancestors of two commits; none when they share no history.

        Raises HistoryMissing where the clone hides commits that could say otherwise.
        """
        answer = self.git.ask("merge-base", "--all", one, other)
        if answer.code > 1:
            raise GitError(f"git merge-base {one} {other} failed: {answer.complaint}")
        bases = tuple(decode(answer.out).split())
        hidden = self._hidden(self._between(bases, (one, other))) if self.shallow else None
        if hidden is not None:
            raise HistoryMissing(
                f"the common ancestor of {one[:12]} and {other[:12]} cannot be known: {hidden}"
            )
        return bases

    def left_from(self, tip: str, bases: tuple[str, ...]) -> str | None:
        """The newest commit that a branch at `tip` was at and that one of `bases` descends from.

        What a branch was at, one after the other, are its first parents. None where `bases`
        descend from none of them.
        """
        without = (f"^{each}" for each in bases)
        listed = self.git.run("rev-list", "--first-parent", "--topo-order", tip, *without, "--")
        since = decode(listed).split()
        return next(iter(self.parents(since[-1])), None) if since else tip

    def history(self, base: str | None, head: str) -> History:
        """The commits that `head` has and `base` has not; None for a base without commits."""
        parents = self._between((base,) if base else (), (head,))
        paths = self._touched(parents)
        commits = tuple(Commit(each, parents[each], paths.get(each, ())) for each in parents)
        hidden = self._hidden(parents) if self.shallow else None
        if hidden is None and base and not self.git.ask("merge-base", base, head).out:
            hidden = f"{base[:12]} and {head[:12]} have no common ancestor"
        return History(commits, hidden)

    def introduced(self, commit: str, path: str) -> str | None:
        """The commit that added `path`, which has been there ever since; None without it.

        Of two that added it on two sides of a merge, the one on the side that was merged
        into (the first parent's). Dates play no part.
        """
        if not self._has(commit, path):
            return None
        listed = decode(self.git.run("rev-list", "--topo-order", "--parents", commit, "--", path))
        lines = [line.split(" ") for line in listed.splitlines()]
        before = {line[0]: tuple(line[1:]) for line in lines}
        at = lines[0][0]
        while any(self._has(parent, path) for parent in self.parents(at)):
            older = (each for each in before[at] if self._has(each, path))
            at = next(older, "")
            if not at:
                raise GitError(f"git does not tell where {path!r} was added; try `git fsck`")
        return at

    def arrived(self, commit: str, path: str) -> str | None:
        """The commit by which `path` came to a branch at `commit`; None without it.

        That is the merge, where it was added on a side: first parents alone are followed.
        """
        if not self._has(commit, path):
            return None
        listed = self.git.run("rev-list", "--first-parent", commit, "--", path)
        for at in decode(listed).split():
            if not any(self._has(parent, path) for parent in self.parents(at)[:1]):
                return at
        raise GitError(f"git does not tell where {path!r} came from; try `git fsck`")

    def is_ancestor(self, one: str, other: str) -> bool:
        """Whether `other` is `one` or descends from it."""
        return self.git.ask("merge-base", "--is-ancestor", one, other).code == 0

    def _has(self, commit: str, path: str) -> bool:
        if "\n" not in path:
            found = self.objects.find(f"{commit}:{path}")
            return found is not None and found.kind != "tree"
        listed = decode(self.git.run("ls-tree", "-z", "--full-tree", commit, "--", path))
        return any(each.partition("\t")[2] == path for each in listed.split("\0"))

    def _between(
        self, excluded: Iterable[str], included: Iterable[str]
    ) -> Mapping[str, tuple[str, ...]]:
        """The commits of a range with their parents, parents before children."""
        wanted = [*included, *(f"^{each}" for each in excluded)]
        listed = self.git.run("rev-list", "--topo-order", "--reverse", "--parents", *wanted, "--")
        lines = (line.split(" ") for line in decode(listed).splitlines())
        return {first: tuple(parents) for first, *parents in lines}

    def _touched(self, commits: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """The paths in which each commit differs from all of its parents."""
        asked = "".join(f"{each}\n" for each in commits).encode("ascii")
        listed = self.git.run("diff-tree", "--stdin", "--root", "-c", *RAW, stdin=asked)
        touched: dict[str, list[str]] = {}
        paths: list[str] = []
        fields = iter(decode(listed).split("\0"))
        for field in fields:
            if field.startswith(":"):
                paths.append(next(fields))
            elif field:
                paths = touched.setdefault(field, [])
        return {commit: tuple(found) for commit, found in touched.items()}

    def _hidden(self, commits: Iterable[str]) -> str | None:
        cut = next((each for each in commits if each in self._boundary), None)
        if cut is None:
            return None
        return f"the clone is shallow and ends at {cut[:12]}; {WHOLE}"

    @cached_property
    def _boundary(self) -> frozenset[str]:
        """The commits whose parents a shallow clone was not given (gitformat: "shallow")."""
        path = decode(self.git.run("rev-parse", "--git-path", "shallow")).removesuffix("\n")
        try:
            return frozenset(Path(self.git.cwd, path).read_text("ascii").split())
        except (OSError, ValueError) as error:
            raise GitError(
                f"the list of a shallow clone's last commits is unreadable: {error}"
            ) from None
