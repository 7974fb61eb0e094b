"""Line sets: git's and our own are both shortest edit scripts of the same two contents."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import difference as own
from gatekeeper.change import Lines
from gatekeeper.difference import difference, split_lines
from gatekeeper.git import Git
from gatekeeper.lines import differ_by_git, hunks
from tests.repositories import RepositoryBuilder, make_repository

LINES = st.lists(
    st.sampled_from([b"a", b"b", b"c", b"\0", b"\r", b"@@ -1 +1 @@", b""]), max_size=12
)


@st.composite
def contents(draw: st.DrawFn) -> bytes:
    text = b"".join(line + b"\n" for line in draw(LINES))
    return text + draw(st.sampled_from([b"", b"last"]))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    return make_repository(tmp_path_factory.mktemp("store"))


def stored(store: RepositoryBuilder, *blobs: bytes) -> None:
    for blob in blobs:
        store.git("hash-object", "-w", "--stdin", stdin=blob)


def by_git(store: RepositoryBuilder, before: bytes, after: bytes) -> Lines:
    stored(store, before, after)
    return differ_by_git(Git.at(store.path, store.environ), "sha1")(before, after)


def kept(content: bytes, edited: frozenset[int]) -> list[bytes]:
    return [line for at, line in enumerate(split_lines(content), 1) if at not in edited]


def size(lines: Lines) -> int:
    return len(lines.removed) + len(lines.added)


def lines(removed: str = "", added: str = "") -> Lines:
    return Lines(frozenset(map(int, removed.split())), frozenset(map(int, added.split())))


TABLE = {
    "nothing changes": (b"a\nb\n", b"a\nb\n", lines()),
    "a file appears": (b"", b"a\nb\n", lines(added="1 2")),
    "a file goes": (b"a\nb\n", b"", lines(removed="1 2")),
    "a line is put between": (b"a\nb\n", b"a\nx\nb\n", lines(added="2")),
    "a line is taken out": (b"a\nx\nb\n", b"a\nb\n", lines(removed="2")),
    "a line is altered": (b"a\nb\nc\n", b"a\nx\nc\n", lines("2", "2")),
    "a final line feed is taken away": (b"a\nb\n", b"a\nb", lines("2", "2")),
    "a final line feed is given": (b"a\nb", b"a\nb\n", lines("2", "2")),
    "line ends become CR LF": (b"a\nb\n", b"a\r\nb\n", lines("1", "1")),
    "a CR alone ends no line": (b"a\rb\n", b"a\rc\n", lines("1", "1")),
    "a NUL is a character": (b"a\0\nb\n", b"a\0\nc\n", lines("2", "2")),
    "a form feed ends no line": (b"a\fb\nc\n", b"a\fb\nd\n", lines("2", "2")),
    "lines look like a patch": (b"@@ -9 +9 @@\n", b"-x\n+++ b\n@@ -7 +7 @@\n", lines("1", "1 2 3")),
    "a line is doubled": (b"a\n", b"a\na\n", lines(added="2")),
    "two lines change places": (b"a\nb\nc\nd\n", b"a\nb\nd\nc\n", lines("3", "4")),
}


@pytest.mark.parametrize(("before", "after", "expected"), TABLE.values(), ids=TABLE.keys())
def test_our_own_difference(before: bytes, after: bytes, expected: Lines) -> None:
    found = difference(before, after)

    assert (kept(before, found.removed), size(expected)) == (
        kept(after, found.added),
        size(found),
    )


@pytest.mark.parametrize(("before", "after", "expected"), TABLE.values(), ids=TABLE.keys())
def test_the_difference_by_git(
    store: RepositoryBuilder, before: bytes, after: bytes, expected: Lines
) -> None:
    found = by_git(store, before, after)

    assert (kept(before, found.removed), size(expected)) == (
        kept(after, found.added),
        size(found),
    )


def test_the_numbers_are_those_of_each_side() -> None:
    before = b"one\ntwo\nthree\nfour\nfive\n"

    found = difference(before, b"zero\none\nthree\n4\nfive\nsix\n")

    assert lines("2 4", "1 4 6") == found


@settings(max_examples=60, deadline=None)
@given(before=contents(), after=contents())
def test_git_and_we_find_scripts_of_the_same_shortest_length(
    store: RepositoryBuilder, before: bytes, after: bytes
) -> None:
    ours, theirs = difference(before, after), by_git(store, before, after)

    assert kept(before, ours.removed) == kept(after, ours.added)
    assert kept(before, theirs.removed) == kept(after, theirs.added)
    assert size(theirs) == size(ours)


@settings(max_examples=200, deadline=None)
@given(before=contents(), after=contents())
def test_our_script_keeps_a_longest_common_subsequence(before: bytes, after: bytes) -> None:
    found = difference(before, after)

    assert longest_common(split_lines(before), split_lines(after)) == len(
        kept(before, found.removed)
    )


def longest_common(one: list[bytes], other: list[bytes]) -> int:
    row = [0] * (len(other) + 1)
    for x in one:
        above, row = row, [0]
        for at, y in enumerate(other):
            row.append(above[at] + 1 if x == y else max(above[at + 1], row[at]))
    return row[-1]


def test_content_that_git_does_not_hold_is_compared_by_ourselves(
    store: RepositoryBuilder,
) -> None:
    differ = differ_by_git(Git.at(store.path, store.environ), "sha1")

    found = differ(b"never stored\nb\n", b"never stored either\nb\n")

    assert lines("1", "1") == found


def test_where_the_search_is_too_long_all_between_the_ends_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own, "FARTHEST", 1)

    found = difference(b"s\na\nb\nc\ne\n", b"s\nc\nb\na\ne\n")

    assert lines("2 3 4", "2 3 4") == found


def test_a_hopeless_pair_of_files_is_compared_in_bounded_time() -> None:
    before = b"".join(b"%d\n" % (n * 7919 % 20011) for n in range(20000))
    after = b"".join(b"%d\n" % (n * 104729 % 20011) for n in range(20000))

    began = time.perf_counter()
    found = difference(before, after)

    assert kept(before, found.removed) == kept(after, found.added)
    assert time.perf_counter() - began < 20


def test_a_hunk_without_a_count_is_one_line() -> None:
    found = hunks(b"@@ -3 +4,2 @@ def x():\n-a\n+b\n+c\n@@ -9,0 +12 @@\n+@@ -1 +1 @@\n")

    assert lines("3", "4 5 12") == found
