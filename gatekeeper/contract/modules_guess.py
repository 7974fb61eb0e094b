"""Which paths of a repository a phrase of the prose may stand for, by the stems of its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

_CODE = frozenset([".py", ".pyi", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".rs", ".go"])
_TESTS = re.compile(r"_*tests?_*|specs?|e2e|testing")
_TEST_FILE = re.compile(r"test_.+|.+_test\.\w+|.+\.(?:test|spec)\.\w+")
_NO_CODE = re.compile(r"\..*|node_modules|docs?|contracts?|migrations?|examples?|vendor")
_SUFFIX = re.compile(r"(?:ations?|ators?|ate[sd]?|ating|ions?|ages?|ings?|ers?|ors?|ed|es|e|s)$")
_SHORTEST_STEM = 3
_LONG_ENOUGH = 5
_MOST_CANDIDATES = 3
# What many modules are called; alone they tell none from another.
_GENERIC = re.compile(
    r"stor|pipelin|integr|modul|servic|layer|logi?c?|system|cod|component|packag|handl|manag|work"
    r"|engin|cor"
)
_IGNORED = re.compile(
    r"with|of|the|for|to|and|or|new|old|an?|from|in|on|all|any|our|by|partial|incomplet\w*|exist\w*"
)


def stem(word: str) -> str:
    """A word without its ending, so that "artefacts", "Artifact" and "artifact" are one."""
    word = word.lower().replace("artefact", "artifact")
    cut = _SUFFIX.sub("", word)
    return cut if len(cut) >= _SHORTEST_STEM else word


def stems(phrase: str) -> tuple[str, ...]:
    """The stems of the words of `phrase` that mean something, in order."""
    words = re.findall(r"[a-z0-9]+", phrase.lower())
    return tuple(dict.fromkeys(stem(word) for word in words if not _IGNORED.fullmatch(word)))


class Terrain:
    """The folders, code files and tests of a repository, to be found by words."""

    def __init__(self, paths: Sequence[str]) -> None:
        told = [PurePosixPath(path) for path in paths if is_plain(path)]
        self._tests = {path: _parts(path) for path in told if _is_test(path)}
        self._code = {path: _parts(path) for path in dict.fromkeys(_candidates(told))}

    def find(self, phrase: str) -> tuple[str, ...]:
        """Patterns of the folders and files whose name looks like `phrase`, the best only.

        None where nothing does, or where too many do to be a guess worth making.
        """
        best = _best(phrase, self._code)
        shallow = min((len(path.parts) for path in best), default=0)
        nearest = [path for path in best if len(path.parts) == shallow]
        if len(nearest) > _MOST_CANDIDATES:
            return ()
        return tuple(sorted(pattern(path) for path in nearest))

    def tests(self, phrase: str) -> tuple[str, ...]:
        """Patterns of the node ids of the tests whose file name looks like `phrase`."""
        best = _best(phrase, self._tests)
        if len(best) > _MOST_CANDIDATES:
            return ()
        return tuple(sorted(f"{escaped(str(path))}::*" for path in best))


def pattern(path: PurePosixPath) -> str:
    """The gitignore pattern of a file, or of all that is in a folder."""
    name = escaped(str(path))
    if path.suffix not in _CODE:
        return f"{name}/**"
    return name if len(path.parts) > 1 else f"/{name}"


def is_plain(path: str) -> bool:
    """Whether `path` can stand in a pattern: printable, without backslashes or outer blanks."""
    return path.isprintable() and "\\" not in path and path == path.strip()


def escaped(path: str) -> str:
    """The pattern that matches this one path, and nothing that looks like a wildcard in it."""
    literal = re.sub(r"[*?\[]", lambda special: f"[{special[0]}]", path)
    return f"/{literal}" if literal[:1] in ("!", "#") else literal


def _is_test(path: PurePosixPath) -> bool:
    return path.suffix in _CODE and _TEST_FILE.fullmatch(path.name) is not None


def _candidates(paths: Iterable[PurePosixPath]) -> Iterator[PurePosixPath]:
    for path in paths:
        if path.suffix not in _CODE or _TEST_FILE.fullmatch(path.name):
            continue
        folders = path.parts[:-1]
        if any(_TESTS.fullmatch(part) or _NO_CODE.fullmatch(part) for part in folders):
            continue
        if path.stem != "__init__":
            yield path
        yield from (parent for parent in path.parents if parent.name)


def _best(phrase: str, paths: Mapping[PurePosixPath, Sequence[str]]) -> list[PurePosixPath]:
    wanted = stems(phrase)
    telling = [word for word in wanted if not _GENERIC.fullmatch(word)]
    if not telling:
        telling = list(wanted)
        paths = {path: parts for path, parts in paths.items() if path.suffix not in _CODE}
    scored = [(_score(wanted, telling, parts), path) for path, parts in paths.items()]
    highest = max((score for score, _ in scored), default=0) or 1
    return [path for score, path in scored if score == highest]


def _score(wanted: Sequence[str], telling: Sequence[str], parts: Sequence[str]) -> int:
    if not any(_among(word, parts) for word in telling):
        return 0
    return sum(2 if word in telling else 1 for word in wanted if _among(word, parts))


def _parts(path: PurePosixPath) -> tuple[str, ...]:
    name = path.name.removesuffix(path.suffix) if path.suffix in _CODE else path.name
    name = re.sub(r"^test_|_test$|\.(?:test|spec)$", "", name)
    split = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", name)
    return tuple(dict.fromkeys([*map(stem, split), stem(name)]))


def _among(word: str, parts: Sequence[str]) -> bool:
    """Whether one of the parts of a name is `word`, or begins with it where it is long."""
    return any(
        part == word or (len(word) >= _LONG_ENOUGH and part.startswith(word)) for part in parts
    )
