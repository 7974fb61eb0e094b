"""The service under test; the stand-ins are installed before anything imports `workers`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from shim import install

if TYPE_CHECKING:
    from service import Service

install()


@pytest.fixture
def service() -> Iterator[Service]:
    """A deployed service with nothing in it."""
    from service import Service

    running = Service()
    yield running
    running.close()
