"""Which files are test code, and which could ask whether they are tested: told without parsing."""

from __future__ import annotations

import re

from gatekeeper import Change

_TEST_FILE = re.compile(r"(?:test_.*|.*_tests?|tests?)\.py$")
_HELPS = re.compile(r".*testing.*\.py$")
_FOLDERS = frozenset({"test", "tests", "testing", "__tests__"})
_BENCHES = frozenset({"bench", "benches", "benchmark", "benchmarks"})
_SIGNS = (b"pytest", b"PYTEST", b"unittest")


def is_test_file(path: str) -> bool:
    """Whether pytest or unittest collect from a file that is called so."""
    *folders, name = path.split("/")
    return bool(_TEST_FILE.match(name)) and _BENCHES.isdisjoint(folders)


def is_test_code(path: str) -> bool:
    """Whether a file holds tests, or is beside them, by its path."""
    *folders, name = path.split("/")
    inside = not _FOLDERS.isdisjoint(folders)
    return name.endswith(".py") and (inside or is_test_file(path) or name == "conftest.py")


def may_help(path: str) -> bool:
    """Whether tests may have the functions of a file expect something for them."""
    return is_test_code(path) or bool(_HELPS.match(path.rpartition("/")[2]))


def may_ask(content: bytes) -> bool:
    """Whether a file could ask, as far as its bytes say."""
    return any(each in content for each in _SIGNS)


def can_ask(change: Change, path: str) -> bool:
    """Whether a changed file is production code that names what runs tests."""
    changed = change.files[path]
    if changed.after is None or not changed.after.is_file or not path.endswith(".py"):
        return False
    return not is_test_code(path) and may_ask(change.head.read(path))
