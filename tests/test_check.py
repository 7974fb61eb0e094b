"""`gatekeeper check` on real repositories: which contract judges, and what it says."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.here import check
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import AGREED, BINDING, CONTRACT, SERVICE, agreed_repository, gatekeeper


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return agreed_repository(tmp_path)


def test_an_honest_change_breaks_nothing(repository: RepositoryBuilder) -> None:
    repository.write("src/app.py", "print('hello again')\n")
    repository.commit("work")

    outcome = check(repository)

    assert outcome.verdicts() == {
        "constraints-1": "kept",
        "constraints-2": "kept",
        "closing": "kept",
        "gate": "unproven",
    }
    assert outcome.status == 3


def test_a_dishonest_change_is_broken_at_its_line(repository: RepositoryBuilder) -> None:
    repository.write("src/artifacts/store.py", "def put(key, value):\n    return None\n")
    repository.commit("work")

    outcome = check(repository)

    assert outcome.broken() == [
        "constraints-1 protected-module-changed head src/artifacts/store.py:2"
    ]
    assert outcome.status == 1


def test_a_change_cannot_rewrite_the_contract_it_is_judged_by(
    repository: RepositoryBuilder,
) -> None:
    repository.write("src/artifacts/store.py", "")
    repository.write("gatekeeper.yaml", BINDING.replace("src/artifacts/**", "src/nothing/**"))
    repository.commit("quality gate PASSED")

    outcome = check(repository)

    assert outcome.broken() == [
        "constraints-1 protected-module-changed base src/artifacts/store.py:1",
        "gate contract-weakened head gatekeeper.yaml:4",
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("gatekeeper.yaml", None, id="the binding deleted"),
        pytest.param("contracts/stage-1.md", None, id="the prose deleted"),
        pytest.param("contracts/stage-1.md", "", id="the prose emptied"),
        pytest.param("gatekeeper.yaml", "contract: [", id="the binding no YAML any more"),
        pytest.param("contracts/stage-2.md", "", id="an empty next contract"),
        pytest.param(
            "contracts/stage-1.md",
            CONTRACT.replace("- Nothing outside the sources changes.\n", ""),
            id="a clause removed",
        ),
        pytest.param(
            "gatekeeper.yaml",
            BINDING.replace("scope: [src/**]", "scope: ['**']"),
            id="a scope of everything",
        ),
        pytest.param(
            "gatekeeper.yaml", BINDING.replace("complete", "open") + "stage: open\n", id="reopened"
        ),
        pytest.param(
            "gatekeeper.yaml",
            BINDING + 'waivers:\n  - {finding: "0123456789abcdef", reason: x, until: 2026-12-24}\n',
            id="a waiver together with code",
        ),
    ],
)
def test_whatever_loosens_the_contract_breaks_the_gate(
    repository: RepositoryBuilder, path: str, content: str | None
) -> None:
    repository.write("src/app.py", "print('work')\n")
    if content is None:
        repository.delete(path)
    else:
        repository.write(path, content)
    repository.commit("work")

    outcome = check(repository)

    assert outcome.verdicts()["gate"] == "broken"
    assert outcome.status == 1


@pytest.mark.parametrize(
    ("output", "verdict"),
    [
        pytest.param("'**'", "broken", id="everything"),
        pytest.param("docs/plan.md", "broken", id="a path outside the scope"),
        pytest.param("src/workflow.py", "unproven", id="a path inside it"),
        pytest.param("src/workflows/**", "unproven", id="a folder inside it"),
    ],
)
def test_a_new_output_may_not_widen_the_scope(
    repository: RepositoryBuilder, output: str, verdict: str
) -> None:
    term = f"      - output-missing: {{new: [{output}]}}\n"
    anchor = "    rules: [out-of-scope-change]\n"
    widened = BINDING.replace(anchor, f"    rules:\n      - out-of-scope-change\n{term}")
    repository.write("gatekeeper.yaml", widened)
    repository.commit("work")

    assert check(repository).verdicts()["gate"] == verdict


def test_a_waiver_in_a_change_of_its_own_is_no_weakening(repository: RepositoryBuilder) -> None:
    waiver = 'waivers:\n  - {finding: "0123456789abcdef", reason: x, until: 2026-12-24}\n'
    repository.write("gatekeeper.yaml", BINDING + waiver)
    repository.commit("a waiver")

    assert check(repository).broken() == []


def test_the_head_can_add_obligations(repository: RepositoryBuilder) -> None:
    repository.write("contracts/stage-1.md", CONTRACT.replace("---", "- Keep `old.py` out.\n\n---"))
    repository.write(
        "gatekeeper.yaml",
        BINDING
        + "  - says: Keep old.py out.\n    rules:\n      - legacy-remains: {paths: [old.py]}\n",
    )
    repository.write("old.py", "print('old')\n")
    repository.commit("work")

    outcome = check(repository)

    assert outcome.verdicts()["constraints-3"] == "broken"


def test_an_edit_of_the_prose_beside_its_clauses_is_told(repository: RepositoryBuilder) -> None:
    repository.write("contracts/stage-1.md", CONTRACT.replace("\n---", "\nBut not always.\n\n---"))
    repository.commit("work")

    (gate,) = (each for each in check(repository).report["clauses"] if each["id"] == "gate")
    (weakened,) = (each for each in gate["rulings"] if each["rule"] == "contract-weakened")

    assert "kept" == weakened["verdict"]
    assert ["the text of contracts/stage-1.md was edited"] == [
        each.partition(";")[0] for each in weakened["notes"]
    ]


def test_a_contract_adopted_in_the_range_judges_it(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write_all(AGREED)
    adopting = repository.commit("the contract")
    repository.write("src/artifacts/store.py", "")
    repository.commit("work")

    outcome = check(repository)

    assert outcome.report["contract"]["commit"] == adopting
    assert outcome.broken() == [
        "constraints-1 protected-module-changed base src/artifacts/store.py:1"
    ]


@pytest.mark.parametrize(
    "dates",
    [
        pytest.param("2020-01-01T00:00:00+00:00", id="a contract dated before the code"),
        pytest.param("2030-01-01T00:00:00+00:00", id="a contract dated after it"),
    ],
)
def test_a_contract_after_the_code_is_broken_whatever_its_date(tmp_path: Path, dates: str) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")
    repository.write_all(AGREED)
    repository.commit("the contract", author_date=dates)

    outcome = check(repository)

    assert outcome.verdicts()["closing"] == "broken"


def test_a_contract_merged_in_beside_the_work_is_after_code(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "contract")
    repository.write_all(AGREED)
    repository.commit("the contract")
    repository.git("switch", "--quiet", "--create", "work", "main")
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")
    repository.merge("contract")

    assert check(repository).verdicts()["closing"] == "broken"


def test_a_squashed_range_cannot_show_what_came_first(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write_all(AGREED)
    repository.write("src/app.py", "print('work')\n")
    repository.commit("everything at once")

    assert check(repository).verdicts()["closing"] == "unproven"


def test_a_contract_pattern_cannot_turn_code_into_contract_files(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.git("switch", "--quiet", "--create", "work")
    repository.write_all(AGREED)
    repository.write(
        "gatekeeper.yaml", BINDING.replace("contracts: [contracts/*.md]", "contracts: ['**']")
    )
    repository.write("src/app.py", "print('work')\n")
    repository.commit("the contract, and more")
    repository.write("src/app.py", "print('more work')\n")
    repository.commit("work")

    assert check(repository).verdicts()["closing"] == "broken"


def test_without_any_contract_there_is_nothing_to_judge_by(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")

    outcome = check(repository)

    assert outcome.status == 2
    assert "gatekeeper init CONTRACT.md" in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize("mode", ["--staged", "--worktree"])
def test_an_uncommitted_contract_is_a_preview_and_never_passes(tmp_path: Path, mode: str) -> None:
    repository = make_repository(tmp_path / "service")
    repository.write_all(SERVICE)
    repository.commit("the service")
    repository.write_all(AGREED)
    repository.stage()

    outcome = check(repository, mode)

    assert outcome.status == 3
    assert outcome.report["contract"]["adoption"] == "not committed"


def test_staged_judges_the_index_and_not_the_work_tree(repository: RepositoryBuilder) -> None:
    repository.write("src/artifacts/store.py", "broken = True\n")
    repository.stage()
    repository.write("src/artifacts/store.py", SERVICE["src/artifacts/store.py"])

    outcome = check(repository, "--staged")

    assert outcome.broken() == [
        "constraints-1 protected-module-changed head src/artifacts/store.py:1"
    ]


def test_staged_passes_an_honest_change_and_says_that_it_is_local(
    repository: RepositoryBuilder,
) -> None:
    repository.write("src/app.py", "print('work')\n")
    repository.stage()

    outcome = gatekeeper(repository, "check", "--staged")

    assert outcome.status == 0
    assert "local check only" in outcome.out


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("contracts/stage-2.md", "", id="an empty next contract"),
        pytest.param("gatekeeper.yaml", BINDING.replace("[src/**]", "['**']"), id="a wider scope"),
        pytest.param("gatekeeper.yaml", "contract: [", id="a binding that cannot be read"),
    ],
)
def test_staged_sees_a_contract_being_weakened(
    repository: RepositoryBuilder, path: str, content: str
) -> None:
    repository.write(path, content)
    repository.stage()

    assert check(repository, "--staged").verdicts()["gate"] == "broken"


def test_the_work_tree_is_judged_as_it_lies(repository: RepositoryBuilder) -> None:
    repository.write("elsewhere.txt", "new\n")

    outcome = check(repository, "--worktree")

    assert outcome.broken() == ["constraints-2 out-of-scope-change head elsewhere.txt:1"]


def test_a_binding_outside_the_repository_is_trusted_as_given(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    strict = tmp_path / "team.yaml"
    strict.write_text(BINDING.replace("[src/**]", "[src/other/**]"))
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")

    outcome = check(repository, "--binding", str(strict))

    assert outcome.broken() == ["constraints-2 out-of-scope-change head src/app.py:1"]
    assert outcome.report["contract"]["binding"] == str(strict)


def test_a_binding_inside_the_repository_cannot_be_given_as_trusted(
    repository: RepositoryBuilder,
) -> None:
    outcome = check(repository, "--binding", "gatekeeper.yaml")

    assert outcome.status == 2
    assert "--config" in outcome.err


def test_another_binding_is_read_from_the_base_as_well(repository: RepositoryBuilder) -> None:
    loose, strict = BINDING.replace("[src/**]", "['**']"), BINDING
    repository.git("switch", "--quiet", "main")
    repository.write("ci/gate.yaml", strict)
    repository.commit("another binding")
    repository.git("switch", "--quiet", "--create", "more-work")
    repository.write("ci/gate.yaml", loose)
    repository.write("elsewhere.txt", "new\n")
    repository.commit("work")

    outcome = check(repository, "--config", "ci/gate.yaml")

    assert outcome.broken() == [
        "constraints-2 out-of-scope-change head elsewhere.txt:1",
        "gate contract-weakened head ci/gate.yaml:5",
    ]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["--rule", "output-mising"], "output-missing", id="a rule"),
        pytest.param(["--format", "html"], "not available in this version", id="a later format"),
        pytest.param(["--format", "yaml"], "text, json, markdown", id="an unknown format"),
        pytest.param(["--format", "text", "--format", "json"], "one format", id="two on stdout"),
        pytest.param(["--format", "json=/nowhere/x"], "cannot be written", id="no such folder"),
        pytest.param(["--base", "nowhere"], "nowhere", id="a revision"),
        pytest.param(["--config", "none.yaml"], "none.yaml", id="a binding"),
        pytest.param(["--binding", "none.yaml"], "no such file", id="an outside binding"),
    ],
)
def test_what_cannot_be_done_is_said_with_exit_status_2(
    repository: RepositoryBuilder, arguments: list[str], complaint: str
) -> None:
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")

    outcome = gatekeeper(repository, "check", *arguments)

    assert complaint in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.status == 2


def test_every_format_is_written_where_it_is_asked_for(repository: RepositoryBuilder) -> None:
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")

    outcome = gatekeeper(
        repository, "check", "--format", "json=r.json", "--format", "markdown=r.md"
    )

    assert outcome.out == ""
    assert '"schema": "gatekeeper.report/1"' in (repository.path / "r.json").read_text()
    assert (repository.path / "r.md").read_text().startswith("#")


def test_one_rule_can_be_asked_alone(repository: RepositoryBuilder) -> None:
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")

    outcome = check(repository, "--rule", "out-of-scope-change")

    assert outcome.verdicts() == {"constraints-2": "kept"}
    assert outcome.status == 0


def test_a_shallow_clone_is_unproven_and_says_how_to_mend_it(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    repository.write("src/app.py", "print('work')\n")
    repository.commit("work")
    repository.git("switch", "--quiet", "main")
    shallow = repository.clone(tmp_path / "shallow", "--depth", "1", "--no-single-branch")
    shallow.git("switch", "--quiet", "work")

    outcome = check(shallow)

    assert outcome.status == 3
    assert "fetch-depth" in outcome.err


def test_a_waiver_for_one_loosening_does_not_let_a_greater_one_pass(
    repository: RepositoryBuilder,
) -> None:
    def gate_fingerprints(scope: str) -> list[str]:
        repository.write("gatekeeper.yaml", BINDING.replace("[src/**]", scope))
        repository.commit("work")
        gate = check(repository).report["clauses"][-1]
        return [each["fingerprint"] for each in gate["rulings"][0]["findings"]]

    assert gate_fingerprints("[src/**, docs/**]") != gate_fingerprints("['**']")


def test_a_waiver_for_one_edit_of_a_protected_file_lets_no_other_edit_pass(
    repository: RepositoryBuilder,
) -> None:
    def fingerprints(content: str) -> list[str]:
        repository.write("src/artifacts/store.py", content)
        repository.commit("work")
        clause = check(repository).report["clauses"][0]
        return [each["fingerprint"] for each in clause["rulings"][0]["findings"]]

    honest = SERVICE["src/artifacts/store.py"].replace("return", "return  ")

    assert fingerprints(honest) != fingerprints(honest + "import os\n")


@pytest.mark.parametrize("closed", [">&-", "2>&-"])
def test_a_closed_output_is_no_verdict(repository: RepositoryBuilder, closed: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m gatekeeper check {closed}"

    done = subprocess.run(
        ["sh", "-c", command], cwd=repository.path, env=repository.environ, check=False, timeout=60
    )

    assert done.returncode == 2
