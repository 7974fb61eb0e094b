"""A local preview says of staged files what a judgement says of them, and looks at no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from gatekeeper import Deferred, Doubt, Examined, Finding, Observation, Patterns, Snapshot
from gatekeeper.finding import fingerprints
from gatekeeper_rules.code import (
    _workflow_presence,
    _workflow_preview,
    _workflow_safety,
    _workflow_safety_preview,
)
from tests.test_workflow_missing import CONFIGURATION, GOOD, HEAD, PIPELINE, RUN, STEP

Files = Mapping[str, str]
ORCHESTRATION = ("orchestration", Patterns(("src/**",)))

UNAWAITED = RUN + "        work()\n"
BASED = "from pipeline import Pipeline as Base\nclass Nightly(Base):\n"
QUEUE = "import asyncio\nasync def go():\n    asyncio.create_task(go())\n"
RUNS = (
    "import {{ WorkflowEntrypoint }} from 'cloudflare:workers';\n"
    "export class A extends WorkflowEntrypoint {{\nasync run(event, step) {{ {} }}\n}}\n"
)
AWAITED = RUNS.format("await step.do('a', () => fetch('b'));")
UNWAITED = RUNS.format("step.do('a', () => fetch('b'));")
TYPED = "import { WorkflowEntrypoint } from 'cloudflare:workers';\nexport class A extends "


def typed(text: str) -> Files:
    """A service in TypeScript with this as one of its scripts."""
    return {
        "wrangler.toml": CONFIGURATION.replace("main.py", "index.ts").replace("Pipeline", "A"),
        "src/index.ts": "export { A } from './a';\n"
        "export default { fetch: (request, env) => env.PIPELINE.create() };\n",
        "src/a.ts": text,
        "src/go.ts": "export const go = (step) => step.do('a', () => fetch('b'));\n",
    }


def keys(observed: Iterator[Observation]) -> dict[str, Finding]:
    """The findings, by what they are known by."""
    found = [each for each in observed if isinstance(each, Finding)]
    return dict(fingerprints("the rule", found))


def judged(files: Files, focus: frozenset[str] | None) -> list[dict[str, Finding]]:
    """What both rules find, of the whole or in a preview."""
    head = Snapshot.of("head", files)
    if focus is None:
        return [
            keys(_workflow_presence.observations(head, [ORCHESTRATION])),
            keys(_workflow_safety.observations(head, judged=True)),
        ]
    return [
        keys(_workflow_preview.observations(head, [ORCHESTRATION[1]], focus)),
        keys(_workflow_safety_preview.observations(head, focus, judged=True)),
    ]


# Files, which of them are staged, and where a preview finds something of its own accord.
CASES: dict[str, tuple[Files, set[str], set[str]]] = {
    "nothing wrong": (GOOD, {"src/pipeline.py"}, set()),
    "a run without an awaited step": (
        {**GOOD, "src/pipeline.py": UNAWAITED},
        {"src/pipeline.py"},
        {"src/pipeline.py"},
    ),
    "one that is not staged": (
        {**GOOD, "src/pipeline.py": UNAWAITED, "src/a.py": "from workers import Response\n"},
        {"src/a.py"},
        set(),
    ),
    "a run that another class has in its place": (
        {
            **GOOD,
            "src/pipeline.py": UNAWAITED,
            "src/main.py": GOOD["src/main.py"] + "from nightly import Nightly\n",
            "src/nightly.py": BASED + "    async def run(self, event, step):\n"
            "        await step.do('x')(self.work)()\n"
            "    async def work(self):\n        return await self.env.KV.get('x')\n",
        },
        {"src/pipeline.py"},
        set(),
    ),
    "steps in another file": (
        {
            **GOOD,
            "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
            "        from helper import go\n        await go(step, self.env)\n",
            "src/helper.py": "async def go(step, env):\n    @step.do()\n"
            "    async def work():\n        return await env.KV.get('x')\n    await work()\n",
        },
        {"src/pipeline.py"},
        set(),
    ),
    "a base in another file": (
        {
            **GOOD,
            "src/base.py": HEAD.replace("Pipeline", "Base") + "    pass\n",
            "src/pipeline.py": "from base import Base  # no WorkflowEntrypoint\n"
            "class Pipeline(Base):\n    async def run(self, event, step):\n        pass\n",
        },
        {"src/pipeline.py"},
        {"src/pipeline.py"},
    ),
    "a task beside the Workflow": ({**GOOD, "src/old.py": QUEUE}, {"src/old.py"}, {"src/old.py"}),
    "a task beside it that is not staged": ({**GOOD, "src/old.py": QUEUE}, {"src/main.py"}, set()),
    "a task outside of the modules": ({**GOOD, "old.py": QUEUE}, {"old.py"}, set()),
    "a task of a step in another file": (
        {
            **GOOD,
            "src/old.py": QUEUE,
            "src/pipeline.py": HEAD + "    async def run(self, event, step):\n"
            "        from old import go\n        await step.do('go')(go)()\n",
        },
        {"src/old.py"},
        set(),
    ),
    "a task of a step of what extends a Workflow": (
        {
            **GOOD,
            "src/old.py": QUEUE,
            "src/main.py": GOOD["src/main.py"] + "from nightly import Nightly\n",
            "src/nightly.py": BASED + "    async def run(self, event, step):\n"
            "        from old import go\n        await step.do('go')(go)()\n",
        },
        {"src/old.py"},
        set(),
    ),
    "a binding that is dropped": (
        {**GOOD, "wrangler.toml": CONFIGURATION.rpartition("workflows")[0]},
        {"wrangler.toml"},
        {"wrangler.toml"},
    ),
    "a binding that leads to nothing": (
        {**GOOD, "src/main.py": GOOD["src/main.py"].replace("Pipeline", "run_of")},
        {"src/main.py"},
        {"wrangler.toml"},
    ),
    "an environment that has none": (
        {**GOOD, "wrangler.toml": CONFIGURATION + "[env.staging]\nvars = {}\n"},
        {"wrangler.toml"},
        {"wrangler.toml"},
    ),
    "a wrong import": (
        {**GOOD, "src/pipeline.py": "from workers import NonRetryableError\n" + PIPELINE},
        {"src/pipeline.py"},
        {"src/pipeline.py"},
    ),
    "what run does outside of steps": (
        {
            **GOOD,
            "src/pipeline.py": "import random\n"
            + RUN
            + "        if random.random() > 0.5:\n            await work()\n",
        },
        {"src/pipeline.py"},
        {"src/pipeline.py"},
    ),
    "a file that is no Python": (
        {**GOOD, "src/pipeline.py": "WorkflowEntrypoint (\n"},
        {"src/pipeline.py"},
        set(),
    ),
    "a Workflow in TypeScript that has no run": (
        {**GOOD, "src/a.ts": TYPED + "WorkflowEntrypoint {}\n"},
        {"src/a.ts"},
        {"src/a.ts"},
    ),
    "a run in TypeScript that steps": (typed(AWAITED), {"src/a.ts"}, set()),
    "a run in TypeScript without an awaited step": (
        typed(UNWAITED),
        {"src/a.ts", "src/index.ts"},
        {"src/a.ts"},
    ),
    "one in TypeScript that is not staged": (typed(UNWAITED), {"src/index.ts"}, set()),
    "steps in another script": (
        typed("import { go } from './go';\n" + RUNS.format("await go(step);")),
        {"src/a.ts"},
        set(),
    ),
    "a run in TypeScript that another class has in its place": (
        {
            **typed(UNWAITED),
            "src/b.ts": "import { A as B } from './a';\nexport class C extends B {\n"
            "run(event, step) { return step.do('x', () => fetch('y')); }\n}\n",
        },
        {"src/a.ts"},
        set(),
    ),
    "a base that another script extends": (
        {
            **typed("import { Base } from './b';\nexport class A extends Base { more() {} }\n"),
            "src/b.ts": UNWAITED.replace("class A", "class Base"),
        },
        {"src/a.ts", "src/b.ts"},
        set(),
    ),
    "a wrong import in TypeScript": (
        typed("import { NonRetryableError } from 'cloudflare:workers';\n" + AWAITED),
        {"src/a.ts"},
        {"src/a.ts"},
    ),
}

TS = TYPED + "WorkflowEntrypoint {\n  async run(event, step) {\n"
FLOATING = "    step.do('a', async () => this.env.KV.get('x'));\n  }\n}\n"
EXTENDED = (
    "import { A as B } from './a';\nexport class C extends B {\n  async run(event, step) {\n"
    "    await step.do('a', async () => this.env.KV.get('x'));\n  }\n}\n"
)
SCRIPTS: dict[str, tuple[Files, set[str], set[str]]] = {
    "a step that nobody awaits": ({"src/a.ts": TS + FLOATING}, {"src/a.ts"}, {"src/a.ts"}),
    "a step that nobody awaits, of a Workflow that others name": (
        {
            "src/a.ts": TS + FLOATING,
            "src/b.ts": "export { A } from './a';\nexport class D extends C<A> { }\n",
            "src/c.d.ts": "interface E { W: Workflow<A> }\nclass X { y: A }\n",
        },
        {"src/a.ts"},
        {"src/a.ts"},
    ),
    "one that is not staged": (
        {"src/a.ts": TS + FLOATING, "src/b.ts": "export const x = 1;\n"},
        {"src/b.ts"},
        set(),
    ),
    "a run that another class has in its place": (
        {"src/a.ts": TS + FLOATING, "src/c.ts": EXTENDED},
        {"src/a.ts"},
        set(),
    ),
    "a fault in a file that is not staged": (
        {
            "src/a.ts": "import { go } from './b';\n" + TS + "    await go(this.env);\n  }\n}\n",
            "src/b.ts": "export const go = async (env) => {\n  await env.KV.put('a', 'b');\n};\n",
        },
        {"src/a.ts"},
        set(),
    ),
    "a test": ({"tests/a.test.ts": TS + FLOATING}, {"tests/a.test.ts"}, set()),
    "advice": (
        {"src/a.ts": TS + 2 * "    await step.do('a', async () => 1);\n" + "  }\n}\n"},
        {"src/a.ts"},
        {"src/a.ts"},
    ),
}


@pytest.mark.parametrize(("files", "focus", "expected"), SCRIPTS.values(), ids=SCRIPTS)
def test_a_preview_finds_in_staged_scripts_what_a_judgement_finds_and_nothing_else(
    files: Files, focus: set[str], expected: set[str]
) -> None:
    head = Snapshot.of("head", files)
    whole = keys(_workflow_safety.observations(head, judged=True))
    previewed = keys(_workflow_safety_preview.observations(head, frozenset(focus), judged=True))

    assert expected == {each.path for each in previewed.values()}
    assert previewed.keys() <= whole.keys()


def test_a_preview_of_scripts_that_lead_too_far_is_left_to_ci() -> None:
    others = {f"src/x{n}.ts": f"export {{ A }} from './x{n + 1}';\n" for n in range(250)}
    based = "import { A as B } from './x0';\nexport class C extends B {}\n"
    head = Snapshot.of("head", {**others, "src/a.ts": based + TS + FLOATING})

    said = list(_workflow_safety_preview.observations(head, frozenset({"src/a.ts"}), judged=True))

    assert [2, 0] == [sum(isinstance(each, kind) for each in said) for kind in (Deferred, Finding)]


@pytest.mark.parametrize(("files", "focus", "expected"), CASES.values(), ids=CASES)
def test_a_preview_finds_in_staged_files_what_a_judgement_finds_and_nothing_else(
    files: Files, focus: set[str], expected: set[str]
) -> None:
    whole = judged(files, None)
    previewed = judged(files, frozenset(focus))

    found = {each.path for rule in previewed for each in rule.values()}
    assert expected == found
    assert all(held.keys() <= known.keys() for held, known in zip(previewed, whole, strict=True))


PIECES = {
    "src/pipeline.py": (
        PIPELINE,
        UNAWAITED,
        RUN,
        "from base import Pipeline\n",
        "from old import go\n" + RUN + "        await step.do('go')(go)()\n",
        "import base\n" + HEAD.replace("WorkflowEntrypoint)", "base.Pipeline)") + STEP[8:],
        "x = 1\n",
    ),
    "src/base.py": (
        PIPELINE,
        "from pipeline import *\nclass A(Pipeline): pass\n",
        HEAD + "    x=1\n",
    ),
    "src/old.py": (
        QUEUE,
        "from base import create_task\ncreate_task(1)\n",
        "from asyncio import *\nfrom base import *\nfrom queue import Queue\nqueue = Queue()\n",
    ),
    "src/main.py": (GOOD["src/main.py"], "from base import Pipeline\n", "import pipeline\n"),
    "wrangler.toml": (
        CONFIGURATION,
        CONFIGURATION + "[env.staging]\nvars = {}\n",
        CONFIGURATION.rpartition("workflows")[0],
    ),
}


CALLS = RUNS.format("await go(step);")
TYPED_PIECES = {
    "src/a.ts": (
        AWAITED,
        UNWAITED,
        "import { go } from './go';\n" + CALLS,
        "import { go } from './b';\n" + CALLS,
        "import { A as B } from './b';\nexport class A extends B { run() {} }\n",
        "export { A } from './b';\n",
        TYPED + "Base {}\nimport { A as Base } from './b';\n",
    ),
    "src/b.ts": (
        UNWAITED,
        "import { A as C } from './a';\nexport class A extends C { run = async () => 1 }\n",
        "export * from './go';\n" + AWAITED,
        "export * from './a';\n",
    ),
    "src/go.ts": (
        "export const go = async (step) => { await step.do('a', () => fetch('b')); };\n",
        "export function go(step) { step.do('a', () => fetch('b')); }\n",
        "export * from 'elsewhere';\n",
    ),
    "src/index.ts": (
        "export { A } from './a';\nexport default {};\n",
        "export * from './b';\n",
        "import { A } from './a';\nexport class D extends A {}\n",
    ),
}


def combinations(pieces: Mapping[str, tuple[str, ...]]) -> Iterator[Files]:
    """Every file in turn as each of its pieces, beside two choices of all the others."""
    for path, texts in pieces.items():
        for text in texts:
            for number in (0, 1, 2):
                around = {other: held[number % len(held)] for other, held in pieces.items()}
                yield {**around, path: text}


@pytest.mark.parametrize("pieces", [PIECES, TYPED_PIECES], ids=["Python", "TypeScript"])
def test_whatever_is_beside_it_a_preview_says_nothing_that_a_judgement_does_not(
    pieces: Mapping[str, tuple[str, ...]],
) -> None:
    said = 0
    odd = []
    for files in combinations(pieces):
        whole = judged(files, None)
        for path in files:
            for held, known in zip(judged(files, frozenset({path})), whole, strict=True):
                said += len(held)
                odd += [(files, path, each.message) for k, each in held.items() if k not in known]

    assert [] == odd
    assert said > len(pieces) ** 2


def test_a_preview_reads_what_staged_files_lead_to_and_not_the_repository() -> None:
    others = {f"src/a{n}.py": f"import a{n + 1}\nx = a{n + 1}.x\n" for n in range(300)}
    flows = {
        f"src/flow{n}.py": PIPELINE.replace("Pipeline", f"Flow{n}") + "import a1\n"
        for n in range(30)
    }
    files = {**GOOD, **others, **flows, "src/pipeline.py": "import a0, flow1\n" + PIPELINE}
    head = Snapshot.of("head", files)
    focus = frozenset({"src/pipeline.py", "src/a0.py"})

    for said in (
        list(_workflow_preview.observations(head, [ORCHESTRATION[1]], focus)),
        list(_workflow_safety_preview.observations(head, focus, judged=False)),
    ):
        counted = [
            each.count
            for each in said
            if isinstance(each, Examined) and each.what == "files parsed"
        ]
        assert [True] == [each <= 4 for each in counted]
        assert [] == [each for each in said if isinstance(each, Finding | Doubt)]
        assert 1 == sum(isinstance(each, Deferred) for each in said)
