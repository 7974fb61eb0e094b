"""Another `run` in the place of the one that a Workflow shows, and one that nobody begins."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.test_workflow_missing import GOOD, HEAD, PIPELINE, RUN, STARTS, Files, told

DONE = "        return await work()\n"
EMPTY = "async def empty(self, event, step):\n    return None\n"
CONSTRUCTOR = "    def __init__(self, ctx, env):\n        super().__init__(ctx, env)\n"


def made(head: str, end: str = "") -> Files:
    """The service whose Workflow begins and ends otherwise."""
    return {**GOOD, "src/pipeline.py": PIPELINE.replace(HEAD, head) + end}


def with_constructor(line: str) -> Files:
    return made(f"{HEAD}{CONSTRUCTOR}        {line}\n")


IMPORT = "from workers import WorkflowEntrypoint\n"
OTHER = "class Other(WorkflowEntrypoint):\n    async def run(self, event, step):\n        pass\n"
REPLACED: dict[str, Files] = {
    "set on the class": made(HEAD, f"{EMPTY}Pipeline.run = empty\n"),
    "set through another name": made(HEAD, f"{EMPTY}Same = Pipeline\nSame.run = empty\n"),
    "set by setattr": made(HEAD, f"{EMPTY}setattr(Pipeline, 'run', empty)\n"),
    "set by setattr under a name that is put together": made(
        HEAD, f"{EMPTY}setattr(Pipeline, 'r' + 'un', empty)\n"
    ),
    "set in the constructor": with_constructor("self.run = None"),
    "set past the class's own setter": with_constructor("object.__setattr__(self, 'run', None)"),
    "put into the instance's dictionary": with_constructor("self.__dict__['run'] = None"),
    "the instance's dictionary updated": with_constructor("vars(self).update(run=None)"),
    "set on the type of the instance": with_constructor("type(self).run = None"),
    "set when a class extends it": made(
        f"{IMPORT}class Base(WorkflowEntrypoint):\n    def __init_subclass__(cls):\n"
        "        cls.run = None\nclass Pipeline(Base):\n"
    ),
    "a decorator of the class": made(
        f"{IMPORT}def traced(held):\n    return held\n@traced\n"
        "class Pipeline(WorkflowEntrypoint):\n"
    ),
    "a metaclass": made(f"{IMPORT}class Pipeline(WorkflowEntrypoint, metaclass=Meta):\n"),
    "attributes that are made up": made(
        f"{HEAD}    def __getattribute__(self, name):\n        return None\n"
    ),
    "a second run": made(HEAD, "    run = None\n"),
    "a decorator of run": {
        **GOOD,
        "src/pipeline.py": PIPELINE.replace("    async def run", "    @traced\n    async def run"),
    },
    "set by what the constructor gives the instance to": with_constructor("gut(self)"),
    "set by text that the constructor runs": with_constructor("exec('self.run = None')"),
    "another class of the instance": with_constructor("self.__class__ = object"),
    "set on whatever a function is given": made(
        HEAD, f"{EMPTY}def gut(given):\n    given.run = empty\ngut(Pipeline)\n"
    ),
    "set in other letters": made(
        HEAD, f"{EMPTY}Pipeline.\N{FULLWIDTH LATIN SMALL LETTER R}un = 1\n"
    ),
    "set behind a space": made(HEAD, f"{EMPTY}Pipeline . run = empty\n"),
    "set by text that is run": made(HEAD, "exec('Pipeline.run = None')\n"),
    "other bases": made(HEAD, "Pipeline.__bases__ = ()\n"),
    "another class in its place": made(HEAD, "Pipeline = None\n"),
    "another class among the names of its module": made(HEAD, "globals()['Pipeline'] = None\n"),
    "another class in its module, from elsewhere": {
        **GOOD,
        "src/main.py": f"import patch\n{STARTS}",
        "src/patch.py": "import pipeline\npipeline.Pipeline = None\n",
    },
    "instances made by itself": made(f"{HEAD}    def __new__(cls, *given):\n        return 1\n"),
    "names of the class put in by hand": made(f"{HEAD}    locals()['run'] = None\n"),
    "several bases that have one": made(
        f"{IMPORT}class Real(WorkflowEntrypoint):\n",
        f"{OTHER}class Pipeline(Other, Real):\n    pass\n",
    ),
}


@pytest.mark.parametrize("files", REPLACED.values(), ids=REPLACED.keys())
def test_a_run_that_may_be_replaced_is_unproven(files: Files) -> None:
    assert {each[0] for each in told(files)} == {"?"}


SHOWN: dict[str, Files] = {
    "final": made(
        f"from typing import final\n{IMPORT}@final\nclass Pipeline(WorkflowEntrypoint):\n"
    ),
    "another attribute": with_constructor("self.state = None"),
    "an instance that is looked at": with_constructor("print(self, type(self))"),
    "a base called by its name": made(
        f"{HEAD}    def __init__(self, ctx, env):\n"
        "        WorkflowEntrypoint.__init__(self, ctx, env)\n"
    ),
    "a run of something known": made(HEAD, "class Job:\n    run = 1\nJob.run = 2\n"),
    "inherited from one base": made(
        f"{IMPORT}class Base(WorkflowEntrypoint):\n", "class Pipeline(Base):\n    pass\n"
    ),
    "the run of another class": made(HEAD, "class Job:\n    def go(self):\n        self.run = 1\n"),
}


@pytest.mark.parametrize("files", SHOWN.values(), ids=SHOWN.keys())
def test_a_run_that_nothing_replaces_is_kept(files: Files) -> None:
    assert told(files) == []


def test_a_workflow_that_only_creates_itself_is_found() -> None:
    files = {
        **GOOD,
        "src/main.py": STARTS.replace("self.env.PIPELINE.create({})", "None"),
        "src/pipeline.py": f"{RUN}        await self.env.PIPELINE.create({{}})\n{DONE}",
    }

    assert told(files) == ["! src/pipeline.py:2"]


# -- scripts

TS = GOOD["wrangler.toml"].replace("main.py", "index.ts")
TS_HEAD = 'import { WorkflowEntrypoint } from "cloudflare:workers";\n'
TS_RUN = (
    "  async run(event: any, step: any) {\n"
    '    await step.do("work", async () => this.env.KV.get("x"));\n  }\n'
)
TS_CLASS = f"export class Pipeline extends WorkflowEntrypoint {{\n{TS_RUN}}}\n"
TS_STARTS = "{ async fetch(request: any, env: any) { await env.PIPELINE.create(); } }"


def script(code: str) -> Mapping[str, str]:
    return {"wrangler.toml": TS, "src/index.ts": TS_HEAD + code}


def kept_script(handler: str) -> Mapping[str, str]:
    return script(f"{TS_CLASS}{handler}\n")


TS_EXPORT = f"export default {TS_STARTS};\n"
GUT = "function gut(this: any, given: any) { given.run = async () => {}; }\n"
KEY = 'const KEY = ["r", "un"].join("");\n'
LOOKED = "super(); look(this); this.tick = this.tick.bind(this);"
SYMBOL = "  [Symbol.dispose]() {}\n  tick() { return; }\n"

IN_SCRIPTS: dict[str, tuple[Mapping[str, str], list[str]]] = {
    "nothing of the kind": (kept_script(f"export default {TS_STARTS};"), []),
    "a handler that is exported by its name": (
        kept_script(f"const handler = {TS_STARTS};\nexport {{ handler as default }};"),
        [],
    ),
    "run set in the constructor": (
        script(
            TS_CLASS.replace(
                TS_RUN, f"  constructor() {{ super(); (this as any).run = () => 1; }}\n{TS_RUN}"
            )
            + f"export default {TS_STARTS};\n"
        ),
        ["? src/index.ts:3"],
    ),
    "run assigned to the instance": (
        script(
            TS_CLASS.replace(
                TS_RUN, f"  x = Object.assign(this, {{ run: async () => 1 }});\n{TS_RUN}"
            )
            + f"export default {TS_STARTS};\n"
        ),
        ["? src/index.ts:3"],
    ),
    **{
        f"run replaced by {how}": (
            script(TS_CLASS.replace(TS_RUN, f"  {member}\n{TS_RUN}") + f"{GUT}{TS_EXPORT}"),
            ["? src/index.ts:3"],
        )
        for how, member in {
            "what a constructor gives": "constructor() { super(); return { run: gut } as any; }",
            "what the instance is given to": "constructor() { super(); gut(this); }",
            "a package that gets the instance": "made = bound(this as any);",
            "what the class is given to": "static { gut(this); }",
            "what is called on the instance": "made = gut.bind(this)();",
        }.items()
    },
    "a member with a name that is worked out": (
        script(TS_CLASS.replace(TS_RUN, f"{TS_RUN}  [KEY]() {{}}\n") + f"{KEY}{TS_EXPORT}"),
        ["? src/index.ts:6"],
    ),
    **{
        f"run replaced from elsewhere by {how}": (
            script(f"{TS_CLASS}{TS_EXPORT}{statement}\n"),
            ["? src/index.ts:8"],
        )
        for how, statement in {
            "a prototype that is taken out": "const { prototype } = Pipeline; prototype.run = gut;",
            "a key that is put together": "(Pipeline as any)['proto' + 'type'].run = gut;",
            "the prototype of another name": "const P: any = Pipeline; P['prototype'].run = gut;",
            "the prototype of an instance": "new Pipeline().constructor.prototype.run = gut;",
        }.items()
    },
    **{
        f"run replaced from another script by {how}": (
            {
                "wrangler.toml": TS,
                "src/index.ts": f'{TS_HEAD}import "./patch";\n{TS_CLASS}{TS_EXPORT}',
                "src/patch.ts": f'import {imported} from "./index";\n{named}.prototype.run = 1;\n',
            },
            ["? src/patch.ts:2"],
        )
        for how, imported, named in (
            ("its name", "{ Pipeline }", "Pipeline"),
            ("another name", "{ Pipeline as Other }", "Other"),
            ("its module", "* as all", "all.Pipeline"),
        )
    },
    "an instance that is looked at, and symbols": (
        script(
            TS_CLASS.replace(TS_RUN, f"  constructor() {{ {LOOKED} }}\n{TS_RUN}{SYMBOL}")
            + f"const look = (at: any) => at.env.KV;\n{TS_EXPORT}"
        ),
        [],
    ),
    "a class put in its place": (
        script(
            TS_CLASS.replace("export class Pipeline", "class Real")
            + "let Pipeline: any = Real;\nPipeline = class extends WorkflowEntrypoint "
            + f"{{ async run() {{}} }};\nexport {{ Pipeline }};\nexport default {TS_STARTS};\n"
        ),
        ["? src/index.ts:2"],
    ),
    "only it itself creates it": (
        script(
            TS_CLASS.replace("this.env.KV.get", "this.env.PIPELINE.create")
            + "export default { async fetch() {} };\n"
        ),
        ["! src/index.ts:2"],
    ),
    "a handler that nothing mentions": (
        kept_script(f"const other = {TS_STARTS};\nexport default {{ async fetch() {{}} }};"),
        ["! src/index.ts:2"],
    ),
}


@pytest.mark.parametrize(("files", "places"), IN_SCRIPTS.values(), ids=IN_SCRIPTS.keys())
def test_the_same_of_scripts(files: Mapping[str, str], places: list[str]) -> None:
    assert told(files) == places
