"""Whether a changed file can say something about Durable Objects that the base does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gatekeeper import Change, Entry, Extractor, FileChange, Sieve, Snapshot
from gatekeeper.source.python_paths import is_python

# Every repetition is bounded where two could share a character: hostile text costs no more.
_FROM = re.compile(
    rb"\bfrom(?:\s|\\){0,40}([.\w]{1,300})(?:\s|\\){0,40}import\b(?:\s|\\){0,40}"
    rb"(\([^)]{0,5000}|[^\n]{0,5000}(?:\\\n[^\n]{0,5000}){0,50})"
)
_IMPORT = re.compile(
    rb"^[ \t;]{0,200}import\b([^\n;]{0,5000}(?:\\\n[^\n;]{0,5000}){0,50})", re.MULTILINE
)
_MOST = 200
_CONFIGURATION = (".toml", ".json", ".jsonc")

Wanted = tuple[str, str]


class Taken(NamedTuple):
    """What a file takes from others: (module, name, alias) of `from`, (name, alias) of `import`.

    `matters` says whether its own bytes can matter.
    """

    matters: bool
    names: tuple[tuple[str, str, str], ...]
    modules: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def can_concern(change: Change) -> bool:
    """Whether the changed files can matter on either side; cheap, and never wrongly no.

    Imports are followed by name alone, file by file, as far as names are passed on. Where
    the files take the same names as before, they lead to the same on both sides.
    """
    alike = all(_take_alike(change, each) for each in change.files.values())
    sides = [Files(side) for side in ((change.head,) if alike else (change.base, change.head))]
    return any(_can_matter(files, path) for files in sides for path in change.files)


def _take_alike(change: Change, changed: FileChange) -> bool:
    path, before, after = changed.path, changed.before, changed.after
    if before is None or after is None or before.mode != after.mode or not is_python(path):
        return False
    return before.is_file and change.base.facts(_TAKEN, path) == change.head.facts(_TAKEN, path)


def _can_matter(files: Files, path: str) -> bool:
    snapshot = files.snapshot
    entry = snapshot.entries.get(path)
    if entry is None:
        return False
    if not entry.is_file or _may_configure(snapshot, path):
        return True
    if not _is_python(snapshot, path):
        return False
    return snapshot.facts(_TAKEN, path).matters or _leads(files, path)


def _is_python(snapshot: Snapshot, path: str) -> bool:
    if "." in path.rpartition("/")[2]:
        return is_python(path)
    return is_python(path, snapshot.read(path))


def _may_configure(snapshot: Snapshot, path: str) -> bool:
    """`may_configure`, asked only where its answer is not plain: it is slow to import."""
    if not path.lower().endswith(_CONFIGURATION) and not snapshot.passing(_ELSEWHERE):
        return False
    from gatekeeper.source.wrangler_files import may_configure

    return may_configure(snapshot, path)


def _leads_elsewhere(path: str, entry: Entry) -> bool:
    name = path.lower()
    return "wrangler" in name and (name.endswith("config.json") or not entry.is_file)


_ELSEWHERE = Sieve("could lead to wrangler configuration", 1, _leads_elsewhere)


def _leads(files: Files, path: str) -> bool:
    """Whether names that a file imports come from one that can matter."""
    waiting: list[Wanted] = [(path, "*")]
    seen = set(waiting)
    while waiting:
        if len(seen) > _MOST:
            return True
        current, name = waiting.pop()
        taken = files.snapshot.facts(_TAKEN, current)
        if current != path and taken.matters:
            return True
        for found in set(_sources(files, current, name, taken)) - seen:
            seen.add(found)
            waiting.append(found)
    return False


def _sources(files: Files, path: str, wanted: str, taken: Taken) -> Iterator[Wanted]:
    """The files, with the name taken there, from which a file has a name (`*` for all)."""
    folder = posixpath.dirname(path)
    for dotted, name, alias in taken.names:
        if wanted in ("*", alias) or name == "*":
            as_called = wanted if name == "*" else name
            yield from ((file, as_called) for file in files.of(folder, dotted))
            yield from ((file, "") for file in files.of(folder, _joined(dotted, name)))
    for name, alias in taken.modules:
        if wanted in ("*", alias.partition(".")[0]):
            yield from ((file, "") for file in files.of(folder, name))


def _read(content: bytes, _: str) -> Taken:
    from gatekeeper.source.python_lookalikes import plain
    from gatekeeper_rules.code._python_candidates import can_matter

    said = plain(content)
    names = (
        (module.decode("utf-8", "replace"), name, alias)
        for module, listed in _FROM.findall(said)
        for name, alias in _aliases(listed)
    )
    modules = (each for listed in _IMPORT.findall(said) for each in _aliases(listed))
    return Taken(can_matter(content), tuple(names), tuple(modules))


def _unpack(data: object) -> Taken:
    match data:
        case [bool(matters), list(names), list(modules)]:
            if all(map(_is_words, names)) and all(map(_is_words, modules)):
                taken = tuple((module, name, alias) for module, name, alias in names)
                return Taken(matters, taken, tuple((name, alias) for name, alias in modules))
    raise ValueError("this is not what a file takes from others")


def _is_words(data: object) -> bool:
    return isinstance(data, list) and all(isinstance(word, str) for word in data)


_TAKEN = Extractor("what a python file takes", 1, _read, list, _unpack)


def _joined(dotted: str, name: str) -> str:
    return dotted + name if dotted.endswith(".") else f"{dotted}.{name}"


def _aliases(names: bytes) -> Iterator[tuple[str, str]]:
    text = re.sub(rb"#[^\n]*|[()\\]", b" ", names).decode("utf-8", "replace")
    for each in text.split(","):
        words = each.split()
        if words:
            yield words[0], words[-1]


class Files:
    """The files of a snapshot that a module can be."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def of(self, folder: str, dotted: str) -> tuple[str, ...]:
        """Those of a module imported in a folder: beside the importer, around it, in `src`."""
        asked = (folder, dotted)
        if asked not in self._known:
            self._known[asked] = tuple(self._found(folder, dotted))
        return self._known[asked]

    def _found(self, folder: str, dotted: str) -> Iterator[str]:
        name = dotted.lstrip(".")
        level = len(dotted) - len(name)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        roots = [folder] if level else [*_around(folder), "src", "python", "lib"]
        inside = name.replace(".", "/")
        for root in roots:
            stem = "/".join(part for part in (root, inside) if part)
            for path in (f"{stem}.py", f"{stem}/__init__.py" if stem else "__init__.py"):
                entry = self.snapshot.entries.get(path)
                if entry is not None and entry.is_file:
                    yield path


def _around(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
