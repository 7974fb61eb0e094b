"""What `gatekeeper init` writes: which clause is bound to what, and what is left to people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from gatekeeper.contract.binding import load_contract
from gatekeeper.contract.draft import Draft, draft
from gatekeeper.contract.prose import read_prose
from gatekeeper.contract.yaml_text import flow, scalar
from gatekeeper.errors import Unreadable
from gatekeeper.registry import load_rules

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data" / "contracts"
STAGE_2 = {
    name: path
    for name, path in {
        "reworded": DATA / "stage-2-reworded.md",
        "example": ROOT / "examples/agent-pipeline/contract/contracts/stage-2.md",
        "verbatim": ROOT.parent / "shared/contracts/stage-2.md",
    }.items()
    if path.is_file()
}
RULES = {name: each.rule for name, each in load_rules([]).items()}

REPOSITORY: Mapping[str, bytes] = {
    "REFACTOR.md": b"",
    "README.md": b"",
    "wrangler.jsonc": b"{}",
    "pyproject.toml": b"""
        [build-system]
        requires = []
        [dependency-groups]
        dev = ["pytest", "pytest-cov"]
        [tool.ruff]
        [tool.mypy]
    """,
    "src/api/endpoints.py": b"",
    "src/api/router.py": b"",
    "src/artifacts/__init__.py": b"",
    "src/artifacts/store.py": b"",
    "src/github/gateway.py": b"",
    "src/legacy/coordinator.py": b"",
    "src/validation/pipeline.py": b"",
    "src/workflows/coordinator.py": b"",
    "tests/test_api.py": b"",
    "tests/test_artifacts.py": b"",
    ".github/workflows/ci.yml": b"",
}

Bindings = dict[str, dict[str, dict[str, Any]]]


def read_file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise Unreadable(path, "it is not there")
    return files[path]


def drafted(text: str | bytes, files: Mapping[str, bytes] = REPOSITORY) -> Draft:
    content = text.encode() if isinstance(text, str) else text
    prose = read_prose(content, "contracts/x.md")
    return draft(prose, RULES, sorted(files), lambda path: read_file(files, path))


def loaded(found: Draft) -> dict[str, Any]:
    return dict(yaml.safe_load(found.text))


def bindings(found: Draft) -> Bindings:
    """For each clause that is bound, by its words: its rules and their options."""
    return {
        entry["says"]: dict(
            (rule, {}) if isinstance(rule, str) else next(iter(rule.items()))
            for rule in entry["rules"]
        )
        for entry in loaded(found)["clauses"]
    }


def bound(clause: str, section: str = "Constraints") -> dict[str, dict[str, Any]]:
    found = bindings(drafted(f"## {section}\n- {clause}\n"))
    return next(iter(found.values()), {})


STAGE_2_RULES = [
    {"api-changed", "test-lost"},
    {"migration-loses-data", "protected-module-changed"},
    {"migration-irreversible", "migration-fails"},
    {"legacy-remains"},
    {"workflow-missing", "output-missing"},
    {"table-missing", "output-missing"},
    {"output-missing", "durable-object-used"},
    {"output-missing", "api-changed"},
    {"output-missing", "test-hollow"},
    {"unsupported-module", "workflow-step-unsafe"},
    {"protected-module-changed"},
    {"api-changed", "out-of-scope-change"},
    {"migration-unrepeatable", "migration-irreversible", "migration-rewritten"},
    {"protected-module-changed"},
    {"out-of-scope-change"},
    {"api-changed"},
    {"test-failed", "test-lost", "test-hollow"},
    {"build-failed", "lint-warning", "suppression-added"},
    {"migration-loses-data", "query-broken"},
    {"durable-object-used", "workflow-missing"},
    {"api-changed"},
    {"coverage-dropped"},
    {"critical-path-untested"},
    {"critical-path-untested"},
    {"dependent-untested"},
    {"contract-after-code"},
]


@pytest.mark.parametrize("path", STAGE_2.values(), ids=list(STAGE_2))
def test_every_clause_of_stage_2_is_bound_to_the_rules_that_prove_it(path: Path) -> None:
    prose = read_prose(path.read_bytes(), "contracts/x.md")
    found = drafted(path.read_bytes())
    ruled = [clause for clause in prose.clauses if not clause.context]
    by_words = bindings(found)

    assert STAGE_2_RULES == [set(by_words.get(clause.says, ())) for clause in ruled]
    assert () == found.unbound


@pytest.mark.parametrize("path", STAGE_2.values(), ids=list(STAGE_2))
def test_stage_2_is_bound_the_same_in_an_empty_repository(path: Path) -> None:
    full, empty = drafted(path.read_bytes()), drafted(path.read_bytes(), {})

    assert {says: set(rules) for says, rules in bindings(full).items()} == {
        says: set(rules) for says, rules in bindings(empty).items()
    }


@pytest.mark.parametrize("path", STAGE_2.values(), ids=list(STAGE_2))
def test_the_options_of_stage_2_are_read_from_its_words(path: Path) -> None:
    prose = read_prose(path.read_bytes(), "contracts/x.md")
    by_words = bindings(drafted(path.read_bytes()))
    terms = [by_words[clause.says] for clause in prose.clauses if not clause.context]
    protected = {"modules": ["artifact storage", "validation pipeline", "GitHub integration"]}

    assert {"modules": ["artifact storage"]} == terms[1]["protected-module-changed"]
    assert {"plan": "accepted"} == terms[2]["migration-irreversible"]
    assert {"tables": ["workflows", "steps", "audit_events", "settings"]} == terms[5][
        "table-missing"
    ]
    assert {"additions": "forbidden"} == terms[11]["api-changed"]
    assert {"repeat": "raw"} == terms[12]["migration-unrepeatable"]
    assert {} == terms[12]["migration-irreversible"]
    assert {} == terms[15]["api-changed"]
    assert {"readings": ["ruff", "mypy"]} == terms[17]["lint-warning"]
    assert {"minimum": 90} == terms[21]["coverage-dropped"]
    assert 4 == len(terms[22]["critical-path-untested"]["paths"])
    assert 3 == len(terms[23]["critical-path-untested"]["paths"])
    assert {"modules": ["workflow orchestration", "storage"]} == terms[24]["dependent-untested"]
    assert [protected, protected] == [terms[at]["protected-module-changed"] for at in (10, 13)]


@pytest.mark.parametrize("path", STAGE_2.values(), ids=list(STAGE_2))
def test_an_input_that_names_a_file_is_bound_though_it_sets_the_scene(path: Path) -> None:
    inputs = [
        rules for rules in bindings(drafted(path.read_bytes())).values() if "input-missing" in rules
    ]

    assert [{"input-missing": {"paths": ["REFACTOR.md"]}}] == inputs


def test_the_surroundings_of_stage_2_are_guessed_from_the_repository() -> None:
    found = loaded(drafted((DATA / "stage-2-reworded.md").read_bytes()))

    assert {
        "artifact storage": ["src/artifacts/**"],
        "workflow orchestration": ["src/workflows/**"],
        "validation pipeline": ["src/validation/**"],
        "GitHub integration": ["src/github/**"],
        "storage": ["TODO/storage/**"],
    } == found["modules"]
    assert {"src/workflows/**", "src/api/**", "migrations/*.sql", "tests/**", "wrangler.jsonc"} == {
        pattern for pattern in found["scope"] if pattern != "src/github/**"
    }
    assert {"tests", "coverage", "build", "ruff", "mypy"} == set(found["readings"])
    assert ("contracts/x.md", ["contracts/*.md"], "complete") == tuple(
        found[key] for key in ("contract", "contracts", "stage")
    )


Expected = dict[str, dict[str, Any]]
OTHER_STAGES: dict[str, dict[str, Expected]] = {
    "legacy-removal": {
        "outputs-1": {
            "output-missing": {"deleted": ["src/legacy/coordinator.py", "src/legacy/queue.py"]}
        },
        "outputs-2": {"output-missing": {"updated": ["src/api/router.py", "README.md"]}},
        "outputs-3": {},
        "constraints-1": {"legacy-remains": {"names": ["LegacyCoordinator", "old_queue"]}},
        "constraints-2": {"legacy-remains": {"imports": ["src.legacy"]}},
        "constraints-3": {},
        "constraints-4": {"durable-object-used": {}},
        "constraints-5": {
            "protected-module-changed": {
                "modules": ["artifact storage", "validation pipeline", "GitHub integration"]
            }
        },
        "constraints-6": {"protected-module-changed": {"modules": ["src/artifacts/store.py"]}},
        "constraints-7": {},
        "constraints-8": {"legacy-remains": {"paths": ["**/deprecated/**", "**/deprecated_*"]}},
        "constraints-9": {"out-of-scope-change": {"scope": ["src/legacy/**", "tests/**"]}},
        "validation-1": {"test-failed": {}, "test-hollow": {}, "test-lost": {}},
        "validation-2": {
            "build-failed": {},
            "lint-warning": {"readings": ["eslint"]},
            "suppression-added": {},
        },
        "validation-3": {"coverage-dropped": {}},
        "validation-4": {},
        "out-of-scope-1": {"protected-module-changed": {"modules": ["artifact storage"]}},
        "out-of-scope-2": {},
    },
    "object-storage": {
        "outputs-1": {"output-missing": {"new": ["src/artifacts/r2.py", "src/sessions/kv.py"]}},
        "outputs-2": {
            "output-missing": {
                "new": ["migrations/0003_artifact_keys.sql"],
                "updated": ["src/artifacts/store.py"],
            }
        },
        "outputs-3": {"output-missing": {"updated": ["wrangler.jsonc"]}},
        "outputs-4": {"output-missing": {"new": ["docs/storage.md"]}},
        "outputs-5": {"output-missing": {"new": ["TODO/name-the-file"]}},
        "constraints-1": {"protected-module-changed": {"modules": ["validation pipeline"]}},
        "constraints-2": {},
        "constraints-3": {},
        "constraints-4": {"api-changed": {}},
        "constraints-5": {},
        "constraints-6": {},
        "tests-1": {"coverage-dropped": {"minimum": 90, "branches": 85}},
        "tests-2": {},
        "tests-3": {},
        "tests-4": {},
        "tests-5": {
            "critical-path-untested": {
                "paths": {
                    "upload of an artifact": {
                        "tests": ["tests/test_artifacts.py::*"],
                        "exercises": ["src/artifacts/**"],
                    },
                    "session expiry": {"tests": [], "exercises": []},
                }
            }
        },
    },
    "validation-worker": {
        "deliverables-1": {"output-missing": {"new": ["workers/validation/**"]}},
        "deliverables-2": {"output-missing": {"updated": ["src/validation/**"]}},
        "boundaries-1": {"protected-module-changed": {"modules": ["GitHub integration"]}},
        "boundaries-2": {"unsupported-module": {}},
        "boundaries-3": {},
        "boundaries-4": {"api-changed": {}},
        "boundaries-5": {},
        "boundaries-6": {"api-changed": {"additions": "forbidden"}},
        "boundaries-7": {},
        "disallowed-actions-1": {
            "protected-module-changed": {"modules": ["artifact storage", "GitHub integration"]}
        },
        "disallowed-actions-2": {"api-changed": {}},
        "closing": {"contract-after-code": {}},
    },
    "service-bindings": {
        "contract-1": {"output-missing": {"new": ["workers/github/src/index.ts"]}},
        "contract-2": {},
        "contract-3": {
            "protected-module-changed": {"modules": ["src/workflows/", "src/artifacts/"]}
        },
        "contract-4": {"lint-warning": {"readings": ["ruff", "mypy"]}, "suppression-added": {}},
        "contract-5": {"migration-rewritten": {}},
        "contract-6": {"suppression-added": {}},
        "contract-7": {"dependent-untested": {"modules": ["GitHub integration"]}},
        "contract-8": {"contract-after-code": {}},
    },
    "documentation": {
        "outputs-1": {"output-missing": {"updated": ["README.md", "docs/architecture.md"]}},
        "outputs-2": {"output-missing": {"new": ["docs/operations.md"]}},
        "constraints-1": {"out-of-scope-change": {"scope": ["docs/**", "README.md"]}},
        "constraints-2": {},
        "constraints-3": {},
        "constraints-4": {"test-failed": {}, "test-hollow": {}, "test-lost": {}},
    },
}


@pytest.mark.parametrize("stage", OTHER_STAGES)
def test_the_same_rules_serve_other_stages(stage: str) -> None:
    content = (DATA / f"{stage}.md").read_bytes()
    found = drafted(content)
    by_words = bindings(found)
    clauses = [each for each in read_prose(content, "c.md").clauses if not each.context]

    assert OTHER_STAGES[stage] == {each.id: by_words.get(each.says, {}) for each in clauses}
    assert tuple(name for name, rules in OTHER_STAGES[stage].items() if rules) == found.bound
    assert [name for name, rules in OTHER_STAGES[stage].items() if not rules] == [
        clause.id for clause in found.unbound
    ]


@pytest.mark.parametrize(
    ("clause", "rules"),
    [
        ("Coverage is at least 85.5 percent.", {"coverage-dropped"}),
        ("At least 90 % of all lines are covered.", {"coverage-dropped"}),
        ("Migrations apply cleanly.", {"migration-fails"}),
        ("No migration without a way back.", {"migration-irreversible", "migration-fails"}),
        ("No data is lost.", {"migration-loses-data"}),
        ("The migration runs without losing data.", {"migration-loses-data"}),
        ("Durable Objects are no longer used.", {"durable-object-used"}),
        ("The public API remains backwards compatible.", {"api-changed"}),
        ("Never break existing clients.", {"api-changed"}),
        ("The endpoints must not regress.", {"api-changed", "test-lost"}),
        ("No test is skipped or deleted.", {"test-lost"}),
        ("Zero build errors.", {"build-failed"}),
        ("The contract must not be weakened.", {"contract-weakened"}),
        ("Lint and test configuration stays as it is.", {"gate-tampered"}),
        ("No unsupported modules.", {"unsupported-module"}),
        ("GitHub integration is not changed.", {"protected-module-changed"}),
        ("Keep artifact storage untouched.", {"protected-module-changed"}),
        ("No changes outside `src/api/`.", {"out-of-scope-change"}),
        ("Edge cases (empty data, time-outs) are tested.", {"critical-path-untested"}),
        ("Each consumer of workflow orchestration has tests.", {"dependent-untested"}),
        ("New - `src/a.py`", {"output-missing"}),
        ("D1 tables: workflows, steps", {"table-missing"}),
    ],
)
def test_other_ways_to_put_it_are_recognised(clause: str, rules: set[str]) -> None:
    assert rules == set(bound(clause))


@pytest.mark.parametrize(
    "clause",
    [
        pytest.param("The team is happy with the result.", id="nothing that a rule could prove"),
        pytest.param("Migrations need not be reversible.", id="a demand taken back"),
        pytest.param("All tests pass where possible.", id="a demand half taken back"),
        pytest.param("No changes to artifact storage except its logs.", id="an exception"),
        pytest.param("All tests pass, unless they are slow.", id="a condition"),
        pytest.param("No changes to artifact storage or the way users feel.", id="half a module"),
        pytest.param("No changes to the behaviour of artifact storage.", id="behaviour, not files"),
        pytest.param("Do not modify code without a review.", id="a rule of conduct"),
        pytest.param("Do not modify more than 400 lines.", id="an amount"),
        pytest.param("Do not change the database schema.", id="a thing without files"),
        pytest.param("Do not change the GitHub API client.", id="somebody else's API"),
        pytest.param("No Durable Object class may be renamed.", id="Durable Objects that stay"),
        pytest.param("Durable Objects stay as they are.", id="Durable Objects that stay whole"),
        pytest.param("No references to the old ways remain.", id="no name as code has it"),
        pytest.param("Tests for the parser pass review.", id="another passing"),
        pytest.param("Build a dashboard without errors.", id="another build"),
        pytest.param("Coverage is not reported.", id="coverage without a floor"),
        pytest.param("100 % of the endpoints have coverage reports.", id="another percentage"),
        pytest.param("Mutation coverage of at least 60 %.", id="another coverage"),
        pytest.param("95 % coverage for new code.", id="coverage of a part"),
        pytest.param("90 % coverage of `src/api/`.", id="coverage of a folder"),
        pytest.param("At most 5 % of the lines are uncovered.", id="the floor upside down"),
        pytest.param("Coverage of 120 %.", id="an impossible floor"),
        pytest.param("Audit history is kept for 90 days.", id="retention"),
        pytest.param("No data in the cache is lost.", id="data that no migration moves"),
        pytest.param("All artifacts are preserved when R2 takes over.", id="objects in buckets"),
        pytest.param("All migrations are documented.", id="migrations, but nothing to prove"),
        pytest.param("Use only supported browsers.", id="support of something else"),
        pytest.param("The docs cover workflows, steps and settings.", id="a list that is no table"),
        pytest.param("The file `tests/test_a.py` is not deleted.", id="a deletion forbidden"),
        pytest.param("New: `src/{a,b}.py`", id="a path pattern that git does not know"),
        pytest.param("All tests pass. " + "word " * 130, id="too long to be understood"),
    ],
)
def test_what_only_looks_like_it_is_left_to_people(clause: str) -> None:
    assert {} == bound(clause)


@pytest.mark.parametrize(
    ("section", "clause"),
    [
        ("Out of scope", "90 % line coverage"),
        ("Non-goals", "All tests pass."),
        ("Background", "All tests passed when we began, with 80 % coverage."),
        ("Objective", "No Durable Objects."),
    ],
)
def test_what_is_not_demanded_is_not_bound(section: str, clause: str) -> None:
    assert {} == bound(clause, section)


def test_what_is_not_recognised_is_listed_with_the_reason() -> None:
    found = drafted("- The team is happy.\n- All tests pass unless slow.\n- All tests pass.\n")

    assert ["contract-1", "contract-2"] == [clause.id for clause in found.unbound]
    assert "# contract-1: no rule recognises it" in found.text
    assert '# - says: "The team is happy."' in found.text
    assert '# contract-2: "unless": an exception is left to a person' in found.text


def test_a_sentence_that_no_rule_answers_is_pointed_out() -> None:
    found = drafted("- All tests pass. The team is happy with the result.\n")

    assert "# These rules do not answer: The team is happy with the result." in found.text


def test_two_clauses_that_say_the_same_are_told_apart_by_name() -> None:
    found = drafted("## A\n- All tests pass.\n## B\n- All tests `pass`.\n")

    assert ["a-1", "b-1"] == [entry["clause"] for entry in loaded(found)["clauses"]]


def test_a_module_that_is_not_found_is_a_placeholder_that_is_noted() -> None:
    found = drafted("- No changes to the billing service.\n")

    assert {"billing service": ["TODO/billing-service/**"]} == loaded(found)["modules"]
    assert any("TODO" in note for note in found.notes)


def test_a_draft_without_anything_to_propose_says_what_to_fill_in() -> None:
    found = drafted("- The team is happy.\n", {})

    assert {"contract", "contracts", "stage", "clauses"} == set(loaded(found))
    assert any("what may the stage change" in note for note in found.notes)


def test_what_is_protected_is_not_in_the_scope_that_is_proposed() -> None:
    found = drafted(
        "- Updated: artifact storage\n- Updated: API\n- No changes to artifact storage.\n"
    )

    assert ["src/api/**", "tests/**", "wrangler.jsonc"] == loaded(found)["scope"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("contracts/stage-2.md", "contracts/*.md"),
        ("docs/stages/two.md", "docs/stages/*.md"),
        ("docs/two.md", "docs/two.md"),
        ("CONTRACT.md", "CONTRACT.md"),
    ],
)
def test_only_a_folder_of_contracts_is_taken_for_one(path: str, expected: str) -> None:
    found = draft(read_prose(b"- a\n", path), RULES, [], lambda missing: read_file({}, missing))

    assert [expected] == loaded(found)["contracts"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({}, set(), id="nothing"),
        pytest.param({"pyproject.toml": b"[[[["}, set(), id="a pyproject.toml that is none"),
        pytest.param({"pyproject.toml": b"\xff"}, set(), id="a pyproject.toml that is no text"),
        pytest.param({"package.json": b"[" * 100_000}, set(), id="a package.json that is a bomb"),
        pytest.param({"package.json": b"[]"}, set(), id="a package.json that is a list"),
        pytest.param({"pyproject.toml": b"tool = 1"}, set(), id="a tool that is no table"),
        pytest.param(
            {
                "package.json": b'{"devDependencies": {"vitest": "4", "eslint": "9"},'
                b'"scripts": {"build": "x"}}'
            },
            {"tests", "eslint", "build"},
            id="a project for Node",
        ),
        pytest.param(
            {"pyproject.toml": b"[tool.pytest]\n[tool.mypy]", "ruff.toml": b""},
            {"tests", "mypy", "ruff"},
            id="a project for Python",
        ),
    ],
)
def test_readings_are_proposed_from_what_the_repository_is_set_up_for(
    files: Mapping[str, bytes], expected: set[str]
) -> None:
    found = loaded(drafted("- All tests pass.\n", files))

    assert expected == set(found.get("readings", ()))


@pytest.mark.parametrize(
    "path", [*STAGE_2.values(), *sorted(DATA.glob("[!s]*.md"))], ids=lambda path: path.stem
)
def test_what_is_drafted_is_loaded_without_a_problem(path: Path) -> None:
    content = path.read_bytes()
    found = drafted(content)
    files = {"gatekeeper.yaml": found.text.encode(), "contracts/x.md": content}

    contract = load_contract(files, "gatekeeper.yaml", RULES, "a draft")

    assert found.bound == tuple(each.clause.id for each in contract.clauses if each.terms)


@example(bullets=["\\"], paths=["\\"])
@example(bullets=["["], paths=["[", "[/x"])
@given(st.lists(st.text(min_size=1, max_size=80), max_size=4), st.lists(st.text(max_size=20)))
def test_whatever_the_prose_says_the_draft_is_yaml_that_quotes_it(
    bullets: list[str], paths: list[str]
) -> None:
    prose = "".join(f"- No changes to {line} service, `{line}`\n" for line in bullets)
    content = prose.replace("\0", "").encode("utf-8", "replace")
    clauses = read_prose(content, "contracts/x.md").clauses
    found = drafted(content, dict.fromkeys(paths, b""))

    quoted = [entry["says"] for entry in loaded(found)["clauses"]]
    assert [clause.says for clause in clauses if clause.id in found.bound] == quoted


@given(
    st.recursive(
        st.text() | st.booleans() | st.integers(min_value=0),
        lambda inner: st.lists(inner).map(tuple) | st.dictionaries(st.text(min_size=1), inner),
        max_leaves=8,
    )
)
def test_plain_data_come_back_from_what_is_written(value: object) -> None:
    assert as_lists(value) == yaml.safe_load(f"key: {flow(value)}")["key"]


def as_lists(value: object) -> object:
    if isinstance(value, tuple):
        return [as_lists(each) for each in value]
    if isinstance(value, Mapping):
        return {key: as_lists(each) for key, each in value.items()}
    return value


@pytest.mark.parametrize("text", ["no", "Yes", "null", "~", "1", "0x1f", "1e3", "2027-01-31", ""])
def test_text_that_could_be_taken_for_something_else_is_quoted(text: str) -> None:
    assert text == yaml.safe_load(scalar(text))
