"""A small repository with a contract, for tests that walk the whole path."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.repositories import RepositoryBuilder, make_repository

CONTRACT = """\
# Stage 1: order

## Constraints
- No changes to artifact storage.
- Nothing outside the sources changes.

---
This contract is committed before implementation.
"""

BINDING = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
modules:
  artifact storage: [src/artifacts/**]
scope: [src/**]
clauses:
  - says: No changes to artifact storage.
    rules:
      - protected-module-changed: {modules: [artifact storage]}
  - says: Nothing outside the sources changes.
    rules: [out-of-scope-change]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""

SERVICE = {
    "src/artifacts/store.py": "def put(key, value):\n    return key, value\n",
    "src/app.py": "print('hello')\n",
}

AGREED = {"contracts/stage-1.md": CONTRACT, "gatekeeper.yaml": BINDING}


_SAID = "outcome.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the command line printed, and its exit status."""

    status: int
    out: str
    err: str

    @classmethod
    def read(cls, folder: Path) -> Outcome:
        """What `write` has left in a folder."""
        return cls(*json.loads((folder / _SAID).read_text("utf-8")))

    def write(self, folder: Path) -> None:
        """Leave it for other processes."""
        (folder / _SAID).write_text(json.dumps([self.status, self.out, self.err]), "utf-8")

    @property
    def report(self) -> Any:
        """The JSON report on standard output."""
        return json.loads(self.out)

    def verdicts(self) -> dict[str, str]:
        """The verdict of each clause."""
        return {each["id"]: each["verdict"] for each in self.report["clauses"]}

    def broken(self) -> list[str]:
        """`clause rule side path:line` of everything that is broken."""
        return [
            f"{clause['id']} {ruling['rule']} {finding['side']} {finding['path']}:{finding['line']}"
            for clause in self.report["clauses"]
            for ruling in clause["rulings"]
            for finding in ruling["findings"]
            if ruling["verdict"] == "broken"
        ]


def agreed_repository(folder: Path) -> RepositoryBuilder:
    """`main` holds the service and, on top, the contract; `work` is checked out on it."""
    repository = make_repository(folder / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.write_all(AGREED)
    repository.commit("the contract")
    repository.git("switch", "--quiet", "--create", "work")
    return repository


def gatekeeper(repository: RepositoryBuilder, *arguments: str, **environ: str) -> Outcome:
    """Run the command line in the repository, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "gatekeeper", *arguments],
        cwd=repository.path,
        env={**repository.environ, "PYTHONPATH": "", **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def check(repository: RepositoryBuilder, *arguments: str, **environ: str) -> Outcome:
    """`gatekeeper check --format json`."""
    return gatekeeper(repository, "check", "--format", "json", *arguments, **environ)
