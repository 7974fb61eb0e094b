"""The command line: a thin door to the judge, the draft and the rules' pages."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from types import SimpleNamespace

from gatekeeper.errors import GatekeeperError, GitError
from gatekeeper.printing import put, shows_unicode

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

HOOK = ("check", "--staged")
"""What a hook says before every commit: read without `argparse`, which is slow to import."""

INTERRUPTED = 130
"""The exit status of a command that was ended by a person, as shells have it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the process's exit status (DESIGN section 1)."""
    if sys.stdout is None or sys.stderr is None:
        # Closed by whoever started it (`>&-`): a report that nobody can see is no verdict.
        return 2
    # Little of what a run makes is garbage: looking for it often costs more than it gives.
    gc.set_threshold(100_000)
    given = sys.argv[1:] if argv is None else argv
    try:
        if tuple(given) == HOOK and _is_idle():
            return 0
        return _run(read(given))
    except GatekeeperError as error:
        sys.stderr.write(f"gatekeeper: {_shown(str(error))}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("gatekeeper: interrupted; nothing was judged\n")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing can be said to it any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


def _is_idle() -> bool:
    """Whether nothing staged can matter, which is then said; told without loading a rule."""
    if os.environ.get("CI"):
        return False
    from gatekeeper.outset import begun

    try:
        with begun(os.environ) as outset:
            from gatekeeper.idle import answer

            day = time.strftime("%Y-%m-%d", time.gmtime())
            says = answer(outset, os.environ, day, unicode=shows_unicode(sys.stdout))
    except GitError:
        # The judge says what is wrong, and what can be done.
        return False
    if says is not None:
        put(says)
    return says is not None


def read(argv: Sequence[str]) -> Namespace | SimpleNamespace:
    """The command and its arguments; ends the process where they cannot be read."""
    if tuple(argv) != HOOK:
        from gatekeeper.arguments import parser

        return parser().parse_args(argv)
    from pathlib import Path

    return SimpleNamespace(
        command="check",
        base=None,
        head=None,
        staged=True,
        worktree=False,
        config="gatekeeper.yaml",
        binding=None,
        rule=[],
        format=[],
        no_run=False,
        reading=[],
        folder=Path(),
    )


def _run(arguments: Namespace | SimpleNamespace) -> int:
    """Each command is imported when it is run: what judges does not pay for what drafts."""
    match arguments.command:
        case "check":
            from gatekeeper.checking import run_check

            return run_check(arguments)
        case "init":
            from gatekeeper.drafting import run_init

            return run_init(arguments)
        case "explain":
            from gatekeeper.explaining import run_explain

            return run_explain(arguments)
        case "rollback":
            from gatekeeper.rolling_back import run_rollback

            return run_rollback(arguments)
    sys.stderr.write(f"gatekeeper: {arguments.command} is not available in this version\n")
    return 2


def _shown(text: str) -> str:
    from gatekeeper.report.escape import visible

    return "\n".join(visible(line) for line in text.split("\n"))
