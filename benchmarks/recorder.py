"""What recording costs: 5,000 trivial tests with `--junitxml` and with the recorder, in turn.

Each round runs one of each; the ratio is the median of the rounds' ratios, so that a slow
minute slows both. The goal is a recorded run within 3 % of one that writes JUnit, also where
it writes JUnit as well, as every judged run does.
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
    given = parser.parse_args()
    suite(BUILD)
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
    missed = [name for name, each in ratios.items() if statistics.median(each) > GOAL]
    for name in ratios:
        print(f"{name} / --junitxml <= {GOAL}: {'MISSED' if name in missed else 'met'}")
    return 1 if missed else 0


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
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:gatekeeper"]
    environ = dict(os.environ, PYTHONPATH=str(BUILD / "plugins"))
    if junit:
        command.append(f"--junitxml={BUILD / 'junit.xml'}")
    if record:
        records = BUILD / "records.jsonl"
        records.unlink(missing_ok=True)
        command += ["-p", "gatekeeper_recorder"]
        environ["GATEKEEPER_RECORDER"] = json.dumps({"records": str(records), "restore": {}})
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=BUILD, env=environ, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)


if __name__ == "__main__":
    sys.exit(main())
