"""The choice of base and head, from what was asked and the event that started the run."""

from __future__ import annotations

from gatekeeper.errors import GitError, HistoryMissing, UsageError
from gatekeeper.event import Event
from gatekeeper.history import WHOLE
from gatekeeper.repository import Repository
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass
from gatekeeper.verdict import Revision

REMOTE_HEAD = "refs/remotes/origin/HEAD"
DEFAULT_BRANCHES = (
    ("refs/remotes/origin/main", "refs/remotes/origin/master"),
    ("refs/heads/main", "refs/heads/master"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks to compare."""

    base: str | None = None
    head: str | None = None
    staged: bool = False
    worktree: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """A snapshot, and what it was asked for as."""

    rev: str
    snapshot: Snapshot

    @property
    def revision(self) -> Revision:
        """The side as a report tells it."""
        return Revision(self.rev, self.snapshot.commit, self.snapshot.tree)


@dataclass(frozen=True, slots=True)
class Choice:
    """Both sides, and a sentence on how they were chosen."""

    base: Side
    head: Side
    how: str


def choose(repository: Repository, request: Request, event: Event | None) -> Choice:
    """Base and head; what is asked for goes before what the event says."""
    if request.staged or request.worktree:
        return _uncommitted(repository, request)
    if request.base is not None:
        base, head = _commit(repository, request.base), _commit(repository, request.head or "HEAD")
        return Choice(base, head, f"base is {base.rev} and head is {head.rev}, as given")
    if request.head is not None or event is None:
        return _from_default_branch(repository, request.head or "HEAD")
    by_event = {"pull_request": _pull_request, "merge_group": _merge_group, "push": _push}
    return by_event[event.name](repository, event)


def _uncommitted(repository: Repository, request: Request) -> Choice:
    if request.staged and request.worktree:
        raise UsageError("--staged and --worktree exclude each other; give one of them")
    if request.head is not None:
        raise UsageError("--head cannot be given together with --staged or --worktree")
    snapshot = repository.index() if request.staged else repository.worktree()
    head = Side(snapshot.label, snapshot)
    if request.base is None and repository.lookup("HEAD") is None:
        how = f"there is no commit yet: base is nothing, head is {head.rev}"
        return Choice(_nothing(repository), head, how)
    base = _commit(repository, request.base or "HEAD")
    return Choice(base, head, f"base is {base.rev}, head is {head.rev}")


def _from_default_branch(repository: Repository, rev: str, hint: str = "") -> Choice:
    """From where a commit left the default branch; `hint` is the branch's likely name."""
    head = _commit(repository, rev)
    commit = repository.resolve(rev)
    branch, tip = _default_branch(repository, hint)
    fork, which = _fork(repository, (commit, tip), f"{rev} and {branch}")
    if fork == tip == commit and not repository.commits.header(commit).parents:
        how = f"{rev} is the first commit, and {branch} is at it: base is nothing"
        return Choice(_nothing(repository), head, how)
    how = f"base is the merge base of {rev} and {branch}{which}"
    return Choice(_commit(repository, fork), head, how)


def _fork(repository: Repository, tips: tuple[str, str], called: str) -> tuple[str, str]:
    """The newest commit that a branch was at and a change has, and a word on the choice.

    Mostly that is the merge base. A merge base on a side branch that was merged may hold any
    contract its author liked for a while; only the first parents of a branch were ever what
    people had agreed on.
    """
    found = repository.commits.merge_bases(*tips)
    if not found:
        raise GitError(f"{called} have no common history; give --base, the commit to compare with")
    fork = repository.commits.left_from(tips[1], found)
    if fork is None:
        raise GitError(
            f"{called} have a merge base only on side branches; "
            "give --base, the commit to compare with"
        )
    if fork not in found:
        return fork, ", or what the branch was at before that was merged into it"
    several = f", of {len(found)} the one that the branch itself was at"
    return fork, several if len(found) > 1 else ""


def _default_branch(repository: Repository, hint: str) -> tuple[str, str]:
    """The default branch as people write it, and the commit that it is at.

    Whoever can push a branch `HEAD`, or a `main` beside `master`, would choose the base: a
    remote's HEAD is asked only where it names a branch, and namesakes must be told apart.
    """
    hinted = (f"refs/remotes/origin/{hint}",) if hint else ()
    named = (REMOTE_HEAD,) if repository.names_branch(REMOTE_HEAD) else ()
    for names in (hinted, named, *DEFAULT_BRANCHES):
        tips = {name.split("/", 2)[2]: repository.lookup(name) for name in names}
        there = {name: tip for name, tip in tips.items() if tip is not None}
        if len(set(there.values())) > 1:
            raise GitError(
                f"the default branch could be {' or '.join(there)}; give --base, or have "
                "`git remote set-head origin --auto` ask which"
            )
        if there:
            return next(iter(there.items()))
    sought = (
        "there is no default branch here (origin/HEAD, origin/main, origin/master, main, master)"
    )
    if repository.shallow:
        raise HistoryMissing(f"{sought}, and the clone is shallow; {WHOLE}, or give --base")
    raise GitError(f"{sought}; `git fetch origin` it, or give --base")


def _pull_request(repository: Repository, event: Event) -> Choice:
    """The effect of the pull request: what its test merge adds to the branch it goes to.

    The target is not asked where it is now: that would charge the pull request with what
    others did meanwhile.
    """
    proposed = event.commit("pull_request", "head", "sha")
    head = _commit(repository, "HEAD")
    commit = repository.resolve("HEAD")
    parents = repository.commits.header(commit).parents
    if parents[1:] == (proposed,):
        base = _named(repository, parents[0], "`fetch-depth: 2` for actions/checkout brings it")
        return Choice(base, head, "base is the first parent of the pull request's test merge")
    if commit != proposed:
        raise GitError(
            f"HEAD is {commit[:12]}, which is neither the pull request's test merge nor its head "
            f"{proposed[:12]}; check out one of these, or give --base and --head"
        )
    target = _named(repository, event.commit("pull_request", "base", "sha"), WHOLE)
    called = "the pull request's head and its target"
    fork, which = _fork(repository, (commit, target.rev), called)
    return Choice(_commit(repository, fork), head, f"base is the merge base of {called}{which}")


def _merge_group(repository: Repository, event: Event) -> Choice:
    base = _named(repository, event.commit("merge_group", "base_sha"), WHOLE)
    head = _named(repository, event.commit("merge_group", "head_sha"), WHOLE)
    return Choice(base, head, "base and head are those of the merge group")


def _push(repository: Repository, event: Event) -> Choice:
    before, after = event.commit("before"), event.commit("after")
    if not after.strip("0"):
        raise GitError("this push deletes a branch: there is no head to judge")
    head = _named(repository, after, WHOLE)
    if before.strip("0"):
        advice = f"{WHOLE}; after a forced push it may be nowhere: give --base"
        return Choice(
            _named(repository, before, advice), head, "base is what was there before the push"
        )
    default = event.text("repository", "default_branch")
    if event.text("ref") == f"refs/heads/{default}":
        how = "this push is the first one of the default branch: base is nothing"
        return Choice(_nothing(repository), head, how)
    return _from_default_branch(repository, after, default)


def _named(repository: Repository, commit: str, advice: str) -> Side:
    """A commit that something other than a person names."""
    if repository.lookup(commit) is None:
        raise HistoryMissing(f"commit {commit} is not in this clone; {advice}")
    return _commit(repository, commit)


def _commit(repository: Repository, rev: str) -> Side:
    return Side(rev, repository.commit(rev))


def _nothing(repository: Repository) -> Side:
    empty = repository.empty()
    return Side(empty.label, empty)
