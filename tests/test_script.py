"""What is read of TypeScript and JavaScript: imports, exports, and code as far as it goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import Unreadable
from gatekeeper.source import script_grammar
from gatekeeper.source.code_scopes import BASES
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python_binder import scopes_of
from gatekeeper.source.script import SCRIPT, ScriptFacts

IMPORTS = {
    "a name": ('import { A } from "m"', [("m", "A", "A")]),
    "a name under another": ('import { A as B } from "m"', [("m", "A", "B")]),
    "a name in quotation marks": ('import { "a b" as B } from "m"', [("m", "a b", "B")]),
    "the default": ('import d from "m"', [("m", "default", "d")]),
    "the default by its name": ('import { default as d } from "m"', [("m", "default", "d")]),
    "the namespace": ('import * as ns from "m"', [("m", "*", "ns")]),
    "the default and the namespace": (
        'import d, * as ns from "m"',
        [("m", "default", "d"), ("m", "*", "ns")],
    ),
    "nothing": ('import "m"', [("m", "", "")]),
    "with attributes": ('import j from "m" with { type: "json" }', [("m", "default", "j")]),
    "a re-export": ('export { A as B } from "m"', [("m", "A", "")]),
    "all that there is": ('export * from "m"', [("m", "*", "")]),
    "all under one name": ('export * as ns from "m"', [("m", "*", "")]),
    "CommonJS in TypeScript": ('import r = require("m")', [("m", "*", "r")]),
    "a call": ('const x = await import("m")', [("m", "*", "")]),
    "a call of CommonJS": ('const { A } = require("m")', [("m", "*", "")]),
    "an escaped specifier": (r'import { A } from "\x6d"', [("m", "A", "A")]),
    "an escaped name": (
        r'import { Durab\u006ceObject } from "m"',
        [("m",) + ("DurableObject",) * 2],
    ),
    "a name of braces and escapes": (r'import { \u{41} } from "m"', [("m", "A", "A")]),
    "in the middle of errors": ('let = ;; import { A } from "m"\n)(', [("m", "A", "A")]),
}

EXPORTS = {
    "a class": ("export class A {}", ["A"]),
    "an abstract class with decorators": ("@d export abstract class A {}", ["A"]),
    "a function": ("export async function f() {}", ["f"]),
    "constants taken apart": ("export const a = 1, { b, c: [d], ...e } = x", ["a", "b", "d", "e"]),
    "a default class": ("export default class A {}", ["default"]),
    "a default without a name": ("export default class extends B {}", ["default"]),
    "a default value": ("export default { fetch() {} }", ["default"]),
    "a list": ("export { a, b as c, d as default }", ["a", "c", "default"]),
    "a namespace": ('export * as ns from "m"', ["ns"]),
    "CommonJS name by name": ("exports.a = 1; module.exports.b = 2", ["a", "b"]),
    "CommonJS as a whole": ("module.exports = A", ["="]),
    "TypeScript's whole": ("export = A", ["="]),
    "nothing": ("class A {}", []),
}


def facts(source: str, path: str = "a.ts") -> ScriptFacts:
    return SCRIPT.read(source.encode(), path)


@pytest.mark.parametrize("form", IMPORTS)
def test_every_form_of_import_is_read(form: str) -> None:
    source, expected = IMPORTS[form]

    found = [(each.module, each.name, each.alias) for each in facts(source).imports()]

    assert expected == found


@pytest.mark.parametrize("form", EXPORTS)
def test_every_form_of_export_is_read(form: str) -> None:
    source, expected = EXPORTS[form]

    assert expected == [each.name for each in facts(source).exports()]


def test_imports_that_only_types_see_are_told_apart() -> None:
    source = 'import type { A } from "m"; import { type B, C } from "m"; export type { D } from "m"'

    found = [(each.name, each.types) for each in facts(source).imports()]

    assert [("A", True), ("B", True), ("C", False), ("D", True)] == found


def test_calls_that_import_are_told_apart() -> None:
    found = [each.called for each in facts('import "m"; import("m"); require("m")').imports()]

    assert [False, True, True] == found


BASES_OF = {
    "a name": ("class A extends B {}", ["B"]),
    "a member": ("class A extends ns.B {}", ["ns.B"]),
    "a member by a string": ('class A extends ns["B"] {}', ["ns.B"]),
    "optional": ("class A extends ns?.B {}", ["ns.B"]),
    "with types": ("class A extends B<C, D> {}", ["B"]),
    "a mixin": ("class A extends M(ns.B) {}", ["M(ns.B)"]),
    "in brackets": ("class A extends (B as any) {}", ["B"]),
    "in an expression": ("const A = class extends B {}", ["B"]),
    "by default": ("export default class extends B {}", ["B"]),
    "in a function": ("function f() { return class A extends B {} }", ["B"]),
    "implemented only": ("class A implements B {}", []),
    "of an interface": ("interface A extends B {}", []),
}


@pytest.mark.parametrize("form", BASES_OF)
@pytest.mark.parametrize("path", ["a.ts", "a.tsx"])
def test_what_a_class_extends_is_read(form: str, path: str) -> None:
    source, expected = BASES_OF[form]

    scopes = scopes_of(facts(source, path).tree).scopes

    bases = [spelled(each.node) for scope in scopes for each in scope.names.get(BASES, ())]
    assert expected == bases


def spelled(node: Node) -> str:
    if node.kind is Kind.ATTRIBUTE:
        return f"{spelled(node.parts[0])}.{node.text}"
    if node.kind is Kind.CALL:
        first, *given = map(spelled, node.parts)
        return f"{first}({', '.join(given)})"
    return spelled(node.parts[0]) if node.kind is Kind.AWAIT else node.text


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("/* é */ Sought", (1, 9)),
        ("a;\r\nb;\r  Sought", (3, 3)),
        ("// \u2028 Sought", (2, 4)),
        ("\ufeffSought", (1, 4)),
        ("`${`\n`}` + Sought", (2, 7)),
    ],
    ids=["behind letters of two bytes", "lines of all ends", "separators", "a mark", "templates"],
)
def test_a_name_has_the_line_and_column_where_it_stands(
    source: str, place: tuple[int, int]
) -> None:
    found = next(node for node in walk(facts(source).tree) if node.text == "Sought")

    assert place == (found.line, found.column)


MARKUP = {
    "page.vue": (
        '<template><a/></template>\n<script setup lang="ts">\nlet x = <A>B\n</script>',
        [("B", 3)],
    ),
    "page.svelte": (
        "<script module>\nB\n</script>\n<p>{C}</p>\n<script>\nB</script>",
        [("B", 2), ("B", 6)],
    ),
    "page.astro": ("---\nB\n---\n<C/><script>B</script>", [("B", 2), ("B", 4)]),
    "data.vue": ('<script type="application/json">{"B": 1}</script>', []),
}


@pytest.mark.parametrize("path", MARKUP)
def test_the_scripts_of_markup_are_read_at_their_lines(path: str) -> None:
    source, expected = MARKUP[path]

    tree = facts(source, path).tree

    found = [(n.text, n.line) for n in walk(tree) if n.kind is Kind.NAME and n.text in "BC"]
    assert expected == found


def test_a_script_with_errors_is_read_as_far_as_it_goes_and_says_where_they_are() -> None:
    found = facts("class A extends B {}\nlet = = 1;\nclass C extends D {}\n")

    names = [node.text for node in walk(found.tree) if node.kind is Kind.OBJECT]
    assert (["A", "C"], (2,)) == (names, found.faults)


def test_javascript_that_is_really_typescript_is_read_as_that() -> None:
    assert () == facts("let a: string = b as c", "a.js").faults


def test_angle_brackets_are_casts_or_elements_whatever_the_suffix() -> None:
    sources = {"a.ts": "const a = <div>{b}</div>", "a.tsx": "const a = <T>b"}

    assert dict.fromkeys(sources, ()) == {
        path: facts(source, path).faults for path, source in sources.items()
    }


BROKEN = {
    "a number re-exported": 'export { 1 } from "./x";\nSought',
    "a pair re-exported": 'export { x: 1 } from "./x";\nSought',
    "a pair exported": "export { x: 1 };\nSought",
    "two words re-exported": 'export { async X } from "./x";\nSought',
    "a bracket in a name": "export { L[ocal };\nSought",
    "a number imported": 'import { 1 } from "./x";\nSought',
    "a default among the names": "export const { a = <T extends B>() => class extends C`{}; Sought",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_no_grammar_knows_is_a_fault_of_its_line_and_no_error(fault: str) -> None:
    found = facts(BROKEN[fault])

    assert found.faults[0] == 1
    assert "Sought" in {node.text for node in walk(found.tree)}


PIECES = (
    *("export", "import", "{", "}", "(", ")", "[", "]", "<", ">", ":", ";", ",", ".", "=", "=>"),
    *("...", "*", "from", "as", "type", "default", "class", "extends", "async", "await", "const"),
    *("function", "enum", "namespace", "interface", "return", "for", "of", "catch", "static"),
    *("A", "b", "1", '"./x"', "`", "${", "?", "@", "#", "\n", "typeof", "require", "declare"),
)


def test_a_script_of_signs_alone_is_at_a_loss_and_no_error() -> None:
    found = SCRIPT.read("/&type <!--a//<;'\ufeff\"\ufeff".encode(), "a.jsx")

    assert (1,) == found.faults


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_no_sequence_of_words_and_signs_makes_an_error(source: str) -> None:
    found = facts(source)

    assert scopes_of(found.tree).scopes
    assert len(list(found.imports())) + len(list(found.exports())) <= len(source)


GAPS = {
    "a member of an imported type": (
        "a.ts",
        'interface I { p: Run<import("./s").Sought["run"]>[0]["x"] }',
    ),
    "an imported type with arguments": (
        "a.ts",
        'type T = import("./s").Sought<\nimport("./s").U>',
    ),
    "a template behind types": (
        "a.ts",
        'const rows: import("./s").Row[] = this.sql<{ id: string }>`SELECT ${Sought}`',
    ),
    "an array of an imported type": ("a.ts", 'function f(p: import("./s").Sought[]): void {}'),
    "attributes of what is passed on": (
        "a.ts",
        'export { default as s } from "./s.json" with { type: "json" };\nSought();',
    ),
    "an ampersand in the text of JSX": ("a.tsx", "const a = <b>Confirm & Pay {Sought}</b>"),
}


@pytest.mark.parametrize("gap", GAPS)
def test_what_the_grammar_alone_does_not_know_is_read(gap: str) -> None:
    path, source = GAPS[gap]

    found = facts(source, path)

    assert found.faults == ()
    assert "Sought" in {node.text for node in walk(found.tree)}


UNREADABLE = {
    "UTF-16": ("class A {}".encode("utf-16"), "UTF-16"),
    "a NUL byte": (b"let a\n\0", "NUL"),
    "bytes that are no UTF-8": (b"let a\n = '\xff'", "not UTF-8"),
    "a line that U+2028 continues": ('let a = "b\\\u2028c"'.encode(), "U\\+2028"),
    "a pointer of Git LFS": (b"version https://git-lfs.github.com/spec/v1", "elsewhere"),
    "a bundle of five megabytes": (b"a();" * 1_250_000, "5,000,000 bytes"),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_is_no_honest_text_is_refused_with_the_reason(fault: str) -> None:
    content, reason = UNREADABLE[fault]

    with pytest.raises(Unreadable, match=reason):
        SCRIPT.read(content, "a.ts")


def test_a_file_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_grammar, "SECONDS", 0.2)

    with pytest.raises(Unreadable, match="seconds to parse"):
        SCRIPT.read(b"'" * 1_000_000, "a.ts")


def test_a_file_of_too_many_pieces_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_grammar, "MOST_NODES", 1000)

    with pytest.raises(Unreadable, match="pieces of code"):
        SCRIPT.read(b"a(b);" * 1000, "a.ts")


DEEP = {
    "brackets": "(" * 10_000 + "Sought" + ")" * 10_000,
    "calls": "f(" * 10_000 + "Sought" + ")" * 10_000,
    "arrays that are not closed": "[" * 10_000 + "Sought",
    "sums": "a+" * 10_000 + "Sought",
    "chains": "Sought" + ".a()" * 10_000,
    "promises": "Sought" + ".then(x => x)" * 2_000,
    "blocks": "{" * 10_000 + "Sought" + "}" * 10_000,
    "objects": "x={a:" * 2_000 + "Sought" + "}" * 2_000,
    "patterns": "const " + "{a:" * 5_000 + "Sought" + "}" * 5_000 + "=x",
    "arrow functions": "a=>" * 4_000 + "Sought",
    "functions": "function f(){" * 3_000 + "Sought" + "}" * 3_000,
    "classes": "x=class{a=" * 3_000 + "Sought" + "}" * 3_000,
    "choices": "a?b:" * 10_000 + "Sought",
    "else": "if(a)b;" + "else if(a)b;" * 5_000 + "else Sought",
    "decorators": "@a " * 5_000 + "class Sought {}",
    "templates": "`${" * 3_000 + "Sought" + "}`" * 3_000,
    "many keys": "const {" + ",".join(f"k{n}" for n in range(3_000)) + "} = Sought",
    "a string that is not closed": "Sought; 'abc",
    "a template that is not closed": "Sought; `abc",
    "a hashbang": "#!/usr/bin/env node\nSought",
    "a comment of HTML": "<!-- x\nSought",
}


@pytest.mark.parametrize("shape", DEEP)
def test_code_of_any_depth_is_read_and_bound(shape: str) -> None:
    found = facts(DEEP[shape], "a.js")

    bound = {name for scope in scopes_of(found.tree).scopes for name in scope.names}
    assert "Sought" in bound | {node.text for node in walk(found.tree)}
