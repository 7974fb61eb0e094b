"""Measure the proof of migrations against its goals, and against others on the same chain."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import chain as together
from pathlib import Path
from tempfile import TemporaryDirectory

import migration_peers
from chain import CONFIG, Step, rebuild, steps, text
from run import BUILD, Goal
from timing import Command, medians

from gatekeeper import Measured, Snapshot
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proving import Means, proven
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.plain_data import plain
from gatekeeper.reading.kept import kept_readings
from gatekeeper.terms import MigrationPlan

APPLIED = 30
"""Migrations that wrangler applies; it takes seconds for each."""

CHANGED = 5
ROUNDS = 3


def main() -> int:
    """Measure, print; 1 where a goal is missed."""
    folder = BUILD.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    missed = 0
    for goal in together(_alone(), _against(folder)):
        print(goal, flush=True)
        missed += not goal.met
    return 1 if missed else 0


def charge(chain: tuple[Step, ...], changed: int) -> Charge:
    """A chain of which the last so many migrations are to be proven."""
    migrations = tuple(
        Migration(
            each.name,
            Script(f"migrations/{each.name}", text(each.up)),
            Script(f"down/{each.name}", text(each.down)),
            number,
        )
        for number, each in enumerate(chain, 1)
    )
    names = tuple(each.name for each in migrations[len(chain) - changed :])
    whole = Chain(Runner.WRANGLER, "migrations", Dialect.D1, migrations, ledger="d1_migrations")
    return Charge(whole, names)


def _alone() -> Iterator[Goal]:
    """Processor time of the best round: what else the machine does can only add to it."""
    made = steps(30)
    before = _taken(charge(made, 0))
    for what, step in (("a column added", steps(31)[-1]), ("a table rebuilt", rebuild(31))):
        seconds = _taken(charge((*made, step), 1)) - before
        yield Goal(f"one proof, 30 tables: {what}", seconds * 1000, 150, "ms")
    seconds = _taken(charge(steps(300), CHANGED))
    yield Goal(f"300 migrations, {CHANGED} proven, the others applied", seconds, 5, "s")
    milliseconds = _recalled(steps(300)) * 1000
    yield Goal("300 migrations, nothing changed: proof recalled", milliseconds, 100, "ms")


def _recalled(chain: tuple[Step, ...]) -> float:
    """The whole reading where an earlier run has kept its proof: found, keyed, recalled."""
    files = {"wrangler.toml": CONFIG}
    for each in chain:
        files |= {f"migrations/{each.name}": text(each.up), f"down/{each.name}": text(each.down)}
    base = {path: said for path, said in files.items() if f"/{chain[-1].name}" not in path}
    sides = Snapshot.of("base", base), Snapshot.of("head", files)
    best = float("inf")
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for number in range(ROUNDS + 1):
            kept = kept_readings(place, {}, ChainProof)
            started = time.process_time()
            reading = proven(*sides, MigrationPlan(), Means({}, place, kept))
            assert isinstance(reading, Measured)
            if number:
                assert "kept of an earlier run" in reading.how
                best = min(best, time.process_time() - started)
    return best


def _taken(given: Charge) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        tried(given, in_process(Dialect.D1))
        best = min(best, time.process_time() - started)
    return best


def _against(folder: Path) -> Iterator[Goal]:
    """Whole processes in turn, each from an empty database."""
    chain = steps(APPLIED)
    applying = {
        "gatekeeper": _process(folder, "apply", charge(chain, 0)),
        "wrangler": migration_peers.wrangler(folder, chain),
    }
    taken = medians(applying, 1)
    yield _ratio(taken, "wrangler", f"applies {APPLIED} migrations", 50)
    proving = {
        "gatekeeper": _process(folder, "prove", charge(chain, APPLIED)),
        "pytest-mrt": migration_peers.pytest_mrt(folder, chain),
        "pytest-alembic": migration_peers.pytest_alembic(folder, chain),
    }
    taken = medians(proving, ROUNDS)
    for name in ("pytest-mrt", "pytest-alembic"):
        yield _ratio(taken, name, f"checks {APPLIED} migrations, we prove them all", 5)
    chain = steps(300)
    changing = {
        "gatekeeper": _process(folder, "change", charge(chain, CHANGED)),
        "pytest-mrt": migration_peers.pytest_mrt(folder, chain),
        "pytest-alembic": migration_peers.pytest_alembic(folder, chain),
    }
    taken = medians(changing, 1, warm=True)
    for name in ("pytest-mrt", "pytest-alembic"):
        yield _ratio(taken, name, f"checks 300 migrations, we prove the {CHANGED} changed", 5)


def _process(folder: Path, name: str, given: Charge) -> Command:
    """The process that gatekeeper starts for a chain, with its charge in a file."""
    file = folder / f"charge-{name}.json"
    file.write_text(json.dumps(plain(given)), encoding="ascii")
    run = f"exec {sys.executable} -I -m gatekeeper.migrations.trial_child < {file}"
    return Command(("sh", "-c", run), folder)


def _ratio(taken: Mapping[str, float], name: str, says: str, bound: float) -> Goal:
    for each in (name, "gatekeeper"):
        print(f"  {each + ': ' + says:<64} {taken[each]:8.2f} s", flush=True)
    return Goal(f"{name} {says}", taken[name] / taken["gatekeeper"], bound, "x", least=True)


if __name__ == "__main__":
    sys.exit(main())
