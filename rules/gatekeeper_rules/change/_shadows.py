"""Which paths an import would take for the same module: siblings, stubs, other source roots."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from gatekeeper.value import dataclass
from gatekeeper_rules.change._tree import parents

_PYTHON = r"(?:\.[^/]*)?\.(?:pyc|pyd|so)|\.(?:py|pyi|pyw|pyx)"
_SCRIPT = r"(?:\.d)?\.[mc]?tsx?|\.[mc]?jsx?|\.json|\.node"
_CACHE = "__pycache__/"
_STUBS = "-stubs"
_ROOTS = ("src", "lib", "python", "python_modules", "site-packages", "vendor")
_STUB_ROOTS = ("typings", "stubs")  # Pyright's, and the usual one for mypy
_CODE, _DATA, _INDEX = 0, 1, 2
_MANY = 4096


# Every protected module asks about every changed path.
@lru_cache(maxsize=_MANY)
def python_name(path: str) -> str | None:
    """The path an import of this file goes by, without its suffix; None for no Python.

    `a/b.py`, `a/b.pyi`, `a/b.cpython-311-x86_64-linux-gnu.so`, `a/b/__init__.py`,
    `a/__pycache__/b.cpython-311.pyc` and `a-stubs/b.pyi` (PEP 561) are all `a/b`.
    """
    folder, _, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    if not stem or not re.fullmatch(_PYTHON, dot + suffix):
        return None
    folder = f"{folder}/".replace(_CACHE, "").replace(f"{_STUBS}/", "/").rstrip("/")
    return folder if stem == "__init__" else f"{folder}/{stem}".lstrip("/")


def is_package_file(path: str) -> bool:
    """Whether the file is what makes a folder a regular package of Python."""
    return path.rpartition("/")[2].partition(".")[0] == "__init__" and bool(python_name(path))


@lru_cache(maxsize=_MANY)
def script_name(path: str) -> tuple[str, int] | None:
    """The specifier of a JavaScript or TypeScript file without its suffix, and its turn.

    Resolvers differ in the order of the suffixes of code (TypeScript, esbuild, Vite, Node),
    so those are equals; data comes after them, a folder's index last.
    """
    folder, slash, name = path.rpartition("/")
    stem, dot, suffix = name.partition(".")
    while dot and not re.fullmatch(_SCRIPT, dot + suffix):
        more, dot, suffix = suffix.partition(".")
        stem = f"{stem}.{more}"
    if not dot or not stem:
        return None
    return f"{folder}{slash}{stem}", _DATA if suffix == "json" else _CODE


def could_be_module(path: str) -> bool:
    """Whether the name alone is that of a Python or JavaScript module."""
    return python_name(path) is not None or script_name(path) is not None


@dataclass(frozen=True)
class Names:
    """The names by which the files of a module are imported.

    `python` and `script` map a name to the file; `packages` maps the folders above the
    Python ones; `roots` maps a source root to its names below it.
    """

    python: Mapping[str, str]
    packages: Mapping[str, str]
    script: Mapping[str, tuple[str, int]]
    roots: Mapping[str, Mapping[str, str]]

    def shadowed(self, path: str, *, folder: bool = False) -> str | None:
        """The file whose import `path` could answer from now on.

        `folder` says that `path` stands for a whole folder: a link or a submodule.
        """
        name = path if folder else python_name(path)
        if name is not None:
            return self.python.get(name) or self.packages.get(name) or self._elsewhere(name)
        return None

    def outrun(self, path: str, *, folder: bool = False) -> str | None:
        """The script whose import `path` could answer from now on."""
        named = (path, _INDEX) if folder else script_name(path)
        if path.endswith("/package.json"):
            named = (path.rpartition("/")[0], _INDEX)
        known = self.script.get(named[0]) if named else None
        return known[0] if named and known and named[1] <= known[1] else None

    def children(self, package: str) -> frozenset[str]:
        """The names right below a package that are the module's, or lead to it."""
        below = f"{package}/"
        every = (*self.python, *self.packages)
        rests = (name.removeprefix(below) for name in every if name.startswith(below))
        return frozenset(rest for rest in rests if "/" not in rest)

    def _elsewhere(self, name: str) -> str | None:
        for root, names in self.roots.items():
            for other in _other_roots(root):
                rest = name.removeprefix(other)
                if name.startswith(other) and rest in names:
                    return names[rest]
        return None


def names_of(files: Iterable[str], has: Callable[[str], bool]) -> Names:
    """The names of `files`; `has` tells whether a path is in the snapshot they are of."""
    paths = sorted(files)
    python = {name: path for path in paths if (name := python_name(path)) is not None}
    packages = {folder: path for name, path in python.items() for folder in parents(name)}
    roots: dict[str, dict[str, str]] = {}
    for name, path in python.items():
        for root in _source_roots(name, has):
            roots.setdefault(root, {}).update(_below(root, name, path))
    return Names(python, packages, dict(_scripts(paths)), roots)


def _below(root: str, name: str, path: str) -> Mapping[str, str]:
    above = (each for each in (name, *parents(name)) if each.startswith(root))
    return {each.removeprefix(root): path for each in above}


def _scripts(paths: Iterable[str]) -> Iterator[tuple[str, tuple[str, int]]]:
    for path in paths:
        if (script := script_name(path)) is not None:
            specifier, turn = script
            yield specifier, (path, turn)
            if specifier.endswith("/index"):
                yield specifier.removesuffix("/index"), (path, _INDEX)


def _source_roots(name: str, has: Callable[[str], bool]) -> Iterable[str]:
    """Where `sys.path` would have to point for the file to be imported: `""`, `src/`.

    Above the topmost folder that is a regular package; and, as packages need no
    `__init__.py`, the folder that is called like a source root, else the root of all.
    """
    top = name
    for folder in parents(name):
        if not has(f"{folder}/__init__.py"):
            break
        top = folder
    above = top.rpartition("/")[0]
    packaged = {f"{above}/" if above else ""} if top != name else set()
    return sorted({_conventional_root(name)} | packaged)


def _conventional_root(name: str) -> str:
    folders = name.split("/")[:-1]
    end = next((n for n, folder in enumerate(folders, 1) if folder in _ROOTS), 0)
    return "".join(f"{folder}/" for folder in folders[:end])


def _other_roots(root: str) -> Iterator[str]:
    """The folders that could come before `root` on the same `sys.path`."""
    above = ("", *(f"{folder}/" for folder in parents(root.rstrip("/"))))
    beside = [f"{folder}{each}/" for folder in (*above, root) for each in _ROOTS]
    stubs = [f"{folder}{each}/" for folder in above for each in _STUB_ROOTS]
    yield from (each for each in dict.fromkeys((*above, *beside, *stubs)) if each != root)
