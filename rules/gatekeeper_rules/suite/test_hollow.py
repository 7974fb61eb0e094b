"""The rule test-hollow: a test that cannot fail, or that expects less than it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gatekeeper import Case, Examined, NoOptions, NoSubject, Observation, Rule
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS

_SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
_CODE_OF_TESTS = (
    *("test/", "tests/", "testing/", "__tests__/", "conftest.py"),
    *("test_*.py", "*_test.py", "*_tests.py", "test.py", "tests.py"),
    *("e2e/", "spec/", "__mocks__/"),
    *(f"*test{end}" for end in _SCRIPTS),
    *(f"*{stem}{end}" for stem in ("tests", "spec", "e2e", "cy") for end in _SCRIPTS),
)


def _in_python(case: Case[NoOptions]) -> Iterable[Observation]:
    from gatekeeper_rules.suite._python_hollowness import PythonHollowness

    return PythonHollowness(case.change).observations()


def _in_scripts(case: Case[NoOptions]) -> Iterable[Observation]:
    from gatekeeper_rules.suite._script_hollowness import ScriptHollowness

    return ScriptHollowness(case.change).observations()


def _in_production(case: Case[NoOptions]) -> Iterable[Observation]:
    from gatekeeper_rules.suite import _asking

    return _asking.observations(case.change)


Reader = Callable[[Case[NoOptions]], Iterable[Observation]]

READERS: tuple[Reader, ...] = (_in_python, _in_scripts, _in_production)
"""One for each language that tests are written in, and one for the code that they test."""


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """What every reader says of the tests that the change touches."""
    looked = False
    for reader in READERS:
        for observation in reader(case):
            looked = looked or isinstance(observation, Examined)
            yield observation
    if not looked:
        yield NoSubject("the change writes no test and nothing that tests rely on")


def concerns(case: Case[NoOptions]) -> bool:
    """Whether a file that differs is test code, or could ask whether it is tested."""
    from gatekeeper_rules.suite._script_paths import is_script_test_code
    from gatekeeper_rules.suite._test_paths import can_ask, is_test_code

    return any(
        is_test_code(path) or is_script_test_code(path) or can_ask(case.change, path)
        for path in case.change.files
    )


def watch(_: Case[NoOptions]) -> Watch:
    """Whatever lies where tests lie, or is called as they are; and code that names a runner."""
    return Watch(paths=(_CODE_OF_TESTS,), pieces=(("pytest",), ("PYTEST",), ("unittest",)))


RULE = Rule(
    name="test-hollow",
    summary="a test that cannot fail, or expects less than it did",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["test-hollow"],
    concerns=concerns,
    watch=watch,
)
