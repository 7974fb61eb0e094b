"""A virtual environment for a room, with the pip that came with Python."""

from __future__ import annotations

import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.reading.output import told
from gatekeeper.reading.unusable import Unusable
from gatekeeper.tools import Ended, Limits, run

_LIMITS = Limits(seconds=300)
# -P: a `pip` or `json` in the folder that it is called in is a file of the change's.
_PIP = '#!/bin/sh\nexec "{python}" -P -m pip "$@"\n'


def make_environment(folder: Path, env: Mapping[str, str], *, with_pip: bool) -> None:
    """Make a virtual environment of the Python that runs us; raises Unusable."""
    _ask([sys.executable, "-I", "-m", "venv", "--without-pip", str(folder)], folder.parent, env)
    if not with_pip:
        return
    python, wheel = folder / "bin" / "python", _bundled()
    if wheel is None:
        _ask([str(python), "-I", "-m", "ensurepip", "--default-pip"], folder.parent, env)
        return
    # What ensurepip does, in a tenth of the time: it starts pip to unpack pip.
    packages = next(iter(folder.glob("lib/python3*/site-packages")))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    for name in ("pip", "pip3"):
        (folder / "bin" / name).write_text(_PIP.format(python=python), encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)


def _bundled() -> Path | None:
    """The wheel of pip that Python ships, where distributions leave it."""
    import ensurepip

    places = (
        sysconfig.get_config_var("WHEEL_PKG_DIR"),
        Path(ensurepip.__file__).parent / "_bundled",
    )
    wheels = (wheel for place in places if place for wheel in sorted(Path(place).glob("pip-*.whl")))
    return next(wheels, None)


def _ask(command: list[str], cwd: Path, env: Mapping[str, str]) -> None:
    made = run(command, _LIMITS, cwd=str(cwd), env=env)
    if made.status or made.ended is not Ended.BY_ITSELF:
        raise Unusable(f"no virtual environment can be made: {told(made)}")
