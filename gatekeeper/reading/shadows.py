"""Modules of a change that would be imported in place of Python's own, or of a tool's."""

from __future__ import annotations

import posixpath
import sys
from collections.abc import Iterable, Iterator

from gatekeeper.git import printable
from gatekeeper.reading.unusable import Unusable

_TOOLS = frozenset(
    (
        *("pip", "setuptools", "pkg_resources", "wheel", "build", "uv", "hatchling", "flit_core"),
        *("poetry", "pytest", "_pytest", "py", "pluggy", "iniconfig", "packaging", "pygments"),
        *("xdist", "execnet", "pytest_cov", "coverage", "mypy", "mypyc", "mypy_extensions"),
        *("ruff", "typing_extensions", "sitecustomize", "usercustomize", "gatekeeper"),
        *("gatekeeper_recorder", "gatekeeper_canaries"),
    )
)
# Names of the standard library that nothing imports, and that folders of tests have.
_FREE = frozenset({"test", "this", "antigravity", "idlelib", "turtledemo", "__main__"})
_SUFFIXES = (".py", ".pyc", ".so", ".pyd")


def check_shadows(head: Iterable[str], base: Iterable[str], cwd: str) -> None:
    """Raises Unusable where the head adds such a module to the folder that commands run in.

    `python -m pip` and `python -m pytest` look there before anywhere else, so a `json.py`
    is run instead of the one that they were written for. What the base has was agreed on.
    """
    known = {name for name, _ in _modules(base, cwd)}
    for name, path in _modules(head, cwd):
        if name in _TOOLS | sys.stdlib_module_names - _FREE and name not in known:
            raise Unusable(
                f"{printable(path)} is new, and would be imported in place of the {name} that "
                "Python or a tool brings; call it otherwise"
            )


def _modules(paths: Iterable[str], cwd: str) -> Iterator[tuple[str, str]]:
    """The modules that a folder of the tree holds, with their paths."""
    folder = posixpath.normpath(cwd)
    prefix = f"{folder}/" if folder != "." else ""
    for path in paths:
        top, _, inside = path.removeprefix(prefix).partition("/")
        if not path.startswith(prefix) or (inside and not inside.startswith("__init__.")):
            continue
        if inside or top.endswith(_SUFFIXES):
            yield top.partition(".")[0], path
