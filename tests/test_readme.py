"""The README shows what users get: its report, its commands, its table of rules."""

from __future__ import annotations

import re
from pathlib import Path

from examples.history import build, violations
from gatekeeper.registry import load_rules
from tests.repositories import RepositoryBuilder
from tests.stages import gatekeeper

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_picture_is_a_report_of_the_shipped_example(tmp_path: Path) -> None:
    violation = next(each for each in violations() if each.name == "protected-module-changed")
    repository = RepositoryBuilder(build(tmp_path, violation))
    picture = re.search(r"```text\n(.*?)```", README, re.DOTALL)
    assert picture is not None

    report = gatekeeper(repository, "check", "--no-run", COLUMNS="96", PYTHONUTF8="1").out

    rest = report
    for part in picture.group(1).split("…\n"):
        assert part in rest, part
        rest = rest.partition(part)[2]


def test_every_rule_of_this_version_is_in_the_table_and_no_other() -> None:
    table = README.partition("## What it can judge today")[2].partition("\n\nThe other rules")[0]
    first_cells = "".join(
        line.split("|")[1] for line in table.splitlines() if line.startswith("| `")
    )

    named = set(re.findall(r"`([a-z-]+)`", first_cells))

    assert named == {name for name, each in load_rules().items() if each.rule.check is not None}
