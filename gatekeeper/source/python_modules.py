"""Which files of a repository a Python import can mean."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import dirname

_SUFFIXES = (".py", ".pyi", ".pyw")
_INITS = ("__init__.py", "__init__.pyi")


class Modules:
    """The Python modules among some paths.

    A module is named by its file (`src/app/store.py`), a package by its folder
    (`src/app/`). Where sources are rooted is not asked of any configuration: a folder is a
    root for every module in it, but roots around the importing file win over others.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._files = frozenset(path for path in paths if path.endswith(_SUFFIXES))
        self._folders = frozenset(_folders(self._files))
        self._top: dict[str, list[str]] = {}
        for module in (*self._files, *self._folders):
            self._top.setdefault(stem(module), []).append(module)

    def find(self, importer: str, dotted: str) -> tuple[str, ...]:
        """The modules that `import dotted` in `importer` can mean; leading dots are relative."""
        name = dotted.lstrip(".")
        parts = name.split(".") if name else []
        level = len(dotted) - len(name)
        if level:
            return self._descend((_above(importer, level),), parts)
        near = [top for top in self._top.get(parts[0], []) if _encloses(top, importer)]
        return self._descend(sorted(near or self._top.get(parts[0], [])), parts[1:])

    def child(self, module: str, name: str) -> tuple[str, ...]:
        """The modules called `name` in the package `module`."""
        if not module.endswith("/"):
            return ()
        inside = "" if module == "/" else module
        files = (inside + name + suffix for suffix in _SUFFIXES)
        folder = f"{inside}{name}/"
        found = [path for path in files if path in self._files]
        return (*found, *([folder] if folder in self._folders else []))

    def files(self, module: str) -> tuple[str, ...]:
        """The files whose top-level names are the attributes of `module`."""
        if not module.endswith("/"):
            return (module,)
        inside = "" if module == "/" else module
        return tuple(inside + name for name in _INITS if inside + name in self._files)

    def _descend(self, modules: Iterable[str], parts: list[str]) -> tuple[str, ...]:
        current = tuple(modules)
        for part in parts:
            current = tuple(found for module in current for found in self.child(module, part))
        return current


def stem(module: str) -> str:
    """The last part of a module's dotted name."""
    name = module.rstrip("/").rpartition("/")[2]
    return name if module.endswith("/") else name.partition(".")[0]


def module_of(path: str) -> str:
    """The module that a file is: itself, or the package whose `__init__` it is."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/" if name in _INITS else path


def _folders(files: Iterable[str]) -> Iterable[str]:
    seen: set[str] = set()
    for path in files:
        folder = dirname(path)
        while folder and folder not in seen:
            seen.add(folder)
            yield folder + "/"
            folder = dirname(folder)


def _above(importer: str, level: int) -> str:
    """The folder that `level` leading dots mean in `importer`."""
    folder = dirname(importer)
    for _ in range(level - 1):
        folder = dirname(folder)
    return folder + "/"


def _encloses(module: str, importer: str) -> bool:
    """Whether the folder that holds `module` holds `importer`, at any depth."""
    root = dirname(module.rstrip("/"))
    return not root or importer.startswith(root + "/")
