"""The work tree as a snapshot: what lies on disk, whatever the index says of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import EXECUTABLE, FILE, LINK, SUBMODULE, Entry
from tests.opened import Open, contents, kinds
from tests.repositories import RepositoryBuilder, make_repository


def test_the_work_tree_is_what_lies_there(built: RepositoryBuilder, open_it: Open) -> None:
    built.write_all({".gitignore": "*.log\n", "a.txt": "one", "b.txt": "one", "kept.log": "one"})
    built.git("add", "--force", "kept.log")
    built.commit("first")
    built.delete("b.txt")
    built.write_all({"a.txt": "two", "c/d.txt": "three", "x.log": "ignored", "kept.log": "two"})
    found = open_it(built)

    change = found.change(found.commit("HEAD"), found.worktree())

    assert {
        "a.txt": (FILE, FILE),
        "b.txt": (FILE, None),
        "c/d.txt": (None, FILE),
        "kept.log": (FILE, FILE),
    } == kinds(change)
    assert b"two" == change.head["a.txt"]
    assert "the work tree" == change.head.label


def test_links_are_not_followed(built: RepositoryBuilder, tmp_path: Path, open_it: Open) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x.txt").write_text("secret")
    built.write_all({"folder/x.txt": "one", "file.txt": "one"})
    built.commit("first")
    built.delete("folder/x.txt")
    (built.path / "folder").rmdir()
    built.write("folder", "../outside", LINK)
    built.write("file.txt", "../outside/x.txt", LINK)
    built.write("cycle", "cycle", LINK)
    found = open_it(built).worktree()

    assert {
        "folder": b"../outside",
        "file.txt": b"../outside/x.txt",
        "cycle": b"cycle",
    } == contents(found)
    assert () == found.containing([b"secret", b"outside"])


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
def test_bits_of_the_index_hide_nothing_on_disk(
    built: RepositoryBuilder, open_it: Open, bit: str
) -> None:
    built.write("a.txt", "one")
    built.commit("first")
    built.git("update-index", bit, "a.txt")
    built.write("a.txt", "two")
    found = open_it(built)

    change = found.change(found.commit("HEAD"), found.worktree())

    assert {"a.txt": (FILE, FILE)} == kinds(change)
    assert ("a.txt",) == change.head.containing([b"two"])


def test_what_a_sparse_checkout_leaves_out_is_as_in_the_index(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write_all({"in/a.txt": "one", "out/b.txt": "two"})
    built.commit("first")
    built.git("sparse-checkout", "set", "in")
    assert not (built.path / "out").exists()
    found = open_it(built)

    change = found.change(found.commit("HEAD"), found.worktree())

    assert {} == change.files
    assert ("out/b.txt",) == change.head.containing([b"two"])


def test_line_ends_that_a_checkout_makes_are_no_change(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("a.txt", "one\ntwo\n")
    built.commit("first")
    built.write("a.txt", "one\r\ntwo\r\n")
    found = open_it(built)

    change = found.change(found.commit("HEAD"), found.worktree())

    assert ({}, b"one\ntwo\n") == (change.files, change.head["a.txt"])


def test_line_ends_that_a_checkout_would_not_make_are_a_change(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("a.txt", "one\r\ntwo\r\n")
    built.commit("first")
    built.write("a.txt", "one\ntwo\n")
    found = open_it(built)

    assert {"a.txt"} == set(found.change(found.commit("HEAD"), found.worktree()).files)


POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\n"
    "size 3\n"
)


@pytest.mark.parametrize(
    ("on_disk", "changed"),
    [("foo", set()), ("fox", {"a.bin"}), ("food", {"a.bin"}), (POINTER, set())],
    ids=["what the pointer names", "another content", "another size", "the pointer itself"],
)
def test_a_file_of_git_lfs_is_judged_by_its_pointer(
    built: RepositoryBuilder, open_it: Open, on_disk: str, changed: set[str]
) -> None:
    built.write("a.bin", POINTER)
    built.commit("first")
    built.write("a.bin", on_disk)
    found = open_it(built)

    assert changed == set(found.change(found.commit("HEAD"), found.worktree()).files)
    assert POINTER.encode() == found.commit("HEAD")["a.bin"] == found.index()["a.bin"]


def test_a_pipe_in_a_files_place_is_not_waited_for(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("a.txt", "one")
    built.commit("first")
    built.delete("a.txt")
    os.mkfifo(built.path / "a.txt")
    found = open_it(built)

    change = found.change(found.commit("HEAD"), found.worktree())

    assert {"a.txt"} == set(change.files)
    assert ("a.txt",) == change.head.containing([b"anything"])
    with pytest.raises(Unreadable, match=r"a\.txt cannot be read: on disk it is no ordinary file"):
        change.head.read("a.txt")


def test_a_file_that_changes_under_our_eyes_is_unreadable(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("a.txt", "one")
    found = open_it(built).worktree()
    assert 1 == len(found)
    built.write("a.txt", "two")

    with pytest.raises(Unreadable, match="it changed on disk while it was looked at"):
        found.read("a.txt")


def test_a_repository_inside_is_an_entry_without_content(
    built: RepositoryBuilder, open_it: Open
) -> None:
    commit = make_repository(built.path / "inner").commit("first")
    make_repository(built.path / "unborn")

    found = open_it(built).worktree()

    assert {"inner": Entry(SUBMODULE, commit), "unborn": Entry(SUBMODULE, "0" * 40)} == dict(
        found.entries
    )


@pytest.mark.parametrize(
    ("setting", "expected"), [("true", {"a.txt"}), ("false", set())], ids=["kept", "not kept"]
)
def test_the_executable_bit_counts_where_the_file_system_keeps_it(
    built: RepositoryBuilder, open_it: Open, setting: str, expected: set[str]
) -> None:
    built.write("a.txt", "one")
    built.commit("first")
    built.git("config", "core.fileMode", setting)
    built.write("a.txt", "one", EXECUTABLE)
    found = open_it(built)

    assert expected == set(found.change(found.commit("HEAD"), found.worktree()).files)


def test_a_link_written_as_a_file_is_a_link_where_there_are_none(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write("link", "a.txt", LINK)
    built.commit("first")
    built.git("config", "core.symlinks", "false")
    built.write("link", "a.txt")
    found = open_it(built)

    assert {} == found.change(found.commit("HEAD"), found.worktree()).files
