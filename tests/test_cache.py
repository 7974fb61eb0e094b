"""Facts are read once for each content, and what is kept for a later run can do no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekeeper.cache import Cache, Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.store import LARGEST, Store, local_store
from gatekeeper.version import __version__

OID = "0" * 40


def length(reads: list[str]) -> Extractor[int]:
    """The length of a file; notes each path that it reads."""

    def read(content: bytes, path: str) -> int:
        reads.append(path)
        if content == b"bad":
            raise Unreadable(path, "it is bad")
        return len(content)

    def unpack(data: object) -> int:
        if not isinstance(data, int):
            raise ValueError("no length")
        return data

    return Extractor("length", 1, read, lambda facts: facts, unpack)


def asked(store: Store | None, reads: list[str], content: bytes = b"four") -> int:
    return Cache(store).facts(length(reads), OID, "a.py", lambda: content)


def test_a_content_is_read_once_whatever_its_path() -> None:
    reads: list[str] = []
    cache, extractor = Cache(), length(reads)

    for path in ("a.py", "b.py", "a.py"):
        cache.facts(extractor, OID, path, lambda: b"four")

    assert reads == ["a.py"]


def test_what_cannot_be_read_is_a_fact_that_names_the_path_asked_for() -> None:
    reads: list[str] = []
    cache, extractor = Cache(), length(reads)
    with pytest.raises(Unreadable):
        cache.facts(extractor, OID, "a.py", lambda: b"bad")

    with pytest.raises(Unreadable, match=r"b\.py") as raised:
        cache.facts(extractor, OID, "b.py", lambda: b"bad")

    assert (reads, raised.value.reason) == (["a.py"], "it is bad")


def test_the_next_run_does_not_read_again(tmp_path: Path) -> None:
    reads: list[str] = []
    first = Store(tmp_path / "gatekeeper" / "facts.json")
    asked(first, reads)
    first.save()

    found = asked(Store(tmp_path / "gatekeeper" / "facts.json"), reads)

    assert (found, reads) == (4, ["a.py"])


def test_what_a_run_does_not_ask_is_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "gatekeeper" / "facts.json"
    first = Store(file)
    first.keep("kind", "old", 1)
    first.save()
    second = Store(file)
    second.keep("kind", "new", 2)
    second.save()

    third = Store(file)

    assert (third.recall("kind", "old"), third.recall("kind", "new")) == (None, 2)


def _file(facts: object, version: str = __version__) -> bytes:
    return json.dumps({"version": version, "facts": facts}).encode()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x80\x04\x95", id="a pickle"),
        pytest.param(b"[" * 200_000, id="deep nesting"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"null", id="null"),
        pytest.param(b'{"version": 1' + b"0" * 5000 + b"}", id="a very long number"),
        pytest.param(_file([]), id="facts that are a list"),
        pytest.param(_file({f"length 1 {OID}.py": "four"}), id="a fact of another shape"),
        pytest.param(_file({f"length 1 {OID}.py": None}), id="no fact"),
        pytest.param(_file({f"length 1 {OID}.py": 9}, "0.0.0"), id="another version"),
        pytest.param(_file({f"length 1 {OID}.py": 9}) + b" " * LARGEST, id="too large"),
    ],
)
def test_what_is_no_fact_is_found_out_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(content)

    assert asked(Store(file), []) == 4


def _folder_in_its_place(file: Path) -> None:
    file.mkdir(parents=True)


def _file_in_place_of_its_folder(file: Path) -> None:
    file.parent.write_text("")


@pytest.mark.parametrize("hinder", [_folder_in_its_place, _file_in_place_of_its_folder])
def test_a_file_that_cannot_be_written_is_no_fault(
    tmp_path: Path, hinder: Callable[[Path], None]
) -> None:
    file = tmp_path / "gatekeeper" / "facts.json"
    hinder(file)
    store = Store(file)

    found = asked(store, [])
    store.save()

    assert found == 4


def test_nothing_is_recalled_in_ci(tmp_path: Path) -> None:
    assert local_store(tmp_path, {"CI": "true"}) is None
