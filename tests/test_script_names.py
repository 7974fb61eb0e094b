"""Names of scripts are followed through files, packages and calls to what they stand for."""

from __future__ import annotations

import json

import pytest

from gatekeeper.snapshot import Snapshot
from gatekeeper.source.code_scopes import BASES
from gatekeeper.source.code_values import Sort
from gatekeeper.source.script import SCRIPT
from gatekeeper.source.script_modules import Meant, ScriptModules
from gatekeeper.source.script_names import ScriptNames

FILES = ("src/base.ts", "src/deep/index.ts", "src/view.vue", "lib/old.cjs", "pkg/ui/src/button.tsx")
HERE = "src/app.ts"


def package(**keys: object) -> str:
    return json.dumps(keys)


MEANT: dict[str, tuple[str, dict[str, str], Meant]] = {
    "a relative path": ("./base", {}, Meant(("src/base.ts",), ())),
    "an ending that a build writes": ("./base.js", {}, Meant(("src/base.ts",), ())),
    "a folder": ("./deep", {}, Meant(("src/deep/index.ts",), ())),
    "a folder with a slash": ("./deep/", {}, Meant(("src/deep/index.ts",), ())),
    "markup": ("./view.vue", {}, Meant(("src/view.vue",), ())),
    "a query": ("./base?raw", {}, Meant(("src/base.ts",), ())),
    "above": ("../lib/old.cjs", {}, Meant(("lib/old.cjs",), ())),
    "out of the repository": ("../../x", {}, Meant((), ("../../x",))),
    "what is not there": ("./gone", {}, Meant((), ("./gone",))),
    "a package that is not there": ("react", {}, Meant((), ("react",))),
    "the platform, whatever paths say": (
        "cloudflare:workers",
        {"tsconfig.json": '{"compilerOptions": {"paths": {"*": ["./src/base.ts"]}}}'},
        Meant((), ("cloudflare:workers",)),
    ),
    "paths": (
        "@/base",
        {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./src/*"]}, /* c */},}'},
        Meant(("src/base.ts",), ()),
    ),
    "paths from a base": (
        "~base",
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": "src", "paths": {"~*": ["*"]}}}'},
        Meant(("src/base.ts",), ()),
    ),
    "a base alone": (
        "src/base",
        {"jsconfig.json": '{"compilerOptions": {"baseUrl": "."}}'},
        Meant(("src/base.ts",), ()),
    ),
    "the longest of several paths": (
        "@/deep/x",
        {
            "tsconfig.json": (
                '{"compilerOptions": {"paths": {"@/*": ["./lib/*"], "@/deep/*'
                '": ["./src/base.ts"]}}}'
            )
        },
        Meant(("src/base.ts",), ()),
    ),
    "paths of what is extended, in a circle": (
        "@/base",
        {
            "src/tsconfig.json": '{"extends": ["../a.json", "../tsconfig.b.json"]}',
            "tsconfig.b.json": (
                '{"extends": "./src/tsconfig", "compilerOptions": {"paths": {"@/*": ["./src/*"]}}}'
            ),
        },
        Meant(("src/base.ts",), ()),
    ),
    "paths from the folder of the one that extends": (
        "@/base",
        {
            "src/tsconfig.json": '{"extends": "../tsconfig.base.json"}',
            "tsconfig.base.json": '{"compilerOptions": {"paths": {"@/*": ["${configDir}/*"]}}}',
        },
        Meant(("src/base.ts",), ()),
    ),
    "an import of the package's own": (
        "#base",
        {"package.json": package(imports={"#base": {"workerd": "./src/base.ts", "default": None}})},
        Meant(("src/base.ts",), ()),
    ),
    "an import that is the platform": (
        "#platform",
        {"package.json": package(imports={"#platform": "cloudflare:workers"})},
        Meant((), ("cloudflare:workers",)),
    ),
    "a workspace's source": (
        "@acme/ui",
        {"pkg/ui/package.json": package(name="@acme/ui", main="src/button.tsx")},
        Meant(("pkg/ui/src/button.tsx",), ()),
    ),
    "a workspace's export": (
        "@acme/ui/button",
        {
            "pkg/ui/package.json": package(
                name="@acme/ui", exports={"./*": {"import": ["./src/*.js"]}}
            )
        },
        Meant(("pkg/ui/src/button.tsx",), ()),
    ),
    "a workspace's build": (
        "@acme/ui/button",
        {"pkg/ui/package.json": package(name="@acme/ui", exports={"./*": "./dist/*.d.ts"})},
        Meant(("pkg/ui/src/button.tsx",), ()),
    ),
    "a path in a workspace": (
        "@acme/ui/src/button",
        {"pkg/ui/package.json": package(name="@acme/ui")},
        Meant(("pkg/ui/src/button.tsx",), ()),
    ),
    "an alias of wrangler's": (
        "orm",
        {"wrangler.jsonc": '{"alias": {"orm": "./src/base.ts"}}'},
        Meant(("src/base.ts",), ()),
    ),
    "an alias that is the platform": (
        "orm",
        {"wrangler.toml": '[alias]\norm = "cloudflare:workers"\n'},
        Meant((), ("cloudflare:workers",)),
    ),
    "imports that lead in a circle": (
        "#a",
        {"package.json": package(imports={"#a": "#b", "#b": "#a"})},
        Meant((), ("#b",)),
    ),
}


@pytest.mark.parametrize("case", MEANT)
def test_a_specifier_means_what_a_build_would_take(case: str) -> None:
    specifier, configuration, expected = MEANT[case]
    files = {**dict.fromkeys(FILES, ""), **configuration}

    found = ScriptModules(Snapshot.of("head", files)).meant(HERE, specifier)

    assert expected == Meant(found.files, tuple(sorted(found.outside)))


def test_a_configuration_that_cannot_be_read_is_lost_and_named() -> None:
    snapshot = Snapshot.of("head", {"tsconfig.json": "{", "package.json": "[", "src/a.ts": ""})
    modules = ScriptModules(snapshot)

    modules.meant("src/a.ts", "x")

    assert {"package.json", "tsconfig.json"} == {each.path for each in modules.lost}


PLATFORM = 'import * as cf from "cloudflare:workers";\n'
BASE = f"{PLATFORM}export class Base extends cf.DurableObject {{}}\nexport default Base;\n"

EXTENDED = {
    "a name of another file": 'import { Base } from "./base"; class A extends Base {}',
    "a default": 'import Any from "./base"; class A extends Any {}',
    "a namespace": 'import * as b from "./base"; class A extends b.Base {}',
    "a namespace's default": 'import * as b from "./base"; class A extends b.default {}',
    "a barrel": 'import { Base } from "./barrel"; class A extends Base {}',
    "a barrel's namespace": 'import { all } from "./barrel"; class A extends all.Base {}',
    "a barrel's other name": 'import { Other } from "./barrel"; class A extends Other {}',
    "a barrel in a circle": 'import { Base } from "./circle"; class A extends Base {}',
    "a dynamic import": 'const { Base } = await import("./base"); class A extends Base {}',
    "a promise": 'import("./base").then(({ Base: B }) => { class A extends B {} })',
    "several promises": (
        'const [, { Base }] = await Promise.all([f(), import("./base")]); class A extends Base {}'
    ),
    "a specifier in pieces": 'const b = await import("./" + "base"); class A extends b.Base {}',
    "CommonJS": 'const { Base } = require("./old.cjs"); class A extends Base {}',
    "the whole of CommonJS": 'class A extends require("./whole.cjs") {}',
    "the whole of CommonJS as a default": 'import W from "./whole.cjs"; class A extends W {}',
    "an object": (
        'import { Base } from "./base"; const o = { x: { Base } }; class A extends o.x.Base {}'
    ),
    "an object that takes another's names": (
        'import * as b from "./base"; const o = { ...b }; class A extends o.Base {}'
    ),
    "a getter": (
        'import { Base } from "./base"; '
        "const o = { get B() { return Base } }; class A extends o.B {}"
    ),
    "a static member": (
        'import { Base } from "./base"; class S { static B = Base } class A extends S.B {}'
    ),
    "a class in between": (
        'import { Base } from "./base"; class B extends Base {} class A extends B {}'
    ),
    "a mixin": (
        'import { Base } from "./base"; '
        "const m = (B) => class extends B {}; class A extends m(Base) {}"
    ),
    "a mixin of another file": (
        'import { Base } from "./base"; '
        'import { mix } from "./mixins"; class A extends mix(Base) {}'
    ),
    "mixins of mixins": (
        'import { Base } from "./base"; import { mix } from "./mixins"; '
        "class A extends mix(mix(Base)) {}"
    ),
    "a factory": 'import { make } from "./mixins"; class A extends make() {}',
    "a factory that is awaited": (
        'import { later } from "./mixins"; class A extends (await later()) {}'
    ),
    "a choice": 'import { Base } from "./base"; class A extends (x ? Base : Object) {}',
    "a default where there is none": (
        'import { Base } from "./base"; const B = x ?? Base; class A extends B {}'
    ),
    "a name that is bound later": (
        'import { Base } from "./base"; let B; B = Base; class A extends B {}'
    ),
    "a name that a function binds": (
        'import { Base } from "./base"; let B; function f() { B = Base } class A extends B {}'
    ),
    "a cast": 'import { Base } from "./base"; class A extends (Base as unknown as Ctor<X>) {}',
    "a comma": 'import { Base } from "./base"; class A extends (0, Base) {}',
    "a string": 'import * as b from "./base"; class A extends b["Ba" + `s${"e"}`] {}',
    "Reflect": 'import * as b from "./base"; class A extends Reflect.get(b, "Base") {}',
    "an enumeration of names": (
        'import * as b from "./base"; enum N { B = "Base" } class A extends b[N.B] {}'
    ),
    "a namespace of TypeScript": (
        'import { Base } from "./base"; '
        "namespace N { export const B = Base } class A extends N.B {}"
    ),
    "a function that is called at once": (
        'import { Base } from "./base"; const A = ((B) => class A extends B {})(Base)'
    ),
    "this": (
        'import { Base } from "./base"; '
        "class S { b = Base; f() { return () => { class A extends this.b {} } } }"
    ),
}
OTHERS = {
    "src/base.ts": BASE,
    "src/barrel.ts": 'export * from "./base"; export * as all from "./base"; '
    'export { Base as Other } from "./base"',
    "src/circle.ts": 'export * from "./circle2"',
    "src/circle2.ts": 'export * from "./circle"; export * from "./barrel"',
    "src/old.cjs": 'const b = require("./base"); exports.Base = b.Base',
    "src/whole.cjs": 'module.exports = require("./base").Base',
    "src/mixins.ts": 'import { Base } from "./base";\n'
    "export function mix<T extends Ctor>(B: T) { return class extends B {} }\n"
    "export const make = () => Base;\nexport async function later() { return Base }",
}


@pytest.mark.parametrize("way", EXTENDED)
def test_a_class_is_followed_to_what_it_extends(way: str) -> None:
    assert "cloudflare:workers.DurableObject" in platform_of_a(EXTENDED[way])


KEPT = {
    "another name of the file": 'import { Else } from "./base"; class A extends Else {}',
    "a name that hides it": (
        'import { Base } from "./base"; function f(Base) { return class A extends Base {} }'
    ),
    "a member that is called so": (
        'import { Base } from "./base"; class S { Base() {} } class A extends S {}'
    ),
    "a star without the default": 'import d from "./barrel"; class A extends d {}',
    "a name in a string": 'const x = "Base"; class A extends x {}',
}


@pytest.mark.parametrize("way", KEPT)
def test_a_class_of_its_own_is_followed_nowhere(way: str) -> None:
    assert "cloudflare:workers.DurableObject" not in platform_of_a(KEPT[way])


def platform_of_a(source: str) -> set[str]:
    """What the class `A` extends outside the repository, at any distance."""
    snapshot = Snapshot.of("head", {HERE: source, **OTHERS})
    names = ScriptNames(ScriptModules(snapshot))
    for path in snapshot.entries:
        names.add(path, snapshot.facts(SCRIPT, path).tree)
    scopes = names.files[HERE].scopes
    own = next(n for n, each in enumerate(scopes) if each.symbol.rpartition(".")[2] == "A")
    waiting = [
        value
        for each in scopes[own].names[BASES]
        for value in names.values(HERE, each.scope, each.node)
    ]
    seen = set(waiting)
    while waiting:
        value = waiting.pop()
        fresh = names.bases(value) - seen if value.sort is Sort.CLASS else frozenset()
        seen |= fresh
        waiting.extend(fresh)
    return {value.text for value in seen if value.sort is Sort.EXTERNAL}
