"""Which files of a repository a Python import can mean."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from posixpath import dirname

from gatekeeper.snapshot import Snapshot

_SUFFIXES = (".py", ".pyi", ".pyw")
_INITS = ("__init__.py", "__init__.pyi")
_ROOTS = ("src", "python", "lib")


class Modules(ABC):
    """The Python modules that there are, and which of them an import can mean.

    A module is named by its file (`src/app/store.py`), a package by its folder
    (`src/app/`). Where sources are rooted is not asked of any configuration: a folder is a
    root for every module in it, but roots around the importing file win over others.
    """

    @abstractmethod
    def has_file(self, path: str) -> bool:
        """Whether there is a Python file at `path`."""

    @abstractmethod
    def has_folder(self, folder: str) -> bool:
        """Whether there is Python somewhere in `folder` (which ends in a slash)."""

    @abstractmethod
    def tops(self, name: str, importer: str) -> Iterable[str]:
        """The modules and packages called `name`, in whatever folder `importer` may mean."""

    def find(self, importer: str, dotted: str) -> tuple[str, ...]:
        """The modules that `import dotted` in `importer` can mean; leading dots are relative."""
        name = dotted.lstrip(".")
        parts = name.split(".") if name else []
        level = len(dotted) - len(name)
        if level:
            return self._descend((_above(importer, level),), parts)
        if not parts:
            # Prose about "a circular import." reads like an import of nothing.
            return ()
        tops = tuple(self.tops(parts[0], importer))
        near = [top for top in tops if _encloses(top, importer)]
        return self._descend(sorted(near or tops), parts[1:])

    def child(self, module: str, name: str) -> tuple[str, ...]:
        """The modules called `name` in the package `module`."""
        if not module.endswith("/"):
            return ()
        inside = "" if module == "/" else module
        files = (inside + name + suffix for suffix in _SUFFIXES)
        folder = f"{inside}{name}/"
        found = [path for path in files if self.has_file(path)]
        return (*found, *([folder] if self.has_folder(folder) else []))

    def files(self, module: str) -> tuple[str, ...]:
        """The files whose top-level names are the attributes of `module`."""
        if not module.endswith("/"):
            return (module,)
        inside = "" if module == "/" else module
        return tuple(inside + name for name in _INITS if self.has_file(inside + name))

    def _descend(self, modules: Iterable[str], parts: list[str]) -> tuple[str, ...]:
        current = tuple(modules)
        for part in parts:
            current = tuple(found for module in current for found in self.child(module, part))
        return current


class Listed(Modules):
    """The modules among some paths; any folder of theirs may be a root."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._files = frozenset(path for path in paths if path.endswith(_SUFFIXES))
        self._folders = frozenset(_folders(self._files))
        self._top: dict[str, list[str]] = {}
        for module in (*self._files, *self._folders):
            self._top.setdefault(stem(module), []).append(module)

    def has_file(self, path: str) -> bool:
        """Whether the path is one of them."""
        return path in self._files

    def has_folder(self, folder: str) -> bool:
        """Whether one of the paths is inside."""
        return folder in self._folders

    def tops(self, name: str, _importer: str) -> Iterable[str]:
        """All that are called so, wherever the importer is."""
        return self._top.get(name, ())


class Nearby(Modules):
    """The modules around whoever asks, and in the usual roots: looked up, never listed.

    For a preview that must not wait until ten thousand paths are listed.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, bool] = {}
        self._children: dict[tuple[str, str], tuple[str, ...]] = {}
        self._meant: dict[tuple[str, str], tuple[str, ...]] = {}

    def find(self, importer: str, dotted: str) -> tuple[str, ...]:
        """As for all modules, remembered for each folder."""
        asked = importer.rpartition("/")[0], dotted
        if asked not in self._meant:
            self._meant[asked] = super().find(importer, dotted)
        return self._meant[asked]

    def child(self, module: str, name: str) -> tuple[str, ...]:
        """As for all modules, remembered."""
        asked = module, name
        if asked not in self._children:
            self._children[asked] = super().child(module, name)
        return self._children[asked]

    def has_file(self, path: str) -> bool:
        """Whether there is such a path, be it a link."""
        return path.endswith(_SUFFIXES) and path in self._snapshot.entries

    def has_folder(self, folder: str) -> bool:
        """Whether anything is in the folder."""
        if folder not in self._known:
            held = self._snapshot.below(folder.rstrip("/"))
            self._known[folder] = next(iter(held), None) is not None
        return self._known[folder]

    def tops(self, name: str, importer: str) -> Iterable[str]:
        """Those beside the importer, in a folder around it, or in a usual root."""
        for root in (*_around(dirname(importer)), *_ROOTS):
            yield from self.child(f"{root}/", name)


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


def _around(folder: str) -> Iterator[str]:
    """The folder, and each one that it lies in; the last one is the top, an empty text."""
    while folder:
        yield folder
        folder = dirname(folder)
    yield ""


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
