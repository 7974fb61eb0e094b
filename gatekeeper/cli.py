"""The command line: a thin door to the judge, the draft and the rules' pages."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from gatekeeper.errors import GatekeeperError
from gatekeeper.version import __version__

LATER = ("rollback", "verify", "doctor", "prove")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the process's exit status (DESIGN section 1)."""
    if sys.stdout is None or sys.stderr is None:
        # Closed by whoever started it (`>&-`): a report that nobody can see is no verdict.
        return 2
    arguments = _parser().parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except GatekeeperError as error:
        sys.stderr.write(f"gatekeeper: {_shown(str(error))}\n")
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing can be said to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    return status


def _shown(text: str) -> str:
    from gatekeeper.report.escape import visible

    return "\n".join(visible(line) for line in text.split("\n"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="gatekeeper",
        formatter_class=_formatter,
        description="Judge a change against its stage contract, clause by clause.",
        epilog="exit status: 0 kept, waived, deferred or pending; 1 broken; 3 unproven; "
        "2 the contract, configuration or command line cannot be used",
    )
    parser.add_argument("--version", action="version", version=f"gatekeeper {__version__}")
    commands = parser.add_subparsers(prog="gatekeeper", required=True, metavar="COMMAND")
    add = partial(commands.add_parser, formatter_class=_formatter)
    _add_check(add("check", help="judge a change"))
    _add_init(add("init", help="draft gatekeeper.yaml from a contract"))
    _add_explain(add("explain", help="show a rule's page, or list the rules"))
    for name in LATER:
        later = add(name, help="not available in this version")
        later.add_argument("arguments", nargs="*")
        later.set_defaults(run=_later, name=name)
    return parser


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As wide as argparse would have it, but without `shutil`, which is slow to import."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size().columns
    except (ValueError, OSError):
        columns = 80
    return argparse.HelpFormatter(prog, width=columns - 2)


# Each command is imported when it is run: what judges does not pay for what drafts.


def _check(arguments: argparse.Namespace) -> int:
    from gatekeeper.checking import run_check

    return run_check(arguments)


def _init(arguments: argparse.Namespace) -> int:
    from gatekeeper.drafting import run_init

    return run_init(arguments)


def _explain(arguments: argparse.Namespace) -> int:
    from gatekeeper.explaining import run_explain

    return run_explain(arguments)


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
        "-C",
        dest="folder",
        metavar="FOLDER",
        type=Path,
        default=Path(),
        help="judge the repository that this folder lies in (.)",
    )
    parser.set_defaults(run=_check)


def _add_init(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("contract", metavar="CONTRACT.md", type=Path)
    parser.set_defaults(run=_init)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE", nargs="?")
    parser.set_defaults(run=_explain)


def _later(arguments: argparse.Namespace) -> int:
    sys.stderr.write(f"gatekeeper: {arguments.name} is not available in this version\n")
    return 2
