"""Our pytest plugins in a judged run: in a folder of ours, loaded by pytest's environment."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatekeeper.reading.room import Room
from gatekeeper.reading.unusable import Unusable
from gatekeeper.tools import Outcome

_SOURCES = Path(__file__).parent.parent
_STEERING = ("PYTEST_ADDOPTS", "PYTHONPATH")
_NOT_LOADED = b'Error importing plugin "gatekeeper_'


def planted(names: Sequence[str], room: Room, options: Sequence[str] = ()) -> Mapping[str, str]:
    """What to add to the environment, so that any pytest that starts in the room loads these.

    `names` are modules of gatekeeper that import nothing else of it; `options` are further
    ones for pytest.
    """
    folder = room.out / "plugins"
    for top in {name.partition(".")[0] for name in names}:
        _copy(_SOURCES / top, folder / f"gatekeeper_{top}")
    _name_in_environment(folder, room)
    loaded = (f"-p gatekeeper_{name}" for name in names)
    there = room.env.get("PYTHONPATH")
    return {
        "PYTEST_ADDOPTS": " ".join((room.env.get("PYTEST_ADDOPTS", ""), *loaded, *options)).strip(),
        "PYTHONPATH": os.pathsep.join((str(folder), *filter(None, (there,)))),
    }


def before(room: Room) -> Mapping[str, str | None]:
    """What a plugin puts the environment back to, once it is loaded; None is nothing at all."""
    return {name: room.env.get(name) for name in _STEERING}


def check_loaded(ended: Outcome) -> None:
    """Raise Unusable where pytest ended because it did not find our plugins."""
    if _NOT_LOADED in ended.err:
        raise Unusable(
            "pytest could not load gatekeeper's plugins, for its Python is not the one of this "
            "reading's environment and was told to ignore PYTHONPATH (-I, -E); start it without "
            "that, or install pytest in the environment with `setup`"
        )


def _name_in_environment(folder: Path, room: Room) -> None:
    """Have the room's own Python find a folder, also where it ignores PYTHONPATH (-I, -E).

    What this adds is taken away before the next run, as all that a run adds.
    """
    ground = room.tree.parent
    venv = Path(room.env.get("VIRTUAL_ENV", ground))
    for packages in venv.glob("lib/python3*/site-packages"):
        if packages.resolve().is_relative_to(ground):
            (packages / "gatekeeper-plugins.pth").write_text(f"{folder}\n", encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source.with_suffix(".py"), target.with_suffix(".py"))
