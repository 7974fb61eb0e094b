"""Coverage written down briefly, and cases made of it, for tests of coverage-dropped."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Case as _Case
from gatekeeper import Need, Which
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper_rules.suite.coverage_dropped import RULE, Options
from tests.cases import Files, case_of, findings, with_readings

BASE, HEAD = Need("coverage", Which.BASE), Need("coverage", Which.HEAD)
Data = Mapping[str, FileCoverage]
Case = _Case[Options]

RATE = "def rate(age):\n    if age > 65:\n        return 7\n    return 19\n"
REFUND = "\n\ndef refund(order):\n    if order.paid:\n        return order.total\n    return 0\n"


def ran(
    covered: str = "", missed: str = "", excluded: str = "", **branches: tuple[int, int]
) -> FileCoverage:
    """A file's coverage; lines as `1-3 5`, branches as `L2=(1, 2)`."""
    ways = {int(line[1:]): Branch(*of) for line, of in branches.items()}
    return FileCoverage(_lines(covered), _lines(missed), _lines(excluded), ways)


def _lines(text: str) -> frozenset[int]:
    ends = ((each.split("-") * 2)[:2] for each in text.split())
    return frozenset(line for one, two in ends for line in range(int(one), int(two) + 1))


def judged(
    before: Files,
    after: Files,
    base: Data,
    head: Data,
    options: Options | None = None,
    tools: tuple[str, str] = ("coverage.py", "coverage.py"),
    after_modes: Mapping[str, str] | None = None,
) -> Case:
    case = case_of(before, after, options or Options(), after_modes=after_modes)
    return with_readings(
        case, {BASE: coverage_of(base, tools[0]), HEAD: coverage_of(head, tools[1])}
    )


def coverage_of(files: Data, tool: str) -> Coverage:
    return Coverage(tool, files, any(file.branches for file in files.values()))


def messages(case: Case) -> list[str]:
    return [each.message for each in findings(RULE, case)]


def unchanged(base: FileCoverage, head: FileCoverage, options: Options | None = None) -> Case:
    files = {"src/app.py": RATE}
    return judged(files, files, {"src/app.py": base}, {"src/app.py": head}, options)
