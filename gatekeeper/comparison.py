"""What is compared with what, as a change and a sentence that tells it."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.change import Change
from gatekeeper.choice import Request, choose
from gatekeeper.event import read_event
from gatekeeper.repository import Repository
from gatekeeper.value import dataclass
from gatekeeper.verdict import Revision


@dataclass(frozen=True, slots=True)
class Comparison:
    """The change, both sides as they were resolved, and how they were chosen."""

    change: Change
    base: Revision
    head: Revision
    how: str


def compare(repository: Repository, request: Request, environ: Mapping[str, str]) -> Comparison:
    """The comparison that a request means in this repository.

    `environ` tells of the GitHub event. Raises UsageError for requests that exclude each
    other, HistoryMissing where a shallow clone hides the base, and GitError.
    """
    choice = choose(repository, request, read_event(environ))
    base, head, how = choice.base.snapshot, choice.head.snapshot, choice.how
    if base.commit is not None and base.commit == head.commit:
        how += "; they are the same commit, so there is nothing to compare"
    change = repository.change(base, head)
    return Comparison(change, choice.base.revision, choice.head.revision, how)


__all__ = ["Comparison", "Request", "compare"]
