"""Each violation says truly what it changes, and the service would not show it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).resolve().parents[1]
VIOLATIONS = sorted(path.parent.name for path in (EXAMPLE / "violations").glob("*/violation.toml"))
WITH_CODE = [
    name for name in VIOLATIONS if any((EXAMPLE / "violations" / name / "files").rglob("*.py"))
]
KEYS = {
    "clause",
    "clauses",
    "rule",
    "path",
    "line",
    "side",
    "says",
    "delete",
    "base_delete",
    "history",
    "early",
    "measured",
}


def told(name: str) -> dict[str, Any]:
    text = (EXAMPLE / "violations" / name / "violation.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def text_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def head_of(name: str, folder: Path) -> Path:
    """Make the tree that the violation leaves, contract files included."""
    layers = [EXAMPLE / "after", EXAMPLE / "contract", EXAMPLE / "violations" / name / "files"]
    for layer in filter(Path.is_dir, layers):
        ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
        shutil.copytree(layer, folder, dirs_exist_ok=True, ignore=ignored)
    for path in told(name).get("delete", []):
        (folder / path).unlink()
    return folder


def test_every_folder_of_violations_is_described() -> None:
    folders = sorted(path.name for path in (EXAMPLE / "violations").iterdir())

    assert folders == VIOLATIONS


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_told_in_full(name: str) -> None:
    found = told(name)

    assert name.startswith(found["rule"])
    assert ("clause" in found) != ("clauses" in found)
    assert re.fullmatch(r"[A-Z].*\.", found["says"])
    assert found.keys() <= KEYS


@pytest.mark.parametrize("name", [name for name in VIOLATIONS if "line" in told(name)])
def test_the_line_named_is_one_that_the_violation_made(name: str, tmp_path: Path) -> None:
    found = told(name)
    texts = {
        "base": text_of(EXAMPLE / "contract" / found["path"])
        or text_of(EXAMPLE / "after" / found["path"]),
        "head": text_of(head_of(name, tmp_path) / found["path"]),
    }

    side = found.get("side", "head")
    other = texts["base" if side == "head" else "head"]
    assert texts[side][found["line"] - 1] not in other[found["line"] - 1 : found["line"]]


@pytest.mark.parametrize("name", WITH_CODE)
def test_the_service_works_all_the_same(name: str, tmp_path: Path) -> None:
    files = EXAMPLE / "violations" / name / "files"
    tests = () if name == "test-failed" else files.rglob("test_*.py")
    added = sorted(path.relative_to(files).as_posix() for path in tests)
    finished = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/test_api.py",
            *added,
        ],
        cwd=head_of(name, tmp_path),
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("name", [name for name in VIOLATIONS if name.startswith("contract-weak")])
def test_a_weakened_binding_differs_in_one_line(name: str) -> None:
    weakened = EXAMPLE / "violations" / name / "files" / "gatekeeper.yaml"
    agreed = (EXAMPLE / "contract" / "gatekeeper.yaml").read_text(encoding="utf-8").splitlines()
    lines = weakened.read_text(encoding="utf-8").splitlines() if weakened.exists() else agreed

    assert len([line for line in agreed if line not in lines]) <= 1
