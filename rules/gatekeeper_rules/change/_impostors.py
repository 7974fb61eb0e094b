"""What would be taken for a protected module, or alters it, without touching its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper import Change, Doubt, FileChange
from gatekeeper_rules.change._intrusions import Fault
from gatekeeper_rules.change._packages import steering
from gatekeeper_rules.change._patches import Edits, patches
from gatekeeper_rules.change._shadows import (
    Names,
    could_be_module,
    is_package_file,
    names_of,
    python_name,
)
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import folded, parents


def impostors(territory: Territory, edits: Edits, held: frozenset[str]) -> Iterator[Fault | Doubt]:
    """Changed paths, none of them the module's, that an import or a checkout mistakes for it.

    `held` are the module's paths at base.
    """
    change = edits.change
    outside = [each for each in change.files.values() if not territory.has(each.path)]
    if not outside or not held:
        return
    names = names_of(held, change.base.__contains__)
    spelled = _spellings(held)
    for changed in outside:
        yield from _shadow(territory, names, changed)
        yield from _package(territory, names, change, changed)
        yield from _collision(territory, spelled, changed)
        yield from patches(territory, names, edits, changed)


def _shadow(territory: Territory, names: Names, changed: FileChange) -> Iterator[Fault]:
    entry = changed.after
    if entry is None or (changed.before is not None and not _stands_in(names, changed)):
        return
    folder = not entry.is_file and not could_be_module(changed.path)
    real = names.shadowed(changed.path, folder=folder) or names.outrun(changed.path, folder=folder)
    if real is not None:
        yield Fault(
            changed.path,
            f"{changed.path} can be imported in place of {real}, "
            f"of the protected module {territory.name}",
            (changed.path, real),
        )


def _stands_in(names: Names, changed: FileChange) -> bool:
    """Whether a path that was there at base bears the very name of one of the module's files.

    What it is was agreed at base as far as it goes; a compiled file or a stub that changes
    beside its source changes what is imported, or what is checked.
    """
    name = python_name(changed.path)
    return name is not None and name in names.python and not changed.path.endswith(".py")


def _package(
    territory: Territory, names: Names, change: Change, changed: FileChange
) -> Iterator[Fault]:
    name = python_name(changed.path)
    if name is None or name not in names.packages or not is_package_file(changed.path):
        return
    said: str | None = None
    if changed.after is None:
        said = "is gone: the package above it resolves in another way now"
    elif changed.before is not None:
        said = steering(change, changed.path, names.children(name))
    if said is None:
        return
    yield Fault(
        changed.path,
        f"{changed.path}, above the protected module {territory.name}, {said}",
        (changed.path, names.packages[name]),
    )


def _spellings(held: frozenset[str]) -> Mapping[str, str]:
    above = {folder for path in held for folder in parents(path)}
    return {folded(path): path for path in sorted(held | above)}


def _collision(
    territory: Territory, spelled: Mapping[str, str], changed: FileChange
) -> Iterator[Fault]:
    if changed.before is not None:
        return
    path = changed.path
    for each in (path, *parents(path)):
        real = spelled.get(folded(each))
        if real is not None:
            twin = f"{real}{path[len(each) :]}"
            known = spelled.get(folded(twin)) == twin or territory.has(twin)
            if twin != path and known:
                yield Fault(
                    path,
                    f"{path} is {twin}, of the protected module {territory.name}, "
                    "to a file system that does not tell such names apart",
                    (path, twin),
                )
            return
