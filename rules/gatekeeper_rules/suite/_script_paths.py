"""Which scripts are test code, told by their paths without parsing."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r".*\.(?:[cm]?[jt]sx?)$")
_TEST_FILE = re.compile(r"(?:.*[._-])?(?:test|tests|spec|e2e|cy)\.[cm]?[jt]sx?$")
_FOLDERS = frozenset({"__tests__", "e2e", "spec", "test", "testing", "tests", "__mocks__"})
_FIXTURES = frozenset({"__fixtures__", "fixtures", "node_modules", "dist", "build"})


def is_script_test_file(path: str) -> bool:
    """Whether a runner of tests collects from a script that is called so."""
    *folders, name = path.split("/")
    return bool(_TEST_FILE.match(name)) and _FIXTURES.isdisjoint(folders)


def is_script_test_code(path: str) -> bool:
    """Whether a script holds tests, or is beside them, by its path."""
    *folders, name = path.split("/")
    if not _SCRIPT.match(name) or name.endswith(".d.ts") or not _FIXTURES.isdisjoint(folders):
        return False
    return is_script_test_file(path) or not _FOLDERS.isdisjoint(folders)
