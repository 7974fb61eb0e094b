"""Comments of scripts, by their grammars and by the scanner: both have the same answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import Unreadable
from gatekeeper.registry import load_rules
from gatekeeper.source.comment_sheet import Sheet
from gatekeeper.source.script_comments import scan
from gatekeeper.source.script_sheet import comments_of
from gatekeeper.source.suppressions import SUPPRESSIONS
from gatekeeper.testing import read_page

SUFFIXES = (".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".cjs")
PLAIN = (".ts", ".mts")


def told(sheet: Sheet) -> list[tuple[str, int, int, str, str, tuple[str, ...]]]:
    return [
        (each.text, each.line, each.column, each.code, each.symbol, each.around)
        for each in sheet.comments()
    ]


def _scripts() -> list[tuple[str, str]]:
    """Every script of the examples on the pages of the rules."""
    pages = (rule.page.read_text("utf-8") for rule in load_rules().values() if rule.page)
    examples = [each for page in pages for each in read_page(page)]
    sides = [side for each in examples for side in (each.before, each.after)]
    files = {(path, text) for side in sides for path, text in side.items()}
    return sorted(each for each in files if each[0].endswith(SUFFIXES))


def test_both_agree_on_the_scripts_of_the_rule_pages() -> None:
    scripts = _scripts()
    differing = []
    for path, text in scripts:
        jsx = not path.endswith(PLAIN)
        try:
            scanned = told(scan(text, path, jsx=jsx)[0])
        except Unreadable:
            continue
        if told(comments_of(text, path, jsx=jsx)[0]) != scanned:
            differing.append((path, text))

    assert [] == differing
    assert len(scripts) > 50


STATEMENTS = [
    "const s = '// @ts-ignore', d = \"/* no */\";",
    "const t = `// @ts-ignore ${'// no'} ${a /* yes */} // no`;",
    "const u = `${`${ {a: 1}.a }`} // no`;",
    "const r = /[/*] @ts-ignore \\/\\/ no/g;",
    "if (a) /\\/\\/ no/.test(b); // yes",
    "const q = (a) / b; // yes",
    "const v = a++ / b; /* yes */",
    "function f(x) { // yes\n  return x; /* yes */\n}",
    "class A { // yes\n  m() { /* yes */ g(); }\n}",
    "const h = async () => { /* yes */ w(); };",
    "const e = <p title='// no'>// no {/* yes */}</p>;",
    "a = 1 << b; // yes",
    "// größer 漢字 🙂",
    "const ü = '🙂 // no'; // ä yes",
    "/** yes\n * @ts-ignore\n */",
    "for (const x of y) { /* yes */ }",
    "switch (a) { case 1: { /* yes */ } }",
    "// eslint-disable-next-line no-eval",
]


@given(st.lists(st.sampled_from(STATEMENTS), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_both_agree_on_any_row_of_statements(statements: list[str], end: str) -> None:
    text = end.join(statements)

    assert told(scan(text, "a.jsx")[0]) == told(comments_of(text, "a.jsx")[0])


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("const = = ; // @ts-ignore\n", id="a mistake"),
        pytest.param("f(\n// @ts-ignore\n}", id="brackets that do not fit"),
        pytest.param("const s = 'open // @ts-ignore\n", id="an open string"),
        pytest.param("\0 // @ts-ignore\n", id="a NUL byte"),
        pytest.param("\ud800 // @ts-ignore\n", id="half a character"),
        pytest.param("s = 'a\\\u2028b'; // @ts-ignore\n", id="a separator that continues a line"),
    ],
)
def test_what_no_grammar_reads_the_scanner_answers_for(text: str) -> None:
    try:
        scanned = told(scan(text, "a.ts", jsx=False)[0])
    except Unreadable as refused:
        with pytest.raises(Unreadable, match=refused.reason[:20]):
            comments_of(text, "a.ts", jsx=False)
    else:
        assert scanned == told(comments_of(text, "a.ts", jsx=False)[0])


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param("const a = class {} / 2; // @ts-ignore\nlet b = 1;", 1, id="a class divided"),
        pytest.param("<!-- eslint-disable\nlet b = 1;", 1, id="a comment of HTML"),
        pytest.param("const a = function () {} / 2; // @ts-ignore", 1, id="a function divided"),
    ],
)
def test_what_the_scanner_mistakes_the_grammar_knows(script: str, line: int) -> None:
    assert [line] == [each.line for each in SUPPRESSIONS.read(script.encode(), "a.js")]


def test_a_byte_order_mark_moves_nothing() -> None:
    found = SUPPRESSIONS.read("\ufeffa(); // @ts-ignore\n".encode(), "a.ts")

    assert [(1, 6)] == [(each.line, each.column) for each in found]
