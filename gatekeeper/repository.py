"""A git repository as gatekeeper reads it: snapshots, changes and commits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType

from gatekeeper.cache import Cache
from gatekeeper.change import Change, FileChange, History, Lines
from gatekeeper.errors import GitError, HistoryMissing, Unreadable
from gatekeeper.forest import Forest
from gatekeeper.git import Git
from gatekeeper.history import WHOLE, Commits
from gatekeeper.listing import (
    INDEX,
    Entries,
    empty_tree,
    raw_changes,
    unmerged,
)
from gatekeeper.location import Location, locate
from gatekeeper.objects import Objects
from gatekeeper.recall import Recall, search_over, sift_over
from gatekeeper.revision import abbreviation, candidates
from gatekeeper.search import search_by_git
from gatekeeper.snapshot import Sift, Snapshot
from gatekeeper.store import local_store
from gatekeeper.tree import Staged, Tree
from gatekeeper.value import dataclass, field, replace

INDEX_LABEL, WORKTREE_LABEL, NOTHING_LABEL = "the index", "the work tree", "nothing"

SHOWN = 10
"""How many paths a message names."""


@dataclass(frozen=True, eq=False)
class Repository:
    """A repository; its snapshots share one cache and one reader of objects.

    The reader is a process: close the repository, or use it in a `with`; one that is
    forgotten is closed when it is collected.
    """

    location: Location
    objects: Objects
    cache: Cache = field(default_factory=Cache)
    _listed: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def find(cls, start: Path, environ: Mapping[str, str], *, local: bool = False) -> Repository:
        """The repository around a folder; raises GitError when there is none.

        A `local` preview recalls the facts of earlier ones, and keeps its own when closed.
        """
        location = locate(start, environ)
        store = local_store(location.git_directory, environ) if local else None
        return cls(location, Objects(location.git), Cache(store))

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process that reads objects."""
        self.objects.close()
        if self.cache.store is not None:
            self.cache.store.save()

    @property
    def root(self) -> Path:
        """The top of the work tree, or the git directory of a bare repository."""
        return self.location.root

    @property
    def bare(self) -> bool:
        """Whether there is no work tree."""
        return self.location.bare

    @property
    def shallow(self) -> bool:
        """Whether this clone was given only the last commits."""
        return self.location.shallow

    def lookup(self, rev: str) -> str | None:
        """The full id of the commit that git itself knows by this name; None without one."""
        try:
            found = self.objects.find(f"{rev}^{{commit}}")
        except Unreadable as unreadable:
            raise GitError(f"git cannot tell what {rev!r} is: {unreadable.reason}") from None
        return found.oid if found is not None else None

    def resolve(self, rev: str) -> str:
        """The full id of the commit meant by `rev`; of two namesakes never the tag.

        Raises HistoryMissing where a shallow clone may hide it, else GitError.
        """
        if (short := abbreviation(rev)) is not None:
            self._check_is_no_name(short)
        found = {each: self.lookup(each) for each in candidates(rev, self.lookup)}
        ids = {oid for oid in found.values() if oid is not None}
        if len(ids) > 1:
            raise GitError(f"{rev!r} could be {' or '.join(found)}; give one of these in full")
        if ids:
            return ids.pop()
        if self.shallow:
            raise HistoryMissing(f"{rev!r} is not in this shallow clone; {WHOLE}")
        raise GitError(
            f"{rev!r} is no commit in {self.root}; `git log --all` shows which there are, "
            "`git fetch` brings those of a remote"
        )

    def _check_is_no_name(self, short: str) -> None:
        named = (self.lookup(each) for each in candidates(short, self.lookup))
        other = next((oid for oid in named if oid and not oid.startswith(short)), None)
        if other and self._git.run("rev-parse", f"--disambiguate={short}"):
            raise GitError(
                f"{short!r} is the name of commit {other} here, and begins the id of another "
                "object; give the commit's id, or the name from refs/ on, in full"
            )

    def names_branch(self, ref: str) -> bool:
        """Whether this reference only says which branch is meant, as a remote's HEAD does."""
        return self._git.ask("symbolic-ref", "--quiet", ref).code == 0

    def commit(self, rev: str) -> Snapshot:
        """The tree of a commit."""
        oid = self.resolve(rev)
        tree = self.commits.header(oid).tree
        return self._tree(f"commit {oid[:8]}", oid, tree)

    def index(self) -> Snapshot:
        """What a commit of the index would hold; raises GitError while it is in conflict."""
        if self.bare:
            raise GitError(f"{self.root} is a bare repository: it has no index")
        tip = self.lookup("HEAD")
        tree = self._nothing if tip is None else self.commits.header(tip).tree
        listed = self._staged(tree)
        if paths := unmerged(listed):
            shown = ", ".join(repr(path) for path in paths[:SHOWN])
            more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
            raise GitError(f"the index is in conflict at {shown}{more}; resolve and `git add` them")
        below = self._tree("HEAD", tip, tree)
        changed = {each.path: each.after for each in raw_changes(listed)}
        entries = Staged(below, changed)
        return Snapshot(
            INDEX_LABEL,
            entries,
            self.objects,
            search=search_over(below.containing, changed, self.objects),
            sift=sift_over(below.passing, changed),
            inside=entries.below,
            cache=self.cache,
        )

    def worktree(self) -> Snapshot:
        """The tracked and the untracked, not ignored files on disk."""
        if self.bare:
            raise GitError(f"{self.root} is a bare repository: it has no work tree")
        # Imported here: the hook on every commit asks for the index only.
        from gatekeeper.worktree import read_disk, search_on_disk

        disk = read_disk(self.location, self._nothing, self.objects)
        entries = Entries(lambda: disk.entries)
        search = search_on_disk(self._git, disk)
        return Snapshot(WORKTREE_LABEL, entries, disk, search=search, cache=self.cache)

    def empty(self) -> Snapshot:
        """The snapshot before the first commit."""
        return replace(Snapshot.of(NOTHING_LABEL, {}, cache=self.cache), tree=self._nothing)

    def change(self, base: Snapshot, head: Snapshot) -> Change:
        """Two snapshots of this repository, compared by git where it has both."""
        recall, given = partial(self._recall, base, head), self._given(base, head)
        return Change(base, head, self._differ, recall, given)

    def parent(self, commit: str) -> str | None:
        """The first parent; None for a root. Raises HistoryMissing where the clone ends."""
        return next(iter(self.commits.parents(self.resolve(commit))), None)

    def introduced(self, commit: str, path: str) -> str | None:
        """The commit that added `path`, there ever since; None where `commit` has it not."""
        return self.commits.introduced(self.resolve(commit), path)

    @cached_property
    def commits(self) -> Commits:
        """The commits that this clone holds."""
        return Commits(self._git, self.objects, self.shallow)

    @cached_property
    def _forest(self) -> Forest:
        return Forest(self._git)

    def _differ(self, before: bytes, after: bytes) -> Lines:
        from gatekeeper.lines import differ_by_git

        return differ_by_git(self._git, self.location.algorithm)(before, after)

    @property
    def _git(self) -> Git:
        return self.location.git

    @property
    def _nothing(self) -> str:
        return empty_tree(self.location.algorithm)

    def _given(self, base: Snapshot, head: Snapshot) -> tuple[FileChange, ...] | None:
        """The changed paths as git compares them; None where one side is only on disk."""
        if base.tree is None:
            return None
        if head.tree is not None:
            return self._forest.changes(base.tree, head.tree)
        if head.label == INDEX_LABEL:
            return raw_changes(self._staged(base.tree))
        return None

    def _tree(self, label: str, commit: str | None, tree: str) -> Snapshot:
        """The snapshot of a tree."""
        entries = Tree(self.objects, tree, lambda: self._forest.entries(tree))
        search = search_by_git(self._git, tree, entries, self.objects)
        sift: Sift = partial(self._forest.passing, tree)
        if self.cache.store is not None:
            recall = Recall(self.cache.store, self._git, entries)
            search, sift = recall.search(search, self.objects), recall.sift
        blobs, inside = self.objects, entries.below
        return Snapshot(label, entries, blobs, commit, tree, search, sift, inside, self.cache)

    def _staged(self, tree: str) -> bytes:
        """What the index has otherwise than a tree, as git lists it."""
        if tree not in self._listed:
            self._listed[tree] = self._git.run(*INDEX, tree)
        return self._listed[tree]

    def _recall(self, base: Snapshot, head: Snapshot) -> History:
        if head.commit is None:
            return History((), f"{head.label} is not a commit")
        if base.commit is None and base.label != NOTHING_LABEL:
            return History((), f"{base.label} is not a commit")
        return self.commits.history(base.commit, head.commit)
