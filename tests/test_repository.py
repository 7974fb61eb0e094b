"""Where a repository is, of which kind, and which commit a name means in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gatekeeper.errors import GitError, HistoryMissing
from gatekeeper.repository import Repository
from tests.opened import Open, contents
from tests.repositories import RepositoryBuilder, make_repository


def test_a_repository_is_found_from_a_folder_inside(built: RepositoryBuilder) -> None:
    inner = built.path / "a" / "b"
    inner.mkdir(parents=True)

    found = Repository.find(inner, built.environ)

    assert (built.path, False, False) == (found.root, found.bare, found.shallow)


def test_a_folder_that_is_no_repository_is_told_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"is in no git repository .*`git init`"):
        Repository.find(tmp_path, {"PATH": os.environ["PATH"]})


def test_inside_the_git_directory_there_is_nothing_to_judge(built: RepositoryBuilder) -> None:
    with pytest.raises(GitError, match="inside the git directory; run gatekeeper in the work tree"):
        Repository.find(built.path / ".git", built.environ)


def test_a_work_tree_that_configuration_puts_elsewhere_is_refused(
    built: RepositoryBuilder, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    built.git("config", "core.worktree", str(tmp_path / "elsewhere"))

    with pytest.raises(GitError, match=r"the work tree of .* is .*elsewhere"):
        Repository.find(built.path, built.environ)


@pytest.mark.parametrize("start", ["service", "service/refs"])
@pytest.mark.parametrize(
    "configured",
    [("core.bare", "true"), ("core.worktree", ".."), ("core.worktree", ".")],
    ids=" ".join,
)
def test_a_repository_that_a_change_brings_as_files_is_not_judged_in_its_place(
    built: RepositoryBuilder, tmp_path: Path, configured: tuple[str, str], start: str
) -> None:
    brought = make_repository(tmp_path / "brought")
    brought.commit("harmless")
    brought.git("config", *configured)
    shutil.copytree(brought.path / ".git", built.path / "service")

    with pytest.raises(GitError, match="inside the git directory"):
        Repository.find(built.path / start, built.environ)


def test_a_repository_whose_path_has_a_line_break_is_refused(tmp_path: Path) -> None:
    built = make_repository(tmp_path / "two\nlines")

    with pytest.raises(GitError, match="has a line break in it"):
        Repository.find(built.path, built.environ)


def test_a_bare_repository_has_commits_and_nothing_else(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    built.write("a.txt", "one\n")
    built.commit("first")
    bare = built.clone(tmp_path / "bare.git", "--bare")

    found = open_it(bare)

    assert (bare.path, True) == (found.root, found.bare)
    assert {"a.txt": b"one\n"} == contents(found.commit("main"))
    with pytest.raises(GitError, match="bare repository: it has no index"):
        found.index()
    with pytest.raises(GitError, match="bare repository: it has no work tree"):
        found.worktree()


def test_an_added_worktree_has_its_own_index_and_head(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    built.write("a.txt", "one\n")
    first = built.commit("first")
    built.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    side = RepositoryBuilder(tmp_path / "side")
    side.write("b.txt", "two\n")
    second = side.commit("second")
    side.write("c.txt", "three\n")
    side.stage()

    found = open_it(side)

    assert (side.path, second, first) == (found.root, found.resolve("HEAD"), found.resolve("main"))
    assert {"a.txt", "b.txt", "c.txt"} == set(found.index())


def test_the_index_of_a_hook_is_honoured(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("a.txt", "one\n")
    built.commit("first")
    built.git("read-tree", "--empty", environ={"GIT_INDEX_FILE": ".git/other"})

    assert {} == contents(open_it(built, GIT_INDEX_FILE=".git/other").index())
    assert {"a.txt": b"one\n"} == contents(open_it(built).index())


def test_the_git_directory_of_a_hook_is_honoured(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    built.write("a.txt", "one\n")
    first = built.commit("first")
    other = make_repository(tmp_path / "other")

    found = open_it(other, GIT_DIR=str(built.path / ".git"), GIT_WORK_TREE=str(built.path))

    assert (built.path, first) == (found.root, found.resolve("HEAD"))


@pytest.mark.parametrize(("algorithm", "digits"), [("sha1", 40), ("sha256", 64)])
def test_both_kinds_of_object_ids_are_read(
    tmp_path: Path, open_it: Open, algorithm: str, digits: int
) -> None:
    built = make_repository(tmp_path / algorithm, algorithm)
    built.write("a.txt", "one\nthree\n")
    first = built.commit("first")
    built.write("a.txt", "one\ntwo\nthree\n")
    second = built.commit("second")
    built.write("a.txt", "one\ntwo\nthree\nfour\n")
    found = open_it(built)

    base = found.commit(first)
    changes = [
        found.change(found.empty(), base),
        found.change(base, found.commit(second)),
        found.change(base, found.index()),
        found.change(base, found.worktree()),
    ]

    added = [set(change.lines("a.txt").added) for change in changes]
    assert [{1, 2}, {2}, {2}, {2, 4}] == added
    assert {digits} == {
        len(each.oid) for change in changes for each in change.head.entries.values()
    }
    assert found.introduced("HEAD", "a.txt") == first


def test_a_ref_named_like_an_option_is_a_ref(built: RepositoryBuilder, open_it: Open) -> None:
    first = built.commit("first")
    built.git("update-ref", "refs/heads/--all", first)

    assert first == open_it(built).resolve("--all")


def test_a_tag_that_looks_like_a_branch_never_wins(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    first = built.commit("first")
    clone = built.clone(tmp_path / "clone")
    second = clone.commit("second")
    clone.git("tag", "origin/main", second)
    clone.git("tag", "main", first)
    found = open_it(clone)

    resolved = [found.resolve(rev) for rev in ("origin/main", "main", "refs/heads/main")]

    assert [first, second, second] == resolved
    assert first == found.resolve("main~1") == found.resolve("main^") == found.resolve("HEAD~1")


def test_a_tag_that_looks_like_a_remote_never_wins(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    first = built.commit("first")
    clone = built.clone(tmp_path / "clone")
    clone.git("tag", "origin", clone.commit("second"))

    assert first == open_it(clone).resolve("origin")


def test_an_upstream_that_is_not_set_is_no_commit(built: RepositoryBuilder, open_it: Open) -> None:
    built.commit("first")

    with pytest.raises(GitError, match=r"git cannot tell what 'main@\{u\}' is"):
        open_it(built).resolve("main@{u}")


def test_two_branches_of_one_name_are_refused(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    built.commit("first")
    clone = built.clone(tmp_path / "clone")
    clone.commit("second")
    clone.git("update-ref", "refs/heads/origin/main", "HEAD")

    with pytest.raises(GitError, match="refs/heads/origin/main or refs/remotes/origin/main"):
        open_it(clone).resolve("origin/main")


def test_an_upstream_is_a_revision(built: RepositoryBuilder, tmp_path: Path, open_it: Open) -> None:
    first = built.commit("first")
    clone = built.clone(tmp_path / "clone")
    clone.commit("second")

    found = open_it(clone)

    assert [first] * 2 == [found.resolve(rev) for rev in ("main@{upstream}", "@{u}")]


def test_an_annotated_tag_means_its_commit(built: RepositoryBuilder, open_it: Open) -> None:
    first = built.commit("first")
    built.git("tag", "-a", "-m", "one", "v1")

    assert first == open_it(built).resolve("v1")


@pytest.mark.parametrize(
    "rev",
    [
        "nope",
        "",
        "a\nb",
        "a\0b",
        "HEAD:a.txt",
        "0" * 40,
        "--help",
        "HEAD^{tree}",
        "HEAD~5",
        "\udcff",
    ],
    ids=ascii,
)
def test_what_is_no_commit_is_refused(built: RepositoryBuilder, open_it: Open, rev: str) -> None:
    built.write("a.txt", "one\n")
    built.commit("first")

    with pytest.raises(GitError, match="is no commit in"):
        open_it(built).resolve(rev)


def test_a_branch_without_a_commit_is_no_commit(built: RepositoryBuilder, open_it: Open) -> None:
    with pytest.raises(GitError, match="'HEAD' is no commit in"):
        open_it(built).commit("HEAD")


def test_a_revision_that_a_shallow_clone_may_hide_asks_for_more_history(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    first = built.commit("first")
    built.commit("second")
    clone = built.clone(tmp_path / "clone", "--depth", "1")

    with pytest.raises(HistoryMissing, match="fetch-depth: 0"):
        open_it(clone).resolve(first)


@pytest.mark.parametrize("kind", ["tag", "branch"])
def test_a_name_that_looks_like_a_commit_id_is_not_taken_for_it(
    built: RepositoryBuilder, open_it: Open, kind: str
) -> None:
    first = built.commit("first")
    second = built.commit("second")
    built.git(kind, first[:7], second)
    found = open_it(built)

    with pytest.raises(GitError, match="begins the id of another"):
        found.resolve(f"{first[:7]}~0")
    assert second == found.resolve(second[:7])
    assert first == found.resolve(first)


def test_a_branch_may_be_called_like_a_number(built: RepositoryBuilder, open_it: Open) -> None:
    first = built.commit("first")
    built.git("branch", "20260101", first)
    built.commit("second")

    assert first == open_it(built).resolve("20260101")
