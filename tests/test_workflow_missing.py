"""Workflows that are really in use, and those that only look like it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Doubt, Examined, Finding, Snapshot
from gatekeeper.patterns import Patterns
from gatekeeper_rules.code._workflow_presence import observations
from gatekeeper_rules.code.workflow_missing import RULE, Options
from tests.cases import LINK, case_between

Files = Mapping[str, str]

CONFIGURATION = """\
name = "service"
main = "src/main.py"
compatibility_date = "2026-05-01"
workflows = [{ binding = "PIPELINE", name = "pipeline", class_name = "Pipeline" }]
"""
STARTS = """\
from pipeline import Pipeline
from workers import WorkerEntrypoint
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return await self.env.PIPELINE.create({})
"""
STEP = """\
        @step.do("work")
        async def work():
            return await self.env.KV.get("x")
"""
HEAD = "from workers import WorkflowEntrypoint\nclass Pipeline(WorkflowEntrypoint):\n"
RUN = HEAD + "    async def run(self, event, step):\n" + STEP
PIPELINE = RUN + "        return await work()\n"
GOOD = {"wrangler.toml": CONFIGURATION, "src/main.py": STARTS, "src/pipeline.py": PIPELINE}


def told(files: Files, modes: Mapping[str, str] | None = None) -> list[str]:
    """What is found (`!`) and what is unproven (`?`), each with its file and line."""
    said = observations(Snapshot.of("head", files, modes), ())
    found = []
    for each in said:
        if isinstance(each, Finding | Doubt):
            sign = "!" if isinstance(each, Finding) else "?"
            found.append(f"{sign} {each.path}:{each.line}")
    return sorted(found)


def ran(body: str, around: str = "") -> dict[str, str]:
    """The service with another end of `run`."""
    return {**GOOD, "src/pipeline.py": around + RUN + body}


KEPT: dict[str, Files] = {
    "a step that is awaited": GOOD,
    "steps gathered": ran(
        "        await asyncio.gather(*[work() for _ in range(2)])\n", "import asyncio\n"
    ),
    "a step awaited through a name": ran("        task = work()\n        return await task\n"),
    "a task group": ran(
        "        async with asyncio.TaskGroup() as group:\n            group.create_task(work())\n",
        "import asyncio\n",
    ),
    "steps in a list": ran("        for each in [work]:\n            await each()\n"),
    "a step behind a condition": ran("        if event:\n            await work()\n"),
    "a step in a handler": ran(
        "        try:\n            await self.x()\n        except Exception:\n"
        "            await work()\n"
    ),
    "a step of a function that is given": ran(
        "        await step.do('again')(self.other)()\n"
        "    async def other(self):\n        return await self.env.KV.get('y')\n"
    ),
    "a step that another one needs": ran(
        '        @step.do("second")\n        async def second(work):\n'
        "            return None\n        await second()\n"
    ),
    "a helper in another module": {
        **GOOD,
        "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
        "        from helper import go\n        await go(step=step, env=self.env)\n",
        "src/helper.py": "async def go(*, step, env):\n    @step.do()\n"
        "    async def work():\n        return await env.KV.get('x')\n    await work()\n",
    },
    "the step kept on the Workflow": {
        **GOOD,
        "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
        "        self.step = step\n        await self.go()\n"
        "    async def go(self):\n        @self.step.do()\n"
        "        async def work():\n            return await self.env.KV.get('x')\n"
        "        await work()\n",
    },
    "another name in main": {
        **GOOD,
        "wrangler.toml": CONFIGURATION.replace('"Pipeline"', '"Orders"'),
        "src/main.py": STARTS.replace("import Pipeline", "import Pipeline as Orders"),
    },
    "everything of a module": {
        **GOOD,
        "src/main.py": STARTS.replace("import Pipeline", "import *"),
    },
    "a package in between": {
        **GOOD,
        "src/main.py": STARTS.replace("from pipeline", "from flows"),
        "src/flows/__init__.py": "from .pipeline import Pipeline\n",
        "src/flows/pipeline.py": PIPELINE,
        "src/pipeline.py": "",
    },
    "the module under another name": {
        **GOOD,
        "src/pipeline.py": PIPELINE.replace(
            "from workers import WorkflowEntrypoint", "import workers as w"
        ).replace("(WorkflowEntrypoint)", "(w.WorkflowEntrypoint)"),
    },
    "a base for where it cannot be imported": {
        **GOOD,
        "src/pipeline.py": PIPELINE.replace(
            "from workers import WorkflowEntrypoint\n",
            "try:\n    from workers import WorkflowEntrypoint\nexcept ImportError:\n"
            "    class WorkflowEntrypoint: ...\n",
        ),
    },
    "declared in exports": {
        **GOOD,
        "wrangler.toml": 'main = "src/main.py"\n'
        '[exports.Pipeline]\ntype = "workflow"\nname = "p"\n',
        "src/main.py": STARTS.replace("self.env.PIPELINE", "self.ctx.exports.Pipeline"),
    },
    "created by name": {
        **GOOD,
        "src/main.py": STARTS.replace("self.env.PIPELINE", "getattr(self.env, 'PIPELINE')"),
    },
    "created through a name": {
        **GOOD,
        "src/main.py": STARTS.replace(
            "return await self.env.PIPELINE.create({})",
            "held = self.env['PIPELINE']; await held.create_batch([])",
        ),
    },
    "bound and created by another Worker only": {
        **GOOD,
        "wrangler.toml": 'name = "service"\nmain = "src/main.py"\n',
        "src/main.py": "from pipeline import Pipeline\n",
        "door/wrangler.toml": 'name = "door"\nmain = "main.py"\nworkflows = [{ binding = "P", '
        'name = "pipeline", class_name = "Pipeline", script_name = "service" }]\n',
        "door/main.py": STARTS.replace("from pipeline import Pipeline\n", "").replace(
            "PIPELINE", "P"
        ),
    },
    "created by another Worker": {
        **GOOD,
        "src/main.py": "from pipeline import Pipeline\n",
        "door/wrangler.toml": 'name = "door"\nmain = "main.py"\nworkflows = [{ binding = "P", '
        'name = "pipeline", class_name = "Pipeline", script_name = "service" }]\n',
        "door/main.py": STARTS.replace("from pipeline import Pipeline\n", "").replace(
            "PIPELINE", "P"
        ),
    },
}


@pytest.mark.parametrize("files", KEPT.values(), ids=KEPT.keys())
def test_a_workflow_that_is_in_use_is_kept(files: Files) -> None:
    assert told(files) == []


BROKEN: dict[str, tuple[Files, list[str]]] = {
    "return before the step": (
        ran("        return None\n        await work()\n"),
        ["! src/pipeline.py:3"],
    ),
    "both branches return": (
        ran(
            "        if event:\n            return 1\n        else:\n            return 2\n"
            "        await work()\n"
        ),
        ["! src/pipeline.py:3"],
    ),
    "a loop over nothing": (
        ran("        for each in ():\n            await work()\n"),
        ["! src/pipeline.py:3"],
    ),
    "a loop without an end before it": (
        ran("        while True:\n            pass\n        await work()\n"),
        ["! src/pipeline.py:3"],
    ),
    "never by a constant of the module": (
        ran("        if DONE == 1:\n            await work()\n", "DONE = 0\n"),
        ["! src/pipeline.py:4"],
    ),
    "the wrong arm of a choice": (
        ran("        await (work() if False else self.x())\n"),
        ["! src/pipeline.py:3"],
    ),
    "behind what is false": (
        ran("        return False and await work()\n"),
        ["! src/pipeline.py:3"],
    ),
    "after an error": (
        ran("        raise RuntimeError\n        await work()\n"),
        ["! src/pipeline.py:3"],
    ),
    "a task that nobody awaits": (
        ran("        asyncio.create_task(work())\n", "import asyncio\n"),
        ["! src/pipeline.py:4"],
    ),
    "a step that is given back": (ran("        return work()\n"), ["! src/pipeline.py:3"]),
    "a step of nothing": (
        ran("        await step.do('x')(lambda: None)()\n").copy()
        | {
            "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
            "        await step.do('x')(lambda: None)()\n"
        },
        ["! src/pipeline.py:3"],
    ),
    "a step that calls what does nothing": (
        {
            **GOOD,
            "src/pipeline.py": "def noop(): pass\n"
            + HEAD
            + "    async def run(self, event, step):\n"
            "        @step.do()\n        async def x():\n            noop()\n        await x()\n",
        },
        ["! src/pipeline.py:4"],
    ),
    "only sleeps": (
        {
            **GOOD,
            "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
            "        await step.sleep('a', '1 second')\n",
        },
        ["! src/pipeline.py:3"],
    ),
    "another class of the file is bound": (
        {
            **GOOD,
            "src/main.py": STARTS.replace("import Pipeline", "import Other as Pipeline"),
            "src/pipeline.py": PIPELINE + "class Other: pass\n",
        },
        ["! src/pipeline.py:2", "! wrangler.toml:4"],
    ),
    "a module beside main": (
        {**GOOD, "src/main.py": STARTS.replace("from pipeline import Pipeline\n", "")},
        ["! src/pipeline.py:2", "! wrangler.toml:4"],
    ),
    "no configuration": (
        {name: text for name, text in GOOD.items() if name != "wrangler.toml"},
        ["! src/pipeline.py:2"],
    ),
    "a binding without its class": (
        {**GOOD, "wrangler.toml": CONFIGURATION.replace('"Pipeline"', '"Gone"')},
        ["! wrangler.toml:1", "! wrangler.toml:4"],
    ),
    "bound elsewhere": (
        {
            **GOOD,
            "wrangler.toml": CONFIGURATION.replace(
                'class_name = "Pipeline"', 'class_name = "Pipeline", script_name = "other"'
            ),
        },
        ["! wrangler.toml:1"],
    ),
    "nobody creates": (
        {**GOOD, "src/main.py": "from pipeline import Pipeline\n"},
        ["! src/pipeline.py:2"],
    ),
    "created in a file that nothing imports": (
        {
            **GOOD,
            "src/main.py": "from pipeline import Pipeline\n",
            "src/door.py": STARTS,
        },
        ["! src/pipeline.py:2"],
    ),
    "created on a dead path": (
        {
            **GOOD,
            "src/main.py": STARTS.replace("        return", "        return None\n        return"),
        },
        ["! src/pipeline.py:2"],
    ),
    "created by tests only": (
        {
            **GOOD,
            "src/main.py": "from pipeline import Pipeline\n",
            "tests/test_main.py": STARTS,
        },
        ["! src/pipeline.py:2"],
    ),
    "imported for types only": (
        {
            **GOOD,
            "src/main.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
            + STARTS.replace("class", "pass\nclass", 1),
        },
        ["! src/pipeline.py:2", "! wrangler.toml:4"],
    ),
    "an environment that starts another file": (
        {
            **GOOD,
            "wrangler.toml": CONFIGURATION + '[env.production]\nmain = "src/old.py"\n',
            "src/old.py": "print('old')\n",
        },
        ["! wrangler.toml:5"],
    ),
    "a helper that nobody awaits": (
        {
            **GOOD,
            "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
            "        self.go(step)\n    async def go(self, step):\n"
            + STEP
            + "        await work()\n",
        },
        ["! src/pipeline.py:3"],
    ),
    "created by a handler of a class that nothing names": (
        {
            **GOOD,
            "src/main.py": STARTS.replace("Default(WorkerEntrypoint)", "Unused"),
        },
        ["! src/pipeline.py:2"],
    ),
    "a class of the repository in the platform's place": (
        {
            **GOOD,
            "src/pipeline.py": PIPELINE.replace(
                "from workers import WorkflowEntrypoint", "class WorkflowEntrypoint: ..."
            ),
        },
        ["! :None", "! wrangler.toml:4"],
    ),
}


@pytest.mark.parametrize(("files", "places"), BROKEN.values(), ids=BROKEN.keys())
def test_a_workflow_that_is_not_in_use_is_found(files: Files, places: list[str]) -> None:
    assert told(files) == places


UNPROVEN: dict[str, tuple[Files, list[str]]] = {
    "a base that is one of two": (
        {
            **GOOD,
            "src/pipeline.py": PIPELINE.replace(
                "class Pipeline(WorkflowEntrypoint)", "class Pipeline(B)"
            ).replace("class", "import os\nB = WorkflowEntrypoint if os.sep else object\nclass", 1),
        },
        ["? src/pipeline.py:4", "? wrangler.toml:4"],
    ),
    "a base from a library": (
        {
            **GOOD,
            "src/pipeline.py": PIPELINE.replace(
                "from workers import", "from library import"
            ).replace("WorkflowEntrypoint", "Flow"),
        },
        ["? src/pipeline.py:2", "? wrangler.toml:4"],
    ),
    "a Workflow in TypeScript by a mixin of a package": (
        {
            "wrangler.toml": CONFIGURATION.replace("main.py", "index.ts"),
            "src/index.ts": "import { WorkflowEntrypoint } from 'cloudflare:workers';\n"
            "import { traced } from 'tracing';\n"
            "export class Pipeline extends traced(WorkflowEntrypoint) {}\n",
        },
        ["? src/index.ts:3", "? wrangler.toml:4"],
    ),
    "TypeScript that is cut off": (
        {
            "wrangler.toml": CONFIGURATION.replace("main.py", "index.ts"),
            "src/index.ts": "import { WorkflowEntrypoint } from 'cloudflare:workers';\n"
            "export class Pipeline extends WorkflowEntrypoint { async run( {\n",
        },
        ["? src/index.ts:2", "? wrangler.toml:4"],
    ),
    "the platform's module is the repository's": (
        {
            **GOOD,
            "src/workers.py": "class WorkflowEntrypoint: ...\nclass WorkerEntrypoint: ...\n",
        },
        ["? src/pipeline.py:2", "? wrangler.toml:4"],
    ),
    "step handed to a library": (
        {
            **GOOD,
            "src/pipeline.py": "import engine\n" + HEAD + "    async def run(self, event, step):\n"
            "        await engine.run(step)\n",
        },
        ["? src/pipeline.py:5"],
    ),
    "main is not there": (
        {**GOOD, "wrangler.toml": CONFIGURATION.replace("main.py", "built.py")},
        ["? src/pipeline.py:2", "? wrangler.toml:4"],
    ),
    "a file that is no Python": (
        {**GOOD, "src/pipeline.py": "def (  # WorkflowEntrypoint\n"},
        ["? src/pipeline.py:1", "? wrangler.toml:4"],
    ),
    "a configuration that is no JSON": (
        {**GOOD, "wrangler.jsonc": "{"},
        ["? wrangler.jsonc:1"],
    ),
    "handed to a function": (
        {
            **GOOD,
            "src/main.py": STARTS.replace(
                "self.env.PIPELINE.create({})", "start(self.env.PIPELINE)"
            )
            + "async def start(workflow):\n    return await workflow.create({})\n",
        },
        ["? src/pipeline.py:2"],
    ),
    "created in TypeScript": (
        {
            **GOOD,
            "src/main.py": "from pipeline import Pipeline\n",
            "door/index.ts": "await env.PIPELINE.create()",
        },
        ["? src/pipeline.py:2"],
    ),
    "bound by Terraform": (
        {
            **{name: text for name, text in GOOD.items() if name != "wrangler.toml"},
            "infra/main.tf": "",
        },
        ["? src/pipeline.py:2"],
    ),
}


@pytest.mark.parametrize(("files", "places"), UNPROVEN.values(), ids=UNPROVEN.keys())
def test_what_cannot_be_seen_is_unproven(files: Files, places: list[str]) -> None:
    assert told(files) == places


def test_a_link_to_main_is_read_where_it_leads() -> None:
    files = {**GOOD, "src/real.py": STARTS, "src/main.py": "real.py"}

    assert told(files, {"src/main.py": LINK}) == []


def test_the_work_is_counted() -> None:
    said = tuple(observations(Snapshot.of("head", GOOD), ()))

    counted = {each.what: each.count for each in said if isinstance(each, Examined)}
    assert counted == {"python files": 2, "workflows": 1, "environments that deploy": 1}


CONCERNS: dict[str, tuple[Files, bool]] = {
    "a file that says nothing of it": ({"src/other.py": "x = 1\n"}, False),
    "a Workflow": ({"src/other.py": PIPELINE}, True),
    "a Workflow that goes": ({"src/pipeline.py": ""}, True),
    "a creation": ({"src/other.py": "held.create({})\n"}, True),
    "configuration": ({"wrangler.toml": ""}, True),
    "the entrypoint": ({"src/main.py": "from workers import Response\n"}, True),
}


@pytest.mark.parametrize(("written", "expected"), CONCERNS.values(), ids=CONCERNS.keys())
def test_a_preview_asks_about_what_speaks_of_workflows(written: Files, expected: bool) -> None:
    head = Snapshot.of("head", {**GOOD, **written})
    case = case_between(Snapshot.of("base", GOOD), head, Options())

    assert RULE.concerns is not None
    assert RULE.concerns(case) is expected


def test_a_file_that_is_called_like_a_module_of_python_hides_no_task() -> None:
    body = RUN + "        asyncio.create_task(work())\n        return await work()\n"
    files = {
        **GOOD,
        "src/pipeline.py": "import asyncio\n" + body,
        "web/utils/asyncio.py": "A = 1\n",
    }
    named = [("orchestration", Patterns(("src/pipeline.py",)))]

    said = observations(Snapshot.of("head", files, None), named)

    assert [8] == [each.line for each in said if isinstance(each, Finding)]


def test_of_what_a_module_imports_only_what_its_names_lead_to_is_parsed() -> None:
    files = {
        "src/flow.py": "from src.queues import make\nimport src.broken\nheld = make()\n",
        "src/queues.py": "import asyncio\nimport src.far\nmake = asyncio.Queue\n",
        "src/broken.py": "def (\n",
        "src/far.py": "A = 1\n",
    }
    named = [("orchestration", Patterns(("src/flow.py",)))]

    said = tuple(observations(Snapshot.of("head", files), named))

    told = [(each.path, each.line) for each in said if isinstance(each, Finding | Doubt)]
    counted = [each.count for each in said if isinstance(each, Examined)]
    assert ([("src/flow.py", None), ("src/flow.py", 3)], 2) == (told, counted[0])


def test_a_module_whose_names_lead_to_what_cannot_be_read_is_unproven() -> None:
    files = {
        "src/flow.py": "from src.broken import make\nheld = make()\n",
        "src/broken.py": "def (\n",
    }
    named = [("orchestration", Patterns(("src/flow.py",)))]

    said = observations(Snapshot.of("head", files), named)

    assert ["src/broken.py"] == [each.path for each in said if isinstance(each, Doubt)]
