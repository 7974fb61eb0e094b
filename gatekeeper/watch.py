"""What of a staged file could matter to a rule, as plain data: asked without loading the rule."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.value import dataclass

Lines = tuple[str, ...]

PYTHON = (".py", ".pyi")
"""How files are called that no tool reads as a script."""


@dataclass(frozen=True)
class Watch:
    """When a file that stays an ordinary file can matter, now that its content is another.

    It does outside all of the `scopes` (each gitignore patterns; none: everywhere is inside),
    where one of `paths` means it, in or at one of the `territories` (patterns, and the folders
    they lie in), with one of the `suffixes`, and where it holds every one of some `pieces`
    (bytes, as latin-1) or one of the `words`, standing alone; in a file without a name of Python,
    where it holds one of `elsewhere` (bytes, as latin-1) as well. With `imports` it does as well
    if it is Python and takes something from another file that is not among them, or if it
    could be Python without the name of it; each is the folder, the module and the name, on a
    line of its own. With `suppressions` it does if the edit adds something that hides from a
    tool, or may do so.
    """

    scopes: tuple[Lines, ...] = ()
    paths: tuple[Lines, ...] = ()
    territories: tuple[tuple[Lines, Lines], ...] = ()
    suffixes: Lines = ()
    pieces: tuple[Lines, ...] = ()
    words: Lines = ()
    imports: frozenset[str] | None = None
    suppressions: bool = False
    elsewhere: Lines = ()


def packed(watch: Watch) -> Mapping[str, object]:
    """The watch as JSON holds it."""
    imports = None if watch.imports is None else sorted(watch.imports)
    return {
        "scopes": watch.scopes,
        "paths": watch.paths,
        "territories": watch.territories,
        "suffixes": watch.suffixes,
        "pieces": watch.pieces,
        "words": watch.words,
        "imports": imports,
        "suppressions": watch.suppressions,
        "elsewhere": watch.elsewhere,
    }


def unpacked(data: Mapping[str, object]) -> Watch:
    """The watch again; raises ValueError, TypeError or KeyError for what is none."""
    imports = data["imports"]
    return Watch(
        _groups(data["scopes"]),
        _groups(data["paths"]),
        tuple((_lines(lines), _lines(folders)) for lines, folders in _listed(data["territories"])),
        _lines(data["suffixes"]),
        _groups(data["pieces"]),
        _lines(data["words"]),
        None if imports is None else frozenset(_lines(imports)),
        data["suppressions"] is not False,
        _lines(data["elsewhere"]),
    )


def _listed(data: object) -> list[tuple[object, object]]:
    if not isinstance(data, list):
        raise TypeError("this is no list")
    return data


def _groups(data: object) -> tuple[Lines, ...]:
    return tuple(map(_lines, _listed(data)))


def _lines(data: object) -> Lines:
    lines = tuple(_listed(data))
    if not all(isinstance(line, str) for line in lines):
        raise TypeError("this is no list of texts")
    return tuple(map(str, lines))
