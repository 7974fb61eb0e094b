"""What can go wrong, as a short tree of errors that tell the user what to do next."""

from __future__ import annotations

from gatekeeper.value import dataclass


class GatekeeperError(Exception):
    """Something gatekeeper cannot go on from; its text is shown to the user as it is.

    The text says what happened, where, and what to do next. `exit_code` is the process's
    exit status: 2 when the contract, the configuration or the command line cannot be
    used, 3 when the question could be asked but not answered.
    """

    exit_code = 2


class UsageError(GatekeeperError):
    """The command line asks for something that cannot be."""


class GitError(GatekeeperError):
    """Git cannot give what was asked of it: no repository, no such revision, a broken index."""


class HistoryMissing(GitError):
    """The clone does not hold the commits that the question is about (a shallow clone)."""

    exit_code = 3


class RuleLoadError(GatekeeperError):
    """A rule, or a package of rules, does not load; it is never skipped."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in a configuration file, at a place a person can go to.

    `line` and `column` count from 1.
    """

    path: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f" {self.hint}" if self.hint else ""
        return f"{self.path}:{self.line}:{self.column}: {self.message}{hint}"


class ConfigurationError(GatekeeperError):
    """A contract or its binding cannot be used; carries every problem found in it."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Unmeasured(GatekeeperError):
    """A reading that a rule cannot do without is missing, so what depends on it is unproven."""

    exit_code = 3


class Unreadable(GatekeeperError):
    """One file cannot be read or understood, so what depends on it stays unproven.

    `reason` completes the sentence "PATH cannot be read: …".
    """

    exit_code = 3

    def __init__(self, path: str, reason: str, line: int | None = None) -> None:
        super().__init__(f"{path} cannot be read: {reason}")
        self.path = path
        self.reason = reason
        self.line = line
