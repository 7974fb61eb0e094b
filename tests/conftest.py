"""Fixtures that several test modules use: a fresh repository, and opened ones that are closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from gatekeeper.repository import Repository
from tests.opened import Open
from tests.repositories import RepositoryBuilder, make_repository

# How long an example takes says how much else the machine does, and what it imports for the
# first: no property here is about time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

LONG = {
    "test_example_measured.py",
    "test_typescript_project.py",
    "test_linters.py",
    "test_hostile_runs.py",
    "test_gaming_suite.py",
    "test_pre_commit.py",
}
"""Files that take half a minute or more."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers that take whole files begin with the long ones: none is left alone at the end."""
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: item.path.name not in LONG)


@pytest.fixture
def open_it() -> Iterator[Open]:
    """Opens repositories, and closes them after the test."""
    with ExitStack() as opened:
        yield lambda builder, **variables: opened.enter_context(
            Repository.find(builder.path, {**builder.environ, **variables})
        )


@pytest.fixture
def built(tmp_path: Path) -> RepositoryBuilder:
    """An empty repository, with a work tree."""
    return make_repository(tmp_path / "repository")
