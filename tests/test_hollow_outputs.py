"""Outputs that are there and hold nothing: what nobody sees, what nothing does, what is to come."""

from __future__ import annotations

import pytest

from gatekeeper_rules.change._outputs import Outputs
from gatekeeper_rules.change.input_missing import RULE as INPUT
from gatekeeper_rules.change.input_missing import Options as Inputs
from gatekeeper_rules.change.output_missing import RULE as OUTPUT
from tests.cases import LINK, case_of, findings, globs

ENTRYPOINT = "from workers import WorkflowEntrypoint\n\n\nclass A(WorkflowEntrypoint):\n"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("a.md", "\u00a0\u200b\n", id="space of no width"),
        pytest.param("a.md", b"\xff\xfe \0\n\0", id="UTF-16 that is all space"),
        pytest.param("a.md", "---\ntitle: x\n---\n", id="front matter"),
        pytest.param("a.md", "[//]: # (x)\n", id="a comment of Markdown's own"),
        pytest.param("a.md", "<!-- x -->\n\nTODO\n", id="to do"),
        pytest.param("a.sql", "-- create\n;\n-- table\n", id="an SQL statement of nothing"),
        pytest.param("a.sql", "BEGIN;\nCOMMIT;\n", id="a transaction of nothing"),
        pytest.param("a.sql", "SELECT 1;\n", id="a query of nothing"),
        pytest.param("a.ts", "#!/usr/bin/env node\n'use strict';\n;\n", id="a mode of JavaScript"),
        pytest.param("a.ts", "export{}; // later\n", id="an export of nothing"),
        pytest.param("a.json", "{ }\n", id="an object of nothing"),
        pytest.param("a.json", "null", id="null"),
        pytest.param("a.yaml", "---\n{} # x\n", id="a document of nothing"),
        pytest.param("Makefile", "# x\n", id="a comment in a file without a suffix"),
        pytest.param("bin/x", "#!/bin/sh\n", id="a script of nothing"),
        pytest.param(".gitignore", "# x\n", id="a comment in a dotted file"),
        pytest.param("a.kt", "// x\n", id="a comment in Kotlin"),
        pytest.param(
            "a.py",
            f"{ENTRYPOINT}    async def run(self, event):\n        raise NotImplementedError\n",
            id="an entrypoint to be written",
        ),
    ],
)
def test_a_new_file_that_holds_nothing_is_no_output(path: str, content: str | bytes) -> None:
    case = case_of({"z": "1"}, {"z": "1", path: content}, Outputs(new=globs([path])))

    assert [path] == [each.path for each in findings(OUTPUT, case)]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("a.pyi", "def f() -> int: ...\n", id="a stub"),
        pytest.param("a.py", "class E(Exception):\n    pass\n", id="an error"),
        pytest.param(
            "a.py",
            "from typing import Protocol\nclass S(Protocol):\n    def put(self) -> None: ...\n",
            id="an interface",
        ),
        pytest.param("__init__.py", "from .a import b\n", id="a package that hands on"),
        pytest.param("a.md", "Todo lists are kept in D1.\n", id="prose that begins with a word"),
        pytest.param("a.sql", "BEGIN;\nDROP TABLE a;\nCOMMIT;\n", id="a transaction"),
    ],
)
def test_a_new_file_that_holds_something_is_an_output(path: str, content: str) -> None:
    case = case_of({"z": "1"}, {"z": "1", path: content}, Outputs(new=globs([path])))

    assert () == findings(OUTPUT, case)


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        pytest.param("a.py", "x = 1\n", "", id="emptied"),
        pytest.param("a.py", "x = 1\n", "# gone\n", id="emptied to a comment"),
        pytest.param("a.sql", "SELECT a FROM b;", "-- gone", id="emptied SQL"),
        pytest.param(
            "a.py", "def f():\n    return 1\n", "def f():\n    pass\n    return 1\n", id="pass"
        ),
        pytest.param("a.py", "x = 1\n", "x = 1\n'noop'\n", id="a string that stands alone"),
        pytest.param("a.py", "x = 1\n", "#!/usr/bin/env python\nx = 1\n", id="a shebang"),
        pytest.param("a.md", "x\n", "\ufeffx\u200b\n", id="marks that nobody sees"),
        pytest.param("a.md", "x", "x\0", id="a zero byte"),
        pytest.param("a.ts", "let x=1", "let x = 1", id="space between words"),
    ],
)
def test_a_file_that_says_nothing_new_is_no_update(path: str, before: str, after: str) -> None:
    case = case_of({path: before}, {path: after}, Outputs(updated=globs([path])))

    assert [path] == [each.path for each in findings(OUTPUT, case)]


def test_a_changed_docstring_is_an_update() -> None:
    before, after = {"a.py": "x = 1\n"}, {"a.py": '"""What x is."""\nx = 1\n'}
    case = case_of(before, after, Outputs(updated=globs(["a.py"])))

    assert () == findings(OUTPUT, case)


@pytest.mark.parametrize(
    ("content", "mode", "inside"),
    [
        pytest.param("\u00a0\u200b", "100644", "", id="space of no width"),
        pytest.param("<!-- to come -->\nTBD\n", "100644", "", id="a comment and a place kept free"),
        pytest.param("folder", LINK, "", id="a link to a folder of empty files"),
    ],
)
def test_an_input_that_says_nothing_is_missing(content: str, mode: str, inside: str) -> None:
    files = {"in.md": content, "folder/x.md": inside}
    options, modes = Inputs(paths=globs(["in.md"])), {"in.md": mode}
    case = case_of(files, files, options, before_modes=modes, after_modes=modes)

    assert ["in.md"] == [each.path for each in findings(INPUT, case)]
