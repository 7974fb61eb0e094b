"""Looking for byte strings by git finds what looking into every file would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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

NEEDLES = {
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
    "a thousand": [b"absent%d" % n for n in range(1000)] + [b"last"],
}


@pytest.mark.parametrize("needles", NEEDLES.values(), ids=NEEDLES.keys())
def test_git_finds_what_reading_finds(snapshot: Snapshot, needles: list[bytes]) -> None:
    assert PLAIN.containing(needles) == snapshot.containing(needles)


@pytest.mark.parametrize("needles", NEEDLES.values(), ids=NEEDLES.keys())
def test_a_search_among_paths_finds_what_a_search_of_all_finds_there(
    snapshot: Snapshot, needles: list[bytes]
) -> None:
    paths = ("plain.py", "binary.bin", "lines.txt", "line\nbreak.txt", "link")

    found = snapshot.among(paths, needles)

    assert tuple(path for path in PLAIN.containing(needles) if path in paths) == found


def test_a_search_among_a_few_paths_reads_no_other(opened: Repository) -> None:
    def whole(needles: Sequence[bytes]) -> tuple[str, ...]:
        raise AssertionError(f"the whole tree is searched for {needles}")

    snapshot = replace(opened.commit("HEAD"), search=whole)

    assert ("plain.py",) == snapshot.among(["plain.py", "lines.txt"], [b"class A"])


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
