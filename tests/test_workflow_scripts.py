"""Workflows in TypeScript that really step and are created, and those that only look like it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from tests.test_workflow_missing import Files, told

CONFIGURATION = """\
name = "service"
main = "src/index.ts"
workflows = [{ binding = "PIPELINE", name = "pipeline", class_name = "Pipeline" }]
"""
STARTS = """\
export { Pipeline } from "./pipeline";
export default { fetch: async (request, env) => env.PIPELINE.create() };
"""
HEAD = 'import { WorkflowEntrypoint } from "cloudflare:workers";\n'
WORK = 'step.do("work", async () => this.env.KV.get("x"))'
FETCH = 'step.do("work", async () => fetch("x"))'


class Code(NamedTuple):
    """A body of `run`, and what stands around it."""

    body: str
    outside: str = ""
    members: str = ""
    given: str = "event, step"
    files: Mapping[str, str] = {}

    @property
    def tree(self) -> Files:
        """The service with this Workflow."""
        head = f"{HEAD}{self.outside}\nexport class Pipeline extends WorkflowEntrypoint<Env> {{\n"
        text = f"{head}async run({self.given}) {{\n{self.body}\n}}\n{self.members}\n}}\n"
        own = {"wrangler.toml": CONFIGURATION, "src/index.ts": STARTS, "src/pipeline.ts": text}
        return {**own, **self.files}


def judged(code: Code) -> str:
    """`kept`, `!` where something is found, `?` where something is only unproven."""
    return max((each[0] for each in told(code.tree)), key="?!".index, default="kept")


MAPPED = "event.payload.items.map"
GO = f"const go = async () => {{ await {FETCH}; }};"
STEPS = 'export const load = async (s) => { await s.do("a", async () => fetch("x")); };'

KEPT: dict[str, Code] = {
    "awaited": Code(f"await {WORK};"),
    "returned": Code(f"return {WORK};"),
    "awaited later by a name": Code(f"const done = {WORK}; return await done;"),
    "awaited later by a name that is set": Code(f"let done; done = {WORK}; await done;"),
    "gathered": Code(f"await Promise.all([{WORK}, {WORK}]);"),
    "gathered from map": Code(f"await Promise.all({MAPPED}((x) => {WORK}));"),
    "gathered from an async map": Code(
        f"await Promise.all({MAPPED}(async (x) => {{ const y = await {WORK}; return y; }}));"
    ),
    "pushed and gathered": Code(
        f"const all = []; for (const x of event.payload) all.push({WORK}); "
        "await Promise.allSettled(all);"
    ),
    "spread and gathered": Code(f"const all = [{WORK}]; await Promise.all([...all]);"),
    "taken apart": Code(f"const [a] = await Promise.all([{FETCH}, step.sleep('b', 1)]);"),
    "one after the other by reduce": Code(
        f"await event.payload.reduce(async (last) => {{ await last; await {FETCH}; }}, null);"
    ),
    "caught": Code(f"await {WORK}.catch(() => null);"),
    "with type arguments": Code(
        'const found = await step.do<Page>("work", async () => fetch("x"));'
    ),
    "with type arguments, and asked on": Code(
        'await step.do<Page>("work", async () => fetch("x")).then((page) => page.text());'
    ),
    "configured": Code('await step.do("a", { retries: { limit: 3 } }, async () => fetch("x"));'),
    "another name of step": Code('const s = step; await s.do("a", async () => fetch("x"));'),
    "by an index": Code('await step["do"]("a", async () => fetch("x"));'),
    "optional chaining": Code('await step?.do?.("a", async () => fetch("x"));'),
    "said to be of another type": Code('await (step as any)!.do("a", async () => fetch("x"));'),
    "in a loop that is left": Code(f"while (true) {{ if (await {FETCH}) break; }}"),
    "behind a labelled continue": Code(
        f"outer: for (const a of event.payload) {{ for (const b of a) {{ if (b) continue outer; "
        f"await {FETCH}; }} }}"
    ),
    "behind what only running tells": Code(f"if (this.env.FLAG) {{ await {FETCH}; }}"),
    "in a case": Code(
        f'switch (event.type) {{ case "a": await {FETCH}; break; default: return; }}'
    ),
    "in a loop that begins": Code(f"for (let i = 0; i < 3; i++) await {FETCH};"),
    "in finally": Code(f"try {{ return 1; }} finally {{ await {FETCH}; }}"),
    "in a private method": Code(
        "await this.#work(step);", members=f"async #work(step) {{ await {WORK}; }}"
    ),
    "in methods that are gathered": Code(
        f"const all = {MAPPED}((x) => this.work(x, step)); await Promise.all(all);",
        members=f"async work(x, step) {{ await {WORK}; }}",
    ),
    "by an object that hands it on": Code(
        "const durable = { do: (name, work) => step.do(name, work) };\n"
        'await durable.do("a", async () => fetch("x"));'
    ),
    "by a function that is given the promise": Code(
        f"await this.within({WORK});",
        members="async within(done) { return Promise.race([done, new Promise(() => {})]); }",
    ),
    "in a method": Code("await this.work(step);", members=f"async work(step) {{ await {WORK}; }}"),
    "in a method that is given an object": Code(
        "await this.work({ step, id: 1 });",
        members='async work({ step: s }) { await s.do("a", async () => fetch("x")); }',
    ),
    "in a method that looks into the object": Code(
        "const all = { step }; await this.work(all);",
        members='async work(all) { await all.step.do("a", async () => fetch("x")); }',
    ),
    "in a method, by a property": Code(
        "this.step = step; await this.work();",
        members='work = async () => { await this.step.do("a", async () => fetch("x")); };',
    ),
    "in a generator": Code(
        "for await (const x of this.all(step)) {}",
        members=f"async *all(step) {{ yield await {FETCH}; }}",
    ),
    "in a function inside": Code(f"{GO} await go();"),
    "in a function that is declared behind the end": Code(
        f"return go(); async function go() {{ await {FETCH}; }}"
    ),
    "in a function that is called at once": Code(f"await (async () => {{ await {FETCH}; }})();"),
    "in a step": Code(f'await step.do("a", async () => {{ await {FETCH}; }});'),
    "in a function that calls what it is given": Code(
        f"await retry(() => {FETCH});",
        outside="async function retry(run) { for (;;) { try { return await run(); } catch {} } }",
    ),
    "in functions that call each other": Code(
        "await a(step);",
        outside=f"async function a(s) {{ await b(s); }}\nasync function b(step) {{ await a(step); "
        f"await {FETCH}; }}",
    ),
    "in another file": Code(
        "await load(step);",
        outside='import { load } from "./all";',
        files={"src/all.ts": 'export * from "./load";', "src/load.ts": STEPS},
    ),
    "in a namespace": Code(
        "await steps.load(step);",
        outside='import * as steps from "./load";',
        files={"src/load.ts": STEPS},
    ),
    "work that is a method, bound": Code(
        'await step.do("a", this.load.bind(this));',
        members='load() { return this.env.KV.get("x"); }',
    ),
    "work that is a function": Code(
        'await step.do("a", load);', outside='const load = async () => fetch("x");'
    ),
    "work that is handed on": Code(
        'await named(step, "a", async () => fetch("x"));',
        outside="const named = (step, name, work) => step.do(name, async () => work());",
    ),
    "work of a package": Code('await step.do("a", load);', outside='import { load } from "pkg";'),
    "work of an object that the repository makes": Code(
        'await step.do("a", () => new Service(this.env).run());',
        outside="class Service { constructor(env) { this.env = env; } "
        "run() { return this.load(); } load() { return this.env.KV.get('x'); } }",
    ),
    "work of a field": Code(
        'await step.do("a", () => this.kv.load());',
        members='kv = { load: () => fetch("x") };',
    ),
    "work that settles a promise itself": Code(
        'await step.do("a", () => new Promise((done) => { this.env.Q.send(1).then(done); }));'
    ),
}

FOUND: dict[str, Code] = {
    "floating": Code(f"{WORK};"),
    "void": Code(f"void {WORK};"),
    "void, with type arguments": Code('void step.do<Page>("work", async () => fetch("x"));'),
    "a name that nobody awaits": Code(f"const done = {WORK};"),
    "an array that is awaited": Code(f"await [{WORK}];"),
    "gathered and floating": Code(f"Promise.all([{WORK}]);"),
    "mapped and not gathered": Code(f"await {MAPPED}(async () => {{ await {WORK}; }});"),
    "for each": Code(f"event.payload.forEach(async () => {{ await {WORK}; }});"),
    "given to waitUntil": Code(f"this.ctx.waitUntil({WORK});"),
    "given to a timer": Code(f"setTimeout(async () => {{ await {WORK}; }}, 1);"),
    "in a function that is not awaited": Code(
        "this.work(step);", members=f"async work(step) {{ await {WORK}; }}"
    ),
    "in a function that nobody calls": Code(GO),
    "worth the other side of a comma": Code(f"await ({WORK}, 1);"),
    "behind return": Code(f"return; await {FETCH};"),
    "behind throw, in try": Code(f"try {{ throw 1; await {FETCH}; }} catch {{}}"),
    "behind a loop without end": Code(f"for (;;) {{ await this.env.KV.get('x'); }} await {FETCH};"),
    "behind the end of the process": Code(f"process.exit(1); await {FETCH};"),
    "behind false": Code(f"if (false) {{ await {FETCH}; }}"),
    "behind a constant": Code(f"if (ON) await {FETCH};", outside="const ON = 1 > 2;"),
    "behind a constant of an object": Code(
        f"FLAGS.on && (await {FETCH});", outside="const FLAGS = { on: false };"
    ),
    "behind no number": Code(f"NaN ? await {FETCH} : 1;"),
    "in a loop over nothing": Code(f"for (const x of []) await {FETCH};"),
    "in a loop that never begins": Code(f"for (let i = 0; i < 0; i++) await {FETCH};"),
    "in the test of a loop that is left": Code(f"do {{ break; }} while (await {FETCH});"),
    "where nothing was tried": Code(f"try {{}} catch {{ await {FETCH}; }}"),
    "in a loop over the keys of nothing": Code(f"for (const key in {{}}) await {FETCH};"),
    "in a loop while false": Code(f"while (!1) await {FETCH};"),
    "mapped over nothing": Code(f"await Promise.all([].map(async () => {{ await {FETCH}; }}));"),
    "in a case that is another one": Code(f"switch (1) {{ case 2: await {FETCH}; }}"),
    "no work": Code('await step.do("a", async () => {});'),
    "a constant": Code('await step.do("a", async () => { return { done: true }; });'),
    "talk": Code('await step.do("a", async () => { console.log("x"); });'),
    "waiting": Code('await step.do("a", () => new Promise((r) => setTimeout(r, 10)));'),
    "work on a dead path": Code('await step.do("a", () => { if (false) fetch("x"); });'),
    "work in a function that nobody calls": Code(
        'await step.do("a", async () => { const later = async () => fetch("x"); return 1; });'
    ),
    "work that is a method that does nothing": Code(
        'await step.do("a", () => this.load());', members="async load() {}"
    ),
    "work of an instance that does nothing": Code(
        'await step.do("a", () => { const kv = new Kv(); return kv.get(); });',
        outside="class Kv { constructor() { this.x = 1; } get() { return this.own(); } own() {} }",
    ),
    "work of a field that does nothing": Code(
        'await step.do("a", () => this.kv.get());', members="kv = { get() {} };"
    ),
    "work by call": Code(
        'await step.do("a", () => no.call(null));', outside="const no = () => {};"
    ),
    "work behind a comma": Code('await step.do("a", () => (0, this.load)());', members="load() {}"),
    "work from a pattern": Code(
        'await step.do("a", () => { const { n } = { n: no }; n(); });',
        outside="const no = () => 1;",
    ),
    "work of an object that does nothing": Code(
        'await step.do("a", () => kv.get());', outside="const kv = { get() { return 1; } };"
    ),
    "another object in the place of step": Code(
        f"{{ const step = {{ do: async (name, work) => work() }}; await {FETCH}; }}"
    ),
    "do of something else": Code('await this.env.X.do("a", async () => fetch("x"));'),
    "only asleep": Code('await step.sleep("a", 1);'),
    "in a string": Code('await this.env.KV.put("code", "await step.do()");'),
    "in a comment": Code(f"// await {FETCH};"),
}

UNPROVEN: dict[str, Code] = {
    "step given to a package": Code("await drive(step);", outside='import { drive } from "pkg";'),
    "step taken apart": Code('const { do: run } = step; await run("a", async () => fetch("x"));'),
    "step taken apart by a parameter": Code('await run("a", fetch);', given="event, { do: run }"),
    "step by a computed name": Code("await step[event.payload]('a', async () => fetch('x'));"),
    "step in a map": Code('const all = new Map(); all.set("step", step);'),
    "step in an object of a class": Code(
        "await new Runner(step).go();",
        outside="class Runner { constructor(s) { this.s = s; } async go() { await this.s.do(); } }",
    ),
    "step among the rest": Code("await args[1].do('a', async () => fetch('x'));", given="...args"),
    "step that is changed": Code(f"step.do = async () => {{}}; await {FETCH};"),
    "step that is changed through its prototype": Code(
        f"(step as any).constructor.prototype.do = async () => {{}}; await {FETCH};"
    ),
    "step of which the prototype is taken": Code(
        f"const s: any = Object.getPrototypeOf(step); s.do = () => 1; await {FETCH};"
    ),
    "step that is changed by a call": Code(f"Object.assign(step, {{ do() {{}} }}); await {FETCH};"),
    "step that is replaced": Code(f"step = {{ do: async () => 1 }}; await {FETCH};"),
    "awaited by a package": Code(
        f"await limit(() => {FETCH});", outside='import limit from "limit";'
    ),
    "awaited in a list of functions": Code(
        f"for (const go of [() => {FETCH}]) await go();",
    ),
    "work that is wrapped": Code(
        'await step.do("a", wrapped(async () => fetch("x")));',
        outside="const wrapped = (work) => () => 1;",
    ),
    "work that never ends": Code(
        'await step.do("a", () => one());',
        outside="const one = () => two();\nconst two = () => one();",
    ),
    "code that cannot be read": Code(f"await {FETCH};\n}}\nfoo(;{{"),
    "code too deep to be read": Code(f"x = {'(' * 10_000}1{')' * 10_000}; await {FETCH};"),
    "statements too deep to be followed": Code(f"{'if (a) {' * 300}await {FETCH};{'}' * 300}"),
    "two of it": Code(f"await {FETCH};", members="async run() {}"),
    "made by a getter": Code(f"await {FETCH};", members="get run() { return this.load; }"),
}


@pytest.mark.parametrize("code", KEPT.values(), ids=KEPT.keys())
def test_a_run_that_steps_is_kept(code: Code) -> None:
    assert judged(code) == "kept"


@pytest.mark.parametrize("code", FOUND.values(), ids=FOUND.keys())
def test_a_run_that_gets_nothing_done_in_a_step_is_found(code: Code) -> None:
    assert told(code.tree) == ["! src/pipeline.ts:4"]


@pytest.mark.parametrize("code", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_a_run_that_cannot_be_followed_is_unproven(code: Code) -> None:
    assert judged(code) == "?"
