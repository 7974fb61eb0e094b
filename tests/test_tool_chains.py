"""Chains of the other tools: which files, in which order, taken apart how."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, Dialect, FaultKind, Runner
from gatekeeper.snapshot import LINK, SUBMODULE, Snapshot
from gatekeeper.terms import MigrationPlan

UP, DOWN = "CREATE TABLE t (a);\n", "DROP TABLE t;\n"


def read(files: Mapping[str, str | bytes], up: str = "") -> Chain:
    found = chains(Snapshot.of("head", files), MigrationPlan(up=up))
    assert 1 == len(found), found
    return found[0]


def names(chain: Chain) -> list[str]:
    return [each.name for each in chain.migrations]


def kinds(chain: Chain) -> list[tuple[FaultKind, str, int]]:
    return [(each.kind, each.path, each.line) for each in chain.faults]


def ways(chain: Chain) -> list[tuple[str, str | None]]:
    return [(each.up.path, each.down.path if each.down else None) for each in chain.migrations]


def journal(*entries: tuple[str, float], dialect: str = "sqlite") -> str:
    listed = [{"idx": n, "when": when, "tag": tag} for n, (tag, when) in enumerate(entries)]
    return json.dumps({"dialect": dialect, "entries": listed}, indent=1)


def test_drizzle_runs_what_its_journal_lists_in_its_order() -> None:
    files = {
        "drizzle/meta/_journal.json": journal(("0001_b", 1), ("0000_a", 2)),
        "drizzle/0000_a.sql": UP,
        "drizzle/0001_b.sql": UP,
        "drizzle/down/0001_b.sql": DOWN,
    }

    chain = read(files)

    assert (Runner.DRIZZLE, "__drizzle_migrations") == (chain.runner, chain.ledger)
    assert [
        ("drizzle/0001_b.sql", "drizzle/down/0001_b.sql"),
        ("drizzle/0000_a.sql", None),
    ] == ways(chain)
    assert () == chain.faults


def test_a_journal_and_its_folder_must_agree() -> None:
    files = {
        "drizzle/meta/_journal.json": journal(("0000_a", 1), ("0001_gone", 2)),
        "drizzle/0000_a.sql": UP,
        "drizzle/0002_more.sql": UP,
    }

    chain = read(files)

    assert [
        (FaultKind.UNREADABLE, "drizzle/meta/_journal.json", 9),
        (FaultKind.UNPAIRED, "drizzle/0002_more.sql", 1),
    ] == kinds(chain)


def test_a_journal_entry_with_an_earlier_time_is_passed_over() -> None:
    files = {
        "drizzle/meta/_journal.json": journal(("0000_a", 5), ("0001_b", 5), ("0002_c", 7)),
        **{f"drizzle/{each}.sql": UP for each in ("0000_a", "0001_b", "0002_c")},
    }

    chain = read(files)

    assert [(FaultKind.UNSETTLED, "drizzle/meta/_journal.json", 9)] == kinds(chain)


def test_a_breakpoint_ends_a_statement_that_has_no_semicolon() -> None:
    text = "CREATE TABLE a (x)\n--> statement-breakpoint\nCREATE TABLE b (x);\n"
    files = {"drizzle/meta/_journal.json": journal(("0_a", 1)), "drizzle/0_a.sql": text}

    chain = read(files)

    script = chain.migrations[0].up.text
    assert text.replace("--> statement-breakpoint", ";" + " " * 23) == script


def test_two_statements_between_breakpoints_are_refused_by_drivers() -> None:
    text = "CREATE TABLE a (x);\n--> statement-breakpoint\nCREATE TABLE b (x);\nDROP TABLE c;\n"
    files = {"drizzle/meta/_journal.json": journal(("0_a", 1)), "drizzle/0_a.sql": text}

    chain = read(files)

    assert [(FaultKind.REFUSED_TEXT, "drizzle/0_a.sql", 4)] == kinds(chain)


def test_drizzle_on_d1_runs_under_d1s_rules() -> None:
    files = {
        "wrangler.toml": "[[d1_databases]]\nbinding = 'DB'\n",
        "db/out/meta/_journal.json": journal(("0_a", 1)),
        "db/out/0_a.sql": UP,
    }

    chain = read(files)

    assert (Runner.DRIZZLE, Dialect.D1) == (chain.runner, chain.dialect)


def test_a_folder_that_wrangler_applies_is_wranglers_whoever_generated_it() -> None:
    files = {
        "wrangler.toml": "[[d1_databases]]\nbinding = 'DB'\nmigrations_dir = 'drizzle'\n",
        "drizzle/meta/_journal.json": journal(("0000_a", 1)),
        "drizzle/0000_a.sql": UP,
    }

    chain = read(files)

    assert (Runner.WRANGLER, ["0000_a.sql"]) == (chain.runner, names(chain))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"entries": [1]}', '{"entries": [{}]}', "{"])
def test_a_journal_that_drizzle_could_not_read_is_a_fault(content: str) -> None:
    chain = read({"drizzle/meta/_journal.json": content, "drizzle/0_a.sql": UP})

    assert FaultKind.UNREADABLE in {each.kind for each in chain.faults}


def test_prisma_orders_its_folders_by_name_and_uses_no_transaction() -> None:
    files = {
        "prisma/migrations/migration_lock.toml": 'provider = "sqlite"\n',
        "prisma/migrations/2_b/migration.sql": UP,
        "prisma/migrations/10_a/migration.sql": UP,
        "prisma/migrations/10_a/down.sql": DOWN,
    }

    chain = read(files)

    assert (Runner.PRISMA, ["10_a", "2_b"]) == (chain.runner, names(chain))
    assert "prisma/migrations/10_a/down.sql" == ways(chain)[0][1]
    assert [False, False] == [each.atomic for each in chain.migrations]


def test_a_prisma_folder_without_its_script_is_a_fault() -> None:
    files = {
        "prisma/migrations/1_a/migration.sql": UP,
        "prisma/migrations/2_b/notes.md": "later",
    }

    chain = read(files)

    assert [(FaultKind.UNREADABLE, "prisma/migrations/2_b/migration.sql", 1)] == kinds(chain)


def test_drizzle_since_1_has_a_folder_for_each_migration() -> None:
    files = {
        "drizzle/20260102_b/migration.sql": UP,
        "drizzle/20260101_a/migration.sql": UP,
        "drizzle/20260101_a/snapshot.json": "{}",
    }

    chain = read(files)

    assert (Runner.DRIZZLE, ["20260101_a", "20260102_b"]) == (chain.runner, names(chain))


def test_golang_migrate_orders_by_number_and_pairs_by_number() -> None:
    files = {
        "migrations/10_c.up.sql": UP,
        "migrations/2_b.up.sql": UP,
        "migrations/2_other.down.sql": DOWN,
        "migrations/3_lost.down.sql": DOWN,
    }

    chain = read(files)

    assert (Runner.GOLANG_MIGRATE, "schema_migrations") == (chain.runner, chain.ledger)
    assert [
        ("migrations/2_b.up.sql", "migrations/2_other.down.sql"),
        ("migrations/10_c.up.sql", None),
    ] == ways(chain)
    assert [(FaultKind.UNPAIRED, "migrations/3_lost.down.sql", 1)] == kinds(chain)


def test_golang_migrate_refuses_a_number_twice() -> None:
    files = {
        "migrations/1_a.up.sql": UP,
        "migrations/01_b.up.sql": UP,
        "migrations/1_a.down.sql": DOWN,
        "migrations/1_b.down.sql": DOWN,
    }

    chain = read(files)

    assert {FaultKind.SAME_NUMBER} == {each.kind for each in chain.faults}
    assert 2 == len(chain.faults)


def test_dbmate_orders_by_name_and_takes_files_apart() -> None:
    text = f"-- a\n\n-- migrate:up transaction:false\n{UP}\n-- migrate:down\n{DOWN}"
    files = {"db/migrations/9_a.sql": text, "db/migrations/10_b.sql": text}

    chain = read(files)

    assert (Runner.DBMATE, ["10_b.sql", "9_a.sql"]) == (chain.runner, names(chain))
    first = chain.migrations[0]
    assert (3, 6) == (first.up.line, first.down.line if first.down else 0)
    assert f"-- migrate:up transaction:false\n{UP}\n" == first.up.text
    assert not first.atomic
    assert () == chain.faults


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        pytest.param(f"-- migrate:up\n{UP}", 1, FaultKind.REFUSED_TEXT, id="no way down"),
        pytest.param(
            f"-- migrate:down\n{DOWN}-- migrate:up\n{UP}", 1, FaultKind.REFUSED_TEXT, id="order"
        ),
        pytest.param(
            f"SELECT 1;\n-- migrate:up\n{UP}-- migrate:down\n{DOWN}",
            1,
            FaultKind.REFUSED_TEXT,
            id="statements before",
        ),
        pytest.param(
            f"-- migrate:up\n{UP}-- migrate:down\n-- nothing\n",
            3,
            FaultKind.HOLLOW_DOWN,
            id="hollow",
        ),
        pytest.param(
            f"\ufeff-- migrate:up\n{UP}-- migrate:down\n{DOWN}", 1, FaultKind.REFUSED_TEXT, id="BOM"
        ),
    ],
)
def test_what_dbmate_refuses_is_named(text: str, line: int, kind: FaultKind) -> None:
    good = f"-- migrate:up\n{UP}-- migrate:down\n{DOWN}"

    chain = read({"db/migrations/1_a.sql": text, "db/migrations/2_b.sql": good})

    assert [(kind, "db/migrations/1_a.sql", line)] == kinds(chain)


def test_goose_takes_files_apart() -> None:
    text = f"-- +goose Up\n-- +goose NO TRANSACTION\n{UP}\n-- +goose Down\n{DOWN}"
    files = {"migrations/2_a.sql": text, "migrations/10_b.sql": f"-- +goose Up\n{UP}"}

    chain = read(files)

    assert (Runner.GOOSE, ["2_a.sql", "10_b.sql"]) == (chain.runner, names(chain))
    assert [False, True] == [each.atomic for each in chain.migrations]
    assert [5, None] == [each.down.line if each.down else None for each in chain.migrations]
    assert () == chain.faults


TRIGGER = "CREATE TRIGGER r AFTER INSERT ON t BEGIN\n  DELETE FROM t;\nEND;\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"-- +goose Up\n{TRIGGER}", (FaultKind.MANGLED_TEXT, 2), id="a trigger cut"),
        pytest.param(
            "-- +goose Up\nSELECT 'a;\nb';\n", (FaultKind.MANGLED_TEXT, 2), id="a string cut"
        ),
        pytest.param("-- +goose Up\nSELECT 1\n", (FaultKind.REFUSED_TEXT, 2), id="no semicolon"),
        pytest.param(
            f"-- +goose Down\n{DOWN}-- +goose Up\n{UP}", (FaultKind.REFUSED_TEXT, 1), id="order"
        ),
        pytest.param(
            f"-- +goose Up\n{UP}-- +goose Down\n--\n", (FaultKind.HOLLOW_DOWN, 3), id="hollow"
        ),
        pytest.param(
            "-- +goose Up\n-- +goose ENVSUB ON\nSELECT '${A}';\n",
            (FaultKind.UNREADABLE, 1),
            id="values of the environment",
        ),
    ],
)
def test_what_goose_refuses_or_cuts_is_named(text: str, expected: tuple[FaultKind, int]) -> None:
    chain = read({"migrations/1_a.sql": text})

    kind, line = expected
    assert [(kind, "migrations/1_a.sql", line)] == kinds(chain)


def test_a_statement_in_bounds_is_one_to_goose() -> None:
    text = f"-- +goose Up\n-- +goose StatementBegin\n{TRIGGER}-- +goose StatementEnd\n"

    chain = read({"migrations/1_a.sql": text})

    assert () == chain.faults


def test_diesel_orders_by_version_and_says_what_runs_in_a_transaction() -> None:
    files = {
        "migrations/2026-01-02-000000_b/up.sql": UP,
        "migrations/2026-01-02-000000_b/down.sql": DOWN,
        "migrations/20260101000000_a/up.sql": UP,
        "migrations/20260101000000_a/metadata.toml": "run_in_transaction = false\n",
    }

    chain = read(files)

    assert Runner.DIESEL == chain.runner
    assert ["20260101000000_a", "2026-01-02-000000_b"] == names(chain)
    assert [False, True] == [each.atomic for each in chain.migrations]
    assert "migrations/2026-01-02-000000_b/down.sql" == ways(chain)[1][1]


def test_sqitch_runs_its_plan() -> None:
    plan = (
        "%syntax-version=1.0.0\n%project=p\n\n"
        "a 2026-01-01T00:00:00Z P <p@example.org> # first\n"
        "@v1 2026-01-01T00:00:00Z P <p@example.org>\n"
        "b [a] 2026-01-02T00:00:00Z P <p@example.org>\n"
        "a [a@v1] 2026-01-03T00:00:00Z P <p@example.org> # reworked\n"
        "gone 2026-01-04T00:00:00Z P <p@example.org>\n"
    )
    files = {
        "sqitch.plan": plan,
        "sqitch.conf": "[core]\n\tengine = sqlite\n",
        "deploy/a.sql": UP,
        "deploy/a@v1.sql": UP,
        "deploy/b.sql": UP,
        "revert/a@v1.sql": DOWN,
    }

    chain = read(files)

    assert Runner.SQITCH == chain.runner
    assert [
        ("deploy/a@v1.sql", "revert/a@v1.sql"),
        ("deploy/b.sql", None),
        ("deploy/a.sql", None),
    ] == ways(chain)
    assert [(FaultKind.UNREADABLE, "sqitch.plan", 8)] == kinds(chain)


@pytest.mark.parametrize(
    ("files", "runner"),
    [
        pytest.param(
            {"alembic/env.py": "", "alembic/versions/1_a.py": ""}, Runner.ALEMBIC, id="Alembic"
        ),
        pytest.param(
            {"app/migrations/__init__.py": "", "app/migrations/0001_initial.py": ""},
            Runner.DJANGO,
            id="Django",
        ),
        pytest.param(
            {"prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
             "prisma/migrations/1_a/migration.sql": UP},
            Runner.PRISMA,
            id="Prisma on another database",
        ),
        pytest.param(
            {"drizzle/meta/_journal.json": journal(("0_a", 1), dialect="mysql"),
             "drizzle/0_a.sql": UP},
            Runner.DRIZZLE,
            id="drizzle on another database",
        ),
        pytest.param(
            {"migrations/1_a.up.sql": "CREATE TABLE t (id BIGSERIAL);"},
            Runner.GOLANG_MIGRATE,
            id="the words of another database",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_run_here_says_so(files: dict[str, str], runner: Runner) -> None:
    chain = read(files)

    assert runner == chain.runner
    assert [FaultKind.ELSEWHERE] == [each.kind for each in chain.faults]


def test_a_folder_that_the_binding_names_is_sqlites_whatever_it_says() -> None:
    chain = read({"migrations/1_a.up.sql": "CREATE TABLE t (id BIGSERIAL);"}, up="migrations")

    assert () == chain.faults


def test_a_folder_of_numbered_scripts_called_migrations_is_a_chain() -> None:
    chain = read({"db/migrations/001_a.sql": UP, "db/migrations/down/001_a.sql": DOWN})

    assert (Runner.PAIRS, "db/migrations") == (chain.runner, chain.folder)
    assert "db/migrations/down/001_a.sql" == ways(chain)[0][1]


@pytest.mark.parametrize(
    "path",
    ["tests/migrations/1_a.sql", "node_modules/x/migrations/1_a.sql", "sql/a.sql", "queries.sql"],
)
def test_scripts_elsewhere_are_no_chain(path: str) -> None:
    assert () == chains(Snapshot.of("head", {path: UP}), None)


def test_a_folder_behind_a_link_out_of_the_tree_is_unreadable() -> None:
    head = Snapshot.of("head", {"db": "/srv/db"}, {"db": LINK})

    found = chains(head, MigrationPlan(up="db/migrations"))

    assert [(FaultKind.UNREADABLE, "db", 1)] == kinds(found[0])


@pytest.mark.parametrize(
    ("path", "mode"),
    [("db/migrations", SUBMODULE), ("db", SUBMODULE), ("db/migrations", "100644")],
)
def test_a_folder_that_is_none_is_unreadable(path: str, mode: str) -> None:
    found = chains(Snapshot.of("head", {path: ""}, {path: mode}), MigrationPlan(up="db/migrations"))

    assert [(FaultKind.UNREADABLE, path, 1)] == kinds(found[0])


@pytest.mark.parametrize("up", ["..", "/", ".", "../x", "a/../../b"])
def test_a_folder_of_the_binding_may_be_anything(up: str) -> None:
    files = {"1_a.sql": UP, "a/b.txt": ""}

    found = chains(Snapshot.of("head", files), MigrationPlan(up=up))

    assert found
