"""What this Python has installed, lent to rooms: to download it would take most of the time."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from pathlib import Path

SETUP = """\
import os, sys
room = os.environ["VIRTUAL_ENV"]
lib = f"{{room}}/lib/python{{sys.version_info[0]}}.{{sys.version_info[1]}}/site-packages"
for each in {lent!r}:
    os.symlink(each, os.path.join(lib, os.path.basename(each)))
os.symlink({ruff!r}, f"{{room}}/bin/ruff")
"""
LENT = ("pytest", "pluggy", "iniconfig", "packaging", "pygments", "coverage", "pytest-cov")


def _installed() -> set[str]:
    """The files and folders of what the readings need, beside each other in one folder."""
    held = (importlib.metadata.distribution(name) for name in LENT)
    return {
        str(each.locate_file(file.parts[0]))
        for each in held
        for file in each.files or ()
        if file.parts[0] not in ("..", "__pycache__")
    }


def lent(folder: Path) -> str:
    """The setup of the readings, as a shell line; its script goes into the folder."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent)) or shutil.which("ruff")
    script = folder / "setup.py"
    script.write_text(SETUP.format(lent=sorted(_installed()), ruff=str(ruff)))
    return f"python {script}"
