"""What takes long to make is made once in a run of tests, whichever of its processes asks first."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` has filled: by this process, or by another worker of the run.

    It is for reading only; whoever has something to write takes a copy.
    """
    own = factory.getbasetemp()
    # Not the variable alone: a run that a worker's test starts has inherited it, and has a
    # folder of its own beside those of earlier runs.
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    root = own.parent if worker and own.name == f"popen-{worker}" else own
    folder, made = root / name, root / f"{name}.made"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            assert not folder.exists(), f"{name} could not be made; its first test says why"
            folder.mkdir()
            make(folder)
            made.touch()
    return folder
