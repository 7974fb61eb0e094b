"""Which two snapshots are compared when a person asks, and how that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.comparison import Request, compare
from gatekeeper.errors import GitError, HistoryMissing, UsageError
from tests.opened import Open, forked, ids
from tests.repositories import RepositoryBuilder


def test_a_branch_is_compared_with_where_it_left_the_default_branch(
    built: RepositoryBuilder, open_it: Open
) -> None:
    fork, _, work = forked(built)

    found = compare(open_it(built), Request(), {})

    assert (fork, work) == ids(found)
    assert {"work.txt"} == set(found.change.files)
    assert found.how == "base is the merge base of HEAD and main"
    assert built.git("rev-parse", "work^{tree}") == found.head.tree


def test_base_and_head_are_taken_as_given(built: RepositoryBuilder, open_it: Open) -> None:
    _, main, work = forked(built)

    found = compare(open_it(built), Request(base="main", head="work"), {})

    assert (main, work) == ids(found)
    assert {"work.txt", "main.txt"} == set(found.change.files)
    assert found.how == "base is main and head is work, as given"
    assert ("main", "work") == (found.base.rev, found.head.rev)


def test_a_head_alone_is_compared_with_the_default_branch(
    built: RepositoryBuilder, open_it: Open
) -> None:
    fork, _, work = forked(built)
    built.git("checkout", "--quiet", "main")

    assert (fork, work) == ids(compare(open_it(built), Request(head="work"), {}))


def test_a_base_alone_is_compared_with_head(built: RepositoryBuilder, open_it: Open) -> None:
    fork, main, work = forked(built)

    assert (main, work) == ids(compare(open_it(built), Request(base="main"), {}))
    assert (fork, work) == ids(compare(open_it(built), Request(base=fork), {}))


@pytest.mark.parametrize(
    ("request_", "how"),
    [
        (Request(staged=True), "base is HEAD, head is the index"),
        (Request(worktree=True), "base is HEAD, head is the work tree"),
        (Request(base="main", staged=True), "base is main, head is the index"),
    ],
    ids=["staged", "work tree", "staged against a base"],
)
def test_what_is_not_committed_is_compared_with_head(
    built: RepositoryBuilder, open_it: Open, request_: Request, how: str
) -> None:
    forked(built)
    built.write("new.txt", "new")
    built.stage()

    found = compare(open_it(built), request_, {})

    assert "new.txt" in found.change.files
    assert (how, None) == (found.how, found.head.commit)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (Request(staged=True, worktree=True), "--staged and --worktree exclude each other"),
        (Request(head="HEAD", staged=True), "--head cannot be given together with --staged"),
    ],
    ids=["staged and work tree", "staged and head"],
)
def test_requests_that_exclude_each_other_are_refused(
    built: RepositoryBuilder, open_it: Open, request_: Request, reason: str
) -> None:
    forked(built)

    with pytest.raises(UsageError, match=reason):
        compare(open_it(built), request_, {})


@pytest.mark.parametrize("request_", [Request(staged=True), Request(worktree=True)], ids=repr)
def test_before_the_first_commit_the_base_is_nothing(
    built: RepositoryBuilder, open_it: Open, request_: Request
) -> None:
    built.write("a.txt", "one")
    built.stage()

    found = compare(open_it(built), request_, {})

    assert ({"a.txt"}, None) == (set(found.change.files), found.base.commit)
    assert found.how.startswith("there is no commit yet: base is nothing")


def test_the_first_commit_of_the_default_branch_is_compared_with_nothing(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("a.txt", "one")
    first = built.commit("first")

    found = compare(open_it(built), Request(), {})

    assert (None, first) == ids(found)
    assert {"a.txt"} == set(found.change.files)
    assert [first] == [commit.id for commit in found.change.history.commits]
    assert found.how == "HEAD is the first commit, and main is at it: base is nothing"


def test_nothing_to_compare_is_told(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("first")
    built.write("a.txt", "one")
    second = built.commit("second")

    found = compare(open_it(built), Request(), {})

    assert ((second, second), {}) == (ids(found), found.change.files)
    assert found.how.endswith("they are the same commit, so there is nothing to compare")


def test_no_commit_at_all_cannot_be_judged(built: RepositoryBuilder, open_it: Open) -> None:
    with pytest.raises(GitError, match="'HEAD' is no commit"):
        compare(open_it(built), Request(), {})


def test_unrelated_histories_ask_for_a_base(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("one")
    built.git("checkout", "--quiet", "--orphan", "other")
    built.commit("another")

    with pytest.raises(GitError, match="HEAD and main have no common history; give --base"):
        compare(open_it(built), Request(), {})


def test_two_merge_bases_are_told(built: RepositoryBuilder, open_it: Open) -> None:
    forked(built)
    built.git("branch", "before", "work")
    built.merge("main")
    built.git("checkout", "--quiet", "main")
    built.merge("before")
    built.git("checkout", "--quiet", "work")

    found = compare(open_it(built), Request(), {})

    assert found.base.commit == built.git("rev-parse", "main^1")
    assert found.how == (
        "base is the merge base of HEAD and main, of 2 the one that the branch itself was at"
    )


@pytest.mark.parametrize("year", ["2001", "2040"])
def test_of_two_merge_bases_dates_do_not_choose(
    built: RepositoryBuilder, open_it: Open, year: str
) -> None:
    built.commit("base")
    built.git("switch", "--quiet", "--create", "side")
    built.commit("side", author_date=f"{year}-01-01T00:00:00+00:00")
    built.git("switch", "--quiet", "main")
    strict = built.commit("the contract is made stricter")
    built.merge("side")
    built.git("switch", "--quiet", "--create", "work", strict)
    built.merge("side", message="the same by somebody else")

    found = compare(open_it(built), Request(), {})

    assert strict == found.base.commit


def test_a_branch_is_judged_from_what_the_default_branch_itself_was_at(
    built: RepositoryBuilder, open_it: Open
) -> None:
    agreed = built.commit("the contract")
    built.git("switch", "--quiet", "--create", "side")
    weak = built.commit("a weak contract, for a while")
    built.commit("the contract again")
    built.git("switch", "--quiet", "main")
    built.merge("side")
    built.git("switch", "--quiet", "--create", "work", weak)
    built.commit("work")

    found = compare(open_it(built), Request(), {})

    assert agreed == found.base.commit
    assert found.how.endswith("or what the branch was at before that was merged into it")


def test_merge_bases_on_side_branches_only_give_way_to_the_branch_itself(
    built: RepositoryBuilder, open_it: Open
) -> None:
    before = built.commit("base")
    for name in ("one", "two"):
        built.git("switch", "--quiet", "--create", name, "main")
        built.commit(name)
    built.git("switch", "--quiet", "main")
    built.merge("one")
    built.merge("two")
    built.git("switch", "--quiet", "--create", "work", "one")
    built.merge("two")

    assert before == compare(open_it(built), Request(), {}).base.commit


@pytest.mark.parametrize(
    ("refs", "branch"),
    [
        (["refs/heads/main"], "main"),
        (["refs/heads/master"], "master"),
        (["refs/heads/master", "refs/remotes/origin/master"], "origin/master"),
        (["refs/heads/main", "refs/remotes/origin/main"], "origin/main"),
        (["refs/remotes/origin/HEAD", "refs/remotes/origin/main"], "origin/HEAD"),
        (["refs/heads/main", "refs/tags/origin/main"], "main"),
        (["refs/heads/main", "refs/heads/origin/main"], "main"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_the_default_branch(
    built: RepositoryBuilder, open_it: Open, refs: list[str], branch: str
) -> None:
    fork, main, work = forked(built)
    built.git("update-ref", "-d", "refs/heads/main")
    for ref in refs:
        meant = ref.endswith(branch) and "tags" not in ref
        built.git("update-ref", ref, main if meant else work)
    if branch == "origin/HEAD":
        built.git("update-ref", "refs/remotes/origin/trunk", main)
        built.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    built.git("checkout", "--quiet", "--detach", work)
    built.git("update-ref", f"refs/{'heads' if '/' not in branch else 'remotes'}/{branch}", main)

    found = compare(open_it(built), Request(), {})

    assert (fork, f"base is the merge base of HEAD and {branch}") == (found.base.commit, found.how)


def test_a_default_branch_that_points_nowhere_is_passed_over(
    built: RepositoryBuilder, open_it: Open
) -> None:
    forked(built)
    built.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")

    assert compare(open_it(built), Request(), {}).how == "base is the merge base of HEAD and main"


def test_a_branch_called_head_that_somebody_pushed_is_not_the_default_branch(
    built: RepositoryBuilder, open_it: Open
) -> None:
    fork, main, work = forked(built)
    built.git("update-ref", "refs/remotes/origin/main", main)
    built.git("update-ref", "refs/remotes/origin/HEAD", work)

    found = compare(open_it(built), Request(), {})

    assert (fork, "base is the merge base of HEAD and origin/main") == (
        found.base.commit,
        found.how,
    )


@pytest.mark.parametrize("where", ["refs/heads", "refs/remotes/origin"])
def test_two_that_could_be_the_default_branch_ask_for_a_base(
    built: RepositoryBuilder, open_it: Open, where: str
) -> None:
    _, main, work = forked(built)
    built.git("update-ref", f"{where}/master", main)
    built.git("update-ref", f"{where}/main", work)
    built.git("checkout", "--quiet", "--detach", work)

    with pytest.raises(GitError, match=r"main or .*master; give --base"):
        compare(open_it(built), Request(), {})


def test_no_default_branch_asks_for_a_base(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("first")
    built.git("branch", "--move", "trunk")

    with pytest.raises(GitError, match=r"no default branch here .* or give --base"):
        compare(open_it(built), Request(), {})


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone_that_hides_the_base_asks_for_history(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open, depth: int
) -> None:
    forked(built)
    for name in ("one", "two"):
        built.commit(name)
    built.git("checkout", "--quiet", "main")
    options = ("--depth", str(depth), "--no-single-branch", "--branch", "work")
    clone = built.clone(tmp_path / "clone", *options)

    with pytest.raises(HistoryMissing, match="fetch-depth: 0") as caught:
        compare(open_it(clone), Request(), {})

    assert caught.value.exit_code == 3


def test_a_shallow_clone_of_one_branch_asks_for_history(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    forked(built)
    clone = built.clone(tmp_path / "clone", "--depth", "1", "--branch", "work")
    clone.git("update-ref", "-d", "refs/remotes/origin/HEAD")

    with pytest.raises(HistoryMissing, match="the clone is shallow"):
        compare(open_it(clone), Request(), {})
