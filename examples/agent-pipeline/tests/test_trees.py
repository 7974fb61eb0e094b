"""Both trees work, and what the stage had to leave alone is the same in both."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[1]
UNTOUCHED = [
    "src/agents",
    "src/artifacts",
    "src/documents",
    "client",
    "src/github",
    "src/validation",
    "tests/test_api.py",
    "tests/test_agents.py",
    "tests/test_artifacts.py",
    "tests/test_documents.py",
    "tests/test_github.py",
    "tests/test_validation.py",
    "pyproject.toml",
]


def contents(root: Path, below: str = "") -> dict[str, bytes]:
    """Give every file under `root/below`, by its path from `root`."""
    start = root / below
    files = [start] if start.is_file() else start.rglob("*")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in files
        if path.is_file() and not {"__pycache__", ".pytest_cache"} & set(path.parts)
    }


@pytest.mark.parametrize("tree", ["before", "after"])
def test_a_tree_passes_its_own_tests(tree: str) -> None:
    environment = {
        **os.environ,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"],
        cwd=EXAMPLE / tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.mark.parametrize("path", UNTOUCHED)
def test_the_stage_left_alone(path: str) -> None:
    before = contents(EXAMPLE / "before", path)

    assert before
    assert before == contents(EXAMPLE / "after", path)


def test_no_tree_holds_the_contract_files() -> None:
    contract = set(contents(EXAMPLE / "contract"))
    before, after = contents(EXAMPLE / "before"), contents(EXAMPLE / "after")

    assert {"contracts/stage-2.md", "gatekeeper.yaml"} == contract
    assert not contract & (before.keys() | after.keys())
