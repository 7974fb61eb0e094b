"""What the command line may say, and which command it stands for."""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path

from gatekeeper.version import __version__

LATER = ("verify", "doctor", "prove")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; it ends the process for what it cannot read."""
    whole = argparse.ArgumentParser(
        prog="gatekeeper",
        formatter_class=_formatter,
        description="Judge a change against its stage contract, clause by clause.",
        epilog="exit status: 0 kept, waived, deferred or pending; 1 broken; 3 unproven; "
        "2 the contract, configuration or command line cannot be used",
    )
    whole.add_argument("--version", action="version", version=f"gatekeeper {__version__}")
    commands = whole.add_subparsers(
        prog="gatekeeper", required=True, dest="command", metavar="COMMAND"
    )
    add = partial(commands.add_parser, formatter_class=_formatter)
    _add_check(add("check", help="judge a change"))
    init = add("init", help="draft gatekeeper.yaml from a contract")
    init.add_argument("contract", metavar="CONTRACT.md", type=Path)
    explain = add("explain", help="show a rule's page, or list the rules")
    explain.add_argument("rule", metavar="RULE", nargs="?")
    back = add("rollback", help="a proven way back for migrations that have none")
    back.add_argument("migration", metavar="MIGRATION", nargs="?", help="its file's name")
    back.add_argument("--write", action="store_true", help="write the way back into its folder")
    for name in LATER:
        later = add(name, help="not available in this version")
        later.add_argument("arguments", nargs="*")
    return whole


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As wide as argparse would have it, but without `shutil`, which is slow to import."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns
    except (ValueError, OSError):
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


def _add_check(parser: argparse.ArgumentParser) -> None:
    sides = parser.add_argument_group("what to compare (merge base of HEAD and the default branch)")
    sides.add_argument("--base", metavar="REV", help="judge from this revision")
    sides.add_argument("--head", metavar="REV", help="judge up to this revision (HEAD)")
    sides.add_argument("--staged", action="store_true", help="HEAD against the index (pre-commit)")
    sides.add_argument("--worktree", action="store_true", help="HEAD against the work tree")
    terms = parser.add_argument_group("by which contract")
    terms.add_argument(
        "--config",
        metavar="PATH",
        default="gatekeeper.yaml",
        help="the binding, read from the base (gatekeeper.yaml)",
    )
    terms.add_argument(
        "--binding",
        metavar="FILE",
        type=Path,
        help="a binding kept outside the repository, trusted as given",
    )
    terms.add_argument(
        "--rule",
        metavar="NAME",
        action="append",
        default=[],
        help="ask only this rule (may be repeated)",
    )
    parser.add_argument(
        "--format",
        metavar="FORMAT[=FILE]",
        action="append",
        default=[],
        help="text (default), json or markdown; with =FILE, written to the file",
    )
    parser.add_argument(
        "--no-run",
        action="store_true",
        help="run nothing of the change: what would have to run is unproven",
    )
    parser.add_argument(
        "--reading",
        metavar="NAME=FILE",
        action="append",
        default=[],
        help="a reading of the head that was taken elsewhere; it counts where the contract at "
        "base accepts it (may be repeated)",
    )
    parser.add_argument(
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="judge the repository that this folder lies in (.)",
    )
