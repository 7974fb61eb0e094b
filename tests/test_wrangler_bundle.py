"""What wrangler would upload: asked of the real one, read from its form, judged by the rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Doubt, Finding, Measured, Need, Which
from gatekeeper.reading.bundled import Bound, Bundled, Upload
from gatekeeper.reading.packing import packed, unpacked
from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.upload_form import read
from gatekeeper.reading.wrangler_method import WranglerMethod
from gatekeeper.terms import ReadingPlan
from gatekeeper_rules.code.durable_object_used import RULE, Options
from tests.cases import case_of
from tests.node import node_modules
from tests.rooms import room_of, taken

LOCKED = Path(__file__).parent / "data" / "wrangler"

# Nothing in the tree says that there is a Durable Object: a package brings the class, its name
# is put together, and a module is taken along without anybody importing it.
TREE = {
    "wrangler.json": json.dumps(
        {
            "name": "rooms",
            "main": "src/index.js",
            "compatibility_date": "2026-01-01",
            "compatibility_flags": ["enable_ctx_exports"],
            "find_additional_modules": True,
            "rules": [{"type": "ESModule", "globs": ["late/*.js"]}],
            "env": {"live": {"d1_databases": [{"binding": "DB", "database_id": "x"}]}},
        }
    ),
    "src/index.js": (
        'import { Held } from "keeper";\nexport { Held };\n'
        'export default { fetch: () => new Response("") };\n'
    ),
    "src/late/more.js": 'export const say = "more";\n',
}
KEEPER = (
    'import * as all from "cloudflare:workers";\nexport class Held extends all.DurableObject {}\n'
)


def bundled(folder: Path, run: str, tree: Mapping[str, str] = TREE) -> Bundled:
    room = room_of(folder, tree)
    packages = room.tree / "node_modules"
    packages.mkdir()
    for package in node_modules(LOCKED).iterdir():
        (packages / package.name).symlink_to(package)
    keeper = packages / "keeper"
    keeper.mkdir()
    (keeper / "package.json").write_text('{"name": "keeper", "main": "index.js", "type": "module"}')
    (keeper / "index.js").write_text(KEEPER)
    reading = taken(WranglerMethod(), ReadingPlan(run), room)
    assert isinstance(reading, Bundled)
    return reading


def test_wrangler_is_asked_for_every_module_and_what_each_command_binds(tmp_path: Path) -> None:
    run = "npx wrangler deploy --dry-run --outdir x && wrangler versions upload --env live"

    found = bundled(tmp_path, run)

    assert found.tool == "wrangler 4.86.0"
    assert ["wrangler deploy", "wrangler versions upload --env live"] == [
        each.command for each in found.uploads
    ]
    assert [(), (Bound("DB", "d1"),)] == [each.bindings for each in found.uploads]
    assert {"index.js", "late/more.js"} == set(found.uploads[0].modules)
    assert "extends all.DurableObject" in found.uploads[0].modules["index.js"]
    assert found == unpacked(json.loads(json.dumps(packed(found))))


def test_a_worker_that_does_not_build_is_no_reading(tmp_path: Path) -> None:
    broken = {**TREE, "src/index.js": 'import "./nowhere.js";'}

    with pytest.raises(Unusable, match="wrangler did not build the Worker"):
        bundled(tmp_path, "wrangler deploy", broken)


COMMANDS = (
    "npm run build",
    "wrangler dev",
    "wrangler deploy; rm -rf x && true",
    "wrangler 'deploy",
)


@pytest.mark.parametrize("run", COMMANDS)
def test_any_other_command_is_refused(run: str, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()

    with pytest.raises(Unusable, match="must be `wrangler deploy"):
        bundled(tmp_path, run)


# -- the form

FORM = (
    '--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n{metadata}\r\n'
    '--b\r\nContent-Disposition: form-data; name="index.js"; filename="index.js"\r\n'
    "Content-Type: application/javascript+module\r\n\r\nexport {{}};\r\n\r\n"
    '--b\r\nContent-Disposition: form-data; name="a.wasm"; filename="a.wasm"\r\n'
    "Content-Type: application/wasm\r\n\r\n\xff\r\n"
    '--b\r\nContent-Disposition: form-data; name="index.js.map"; filename="index.js.map"\r\n'
    "Content-Type: application/source-map\r\n\r\n{{}}\r\n--b--\r\n"
)
METADATA = {
    "main_module": "index.js",
    "bindings": [{"name": "R", "type": "durable_object_namespace", "class_name": "Room"}],
}


def form(metadata: object) -> bytes:
    return FORM.format(metadata=json.dumps(metadata)).encode("latin-1")


def test_a_form_is_read_part_by_part() -> None:
    upload = read(form(METADATA), "wrangler deploy")

    bound = (Bound("R", "durable_object_namespace", "Room"),)
    modules = {"index.js": "export {};\r\n"}
    assert upload == Upload("wrangler deploy", "index.js", bound, modules, ("a.wasm",))


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("far.dat", "application/javascript+module", "far.dat.js"),
        ("far.txt", "application/javascript; charset=utf-8", "far.txt.js"),
        ("far.dat", "text/x-python", "far.dat.py"),
        ("far.mjs", "application/javascript+module", "far.mjs"),
        ("far.txt", "text/plain", "far.txt"),
    ],
)
def test_a_module_that_is_run_is_named_so(name: str, kind: str, expected: str) -> None:
    part = f'--b\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {kind}\r\n\r\n'

    upload = read(f"{part}{KEEPER}\r\n".encode() + form(METADATA), "wrangler deploy")
    alone = read(
        f"{part}x\r\n".encode() + form({**METADATA, "main_module": name}), "wrangler deploy"
    )

    assert (KEEPER, expected) == (upload.modules[expected], alone.main)


NO_FORMS = {
    "nothing": b"",
    "no form": b"export {};",
    "no metadata": b'--b\r\nContent-Disposition: form-data; name="a.js"\r\n\r\nx\r\n--b--',
    "metadata that are none": form([]),
    "another main module": form({"main_module": "b.js"}),
    "a binding without a type": form({**METADATA, "bindings": [{"name": "R"}]}),
    "a part without a name": b"--b\r\nContent-Type: x\r\n\r\nx\r\n--b--",
}


@pytest.mark.parametrize("fault", NO_FORMS)
def test_what_is_no_form_is_refused(fault: str) -> None:
    with pytest.raises(Unusable):
        read(NO_FORMS[fault], "wrangler deploy")


@given(st.binary(max_size=80), st.integers(0, 600))
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_another_error(piece: bytes, at: int) -> None:
    content = form(METADATA)

    with suppress(Unusable):
        upload = read(content[:at] + piece + content[at:], "wrangler deploy")
        assert upload.main in upload.modules


# -- the rule


def judged(upload: Upload) -> list[Finding | Doubt]:
    case = case_of({}, {"a.ts": ""}, Options(bundle=True))
    measured = Measured(Bundled("wrangler", (upload,)), "tree")
    case = replace(case, readings={Need("bundle", Which.HEAD): measured})
    assert RULE.check is not None
    return [each for each in RULE.check(case) if isinstance(each, Finding | Doubt)]


CLEAN = Upload("wrangler deploy", "i.js", (Bound("DB", "d1"),), {"i.js": "export default {};"})
UPLOADS: Mapping[str, tuple[Upload, str]] = {
    "a binding": (
        replace(CLEAN, bindings=(Bound("R", "durable_object_namespace", "Room"),)),
        "`wrangler deploy` binds `R` to a Durable Object of the class `Room`",
    ),
    "a class": (
        replace(CLEAN, modules={"i.js": KEEPER}),
        "uploads i.js, in which 2: The class `Held` extends `cloudflare:workers.DurableObject`",
    ),
    "a module without a suffix": (
        replace(CLEAN, modules={"late": KEEPER}),
        "uploads late.js, in which 2",
    ),
    "a class of Python": (
        replace(CLEAN, modules={"i.py": "from workers import DurableObject"}),
        "uploads i.py, in which 1",
    ),
    "a choice by the shape of a name": (
        replace(
            CLEAN,
            modules={
                "i.js": 'import * as w from "cloudflare:workers";\n'
                "const [, B] = Object.entries(w).find(([k]) => k.length === 13);\n"
                "export class R extends B {}"
            },
        ),
        "i.js:2: what becomes of the platform's module `w` cannot be followed",
    ),
}


@pytest.mark.parametrize("case", UPLOADS)
def test_what_would_be_uploaded_is_looked_at(case: str) -> None:
    upload, expected = UPLOADS[case]

    said = judged(upload)

    assert len(said) == 1
    assert expected in (said[0].message if isinstance(said[0], Finding) else said[0].reason)


def test_an_upload_without_any_is_kept() -> None:
    assert [] == judged(CLEAN)


def test_nothing_is_measured_unless_it_is_asked_for() -> None:
    assert RULE.needs is not None

    assert [(), (Need("bundle", Which.HEAD),)] == [
        tuple(RULE.needs(Options(bundle=asked))) for asked in (False, True)
    ]
