"""`gatekeeper init`: draft `gatekeeper.yaml` from a contract, and never overwrite one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gatekeeper.contract.draft import Draft, draft
from gatekeeper.contract.prose import read_prose
from gatekeeper.errors import UsageError
from gatekeeper.proceedings import CONFIG
from gatekeeper.registry import load_rules
from gatekeeper.repository import Repository

if TYPE_CHECKING:
    from argparse import Namespace
    from types import SimpleNamespace


def run_init(arguments: Namespace | SimpleNamespace) -> int:
    """Write the draft beside nothing: at the root of the repository, if it is not there yet."""
    contract: Path = arguments.contract
    content = _read(contract)
    with Repository.find(contract.resolve().parent, os.environ) as repository:
        if repository.bare:
            raise UsageError("init needs a work tree to write to; this repository is bare")
        path = contract.resolve().relative_to(repository.root.resolve()).as_posix()
        prose = read_prose(content, path)
        if not prose.clauses:
            raise UsageError(f"{path}: there is no clause in it (a bullet under a heading)")
        files = repository.worktree()
        rules = {name: each.rule for name, each in load_rules().items()}
        drafted = draft(prose, rules, tuple(sorted(files)), files.read)
        target = repository.root / CONFIG
    _write(target, drafted.text)
    _tell(drafted, path)
    return 0


def _read(contract: Path) -> bytes:
    try:
        return contract.read_bytes()
    except OSError as error:
        raise UsageError(f"{contract}: cannot be read: {error.strerror}") from None


def _write(target: Path, text: str) -> None:
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            f"{CONFIG} is there already and is never overwritten; move it away to draft anew"
        ) from None
    except OSError as error:
        raise UsageError(f"{CONFIG} cannot be written: {error.strerror}") from None


def _tell(drafted: Draft, path: str) -> None:
    say = sys.stdout.write
    say(f"{CONFIG} drafted from {path}: {len(drafted.bound)} clauses bound")
    say(f", {len(drafted.unbound)} not recognised\n" if drafted.unbound else "\n")
    for clause in drafted.unbound:
        say(f"  {clause.place.path}:{clause.place.line}  {clause.id}: {clause.says}\n")
    say(
        "Every guess in it has a comment. Read it, mend it, then commit it and the contract "
        "alone, before any work: git add " + f"{path} {CONFIG} && git commit\n"
    )
