"""Commits and the index as snapshots, with everything odd that they can hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.change import Change, FileChange
from gatekeeper.errors import GitError, Unreadable
from gatekeeper.snapshot import EXECUTABLE, FILE, LINK, SUBMODULE, Entry
from tests.opened import Open, contents, kinds
from tests.repositories import RepositoryBuilder, make_repository


def test_a_commit_is_a_snapshot(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("a.txt", "one\n")
    built.write("run.sh", "echo\n", EXECUTABLE)
    built.write("link", "../outside", LINK)
    first = built.commit("first")

    found = open_it(built).commit("HEAD")

    assert (f"commit {first[:8]}", first) == (found.label, found.commit)
    assert built.git("rev-parse", "HEAD^{tree}") == found.tree
    assert {"a.txt": FILE, "run.sh": EXECUTABLE, "link": LINK} == {
        path: entry.mode for path, entry in found.entries.items()
    }
    assert b"../outside" == found["link"]


NAMES = [
    "two\nlines",
    "tab\there",
    'say "hello"',
    "-rf",
    "--",
    ":(top)x",
    "*",
    "caf\udce9",
    "é",
    " space ",
    "back\\slash",
    ":100644 100644",
    "a" * 40,
    "[ab]/x",
    "HEAD:x",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_file_name_is_only_a_name(built: RepositoryBuilder, open_it: Open, name: str) -> None:
    built.write("plain", "one\n")
    built.commit("first")
    built.write(name, "needle\n")
    second = built.commit("second")
    built.write("plain", "two\n")
    found = open_it(built)
    base = found.commit("HEAD~1")
    heads = [found.commit("HEAD"), found.index(), found.worktree()]

    changes = [found.change(base, head) for head in heads]

    assert [True] * 3 == [name in change.files for change in changes]
    assert [b"needle\n"] * 3 == [head[name] for head in heads]
    assert [(name,)] * 3 == [head.containing([b"needle"]) for head in heads]
    assert [(name,)] == [commit.paths for commit in changes[0].history.commits]
    assert second == found.introduced("HEAD", name)


def test_what_git_compares_is_what_the_entries_show(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write_all({"same": "1", "altered": "1", "gone": "1", "Case": "1", "to-link": "x"})
    built.write("mode", "1")
    first = built.commit("first")
    built.delete("gone")
    built.delete("Case")
    built.write_all({"altered": "2", "new": "1", "case": "1"})
    built.write("mode", "1", EXECUTABLE)
    built.write("to-link", "x", LINK)
    built.commit("second")
    found = open_it(built)
    base = found.commit(first)

    for head in (found.commit("HEAD"), found.index(), found.worktree()):
        change = found.change(base, head)

        assert {
            "Case": (FILE, None),
            "altered": (FILE, FILE),
            "case": (None, FILE),
            "gone": (FILE, None),
            "mode": (FILE, EXECUTABLE),
            "new": (None, FILE),
            "to-link": (FILE, LINK),
        } == kinds(change)
        assert Change(base, head, change.differ).files == change.files


def test_renaming_is_a_deletion_and_an_addition(built: RepositoryBuilder, open_it: Open) -> None:
    built.git("config", "diff.renames", "copies")
    built.write("protected/a.py", "content\n" * 50)
    first = built.commit("first")
    built.git("mv", "protected/a.py", "moved.py")
    built.commit("second")
    found = open_it(built)

    change = found.change(found.commit(first), found.commit("HEAD"))

    assert {"moved.py": (None, FILE), "protected/a.py": (FILE, None)} == kinds(change)


def with_submodule(built: RepositoryBuilder, tmp_path: Path) -> tuple[str, str]:
    """A repository in a repository, added at one commit and moved on; gives both ids."""
    inner = make_repository(tmp_path / "inner")
    one = inner.commit("one")
    two = inner.commit("two")
    allowed = ("-c", "protocol.file.allow=always")
    built.git(*allowed, "submodule", "--quiet", "add", str(inner.path), "sub")
    built.git("-C", "sub", "checkout", "--quiet", one)
    built.git("config", "-f", ".gitmodules", "submodule.sub.ignore", "all")
    built.commit("first")
    return one, two


def test_a_submodule_that_moves_is_seen_though_told_to_be_ignored(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    one, two = with_submodule(built, tmp_path)
    built.git("-C", "sub", "checkout", "--quiet", two)
    found = open_it(built)
    base = found.commit("HEAD")
    moved = FileChange("sub", Entry(SUBMODULE, one), Entry(SUBMODULE, two))

    on_disk = found.change(base, found.worktree())
    built.git("update-index", "--cacheinfo", f"{SUBMODULE},{two},sub")
    staged = found.change(base, found.index())
    built.git("commit", "--quiet", "-m", "second")
    committed = found.change(base, found.commit("HEAD"))

    assert [{"sub": moved}] * 3 == [on_disk.files, staged.files, committed.files]
    assert [("sub",)] == [commit.paths for commit in committed.history.commits]


def test_a_submodule_has_no_content(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    with_submodule(built, tmp_path)

    with pytest.raises(Unreadable, match="sub cannot be read: it is a submodule"):
        open_it(built).commit("HEAD").read("sub")


def test_a_submodule_that_is_not_checked_out_is_unchanged(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    with_submodule(built, tmp_path)
    built.git("submodule", "--quiet", "deinit", "--force", "sub")
    found = open_it(built)

    assert {} == found.change(found.commit("HEAD"), found.worktree()).files


def test_the_empty_snapshot_holds_nothing(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("a.txt", "one\n")
    built.commit("first")
    found = open_it(built)

    change = found.change(found.empty(), found.commit("HEAD"))

    assert {"a.txt": (None, FILE)} == kinds(change)
    assert (0, ()) == (len(change.base), change.base.containing([b""]))
    assert [("a.txt",)] == [commit.paths for commit in change.history.commits]


def test_a_tree_that_names_a_path_twice_is_refused(built: RepositoryBuilder, open_it: Open) -> None:
    blobs = [
        bytes.fromhex(built.git("hash-object", "-w", "--stdin", stdin=text))
        for text in (b"shown", b"used")
    ]
    entries = b"".join(b"100644 a.txt\0" + blob for blob in blobs)
    tree = built.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", stdin=entries)
    commit = built.git("commit-tree", tree, "-m", "twice")

    with pytest.raises(GitError, match="names a path twice"):
        len(open_it(built).commit(commit))


def test_only_what_is_staged_is_in_the_index(built: RepositoryBuilder, open_it: Open) -> None:
    built.write_all({"a.txt": "committed", "b.txt": "committed"})
    built.commit("first")
    built.write("a.txt", "staged")
    built.stage()
    built.write_all({"a.txt": "on disk", "c.txt": "on disk"})

    found = open_it(built).index()

    assert {"a.txt": b"staged", "b.txt": b"committed"} == contents(found)
    assert ("the index", None, None) == (found.label, found.commit, found.tree)


def test_what_is_only_meant_to_be_added_is_not_in_the_index(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("a.txt", "one")
    built.commit("first")
    built.write_all({"b.txt": "two", "empty.txt": ""})
    built.git("add", "--intent-to-add", "b.txt", "empty.txt")
    found = open_it(built)

    assert {"a.txt"} == set(found.index())
    assert {} == found.change(found.commit("HEAD"), found.index()).files
    assert {"a.txt": b"one", "b.txt": b"two", "empty.txt": b""} == contents(found.worktree())
    assert ("b.txt",) == found.worktree().containing([b"two"])


def in_conflict(built: RepositoryBuilder) -> None:
    built.write_all({"a.txt": "one\n", "new\nline": "one\n"})
    built.commit("first")
    for branch, text in (("side", "two\n"), ("main", "three\n")):
        built.git("checkout", "--quiet", "-B", branch, "main")
        built.write_all({"a.txt": text, "new\nline": text})
        built.commit(branch)
        if branch == "side":
            built.git("branch", "--force", "main", "HEAD~1")
    with pytest.raises(AssertionError, match="git merge"):
        built.merge("side")


def test_an_index_in_conflict_is_refused_with_the_paths(
    built: RepositoryBuilder, open_it: Open
) -> None:
    in_conflict(built)

    with pytest.raises(GitError, match=r"in conflict at 'a.txt', 'new\\nline'; resolve"):
        open_it(built).index()


def test_a_work_tree_in_conflict_is_read_as_it_lies(
    built: RepositoryBuilder, open_it: Open
) -> None:
    in_conflict(built)

    found = open_it(built).worktree()

    assert ["a.txt", "new\nline"] == sorted(found)
    assert found["a.txt"].startswith(b"<<<<<<< HEAD\nthree\n")
