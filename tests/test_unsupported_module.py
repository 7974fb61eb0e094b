"""What the platform does not have: what is found beyond the page's examples, what is left alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from gatekeeper import Doubt, Finding, NoOptions, Note, Observation, Snapshot
from gatekeeper.minding import Minding
from gatekeeper.source import jsonc
from gatekeeper.source.located import Table
from gatekeeper.value import replace
from gatekeeper.watch import Watch
from gatekeeper_rules.code._node_compat import Compat, Mode, Presence
from gatekeeper_rules.code._platform_tables import node_table, platform_table, schema_table
from gatekeeper_rules.code._python_platform import WORKERS
from gatekeeper_rules.code._unsupported import observations
from gatekeeper_rules.code._unsupported_concerns import BARE
from gatekeeper_rules.code._wrangler_schema import faults
from gatekeeper_rules.code.unsupported_module import RULE
from tests.cases import case_between

TOML = """\
name = "w"
main = "src/index.ts"
compatibility_date = "2026-05-01"
compatibility_flags = ["nodejs_compat"]
"""
PYTHON = TOML.replace("index.ts", "entry.py").replace("nodejs_compat", "python_workers")

Files = Mapping[str, str | bytes]


def said(files: Files) -> list[Observation]:
    return list(observations(Snapshot.of("head", files), None))


def told(files: Files) -> list[str]:
    """What is found (`!`) and what is unproven (`?`), each with its file's name and line."""
    signs = {Finding: "!", Doubt: "?"}
    return sorted(
        f"{signs[type(each)]}{each.path.rpartition('/')[2]}:{each.line}"
        for each in said(files)
        if isinstance(each, Finding | Doubt)
    )


# -- modules of Node by date and flags


@pytest.mark.parametrize(
    ("date", "flags", "mode"),
    [
        pytest.param("2024-09-22", [], Mode.NONE, id="nothing is asked for"),
        pytest.param("2024-09-22", ["nodejs_compat"], Mode.RUNTIME, id="before polyfills"),
        pytest.param("2024-09-23", ["nodejs_compat"], Mode.FULL, id="with polyfills by date"),
        pytest.param("2023-01-01", ["nodejs_compat_v2"], Mode.FULL, id="with polyfills by flag"),
        pytest.param(
            "2025-01-01", ["nodejs_compat", "no_nodejs_compat_v2"], Mode.RUNTIME, id="no polyfills"
        ),
        pytest.param("2025-01-01", ["nodejs_als"], Mode.CONTEXT, id="storage alone"),
        pytest.param("2026-08-03", [], Mode.NONE, id="the day before it is on by itself"),
        pytest.param("2026-08-04", [], Mode.FULL, id="on by itself"),
        pytest.param(
            "2026-08-04",
            ["no_nodejs_compat", "no_nodejs_compat_v2"],
            Mode.NONE,
            id="on by itself and turned off",
        ),
    ],
)
def test_how_much_of_node_there_is_follows_date_and_flags(
    date: str, flags: list[str], mode: Mode
) -> None:
    compat = Compat(date, frozenset(flags))

    assert compat.mode is mode


NATIVE, POLYFILL, STUB, ABSENT = Presence


@pytest.mark.parametrize(
    ("module", "bare", "date", "flags", "presence"),
    [
        pytest.param("fs", True, "2025-09-15", "", NATIVE, id="fs since its date"),
        pytest.param("fs", True, "2025-09-14", "", POLYFILL, id="fs before its date"),
        pytest.param(
            "fs", True, "2025-09-14", "enable_nodejs_fs_module", NATIVE, id="fs by its flag"
        ),
        pytest.param(
            "fs", True, "2026-01-01", "disable_nodejs_fs_module", POLYFILL, id="fs turned off"
        ),
        pytest.param("fs/promises", True, "2025-09-14", "", STUB, id="promises that throw"),
        pytest.param("child_process", False, "2025-01-01", "", STUB, id="a stub of the bundler's"),
        pytest.param("child_process", False, "2026-05-01", "", STUB, id="a stub of workerd's"),
        pytest.param("_http_agent", True, "2025-01-01", "", STUB, id="a mock"),
        pytest.param("sqlite", True, "2026-05-01", "", ABSENT, id="one that needs its prefix"),
        pytest.param("sea", False, "2026-05-01", "", ABSENT, id="one that nobody has"),
        pytest.param("console", True, "2025-09-20", "", POLYFILL, id="half a polyfill"),
        pytest.param(
            "_http_server", True, "2025-08-20", "", STUB, id="one of two switches is not enough"
        ),
        pytest.param(
            "fs", False, "2026-01-01", "no_nodejs_compat_v2", NATIVE, id="by the runtime alone"
        ),
        pytest.param(
            "fs", True, "2026-01-01", "no_nodejs_compat_v2", ABSENT, id="bare without a bundler"
        ),
        pytest.param(
            "vm", False, "2025-01-01", "no_nodejs_compat_v2", ABSENT, id="no polyfill to fall back"
        ),
    ],
)
def test_what_there_is_of_a_module_follows_date_and_flags(
    module: str, bare: bool, date: str, flags: str, presence: Presence
) -> None:
    compat = Compat(date, frozenset({"nodejs_compat", *flags.split()}))

    assert compat.standing(module, bare=bare).presence is presence


def test_the_tables_say_of_which_versions_they_are() -> None:
    assert "@cloudflare/unenv-preset 2.16.2" in node_table().said
    assert "workerd 1.20261117.1" in platform_table().said
    assert node_table().until == platform_table().until == "2026-11-17"


def test_the_names_of_workers_are_those_of_its_package() -> None:
    import ast
    import pkgutil
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec("workers")
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    (listed,) = (
        ast.literal_eval(each.value)
        for each in tree.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "__all__"
    )

    modules = {each.name for each in pkgutil.iter_modules([str(Path(spec.origin).parent)])}
    assert {*listed, *modules} == WORKERS


# -- scripts

FOUND = {
    "a default that the module does not have": 'import c from "cloudflare:workers";',
    "a name that is not used": 'import { DurableObjects } from "cloudflare:workers";',
    "a re-export under another name": 'export { Nope as Fine } from "cloudflare:workers";',
    "a module that is passed on whole": 'export * from "cloudflare:nope";',
    "a module for its effects": 'import "cloudflare:nope";',
    "a member by its name in a string": 'import * as c from "cloudflare:workers"; c["Nope"];',
    "a member taken apart": 'const { Nope } = await import("cloudflare:workers");',
    "a member of what is required": 'require("cloudflare:workers").Nope;',
    "a member through an optional chain": 'import * as c from "cloudflare:workers"; c?.Nope;',
    "what is not for Workers": 'import x from "workerd:unsafe";',
    "what is only inside of the platform": 'import x from "cloudflare-internal:env";',
    "an escape in the specifier": r'import { Nope } from "cloud\u0066lare:workers";',
    "a template": "const { exec } = require(`node:child_process`);",
    "a specifier in two pieces": 'require("node:child" + "_process");',
    "a specifier in a template of pieces": 'const n = "sqlite"; await import(`node:${n}`);',
    "a specifier turned round": 'require(["node", "sqlite"].join(":"));',
    "the builtins of process by a name in pieces": (
        'process["getBuiltin" + "Module"]("child_process");'
    ),
    "a module that is passed on under a name": 'export * as cp from "node:child_process";',
    "require by another name": 'const ask = require; ask("node:child_process");',
    "a member by reflection": (
        'import * as w from "node:worker_threads"; Reflect.get(w, "Worker");'
    ),
    "what is promised": 'import("node:worker_threads").then(({ Worker }) => new Worker());',
    "a class that decorates": 'import { Worker } from "worker_threads"; @Worker class A {}',
    "an import of TypeScript's own": 'import cp = require("node:child_process"); cp.exec();',
    "the builtins of process": 'process.getBuiltinModule("child_process");',
    "require made by the module of modules": (
        'import { createRequire } from "node:module";'
        'const r = createRequire("/"); r("node:child_process");'
    ),
    "the default of a stub": 'import cp from "child_process"; cp.exec();',
    "the whole of a stub": 'import * as cp from "node:child_process"; cp.exec();',
    "a function that throws": 'import { Worker } from "worker_threads"; new Worker();',
    "a member that throws, of a module that works": 'import * as t from "tls"; t.createServer();',
    "a member of a default that is not there": 'import fs from "fs"; fs.readFileSnc();',
    "a name that is not there": 'import { readFileSnc } from "fs"; readFileSnc();',
    "in a function that nobody calls": 'function f() { return require("node:child_process"); }',
    "behind a condition": 'if (globalThis.x) await import("node:child_process");',
    "a module that nobody has": 'import sea from "node:sea"; sea;',
    "a subpath that nobody has": 'import x from "node:fs/nothing"; x;',
}


@pytest.mark.parametrize("code", FOUND.values(), ids=FOUND.keys())
def test_it_is_found_in_a_script(code: str) -> None:
    tried = told({"wrangler.toml": TOML, "src/index.ts": code})

    assert set(tried) & {"!index.ts:1", "?index.ts:1"}


KEPT = {
    "a type of the platform's": (
        'import { WorkflowEvent } from "cloudflare:workers"; let e: WorkflowEvent;'
    ),
    "a module of types": 'import type { X } from "cloudflare:nope";',
    "a type among values": 'import { env, type Nope } from "cloudflare:workers"; env;',
    "a name that is used as a type": 'import { Nope } from "fs"; let x: Nope<string>;',
    "a type by the name of its module": 'import * as fs from "fs"; let x: fs.PathLike;',
    "a name that is never used": 'import { exec } from "child_process";',
    "typeof as a type": 'import cp from "child_process"; let x: typeof cp;',
    "a class that stands in a type's arguments": (
        'import { Nope } from "fs"; new Map<string, Nope>();'
    ),
    "what implements": 'import { Nope } from "fs"; class A implements Nope {}',
    "functions that work, of a module with stubs": (
        'import { isMainThread } from "node:worker_threads"; isMainThread;'
    ),
    "the name of a module in a string": 'const said = "node:child_process"; said;',
    "the name of a module in a comment": '// import "node:child_process"\nexport {};',
    "a property of that name": "const o = { require(x) { return x; } }; o.require('a');",
    "a file by a path put together": 'await import("./langs/" + name + ".ts");',
    "members of what the platform gives": (
        'import { env, exports } from "cloudflare:workers"; env.DB.prepare; exports.default.fetch;'
    ),
}


@pytest.mark.parametrize("code", KEPT.values(), ids=KEPT.keys())
def test_it_is_left_alone_in_a_script(code: str) -> None:
    tried = told({"wrangler.toml": TOML, "src/index.ts": code})

    assert tried == []


EXEC = 'import { exec } from "node:child_process"; exec(); export const run = exec;'
TAKEN: dict[str, tuple[Files, list[str]]] = {
    "through files that take each other": (
        {"src/index.ts": 'import "./a";', "src/a.ts": 'import "./b";', "src/b.ts": EXEC},
        ["!b.ts:1"],
    ),
    "in a circle": (
        {"src/index.ts": 'import "./a";', "src/a.ts": 'import "./index";' + EXEC},
        ["!a.ts:1"],
    ),
    "by a path put together": (
        {"src/index.ts": 'const n = "a"; await import("./" + n);', "src/a.ts": EXEC},
        ["!a.ts:1"],
    ),
    "by tsconfig's paths": (
        {
            "src/index.ts": 'import "@app/a";',
            "src/a.ts": EXEC,
            "tsconfig.json": '{"compilerOptions": {"paths": {"@app/*": ["./src/*"]}}}',
        },
        ["!a.ts:1"],
    ),
    "by imports of package.json, to Node": (
        {
            "src/index.ts": 'import shell from "#shell"; shell;',
            "package.json": '{"imports": {"#shell": "node:child_process"}}',
        },
        ["!index.ts:1"],
    ),
    "a module of the repository that only types are taken from": (
        {"src/index.ts": 'import { T } from "./a"; let t: T;', "src/a.ts": EXEC},
        [],
    ),
    "a module that only a test takes": (
        {"src/index.ts": "export {};", "test/a.test.ts": 'import "../src/a";', "src/a.ts": EXEC},
        [],
    ),
    "through a namespace of a barrel": (
        {
            "src/index.ts": 'import * as all from "./a"; all.NonRetryableError;',
            "src/a.ts": 'export * from "cloudflare:workers";',
        },
        ["!index.ts:1"],
    ),
    "a barrel of barrels": (
        {
            "src/index.ts": 'import { Nope } from "./a"; Nope;',
            "src/a.ts": 'export * from "./b";',
            "src/b.ts": 'export * from "cloudflare:workers";',
        },
        ["!index.ts:1"],
    ),
    "a test's module in a script of no Worker": (
        {"src/index.ts": "export {};", "lib/a.ts": 'import { env } from "cloudflare:test"; env;'},
        ["!a.ts:1"],
    ),
    "a package of that name, where nothing of Node is": (
        {
            "wrangler.toml": TOML.replace("nodejs_compat", "nodejs_als"),
            "package.json": '{"dependencies": {"buffer": "^6"}}',
            "src/index.ts": 'import { Buffer } from "buffer"; Buffer;',
        },
        [],
    ),
    "declarations of types": (
        {
            "src/index.ts": 'import "./a";',
            "src/a.d.ts": 'import { exec } from "child_process"; exec;',
        },
        [],
    ),
    "one of several files that a condition chooses": (
        {
            "src/index.ts": 'import "@w/a";',
            "p/package.json": json.dumps(
                {"name": "@w/a", "exports": {"node": "./node.js", "workerd": "./worker.js"}}
            ),
            "p/node.js": EXEC,
            "p/worker.js": "",
        },
        ["?node.js:1"],
    ),
    "a configuration among tests": (
        {"e2e/app/wrangler.toml": TOML, "e2e/app/src/index.ts": EXEC},
        [],
    ),
    "a date that is to be filled in": (
        {"wrangler.toml": TOML.replace("2026-05-01", "<DATE>"), "src/index.ts": EXEC},
        ["?wrangler.toml:3"],
    ),
    "a main that a build makes, with tools beside it": (
        {"wrangler.toml": TOML.replace("src/index.ts", "dist/x.js"), "scripts/a.ts": EXEC},
        [],
    ),
    "a main that a build makes, of what takes a tool": (
        {
            "wrangler.toml": TOML.replace("src/index.ts", "dist/x.js"),
            "src/b.ts": 'import "../scripts/a";',
            "scripts/a.ts": EXEC,
        },
        ["?a.ts:1"],
    ),
    "a script that cannot be read": (
        {"src/index.ts": 'import "./a";', "src/a.ts": b'import "node:\xff";'},
        ["?a.ts:1"],
    ),
    "a script that is too large": (
        {"src/index.ts": "import 'node:fs';" + " " * 2_000_001},
        ["?index.ts:None"],
    ),
    "a main that a build makes": (
        {"wrangler.toml": TOML.replace("src/index.ts", "dist/x.js"), "src/a.ts": EXEC},
        ["?a.ts:1"],
    ),
    "a main that a build makes, with nothing wrong around it": (
        {"wrangler.toml": TOML.replace("src/index.ts", "dist/x.js"), "src/a.ts": "export {};"},
        [],
    ),
    "functions of Pages": (
        {
            "wrangler.toml": TOML.replace('main = "src/index.ts"', 'pages_build_output_dir = "d"'),
            "functions/a.ts": EXEC,
        },
        ["!a.ts:1"],
    ),
    "one environment of two": (
        {
            "wrangler.toml": TOML + '[env.old]\ncompatibility_flags = []\nname = "o"\n',
            "src/index.ts": 'import { readFileSync } from "node:fs"; readFileSync;',
        },
        ["!index.ts:1"],
    ),
    "a date later than the tables": (
        {
            "wrangler.toml": TOML.replace("2026-05-01", "2027-05-01"),
            "src/index.ts": 'import { readFileSync } from "node:fs"; readFileSync;',
        },
        ["?index.ts:1"],
    ),
    "a date later than the tables, and nothing of Node": (
        {"wrangler.toml": TOML.replace("2026-05-01", "2027-05-01"), "src/index.ts": "export {};"},
        [],
    ),
    "an unknown flag": (
        {"wrangler.toml": TOML.replace("nodejs_compat", "nodejs_compt")},
        ["?wrangler.toml:4"],
    ),
}


@pytest.mark.parametrize(("files", "expected"), TAKEN.values(), ids=TAKEN.keys())
def test_what_a_worker_is_built_of_is_followed(files: Files, expected: list[str]) -> None:
    tried = told({"wrangler.toml": TOML, "src/index.ts": "export {};", **files})

    assert tried == expected


def test_a_finding_says_in_which_worker_and_where_the_name_is() -> None:
    code = """
import { exec } from "node:child_process";
import { NonRetryableError } from "cloudflare:workers";
exec();
"""

    found = said({"wrangler.toml": TOML, "src/index.ts": code})

    texts = [(each.message, each.fix) for each in found if isinstance(each, Finding)]
    assert texts == [
        (
            (
                "`exec` of `node:child_process` is only a stub on the platform: it throws, "
                "in the Worker of `wrangler.toml`."
            ),
            "Do the work without it.",
        ),
        (
            "`cloudflare:workers` exports no `NonRetryableError`.",
            "It is in `cloudflare:workflows`.",
        ),
    ]


# -- Python

IN_PYTHON: dict[str, tuple[str, list[str]]] = {
    "a module inside of a package": ("import curses.panel", ["!entry.py:1"]),
    "a name from one": ("from fcntl import flock", ["!entry.py:1"]),
    "all names from one": ("from pwd import *", ["!entry.py:1"]),
    "in a function": ("def f():\n    import resource", ["!entry.py:2"]),
    "caught and raised again": (
        "try:\n    import pwd\nexcept ImportError:\n    raise SystemError",
        ["!entry.py:2"],
    ),
    "caught as something else": (
        "try:\n    import pwd\nexcept KeyError:\n    pass",
        ["!entry.py:2"],
    ),
    "caught as anything": ("try:\n    import pwd\nexcept:\n    pass", []),
    "in what is done when it is caught": (
        "try:\n    import x\nexcept ImportError:\n    import pwd",
        ["!entry.py:4"],
    ),
    "on another platform": ("import sys\nif sys.platform == 'win32':\n    import winreg", []),
    "unless it is that platform": (
        "import sys\nif sys.platform != 'emscripten':\n    import pwd",
        [],
    ),
    "on any but another platform": (
        "import sys\nif sys.platform != 'win32':\n    import pwd",
        ["!entry.py:3"],
    ),
    "behind a condition": ("import os\nif os.environ:\n    import pwd", ["!entry.py:3"]),
    "by its name": ("__import__('fcntl')", ["!entry.py:1"]),
    "by a name in pieces": (
        "import importlib as i\nX = 'fc'\ni.import_module(f'{X}ntl')",
        ["!entry.py:3"],
    ),
    "by its name, given by its keyword": (
        "import importlib\nimportlib.import_module(name='fcntl')",
        ["!entry.py:2"],
    ),
    "in code that is a string": ("exec('import fcntl')", ["!entry.py:1"]),
    "suppressed": (
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import fcntl",
        [],
    ),
    "by a name that nobody knows": (
        "import importlib\ndef f(x):\n    importlib.import_module(x)",
        ["?entry.py:3"],
    ),
    "a pool of processes": ("from multiprocessing import Pool", ["!entry.py:1"]),
    "a process by its module": ("import subprocess as s\ns.run(['ls'])", ["!entry.py:2"]),
    "a lock": ("import threading\nthreading.Lock()", []),
    "a member that workers does not have": ("import workers\nworkers.Nope", ["!entry.py:2"]),
    "all of workers": ("from workers import *", []),
    "a module of the platform by a string": (
        "from workers import import_from_javascript as i\ni('cloudflare:nope')",
        ["!entry.py:2"],
    ),
    "a module of the platform that is there": (
        "from workers import import_from_javascript as i\ni('cloudflare:workers')",
        [],
    ),
    "a class that is no global": ("import js\njs.DurableObject", ["!entry.py:2"]),
    "a global": ("from js import Object, fetch", []),
    "what is no Python": ("def f(:", ["?entry.py:1"]),
}


@pytest.mark.parametrize(("code", "expected"), IN_PYTHON.values(), ids=IN_PYTHON.keys())
def test_it_is_told_of_a_python_worker(code: str, expected: list[str]) -> None:
    tried = told({"wrangler.toml": PYTHON, "src/entry.py": code})

    assert tried == expected


def test_a_module_of_the_repository_may_be_called_like_one_that_is_not_there() -> None:
    files = {
        "src/entry.py": "import grp\nimport workers.none",
        "src/grp.py": "",
        "t.py": "import pwd",
    }

    assert told({"wrangler.toml": PYTHON, **files}) == []


def test_an_import_whose_failure_is_caught_is_told_in_a_note() -> None:
    code = "try:\n    import resource\nexcept ImportError:\n    resource = None"

    notes = [
        each.says
        for each in said({"wrangler.toml": PYTHON, "src/entry.py": code})
        if isinstance(each, Note)
    ]

    assert notes == ["src/entry.py:2: `resource` is not there; the code goes on without"]


# -- configuration

IN_JSON: dict[str, tuple[object, list[str]]] = {
    "an unknown key": ({"nope": 1}, ["2:3 nope"]),
    "an unknown key of an environment": ({"env": {"p": {"nope": 1}}}, ["4:7 env.p.nope"]),
    "another type": ({"logpush": "yes"}, ["2:14 logpush"]),
    "one of several types": ({"routes": [1]}, ["3:5 routes[0]"]),
    "a key of the nearest of several tables": (
        {"routes": [{"pattern": "a", "zone_name": "b", "nope": 1}]},
        ["6:7 routes[0].nope"],
    ),
    "a word that is none": ({"placement": {"mode": "fast"}}, ["3:13 placement.mode"]),
    "what must be there": ({"kv_namespaces": [{"id": "a"}]}, ["3:5 kv_namespaces[0].binding"]),
    "a whole number": (
        {"queues": {"consumers": [{"queue": "q", "max_retries": "3"}]}},
        ["6:24 queues.consumers[0].max_retries"],
    ),
    "a name that is bound twice": (
        {"kv_namespaces": [{"binding": "A"}], "r2_buckets": [{"binding": "A"}]},
        ["9:18 A"],
    ),
    "names of two environments": (
        {"kv_namespaces": [{"binding": "A"}], "env": {"p": {"r2_buckets": [{"binding": "A"}]}}},
        [],
    ),
    "migrations beside exports": (
        {
            "exports": {"A": {"type": "durable-object", "storage": "sqlite"}},
            "migrations": [{"tag": "v1", "new_classes": ["B"]}],
        },
        ["3:5 exports"],
    ),
    "a pattern outside of its folder": (
        {
            "d1_databases": [
                {"binding": "D", "migrations_dir": "m", "migrations_pattern": "x/*.sql"}
            ]
        },
        ["6:29 x/*.sql"],
    ),
    "a pattern without a folder": (
        {"d1_databases": [{"binding": "D", "migrations_pattern": "m/*.sql"}]},
        ["5:29 m/*.sql"],
    ),
    "a date that is none": ({"compatibility_date": "05/2026"}, ["2:25 compatibility_date"]),
    "flags that exclude each other": (
        {"compatibility_flags": ["nodejs_als", "no_nodejs_als"]},
        ["3:5 nodejs_als"],
    ),
    "a flag that is an experiment": (
        {"compatibility_flags": ["typescript_strip_types"]},
        ["3:5 typescript_strip_types"],
    ),
    "a flag that has been the default for long": (
        {"compatibility_flags": ["url_standard"]},
        [],
    ),
    "null for what may be left out": ({"main": None, "vars": None}, []),
    "anything in variables": ({"vars": {"a": {"b": [1, None]}}}, []),
}


@pytest.mark.parametrize(("settings", "expected"), IN_JSON.values(), ids=IN_JSON.keys())
def test_it_is_told_of_a_configuration_with_its_place(
    settings: Mapping[str, object], expected: list[str]
) -> None:
    text = json.dumps(settings, indent=2)

    found = [each for each in said({"wrangler.json": text}) if isinstance(each, Finding)]

    assert [f"{each.line}:{each.column} {each.quoted}" for each in found] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("compatibility_date = 2026-05-01\n", ["1:22"], id="a date of TOML's"),
        pytest.param(
            '[[kv_namespaces]]\nbinding = "A"\nnope = 1\n', ["3:1"], id="a row of a table"
        ),
        pytest.param('site = { bucket = "b", nope = 1 }\n', ["1:24"], id="a table on one line"),
        pytest.param('type = "webpack"\n', ["1:1"], id="a key of long ago"),
    ],
)
def test_it_is_told_of_toml_with_its_place(text: str, expected: list[str]) -> None:
    found = [each for each in said({"wrangler.toml": text}) if isinstance(each, Finding)]

    assert [f"{each.line}:{each.column}" for each in found] == expected


def _as_json_schema(schema: object) -> object:
    """The table again in the words of JSON schemas, for the library to judge by."""
    if isinstance(schema, list):
        return [_as_json_schema(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "ref" in schema:
        return {"$ref": f"#/definitions/{schema['ref']}"}
    if schema == {"anyOf": []}:
        return False
    named = {"others": "additionalProperties"}
    inner = {key: _as_json_schema(value) for key, value in schema.items() if key != "properties"}
    found = {named.get(key, key): value for key, value in inner.items()}
    if "properties" in schema:
        properties = schema["properties"].items()
        found["properties"] = {key: _as_json_schema(value) for key, value in properties}
    return found


AGREED: list[object] = [
    *(settings for settings, _ in IN_JSON.values() if "null" not in json.dumps(settings)),
    {"main": "x", "routes": ["a", {"pattern": "b", "custom_domain": True}]},
    {"routes": [{"pattern": "a", "zone_name": 1}]},
    {"triggers": {"crons": ["* * * * *"]}, "limits": {"cpu_ms": 5}},
    {"triggers": {"crons": "* * * * *"}},
    {"assets": {"directory": "d", "not_found_handling": "single-page-application"}},
    {"assets": {"directory": "d", "not_found_handling": "nothing"}},
    {"queues": {"producers": [{"queue": "q"}]}},
    {"observability": {"enabled": True, "head_sampling_rate": 0.5}},
    {"observability": {"head_sampling_rate": 0.5, "logs": {"enabled": 1}}},
    {"placement": {"region": "aws:us-east-1"}},
    {"workflows": [{"binding": "A", "name": "a", "class_name": "A", "limits": {"steps": 3.5}}]},
    {"exports": {"A": {"type": "durable-object", "state": "deleted"}}},
    {"exports": {"A": {"type": "nothing"}}},
    {"env": {"p": {"name": "a", "env": {}}}},
    {"containers": [{"class_name": "A", "image": "i", "max_instances": "1"}]},
]


def test_the_table_is_read_as_a_library_for_schemas_reads_it() -> None:
    from jsonschema import Draft7Validator

    table = schema_table()
    definitions = table["definitions"]
    assert isinstance(definitions, dict)
    given = {name: _as_json_schema(each) for name, each in definitions.items()}
    validator = Draft7Validator({"$ref": f"#/definitions/{table['top']}", "definitions": given})

    own = [any(faults(_table(settings))) for settings in AGREED]

    assert own == [not validator.is_valid(settings) for settings in AGREED]
    assert True in own
    assert False in own


def _table(settings: object) -> Table:
    node = jsonc.parse(json.dumps(settings).encode(), "wrangler.json")
    assert isinstance(node, Table)
    return node


def test_a_hook_knows_every_module_of_node_by_its_bare_name() -> None:
    assert {name for name, each in node_table().modules.items() if each.bare} == BARE


# -- bad input

HOSTILE: dict[str, Files] = {
    "a configuration nested too deep": {"wrangler.json": '{"a":' * 5000 + "1" + "}" * 5000},
    "a configuration that ends early": {"wrangler.json": '{"main": "src/index.ts"'},
    "no configuration at all in it": {"wrangler.toml": b"\xff\xfe\x00"},
    "a list": {"wrangler.json": "[]"},
    "more faults than are told": {
        "wrangler.toml": TOML,
        "src/index.ts": f"import * as fs from 'fs';{''.join(f'fs.n{n};' for n in range(200))}",
    },
    "more flags than are looked at": {
        "wrangler.json": json.dumps({"compatibility_flags": [f"x{n}" for n in range(300)]})
    },
    "more values than are looked at": {"wrangler.json": json.dumps({"routes": ["a"] * 20_001})},
    "more imports than are told": {
        "wrangler.toml": TOML,
        "src/index.ts": "".join(f"import './x{number}';" for number in range(5001)),
    },
    "a thousand keys that nobody knows": {
        "wrangler.json": json.dumps({f"k{number}": 1 for number in range(1000)})
    },
    "a script that ends in a string": {"wrangler.toml": TOML, "src/index.ts": 'import "node:vm'},
    "brackets without end": {
        "wrangler.toml": TOML,
        "src/index.ts": 'import "node:vm";' + "(" * 20_000,
    },
    "a link to itself": {
        "wrangler.toml": TOML,
        "src/index.ts": 'export * from "./index"; import "node:vm"; (',
    },
    "settings of the prototype": {"wrangler.json": '{"__proto__": {"main": "x"}}'},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_configuration_and_no_code_is_never_kept(files: Files) -> None:
    assert told(files)


def test_a_file_whose_content_is_not_in_the_clone_is_unproven() -> None:
    whole = Snapshot.of("head", {"data.json": "{}"})
    partial = replace(whole, blobs={}, search=lambda _: ("data.json",))

    found = observations(partial, None)

    assert [each.path for each in found if isinstance(each, Doubt)] == ["data.json"]


def test_barrels_in_a_circle_and_a_tsconfig_that_extends_itself_come_to_an_end() -> None:
    files = {
        "wrangler.toml": TOML,
        "tsconfig.json": '{"extends": "./tsconfig.json"}',
        "src/index.ts": 'import { Nope } from "./a"; Nope; import "node:buffer";',
        "src/a.ts": 'export * from "./b"; export * from "cloudflare:workers";',
        "src/b.ts": 'export * from "./a";',
    }

    assert "!index.ts:1" in told(files)


# -- a preview


def test_a_preview_tells_of_what_is_staged_alone_and_sees_what_a_barrel_passes_on() -> None:
    files = {
        "wrangler.toml": TOML,
        "src/index.ts": 'import { Nope } from "./a"; Nope; import "./b";',
        "src/a.ts": 'export * from "cloudflare:workers";',
        "src/b.ts": EXEC,
    }

    found = observations(Snapshot.of("head", files), frozenset({"src/index.ts"}))

    assert [each.path for each in found if isinstance(each, Finding)] == ["src/index.ts"]


def watch_of(files: Files) -> Watch:
    """What is kept to be asked of the next staged files, where these were of no concern."""
    case = case_between(Snapshot.of("base", files), Snapshot.of("head", files), NoOptions())
    assert RULE.watch is not None
    watch = RULE.watch(case)
    assert watch is not None
    return watch


@pytest.mark.parametrize(
    ("path", "content", "concerned"),
    [
        pytest.param("src/a.ts", 'import "node:vm"', True, id="a script that takes"),
        pytest.param("src/a.ts", "let x = 1", False, id="a script that takes nothing"),
        pytest.param("src/a.py", "import grp", True, id="Python that takes"),
        pytest.param("wrangler.toml", "", True, id="a configuration"),
        pytest.param("src/a.ts", 'import fs from "fs"', True, id="a script that takes a bare name"),
        pytest.param(
            "src/b.py", "import tools\ntools.run()\n", True, id="Python that takes another file"
        ),
        pytest.param("src/a.ts", 'import "./lib"', True, id="a script that takes another one"),
        pytest.param("src/b.py", 'A = "url"', False, id="Python with a string like any other"),
    ],
)
def test_a_staged_file_concerns_the_rule_if_it_can_take_something(
    path: str, content: str, concerned: bool
) -> None:
    case = case_between(Snapshot.of("base", {}), Snapshot.of("head", {path: content}), NoOptions())

    assert RULE.concerns is not None
    assert RULE.concerns(case) is concerned
    watched = Minding(watch_of({"src/seen.py": "import os\n"}))
    minded = watched.path(path) or watched.content(path, content.encode())
    assert minded is (concerned or path.endswith(".ts"))


SCRIPT_OF_TERRAFORM = 'resource "cloudflare_workers_script" "b" {\n}\n'
OTHERS = {
    "Terraform": ("infra/main.tf", SCRIPT_OF_TERRAFORM, True),
    "Terraform of pages": ("main.tf", 'resource "cloudflare_pages_project" "b" {\n}\n', True),
    "Alchemy": (
        "alchemy.run.ts",
        'import { Worker } from "alchemy/cloudflare";\nWorker("b")',
        True,
    ),
    "one in TypeScript": ("b/cloudflare.config.ts", "export default defineWorker({})", True),
    "Pulumi in YAML": ("Pulumi.yaml", "type: cloudflare:WorkersScript\n", True),
    "Terraform of databases": ("main.tf", 'resource "cloudflare_d1_database" "d" {\n}\n', False),
    "Alchemy of databases": ("alchemy.run.ts", "import { D1Database } from 'alchemy';", False),
    "Pulumi of something else": ("Pulumi.yaml", "name: infra\nruntime: nodejs\n", False),
    "a test of Terraform": ("tests/main.tf", SCRIPT_OF_TERRAFORM, False),
}


@pytest.mark.parametrize(("path", "text", "expected"), OTHERS.values(), ids=OTHERS)
def test_a_worker_that_is_configured_by_other_means_is_doubted_beside_wranglers(
    path: str, text: str, *, expected: bool
) -> None:
    files = {"wrangler.toml": TOML, "src/index.ts": "export default {};\n", path: text}

    doubted = [each.path for each in said(files) if isinstance(each, Doubt)]

    assert ([path] if expected else []) == doubted


def test_a_program_of_pulumi_that_makes_a_worker_is_doubted() -> None:
    program = 'import * as cf from "@pulumi/cloudflare";\nnew cf.WorkersScript("b", {});\n'
    files = {"wrangler.toml": TOML, "src/index.ts": "export default {};\n"}
    project = {"infra/Pulumi.yaml": "runtime: nodejs\n", "infra/index.ts": program}

    doubted = [each.path for each in said({**files, **project}) if isinstance(each, Doubt)]

    assert ["infra/Pulumi.yaml"] == doubted
