"""Ways in which the author of a dishonest change, or of its contract, tries to get past."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.here import check
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import BINDING, CONTRACT, SERVICE, agreed_repository, gatekeeper


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return agreed_repository(tmp_path)


def test_a_rule_that_no_clause_is_bound_to_is_not_asked_alone(
    repository: RepositoryBuilder,
) -> None:
    outcome = check(repository, "--rule", "durable-object-used", "--rule", "out-of-scope-change")

    assert outcome.status == 2
    assert "no clause is bound to durable-object-used" in outcome.err


def adopted(tmp_path: Path, files: dict[str, str]) -> RepositoryBuilder:
    """A service whose branch `work` adopts a contract."""
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write_all(files)
    repository.commit("the contract")
    return repository


def test_code_cannot_be_the_contract_that_it_comes_with(tmp_path: Path) -> None:
    code = '"""\n## Constraints\n- No changes to artifact storage.\n"""\nprint("work")\n'
    binding = BINDING.partition("clauses:")[0].replace("contracts/stage-1.md", "src/work.py")
    repository = adopted(tmp_path, {"src/work.py": code, "gatekeeper.yaml": binding})

    outcome = check(repository)

    assert outcome.status == 2
    assert "gatekeeper.yaml:1:11: src/work.py is no Markdown file." in outcome.err


def test_a_contract_that_only_sets_the_scene_cannot_judge(tmp_path: Path) -> None:
    scene = CONTRACT.partition("---")[0].replace("## Constraints", "## Objective")
    binding = "contract: contracts/stage-1.md\n"
    repository = adopted(tmp_path, {"contracts/stage-1.md": scene, "gatekeeper.yaml": binding})

    outcome = check(repository)

    assert outcome.status == 2
    assert "contracts/stage-1.md demands nothing, so nothing could be judged" in outcome.err


def test_a_next_contract_that_only_sets_the_scene_is_empty(repository: RepositoryBuilder) -> None:
    repository.write("contracts/stage-2.md", "# Stage 2\n\n## Goals\n- Better storage.\n")
    repository.commit("the next contract")

    assert ["gate contract-weakened head contracts/stage-2.md:None"] == check(repository).broken()


@pytest.mark.parametrize("inside", ["policy.yaml", "src/../policy.yaml", "policies/team.yaml"])
def test_a_link_in_the_repository_does_not_lead_to_a_trusted_binding(
    repository: RepositoryBuilder, tmp_path: Path, inside: str
) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "team.yaml").write_text(BINDING)
    repository.write("policy.yaml", "../policies/team.yaml", "120000")
    repository.write("policies", "../policies", "120000")
    repository.commit("links")

    outcome = check(repository, "--binding", inside)

    assert outcome.status == 2
    assert "lies inside the repository" in outcome.err


@pytest.mark.parametrize(
    ("prose", "broken"),
    [
        pytest.param(
            CONTRACT.replace("## Constraints", "## Objective"),
            [
                "gate contract-weakened head contracts/stage-1.md:4",
                "gate contract-weakened head contracts/stage-1.md:5",
            ],
            id="its clauses only set the scene",
        ),
        pytest.param(
            CONTRACT.replace("- Nothing outside the sources changes.\n", ""),
            ["gate contract-weakened base contracts/stage-1.md:5"],
            id="a clause that was not bound yet is gone",
        ),
    ],
)
def test_prose_bound_from_outside_cannot_be_loosened(
    repository: RepositoryBuilder, tmp_path: Path, prose: str, broken: list[str]
) -> None:
    binding = tmp_path / "team.yaml"
    entry = "  - says: Nothing outside the sources changes.\n    rules: [out-of-scope-change]\n"
    binding.write_text(BINDING.replace(entry, ""))
    repository.write("contracts/stage-1.md", prose)
    repository.commit("work")

    assert broken == check(repository, "--binding", str(binding)).broken()


def test_prose_bound_from_outside_can_demand_more(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    binding = tmp_path / "team.yaml"
    binding.write_text(BINDING)
    repository.write("contracts/stage-1.md", CONTRACT.replace("- No", "- It is documented.\n- No"))
    repository.commit("work")

    verdicts = check(repository, "--binding", str(binding)).verdicts()

    assert "unproven" == verdicts["head-constraints-1"]


@pytest.mark.parametrize("name", ["yaml.py", "json.py", "dataclasses.py", "argparse.py"])
def test_a_module_in_the_repository_is_not_imported_in_place_of_the_gates_own(
    repository: RepositoryBuilder, name: str
) -> None:
    repository.write(name, "raise SystemExit(0)\n")
    repository.commit("work")

    assert ["constraints-2 out-of-scope-change head " + name + ":1"] == check(repository).broken()


def test_rules_that_the_repository_declares_are_not_loaded(repository: RepositoryBuilder) -> None:
    declared = "[gatekeeper.rules]\nx = ours\n"
    repository.write("ours-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: ours\nVersion: 1\n")
    repository.write("ours-1.dist-info/entry_points.txt", declared)
    repository.write("ours/__init__.py", "raise SystemExit(0)\n")
    repository.commit("work")

    assert 1 == check(repository).status


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_a_narrow_encoding_of_the_output_does_not_change_the_exit_status(
    repository: RepositoryBuilder, format_: str
) -> None:
    repository.write("src/ünicode \N{GREATER-THAN OR EQUAL TO}.py", "x = 1\n")
    repository.commit("work")

    outcome = gatekeeper(repository, "check", "--format", format_, PYTHONIOENCODING="ascii")

    assert (3, "") == (outcome.status, outcome.err)


def test_a_report_that_cannot_be_printed_is_no_verdict(repository: RepositoryBuilder) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "gatekeeper", "check"],
            cwd=repository.path,
            env=repository.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )

    said = "gatekeeper: the report cannot be printed: No space left on device\n"
    assert (2, said) == (done.returncode, done.stderr)
