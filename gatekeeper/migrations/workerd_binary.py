"""Which workerd is trusted to judge: one that whoever runs gatekeeper chose, never the change."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from gatekeeper.migrations.engine import EngineError

VARIABLE = "GATEKEEPER_WORKERD"
_HOW = (
    f"Install it outside of the repository (npm install @cloudflare/workerd-linux-64) and name "
    f"its bin/workerd in {VARIABLE}."
)


def find_workerd(environ: Mapping[str, str], root: Path) -> Path | None:
    """The workerd that the environment names, or the one on PATH; None where there is none.

    What lies in the repository at `root` (its `node_modules` above all) is passed over on PATH:
    the author of the change could have put it there, and a workerd that says yes to everything
    would prove everything. Raises EngineError where the one that is named cannot be started.
    """
    named = environ.get(VARIABLE, "")
    if named:
        return _named(Path(named))
    return next(_on_path(environ.get("PATH", ""), root.resolve()), None)


def _named(path: Path) -> Path:
    if not path.is_absolute():
        raise EngineError(f"{VARIABLE} is {path}, which is not a whole path. {_HOW}")
    if not _is_program(path):
        raise EngineError(f"{VARIABLE} names {path}, which is no program. {_HOW}")
    return path


def _on_path(folders: str, root: Path) -> Iterator[Path]:
    for folder in map(Path, filter(None, folders.split(os.pathsep))):
        found = folder / "workerd"
        if folder.is_absolute() and _is_program(found) and not _lies_in(found, root):
            yield found


def _lies_in(found: Path, root: Path) -> bool:
    named = Path(os.path.normpath(found))
    return any(each.is_relative_to(root) for each in (named, found.resolve()))


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
