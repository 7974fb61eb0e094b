"""Whole processes timed side by side: one of each in turn, so that a slow minute slows all."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Python would not write compiled modules, or git would not find its index, as for a user.
_UNSET = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "CI")
ENVIRON = {
    name: value
    for name, value in os.environ.items()
    if name not in _UNSET and not name.startswith(("GIT_", "GITHUB_"))
}

# Python ends with 1 then, as gatekeeper does for a broken clause: a crash is quick, and no answer.
_CRASHES = (b"Traceback (most recent call last)", b" crashed: ")


@dataclass(frozen=True, slots=True)
class Command:
    """A process to time; `status` are the exit statuses that it may have."""

    words: tuple[str, ...]
    cwd: Path
    status: tuple[int, ...] = (0,)

    def run(self, *, processor: bool = False) -> float:
        """Seconds from its start to its end, or those of processor that it and its children took.

        Those do not grow with what else the machine does, or by little.
        """
        started, before = time.perf_counter(), _of_children()
        done = subprocess.run(
            self.words, cwd=self.cwd, env=ENVIRON, capture_output=True, check=False
        )
        seconds = _of_children() - before if processor else time.perf_counter() - started
        said = done.stdout + done.stderr
        if done.returncode not in self.status or any(each in said for each in _CRASHES):
            shown = said.decode("utf-8", "replace")
            raise SystemExit(f"{' '.join(self.words)}: status {done.returncode}\n{shown}")
        return seconds


def _of_children() -> float:
    taken = os.times()
    return taken.children_user + taken.children_system


def medians(
    commands: Mapping[str, Command], rounds: int, *, warm: bool = False, processor: bool = False
) -> Mapping[str, float]:
    """The median seconds of each command, over this many rounds in which each runs once.

    A first round, in which caches fill, is not counted, and left out where they are `warm`.
    """
    for command in () if warm else commands.values():
        command.run()
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(command.run(processor=processor))
    return {name: statistics.median(seconds) for name, seconds in taken.items()}
