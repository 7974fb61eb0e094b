"""The work tree of a repository: what git would take for a part of it, and finding text in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gatekeeper.disk import Disk, FileSystem, Listed
from gatekeeper.git import Git
from gatekeeper.listing import decode, index_entries
from gatekeeper.location import Location
from gatekeeper.needles import Needle
from gatekeeper.search import reading, search_by_git
from gatekeeper.snapshot import Search

_LIST = ("ls-files", "-t", "-z", "--cached", "--others", "--exclude-standard")
_SPARSE = "S"
_SETTINGS = ("config", "-z", "--type=bool", "--get-regexp", r"^core\.(filemode|symlinks)$")


def read_disk(location: Location, nothing: str, stored: Mapping[str, bytes]) -> Disk:
    """The work tree of a repository; `nothing` is the empty tree's id, `stored` its blobs."""
    git = location.git
    tagged = [each.partition(" ") for each in decode(git.run(*_LIST)).split("\0")[:-1]]
    listed = Listed(
        index_entries(git, nothing),
        tuple(path for _, _, path in tagged),
        frozenset(path for tag, _, path in tagged if tag == _SPARSE),
    )
    answer = decode(git.ask(*_SETTINGS).out).split("\0")[:-1]
    settings = dict(each.split("\n") for each in answer)
    place = FileSystem(
        location.root,
        location.algorithm,
        executable_bit=settings.get("core.filemode") != "false",
        links=settings.get("core.symlinks") != "false",
    )
    return Disk(place, listed, stored, lambda path: _standing(git, location, path))


def search_on_disk(git: Git, disk: Disk) -> Search:
    """Search of a work tree: git knows what is as in the index, the rest is read."""
    index = disk.listed.index
    search_index = search_by_git(git, "--cached", index, disk.stored)

    def search(needles: Sequence[Needle]) -> tuple[str, ...]:
        same = (path for path in search_index(needles) if disk.entries.get(path) == index.get(path))
        return tuple(sorted({*same, *reading(disk.changed, disk, needles)}))

    return search


def _standing(git: Git, location: Location, path: str) -> str | None:
    """The commit that a repository inside this one has checked out."""
    inner = location.root / path
    there = git.within(inner, GIT_DIR=str(inner / ".git"), GIT_WORK_TREE=str(inner))
    answer = there.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return None if answer.code else decode(answer.out).strip()
