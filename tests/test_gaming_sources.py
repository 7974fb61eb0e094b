"""Ways to have code measured, linted or typed for less than it is: each is tried, each is seen."""

from __future__ import annotations

import pytest

from gatekeeper import NoOptions
from gatekeeper_rules.suite.coverage_dropped import RULE as COVERAGE
from gatekeeper_rules.suite.suppression_added import RULE as SUPPRESSION
from tests.cases import case_of, doubts, findings
from tests.coverages import RATE, judged, messages, ran

PATH = "src/app.py"
HIDDEN = {
    "not": "if not TYPE_CHECKING:\n\n    def f(x: int) -> int:\n        return 's'\n",
    "not, of the module": "if not typing.TYPE_CHECKING:\n    print(1 + 's')\n",
    "else": "if TYPE_CHECKING:\n    x: int\nelse:\n\n    def f(x):\n        return x\n",
    "mypy's own name": "MYPY = False\nif not MYPY:\n    print(1 + 's')\n",
    "and": "if not TYPE_CHECKING and True:\n    print(1 + 's')\n",
    "or": "if TYPE_CHECKING or True:\n    pass\nelse:\n    print(1 + 's')\n",
    "elif": "if TYPE_CHECKING:\n    pass\nelif True:\n    print(1 + 's')\n",
    "in a function": "def g():\n    if not TYPE_CHECKING:\n        print(1 + 's')\n",
    "a lambda": "if not TYPE_CHECKING:\n    f = lambda x: x + 's'\n",
}
SEEN = {
    "imports for types": "if TYPE_CHECKING:\n    from a import B\n",
    "another import otherwise": "if TYPE_CHECKING:\n    from a import B\nelse:\n    B = object\n",
    "an import that may fail": (
        "if not TYPE_CHECKING:\n    try:\n        import a\n"
        "    except ImportError:\n        a = None\n"
    ),
    "another condition": "if not CHECKED:\n    print(1 + 's')\n",
}


def said(text: str) -> list[str]:
    return [each.message for each in findings(SUPPRESSION, case_of({}, {PATH: text}, NoOptions()))]


@pytest.mark.parametrize("text", [pytest.param(HIDDEN[name], id=name) for name in HIDDEN])
def test_code_that_type_checkers_never_look_at_is_hidden(text: str) -> None:
    assert ["what stands here runs, and type checkers never look at it"] == said(text)


@pytest.mark.parametrize("text", [pytest.param(SEEN[name], id=name) for name in SEEN])
def test_what_only_names_things_for_types_hides_nothing(text: str) -> None:
    assert said(text) == []


COLOURING = {
    "code under the name of a file": "exec(compile('x = 1', app.__file__, 'exec'))\n",
    "code under a literal name": "exec(compile('x = 1', filename='src/app.py', mode='exec'))\n",
    "compile by another name": "make = compile\nmake('x = 1', PATH, 'exec')\n",
    "a code object of another file": "code = f.__code__.replace(co_filename=PATH)\n",
    "coverage.py itself": "import coverage\ncoverage.Coverage.current()\n",
    "coverage.py's data": "from coverage.data import CoverageData\n",
    "the report by its option": "at = next(a for a in sys.argv if a.startswith('--cov-report'))\n",
    "the plugin of pytest": "config.pluginmanager.getplugin('_cov').cov_controller.cov\n",
    "the data by its name": "Path('.coverage').write_bytes(b'')\n",
    "the data by its variable": "os.environ['COVERAGE_FILE']\n",
    "a tracer": "sys.settrace(None)\n",
}
PLAIN = {
    "code under no file's name": "exec(compile('x = 1', '<string>', 'exec'))\n",
    "a pattern": "re.compile('x')\n",
    "a word": "text = 'the coverage of the tests'\n",
    "a function of that name": "def compile_all(): ...\n",
}


def doubted(text: str) -> tuple[str, ...]:
    before, data = {PATH: RATE}, {PATH: ran("1-4")}
    return doubts(COVERAGE, judged(before, {**before, "tests/test_app.py": text}, data, data))


@pytest.mark.parametrize("text", [pytest.param(COLOURING[name], id=name) for name in COLOURING])
def test_code_that_can_colour_lines_is_for_a_person_to_look_at(text: str) -> None:
    assert [each for each in doubted(text) if "can have lines counted that never ran" in each]


@pytest.mark.parametrize("text", [pytest.param(PLAIN[name], id=name) for name in PLAIN])
def test_code_that_only_looks_alike_is_let_alone(text: str) -> None:
    assert doubted(text) == ()


def test_what_the_base_has_already_is_not_looked_at_again() -> None:
    files = {PATH: RATE, "tests/conftest.py": COLOURING["coverage.py itself"]}
    after = {**files, "tests/conftest.py": files["tests/conftest.py"] + "x = 1\n"}
    data = {PATH: ran("1-4")}

    assert () == doubts(COVERAGE, judged(files, after, data, data))


FOLDED = {
    "a function": ("def f(n): return n * 2\n", 1),
    "several statements": ("def f(n): x = n; return x\n", 1),
    "behind a long head": ("def f(\n    n: int,\n) -> int: return n\n", 3),
    "a lambda": ("f = lambda n: n * 2\n", 1),
    "a method": ("class A:\n    def f(self): return 3\n", 2),
}


@pytest.mark.parametrize(
    ("text", "lines"), [pytest.param(*FOLDED[name], id=name) for name in FOLDED]
)
def test_a_new_function_on_the_line_that_defines_it_is_not_known_to_have_run(
    text: str, lines: int
) -> None:
    data = {PATH: ran("1-4")}
    head = {**data, "src/new.py": ran(f"1-{lines}")}
    case = judged({PATH: RATE}, {PATH: RATE, "src/new.py": text}, data, head)

    assert 1 == sum("on the line that defines it" in each for each in messages(case))


@pytest.mark.parametrize("text", ["def f(n): ...\n", "f = lambda: None\n", "class A: x = 1\n"])
def test_a_line_with_nothing_to_run_is_let_alone(text: str) -> None:
    data = {PATH: ran("1-4")}
    head = {**data, "src/new.py": ran("1")}

    assert messages(judged({PATH: RATE}, {PATH: RATE, "src/new.py": text}, data, head)) == []


def test_a_new_function_that_the_data_knows_nothing_of_is_not_measured() -> None:
    after = {PATH: RATE + "\n\ndef fresh(n):\n    return n * 2\n"}
    data = {PATH: ran("1-4")}

    (message,) = messages(judged({PATH: RATE}, after, data, data))

    assert "`fresh` has 1 line new, and not measured (7)." == message


def test_a_format_that_does_not_tell_what_it_leaves_out_is_not_asked_for_it() -> None:
    after = {PATH: RATE + "\n\ndef fresh(n):\n    return n * 2\n"}
    data = {PATH: ran("1-4")}

    assert messages(judged({PATH: RATE}, after, data, data, tools=("LCOV", "LCOV"))) == []


def test_what_type_checkers_pass_over_already_may_be_edited() -> None:
    before = {PATH: HIDDEN["not"]}
    after = {PATH: HIDDEN["not"].replace("return 's'", "return 's' + 't'")}

    assert () == findings(SUPPRESSION, case_of(before, after, NoOptions()))


def test_a_hook_hears_of_a_branch_that_begins_to_do_something() -> None:
    before = "def g():\n    if TYPE_CHECKING:\n        pass\n    else:\n        a = 1\n"
    case = case_of({PATH: before}, {PATH: before.replace("a = 1", "print(1)")}, NoOptions())

    assert SUPPRESSION.concerns is not None
    assert (True, 1) == (SUPPRESSION.concerns(case), len(findings(SUPPRESSION, case)))
