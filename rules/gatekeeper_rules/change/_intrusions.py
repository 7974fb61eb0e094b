"""What a change does to the files of a protected module, and to what leads to them."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import LINK, SUBMODULE, Change, Doubt, FileChange, Snapshot, Unreadable
from gatekeeper.value import dataclass
from gatekeeper_rules.change._links import Lost, Region, follow, regions
from gatekeeper_rules.change._listing import Listing
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import kind


@dataclass(frozen=True, slots=True)
class Fault:
    """A changed path that touches a module, and how.

    `content` says that only the content of an ordinary file differs; `trail` shows the way
    from the path to the module where it is not plain.
    """

    path: str
    message: str
    trail: tuple[str, ...] = ()
    content: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """What of a snapshot is the module's: paths, and regions that links show in it."""

    listing: Listing
    paths: frozenset[str]
    regions: tuple[Region, ...]
    lost: tuple[Lost, ...]


def held_by(territory: Territory, listing: Listing) -> Held:
    """Everything in the snapshot that the module stands for, through links as well."""
    found = tuple(regions(listing, territory))
    seen = tuple(each for each in found if isinstance(each, Region))
    files = (path for path in territory.files(listing.all) if path in listing.snapshot)
    others = (path for path in listing.no_files.paths if territory.reaches(path))
    through = (path for region in seen for path in shown(territory, listing, region))
    lost = tuple(each for each in found if isinstance(each, Lost))
    return Held(listing, frozenset((*files, *others, *through)), seen, lost)


def shown(territory: Territory, listing: Listing, region: Region) -> Iterator[str]:
    """The files of the snapshot that the region shows as the module's."""
    inside = listing.all.below(region.end)
    for path in (region.end, *inside) if region.end in listing.snapshot else inside:
        name = region.name_of(path)
        if name is not None and territory.has(name):
            yield path


def intrusions(
    territory: Territory, change: Change, base: Held, head: Held
) -> Iterator[Fault | Doubt]:
    """Faults at the module's own paths first, then at what leads to them.

    What a link shows counts where the base has the link; a new link is a fault itself.
    """
    for changed in change.files.values():
        if territory.has(changed.path):
            yield _direct(territory, changed)
        else:
            yield from _above(territory, changed)
            yield from _alias(territory, change.head, changed)
    for region in base.regions:
        yield from _behind(territory, change, region)
    for held in (base, head):
        for region in held.regions:
            yield from _moved(territory, change, held.listing, region)


def _direct(territory: Territory, changed: FileChange) -> Fault:
    path, before, after = changed.path, changed.before, changed.after
    if before is None:
        return Fault(path, f"{path} is new in the protected module {territory.name}")
    if after is None:
        return Fault(path, f"{path} of the protected module {territory.name} is gone")
    said, content = "was changed", before.is_file and before.mode == after.mode
    if kind(before) != kind(after):
        said = f"was a {kind(before)} and is a {kind(after)} now"
    elif after.mode == LINK:
        said = "is a link that points elsewhere now"
    elif after.mode == SUBMODULE:
        said = "is a submodule that stands at another commit now"
    elif before.oid == after.oid:
        said = f"has another mode: {before.mode} became {after.mode}"
    return Fault(path, f"{path} of the protected module {territory.name} {said}", (), content)


def _above(territory: Territory, changed: FileChange) -> Iterator[Fault | Doubt]:
    entry = changed.after or changed.before
    if entry is None:
        return
    if territory.is_below(changed.path) or (not entry.is_file and territory.holds(changed.path)):
        said = f"is a {kind(entry)} now" if changed.after else f"was a {kind(entry)} and is gone"
        yield Fault(
            changed.path,
            f"{changed.path}, where the protected module {territory.name} is looked for, {said}",
        )
    elif entry.mode == SUBMODULE and territory.may_reach(changed.path):
        yield Doubt(
            "the submodule changed, and could hold files of the protected module "
            f"{territory.name}; name the submodule in the module's paths, or take it out",
            changed.path,
        )


def _alias(territory: Territory, head: Snapshot, changed: FileChange) -> Iterator[Fault | Doubt]:
    if changed.after is None or changed.after.mode != LINK:
        return
    try:
        way = follow(head, changed.path)
    except Unreadable as unreadable:
        yield Doubt(unreadable.reason, unreadable.path)
        return
    if way.end and territory.holds(way.end):
        yield Fault(
            changed.path,
            f"the link {changed.path} gives the protected module {territory.name} "
            "a second name, under which it can be written and imported",
            (*way.links, way.end),
        )


def _behind(territory: Territory, change: Change, region: Region) -> Iterator[Fault]:
    for path in change.files:
        name = region.name_of(path)
        if name is not None and territory.has(name):
            yield Fault(
                path,
                f"{path} is what the link {region.links[0]} shows as {name}, "
                f"of the protected module {territory.name}",
                (*region.links, region.end),
            )


def _moved(
    territory: Territory, change: Change, listing: Listing, region: Region
) -> Iterator[Fault]:
    moved = [link for link in region.links if link in change.files]
    if moved and any(True for _ in shown(territory, listing, region)):
        for link in moved:
            yield Fault(
                link,
                f"the link {link} decides what {region.seen_as} of the protected module "
                f"{territory.name} is, and was changed",
                (*region.links, region.end),
            )
