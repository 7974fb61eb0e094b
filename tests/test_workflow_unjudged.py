"""What a binding starts is judged wherever it stands, and what nobody finds is unproven."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Doubt, Finding, NoSubject, Snapshot
from gatekeeper_rules.code._workflow_presence import observations as presence
from gatekeeper_rules.code._workflow_safety import observations as safety

Files = Mapping[str, str]

CONFIGURATION = (
    'name = "s"\nmain = "src/%s"\ncompatibility_date = "2026-05-01"\n'
    'workflows = [{ binding = "FLOW", name = "flow", class_name = "Flow" }]\n'
)
TYPESCRIPT = 'import { WorkflowEntrypoint } from "cloudflare:workers";\n'
FLOATING = "step.do('b', async () => this.env.B.get('x'));"
AWAITED = "await step.do('a', async () => this.env.B.get('x'));"
FETCH = "export default { async fetch(r: any, env: any) { await env.FLOW.create(); } };\n"
PYTHON = "from workers import WorkflowEntrypoint, WorkerEntrypoint\n"
STEP = (
    "        @step.do('a')\n        async def a():\n            return await self.env.B.get('x')\n"
)
HANDLER = (
    "class Default(WorkerEntrypoint):\n    async def fetch(self, request):\n"
    "        await self.env.FLOW.create({})\n"
)


def flow(body: str, name: str = "Flow", base: str = "WorkflowEntrypoint") -> str:
    head = f"export class {name} extends {base}<any, any> {{\n"
    return f"{head}async run(event: any, step: any) {{\n{body}\n}} }}\n"


def python_flow(end: str, name: str = "Flow", base: str = "WorkflowEntrypoint") -> str:
    head = f"class {name}({base}):\n    async def run(self, event, step):\n"
    return f"{head}{STEP}        {end}\n"


def told(files: Files) -> list[str]:
    """What `workflow-step-unsafe` says of a tree: `!` a finding, `?` a doubt, `-` no subject."""
    signs = {Finding: "!", Doubt: "?", NoSubject: "-"}
    said = safety(Snapshot.of("head", files), judged=False)
    places = ((signs.get(type(each)), getattr(each, "path", "")) for each in said)
    return sorted({f"{sign} {path}".rstrip() for sign, path in places if sign})


def taken_from(path: str, specifier: str) -> Files:
    """A Worker in TypeScript whose Workflow, with a step that nobody awaits, stands elsewhere."""
    return {
        "wrangler.toml": CONFIGURATION % "index.ts",
        "src/index.ts": f'export {{ Flow }} from "{specifier}";\n{FETCH}',
        path: TYPESCRIPT + flow(FLOATING),
    }


@pytest.mark.parametrize(
    ("path", "specifier"),
    [
        ("src/flow.ts", "./flow"),
        ("src/tests/flow.ts", "./tests/flow"),
        ("src/flow.spec.ts", "./flow.spec"),
        ("dist/flow.ts", "../dist/flow"),
        ("vendor/flow.ts", "../vendor/flow"),
    ],
)
def test_a_script_is_judged_whatever_its_folder_says(path: str, specifier: str) -> None:
    assert told(taken_from(path, specifier)) == [f"! {path}"]


@pytest.mark.parametrize("module", ["flow", "tests.flow", "test_flow", "conftest"])
def test_a_python_file_is_judged_whatever_it_is_called(module: str) -> None:
    path = f"src/{module.replace('.', '/')}.py"
    files = {
        "wrangler.toml": CONFIGURATION % "main.py",
        "src/main.py": f"{PYTHON}from {module} import Flow\n{HANDLER}",
        path: PYTHON + python_flow("a()"),
    }

    assert told(files) == [f"! {path}"]


BASES: dict[str, Files] = {
    "scripts": {
        "wrangler.toml": CONFIGURATION % "index.ts",
        "src/index.ts": TYPESCRIPT + flow(FLOATING) + flow(AWAITED, "Better", "Flow") + FETCH,
    },
    "python": {
        "wrangler.toml": CONFIGURATION % "main.py",
        "src/main.py": PYTHON
        + python_flow("a()")
        + python_flow("await a()", "Better", "Flow")
        + HANDLER,
    },
}


@pytest.mark.parametrize("files", BASES.values(), ids=BASES.keys())
def test_a_workflow_that_is_bound_is_judged_though_another_class_extends_it(files: Files) -> None:
    main = next(path for path in files if path.startswith("src/"))
    said = presence(Snapshot.of("head", files), ())
    stepless = {each.path for each in said if isinstance(each, Finding) and "steps" in each.message}

    assert ([f"! {main}"], {main}) == (told(files), stepless)


UNKNOWN: dict[str, Files] = {
    "of a package": {
        "wrangler.toml": CONFIGURATION % "index.ts",
        "src/index.ts": f'export {{ Flow }} from "flows";\n{FETCH}',
    },
    "of a package that Python has": {
        "wrangler.toml": CONFIGURATION % "main.py",
        "src/main.py": f"{PYTHON}from flows import Flow\n{HANDLER}",
    },
    "of a file that a build makes": {"wrangler.toml": CONFIGURATION % "../dist/index.js"},
    "of nowhere": {"wrangler.toml": CONFIGURATION.replace('main = "src/%s"\n', "")},
}


@pytest.mark.parametrize("files", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_a_workflow_that_nobody_finds_is_unproven(files: Files) -> None:
    assert told(files) == ["? wrangler.toml"]
