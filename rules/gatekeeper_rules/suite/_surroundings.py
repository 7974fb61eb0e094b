"""Whether the names that a test uses stand for the same things in two files."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname

from gatekeeper_rules.suite._written import WrittenFile

_Place = tuple[str, WrittenFile]


def means_the_same(names: Iterable[str], before: _Place, after: _Place) -> bool:
    """Whether each name stands for one and the same: an import, a function, an assignment.

    What neither file binds (a builtin, a fixture of a `conftest.py`) is taken to be the same.
    """
    return all(_meaning(name, *before) == _meaning(name, *after) for name in names)


def _meaning(name: str, path: str, file: WrittenFile) -> str:
    function = file.named(name)
    if function is not None and not function.is_test:
        return f"def {function.parameters} {function.code}"
    if name in file.bases:
        inside = [each for each in file.functions if each.name.startswith(f"{name}.")]
        return "class " + "\n".join(f"{each.name} {each.code}" for each in inside)
    if name in file.bound:
        return f"= {file.bound[name]}"
    return f"import {_absolute(file.imports[name], path)}" if name in file.imports else ""


def _absolute(imported: str, path: str) -> str:
    """A dotted name with its leading dots replaced by the folders that they mean."""
    name = imported.lstrip(".")
    level = len(imported) - len(name)
    if not level:
        return name
    folder = dirname(path)
    for _ in range(level - 1):
        folder = dirname(folder)
    return ".".join([*filter(None, folder.split("/")), name])
