"""What recording costs: 5,000 trivial tests with `--junitxml` and with the recorder, in turn.

Each round runs one of each; the ratio is the median of the rounds' ratios, so that a slow
minute slows both. The goal is a recorded run within 3 % of one that writes JUnit, also where
it writes JUnit as well, as every judged run does.

With `--count`, the instructions that each of them executes are counted by valgrind, once: no
other process changes these, nor does the speed of the machine, but it takes fifty times as long.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

BUILD = Path(__file__).parent.parent / "build" / "bench" / "recorder"
SOURCE = Path(__file__).parent.parent / "gatekeeper" / "recorder"
FILES, TESTS = 50, 100
GOAL = 1.03


def main() -> int:
    """Build the suite, measure, print; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="pairs of runs (15)")
    parser.add_argument("--python", default=sys.executable, help="a Python that has pytest")
    parser.add_argument("--count", action="store_true", help="count instructions, with valgrind")
    given = parser.parse_args()
    suite(BUILD)
    if given.count:
        return count(given.python)
    ratios = {"recorder alone": [], "recorder and --junitxml": []}  # type: dict[str, list[float]]
    spent = []
    for turn in range(given.rounds + 1):
        plain = run(given.python, junit=True, record=False)
        alone = run(given.python, junit=False, record=True)
        both = run(given.python, junit=True, record=True)
        if turn:  # in the first round, caches fill
            spent.append(plain)
            ratios["recorder alone"].append(alone / plain)
            ratios["recorder and --junitxml"].append(both / plain)
    print(f"  {FILES * TESTS} tests with --junitxml: {statistics.median(spent):.2f} s of processor")
    for name, each in ratios.items():
        low, *_, high = sorted(each)
        print(f"  {name} / --junitxml: {statistics.median(each):.3f} ({low:.3f} to {high:.3f})")
    return verdict({name: statistics.median(each) for name, each in ratios.items()})


def count(python: str) -> int:
    """Print the instructions of one run of each; 1 where the goal is missed."""
    plain = instructions(python, junit=True, record=False)
    alone = instructions(python, junit=False, record=True)
    both = instructions(python, junit=True, record=True)
    for name, each in (("--junitxml", plain), ("recorder alone", alone), ("both", both)):
        print(
            f"  {FILES * TESTS} tests with {name}: {each / 1e9:.3f} thousand million instructions"
        )
    return verdict({"recorder alone": alone / plain, "recorder and --junitxml": both / plain})


def verdict(ratios: Mapping[str, float]) -> int:
    """Print what was met and what was missed; 1 where anything was."""
    for name, each in ratios.items():
        met = "met" if each <= GOAL else "MISSED"
        print(f"{name} / --junitxml = {each:.3f} <= {GOAL}: {met}")
    return int(max(ratios.values()) > GOAL)


def suite(folder: Path) -> None:
    """Write the tests, and the plugin into a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    tests, plugins = folder / "tests", folder / "plugins"
    tests.mkdir(parents=True)
    plugins.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n")
    body = "".join(f"def test_{each}():\n    pass\n\n" for each in range(TESTS))
    for each in range(FILES):
        (tests / f"test_{each}.py").write_text(body)
    shutil.copytree(SOURCE, plugins / "gatekeeper_recorder")


def run(python: str, *, junit: bool, record: bool) -> float:
    """Seconds of processor time that one run of the suite takes, which other processes do not."""
    command, environ = asked(python, junit=junit, record=record)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=BUILD, env=environ, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


def instructions(python: str, *, junit: bool, record: bool) -> int:
    """Instructions that one run of the suite executes, its modules compiled before."""
    command, environ = asked(python, junit=junit, record=record)
    subprocess.run(command, cwd=BUILD, env=environ, check=True, stdout=subprocess.DEVNULL)
    command, environ = asked(python, junit=junit, record=record)
    told = BUILD / "instructions"
    counted = ["valgrind", "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={told}"]
    subprocess.run(
        [*counted, *command],
        cwd=BUILD,
        env=environ,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    summary = next(line for line in told.open() if line.startswith("summary:"))
    return int(summary.split()[1])


def asked(python: str, *, junit: bool, record: bool) -> tuple[list[str], dict[str, str]]:
    """The command, and its environment; it begins with no records."""
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:gatekeeper"]
    environ = dict(os.environ, PYTHONPATH=str(BUILD / "plugins"), PYTHONHASHSEED="0")
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if junit:
        command.append(f"--junitxml={BUILD / 'junit.xml'}")
    if record:
        records = BUILD / "records.jsonl"
        records.unlink(missing_ok=True)
        command += ["-p", "gatekeeper_recorder"]
        environ["GATEKEEPER_RECORDER"] = json.dumps({"records": str(records), "restore": {}})
    return command, environ


if __name__ == "__main__":
    sys.exit(main())
