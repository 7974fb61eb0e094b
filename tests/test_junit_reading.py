"""Tests out of JUnit files: the dialects of pytest, vitest and jest, and others."""

from __future__ import annotations

import re

import pytest

from gatekeeper.reading import junit_xml
from gatekeeper.reading.content import MOST
from gatekeeper.reading.tests import Outcome, Ran, TestRun
from gatekeeper.reading.unusable import Unusable
from tests.real_readings import ROOT, content_of

P, F, E, S, X = (
    Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.XFAILED,
)  # fmt: skip

PYTEST = {
    "tests/test_left_out.py": (S, "could not import 'nowhere': No module named 'nowhere'"),
    "tests/test_cart.py::test_total[nothing]": (P, ""),
    "tests/test_cart.py::test_total[one::two [x]]": (P, ""),
    "tests/test_cart.py::test_shown": (P, ""),
    "tests/test_cart.py::TestCart::test_is_empty": (P, ""),
    "tests/test_cart.py::TestCart::TestDiscount::test_discount": (P, ""),
    "tests/test_mixed.py::test_fails": (F, 'AssertionError: a < b & "c" #x1B[31m'),
    "tests/test_mixed.py::test_errors": (E, 'failed on setup with "RuntimeError: no room"'),
    "tests/test_mixed.py::test_teardown": (
        E, 'failed on teardown with "RuntimeError: left behind"',
    ),
    "tests/test_mixed.py::test_fails_twice": (
        E, 'failed on teardown with "RuntimeError: left behind"',
    ),
    "tests/test_mixed.py::test_skipped": (S, "not on Sundays"),
    "tests/test_mixed.py::test_xfails": (X, "known"),
    "tests/test_mixed.py::test_xpasses": (P, ""),
    "tests/test_mixed.py::test_xpasses_strictly": (F, "[XPASS(strict)] strictly"),
    "tests/test_mixed.py::Discounts::test_unit": (P, ""),
    "tests/test_mixed.py::Discounts::test_expected": (X, ""),
}  # fmt: skip

VITEST = {
    "src/cart.test.ts > Cart > has a total": (P, ""),
    "src/cart.test.ts > Cart > with a discount > takes it off": (P, ""),
    'src/cart.test.ts > Cart > with a discount > fails <here> & "there"': (
        F, "expected 2 to be 7 // Object.is equality",
    ),
    "src/cart.test.ts > Cart > is skipped": (S, ""),
    "src/cart.test.ts > Cart > is to be written": (S, ""),
    "src/cart.test.ts > Cart > fails as expected": (P, ""),
    "src/cart.test.ts > shown": (P, ""),
    "src/cart.test.ts > the same name": (P, ""),
    "src/cart.test.ts > the same name (2)": (P, ""),
    "src/cart.test.ts > each 1": (P, ""),
    "src/cart.test.ts > each 2": (P, ""),
    "src/hooks.test.ts > set up > cannot run": (S, ""),
    "src/hooks.test.ts > set up": (F, "no room"),
}  # fmt: skip

JEST = {
    "Cart has a total": (P, ""),
    "Cart with a discount fails <here>": (
        F, "Error: expect(received).toBe(expected) // Object.is equality",
    ),
    "Cart with a discount fails <here> (2)": (P, ""),
    "Cart is skipped": (S, ""),
    "Cart is to be written": (S, "todo"),
    "Cart fails as expected": (P, ""),
    "at the top": (P, ""),
    "set up cannot run": (F, "Error: no room"),
}  # fmt: skip


def read(name: str) -> TestRun:
    return junit_xml.read(content_of(f"junit/{name}.xml"), ROOT)


def outcomes(run: TestRun) -> dict[str, tuple[Outcome, str]]:
    return {each.id: (each.outcome, each.reason) for each in run.tests.values()}


def suites(inside: str, attributes: str = "") -> bytes:
    return f"<testsuites {attributes}>{inside}</testsuites>".encode()


def refusal(content: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        junit_xml.read(content, ROOT)
    return str(refused.value)


@pytest.mark.parametrize("name", ["pytest-9", "pytest-9-xunit1", "pytest-9-xdist"])
def test_pytest_s_tests_are_read_by_their_node_ids(name: str) -> None:
    assert outcomes(read(name)) == PYTEST


def test_an_older_pytest_tells_the_same_tests() -> None:
    assert set(outcomes(read("pytest-7"))) == set(PYTEST)


@pytest.mark.parametrize("name", ["pytest-7", "pytest-9", "pytest-9-xunit1", "pytest-9-xdist"])
def test_a_file_that_pytest_could_not_collect_is_no_test(name: str) -> None:
    [uncollected] = read(name).uncollected

    assert uncollected.path == "tests/test_broken.py"
    assert uncollected.why.startswith("ImportError while importing test module")


def test_the_older_family_of_pytest_tells_the_line() -> None:
    assert read("pytest-9-xunit1").tests["tests/test_cart.py::test_shown"] == Ran(
        "tests/test_cart.py::test_shown", P, "tests/test_cart.py", 12
    )


@pytest.mark.parametrize("name", ["vitest-3", "vitest-4"])
def test_vitest_s_tests_are_read_by_file_suite_and_name(name: str) -> None:
    run = read(name)

    assert outcomes(run) == VITEST
    assert {each.path for each in run.tests.values()} == {"src/cart.test.ts", "src/hooks.test.ts"}
    assert [each.path for each in run.uncollected] == ["src/broken.test.ts", "src/empty.test.ts"]


def test_jest_s_tests_are_read_by_their_names_and_a_todo_is_not_taken_for_a_pass() -> None:
    assert outcomes(read("jest-30")) == JEST


def test_jest_s_tests_are_read_by_file_and_name_where_it_tells_the_file() -> None:
    run = read("jest-30-files")

    files = dict.fromkeys(JEST, "cart.test.js") | {"set up cannot run": "hooks.test.js"}
    assert outcomes(run) == {f"{files[name]} > {name}": said for name, said in JEST.items()}
    assert [(each.path, each.why) for each in run.uncollected] == [
        ("broken.test.js", "Cannot find module './nowhere' from 'broken.test.js'")
    ]


def test_jest_s_files_that_could_not_be_loaded_are_missing_without_an_option_as_a_note_says() -> (
    None
):
    run = read("jest-30")

    assert run.uncollected == ()
    assert "files that could not be loaded" in run.notes[0]


def test_jest_s_todos_that_cannot_be_told_from_tests_without_a_duration_are_refused() -> None:
    content = content_of("junit/jest-30.xml").replace(b'total" time="0.012"', b'total" time="0"')

    said = refusal(re.sub(rb'(has a total" time)="[0-9.]+"', rb'\1="0"', content))

    assert "1 tests of 'Cart' are still to be written" in said


@pytest.mark.parametrize(
    ("name", "tool"), [("pytest-9", "pytest"), ("vitest-4", "vitest"), ("jest-30", "jest")]
)
def test_the_tool_is_told_by_its_names(name: str, tool: str) -> None:
    assert read(name).tool == tool


def test_an_unknown_tool_s_tests_are_read_by_file_suite_class_and_name() -> None:
    run = junit_xml.read(
        suites(
            '<testsuite name="com.shop.CartTest" tests="3">'
            '<testcase name="total" classname="com.shop.CartTest" time="1,001.5"/>'
            '<testcase name="empty" classname="Empty" file="test/cart.x" line="3"/>'
            '<testcase name="off" status="notrun"/></testsuite>'
        ),
        ROOT,
    )

    assert [(each.id, each.path, each.outcome) for each in run.tests.values()] == [
        ("com.shop.CartTest > total", "", P),
        ("test/cart.x > Empty > empty", "test/cart.x", P),
        ("com.shop.CartTest > off", "", S),
    ]


def test_suites_in_suites_are_read_and_may_be_counted_either_way() -> None:
    inner = '<testsuite name="in" tests="1"><testcase name="b"/></testsuite>'
    for count in (1, 2):
        run = junit_xml.read(
            suites(
                f'<testsuite name="out" tests="{count}"><testcase name="a"/>{inner}</testsuite>'
            ),
            ROOT,
        )

        assert list(run.tests) == ["out > a", "in > b"]


@pytest.mark.parametrize(
    ("inside", "outcome"),
    [
        ("<failure/><skipped/>", F),
        ("<skipped/><failure/>", F),
        ("<skipped/><error/>", E),
        ("<system-out>failure</system-out>", P),
        ("<properties><property name='failure'/></properties>", P),
        ("<system-err><failure/></system-err>", F),
    ],
)
def test_of_several_results_the_worst_counts(inside: str, outcome: Outcome) -> None:
    content = suites(f'<testsuite><testcase name="a">{inside}</testcase></testsuite>')

    assert junit_xml.read(content, ROOT).tests["a"].outcome is outcome


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('tests="18"', 'tests="19"', "states tests=19, and holds 18"),
        ('tests="18"', 'tests="16"', "states tests=16, and holds 18"),
        ('failures="3"', 'failures="0"', "states failures=0, and holds 3"),
        ('errors="4"', 'errors="0"', "states errors=0, and holds 4"),
        ('skipped="4"', 'skipped="3"', "states skipped=3, and holds 4"),
        ('failures="3"', 'failures="three"', "is no count but 'three'"),
        ('failures="3"', 'failures="-3"', "is no count but '-3'"),
    ],
)
def test_counts_of_pytest_that_do_not_add_up_are_refused(old: str, new: str, said: str) -> None:
    content = content_of("junit/pytest-9.xml").decode()
    assert old in content

    assert said in refusal(content.replace(old, new).encode())


@pytest.mark.parametrize(
    "name",
    [
        "pytest-7",
        "pytest-9",
        "pytest-9-xunit1",
        "pytest-9-xdist",
        "vitest-3",
        "vitest-4",
    ],
)
def test_no_test_can_be_taken_out_of_a_real_file(name: str) -> None:
    content = content_of(f"junit/{name}.xml").decode()
    cases = [
        match.group()
        for match in re.finditer(r"<testcase [^>]*?(/>|(?<!/)>.*?</testcase>)", content, re.DOTALL)
    ]

    for case in cases:
        assert refusal(content.replace(case, "", 1).encode())


@pytest.mark.parametrize("name", ["pytest-7", "pytest-9", "vitest-3", "vitest-4", "jest-30"])
def test_no_failure_can_be_taken_out_of_a_real_file(name: str) -> None:
    content = content_of(f"junit/{name}.xml").decode()
    failures = re.findall(r"<failure.*?</failure>", content, re.DOTALL)
    assert failures

    for failure in failures:
        assert "do not add up" in refusal(content.replace(failure, "", 1).encode())


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (suites(""), "not one test is in it"),
        (suites('<testsuite name="x" tests="0"/>'), "not one test is in it"),
        (b"<html/>", "it is a file of <html>"),
        (b"<testcase name='a'/>", "it is a file of <testcase>"),
        (suites("<testsuite><testcase/></testsuite>"), "has no name or end"),
        (suites("<testcase name='a'><testcase name='b'/></testcase>"), "has no name or end"),
        (suites("<testcase name='a'><testsuite/></testcase>"), "stands in a test case"),
        (suites("<testcase name='a'><failure><skipped/></failure></testcase>"), "in another"),
        (suites("<testcase name='a' status='odd'/>"), "the status 'odd' of 'a' is not known"),
        (suites("<testcase name='a' file='/etc/passwd'/>"), "not a file in /checkout"),
        (suites("<testcase name='a' file='../x.py'/>"), "not a file in /checkout"),
    ],
)
def test_what_is_no_run_of_tests_is_refused(content: bytes, reason: str) -> None:
    assert reason in refusal(content)


def test_more_tests_than_there_can_be_are_refused() -> None:
    assert f"more than {MOST} suites" in refusal(suites("<testcase name='a'/>" * (MOST + 1)))


def test_paths_are_taken_from_the_folder_that_the_tool_ran_in() -> None:
    run = junit_xml.read(content_of("junit/vitest-4.xml"), ROOT, "packages/web")

    assert "packages/web/src/cart.test.ts > shown" in run.tests
