"""Lines and branches out of coverage files, and their counts held to what is listed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekeeper.reading import cobertura_xml, coverage_json, lcov
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.unusable import Unusable
from tests.real_readings import ROOT, SHOP, content_of, coverage_in

CART = "src/shop/cart.py"
RAN = frozenset(
    {3, 5, 11, 17, 19, 21, 23, 26, 28, 29, 31, 33, 34, 35, 38, 39, 40, 42, 44, 51, 53}
)  # fmt: skip
MISSED = frozenset({27, 30, 41, 43})
EXCLUDED = frozenset({7, 8, 47, 48, 52})
BRANCHES = {
    26: Branch(1, 2), 28: Branch(2, 2), 29: Branch(1, 2), 40: Branch(1, 2), 42: Branch(1, 2),
}  # fmt: skip
# Up to 7.6, coverage.py took the end of a property for a branch.
OLD_BRANCHES = BRANCHES | {34: Branch(2, 2)}

JSON = ["5.5", "6.5", "7.4", "7.6", "7.17", "7.17-lines"]
COBERTURA = ["5.5", "6.5", "7.4", "7.6", "7.17", "7.17-lines"]
ALL = [
    *(f"coverage/{each}.json" for each in JSON),
    *(f"cobertura/coverage-py-{each}.xml" for each in COBERTURA),
    "lcov/coverage-py-7.17.info",
    "lcov/coverage-py-7.17-lines.info",
]

Read = Callable[[bytes, str], Coverage]


def refusal(read: Read, content: bytes | str, root: str = ROOT) -> str:
    with pytest.raises(Unusable) as refused:
        read(content.encode() if isinstance(content, str) else content, root)
    return str(refused.value)


@pytest.mark.parametrize("name", ALL)
def test_every_format_and_version_of_coverage_py_tells_the_same_lines(name: str) -> None:
    cart = coverage_in(name).files[CART]

    assert (cart.covered, cart.missed) == (RAN, MISSED)


@pytest.mark.parametrize("name", ALL)
def test_a_file_that_never_ran_is_missed_and_an_empty_one_has_no_line(name: str) -> None:
    files = coverage_in(name).files

    assert files["src/shop/never.py"] == FileCoverage(frozenset(), frozenset({1, 2}))
    assert files["src/shop/__init__.py"] == FileCoverage(frozenset(), frozenset())


@pytest.mark.parametrize("version", ["5.5", "6.5", "7.4", "7.6"])
def test_older_versions_tell_excluded_lines(version: str) -> None:
    assert coverage_in(f"coverage/{version}.json").files[CART].excluded == EXCLUDED


@pytest.mark.parametrize(
    ("name", "branches"),
    [
        ("coverage/6.5.json", BRANCHES),
        ("coverage/7.17.json", BRANCHES),
        ("cobertura/coverage-py-5.5.xml", BRANCHES),
        ("cobertura/coverage-py-7.17.xml", BRANCHES),
        ("lcov/coverage-py-7.17.info", BRANCHES),
        ("coverage/7.4.json", OLD_BRANCHES),
        ("cobertura/coverage-py-7.6.xml", OLD_BRANCHES),
    ],
)
def test_branches_are_told_by_line(name: str, branches: dict[int, Branch]) -> None:
    coverage = coverage_in(name)

    assert coverage.branches
    assert coverage.files[CART].branches == branches


@pytest.mark.parametrize(
    "name",
    [
        "coverage/5.5.json",
        "coverage/7.17-lines.json",
        "cobertura/coverage-py-7.17-lines.xml",
        "cobertura/vitest-4.xml",
        "cobertura/vitest-4-istanbul.xml",
        "cobertura/jest-30.xml",
        "lcov/coverage-py-7.17-lines.info",
    ],
)
def test_branches_that_are_not_all_listed_are_not_taken_for_measured(name: str) -> None:
    coverage = coverage_in(name)

    assert not coverage.branches
    assert {len(file.branches) for file in coverage.files.values()} == {0}


@pytest.mark.parametrize(
    ("name", "branches"),
    [
        ("lcov/vitest-4.info", {3: (1, 1), 5: (1, 1), 7: (1, 2), 20: (1, 2)}),
        ("cobertura/vitest-4.xml", {}),
    ],
)
def test_vitest_s_coverage_is_read(name: str, branches: dict[int, tuple[int, int]]) -> None:
    files = coverage_in(name).files

    assert files["src/cart.ts"] == FileCoverage(
        frozenset({3, 6, 7, 10, 19, 20}),
        frozenset({8, 14}),
        frozenset(),
        {line: Branch(taken, total) for line, (taken, total) in branches.items()},
    )
    assert files["src/never.ts"].missed == {2}


@pytest.mark.parametrize("tool", ["vitest-3", "vitest-4", "vitest-4-istanbul", "jest-30"])
def test_lcov_and_cobertura_of_one_run_tell_the_same_lines(tool: str) -> None:
    one, other = coverage_in(f"lcov/{tool}.info"), coverage_in(f"cobertura/{tool}.xml")

    assert {path: (each.covered, each.missed) for path, each in one.files.items()} == {
        path: (each.covered, each.missed) for path, each in other.files.items()
    }


def test_the_tool_is_named_with_its_version() -> None:
    assert coverage_in("coverage/7.4.json").tool == "coverage.py 7.4.4"


def test_an_older_report_says_nothing_without_the_sources_that_it_was_made_of() -> None:
    said = refusal(coverage_json.read, content_of("coverage/7.4.json"))

    assert said == "/checkout/src/shop/cart.py is not there, or no Python that can be read"


def test_an_older_report_of_other_sources_does_not_add_up(tmp_path: Path) -> None:
    target = tmp_path / CART
    target.parent.mkdir(parents=True)
    target.write_text("x = 1\n")

    said = refusal(coverage_json.read, content_of("coverage/7.4.json"), str(tmp_path))

    assert "do not add up: 'src/shop/cart.py' states covered_lines=21, and holds 1" in said


def test_paths_are_taken_from_the_folder_that_the_tool_ran_in() -> None:
    coverage = lcov.read(content_of("lcov/vitest-4.info"), ROOT, "packages/web")

    assert sorted(coverage.files) == ["packages/web/src/cart.ts", "packages/web/src/never.ts"]


def tampered(change: Callable[[dict[str, dict[str, dict[str, object]]]], object]) -> str:
    """A real report of coverage.py in which one thing was changed."""
    report = json.loads(content_of("coverage/7.17.json"))
    change(report)
    return json.dumps(report)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r["files"][CART]["summary"].update(covered_lines=25), "states covered_lines=25"),
        (lambda r: r["files"][CART]["summary"].update(num_statements=21), "num_statements=21"),
        (lambda r: r["files"][CART]["summary"].update(missing_lines=0), "states missing_lines=0"),
        (lambda r: r["files"][CART]["missing_lines"].clear(), "missing_lines=4, and holds 0"),
        (lambda r: r["files"][CART]["missing_lines"].append(3), "are missing that are not"),
        (lambda r: r["files"][CART]["missing_lines"].append(0), "are missing that are not"),
        (lambda r: r["files"][CART]["missing_lines"].append(-4), "is no list of lines"),
        (lambda r: r["files"][CART]["missing_lines"].append(27), "is no list of lines"),
        (lambda r: r["files"][CART]["missing_lines"].append(True), "is no list of lines"),
        (lambda r: r["files"][CART]["excluded_lines"].append(99), "states excluded_lines=6"),
        (lambda r: r["files"][CART].pop("summary"), "'summary' is no object but None"),
        (lambda r: r["files"].pop(CART), "'totals' states covered_lines=22, and holds 1"),
        (lambda r: r["files"].clear(), "'totals' states covered_lines=22, and holds 0"),
        (lambda r: r["totals"].update(missing_lines=0), "'totals' states missing_lines=0"),
        (lambda r: r.pop("totals"), "'totals' is no object"),
        (lambda r: r["meta"].update(format=4), "it is format 4 of coverage.py '7.17.3'"),
        (lambda r: r["meta"].update(version="4.5.4"), "of coverage.py '4.5.4'"),
        (lambda r: r["meta"].update(branch_coverage="yes"), "is no true or false but 'yes'"),
        (lambda r: r["files"].update({"../x.py": r["files"][CART]}), "'../x.py', which is not a"),
        (lambda r: r["files"].update({"/x.py": r["files"][CART]}), "'/x.py', which is not a"),
        (lambda r: r["files"].update({"a\0b": r["files"][CART]}), r"'a\x00b', which is not a"),
    ],
)  # fmt: skip
def test_a_report_of_coverage_py_that_is_at_odds_with_itself_is_refused(
    change: Callable[[dict[str, dict[str, dict[str, object]]]], object], said: str
) -> None:
    assert said in refusal(coverage_json.read, tampered(change), SHOP)


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r["files"][CART]["missing_branches"].pop(),
        lambda r: r["files"][CART]["executed_branches"].append([1, 2]),
        lambda r: r["files"][CART]["summary"].update(covered_branches=10),
        lambda r: r["files"][CART].pop("missing_branches"),
    ],
    ids=["one that was not taken is gone", "one is added", "more are counted", "none are listed"],
)
def test_branches_that_do_not_add_up_are_not_taken_for_measured(
    change: Callable[[dict[str, dict[str, dict[str, object]]]], object],
) -> None:
    coverage = coverage_json.read(tampered(change).encode(), SHOP)

    assert not coverage.branches
    assert coverage.files[CART].missed == MISSED


def test_coverage_of_nothing_is_refused() -> None:
    empty = {
        "meta": {"version": "7.17.3", "format": 3, "branch_coverage": False},
        "files": {},
        "totals": dict.fromkeys(
            ("covered_lines", "num_statements", "missing_lines", "excluded_lines"), 0
        ),
    }

    assert refusal(coverage_json.read, json.dumps(empty)) == "not one file is in it"
    assert refusal(lcov.read, "TN:\n") == "not one file is in it"
    assert refusal(lcov.read, "SF:a\nend_of_record\n") == "not one line that could run is in it"
    assert refusal(cobertura_xml.read, "<coverage/>") == "not one file is in it"


def section(*records: str) -> str:
    return "\n".join(["TN:", "SF:src/a.ts", *records, "end_of_record", ""])


def test_sections_of_one_file_are_put_together() -> None:
    content = section("DA:1,1", "DA:2,0", "BRDA:1,0,0,1", "BRDA:1,0,1,0") + section(
        "DA:1,0", "DA:2,5", "DA:3,0", "BRDA:1,0,0,-", "BRDA:1,0,1,-"
    )

    assert lcov.read(content.encode(), ROOT).files["src/a.ts"] == FileCoverage(
        frozenset({1, 2}), frozenset({3}), frozenset(), {1: Branch(1, 2)}
    )


def test_windows_line_ends_and_comments_are_no_records() -> None:
    content = "# by hand\r\n" + section("DA:1,1", "", "FN:1,a,b").replace("\n", "\r\n")

    assert lcov.read(content.encode(), ROOT).files["src/a.ts"].covered == {1}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (section("DA:1,1", "LF:2"), "'src/a.ts' states LF=2, and holds 1"),
        (section("DA:1,0", "LH:1"), "'src/a.ts' states LH=1, and holds 0"),
        (section("DA:1,1", "LF:1", "LF:2"), "states LF=2, and holds 1"),
        (section("DA:1,1", "BRDA:1,0,0,1", "BRF:2"), "states BRF=2, and holds 1"),
        (section("DA:1,1", "BRDA:1,0,0,-", "BRH:1"), "states BRH=1, and holds 0"),
        (section("DA:1,-1"), "line 3 is no record of LCOV: 'DA:1,-1'"),
        (section("DA:0,1"), "line 3 is no record of LCOV: 'DA:0,1'"),
        (section("DA:1"), "line 3 is no record of LCOV: 'DA:1'"),
        (section("DA:1,1", " DA:2,0"), "line 4 is no record of LCOV: ' DA:2,0'"),
        (section("DA:1,1") + section("DB:1,1"), "line 7 is no record of LCOV: 'DB:1,1'"),
        (section("DA:1,1", "SF:b"), "are those of 2 files"),
        ("DA:1,1\nend_of_record\n", "the records that end at line 2 are those of 0 files"),
        (section("DA:1,1").removesuffix("end_of_record\n"), "it is cut off"),
        (section("DA:1,1") + "TN:\nSF:b\nDA:1,1\n", "it is cut off"),
        (section("DA:1,1").replace("end_of_record", "end_of_records"), "line 4 is no record"),
        (section("DA:1,1").replace("src/", "/other/"), "names '/other/a.ts'"),
        (section("DA:1,1").replace("src/a.ts", ""), "names ''"),
    ],
)
def test_lcov_that_is_at_odds_with_itself_is_refused(content: str, said: str) -> None:
    assert said in refusal(lcov.read, content)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lines-covered="22"', 'lines-covered="27"', "states lines-covered=27, and holds 22"),
        ('lines-valid="', 'lines-valid="9', "states lines-valid=9"),
        ('<line number="27" hits="0"/>', "", "do not add up"),
        ('<line number="27" hits="0"/>', '<line number="27" hits="1"/>', "do not add up"),
        ('<line number="27" hits="0"/>', '<line number="0" hits="0"/>', "has no number"),
        ('<line number="27" hits="0"/>', '<line number="27"/>', "was hit ''"),
        ('<line number="27" hits="0"/>', '<line number="27" hits="-1"/>', "was hit '-1'"),
        ('line-rate="0.84"', 'line-rate="0.94"', "'src/shop/cart.py' states a rate"),
        ('condition-coverage="50% (1/2)"', "", "says nothing of its branches"),
        ('condition-coverage="50% (1/2)"', 'condition-coverage="100% (3/2)"', "says nothing of"),
        ('branches-covered="6"', 'branches-covered="9"', "states branches-covered=9, and holds 6"),
        ("<source>", "<source>/elsewhere", "which is not a file in /checkout"),
    ],
)
def test_cobertura_that_is_at_odds_with_itself_is_refused(old: str, new: str, said: str) -> None:
    content = content_of("cobertura/coverage-py-7.17.xml").decode()
    assert old in content

    assert said in refusal(cobertura_xml.read, content.replace(old, new, 1))


def cobertura(inside: str, attributes: str = "", sources: str = "") -> bytes:
    packages = f"<packages><package><classes>{inside}</classes></package></packages>"
    return f"<coverage {attributes}><sources>{sources}</sources>{packages}</coverage>".encode()


CLASS = '<class filename="{}"><lines>{}</lines></class>'
LINE = '<line number="{}" hits="{}"/>'


def test_a_rate_alone_is_held_against_the_lines() -> None:
    inside = CLASS.format("a.py", LINE.format(1, 1) + LINE.format(2, 0))

    assert "states a rate of '0.9'" in refusal(
        cobertura_xml.read, cobertura(inside, 'line-rate="0.9"')
    )
    assert cobertura_xml.read(cobertura(inside, 'line-rate="0.5"'), ROOT).files["a.py"].missed


def test_lines_of_methods_are_those_of_the_class_and_classes_of_one_file_are_put_together() -> None:
    method = f"<methods><method><lines>{LINE.format(9, 0)}</lines></method></methods>"
    first = CLASS.format("a.py", LINE.format(1, 1)).replace("<lines>", f"{method}<lines>", 1)
    second = CLASS.format("a.py", LINE.format(1, 0) + LINE.format(2, 0))

    assert cobertura_xml.read(cobertura(first + second, 'lines-valid="2"'), ROOT).files == {
        "a.py": FileCoverage(frozenset({1}), frozenset({2}))
    }


def test_of_several_sources_the_one_in_which_the_file_is_counts(tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "a.py").write_text("")
    sources = f"<source>{tmp_path}/one</source>\n<source>two</source>\n<source>/usr/lib</source>"
    content = cobertura(CLASS.format("a.py", LINE.format(1, 1)), sources=sources)

    assert list(cobertura_xml.read(content, str(tmp_path)).files) == ["two/a.py"]


def test_a_file_that_could_be_in_several_sources_is_refused(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text("")
    content = cobertura(
        CLASS.format("a.py", LINE.format(1, 1)),
        sources="<source>one</source><source>two</source>",
    )

    said = refusal(cobertura_xml.read, content, str(tmp_path))

    assert said == "'a.py' is a file in 2 of its sources"


def test_a_million_classes_of_one_file_take_no_longer_than_their_lines() -> None:
    lines = 30_000
    inside = "".join(CLASS.format("a.py", LINE.format(n, n % 2)) for n in range(1, lines + 1))

    assert len(cobertura_xml.read(cobertura(inside), ROOT).files["a.py"].covered) == lines // 2


def test_no_line_can_be_taken_out_of_a_real_file() -> None:
    for name, read, line in (
        ("cobertura/coverage-py-7.17.xml", cobertura_xml.read, r"<line [^>]*>"),
        ("lcov/coverage-py-7.17.info", lcov.read, r"\nDA:[^\n]*"),
        ("lcov/vitest-4.info", lcov.read, r"\nDA:[^\n]*"),
    ):
        content = content_of(name).decode()
        for each in re.findall(line, content):
            assert "do not add up" in refusal(read, content.replace(each, "", 1))


def test_a_file_that_is_named_in_two_ways_makes_no_reading() -> None:
    said = json.loads(content_of("coverage/7.17.json"))
    path = next(iter(said["files"]))
    said["files"][f"./{path}"] = said["files"][path]

    told = refusal(coverage_json.read, json.dumps(said), SHOP)

    assert "it names a file twice, in two ways" == told
