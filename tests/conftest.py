"""Fixtures that several test modules use: a fresh repository, and opened ones that are closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from gatekeeper.repository import Repository
from tests.opened import Open
from tests.repositories import RepositoryBuilder, make_repository


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
