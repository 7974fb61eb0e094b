"""What hides something from a tool is read as the tool reads it, and nothing else is."""

from __future__ import annotations

import contextlib
import io
import sysconfig
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import Unreadable
from gatekeeper.source.python_comments import sheet_of
from gatekeeper.source.python_text import python_text
from gatekeeper.source.script_comments import scan
from gatekeeper.source.suppressions import SUPPRESSIONS

PYTHON = [
    ("# noqa", "noqa", ()),
    ("#noqa:E501", "noqa", ("E501",)),
    ("# NOQA : E501,w291", "noqa", ("E501", "W291")),
    ("# noqa: E501 W291 because of the table", "noqa", ("E501", "W291")),
    ("# noqa:E501,", "noqa", ("E501",)),
    ("# noqa E501", "noqa", ()),
    ("# why # noqa: E501", "noqa", ("E501",)),
    ("# noqa: some-name", "noqa", ()),
    ("# nopep8", "noqa", ()),
    ("# ruff: noqa", "ruff: noqa", ()),
    ("#ruff:noqa: F401", "ruff: noqa", ("F401",)),
    ("# flake8: noqa", "flake8: noqa", ()),
    ("# flake8: noqa: F401", "flake8: noqa", ("F401",)),
    ("# ruff: file-ignore[F401]", "ruff: file-ignore", ("F401",)),
    ("# ruff: ignore[F401, E501]", "ruff: ignore", ("E501", "F401")),
    ("# ruff: disable[F401]", "ruff: disable", ("F401",)),
    ("# ruff: isort: skip_file", "isort: skip_file", ()),
    ("# isort:skip", "isort: skip", ()),
    ("# isort: off", "isort: skip", ()),
    ("# fmt: off", "fmt: off", ()),
    ("# fmt: skip", "fmt: skip", ()),
    ("# yapf: disable", "fmt: off", ()),
    ("# type: ignore", "type: ignore", ()),
    ("#type:ignore", "type: ignore", ()),
    ("# type: ignore[arg-type]", "type: ignore", ("arg-type",)),
    ("# type: ignore [arg-type, misc]", "type: ignore", ("arg-type", "misc")),
    ("# ty: ignore[call]", "ty: ignore", ("call",)),
    ("# pyrefly: ignore", "pyrefly: ignore", ()),
    ("# pyright: ignore[reportCall]", "pyright: ignore", ("reportCall",)),
    ("# pyright: basic", "pyright", ("basic",)),
    ("# pyright: reportMissing=false", "pyright", ("reportMissing=false",)),
    ("# mypy: ignore-errors", "mypy", ("ignore_errors",)),
    ('# mypy: disable-error-code="a, b"', "mypy", ("disable_error_code = a, b",)),
    ("# mypy: allow-untyped-defs", "mypy", ("disallow_untyped_defs = false",)),
    ("# mypy: no-warn-return-any", "mypy", ("warn_return_any = false",)),
    ("# mypy: disallow_any_expr=False", "mypy", ("disallow_any_expr = false",)),
    ("# pylint: disable=invalid-name,C0103", "pylint: disable", ("C0103", "invalid-name")),
    ("# pylint:disable-next=all", "pylint: disable", ("all",)),
    ("# pylint: skip-file", "pylint: skip-file", ()),
    ("# nosec", "nosec", ()),
    ("# nosec B101, B102", "nosec", ("B101", "B102")),
    ("# pragma: no cover", "pragma: no cover", ()),
    ("#PRAGMA NO COVER", "pragma: no cover", ()),
    ("# pragma: nocover", "pragma: no cover", ()),
    ("# pragma: no branch", "pragma: no branch", ()),
    ("# pragma: no mutate", "pragma: no mutate", ()),
    ("# pyre-ignore[6]", "pyre-ignore", ("6",)),
    ("# pyre-fixme[6]: later", "pyre-ignore", ("6",)),
    ("# pyre-ignore-all-errors", "pyre-ignore-all-errors", ()),
    ("# pyre-unsafe", "pyre-unsafe", ()),
    ("# pytype: disable=attribute-error", "pytype: disable", ("attribute-error",)),
    ("# sourcery skip: all", "sourcery skip", ()),
    ("# nosemgrep: some.rule", "nosemgrep", ("some.rule",)),
    ("# NOSONAR", "NOSONAR", ()),
    ("# ast-grep-ignore: a-rule", "ast-grep-ignore", ("a-rule",)),
    ("# noinspection PyUnused", "noinspection", ("PyUnused",)),
    ("# pragma: allowlist secret", "pragma: allowlist secret", ()),
]


@pytest.mark.parametrize(
    ("comment", "kind", "codes"), [pytest.param(*each, id=each[0]) for each in PYTHON]
)
def test_a_python_comment_hides(comment: str, kind: str, codes: tuple[str, ...]) -> None:
    source = f"x = 0\nx = 1  {comment}\n"

    assert [(kind, codes, 2)] == found(source, "a.py")


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('x = "# noqa"', id="a string"),
        pytest.param("x = '''\n# noqa\n# type: ignore\n'''", id="a long string"),
        pytest.param('x = f"{y!r:#x} # noqa {z}"', id="an f-string"),
        pytest.param('x = f"{d["a"]} # noqa {f"{1} # noqa"}"', id="f-strings in each other"),
        pytest.param('x = rb"\\" # noqa"', id="a raw string with an escaped quote"),
        pytest.param("# the noqa of others", id="prose"),
        pytest.param("# type: ignored", id="another word"),
        pytest.param("# type: list[int]", id="a type comment"),
        pytest.param("# mypy: disallow-untyped-defs, strict", id="stricter mypy"),
        pytest.param("# pyright: strict, reportCall=error", id="stricter pyright"),
        pytest.param("# isort: split", id="isort that hides nothing"),
        pytest.param("from typing import cast\nx = cast(int, y)", id="cast that nobody is given"),
        pytest.param("from typing import Any\ndef _f(x: Any) -> None: ...", id="Any in private"),
    ],
)
def test_this_hides_nothing(line: str) -> None:
    assert [] == found(f"{line}\n", "a.py")


SCRIPT = [
    ("/* eslint-disable */", "eslint-disable", ()),
    ("/* eslint-disable no-a, @t/no-b -- why */", "eslint-disable", ("@t/no-b", "no-a")),
    ("// eslint-disable-line", "eslint-disable-line", ()),
    ("// eslint-disable-next-line no-a", "eslint-disable-line", ("no-a",)),
    ('/* eslint no-a: "off", no-b: 2, "x/c": [0, "y"] */', "eslint", ("no-a",)),
    ("// @ts-ignore: why", "@ts-ignore", ()),
    ("/* @ts-ignore */", "@ts-ignore", ()),
    ("// @ts-expect-error", "@ts-expect-error", ()),
    ("// @ts-nocheck", "@ts-nocheck", ()),
    ("/* istanbul ignore next */", "istanbul ignore", ("next",)),
    ("/* istanbul ignore file */", "istanbul ignore file", ()),
    ("/* v8 ignore start */", "v8 ignore", ("start",)),
    ("/* c8 ignore next 3 */", "v8 ignore", ("3", "next")),
    ("/* node:coverage disable */", "node:coverage", ("disable",)),
    ("// prettier-ignore", "prettier-ignore", ()),
    ("// biome-ignore lint/a/b: why", "biome-ignore", ("lint/a/b",)),
    ("// biome-ignore-all lint: why", "biome-ignore-all", ("lint",)),
    ("// oxlint-disable-next-line no-a", "oxlint-disable-line", ("no-a",)),
    ("// deno-lint-ignore no-a", "deno-lint-ignore", ("no-a",)),
    ("// deno-lint-ignore-file", "deno-lint-ignore-file", ()),
    ("// tslint:disable:no-a", "tslint:disable", ("no-a",)),
    ("// $FlowFixMe[code]", "$FlowFixMe", ("code",)),
    ("// Stryker disable all", "Stryker disable", ("all",)),
    ("// NOSONAR", "NOSONAR", ()),
]


@pytest.mark.parametrize(
    ("comment", "kind", "codes"), [pytest.param(*each, id=each[0]) for each in SCRIPT]
)
def test_a_script_comment_hides(comment: str, kind: str, codes: tuple[str, ...]) -> None:
    first, *_ = found(f"let x = 0;\n{comment}\nx = 1;\n", "a.ts")

    assert (kind, codes, 2) == first


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param("const s = '// @ts-ignore', d = \"// @ts-ignore\";", 0, id="strings"),
        pytest.param(
            "const t = `// @ts-ignore ${'// @ts-ignore'} // @ts-ignore`;", 0, id="a template"
        ),
        pytest.param("const t = `${a /* @ts-ignore */}`;", 1, id="a comment in a template"),
        pytest.param(
            "const t = `${`${ {a: 1}.a }`} // @ts-ignore`;", 0, id="templates in each other"
        ),
        pytest.param("const r = /[/*] @ts-ignore \\/\\/ @ts-ignore/g;", 0, id="a regex"),
        pytest.param("if (a) /\\/\\/ @ts-ignore/.test(b);", 0, id="a regex behind a condition"),
        pytest.param("const q = (a) / b; // @ts-ignore\nconst z = c / d;", 1, id="division"),
        pytest.param("const q = a++ / b; // @ts-ignore\n/x/.test(c);", 1, id="division behind ++"),
        pytest.param("const q = a! / b; // @ts-ignore\nlet e = f / 1;", 1, id="division behind !"),
        pytest.param("return <p>// @ts-ignore</p>;", 0, id="text of an element"),
        pytest.param(
            "return <p title='// @ts-ignore'>{/* @ts-ignore */}</p>;",
            1,
            id="a comment in an element",
        ),
        pytest.param("return <A b={<i/>} // @ts-ignore\n/>;", 1, id="a comment in a tag"),
        pytest.param("const f = <T,>(a: T) => a; // @ts-ignore", 1, id="type parameters"),
        pytest.param("type F = <T>(a: T) => T; // @ts-ignore", 1, id="a generic type"),
        pytest.param("a = b < c; // @ts-ignore\nd = e > f;", 1, id="comparisons"),
        pytest.param("a = 1 << b; // @ts-ignore", 1, id="a shift"),
        pytest.param(
            "#!/usr/bin/env node // @ts-ignore\nlet a = 1; // @ts-ignore", 2, id="a first line"
        ),
        pytest.param("class A { #p = /\\/\\/ @ts-ignore/; }", 0, id="a private field"),
    ],
)
def test_comments_of_scripts_are_told_from_the_rest(script: str, line: int) -> None:
    places = [each[2] for each in found(f"{script}\n", "a.tsx")]

    assert ([line] if line else []) == places


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        pytest.param(
            "a.vue",
            "<!-- eslint-disable -->\n<template>\n<!-- prettier-ignore -->\n<p>// @ts-ignore</p>\n"
            '</template>\n<script setup lang="ts">\n// @ts-ignore\nconst a = "<p>// @ts-nocheck";\n'
            "</script>\n<style>\n/* stylelint-disable */\n</style>\n",
            [1, 3, 7, 11],
            id="Vue",
        ),
        pytest.param(
            "a.svelte",
            "<script>\n// eslint-disable-next-line\nlet a = 1;\n</script>\n"
            "<!-- svelte-ignore a11y -->\n",
            [2, 5],
            id="Svelte",
        ),
        pytest.param(
            "a.astro",
            "---\n// @ts-ignore\nconst a = 1;\n---\n<p>// @ts-ignore</p>\n",
            [2],
            id="Astro",
        ),
        pytest.param("a.scss", "// stylelint-disable-next-line\na { b: c }\n", [1], id="SCSS"),
    ],
)
def test_comments_of_markup_and_of_its_scripts(name: str, text: str, lines: list[int]) -> None:
    assert lines == [each[2] for each in found(text, name)]


@pytest.mark.parametrize(
    ("declaration", "hides"),
    [
        pytest.param('declare module "*";', True, id="every module"),
        pytest.param('declare module "left-pad";', True, id="a module without a body"),
        pytest.param('declare module "./*" { const a: number; }', True, id="modules of our own"),
        pytest.param("declare const a: any;", True, id="a constant"),
        pytest.param(
            'declare module "*.svg" { const a: string; }', False, id="files of another kind"
        ),
        pytest.param('declare module "b" { const a: string; }', False, id="a module with a body"),
        pytest.param("declare const a: anything;", False, id="a type of another name"),
        pytest.param("const s = 'declare const a: any;';", False, id="a string"),
    ],
)
def test_a_declaration_of_any_hides(declaration: str, hides: bool) -> None:
    assert hides == bool(found(f"{declaration}\n", "a.d.ts"))


USES = "from typing import Any, cast, no_type_check as n\nimport typing as t\n"


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        pytest.param("x: t.Any = 1\n@n\ndef f(): ...", ["Any", "no_type_check"], id="a variable"),
        pytest.param("A = Any\ndef f() -> list[A]: ...", ["Any", "no_type_check"], id="an alias"),
        pytest.param("def f(x: 'dict[str, Any]'): n", ["Any", "no_type_check"], id="quoted"),
        pytest.param(
            "class A:\n  def f(self, x: t.Any): n", ["Any", "no_type_check"], id="a method"
        ),
        pytest.param("class _A:\n  x: Any", ["no_type_check"], id="a private class"),
        pytest.param("def f():\n  x: Any = 1", ["no_type_check"], id="a local variable"),
        pytest.param("def f():\n  return cast(int, n)", ["cast", "no_type_check"], id="cast"),
        pytest.param("o = n\n@o\ndef f(): ...", ["no_type_check"] * 2, id="an assigned alias"),
        pytest.param("t.no_type_chec\U0001d424", ["no_type_check"], id="odd letters"),
    ],
)
def test_what_is_not_checked_in_python(code: str, kinds: list[str]) -> None:
    assert kinds == sorted(each[0] for each in found(f"{USES}{code}\n", "a.py"))


def test_a_comment_knows_the_code_it_stands_on() -> None:
    source = (
        "class A:\n"
        "    def f(self):\n"
        "        x(\n"
        "            1,\n"
        "        )  # noqa: A1\n"
        "    # noqa: A2\n"
        "    y = 1\n"
        "# noqa: A3\n"
        "@z  # noqa: A4\n"
        "def g(): pass  # noqa: A5\n"
    )

    held = SUPPRESSIONS.read(source.encode(), "a.py")

    assert [
        ("A1", "A.f", "x( )"),
        ("A2", "A", "y = 1"),
        ("A3", "", "@z"),
        ("A4", "", "@z"),
        ("A5", "g", "def g(): pass"),
    ] == [(each.codes[0], each.symbol, each.text) for each in held]


def test_a_script_comment_knows_the_function_it_is_in() -> None:
    source = (
        "export class A {\n"
        "  async m(a: {b: string}): Promise<void> {\n"
        "    // @ts-ignore\n"
        "    x();\n"
        "  }\n"
        "  p = async () => {\n"
        "    y(); // @ts-ignore\n"
        "  };\n"
        "}\n"
        "function* g() { /* @ts-ignore */ z(); }\n"
        "const h = function () { /* @ts-ignore */ w(); };\n"
    )

    held = SUPPRESSIONS.read(source.encode(), "a.ts")

    assert [
        ("A.m", "x();"),
        ("A.p", "y();"),
        ("g", "function* g() { z(); }"),
        ("h", "const h = function () { w(); };"),
    ] == [(each.symbol, each.text) for each in held]


STDLIB = Path(sysconfig.get_path("stdlib"))
TESTS_OF_STDLIB = {"test", "tests", "idle_test", "site-packages", "dist-packages"}
NASTY = ("test_fstring.py", "test_grammar.py", "tokenizedata/tokenize_tests.txt")
"""What Python's own tests hold to be hard to read, where they are installed."""


def _standard_library() -> list[Path]:
    modules = [
        path
        for path in STDLIB.rglob("*.py")
        if not TESTS_OF_STDLIB & set(path.relative_to(STDLIB).parts)
    ]
    nasty = [STDLIB / "test" / name for name in NASTY]
    return [*modules, *(path for path in nasty if path.is_file())]


def test_the_comments_of_the_standard_library_are_those_of_pythons_own_tokenizer() -> None:
    different = []
    for path in _standard_library():
        text = python_text(path.read_bytes(), str(path))
        sheet = sheet_of(text, str(path))
        ours = [(text[start:end], *sheet.place(start)) for start, end in sheet.spans]
        if ours != _tokenized(text):
            different.append(path)

    assert [] == different


def _tokenized(text: str) -> list[tuple[str, int, int]]:
    tokens = tokenize.generate_tokens(io.StringIO(text, newline="").readline)
    return [
        (each.string, each.start[0], each.start[1] + 1)
        for each in tokens
        if each.type == tokenize.COMMENT
    ]


PIECES = [
    "'",
    '"',
    '"""',
    "#",
    "\\",
    "\n",
    "\r\n",
    "f'",
    "{",
    "}",
    "(",
    ")",
    ":",
    "x",
    " ",
    "rb'",
    "#n",
]


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_text_that_python_can_tokenize_has_the_same_comments(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        compile(text, "a.py", "exec", dont_inherit=True)
        expected = _tokenized(text)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return

    sheet = sheet_of(text, "a.py")

    assert expected == [(text[a:b], *sheet.place(a)) for a, b in sheet.spans]


SIGNS = [
    "'",
    '"',
    "`",
    "/",
    "*",
    "//",
    "\\",
    "\n",
    "${",
    "{",
    "}",
    "(",
    ")",
    "<a",
    ">",
    "</a>",
    "x",
    " ",
    "[",
]


@given(st.lists(st.sampled_from(SIGNS), max_size=40).map("".join))
def test_any_script_is_scanned_or_refused(text: str) -> None:
    with contextlib.suppress(Unreadable):
        sheet, bare = scan(text, "a.tsx")

        assert len(text) == len(bare)
        assert all(text[start:end].startswith(("//", "/*")) for start, end in sheet.spans)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.py", b"x = '  # noqa\n", id="a string that is not closed"),
        pytest.param("a.py", b"x = 1  # noqa\0\n", id="a NUL byte"),
        pytest.param(
            "a.py", b"# coding: utf-7\nx = 1  # noqa\n", id="an encoding that is not read"
        ),
        pytest.param(
            "a.py", b"f'" + b"{f'" * 300 + b"# noqa\n", id="strings in strings without end"
        ),
        pytest.param("a.ts", b"const a = `// @ts-ignore\n", id="a template that is not closed"),
        pytest.param("a.ts", b"/* @ts-ignore\n", id="a comment that is not closed"),
        pytest.param("a.ts", b"(" * 5000 + b"// @ts-ignore\n", id="brackets without end"),
        pytest.param("a.ts", "// @ts-ignore\n".encode("utf-16"), id="UTF-16"),
        pytest.param("a.ts", b"// @ts-ignore\n" * 400_000, id="a very large file"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        SUPPRESSIONS.read(content, name)


def found(text: str, path: str) -> list[tuple[str, tuple[str, ...], int]]:
    held = SUPPRESSIONS.read(text.encode(), path)
    return [(each.kind, each.codes, each.line) for each in held]
