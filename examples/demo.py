"""`make demo`: judge the example's honest change, then a dishonest one, and show both reports."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from history import Violation, build, violations

SHOWN = "durable-object-used-code"
BROKEN, UNPROVEN = 1, 3


def main() -> int:
    """Show both reports; 0 when the gate said of each what it must say."""
    dishonest = next(each for each in violations() if each.name == SHOWN)
    with tempfile.TemporaryDirectory(prefix="gatekeeper-demo-") as folder:
        _title("1. An honest change: stage 2 of examples/agent-pipeline, as agreed")
        honest = _judge(Path(folder, "honest"), None)
        _title(f"2. A dishonest one: {dishonest.says}")
        caught = _judge(Path(folder, "dishonest"), dishonest)
    _title("What you saw")
    print(f"honest change:    exit {honest} (nothing broken; rules still to come are unproven)")
    print(f"dishonest change: exit {caught} (broken, with the line, the reason and how to mend it)")
    return 0 if (honest, caught) == (UNPROVEN, BROKEN) else 1


def _judge(folder: Path, violation: Violation | None) -> int:
    repository = build(folder, violation)
    command = [sys.executable, "-m", "gatekeeper", "check", "--no-run"]
    print(f"$ cd {repository.name} && gatekeeper check --no-run\n", flush=True)
    return subprocess.run(command, cwd=repository, check=False).returncode


def _title(text: str) -> None:
    print(f"\n=== {text}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
