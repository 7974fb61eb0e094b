"""Clauses that deny, narrow or turn around what a wording recognises: `init` leaves them alone."""

from __future__ import annotations

import pytest

from tests.test_draft import bound

_DENIED = {
    "Constraints": (
        "No changes to artifact storage will be refused.",
        "No changes to artifact storage are reviewed by Bob.",
        "It is not true that there may be no changes to artifact storage.",
        "No changes to artifact storage without two approvals.",
        "No changes to artifact storage before Monday.",
        "No changes to artifact storage, only to its comments.",
        "No changes to artifact storage beyond renaming.",
        "No changes to artifact storage besides the new index.",
        "No changes to artifact storage (but see appendix B).",
        "No changes to artifact storage on Fridays.",
        "Artifact storage is untouched, save for logging.",
        "Artifact storage is unchanged, but GitHub integration is rewritten.",
        "Artifact storage must not be modified in production.",
        "Artifact storage is unchanged in behaviour.",
        "Artifact storage is unchanged from the user's point of view.",
        'Oh sure, "no changes to artifact storage", as always.',
        "Do not be afraid to change artifact storage.",
        "Do not leave artifact storage unchanged.",
        "Keine Änderungen an der Artefaktablage.",
        "アーティファクトストレージを変更しないこと。",
        "Coverage may drop below 90%.",
        "Coverage of 90% is not a goal.",
        "Do not chase 90% coverage.",
        "We will never reach 90% coverage.",
        "Coverage must not decrease by more than 5%.",
        "Coverage <= 90%",
        "90% coverage of the requirements",
        "Coverage is reported to Codecov at 100% sampling.",
        "No references to LegacyCoordinator remain in the documentation.",
        "No references to LegacyCoordinator remain in src/api.",
        "No Durable Objects are removed.",
        "Not all Durable Objects are replaced.",
        "Durable Objects are not replaced.",
        "Durable Objects are retired in stage 4.",
        "Not all migrations must be reversible.",
        "Migrations are irreversible.",
        "Migrations must not be reversible.",
        "No migrations are reversible.",
        "Not all tests pass.",
        "All tests pass on Windows.",
        "All smoke tests pass manually.",
        "All acceptance tests pass within 10 seconds.",
        "The build passes in under two minutes.",
        "The build has errors and no lint.",
        "We do not lint without reason.",
        "mypy passes with fewer than 10 errors.",
        "Data loss of up to 5 minutes is acceptable, no more data loss.",
        "No audit data is kept.",
        "Workflow data is not accessible via D1.",
        "Critical paths: see wiki.",
        "Critical paths: to be agreed.",
        "Critical paths are not tested: login, logout.",
        "The user-facing API may not only change but also grow.",
        "This contract is not committed before implementation.",
        "This contract must not be committed before implementation.",
        "The contract must not be changed by hand.",
        "Legacy code must not be removed.",
        "No legacy code is deleted in this stage.",
        "Experimental code is removed from the documentation.",
        "No experimental flags remain.",
    ),
    "Outputs": (
        "Not deleted: `src/legacy/coordinator.py`",
        "New: nothing; `src/api/router.py` stays.",
        "Updated: everything but `src/api/router.py`",
        "New: file `src/x.py` must not exist.",
        'Removed: the word "foo" from `README.md`',
        "Deleted: `src/api/router.py`'s old handler",
        "`src/api/router.py` must not be changed",
        "No file `src/api/router.py`.",
        "A report comparing `src/api/router.py` with `src/api/endpoints.py`.",
        "Moved: `src/api/router.py` to `src/http/router.py`",
        "Renamed `src/a.py` -> `src/b.py`",
        "src/legacy/coordinator.py is not deleted",
        "Delete nothing in src/api/router.py",
        "Remove dead code from src/api/router.py",
        "Remove the dependency on src/api/router.py",
    ),
    "Disallowed actions": (
        "Not modifying artifact storage.",
        "Changes to artifact storage that break readers.",
        "Adding features without tests.",
    ),
    "Inputs": ("The old plan (not REFACTOR.md).", "No input needed from README.md."),
}


@pytest.mark.parametrize(
    ("section", "clause"),
    [(section, clause) for section, clauses in _DENIED.items() for clause in clauses],
)
def test_what_a_clause_denies_or_narrows_is_bound_to_no_rule(section: str, clause: str) -> None:
    assert {} == bound(clause, section)


@pytest.mark.parametrize(
    ("clause", "rules"),
    [
        ("No changes to artifact storage are allowed.", {"protected-module-changed"}),
        ("No changes to artifact storage may be made.", {"protected-module-changed"}),
        ("No changes to artifact storage during this stage.", {"protected-module-changed"}),
        ("No irreversible migrations.", {"migration-irreversible"}),
        (
            "Migrations that cannot be rolled back are forbidden.",
            {"migration-irreversible", "migration-fails"},
        ),
        ("No Durable Objects remain.", {"durable-object-used"}),
        ("No data is lost, and all data is kept.", {"migration-loses-data"}),
        ("Coverage must not fall below 90 %.", {"coverage-dropped"}),
    ],
)
def test_a_denial_that_is_the_demand_is_still_recognised(clause: str, rules: set[str]) -> None:
    assert rules == set(bound(clause))


@pytest.mark.parametrize(
    ("clause", "deleted"),
    [
        ("Deleted: `src/a.py`, `src/b/`", ["src/a.py", "src/b/**"]),
        ("Deleted: the file `src/a.py` (replaced by `src/b.py`)", ["src/a.py"]),
        ("Delete the legacy modules `src/a.py` and `src/b.py`.", ["src/a.py", "src/b.py"]),
    ],
)
def test_only_what_is_itself_deleted_is_named(clause: str, deleted: list[str]) -> None:
    assert {"output-missing": {"deleted": deleted}} == bound(clause, "Outputs")
