"""Measure the goals of speed, print them as ratios, and exit with 1 where one is missed."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import peers
from corpus import CHANGED, FILES, Corpus, corpus
from timing import Command, medians

BUILD = Path(__file__).parent.parent / "build" / "bench"
IDLE = "\n# Seen.\nassert __name__\n"
BINDS = "\n\ndef _seen():\n    held = __name__\n    return held\n"
MATTERS = "\nfrom workers import DurableObject\n\n\nclass Seen(DurableObject):\n    pass\n"

# Rules that only read: those that judge a change by its paths, modes, contents and history.
READERS = (
    "contract-after-code",
    "contract-weakened",
    "input-missing",
    "out-of-scope-change",
    "output-missing",
    "protected-module-changed",
)


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured number and the most (or, with `least`, the least) that it may be."""

    says: str
    measured: float
    bound: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the number is within its bound."""
        return self.measured >= self.bound if self.least else self.measured <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.least else "<="
        verdict = "met" if self.met else "MISSED"
        told = f"{self.measured:8.2f} {self.unit}"
        return f"{self.says:<66} {told:<12} {sign} {self.bound:g} {self.unit:<3} {verdict}"


def main() -> int:
    """Build what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=BUILD, help="where to build (build/bench)")
    parser.add_argument("--rounds", type=int, default=11, help="how often each process runs")
    parser.add_argument("--python", type=Path, help="a Python that has gatekeeper already")
    given = parser.parse_args()
    folder = given.build.resolve()
    repository = corpus(folder)
    python = given.python or peers.gatekeeper(folder)
    goals = list(_goals(folder, repository, str(python), given.rounds))
    missed = [goal for goal in goals if not goal.met]
    print(f"{len(goals) - len(missed)} of {len(goals)} goals met")
    return 1 if missed else 0


def _goals(folder: Path, repository: Corpus, python: str, rounds: int) -> Iterator[Goal]:
    for measure in (_idle, _mattering, _five_hundred):
        for goal in measure(folder, repository, python, rounds):
            print(goal, flush=True)
            yield goal


def _idle(_: Path, repository: Corpus, python: str, rounds: int) -> Iterator[Goal]:
    root = repository.root
    repository.stage(BINDS, offset=7)
    staged = Command((python, "-m", "gatekeeper", "check", "--staged"), root)
    binding = medians({"staged": staged}, max(3, rounds // 3))
    repository.stage(IDLE, offset=7)
    taken = medians(
        {
            "bare": Command((python, "-c", "import subprocess"), root),
            "staged": staged,
        },
        rounds,
    )
    _tell("python -c 'import subprocess'", taken["bare"])
    _tell("check --staged, 5 files, none matters, a function is new", binding["staged"])
    _tell(f"check --staged, 5 of {FILES} files, none matters", taken["staged"])
    says = "staged, none matters / python -c 'import subprocess'"
    yield Goal(says, taken["staged"] / taken["bare"], 3, "x")


def _mattering(folder: Path, repository: Corpus, python: str, rounds: int) -> Iterator[Goal]:
    paths = repository.stage(MATTERS, offset=7)
    root = repository.root
    staged = (python, "-m", "gatekeeper", "check", "--staged")
    commands = {
        "staged": Command(staged, root, status=(1,)),
        "Fixit": peers.fixit(folder, root, paths),
        "Semgrep": peers.semgrep(folder, root, paths),
    }
    shutil.rmtree(root / ".git" / "gatekeeper", ignore_errors=True)
    _tell("check --staged, 5 files that matter, nothing kept from before", commands["staged"].run())
    taken = medians(commands, max(3, rounds // 3))
    for name, seconds in taken.items():
        _tell(f"{name}, 5 files that matter", seconds)
    for name in ("Fixit", "Semgrep"):
        says = f"{name} / staged, the same 5 files"
        yield Goal(says, taken[name] / taken["staged"], 20, "x", least=True)


def _five_hundred(_: Path, repository: Corpus, python: str, rounds: int) -> Iterator[Goal]:
    repository.git("checkout", "--quiet", "--force", "main")
    repository.git("reset", "--quiet", "--hard", "main")
    root = repository.root
    range_ = ("--base", "main", "--head", "stage")
    check = (python, "-m", "gatekeeper", "check", *range_)
    only = tuple(word for rule in READERS for word in ("--rule", rule))
    whole = ("diff", "--raw", "--no-renames", "main", "stage")
    taken = medians(
        {
            "git": Command(("git", *whole), root),
            "readers": Command((*check, *only), root, status=(0, 1, 3)),
            "all": Command(check, root, status=(1, 3)),
        },
        max(3, rounds // 2),
    )
    _tell(f"git diff --raw, {CHANGED} files", taken["git"])
    _tell(f"check, {CHANGED} files, all rules of this version", taken["all"])
    _tell("the rules that only read / git diff --raw", taken["readers"] / taken["git"], "x")
    yield Goal(f"check, {CHANGED} files, rules that only read", taken["readers"], 0.5, "s")


def _tell(what: str, measured: float, unit: str = "s") -> None:
    print(f"  {what:<64} {measured:8.3f} {unit}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
