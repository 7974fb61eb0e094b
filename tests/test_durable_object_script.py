"""durable-object-used on scripts: what is found and kept, and that a preview says the same."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Deferred, Doubt, Examined, Finding, Note, Observation, Snapshot, holds
from gatekeeper.finding import fingerprints
from gatekeeper.registry import load_rules
from gatekeeper.snapshot import LINK, Entry, blob_id
from gatekeeper_rules.code._durable_objects_in_script import observations
from gatekeeper_rules.code._durable_packages import PACKAGES, READ
from gatekeeper_rules.code._durable_script_search import MOST_FILES
from gatekeeper_rules.code._script_candidates import NEEDLES, can_matter
from gatekeeper_rules.code.durable_object_used import RULE, Include, Options
from tests.cases import case_of

Files = Mapping[str, str]


def observed(
    files: Mapping[str, bytes | str], focus: frozenset[str] | None = None
) -> list[Observation]:
    return list(observations(Snapshot.of("head", files), focus=focus))


def found(text: str, path: str = "src/index.ts") -> list[int]:
    """The lines on which something is found in one file."""
    said = observed({path: text})
    return sorted({each.line or 0 for each in said if isinstance(each, Finding)})


IMPORT = 'import { DurableObject } from "cloudflare:workers";\n'

FOUND = {
    "a specifier in backquotes": (
        "const cf = await import(`cloudflare:workers`);\ncf.DurableObject;"
    ),
    "a specifier with an escape": (
        'import * as cf from "cloudflare\\x3aworkers";\ncf.DurableObject;'
    ),
    "a package with a backslash that says nothing": (
        'import { Agent } from "ag\\ents";\nexport class Room extends Agent {}'
    ),
    "a package over two lines": (
        'import { Server } from "party\\\nserver"; export class Room extends Server {}'
    ),
    "a package with a letter in octal digits": (
        'const { Agent } = require("\\141gents");\nexports.Room = class extends Agent {};'
    ),
    "a method of a namespace with backslashes that say nothing": (
        'export default { fetch(request, env) {\n  env.ROOMS["id\\From\\N\\ame"]("a"); } };'
    ),
    "a specifier with a backslash that says nothing": (
        'import * as cf from "cloudfl\\are\\:workers";\ncf["Durable\\Object"];'
    ),
    "a specifier that goes on in the next line": (
        'const cf = await import("cloudflare\\\n:workers"); cf["Durable" + "Object"];'
    ),
    "a specifier with a long escape": (
        'import * as cf from "cloudflare\\u{00000003a}workers";\ncf["\\u{000000044}urableObject"];'
    ),
    "pieces in templates": (
        'const cf = await import(`cloud${"flare:"}workers`);\ncf[`Durable${"Object"}`];'
    ),
    "pieces behind a space": (
        'const cf = await import ("cloudflare" + ":workers");\ncf["Durable" + "Object"];'
    ),
    "pieces behind a comment": (
        'const cf = await import/**/("cloudflare" + ":workers");\ncf["Durable" + "Object"];'
    ),
    "pieces for a require that may not be there": (
        'const cf = require?.("cloudflare" + ":workers");\ncf["Durable" + "Object"];'
    ),
    "a specifier in pieces": (
        'const cf = await import("cloudflare" + ":workers");\ncf["Durable" + "Object"];'
    ),
    "a specifier in other pieces": (
        'const c = "cloud".concat("flare:", "workers");\n(await import(c)).DurableObject;'
    ),
    "a comment in the import": (
        'import /* x */ * as cf from /* y */ "cloudflare:workers";\ncf.DurableObject;'
    ),
    "a name with an escape": 'import * as cf from "cloudflare:workers";\ncf.Durable\\u{4f}bject;',
    "a name from character codes": (
        'import * as cf from "cloudflare:workers";\ncf[String.fromCharCode(68) + `urableObject`];'
    ),
    "a name by Reflect": (
        'import * as cf from "cloudflare:workers";\nReflect.get(cf, "DurableObject");'
    ),
    "a name that an enumeration holds": (
        'import * as cf from "cloudflare:workers"; const enum N { D = "DurableObject" }\ncf[N.D];'
    ),
    "the module of the process": (
        "\nprocess.getBuiltinModule('cloudflare:workers').DurableObject;"
    ),
    "a global object": "\nglobalThis.DurableObjectNamespace;",
    "code in a string": "\neval('import(\"cloudflare:workers\").then(m => m.DurableObject)');",
    "a type argument": "\nconst x = new Map<string, DurableObjectStub<Room>>();",
    "a type guard": "\nfunction f(x: unknown): x is DurableObjectId { return true }",
    "a type of a module": '\ntype D = import("cloudflare:workers").DurableObject;',
    "a cast": "\nconst id = x as unknown as DurableObjectId;",
    "a type behind satisfies": "\nconst x = {} satisfies DurableObjectGetAlarmOptions;",
    "a type that says nothing of itself": "\nfunction f(sql: SqlStorage) {}",
    "a condition": "\nif (x instanceof DurableObjectThing) {}",
    "a namespace of Hono": "\napp.get('/', c => c.env.ROOMS.idFromString(c.req.param('id')));",
    "a namespace that is taken apart": "\nconst { ROOMS } = env; ROOMS.newUniqueId();",
    "a namespace behind brackets": "\n(env['ROOMS'] as any).getByName('x');",
    "an optional call": "\nenv.ROOMS?.idFromName?.('x');",
    "a storage that is taken apart": (
        f"{IMPORT.strip()}\nconst {{ storage }} = ctx; storage.setAlarm(1);"
    ),
    "a handler in an object": "\nconst handlers = { webSocketMessage(ws) {} };",
    "a test's tool": (
        'import { x } from "y";\nimport { runInDurableObject } from "cloudflare:test";'
    ),
    "durable SQLite": '\nimport { drizzle } from "drizzle-orm/durable-sqlite";',
    "exports of the platform": (
        f'{IMPORT.strip()} import {{ exports }} from "cloudflare:workers"; '
        f"class Room extends DurableObject {{}}\n"
        "exports.Room.get(id);"
    ),
}


@pytest.mark.parametrize("form", FOUND)
def test_a_durable_object_is_found_on_the_second_line(form: str) -> None:
    assert 2 in found(FOUND[form])


@pytest.mark.parametrize("module", PACKAGES)
def test_what_a_package_brings_is_found(module: str) -> None:
    name = min(PACKAGES[module] or {"anything"})

    assert [1] == found(f"import {{ {name} }} from '{module}';\n")


def test_the_page_tells_each_package_and_the_version_that_was_read() -> None:
    path = load_rules()[RULE.name].page
    page = path.read_text(encoding="utf-8") if path else ""

    assert [] == [each.name for each in READ if f"| `{each.name}` | {each.version} |" not in page]


# Facts of @cloudflare/workers-types 5: every name that is there for Durable Objects alone.
TYPES = (
    *("DurableObjectNamespace", "DurableObjectStub", "DurableObjectId", "DurableObjectState"),
    *("DurableObjectStorage", "DurableObjectTransaction", "DurableObjectJurisdiction"),
    *("DurableObjectLocationHint", "DurableObjectNamespaceNewUniqueIdOptions"),
    *("DurableObjectClass", "DurableObjectRetryOptions", "DurableObjectRoutingMode"),
    *("DurableObjectAbortOptions", "DurableObjectListOptions", "DurableObjectFacets"),
    *("DurableObjectSnapshot", "SqlStorage", "SqlStorageCursor", "SyncKvStorage"),
    *("WebSocketRequestResponsePair", "Rpc.DurableObjectBranded"),
    *("LoopbackDurableObjectNamespace", "LoopbackDurableObjectClass"),
)
STATE = (
    *("blockConcurrencyWhile", "acceptWebSocket", "getWebSockets", "setWebSocketAutoResponse"),
    *("getWebSocketAutoResponse", "getWebSocketAutoResponseTimestamp", "onNextSessionRestore"),
    *("setHibernatableWebSocketEventTimeout", "getHibernatableWebSocketEventTimeout"),
    *("storage.setAlarm", "storage.getAlarm", "storage.deleteAlarm", "storage.transactionSync"),
    *("storage.getBookmarkForTime", "storage.onNextSessionRestoreBookmark", "storage.sql.exec"),
)
NAMESPACE = ("idFromName", "idFromString", "newUniqueId", "getByName")


def test_every_name_that_only_durable_objects_have_is_found() -> None:
    lines = [
        *(f"let a: {name};" for name in TYPES),
        *(f"export function f(ctx) {{ ctx.{name}(x); }}" for name in STATE),
        *(f"export const g = (env) => env.ROOMS.{name}(x);" for name in NAMESPACE),
    ]

    files = {f"{number}.ts": line for number, line in enumerate(lines)}
    silent = files.keys() - {each.path for each in observed(files) if isinstance(each, Finding)}
    assert [] == [files[path] for path in silent]


KEPT = {
    "what else a package brings": (
        'import { createMcpHandler } from "agents/mcp/server";'
        'import { useAgent } from "agents/react";'
        'import { withSentry } from "@sentry/cloudflare"; import { drizzle } from "drizzle-orm/d1";'
    ),
    "comments and strings": '// DurableObject\nconst x = "DurableObject"; /* cloudflare:workers */',
    "the rest of the platform": (
        'import { WorkerEntrypoint, env } from "cloudflare:workers";\n'
        "export default class extends WorkerEntrypoint { fetch() { return env.KV.get('x') } }"
    ),
    "a module of the platform for Workflows": (
        'import { NonRetryableError } from "cloudflare:workflows";'
    ),
    "a class of its own": "class DurableObject {}\nclass A extends DurableObject {}",
    "a type of its own": "interface DurableObjectRow { id: string }\nlet x: DurableObjectRow;",
    "a constant of its own": "const DurableObjectList = [1];\nDurableObjectList.map(String);",
    "a member of that name": "const api = { idFromName: (n: string) => n };\napi.idFromName('x');",
    "another's storage": "const store = createStore();\nstore.state.storage.set('a', 1);",
    "a browser's storage": "chrome.storage.local.get('x'); localStorage.getItem('y');",
    "another part of a package": 'import { useAgent } from "agents/react"; useAgent();',
    "a package that is called alike": 'import { Agent } from "agents-of-others"; new Agent();',
    "an import that is handled alike": 'import { Server } from "http"; class S extends Server {}',
    "a key": "const words = { DurableObject: 1, 'cloudflare:workers': 2 };",
    "JSX": "const page = <p>DurableObject</p>;",
}


@pytest.mark.parametrize("form", KEPT)
def test_what_is_no_durable_object_is_kept(form: str) -> None:
    said = observed({"src/index.tsx": KEPT[form]})

    assert [] == [each for each in said if isinstance(each, Finding | Doubt)]


UNREADABLE: dict[str, bytes] = {
    "UTF-16": IMPORT.encode("utf-16"),
    "a NUL byte": IMPORT.encode() + b"\0",
    "bytes that are no UTF-8": IMPORT.encode() + b"'\xff'",
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "a bundle of five megabytes": IMPORT.encode() + b"a();" * 1_250_000,
    "what its grammar does not know": b"const = ;" + IMPORT.encode(),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_a_script_that_matters_and_cannot_be_read_is_in_doubt(fault: str) -> None:
    said = observed({"src/index.ts": UNREADABLE[fault]})

    assert ["src/index.ts"] == [each.path for each in said if isinstance(each, Doubt)]


def test_a_script_with_errors_is_looked_at_all_the_same() -> None:
    assert [2] == found(f"const = ;\n{IMPORT}")


def test_errors_in_a_script_that_cannot_matter_are_nothing() -> None:
    said = observed({"src/index.ts": "const = ;\nexport {};"})

    assert [] == [each for each in said if isinstance(each, Doubt)]


DOUBTFUL = {
    "a name that only running tells": "cf[name];",
    "the module handed on": "register(cf);",
    "the module listed": "Object.keys(cf);",
}


@pytest.mark.parametrize("form", DOUBTFUL)
def test_where_the_module_gets_out_of_sight_is_in_doubt(form: str) -> None:
    text = f'import * as cf from "cloudflare:workers";\n{DOUBTFUL[form]}'

    assert [2] == [each.line for each in observed({"a.ts": text}) if isinstance(each, Doubt)]


def test_a_configuration_that_cannot_be_read_leaves_imports_in_doubt() -> None:
    files = {"a.ts": 'import { env } from "cloudflare:workers"; import "x";', "tsconfig.json": "{"}
    files["b.ts"] = 'import * as a from "@/a"; export * from "cloudflare:workers";'

    said = observed(files)

    assert ["tsconfig.json"] == [each.path for each in said if isinstance(each, Doubt)]


def test_a_link_that_leads_nowhere_is_in_doubt() -> None:
    target = b"../gone.ts"
    snapshot = Snapshot.of("head", {"a.ts": ""})
    oid = blob_id(target)
    entries = {**snapshot.entries, "b.ts": Entry(LINK, oid)}
    linked = Snapshot("head", entries, {**snapshot.blobs, oid: target})

    said = list(observations(linked))

    assert ["b.ts"] == [each.path for each in said if isinstance(each, Doubt)]


ROLES = {
    "a test": ("src/room.test.ts", Include.TESTS),
    "a folder of tests": ("__tests__/room.ts", Include.TESTS),
    "a build": ("dist/room.js", Include.GENERATED),
    "generated types": ("worker-configuration.d.ts", Include.GENERATED),
}


@pytest.mark.parametrize("role", ROLES)
def test_tests_and_generated_scripts_are_judged_where_asked_for(role: str) -> None:
    path, include = ROLES[role]
    snapshot = Snapshot.of("head", {path: IMPORT})

    said = [
        observations(snapshot),
        observations(
            snapshot, tests=include is Include.TESTS, generated=include is Include.GENERATED
        ),
    ]

    assert [0, 1] == [sum(isinstance(each, Finding) for each in every) for every in said]


STARTED = {
    "wrangler's main": {"wrangler.toml": 'name = "a"\nmain = "dist/room.js"\n'},
    "an import": {"src/index.ts": 'import "../dist/room";\n'},
    "an import of an import": {
        "src/index.ts": 'import "../tests/all";\n',
        "tests/all.ts": 'export * from "../dist/room.js";\n',
    },
}


@pytest.mark.parametrize("way", STARTED)
def test_a_generated_script_that_production_runs_is_judged(way: str) -> None:
    said = observed({"dist/room.js": IMPORT, **STARTED[way]})

    assert "dist/room.js" in {each.path for each in said if isinstance(each, Finding)}


def test_scripts_are_counted_and_those_left_out_are_told() -> None:
    said = observed({"a.ts": "", "b.tsx": IMPORT, "c.test.ts": IMPORT, "d.css": ""})

    assert [
        Examined("scripts", 2),
        Examined("scripts parsed", 1),
        Note(
            "scripts not judged: 1 tests (see the option `include`); "
            "Durable Objects are named in c.test.ts, which production does not run"
        ),
    ] == [each for each in said if isinstance(each, Examined | Note)]


def test_a_function_that_is_given_more_than_can_be_followed_comes_to_an_end() -> None:
    calls = " ".join(f"class C{n} {{}} same(C{n});" for n in range(100))

    assert [1] == found(f"{IMPORT}function same(x) {{ return x }} {calls}")


# -- what configuration says of what is exported

ROOMS = '"durable_objects": {"bindings": [{"name": "ROOMS", "class_name": "Room"%s}]}'
PLAIN = "export class Room {}"

NAMED: Mapping[str, tuple[Files, set[str]]] = {
    "a class that is bound": (
        {"wrangler.json": f'{{"main": "a.ts", {ROOMS % ""}}}', "a.ts": PLAIN},
        {"a.ts"},
    ),
    "a class that a container runs": (
        {
            "wrangler.json": '{"main": "a.ts", "containers": [{"class_name": "Room"}]}',
            "a.ts": PLAIN,
        },
        {"a.ts"},
    ),
    "a class that is declared": (
        {
            "wrangler.json": '{"main": "a.ts", "exports": {"Room": {"type": "durable-object"}}}',
            "a.ts": PLAIN,
        },
        {"a.ts"},
    ),
    "a class that is alive, in an environment": (
        {
            "wrangler.toml": 'main = "a.ts"\n[[env.x.migrations]]\ntag = "1"\n'
            'new_classes = ["Room"]',
            "a.ts": PLAIN,
        },
        {"a.ts"},
    ),
    "a class that is deleted": (
        {
            "wrangler.toml": 'main = "a.ts"\n[[migrations]]\ntag = "1"\ndeleted_classes = ["Room"]',
            "a.ts": PLAIN,
        },
        set(),
    ),
    "a class of another Worker of the repository": (
        {
            "one/wrangler.json": '{"name": "one", "main": "a.ts"}',
            "one/a.ts": PLAIN,
            "two/wrangler.json": '{"name": "two", "main": "b.ts", %s}'
            % (ROOMS % ', "script_name": "one"'),
            "two/b.ts": PLAIN,
        },
        {"one/a.ts"},
    ),
    "a class of another Worker that is not here": (
        {
            "wrangler.json": '{"main": "a.ts", %s}' % (ROOMS % ', "script_name": "far"'),
            "a.ts": PLAIN,
        },
        set(),
    ),
    "a class behind a build": (
        {"wrangler.json": f'{{"main": "dist/a.js", {ROOMS % ""}}}', "src/a.ts": PLAIN},
        {"src/a.ts"},
    ),
    "a class of which nobody says what starts it": (
        {
            "x/wrangler.json": f'{{"main": "made.js", {ROOMS % ""}}}',
            "x/y/a.ts": PLAIN,
            "b.ts": PLAIN,
        },
        {"x/y/a.ts"},
    ),
    "a class that is taken from a package": (
        {
            "wrangler.json": f'{{"main": "a.ts", {ROOMS % ""}}}',
            "a.ts": 'export { default as Room } from "pkg";',
        },
        {"a.ts"},
    ),
    "a class that goes through several files": (
        {
            "wrangler.json": f'{{"main": "a.ts", {ROOMS % ""}}}',
            "a.ts": 'export * from "./b"; export * from "./d";',
            "b.ts": 'import { Inner } from "./c"; export { Inner as Room };',
            "c.ts": "export class Inner {}",
            "d.ts": "export class Other {}",
        },
        {"c.ts"},
    ),
}


@pytest.mark.parametrize("case", NAMED)
def test_a_class_is_found_where_configuration_names_it(case: str) -> None:
    files, expected = NAMED[case]

    assert expected == {each.path for each in observed(files) if isinstance(each, Finding)}


STARTS = '{"main": "a.ts", "compatibility_date": "2026-08-01"}'
OPEN = {
    "a call of a package": 'import { f } from "pkg"; export class Room extends f() {}',
    "a class of a package": 'import { B } from "pkg"; export class Room extends B {}',
    "a class of a package at a distance": (
        'import { B } from "pkg"; class C extends B {} export class Room extends C {}'
    ),
    "a choice": 'import { f } from "pkg"; export class Room extends (x ? Error : f()) {}',
    "a mixin of what is not known": (
        'import { B } from "pkg"; const m = (P) => class extends P {};'
        "export class Room extends m(B) {}"
    ),
    "what nothing defines": "export class Room extends Nothing {}",
    "a default": 'import { B } from "pkg"; export default class extends B {}',
    "a class expression": 'import { B } from "pkg"; export const Room = class extends B {};',
    "what is passed on": 'export { Room } from "pkg";',
    "what is passed on beside a type": 'export { Room } from "pkg"; export type { T } from "pkg";',
}
KEPT_OPEN = {
    "an object with what a package gives": 'import h from "pkg"; export default { ...h };',
    "a class of the platform": (
        'import { WorkerEntrypoint as W } from "cloudflare:workers"; export class A extends W {}'
    ),
    "a class of Node": 'import { Hash } from "node:crypto"; export class A extends Hash {}',
    "a class of JavaScript": "export class A extends Error {} export class B extends A {}",
    "a mixin of what is known": (
        "const m = (P) => class extends P {}; export class A extends m(Error) {}"
    ),
    "what a package that is known brings besides": (
        'import { createMcpHandler } from "agents"; export const Handler = createMcpHandler;'
    ),
    "an interface": 'import { B } from "pkg"; export interface Props extends B {}',
    "a type": 'import type { B as Bee } from "pkg";\nexport type Props = Bee; export { Bee };',
    "a type that is inferred": 'import { z } from "pkg"; export type Props = z.infer<typeof x>;',
    "a constant": 'import { get } from "pkg"; export const LIMIT = get(), app = get();',
    "a schema": 'import { z } from "pkg"; export const Row = z.object({});',
    "a class that is not exported": 'import { B } from "pkg"; class A extends B {}',
}


@pytest.mark.parametrize("form", OPEN)
def test_what_an_entrypoint_exports_and_nobody_can_follow_is_found(form: str) -> None:
    said = observed({"wrangler.json": STARTS, "a.ts": OPEN[form], "b.ts": OPEN[form]})

    told = [each for each in said if isinstance(each, Finding)]
    assert ["a.ts"] == [each.path for each in told]
    assert "cannot be shown not to be a Durable Object" in told[0].message


@pytest.mark.parametrize("form", KEPT_OPEN)
def test_what_an_entrypoint_exports_and_is_something_else_is_kept(form: str) -> None:
    said = observed({"wrangler.json": STARTS, "a.ts": KEPT_OPEN[form]})

    assert [] == [each for each in said if isinstance(each, Finding | Doubt)]


def test_what_a_configuration_that_is_a_script_starts_is_an_entrypoint() -> None:
    said = observed(
        {
            "cloudflare.config.ts": 'import * as entrypoint from "./a";\nexport default {};',
            "a.ts": OPEN["a class of a package"],
        }
    )

    assert ["a.ts"] == [each.path for each in said if isinstance(each, Finding)]


SETTINGS: Mapping[str, tuple[Files, set[tuple[str, int]]]] = {
    "tables instead of calls": (
        {
            "wrangler.config.mts": (
                'export default { env: { A: { type: "durable-object", exportName: "A" } },\n'
                '  exports: { B: { type: "durable-object", state: "deleted" } } };'
            )
        },
        {("wrangler.config.mts", 1)},
    ),
    "the same tables elsewhere": (
        {"a.ts": 'export default { env: { A: { type: "durable-object" } } };'},
        set(),
    ),
    "a call in another file that makes configuration": (
        {
            "deploy.ts": (
                'import { bindings as b } from "@cloudflare/config/public";\n'
                'export const rooms = b.durableObject({ exportName: "Room" });'
            )
        },
        {("deploy.ts", 2)},
    ),
    "options of Miniflare": (
        {
            "dev.mjs": (
                'import { Miniflare } from "miniflare";\nnew Miniflare({\n'
                '  durableObjects: { A: "A" },\n  durableObjectsPersist: true,\n'
                "  unsafeEphemeralDurableObjects: true,\n});"
            )
        },
        {("dev.mjs", 3), ("dev.mjs", 4), ("dev.mjs", 5)},
    ),
    "an option of that name of something else": (
        {"a.ts": 'import { draw } from "charts";\ndraw({ durableObjects: 3, driver: "sqlite" });'},
        set(),
    ),
    "a namespace of Miniflare": (
        {"a.ts": 'export const rooms = (mf) =>\n  mf.getDurableObjectNamespace("ROOMS");'},
        {("a.ts", 2)},
    ),
    "a preset of Nitro": (
        {"nuxt.config.ts": 'export default {\n  nitro: { preset: "cloudflare-durable" } };'},
        {("nuxt.config.ts", 2)},
    ),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_what_a_script_sets_for_a_tool_is_found(case: str) -> None:
    files, expected = SETTINGS[case]

    assert expected == {
        (each.path, each.line or 0) for each in observed(files) if isinstance(each, Finding)
    }


DEFINED = {
    "a name": ("KIND", "cf[KIND];"),
    "a variable of the process": ("process.env.KIND", "cf[process.env.KIND];"),
    "a member of a name": ("build.kind", "cf[build.kind];"),
}


@pytest.mark.parametrize("form", DEFINED)
def test_what_wrangler_defines_is_followed(form: str) -> None:
    key, use = DEFINED[form]
    toml = f"[env.x.define]\n\"{key}\" = '\"DurableObject\"'\nM = '`cloudflare:workers`'"
    script = f"const cf = await import(M);\n{use}"

    said = observed({"wrangler.toml": toml, "a.ts": script})

    assert [2] == [each.line for each in said if isinstance(each, Finding)]


def test_a_class_that_is_known_in_another_file_is_kept() -> None:
    files = {
        "wrangler.json": STARTS,
        "a.ts": 'import { Base } from "./b"; export class A extends Base {}\nexport * from "./d";',
        "b.ts": 'import { Middle } from "./c"; export class Base extends Middle("x") {}',
        "c.ts": 'import * as cf from "cloudflare:workers";\n'
        "export const Middle = (name) => class extends cf.WorkflowEntrypoint {};",
        "d.ts": 'import Inner from "./e"; export class D extends Inner {}',
        "e.ts": "export default class extends Error {}",
    }

    assert [] == [each for each in observed(files) if isinstance(each, Finding | Doubt)]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029"])
def test_a_package_that_a_separator_of_lines_goes_through_is_a_doubt(separator: str) -> None:
    code = f'import {{ Agent }} from "ag\\{separator}ents";\nexport class Room extends Agent {{}}'

    said = observed({"a.ts": code})

    assert [("a.ts", 1)] == [(each.path, each.line) for each in said if isinstance(each, Doubt)]


@pytest.mark.parametrize("name", ["B\\ase", "B\\x61se", "\\\nBase"])
def test_a_class_is_followed_to_who_takes_it_by_a_string(name: str) -> None:
    taking = f'import {{ "{name}" as B }} from "./base";\nexport class Room extends B {{}}\n'
    files = {"base.ts": f"{IMPORT}export class Base extends DurableObject {{}}\n", "b.ts": taking}

    said = observed(files)

    assert {"base.ts", "b.ts"} == {each.path for each in said if isinstance(each, Finding)}


def test_an_entrypoint_that_cannot_be_read_is_a_doubt() -> None:
    files = {"wrangler.json": STARTS, "a.ts": 'export * from "./b";', "b.ts": "export class {{"}

    assert [("b.ts", 1)] == [
        (each.path, each.line) for each in observed(files) if isinstance(each, Doubt)
    ]


def test_what_names_a_package_is_found_and_worth_parsing() -> None:
    said = [f"x = {quote}{name}{quote}" for name in PACKAGES for quote in "'\"`"]
    said += [
        "x.storage . sql",
        "a = 'cloudfl\\are:workers'",
        'a = "ag\\ents"',
        "a = 'party\\\r\nserver'",
        "new Function('clou' + 'dflare:workers')",
    ]
    contents = [each.encode() for each in said]

    assert [] == [each for each in contents if not can_matter(each)]
    assert [] == [each for each in contents if not holds(each, NEEDLES)]


# -- a preview

PATHS = ("a.ts", "b.js", "pkg/index.ts", "pkg/c.tsx", "src/d.mts")
SPECIFIERS = (
    "./a",
    "./b.js",
    "../a",
    "./pkg",
    "../pkg",
    "./pkg/c",
    "./c",
    "../src/d.mjs",
    "x",
    "@/a",
)
NAMES = ("Room", "held", "make", "DurableObject", "x")

specifiers, names = st.sampled_from(SPECIFIERS), st.sampled_from(NAMES)
LINES = st.one_of(
    st.just(IMPORT.strip()),
    st.builds('import {{ DurableObject as {} }} from "cloudflare:workers";'.format, names),
    st.builds('export * from "{}";'.format, specifiers),
    st.builds('export {{ {} as {} }} from "{}";'.format, names, names, specifiers),
    st.builds('import {{ {} as {} }} from "{}";'.format, names, names, specifiers),
    st.builds('import * as {} from "{}";'.format, names, specifiers),
    st.builds('import {} from "{}";'.format, names, specifiers),
    st.builds('const {{ {} }} = require("{}");'.format, names, specifiers),
    st.builds("export {{ {} as {} }};".format, names, names),
    st.builds("export default {};".format, names),
    st.builds("var {} = {};".format, names, names),
    st.builds("export class {} extends {} {{}}".format, names, names),
    st.builds("class {} extends {}.{} {{}}".format, names, names, names),
    st.builds("class {} extends {}({}) {{}}".format, names, names, names),
    st.builds("function {}(x) {{ return class extends x {{}} }}".format, names),
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)
FILES = st.fixed_dictionaries(dict.fromkeys(PATHS, TEXTS)).map(
    lambda files: {
        **files,
        "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}',
        "wrangler.json": '{"main": "a.ts", "migrations": [{"tag": "1", "new_classes": ["held"]}]}',
    }
)


def said_of(files: Files, focus: frozenset[str] | None = None) -> dict[str, Finding]:
    """The findings in the focus, by what they are known by."""
    said = [each for each in observed(files, focus) if isinstance(each, Finding)]
    return dict(fingerprints(RULE.name, said))


@given(files=FILES, focus=st.frozensets(st.sampled_from(PATHS), min_size=1))
@settings(max_examples=60, deadline=None)
def test_what_is_said_of_all_is_said_of_a_focus(files: Files, focus: frozenset[str]) -> None:
    judged = {key for key, each in said_of(files).items() if each.path in focus}

    # Names that nothing defines end in an error when they are run; a preview may tell more.
    assert judged <= said_of(files, focus).keys()


@given(before=FILES, changes=st.dictionaries(st.sampled_from(PATHS), TEXTS, min_size=1, max_size=2))
@settings(max_examples=60, deadline=None)
def test_a_change_that_concerns_nothing_adds_no_finding_to_its_files(
    before: Files, changes: Files
) -> None:
    after = {**before, **changes}
    case = case_of(before, after, Options())
    known = said_of(before)
    added = [each for key, each in said_of(after).items() if key not in known]

    assert RULE.concerns is not None
    assert RULE.concerns(case) or not any(each.path in changes for each in added)


def test_imports_that_go_too_far_for_a_hook_are_left_to_ci_and_that_is_said() -> None:
    chain = {f"m{n}.ts": f'export * from "./m{n + 1}";' for n in range(MOST_FILES + 2)}

    said = observed({**chain, "far.ts": 'import "./m0";'}, frozenset({"far.ts"}))

    told = f"imports were followed through {MOST_FILES} scripts; the rest is left to CI"
    assert Deferred(told) in said


def test_a_change_whose_imports_go_too_far_for_a_hook_concerns_the_rule() -> None:
    chain = {f"m{n}.ts": f'export * from "./m{n + 1}";' for n in range(MOST_FILES + 2)}
    files = {**chain, "far.ts": ""}

    case = case_of(files, {**files, "far.ts": 'import "./m0";'}, Options())

    assert RULE.concerns is not None
    assert RULE.concerns(case)


def test_what_workers_elsewhere_export_of_a_staged_script_is_left_to_ci() -> None:
    files = {
        "apps/a/wrangler.toml": 'name = "a"\nmain = "index.ts"\n',
        "apps/a/index.ts": 'export { Room } from "../../lib/room";',
        "lib/room.ts": 'import { Base } from "far";\nexport class Room extends Base {}',
    }

    judged, left = observed(files), observed(files, frozenset({"lib/room.ts"}))

    assert ["lib/room.ts"] == [each.path for each in judged if isinstance(each, Finding)]
    assert Deferred("what Workers in other folders export of the staged scripts is left to CI") in (
        left
    )


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_a_traceback(content: bytes) -> None:
    said = observed({"a.ts": content + b"\n// cloudflare:workers"})

    assert can_matter(content + b"// cloudflare:workers")
    assert Examined("scripts", 1) in said
