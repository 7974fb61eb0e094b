"""How the tests, coverage, build and linters of a repository are probably run."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gatekeeper.errors import Unreadable

Reading = Mapping[str, str]

LINTERS = ("ruff", "mypy", "eslint", "tsc")


def guess_readings(paths: Sequence[str], read: Callable[[str], bytes]) -> Mapping[str, Reading]:
    """The readings that pyproject.toml and package.json speak of, by name; Python's first."""
    there = set(paths)
    found: dict[str, Reading] = {}
    for path, parse, guesses in (
        ("pyproject.toml", tomllib.loads, _of_python),
        ("package.json", json.loads, _of_node),
    ):
        if path in there:
            for name, reading in guesses(_table(read, path, parse), there):
                found.setdefault(name, reading)
    return found


def _table(
    read: Callable[[str], bytes], path: str, parse: Callable[[str], object]
) -> Mapping[str, Any]:
    try:
        parsed = parse(read(path).decode("utf-8-sig"))
    except (Unreadable, ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _of_python(project: Mapping[str, Any], paths: set[str]) -> Iterator[tuple[str, Reading]]:
    tool = _at(project, "tool")
    said = json.dumps(project, default=str)
    setup = "pip install -e .[dev]" if '"dev"' in said else "pip install -e ."
    if "pytest" in said or "pytest.ini" in paths or "conftest.py" in paths:
        yield "tests", {"setup": setup, "run": "pytest -q", "format": "pytest"}
    if "pytest-cov" in said:
        run = "pytest --cov --cov-report=json:{out}"
        yield "coverage", {"setup": setup, "run": run, "format": "coverage-json"}
    if "build-system" in project:
        yield "build", {"run": "python -m build"}
    if "ruff" in tool or paths & {"ruff.toml", ".ruff.toml"}:
        yield "ruff", {"run": "ruff"}
    if "mypy" in tool or "mypy.ini" in paths:
        yield "mypy", {"run": "mypy"}


def _of_node(package: Mapping[str, Any], paths: set[str]) -> Iterator[tuple[str, Reading]]:
    needs = {**_at(package, "dependencies"), **_at(package, "devDependencies")}
    if "vitest" in needs:
        run = "npx vitest run --reporter=junit --outputFile={out}"
        yield "tests", {"setup": "npm ci", "run": run, "format": "junit"}
    if "build" in _at(package, "scripts"):
        yield "build", {"setup": "npm ci", "run": "npm run build"}
    if "eslint" in needs:
        yield "eslint", {"setup": "npm ci", "run": "eslint"}
    if "typescript" in needs and "tsconfig.json" in paths:
        yield "tsc", {"setup": "npm ci", "run": "tsc"}


def _at(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = table.get(key)
    return value if isinstance(value, dict) else {}
