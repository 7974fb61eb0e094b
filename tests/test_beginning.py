"""Where a stage began, whatever old commit its contract was first committed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.here import check
from tests.repositories import RepositoryBuilder, make_repository

PROSE = "# Stage 1\n\n## Outputs\n- The new storage is there.\n"
BINDING = """\
contract: contracts/stage-1.md
clauses:
  - says: The new storage is there.
    rules:
      - output-missing: {new: [src/storage.py], updated: [src/app.py]}
"""
CONTRACT = {"contracts/stage-1.md": PROSE, "gatekeeper.yaml": BINDING}
MISSING = [
    "outputs-1 output-missing head src/app.py:None",
    "outputs-1 output-missing head src/storage.py:None",
]


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    """`main`, where the outputs are there already, and `old`, where they are not yet."""
    repository = make_repository(tmp_path / "service")
    repository.write("src/app.py", "print(1)\n")
    repository.commit("long ago")
    repository.git("branch", "old")
    repository.write_all({"src/app.py": "print(2)\n", "src/storage.py": "rows = []\n"})
    repository.commit("before the stage")
    return repository


def adopt(repository: RepositoryBuilder, branch: str, start: str) -> None:
    repository.git("switch", "--quiet", "--create", branch, start)
    repository.write_all(CONTRACT)
    repository.commit("the contract")


def work(repository: RepositoryBuilder) -> None:
    repository.write("src/other.py", "x = 1\n")
    repository.commit("anything but the outputs")


@pytest.mark.parametrize("dummy", [False, True], ids=["on an old commit", "on a side of its own"])
@pytest.mark.parametrize("landed", [False, True], ids=["in the range", "at base"])
def test_an_old_commit_under_the_contract_does_not_make_old_files_new(
    repository: RepositoryBuilder, *, landed: bool, dummy: bool
) -> None:
    if dummy:
        repository.git("switch", "--quiet", "old")
        repository.commit("nothing at all")
    adopt(repository, "side", "old")
    repository.git("switch", "--quiet", "--create", "work", "main")
    repository.merge("side")
    if landed:
        repository.git("branch", "--force", "main", "work")
    work(repository)

    assert MISSING == check(repository).broken()


@pytest.mark.parametrize("landed", [False, True], ids=["in the range", "at base"])
def test_outputs_count_from_the_contract_on_whatever_was_merged_since(
    repository: RepositoryBuilder, *, landed: bool
) -> None:
    adopt(repository, "work", "old")
    repository.write_all({"src/app.py": "print(3)\n", "src/storage.py": "rows = ['new']\n"})
    repository.commit("the outputs")
    repository.git("switch", "--quiet", "main")
    repository.git("reset", "--quiet", "--hard", "old")
    repository.write("README.md", "meanwhile\n")
    repository.commit("of others")
    if landed:
        repository.merge("work")
        repository.git("switch", "--quiet", "--create", "more")
        work(repository)
    else:
        repository.git("switch", "--quiet", "work")
        repository.merge("main")

    assert "kept" == check(repository).verdicts()["outputs-1"]


def test_a_branch_that_does_not_have_the_contract_does_not_say_when_the_stage_began(
    repository: RepositoryBuilder,
) -> None:
    adopt(repository, "stage", "main")
    repository.git("switch", "--quiet", "main")
    repository.merge("stage")
    repository.git("switch", "--quiet", "--create", "work", "old")
    repository.merge("main")
    work(repository)

    assert MISSING == check(repository).broken()
