"""Chains that wrangler applies: which files, in which order, and what is wrong with them.

Compared once with the real `wrangler d1 migrations apply --local` (4.86.0, its workerd, Node
20), a fresh database for each: 18 folders (the orders and UNSETTLED below, names in capitals,
with a quote, ways back in the folder) and 37 texts (TEXTS and those without a fault below, CRLF,
a byte order mark, NUL, latin-1, UTF-16, `$` in names, BEGIN in three spellings, breakpoints).
Files and order were equal wherever no fault is named here; each text with a fault was refused,
stored other characters, or (the open comment) left no row in the ledger, and all others were
applied and recorded as one. BEGIN and END of any other spelling are refused by the database,
not by wrangler, and no fault of the text. `WITH x AS (SELECT 1)` without a semicolon is taken
by wrangler, together with its own INSERT: a fault here all the same.

Compared in bulk: `pieces` with 4.86.0's own splitting on 60,000 generated texts, `by_number`
with the comparison of 4.164.0 on 3,000 folders, `glob` with minimatch 9.0.9 and 3.1.5 on 6,000
patterns and 94,000 paths; no difference, with 5 patterns that are not read here.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import Chain, Dialect, FaultKind, Runner
from gatekeeper.snapshot import LINK, SUBMODULE, Snapshot
from gatekeeper.terms import MigrationPlan

BINDING = '{"d1_databases": [{"binding": "DB", "database_name": "app"}]}'
SQL = "CREATE TABLE t (a);\n"


def snapshot(
    files: Mapping[str, str | bytes],
    config: str = BINDING,
    modes: Mapping[str, str] | None = None,
) -> Snapshot:
    return Snapshot.of("head", {"wrangler.json": config, **files}, modes)


def only(found: tuple[Chain, ...]) -> Chain:
    assert 1 == len(found), found
    return found[0]


def names(chain: Chain) -> list[str]:
    return [each.name for each in chain.migrations]


def kinds(chain: Chain) -> list[tuple[FaultKind, str, int]]:
    return [(each.kind, each.path, each.line) for each in chain.faults]


ORDERS = [
    pytest.param(["0001_c", "9_b", "10_a"], id="by number, not by letter"),
    pytest.param(["-2_a", "+1_a", "2-a", "3"], id="whatever parseInt takes for a number"),
    pytest.param(["01_b", "1_B", "1_a"], id="one number twice, by code unit"),
    pytest.param(["1_a", "README", "init"], id="without a number last"),
    pytest.param(["1_\U00010000", "1_\uffff"], id="by code units of UTF-16, not by code points"),
    pytest.param(["20260101000000_z", "20260102000000_a"], id="times"),
]


@pytest.mark.parametrize("stems", ORDERS)
def test_files_are_ordered_as_wrangler_orders_them(stems: list[str]) -> None:
    files = {f"migrations/{each}.sql": SQL for each in reversed(stems)}

    chain = only(chains(snapshot(files), None))

    assert [f"{each}.sql" for each in stems] == names(chain)


def test_a_chain_says_where_it_comes_from_and_what_keeps_its_ledger() -> None:
    config = (
        '{"env": {"live": {"d1_databases": [\n'
        '  {"binding": "DB", "migrations_dir": "sql", "migrations_table": "done"}]}}}'
    )

    chain = only(chains(snapshot({"sql/7_a.sql": SQL}, config), None))

    assert (Runner.WRANGLER, "sql", Dialect.D1) == (chain.runner, chain.folder, chain.dialect)
    assert ("DB", "done", "wrangler.json:2") == (chain.database, chain.ledger, chain.source)
    assert 7 == chain.migrations[0].number
    assert chain.migrations[0].atomic


def test_bindings_of_one_folder_are_one_chain() -> None:
    config = (
        '{"d1_databases": [{"binding": "DB"}], "env": {"a": {"d1_databases": [{"binding": "DB"}]},'
        '"b": {"d1_databases": [{"binding": "OTHER", "migrations_dir": "./migrations/"}]}}}'
    )

    chain = only(chains(snapshot({"migrations/1_a.sql": SQL}, config), None))

    assert "DB, OTHER" == chain.database


def test_each_folder_of_a_binding_is_a_chain_of_its_own() -> None:
    config = (
        "[[d1_databases]]\nbinding = 'A'\n[[env.x.d1_databases]]\nbinding = 'B'\n"
        "migrations_dir = '../b'\n"
    )
    files = {"app/wrangler.toml": config, "app/migrations/1_a.sql": SQL, "b/1_b.sql": SQL}

    found = chains(Snapshot.of("head", files), None)

    assert ["app/migrations", "b"] == [each.folder for each in found]


def test_a_pattern_names_the_files_of_nested_folders() -> None:
    config = (
        '{"d1_databases": [{"binding": "DB", "migrations_dir": "m", '
        '"migrations_pattern": "m/*/migration.sql"}]}'
    )
    files = {
        "m/0002_b/migration.sql": SQL,
        "m/0002_b/down.sql": "DROP TABLE t;",
        "m/0001_a/migration.sql": SQL,
        "m/0001_a/notes.sql": SQL,
        "m/0003_c.sql": SQL,
        "m/.x/migration.sql": SQL,
    }

    chain = only(chains(snapshot(files, config), None))

    assert ["0001_a/migration.sql", "0002_b/migration.sql"] == names(chain)
    down = chain.migrations[1].down
    assert down is not None
    assert "m/0002_b/down.sql" == down.path


@pytest.mark.parametrize(
    ("path", "of"),
    [
        ("migrations/down/0001_a.sql", "0001_a.sql"),
        ("migrations/down/0001_a.down.sql", "0001_a.sql"),
        ("migrations/rollback/0001_drop_a.sql", "0001_a.sql"),
        ("migrations/down/0002_b_rollback.sql", "0002_b.sql"),
        ("rollbacks/0001_a.sql", "0001_a.sql"),
        ("migrations_down/0001_a.sql", "0001_a.sql"),
    ],
)
def test_a_way_back_is_found_by_convention(path: str, of: str) -> None:
    files = {f"migrations/{n}.sql": SQL for n in ("0001_a", "0002_b")}

    chain = only(chains(snapshot({**files, path: "DROP TABLE t;"}), None))

    back = {each.name: each.down.path for each in chain.migrations if each.down}
    assert {of: path} == back
    assert () == chain.faults


def test_ways_back_stand_only_where_the_binding_says() -> None:
    files = {
        "migrations/1_a.sql": SQL,
        "migrations/down/1_a.sql": "DROP TABLE t;",
        "back/1_a.sql": "DROP TABLE t; -- here",
    }

    chain = only(chains(snapshot(files), MigrationPlan(up="./migrations/", down="back")))

    down = chain.migrations[0].down
    assert down is not None
    assert "back/1_a.sql" == down.path


@pytest.mark.parametrize(
    ("name", "comes"),
    [
        ("0001_a.down.sql", "before"),
        ("0001_a_down.sql", "after"),
        ("0001_a.rollback.sql", "before"),
        ("0001_down.sql", "after"),
        ("0001_down_a.sql", "after"),
    ],
)
def test_a_way_back_among_the_migrations_is_run_forward(name: str, comes: str) -> None:
    files = {"migrations/0001_a.sql": SQL, f"migrations/{name}": "DROP TABLE t;"}

    chain = only(chains(snapshot(files), None))

    assert ["0001_a.sql"] == names(chain)
    assert [(FaultKind.DOWN_RUNS_FORWARD, f"migrations/{name}", 1)] == kinds(chain)
    assert f"{comes} 0001_a.sql" in chain.faults[0].says
    down = chain.migrations[0].down
    assert down is not None
    assert f"migrations/{name}" == down.path


@pytest.mark.parametrize(
    "name", ["0002_drop_down.sql", "0002_rollback_points.sql", "0002_revert_0001.sql", "down.sql"]
)
def test_a_migration_that_only_sounds_like_a_way_back_is_one(name: str) -> None:
    files = {"migrations/0001_a.sql": SQL, f"migrations/{name}": SQL}

    chain = only(chains(snapshot(files), None))

    assert ["0001_a.sql", name] == names(chain)
    assert () == chain.faults


@pytest.mark.parametrize(
    "text", ["", " \n", "-- DROP TABLE t;", "/* DROP TABLE t; */", ";;", "/* DROP TABLE t;"]
)
def test_a_way_back_without_a_statement_is_hollow(text: str) -> None:
    files = {"migrations/1_a.sql": SQL, "migrations/down/1_a.sql": text}

    chain = only(chains(snapshot(files), None))

    assert [(FaultKind.HOLLOW_DOWN, "migrations/down/1_a.sql", 1)] == kinds(chain)


def test_a_way_back_of_nothing_is_named() -> None:
    files = {"migrations/1_a.sql": SQL, "migrations/down/3_c.sql": "DROP TABLE t;"}

    chain = only(chains(snapshot(files), None))

    assert [(FaultKind.UNPAIRED, "migrations/down/3_c.sql", 1)] == kinds(chain)


def test_two_migrations_with_one_number_are_named() -> None:
    files = {"migrations/0001_a.sql": SQL, "migrations/1_b.sql": SQL, "migrations/2_c.sql": SQL}

    chain = only(chains(snapshot(files), None))

    assert [(FaultKind.SAME_NUMBER, "migrations/1_b.sql", 1)] == kinds(chain)


TEXTS = [
    pytest.param("A;\nB", (FaultKind.REFUSED_TEXT, 2), id="no semicolon at the end"),
    pytest.param("A;\nB -- b;\n", (FaultKind.REFUSED_TEXT, 2), id="a semicolon in a comment"),
    pytest.param("A;\nSELECT 'b;\n", (FaultKind.REFUSED_TEXT, 2), id="an open quote"),
    pytest.param("A;\nSELECT [b;\n", (FaultKind.REFUSED_TEXT, 2), id="an open bracket"),
    pytest.param(
        "A;\n-- BEGIN TRANSACTION is D1's\n",
        (FaultKind.REFUSED_TEXT, 2),
        id="a transaction in words",
    ),
    pytest.param(
        "BEGIN TRANSACTION;\nA;\nCOMMIT;\nBEGIN TRANSACTION;\nB;\nCOMMIT;\n",
        (FaultKind.REFUSED_TEXT, 4),
        id="two transactions",
    ),
    pytest.param(
        "BEGIN TRANSACTION;\nINSERT INTO t VALUES ('COMMIT;');\nCOMMIT;\n",
        (FaultKind.MANGLED_TEXT, 2),
        id="a string that says COMMIT",
    ),
    pytest.param("A;\n/* the end", (FaultKind.MANGLED_TEXT, 2), id="an open comment"),
    pytest.param("A;\nSELECT/**/b;\n", (FaultKind.MANGLED_TEXT, 2), id="words glued together"),
    pytest.param("A;\nSELECT [b;c];\n", (FaultKind.MANGLED_TEXT, 2), id="a bracket cut"),
    pytest.param(
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN\n"
        "  UPDATE t SET a = (CASE WHEN 1 THEN 2 END );\n  DELETE FROM u;\nEND;\n",
        (FaultKind.MANGLED_TEXT, 1),
        id="a trigger cut at the END of a CASE",
    ),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_text_that_wrangler_refuses_or_breaks_is_named(
    text: str, expected: tuple[FaultKind, int]
) -> None:
    files = {"migrations/1_a.sql": text}

    chain = only(chains(snapshot(files), None))

    kind, line = expected
    assert [(kind, "migrations/1_a.sql", line)] == kinds(chain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- nothing\n",
        "\ufeffA;",
        "A;\r\nB;\r\n",
        "A; -- the end",
        "CREATE TRIGGER r AFTER INSERT ON t BEGIN DELETE FROM u; DELETE FROM v; END;",
        "create trigger r after insert on t begin delete from u; end;\nA;\n",
        "SELECT CASE a WHEN 1 THEN 2 END, 3;\nB;\n",
        "INSERT INTO t VALUES ('it''s; so', \"--\", '/*', '$');\nB;\n",
        "A /* a */ ;\nB;\n",
        "BEGIN TRANSACTION;\nA;\nCOMMIT;\n",
    ],
)
def test_text_that_wrangler_takes_as_it_stands_has_no_fault(text: str) -> None:
    chain = only(chains(snapshot({"migrations/1_a.sql": text}), None))

    assert () == chain.faults


def test_what_wrangler_takes_out_leaves_all_else_in_its_place() -> None:
    text = "BEGIN TRANSACTION;\nA;\nCOMMIT;\n"

    chain = only(chains(snapshot({"migrations/1_a.sql": text}), None))

    assert "                  \nA;\n       \n" == chain.migrations[0].up.text


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"A;\n\xff;\n", 2, id="not UTF-8"),
        pytest.param(b"A;\n\n\0B;\n", 3, id="a NUL"),
        pytest.param("A;".encode("utf-16"), 1, id="UTF-16"),
        pytest.param(b"A;" * (3 << 20), 1, id="too large"),
    ],
)
def test_a_file_that_is_no_text_is_unreadable(content: bytes, line: int) -> None:
    chain = only(chains(snapshot({"migrations/1_a.sql": content}), None))

    assert [(FaultKind.UNREADABLE, "migrations/1_a.sql", line)] == kinds(chain)
    assert ["1_a.sql"] == names(chain)


@pytest.mark.parametrize("target", ["../../etc/passwd", "/etc/passwd", "1_a.sql", "gone.sql"])
def test_a_link_that_leads_nowhere_is_unreadable(target: str) -> None:
    head = snapshot({"migrations/1_a.sql": target}, modes={"migrations/1_a.sql": LINK})

    chain = only(chains(head, None))

    assert {FaultKind.UNREADABLE, FaultKind.UNSETTLED} == {each.kind for each in chain.faults}


UNSETTLED = [
    pytest.param(
        {"migrations/1_a.sql": "../b.sql", "b.sql": SQL},
        {"migrations/1_a.sql": LINK},
        "migrations/1_a.sql",
        id="a link",
    ),
    pytest.param({"migrations/.1_a.sql": SQL}, {}, "migrations/.1_a.sql", id="a hidden file"),
    pytest.param({"migrations/1_a.sql/b.sql": SQL}, {}, "migrations/1_a.sql", id="a folder"),
    pytest.param({"migrations/0x1_a.sql": SQL}, {}, "migrations/0x1_a.sql", id="hexadecimal"),
    pytest.param(
        {"migrations/(a).sql": SQL, "migrations/1_b.sql": SQL},
        {},
        "migrations/(a).sql",
        id="no number, and a name before the numbers",
    ),
]


@pytest.mark.parametrize(("files", "modes", "path"), UNSETTLED)
def test_what_versions_of_wrangler_disagree_about_is_named(
    files: dict[str, str], modes: dict[str, str], path: str
) -> None:
    chain = only(chains(snapshot(files, modes=modes), None))

    assert [(FaultKind.UNSETTLED, path, 1)] == kinds(chain)


def test_a_submodule_in_the_folder_is_no_migration_that_is_known() -> None:
    head = snapshot({"migrations/1_a.sql": ""}, modes={"migrations/1_a.sql": SUBMODULE})

    chain = only(chains(head, None))

    assert FaultKind.UNREADABLE in {each.kind for each in chain.faults}


def test_a_folder_behind_a_link_is_looked_into() -> None:
    head = snapshot({"db/1_a.sql": SQL, "migrations": "db"}, modes={"migrations": LINK})

    chain = only(chains(head, None))

    assert ("db", ["1_a.sql"]) == (chain.folder, names(chain))


@pytest.mark.parametrize(
    "config",
    [
        pytest.param("{", id="not JSON"),
        pytest.param('{"d1_databases": [{"binding": 1}]}', id="a binding that is no string"),
        pytest.param('{"d1_databases": {"binding": "A"}}', id="no array"),
    ],
)
def test_configuration_that_cannot_be_read_is_a_fault(config: str) -> None:
    found = chains(snapshot({}, config), None)

    assert FaultKind.UNREADABLE in {fault.kind for each in found for fault in each.faults}


@pytest.mark.parametrize("pattern", ["m/+(a|b).sql", "m/{1..3}.sql", "other/*.sql", "!m/*.sql"])
def test_a_pattern_that_is_not_read_is_a_fault(pattern: str) -> None:
    config = (
        '{"d1_databases": [{"binding": "DB", "migrations_dir": "m", '
        f'"migrations_pattern": "{pattern}"}}]}}'
    )

    chain = only(chains(snapshot({"m/1.sql": SQL}, config), None))

    assert [(FaultKind.UNREADABLE, "wrangler.json", 1)] == kinds(chain)


def test_a_binding_without_migrations_is_no_chain() -> None:
    assert () == chains(snapshot({"src/a.py": "x = 1"}), None)


def test_a_folder_that_is_named_and_empty_is_a_chain_without_migrations() -> None:
    config = '{"d1_databases": [{"binding": "DB", "migrations_dir": "sql"}]}'

    chain = only(chains(snapshot({}, config), None))

    assert ("sql", ()) == (chain.folder, chain.migrations)


def test_a_folder_that_only_the_binding_names_holds_pairs() -> None:
    files = {
        "db/0001_a.up.sql": SQL,
        "db/0001_a.down.sql": "DROP TABLE t;",
        "db/0002_b.sql": SQL,
        "db/0002_b_rollback.sql": "DROP TABLE u;",
    }

    chain = only(chains(Snapshot.of("head", files), MigrationPlan(up="db")))

    assert (Runner.PAIRS, Dialect.SQLITE) == (chain.runner, chain.dialect)
    back = [(each.name, each.down and each.down.path) for each in chain.migrations]
    assert [
        ("0001_a.up.sql", "db/0001_a.down.sql"),
        ("0002_b.sql", "db/0002_b_rollback.sql"),
    ] == back
    assert () == chain.faults


def test_pairs_may_stand_in_a_folder_for_each_way() -> None:
    files = {"db/up/1_a.sql": SQL, "db/down/1_a.sql": "DROP TABLE t;"}

    chain = only(chains(snapshot(files), MigrationPlan(up="db")))

    assert ("db/up", ["1_a.sql"], Dialect.D1) == (chain.folder, names(chain), chain.dialect)
    down = chain.migrations[0].down
    assert down is not None
    assert "db/down/1_a.sql" == down.path
