"""Coverage is compared by lines: what is under the floor, what fell, and what data proves."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Missing, Need
from gatekeeper.reading import coverage_json
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper_rules.suite._ratio import Ratio
from gatekeeper_rules.suite.coverage_dropped import RULE, Options
from tests.cases import (
    LINK,
    case_of,
    doubts,
    examined,
    findings,
    no_subjects,
    notes,
    places,
    with_readings,
)
from tests.coverages import (
    BASE,
    HEAD,
    RATE,
    REFUND,
    Data,
    coverage_of,
    judged,
    messages,
    ran,
    unchanged,
)

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
    head = coverage_of({"src/app.py": ran("1-2 4", "3")}, "coverage.py")
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
    fine = coverage_of({"src/app.py": ran("1-4")}, "x")
    case = with_readings(case, {BASE: fine, HEAD: fine, side: coverage_of(data, "x")})

    doubt = doubts(RULE, case)[0]

    assert (True, True) == (doubt.startswith(f"{place}: "), why in doubt)


STUB = "class Store:\n    def load(self) -> str:\n        ...\n"


def test_an_excluded_stub_at_the_end_of_a_file_fits(tmp_path: Path) -> None:
    """coverage.py excludes the line behind it too, which the file does not have."""
    (tmp_path / "store.py").write_text(STUB)
    for command in (("run", "store.py"), ("json", "-o", "coverage.json")):
        subprocess.run([sys.executable, "-m", "coverage", *command], cwd=tmp_path, check=True)
    data = coverage_json.read((tmp_path / "coverage.json").read_bytes(), str(tmp_path))
    case = case_of({"store.py": STUB}, {"store.py": STUB}, Options())

    case = with_readings(case, {BASE: data, HEAD: data})

    assert ((), 4) == (doubts(RULE, case), max(data.files["store.py"].excluded))


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
