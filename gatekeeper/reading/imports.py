"""Proof that what the tests import is this checkout, and no other copy of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from gatekeeper.git import printable
from gatekeeper.reading.overlay import is_test_file
from gatekeeper.reading.unusable import Unusable
from gatekeeper.tools import Ended, Limits, run

_LIMITS = Limits(seconds=60, output=1_000_000)

# Asked without the working directory on the path: of what is installed, what answers to the
# tree's own names? To find a top-level module imports nothing of it.
_ASK = """
import importlib.util, json, sys
found = {}
for name in json.load(sys.stdin):
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError, AttributeError):
        spec = None
    if spec is not None:
        found[name] = [spec.origin, *(spec.submodule_search_locations or ())]
print("\\n" + json.dumps(found))
"""


def check_imports(
    environment: Path, tree: Path, files: Iterable[str], env: Mapping[str, str]
) -> None:
    """Raises Unusable where a module of the tree's own is found in another place.

    `environment` is the folder of the virtual environment: a copy installed there will do
    if it is the same, file by file, as the one in the tree.
    """
    own = dict(own_modules(files))
    if not own:
        return
    for name, places in _found(tuple(own), environment, env).items():
        for place in places:
            if not place.is_relative_to(tree):
                _check_copy(name, place, environment, tree / own[name])


def own_modules(files: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The top-level modules of a tree, or of its `src`, with their paths; tests are none.

    A folder without `__init__.py` counts in `src` only: elsewhere it mostly is no package.
    """
    for path in files:
        source = "src/" if path.startswith("src/") else ""
        top, _, inside = path.removeprefix(source).partition("/")
        is_package = inside == "__init__.py" or (source and inside.endswith(".py"))
        name = top.removesuffix(".py")
        if (is_package or (not inside and name != top)) and _is_own(name, path):
            yield name, source + top


def _is_own(name: str, path: str) -> bool:
    known = name in sys.stdlib_module_names or name == "setup"
    return name.isidentifier() and not known and not is_test_file(path)


def _found(
    names: tuple[str, ...], environment: Path, env: Mapping[str, str]
) -> Mapping[str, list[Path]]:
    command = [str(environment / "bin" / "python"), "-P", "-c", _ASK]
    asked = run(command, _LIMITS, given=json.dumps(names).encode(), cwd=str(environment), env=env)
    try:
        if asked.status or asked.ended is not Ended.BY_ITSELF:
            raise ValueError
        answer: dict[str, list[object]] = json.loads(asked.out.strip().rpartition(b"\n")[2])
        return {
            name: [Path(each).resolve() for each in places if isinstance(each, str) and "/" in each]
            for name, places in answer.items()
        }
    except (ValueError, AttributeError, TypeError, OSError):
        raise Unusable(
            f"the environment's Python does not say where imports lead ({asked.says})"
        ) from None


def _check_copy(name: str, place: Path, environment: Path, source: Path) -> None:
    shown = printable(str(place))
    if not place.is_relative_to(environment):
        raise Unusable(
            f"the import of {name} leads to {shown}, not into this checkout; let `setup` "
            "install the project from the folder that it runs in"
        )
    copied = place if place.name != "__init__.py" else place.parent
    if not _same(source, copied):
        raise Unusable(
            f"the import of {name} leads to {shown}, which is not what this checkout holds; "
            "let `setup` install the project from the folder that it runs in"
        )


def _same(source: Path, copied: Path) -> bool:
    """Whether the Python files of the tree stand in the copy as they are, and no others."""
    if source.is_file() or copied.is_file():
        return _content(source) == _content(copied)
    ours, theirs = _python(source), _python(copied)
    return ours.keys() >= theirs.keys() and all(
        _content(copied / each) == _content(ours[each]) for each in theirs
    )


def _python(folder: Path) -> dict[str, Path]:
    return {str(each.relative_to(folder)): each for each in folder.rglob("*.py")}


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
