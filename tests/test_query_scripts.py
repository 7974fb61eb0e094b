"""The SQL in TypeScript and JavaScript: which strings are taken for it, and what they fold to."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Doubt, Finding
from gatekeeper.migrations.queries import Gathered, Query, gathered
from gatekeeper.migrations.query_keeping import packed, unpacked
from gatekeeper.migrations.query_script import STRINGS
from gatekeeper.snapshot import Snapshot
from tests.test_query_broken import told

STEPS = "CREATE TABLE steps (id INTEGER PRIMARY KEY, name TEXT, attempts INTEGER);\n"


def tree(code: str, **more: str) -> Gathered:
    return gathered(Snapshot.of("a tree", {"a.ts": code, **more}))


def queries(code: str, **more: str) -> tuple[Query, ...]:
    return tuple(each for each in tree(code, **more).queries if each.path == "a.ts")


def texts(code: str, **more: str) -> list[str]:
    return list(dict.fromkeys(each.text for each in queries(code, **more)))


@given(st.lists(st.text("ab ?,\n'\"`$", max_size=5), min_size=1, max_size=6))
def test_constants_fold_as_javascript_folds_them(parts: list[str]) -> None:
    whole = "SELECT 1 FROM t WHERE a IN (" + "".join(parts)
    quoted = [json.dumps(each) for each in ["SELECT 1 FROM t WHERE a IN (", *parts]]
    ways = (
        " + ".join(quoted),
        f"[{', '.join(quoted)}].join('')",
        "`" + "".join(f"${{{each}}}" for each in quoted) + "`",
        f"{quoted[0]}.concat({', '.join(quoted[1:])})",
    )

    assert [[whole]] * len(ways) == [texts(f"db.prepare({each})") for each in ways]


WHERE = "SELECT name FROM steps WHERE id IN (?)"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "const T = 'steps'; q(`SELECT a FROM ${T}`)", "SELECT a FROM steps", id="const"
        ),
        pytest.param(
            "enum T { All = 'steps' } q(`SELECT a FROM ${T.All}`)",
            "SELECT a FROM steps",
            id="an enumeration",
        ),
        pytest.param(
            "namespace N { export const t = 'steps' } q(`SELECT a FROM ${N.t}`)",
            "SELECT a FROM steps",
            id="a namespace",
        ),
        pytest.param(
            "const T = Object.freeze({ a: { t: 'steps' } } as const); q(`SELECT a FROM ${T.a.t}`)",
            "SELECT a FROM steps",
            id="an object in an object",
        ),
        pytest.param(
            "class R { static t = 'steps'; #c = 'a'; m() { q(`SELECT ${this.#c} FROM ${R.t}`) } }",
            "SELECT a FROM steps",
            id="fields of a class",
        ),
        pytest.param(
            "const { t: { u } } = { t: { u: 'steps' } }; q('SELECT a FROM ' + u)",
            "SELECT a FROM steps",
            id="a name taken out of an object",
        ),
        pytest.param("q(String.raw`SELECT a FROM steps`)", "SELECT a FROM steps", id="raw"),
        pytest.param("q('\\x53ELECT a FROM steps')", "SELECT a FROM steps", id="escapes"),
        pytest.param(
            "q(`SELECT name FROM steps WHERE id IN (${ids.map(() => '?').join(', ')})`)",
            WHERE,
            id="a sign for each of a list",
        ),
        pytest.param(
            "q(`SELECT name FROM steps WHERE id IN (${ids.map((_, i) => `?${i + 1}`).join()})`)",
            WHERE,
            id="a numbered sign for each of a list",
        ),
        pytest.param(
            "q(`SELECT name FROM steps WHERE id IN (${new Array(n).fill('?').join(',')})`)",
            WHERE,
            id="signs that fill an array",
        ),
        pytest.param(
            "q(`SELECT name FROM steps WHERE id IN (${'?,'.repeat(n).slice(0, -1)})`)",
            WHERE,
            id="repeated signs",
        ),
        pytest.param(
            "const p = ['SELECT a']; if (x) { p.push('FROM steps') } db.prepare(p.join(' '))",
            "SELECT a FROM steps",
            id="steps of a list",
        ),
        pytest.param(
            "let s = 'SELECT a'; { s += ' FROM steps' } db.prepare(s)",
            "SELECT a FROM steps",
            id="steps in an inner block",
        ),
        pytest.param(
            "sql`SELECT a FROM steps WHERE b = ${b} AND ${sql`c = ${c}`} ${sql.raw('LIMIT 1')}`",
            "SELECT a FROM steps WHERE b = ? AND c = ? LIMIT 1",
            id="what a tag binds, and its pieces",
        ),
        pytest.param(
            "sql`SELECT a FROM ${sql.identifier('my steps')}`",
            'SELECT a FROM "my steps"',
            id="a name that a tag is given",
        ),
    ],
)
def test_a_script_folds_to_one_string(code: str, expected: str) -> None:
    assert expected in texts(code)
    assert [] == [each.holes for each in queries(code) if each.holes]


def test_names_of_other_blocks_are_other_names() -> None:
    code = (
        "const t = 'files';\n"
        "function a() { const t = 'steps'; db.prepare(`SELECT a FROM ${t}`) }\n"
        "function b(t: string) { db.prepare(`SELECT b FROM ${t}`) }\n"
        "for (const t of all) { db.prepare(`SELECT c FROM ${t}`) }\n"
        "switch (x) { case 1: { const c = 'd'; db.prepare(`SELECT ${c} FROM ${t}`) } }\n"
    )

    assert [
        "SELECT a FROM steps",
        "SELECT b FROM h_",
        "SELECT c FROM h_",
        "SELECT d FROM files",
    ] == (texts(code))


FILES = {
    "lib/q.ts": "export const T = 'steps'; export default { all: `SELECT a FROM ${T}` };",
    "lib/index.ts": "export * from './q'; export { T as Table, default as Q } from './q';"
    "export * as all from './q';",
    "common.cjs": "module.exports = { T: 'steps' }; ",
    "named.cjs": "exports.T = 'steps';",
    "q.sql": "SELECT a FROM steps",
    "q.json": '{"all": {"steps": "SELECT a FROM steps"}, "some": 1}',
    "round.ts": "export { R } from './round2';",
    "round2.ts": "export { R } from './round';",
    "schema.ts": "export const steps = sqliteTable('steps', { n: text('name').unique(), a: i() });"
    "export const live = sql`${steps.a} > 0`; export const word = 'word';",
}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "import { T } from './lib/q'; q('SELECT a FROM ' + T)", None, id="by its name"
        ),
        pytest.param("import { T } from './lib'; q('SELECT a FROM ' + T)", None, id="by a star"),
        pytest.param(
            "import { Table as X } from './lib'; q('SELECT a FROM ' + X)", None, id="renamed"
        ),
        pytest.param("import Q from './lib/q'; db.prepare(Q.all)", [], id="of a default"),
        pytest.param(
            "import { Q } from './lib'; db.prepare(Q.all + ' LIMIT 1')",
            ["SELECT a FROM steps LIMIT 1"],
            id="of a default that is passed on",
        ),
        pytest.param(
            "import * as q from './lib'; q('SELECT a FROM ' + q.T)", None, id="a namespace"
        ),
        pytest.param(
            "import { all } from './lib'; q('SELECT a FROM ' + all.T)",
            None,
            id="one that is passed on",
        ),
        pytest.param(
            "const { T } = require('./common.cjs'); q('SELECT a FROM ' + T)", None, id="required"
        ),
        pytest.param(
            "import c from './common.cjs'; q('SELECT a FROM ' + c.T)", None, id="of CommonJS"
        ),
        pytest.param(
            "import { T } from './named.cjs'; q('SELECT a FROM ' + T)", None, id="its names"
        ),
        pytest.param(
            "const { T } = await import('./lib/q'); q('SELECT a FROM ' + T)",
            None,
            id="imported late",
        ),
        pytest.param("import q from './q.sql'; db.prepare(q)", None, id="a text"),
        pytest.param("import q from './q.sql?raw'; db.prepare(q)", None, id="a text as it is"),
        pytest.param("import q from './q.json'; db.prepare(q.all.steps)", None, id="JSON"),
        pytest.param("import q from './q.json'; db.prepare(q.some)", [], id="a number of JSON"),
        pytest.param(
            "import { R } from './round'; q('SELECT a FROM ' + R)",
            ["SELECT a FROM h_"],
            id="a circle",
        ),
        pytest.param(
            "import { steps, live, word } from './schema';\n"
            "sql`SELECT ${steps.n} FROM ${steps} WHERE ${live} AND ${steps.a} = ${word}`",
            ['SELECT "steps"."name" FROM "steps" WHERE "steps"."a" > 0 AND "steps"."a" = ?'],
            id="tables and columns of Drizzle",
        ),
    ],
)
def test_constants_are_followed_from_script_to_script(
    code: str, expected: list[str] | None
) -> None:
    wanted = ["SELECT a FROM steps"] if expected is None else expected

    assert wanted == texts(code, **FILES)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param(
            "this.ctx.storage.sql.exec('CREATE TABLE x (y)')", True, id="a storage's exec"
        ),
        pytest.param(
            "const Q = 'CREATE TABLE x (y)'; state.storage.sql.exec(Q)", True, id="by its name"
        ),
        pytest.param(
            "import { Agent } from 'agents'; this.sql`SELECT a FROM own`", True, id="an agent's tag"
        ),
        pytest.param("this.sql`SELECT a FROM own`", False, id="a tag of any other"),
        pytest.param("env.DB.exec('CREATE TABLE x (y)')", False, id="a database's exec"),
    ],
)
def test_sql_for_the_storage_of_a_durable_object_is_elsewhere(code: str, expected: bool) -> None:
    assert [expected] == list({each.is_elsewhere for each in queries(code)})


@pytest.mark.parametrize(
    "code",
    [
        "t('update available'); /x/.exec('create y'); re.exec('select some'); map.get('drop it')",
        "cp.exec('create foo'); const s = 'Create a table of contents';",
        "const e = <input placeholder='Select a name from the list' />",
        "// SELECT a FROM steps\n/* db.prepare('SELECT b FROM steps') */",
        "sql`count(*)`; sql`replace(${a}, 'b', 'c')`; sql`excluded.name`; sql`CURRENT_TIMESTAMP`",
        "db.batch(statements.slice(0, 9)); db.batch(all.map((one) => one.statement));",
    ],
)
def test_what_is_no_sql_is_not_taken_for_it(code: str) -> None:
    assert () == queries(code)


OPEN = [
    "env.DB.prepare('xSELECT name FROM steps'.slice(1))",
    "env.DB.prepare(atob('U0VMRUNU'))",
    "env.DB.prepare(Buffer.from('U0VMRUNU', 'base64').toString())",
    "const q = JSON.parse(x).q; env.DB.prepare(q)",
    "env.DB.prepare(await env.KV.get('query'))",
    "env.DB.prepare(`${verb} FROM steps`)",
    "env.DB.prepare(verb + ' FROM steps WHERE id = 1')",
    "let q = ''; for (const p of ['SELECT nam ', 'FROM steps']) q += p; env.DB.prepare(q)",
    "env.DB.prepare(['SELECT nam ', 'FROM steps'].reduce((a, b) => a + b))",
    "sql(`SELECT ${x} FROM steps`)",
    "env.DB.prepare(tag`SELECT name FROM steps WHERE id = ${x}`)",
    "db.run(sql`SELECT name FROM ${table} WHERE id = ${id}`)",
    "class R { constructor(private t = 'steps') {} m() { q(`SELECT name FROM ${this.t}`) } }",
]
WRONG = [
    "env['DB'].prepare('SELECT nam FROM steps')",
    "const p = env.DB.prepare.bind(env.DB); p('SELECT nam FROM steps')",
    "(env.DB as any)!.prepare('SELECT nam FROM steps')",
    "console.log(`${await env.DB.prepare('SELECT nam FROM steps').all()}`)",
    "throw new Error(await env.DB.prepare('SELECT nam FROM steps').first())",
    "env.DB.prepare(hard ? 'SELECT nam FROM steps' : 'SELECT name FROM steps')",
    "const q = { title: 'SELECT nam FROM steps' }; env.DB.prepare(q.title)",
    "db.run(sql`SELECT ${sql.raw('nam')} FROM steps WHERE id = ${id}`)",
    "const w = sql`WHERE nam = 1`; db.run(sql`SELECT name FROM steps ${w}`)",
    "prisma.$queryRaw`SELECT nam FROM steps WHERE id = ${id}`",
    "env.DB.withSession('first-primary').prepare('SELEC name FROM steps')",
]


def judged(codes: Sequence[str], kind: type[Doubt | Finding]) -> list[str]:
    """Those of some scripts, judged side by side, of which something is said."""
    files = {f"src/{number}.ts": code for number, code in enumerate(codes)}
    said = told({"migrations/0001_steps.sql": STEPS, **files})
    paths = {each.path for each in said if isinstance(each, kind)}
    return [code for path, code in files.items() if path in paths]


def test_what_only_running_tells_is_unproven() -> None:
    assert OPEN == judged(OPEN, Doubt)
    assert [] == judged(OPEN, Finding)


def test_sql_that_does_not_fit_is_found_however_it_is_handed_on() -> None:
    assert WRONG == judged(WRONG, Finding)


def test_a_script_counts_where_production_runs_it_whatever_it_is_called() -> None:
    said = told(
        {
            "migrations/0001_steps.sql": STEPS,
            "src/a.ts": "import './tests/b'",
            "src/tests/b.ts": "db.prepare('SELECT nam FROM steps')",
            "src/tests/c.ts": "db.prepare('SELECT nam FROM steps')",
            "dist/d.js": "db.prepare('SELECT nam FROM steps')",
        }
    )

    assert ["src/tests/b.ts"] == [each.path for each in said if isinstance(each, Finding)]


def test_a_script_that_cannot_be_read_leaves_the_ruling_open() -> None:
    found = tree("db.prepare('SELECT a FROM steps');\nconst = = ;", **{"b.ts": "db.prepare('\0')"})

    assert ["SELECT a FROM steps"] == [each.text for each in found.queries]
    assert ["a.ts", "b.ts"] == [path for path, _ in found.unread]


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("db.prepare('SELECT 1 FROM t')" + ".x()" * 3_000, id="a chain without end"),
        pytest.param(
            "const o = " + "{a:" * 3_000 + "'SELECT 1 FROM t'" + "}" * 3_000 + "; db.prepare(o.a)",
            id="objects in each other without end",
        ),
        pytest.param(".repeat(9) .slice(1) while( } => x .map(", id="a method of nothing"),
    ],
)
def test_odd_code_makes_no_error(code: str) -> None:
    assert ["a.ts"] == [path for path, _ in tree(f"db.prepare('SELECT 1 FROM t'); {code}").unread]


def test_words_without_end_are_passed_over_in_linear_time() -> None:
    begun = time.process_time()

    found = tree("// " + "select " * 100_000, **{"b.ts": "q('select ' + 'x, selected from steps')"})

    assert ["select x, selected from steps"] == [each.text for each in found.queries]
    assert time.process_time() - begun < 10


def test_a_script_of_a_component_is_read_at_its_place() -> None:
    script = "<script lang='ts'>\n  db.prepare('SELECT a FROM t')\n</script>"

    found = tree("", **{"a.vue": f"<template>x</template>\n{script}"})

    assert [("a.vue", 3)] == [(each.path, each.line) for each in found.queries]


def test_what_a_script_holds_is_the_same_when_it_was_kept() -> None:
    for code in (*OPEN, *WRONG, *FILES.values(), "migrate.create_all()"):
        found = STRINGS.read(code.encode(), "a.ts")

        assert found == unpacked(json.loads(json.dumps(packed(found))))


@pytest.mark.parametrize("data", [None, [], {}, {"sites": [[1]]}, {"sites": 1}])
def test_what_was_not_kept_so_is_refused(data: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpacked(data)
