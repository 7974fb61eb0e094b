"""`gatekeeper init` and `gatekeeper explain`, as their users type them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gatekeeper.registry import load_rules
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import CONTRACT, SERVICE, check, gatekeeper

ROOT = Path(__file__).parent.parent


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    return repository


def test_a_draft_can_be_committed_and_judged_by(repository: RepositoryBuilder) -> None:
    repository.write("contracts/stage-1.md", CONTRACT)

    drafted = gatekeeper(repository, "init", "contracts/stage-1.md")
    repository.commit("the contract")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write("src/artifacts/store.py", "changed = True\n")
    repository.commit("work")

    assert drafted.status == 0
    assert "contracts/stage-1.md:5  constraints-2: Nothing outside the sources" in drafted.out
    assert check(repository).broken() == [
        "constraints-1 protected-module-changed head src/artifacts/store.py:1"
    ]


def test_the_examples_contract_is_drafted_whole(tmp_path: Path) -> None:
    from examples.history import build

    repository = RepositoryBuilder(build(tmp_path))
    repository.git("rm", "--quiet", "gatekeeper.yaml")

    drafted = gatekeeper(repository, "init", "contracts/stage-2.md")

    assert re.search(r"2[67] clauses bound\n", drafted.out)


def test_a_binding_that_is_there_is_never_overwritten(repository: RepositoryBuilder) -> None:
    repository.write("contracts/stage-1.md", CONTRACT)
    mine = repository.write("gatekeeper.yaml", "contract: mine.md\n")

    refused = gatekeeper(repository, "init", "contracts/stage-1.md")

    assert refused.status == 2
    assert "never overwritten" in refused.err
    assert mine.read_text() == "contract: mine.md\n"


@pytest.mark.parametrize(
    ("path", "content", "complaint"),
    [
        pytest.param("no.md", None, "no.md: cannot be read", id="no such file"),
        pytest.param("empty.md", "", "no clause", id="an empty file"),
        pytest.param("utf16.md", "# T\n- x\n".encode("utf-16"), "utf16.md:1", id="UTF-16"),
        pytest.param("src", None, "cannot be read", id="a folder"),
    ],
)
def test_what_is_no_contract_is_refused_with_the_place(
    repository: RepositoryBuilder, path: str, content: bytes | str | None, complaint: str
) -> None:
    if content is not None:
        repository.write(path, content)

    refused = gatekeeper(repository, "init", path)

    assert complaint in refused.err
    assert "Traceback" not in refused.err
    assert refused.status == 2
    assert not (repository.path / "gatekeeper.yaml").exists()


def test_a_contract_outside_any_repository_is_refused(tmp_path: Path) -> None:
    lonely = tmp_path / "alone"
    lonely.mkdir()
    (lonely / "contract.md").write_text(CONTRACT)

    refused = gatekeeper(RepositoryBuilder(lonely), "init", "contract.md")

    assert "no git repository" in refused.err.lower() or "not a git repository" in refused.err
    assert refused.status == 2


def test_explain_lists_every_rule_and_says_which_are_still_to_come(
    repository: RepositoryBuilder,
) -> None:
    told = gatekeeper(repository, "explain")

    lines = dict(line.split(maxsplit=1) for line in told.out.splitlines())
    assert lines.keys() == load_rules().keys()
    assert lines["gate-tampered"].endswith("(not available in this version)")
    assert not lines["contract-weakened"].endswith("(not available in this version)")


def test_explain_prints_a_rules_page(repository: RepositoryBuilder) -> None:
    page = ROOT / "rules/gatekeeper_rules/change/contract_weakened.md"

    told = gatekeeper(repository, "explain", "contract-weakened")

    assert told.out == page.read_text()


def test_explain_suggests_the_rule_that_was_meant(repository: RepositoryBuilder) -> None:
    told = gatekeeper(repository, "explain", "contract-weekend")

    assert 'Did you mean "contract-weakened"?' in told.err
    assert told.status == 2


@pytest.mark.parametrize("command", ["verify", "doctor", "prove"])
def test_a_command_of_a_later_version_says_so(repository: RepositoryBuilder, command: str) -> None:
    told = gatekeeper(repository, command)

    assert told.err == f"gatekeeper: {command} is not available in this version\n"
    assert told.status == 2


def test_the_version_is_the_packages(repository: RepositoryBuilder) -> None:
    from gatekeeper.version import __version__

    assert gatekeeper(repository, "--version").out == f"gatekeeper {__version__}\n"
