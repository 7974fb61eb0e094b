"""What leaves the measurement is found, whatever the percentages say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from gatekeeper.reading.coverage import FileCoverage
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper_rules.suite.coverage_dropped import RULE, Options
from tests.cases import (
    LINK,
    SUBMODULE,
    doubts,
    findings,
    notes,
    places,
)
from tests.coverages import (
    RATE,
    REFUND,
    Case,
    judged,
    messages,
    ran,
    unchanged,
)

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


# New code of which LCOV says nothing

TILL = "export const rate = (age: number) => {\n  if (age > 65) {\n    return 7;\n  }\n};\n"
REST = "export function rest(n: number) {\n  const half = n / 2;\n  return half;\n}\n"
KINDS_OF_TYPES = "export interface Till {\n  rate(age: number): number;\n}\n"


def of_till(after: Mapping[str, str], head: Mapping[str, FileCoverage], **before: str) -> Case:
    """A change of `src/till.ts`, which is covered at base."""
    base = {"src/till.ts": TILL, **{f"src/{name}.ts": text for name, text in before.items()}}
    covered = {"src/till.ts": ran("1-3")}
    return judged(base, {**base, **after}, covered, {**covered, **head}, tools=("LCOV", "LCOV"))


def test_new_lines_of_a_script_that_the_data_does_not_hold_are_found() -> None:
    case = of_till(
        {"src/till.ts": f"/* v8 ignore start */\n{REST}\n{TILL}"}, {"src/till.ts": ran("7-9")}
    )

    assert ["The file has 1 line new, and not measured (4)."] == messages(case)


@pytest.mark.parametrize(
    "added",
    [
        pytest.param("export type Rate = {\n  return: number;\n};\n", id="types"),
        pytest.param("// return 1;\n/*\nreturn 2;\n*/\n", id="comments"),
        pytest.param("export const text = `\nreturn 1;\n`;\n", id="text"),
        pytest.param("export const list = [\n  1,\n  2,\n];\n", id="lines that go on"),
    ],
)
def test_new_lines_that_need_not_be_measured_are_none(added: str) -> None:
    case = of_till({"src/till.ts": f"{TILL}{added}"}, {})

    assert () == findings(RULE, case)


def test_old_lines_of_a_script_that_were_never_measured_are_no_matter() -> None:
    ignored = f"/* v8 ignore start */\n{REST}"
    before = {"src/till.ts": f"{TILL}{ignored}"}
    case = judged(
        before,
        {"src/till.ts": f"// A till.\n{TILL}{ignored}"},
        {"src/till.ts": ran("1-3")},
        {"src/till.ts": ran("2-4")},
        tools=("LCOV", "LCOV"),
    )

    assert () == findings(RULE, case)


@pytest.mark.parametrize(
    ("path", "before"),
    [
        pytest.param("src/rest.ts", {}, id="beside a measured file"),
        pytest.param("src/deep/rest.ts", {"deep/types": KINDS_OF_TYPES}, id="beside types alone"),
    ],
)
def test_a_new_script_that_the_data_does_not_name_is_found(
    path: str, before: Mapping[str, str]
) -> None:
    case = of_till({path: REST}, {}, **before)

    assert (f"head {path}",) == places(RULE, case)


def test_a_new_script_of_which_the_data_holds_no_line_is_found() -> None:
    case = of_till({"src/rest.ts": REST}, {"src/rest.ts": ran()})

    assert ("head src/rest.ts",) == places(RULE, case)


@pytest.mark.parametrize("named", [True, False], ids=["named in the data", "not named"])
def test_a_new_script_of_types_has_nothing_to_measure(*, named: bool) -> None:
    case = of_till({"src/types.ts": KINDS_OF_TYPES}, {"src/types.ts": ran()} if named else {})

    assert () == findings(RULE, case)


def test_a_script_of_which_the_data_never_held_a_line_has_not_left() -> None:
    files = {"src/till.ts": TILL, "src/rest.ts": REST}
    data = {"src/till.ts": ran("1-3"), "src/rest.ts": ran()}
    case = judged(files, {**files, "src/rest.ts": f"// So.\n{REST}"}, data, data)

    assert () == findings(RULE, case)
