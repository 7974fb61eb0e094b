"""Chains in folders that nobody names, and scripts that are in no chain: found, or named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gatekeeper import Doubt, Finding, NoSubject, Rule
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, FaultKind, Runner
from gatekeeper.migrations.proving import proofs_of
from gatekeeper.migrations.sql_file import read_sql
from gatekeeper.migrations.unplaced import Sides, unplaced
from gatekeeper.snapshot import LINK, SUBMODULE, Snapshot
from gatekeeper.terms import Glob, MigrationPlan
from gatekeeper.testing import Example, _proven, case_of, observe
from gatekeeper_rules.migrations import (
    migration_fails,
    migration_irreversible,
    migration_loses_data,
    migration_rewritten,
    migration_unrepeatable,
    query_broken,
    table_missing,
)

UP, MORE, DOWN = "CREATE TABLE t (a);\n", "ALTER TABLE t ADD b;\n", "DROP TABLE t;\n"
GOOSE = f"-- +goose Up\n{UP}-- +goose Down\n{DOWN}"
DBMATE = f"-- migrate:up\n{UP}-- migrate:down\n{DOWN}"
KNOWN = {"migrations/0001_t.sql": UP}
Files = Mapping[str, str]


def read(files: Files, modes: Mapping[str, str] | None = None) -> tuple[Chain, ...]:
    return chains(Snapshot.of("head", files, modes), None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"db/changes/1_a.sql": GOOSE}, (Runner.GOOSE, "db/changes", 1)),
        ({"docs.sql": UP, "x/20240101000000_a.sql": DBMATE}, (Runner.DBMATE, "x", 1)),
        (
            {"sql/1_a.up.sql": UP, "sql/1_a.down.sql": DOWN, "sql/2_b.up.sql": MORE},
            (Runner.GOLANG_MIGRATE, "sql", 2),
        ),
        ({"schema/init.up.sql": UP, "schema/init.down.sql": DOWN}, (Runner.PAIRS, "schema", 1)),
        ({"db/V1.a.up.sql": UP, "db/V1.a.down.sql": DOWN}, (Runner.PAIRS, "db", 1)),
        (
            {"db/sql/0001_a.sql": UP, "db/sql/0002_b.sql": "DELETE FROM t;"},
            (Runner.PAIRS, "db/sql", 2),
        ),
        ({"1_a.sql": UP, "2_b.sql": MORE, "README.md": ""}, (Runner.PAIRS, "", 2)),
        ({"db/up/1.sql": UP, "db/down/1.sql": DOWN}, (Runner.PAIRS, "db/up", 1)),
        ({"db/1_a.sql": UP, "db/down/1_a.sql": DOWN}, (Runner.PAIRS, "db", 1)),
        ({"db/2024-01-02-a.sql": UP, "db/2024-01-02-b.sql": MORE}, (Runner.PAIRS, "db", 2)),
        (
            {"db/1_a.sql": UP, "db/schema.sql": UP, "db/seed.sql": "INSERT INTO t VALUES (1);"},
            (Runner.PAIRS, "db", 1),
        ),
        ({"db/1_a.sql": UP, "db/queries/1.sql": "SELECT 1;"}, (Runner.PAIRS, "db", 1)),
        ({"db/1_a.sql": UP, "db/seed.sql": "DELETE FROM t;"}, (Runner.PAIRS, "db", 1)),
    ],
    ids=[
        "goose's lines",
        "dbmate's lines",
        "golang-migrate's names",
        "pairs of names without numbers",
        "pairs of versions",
        "numbers",
        "numbers in the root",
        "folders for both ways",
        "a folder of ways back",
        "days",
        "a dump and seeds beside it",
        "queries with numbers",
        "seeds that begin anew",
    ],
)
def test_a_chain_is_found_in_any_folder(files: Files, expected: tuple[Runner, str, int]) -> None:
    found = read(files)

    assert [expected] == [(each.runner, each.folder, len(each.migrations)) for each in found]


@pytest.mark.parametrize(
    "files",
    [
        {"seeds/01_users.sql": "INSERT INTO users VALUES (1);"},
        {"db/1_a.sql": "-- name: Users :many\nSELECT 1;", "db/2_b.sql": "-- CREATE TABLE t (a);"},
        {"db/1.0/01_a.sql": UP, "db/1.1/01_b.sql": MORE},
        {"db/2024-01-13-patch.sql": MORE, "db/2024-02-13-patch.sql": UP, "db/schema.sql": UP},
        {"db/1_patch.sql": MORE, "db/2_patch.sql": MORE},
        {"db/1_a.sql": UP, "db/schema.sql": "CREATE TABLE users (id);"},
        {"db/42_a.sql": UP},
        {"db/1.0.sql": UP, "db/1.1.sql": MORE, "db/1.2.sql": MORE, "db/2.0.sql": MORE},
        {"tests/db/1_a.sql": GOOSE},
        {"docs/examples/1_a.sql": UP},
    ],
    ids=[
        "seeds",
        "queries, and a comment",
        "folders that are parts of a chain",
        "patches of a schema that stands beside them",
        "patches alone",
        "tables of which the numbers say nothing",
        "a number alone",
        "versions",
        "tests",
        "documentation",
    ],
)
def test_what_has_numbers_is_not_yet_a_chain(files: Files) -> None:
    assert () == read(files)


@pytest.mark.parametrize(
    "line", ["-- {}", "-- +migrate {}", "-- rambler {}", "-- @{}", "--{}s:", "# --- !{}s"]
)
def test_both_ways_behind_lines_of_another_tool_are_not_run(line: str) -> None:
    (chain,) = read({"db/1_a.sql": f"{line.format('Up')}\n{UP}{line.format('Down')}\n{DOWN}"})

    assert [FaultKind.ELSEWHERE] == [each.kind for each in chain.faults]


@pytest.mark.parametrize(
    "text",
    [
        f"-- Up\n{UP}-- Down\n-- {DOWN}",
        f"-- go down to t\n{UP}",
        f"-- {'+' * 60}\n-- {'!+@' * 5_000}\n{UP}",
    ],
    ids=["nothing behind it", "in a sentence", "a line of signs"],
)
def test_a_comment_on_the_way_back_is_no_part(text: str) -> None:
    (chain,) = read({"db/1_a.sql": text})

    assert () == chain.faults


def named(
    before: Files,
    after: Files,
    modes: Mapping[str, str] | None = None,
    plan: MigrationPlan | None = None,
) -> list[str]:
    base, head = Snapshot.of("base", before, modes), Snapshot.of("head", after, modes)
    sides = Sides(base, head, chains(base, plan), chains(head, plan))
    return [each.path for each in unplaced(sides, plan)]


LOOSE: dict[str, tuple[Files, Files, list[str]]] = {
    "a suffix in capitals": ({}, {"db/1_a.SQL": UP}, ["db/1_a.SQL"]),
    "another suffix": ({}, {"db/a.ddl": UP, "db/b.psql": MORE}, ["db/a.ddl"]),
    "a template": ({}, {"db/a.sql.j2": UP}, ["db/a.sql.j2"]),
    "another encoding": (
        {},
        {"db/a.sql": "C\0R\0E\0A\0T\0E\0 \0T\0A\0B\0L\0E\0 \0t\0"},
        ["db/a.sql"],
    ),
    "an index alone": ({}, {"a.sql": "CREATE UNIQUE INDEX i ON t (a);"}, ["a.sql"]),
    "a statement that nothing ends before": ({}, {"a.sql": "\\connect x\nDROP TABLE t"}, ["a.sql"]),
    "patches": ({}, {"db/1_p.sql": MORE}, ["db/1_p.sql"]),
    "content that is elsewhere": (
        {},
        {"a.sql": "version https://git-lfs.github.com/spec/v1\n"},
        ["a.sql"],
    ),
    "a chain in tests alone": ({}, {"tests/db/1_a.sql": GOOSE}, ["tests/db/1_a.sql"]),
    "a chain moved to tests": (KNOWN, {"tests/x/1_t.sql": UP}, ["migrations", "tests/x/1_t.sql"]),
    "a chain that got another suffix": (
        KNOWN,
        {"migrations/0001_t.SQL": UP},
        ["migrations", "migrations/0001_t.SQL"],
    ),
    "a chain that is gone": (KNOWN, {"a.txt": ""}, ["migrations"]),
    "a chain gone, with another in its place": (KNOWN, {"db/1_x.sql": UP}, ["migrations"]),
    "scripts gone": ({"db/a.sql": MORE}, {"a.txt": ""}, ["db/a.sql"]),
    "scripts beside a chain for show": (
        {"db/a.sql": UP + MORE},
        {**KNOWN, "db/a.sql": UP + "DELETE FROM t;"},
        ["db/a.sql"],
    ),
    "a script that the change writes beside a chain": (
        KNOWN,
        {**KNOWN, "db/fix.sql": "DROP TABLE t;"},
        ["db/fix.sql"],
    ),
    "rows that are written in a chain's folder": (
        KNOWN,
        {
            **KNOWN,
            "migrations/0002_d.SQL": "DELETE FROM t;",
            "migrations/x/d.sql": "UPDATE t SET a=1",
        },
        ["migrations/0002_d.SQL"],
    ),
    "rows that a number writes": (KNOWN, {**KNOWN, "db/2_d.sql": "DELETE FROM t;"}, ["db/2_d.sql"]),
    "numbers that only write rows": ({}, {"db/1.sql": "REPLACE INTO t SELECT 1;"}, ["db/1.sql"]),
    "the schema written by hand": ({}, {"a.sql": "PRAGMA writable_schema = 1;"}, ["a.sql"]),
    "what is compressed": ({}, {"db/a.sql.gz": "x"}, ["db/a.sql.gz"]),
    "python": ({}, {"db/1_a.py": "def up(db):\n    db.execute('')\n"}, ["db/1_a.py"]),
    "code in a chain's folder": (
        KNOWN,
        {**KNOWN, "migrations/2_b.ts": "export async function up(db) {}"},
        ["migrations/2_b.ts"],
    ),
    "a script aside in a chain's folder": (
        KNOWN,
        {**KNOWN, "migrations/tests/d.sql": "DROP TABLE t;"},
        ["migrations/tests/d.sql"],
    ),
    "SQL in a module with a number": (
        KNOWN,
        {**KNOWN, "db/2.sql.ts": "export default `DELETE FROM t`"},
        ["db/2.sql.ts"],
    ),
    "alembic": ({}, {"x/1_a.py": "revision = 'a'\ndown_revision = None\n"}, ["x/1_a.py"]),
    "alembic without numbers": ({}, {"x/ab_t.py": "down_revision = None\n"}, ["x/ab_t.py"]),
    "knex": ({}, {"x/20240101_a.ts": "export async function up(knex) {}"}, ["x/20240101_a.ts"]),
    "umzug": ({}, {"db/a.js": "module.exports = { up: q => q.queryInterface.x() }"}, ["db/a.js"]),
    "code beside a chain": (
        KNOWN,
        {**KNOWN, "x/1_a.ts": "export const up = (db) => db.schema.dropTable('t')"},
        ["x/1_a.ts"],
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), LOOSE.values(), ids=LOOSE)
def test_what_may_be_a_migration_is_named(before: Files, after: Files, expected: list[str]) -> None:
    assert expected == named(before, after)


HONEST: dict[str, tuple[Files, Files]] = {
    "nothing": ({}, {"src/a.py": "x = 1", "src/2_b.ts": "export const upper = 1;"}),
    "a dump that grows with its chain": (
        {**KNOWN, "schema.sql": UP},
        {
            **KNOWN,
            "migrations/0002_u.sql": 'CREATE VIRTUAL TABLE "u" USING fts5(a);',
            "schema.sql": UP + "CREATE VIRTUAL TABLE u USING fts5(a);CREATE TABLE 'u_data'(id);"
            "DROP TABLE IF EXISTS t;CREATE INDEX i ON t (a);",
        },
    ),
    "a dump before there is a chain": ({"schema.sql": UP}, {**KNOWN, "schema.sql": UP}),
    "seeds": (KNOWN, {**KNOWN, "seed.sql": "INSERT INTO t VALUES ('drop table t');"}),
    "fixtures of tests": (KNOWN, {**KNOWN, "tests/fixtures/1.sql": UP + MORE + DOWN}),
    "rows that are told which by a parameter": (
        KNOWN,
        {**KNOWN, "q/1.sql": "DELETE FROM t WHERE a=?"},
    ),
    "a database": ({}, {"db/a.sqlite": "SQLite format 3\0CREATE TABLE t (a)"}),
    "helpers of migrations": (
        KNOWN,
        {**KNOWN, "src/migrations/run.ts": "const up = 'create table x'"},
    ),
    "lessons": ({}, {"src/02_more.py": "def up(x):\n    return x\n"}),
    "sqlc's queries": (KNOWN, {**KNOWN, "query.sql": "-- name: All :many\nSELECT * FROM t;"}),
    "examples of documentation": ({}, {"docs/examples/shop.sql": UP, "examples/a.sql": UP}),
    "an old script beside a chain": (
        {**KNOWN, "scripts/reset.sql": DOWN},
        {**KNOWN, "scripts/reset.sql": DOWN, "a.py": ""},
    ),
    "a chain that is moved": (KNOWN, {"db/migrations/0001_t.sql": UP}),
    "a temporary table": (KNOWN, {**KNOWN, "report.sql": "CREATE TEMP TABLE x AS SELECT 1;"}),
    "tests of migrations": (
        {},
        {"tests/test_1_up.py": "def upgrade(): pass", "1_a.test.ts": "up: x"},
    ),
}


@pytest.mark.parametrize(("before", "after"), HONEST.values(), ids=HONEST)
def test_what_is_no_migration_is_not_named(before: Files, after: Files) -> None:
    assert [] == named(before, after)


def test_links_and_submodules_are_looked_at() -> None:
    files = {"a.sql": "store/a.txt", "store/a.txt": UP, "b.sql": "../x", "db/schema": ""}
    modes = {"a.sql": LINK, "b.sql": LINK, "db/schema": SUBMODULE}

    assert ["a.sql", "db/schema"] == named({}, files, modes)


def test_a_projects_own_rows_are_no_migration() -> None:
    plan = MigrationPlan(rows=(Glob("rows.sql"),))

    assert [] == named(KNOWN, {**KNOWN, "rows.sql": UP}, plan=plan)


@pytest.mark.parametrize("piece", ["/*", "[", "'\"", "create ", "--", "rename to ", "`['"])
def test_a_text_is_read_in_linear_time(piece: str) -> None:
    # Were it not, this would take hours.
    assert read_sql("drop table t;" + piece * 200_000).line == 1


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"db/m/5_a.sql": GOOSE, "db/m/6_b.sql": "-- +goose Up\n"}, ["6_b.sql"]),
        ({"db/m/5_a.sql": GOOSE.replace("(a)", "(b)")}, ["5_a.sql"]),
        ({"db/m/5_a.sql": GOOSE, "db/m/1_z.sql": "-- +goose Up\n"}, ["1_z.sql", "5_a.sql"]),
        ({"db/m/5_a.sql": GOOSE, "x/5_a.sql": GOOSE}, ["5_a.sql"]),
    ],
    ids=["moved", "moved and edited", "moved behind another", "copied"],
)
def test_of_a_chain_that_is_moved_only_what_is_new_is_proven(
    after: Files, expected: list[str]
) -> None:
    base, head = Snapshot.of("base", {"x/5_a.sql": GOOSE}), Snapshot.of("head", after)

    found = proofs_of(base, head, None).chains

    assert expected == [each.migration for chain in found for each in chain.proven]


RULES = (
    migration_fails.RULE,
    migration_irreversible.RULE,
    migration_loses_data.RULE,
    migration_unrepeatable.RULE,
    migration_rewritten.RULE,
    table_missing.RULE,
    query_broken.RULE,
)


def ruled(rule: Rule[Any], files: Files) -> list[str]:
    """The kinds of what a rule says of a tree that does not change, with the paths of doubts."""
    options = "tables: [t]" if rule is table_missing.RULE else ""
    code = {"src/a.py": "db.execute('SELECT a FROM t')"} if rule is query_broken.RULE else {}
    example = Example("an example", 1, {**files, **code}, {**files, **code}, options=options)
    found = tuple(observe(rule, _proven(rule, case_of(rule, example))))
    assert not any(isinstance(each, Finding) for each in found) or "a.sql" not in files
    return sorted(
        each.path or "" if isinstance(each, Doubt) else type(each).__name__
        for each in found
        if isinstance(each, Doubt | NoSubject)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_without_a_chain_sql_that_changes_the_schema_leaves_every_rule_open(
    rule: Rule[Any],
) -> None:
    assert "a.sql" in ruled(rule, {"a.sql": UP})
    assert "a.sql" not in ruled(rule, {"a.txt": UP})


@pytest.mark.parametrize("rule", RULES[:5], ids=lambda rule: rule.name)
def test_without_any_migration_there_is_no_subject(rule: Rule[Any]) -> None:
    assert ["NoSubject"] == ruled(rule, {"query.sql": "-- name: All :many\nSELECT a FROM t;"})
