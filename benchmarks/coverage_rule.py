"""Measure how long coverage-dropped judges a million measured lines, read already."""

from __future__ import annotations

import sys
import time
from decimal import Decimal

from gatekeeper import Adoption, Case, Change, Contract, Measured, Need, Snapshot, Standing, Which
from gatekeeper.difference import difference
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper.terms import Prose
from gatekeeper_rules.suite.coverage_dropped import RULE, Options

FILES = 5_000
FUNCTIONS = 67
BOUND = 1.0
ROUNDS = 7

BODY = "".join(
    f"def step_{number}(order):\n    total = order.total + {number}\n    # So it is.\n"
    f"    return total\n\n"
    for number in range(FUNCTIONS)
)
CODE = frozenset(
    number
    for number, line in enumerate(("#\n" + BODY).split("\n"), 1)
    if line.strip() and "#" not in line
)
EDITED = BODY.replace("total + 7\n", "total - 7\n")


def main() -> int:
    """Judge an unchanged tree and one in which every tenth file changed; print and compare."""
    unchanged = {path: f"# {path}\n{BODY}" for path in _paths()}
    edited = {
        path: f"# {path}\n{EDITED}" if number % 10 == 0 else text
        for number, (path, text) in enumerate(unchanged.items())
    }
    print(f"  {FILES:,} files, {FILES * len(CODE):,} measured lines on each side")
    slowest = 0.0
    for says, head in (("nothing changed", unchanged), ("500 files changed", edited)):
        seconds = min(_judged(unchanged, head) for _ in range(ROUNDS))
        slowest = max(slowest, seconds)
        print(f"  {says:<64} {seconds:8.3f} s")
    print(f"{'met' if slowest <= BOUND else 'MISSED'}: at most {BOUND:g} s")
    return slowest > BOUND


def _paths() -> list[str]:
    return [f"src/part{number % 50}/module{number}.py" for number in range(FILES)]


def _coverage() -> Coverage:
    """Values of their own for each file, as a reader makes them."""
    missed = frozenset(line for line in CODE if line % 17 == 0)
    files = {path: FileCoverage(CODE - missed, frozenset(missed)) for path in _paths()}
    return Coverage("coverage.py", files)


def _judged(before: dict[str, str], after: dict[str, str]) -> float:
    """Seconds of this process; what else the machine does can only add to them."""
    base = Snapshot.of("base", before)
    change = Change(base, Snapshot.of("head", after, cache=base.cache), difference)
    contract = Contract("the benchmark", Prose("c.md", "A contract", (), "0" * 64), "g.yaml", ())
    standing = Standing(Adoption.AT_BASE, contract, proposed=contract)
    readings = {
        need: Measured(_coverage(), "tree") for need in (RULE.needs or (lambda _: ()))(Options())
    }
    case = Case(change, Options(Decimal(90)), contract, standing, readings)
    assert RULE.check is not None
    assert Need("coverage", Which.HEAD) in readings
    started = time.process_time()
    said = list(RULE.check(case))
    seconds = time.process_time() - started
    assert {type(each).__name__ for each in said} == {"Examined"}, said[:3]
    return seconds


if __name__ == "__main__":
    sys.exit(main())
