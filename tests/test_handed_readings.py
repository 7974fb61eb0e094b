"""A reading handed in counts only where the contract at base says so, and is labelled."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gatekeeper import Measured, Missing, Need, Which
from gatekeeper.errors import UsageError
from gatekeeper.reading.coverage import Coverage, FileCoverage
from gatekeeper.reading.handed import SCHEMA, Handed, handed_in
from gatekeeper.reading.measuring import Means, measure
from gatekeeper.rule import Reading
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import replace
from tests.here import check
from tests.repositories import RepositoryBuilder, make_repository
from tests.trees import means, tree

HEAD = tree("head", {"app.py": "A = 1\nB = 2\n"})
BASE = tree("base", {"app.py": "A = 1\n"})
LCOV = "SF:/ci/checkout/app.py\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\n"
COVERAGE = FileCoverage(frozenset({1}), frozenset({2}))
PLAN = ReadingPlan("exit 1 # {out}", format="lcov", accept="given")


def report(**changed: Any) -> dict[str, Any]:
    said = {
        "schema": SCHEMA,
        "reading": "coverage",
        "tree": HEAD.tree,
        "format": "lcov",
        "root": "/ci/checkout",
        "content": LCOV,
    }
    return {key: each for key, each in {**said, **changed}.items() if each is not None}


def given(folder: Path, said: object, plan: ReadingPlan = PLAN, run: bool = True) -> Reading:
    file = folder / "coverage.json"
    file.write_text(said if isinstance(said, str) else json.dumps(said))
    need = Need("coverage", Which.HEAD)
    with_it = Means(means().environ, handed=(Handed("coverage", file),), run=run)
    return measure([need], {"coverage": plan}, BASE, HEAD, with_it)[need]


@pytest.mark.parametrize("run", [True, False])
def test_what_the_contract_accepts_counts_and_says_that_it_was_given(
    tmp_path: Path, run: bool
) -> None:
    reading = given(tmp_path, report(), run=run)

    assert isinstance(reading, Measured)
    assert isinstance(reading.value, Coverage)
    assert {"app.py": COVERAGE} == reading.value.files
    assert reading.given
    assert "given in coverage.json, not measured" == reading.how


def test_what_the_contract_does_not_accept_is_missing(tmp_path: Path) -> None:
    reading = given(tmp_path, report(), replace(PLAN, accept=""))

    assert isinstance(reading, Missing)
    assert "does not accept that (`accept: given` at the reading)" in reading.why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (report(tree=BASE.tree), f"it was taken on the tree {BASE.tree}, not on the head's"),
        (report(tree="HEAD"), "it was taken on the tree HEAD, not on the head's"),
        (report(tree=None), "the file does not say its `tree`"),
        (report(schema="other/2"), "its schema is other/2, and gatekeeper.reading/1 is read here"),
        (report(reading="tests"), "it is the reading tests, not coverage"),
        (report(format="pytest"), "the format pytest is no file that can be read"),
        (report(content=7), "the file is no JSON object of texts"),
        (report(root="/elsewhere"), "it names '/ci/checkout/app.py', which is not a file in"),
        (report(content=""), "it is empty"),
        ([report()], "the file is no JSON object of texts"),
        (LCOV, "the file is no JSON; see docs/readings.md for what it must hold"),
        ("[" * 100_000, "the file is no JSON; see docs/readings.md for what it must hold"),
    ],
    ids=[
        "of the base's tree",
        "a name for a tree",
        "no tree",
        "another schema",
        "another reading",
        "a format that is no file",
        "a number",
        "paths of another place",
        "nothing in it",
        "a list",
        "no wrapper",
        "nested",
    ],
)
def test_a_file_that_does_not_fit_is_missing_with_the_reason(
    tmp_path: Path, said: object, why: str
) -> None:
    reading = given(tmp_path, said)

    assert isinstance(reading, Missing)
    assert reading.why.startswith("what was handed in cannot be used: ")
    assert why in reading.why


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    need = Need("coverage", Which.HEAD)
    with_it = Means(means().environ, handed=(Handed("coverage", tmp_path / "none"),))

    reading = measure([need], {"coverage": PLAN}, BASE, HEAD, with_it)[need]

    why = "what was handed in cannot be used: the file cannot be read: No such file or directory"
    assert Missing(why) == reading


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["coverage"], "--reading coverage: give a name and a file, as in tests=tests.json"),
        (["=x"], "--reading =x: give a name and a file, as in tests=tests.json"),
        (["cov=x"], "--reading cov=x: the contract's readings are: coverage, tests"),
        (["tests=a", "tests=b"], "--reading tests=b: there is one for tests already"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(texts: list[str], says: str) -> None:
    with pytest.raises(UsageError) as refused:
        handed_in(texts, ("coverage", "tests"))

    assert says == str(refused.value)


CONTRACT = "# Stage\n\n## Tests\n- Line coverage does not decrease.\n"
BINDING = """\
contract: contracts/stage.md
readings:
  coverage: {run: "cp base.lcov {out}", format: lcov, accept: given}
clauses:
  - says: Line coverage does not decrease.
    rules: [coverage-dropped]
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    made = make_repository(tmp_path_factory.mktemp("handed") / "repository")
    made.write_all(
        {
            "contracts/stage.md": CONTRACT,
            "gatekeeper.yaml": BINDING,
            "app.py": "A = 1\n",
            "base.lcov": "SF:app.py\nDA:1,1\nLF:1\nLH:1\nend_of_record\n",
        }
    )
    made.commit("the contract")
    made.git("switch", "--quiet", "--create", "work")
    made.write("app.py", "A = 1\nB = 2\n")
    made.commit("the work")
    return made


def handed_file(repository: RepositoryBuilder, tmp_path: Path) -> str:
    file = tmp_path / "handed.json"
    content = LCOV.replace("DA:2,0", "DA:2,1").replace("LH:1", "LH:2")
    said = report(tree=repository.git("rev-parse", "HEAD^{tree}"), content=content)
    file.write_text(json.dumps(said))
    return f"coverage={file}"


def test_the_ruling_says_that_its_reading_was_given(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    outcome = check(repository, "--reading", handed_file(repository, tmp_path))

    [ruling] = outcome.report["clauses"][0]["rulings"]
    assert "kept" == ruling["verdict"]
    assert "the reading coverage of the head was given in handed.json, not measured" in outcome.out


def test_without_it_the_head_is_measured(repository: RepositoryBuilder) -> None:
    outcome = check(repository)

    assert "kept" == outcome.verdicts()["tests-1"]
    assert "not measured" not in outcome.out


def test_a_base_is_measured_whatever_is_handed_in(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    given_file = handed_file(repository, tmp_path)

    outcome = check(repository, "--no-run", "--reading", given_file)

    [ruling] = outcome.report["clauses"][0]["rulings"]
    assert "the reading coverage of the base is missing: --no-run was given" == ruling["unproven"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--reading", "lint=x"), "--reading lint=x: the contract's readings are: coverage"),
        (("--staged", "--reading", "coverage=x"), "--reading: a local check (--staged) uses no"),
    ],
)
def test_the_command_line_refuses_what_would_not_count(
    repository: RepositoryBuilder, arguments: tuple[str, ...], says: str
) -> None:
    outcome = check(repository, *arguments)

    assert 2 == outcome.status
    assert outcome.err.startswith(f"gatekeeper: {says}")


PAGE = (Path(__file__).parents[1] / "docs" / "readings.md").read_text(encoding="utf-8")


def test_the_pages_example_is_a_file_that_can_be_handed_in(tmp_path: Path) -> None:
    [example] = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)

    reading = given(tmp_path, {**json.loads(example), "tree": HEAD.tree})

    assert isinstance(reading, Measured)
    assert isinstance(reading.value, Coverage)
    assert ["src/till.py"] == list(reading.value.files)


def test_the_pages_recipe_writes_a_file_that_counts(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    [recipe] = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    checkout = repository.clone(tmp_path / "ci")
    (checkout.path / "lcov.info").write_text("SF:app.py\nDA:1,1\nLF:1\nLH:1\nend_of_record\n")

    subprocess.run([sys.executable, "-c", recipe], cwd=checkout.path, check=True)

    said = checkout.path / "coverage.reading.json"
    assert "was given in" in check(repository, "--reading", f"coverage={said}").out
