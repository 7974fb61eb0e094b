"""The rule migration-rewritten: what may happen to a migration that is applied, and what not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gatekeeper import Case, Doubt, Examined, Finding, NoOptions, NoSubject, Note, Side
from gatekeeper.terms import MigrationPlan
from gatekeeper_rules.migrations.migration_rewritten import RULE, concerns, watch
from tests.cases import LINK, Files, case_of, findings, observations
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import check

D1 = '{"d1_databases": [{"binding": "DB"}]}'
A, B, C = "CREATE TABLE a (x);\n", "CREATE TABLE b (x);\n", "CREATE TABLE c (x);\n"


def of(
    before: Files,
    after: Files,
    before_modes: dict[str, str] | None = None,
    after_modes: dict[str, str] | None = None,
) -> Case[NoOptions]:
    """The case of a project whose wrangler configuration is the same on both sides."""
    return case_of(
        {"wrangler.json": D1, **before},
        {"wrangler.json": D1, **after},
        NoOptions(),
        before_modes=before_modes,
        after_modes=after_modes,
    )


def told(case: Case[NoOptions]) -> list[tuple[str, str, int | None]]:
    """The first word of what identifies each finding, its path and line."""
    found = [(each.quoted.split()[0], each.path, each.line) for each in findings(RULE, case)]
    assert all(not isinstance(each, Doubt) for each in observations(RULE, case))
    return sorted(found)


def m(**files: str) -> dict[str, str]:
    """Files of the folder of migrations: `m(_1_a=A)` is `migrations/1_a.sql`."""
    return {f"migrations/{name.removeprefix('_')}.sql": text for name, text in files.items()}


BASE = m(_1_a=A, _3_b=B)

CASES = [
    pytest.param(BASE, [], id="nothing"),
    pytest.param({**BASE, **m(_4_c=C)}, [], id="one more behind"),
    pytest.param(m(_1_a=A, _3_b=C), [("edited", "migrations/3_b.sql", 1)], id="edited"),
    pytest.param(m(_1_a=A, _3_b=B + " "), [("edited", "migrations/3_b.sql", 2)], id="a blank"),
    pytest.param(
        m(_1_a=A, _3_b=B.replace("\n", "\r\n")),
        [("edited", "migrations/3_b.sql", 1)],
        id="an end of line",
    ),
    pytest.param(
        m(_1_a=A, _3_b="\ufeff" + B), [("edited", "migrations/3_b.sql", 1)], id="a byte order mark"
    ),
    pytest.param(
        m(_1_a=B, _3_b=A),
        [("edited", "migrations/1_a.sql", 1), ("edited", "migrations/3_b.sql", 1)],
        id="exchanged",
    ),
    pytest.param(
        m(_1_a=A, _3_other=B), [("renamed", "migrations/3_other.sql", 1)], id="renamed"
    ),
    pytest.param(m(_1_a=A, _4_b=B), [("renumbered", "migrations/4_b.sql", 1)], id="renumbered"),
    pytest.param(
        m(_1_a=A, _3_c=C), [("replaced", "migrations/3_c.sql", 1)], id="replaced under its number"
    ),
    pytest.param(m(_1_a=A), [("removed", "migrations/3_b.sql", 1)], id="removed"),
    pytest.param(
        {},
        [("removed", "migrations/1_a.sql", 1), ("removed", "migrations/3_b.sql", 1)],
        id="all gone",
    ),
    pytest.param(
        {**BASE, **m(_2_c=C)}, [("inserted", "migrations/2_c.sql", 1)], id="inserted"
    ),
    pytest.param(
        {**BASE, **m(_3_c=C)}, [("number", "migrations/3_c.sql", 1)], id="a number that is taken"
    ),
    pytest.param(
        {**BASE, **m(_3_a=C)},
        [("number", "migrations/3_a.sql", 1)],
        id="a number that is taken, before the one that has it",
    ),
    pytest.param(
        {**BASE, **m(_4_c=C, _4_d=C)},
        [("number", "migrations/4_d.sql", 1)],
        id="two new ones with one number",
    ),
    pytest.param(
        {**BASE, "migrations/down/3_b.sql": "DROP TABLE b;"}, [], id="a way back in its folder"
    ),
    pytest.param(
        {**BASE, "migrations/sub/2_c.sql": C}, [], id="a script where wrangler does not look"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("after", "expected"), CASES)
def test_an_applied_migration_stays_as_it_is_and_where_it_is(
    after: dict[str, str], expected: list[tuple[str, str, int]]
) -> None:
    assert expected == told(of(BASE, after))


def test_a_number_that_the_base_has_twice_is_only_noted() -> None:
    both = m(_1_a=A, _1_b=B)

    said = observations(RULE, of(both, {**both, **m(_2_c=C)}))

    notes = [each.says for each in said if isinstance(each, Note)]
    assert ["1_a.sql, 1_b.sql have had one number, 1, before the change"] == notes
    assert not [each for each in said if isinstance(each, Finding)]


def test_a_gap_is_only_noted() -> None:
    said = observations(RULE, of(BASE, BASE))

    assert [Note("no migration of migrations has the number 2")] == [
        each for each in said if isinstance(each, Note)
    ]
    assert Examined("migrations", 2) in said


def test_where_there_is_no_migration_that_is_said() -> None:
    (said,) = observations(RULE, of({}, {"src/a.py": "x = 1\n"}))

    assert isinstance(said, NoSubject)


CONFIGURED = [
    pytest.param(
        {"migrations_dir": "sql"}, {}, [("unseen", "wrangler.json", 1)], id="another folder, empty"
    ),
    pytest.param(
        {"migrations_dir": "sql"}, {"sql/1_a.sql": A}, [("unseen", "wrangler.json", 1)],
        id="another folder that lacks one",
    ),
    pytest.param(
        {"migrations_dir": "sql"}, {"sql/1_a.sql": A, "sql/3_b.sql": B}, [],
        id="another folder with the same",
    ),
    pytest.param(
        {"migrations_dir": "migrations", "migrations_pattern": "migrations/3*.sql"}, {},
        [("unseen", "wrangler.json", 1)], id="a narrower pattern",
    ),
    pytest.param(
        {"migrations_table": "done"}, {}, [("ledger", "wrangler.json", 1)], id="another ledger"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "more", "expected"), CONFIGURED)
def test_configuration_that_makes_wrangler_see_other_files_is_found(
    settings: dict[str, str], more: dict[str, str], expected: list[tuple[str, str, int]]
) -> None:
    config = json.dumps({"d1_databases": [{"binding": "DB", **settings}]})
    after = {**BASE, **more, "wrangler.json": config}

    case = case_of({"wrangler.json": D1, **BASE}, after, NoOptions())

    assert expected == told(case)


def test_a_binding_that_is_taken_away_leaves_its_migrations_to_no_runner() -> None:
    case = case_of({"wrangler.json": D1, **BASE}, {"wrangler.json": "{}", **BASE}, NoOptions())

    (found,) = findings(RULE, case)

    assert "wrangler in d1_migrations" in found.message
    assert (Side.BASE, "migrations/1_a.sql") == (found.side, found.path)


def test_a_folder_that_was_empty_is_judged_whole() -> None:
    case = case_of({}, {"wrangler.json": D1, **m(_1_a=A, _1_b=B)}, NoOptions())
    contract = replace(case.contract, migrations=MigrationPlan(up="migrations"))

    assert [("number", "migrations/1_b.sql", 1)] == told(replace(case, contract=contract))


def test_scripts_that_come_to_be_wranglers_are_no_rewrite_unless_they_change() -> None:
    same = case_of(BASE, {"wrangler.json": D1, **BASE}, NoOptions())
    edited = case_of(BASE, {"wrangler.json": D1, **m(_1_a=C, _3_b=B)}, NoOptions())

    assert ([], [("edited", "migrations/1_a.sql", 1)]) == (told(same), told(edited))


def test_the_folder_of_the_binding_counts_on_both_sides() -> None:
    case = case_of({"db/1_a.sql": A}, {"db/1_a.sql": B}, NoOptions())
    contract = replace(case.contract, migrations=MigrationPlan(up="db"))

    found = findings(RULE, replace(case, contract=contract))

    assert ["db/1_a.sql"] == [each.path for each in found]


def test_a_folder_that_becomes_a_link_to_the_same_is_no_rewrite() -> None:
    case = of(
        BASE,
        {"migrations": "db", "db/1_a.sql": A, "db/3_b.sql": B},
        after_modes={"migrations": LINK},
    )

    assert [] == told(case)


def test_a_migration_that_becomes_a_link_is_unsettled() -> None:
    after = {**BASE, "migrations/3_b.sql": "../b.sql", "b.sql": B}

    case = of(BASE, after, after_modes={"migrations/3_b.sql": LINK})

    assert [("unsettled", "migrations/3_b.sql", 1)] == told(case)


def test_what_a_link_leads_to_is_edited() -> None:
    before = {"migrations/1_a.sql": "../a.sql", "a.sql": A}
    modes = {"migrations/1_a.sql": LINK}

    case = of(before, {**before, "a.sql": B}, before_modes=modes, after_modes=modes)

    assert [("edited", "a.sql", 1)] == told(case)


DBMATE = "-- migrate:up\nCREATE TABLE a (x);\n\n-- migrate:down\nDROP TABLE a;\n"
GOOSE = "-- +goose Up\nCREATE TABLE a (x);\n"


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        pytest.param(DBMATE, DBMATE.replace("DROP TABLE", "DROP TABLE IF EXISTS"), 0, id="down"),
        pytest.param(DBMATE, DBMATE.replace("(x)", "(y)"), 1, id="up"),
        pytest.param(DBMATE, DBMATE.replace("up\n", "up transaction:false\n"), 1, id="transaction"),
        pytest.param(GOOSE, GOOSE + "\n-- +goose Down\nDROP TABLE a;\n", 0, id="a new down"),
        pytest.param(GOOSE, "-- +goose NO TRANSACTION\n" + GOOSE, 1, id="no transaction"),
    ],
)
def test_of_a_file_in_parts_only_the_part_forward_is_applied(
    before: str, after: str, count: int
) -> None:
    case = case_of({"migrations/1_a.sql": before}, {"migrations/1_a.sql": after}, NoOptions())

    assert count == len(findings(RULE, case))


def test_another_databases_migrations_can_be_compared() -> None:
    before = {"migrations/1_a.up.sql": "CREATE TABLE a (id BIGSERIAL);"}

    case = case_of(before, {"migrations/1_a.up.sql": "CREATE TABLE a (id SERIAL);"}, NoOptions())

    assert [("edited", "migrations/1_a.up.sql", 1)] == told(case)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"wrangler.json": "{"}, id="configuration that is no JSON"),
        pytest.param({"app/env.py": "", "app/versions/a.py": ""}, id="Alembic"),
        pytest.param({"drizzle/meta/_journal.json": "[]", "drizzle/0_a.sql": A}, id="a journal"),
    ],
)
def test_a_chain_that_is_not_known_is_a_doubt(files: dict[str, str]) -> None:
    said = observations(RULE, case_of(files, files, NoOptions()))

    assert [each for each in said if isinstance(each, Doubt)]
    assert not [each for each in said if isinstance(each, NoSubject)]


def test_a_waiver_for_one_edit_lets_no_other_pass() -> None:
    one, other = (
        findings(RULE, of(BASE, m(_1_a=A, _3_b=text)))[0] for text in (A, C)
    )  # fmt: skip

    assert one.quoted != other.quoted


CONCERNED = [
    ("migrations/4_c.sql", True),
    ("wrangler.toml", True),
    ("drizzle/meta/_journal.json", True),
    ("app/migrations/0001_initial.py", True),
    ("db/1_a.up.pgsql", True),
    ("sqitch.plan", True),
    ("src/app.py", False),
    ("README.md", False),
]


@pytest.mark.parametrize(("path", "expected"), CONCERNED)
def test_only_what_can_be_a_migration_or_name_one_concerns_it(path: str, expected: bool) -> None:
    assert expected == concerns(of(BASE, {**BASE, path: "x"}))


def test_any_file_concerns_it_where_links_lead_anywhere() -> None:
    before = {"migrations/1_a.sql": "../notes.txt", "notes.txt": A}
    modes = {"migrations/1_a.sql": LINK}

    case = of(before, {**before, "notes.txt": B}, before_modes=modes, after_modes=modes)

    assert (True, None) == (concerns(case), watch(case))


BINDING = """\
contract: contract.md
clauses:
  - says: Applied migrations are never changed.
    rules: [migration-rewritten]
"""
CONTRACT = "# Stage\n\n## Constraints\n- Applied migrations are never changed.\n"


def _agreed(path: Path) -> RepositoryBuilder:
    repository = make_repository(path / "service")
    repository.write_all({"wrangler.json": D1, "src/app.py": "x = 1\n", **BASE})
    repository.commit("the service")
    repository.write_all({"contract.md": CONTRACT, "gatekeeper.yaml": BINDING})
    repository.commit("the contract")
    return repository


def test_a_staged_edit_of_an_applied_migration_is_broken_again_and_again(tmp_path: Path) -> None:
    repository = _agreed(tmp_path)
    quiet = [check(repository, "--staged").status for _ in range(2)]
    repository.write("src/app.py", "x = 2\n")
    repository.stage()
    quiet.append(check(repository, "--staged").status)
    repository.write("migrations/1_a.sql", C)
    repository.stage()

    outcomes = [check(repository, "--staged") for _ in range(2)]

    assert [0, 0, 0] == quiet
    assert [1, 1] == [each.status for each in outcomes]
    assert ["constraints-1 migration-rewritten head migrations/1_a.sql:1"] == outcomes[1].broken()


def test_two_branches_that_took_one_number_are_found_where_they_meet(tmp_path: Path) -> None:
    repository = _agreed(tmp_path)
    repository.git("switch", "--quiet", "--create", "one")
    repository.write("migrations/4_one.sql", C)
    repository.commit("one")
    repository.git("switch", "--quiet", "main")
    repository.write("migrations/4_other.sql", A)
    main = repository.commit("other")
    repository.merge("one")

    outcome = check(repository, "--base", main, "--head", "HEAD")

    assert ["constraints-1 migration-rewritten head migrations/4_one.sql:1"] == outcome.broken()


def configured(top: str = "migrations", production: str = "", **more: str) -> dict[str, str]:
    """A configuration whose top level and production have a database each."""

    def entry(name: str, folder: str) -> dict[str, str]:
        return {"binding": "DB", "database_name": name, "migrations_dir": folder}

    there = {"d1_databases": [entry(more.get("name", "shop-prod"), production)]}
    envs = {"env": {"production": there}} if production else {}
    return {"wrangler.json": json.dumps({"d1_databases": [entry("shop", top)], **envs})}


TWO = m(_1_a=A, _2_b=B)
COPY = {"sql/1_a.sql": C, "sql/2_b.sql": B}
SHARED = configured(production="migrations")
OTHER_LEDGER = SHARED["wrangler.json"].replace(
    '"shop-prod",', '"shop-prod", "migrations_table": "done",'
)
SECOND = {"other/wrangler.json": configured(top="../sql")["wrangler.json"]}

LED_ELSEWHERE = {
    "to an edited copy": (SHARED, {**configured(production="sql"), **COPY}, ["edited"]),
    "to a copy as it is": (
        SHARED, {**configured(production="sql"), **COPY, "sql/1_a.sql": A}, []
    ),
    "to an empty folder": (SHARED, configured(production="sql"), ["unseen"]),
    "to another ledger": (SHARED, {"wrangler.json": OTHER_LEDGER}, ["ledger"]),
    "to an edited copy, by a new environment": (
        configured(), {**configured(production="sql", name="shop"), **COPY}, ["edited"]
    ),
    "to an edited copy, by another Worker": (
        configured(), {**configured(), **SECOND, **COPY}, ["edited"]
    ),
    "to more of other names, by another Worker": (
        configured(), {**configured(), **SECOND, "sql/1_mine.sql": C}, []
    ),
    "a database of its own, by a new environment": (
        configured(), {**configured(production="sql"), **COPY}, []
    ),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kinds"), LED_ELSEWHERE.values(), ids=LED_ELSEWHERE)
def test_a_database_is_not_led_to_other_migrations_beside_the_old_ones(
    before: Files, after: Files, kinds: list[str]
) -> None:
    case = case_of({**TWO, **before}, {**TWO, **after}, NoOptions())

    assert kinds == [kind for kind, _, _ in told(case)]
