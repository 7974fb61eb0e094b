"""A report whose command failed without a failed test is no reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.reading.file_method import FileMethod
from gatekeeper.reading.output import out_file
from gatekeeper.reading.room import Room
from gatekeeper.reading.tests import TestRun
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from gatekeeper.tools import Ended, Outcome

PASSED = (
    '<?xml version="1.0" encoding="utf-8"?><testsuites name="jest tests" tests="1" failures="0" '
    'errors="0" time="1"><testsuite name="a" errors="0" failures="0" skipped="0" tests="1" '
    'timestamp="2026-01-01T00:00:00" time="1"><testcase classname="a b" name="a b" time="0.1"/>'
    "</testsuite></testsuites>"
)
PLAN = ReadingPlan("npx jest --outputFile={out}", format="junit")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """A room where the report has been written."""
    tree, out = tmp_path / "tree", tmp_path / "out"
    tree.mkdir()
    out.mkdir()
    made = Room(tree, out, tree, {}, (), None)
    out_file(made).write_text(PASSED, encoding="utf-8")
    return made


def test_a_report_of_passed_tests_counts_where_the_command_passed(room: Room) -> None:
    run = FileMethod().read(PLAN, room, Outcome(0, b"", b"", Ended.BY_ITSELF))

    assert isinstance(run, TestRun)
    assert len(run.tests) == 1


def test_it_is_no_reading_where_the_command_failed(room: Room) -> None:
    with pytest.raises(Unusable, match="no test failed, and yet the command did"):
        FileMethod().read(PLAN, room, Outcome(1, b"", b"", Ended.BY_ITSELF))
