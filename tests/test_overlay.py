"""The base's tests are laid over the head's code; the head's own tests keep out."""

from __future__ import annotations

import pytest

from gatekeeper.patterns import Patterns
from gatekeeper.reading.overlay import crossed, is_test_file, laid_over
from tests.cases import EXECUTABLE
from tests.trees import tree


@pytest.mark.parametrize(
    "path",
    [
        "tests/data/rows.json",
        "pkg/test/helpers.py",
        "web/__tests__/app.tsx",
        "src/test_app.py",
        "src/app_test.py",
        "conftest.py",
        "src/conftest.py",
        "web/app.test.ts",
        "web/app.spec.jsx",
        "web/app.test.mts",
    ],
)
def test_a_file_of_the_tests_is_known_by_name_or_folder(path: str) -> None:
    assert is_test_file(path)


@pytest.mark.parametrize(
    "path",
    ["src/app.py", "src/testing.py", "src/contest.py", "tests", "src/attest/a.py", "web/test.ts"],
)
def test_other_files_are_code(path: str) -> None:
    assert not is_test_file(path)


def test_the_head_gets_the_tests_of_the_base_and_loses_its_own() -> None:
    base = tree("base", {"src/a.py": "old", "tests/test_a.py": "strict", "tests/gone.py": "x"})
    head = tree(
        "head",
        {"src/a.py": "new", "tests/test_a.py": "loose", "tests/conftest.py": "skip all"},
        {"src/a.py": EXECUTABLE},
    )

    both = crossed(base, head)

    assert {"src/a.py": b"new", "tests/test_a.py": b"strict", "tests/gone.py": b"x"} == dict(both)
    assert EXECUTABLE == both.entries["src/a.py"].mode
    assert both.tree is None


def test_what_was_laid_over_is_said() -> None:
    base = tree("base", {"a.py": "", "tests/test_a.py": "strict", "tests/test_b.py": ""})
    head = tree(
        "head", {"a.py": "", "tests/test_a.py": "loose", "tests/test_b.py": "", "test_c.py": ""}
    )

    assert "2 test files of the base, 1 of them not as at head; 1 new left out" == laid_over(
        base, head
    )


def test_a_head_with_the_tests_of_the_base_is_what_comes_out() -> None:
    base = tree("base", {"a.py": "old", "tests/test_a.py": "same"})
    head = tree("head", {"a.py": "new", "tests/test_a.py": "same"})

    assert head.tree == crossed(base, head).tree


BASE = {
    "tests/test_a.py": "strict",
    "tests/conftest.py": "strict",
    "tests/harness.py": "old",
    "tests/other.py": "old",
}
HEAD = {
    "tests/test_a.py": "loose",
    "tests/conftest.py": "loose",
    "tests/harness.py": "new",
    "tests/other.py": "new",
}


def test_support_that_the_contract_names_is_the_heads() -> None:
    both = crossed(tree("base", BASE), tree("head", HEAD), Patterns(("tests/harness.py",)))

    assert {**BASE, "tests/harness.py": "new"} == {path: both[path].decode() for path in both}


def test_a_test_file_and_a_conftest_are_the_bases_whatever_is_named() -> None:
    both = crossed(tree("base", BASE), tree("head", HEAD), Patterns(("tests/**",)))

    expected = {**HEAD, "tests/test_a.py": "strict", "tests/conftest.py": "strict"}
    assert expected == {path: both[path].decode() for path in both}


def test_the_support_that_is_the_heads_is_said() -> None:
    told = laid_over(tree("base", BASE), tree("head", HEAD), Patterns(("tests/harness.py",)))

    assert told == (
        "3 test files of the base, 3 of them not as at head; 0 new left out; "
        "with the head's tests/harness.py"
    )
