"""Folders that hold migrations, found by what is in them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from gatekeeper.migrations.drizzle import JOURNAL
from gatekeeper.migrations.odd_folders import BACK, NOT_OURS, Shape, odd_folders, ships
from gatekeeper.migrations.sqitch import PLAN
from gatekeeper.migrations.tools import LOCK
from gatekeeper.snapshot import Snapshot

_NAMED = re.compile(r"migrat", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:.*/)?[0-9]+[^/]*\.sql", re.DOTALL)
_NESTED = re.compile(r"(.*)/[^/]*[0-9][^/]*/(?:migration|up)\.sql", re.DOTALL)
_DJANGO = re.compile(r"(.*/migrations)/0001_\w+\.py", re.DOTALL)
_LISTS = (f"/{JOURNAL}", f"/{PLAN}", f"/{LOCK}")


def folders(snapshot: Snapshot) -> tuple[str, ...]:
    """The folders that look as if they held migrations, sorted."""
    found = {each for path in snapshot.entries for each in _suggested(path, snapshot)}
    found |= _of_several(snapshot, found)
    return tuple(sorted(each for each in found if _is_ours(each)))


def odd(snapshot: Snapshot, named: Collection[str]) -> Mapping[str, Shape]:
    """The other folders that are chains by what their scripts say, sorted, but for those inside.

    `named` are those that are known to be one. Tests, examples and what is made or others' are
    left out: what stands there is not what ships.
    """
    found = odd_folders(snapshot, lambda each: ships(each) and not _is_inside(each, named))
    return {each: found[each] for each in sorted(found)}


def _is_inside(folder: str, named: Collection[str]) -> bool:
    return any(f"{folder}/".startswith(f"{each}/") for each in named if each)


def _suggested(path: str, snapshot: Snapshot) -> Iterator[str]:
    if path.endswith(".sql"):
        yield from _by_script(path)
    elif path.endswith(".py"):
        yield from _by_code(path, snapshot)
    else:
        yield from (f"/{path}"[1 : -len(each)] for each in _LISTS if f"/{path}".endswith(each))


def _by_script(path: str) -> Iterator[str]:
    nested = _NESTED.fullmatch(path)
    if nested:
        yield nested.group(1)
        return
    folder = path.rpartition("/")[0]
    parent, _, name = folder.rpartition("/")
    if name.lower() in BACK:
        folder = parent
    if _NUMBERED.fullmatch(path) and _NAMED.search(folder.rpartition("/")[2]):
        yield folder


def _of_several(snapshot: Snapshot, found: Collection[str]) -> set[str]:
    """Chains that share a folder which is none itself: `migrations/sqlite`, `migrations/mysql`."""
    numbered = (path for path in snapshot.entries if _NUMBERED.fullmatch(path))
    several = set[str]()
    for folder in {path.rpartition("/")[0] for path in numbered}:
        above, _, name = folder.rpartition("/")
        is_one = name.lower() not in BACK and not name[:1].isdigit()
        if is_one and above not in found and _NAMED.search(above.rpartition("/")[2]):
            several.add(folder)
    return several


def _by_code(path: str, snapshot: Snapshot) -> Iterable[str]:
    django = _DJANGO.fullmatch(path)
    if django and f"{django.group(1)}/__init__.py" in snapshot:
        return (django.group(1),)
    folder = path.removesuffix("/env.py")
    if folder != path and any(True for _ in snapshot.below(f"{folder}/versions")):
        return (folder,)
    return ()


def _is_ours(folder: str) -> bool:
    return NOT_OURS.isdisjoint(folder.split("/"))
