"""In a room of Node, what the head brings along does not run in place of what was agreed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from gatekeeper.reading.room import Room
from gatekeeper.reading.stand_ins import refuse_stand_ins
from gatekeeper.reading.unusable import Unusable
from gatekeeper.terms import ReadingPlan
from tests.rooms import room_of

Tree = Mapping[str, str]
Packages = Mapping[str, Mapping[str, object]]

VITEST = {"version": "4.1.12", "bin": {"vitest": "vitest.mjs"}}
TSC = {"version": "6.0.3", "bin": {"tsc": "bin/tsc"}}
LOCKED: Packages = {"node_modules/vitest": VITEST, "node_modules/typescript": TSC}
LOCAL = {"resolved": "tools/vitest", "link": True}
SCRIPTS = {"test": "vitest run", "build": "npm run types && node pack.js", "types": "tsc"}


def lock(packages: Packages) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, **packages}})


def manifest(**scripts: str) -> str:
    return json.dumps({"name": "tally", "scripts": scripts})


BASE: Tree = {"package-lock.json": lock(LOCKED), "package.json": manifest(**SCRIPTS)}


def sides(folder: Path, head: Tree, base: Tree = BASE) -> Room:
    """A room of a head that is the base but for some files, its programs as npm links them."""
    room = room_of(folder, {**base, **head})
    for path, content in base.items():
        (folder.resolve() / "base" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder.resolve() / "base" / path).write_text(content)
    install(room, "vitest", "node_modules/vitest/vitest.mjs")
    install(room, "tsc", "node_modules/typescript/bin/tsc")
    return replace(room, base=folder.resolve() / "base")


def install(room: Room, name: str, leads_to: str) -> None:
    """A program of `node_modules`, which a link leads to."""
    file, link = room.tree / leads_to, room.tree / "node_modules/.bin" / name
    for each in (file, link):
        each.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("")
    link.unlink(missing_ok=True)
    link.symlink_to(file)


def refusal(room: Room, run: str = "npx vitest run", cwd: str = "") -> str:
    """Why a run in the room proves nothing; nothing where it may be run."""
    placed = replace(room, cwd=room.tree / cwd)
    try:
        refuse_stand_ins(ReadingPlan(run, cwd=cwd), placed)
    except Unusable as unusable:
        return str(unusable)
    return ""


@pytest.mark.parametrize("run", ["npx vitest run", "npm test", "yarn build", "make", "tsc -p ."])
def test_a_head_that_changes_none_of_it_may_be_run(tmp_path: Path, run: str) -> None:
    assert "" == refusal(sides(tmp_path, {"src/a.ts": "export {};\n"}), run)


def test_what_the_base_does_itself_is_agreed(tmp_path: Path) -> None:
    room = sides(tmp_path, {"package-lock.json": lock({"node_modules/vitest": LOCAL})})

    assert "" == refusal(replace(room, base=None))


ORIGINS = [
    pytest.param(LOCAL, "comes from the folder tools/vitest", id="a folder of the tree"),
    pytest.param({"resolved": "file:v.tgz"}, "comes from file:v.tgz", id="an archive of the tree"),
    pytest.param({"resolved": "git+ssh://a/b.git#1"}, "comes from git+ssh:", id="a repository"),
    pytest.param({"name": "almost-vitest"}, "is almost-vitest there", id="another package"),
]


@pytest.mark.parametrize(("said", "why"), ORIGINS)
def test_a_package_must_come_from_where_it_came_from(
    tmp_path: Path, said: Mapping[str, object], why: str
) -> None:
    head = lock({**LOCKED, "node_modules/vitest": {**VITEST, **said}})

    assert f"the package vitest {why}" in refusal(sides(tmp_path, {"package-lock.json": head}))


@pytest.mark.parametrize(("said", "_why"), ORIGINS)
def test_what_was_agreed_at_the_base_may_come_from_anywhere(
    tmp_path: Path, said: Mapping[str, object], _why: str
) -> None:
    both = lock({**LOCKED, "node_modules/vitest": {**VITEST, **said}})

    assert "" == refusal(sides(tmp_path, {}, {**BASE, "package-lock.json": both}))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"node_modules/vitest": {**VITEST, "version": "4.2.0"}}, id="another version"),
        pytest.param({"node_modules/prices": {"resolved": "prices", "link": True}}, id="new"),
        pytest.param({"node_modules/left": {"resolved": "https://a.example/b"}}, id="a registry"),
    ],
)
def test_other_packages_are_no_matter(tmp_path: Path, said: Packages) -> None:
    head = lock({**LOCKED, **said})

    assert "" == refusal(sides(tmp_path, {"package-lock.json": head}))


def test_what_npm_has_installed_counts_before_what_it_was_told(tmp_path: Path) -> None:
    room = sides(tmp_path, {})
    installed = lock({"node_modules/vitest": LOCAL})
    (room.tree / "node_modules/.package-lock.json").write_text(installed)

    assert "the folder tools/vitest" in refusal(room)


def test_without_a_lock_file_what_the_base_asks_for_is_meant_to_be_of_a_registry(
    tmp_path: Path,
) -> None:
    base = {"package.json": json.dumps({"devDependencies": {"vitest": "^4"}})}
    head = {"package-lock.json": lock({"node_modules/vitest": LOCAL})}

    assert "the folder tools/vitest" in refusal(sides(tmp_path, head, base))


@pytest.mark.parametrize("run", ["npx vitest run", "CI=1 vitest", "npm test"])
def test_a_file_of_the_tree_is_not_run_by_the_name_of_a_tool(tmp_path: Path, run: str) -> None:
    room = sides(tmp_path, {})
    install(room, "vitest", "tools/forged.js")

    assert "vitest is a file of the tree itself" in refusal(room, run)


def test_a_program_that_the_run_does_not_name_may_be_of_the_tree(tmp_path: Path) -> None:
    room = sides(tmp_path, {})
    install(room, "pack", "tools/pack.js")

    assert "" == refusal(room)


@pytest.mark.parametrize(
    ("name", "run"),
    [
        pytest.param("vitest", "npx vitest run", id="the tool"),
        pytest.param("cp", "npx vitest run; cp a {out}", id="what the line needs beside it"),
        pytest.param("node", "npx vitest run", id="what runs all of them"),
        pytest.param("tsc", "npm run build", id="what a script needs"),
    ],
)
def test_a_program_is_of_the_package_that_it_was_of(tmp_path: Path, name: str, run: str) -> None:
    room = sides(tmp_path, {})
    install(room, name, "node_modules/@other/tools/cli.js")

    assert f"the program {name} is of the package @other/tools at the head" in refusal(room, run)


@pytest.mark.parametrize(
    ("run", "altered", "named"),
    [
        pytest.param("npm test", "test", "test", id="npm test"),
        pytest.param("npm t", "test", "test", id="npm t"),
        pytest.param("CI=1 npm run build", "build", "build", id="behind a variable"),
        pytest.param("yarn build", "types", "types", id="a script that another one runs"),
        pytest.param("npm test", "pretest", "pretest", id="what is run before it"),
        pytest.param("node --run test", "test", "test", id="node"),
        pytest.param("run-s 'ty*'", "types", "types", id="a pattern"),
    ],
)
def test_a_script_of_the_head_is_not_what_was_agreed(
    tmp_path: Path, run: str, altered: str, named: str
) -> None:
    head = {"package.json": manifest(**{**SCRIPTS, altered: "exit 0"})}

    assert f"goes through the script `{named}`" in refusal(sides(tmp_path, head), run)


@pytest.mark.parametrize(
    ("run", "altered"),
    [
        pytest.param("npx vitest run", "test", id="the tool itself"),
        pytest.param("npm test", "types", id="another script"),
        pytest.param("npm test", "migrate", id="a new script"),
    ],
)
def test_scripts_that_are_not_run_may_change(tmp_path: Path, run: str, altered: str) -> None:
    head = {"package.json": manifest(**{**SCRIPTS, altered: "exit 0"})}

    assert "" == refusal(sides(tmp_path, head), run)


def test_a_package_of_its_own_folder_is_looked_at(tmp_path: Path) -> None:
    base = {f"web/{path}": content for path, content in BASE.items()}
    head = {"web/package.json": manifest(**{**SCRIPTS, "test": "exit 0"})}

    assert "the script `test`" in refusal(sides(tmp_path, head, base), "npm test", "web")


@pytest.mark.parametrize(
    "line", ["script-shell=./sh", "SCRIPT_SHELL = ./sh", "node-options=--require ./a.js"]
)
def test_a_head_does_not_say_what_starts_the_tools(tmp_path: Path, line: str) -> None:
    room = sides(tmp_path, {".npmrc": f"fund=false\n{line}\n"})

    assert ".npmrc sets" in refusal(room)


def test_other_settings_of_npm_may_change(tmp_path: Path) -> None:
    room = sides(tmp_path, {".npmrc": "fund=false\n; script-shell=./sh\n"})

    assert "" == refusal(room)


@pytest.mark.parametrize("name", [".yarnrc.yml", ".pnp.cjs"])
def test_a_head_does_not_say_what_yarn_is(tmp_path: Path, name: str) -> None:
    room = sides(tmp_path, {name: "yarnPath: ./forged.cjs\n"})

    assert f"{name} is another one at the head" in refusal(room, "yarn test")


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("package-lock.json", "{", id="a lock file cut off"),
        pytest.param("package.json", "{'a': 1}", id="a package.json that is no JSON"),
    ],
)
def test_what_cannot_be_read_proves_nothing(tmp_path: Path, path: str, content: str) -> None:
    assert f"{path} cannot be read" in refusal(sides(tmp_path, {path: content}), "npm test")
