"""Changes that break the contract and would have the gate say yes, tried with the real command."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.lending import lent
from tests.repositories import RepositoryBuilder, make_repository
from tests.shared import once
from tests.stages import check

CONTRACT = """\
# Stage 1

## Validation
- All tests pass.
- No test is lost.
- Tests are not hollow.
- Line coverage is at least 85 %.
- The build passes.
- There are no warnings.
- Nothing is hidden.
"""
BINDING = """\
contract: contracts/stage-1.md
readings:
  tests: {{setup: '{setup}', run: python -m pytest, format: pytest}}
  coverage:
    run: "python -m pytest --cov=src --cov-report=json:{{out}}"
    format: coverage-json
  build: {{run: "python -m compileall -q -f src"}}
  ruff: {{run: ruff}}
clauses:
  - says: All tests pass.
    rules: [test-failed]
  - says: No test is lost.
    rules: [test-lost]
  - says: Tests are not hollow.
    rules: [test-hollow]
  - says: Line coverage is at least 85 %.
    rules: [coverage-dropped: {{minimum: 85}}]
  - says: The build passes.
    rules: [build-failed]
  - says: There are no warnings.
    rules: [lint-warning: {{readings: [ruff]}}]
  - says: Nothing is hidden.
    rules: [suppression-added]
"""
PROJECT = """\
[tool.pytest.ini_options]
pythonpath = ["src"]
testpaths = ["tests"]

[tool.coverage.run]
source = ["src"]

[tool.ruff.lint]
select = ["E", "F"]
"""
RULES = (
    *("test-failed", "test-lost", "test-hollow", "coverage-dropped"),
    *("build-failed", "lint-warning", "suppression-added"),
)
SOURCE = "src/shop/pricing.py"
SUMS = "tests/test_sums.py"
SHARED = "tests/conftest.py"
PRICING = """\
def add(a, b):
    return a + b


def sub(a, b):
    return a - b
"""
TESTS = """\
import pytest
from shop.pricing import add, sub


def test_add():
    assert add(2, 3) == 5


@pytest.mark.parametrize(("a", "b", "c"), [(5, 3, 2), (1, 1, 0)])
def test_sub(a, b, c):
    assert sub(a, b) == c
"""
FRESH = "\n\ndef fresh(n):\n    if n > 3:\n        return n * 2\n    return n\n"
WRONG = PRICING.replace("a - b", "a + b")
FILES: Mapping[str, str] = {
    ".gitignore": "__pycache__\n",
    "contracts/stage-1.md": CONTRACT,
    "pyproject.toml": PROJECT,
    "src/shop/__init__.py": "",
    SOURCE: PRICING,
    SUMS: TESTS,
    SHARED: "import pytest\n\nassert pytest\n",
}


def configured(old: str, new: str) -> Mapping[str, str]:
    return {"pyproject.toml": PROJECT.replace(old, new)}


def addopts(given: str) -> Mapping[str, str]:
    return configured('testpaths = ["tests"]', f'testpaths = ["tests"]\naddopts = "{given}"')


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    """The project and its contract, of which the base has been measured."""

    def make(folder: Path) -> None:
        repository = make_repository(folder / "shop")
        repository.write_all({**FILES, "gatekeeper.yaml": BINDING.format(setup=lent(folder))})
        repository.commit("the contract")
        check(repository, "--base", "main", "--head", "main")
        repository.git("switch", "--quiet", "--create", "work")

    return RepositoryBuilder(once(tmp_path_factory, "gaming", make) / "shop")


def ruled(
    agreed: RepositoryBuilder, folder: Path, edits: Mapping[str, str], rules: Sequence[str] = ()
) -> Mapping[str, str]:
    """What the gate says of a change, by rule."""
    shutil.copytree(agreed.path, folder / "shop", symlinks=True)
    repository = RepositoryBuilder(folder / "shop")
    repository.write_all(edits)
    repository.commit("the work")
    asked = (word for rule in rules for word in ("--rule", rule))
    outcome = check(repository, "--base", "main", "--head", "work", *asked)
    rulings = (each for clause in outcome.report["clauses"] for each in clause["rulings"])
    return {each["rule"]: each["verdict"] for each in rulings}


HONEST = {
    SOURCE: PRICING + FRESH,
    SUMS: TESTS.replace("add, sub", "add, fresh, sub")
    + (
        '\n\n@pytest.mark.parametrize(("n", "out"), [(4, 8), (2, 2)])\n'
        "def test_fresh(n, out):\n    assert fresh(n) == out\n"
    ),
}


def test_an_honest_change_is_kept(agreed: RepositoryBuilder, tmp_path: Path) -> None:
    found = ruled(agreed, tmp_path, HONEST)

    assert dict.fromkeys(RULES, "kept") == {each: found[each] for each in RULES}


PLUGIN = """\
def pytest_collection_modifyitems(items):
    for item in items:
        if item.name.startswith("test_sub"):
            item.obj = lambda a, b, c: None
"""
SKIPS = (
    "\n\ndef pytest_runtest_setup(item):\n    if 'sub' in item.name:\n        pytest.skip('x')\n"
)
GREEN = """\


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    done = yield
    done.get_result().outcome = "passed"
"""
EXPECTS = """\


def pytest_collection_modifyitems(items):
    for item in items:
        if "fresh" in item.name:
            item.add_marker(pytest.mark.xfail(strict=False))
"""
UNMET = {
    SOURCE: PRICING + FRESH,
    "tests/test_fresh.py": (
        "from shop.pricing import fresh\n\n\ndef test_fresh():\n    assert fresh(4) == 0\n"
    ),
}
COLOURS = """\
import shop.pricing


def test_colour():
    exec(compile("x = 1\\n" * 40, shop.pricing.__file__, "exec"))
    assert shop.pricing.add(1, 2) == 3
"""
CUTS = """\
import shop.pricing
from pathlib import Path


def test_cut():
    file = Path(shop.pricing.__file__)
    file.write_text(file.read_text().split("def fresh")[0])
    assert shop.pricing.add(1, 2) == 3
"""
ADDS = """\


def pytest_runtestloop(session):
    import coverage, shop.pricing
    data = coverage.Coverage.current().get_data()
    data.add_lines({shop.pricing.__file__: range(1, 40)})
"""
ONE_LINE = "\n\ndef fresh(n): return n * 2 if n > 3 else n\n"
LIED = {
    "a wrong expectation for wrong code": (
        "test-failed",
        "broken",
        {SOURCE: WRONG, SUMS: TESTS.replace("(5, 3, 2), (1, 1, 0)", "(5, 3, 8), (1, 1, 2)")},
    ),
    "the failing test is deselected": (
        "test-failed",
        "broken",
        {SOURCE: WRONG, **addopts("-k 'not sub'")},
    ),
    "the failing test is skipped by a hook": (
        "test-failed",
        "broken",
        {SOURCE: WRONG, SHARED: FILES[SHARED] + SKIPS},
    ),
    "a new test that fails is expected to by a hook": (
        "test-failed",
        "broken",
        {**UNMET, SHARED: FILES[SHARED] + EXPECTS},
    ),
    "a new test that fails is in a file that is ignored": (
        "test-failed",
        "unproven",
        {**UNMET, **addopts("--ignore=tests/test_fresh.py")},
    ),
    "the tests are led to a copy of the code": (
        "test-failed",
        "unproven",
        {
            SOURCE: WRONG,
            "good/shop/__init__.py": "",
            "good/shop/pricing.py": PRICING,
            **configured('["src"]', '["good", "src"]'),
        },
    ),
    "all outcomes are made green": (
        "test-failed",
        "unproven",
        {SOURCE: WRONG, SHARED: FILES[SHARED] + GREEN},
    ),
    "the run ends before it has begun": (
        "test-failed",
        "unproven",
        {SOURCE: WRONG, SHARED: "def pytest_cmdline_main(config):\n    return 0\n"},
    ),
    "a case is taken out": ("test-lost", "broken", {SUMS: TESTS.replace(", (1, 1, 0)", "")}),
    "the tests are of no module": ("test-lost", "broken", {SUMS: TESTS + "\n\n__test__ = False\n"}),
    "pytest is told to look elsewhere": ("test-lost", "broken", configured('["tests"]', '["src"]')),
    "a plugin of the package exchanges a test": (
        "test-hollow",
        "broken",
        {SOURCE: WRONG, "src/shop/plug.py": PLUGIN, **addopts("-p shop.plug")},
    ),
    "new code is not covered": ("coverage-dropped", "broken", {SOURCE: PRICING + FRESH}),
    "new code is excluded by an innocent pattern": (
        "coverage-dropped",
        "broken",
        {
            SOURCE: PRICING + FRESH,
            **configured(
                "[tool.ruff.lint]", "[tool.coverage.report]\nexclude_also = ['n']\n[tool.ruff.lint]"
            ),
        },
    ),
    "new code stands in a new folder": (
        "coverage-dropped",
        "broken",
        {"src/extra/fresh.py": FRESH[2:]},
    ),
    "new code stands on one line": ("coverage-dropped", "broken", {SOURCE: PRICING + ONE_LINE}),
    "lines are coloured by other code": (
        "coverage-dropped",
        "unproven",
        {SOURCE: PRICING + FRESH, "tests/test_colour.py": COLOURS},
    ),
    "lines are added to the data": (
        "coverage-dropped",
        "unproven",
        {SOURCE: PRICING + FRESH, SHARED: FILES[SHARED] + ADDS},
    ),
    "the source is cut while it is measured": (
        "coverage-dropped",
        "broken",
        {SOURCE: PRICING + FRESH, "tests/test_cut.py": CUTS},
    ),
    "data that was committed": (
        "coverage-dropped",
        "unproven",
        {SOURCE: PRICING + FRESH, ".coverage.other.1": "SQLite format 3\0coverage_schema"},
    ),
    "a build that fails": ("build-failed", "broken", {"src/shop/broken.py": "x = 1\nreturn x\n"}),
    "a warning in a folder that linters pass over": (
        "lint-warning",
        "broken",
        {"src/node_modules/gen.py": "import os\n"},
    ),
    "a warning under settings of its own": (
        "lint-warning",
        "broken",
        {"src/shop/gen.py": "import os\n", "src/shop/ruff.toml": "lint.select = []\n"},
    ),
    "a warning in a file that cannot be read": (
        "lint-warning",
        "broken",
        {"src/shop/gen.py": "# -*- coding: rot13 -*-\nimport os\n\x00"},
    ),
}
"""What breaks, with the rule that is to see it and what it is to say."""


@pytest.mark.parametrize(
    ("rule", "verdict", "edits"), [pytest.param(*LIED[name], id=name) for name in LIED]
)
def test_a_lie_is_seen(
    agreed: RepositoryBuilder, tmp_path: Path, rule: str, verdict: str, edits: Mapping[str, str]
) -> None:
    assert verdict == ruled(agreed, tmp_path, edits, [rule])[rule]
