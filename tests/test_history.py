"""Commits: parents, ranges, the paths that each touches, and where a path came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.change import History
from gatekeeper.errors import GitError, HistoryMissing
from gatekeeper.repository import Repository
from tests.opened import Open, contents
from tests.repositories import RepositoryBuilder

LONG_AGO = "2001-01-01T00:00:00+00:00"


def history(repository: Repository, base: str, head: str = "HEAD") -> History:
    return repository.change(repository.commit(base), repository.commit(head)).history


def paths(found: History) -> dict[str, tuple[str, ...]]:
    return {commit.id: commit.paths for commit in found.commits}


def branch(built: RepositoryBuilder, name: str, start: str) -> None:
    built.git("checkout", "--quiet", "-B", name, start)


def test_a_range_is_told_parents_first(built: RepositoryBuilder, open_it: Open) -> None:
    base = built.commit("base")
    built.write("a.txt", "one")
    one = built.commit("one")
    built.write("a.txt", "two")
    built.write("b\nc.txt", "two")
    two = built.commit("two", author_date=LONG_AGO)
    empty = built.commit("empty")

    found = history(open_it(built), base)

    assert [(one, ("a.txt",)), (two, ("a.txt", "b\nc.txt")), (empty, ())] == list(
        paths(found).items()
    )
    assert [(base,), (one,), (two,)] == [commit.parents for commit in found.commits]
    assert found.missing is None


def merged(built: RepositoryBuilder) -> tuple[str, str, str]:
    """A base, and a merge of two sides whose merge commit alters one file more."""
    built.write_all({"both.txt": "base\n", "left.txt": "base\n", "right.txt": "base\n"})
    base = built.commit("base")
    branch(built, "side", "main")
    built.write("right.txt", "side\n")
    side = built.commit("side")
    branch(built, "main", "main")
    built.write("left.txt", "main\n")
    built.commit("main")
    built.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    built.write("both.txt", "smuggled\n")
    return base, side, built.commit("merge")


def test_a_merge_touches_what_differs_from_all_its_parents(
    built: RepositoryBuilder, open_it: Open
) -> None:
    base, side, merge = merged(built)

    found = history(open_it(built), base)

    assert ("both.txt",) == paths(found)[merge]
    assert ("right.txt",) == paths(found)[side]
    assert side in found.commits[-1].parents
    assert found.descendants(side) == {side, merge}


def test_a_base_that_is_no_ancestor_gives_what_only_the_head_has(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.commit("base")
    branch(built, "side", "main")
    side = built.commit("side")
    branch(built, "main", "main")
    built.commit("main")

    found = history(open_it(built), "main", "side")

    assert ([side], None) == ([commit.id for commit in found.commits], found.missing)


def test_unrelated_histories_are_told(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("one")
    built.git("checkout", "--quiet", "--orphan", "other")
    other = built.commit("another")

    found = history(open_it(built), "main", "other")

    assert [other] == [commit.id for commit in found.commits]
    assert "no common ancestor" in str(found.missing)


def test_a_shallow_clone_does_not_have_the_whole_range(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    for name in ("one", "two", "three"):
        built.commit(name)
    clone = built.clone(tmp_path / "clone", "--depth", "2")
    found = open_it(clone)

    whole = history(found, "HEAD~1")
    cut = found.change(found.empty(), found.commit("HEAD")).history

    assert (1, None) == (len(whole.commits), whole.missing)
    assert "the clone is shallow" in str(cut.missing)
    assert "fetch-depth: 0" in str(cut.missing)


@pytest.mark.parametrize("head", ["index", "worktree"])
def test_what_is_not_committed_has_no_history(
    built: RepositoryBuilder, open_it: Open, head: str
) -> None:
    built.commit("first")
    found = open_it(built)
    snapshot = found.index() if head == "index" else found.worktree()

    missing = found.change(found.commit("HEAD"), snapshot).history.missing

    assert f"{snapshot.label} is not a commit" == missing


def test_a_first_parent(built: RepositoryBuilder, open_it: Open) -> None:
    base, side, _ = merged(built)
    found = open_it(built)

    assert base == found.parent(side)
    assert found.resolve("HEAD^1") == found.parent("HEAD")
    assert found.parent(base) is None


def test_the_parent_beyond_a_shallow_clone_is_missing(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    first = built.commit("first")
    built.commit("second")
    clone = built.clone(tmp_path / "clone", "--depth", "1")

    with pytest.raises(HistoryMissing, match=f"commit {first}, a parent of .*fetch-depth: 0"):
        open_it(clone).parent("HEAD")


# Where a path came from


def test_a_path_comes_from_the_commit_that_added_it(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.commit("before")
    built.write("a.txt", "one")
    added = built.commit("added")
    for text in ("two", "three"):
        built.write("a.txt", text)
        built.commit(text, author_date=LONG_AGO)
    built.commit("after")
    found = open_it(built)

    assert added == found.introduced("HEAD", "a.txt") == found.introduced(added, "a.txt")
    assert found.introduced("HEAD", "nowhere.txt") is None
    assert found.introduced(f"{added}~1", "a.txt") is None


def test_a_path_that_was_gone_comes_from_its_return(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write_all({"a.txt": "one", "b.txt": "one"})
    built.commit("first")
    built.delete("a.txt")
    built.commit("gone")
    built.write("a.txt", "one")
    again = built.commit("again", author_date=LONG_AGO)
    built.commit("later")

    assert again == open_it(built).introduced("HEAD", "a.txt")


@pytest.mark.parametrize("dates", [(LONG_AGO, ""), ("", LONG_AGO)], ids=["first", "second"])
def test_of_two_additions_the_one_merged_into_counts_whatever_the_dates(
    built: RepositoryBuilder, open_it: Open, dates: tuple[str, str]
) -> None:
    ours, theirs = (date or "2026-01-01T00:00:00+00:00" for date in dates)
    built.commit("base")
    branch(built, "side", "main")
    built.write("a.txt", "side")
    built.commit("side", author_date=theirs)
    branch(built, "main", "main")
    built.write("a.txt", "main")
    added = built.commit("main", author_date=ours)
    built.git("merge", "--quiet", "--no-commit", "-s", "ours", "side")
    built.write("a.txt", "resolved")
    built.commit("merge")

    assert added == open_it(built).introduced("HEAD", "a.txt")


def test_a_path_added_on_the_side_comes_from_there(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("base")
    branch(built, "side", "main")
    built.write("a.txt", "side")
    added = built.commit("side")
    branch(built, "main", "main")
    built.commit("main")
    built.merge("side")

    assert added == open_it(built).introduced("HEAD", "a.txt")


def test_a_merge_can_add_a_path_of_its_own(built: RepositoryBuilder, open_it: Open) -> None:
    _, _, merge = merged(built)
    built.write("x.txt", "smuggled")
    built.stage()
    built.git("commit", "--quiet", "--amend", "--no-edit")
    built.commit("later")

    found = open_it(built)

    assert found.resolve("HEAD~1") == found.introduced("HEAD", "x.txt") != merge


def test_an_addition_that_a_shallow_clone_hides_is_missing(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    built.write("a.txt", "one")
    for name in ("one", "two", "three"):
        built.commit(name)
    built.write("b.txt", "one")
    built.commit("four")
    clone = open_it(built.clone(tmp_path / "clone", "--depth", "2"))

    with pytest.raises(HistoryMissing, match="fetch-depth: 0"):
        clone.introduced("HEAD", "a.txt")
    assert clone.resolve("HEAD") == clone.introduced("HEAD", "b.txt")


# What would have git tell another history


def test_a_replaced_commit_is_read_as_it_was(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("a.txt", "one")
    first = built.commit("first")
    built.write("a.txt", "two")
    second = built.commit("second")
    built.git("replace", second, first)
    found = open_it(built)

    assert {"a.txt": b"two"} == contents(found.commit(second))
    assert [second] == [commit.id for commit in history(found, first, second).commits]


def test_a_graft_adds_no_parent(built: RepositoryBuilder, open_it: Open) -> None:
    first = built.commit("first")
    second = built.commit("second")
    third = built.commit("third")
    (built.path / ".git" / "info" / "grafts").write_text(f"{third} {first}\n")
    found = open_it(built)

    assert second == found.parent(third)
    assert [second, third] == [commit.id for commit in history(found, first).commits]
    assert (second,) == found.commits.merge_bases(second, third)


def test_a_commit_graph_that_lies_is_not_asked(built: RepositoryBuilder, open_it: Open) -> None:
    first = built.commit("first")
    built.commit("second")
    built.git("commit-graph", "write", "--reachable")
    graph = built.path / ".git" / "objects" / "info" / "commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes()[:8] + b"\0" * 400)

    assert 1 == len(history(open_it(built), first).commits)


def test_what_is_no_commit_has_no_header(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("first")

    with pytest.raises(GitError, match="there is no commit"):
        open_it(built).commits.header("0" * 40)
