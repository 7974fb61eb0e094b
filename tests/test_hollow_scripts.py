"""The rule test-hollow on TypeScript and JavaScript: tests that cannot fail, or expect less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Doubt, Finding, Note, Observation, Unreadable
from gatekeeper.testing import Example, case_of, observe
from gatekeeper_rules.suite._script_files import SCRIPTS
from gatekeeper_rules.suite._script_paths import is_script_test_code, is_script_test_file
from gatekeeper_rules.suite.test_hollow import RULE

HEAD = 'import { it, test, describe, expect, vi } from "vitest";\nimport { add } from "../src/a";\n'
CODE = {
    "src/a.ts": "export const add = (a: number) => a;",
    "src/use.ts": "export const use = (a: number) => a;",
    "tests/checks.ts": "import { expect } from 'vitest';\n"
    "export function looksRight(is: unknown) { expect(is).toBe(3); }\n"
    "export function prints(is: unknown) { console.log(is); }\n"
    "export const own = { expect: (x: unknown) => ({ toBe() {} }) };",
    "tests/index.ts": "export * from './checks';",
    "tests/made_up.ts": "export function expect(x: unknown) { return { toBe() {} }; }",
}


def observed(
    after: Mapping[str, str], before: Mapping[str, str] | None = None
) -> list[Observation]:
    base = {**CODE, **(before or {})}
    example = Example("an example", 1, base, {**CODE, **after})
    return list(observe(RULE, case_of(RULE, example)))


def said(
    after: Sequence[str], before: Sequence[str] | None = None, head: str = HEAD
) -> dict[str, list[str]]:
    """What is found in each of some scripts of tests, judged side by side, by their code."""
    files = {f"tests/{n}.test.ts": head + code for n, code in enumerate(after)}
    was = {f"tests/{n}.test.ts": head + code for n, code in enumerate(before or ())}
    found = [each for each in observed(files, was) if isinstance(each, Finding)]
    return {
        code: [each.message for each in found if each.path == f"tests/{n}.test.ts"]
        for n, code in enumerate(after)
    }


KEPT = [
    'it("a", () => { expect(add(1)).toBe(3); });',
    'it("a", async () => { await expect(add(1)).resolves.toBe(3); });',
    'it("a", () => { expect(add(1)).toSatisfy((n) => n > 2); });',
    'it("a", () => { expect(add(1)).toBeGreaterThan(-1); });',
    'it("a", () => { expect([...add(1)]).toHaveLength(1); });',
    'it("a", () => { expect([add(1), 4]).toContain(3); });',
    'it("a", () => expect(add(1)).rejects.toThrow("x"));',
    'it("a", () => { expect(() => add(1)).toThrow(TypeError); });',
    'it.each([[1, 2]])("a %s", (a, b) => { expect(add(a)).toEqual(b); });',
    'it("a", (done) => { add(() => { expect(add(3)).toBe(4); done(); }); });',
    'it("a", () => new Promise((ok) => setTimeout(() => { expect(add(1)).toBe(3); ok(); })));',
    'it("a", () => { vi.useFakeTimers(); setTimeout(() => expect(add(1)).toBe(3)); });',
    'it("a", () => { for (const x of [1, 2]) { expect(add(x)).toBe(x); } });',
    'it("a", () => { [1, 2].forEach((x) => { expect(add(x)).toBe(x); }); });',
    (
        'it("a", async () => { expect.assertions(1); try { await add(1); } catch (e) '
        "{ expect(e).toBe(2); } });"
    ),
    (
        'it("a", async () => { try { await add(1); expect.fail("no"); } catch (e) '
        '{ expect(e.message).toBe("x"); } });'
    ),
    'it("a", () => { let err; try { add(1); } catch (e) { err = e; } expect(err).toBe(2); });',
    'it("a", () => add(1).then((x) => { expect(x).toBe(1); }));',
    (
        'it("a", async () => { await Promise.all([1].map(async (n) => {'
        "expect(await add(n)).toBe(1);"
        "})); });"
    ),
    'it("a", () => { const check = (x) => expect(add(x)).toBe(1); check(2); });',
    (
        'it("a", async () => { const run = async () => { expect(await add(1)).toBe(1); }; '
        "await run(); });"
    ),
    'it("a", async () => { await vi.waitFor(() => { expect(add(1)).toBe(1); }); });',
    'it("a", () => { if (add(1) !== 1) throw new Error("not one"); });',
    'import { looksRight } from "./checks"; it("a", () => { looksRight(add(1)); });',
    'import * as all from "./index"; it("a", () => { all.looksRight(add(1)); });',
    'import { verified } from "elsewhere"; it("a", () => { expectTypeOf(add(1)).toBeNumber(); });',
    'it("a", () => { type _ = Expect<Equal<ReturnType<typeof add>, number>>; });',
    'import request from "supertest"; it("a", () => request(app).get("/").expect(200));',
    'it("a", async () => { expect(await screen.findByText("x")).toBeVisible(); });',
    'it("a", async () => { await screen.findByText("x"); });',
    'it("a", () => {\n  // @ts-expect-error it takes a number\n  add("x");\n});',
    'const at = 3; it("a", () => { expect(add(1)).toBe(at); });',
    'it("a", () => { const all = []; add(all); expect(all).toEqual([1]); });',
    'it("a", () => { const before = add.length; add(1); expect(add.length).toBe(before); });',
    'it("a", () => { expect("a warning").toHaveBeenWarned(); });',
    'it("a", async () => { const { expect } = await import("vitest"); expect(add(1)).toBe(3); });',
    'it("a", () => add(1).then((x) => expect(x).toBe(3), () => {}));',
    'it("a", () => expect(add(1)).resolves.toBe(3).catch((e) => { throw e; }));',
    'it("a", (done) => { expect(add(1)).resolves.toBe(3).then(() => done(), (e) => done(e)); });',
    (
        'if (add) it("a", () => { expect(add(1)).toBe(1); }); else '
        'it("a", () => { expect(add(2)).toBe(1); });'
    ),
    (
        'describe("x", () => { afterEach(() => { expect(add(1)).toBe(1); });'
        'it("a", () => { add(2);'
        "}) });"
    ),
    'it("a", () => { expect(/x/.test("x") && add(1)).toBe(1); });',
    (
        'vi.mock("../src/a", async (original) => ({ ...(await original()), importActual: 1 }));'
        'it("a", () => { expect(add(1)).toBe(1); });'
    ),
    (
        'import { use } from "../src/use"; vi.mock("../src/a"); '
        'it("a", () => { add.mockReturnValue(2); expect(use(1)).toBe(3); });'
    ),
]


def test_expectations_of_every_usual_kind_are_kept() -> None:
    assert {code: [] for code in KEPT} == said(KEPT)


NEVER, UNHEARD, LATE = "is never reached", "is not heard of", "runs when the test may be over"
ALWAYS, WRITTEN = "holds whatever happens", "looks at nothing but what the test itself"
OWN = "stands for something of the file's own"
UNAWAITED, NOTHING = "is a promise that nobody waits for", "expects nothing"
HOLLOW = {
    'it("a", () => {});': NOTHING,
    'it("a", () => { add(1); console.log(2); });': NOTHING,
    'it("a", () => { /* expect(add(1)).toBe(3); */ });': NOTHING,
    'it("a", () => { expect(add(1)); });': "has no matcher",
    'import { expect as e } from "vitest"; it("a", () => { e(add(1)).not; });': "has no matcher",
    'it("a", () => { expect(add(1)).toBe; });': "is named and not called",
    'it("a", () => { expect(true).toBe(true); });': ALWAYS,
    'it("a", () => { const x = add(1); expect(x).toBe(x); });': ALWAYS,
    'it("a", () => { const r = add(1); const s = r; expect(r).toEqual(s); });': ALWAYS,
    'it("a", () => { add(1); expect("done").toBeDefined(); });': ALWAYS,
    'it("a", () => { expect(!!add(1) || true).toBeTruthy(); });': ALWAYS,
    'it("a", () => { expect(add(1).length).toBeGreaterThanOrEqual(0); });': ALWAYS,
    'it("a", () => { expect(async () => { await add(1); }).not.toThrow(); });': ALWAYS,
    'it("a", () => { expect(() => {}).not.toThrow(); });': ALWAYS,
    'it("a", () => { assert.ok(add(1) || true); });': ALWAYS,
    'it("a", () => { expect(add(1)).toSatisfy(() => true); });': ALWAYS,
    'it("a", () => { expect(add(1)).to.satisfy(function (n) { return "yes"; }); });': ALWAYS,
    'it("a", () => { expect(add(1)).toBeGreaterThan(-Infinity); });': ALWAYS,
    'it("a", () => { expect(add(1)).toBeLessThanOrEqual(Number.POSITIVE_INFINITY); });': ALWAYS,
    'it("a", () => { expect([add(1)]).toHaveLength(1); });': ALWAYS,
    'it("a", () => { const all = [add(1), 3]; expect(all).toContain(3); });': ALWAYS,
    'it("a", () => { expect(add(1)).not.toBe(Symbol()); });': ALWAYS,
    'it("a", () => { expect(vi.fn()).not.toHaveBeenCalled(); add(1); });': ALWAYS,
    'it("a", () => { const a = { b: 1 }; expect(a.b).toBe(1); });': WRITTEN,
    'it("a", () => { expect(1 + 1).toBe(2); });': WRITTEN,
    'it("a", async () => { await expect(Promise.resolve(1)).resolves.toBe(1); });': WRITTEN,
    'it("a", () => { expect(add(1)).resolves.toBe(3); });': UNAWAITED,
    'it("a", () => { void expect(add(1)).rejects.toThrow(); });': UNAWAITED,
    'it("a", () => { assert.rejects(add(1)); });': UNAWAITED,
    'it("a", () => { try { expect(add(1)).toBe(2); } catch {} });': UNHEARD,
    'it("a", () => { try { expect(add(1)).toBe(2); } catch (e) { console.log(e); } });': UNHEARD,
    'it("a", () => { let r; try { expect(add(1)).toBe(1); } catch (e) { r = e; } });': UNHEARD,
    'it("a", () => { try { expect(add(1)).toBe(1); } catch (e) { expect(e).toBeDefined(); } });': (
        UNHEARD
    ),
    'it("a", () => { try { expect(add(1)).toBe(1); } finally { return; } });': UNHEARD,
    'it("a", () => add(1).then((x) => expect(x).toBe(1)).catch(() => {}));': UNHEARD,
    'it("a", () => add(1).then((x) => expect(x).toBe(1)).then(null, () => {}));': UNHEARD,
    'it("a", async () => { await expect(add(1)).resolves.toBe(3).catch(() => {}); });': UNHEARD,
    'it("a", () => { const expect = (x) => ({ toBe() {} }); expect(add(1)).toBe(3); });': OWN,
    'it("a", () => { function expect(x) { return { toBe() {} }; } expect(add(1)).toBe(3); });': OWN,
    'it("a", () => Promise.allSettled([add(1).then((x) => expect(x).toBe(1))]));': UNHEARD,
    'it("a", async () => { try { await add(1); } catch (e) { expect(e).toBe(2); } });': (
        "is only asked where the code throws"
    ),
    'it("a", () => { setTimeout(() => { expect(add(1)).toBe(3); }, 1); });': LATE,
    'it("a", () => { add(1).then((x) => { expect(x).toBe(1); }); });': LATE,
    'it("a", () => { [1].forEach(async (x) => { expect(await add(x)).toBe(1); }); });': LATE,
    'it("a", () => { (async () => { expect(await add(1)).toBe(1); })(); });': LATE,
    'it("a", () => { const run = async () => { expect(await add(1)).toBe(1); }; run(); });': LATE,
    'it("a", () => { const check = () => { expect(add(1)).toBe(3); }; });': NEVER,
    'it("a", () => { function check() { expect(add(1)).toBe(3); } });': NEVER,
    'it("a", () => { class X { m() { expect(add(1)).toBe(1); } } });': NEVER,
    'it("a", () => { const o = { m() { expect(add(1)).toBe(1); } }; });': NEVER,
    'it("a", () => { const spy = vi.fn(() => { expect(add(1)).toBe(1); }); });': NEVER,
    'it("a", () => () => { expect(add(1)).toBe(1); });': NEVER,
    'it("a", function* () { expect(add(1)).toBe(1); });': NEVER,
    'it("a", () => { return; expect(add(1)).toBe(3); });': NEVER,
    'it("a", () => { if (false) { expect(add(1)).toBe(3); } });': NEVER,
    'it("a", () => { false && expect(add(1)).toBe(1); });': NEVER,
    'it("a", () => { true || expect(add(1)).toBe(1); });': NEVER,
    'it("a", () => { false ? expect(add(1)).toBe(1) : null; });': NEVER,
    'it("a", () => { const xs = []; for (const x of xs) expect(add(x)).toBe(1); });': NEVER,
    'it("a", () => { const xs: number[] = []; xs.map(add).forEach((x) => expect(x)); });': (
        "has no matcher"
    ),
    'it("a", () => { const xs: X[] = []; xs.forEach((x) => expect(add(x)).toBe(1)); });': NEVER,
    'it("a", () => { expect.assertions(0); add(1); });': "says that nothing is expected",
    'it("a", () => { add(1) === 2; });': "is compared and not expected",
    'it("a", () => add(1) === 2);': "is returned, and nobody looks",
    'it("a", () => { prints(add(1)); }); import { prints } from "./checks";': NOTHING,
    'it("a", () => { expectIt(add(1)); }); function expectIt(x) {}': NOTHING,
    'vi.mock("../src/a"); it("a", () => { expect(add(1)).toBe(1); });': "replaced by a mock",
    'import * as m from "../src/a"; it("a", () => { vi.spyOn(m, "add").mockReturnValue(3); '
    "expect(m.add(1)).toBe(3); });": "replaced by a mock",
    'globalThis.expect = () => ({ toBe() {} }); it("a", () => { expect(add(1)).toBe(1); });': (
        "stands for something of the file's own"
    ),
    "expect.extend({ toBe() { return { pass: true }; } });": "holds whatever it is given",
    'it("a", () => { expect(add(1)).toBe(1); }); it("a", () => { expect(add(2)).toBe(2); });': (
        "is the name of another test"
    ),
}


def test_tests_that_cannot_fail_are_found_for_their_reason() -> None:
    found = said(list(HOLLOW))

    assert {} == {
        code: found[code]
        for code, why in HOLLOW.items()
        if not any(why in each for each in found[code])
    }


TEST = '("a", () => { expect(add(1)).toBe(1); });'
IDLE = [
    f"it.skip{TEST}",
    f"it.only{TEST}",
    f"it.fails{TEST}",
    f"test.failing{TEST}",
    f"xit{TEST}",
    f"fit{TEST}",
    f"test.concurrent.skip{TEST}",
    f'it["skip"]{TEST}',
    f"it.skipIf(process.env.CI){TEST}",
    f"it.runIf(process.env.CI){TEST}",
    f"const later = it.skip; later{TEST}",
    f"const later = process.env.CI ? it.skip : it; later{TEST}",
    f"(process.env.CI ? it.skip : it){TEST}",
    f'it[process.env.CI ? "skip" : "only"]{TEST}',
    'it.todo("a");',
    'it("a");',
    'it("a", { skip: true }, () => { expect(add(1)).toBe(1); });',
    'it("a", (ctx) => { ctx.skip(); expect(add(1)).toBe(1); });',
    f'describe.skip("g", () => {{ it{TEST} }});',
    f'xdescribe("g", () => {{ it{TEST} }});',
    f'describe("g", () => {{ return; it{TEST} }});',
    f"if (false) {{ it{TEST} }}",
    f"function never() {{ it{TEST} }}",
    'it.each([])("a", (x) => { expect(add(x)).toBe(1); });',
]


def test_what_newly_keeps_a_test_from_being_run_is_found() -> None:
    was = [f"it{TEST}"] * len(IDLE)

    assert [] == [code for code, found in said(IDLE).items() if len(found) != 1]
    assert [] == [code for code, found in said(IDLE, was).items() if not found]
    assert [] == [code for code, found in said(IDLE, IDLE).items() if found]


LESS = "expects less of"
LESSENED = [
    ("expect(add(1)).toEqual({ a: 1 });", "expect(add(1)).toBeTruthy();", LESS),
    ("expect(add(1)).toEqual({ a: 1 });", "expect(add(1)).toBeDefined();", LESS),
    ("expect(add(1)).toStrictEqual({ a: 1 });", "expect(add(1)).toMatchObject({ a: 1 });", LESS),
    ("expect(add(1)).toEqual({ a: 1 });", "expect(add(1)).toMatchSnapshot();", LESS),
    ("expect(add(1)).toEqual({ a: 1 });", "expect(add(1)).toEqual(expect.anything());", LESS),
    ("expect(add(1)).toEqual([1]);", "expect(add(1)).toEqual([expect.any(Number)]);", LESS),
    ("expect(add(1)).toEqual([1]);", "expect(add(1)).toEqual(add(1));", LESS),
    ('expect(() => add(1)).toThrow("x");', "expect(() => add(1)).toThrow();", LESS),
    ("expect(() => add(1)).toThrow(TypeError);", "expect(() => add(1)).toThrow(Error);", LESS),
    ("expect(add).toHaveBeenCalledWith(1);", "expect(add).toHaveBeenCalled();", LESS),
    ("expect(add(1)).toHaveLength(2);", "expect(add(1)).not.toBeNull();", LESS),
    ("assert.equal(add(1), 2);", "assert.ok(add(1));", LESS),
    ("expect(add(1)).toBe(1);", "expect(add(1) > 0).toBe(true);", LESS),
    ("expect(add(1)).toBe(1);", 'expect(typeof add(1)).toBe("number");', LESS),
    ("expect(add(1)).toBe(1);", "const add = (n) => n; expect(add(1)).toBe(1);", "is made by"),
    ("expect(add(1)).to.equal(2);", "expect(add(1)).to.exist;", LESS),
    ("expect(add(1)).toBe(1);", "if (process.env.X) { expect(add(1)).toBe(1); }", LESS),
    ("expect(add(1)).toBe(1); expect(add(2)).toBe(2);", "expect(add(1)).toBe(1);", "has lost"),
    ("expect(add(1)).toBe(1);", "if (!add) return; expect(add(1)).toBe(1);", "may end the test"),
    ("expect(add(1)).toBe(1);", "add(1);", "expects nothing, and at the base it did"),
    ("expect(add(1)).toBe(1);", "expect(add(1)).toBe(2);", ""),
    ("expect(add(1)).toBe(1);", "assert.strictEqual(add(1), 1);", ""),
    ("expect(add(1)).toBe(1);", "expect(add(1) === 1).toBe(true);", ""),
    ("expect(add(1)).toBeTruthy();", "expect(add(1)).toBe(1);", ""),
    ("expect(add(1)).toBe(1);", "/* why */ expect( add( 1 ) ).toBe( 1, );", ""),
]


@pytest.fixture(scope="module")
def lessened() -> dict[str, list[str]]:
    before, after = (
        [f'it("{n}", () => {{ {pair[at]} }});' for n, pair in enumerate(LESSENED)] for at in (0, 1)
    )
    return said(after, before)


@pytest.mark.parametrize(
    ("number", "expected"),
    [pytest.param(n, each[2], id=f"{each[0]} to {each[1]}") for n, each in enumerate(LESSENED)],
)
def test_what_a_test_expects_is_held_against_what_it_expected(
    lessened: dict[str, list[str]], number: int, expected: str
) -> None:
    found = list(lessened.values())[number]

    assert (1 if expected else 0) == len(found)
    assert all(expected in each for each in found)


OTHERS = {
    'import test from "node:test"; import assert from "node:assert/strict";': (
        (
            'test("a", (t) => { t.assert.equal(add(1), 2); });'
            'test("b", async (t) => { await t.test("sub", () => { assert.ok(add(1)); }); });'
        ),
        'test("c", { todo: true }, () => { assert.ok(add(1)); });',
    ),
    'const { expect } = require("chai");': (
        (
            'describe("x", function () { it("a", function () { expect(add(1)).to.be.true; }); });'
            'it("b", function () { add(1).should.equal(3); });'
        ),
        'it("c", function () { expect(add(1)).to.be; });',
    ),
    'import test from "ava";': (
        'test("a", (t) => { t.is(add(1), 2); }); test("b", (t) => t.throwsAsync(add));',
        'test("c", (t) => { t.pass(); });',
    ),
    'import { test, expect } from "bun:test";': (
        'test("a", () => { expect(add(1)).toBe(2); });',
        'test.if(false)("b", () => { expect(add(1)).toBe(2); });',
    ),
    'import { expect, test as base } from "@playwright/test"; const test = base.extend({});': (
        'test("a", async ({ page }) => { await expect(page).toHaveTitle("x"); });',
        'test.fixme("b", async ({ page }) => { await expect(page).toHaveTitle("x"); });',
    ),
}


@pytest.mark.parametrize("head", OTHERS)
def test_other_runners_and_libraries_are_known(head: str) -> None:
    kept, hollow = OTHERS[head]

    found = said([kept, hollow], head=f'{head}\nimport {{ add }} from "../src/a";\n')

    assert [0, 1] == [len(each) for each in found.values()]


REGROUPED = 'describe("g", () => { it("a", () => { expect(add(1)).toBeTruthy(); }); });'


def test_a_test_that_moved_into_a_group_is_held_against_what_it_was() -> None:
    found = said([REGROUPED], ['it("a", () => { expect(add(1)).toBe(1); });'])

    assert ["g > a expects less of `add(1)` than it did"] == found[REGROUPED]


def test_a_subject_that_is_imported_from_test_code_instead_is_found() -> None:
    code = 'it("a", () => { expect(add(1)).toBe(1); });'
    was = {"tests/a.test.ts": HEAD + code}
    now = {"tests/a.test.ts": HEAD.replace("../src/a", "./fake") + code}

    found = observed({**now, "tests/fake.ts": "export const add = (a) => a;"}, was)

    assert [("tests/a.test.ts", 3)] == [
        (each.path, each.line) for each in found if isinstance(each, Finding)
    ]


def test_an_expect_of_the_repositorys_own_is_found() -> None:
    code = 'import { expect } from "./made_up"; it("a", () => { expect(add(1)).toBe(1); });'

    found = said([code], head='import { add } from "../src/a";\n')

    assert ["expect is replaced for every test by what stands here"] == found[code]


def test_a_test_is_found_whose_helper_in_another_file_expects_nothing_any_more() -> None:
    code = HEAD + 'import { right } from "./right"; it("a", () => { right(add(1)); });'
    was = {
        "tests/a.test.ts": code,
        "tests/right.ts": "export const right = (x) => expect(x).toBe(1);",
    }

    found = observed({**was, "tests/right.ts": "export const right = (x) => console.log(x);"}, was)

    assert ["tests/a.test.ts", "tests/right.ts"] == sorted(
        each.path for each in found if isinstance(each, Finding)
    )


def test_what_the_base_has_already_is_only_counted() -> None:
    codes = list(HOLLOW)[:20]
    files = {f"tests/{n}.test.ts": HEAD + code for n, code in enumerate(codes)}
    more = {path: text + "\n// more\n" for path, text in files.items()}

    found = observed(more, files)

    assert [] == [each for each in found if isinstance(each, Finding)]
    assert any(
        isinstance(each, Note) and "at the base already: 20 places" in each.says for each in found
    )


def test_edited_snapshots_are_noted() -> None:
    path = "tests/__snapshots__/a.test.ts.snap"

    found = observed({path: "exports[`a 1`] = `2`;"}, {path: "exports[`a 1`] = `1`;"})

    assert [f"snapshots that were edited, for a person to look at: {path}"] == [
        each.says for each in found if isinstance(each, Note)
    ]


def test_a_script_that_cannot_be_read_is_a_doubt() -> None:
    found = observed(
        {"tests/a.test.ts": "it('a', () => { const = = ; });", "tests/b.test.ts": "\0"}
    )

    assert ["tests/a.test.ts", "tests/b.test.ts"] == sorted(
        each.path for each in found if isinstance(each, Doubt)
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.test.ts", (True, True)),
        ("src/a.spec.mjs", (True, True)),
        ("src/__tests__/a.tsx", (False, True)),
        ("test/a.js", (False, True)),
        ("cypress/a.cy.js", (True, True)),
        ("src/latest.ts", (False, False)),
        ("src/a.test.d.ts", (False, False)),
        ("tests/fixtures/a.test.ts", (False, False)),
        ("tests/a.py", (False, False)),
    ],
)
def test_scripts_of_tests_are_told_by_their_paths(path: str, expected: tuple[bool, bool]) -> None:
    assert expected == (is_script_test_file(path), is_script_test_code(path))


@given(
    st.lists(
        st.sampled_from([*KEPT, *HOLLOW, *IDLE, "{", "}", ")", "(", "`", "'", "/*"]), max_size=4
    )
)
def test_no_script_makes_the_reader_fail(pieces: list[str]) -> None:
    assert SCRIPTS.read("\n".join(pieces).encode(), "a.test.ts") is not None


def test_deep_nesting_is_read_in_bounded_time() -> None:
    deep = "it('a', () => { " + "if (x) { " * 300 + "expect(add(1)).toBe(1);" + "}" * 301 + ");"
    chain = "it('a', () => { add(1)" + ".then((x) => x)" * 400 + "; });"

    assert ["a"] == [each.name for each in SCRIPTS.read(chain.encode(), "a.test.ts").functions]
    for code in ("(" * 3000, "it('a', () => { f(" + "[" * 3000):
        assert (1,) == SCRIPTS.read(code.encode(), "a.test.ts").unread
    endless = "it('a', () => { expect(" + "x || " * 20_000 + "add(1)).toBe(1); });"

    for code in (
        deep,
        endless,
        "it('a', () => { expect(add(1)" + ".x()" * 20_000 + ").toBe(1); });",
    ):
        with pytest.raises(Unreadable, match="too deep"):
            SCRIPTS.read(code.encode(), "a.test.ts")
