"""Measure the rules on Cloudflare's platform against other programs that look for the same."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import durable_peers as seek
from durable_corpus import Planted, planted
from peers import gatekeeper
from run import BUILD, Goal
from timing import Command, medians

PART = 100
"""Of so many Python files LibCST reads one; the rest is reckoned from their bytes."""


class Bench:
    """The repository, the programs, and by which clock they are measured."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.folder: Path = given.build.resolve()
        self.rounds: int = given.rounds
        self.processor: bool = given.processor
        self.planted: Planted = planted(self.folder)
        self.root = self.planted.root
        self.python = str(given.python or gatekeeper(self.folder))

    def goals(self) -> Iterator[Goal]:
        """Every goal, measured."""
        for measure in (self.cold, self.nothing_changed, self.five, self.five_hundred):
            for goal in measure():
                print(goal, flush=True)
                yield goal

    def check(self, *words: str) -> Command:
        """A check as a user starts it."""
        command = (self.python, "-m", "gatekeeper", "check", *words)
        return Command(command, self.root, status=(0, 1, 3))

    def taken(self, commands: Mapping[str, Command], rounds: int, of: str) -> Mapping[str, float]:
        """The medians, told as well."""
        taken = medians(commands, rounds, processor=self.processor)
        for name, seconds in taken.items():
            print(f"  {f'{name}, {of}':<64} {seconds:8.3f} s", flush=True)
        return taken

    def cold(self) -> Iterator[Goal]:
        """A judging run, which keeps nothing, over the seven places in 10,000 files."""
        self.planted.corpus.check_out("stage")
        judged = ("--base", "main", "--head", "stage")
        commands = {
            "gatekeeper": self.check(*judged),
            "git grep": seek.git_grep(self.root),
            "git grep of the commit": seek.git_grep(self.root, "stage"),
            "ruff": seek.ruff(self.folder, self.root, ["."], cached=False),
            "ast-grep": seek.ast_grep(self.folder, self.root, ["."]),
        }
        slow = {"Semgrep": seek.semgrep(self.folder, self.root, ["."])}
        part = self._part()
        slow["LibCST"] = seek.libcst(self.folder, self.root, part)
        self._agree({**commands, **slow, "gatekeeper": self.check(*judged, "--format", "json")})
        taken = {**self.taken(commands, self.rounds, "10,000 files, nothing kept")}
        taken |= self.taken(slow, 1, "10,000 files, nothing kept, of LibCST a part")
        taken["LibCST"] *= self._share(part)
        own = taken["gatekeeper"]
        yield Goal("cold / git grep of 12 words", own / taken["git grep"], 2.5, "x")
        for name, bound in (("ruff", 3), ("ast-grep", 15), ("Semgrep", 20), ("LibCST", 300)):
            yield Goal(f"{name} / cold", taken[name] / own, bound, "x", least=True)

    def nothing_changed(self) -> Iterator[Goal]:
        """A local check before anything is staged, and ruff with its cache."""
        self.planted.corpus.check_out("main")
        taken = self.taken(
            {
                "gatekeeper": self.check("--staged"),
                "ruff": seek.ruff(self.folder, self.root, ["."], cached=True),
            },
            self.rounds,
            "nothing changed, what was kept is used",
        )
        ratio = taken["ruff"] / taken["gatekeeper"]
        yield Goal("ruff / staged, nothing changed", ratio, 2, "x", least=True)

    def five(self) -> Iterator[Goal]:
        """A local check of five files, of which one uses a Durable Object."""
        paths = self.planted.stage(5)
        commands = {
            "gatekeeper": self.check("--staged"),
            "ruff": seek.ruff(self.folder, self.root, paths, cached=True),
            "ast-grep": seek.ast_grep(self.folder, self.root, paths),
        }
        taken = {**self.taken(commands, self.rounds, "5 files")}
        slow = {"Semgrep": seek.semgrep(self.folder, self.root, paths)}
        taken |= self.taken(slow, 3, "5 files")
        own = taken["gatekeeper"]
        yield Goal("staged, 5 files / ruff", own / taken["ruff"], 3, "x")
        yield Goal("Semgrep / staged, 5 files", taken["Semgrep"] / own, 50, "x", least=True)

    def five_hundred(self) -> Iterator[Goal]:
        """A local check of 500 files, of which one uses a Durable Object."""
        self.planted.stage(500)
        taken = self.taken({"gatekeeper": self.check("--staged")}, self.rounds, "500 files")
        self.planted.corpus.check_out("main")
        yield Goal("staged, 500 files", taken["gatekeeper"], 0.15, "s")

    def _part(self) -> tuple[str, ...]:
        """What LibCST reads: a part of the Python files, those that are found among them."""
        return (*self.planted.all_python()[::PART], *self.planted.python)

    def _share(self, part: tuple[str, ...]) -> float:
        whole = sum((self.root / path).stat().st_size for path in self.planted.all_python())
        return whole / sum((self.root / path).stat().st_size for path in part)

    def _agree(self, commands: Mapping[str, Command]) -> None:
        """End the program where one of the others does not find what was planted."""
        python = frozenset(self.planted.python)
        both = python | frozenset(self.planted.scripts)
        for name in ("gatekeeper", "ruff", "ast-grep", "Semgrep", "LibCST"):
            wanted = python if name in ("ruff", "LibCST") else both
            answer = seek.found(name, commands[name])
            if answer != wanted:
                told = f"{sorted(answer - wanted)} too many, {sorted(wanted - answer)} missing"
                raise SystemExit(f"{name} finds something else: {told}")


def main() -> int:
    """Build what is missing, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=BUILD, help="where to build (build/bench)")
    parser.add_argument("--rounds", type=int, default=5, help="how often each process runs")
    parser.add_argument("--python", type=Path, help="a Python that has gatekeeper already")
    parser.add_argument("--processor", action="store_true", help="processor time, not the clock's")
    bench = Bench(parser.parse_args())
    shutil.rmtree(bench.root / ".git" / "gatekeeper", ignore_errors=True)
    goals = list(bench.goals())
    missed = [goal for goal in goals if not goal.met]
    print(f"{len(goals) - len(missed)} of {len(goals)} goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
