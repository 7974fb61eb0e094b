"""What other tools of the field say yes to, and coverage-dropped says no: both run here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from gatekeeper import Need, Which
from gatekeeper.reading import cobertura_xml, coverage_json, lcov
from gatekeeper.reading.coverage import Coverage
from gatekeeper_rules.suite.coverage_dropped import RULE, Options
from tests.cases import case_of, doubts, findings, with_readings
from tests.lean import ALONE
from tests.repositories import RepositoryBuilder, make_repository

RATES = """\
def rate(age):
    if age > 65:
        return 7
    return 19
"""
REFUNDS = """\
def refund(order):
    if order > 100:
        return 0
    return order
"""
TEST_RATES = """\
from shop.rates import rate


def test_rate():
    assert rate(30) == 19


def test_rate_of_the_old():
    assert rate(70) == 7
"""
TEST_REFUNDS = """\
from shop.refunds import refund


def test_refund():
    assert (refund(10), refund(200)) == (10, 0)
"""
SETTINGS = """\
[tool.pytest.ini_options]
pythonpath = ["src"]
addopts = ["-q", "-p", "no:cacheprovider"]

[tool.coverage.run]
source = ["src"]
relative_files = true
"""
READERS: Mapping[str, Callable[[bytes, str], object]] = {
    "coverage.json": coverage_json.read,
    "coverage.xml": cobertura_xml.read,
    "coverage.lcov": lcov.read,
}
SHOP = {
    "pyproject.toml": SETTINGS,
    "src/shop/__init__.py": "",
    "src/shop/rates.py": RATES,
    "src/shop/refunds.py": REFUNDS,
    "tests/test_rates.py": TEST_RATES,
    "tests/test_refunds.py": TEST_REFUNDS,
}


@dataclass(frozen=True)
class Said:
    """What a peer said: its exit status, and its words."""

    status: int
    words: str


@dataclass(frozen=True)
class Shop:
    """A repository whose `main` is the base; the work tree holds the head."""

    repository: RepositoryBuilder

    def run(self, *words: str) -> Said:
        """Run a module of this Python in the work tree."""
        outer = ("COV_", "COVERAGE_", "PYTEST_")
        environ = {
            name: value
            for name, value in self.repository.environ.items()
            if not name.startswith(outer)
        }
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=self.repository.path,
            env=environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": " ".join(ALONE)},
            capture_output=True,
            text=True,
            check=False,
        )
        return Said(done.returncode, done.stdout + done.stderr)

    def tested(self, *options: str) -> Said:
        """What pytest says under pytest-cov; leaves `coverage.json` and its like."""
        reports = [f"--cov-report={each}" for each in ("json", "xml", "lcov", "term-missing")]
        return self.run("pytest", "--cov", *reports, *options)

    def diff_cover(self) -> Said:
        """What diff-cover says of the head, when every changed line is to be covered."""
        return self.run(
            "diff_cover.diff_cover_tool",
            "coverage.xml",
            "--compare-branch=main",
            "--fail-under=100",
        )

    def change(self, files: Mapping[str, str | None]) -> None:
        """Commit the head on a branch of its own."""
        self.repository.git("switch", "--quiet", "--create", "head")
        for path, text in files.items():
            if text is None:
                self.repository.delete(path)
            else:
                self.repository.write(path, text)
        self.repository.commit("the head")

    def measured(self, name: str = "coverage.json") -> Coverage:
        """What the last run of pytest measured, as one of its reports has it."""
        root = self.repository.path.resolve()
        found = READERS[name]((root / name).read_bytes(), str(root))
        assert isinstance(found, Coverage)
        return found

    def files(self) -> Mapping[str, bytes]:
        """The files of the work tree that are in git."""
        listed = self.repository.git("ls-files").splitlines()
        return {path: (self.repository.path / path).read_bytes() for path in listed}


def opened(folder: Path, files: Mapping[str, str]) -> Shop:
    repository = make_repository(folder)
    repository.write(".gitignore", "coverage.*\n.coverage\n__pycache__/\n")
    repository.write_all(files)
    repository.commit("the base")
    return Shop(repository)


@dataclass(frozen=True)
class Judged:
    """What the peers said of a head, and what gatekeeper says."""

    tests: Said
    diff: Said
    found: tuple[str, ...]
    doubts: tuple[str, ...]


@pytest.fixture(scope="module")
def measured_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop as it is at the base, with what was measured of it."""
    shop = opened(tmp_path_factory.mktemp("base") / "shop", SHOP)
    assert shop.tested().status == 0
    return shop.repository.path


@pytest.fixture
def shop(measured_shop: Path, tmp_path: Path) -> Shop:
    """One of its own for each test."""
    copytree(measured_shop, tmp_path / "shop")
    return Shop(RepositoryBuilder(tmp_path / "shop"))


def judged(
    shop: Shop,
    head: Mapping[str, str | None],
    *,
    minimum: int | None = None,
    report: str = "coverage.json",
) -> Judged:
    """Base and head measured by pytest-cov, and judged by everybody."""
    before, then = shop.files(), shop.measured(report)
    shop.change(head)
    floor = () if minimum is None else (f"--cov-fail-under={minimum}",)
    tests = shop.tested(*floor)
    options = Options(None if minimum is None else Decimal(minimum))
    readings = {
        Need("coverage", Which.BASE): then,
        Need("coverage", Which.HEAD): shop.measured(report),
    }
    case = with_readings(case_of(before, shop.files(), options), readings)
    found = tuple(each.message for each in findings(RULE, case))
    return Judged(tests, shop.diff_cover(), found, doubts(RULE, case))


def test_pytest_cov_takes_89_55_percent_for_90(tmp_path: Path) -> None:
    constants = "".join(f"C{number} = {number}\n" for number in range(179))
    files = {
        "pyproject.toml": SETTINGS,
        "src/big.py": constants + "def long(a):\n" + "    a += 1\n" * 21,
        "tests/test_big.py": "import big\n\n\ndef test_big():\n    assert big.C1 == 1\n",
    }
    shop = opened(tmp_path / "shop", files)
    shop.tested()

    said = judged(shop, {"README": "A shop.\n"}, minimum=90)

    assert 0 == said.tests.status, said.tests.words
    assert ("The line coverage is 180 of 201 (89.55 %), under the floor of 90 %.",) == said.found


def test_diff_cover_does_not_miss_a_new_file_that_nobody_measured(shop: Shop) -> None:
    """The folder has no `__init__.py`, so coverage.py does not look for what is not imported."""
    said = judged(shop, {"src/shop/extra/loans.py": REFUNDS}, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    (found,) = said.found
    assert found.startswith("src/shop/extra/loans.py is new, and nothing of it is measured")


def test_diff_cover_does_not_see_what_a_deleted_test_had_covered(shop: Shop) -> None:
    less = TEST_RATES.partition("\n\n\ndef test_rate_of_the_old")[0] + "\n"

    said = judged(shop, {"tests/test_rates.py": less})

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("`rate` has 1 line that lost coverage (3).",) == said.found


@pytest.mark.parametrize("report", READERS)
def test_what_a_deleted_test_had_covered_is_in_every_report(shop: Shop, report: str) -> None:
    less = TEST_RATES.partition("\n\n\ndef test_rate_of_the_old")[0] + "\n"

    said = judged(shop, {"tests/test_rates.py": less}, report=report)

    assert ((), ("`rate` has 1 line that lost coverage (3).",)) == (said.doubts, said.found)


@pytest.mark.parametrize("report", ["coverage.xml", "coverage.lcov"])
def test_a_pragma_takes_lines_out_of_a_report_that_knows_none(shop: Shop, report: str) -> None:
    hidden = RATES.replace("65:", "65:  # pragma: no cover")

    said = judged(shop, {"src/shop/rates.py": hidden}, report=report, minimum=100)

    assert ((), ("`rate` has 1 line not measured any more (3).",)) == (said.doubts, said.found)


def test_three_dots_take_the_code_behind_them_out_of_the_count(shop: Shop) -> None:
    """By default coverage.py leaves out every function that begins with `...`."""
    hidden = REFUNDS.replace("refund(order):\n", "loan(order):\n    ...\n")

    said = judged(shop, {"src/shop/rates.py": f"{RATES}\n\n{hidden}"}, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("`loan` has 4 lines newly excluded (7, 9-11).",) == said.found


def test_a_folder_that_is_no_package_any_more_takes_its_files_along(tmp_path: Path) -> None:
    shop = opened(
        tmp_path / "shop",
        {**SHOP, "src/shop/extra/__init__.py": "", "src/shop/extra/loans.py": "LOAN = 1\n"},
    )
    shop.tested()

    said = judged(shop, {"src/shop/extra/__init__.py": None})

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("src/shop/extra/loans.py was measured at the base, and is not any more.",) == said.found


def test_a_pragma_makes_a_hundred_percent_of_a_function_without_a_test(shop: Shop) -> None:
    hidden = RATES + REFUNDS.replace(
        "def refund(order):", "\n\ndef loan(order):  # pragma: no cover"
    )

    said = judged(shop, {"src/shop/rates.py": hidden}, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("`loan` has 4 lines newly excluded (7-10).",) == said.found


def test_diff_cover_does_not_follow_a_file_that_is_moved_out_of_the_measurement(
    shop: Shop,
) -> None:
    head = {
        "src/shop/refunds.py": None,
        "lib/refunds.py": REFUNDS,
        "tests/test_refunds.py": None,
    }

    said = judged(shop, head, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert (
        "lib/refunds.py was measured at the base as src/shop/refunds.py, and is not any more.",
    ) == said.found


def test_a_file_that_moves_with_its_tests_is_nobodys_fault(shop: Shop) -> None:
    head = {
        "src/shop/refunds.py": None,
        "src/shop/money/__init__.py": "",
        "src/shop/money/refunds.py": REFUNDS,
        "tests/test_refunds.py": TEST_REFUNDS.replace("shop.refunds", "shop.money.refunds"),
    }

    said = judged(shop, head, minimum=100)

    assert ((), ()) == (said.found, said.doubts)


def test_an_omit_makes_a_hundred_percent_of_a_file_without_a_test(shop: Shop) -> None:
    """Gatekeeper measures with the base's settings; the rule sees it even where nobody does."""
    head = {
        "pyproject.toml": SETTINGS + 'omit = ["*/refunds.py"]\n',
        "tests/test_refunds.py": None,
    }

    said = judged(shop, head, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("src/shop/refunds.py was measured at the base, and is not any more.",) == said.found


def test_a_hundred_lines_elsewhere_pay_for_a_deleted_test_of_ten(shop: Shop) -> None:
    """Where the share fell all the same, it is the lost line that is found, not the new ones."""
    more = "".join(f"\n\ndef f{number}():\n    return {number}\n" for number in range(20))
    head = {
        "src/shop/rates.py": RATES + more,
        "tests/test_rates.py": "from shop import rates\n\n\ndef test_rate():\n"
        "    assert rates.rate(30) == 19\n\n\ndef test_the_rest():\n"
        "    assert [getattr(rates, f'f{n}')() for n in range(20)] == list(range(20))\n",
    }

    said = judged(shop, head, minimum=90)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert ("`rate` has 1 line that lost coverage (3).",) == said.found


def test_a_pattern_in_the_settings_takes_a_function_without_a_test_out_of_the_count(
    shop: Shop,
) -> None:
    """Gatekeeper measures with the base's settings; the rule sees it even where nobody does."""
    head = {
        "pyproject.toml": f'{SETTINGS}\n[tool.coverage.report]\nexclude_also = ["def refund"]\n',
        "tests/test_refunds.py": None,
    }

    said = judged(shop, head, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert "`refund` has 4 lines newly excluded (1-4)." in said.found


def test_a_narrower_source_makes_a_hundred_percent_of_what_is_left(shop: Shop) -> None:
    head = {
        "pyproject.toml": SETTINGS.replace('source = ["src"]', 'include = ["src/shop/rates.py"]'),
        "tests/test_refunds.py": None,
    }

    said = judged(shop, head, minimum=100)

    assert (0, 0) == (said.tests.status, said.diff.status), said.tests.words + said.diff.words
    assert "src/shop/refunds.py was measured at the base, and is not any more." in said.found
