"""Whether a changed file can say something about Durable Objects that the base does not."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gatekeeper import Entry, Sieve, Snapshot
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_paths import is_python
from gatekeeper_rules.code._python_candidates import can_matter

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


def can_concern(snapshot: Snapshot, path: str) -> bool:
    """Whether what a side holds at a changed path can matter; cheap, and never wrongly no.

    Imports are followed by name alone, file by file, as far as names are passed on.
    """
    entry = snapshot.entries.get(path)
    if entry is None:
        return False
    if not entry.is_file or _may_configure(snapshot, path):
        return True
    if not is_python(path) and "." in path.rpartition("/")[2]:
        return False
    content = snapshot.read(path)
    return is_python(path, content) and (can_matter(content) or _leads(snapshot, path))


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


def _leads(snapshot: Snapshot, path: str) -> bool:
    """Whether names that a file imports come from one that can matter."""
    waiting: list[Wanted] = [(path, "*")]
    seen = set(waiting)
    while waiting:
        if len(seen) > _MOST:
            return True
        current, name = waiting.pop()
        content = plain(snapshot.read(current))
        if current != path and can_matter(content):
            return True
        for found in set(_sources(snapshot, current, name, content)) - seen:
            seen.add(found)
            waiting.append(found)
    return False


def _sources(snapshot: Snapshot, path: str, wanted: str, content: bytes) -> Iterator[Wanted]:
    """The files, with the name taken there, from which a file has a name (`*` for all)."""
    for module, names in _FROM.findall(content):
        dotted = module.decode("utf-8", "replace")
        for name, alias in _aliases(names):
            if wanted in ("*", alias) or name == "*":
                taken = wanted if name == "*" else name
                yield from ((file, taken) for file in _files(snapshot, path, dotted))
                yield from ((file, "") for file in _files(snapshot, path, _joined(dotted, name)))
    for names in _IMPORT.findall(content):
        for name, alias in _aliases(names):
            if wanted in ("*", alias.partition(".")[0]):
                yield from ((file, "") for file in _files(snapshot, path, name))


def _joined(dotted: str, name: str) -> str:
    return dotted + name if dotted.endswith(".") else f"{dotted}.{name}"


def _aliases(names: bytes) -> Iterator[tuple[str, str]]:
    text = re.sub(rb"#[^\n]*|[()\\]", b" ", names).decode("utf-8", "replace")
    for each in text.split(","):
        words = each.split()
        if words:
            yield words[0], words[-1]


def _files(snapshot: Snapshot, importer: str, dotted: str) -> Iterator[str]:
    """The files that a module can be: beside the importer, in a folder around it, in `src`."""
    name = dotted.lstrip(".")
    level = len(dotted) - len(name)
    folder = posixpath.dirname(importer)
    for _ in range(level - 1):
        folder = posixpath.dirname(folder)
    roots = [folder] if level else [*_around(folder), "src", "python", "lib"]
    inside = name.replace(".", "/")
    for root in roots:
        stem = posixpath.normpath(posixpath.join(root, inside))
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            entry = snapshot.entries.get(posixpath.normpath(path))
            if entry is not None and entry.is_file:
                yield posixpath.normpath(path)


def _around(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""
