"""What stands in the folders around a checkout, where tools look for settings as well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.ground import remove
from gatekeeper.reading.unusable import Unusable

_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts")

# pytest, ruff and mypy look in all folders above theirs, and Node's tools do the same.
_PYTHON = (
    *("pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "conftest.py", "setup.py"),
    *("pyproject.toml", "setup.cfg", "tox.ini", "ruff.toml", ".ruff.toml", "mypy.ini"),
    *(".mypy.ini", ".coveragerc", ".coveragerc.toml", "uv.toml", ".editorconfig"),
)
_NODE = (
    *("package.json", "node_modules", ".npmrc", "pnpm-workspace.yaml", ".pnp.cjs", ".yarnrc.yml"),
    *("tsconfig.json", "jsconfig.json", ".babelrc", "babel.config.json", ".browserslistrc"),
    *map("".join, product(("eslint.config", "jest.config", "postcss.config"), _SCRIPTS)),
    *map("".join, product((".eslintrc",), ("", ".json", ".yaml", ".yml", ".js", ".cjs"))),
    ".editorconfig",
)


def check_surroundings(folder: Path, *, node: bool) -> None:
    """Raises Unusable where a folder above `folder` holds settings that tools would take.

    Whatever ran on this machine, a run of an earlier change among it, can have left them.
    """
    for above in folder.parents:
        for name in _NODE if node else _PYTHON:
            if os.path.lexists(above / name):
                raise Unusable(
                    f"{printable(str(above / name))} stands above the folder for temporary files, "
                    "and tools would take their settings from it; remove it, or set TMPDIR"
                )


def clear(folder: Path) -> None:
    """Take away what a run has left in the folders of ours that are around checkouts.

    Beside rooms (which have numbers) and what is in a room (`ground`, `base`, `out`, `tmp`)
    nothing must stand. Raises Unusable where it stays.
    """
    for each in tuple(_others(folder)):
        remove(each)
        if os.path.lexists(each):
            raise Unusable(f"an earlier run has left {printable(each.name)} for good")


def _others(folder: Path) -> Iterator[Path]:
    for room in folder.iterdir():
        if not room.name.isdigit() or room.is_symlink() or not room.is_dir():
            yield room
            continue
        for each in room.iterdir():
            if each.name not in ("ground", "base", "out", "tmp") or each.is_symlink():
                yield each
