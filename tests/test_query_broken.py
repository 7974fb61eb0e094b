"""The rule query-broken: SQL of the code against databases that the migrations really make."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Doubt, Examined, Finding, NoSubject, Note, Observation
from gatekeeper.migrations.engine import Reason, Refusal
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.query_proof import Answer, Hearing, QueryCharge, Text
from gatekeeper.migrations.query_trial import confirmed, heard
from gatekeeper.testing import Example, _proven, case_of, observe
from gatekeeper_rules.migrations.query_broken import RULE
from tests.workerd import workerd_engine

STEPS = (
    "CREATE TABLE steps (id INTEGER PRIMARY KEY, name TEXT, attempts INTEGER);\n"
    "CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT);\n"
)
D1 = '{"d1_databases": [{"binding": "DB", "database_name": "s", "database_id": "1"}]}'


def said(code: str, options: str = "", **more: str) -> tuple[Observation, ...]:
    """What the rule says of one file of code, beside one migration."""
    files = {"migrations/0001_steps.sql": STEPS, "wrangler.json": D1, "src/app.py": code, **more}
    return told({path: text for path, text in files.items() if text}, options)


def told(files: dict[str, str], options: str = "") -> tuple[Observation, ...]:
    """What the rule says of a tree."""
    example = Example("an example", 1, {}, files, options=options)
    return tuple(observe(RULE, _proven(RULE, case_of(RULE, example))))


def found(observations: tuple[Observation, ...]) -> list[str]:
    return [f"{each.line}: {each.message}" for each in observations if isinstance(each, Finding)]


def doubted(observations: tuple[Observation, ...]) -> list[str]:
    return [str(each) for each in observations if isinstance(each, Doubt)]


SETS = """
sets = []
sets.append("name = ?")
sets.append("attempts = ?")
db.execute(f"UPDATE steps SET {', '.join(sets)} WHERE id = ?")
"""
REFUSED = "1: The migrated schema does not take this SQL: "


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param(
            'db.prepare("SELECT nam FROM steps")',
            "no such column: nam. Did you mean name?",
            id="a misspelt column",
        ),
        pytest.param(
            'db.prepare("SELECT name FROM stepz")',
            "no such table: stepz. Did you mean steps?",
            id="a misspelt table",
        ),
        pytest.param(
            'await wrapped(db, "INSERT INTO steps (name, tries) VALUES (?, ?)")',
            "table steps has no column named tries.",
            id="handed to a helper",
        ),
        pytest.param(
            'Q = {"all": ["select wrong from steps"]}', "no such column: wrong.", id="in a table"
        ),
        pytest.param(
            'db.execute("SELEC name FROM steps")',
            'near "SELEC": syntax error.',
            id="a misspelt first word",
        ),
        pytest.param(
            'db.execute("SELECT name FROM " + "stepz")',
            "no such table: stepz. Did you mean steps?",
            id="put together of constants",
        ),
        pytest.param(
            'db.execute("SELECT {} FROM {t}".format("name", t="stepz"))',
            "no such table: stepz. Did you mean steps?",
            id="filled in by format",
        ),
        pytest.param(
            'db.execute("SELECT name FROM %s" % "stepz")',
            "no such table: stepz. Did you mean steps?",
            id="filled in by a percent sign",
        ),
        pytest.param(
            'db.execute("SELECT name FROM steps ORDER BY " + ("nam" if up else "id"))',
            "no such column: nam. Did you mean name?",
            id="one of two",
        ),
        pytest.param(
            'db.execute(" ".join(["SELECT name", "FROM stepz"]))',
            "no such table: stepz. Did you mean steps?",
            id="joined",
        ),
        pytest.param(
            'db.execute(sqlalchemy.text("SELECT nam FROM steps"))',
            "no such column: nam. Did you mean name?",
            id="in the text of SQLAlchemy",
        ),
        pytest.param(
            'pd.read_sql_table("stepz", db)',
            "no such table: stepz. Did you mean steps?",
            id="a table that pandas reads",
        ),
        pytest.param(
            'pd.read_sql(sql="stepz", con=db)',
            "no such table: stepz. Did you mean steps?",
            id="a table that pandas is asked for in place of SQL",
        ),
        pytest.param(
            'rows.to_sql("stepz", db, if_exists="append")',
            "no such table: stepz. Did you mean steps?",
            id="a table that pandas appends to",
        ),
        pytest.param(
            'db.execute("BEGIN")',
            "not authorized: BEGIN does not go with the transaction that the file is run in.",
            id="a transaction, which D1 does not take",
        ),
        pytest.param(
            'db.execute("SELECT name FROM steps; DELETE FROM stepz")',
            "no such table: stepz. Did you mean steps?",
            id="in the second statement",
        ),
        pytest.param(
            'db.execute("UPDATE steps SET name = ? WHERE id = %s")',
            'near "%": syntax error.',
            id="a placeholder of another database",
        ),
    ],
)
def test_sql_that_no_database_takes_is_found_in_the_engines_words(code: str, says: str) -> None:
    assert [REFUSED + says] == found(said(code))


@pytest.mark.parametrize(
    "code",
    [
        'LABEL = "Select a file from the list"',
        'LABEL = "Select one or more files from the folder to delete them"',
        'LABEL = "Delete from basket"',
        'LABEL = "Update the settings and set a name"',
        'HELP = "Create a table of contents"',
        'HELP = "With this option, SELECT is not logged"',
        'LABEL = "DROP TABLE is not allowed here."',
        'LABEL = "select nothing from nowhere"',
        'raise ValueError("SELECT nothing FROM nowhere")',
        'log.info("SELECT nothing FROM nowhere")',
        'if sql.startswith("INSERT INTO nowhere"): pass',
        'client.execute("DELETE", url)',
        'def f():\n    """SELECT nothing FROM nowhere"""\n',
        'add(help="SELECT nothing FROM nowhere")',
    ],
)
def test_sentences_and_words_for_people_are_no_sql(code: str) -> None:
    observations = said(code)

    assert ([], []) == (found(observations), doubted(observations))


@pytest.mark.parametrize(
    "code",
    [
        'db.execute("SELECT count(*) FROM sqlite_master")',
        'm = ",".join("?" for _ in x)\ndb.execute(f"SELECT id FROM steps WHERE id IN ({m})")',
        'r = ", ".join(["(?, ?)"] * n)\ndb.execute(f"INSERT INTO steps (id, name) VALUES {r}")',
        'db.execute("WITH x AS (SELECT id FROM steps) SELECT * FROM x")',
        'db.execute("PRAGMA table_info(steps)")',
        'TABLE = "steps"\npd.read_sql_table(TABLE, db)',
        'rows.to_sql(name="steps", con=db, if_exists="append")',
        SETS,
        'sql = "SELECT id FROM steps WHERE "\nsql += "id = 1"\ndb.execute(sql)',
    ],
)
def test_sql_that_fits_is_kept(code: str) -> None:
    observations = said(code)

    assert ([], []) == (found(observations), doubted(observations))
    assert Examined("queries", 1) in observations


def test_a_constant_of_another_file_is_followed() -> None:
    code = "from tables import NAME as T\nimport tables\n"
    code += 'A = f"SELECT name FROM {T}"\nB = f"SELECT name FROM {tables.Tables.GOOD}"\n'
    tables = 'NAME = "stepz"\nclass Tables:\n    GOOD = "steps"\n'

    observations = said(code, **{"src/tables.py": tables})

    says = "no such table: stepz. Did you mean steps?"
    assert [f"3: {REFUSED[3:]}{says}"] == found(observations)
    assert Examined("queries", 2) in observations


def test_imports_in_a_circle_come_to_an_end() -> None:
    observations = said(
        'from b import NAME\nA = f"SELECT name FROM {NAME}"', **{"src/b.py": "from app import NAME"}
    )

    assert [] == found(observations)
    assert len(doubted(observations)) == 1


def test_a_step_that_does_not_fit_is_unproven_for_it_may_be_left_out() -> None:
    observations = said('sql = "SELECT id FROM steps"\nsql += " WHERE wrong = 1"\ndb.execute(sql)')

    assert [] == found(observations)
    assert ["src/app.py:1: it is put together in steps, of which not all fit"] == [
        each.partition(":  ")[0].rpartition(": write")[0] for each in doubted(observations)
    ]


@pytest.mark.parametrize(
    ("code", "made"),
    [
        ('db.execute("CREATE TABLE IF NOT EXISTS cache (a)")', "CREATE TABLE cache"),
        ('db.execute("ALTER TABLE steps ADD COLUMN b TEXT")', "ALTER TABLE steps"),
        ('db.execute("DROP INDEX IF EXISTS i")', "DROP INDEX i"),
        ('db.execute(f"CREATE TABLE {name} (a)")', "CREATE TABLE …"),
        ("Base.metadata.create_all(engine)", "create_all()"),
        ('rows.to_sql("cache", db)', "to_sql() makes cache"),
        ('rows.to_sql(name, con=db, if_exists="replace")', "to_sql() makes a table"),
        ("import peewee\ndb.create_tables([A])", "create_tables()"),
    ],
)
def test_a_change_of_the_schema_in_code_is_found(code: str, made: str) -> None:
    says = f": The schema is changed in code, outside of the migrations: {made}."

    assert [f"{code.count(chr(10)) + 1}{says}"] == found(said(code))


def test_queries_of_a_table_that_code_makes_are_not_found_a_second_time() -> None:
    code = (
        'db.execute("CREATE TABLE cache (a)")\nQ = "SELECT a FROM cache"\nR = "SELECT b FROM cache"'
    )

    assert [1, 3] == [int(each.partition(":")[0]) for each in found(said(code))]


def test_the_ledger_of_a_runner_is_noted() -> None:
    observations = said('db.execute("CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT)")')

    assert [] == found(observations)
    assert any(isinstance(each, Note) and "runner's own" in each.says for each in observations)


def test_a_temporary_table_is_no_change_of_the_schema_of_plain_sqlite() -> None:
    code = 'db.execute("CREATE TEMP TABLE t (a)")'

    assert [] == found(said(code, **{"wrangler.json": ""}))


def test_what_a_pragma_switches_is_not_there_for_the_next_text() -> None:
    code = (
        'A = "PRAGMA foreign_keys = OFF"\nB = "SELECT name FROM steps"\nC = "PRAGMA query_only = 1"'
    )

    assert [] == found(said(code, **{"wrangler.json": ""}))


def test_one_database_of_several_is_enough() -> None:
    second = '{"binding": "B", "database_name": "b", "migrations_dir": "other"}'
    config = D1.replace("}]}", f"}}, {second}]}}")
    other = {"other/0001_a.sql": "CREATE TABLE orders (id TEXT);", "wrangler.json": config}

    observations = said('A = "SELECT id FROM orders"\nB = "SELECT name FROM steps"', **other)

    assert [] == found(observations)


def test_a_chain_that_cannot_be_run_leaves_what_fits_no_other_unproven() -> None:
    broken = {"migrations/0002_b.sql": "ALTER TABLE absent ADD COLUMN b;"}

    observations = said('A = "SELECT name FROM steps"', **broken)

    assert [] == found(observations)
    assert any("no such table: absent" in each for each in doubted(observations))
    assert any("1 SQL strings fit none" in each for each in doubted(observations))


def test_code_without_sql_has_no_subject() -> None:
    observations = said("x = 1")

    assert [NoSubject] == [type(each) for each in observations]


def test_sql_without_migrations_is_unproven() -> None:
    observations = told({"a.py": 'Q = "SELECT name FROM steps"'})

    assert ["there are no migrations to hold 1 SQL strings against"] == doubted(observations)


def test_a_file_that_is_no_python_is_unproven() -> None:
    observations = said("db.execute(")

    assert ["src/app.py: its SQL is not known: it is not Python: '(' was never closed"] == doubted(
        observations
    )


@pytest.mark.parametrize(
    ("path", "options", "count"),
    [
        ("tests/test_app.py", "", 0),
        ("tests/test_app.py", "include: [tests]", 1),
        ("node_modules/x/a.py", "", 0),
        ("node_modules/x/a.py", "include: [generated]", 1),
        ("src/other.py", "outside: [src/other.py]", 0),
        ("src/other.py", "", 1),
    ],
)
def test_which_files_count(path: str, options: str, count: int) -> None:
    observations = said("x = 1", options, **{path: 'Q = "SELECT wrong FROM steps"'})

    assert count == len(found(observations))


def test_a_file_named_like_a_test_counts_where_shipped_code_imports_it() -> None:
    more = {"src/conftest.py": 'Q = "SELECT wrong FROM steps"'}

    assert 1 == len(found(said("import conftest", **more)))


def test_sql_for_the_storage_of_a_durable_object_is_noted() -> None:
    observations = said('self.ctx.storage.sql.exec("SELECT wrong FROM nowhere")')

    assert [] == found(observations)
    assert any(isinstance(each, Note) and "Durable Object" in each.says for each in observations)


@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("DELETE FROM steps\\nWHERE id = 1", 1),
        ("DELETE FROM steps WHERE id = 1;\\nDELETE FROM files", 0),
        ("DELETE FROM steps;\\n\\n-- done", 0),
    ],
)
def test_the_exec_of_d1_takes_one_statement_a_line(sql: str, count: int) -> None:
    assert count == len(found(said(f'env.DB.exec("{sql}")')))
    assert 0 == len(found(said(f'env.DB.exec("{sql}")', **{"wrangler.json": ""})))


def test_text_in_double_quotes_that_is_like_no_column_is_noted() -> None:
    observations = said("""Q = 'SELECT id FROM steps WHERE name = "done"'""")

    assert [] == found(observations)
    assert any(
        isinstance(each, Note) and '"done" is no column' in each.says for each in observations
    )


@pytest.mark.parametrize(
    "code",
    [
        pytest.param('Q = "SELECT ' + "x" * 1_000_000 + ' FROM steps"', id="a megabyte"),
        pytest.param('Q = "SELECT name FROM steps\\0 WHERE"', id="a NUL"),
        pytest.param('Q = "SELECT name\\ud800 FROM steps"', id="half a character"),
        pytest.param('db.execute("SELECT \'")', id="an open string"),
        pytest.param('db.execute("SELECT " + "(" * 5000)', id="nested too deep"),
        pytest.param("db.execute(\"ATTACH '/etc/x' AS y\")", id="another file"),
    ],
)
def test_hostile_sql_is_a_finding_or_a_doubt(code: str) -> None:
    observations = said(code)

    assert found(observations) + doubted(observations)


def test_an_attachment_outside_of_d1_is_unproven() -> None:
    observations = said("db.execute(\"ATTACH 'x.db' AS y\")", **{"wrangler.json": ""})

    assert [] == found(observations)
    assert any("no other database is opened" in each for each in doubted(observations))


@given(st.text(max_size=30))
@settings(max_examples=15, deadline=None)
def test_no_string_makes_it_crash(text: str) -> None:
    observations = said(f"db.execute({'SELECT ' + text!r})\ndb.exec({text!r})")

    assert all(not isinstance(each, Doubt) or each.path for each in observations)


def test_the_engine_of_d1_itself_is_asked_and_its_word_counts() -> None:
    chain = Chain(Runner.WRANGLER, "m", Dialect.D1, (Migration("1", Script("m/1.sql", STEPS)),))
    asked = ("SELECT name FROM steps", "SELECT nam FROM steps", "UPDATE steps SET name = ?")
    charge = QueryCharge(chain, tuple(map(Text, asked)))

    here, there = heard(charge, in_process(Dialect.D1)), heard(charge, workerd_engine())

    assert [False, True, False] == [each.refusal is not None for each in there.answers]
    both = confirmed(here, there)
    assert (*here.engines, *there.engines) == both.engines
    assert [each.refusal for each in here.answers] == [each.refusal for each in both.answers]


def test_what_the_engine_of_d1_takes_alone_stays_open() -> None:
    refused = Answer(Refusal(Reason.OTHER, "no such column: a"))
    here, there = Hearing(("one",), (refused, Answer())), Hearing(("two",), (Answer(), refused))

    first, second = confirmed(here, there).answers

    assert "two takes it, the engine in process does not" == first.open
    assert refused == second


FROM_ELSEWHERE = {
    "a file": "from pathlib import Path\ndb.prepare(Path('q.sql').read_text().strip())",
    "an open file": "sql = open('q.sql').read()\ndb.execute(sql)",
    "a file of JSON": "import json\nenv.DB.prepare(json.load(open('q.json'))['q'])",
    "letters for bytes": "from base64 import b64decode\ndb.prepare(b64decode('U0VM').decode())",
    "a string turned round": "db.prepare('spets MORF emn TCELES'[::-1])",
    "a docstring": "db.prepare(names.__doc__)",
    "a library's connection": "import sqlite3\nself._c.execute(await source.read())",
}


@pytest.mark.parametrize("code", FROM_ELSEWHERE.values(), ids=FROM_ELSEWHERE.keys())
def test_sql_that_no_constant_holds_is_unproven_where_a_database_takes_it(code: str) -> None:
    observations = said(code)

    assert (found(observations), len(doubted(observations))) == ([], 1)


NO_DATABASES = {
    "a tool": "import json\ntool.execute(json.loads(call.arguments))",
    "a machine": "sandbox.exec(script.read_text())",
    "a parameter": "def run(db, sql):\n    return db.prepare(sql)",
}


@pytest.mark.parametrize("code", NO_DATABASES.values(), ids=NO_DATABASES.keys())
def test_what_no_database_takes_or_only_passes_on_is_left_in_peace(code: str) -> None:
    assert doubted(said(code)) == []


def test_a_constant_in_bytes_is_the_string_that_it_is_decoded_to() -> None:
    assert found(said("db.prepare(b'SELECT nme FROM steps'.decode('utf-8'))")) == [
        f"{REFUSED}no such column: nme. Did you mean name?"
    ]
