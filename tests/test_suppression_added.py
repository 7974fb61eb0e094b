"""A new way to hide a warning is found wherever it stands; an old one that moved is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gatekeeper import NoOptions
from gatekeeper.minding import Minding
from gatekeeper_rules.suite.suppression_added import RULE, concerns
from tests.cases import LINK, Files, case_of, doubts, findings, no_subjects, places
from tests.test_suppressions import PYTHON, SCRIPT

ANY = "from typing import Any\n"
BODY = "import json\n\n\ndef load(path):\n    text = open(path).read()\n    return eval(text)"
OTHER = "import json\n\n\ndef dump(path, value):\n    with open(path, 'w') as file:\n        "


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            {"a.py": "x = f()  # noqa: A1\n"},
            {"a.py": "x = f()\ny = f()  # noqa: A1\n"},
            ["head a.py:2"],
            id="mended one, added one",
        ),
        pytest.param(
            {"a.py": "def f():\n    g()  # noqa: A1\n"},
            {"a.py": "def f():\n    g()\n\ndef h():\n    g()  # noqa: A1\n"},
            ["head a.py:5"],
            id="the same line in another function",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY}\n", "b.py": f"{OTHER}return eval(text)  # noqa: A1\n"},
            ["head b.py:6"],
            id="the same line in another file",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY}  # noqa: A1\n", "b.py": f"{BODY}  # noqa: A1\n"},
            ["head b.py:6"],
            id="copied code",
        ),
        pytest.param(
            {"a.py": "x = 1\n"},
            {"a.py": "x = 1  # type: ignore  # noqa\n"},
            ["head a.py:1"] * 2,
            id="two on one line",
        ),
        pytest.param(
            {"a.py": "# type: ignore[a]\nx = 1\n"},
            {"a.py": "# type: ignore\nx = 1\n"},
            ["head a.py:1"],
            id="a whole file",
        ),
        pytest.param(
            {"a.ts": "/* eslint-disable a */\nf();\n/* eslint-enable a */\ng();\n"},
            {"a.ts": "/* eslint-disable a */\nf();\ng();\n"},
            ["head a.ts:1"],
            id="an end that is gone",
        ),
        pytest.param(
            {"a.ts": "// @ts-expect-error\nf();\n"},
            {"a.ts": "// @ts-ignore\nf();\n"},
            ["head a.ts:1"],
            id="an expectation that became an excuse",
        ),
        pytest.param(
            {"a.ts": "// eslint-disable-next-line a\nf();\n"},
            {"a.ts": "/* eslint-disable a */\nf();\n"},
            ["head a.ts:1"],
            id="a line that became the rest of the file",
        ),
        pytest.param(
            {},
            {"bin/run": "#!/usr/bin/env python3\nx = 1  # noqa\n"},
            ["head bin/run:2"],
            id="a script without a suffix",
        ),
        pytest.param(
            {"a.py": f"{ANY}def f(x: Any, y: int): ...\n"},
            {"a.py": f"{ANY}def f(x: int, y: Any): ...\n"},
            ["head a.py:2"],
            id="Any at another parameter",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY.replace('eval(text)', 'json.loads(path)')}  # noqa: A1\n"},
            ["head a.py:6"],
            id="another statement in its place",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY}\n    return eval(path)  # noqa: A1\n"},
            ["head a.py:7"],
            id="one that is much like it, beside it",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY.replace('eval(text)', 'eval(text,)')}  # noqa\n"},
            ["head a.py:6"],
            id="a statement that was changed, and more hidden",
        ),
        pytest.param(
            {"a.py": f"{ANY}def f(x: dict[str, Any]): ...\n"},
            {"a.py": f"{ANY}def f(x: Any): ...\n"},
            ["head a.py:2"],
            id="Any for a dict with Any in it",
        ),
        pytest.param(
            {"a.py": "def f(x: int): ...\n"},
            {"a.py": f"{ANY}def f(x: int | Any, y: Any): ...\n"},
            ["head a.py:2"] * 2,
            id="Any for a type, and at a new parameter",
        ),
        pytest.param(
            {"a.test.ts": "get(1); // one\n"},
            {"a.test.ts": "// @ts-expect-error\nget(1); // one\n"},
            ["head a.test.ts:1"],
            id="an old statement of a test that does not compile any more",
        ),
        pytest.param(
            {"a.ts": "get(1);\n"},
            {"a.ts": "get(1);\n// @ts-expect-error\nget('');\n"},
            ["head a.ts:2"],
            id="an expected error outside of tests",
        ),
    ],
)
def test_what_is_new_is_found(before: Files, after: Files, expected: list[str]) -> None:
    assert tuple(expected) == places(RULE, case_of(before, after, NoOptions()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            {"a.py": "x = 1  # noqa: A1\n"},
            {"a.py": "y = 2\n\n\nx  =  1 # noqa:A1\n"},
            id="lower down",
        ),
        pytest.param(
            {"a.py": "x = 1  # noqa\n"}, {"a.py": "x = 1  # noqa: A1\n"}, id="with fewer codes"
        ),
        pytest.param({"a.py": f"{BODY}  # noqa\n"}, {"b/c.py": f"{BODY}  # noqa\n"}, id="renamed"),
        pytest.param(
            {"a.py": f"# ruff: noqa\n{BODY}\n"},
            {"c.py": f"# ruff: noqa\n{BODY}\nx = 1\n"},
            id="for a whole file, renamed",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa\n\nx = 1\n", "b.py": "y = 1\n"},
            {"a.py": "x = 1\n", "b.py": f"y = 1\n{BODY}  # noqa\n"},
            id="a function that moved to another file",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa\n"},
            {"a.py": f"{BODY}  # noqa\n".replace("load", "read")},
            id="a function of another name",
        ),
        pytest.param(
            {"a.ts": "// @ts-ignore\nf();\n"},
            {"a.ts": "// @ts-expect-error\nf();\n"},
            id="an excuse that became an expectation",
        ),
        pytest.param(
            {"a.ts": "// eslint-disable-next-line a\nf();\n"},
            {"a.ts": "f(); // eslint-disable-line a\n"},
            id="beside its line instead of above it",
        ),
        pytest.param({"a.py": "x = 1  # noqa\n"}, {"a.py": "x = 1\n"}, id="taken out"),
        pytest.param({"a.py": "x = 1  # noqa\n"}, {}, id="deleted"),
        pytest.param({}, {"a.md": "# noqa\n"}, id="prose"),
        pytest.param({}, {"t.test-d.ts": "// @ts-expect-error\nf(1);\n"}, id="a test of types"),
        pytest.param(
            {},
            {"tests/test_a.py": "from typing import Any\ndef test_a(x: Any): ...\n"},
            id="Any in a test",
        ),
        pytest.param(
            {"a.py": "def f(x, *y, **z): ...\n"},
            {"a.py": f"{ANY}def f(x: Any, *y: Any, **z: Any) -> list[Any]: ...\n"},
            id="Any where nothing was said",
        ),
        pytest.param(
            {"a.py": f"{ANY}def f(x: int, y: Optional[Any], z) -> Dict[str, Any]: ...\n"},
            {"a.py": f"{ANY}def f(y: list[Any], z: int = 1) -> dict[str, Any]: ...\n"},
            id="the same Any in other words",
        ),
        pytest.param(
            {"a.py": f"{BODY}  # noqa: A1\n"},
            {"a.py": f"{BODY.replace('eval(text)', 'eval(text,)')}  # noqa: A1\n"},
            id="a statement that was changed a little",
        ),
        pytest.param(
            {"a.py": "import typing as t\ndef f() -> t.Optional[t.Union[int, t.Any]]: ...\n"},
            {"a.py": f"{ANY}def f() -> Any | None: ...\n"},
            id="a union of Any in other words",
        ),
        pytest.param(
            {"a.test.ts": "get(1);\n"},
            {"a.test.ts": "get(1);\n// @ts-expect-error no text\nget('');\n"},
            id="a new test that something does not compile",
        ),
    ],
)
def test_what_is_not_new_is_not_found(before: Files, after: Files) -> None:
    assert () == places(RULE, case_of(before, after, NoOptions()))


TABLES = [
    ("pyproject.toml", "[tool.ruff.lint]\n", 'ignore = ["E501"]\n'),
    ("pyproject.toml", "[tool.ruff.lint]\n", 'per-file-ignores = {"a.py" = ["F401"]}\n'),
    ("pyproject.toml", "[tool.ruff]\n", 'extend-exclude = ["src/a.py"]\n'),
    ("pyproject.toml", "[tool.mypy]\n", 'exclude = "a.py"\n'),
    ("pyproject.toml", "[tool.mypy]\n", "implicit_reexport = true\n"),
    ("pyproject.toml", "", '[[tool.mypy.overrides]]\nmodule = "a"\nignore_errors = true\n'),
    ("pyproject.toml", "[tool.coverage.run]\n", 'omit = ["a.py"]\n'),
    ("pyproject.toml", "[tool.coverage.report]\n", 'exclude_also = ["def unc"]\n'),
    ("pyproject.toml", "[tool.pyright]\n", 'reportCall = "none"\n'),
    ("pyproject.toml", '[tool.pylint."messages control"]\n', 'disable = ["C0103"]\n'),
    ("pyproject.toml", "[tool.bandit]\n", 'skips = ["B101"]\n'),
    ("ruff.toml", "line-length = 80\n", 'lint.ignore = ["E501"]\n'),
    ("mypy.ini", "[mypy]\n", "disable_error_code = arg-type\n"),
    ("mypy.ini", "[mypy]\n", "[mypy-a.*]\nignore_missing_imports = True\n"),
    ("setup.cfg", "[flake8]\n", "per-file-ignores =\n    a.py: F401\n    b.py: E501,W291\n"),
    (".flake8", "[flake8]\n", "extend-ignore = E203, W503\n"),
    ("tox.ini", "[coverage:report]\n", "exclude_lines =\n    def unc\n    n: int\n"),
    (".coveragerc", "[run]\n", "omit = a.py\n"),
    (".pylintrc", "[MESSAGES CONTROL]\n", "disable=invalid-name,\n  no-member\n"),
    ("pyrightconfig.json", '{"pythonVersion": "3.11"', ', "ignore": ["a.py"]'),
    ("tsconfig.json", '{"compilerOptions": {"target": "es2022"', ', "skipLibCheck": true'),
    ("tsconfig.json", '{"compilerOptions": {"target": "es2022"', ', "strictNullChecks": false'),
    ("tsconfig.build.json", '{"files": ["a.ts"]', ', "exclude": ["src/b.ts"]'),
    (".eslintrc.json", '{"root": true', ', "rules": {"no-a": "off"}'),
    (".eslintrc.json", '{"root": true', ', "rules": {"@t/no-a": ["warn", {"x": 1}]}'),
    (".eslintrc.json", '{"root": true', ', "overrides": [{"files": "a.ts", "rules": {"a": 0}}]'),
    (".eslintrc.yml", "root: true\n", "rules:\n  no-a: off\n"),
    (".eslintrc", "root: true\n", "ignorePatterns: [a.js]\n"),
    (".eslintignore", "dist\n", "src/a.js\n"),
    (".prettierignore", "dist\n", "src/a.js\n"),
    ("package.json", '{"name": "a"', ', "eslintConfig": {"rules": {"no-a": 0}}'),
    ("package.json", '{"name": "a"', ', "jest": {"coveragePathIgnorePatterns": ["a"]}'),
    ("biome.json", '{"root": true', ', "linter": {"rules": {"style": {"noA": "off"}}}'),
    ("biome.json", '{"root": true', ', "linter": {"enabled": false}'),
    (".oxlintrc.json", '{"root": true', ', "rules": {"no-a": "allow"}'),
    ("deno.json", '{"name": "a"', ', "lint": {"exclude": ["a.ts"]}'),
    (".c8rc.json", '{"all": true', ', "exclude": ["a.js"]'),
    ("eslint.config.js", "export default [{ rules: { a: 2, ", '"no-b": "off", '),
    ("eslint.config.mjs", "export default [{ ", 'ignores: ["src/a.js"], '),
]


@pytest.mark.parametrize(
    ("path", "start", "added"), [pytest.param(*each, id=f"{each[0]} {each[2]}") for each in TABLES]
)
def test_an_exception_in_configuration_is_found(path: str, start: str, added: str) -> None:
    before, after = ({path: _closed(text)} for text in (start, start + added))

    found = findings(RULE, case_of(before, after, NoOptions()))

    assert {path} == {each.path for each in found}
    assert all(each.line for each in found)


@pytest.mark.parametrize(
    ("path", "start", "added"), [pytest.param(*each, id=f"{each[0]} {each[2]}") for each in TABLES]
)
def test_an_exception_that_is_taken_out_is_not_found(path: str, start: str, added: str) -> None:
    before, after = ({path: _closed(text)} for text in (start + added, start))

    assert () == places(RULE, case_of(before, after, NoOptions()))


def _closed(text: str) -> str:
    return text + "".join({"{": "}", "[": "]"}[each] for each in reversed(_open(text)))


def _open(text: str) -> list[str]:
    left: list[str] = []
    for each in text if text.startswith(("{", "export")) else "":
        if each in "{[":
            left.append(each)
        elif each in "}]":
            left.pop()
    return left


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            {"ruff.toml": 'lint.select = ["E", "F"]\n'},
            {"ruff.toml": 'lint.select = ["E"]\n'},
            ["base ruff.toml:1"],
            id="a family of codes",
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\nstrict = True\n"},
            {"mypy.ini": "[mypy]\n"},
            ["base mypy.ini:2"],
            id="strict",
        ),
        pytest.param({"mypy.ini": "[mypy]\nstrict = True\n"}, {}, ["base mypy.ini:2"], id="a file"),
        pytest.param(
            {"tsconfig.json": '{"compilerOptions": {"strict": true}}'},
            {"tsconfig.json": '{"compilerOptions": {}}'},
            ["base tsconfig.json:1"],
            id="strict TypeScript",
        ),
        pytest.param(
            {".eslintrc.json": '{"rules": {"a": "error"}}'},
            {".eslintrc.json": '{"rules": {"a": "warn"}}'},
            ["head .eslintrc.json:1"],
            id="an error that became a warning",
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\nwarn_unreachable = True\n"},
            {"mypy.ini": "[mypy]\nstrict = True\n"},
            ["base mypy.ini:2"],
            id="what strict does not turn on",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src', 'tests']\n"},
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src/shop', 'tests']\n"},
            ["base pyproject.toml:2"],
            id="a folder in another one for it",
        ),
        pytest.param(
            {"eslint.config.js": 'export default [{rules: {"no-a": "error"}}]'},
            {"eslint.config.js": "export default [{rules: {}}]"},
            ["base eslint.config.js:1"],
            id="a rule of a program",
        ),
    ],
)
def test_what_made_a_tool_look_and_is_gone_is_found(
    before: Files, after: Files, expected: list[str]
) -> None:
    assert tuple(expected) == places(RULE, case_of(before, after, NoOptions()))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            {"pyproject.toml": '[tool.ruff.lint]\nignore = ["E501"]\nselect = ["E"]\n'},
            {"ruff.toml": 'lint.ignore = ["E501"]\nlint.select = ["E"]\n'},
            id="settings that moved to a file of their own",
        ),
        pytest.param(
            {"ruff.toml": 'lint.ignore = ["E5"]\nlint.select = ["E501"]\n'},
            {"ruff.toml": 'lint.ignore = ["E501"]\nlint.select = ["E5"]\n'},
            id="fewer codes ignored and more selected",
        ),
        pytest.param(
            {"mypy.ini": "[mypy]\nwarn_return_any = False\n"},
            {"mypy.ini": "[mypy]\nwarn_return_any = True\nstrict = True\n"},
            id="stricter",
        ),
        pytest.param(
            {".eslintrc.json": '{"rules": {"a": "off"}}'},
            {".eslintrc.json": '{"rules": {"a": "warn"}}'},
            id="a rule that is on again",
        ),
        pytest.param({}, {"pytest.ini": "[pytest]\n"}, id="the first settings of a tool"),
        pytest.param(
            {
                "setup.cfg": "[mypy]\ndisallow_untyped_defs = True\nwarn_return_any = True\n"
                "[mypy-tests.*]\ncheck_untyped_defs = True\nignore_errors = True\n"
            },
            {
                "pyproject.toml": "[tool.mypy]\nstrict = true\n"
                "[[tool.mypy.overrides]]\nmodule = 'tests.*'\nignore_errors = true\n"
            },
            id="mypy's settings that moved and became strict",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src/shop', 'tests']\n"},
            {"pyproject.toml": "[tool.mypy]\nfiles = ['src', 'tests']\n"},
            id="a folder for one in it",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\nname = 'a'\n"},
            {"pyproject.toml": "[project]\nname = 'a'\n", "mypy.ini": "[mypy]\nstrict = True\n"},
            id="settings beside a file without any",
        ),
        pytest.param(
            {}, {".gitignore": "dist\n*.pyc\n", "src/a.py": "x = 1\n"}, id="what is built"
        ),
        pytest.param(
            {"a.pyi": "x: int\n", "a.py": ""}, {"a.pyi": "x: str\n", "a.py": ""}, id="a stub"
        ),
    ],
)
def test_settings_that_hide_no_more_are_not_found(before: Files, after: Files) -> None:
    assert () == places(RULE, case_of(before, after, NoOptions()))


RUFF = {"pyproject.toml": "[tool.ruff]\nline-length = 80\n", "src/a.py": "x = 1\n"}
PYTEST = {"pyproject.toml": "[tool.pytest.ini_options]\nstrict = true\n"}


@pytest.mark.parametrize(
    ("before", "path", "content"),
    [
        pytest.param(RUFF, ".ruff.toml", "line-length = 80\n", id="beside pyproject.toml"),
        pytest.param(RUFF, "src/ruff.toml", "line-length = 80\n", id="in a folder"),
        pytest.param(RUFF, "src/pyproject.toml", "[tool.ruff]\n", id="a section in a folder"),
        pytest.param(PYTEST, "pytest.ini", "", id="an empty pytest.ini"),
        pytest.param(
            {"setup.cfg": "[coverage:run]\nbranch = True\n"},
            ".coveragerc",
            "",
            id="an empty .coveragerc",
        ),
        pytest.param({"setup.cfg": "[mypy]\n"}, "mypy.ini", "[mypy]\n", id="mypy.ini"),
        pytest.param({"src/a.py": "x = 1\n"}, "src/a.pyi", "x: object\n", id="a stub"),
        pytest.param({"src/a.py": "x = 1\n"}, ".gitignore", "/src/\n", id="ignored sources"),
        pytest.param({"src/a.py": "x = 1\n"}, "src/.gitignore", "a.*\n", id="ignored in a folder"),
    ],
)
def test_a_file_that_stands_in_for_another_is_found(before: Files, path: str, content: str) -> None:
    found = findings(RULE, case_of(before, {**before, path: content}, NoOptions()))

    assert [path] == [each.path for each in found]


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        pytest.param({}, {"a.py": "x = '\n# noqa\n"}, "a.py", id="Python"),
        pytest.param(
            {"a.ts": "`// @ts-ignore"}, {"a.ts": "// @ts-ignore\n"}, "a.ts", id="the base"
        ),
        pytest.param({}, {"ruff.toml": "= 1\n"}, "ruff.toml", id="TOML"),
        pytest.param({}, {"tsconfig.json": "{"}, "tsconfig.json", id="JSON"),
        pytest.param({}, {".eslintrc.yml": "a: [b\n"}, ".eslintrc.yml", id="YAML"),
        pytest.param(
            {"eslint.config.js": "export default [a]"},
            {"eslint.config.js": "export default [b]"},
            "eslint.config.js",
            id="a program that changed",
        ),
        pytest.param(
            {}, {"eslint.config.js": "export default a"}, "eslint.config.js", id="a new program"
        ),
    ],
)
def test_what_cannot_be_told_is_a_doubt(before: Files, after: Files, path: str) -> None:
    case = case_of(before, after, NoOptions())

    assert [path] == [each.partition(":")[0] for each in doubts(RULE, case)]


def test_settings_behind_a_link_are_a_doubt() -> None:
    case = case_of(
        {}, {"ruff.toml": "conf/ruff.toml"}, NoOptions(), after_modes={"ruff.toml": LINK}
    )

    assert ("ruff.toml: it is a link, and tools would read their settings there",) == doubts(
        RULE, case
    )


def test_a_change_of_nothing_has_no_subject() -> None:
    assert ("nothing differs",) == no_subjects(RULE, case_of({}, {}, NoOptions()))


@pytest.mark.parametrize(
    ("before", "after", "concerned"),
    [
        pytest.param({}, {"a.py": "x = 1  # noqa\n"}, True, id="a source"),
        pytest.param({}, {"a.py": "x = 1\n"}, False, id="a source with nothing of the kind"),
        pytest.param({"ruff.toml": "\n"}, {}, True, id="settings that are gone"),
        pytest.param({}, {"bin/run": "#!python\n# noqa\n"}, True, id="a file without a suffix"),
        pytest.param({}, {"a.md": "# noqa\n"}, False, id="prose"),
        pytest.param({"a.py": "x = 1\n"}, {}, False, id="a source that is gone"),
    ],
)
def test_a_staged_change_concerns_the_rule(before: Files, after: Files, concerned: bool) -> None:
    assert concerned == concerns(case_of(before, after, NoOptions()))


def _ruff(folder: Path) -> int:
    command = (sys.executable, "-m", "ruff", "check", "--no-cache", ".")
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode


SELECT = '[tool.ruff.lint]\nselect = ["F"]\n'
FAULTY = {"pyproject.toml": SELECT, "a.py": "x = 1\n"}
IMPORT = {"a.py": "x = 1\nimport os\n"}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        pytest.param(
            {"pyproject.toml": f'{SELECT}per-file-ignores = {{"*" = ["F"]}}\n'},
            ["head pyproject.toml:3"],
            id="one exception for one file",
        ),
        pytest.param(
            {"a.py": "x = 1\nimport os\n# ruff: noqa\n"},
            ["head a.py:3"],
            id="ruff: noqa on the last line",
        ),
        pytest.param(
            {".ruff.toml": 'lint.select = ["E9"]\n'},
            ["head .ruff.toml"],
            id=".ruff.toml beside pyproject.toml",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.ruff]\nexclude = ["*.py"]\nlint.select = ["F"]\n'},
            ["head pyproject.toml:2"],
            id="no file left, exit status 0",
        ),
        pytest.param(
            {".gitignore": "a.py\n"}, ["head .gitignore:1"], id="a tracked file is ignored"
        ),
    ],
)
def test_ruff_says_yes_and_gatekeeper_says_no(
    tmp_path: Path, change: Files, found: list[str]
) -> None:
    (tmp_path / ".git").mkdir()
    for path, text in {**FAULTY, **IMPORT}.items():
        (tmp_path / path).write_text(str(text))
    assert _ruff(tmp_path) == 1
    for path, changed in change.items():
        (tmp_path / path).write_text(str(changed))

    case = case_of(FAULTY, {**FAULTY, **IMPORT, **change}, NoOptions())

    assert _ruff(tmp_path) == 0
    assert tuple(found) == places(RULE, case)


def _watched() -> Minding:
    assert RULE.watch is not None
    watch = RULE.watch(case_of({}, {}, NoOptions()))
    assert watch is not None
    return Minding(watch)


@pytest.mark.parametrize(
    "path", sorted({each[0] for each in TABLES} | {"a/.ruff.toml", ".gitignore", "pytest.ini"})
)
def test_settings_that_are_edited_are_minded(path: str) -> None:
    assert _watched().path(path)


@pytest.mark.parametrize(
    ("path", "comment"),
    [
        *(("a.py", each[0]) for each in PYTHON),
        *(("a.ts", each[0]) for each in SCRIPT),
    ],
)
def test_a_source_that_hides_something_more_is_minded(path: str, comment: str) -> None:
    assert _watched().edit(path, b"x = 1\n", f"x = 1  {comment}\n".encode())


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("a.py", "x = 1\n", "assert f(fmt='ignore', Any=1)\n", id="nothing at all"),
        pytest.param("a.py", "x = 1  # noqa\n", "x = 1  # noqa\ny = 2\n", id="another line"),
        pytest.param("a.ts", "f(); // @ts-ignore\n", "f(); // @ts-ignore\ng();\n", id="script"),
        pytest.param("a.md", "", "# noqa\n", id="prose"),
        pytest.param("bin/run", "", "# noqa\n", id="no source at all"),
    ],
)
def test_an_edit_that_hides_nothing_more_is_not_minded(path: str, before: str, after: str) -> None:
    assert not _watched().edit(path, before.encode(), after.encode())
