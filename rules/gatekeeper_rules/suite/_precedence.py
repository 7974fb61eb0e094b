"""New files that tools read in place of others: settings, stubs, and lists of what to ignore."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join

from gatekeeper import Change, Difference, Doubt, Finding, Patterns, Side, Snapshot
from gatekeeper.source.source_paths import is_source
from gatekeeper.value import dataclass


@dataclass(frozen=True)
class _Reads:
    """A tool and the files it reads its settings from, the first that there is alone.

    A file that others share counts where it holds one of `sections`. `nested` tells that a
    file in a folder stands in for those above it.
    """

    tool: str
    files: tuple[str, ...]
    sections: tuple[bytes, ...] = ()
    nested: bool = False


_SHOWN, _MOST, _WILDEST = 5, 500, 4
_SHARED = frozenset({"pyproject.toml", "setup.cfg", "tox.ini", "package.json"})
_TOOLS = (
    _Reads("ruff", (".ruff.toml", "ruff.toml", "pyproject.toml"), (b"[tool.ruff",), nested=True),
    _Reads(
        "mypy", ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg"), (b"[tool.mypy", b"[mypy")
    ),
    _Reads(
        "pytest",
        (
            "pytest.toml",
            ".pytest.toml",
            "pytest.ini",
            ".pytest.ini",
            "pyproject.toml",
            "tox.ini",
            "setup.cfg",
        ),
        (b"[tool.pytest", b"[pytest]", b"[tool:pytest]"),
    ),
    _Reads(
        "coverage",
        (".coveragerc", ".coveragerc.toml", "setup.cfg", "tox.ini", "pyproject.toml"),
        (b"[tool.coverage", b"[coverage:"),
    ),
    _Reads(
        "pyright",
        ("pyrightconfig.json", "pyproject.toml"),
        (b"[tool.pyright", b"[tool.basedpyright"),
    ),
    _Reads(
        "pylint",
        (
            "pylintrc",
            "pylintrc.toml",
            ".pylintrc",
            ".pylintrc.toml",
            "pyproject.toml",
            "setup.cfg",
            "tox.ini",
        ),
        (b"[tool.pylint", b"[pylint"),
    ),
    _Reads("flake8", ("setup.cfg", "tox.ini", ".flake8"), (b"[flake8",)),
    _Reads(
        "ESLint",
        (
            *(f"eslint.config.{suffix}" for suffix in ("js", "mjs", "cjs", "ts", "mts", "cts")),
            *(f".eslintrc{suffix}" for suffix in (".js", ".cjs", ".yaml", ".yml", ".json", "")),
            "package.json",
        ),
        (b'"eslintConfig"',),
        nested=True,
    ),
    _Reads("Biome", ("biome.json", "biome.jsonc", ".biome.json", ".biome.jsonc"), nested=True),
    _Reads("ty", ("ty.toml", "pyproject.toml"), (b"[tool.ty",)),
)


def findings(change: Change) -> Iterator[Finding | Doubt]:
    """One for each new file that stands in for one that the base had, and which is still there."""
    for path, changed in change.files.items():
        if changed.after is None or not changed.after.is_file:
            continue
        if path.endswith(".pyi") and changed.added and path[:-1] in change.head:
            yield _stands_in(path, path[:-1], "type checkers read the stub, not the code")
        elif path.rpartition("/")[2] == ".gitignore":
            yield from _ignored(change, path)
        else:
            yield from _settings(change, path)


def _settings(change: Change, path: str) -> Iterator[Finding]:
    for tool in _TOOLS:
        if _is_read(tool, change.head, path) and not _is_read(tool, change.base, path):
            other = _other(tool, change, path)
            if other:
                yield _stands_in(path, other, f"{tool.tool} reads its settings here, not there")


def _other(tool: _Reads, change: Change, path: str) -> str | None:
    """The file that the tool read at base, is still there, and is now passed over."""
    folder, name = dirname(path), path.rpartition("/")[2]
    behind = tool.files[tool.files.index(name) + 1 :]
    above = tuple(_above(folder)) if tool.nested else ()
    candidates = (
        *(join(folder, each) for each in behind),
        *(join(outer, each) for outer in above for each in tool.files),
    )
    sides = (change.base, change.head)
    return next(
        (each for each in candidates if all(_is_read(tool, side, each) for side in sides)), None
    )


def _is_read(tool: _Reads, side: Snapshot, path: str) -> bool:
    name = path.rpartition("/")[2]
    if name not in tool.files or path not in side or not side.entries[path].is_file:
        return False
    return name not in _SHARED or any(section in side.read(path) for section in tool.sections)


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = dirname(folder)
        yield folder


def _stands_in(path: str, other: str, why: str) -> Finding:
    return Finding(
        f"{path} is new and stands in for {other}: {why}",
        Side.HEAD,
        path,
        (Difference("what is read", other, path),),
        f"Delete it, or have it take the place of {other} with all that stood there.",
        quoted=other,
    )


def _ignored(change: Change, path: str) -> Iterator[Finding | Doubt]:
    """Lines of a `.gitignore` that take tracked sources away from tools that go by it (ruff)."""
    folder = dirname(path)
    start = len(folder) + 1 if folder else 0
    old = set(_patterns(change.base, path)) if path in change.base else set()
    sources = [each[start:] for each in change.head if is_source(each) and _below(folder, each)]
    lines = enumerate(_patterns(change.head, path), 1)
    fresh = [(n, line) for n, line in lines if line not in old and line[:1] not in ("", "#", "!")]
    if len(fresh) > _MOST or any(line.count("*") > _WILDEST for _, line in fresh):
        yield Doubt("its new patterns are too many, or too wild, to be tried on every file", path)
        return
    for number, line in fresh:
        hidden = Patterns((line,)).matching(sources)
        if hidden:
            yield Finding(
                f"{line} takes {len(hidden)} tracked files away from tools that go by .gitignore",
                Side.HEAD,
                path,
                (Difference("looked at by such tools", ", ".join(hidden[:_SHOWN]), None),),
                "Take the line out, or the files.",
                line=number,
                end_line=number,
                quoted=line,
            )


def _patterns(side: Snapshot, path: str) -> list[str]:
    return [line.rstrip() for line in side.read(path).decode("utf-8", "replace").splitlines()]


def _below(folder: str, path: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
