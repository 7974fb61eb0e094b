"""`gatekeeper rollback`: a proven way back for each migration that has none, written on request."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gatekeeper.errors import UsageError
from gatekeeper.proceedings import CONFIG
from gatekeeper.registry import load_rules
from gatekeeper.report.escape import visible
from gatekeeper.repository import Repository
from gatekeeper.snapshot import Snapshot
from gatekeeper.terms import MigrationPlan

if TYPE_CHECKING:
    from argparse import Namespace
    from types import SimpleNamespace

    from gatekeeper.migrations.way_back import WayBack

FOUND, NOT_FOUND = 0, 3


def run_rollback(arguments: Namespace | SimpleNamespace) -> int:
    """Look for ways back in the work tree; 0 where all that were asked for were found, else 3."""
    with Repository.find(Path(), os.environ) as repository:
        if repository.bare:
            raise UsageError("rollback needs a work tree to read; this repository is bare")
        tree = repository.worktree()
        looked = tuple(_looked(tree, arguments.migration or "", repository.root))
        if arguments.migration and not looked:
            raise UsageError(
                f"there is no migration {arguments.migration}; name it as its file is called"
            )
        applied = _paths_of_head(repository)
        told = [_tell(each, repository.root, applied, arguments.write) for each in looked]
    if not looked:
        _say("every migration has a way back; `gatekeeper check` proves them\n")
    return FOUND if all(told) else NOT_FOUND


def _looked(tree: Snapshot, wanted: str, root: Path) -> Iterator[WayBack]:
    from gatekeeper.migrations.engines import workerd
    from gatekeeper.migrations.history import chains
    from gatekeeper.migrations.way_back import ways_back

    plan = _plan(tree)
    for chain in chains(tree, plan):
        second = workerd(os.environ, root)
        yield from ways_back(chain, wanted, plan.down if plan else "", second)


def _plan(tree: Snapshot) -> MigrationPlan | None:
    """What the binding says of migrations, where there is one."""
    if CONFIG not in tree:
        return None
    from gatekeeper.contract.binding import load_contract

    rules = {name: each.rule for name, each in load_rules().items()}
    return load_contract(tree, CONFIG, rules, "the work tree").migrations


def _paths_of_head(repository: Repository) -> frozenset[str]:
    """What is committed: a migration there may have been applied, and is not written to."""
    from gatekeeper.errors import GitError

    try:
        return frozenset(repository.commit("HEAD"))
    except GitError:
        return frozenset()


def _tell(way: WayBack, root: Path, applied: frozenset[str], write: bool) -> bool:
    """Print what was found, and write it where that was asked for; whether it can be had."""
    say, found, up = _say, way.found, way.migration.up.path
    if not found.down:
        say(f"{up}: no way back found\n")
        for line in (*found.lost, *found.why):
            say(f"  {line}\n")
        return False
    say(f"{up}: a way back, proven on {way.engine}\n")
    for lost in found.lost:
        say(f"  up takes away  {lost}\n")
    if found.backup:
        say(f"  {up} must begin with\n{_indented(found.backup)}")
    if found.closing:
        say(f"  {up} must end with\n{_indented(found.closing)}")
    say(f"  {way.path or 'the way back'}\n{_indented(way.text)}")
    if not write:
        say(f"  to have it written: gatekeeper rollback {way.migration.name} --write\n")
        return True
    return _written(way, root, applied)


def _written(way: WayBack, root: Path, applied: frozenset[str]) -> bool:
    up = way.migration.up.path
    if not way.path:
        raise UsageError(f"{up}: its runner keeps the way back in the same file; add it there")
    if way.found.backup and up in applied:
        _say(
            f"  not written: {up} is committed, so it may have been applied; keep what it takes "
            "away in a migration of its own before it, or agree on a rollback plan\n"
        )
        return False
    if way.found.backup:
        text = _between(root / up, way.found.backup, way.found.closing)
        _put(root, up, text, overwrite=True)
        _say(f"  written: {up}\n")
    _put(root, way.path, way.text, overwrite=way.migration.down is not None)
    _say(f"  written: {way.path}\n")
    return True


def _between(file: Path, first: str, last: str) -> str:
    """The file as it stands, with statements before its first and behind its last."""
    try:
        text = file.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file.name} cannot be read: {error}") from None
    text = text if text.endswith("\n") or not last else f"{text}\n"
    if _BREAKPOINT in text:
        first = first.replace(";\n", f";\n{_BREAKPOINT}\n")
        last = "".join(f"{_BREAKPOINT}\n{each}\n" for each in last.splitlines())
    return f"{first}{text}{last}"


_BREAKPOINT = "--> statement-breakpoint"


def _put(root: Path, path: str, text: str, *, overwrite: bool) -> None:
    file = root / path
    if not file.resolve().is_relative_to(root.resolve()):
        raise UsageError(f"{path} leads out of the repository through a link; nothing is written")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w" if overwrite else "x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already; remove it to have it written") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def _say(text: str) -> None:
    sys.stdout.write("\n".join(visible(line) for line in text.split("\n")))


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line else "\n" for line in text.rstrip("\n").split("\n"))
