"""Which script takes which migration back, by the conventions of file and folder names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from gatekeeper.migrations.migration import Fault, FaultKind
from gatekeeper.migrations.numbering import leading_number
from gatekeeper.migrations.shelf import Item, Sort, held, joined
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass

SUFFIX = ".sql"

_WORDS = "down|rollback|undo|revert|reverse"
_BEHIND = re.compile(rf"(.+?)[._-](?:{_WORDS})", re.IGNORECASE)
_AHEAD = re.compile(rf"([0-9]+)[._-](?:{_WORDS})(?:[._-](.+))?", re.IGNORECASE)
_FORWARD = re.compile(r"(.+?)[._-]up", re.IGNORECASE)
_FOLDERS = ("down", "downs", "rollback", "rollbacks", "undo", "revert", "reverts")


@dataclass(frozen=True, slots=True)
class Sides:
    """The scripts of one folder by what their names say: forward, and back (of which one)."""

    forward: tuple[Item, ...]
    back: Mapping[str, Item]


def sides(items: Iterable[Item]) -> Sides:
    """The two kinds of script in a folder that holds both.

    A script goes back where its name is that of another one with a word for it behind
    (`0001_init.down.sql`, `0001_init_rollback.sql`), or with one behind the same number
    (`0001_rollback_init.sql`). `back` goes from the name of what it takes back to the script.
    """
    scripts = tuple(items)
    names = {each.name for each in scripts}
    by_stem = {_plain(_stem(name)): name for name in sorted(names)}
    back: dict[str, Item] = {}
    for each in scripts:
        of = _taken_back(each.name, by_stem)
        if of is not None:
            back.setdefault(of, each)
    taken = {each.name for each in back.values()}
    return Sides(tuple(each for each in scripts if each.name not in taken), back)


def _taken_back(name: str, by_stem: Mapping[str, str]) -> str | None:
    stem = _stem(name)
    behind = _BEHIND.fullmatch(stem)
    if behind:
        before = behind.group(1)
        return by_stem.get(before) or _only(by_stem, before, name)
    ahead = _AHEAD.fullmatch(stem)
    if ahead is None:
        return None
    number, rest = ahead.groups()
    return by_stem.get(f"{number}_{rest}") if rest else _only(by_stem, number, name)


def _only(by_stem: Mapping[str, str], number: str, name: str) -> str | None:
    """The one other script with this number, where `name` says nothing else: `0001_down.sql`."""
    if not number.isdigit():
        return None
    same = re.compile(rf"{number}(?![0-9])")
    found = [each for stem, each in by_stem.items() if each != name and same.match(stem)]
    return found[0] if len(found) == 1 else None


def _stem(name: str) -> str:
    return name.removesuffix(SUFFIX)


def _plain(stem: str) -> str:
    """The name without the word that says that it goes forward."""
    forward = _FORWARD.fullmatch(stem)
    return forward.group(1) if forward else stem


def folders(folder: str) -> tuple[str, ...]:
    """Where the scripts back may stand that belong to the migrations of a folder, by convention."""
    parent, _, name = folder.rpartition("/")
    beside = (f"{name}{sign}{word}" for sign in "_-" for word in _FOLDERS) if name else ()
    return (
        *(joined(folder, word) for word in _FOLDERS),
        *(joined(parent, each) for each in beside),
        *((joined(parent, word) for word in _FOLDERS) if parent or name else ()),
    )


@dataclass(frozen=True, slots=True)
class Backs:
    """The scripts back by the name of their migration, and those that belong to none."""

    by_name: Mapping[str, Item]
    unpaired: tuple[Item, ...] = ()

    def over(self, others: Mapping[str, Item]) -> Backs:
        """With those of `others` where this has none."""
        return Backs({**others, **self.by_name}, self.unpaired)

    def faults(self, folder: str) -> Iterator[Fault]:
        """What is wrong with the scripts that belong to no migration of `folder`."""
        for item in self.unpaired:
            yield Fault(
                FaultKind.UNPAIRED,
                item.path,
                1,
                f"{item.path} takes back no migration of {folder or 'the root'}: none that has no "
                "other way back has its name or its number.",
                "Give it the name of the migration that it takes back.",
            )


def backs(snapshot: Snapshot, names: Iterable[str], folder: str, declared: str | None) -> Backs:
    """The scripts back of these migrations: those of `declared`, else of a folder by convention."""
    wanted = tuple(names)
    for place in folders(folder) if declared is None else (declared,):
        items = scripts_in(snapshot, place)
        if items and place != folder:
            return _matched(wanted, items)
    return Backs({})


def beside(snapshot: Snapshot, forward: Iterable[Item], name: str = "down.sql") -> Backs:
    """The scripts back that stand in the folder of their migration under this name."""
    found = {}
    for item in forward:
        path = joined(item.path.rpartition("/")[0], name)
        if path in snapshot and path != item.path:
            found[item.name] = Item(name, path, Sort.FILE)
    return Backs(found)


def _matched(names: tuple[str, ...], items: tuple[Item, ...]) -> Backs:
    """Each script with the migration of its name, else with the only one of its number."""
    by_stem = {_plain(_stem(name)): name for name in names}
    found: dict[str, Item] = {}
    left: list[Item] = []
    for item in items:
        of = by_stem.get(_plain(_stem(item.name))) or _taken_back(item.name, by_stem)
        if of is None or of in found:
            left.append(item)
        else:
            found[of] = item
    unpaired = []
    for item in left:
        number = leading_number(item.name)
        same = [each for each in names if number is not None and leading_number(each) == number]
        if len(same) == 1 and same[0] not in found:
            found[same[0]] = item
        else:
            unpaired.append(item)
    return Backs(found, tuple(unpaired))


def scripts_in(snapshot: Snapshot, folder: str) -> tuple[Item, ...]:
    """The SQL files right in a folder."""
    items = held(snapshot, folder)
    return tuple(each for each in items if is_script(each) and each.sort is not Sort.FOLDER)


def is_script(item: Item) -> bool:
    """Whether a runner that takes `*.sql` takes it."""
    return item.name.endswith(SUFFIX)
