"""Programs of npm for tests, installed once from a lock file among the data."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
LOCKED = Path(__file__).parent / "data" / "tally"
_FILES = ("package.json", "package-lock.json")


@cache
def node_modules(locked: Path = LOCKED) -> Path:
    """The folder of packages; fails with what to do where there is no npm to install them."""
    content = b"".join((locked / name).read_bytes() for name in _FILES)
    folder = REPOSITORY / "build" / f"node-{hashlib.sha256(content).hexdigest()[:16]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Of the processes that test at once, one installs.
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _install(folder, locked)
    return folder / "node_modules"


def _install(folder: Path, locked: Path) -> None:
    npm = shutil.which("npm")
    assert npm is not None, "these tests run programs of npm: install Node 20 with its npm"
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        for name in _FILES:
            shutil.copyfile(locked / name, Path(made, name))
        asked = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        done = subprocess.run(asked, cwd=made, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"npm ci failed:\n{done.stdout}{done.stderr}"
        Path(made).rename(folder)
        Path(made).mkdir()
