"""A Durable Object class may only be deleted once a proven data migration carries its data."""

from __future__ import annotations

import json

import pytest

from gatekeeper import Missing, Need, NoOptions, Which
from gatekeeper.migrations.carried import (
    DATA_PROOFS,
    DataFailing,
    DataProof,
    DataProofs,
    DataTrouble,
)
from gatekeeper.migrations.proofs import PROOFS, Proofs
from gatekeeper_rules.migrations.migration_loses_data import RULE
from tests.carrying import contract_with
from tests.cases import case_of, contract_of, doubts, findings, notes, with_readings

WRANGLER = "wrangler.json"
PROVEN = DataProof("coordinator", ("Coordinator",), ("gatekeeper.yaml", 4), fixtures=("dump.json",))


def configured(*migrations: dict[str, object], **more: object) -> dict[str, str]:
    tagged = [{"tag": f"v{number}", **each} for number, each in enumerate(migrations, 1)]
    return {WRANGLER: json.dumps({"name": "shop", "migrations": tagged, **more})}


CREATED: dict[str, object] = {"new_sqlite_classes": ["Coordinator"]}
DELETED: dict[str, object] = {"deleted_classes": ["Coordinator"]}
RENAMED: dict[str, object] = {"renamed_classes": [{"from": "Coordinator", "to": "Desk"}]}
GONE_AS_DESK: dict[str, object] = {"deleted_classes": ["Desk"]}
BOUND = {"durable_objects": {"bindings": [{"name": "C", "class_name": "Coordinator"}]}}
LIVE = {"exports": {"Coordinator": {"type": "durable-object", "storage": "sqlite"}}}
TOMBSTONE = {"exports": {"Coordinator": {"type": "durable-object", "state": "deleted"}}}


def terraform(*lines: str) -> dict[str, str]:
    held = "\n".join(lines)
    return {"main.tf": f'resource "cloudflare_workers_script" "a" {{\n{held}\n}}\n'}


MADE_THERE = 'migrations = { new_classes = ["Coordinator"] }'
GONE_THERE = 'migrations = { deleted_classes = ["Coordinator"] }'

CHANGES = {
    "deleted by Terraform": (1, terraform(MADE_THERE), terraform(GONE_THERE)),
    "deleted by Terraform in an added file": (1, {}, terraform(GONE_THERE)),
    "deleted by Terraform before": (0, terraform(GONE_THERE), terraform("x = 1", GONE_THERE)),
    "created and deleted by Terraform in one change": (0, {}, terraform(MADE_THERE, GONE_THERE)),
    "created by Terraform, and deleted in steps": (
        1,
        terraform(MADE_THERE),
        terraform(MADE_THERE, GONE_THERE),
    ),
    "deleted": (1, configured(CREATED), configured(CREATED, DELETED)),
    "deleted where the base only binds it": (1, configured(**BOUND), configured(DELETED)),
    "deleted by a list that was cut off": (1, {}, configured(DELETED)),
    "deleted under its new name": (
        1,
        configured(CREATED),
        configured(CREATED, RENAMED, GONE_AS_DESK),
    ),
    "made a tombstone": (
        1,
        {WRANGLER: json.dumps({"name": "shop", **LIVE})},
        {WRANGLER: json.dumps({"name": "shop", **TOMBSTONE})},
    ),
    "deleted in a configuration that was moved": (
        1,
        configured(CREATED),
        {"worker/wrangler.json": configured(CREATED, DELETED)[WRANGLER]},
    ),
    "renamed": (0, configured(CREATED), configured(CREATED, RENAMED)),
    "deleted before": (0, configured(CREATED, DELETED), configured(CREATED, DELETED)),
    "created and deleted in one change": (0, {}, configured(CREATED, DELETED)),
    "left alone": (0, configured(CREATED), configured(CREATED)),
}  # fmt: skip


@pytest.mark.parametrize(("count", "before", "after"), CHANGES.values(), ids=CHANGES)
def test_a_class_that_is_deleted_while_nothing_carries_its_data_is_found(
    count: int, before: dict[str, str], after: dict[str, str]
) -> None:
    case = case_of(before, after, NoOptions(), contract=contract_of())
    readings = {Need(PROOFS, Which.HEAD): Proofs(), Need(DATA_PROOFS, Which.HEAD): DataProofs()}

    found = findings(RULE, with_readings(case, readings))

    assert count == len(found)
    assert all("later change" in each.fix for each in found)


def _said(*proofs: DataProof) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    before, after = configured(CREATED), configured(CREATED, DELETED)
    case = case_of(before, after, NoOptions(), contract=contract_with())
    readings = {
        Need(PROOFS, Which.HEAD): Proofs(),
        Need(DATA_PROOFS, Which.HEAD): DataProofs(proofs),
    }
    judged = with_readings(case, readings)
    in_config = [each for each in findings(RULE, judged) if each.path == WRANGLER]
    return len(in_config), doubts(RULE, judged), notes(RULE, judged)


def test_a_class_whose_data_a_proven_migration_carries_may_be_deleted() -> None:
    found, doubted, noted = _said(PROVEN)

    assert (0, ()) == (found, doubted)
    assert "proven on 1 files" in noted[0]


def test_a_migration_that_loses_data_carries_none() -> None:
    lost = DataFailing(DataTrouble.VALUES_LOST, "coordinator", "tools/a.py", None, "gone")
    losing = DataProof("coordinator", ("Coordinator",), ("gatekeeper.yaml", 4), (lost,))

    assert 1 == _said(losing)[0]


def test_a_migration_that_is_not_proven_leaves_the_deletion_unproven() -> None:
    unproven = DataProof(
        "coordinator", ("Coordinator",), ("gatekeeper.yaml", 4), open=("no fixture",)
    )

    found, doubted, _ = _said(unproven)

    assert (0, ("gatekeeper.yaml:4: the data migration coordinator: no fixture",)) == (
        found,
        doubted,
    )


def test_what_no_migration_names_is_found_without_a_run() -> None:
    missing = Missing("--no-run was given")
    readings = {Need(PROOFS, Which.HEAD): missing, Need(DATA_PROOFS, Which.HEAD): missing}
    case = case_of(configured(CREATED), configured(CREATED, DELETED), NoOptions())

    judged = with_readings(case, readings)

    assert 1 == len(findings(RULE, judged))
    assert doubts(RULE, judged)


def test_a_configuration_that_cannot_be_read_is_a_doubt() -> None:
    readings = {Need(PROOFS, Which.HEAD): Proofs(), Need(DATA_PROOFS, Which.HEAD): DataProofs()}
    case = case_of(configured(CREATED), {WRANGLER: "{"}, NoOptions())

    assert doubts(RULE, with_readings(case, readings))
