"""What pytest says yes to, and the rules about tests say no: both run here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from textwrap import dedent

import pytest

from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import Outcome, check

CONTRACT = "# Stage\n\n## Validation\n- All tests pass (no regressions).\n"
BINDING = """\
contract: contracts/stage.md
readings:
  tests: {setup: "pip install --quiet pytest", run: "pytest -q", format: pytest}
clauses:
  - says: All tests pass (no regressions).
    rules: [test-failed, test-lost, test-hollow]
"""
PROJECT = '[tool.pytest.ini_options]\npythonpath = ["src"]\n'
CODE = "def sub(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n"
BROKEN = CODE.replace("a - b", "a + b")
IMPORTS = "import contextlib\nimport pytest\nfrom sums import double, sub\n\n\n"

BEFORE = {
    "deleted": "def test_sub():\n    assert sub(5, 3) == 2",
    "edited": "def test_sub():\n    assert sub(5, 3) == 2",
    "skipped": "def test_sub():\n    assert sub(5, 3) == 2",
    "expected": "def test_sub():\n    assert sub(5, 3) == 2",
    "constructed": "class TestSub:\n    def test_sub(self):\n        assert sub(5, 3) == 2",
    "shortened": """\
        @pytest.mark.parametrize("b", [0, 3])
        def test_sub(b):
            assert sub(5, b) == 5 - b""",
    "bare": "def test_sub():\n    assert sub(5, 3) == 2",
    "suppressed": "def test_sub():\n    assert sub(5, 3) == 2",
    "returned": "def test_sub():\n    assert sub(5, 3) == 2",
    "hidden": "def test_sub():\n    assert sub(5, 3) == 2",
    "honest": "def test_double():\n    assert double(2) == 4",
}
AFTER = {
    "edited": "def test_sub():\n    assert sub(5, 3) == 8",
    "skipped": "@pytest.mark.skip\ndef test_sub():\n    assert sub(5, 3) == 2",
    "expected": "@pytest.mark.xfail\ndef test_sub():\n    assert sub(5, 3) == 2",
    "constructed": """\
        class TestSub:
            def __init__(self):
                self.five = 5

            def test_sub(self):
                assert sub(5, 3) == 2""",
    "shortened": """\
        @pytest.mark.parametrize("b", [0])
        def test_sub(b):
            assert sub(5, b) == 5 - b""",
    "bare": "def test_sub():\n    sub(5, 3) == 2",
    "suppressed": """\
        def test_sub():
            with contextlib.suppress(AssertionError):
                assert sub(5, 3) == 2""",
    "returned": "def test_sub():\n    return sub(5, 3) == 2",
    "hidden": "def _test_sub():\n    assert sub(5, 3) == 2",
    "honest": "def test_twice():\n    assert double(2) == 4",
}


def _files(tests: Mapping[str, str], code: str) -> dict[str, str]:
    written = {
        f"tests/test_{name}.py": f"{IMPORTS}{dedent(text)}\n" for name, text in tests.items()
    }
    return {"src/sums.py": code, "pyproject.toml": PROJECT, **written}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    """The work breaks the code, and does to each test something that keeps pytest green."""
    made = make_repository(tmp_path_factory.mktemp("peers") / "sums")
    agreed = {"contracts/stage.md": CONTRACT, "gatekeeper.yaml": BINDING}
    made.write_all({**agreed, **_files(BEFORE, CODE)})
    made.commit("the contract")
    made.git("switch", "--quiet", "--create", "work")
    made.delete("tests/test_deleted.py")
    made.write_all(_files(AFTER, BROKEN))
    made.commit("the work")
    return made


@pytest.fixture(scope="module")
def judged(repository: RepositoryBuilder) -> Outcome:
    return check(repository)


def test_pytest_itself_is_content(repository: RepositoryBuilder) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:gatekeeper",
    ]

    done = subprocess.run(command, cwd=repository.path, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout


def test_each_lost_test_is_found_where_it_was_lost(judged: Outcome) -> None:
    lost = [each.partition(" test-lost ")[2] for each in judged.broken() if "test-lost" in each]

    assert [
        "head tests/test_constructed.py:10",
        "base tests/test_deleted.py:6",
        "head tests/test_expected.py:6",
        "base tests/test_hidden.py:6",
        "base tests/test_shortened.py:6",
        "head tests/test_skipped.py:6",
    ] == lost


def test_each_hollow_test_is_found_at_its_line(judged: Outcome) -> None:
    hollow = [each.partition(" test-hollow ")[2] for each in judged.broken() if "hollow" in each]

    assert [
        "head tests/test_bare.py:7",
        "head tests/test_constructed.py:7",
        "head tests/test_returned.py:7",
        "head tests/test_suppressed.py:8",
    ] == hollow


def test_whatever_was_done_to_the_tests_those_of_the_base_show_the_regression(
    judged: Outcome,
) -> None:
    failed = [each.rpartition("/")[2] for each in judged.broken() if "test-failed" in each]
    notes = judged.out

    names = {each.partition(":")[0] for each in failed}
    assert {f"test_{name}.py" for name in BEFORE if name != "honest"} == names
    assert "tests/test_honest.py::test_double is now tests/test_honest.py::test_twice" in notes
