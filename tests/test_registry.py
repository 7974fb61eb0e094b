"""Rules are found in packages, and one that does not load is never skipped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.errors import RuleLoadError
from gatekeeper.registry import declared_packages, load_rules, rules_of

RULE = '''
"""A rule."""
from gatekeeper import Examined, NoOptions, Rule


def check(case):
    yield Examined("files")


RULE = Rule("{name}", "a fault", NoOptions, check)
'''


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def _write(folder: Path, package: str, rule: str, code: str, *, page: bool = True) -> None:
    family = folder / package / "family"
    family.mkdir(parents=True, exist_ok=True)
    (folder / package / "__init__.py").touch()
    (family / "__init__.py").touch()
    (family / f"{rule}.py").write_text(code)
    if page:
        (family / f"{rule}.md").write_text(f"# {rule}\n")


def test_every_rule_of_the_design_is_known() -> None:
    names = set(load_rules())

    assert names >= {
        "api-changed", "build-failed", "contract-after-code", "contract-weakened",
        "coverage-dropped", "critical-path-untested", "dependent-untested",
        "durable-object-used", "gate-tampered", "input-missing", "legacy-remains",
        "lint-warning", "migration-fails", "migration-irreversible", "migration-loses-data",
        "migration-rewritten", "migration-unrepeatable", "out-of-scope-change",
        "output-missing", "protected-module-changed", "query-broken", "suppression-added",
        "table-missing", "test-failed", "test-hollow", "test-lost", "unsupported-module",
        "workflow-missing", "workflow-step-unsafe",
    }  # fmt: skip


def test_a_rule_is_found_by_the_name_of_its_file(packages: Path) -> None:
    _write(packages, "their_rules", "todo_left", RULE.format(name="todo-left"))

    found = rules_of(["their_rules"])

    assert ["todo-left"] == list(found)


@pytest.mark.parametrize(
    ("rule", "code", "page", "complaint"),
    [
        pytest.param("bad", "import nothing_of_that_name", True, "does not load", id="an import"),
        pytest.param("bad", "def (", True, "does not load", id="a syntax error"),
        pytest.param("bad", "raise SystemError", True, "does not load", id="a crash on import"),
        pytest.param("bad", "X = 1", True, "has no RULE", id="no rule in it"),
        pytest.param("bad", RULE.format(name="good"), True, "name both alike", id="another name"),
        pytest.param("bad", RULE.format(name="bad"), False, "has no page", id="no page"),
    ],
)
def test_a_rule_that_does_not_load_stops_the_run(
    packages: Path, rule: str, code: str, page: bool, complaint: str
) -> None:
    _write(packages, "their_rules", rule, code, page=page)

    with pytest.raises(RuleLoadError, match=complaint):
        rules_of(["their_rules"])


def test_two_rules_of_one_name_stop_the_run(packages: Path) -> None:
    _write(packages, "one_package", "todo_left", RULE.format(name="todo-left"))
    _write(packages, "two_package", "todo_left", RULE.format(name="todo-left"))

    with pytest.raises(RuleLoadError, match="todo-left is defined twice"):
        rules_of(["one_package", "two_package"])


def test_a_package_that_is_not_there_stops_the_run() -> None:
    with pytest.raises(RuleLoadError, match="no_such_package does not load"):
        rules_of(["no_such_package"])


def test_third_parties_declare_their_package_by_an_entry_point(packages: Path) -> None:
    _write(packages, "their_rules", "todo_left", RULE.format(name="todo-left"))
    declared = packages / "their_rules-1.0.dist-info"
    declared.mkdir()
    (declared / "METADATA").write_text("Metadata-Version: 2.1\nName: their-rules\nVersion: 1.0\n")
    (declared / "entry_points.txt").write_text("[gatekeeper.rules]\ntheirs = their_rules\n")

    found = load_rules([*sys.path, str(packages)])

    assert "todo-left" in found
    assert "durable-object-used" in found


def test_a_search_path_without_any_declares_nothing(tmp_path: Path) -> None:
    assert () == declared_packages([str(tmp_path), str(tmp_path / "missing")])
