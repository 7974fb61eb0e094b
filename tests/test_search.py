"""Looking for byte strings by git finds what looking into every file would."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.git import Git
from gatekeeper.needles import InLine, Needle, Word, ends
from gatekeeper.objects import Objects
from gatekeeper.repository import Repository
from gatekeeper.snapshot import LINK, Snapshot
from gatekeeper.value import replace
from tests.repositories import RepositoryBuilder, make_repository

FILES: dict[str, bytes] = {
    "plain.py": b"import DurableObject\nclass A: pass\n",
    "binary.bin": b"\0\1\2needle\0DurableObject\xff\xfe",
    "latin.txt": b"caf\xe9 cr\xe8me\n",
    "windows.txt": b"one\r\ntwo\r\n",
    "no-end.txt": b"last",
    "empty.txt": b"",
    "-option.txt": b"--and -e x\n",
    "deep/er/regex.txt": b"a.b*c[d]^$\n",
    "line\nbreak.txt": b"DurableObject",
    "lines.txt": b"first\nsecond\nthird\n",
}
SECRET = {".gitattributes": b"plain.py -diff binary\n*.bin binary\n"}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    built = make_repository(tmp_path_factory.mktemp("searched"))
    built.write_all({**FILES, **SECRET})
    built.write("link", "DurableObject", LINK)
    built.commit("first")
    return built


@pytest.fixture(scope="module")
def opened(searched: RepositoryBuilder) -> Iterator[Repository]:
    with Repository.find(searched.path, searched.environ) as repository:
        yield repository


@pytest.fixture(scope="module", params=["commit", "index", "worktree"])
def snapshot(request: pytest.FixtureRequest, opened: Repository) -> Snapshot:
    asked = {"commit": lambda: opened.commit("HEAD")}
    asked |= {"index": opened.index, "worktree": opened.worktree}
    return asked[request.param]()


PLAIN = Snapshot.of("plain", {**FILES, **SECRET})

NEEDLES: dict[str, list[Needle]] = {
    "one": [b"DurableObject"],
    "none": [],
    "nothing is everywhere": [b""],
    "not there": [b"absent"],
    "several": [b"absent", b"crossed", b"class A", b"last"],
    "not UTF-8": [b"caf\xe9"],
    "half of a character": [b"\xff\xfe"],
    "like an option": [b"--and"],
    "like a pattern": [b"a.b*c[d]^$"],
    "no pattern": [b"a.c"],
    "case counts": [b"durableobject"],
    "over a line end": [b"first\nsecond"],
    "over a line end that is not there": [b"second\nfirst"],
    "a line end alone": [b"\n"],
    "with a NUL": [b"needle\0Durable"],
    "with a NUL elsewhere": [b"\0import"],
    "a NUL alone": [b"\0"],
    "with a CR": [b"two\r"],
    "a CR alone": [b"\r"],
    "with a CR before the end": [b"one\r\ntwo"],
    "a word": [Word(b"DurableObject")],
    "a word that is only a part of others": [Word(b"Durable")],
    "a word before which a byte stands that is no letter of ASCII": [Word(b"me")],
    "a word that first stands in a longer one": [Word(b"need"), Word(b"needle")],
    "words and bytes": [Word(b"absent"), b"a.b*c[d]^$", b"\\", b"{1}"],
    "words and a NUL": [Word(b"absent"), b"\0"],
    "words and bytes over a line end": [Word(b"last"), b"first\nsecond"],
    "an expression": [InLine(rb"import[ \t]*Dur")],
    "an expression beside others": [InLine(rb"^and"), Word(b"two"), b"crossed"],
    "a thousand words": [*(Word(b"absent%d" % n) for n in range(1000)), b"last"],
    "a thousand": [*(b"absent%d" % n for n in range(1000)), b"last"],
}


@pytest.mark.parametrize("needles", NEEDLES.values(), ids=NEEDLES.keys())
def test_git_finds_what_reading_finds(snapshot: Snapshot, needles: list[Needle]) -> None:
    assert PLAIN.containing(needles) == snapshot.containing(needles)


@pytest.mark.parametrize("needles", NEEDLES.values(), ids=NEEDLES.keys())
def test_a_search_among_paths_finds_what_a_search_of_all_finds_there(
    snapshot: Snapshot, needles: list[bytes]
) -> None:
    paths = ("plain.py", "binary.bin", "lines.txt", "line\nbreak.txt", "link")

    found = snapshot.among(paths, needles)

    assert tuple(path for path in PLAIN.containing(needles) if path in paths) == found


def test_a_search_among_a_few_paths_reads_no_other(opened: Repository) -> None:
    def whole(needles: Sequence[Needle]) -> tuple[str, ...]:
        raise AssertionError(f"the whole tree is searched for {needles}")

    snapshot = replace(opened.commit("HEAD"), search=whole)

    assert ("plain.py",) == snapshot.among(["plain.py", "lines.txt"], [b"class A"])


def test_a_git_without_expressions_of_perl_finds_the_same(
    searched: RepositoryBuilder, tmp_path: Path
) -> None:
    # No such git is to be had here: this one is the real one, and only refuses them in its words.
    other = tmp_path / "git"
    other.write_text(
        '#!/bin/sh\nfor word; do if [ "$word" = --perl-regexp ]; then\n'
        "echo 'fatal: cannot use Perl-compatible regexes when not compiled with USE_LIBPCRE' >&2\n"
        f'exit 128\nfi; done\nexec {shutil.which("git")} "$@"\n'
    )
    other.chmod(0o755)
    path = f"{tmp_path}:{searched.environ['PATH']}"

    with Repository.find(searched.path, {**searched.environ, "PATH": path}) as repository:
        snapshot = repository.commit("HEAD")
        found = {name: snapshot.containing(needles) for name, needles in NEEDLES.items()}

    assert {name: PLAIN.containing(needles) for name, needles in NEEDLES.items()} == found


@pytest.mark.parametrize("text", [b"", b"a-b", b"caf\xe9", b"a b"])
def test_what_is_no_word_of_ascii_is_sought_as_bytes(text: bytes) -> None:
    with pytest.raises(ValueError, match="no word"):
        Word(text)

    assert text == Word.of(text)


LETTERS = st.sampled_from([b"ab", b"a", b"_", b"b9", b" ", b"\n", b"\xe9", b"."])


@given(content=st.lists(LETTERS, max_size=12).map(b"".join))
@pytest.mark.parametrize("text", [b"ab", b"a", b"b9"])
def test_a_word_stands_where_an_expression_finds_it_alone(text: bytes, content: bytes) -> None:
    wanted = [each.end() for each in re.finditer(rb"\b%s\b" % text, content)]

    assert wanted == list(ends(text, content))


@pytest.mark.parametrize(
    ("needle", "expected"), [(b"DurableObject", ("plain.py",)), (b"absent", ())]
)
def test_among_a_few_paths_a_file_that_is_too_large_to_be_read_is_searched_by_git(
    searched: RepositoryBuilder, opened: Repository, needle: bytes, expected: tuple[str, ...]
) -> None:
    objects = Objects(Git.at(searched.path, searched.environ), largest=10)
    snapshot = replace(opened.commit("HEAD"), blobs=objects)

    found = snapshot.among(["plain.py"], [needle])
    objects.close()

    assert expected == found


PARTS = st.sampled_from([b"DurableObject", b"\n", b"\0", b"\r", b"caf\xe9", b"a", b"-", b"second"])


@settings(max_examples=40, deadline=None)
@given(needles=st.lists(st.lists(PARTS, min_size=1, max_size=3).map(b"".join), max_size=3))
def test_git_finds_what_reading_finds_for_any_needles(
    opened: Repository, needles: list[bytes]
) -> None:
    assert PLAIN.containing(needles) == opened.commit("HEAD").containing(needles)


def test_a_file_named_like_the_commit_confuses_nothing(searched: RepositoryBuilder) -> None:
    tree = searched.git("rev-parse", "HEAD^{tree}")
    path = searched.write(tree, "DurableObject")

    with Repository.find(searched.path, searched.environ) as repository:
        found = repository.commit("HEAD").containing([b"last"])
    path.unlink()

    assert ("no-end.txt",) == found
