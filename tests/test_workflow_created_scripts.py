"""Who creates a Workflow in TypeScript: what a Worker runs, and not what only says so."""

from __future__ import annotations

import pytest

from tests.test_workflow_missing import Files, told
from tests.test_workflow_scripts import CONFIGURATION, HEAD, WORK

CREATES = "await env.PIPELINE.create()"
PIPELINE = (
    f"{HEAD}export class Pipeline extends WorkflowEntrypoint {{\n"
    f"run = async (event, step) => {{ await {WORK}; }};\n}}\n"
)
WORKERS = 'import { WorkerEntrypoint } from "cloudflare:workers";\n'


def service(index: str, /, configuration: str = CONFIGURATION, **files: str) -> Files:
    """A Worker whose `main` exports the Workflow and does something; more files by their names."""
    text = f'{index}\nexport {{ Pipeline }} from "./pipeline";\n'
    named = {f"src/{name}.ts": each for name, each in files.items()}
    own = {"wrangler.toml": configuration, "src/index.ts": text, "src/pipeline.ts": PIPELINE}
    return {**own, **named}


def handling(body: str, rest: str = "") -> Files:
    """The service with this in its `fetch`."""
    return service(f"{rest}\nexport default {{ async fetch(request, env, ctx) {{ {body} }} }};")


KEPT: dict[str, Files] = {
    "by a handler": handling(CREATES),
    "many at once": handling("await env.PIPELINE.createBatch([{}])"),
    "beside the answer": handling("ctx.waitUntil(env.PIPELINE.create())"),
    "by an index and a cast": handling('await (env as any)["PIPELINE"]!.create()'),
    "by another name": handling("const flow = env.PIPELINE; await flow?.create()"),
    "taken apart": handling("const { PIPELINE: flow } = env; await flow.create()"),
    "by one of several": handling("for (const flow of [env.PIPELINE, env.B]) await flow.create()"),
    "by a name that is set": handling(
        "let flow; if (ctx) { flow = env.PIPELINE; } await flow.create()"
    ),
    "chosen from an object": handling(
        "const flows = { a: env.PIPELINE, b: env.B }; await flows[request.method].create()"
    ),
    "handed to a function": handling(
        "await start(env.PIPELINE)", "const start = async (flow) => flow.create();"
    ),
    "given back by a function": handling(
        "await chosen(env).create()", "function chosen(env) { return env.PIPELINE; }"
    ),
    "by a function of another file, under another name": service(
        'import { start as go } from "./start";\n'
        "export default { fetch: (request, env) => go(env) };",
        start=f"export async function start(env) {{ {CREATES} }}",
    ),
    "by a pattern of a parameter": service(
        "export default { fetch: (request, { PIPELINE }) => PIPELINE.create() };"
    ),
    "by the platform's env": service(
        'import { env } from "cloudflare:workers";\n'
        "export default { fetch: () => env.PIPELINE.create() };"
    ),
    "by a route": service(
        'import { Hono } from "hono";\nconst app = new Hono();\n'
        'app.post("/", async (c) => c.json(await c.env.PIPELINE.create()));\nexport default app;'
    ),
    "by an entrypoint": service(
        f"{WORKERS}export default class extends WorkerEntrypoint {{ "
        "fetch() { return this.env.PIPELINE.create(); } }"
    ),
    "by another Worker's call of an entrypoint": service(
        f"{WORKERS}export class Api extends WorkerEntrypoint {{ "
        "start() { return this.env.PIPELINE.create(); } }"
    ),
    "beside all that a package exports": service(
        'export * from "other";\nexport default { fetch: (request, env) => env.PIPELINE.create() };'
    ),
    "by a schedule": service(
        "export default {};", CONFIGURATION.replace('" }]', '", schedules = "0 3 * * *" }]')
    ),
}

FOUND: dict[str, Files] = {
    "nobody says it": service("export default {};"),
    "only in a string": handling('return "env.PIPELINE.create()"'),
    "only in a comment": handling("/* env.PIPELINE.create() */"),
    "of another binding": handling("await env.OTHER.create()"),
    "on a dead path": handling(f"if (false) {{ {CREATES} }}"),
    "in a function that nobody calls": handling(
        "return 1", f"async function go(env) {{ {CREATES} }}"
    ),
    "in a function that only such a function calls": handling(
        "return 1", f"async function go(env) {{ {CREATES} }}\nconst also = (env) => go(env);"
    ),
    "in a function that is called on a dead path": handling(
        "return 1; go(env)", f"async function go(env) {{ {CREATES} }}"
    ),
    "in a function that is only imported": service(
        'import { start } from "./start";\nexport default {};',
        start=f"export async function start(env) {{ {CREATES} }}",
    ),
    "in a class that nobody starts": service(
        f"{WORKERS}class Api extends WorkerEntrypoint {{ "
        "fetch() { return this.env.PIPELINE.create(); } }\nexport default {};"
    ),
    "in a class that is exported and extends only one of the repository": service(
        "class Base {}\nexport class Api extends Base { "
        "start(env) { return env.PIPELINE.create(); } }\nexport default {};"
    ),
    "by a test": {**service("export default {};"), "src/a.test.ts": "env.PIPELINE.create()"},
    "under the name that it has elsewhere": {
        **handling(CREATES),
        "wrangler.toml": f"{CONFIGURATION}[env.live]\nworkflows = [\n"
        '{ binding = "FLOW", name = "live", class_name = "Pipeline" },\n]\n',
    },
}

UNPROVEN: dict[str, Files] = {
    "handed to a package": handling(
        "await launch(env.PIPELINE)", 'import { launch } from "launch";'
    ),
    "by an env of its own": handling(
        "await fake.PIPELINE.create()", "const fake = { PIPELINE: { create() {} } };"
    ),
    "by an env that another file makes": service(
        'import { env } from "./env";\nexport default { fetch: () => env.PIPELINE.create() };',
        env="export const env = { PIPELINE: { create() {} } };",
    ),
    "a class that a package wraps": {
        **handling(CREATES),
        "src/index.ts": 'import { traced } from "traced";\n'
        'import { Pipeline as P } from "./pipeline";\nexport const Pipeline = traced(P);\n'
        "export default { fetch: (request, env) => env.PIPELINE.create() };",
    },
    "by a computed name": handling("await env[request.method].create(); env.PIPELINE.get()"),
    "by a script that no Worker is seen to start": service(
        "export default {};", route=f"export const POST = async ({{ env }}) => {{ {CREATES} }};"
    ),
    "code that cannot be read": handling(f"{CREATES} }} foo( {{"),
}


@pytest.mark.parametrize("files", KEPT.values(), ids=KEPT.keys())
def test_a_workflow_that_somebody_creates_is_kept(files: Files) -> None:
    assert told(files) == []


@pytest.mark.parametrize("files", FOUND.values(), ids=FOUND.keys())
def test_a_workflow_that_nobody_creates_is_found(files: Files) -> None:
    assert told(files) == ["! src/pipeline.ts:2"]


@pytest.mark.parametrize("files", UNPROVEN.values(), ids=UNPROVEN.keys())
def test_a_creation_that_cannot_be_seen_is_unproven(files: Files) -> None:
    assert {each[0] for each in told(files)} == {"?"}


EXPORTED_OTHERWISE: dict[str, tuple[str, str]] = {
    "only as a type": ('export type { Pipeline } from "./pipeline";', PIPELINE),
    "only imported": ('import { Pipeline } from "./pipeline";', PIPELINE),
    "a type by another name": (
        'import type { Pipeline } from "./pipeline";\nexport { Pipeline };',
        PIPELINE,
    ),
    "the default": ('export * from "./pipeline";', PIPELINE.replace("export", "export default")),
}


@pytest.mark.parametrize(("index", "pipeline"), EXPORTED_OTHERWISE.values(), ids=EXPORTED_OTHERWISE)
def test_a_class_that_main_does_not_export_is_found(index: str, pipeline: str) -> None:
    files = {**handling(CREATES), "src/pipeline.ts": pipeline}
    text = f"{index}\nexport default {{ fetch: (request, env) => env.PIPELINE.create() }};"

    assert "! src/pipeline.ts:2" in told({**files, "src/index.ts": text})
