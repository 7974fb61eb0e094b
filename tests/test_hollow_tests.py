"""test-hollow: which tests can fail, and which expect less than they did."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Case, NoOptions, Patterns, Unreadable
from gatekeeper_rules.suite._assertions import expected
from gatekeeper_rules.suite._tautologies import truth
from gatekeeper_rules.suite._test_files import TESTS
from gatekeeper_rules.suite._test_paths import is_test_code, is_test_file
from gatekeeper_rules.suite._written import Strength, WrittenFile
from gatekeeper_rules.suite.test_hollow import RULE
from tests.cases import (
    Files,
    case_of,
    doubts,
    examined,
    findings,
    globs,
    no_subjects,
    notes,
    places,
)

FILE = "tests/test_a.py"
HEAD = "import pytest, unittest\nfrom app import f, g, C\n\n\n"
FIRST = HEAD.count("\n") + 1
EXACT, CLOSE, PARTIAL, THERE = Strength.EXACT, Strength.CLOSE, Strength.PARTIAL, Strength.THERE


def judged(after: Files, before: Files | None = None) -> Case[NoOptions]:
    return case_of(before or {}, after, NoOptions())


def said(after: Files, before: Files | None = None) -> list[str]:
    return [each.message for each in findings(RULE, judged(after, before))]


def body(text: str) -> str:
    """A file with one test, whose statements these are."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    return f"{HEAD}def test_a(x, monkeypatch):\n{lines}"


ALWAYS = [
    "True", "1", "'text'", "...", "(f(), 'why')", "[f()]", "{1: 2}", "lambda: f()",
    "(each for each in f())", "f'text {x}'", "not None", "not []", "f() or True",
    "True or f()", "f() or not f()", "1 == 1", "'a' != 'b'", "x == x", "x is x", "x.y <= x.y",
    "len(f()) >= 0", "len(f()) > -1", "0 <= len(f())", "-1 < len(f())", "[] == []",
    "f() == 2 if False else True", "1 if f() else 2", "(y := 1)", "bool(1)",
    "isinstance(f(), object)", "x in (x, f())", "True and 1", "not (False and f())",
]  # fmt: skip
OPEN = [
    "f()", "x", "f() == f()", "f() == 2", "f() or g()", "f() and True", "len(f()) >= 1",
    "len(f()) > 0", "not f()", "x == f()", "f'{x}'", "[*f()]", "{**f()}", "x < x", "x != x",
    "isinstance(f(), int)", "x in [f()]", "x == 1 == x", "x[0] == x[0]",
    "f() if x else g()", "max(1, 2) >= 0",
]  # fmt: skip
NEVER = ["False", "0", "''", "None", "[]", "not True", "f() and False", "1 == 2", "1 != 1"]


def _truth(text: str) -> bool | None:
    return truth(ast.parse(text, mode="eval").body)


@pytest.mark.parametrize("text", ALWAYS)
def test_an_expectation_that_holds_whatever_happens_is_told(text: str) -> None:
    assert _truth(text) is True


@pytest.mark.parametrize("text", OPEN)
def test_an_expectation_that_can_fail_is_not_taken_for_one_that_cannot(text: str) -> None:
    assert _truth(text) is None


@pytest.mark.parametrize("text", NEVER)
def test_what_never_holds_is_told(text: str) -> None:
    assert _truth(text) is False


@given(st.recursive(
    st.sampled_from(["True", "False", "None", "0", "1", "''", "'a'", "[]", "[0]", "()", "{}"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({' '.join(t)})"),
        inner.map(lambda t: f"(not {t})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.tuples(inner, st.sampled_from(["==", "!="]), inner).map(lambda t: f"({' '.join(t)})"),
    ),
    max_leaves=8,
))  # fmt: skip
def test_what_is_told_of_an_expression_is_what_python_makes_of_it(text: str) -> None:
    told = _truth(text)

    assert told is None or told == bool(eval(text))  # made of constants alone


SAME = [
    pytest.param(["f() == 2", "2 == f()"], id="sides"),
    pytest.param(["x == f()", "f() == x"], id="sides of names"),
    pytest.param(["f() > 2", "2 < f()"], id="order"),
    pytest.param(["f()", "f() is True", "f() == True", "not not f()"], id="truth"),
    pytest.param(["not f()", "f() is False", "f() == False"], id="falsehood"),
    pytest.param(["f() != 2", "not f() == 2"], id="a denial"),
    pytest.param(["1 not in f()", "not 1 in f()"], id="another denial"),
    pytest.param(["f() is None", "f() == None"], id="none"),
]


@pytest.mark.parametrize("texts", SAME)
def test_the_same_expectation_is_the_same_however_it_is_put(texts: list[str]) -> None:
    told = {tuple(expected(ast.parse(each, mode="eval").body, 1)) for each in texts}

    assert len({tuple(each.says for each in one) for one in told}) == 1


@pytest.mark.parametrize(
    ("text", "subject", "strength"),
    [
        ("f() == 2", "f()", EXACT),
        ("2 == f()", "f()", EXACT),
        ("f() is None", "f()", EXACT),
        ("f() == pytest.approx(2)", "f()", CLOSE),
        ("f() == []", "f()", CLOSE),
        ("not f()", "f()", CLOSE),
        ("isinstance(f(), int)", "f()", CLOSE),
        ("type(f()) is int", "f()", CLOSE),
        ("2 in f()", "f()", PARTIAL),
        ("2 not in f()", "f()", CLOSE),
        ("f() >= 2", "f()", PARTIAL),
        ("f() != 2", "f()", PARTIAL),
        ("f()", "f()", PARTIAL),
        ("f() is not None", "f()", THERE),
    ],
)
def test_an_expectation_has_a_subject_and_a_strength(
    text: str, subject: str, strength: Strength
) -> None:
    (told,) = expected(ast.parse(text, mode="eval").body, 1)

    assert (subject, strength) == (told.subject, told.strength)


HEARD = [
    "assert f() == 2",
    "with pytest.raises(ValueError):\n    f()",
    "pytest.raises(ValueError, f)",
    "with pytest.warns(UserWarning):\n    f()",
    "x.assert_called_once_with(2)",
    "if f() != 2:\n    raise AssertionError(f())",
    "if f() != 2:\n    pytest.fail('no')",
    "x.check_returncode(); subprocess.check_call(['a'])",
    "f().raise_for_status()",
    "x.stdout.fnmatch_lines(['*1 passed*'])",
    "for each in f():\n    assert each",
    "while f():\n    assert g()",
    "match f():\n    case 1:\n        assert g()",
    "def check():\n    assert f()\ncheck()",
    "@C\ndef check():\n    assert f()",
    "def check():\n    assert f()\nmonkeypatch.setattr(f, 'a', check)",
    "class D(C):\n    def run(self):\n        assert self\nD().run()",
    "try:\n    assert f()\nexcept TypeError:\n    pass",
    "try:\n    assert f()\nexcept Exception:\n    print(1)\n    raise",
    "try:\n    f()\nexcept Exception as e:\n    assert 'x' in str(e)",
    "while f():\n    try:\n        assert f()\n    except AssertionError:\n        time.sleep(1)",
    "with suppress(KeyError):\n    assert f()",
    "expect(f()).to_equal(2)",
    "assert_that(f(), g())",
    "if f():\n    return\nassert g()",
    "data_regression.check(f())",
]


@pytest.mark.parametrize("text", HEARD)
def test_a_test_that_can_fail_is_kept(text: str) -> None:
    source = body(text).replace("monkeypatch)", "monkeypatch, data_regression)")

    assert said({FILE: source}) == []


UNHEARD = [
    ("pass", "test_a expects nothing"),
    ("'''Prose.'''", "test_a expects nothing"),
    ("f()", "test_a expects nothing"),
    ("print(f() == 2)", "test_a expects nothing"),
    ("result = f() == 2", "test_a expects nothing"),
    ("f() == 2", "`f() == 2` is compared and not asserted"),
    ("not f() == 2", "`not f() == 2` is compared and not asserted"),
    ("return f() == 2", "`return f() == 2` is returned, and nobody looks at what a test returns"),
    ("x.assert_called", "`x.assert_called` is named and not called, so it does nothing"),
    ("x.called_once_with(1)", "`x.called_once_with(1)` asks a mock what it answers to anything"),
    (
        "assert x.assert_called",
        "`assert x.assert_called` holds whatever happens: a mock says yes to it",
    ),
    ("assert f() == 2, f(); assert True", "`assert True` holds whatever happens"),
    ("self = C()\nself.assertTrue(True)", "`self.assertTrue(True)` holds whatever happens"),
    ("self = C()\nself.assertEqual(x, x)", "`self.assertEqual(x, x)` holds whatever happens"),
    (
        "with suppress(Exception):\n    assert f()",
        "`assert f()` is not heard of if it fails",
    ),
    (
        "with suppress(KeyError, AssertionError), C():\n    x.assert_called()",
        "`x.assert_called()` is not heard of if it fails",
    ),
    ("try:\n    assert f()\nexcept:\n    pass", "`assert f()` is not heard of if it fails"),
    (
        "try:\n    assert f()\nexcept (TypeError, AssertionError):\n    return",
        "`assert f()` is not heard of if it fails",
    ),
    (
        "try:\n    assert f()\nexcept Exception as e:\n    print(e)",
        "`assert f()` is not heard of if it fails",
    ),
    (
        "while f():\n    try:\n        assert f()\n    finally:\n        break",
        "`assert f()` is not heard of if it fails",
    ),
    ("return\nassert f()", "`assert f()` is never reached"),
    ("pytest.skip('no')\nassert f()", "`assert f()` is never reached"),
    ("sys.exit(0)\nassert f()", "`assert f()` is never reached"),
    ("if False:\n    assert f()", "`assert f()` is never reached"),
    ("if 1:\n    f()\nelse:\n    assert f()", "`assert f()` is never reached"),
    ("while 0:\n    assert f()", "`assert f()` is never reached"),
    ("for each in []:\n    assert each", "`assert each` is never reached"),
    ("for each in range(0):\n    assert each", "`assert each` is never reached"),
    ("def check():\n    assert f()", "`assert f()` is never reached"),
    ("if f():\n    return\n    assert g()\n", "`assert g()` is never reached"),
]


@pytest.mark.parametrize(("text", "message"), UNHEARD)
def test_a_test_that_cannot_fail_is_found(text: str, message: str) -> None:
    assert [message] == said({FILE: body(text)})


WEAKER = [
    ("assert f() == 2", "assert f() >= 2"),
    ("assert f() == 2", "assert 2 in f()"),
    ("assert f() == 2", "assert f() is not None"),
    ("assert f() == 2", "assert f()"),
    ("assert f() == 2", "assert isinstance(f(), int)"),
    ("assert f() == 2", "assert f() == pytest.approx(2)"),
    ("assert f() == 2", "assert f() != 3"),
    ("assert f() >= 2", "assert f() is not None"),
    ("assert f() == 2 and g() == 3", "assert g() == 3"),
    ("assert f() == 2\nassert g() == 3", "assert f() == 2"),
    ("assert f() == 2\nassert f() == 2", "assert f() == 2"),
    ("with pytest.raises(KeyError):\n    f()", "with pytest.raises(Exception):\n    f()"),
    ("with pytest.raises(KeyError):\n    f()", "with pytest.raises((C, Exception)):\n    f()"),
    ("with pytest.raises(KeyError, match='x'):\n    f()", "with pytest.raises(KeyError):\n    f()"),
    ("x.send.assert_called_once_with(2)", "x.send.assert_called()"),
    ("x.send.assert_called_once_with(2)", "assert x.send.called"),
    ("assert f() == 2\nassert g()", "assert g()\nprint(f())"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), WEAKER)
def test_a_test_that_stayed_must_not_expect_less(before: str, after: str) -> None:
    assert 1 == len(said({FILE: body(after)}, {FILE: body(before)}))


NO_WEAKER = [
    ("assert f() == 2", "assert 2 == f()"),
    ("assert f() == 2", "assert f() == 3"),
    ("assert f() == 2", "y = f()\nassert y == 2"),
    ("assert f() == 2\nassert g()", "assert g()\nassert f() == 2"),
    ("assert f() == [] ", "assert not f()"),
    ("assert f() == True", "assert f()"),
    ("assert f() == 2 and g() == 3", "assert f() == 2\nassert g() == 3"),
    ("assert f() == 2\nassert f() == 3", "for each in (2, 3):\n    assert f() == each"),
    ("with pytest.raises(KeyError) as e:\n    f()\nassert 'x' in str(e.value)",
     "with pytest.raises(KeyError, match='x'):\n    f()"),
    ("with pytest.raises(Exception):\n    f()", "with pytest.raises(KeyError):\n    f()"),
    ("assert f() is not None", "assert f() == 2"),
    ("assert f()", "assert g() == 2"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), NO_WEAKER)
def test_a_test_that_says_it_otherwise_is_kept(before: str, after: str) -> None:
    assert said({FILE: body(after)}, {FILE: body(before)}) == []


def test_an_edited_value_is_told_to_people() -> None:
    case = judged({FILE: body("assert f() == 3")}, {FILE: body("assert f() == 2")})

    assert findings(RULE, case) == ()
    why = f"expected values that were edited, for a person to look at: {FILE}:{FIRST + 1}"
    assert (why,) == notes(RULE, case)


def test_an_edited_case_is_told_to_people() -> None:
    rows = "{}@pytest.mark.parametrize('x', [1, {}])\ndef test_a(x):\n    assert f(x)\n"
    case = judged({FILE: rows.format(HEAD, 3)}, {FILE: rows.format(HEAD, 2)})

    assert findings(RULE, case) == ()
    assert ["parametrisations"] == [each.split()[0] for each in notes(RULE, case)]


def test_what_a_function_of_tests_has_expected_must_stay_where_tests_are_unchanged() -> None:
    test = f"{HEAD}from tests.checks import check\n\n\ndef test_a():\n    check(f())\n"
    before = {FILE: test, "tests/checks.py": "def check(x):\n    assert x == 2\n"}
    after = {FILE: test, "tests/checks.py": "def check(x):\n    pass\n"}

    assert ("head tests/checks.py:1", f"head {FILE}:8") == places(RULE, judged(after, before))


@pytest.mark.parametrize(
    ("helper", "call"),
    [
        pytest.param("def check(x):\n    assert x\n", "check(f())", id="a function"),
        pytest.param(
            "def check(x):\n    go(x)\ndef go(x):\n    assert x\n", "check(f())", id="two"
        ),
        pytest.param("def check(x):\n    check(x)\n    assert x\n", "check(f())", id="a cycle"),
        pytest.param(
            "class Checker:\n    def check(self):\n        assert self\n",
            "Checker().check()",
            id="a method",
        ),
        pytest.param(
            "class Checker:\n    def __init__(self, x):\n        assert x\n",
            "Checker(f())",
            id="a constructor",
        ),
        pytest.param("check = lambda x: None\n", "assert check(f()) is None", id="its answer"),
    ],
)
@pytest.mark.parametrize("where", ["tests/checks.py", FILE])
def test_an_expectation_is_followed_by_name(helper: str, call: str, where: str) -> None:
    imported = "from tests.checks import *\nfrom tests.checks import check, Checker\n"
    test = f"{HEAD}{imported}def test_a():\n    {call}\n"
    files = {FILE: test, where: helper} if where != FILE else {FILE: helper + test}

    assert said(files) == []


@pytest.mark.parametrize(
    ("helper", "call"),
    [
        pytest.param("def check(x):\n    return x\n", "check(f())", id="it returns"),
        pytest.param("def check(x):\n    assert True\n", "check(f())", id="it always holds"),
        pytest.param("def check(x):\n    check(x)\n", "check(f())", id="it calls itself"),
        pytest.param("def other(x):\n    assert x\n", "f()", id="it is not called"),
    ],
)
def test_a_function_that_expects_nothing_is_followed_as_well(helper: str, call: str) -> None:
    test = f"{HEAD}from tests.checks import check\n\n\ndef test_a():\n    {call}\n"

    assert ["test_a expects nothing"] == said({FILE: test, "tests/checks.py": helper})


def test_what_production_code_asserts_is_no_expectation_of_the_test() -> None:
    app = "def check(x):\n    assert x\n"
    test = "from app import check\n\n\ndef test_a():\n    check(2)\n"

    assert ["test_a expects nothing"] == said({FILE: test, "src/app.py": app})


@pytest.mark.parametrize("conftest", ["conftest.py", "tests/conftest.py"])
def test_a_fixture_may_expect_for_the_test(conftest: str) -> None:
    fixture = (
        "import pytest\n\n\n@pytest.fixture\ndef log():\n    yield 1\n    assert not errors()\n"
    )
    test = f"{HEAD}def test_a(log):\n    f()\n"

    assert said({FILE: test, conftest: fixture}) == []


PATCHED = [
    ("with patch('app.f'):\n    assert app.f() == 1", True),
    ("monkeypatch.setattr('app.f', lambda: 1)\nassert app.f() == 1", True),
    ("with patch.object(app, 'f', return_value=1):\n    assert app.f() == 1", True),
    ("with patch('app.g'):\n    assert app.f() == 1", False),
    ("with patch('app.f'):\n    assert app.g(app.f) == 1", False),
    ("with patch('app.f') as m:\n    app.g()\n    m.assert_called_once_with()", False),
    ("with patch('time.time'):\n    assert app.f() == time.time()", False),
    ("with patch('time.time', return_value=1):\n    assert time.time() == 1", False),
]


@pytest.mark.parametrize(("text", "is_found"), PATCHED)
def test_a_mock_in_the_place_of_the_subject_is_found(text: str, is_found: bool) -> None:
    test = body(text).replace("from app import f, g, C", "import app, time")
    app = "def f():\n    return 2\n\n\ndef g(x=0):\n    return 3\n"

    told = said({FILE: test, "src/app.py": app}, {"src/app.py": app})

    assert ["test_a tests app.f, which it has replaced by a mock"] * is_found == told


UNRUN = [
    pytest.param(
        "def test_a():\n    assert f()\ndef test_a():\n    assert g()\n", 1, id="a name twice"
    ),
    pytest.param(
        "class TestA:\n    def test_a(self):\n        assert f()\nclass TestA:\n"
        "    def test_b(self):\n        assert f()\n",
        1,
        id="a class twice",
    ),
    pytest.param(
        "if f:\n    def test_a():\n        assert f()\nelse:\n    def test_a():\n"
        "        assert g()\n",
        0,
        id="one or the other",
    ),
    pytest.param(
        "class TestA:\n    def __init__(self):\n        self.a = 1\n    def test_a(self):\n"
        "        assert f()\n",
        1,
        id="a class with a constructor",
    ),
    pytest.param(
        "class ATest(unittest.TestCase):\n    def __init__(self, *a):\n        super().__init__(*a)"
        "\n    def test_a(self):\n        assert f()\n",
        0,
        id="a class of unittest with a constructor",
    ),
    pytest.param(
        "class TestHelper:\n    def __init__(self):\n        self.a = 1\n",
        0,
        id="a class of no test",
    ),
    pytest.param("def outer():\n    def test_a():\n        assert f()\n", 1, id="inside"),
    pytest.param(
        "def outer():\n    def test_a():\n        assert f()\n    return test_a\n", 0, id="returned"
    ),
    pytest.param(
        "def test_b():\n    @C\n    def test_a():\n        assert f()\n    assert f()\n",
        0,
        id="decorated",
    ),
    pytest.param("@pytest.mark.skip\ndef test_a():\n    assert f()\n", 1, id="a new skip"),
    pytest.param(
        "@unittest.skip('later')\ndef test_a():\n    assert f()\n", 1, id="a new skip of unittest"
    ),
    pytest.param(
        "@pytest.mark.skipif(f(), reason='x')\ndef test_a():\n    assert f()\n", 0, id="a condition"
    ),
    pytest.param(
        "@pytest.mark.parametrize('x', [])\ndef test_a(x):\n    assert f(x)\n", 1, id="no case"
    ),
]


@pytest.mark.parametrize(("text", "count"), UNRUN)
def test_a_test_that_is_never_run_is_found(text: str, count: int) -> None:
    assert count == len(said({FILE: HEAD + text}))
    assert said({FILE: HEAD + text + "\nX = 1\n"}, {FILE: HEAD + text}) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("if f():\n    return\nassert g()", 1),
        ("if f():\n    pytest.skip('x')\nassert g()", 1),
        ("assert g()\nif f():\n    return", 0),
        ("if f():\n    raise ValueError\nassert g()", 0),
    ],
)
def test_a_new_way_out_of_a_test_that_stayed_is_found(text: str, count: int) -> None:
    assert count == len(said({FILE: body(text)}, {FILE: body("assert g()")}))
    assert said({FILE: body(text)}) == []


def test_what_is_hollow_at_the_base_already_is_counted_even_if_its_file_moves() -> None:
    hollow = body("f()") + "\n\ndef test_b():\n    assert True\n"
    case = judged({"tests/unit/test_a.py": hollow}, {FILE: hollow})

    assert findings(RULE, case) == ()
    assert ("what is hollow in these files at the base already: 2 places",) == notes(RULE, case)


def test_a_test_that_moves_and_expects_less_is_found() -> None:
    before, after = body("assert f() == 2"), body("assert f() is not None")

    assert 1 == len(said({"tests/unit/test_a.py": after}, {FILE: before}))


def test_a_change_of_no_test_code_says_so() -> None:
    case = judged({"src/a.py": "x = 1"}, {"src/a.py": "x = 2"})

    assert ("the change writes no test and nothing that tests rely on",) == no_subjects(RULE, case)
    assert examined(RULE, case) == {}


@pytest.mark.parametrize(
    ("path", "is_code", "is_tests"),
    [
        ("tests/test_a.py", True, True),
        ("src/app/a_test.py", True, True),
        ("app/tests.py", True, True),
        ("tests/checks.py", True, False),
        ("conftest.py", True, False),
        ("benchmarks/test_speed.py", False, False),
        ("src/testing.py", False, False),
        ("src/contest.py", False, False),
        ("tests/data.json", False, False),
    ],
)
def test_test_code_is_told_by_its_path(path: str, is_code: bool, is_tests: bool) -> None:
    assert (is_code, is_tests) == (is_test_code(path), is_test_file(path))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"def test_a(:\n", id="no Python"),
        pytest.param(b"x = \0\n", id="a NUL byte"),
        pytest.param(b"# coding: utf-7\n", id="an odd encoding"),
        pytest.param(b"\xff\xfe\n", id="no text"),
        pytest.param(b"x = " + b"(" * 5000 + b")" * 5000, id="deep brackets"),
        pytest.param(b"x = " + b"-" * 100_000 + b"1", id="deep operators"),
        pytest.param(b"def test_a():\n    assert x" + b".y" * 50_000, id="a long chain"),
        pytest.param(b"#" * 3_000_000, id="a large file"),
    ],
)
def test_a_file_that_cannot_be_read_is_unproven(content: bytes) -> None:
    case = judged({FILE: content})

    assert 1 == len(doubts(RULE, case))
    assert findings(RULE, case) == ()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("tests/__init__.py", "", id="a package of tests"),
        pytest.param("conftest.py", "import sys\n\nsys.path.insert(0, 'src')\n", id="a conftest"),
        pytest.param("tests/rows.py", "ROWS = (1, 2)\n", id="what tests share"),
    ],
)
def test_test_code_without_a_function_has_been_looked_at(path: str, content: str) -> None:
    assert {"files of test code": 1} == examined(RULE, judged({path: content}))


@given(st.text(alphabet="abx_=()[]{}:.,'\"@ \n\t#0123!<>defastrwihu", max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert isinstance(_read(text.encode()), WrittenFile | Unreadable)


def _read(content: bytes) -> WrittenFile | Unreadable:
    try:
        return TESTS.read(content, FILE)
    except Unreadable as unreadable:
        return unreadable


@given(
    st.sampled_from(["tests/test_a.py", "a/test/b.py", "x_test.py", "tests.py", "conftest.py"]),
    st.lists(st.sampled_from(["src", "app", "tests2", "a"]), max_size=3),
)
def test_a_hook_minds_all_that_the_rule_looks_at(path: str, folders: list[str]) -> None:
    assert RULE.watch is not None
    watch = RULE.watch(judged({}))
    assert watch is not None
    where = "/".join([*folders, path])

    assert is_test_code(where)
    assert any(Patterns(globs(lines)).match(where) for lines in watch.paths)
