"""Records of a run: whole ones are read, and what is not whole is not taken for less."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import recorder
from gatekeeper.reading import pytest_records
from gatekeeper.reading.pytest_records import read
from gatekeeper.reading.tests import Outcome, Ran, Uncollected
from gatekeeper.reading.unusable import Unusable

Record = dict[str, object]

PHASES = [["setup", "passed", 0.25], ["call", "passed", 0.5], ["teardown", "passed", 0.25]]
BEGIN: Record = {
    "record": "begin",
    "schema": "gatekeeper.records/1",
    "pytest": "9.0.0",
    "python": "3.13.0",
    "root": "/tree",
}


def _test(name: str, **facts: object) -> Record:
    path = name.partition("::")[0]
    return {"record": "test", "id": name, "path": path, "line": 4, "phases": PHASES, **facts}


def _lines(records: Sequence[Record]) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records)


def _whole(*records: Record, **end: object) -> list[Record]:
    """A run with these records, its counts right unless `end` says otherwise."""
    counts: dict[str, int] = {}
    for each in (BEGIN, *records):
        counts[str(each["record"])] = counts.get(str(each["record"]), 0) + 1
    last = {
        "record": "end",
        "counts": counts,
        "planned": counts.get("test", 0),
        "collect_only": False,
        "stopped": "",
        "status": 1,
    }
    return [BEGIN, *records, {**last, **end}]


def test_the_reader_and_the_recorder_know_one_schema() -> None:
    assert recorder.SCHEMA == pytest_records.SCHEMA


def test_a_whole_run_is_read() -> None:
    records = _whole(
        {"record": "uncollected", "id": "t/test_b.py", "reason": "NameError: x"},
        {"record": "skipped", "id": "t/test_c.py", "reason": "Skipped: no"},
        _test("t/test_a.py::test_a", reruns=1),
        _test("t/test_a.py::test_b", path="t/base.py"),
        {"record": "warning", "id": "", "text": "W: x", "where": "/tree/t/test_a.py:3"},
        {"record": "deselected", "id": "t/test_a.py::test_d"},
        {"record": "contract", "id": "t/test_a.py::test_a", "clauses": ["outputs-1"]},
    )

    run = read(_lines(records), "/tree")

    a = "t/test_a.py::test_a"
    assert run.tests == {
        a: Ran(a, Outcome.PASSED, "t/test_a.py", 5, "", 1.0, ("outputs-1",)),
        "t/test_a.py::test_b": Ran(
            "t/test_a.py::test_b", Outcome.PASSED, "t/test_a.py", None, "", 1.0
        ),
        "t/test_c.py": Ran("t/test_c.py", Outcome.SKIPPED, "t/test_c.py", reason="no"),
    }
    assert (run.tool, run.deselected, run.uncollected, run.warnings, run.notes) == (
        "pytest 9.0.0, Python 3.13.0",
        ("t/test_a.py::test_d",),
        (Uncollected("t/test_b.py", "NameError: x"),),
        ("t/test_a.py:3: W: x",),
        (f"run more than once, the last outcome counts: {a} (1)",),
    )


def _with(when: str, outcome: str) -> list[list[object]]:
    changed: list[list[object]] = [
        [each, outcome if each == when else how, seconds] for each, how, seconds in PHASES
    ]
    return changed if any(each[0] == when for each in changed) else [*changed, [when, outcome, 0]]


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({}, Outcome.PASSED),
        ({"phases": _with("call", "failed"), "raised": "E"}, Outcome.FAILED),
        ({"phases": _with("setup", "failed")}, Outcome.ERROR),
        ({"phases": _with("teardown", "failed")}, Outcome.ERROR),
        ({"phases": [["setup", "failed", 0.0], ["teardown", "passed", 0.0]]}, Outcome.ERROR),
        ({"phases": _with("subtest", "failed")}, Outcome.FAILED),
        ({"phases": _with("???", "failed")}, Outcome.FAILED),
        ({"phases": [["setup", "skipped", 0.0], ["teardown", "passed", 0.0]]}, Outcome.SKIPPED),
        ({"phases": _with("call", "skipped"), "xfail": "known"}, Outcome.XFAILED),
        ({"xfail": ""}, Outcome.XPASSED),
        ({"phases": [*PHASES, ["call", "failed", 0.0]]}, Outcome.FAILED),
    ],
)
def test_the_phases_of_a_test_make_one_outcome(facts: Record, outcome: Outcome) -> None:
    run = read(_lines(_whole(_test("a.py::t", **facts))), "/tree")

    assert run.tests["a.py::t"].outcome is outcome


GOOD = _whole(_test("a.py::t"), {"record": "deselected", "id": "a.py::u"})


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "the recorder wrote nothing"),
        (_lines(GOOD)[:-1], "line 4 of the records is cut off"),
        (_lines(GOOD[:-1]), "did not come to its end; the last test on record is a.py::t"),
        (_lines(GOOD[:1]), "the run did not come to its end"),
        (_lines([*GOOD[:1], *GOOD[2:]]), "its counts do not add up"),
        (_lines([*GOOD[:2], GOOD[1], *GOOD[2:]]), "its counts do not add up"),
        (_lines(GOOD + GOOD), "the records of more than one run"),
        (_lines([*GOOD, _test("a.py::v")]), "the run did not come to its end"),
        (_lines(GOOD[1:]), "records of an unknown schema"),
        (_lines([{**BEGIN, "schema": "gatekeeper.records/0"}]), "records of gatekeeper.records/0"),
        (_lines(GOOD).replace(b"\n", b"\r\n \n", 1), "line 2 of the records is no JSON"),
        (_lines(GOOD).decode().encode("utf-16"), "the records"),
        (b"[" * 100_000 + b"\n", "line 1 of the records is no JSON"),
        (b"[1]\n", "line 1 of the records is no record"),
        (_lines(_whole(_test("a.py::t", phases=[["call"]]))), "line 2 of the records has no"),
        (_lines(_whole(_test("a.py::t", phases=None))), "a.py::t did not run to its end"),
        (_lines(_whole(_test("a.py::t", line=True))), "line 2 of the records has no usable 'line'"),
        (_lines(_whole({"record": "test"})), "line 2 of the records has no usable"),
        (_lines(_whole(_test("a.py::t"), _test("a.py::t"))), "two tests are called a.py::t"),
        (_lines(_whole(_test("a.py::t"), planned=2)), "2 tests were to run, 1 are recorded"),
        (_lines(_whole(planned=None)), "it is not known which tests were to run"),
        (_lines(_whole(planned="2")), "has no usable 'planned'"),
        (_lines(_whole(collect_only=True)), "only collected"),
        (_lines(_whole(stopped="Exit: x")), "the run was broken off: Exit: x"),
        (_lines(_whole(status=3)), "pytest ended with exit status 3"),
        (_lines(_whole(status=None)), "has no usable 'status'"),
        (
            _lines(_whole({"record": "unfinished", "id": "a.py::t"}, planned=1)),
            "1 tests did not run to their end, the first was a.py::t",
        ),
        (
            _lines(_whole(_test("a.py::t", phases=PHASES[:2]))),
            "a.py::t did not run to its end",
        ),
        (
            _lines(_whole(_test("a.py::t", raised="AssertionError"))),
            "cannot be trusted: a.py::t raised AssertionError and was reported as passed",
        ),
        (
            _lines(_whole(_test("a.py::t", phases=_with("call", "failed")), status=0)),
            "exit status 0, though not every test passed",
        ),
        (
            _lines(_whole({"record": "uncollected", "id": "b.py", "reason": ""}, status=0)),
            "exit status 0, though not every test passed",
        ),
    ],
)
def test_what_is_not_a_whole_run_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(Unusable) as refused:
        read(content, "/tree")

    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("root", "name", "path"),
    [
        ("/tree", "t/test_a.py::test", "t/test_a.py"),
        ("/tree/api", "t/test_a.py::test", "api/t/test_a.py"),
        ("/tree/api", "../t/test_a.py::test", "t/test_a.py"),
        ("/elsewhere", "t/test_a.py::test", ""),
        ("/tree", "../../etc/passwd::test", ""),
    ],
)
def test_paths_are_those_of_the_tree_or_none(root: str, name: str, path: str) -> None:
    records = [{**BEGIN, "root": root}, *_whole(_test(name))[1:]]

    run = read(_lines(records), "/tree")

    assert [path] == [each.path for each in run.tests.values()]


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_file_is_refused_or_says_the_same_of_its_tests(at: int, byte: int) -> None:
    content = bytearray(_lines(_whole(_test("a.py::t", phases=_with("call", "failed")))))
    content[at % len(content)] = byte

    try:
        run = read(bytes(content), "/tree")
    except Unusable:
        return

    assert [Outcome.PASSED] != [each.outcome for each in run.tests.values()]


def test_ten_thousand_tests_are_read(tmp_path: Path) -> None:
    names = [f"t/test_{n % 100}.py::test_{n}" for n in range(10_000)]

    run = read(_lines(_whole(*map(_test, names))), str(tmp_path))

    assert len(run.tests) == 10_000


def test_modules_are_told_by_where_they_are_in_the_tree() -> None:
    files = {"shop": "src/shop/__init__.py", "other": "../elsewhere/other.py", "odd": 1}
    records = _whole(_test("a.py::t"), {"record": "modules", "files": files})

    assert {"shop": "src/shop/__init__.py"} == read(_lines(records), "/tree").modules
