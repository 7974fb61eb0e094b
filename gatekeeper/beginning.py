"""Where a stage began: the commit that the goals of its contract are judged from."""

from __future__ import annotations

from gatekeeper.change import Change
from gatekeeper.repository import Repository
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import Adoption, Standing


def beginning(repository: Repository, change: Change, standing: Standing) -> Snapshot:
    """The parent of the commit that adopted the contract, or what came later than that.

    A contract can be committed on top of any old commit and merged in from there; what the
    branch had by then was there when the stage began, and is no output of it.
    """
    at_base = standing.adoption is Adoption.AT_BASE and change.base.commit is not None
    if at_base:
        start = _before_the_arrival(repository, change.base, standing.agreed.prose.path)
    elif standing.commit is not None:
        start = _within_the_range(repository, change, standing.commit)
    else:
        return change.base
    return repository.empty() if start is None else repository.commit(start)


def _before_the_arrival(repository: Repository, base: Snapshot, path: str) -> str | None:
    """Before the contract came to the branch, on whose side it was first committed or not."""
    assert base.commit is not None
    commits = repository.commits
    added, arrived = commits.introduced(base.commit, path), commits.arrived(base.commit, path)
    if added is None or arrived is None:
        return base.commit
    before, after = repository.parent(added), repository.parent(arrived)
    if before is not None and after is not None and commits.is_ancestor(after, before):
        return before
    return after


def _within_the_range(repository: Repository, change: Change, adopted: str) -> str | None:
    before, base, head = repository.parent(adopted), change.base.commit, change.head.commit
    if base is None or head is None:
        return before
    forks = repository.commits.merge_bases(base, head)
    if before is None or not all(repository.commits.is_ancestor(each, before) for each in forks):
        return next(iter(forks), before)
    return before
