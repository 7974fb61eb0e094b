"""Coverage is compared by lines: what is under the floor, what fell, and what is out of sight."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Case as _Case
from gatekeeper import Missing, Need, Which
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper_rules.suite._ratio import Ratio
from gatekeeper_rules.suite.coverage_dropped import RULE, Options
from tests.cases import (
    LINK,
    SUBMODULE,
    Files,
    case_of,
    doubts,
    examined,
    findings,
    no_subjects,
    notes,
    places,
    with_readings,
)

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
    return with_readings(case, {BASE: _coverage(base, tools[0]), HEAD: _coverage(head, tools[1])})


def _coverage(files: Data, tool: str) -> Coverage:
    return Coverage(tool, files, any(file.branches for file in files.values()))


def messages(case: Case) -> list[str]:
    return [each.message for each in findings(RULE, case)]


def unchanged(base: FileCoverage, head: FileCoverage, options: Options | None = None) -> Case:
    files = {"src/app.py": RATE}
    return judged(files, files, {"src/app.py": base}, {"src/app.py": head}, options)


# The floor


@pytest.mark.parametrize(
    ("covered", "total", "floor", "reached"),
    [
        pytest.param(180, 201, "90", False, id="89.55 % is not 90 %"),
        pytest.param(8_959, 10_000, "90", False, id="89.59 % is not 90 %"),
        pytest.param(89_999_999, 100_000_000, "90", False, id="89.999999 % is not 90 %"),
        pytest.param(9, 10, "90", True, id="90 % is 90 %"),
        pytest.param(2, 3, "66.66", True, id="66.666... % is more than 66.66 %"),
        pytest.param(2, 3, "66.67", False, id="66.666... % is less than 66.67 %"),
        pytest.param(0, 10, "0", True, id="0 % is 0 %"),
        pytest.param(10, 10, "100", True, id="all is 100 %"),
        pytest.param(9_999_999, 10_000_000, "100", False, id="all but one is not 100 %"),
        pytest.param(1, 3, "33.33333333333333333333333333333333334", False, id="many decimals"),
    ],
)
def test_a_floor_is_compared_exactly(covered: int, total: int, floor: str, reached: bool) -> None:
    assert reached == Ratio(covered, total).reaches(Decimal(floor))


@given(st.integers(1, 10**9), st.data())
def test_a_share_is_never_shown_as_more_than_it_is(total: int, data: st.DataObject) -> None:
    covered = data.draw(st.integers(0, total))

    shown = Ratio(covered, total).percent

    told = Fraction(shown.removesuffix(" %"))
    assert told <= Fraction(100 * covered, total) < told + Fraction(1, 100)


@given(st.integers(1, 10**6), st.data(), st.decimals(0, 100, places=3))
def test_what_is_short_of_a_floor_is_just_enough(
    total: int, data: st.DataObject, floor: Decimal
) -> None:
    covered = data.draw(st.integers(0, total))

    short = Ratio(covered, total).short_of(floor)

    enough = Ratio(covered + short, total).reaches(floor)
    too_few = short == 0 or not Ratio(covered + short - 1, total).reaches(floor)
    assert (True, True) == (enough, too_few)


def test_a_floor_that_is_missed_says_by_how_much_and_where() -> None:
    lines = "x = 1\n" * 150
    files = {"src/a.py": lines, "src/b.py": lines[: 51 * 6]}
    data = {"src/a.py": ran("1-132", "133-150"), "src/b.py": ran("1-48", "49-51")}
    case = judged(files, files, data, data, Options(Decimal(90)))

    (finding,) = findings(RULE, case)

    assert (
        "The line coverage is 180 of 201 (89.55 %), under the floor of 90 %.",
        "src/a.py",
        "Cover 1 more line; this file has the most to cover.",
    ) == (finding.message, finding.path, finding.fix)


def test_a_floor_is_judged_even_where_the_base_was_not_measured() -> None:
    case = case_of({"src/app.py": RATE}, {"src/app.py": RATE}, Options(Decimal(90)))
    head = _coverage({"src/app.py": ran("1-2 4", "3")}, "coverage.py")
    case = with_readings(case, {BASE: Missing("its set-up failed"), HEAD: head})

    assert (
        ("head src/app.py",),
        ("the reading coverage of the base is missing: its set-up failed",),
    ) == (places(RULE, case), doubts(RULE, case))


def test_a_floor_for_branches_is_of_branches() -> None:
    data = ran("1-2 4", "3", L2=(1, 2))

    case = unchanged(data, data, Options(branches=Decimal("50.01")))

    assert ["The branch coverage is 1 of 2 (50.00 %), under the floor of 50.01 %."] == messages(
        case
    )


def test_branches_that_were_not_measured_reach_no_floor() -> None:
    case = unchanged(ran("1-4"), ran("1-4"), Options(branches=Decimal(0)))

    assert ("the contract asks for branches, and branches were not measured",) == doubts(RULE, case)


def test_code_without_branches_is_said_to_have_none() -> None:
    files = {"src/app.py": RATE}
    data = Coverage("coverage.py", {"src/app.py": ran("1-4")}, branches=True)
    case = case_of(files, files, Options(branches=Decimal(90)))
    case = with_readings(case, {BASE: data, HEAD: data})

    assert (
        (),
        ("branches were measured, and no line has more than one way on",),
    ) == (doubts(RULE, case), no_subjects(RULE, case))


# No decrease


def test_what_was_looked_at_is_counted() -> None:
    case = unchanged(ran("1-2 4", "3"), ran("1-2 4", "3"))

    assert {"measured files": 1, "lines of code": 4} == examined(RULE, case)


def test_a_change_that_loses_nothing_is_kept() -> None:
    case = unchanged(ran("1-2 4", "3"), ran("1-4"))

    assert ((), (), ()) == (findings(RULE, case), doubts(RULE, case), notes(RULE, case))


def test_lines_that_are_new_and_missed_are_told_apart_from_lost_ones() -> None:
    after = RATE.replace("    return 19\n", "    age = 0\n    return 19\n")
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": after},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-2", "3-5")},
    )

    (finding,) = findings(RULE, case)

    assert (
        "`rate` has 1 line new and missed (4), and 2 lines that lost coverage (3, 5).",
        "rate",
        3,
        "new: age = 0\nlost: return 7\nlost: return 19",
    ) == (finding.message, finding.symbol, finding.line, finding.quoted)


def test_each_function_is_one_finding_and_nested_ones_have_their_full_name() -> None:
    after = (
        "class Till:\n"
        "    def open(self):\n"
        "        def count():\n"
        "            return 1\n"
        "\n"
        "        # nothing here\n"
        "        return count\n"
        "\n"
        "    @property\n"
        "    def total(self):\n"
        "        return 0\n"
        "\n"
        "\n"
        "if Till is None:\n"
        "    raise SystemExit\n"
    )
    case = judged(
        {"src/app.py": "A = 1\n"},
        {"src/app.py": after},
        {"src/app.py": ran("1")},
        {"src/app.py": ran("1-2 9-10 14", "3-4 7 11 15")},
    )

    assert [
        "`Till.open.count` has 2 lines new and missed (3-4).",
        "`Till.open` has 1 line new and missed (7).",
        "`Till.total` has 1 line new and missed (11).",
        "The file has 1 line new and missed (15).",
    ] == messages(case)


def test_lines_that_moved_down_are_the_lines_they_were() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": "import sys\n\n\n" + RATE},
        {"src/app.py": ran("1-2", "3-4")},
        {"src/app.py": ran("1 4", "5-7")},
    )

    assert ["`rate` has 1 line that lost coverage (5)."] == messages(case)


def test_a_share_that_fell_with_covered_code_is_explained() -> None:
    case = judged(
        {"src/app.py": RATE + REFUND},
        {"src/app.py": RATE},
        {"src/app.py": ran("1-2 4 7-10", "3")},
        {"src/app.py": ran("1-2 4", "3")},
    )

    assert ((), ("line coverage was 7 of 8 (87.50 %) and is 3 of 4 (75.00 %)",)) == (
        findings(RULE, case),
        tuple(note.partition(";")[0] for note in notes(RULE, case)),
    )


def test_a_share_that_did_not_fall_is_kept_and_what_it_hides_is_noted() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": RATE + REFUND},
        {"src/app.py": ran("1-2", "3-4")},
        {"src/app.py": ran("1 7-9", "2-4 10")},
    )

    assert (
        (),
        (
            "line coverage did not fall (2 of 4 (50.00 %), now 4 of 8 (50.00 %)), though there "
            "are: 1 line new and missed (src/app.py); 1 line that lost coverage (src/app.py)"
        ),
    ) == (findings(RULE, case), *notes(RULE, case))


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(Options(Decimal(90)), id="the floor is reached"),
        pytest.param(Options(), id="the share did not fall"),
    ],
)
def test_four_hundred_constants_are_noted(options: Options) -> None:
    constants = "".join(f"C{number} = {number}\n" for number in range(400))
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": RATE, "src/data.py": constants},
        {"src/app.py": ran("1-2 4", "3")},
        {"src/app.py": ran("1-2", "3-4"), "src/data.py": ran("1-400")},
        options,
    )

    assert (
        (),
        (
            "without the 400 added lines that only set constants, line coverage would be "
            "2 of 4 (50.00 %), and the answer another one"
        ),
    ) == (findings(RULE, case), notes(RULE, case)[-1])


def test_an_exclusion_that_is_taken_away_makes_no_line_new() -> None:
    hidden = RATE.replace("65:", "65:  # pragma: no cover")
    case = judged(
        {"src/app.py": hidden},
        {"src/app.py": RATE},
        {"src/app.py": ran("1 4", excluded="2-3")},
        {"src/app.py": ran("1-2 4", "3")},
    )

    assert () == findings(RULE, case)


def test_more_files_measured_make_no_line_new() -> None:
    files = {"src/app.py": RATE, "src/old.py": RATE}
    case = judged(
        files,
        {**files, "src/old.py": "import sys\n" + RATE},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-4"), "src/old.py": ran("1-2", "3-5")},
    )

    assert () == findings(RULE, case)


def test_what_is_new_in_a_file_that_was_not_measured_is_new() -> None:
    case = judged(
        {"src/app.py": RATE, "src/old.py": RATE},
        {"src/app.py": RATE, "src/old.py": RATE + REFUND},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-4"), "src/old.py": ran("1 7", "2-4 8-10")},
    )

    assert ["`refund` has 3 lines new and missed (8-10)."] == messages(case)


def test_a_waiver_for_some_missed_lines_lets_no_others_pass() -> None:
    few, more = (
        findings(RULE, unchanged(ran("1-4"), head))[0]
        for head in (ran("1 4", "2-3"), ran("1", "2-4"))
    )

    assert few.quoted != more.quoted


def test_what_identifies_a_finding_is_short_however_many_lines_it_has() -> None:
    body = "".join(f"    a_long_name_{number} = call({number})\n" for number in range(5000))
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": f"{RATE}\n\ndef long():\n{body}"},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-4 7", "8-5007")},
    )

    (finding,) = findings(RULE, case)

    assert len(finding.quoted) < 1100


# Branches


def test_a_new_line_whose_branch_is_not_taken_is_found_where_branches_are_asked() -> None:
    after = RATE + REFUND
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": after},
        {"src/app.py": ran("1-4", L2=(2, 2))},
        {"src/app.py": ran("1-4 7-10", L2=(2, 2), L8=(1, 2))},
        Options(branches=Decimal(50)),
    )

    assert ["`refund` has 1 line new, with a branch that is not taken (8)."] == messages(case)


def test_branches_may_fall_where_nobody_asked_for_them() -> None:
    case = unchanged(ran("1-4", L2=(2, 2)), ran("1-4", L2=(1, 2)), Options(Decimal(90)))

    assert () == findings(RULE, case)


def test_branches_that_fell_with_covered_code_are_kept() -> None:
    case = judged(
        {"src/app.py": RATE + REFUND},
        {"src/app.py": RATE},
        {"src/app.py": ran("1-4 7-10", L2=(1, 2), L8=(2, 2))},
        {"src/app.py": ran("1-4", L2=(1, 2))},
        Options(branches=Decimal(50)),
    )

    assert () == findings(RULE, case)


# What is measured


def test_a_file_that_left_the_measurement_is_found_whatever_the_share() -> None:
    files = {"src/app.py": RATE, "src/refund.py": REFUND}
    case = judged(
        files,
        files,
        {"src/app.py": ran("1-4"), "src/refund.py": ran("3", "4-6")},
        {"src/app.py": ran("1-4")},
    )

    assert ["src/refund.py was measured at the base, and is not any more."] == messages(case)


@pytest.mark.parametrize(
    "left",
    [
        pytest.param("", id="nothing"),
        pytest.param("# All of it is in app.py.\n", id="a comment"),
        pytest.param('"""All of it is in app.py."""\n', id="a docstring"),
    ],
)
def test_a_file_with_nothing_left_to_measure_may_leave(left: str) -> None:
    case = judged(
        {"src/app.py": RATE, "src/refund.py": REFUND},
        {"src/app.py": RATE, "src/refund.py": left},
        {"src/app.py": ran("1-4"), "src/refund.py": ran("3-6")},
        {"src/app.py": ran("1-4")},
    )

    assert () == findings(RULE, case)


@pytest.mark.parametrize("mode", [LINK, SUBMODULE])
def test_a_measured_file_that_became_something_else_has_left(mode: str) -> None:
    case = judged(
        {"src/app.py": RATE, "src/refund.py": REFUND},
        {"src/app.py": RATE, "src/refund.py": "../other.py"},
        {"src/app.py": ran("1-4"), "src/refund.py": ran("3-6")},
        {"src/app.py": ran("1-4")},
        after_modes={"src/refund.py": mode},
    )

    assert ("head src/refund.py",) == places(RULE, case)


def test_a_measured_file_that_is_gone_has_not_left() -> None:
    case = judged(
        {"src/app.py": RATE, "src/refund.py": REFUND},
        {"src/app.py": RATE},
        {"src/app.py": ran("1-4"), "src/refund.py": ran("3-6")},
        {"src/app.py": ran("1-4")},
    )

    assert () == findings(RULE, case)


NEIGHBOURS = [
    pytest.param("src/refund.py", (), "head src/refund.py", id="beside a measured file"),
    pytest.param("src/deep/down/refund.py", (), "head src/deep/down/refund.py", id="below one"),
    pytest.param("src/refund.pyw", (), "head src/refund.pyw", id="of another suffix for Python"),
    pytest.param("src/refund.sql", (), "", id="in a language that is not measured"),
    pytest.param("src/refund.pyi", (), "", id="of types alone"),
    pytest.param("scripts/refund.py", (), "", id="in a folder of its own at the top"),
    pytest.param("noxfile.py", (), "", id="at the top, where nothing is measured"),
    pytest.param("src/tools/x.py", ("src/tools/y.py",), "", id="beside one that is not measured"),
    pytest.param("src/test_refund.py", (), "", id="a test where no test is measured"),
    pytest.param("tests/refund.py", ("tests/test_app.py",), "", id="with tests not measured"),
]


@pytest.mark.parametrize(("path", "others", "found"), NEIGHBOURS)
def test_a_new_file_should_be_measured_as_its_neighbours_are(
    path: str, others: tuple[str, ...], found: str
) -> None:
    before = {"src/app.py": RATE, **dict.fromkeys(others, RATE)}
    data = {"src/app.py": ran("1-4")}

    case = judged(before, {**before, path: REFUND}, data, data)

    assert tuple(filter(None, [found])) == places(RULE, case)


@pytest.mark.parametrize("path", ["src/types.test.ts", "src/app.spec.tsx", "tests/a.ts"])
def test_a_new_test_in_typescript_need_not_be_measured(path: str) -> None:
    before = {"src/app.ts": "export const a = 1;\n"}
    data = {"src/app.ts": ran("1")}

    case = judged(before, {**before, path: "export const b = 1;\n"}, data, data)

    assert () == findings(RULE, case)


@pytest.mark.parametrize("path", ["src/b.tsx", "src/b.mjs", "src/b.js"])
def test_a_new_source_of_the_typescript_family_should_be_measured(path: str) -> None:
    before = {"src/app.ts": "export const a = 1;\n"}
    data = {"src/app.ts": ran("1")}

    case = judged(before, {**before, path: "export const b = 1;\n"}, data, data)

    assert (f"head {path}",) == places(RULE, case)


def test_a_new_test_should_be_measured_where_tests_are() -> None:
    before = {"src/app.py": RATE, "tests/test_app.py": RATE}
    data = {path: ran("1-4") for path in before}

    case = judged(before, {**before, "tests/test_new.py": REFUND}, data, data)

    assert ("head tests/test_new.py",) == places(RULE, case)


@pytest.mark.parametrize(
    ("imported", "path"),
    [
        pytest.param("from scripts.refund import refund", "scripts/refund.py", id="from a script"),
        pytest.param("import scripts.refund", "scripts/refund.py", id="as a module"),
        pytest.param("from . import test_refund", "src/test_refund.py", id="named like a test"),
        pytest.param(
            "R = importlib.import_module('scripts.refund')", "scripts/refund.py", id="by a string"
        ),
    ],
)
def test_new_code_that_measured_code_imports_should_be_measured(imported: str, path: str) -> None:
    before = {"src/app.py": RATE}
    case = judged(
        before,
        {"src/app.py": f"{imported}\n{RATE}", path: REFUND},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-5")},
    )

    assert [
        (
            f"{path} is new, and nothing of it is measured, though src/app.py, which is measured, "
            "imports it."
        ),
    ] == messages(case)


def test_new_code_is_followed_through_other_new_code_that_is_not_measured() -> None:
    case = judged(
        {"src/app.py": RATE},
        {
            "src/app.py": f"import tools.a\n{RATE}",
            "tools/a.py": "import tools.b\n",
            "tools/b.py": RATE,
        },
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("1-5")},
    )

    assert ("head tools/a.py", "head tools/b.py") == places(RULE, case)


def test_what_only_tests_import_need_not_be_measured() -> None:
    before = {"src/app.py": RATE, "tests/test_app.py": RATE}
    data = {path: ran("1-4") for path in before}
    case = judged(
        before,
        {**before, "tests/test_app.py": f"import scripts.x\n{RATE}", "scripts/x.py": RATE},
        data,
        {**data, "tests/test_app.py": ran("1-5")},
    )

    assert () == findings(RULE, case)


def test_a_new_python_file_with_code_and_no_line_in_the_data_is_not_measured() -> None:
    before = {"src/app.py": RATE}
    data = {"src/app.py": ran("1-4")}

    case = judged(before, {**before, "src/x.py": REFUND}, data, {**data, "src/x.py": ran()})

    assert ("head src/x.py",) == places(RULE, case)


def test_a_new_empty_package_is_measured_enough() -> None:
    before = {"src/app.py": RATE}
    data = {"src/app.py": ran("1-4")}
    after = {**before, "src/p/__init__.py": "", "src/q/__init__.py": '"""A package."""\n'}

    case = judged(before, after, data, {**data, "src/p/__init__.py": ran()})

    assert () == findings(RULE, case)


# Moves


def test_a_moved_file_is_followed_into_its_lines() -> None:
    case = judged(
        {"src/app.py": RATE + REFUND},
        {"lib/app.py": "import sys\n\n" + RATE + REFUND},
        {"src/app.py": ran("1-4 7-10")},
        {"lib/app.py": ran("1 3-4 6 9-12", "5")},
    )

    assert ["`rate` has 1 line that lost coverage (5)."] == messages(case)


def test_a_moved_file_that_is_not_measured_any_more_is_found() -> None:
    case = judged(
        {"src/app.py": RATE, "src/refund.py": REFUND},
        {"src/app.py": RATE, "scripts/refund.py": REFUND},
        {"src/app.py": ran("1-4"), "src/refund.py": ran("3", "4-6")},
        {"src/app.py": ran("1-4")},
    )

    assert [
        "scripts/refund.py was measured at the base as src/refund.py, and is not any more."
    ] == messages(case)


def test_a_file_that_left_a_stub_behind_is_followed() -> None:
    case = judged(
        {"src/app.py": RATE, "src/old.py": RATE.replace("rate", "old")},
        {"src/app.py": "from src.rates import rate\n", "src/rates.py": RATE},
        {"src/app.py": ran("1-2", "3-4"), "src/old.py": ran("1-4")},
        {"src/app.py": ran("1"), "src/rates.py": ran("1-2", "3-4")},
    )

    assert ((), ()) == (findings(RULE, case), doubts(RULE, case))


def test_a_copy_of_missed_code_is_new() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/a.py": RATE, "src/b.py": RATE},
        {"src/app.py": ran("1-2 4", "3")},
        {"src/a.py": ran("1-2 4", "3"), "src/b.py": ran("1", "2-4")},
    )

    assert ["`rate` has 3 lines new and missed (2-4)."] == messages(case)


def test_a_copy_beside_what_stayed_is_new() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": RATE + "\n", "src/b.py": RATE},
        {"src/app.py": ran("1-2 4", "3")},
        {"src/app.py": ran("1-2 4", "3"), "src/b.py": ran("1", "2-4")},
    )

    assert ("head src/b.py:2",) == places(RULE, case)


# Exclusions


def test_an_exclusion_under_a_share_that_rose_is_found() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": RATE.replace("65:", "65:  # pragma: no cover")},
        {"src/app.py": ran("1-2 4", "3")},
        {"src/app.py": ran("1 4", excluded="2-3")},
    )

    assert ["`rate` has 2 lines newly excluded (2-3)."] == messages(case)


def test_one_exclusion_does_not_pay_for_another() -> None:
    case = judged(
        {"src/app.py": RATE.replace("65:", "65:  # pragma: no cover") + REFUND},
        {"src/app.py": RATE + REFUND.replace("paid:", "paid:  # pragma: no cover")},
        {"src/app.py": ran("1 4 7-10", excluded="2-3")},
        {"src/app.py": ran("1-4 7 10", excluded="8-9")},
    )

    assert ["`refund` has 2 lines newly excluded (8-9)."] == messages(case)


def test_new_code_in_an_excluded_function_is_found() -> None:
    before = RATE.replace("age):", "age):  # pragma: no cover")
    case = judged(
        {"src/app.py": before, "src/b.py": RATE},
        {"src/app.py": before.replace("return 7", "age = 8\n        return 7"), "src/b.py": RATE},
        {"src/app.py": ran(excluded="1-4"), "src/b.py": ran("1-4")},
        {"src/app.py": ran(excluded="1-5"), "src/b.py": ran("1-4")},
    )

    assert ["`rate` has 1 line newly excluded (3)."] == messages(case)


def test_an_excluded_function_that_was_moved_is_no_new_exclusion() -> None:
    hidden = RATE.replace("age):", "age):  # pragma: no cover")
    case = judged(
        {"src/app.py": hidden + REFUND, "src/b.py": "B = 1\n"},
        {"src/app.py": REFUND, "src/b.py": "B = 1\n\n\n" + hidden},
        {"src/app.py": ran("7-10", excluded="1-4"), "src/b.py": ran("1")},
        {"src/app.py": ran("3-6"), "src/b.py": ran("1", excluded="4-7")},
    )

    assert () == findings(RULE, case)


def test_an_excluded_function_that_was_copied_is_a_new_exclusion() -> None:
    hidden = RATE.replace("age):", "age):  # pragma: no cover")
    case = judged(
        {"src/app.py": hidden + REFUND, "src/b.py": "B = 1\n"},
        {"src/app.py": REFUND, "src/b.py": "B = 1\n\n\n" + hidden + "\n\n" + hidden},
        {"src/app.py": ran("7-10", excluded="1-4"), "src/b.py": ran("1")},
        {"src/app.py": ran("3-6"), "src/b.py": ran("1", excluded="4-7 10-13")},
    )

    assert ["`rate` has 4 lines newly excluded (10-13)."] == messages(case)


def test_an_excluded_function_that_moved_with_its_file_pays_for_no_copy() -> None:
    hidden = RATE.replace("age):", "age):  # pragma: no cover")
    case = judged(
        {"src/app.py": hidden + REFUND, "src/b.py": "B = 1\n"},
        {"lib/app.py": hidden + REFUND, "src/b.py": "B = 1\n\n\n" + hidden},
        {"src/app.py": ran("7-10", excluded="1-4"), "src/b.py": ran("1")},
        {"lib/app.py": ran("7-10", excluded="1-4"), "src/b.py": ran("1", excluded="4-7")},
    )

    assert ("head src/b.py:4",) == places(RULE, case)


def test_an_excluded_function_that_left_a_deleted_file_is_no_new_exclusion() -> None:
    hidden = RATE.replace("age):", "age):  # pragma: no cover")
    case = judged(
        {"src/app.py": hidden, "src/b.py": "B = 1\n"},
        {"src/b.py": "B = 1\n\n\n" + hidden},
        {"src/app.py": ran(excluded="1-4"), "src/b.py": ran("1")},
        {"src/b.py": ran("1", excluded="4-7")},
    )

    assert () == findings(RULE, case)


@pytest.mark.parametrize("path", ["src/app.ts", "src/app.py"])
def test_an_exclusion_is_found_in_what_cannot_be_parsed_here(path: str) -> None:
    case = judged(
        {path: "a();\n"},
        {path: "a();\nb() {\n"},
        {path: ran("1")},
        {path: ran("1", excluded="2")},
    )

    assert (f"head {path}:2",) == places(RULE, case)


def test_a_new_file_that_cannot_be_parsed_here_should_be_measured() -> None:
    before = {"src/app.py": RATE}
    data = {"src/app.py": ran("1-4")}

    case = judged(before, {**before, "src/new.py": "match x: {\n"}, data, data)

    assert ("head src/new.py",) == places(RULE, case)


def test_a_measured_file_that_cannot_be_parsed_here_imports_nothing_that_is_known() -> None:
    before = {"src/app.py": RATE}
    after = {"src/app.py": "import scripts.a\n{\n", "scripts/a.py": REFUND}

    case = judged(before, after, {"src/app.py": ran("1-4")}, {"src/app.py": ran("1")})

    assert () == findings(RULE, case)


CONSTANTS = [
    pytest.param("A = B = 'x'", True, id="a text for two names"),
    pytest.param("A: int = -1", True, id="an annotated number"),
    pytest.param("A = {'a': (1, [2, {3}])}", True, id="containers"),
    pytest.param("A = {**B}", False, id="a name in a container"),
    pytest.param("A = b()", False, id="a call"),
    pytest.param("A.b = 1", False, id="an attribute"),
    pytest.param("A: int", False, id="no value"),
    pytest.param("A += 1", False, id="a sum"),
]


@pytest.mark.parametrize(("statement", "constant"), CONSTANTS)
def test_what_sets_names_to_constants_is_known(statement: str, constant: bool) -> None:
    facts = PYTHON_LINES.read(f"import x\n{statement}\n".encode(), "a.py")

    assert (frozenset({2}) if constant else frozenset()) == facts.constants


def test_constants_in_what_cannot_be_parsed_here_are_not_noted() -> None:
    case = judged(
        {"src/app.py": RATE},
        {"src/app.py": RATE, "src/data.py": "A = 1\n{\n"},
        {"src/app.py": ran("1-2", "3-4")},
        {"src/app.py": ran("1", "2-4"), "src/data.py": ran("1-2")},
    )

    assert 1 == len(notes(RULE, case))


def test_many_branches_that_are_missing_are_counted() -> None:
    data = ran("1-4", L2=(1, 4))

    (finding,) = findings(RULE, unchanged(data, data, Options(branches=Decimal(75))))

    assert "Cover 2 more branches; this file has the most to cover." == finding.fix


IDLE = [
    pytest.param("def f(self) -> int: ...", True, id="a stub"),
    pytest.param("def f(self):\n    '''Says.'''", True, id="a docstring alone"),
    pytest.param("@overload\nasync def f(self) -> int: ...", True, id="an overload"),
    pytest.param("class E(Exception): ...", True, id="an empty class"),
    pytest.param("class P(Protocol):\n    def f(self): ...", True, id="a protocol"),
    pytest.param("def f(self):\n    raise NotImplementedError", True, id="to be written"),
    pytest.param("def f(self):\n    raise NotImplementedError('x')", True, id="with a word"),
    pytest.param("if TYPE_CHECKING:\n    import os", True, id="imports for types"),
    pytest.param("if t.TYPE_CHECKING:\n    from os import x", True, id="imports for types, dotted"),
    pytest.param("def f(self):\n    launch()", False, id="a call"),
    pytest.param("def f(self, x=launch()): ...", False, id="a call as a default"),
    pytest.param("@launch()\ndef f(self): ...", False, id="a call as a decorator"),
    pytest.param("def f(self) -> launch(): ...", False, id="a call as an annotation"),
    pytest.param("class C(launch()): ...", False, id="a call as a base"),
    pytest.param("class C(A, m=launch()): ...", False, id="a call as a metaclass"),
    pytest.param("if TYPE_CHECKING:\n    launch()", False, id="a call for types"),
    pytest.param("if TYPE_CHECKING:\n    import os\nelse:\n    launch()", False, id="an else"),
    pytest.param("raise NotImplementedError(launch())", False, id="a call that is raised"),
    pytest.param("if DEBUG:\n    import os", False, id="another condition"),
    pytest.param("if DEBUG: ...", False, id="a condition of its own"),
    pytest.param("try: ...\nexcept launch(): ...", False, id="a call as an exception"),
    pytest.param("match A:\n    case 1 if launch(): ...", False, id="a call as a guard"),
    pytest.param("def f(): ...; launch()", False, id="a call on the same line"),
]


@pytest.mark.parametrize(("code", "idle"), IDLE)
def test_only_excluded_lines_that_can_do_something_hide_anything(code: str, idle: bool) -> None:
    count = code.count("\n") + 1
    case = judged(
        {"src/app.py": "A = 1\n"},
        {"src/app.py": f"A = 1\n{code}\n"},
        {"src/app.py": ran("1")},
        {"src/app.py": ran("1", excluded=f"2-{1 + count}")},
    )

    assert idle == (findings(RULE, case) == ())


def test_blank_lines_and_comments_that_are_excluded_hide_nothing() -> None:
    case = judged(
        {"src/app.py": "A = 1\n"},
        {"src/app.py": "A = 1\n\n# So.\ndef f(): ...\n"},
        {"src/app.py": ran("1")},
        {"src/app.py": ran("1", excluded="2-4")},
    )

    assert () == findings(RULE, case)


def test_a_line_that_is_measured_no_more_is_found_where_the_format_knows_no_exclusions() -> None:
    before = "export const rate = (age) => {\n  if (age > 65) {\n    return 7;\n  }\n};\n"
    case = judged(
        {"src/app.ts": before},
        {"src/app.ts": before.replace("  if", "  /* v8 ignore next 3 */\n  if")},
        {"src/app.ts": ran("1-2", "3")},
        {"src/app.ts": ran("1")},
        tools=("LCOV", "LCOV"),
    )

    assert ["The file has 2 lines not measured any more (3-4)."] == messages(case)


def test_runs_of_lines_are_found_apart_outside_of_python() -> None:
    before = "".join(f"call({number});\n" for number in range(9))
    case = judged(
        {"src/app.ts": before},
        {"src/app.ts": before},
        {"src/app.ts": ran("1-3 5-9")},
        {"src/app.ts": ran("1 6-7", "2-3 5 8-9")},
    )

    assert ("head src/app.ts:2", "head src/app.ts:8") == places(RULE, case)


def test_python_that_cannot_be_parsed_here_is_told_by_runs_of_lines() -> None:
    odd = "def f(:\n    one()\n    two()\n"
    case = judged(
        {"src/app.py": odd},
        {"src/app.py": odd},
        {"src/app.py": ran("1-3")},
        {"src/app.py": ran("1", "2-3")},
    )

    assert ["The file has 2 lines that lost coverage (2-3)."] == messages(case)


# Data that proves nothing


def test_nothing_measured_is_neither_nothing_nor_all() -> None:
    case = unchanged(ran("1-4"), ran(), Options(Decimal(0)))

    assert (
        (),
        ("nothing was measured of the head: the coverage data holds no line",),
    ) == (findings(RULE, case), doubts(RULE, case))


OTHER_COMMITS = [
    pytest.param({"src/gone.py": ran("1")}, "src/gone.py", "there is no such file", id="no file"),
    pytest.param({"src/link.py": ran("1")}, "src/link.py", "there is no such file", id="a link"),
    pytest.param({"src/app.py": ran("1-6")}, "src/app.py:6", "no code in this line", id="the end"),
    pytest.param(
        {"src/app.py": ran("1 5")}, "src/app.py:5", "no code in this line", id="a comment"
    ),
    pytest.param({"src/app.py": ran("1", "4-5")}, "src/app.py:5", "no code in this", id="missed"),
    pytest.param({"src/app.py": ran("1", excluded="9")}, "src/app.py:9", "no code", id="excluded"),
    pytest.param({"src/app.py": ran("1", L7=(1, 2))}, "src/app.py:7", "no code", id="a branch"),
    pytest.param({"src/app.py": ran("1-2", "2")}, "src/app.py", "both that it ran", id="at odds"),
]


@pytest.mark.parametrize(("data", "place", "why"), OTHER_COMMITS)
@pytest.mark.parametrize("side", [BASE, HEAD])
def test_data_that_does_not_fit_the_tree_proves_nothing(
    data: Data, place: str, why: str, side: Need
) -> None:
    files = {"src/app.py": RATE + "# the end\n", "src/link.py": "app.py"}
    modes = {"src/link.py": LINK}
    case = case_of(files, files, Options(), before_modes=modes, after_modes=modes)
    fine = _coverage({"src/app.py": ran("1-4")}, "x")
    case = with_readings(case, {BASE: fine, HEAD: fine, side: _coverage(data, "x")})

    doubt = doubts(RULE, case)[0]

    assert (True, True) == (doubt.startswith(f"{place}: "), why in doubt)


def test_many_files_that_do_not_fit_are_summed_up() -> None:
    data = {"src/app.py": ran("1-4"), **{f"src/{number}.py": ran("1") for number in range(9)}}
    case = judged({"src/app.py": RATE}, {"src/app.py": RATE}, {"src/app.py": ran("1-4")}, data)

    assert (4, "6 more files in the coverage data of the head do not fit the tree") == (
        len(doubts(RULE, case)),
        doubts(RULE, case)[-1],
    )


def test_what_two_tools_measured_is_not_compared() -> None:
    files = {"src/app.py": RATE}
    data = {"src/app.py": ran("1-4")}

    case = judged(files, files, data, data, tools=("coverage.py 7.10", "coverage.py 7.11"))

    assert (
        (
            "the base was measured by coverage.py 7.10 and the head by coverage.py 7.11: "
            "measure both alike"
        ),
    ) == doubts(RULE, case)


def test_branches_measured_of_one_side_alone_are_not_compared() -> None:
    case = unchanged(ran("1-4"), ran("1-4", L2=(2, 2)))

    assert ("branches were measured of the head and not of the base",) == doubts(RULE, case)


@pytest.mark.parametrize(
    ("path", "after"),
    [
        pytest.param("src/app.py", "A = 1\rB = 2\n", id="carriage returns in Python"),
        pytest.param("src/app.ts", "a();\rb();\n", id="carriage returns in TypeScript"),
        pytest.param("src/app.ts", "a();\u2028b();\n", id="U+2028 in TypeScript"),
    ],
)
def test_lines_that_git_counts_in_another_way_are_not_followed(path: str, after: str) -> None:
    case = judged({path: "a()\n"}, {path: after}, {path: ran("1")}, {path: ran("1-2")})

    (doubt,) = doubts(RULE, case)

    assert doubt.startswith(f"{path}: it ends lines in a way that git does not count")


def test_windows_line_ends_are_ordinary() -> None:
    text = RATE.replace("\n", "\r\n")
    case = judged(
        {"src/app.py": text},
        {"src/app.py": f"\r\n{text}"},
        {"src/app.py": ran("1-4")},
        {"src/app.py": ran("2-3 5", "4")},
    )

    assert ["`rate` has 1 line that lost coverage (4)."] == messages(case)


def test_more_findings_than_are_told_leave_a_doubt() -> None:
    text = "".join(f"def f{number}():\n    return {number}\n" for number in range(1100))
    covered = " ".join(str(line) for line in range(1, 2201))
    defined = " ".join(str(line) for line in range(1, 2201, 2))
    returned = " ".join(str(line) for line in range(2, 2201, 2))
    case = judged(
        {"a.py": text}, {"a.py": text}, {"a.py": ran(covered)}, {"a.py": ran(defined, returned)}
    )

    assert (1000, ("there are more findings than the 1,000 that are told",)) == (
        len(findings(RULE, case)),
        doubts(RULE, case),
    )


# Properties

_STATEMENTS = st.lists(st.sampled_from(["a()", "b()", "c = 1", "# d", ""]), min_size=1, max_size=12)


@given(_STATEMENTS, _STATEMENTS, st.data())
def test_a_head_that_is_all_covered_has_no_missed_line(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    before, after = "x()\n" + "\n".join(old) + "\n", "x()\n" + "\n".join(new) + "\n"
    codes = [_code(text) for text in (before, after)]
    missed = data.draw(st.sets(st.sampled_from(sorted(codes[0]))))
    base = FileCoverage(codes[0] - missed, frozenset(missed))
    case = judged(
        {"a.py": before},
        {"a.py": after},
        {"a.py": base},
        {"a.py": FileCoverage(codes[1], frozenset())},
    )

    assert ((), ()) == (findings(RULE, case), doubts(RULE, case))


@given(_STATEMENTS, st.data())
def test_every_line_that_lost_its_coverage_is_told(old: list[str], data: st.DataObject) -> None:
    text = "x()\n" + "\n".join(old) + "\n"
    code = _code(text)
    missed = frozenset(data.draw(st.sets(st.sampled_from(sorted(code)), min_size=1)))
    shift = data.draw(st.integers(0, 3))
    moved = FileCoverage(
        frozenset(line + shift for line in code - missed),
        frozenset(line + shift for line in missed),
    )
    case = judged(
        {"a.py": text},
        {"a.py": "# more\n" * shift + text},
        {"a.py": FileCoverage(code, frozenset())},
        {"a.py": moved},
    )

    (finding,) = findings(RULE, case)

    assert len(missed) == finding.quoted.count("lost: ")


def _code(text: str) -> frozenset[int]:
    lines = enumerate(text.splitlines(), 1)
    return frozenset(number for number, line in lines if line and not line.startswith("#"))
