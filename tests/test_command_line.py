"""What a shell line starts is told from its words: by what means a reading is taken hangs on it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.reading.command_line import program_of, programs, words
from gatekeeper.reading.method import format_of
from gatekeeper.reading.suite import is_node
from gatekeeper.terms import ReadingPlan

LINES = [
    pytest.param("npm test", ("npm",), "npm", id="a program"),
    pytest.param("CI=1 npm test", ("npm",), "npm", id="a variable before it"),
    pytest.param("A='b c' D+=e npm t", ("npm",), "npm", id="variables in quotes"),
    pytest.param("env X=1 npx vitest", ("env", "npx", "vitest"), "vitest", id="env and npx"),
    pytest.param("env -i -u A npx vitest", ("env", "npx", "vitest"), "vitest", id="env's options"),
    pytest.param("npx --yes vitest@4", ("npx", "vitest"), "vitest", id="a version"),
    pytest.param("npx -p typescript tsc", ("npx", "tsc"), "tsc", id="a package and its program"),
    pytest.param("npx @a/b@1 x", ("npx", "@a/b@1"), "@a/b@1", id="a package with a scope"),
    pytest.param("timeout -k 5 60s pytest", ("timeout", "pytest"), "pytest", id="timeout"),
    pytest.param("exec nice -n 5 pytest", ("exec", "nice", "pytest"), "pytest", id="exec and nice"),
    pytest.param("python -m pytest -q", ("python", "pytest"), "pytest", id="a module"),
    pytest.param("python3.12 -X dev -m pytest", ("python3.12", "pytest"), "pytest", id="options"),
    pytest.param("python run.py", ("python",), "python", id="a script"),
    pytest.param("cd web && npm ci", ("cd", "npm"), "cd", id="one after the other"),
    pytest.param("(a; b) | c || d\ne", ("a", "b", "c", "d", "e"), "a", id="every way to go on"),
    pytest.param("tsc > {out} 2>&1", ("tsc",), "tsc", id="output led elsewhere"),
    pytest.param("if true; then npm t; fi", ("true", "npm", "fi"), "true", id="a condition"),
    pytest.param("npm \\\n  test", ("npm",), "npm", id="a line that goes on"),
    pytest.param("./node_modules/.bin/jest", ("jest",), "jest", id="a path"),
    pytest.param("npm 'test", ("npm",), "npm", id="a quotation that is not closed"),
    pytest.param("npx", ("npx",), "npx", id="a launcher of nothing"),
    pytest.param("", (), "", id="nothing"),
    pytest.param(" && ;", (), "", id="signs alone"),
]


@pytest.mark.parametrize(("line", "started", "_tool"), LINES)
def test_programs_are_told_in_their_order(line: str, started: tuple[str, ...], _tool: str) -> None:
    assert started == programs(line)


@pytest.mark.parametrize(("line", "_started", "tool"), LINES)
def test_a_line_is_about_what_its_first_command_starts(
    line: str, _started: tuple[str, ...], tool: str
) -> None:
    assert tool == program_of(line)


@given(st.text(alphabet="ab=-'\"\\ \n;&|()<>$@/", max_size=40))
def test_every_program_of_a_line_is_written_there(line: str) -> None:
    started = programs(line)

    assert [] == [name for name in started if not any(name in word for word in words(line))]


KINDS = [
    pytest.param("npm test", "", True, id="npm"),
    pytest.param("CI=1 npm test", "", True, id="npm behind a variable"),
    pytest.param("env X=1 npx vitest run", "", True, id="npx behind env"),
    pytest.param("cd web && npx vitest", "", True, id="npx behind another command"),
    pytest.param("make test", "npm ci", True, id="what the setup says where the run does not"),
    pytest.param("npx vitest && python3 merge.py", "", True, id="npx and then Python"),
    pytest.param("pytest", "npm ci", False, id="pytest, whatever its setup is"),
    pytest.param("CI=1 pytest", "", False, id="pytest behind a variable"),
    pytest.param("python -m pytest", "pip install . && npm ci", False, id="a module of Python"),
    pytest.param("make test", "pip install -e . && npm ci", False, id="pip and then npm"),
    pytest.param("make test", "", False, id="nobody says"),
]


@pytest.mark.parametrize(("run", "setup", "expected"), KINDS)
def test_the_first_program_that_is_known_says_whether_it_is_node(
    run: str, setup: str, *, expected: bool
) -> None:
    assert expected is is_node(ReadingPlan(run, setup))


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ("pytest -q", "pytest"),
        ("CI=1 pytest -q", "pytest"),
        ("env -u CI python -m pytest", "pytest"),
        ("npx --no-install tsc", "tsc"),
        ("cd web && tsc", ""),
        ("vitest run", ""),
    ],
)
def test_the_format_is_that_of_the_tool(run: str, expected: str) -> None:
    assert expected == format_of("checks", ReadingPlan(run))
