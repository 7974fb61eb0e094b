"""The Rules of Workflows in TypeScript: what is found beyond the page, what is left alone."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from gatekeeper import Doubt, Finding, Note, Snapshot
from gatekeeper_rules.code._workflow_safety import observations

HEAD = """\
import { WorkflowEntrypoint, env, type WorkflowStep } from "cloudflare:workers";
import * as nodeCrypto from "node:crypto";
import { customAlphabet } from "nanoid";
import client from "client";
const SEEN: string[] = [];
const tools = { now: Date.now, make: () => crypto.randomUUID(),get luck() { return Math.random() }};
export class Pipeline extends WorkflowEntrypoint<Env, Params> {
  queue: string[] = []; known = new Map(); db = connect(this.env.DB); born = Date.now();
  get id() { return crypto.randomUUID(); } get saved() { return this.env.KV.get("x"); }
  get room() { return this.env.ROOM.get(this.env.ROOM.idFromName("a")); }
  get orm() { return connect(this.env.DB); }
  async run(event: WorkflowEvent<Params>, step: WorkflowStep) {
    const { payload } = event; const work = async () => this.env.KV.get("x");
"""
TAIL = "\n  }\n}\n"
BODY = HEAD.count("\n") + 1
"""The line at which the end of `run` begins."""


def told(files: Mapping[str, str], *, judged: bool = False) -> list[str]:
    """What is found (`!`) and what is unproven (`?`), each with its line."""
    said = observations(Snapshot.of("head", files), judged=judged)
    signs = {Finding: "!", Doubt: "?"}
    found = [
        (each.line or 0, signs[type(each)]) for each in said if isinstance(each, Finding | Doubt)
    ]
    return [f"{sign}{line}" for line, sign in sorted(found)]


def ran(body: str, *, judged: bool = False, others: Mapping[str, str] | None = None) -> list[str]:
    """What is told of a `run` with this end; lines count from its first."""
    text = HEAD + body + TAIL
    said = told({"src/pipeline.ts": text, **(others or {})}, judged=judged)
    return [f"{each[0]}{int(each[1:]) - BODY + 1}" for each in said]


FOUND: dict[str, tuple[str, list[str]]] = {
    # state
    "a name counted up": ("let n = 0;\nawait step.do('a', async () => { n++; });", ["!2"]),
    "a name set by a pattern": (
        "let n = 0;\nawait step.do('a', async () => { [n] = [1]; ({ n } = { n: 2 }); });",
        ["!2", "!2"],
    ),
    "a name set by a loop": (
        "let n;\nawait step.do('a', async () => { for (n of [1]) await work(); });",
        ["!2"],
    ),
    "a list, through an alias made inside": (
        "const held = [];\nawait step.do('a', async () => { const x = held; x.push(1); });",
        ["!2"],
    ),
    "a list taken out of an object": (
        "const y = { x: [] };\nawait step.do('a', async () => { const { x } = y; x.push(1); });",
        ["!2"],
    ),
    "a list, through its prototype": (
        "const held = [];\nawait step.do('a', async () => { [].push.call(held, 1); });",
        ["!2"],
    ),
    "a list, by a computed method": (
        "const held = [];\nawait step.do('a', async () => { held['push'](1); });",
        ["!2"],
    ),
    "a list in a map": (
        "const held = new Map();\nawait step.do('a', async () => { held.get('x').push(1); });",
        ["!2"],
    ),
    "a set": ("const s = new Set();\nawait step.do('a', async () => { s?.add(1); });", ["!2"]),
    "an index": ("const held = [];\nawait step.do('a', async () => { held[0] ||= 1; });", ["!2"]),
    "an object of Reflect": (
        "const held = {};\nawait step.do('a', async () => Reflect.set(held, 'x', 1));",
        ["!2"],
    ),
    "in a callback inside of the step": (
        "const held = [];\nawait step.do('a', async () => { [1].forEach((x) => held.push(x)); });",
        ["!2"],
    ),
    "in a then inside of the step": (
        "let held;\nawait step.do('a', () => work().then((x) => { held = x; }));",
        ["!2"],
    ),
    "in a function of run that a step is": (
        "let held;\nconst go = async () => {\n  held = 1;\n};\nawait step.do('a', go);",
        ["!3"],
    ),
    "in a generator of run": (
        "let n = 0;\nfunction* count() {\n  yield n++;\n}\nawait step.do('a', () => [...count()]);",
        ["!3"],
    ),
    "the Workflow by another name": (
        "const self = this;\nawait step.do('a', async () => { self.queue.push('x'); });",
        ["!2"],
    ),
    "a map of the Workflow": ("await step.do('a', async () => { this.known.set(1, 2); });", ["!1"]),
    "a list of the module": ("await step.do('a', async () => { SEEN.length = 0; });", ["!1"]),
    "an item that was found": (
        "const xs = [{}];\nawait step.do('a', async () => { const x = xs.find(ok); x.y = 1; });",
        ["!2"],
    ),
    "an item of an object gone through": (
        "const o = {};\nawait step.do('a', () => { for (const x of Object.values(o)) x.y = 1; });",
        ["!2"],
    ),
    "the whole world": ("await step.do('a', async () => { globalThis.seen = 1; });", ["!1"]),
    "an item of a loop": (
        "for (const x of payload.slice())\n  await step.do('a', async () => { x.y = 1; });",
        ["!2"],
    ),
    # effects
    "a request by Reflect": ("await Reflect.apply(fetch, null, ['https://x']);", ["!1"]),
    "bindings spread": ("const e = { ...this.env };\nawait e.KV.put('a', 'b');", ["!2"]),
    "bindings in an object": ("const o = { e: this.env };\nawait o.e.KV.put('a', 'b');", ["!2"]),
    "a binding by a comma": ("(0, env.KV.put)('a', 'b');", ["!1"]),
    "an effect as a default": (
        "const f = async (x = env.KV.put('a', 'b')) => {\n  await x;\n};\nawait f();",
        ["!1"],
    ),
    "bindings of the module": ("await env.KV.put('a', 'b');", ["!1"]),
    "a binding by its key": ("await this.env['KV'].put('a', 'b');", ["!1"]),
    "a binding by a constant key": ("const k = 'KV';\nawait this.env[k].put('a', 'b');", ["!2"]),
    "a binding, if there is one": ("await this.env.KV?.put('a', 'b');", ["!1"]),
    "a binding taken out of the Workflow": (
        "const { env: { KV } } = this;\nawait KV.put('a', 'b');",
        ["!2"],
    ),
    "an effect that is given back": ("return this.env.KV.get('x');", ["!1"]),
    "an effect through then": ("await this.env.KV.get('x').then((x) => x);", ["!1"]),
    "an effect held and awaited": ("const p = this.env.KV.get('x');\nawait p;", ["!1"]),
    "an effect among others": (
        "await Promise.all([step.do('a', work), this.env.KV.get('x')]);",
        ["!1"],
    ),
    "effects that are collected": (
        (
            "const jobs = [];\nfor (const k of 'ab') jobs.push(this.env.KV.get(k));\n"
            "await Promise.all(jobs);"
        ),
        ["!2"],
    ),
    "a binding by Reflect": ("await Reflect.apply(env.KV.put, env.KV, ['a', 'b']);", ["!1"]),
    "an effect for each": ("await Promise.all(['a'].map((k) => this.env.KV.get(k)));", ["!1"]),
    "an effect in a function of run": (
        "const load = () =>\n  this.env.KV.get('x');\nawait load();",
        ["!2"],
    ),
    "an effect called at once": (
        "await (async () => {\n  await this.env.KV.put('a', 'b');\n})();",
        ["!2"],
    ),
    "an effect with a type": ("await this.env.KV.get<string>('x');", ["!1"]),
    "a connection that the constructor made": ("await this.db.select();", ["!1"]),
    "a statement held and run": (
        "const q = this.env.DB.prepare('DELETE FROM t');\nawait q.bind(1).run();",
        ["!2"],
    ),
    "a tag of a connection": (
        "const sql = client(this.env.DB);\nawait sql`SELECT 1`;",
        ["!2"],
    ),
    "a chain that begins with the bindings": ("await connect(this.env.DB).select();", ["!1"]),
    "a library": ("await client.send('a');", ["!1"]),
    "a request by another name": ("const get = fetch;\nawait get('https://x.example');", ["!2"]),
    "a request by globalThis": ("await globalThis['fetch']('https://x.example');", ["!1"]),
    "a request called by call": ("await fetch.call(null, 'https://x.example');", ["!1"]),
    "an instance created": ("await this.env.OTHER.create({ params: 1 });", ["!1"]),
    "a sleep of the platform": ("await scheduler.wait(1_000);", ["!1"]),
    "a request gone through": ("for await (const x of this.env.AI.run('m')) work;", ["!1"]),
    "in the constructor's arrow": (
        "const io = { save: async () => {\n  await env.KV.put('a', 'b');\n} };\nawait io.save();",
        ["!2"],
    ),
    # what differs
    "a clock by globalThis": ("const t = globalThis.Date.now();", ["!1"]),
    "a clock by its key": ("const t = Date['now']();", ["!1"]),
    "a clock by a template": ("const t = Date[`now`]();", ["!1"]),
    "a clock in an object": ("const t = tools.now();", ["!1"]),
    "chance by another name": ("const { random: r } = Math;\nif (r() > 0.5) await work;", ["!2"]),
    "chance bound": ("const r = Math.random.bind(Math);\nconst x = r();", ["!2"]),
    "chance by a comma": ("const x = (0, Math.random)();", ["!1"]),
    "chance handed on": ("const x = Array.from({ length: 3 }, Math.random);", ["!1"]),
    "chance of node": ("const x = nodeCrypto.randomInt(5);", ["!1"]),
    "an id of a library made here": (
        "const make = customAlphabet('ab');\nconst x = make();",
        ["!2"],
    ),
    "a clock called as a function": ("const x = Date();", ["!1"]),
    "a clock by a new name": ("const D = Date;\nconst x = new D();", ["!2"]),
    "the Workflow's birth in a name": ("await step.do(`a ${this.born}`, work);", ["!1"]),
    "a getter of the Workflow in a name": ("await step.do(this.id, work);", ["!-4", "!1"]),
    "a getter that reads a binding": ("await this.saved;", ["!-4"]),
    "a function in an object that is called": (
        "const o = { luck: () => Math.random() };\nconst x = o.luck();",
        ["!1"],
    ),
    "a function in an object that another one of it calls": (
        "const o = { a() { return this.b(); }, b() { return Math.random(); } };\nconst x = o.a();",
        ["!1"],
    ),
    "a function in an object that goes on": (
        "const o = { luck: () => Math.random() };\nuse(o);",
        ["!1"],
    ),
    "a function in an object that is called by the language": (
        "const o = { luck: () => Math.random() };\nconst x = o.luck.call(null);",
        ["!1"],
    ),
    "a function in an object, by a name that is worked out": (
        "const o = { luck: () => Math.random() };\nconst x = o[payload.x]();",
        ["!1"],
    ),
    "a getter of an object": ("if (tools.luck > 1) await step.do('a', work);", ["!-7"]),
    "a getter that connects": ("await this.orm.select();", ["!1"]),
    "a clock in a loop's end": ("for (let i = 0; Date.now() < i; i++) await work;", ["!1"]),
    "a clock in what is gone through": ("for (const x of list(Date.now())) await work;", ["!1"]),
    "chance in a case": ("switch (payload.x) {\n  case Math.random(): await work;\n}", ["!2"]),
    "chance before a question mark": ("Math.random() > 0.5 ? await work : null;", ["!1"]),
    "a labelled loop that chance ends": (
        "outer: while (true) {\n  if (Math.random() > 0.5) break outer;\n}",
        ["!2"],
    ),
    "random bytes": ("crypto.getRandomValues(new Uint8Array(4));", ["!1"]),
    # events
    "the event, by a default": ("payload.x ??= 1;", ["!1"]),
    "an item of the event that was found": (
        "const u = payload.items.find((x) => x.id);\nu.done = true;",
        ["!2"],
    ),
    "what the event has, gone through": (
        "for (const [k, v] of Object.entries(payload.map)) v.x = k;",
        ["!1"],
    ),
    "the event's time": ("event.timestamp = new Date(0);", ["!1"]),
    "the event in a callback": ("payload.items.forEach((x) => {\n  x.done = true;\n});", ["!2"]),
    "the event by Reflect": ("Reflect.deleteProperty(payload, 'x');", ["!1"]),
    "a list in the event taken apart": ("const [first] = payload.items;\nfirst.x = 1;", ["!2"]),
    "the event in a helper": (
        "const mark = (p) => {\n  p.done = true;\n};\nmark(event.payload);",
        ["!2"],
    ),
    # races
    "a race by another name": ("const { race } = Promise;\nawait race([payload.x]);", ["!2"]),
    "a race by its key": ("await Promise['race']([step.do('a', work)]);", ["!1"]),
    # steps
    "a step in void": ("void step.do('a', work);", ["!1"]),
    "a step with a type": ("step.do<string>('a', work);", ["!1"]),
    "a step held in a list": ("const all = [step.do('a', work)];", ["!1"]),
    "a step in a text": ("console.log(`${step.do('a', work)}`);", ["!1"]),
    "an event nobody waits for": ("step.waitForEvent('a', { type: 'b' });", ["!1"]),
    # limits
    "a sleep that is none": ("await step.sleep('a', 'a while');", ["!1"]),
    "a sleep by a constant": ("const LONG = '2 years';\nawait step.sleep('a', LONG);", ["!2"]),
    "an event waited for too long": (
        "await step.waitForEvent('a', { type: 'b', timeout: '2 years' });",
        ["!1"],
    ),
    "a name too long": (f"await step.sleep('{'n' * 257}', 1);", ["!1"]),
    "a time-out spread": (
        "const base = { timeout: '1 hour' };\nawait step.do('a', { ...base }, work);",
        ["!1"],
    ),
    "a time-out put together": (
        "const HOUR = 60 * 60 * 1e3;\nawait step.do('a', { timeout: 2 * HOUR }, work);",
        ["!2"],
    ),
    "settings chosen": (
        "const c = payload.x ? { timeout: '1 hour' } : { timeout: 0 };\nstep.do('a', c, work);",
        ["!1", "!1", "!2"],
    ),
}


@pytest.mark.parametrize(("body", "expected"), FOUND.values(), ids=FOUND.keys())
def test_what_breaks_a_rule_is_found(body: str, expected: list[str]) -> None:
    assert ran(body) == expected


KEPT: dict[str, str] = {
    "state of the step's own": (
        "await step.do('a', async () => {\n  const m = new Map(); let n = 0;\n"
        "  for (const x of [1]) { n += x; m.set(x, n); }\n  return [...m.keys()];\n});"
    ),
    "state of a function that a step calls": (
        "const count = (xs) => { let n = 0; const all = [];\n"
        "  xs.forEach((x) => { n += x; all.push(n); }); return all; };\n"
        "await step.do('a', async () => count([1, 2]));"
    ),
    "state that run changes between steps": (
        "let n = 0; const all = []; const s = new Set();\n"
        "const x = await step.do('a', work);\nn += 1; all.push(x); s.add(x); this.queue.push(x);"
    ),
    "a name of the same spelling": (
        "const held = [];\nawait step.do('a', async () => { const held = []; held.push(1); });"
    ),
    "a service that has methods of collections": (
        "await step.do('a', async () => { await this.env.KV.delete('a'); this.db.delete('a'); });"
    ),
    "a caught error that is marked": (
        "await step.do('a', async () => { try { await work(); } catch (e) { e.x = 1; throw e; } });"
    ),
    "variables of the Worker": "const n = Number(this.env.LIMIT); const s = this.env.NAME.trim();",
    "stubs that are collected": (
        "const rooms = [];\nfor (const id of payload.ids) rooms.push(this.env.ROOM.get(id));\n"
        "await step.do('a', () => Promise.all(rooms.map((x) => x.enter())));"
    ),
    "a stub that is not used": (
        "const id = this.env.ROOM.idFromName('a'); const stub = this.env.ROOM.get(id);\n"
        "await step.do('a', async () => stub.enter());"
    ),
    "a function that gives a stub": (
        "const room = () => this.env.ROOM.get(this.env.ROOM.idFromName('a'));\n"
        "await step.do('a', async () => room().enter());"
    ),
    "a getter of a stub": "const room = this.room;\nawait step.do('a', () => room.enter());",
    "functions in an object that only steps call": (
        "const o = { luck: () => Math.random(), put: () => this.env.KV.put('a', 'b') };\n"
        "await step.do('a', async () => this.env.KV.put('x', String(o.luck())));\n"
        "await step.do('b', () => o.put());"
    ),
    "a getter of an object used in a step": (
        "await step.do('a', async () => this.env.KV.put('x', String(tools.luck)));"
    ),
    "a getter used in a step": "await step.do('a', async () => [this.id, await this.saved]);",
    "a digest": (
        "const h = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(payload.x));"
    ),
    "a module taken in late": "const lib = await import('./other');",
    "a clock in a log": "console.log(`at ${Date.now()}`, Math.random());",
    "a clock as the end of a sleep": "await step.sleepUntil('a', new Date(Date.now() + 5));",
    "a clock within a step": "const t = await step.do('t', async () => Date.now());\nif (t) work;",
    "a source that is what a step does": "const x = await step.do('id', crypto.randomUUID);",
    "a date that is made": "const d = new Date(payload.at); const e = new Date(2026, 1, 1);",
    "a local Date": "const f = (Date) => Date.now(); f({ now: () => 1 });",
    "a copy of the event": "const copy = { ...payload }; copy.x = 1; delete copy.y;",
    "what is left of the event": "const { secret, ...rest } = payload; rest.x = 1;",
    "a number of the event": "let { n } = payload; n += 1;",
    "a sorted copy": "const xs = payload.items.toSorted(); const ys = [...payload.items].sort();",
    "what is made of the event": (
        "const xs = payload.items.filter((x) => x.ok); xs.push(1); const ys = xs.map((x) => x.id);"
    ),
    "steps with types": (
        "const a = await step.do<string>('a', work);\n"
        "const b = await step.waitForEvent<Decision>('b', { type: 'c', timeout: '7 days' });"
    ),
    "steps one after the other": (
        "for (const x of payload.items) await step.do(`a ${x}`, work);\n"
        "const all = []; for (const x of payload.items) all.push(step.do(`b ${x}`, work));\n"
        "await Promise.all(all);"
    ),
    "a step through a helper": (
        "const twice = async (name: string) => { await step.do(name, work); };\nawait twice('a');"
    ),
    "a race in a step": ("await step.do('a', () => Promise.race([work(), this.env.KV.get('y')]));"),
    "a sleep in a step": (
        "await step.do('a', async () => { await new Promise((r) => setTimeout(r, 5)); });"
    ),
    "half an hour": "await step.do('a', { timeout: 30 * 60 * 1000 }, work);",
    "settings that nobody can read": "await step.do('a', payload.config, work);",
    "an undo": (
        "await step.do('a', work, { rollback: async () => { await env.KV.delete('a'); } });"
    ),
    "code that is never reached": "if (false) { await this.env.KV.put('a', 'b'); Math.random(); }",
    "a set of a library made in a step": (
        "await step.do('a', async () => { const b = client.batch(); b.set(1); await b.send(); });"
    ),
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT.keys())
def test_what_breaks_no_rule_is_left_alone(body: str) -> None:
    assert ran(body) == []


UNPROVEN: dict[str, tuple[str, list[str]]] = {
    "a step handed to code that is not there": ("await client.drive(step);", ["?1"]),
    "a step in who knows what": ("client.hold({ step });", ["?1"]),
    "a step by a name that only running tells": ("await step[payload.how]('x', work);", ["?1"]),
    "something awaited that the event brings": ("await payload.run();", ["?1"]),
    "a step that does one of two things": (
        "await step.do('a', payload.x ? async () => 1 : async () => 2);",
        ["?1"],
    ),
    "a step that does what a function makes": (
        "const make = (f) => f;\nawait step.do('a', make(async () => 1));",
        ["?2"],
    ),
    "all bindings, one by one": (
        "for (const [k, b] of Object.entries(this.env)) await b.put(k, 'b');",
        ["?1"],
    ),
    "a method of an object": (
        "class S { async go() { await env.KV.put('a', 'b'); } }\nawait new S().go();",
        ["?2"],
    ),
    "a function of the whole world": ("await globalThis.save('a');", ["?1"]),
    "a method that nobody has": ("await this.mystery();", ["?1"]),
    "a step taken apart": ("const { do: make } = step;\nmake('a', async () => 1);", ["?1"]),
    "a step given to who knows": ("client.register(step.do('a', work));", ["?1"]),
}


@pytest.mark.parametrize(("body", "expected"), UNPROVEN.values(), ids=UNPROVEN.keys())
def test_what_cannot_be_followed_is_unproven(body: str, expected: list[str]) -> None:
    assert ran(body) == expected


FLOATS = "s.do('a', async () => 1);"
WHOLE: dict[str, tuple[str, list[str]]] = {
    "a run in a field": (
        (
            "export class P extends WorkflowEntrypoint { run = async (e, s) => {\n"
            f"{FLOATS}\nawait s.do('b', async () => {{ this.x = 1; }}); }}; }}"
        ),
        ["!3", "!4"],
    ),
    "a run without types, by a namespace": (
        (
            "import * as cf from 'cloudflare:workers';\n"
            "export class P extends cf.WorkflowEntrypoint { async run(e, s) {\n"
            f"{FLOATS}\nawait cf.env.KV.put('a', 'b'); }} }}"
        ),
        ["!4", "!5"],
    ),
    "a mixin": (
        (
            "const M = (B) => class extends B { async run(e, s) {\n"
            f"{FLOATS} }} }};\nexport class P extends M(WorkflowEntrypoint) {{}}"
        ),
        ["!3"],
    ),
    "names written with escapes": (
        (
            "export class P extends WorkflowEntrypoint { async run(e, st\\u0065p) {\n"
            "step.d\\u006f('a', async () => 1);\nD\\u0061te.now(); } }"
        ),
        ["!3", "!4"],
    ),
    "what types only see": (
        (
            "export class P extends WorkflowEntrypoint<Env> { async run(e: any, s: Step) {\n"
            "(s as any).do('a', async () => 1);\n(<any>e).payload!.x = 1;\n"
            "await (this.env as Env).KV.put('a', 'b'); } }"
        ),
        ["!3", "!4", "!5"],
    ),
    "an event taken apart": (
        (
            "export class P extends WorkflowEntrypoint { async run({ payload: { items } }, s) {\n"
            "items.push(1);\nawait s.do('a', async () => { items.sort(); }); } }"
        ),
        ["!3", "!4"],
    ),
    "a step kept by the Workflow": (
        (
            "export class P extends WorkflowEntrypoint { async run(e, s) { this.s = s; this.go(); }"
            "\nasync go() { this.s.do('a', async () => { this.n = 1; }); } }"
        ),
        ["!3", "!3"],
    ),
    "a binding kept by the constructor": (
        (
            "export class P extends WorkflowEntrypoint { constructor(c, env) { super(c, env);\n"
            "this.kv = env.KV; }\n#own = this.env.KV;\nasync run(e, s) {\n"
            "await this.kv.get('a');\nthis.#own.put('a', 'b'); } }"
        ),
        ["!6", "!7"],
    ),
    "a step taken apart by the parameters": (
        "export class P extends WorkflowEntrypoint { async run(e, { do: go }) {\ngo('a', x); } }",
        ["?2"],
    ),
    "a step that is wrapped": (
        (
            "export class P extends WorkflowEntrypoint { async run(e, s) {\n"
            f"const p = new Proxy(s, {{}});\np.{FLOATS[2:]} }} }}"
        ),
        ["?3"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), WHOLE.values(), ids=WHOLE.keys())
def test_workflows_of_every_form_are_judged(text: str, expected: list[str]) -> None:
    head = 'import { WorkflowEntrypoint } from "cloudflare:workers";\n'

    assert told({"src/pipeline.ts": head + text}) == expected


def test_functions_of_other_files_are_followed() -> None:
    others = {
        "src/io.ts": (
            "import { drizzle } from 'drizzle-orm/d1';\n"
            "export { randomUUID as fresh } from 'node:crypto';\n"
            "export const STARTED = Date.now();\n"
            "export const open = (env) => drizzle(env.DB);\n"
            "export async function log(db, text) {\n  await db.insert('log').values({ text });\n}\n"
        )
    }
    text = HEAD.replace("import client", "import * as io from './io';\nimport client")
    text += "const db = io.open(this.env);\nawait io.log(db, 'a');\nconst id = io.fresh();\n"
    text += "if (io.STARTED > 5) await work;"

    found = told({"src/pipeline.ts": text + TAIL, **others})

    assert found == ["!6", f"!{BODY + 3}", f"!{BODY + 4}"]


def test_advice_is_a_note_and_breaks_nothing() -> None:
    text = HEAD + "await step.do('a', work);\nawait step.do('a', work);" + TAIL

    said = tuple(observations(Snapshot.of("head", {"src/pipeline.ts": text}), judged=False))

    notes = [each.says for each in said if isinstance(each, Note)]
    assert notes == [
        f"advice: src/pipeline.ts:{BODY + 1}: a step called `a` is made on line {BODY} already"
    ]
    assert not [each for each in said if isinstance(each, Finding | Doubt)]


@pytest.mark.parametrize(
    "body",
    [
        "if (payload.x) await step.do('a', work);\nelse await step.do('a', work);",
        "if (payload.x) { await step.do('a', work); return 1; }\nawait step.do('a', work);",
    ],
    ids=["two ways of one choice", "one way that ends"],
)
def test_one_name_of_two_steps_of_which_only_one_is_taken_is_no_advice(body: str) -> None:
    assert ran(body, judged=True) == []


def test_tests_are_not_judged() -> None:
    assert told({"tests/pipeline.test.ts": HEAD + "step.do('a', work);" + TAIL}) == []


ALIASES = "".join(f"const e{n + 1} = e{n}; " for n in range(500))
GETTERS = "".join(f"  get g{n}() {{ return this.g{n + 1}; }}\n" for n in range(500))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "await step.do('a', work);" * 6_000 + TAIL,
        HEAD + "const f = " + "(() => " * 300 + "1" + ")" * 300 + ";\nawait f();" + TAIL,
        HEAD + "x = " + "a || " * 5_000 + "b;" + "await x();" + TAIL,
        HEAD + "await " + "a.b()." * 4_000 + "c();" + TAIL,
        HEAD
        + "".join(f"const x{n} = x{n + 1} ?? x{n + 1}; " for n in range(1_000))
        + "x0();"
        + TAIL,
        HEAD + "const e0 = payload; " + ALIASES + "e500.x = 1;" + TAIL,
        HEAD.replace("  get id", GETTERS + "  get id") + "this.g0;" + TAIL,
    ],
    ids=[
        *("many steps", "nested functions", "a long choice", "a long chain", "many names"),
        *("many aliases", "many getters"),
    ],
)
def test_a_run_that_is_far_too_long_takes_no_time(text: str) -> None:
    began = time.monotonic()

    told({"src/pipeline.ts": text})

    assert time.monotonic() - began < 60
