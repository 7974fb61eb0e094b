"""Linters look at every tracked file with the base's settings, or there is no reading."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gatekeeper.reading.unusable import Unusable
from tests.linting import Tree, furnished, linted, said, told

RUFF = '[tool.ruff.lint]\nselect = ["F"]\n'
MYPY = "[mypy]\nstrict = True\n"
ESLINT = 'export default [{rules: {"no-undef": "error", "no-console": "warn"}}];\n'
TYPED = (
    'import tseslint from "typescript-eslint";\n'
    'export default [{files: ["**/*.ts"], languageOptions: {parser: tseslint.parser}, '
    'rules: {"no-undef": "error"}}];\n'
)
TSC = '{"compilerOptions": {"strict": true, "skipLibCheck": true, "types": []}}\n'

PLUGIN = (
    "from mypy.plugin import Plugin\n\n\n"
    "def plugin(version: str) -> type[Plugin]:\n    return Plugin\n"
)

FAULTS = {
    "ruff": ({"pyproject.toml": RUFF}, "a.py", "import os\n", "F401"),
    "mypy": ({"mypy.ini": MYPY}, "a.py", 'x: int = ""\n', "assignment"),
    "eslint": ({"eslint.config.mjs": ESLINT}, "a.js", "f();\n", "no-undef"),
    "tsc": ({"tsconfig.json": TSC}, "a.ts", 'export const x: number = "";\n', "TS2322"),
}
TOOLS = sorted(FAULTS)


def faulty(tool: str, path: str = "") -> Tree:
    settings, usual, content, _ = FAULTS[tool]
    return {**settings, path or usual: content}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_fault_is_told_at_its_place(tmp_path: Path, tool: str) -> None:
    _, path, _, code = FAULTS[tool]

    reading = linted(tmp_path, tool, faulty(tool), faulty(tool))

    assert [f"{path}:1 {code}"] == told(reading)
    assert path in reading.files
    assert re.fullmatch(r"(?:ruff|mypy|ESLint|tsc) \d+\.\d+\.\d+\S*", reading.tool)


@pytest.mark.parametrize("tool", TOOLS)
def test_no_fault_is_an_empty_reading_with_files(tmp_path: Path, tool: str) -> None:
    settings, path, _, _ = FAULTS[tool]

    reading = linted(tmp_path, tool, {**settings, path: "\n"}, settings)

    assert ((), True, frozenset()) == (reading.warnings, path in reading.files, reading.unread)


LOOSE = {
    "ruff": [
        {"pyproject.toml": RUFF + 'per-file-ignores = {"*" = ["F"]}\n'},
        {"pyproject.toml": '[tool.ruff]\nexclude = ["*"]\nforce-exclude = true\n'},
        {".ruff.toml": 'lint.select = ["E9"]\n'},
        {"ruff.toml": 'lint.select = ["E9"]\n'},
        {".gitignore": "*.py\n"},
        {"pyproject.toml": ""},
        {"pyproject.toml": f"{RUFF}[tool.ruff]\nfix = true\n"},
    ],
    "mypy": [
        {"mypy.ini": "[mypy]\nignore_errors = True\n"},
        {"mypy.ini": "[mypy]\nexclude = a\n"},
        {"mypy.ini": "[mypy]\n[mypy-a]\nignore_errors = True\n"},
        {"mypy.ini": "[mypy]\ndisable_error_code = assignment\n"},
        {"mypy.ini": "[mypy]\nplugins = cheat.py\n", "cheat.py": "raise SystemExit(0)\n"},
    ],
    "eslint": [
        {"eslint.config.mjs": "export default [];\n"},
        {"eslint.config.mjs": 'export default [{ignores: ["**/*"]}];\n'},
        {"eslint.config.js": "process.exit(0);\n"},
        {"eslint-suppressions.json": '{"a.js": {"no-undef": {"count": 1}}}\n'},
    ],
    "tsc": [
        {"tsconfig.json": '{"compilerOptions": {"noCheck": true}}\n'},
        {"tsconfig.json": '{"exclude": ["a.ts"]}\n'},
        {"tsconfig.json": '{"files": ["b.ts"]}\n', "b.ts": "export {};\n"},
        {"tsconfig.json": '{"extends": "./loose.json"}\n', "loose.json": "{}\n"},
    ],
}


@pytest.mark.parametrize(
    ("tool", "change"),
    [
        pytest.param(tool, change, id=f"{tool}: {next(iter(change))} {number}")
        for tool in TOOLS
        for number, change in enumerate(LOOSE[tool])
    ],
)
def test_settings_of_the_head_hide_nothing(tmp_path: Path, tool: str, change: Tree) -> None:
    settings, path, _, code = FAULTS[tool]

    reading = linted(tmp_path, tool, {**faulty(tool), **change}, settings)

    assert f"{path}:1 {code}" in told(reading)


PYTHON_PLACES = (
    "dist/a.py",
    "venv/b.py",
    "node_modules/c.py",
    ".hid/d.py",
    "-x.py",
    "@x.py",
    "a b'.py",
    "a$x.py",
)


@pytest.mark.parametrize("tool", ["mypy", "ruff"])
def test_a_file_of_python_is_looked_at_wherever_it_is(tmp_path: Path, tool: str) -> None:
    settings, _, content, code = FAULTS[tool]

    reading = linted(tmp_path, tool, {**settings, **dict.fromkeys(PYTHON_PLACES, content)})

    assert sorted(f"{path}:1 {code}" for path in PYTHON_PLACES) == told(reading)


SCRIPT_PLACES = ("dist/a.js", ".hid/a.js", "-x.js", "[a].js", "a*.js", "a b'.js")


def test_a_script_is_looked_at_wherever_it_is(tmp_path: Path) -> None:
    settings, _, content, code = FAULTS["eslint"]

    reading = linted(tmp_path, "eslint", {**settings, **dict.fromkeys(SCRIPT_PLACES, content)})

    assert sorted(f"{path}:1 {code}" for path in SCRIPT_PLACES) == told(reading)


@pytest.mark.parametrize(
    ("tool", "head", "code"),
    [
        pytest.param("ruff", {"run": "#!/usr/bin/env python3\nimport os\n"}, "F401", id="a script"),
        pytest.param("ruff", {"a.pyi": "import os\n"}, "F401", id="a stub"),
        pytest.param("ruff", {"a.pyw": "import os\n"}, "F401", id="a script with windows"),
        pytest.param("mypy", {"a.pyw": "x: int = ''\n"}, "assignment", id="such a script's types"),
        pytest.param(
            "mypy", {"p/a.py": "x: int = ''\n", "q/a.py": ""}, "assignment", id="two of a name"
        ),
        pytest.param(
            "mypy",
            {
                "a.py": "",
                "one-more/a.py": "x: int = ''\n",
                "mypy.ini": "[mypy]\nexplicit_package_bases = True\n",
            },
            "assignment",
            id="two of a name where packages have explicit bases",
        ),
        pytest.param(
            "mypy", {"a.py": "x: int = ''\n", "a.pyi": "x: int\n"}, "assignment", id="a stub beside"
        ),
    ],
)
def test_files_of_odd_kinds_are_looked_at(tmp_path: Path, tool: str, head: Tree, code: str) -> None:
    reading = linted(tmp_path, tool, {**FAULTS[tool][0], **head})

    assert [code] == [each.code for each in reading.warnings]
    assert reading.files >= {each for each in head if not each.endswith(".ini")}


def test_settings_of_the_base_hold_in_folders_and_where_they_extend_others(tmp_path: Path) -> None:
    base = {
        "conf/base.toml": 'lint.select = ["F"]\n',
        "ruff.toml": 'extend = "conf/base.toml"\n',
        "sub/ruff.toml": 'lint.select = ["E7"]\n',
    }
    head = {
        **base,
        "conf/base.toml": 'lint.select = ["E9"]\n',
        "sub/ruff.toml": 'lint.select = ["E9"]\n',
        "a.py": "import os\n",
        "sub/b.py": "import os\nx = lambda: 1\n",
    }

    assert ["a.py:1 F401", "sub/b.py:2 E731"] == told(linted(tmp_path, "ruff", head, base))


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("pyproject.toml", '[tool]\nruff = { extend = "conf/base.toml" }\n'),
        ("pyproject.toml", 'tool.ruff.extend = "./conf/base.toml"\n'),
        ("ruff.toml", '"extend" = "conf/base.toml"\n'),
    ],
)
def test_settings_extend_others_however_toml_says_so(
    tmp_path: Path, name: str, settings: str
) -> None:
    base = {"conf/base.toml": 'lint.select = ["F"]\n', name: settings}
    head = {**base, "conf/base.toml": "lint.select = []\n", "a.py": "import os\n"}

    assert ["a.py:1 F401"] == told(linted(tmp_path, "ruff", head, base))


@pytest.mark.parametrize(
    "settings", ["[tool]\nmypy = {strict = true}\n", "tool.mypy.strict = true\n"]
)
def test_settings_of_mypy_are_found_however_toml_says_so(tmp_path: Path, settings: str) -> None:
    tree = {"pyproject.toml": settings, "setup.cfg": "[mypy]\n", "a.py": "def f(): ...\n"}

    assert ["a.py:1 no-untyped-def"] == told(linted(tmp_path, "mypy", tree, tree))


def test_settings_of_the_base_that_are_a_link_hold_where_the_head_has_none(tmp_path: Path) -> None:
    base = {"conf/lint": 'lint.select = ["D100"]\n'}
    room = furnished(tmp_path, "ruff", {"a.py": "X = 1\n", "conf/lint": ""}, base)
    assert room.base
    (room.base / "ruff.toml").symlink_to("conf/lint")

    assert ["a.py:1 D100"] == told(said("ruff", room))


@pytest.mark.parametrize(
    ("tool", "made"),
    [("ruff", "src/ruff.toml"), ("ruff", "pyproject.toml"), ("mypy", "mypy.ini")],
)
def test_settings_that_a_setup_made_are_no_settings(tmp_path: Path, tool: str, made: str) -> None:
    room = furnished(tmp_path, tool, {"src/a.py": "import os\n"}, {"src/a.py": ""})
    (room.tree / made).touch()

    with pytest.raises(Unusable, match=f"{made} is no file of the base"):
        said(tool, room)


@pytest.mark.parametrize("tool", ["mypy", "ruff"])
def test_code_behind_a_link_is_looked_at(tmp_path: Path, tool: str) -> None:
    settings, _, content, code = FAULTS[tool]
    room = furnished(tmp_path, tool, {**settings, "code.txt": content, "ok.py": ""})
    (room.tree / "a.py").symlink_to("code.txt")
    (room.tree / "same.py").symlink_to("ok.py")

    reading = said(tool, replace(room, files=("a.py", "code.txt", "ok.py", "same.py")))

    assert [f"a.py:1 {code}"] == told(reading)
    assert {"a.py", "ok.py"} == reading.files


def test_types_of_typescript_are_linted(tmp_path: Path) -> None:
    tree = {"eslint.config.mjs": TYPED, "a.ts": "const x: number = y;\nexport default x;\n"}

    assert ["a.ts:1 no-undef"] == told(linted(tmp_path, "eslint", tree, tree))


def test_files_of_a_kind_that_was_agreed_to_be_left_out_are_no_doubt(tmp_path: Path) -> None:
    base = {"eslint.config.mjs": ESLINT, "old.ts": "export {};\n", "a.js": "\n"}
    head = {**base, "new.ts": "export {};\n", "odd.mts": "export {};\n"}

    reading = linted(tmp_path, "eslint", head, base)

    assert {"odd.mts"} == reading.unread
    assert {"a.js", "eslint.config.mjs"} == reading.files


def test_a_place_that_nobody_agreed_to_leave_out_is_a_doubt(tmp_path: Path) -> None:
    settings = {"tsconfig.json": '{"compilerOptions": {"types": []}, "include": ["src"]}\n'}
    base = {**settings, "src/a.ts": "export {};\n", "vite.config.ts": "export {};\n"}
    head = {**base, "hidden/b.ts": 'export const x: number = "";\n'}

    reading = linted(tmp_path, "tsc", head, base)

    assert {"src/a.ts"} == reading.files
    assert {"hidden/b.ts"} == reading.unread


@pytest.mark.parametrize(
    ("tool", "settings", "head"),
    [
        pytest.param(
            "eslint",
            {"eslint.config.mjs": ESLINT},
            {"eslint.config.mjs": "f();\n"},
            id="eslint.config.mjs",
        ),
        pytest.param(
            "mypy",
            {"mypy.ini": "[mypy]\nplugins = own.py\n", "own.py": PLUGIN},
            {"own.py": "raise SystemExit(0)\n"},
            id="a plugin",
        ),
    ],
)
def test_a_program_of_the_settings_that_was_exchanged_is_not_taken_for_looked_at(
    tmp_path: Path, tool: str, settings: Tree, head: Tree
) -> None:
    reading = linted(tmp_path, tool, {**faulty(tool), **settings, **head}, settings)

    assert head.keys() == reading.unread
    assert [FAULTS[tool][3]] == [each.code for each in reading.warnings]


LATIN = "x = '\xe9'\n".encode("latin-1")


@pytest.mark.parametrize(("tool", "path"), [("ruff", "b.py"), ("mypy", "b.py"), ("tsc", "b.ts")])
def test_a_file_that_is_no_utf_8_is_unread(tmp_path: Path, tool: str, path: str) -> None:
    room = furnished(tmp_path, tool, {**faulty(tool), path: ""})
    (room.tree / path).write_bytes(LATIN)

    reading = said(tool, room)

    assert {path} == reading.unread
    assert len(reading.warnings) == 1


def test_what_mypy_cannot_parse_keeps_it_from_no_other_file(tmp_path: Path) -> None:
    importer = {"c.py": "import b\nvalue: int = b.gone()\n"}

    reading = linted(tmp_path, "mypy", {**faulty("mypy"), **importer, "b.py": "def (\n"})

    assert {("a.py", "assignment"), ("b.py", "syntax")} == {
        (each.path, each.code) for each in reading.warnings
    }
    assert {"a.py", "b.py", "c.py"} == reading.files


def test_what_mypy_could_not_get_to_is_unread(tmp_path: Path) -> None:
    room = furnished(tmp_path, "mypy", {**faulty("mypy"), "b.py": "def (\n"})
    # A link is a file of another name, and nothing is written in its place.
    (room.tree / "code.txt").write_text("def (\n")
    (room.tree / "b.py").unlink()
    (room.tree / "b.py").symlink_to("code.txt")

    reading = said("mypy", replace(room, files=("a.py", "b.py", "code.txt")))

    assert {"syntax"} == {each.code for each in reading.warnings}
    assert {"a.py"} == reading.unread


@pytest.mark.parametrize("tool", TOOLS)
def test_no_file_is_no_reading(tmp_path: Path, tool: str) -> None:
    with pytest.raises(Unusable, match=r"not one tracked file is of a kind that|there is no"):
        linted(tmp_path, tool, {"README.md": "\n"})


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_that_is_not_installed_is_no_reading(tmp_path: Path, tool: str) -> None:
    room = furnished(tmp_path, tool, faulty(tool))
    modules = room.tree / "node_modules"
    if modules.is_symlink():
        modules.unlink()
    bare = replace(room, env={**room.env, "PATH": "/usr/bin:/bin"})

    with pytest.raises(Unusable, match="not installed"):
        said(tool, bare)


def _stand_in(room_bin: Path, tool: str, content: str) -> None:
    room_bin.mkdir()
    (room_bin / tool).write_text(content)
    (room_bin / tool).chmod(0o755)


@pytest.mark.parametrize(
    ("tool", "content"),
    [
        pytest.param("ruff", "#!/bin/sh\necho '[]'\n", id="a script called ruff"),
        pytest.param("mypy", "#!/bin/sh\necho\n", id="a script called mypy"),
    ],
)
def test_a_program_that_stands_in_for_the_tool_is_no_reading(
    tmp_path: Path, tool: str, content: str
) -> None:
    room = furnished(tmp_path, tool, faulty(tool))
    _stand_in(tmp_path / "bin", tool, content)
    path = f"{tmp_path / 'bin'}:/usr/bin:/bin"

    with pytest.raises(Unusable, match="not installed"):
        said(tool, replace(room, env={**room.env, "PATH": path}))


def test_a_program_of_the_tree_is_passed_over(tmp_path: Path) -> None:
    room = furnished(tmp_path, "ruff", faulty("ruff"))
    _stand_in(room.tree / "bin", "ruff", "#!/bin/sh\necho '[]'\n")
    path = f"{room.tree / 'bin'}:{room.env['PATH']}"

    reading = said("ruff", replace(room, env={**room.env, "PATH": path}))

    assert ["a.py:1 F401"] == told(reading)


@pytest.mark.parametrize(
    ("tool", "head"),
    [
        pytest.param("mypy", {"mypy/__init__.py": "", "mypy/__main__.py": "print()\n"}, id="mypy"),
        pytest.param("mypy", {"json.py": "raise SystemExit(0)\n"}, id="a module that mypy uses"),
        pytest.param(
            "eslint", {"package.json": '{"name": "eslint", "main": "a.js"}\n'}, id="eslint"
        ),
    ],
)
def test_a_module_of_the_tree_does_not_stand_in_for_the_tool(
    tmp_path: Path, tool: str, head: Tree
) -> None:
    settings, path, _, code = FAULTS[tool]
    room = furnished(tmp_path, tool, {**faulty(tool), **head}, settings)

    try:
        found = told(said(tool, room))
    except Unusable:
        # mypy refuses to check modules that are called like its own.
        found = []

    assert found in ([], [f"{path}:1 {code}"])


def test_a_package_that_is_a_folder_of_the_tree_is_no_reading(tmp_path: Path) -> None:
    head = {**faulty("eslint"), "tools/eslint/bin/eslint.js": "console.log('[]');\n"}
    room = furnished(tmp_path, "eslint", head)
    (room.tree / "node_modules").unlink()
    (room.tree / "node_modules").mkdir()
    (room.tree / "node_modules" / "eslint").symlink_to(room.tree / "tools" / "eslint")

    with pytest.raises(Unusable, match="a folder of the tree itself"):
        said("eslint", room)


@pytest.mark.parametrize(
    ("tool", "base"),
    [
        pytest.param("mypy", {"mypy.ini": "[mypy]\nignore_errors = True\n"}, id="mypy"),
        pytest.param("tsc", {"tsconfig.json": '{"compilerOptions": {"noCheck": true}}'}, id="tsc"),
    ],
)
def test_a_tool_that_finds_nothing_whatever_there_is_is_no_reading(
    tmp_path: Path, tool: str, base: Tree
) -> None:
    with pytest.raises(Unusable, match="cannot be trusted"):
        linted(tmp_path, tool, faulty(tool), base)


@pytest.mark.parametrize(
    ("tool", "settings"),
    [
        pytest.param("ruff", {"pyproject.toml": "[tool.ruff]\nno-such = 1\n"}, id="ruff"),
        pytest.param("ruff", {"ruff.toml": 'required-version = "==0.0.1"\n'}, id="another version"),
        pytest.param("mypy", {"mypy.ini": "[mypy]\nplugins = nowhere\n"}, id="mypy"),
        pytest.param("eslint", {"eslint.config.mjs": "export default [1];\n"}, id="ESLint"),
        pytest.param("tsc", {"tsconfig.json": '{"extends": "./nowhere.json"}'}, id="tsc"),
        pytest.param("tsc", {"tsconfig.json": "{"}, id="settings that are no JSON"),
        pytest.param(
            "tsc",
            {"tsconfig.json": '{"files": [], "references": [{"path": "./app"}]}'},
            id="references alone",
        ),
    ],
)
def test_a_tool_that_gives_up_is_no_reading(tmp_path: Path, tool: str, settings: Tree) -> None:
    _, path, content, _ = FAULTS[tool]
    tree = {**settings, path: content}

    with pytest.raises(Unusable):
        linted(tmp_path, tool, tree, tree)


def test_a_fault_of_the_settings_themselves_is_told(tmp_path: Path) -> None:
    tree = {"tsconfig.json": '{"compilerOptions": {"target": "x"}}', "a.ts": "export {};\n"}

    assert ["tsconfig.json:1 TS6046"] == told(linted(tmp_path, "tsc", tree, tree))


def test_many_files_are_looked_at_in_batches(tmp_path: Path) -> None:
    head = {f"src/{'x' * 100}_{number}.py": "import os\n" for number in range(900)}

    reading = linted(tmp_path, "ruff", {"pyproject.toml": RUFF, **head})

    assert len(head) == len(reading.warnings) == len(reading.files)


def test_a_folder_of_a_repository_has_its_own_settings(tmp_path: Path) -> None:
    tree = {"web/pyproject.toml": RUFF, "web/a.py": "import os\n", "other.py": "import os\n"}
    room = furnished(tmp_path, "ruff", tree, tree)

    reading = said("ruff", replace(room, cwd=room.tree / "web"))

    assert ["web/a.py:1 F401"] == told(reading)
    assert {"web/a.py"} == reading.files


def test_ruff_on_no_files_says_yes_and_gatekeeper_says_there_is_no_reading(tmp_path: Path) -> None:
    (tmp_path / "peer").mkdir()
    command = (sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    peer = subprocess.run(command, cwd=tmp_path / "peer", check=False, capture_output=True)

    with pytest.raises(Unusable, match="not one tracked file"):
        linted(tmp_path, "ruff", {"README.md": ""})

    assert peer.returncode == 0


def test_a_deep_file_ends_ruff_and_there_is_no_reading(tmp_path: Path) -> None:
    head = {**faulty("ruff"), "deep.py": f"x = {'+'.join('a' * 60_000)}\n"}
    room = furnished(tmp_path, "ruff", head)

    try:
        found = told(said("ruff", room))
    except Unusable:
        found = ["a.py:1 F401"]

    assert "a.py:1 F401" in found
    assert shutil.which("ruff", path=room.env["PATH"]) is not None
