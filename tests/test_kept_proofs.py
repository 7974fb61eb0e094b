"""Proofs of migrations are kept for the next run outside of CI, and any other byte asks anew."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gatekeeper import Measured
from gatekeeper.migrations.migration import Dialect, Runner
from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Proven
from gatekeeper.migrations.proving import Means, proven
from gatekeeper.migrations.recalling import is_settled
from gatekeeper.reading.kept import kept_readings
from gatekeeper.rule import Reading
from gatekeeper.terms import Glob, MigrationPlan
from gatekeeper.value import replace
from tests.trees import tree

UP, DOWN = "migrations/0001_users.sql", "down/0001_users.sql"
FILES = {
    "wrangler.toml": 'name = "w"\n[[d1_databases]]\nbinding = "DB"\n'
    'database_name = "d"\ndatabase_id = "i"\n',
    UP: "CREATE TABLE users (id INTEGER PRIMARY KEY);\n",
    DOWN: "DROP TABLE users;\n",
    "rows.sql": "INSERT INTO users VALUES (1);\n",
}
ROWS = (Glob("rows.sql"),)
PLAN = MigrationPlan(rows=ROWS)


def take(
    folder: Path,
    files: dict[str, str] = FILES,
    plan: MigrationPlan = PLAN,
    ground: tuple[object, ...] = ("this code",),
    **environ: str,
) -> Reading:
    kept = kept_readings(folder, environ, ChainProof)
    return proven(tree("base", {}), tree("head", files), plan, Means(environ, folder, kept, ground))


def entries(folder: Path) -> list[Path]:
    return sorted((folder / "gatekeeper" / "readings").glob("*.json"))


def was_kept(reading: Reading) -> bool:
    assert isinstance(reading, Measured), reading
    return reading.how.endswith("; kept of an earlier run")


def test_an_unchanged_chain_is_not_run_again(tmp_path: Path) -> None:
    first = take(tmp_path)

    again = take(tmp_path)

    assert isinstance(first, Measured)
    assert isinstance(again, Measured)
    assert (first.value, False, True) == (again.value, was_kept(first), was_kept(again))


@pytest.mark.parametrize(
    ("path", "added"),
    [
        pytest.param(UP, "\n", id="a byte of the way up"),
        pytest.param(DOWN, "\n", id="a byte of the way back"),
        pytest.param(
            "rows.sql", "INSERT INTO users VALUES (2);", id="one of the project's own rows"
        ),
    ],
)
def test_a_change_asks_anew(tmp_path: Path, path: str, added: str) -> None:
    take(tmp_path)

    again = take(tmp_path, {**FILES, path: FILES[path] + added})

    assert not was_kept(again)


def test_another_query_to_keep_asks_anew(tmp_path: Path) -> None:
    take(tmp_path)

    again = take(tmp_path, plan=MigrationPlan(rows=ROWS, keeps=("SELECT 1",)))

    assert not was_kept(again)


def test_other_code_asks_anew(tmp_path: Path) -> None:
    take(tmp_path)

    again = take(tmp_path, ground=("another code",))

    assert not was_kept(again)


def test_in_ci_nothing_is_recalled_and_nothing_is_kept(tmp_path: Path) -> None:
    take(tmp_path)
    kept_before = entries(tmp_path)

    again = take(tmp_path, CI="true")
    changed = take(tmp_path, {**FILES, UP: "CREATE TABLE u (id TEXT);\n"}, CI="true")

    assert (False, False) == (was_kept(again), was_kept(changed))
    assert kept_before == entries(tmp_path)


def test_a_damaged_proof_is_made_anew(tmp_path: Path) -> None:
    take(tmp_path)
    (entry,) = entries(tmp_path)
    said = json.loads(entry.read_text(encoding="ascii"))
    said["value"][1][4] = 99
    entry.write_text(json.dumps(said), encoding="ascii")

    again = take(tmp_path)

    assert not was_kept(again)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"proven": (Proven("m", "m.sql", open=("it took too long",)),)}, id="open"),
        pytest.param({"stopped": ("the chain ends here",)}, id="stopped"),
    ],
)
def test_what_is_not_settled_is_not_kept(change: dict[str, Any]) -> None:
    proof = ChainProof(Runner.WRANGLER, Dialect.D1, "migrations", "wrangler.toml", 1)

    assert is_settled(proof)
    assert not is_settled(replace(proof, **change))
