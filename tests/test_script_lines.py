"""Of a script is known which lines surely run something, and whether any can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Snapshot
from gatekeeper.errors import Unreadable
from gatekeeper.source.script_lines import SCRIPT_LINES, ScriptLines

STATEMENTS = """\
import { a } from "./a";
export interface Steps extends Iterator<string> {
  return?(value: string): void;
  return(value: string): void;
  throw: boolean;
}
const text = `
return 1;
`;
/*
return 2;
*/
export async function f(n: number) {
  if (n > 1) {
    return n;
  } else if (n === 0) {
    throw new Error("if (a) {");
  }
  for (const each of [1]) {
    if (each) continue;
    break;
  }
  for await (const each of a) {
    g(each);
  }
  while (n < 0) {
    n += 1;
  }
  do {
    n -= 1;
  }
  while (n > 0);
  switch (n) {
    case 1:
      return;
  }
  return (
    n
  );
}
"""


def read(text: str, path: str = "a.ts") -> ScriptLines:
    return Snapshot.of("head", {path: text}).facts(SCRIPT_LINES, path)


def test_lines_that_begin_with_a_statement_are_told() -> None:
    assert {14, 15, 17, 19, 20, 21, 23, 26, 33, 35, 37} == read(STATEMENTS).statements


TYPES = [
    pytest.param("", id="nothing"),
    pytest.param("// return 1;\n/* main(); */\n", id="comments"),
    pytest.param('import "./a";\nimport type { A } from "./a";\n', id="imports"),
    pytest.param('import {\n  a,\n} from "./a";\nexport { a };\n', id="imports on several lines"),
    pytest.param('export * from "./a";\nexport * as b from "./b";\n', id="what is handed on"),
    pytest.param("export interface A {\n  b(): void;\n  c: { d: 1 }[];\n}\n", id="an interface"),
    pytest.param("export type A = { b: 1 } | null;\n", id="a type"),
    pytest.param("type A =\n  | 1\n  | 2;\n", id="a type on several lines"),
    pytest.param("type A = {\n  b: 1;\n} & {\n  c: 2;\n};\n", id="types put together"),
    pytest.param("type A = {\n  b: 1;\n}[];\n", id="many of a type"),
    pytest.param("declare const a: string;\nexport declare function f(): void;\n", id="declared"),
]
CODE = [
    pytest.param("export const a = 1;\n", id="a constant"),
    pytest.param("enum A {\n  b,\n}\n", id="an enumeration"),
    pytest.param('import { f } from "./f";\nf();\n', id="a call"),
    pytest.param("export default {};\n", id="a default"),
    pytest.param('import("./a");\n', id="an import that is a call"),
    pytest.param("type A = 1; main();\n", id="a call behind a type"),
    pytest.param("interface A {} main();\n", id="a call behind an interface"),
    pytest.param("interface A {\n} if (b) {\n  c();\n}\n", id="a block behind an interface"),
    pytest.param("type (a);\n", id="a function that is called type"),
    pytest.param(";[1].map(f);\n", id="a call behind a sign"),
    pytest.param("{\n  main();\n}\n", id="a block"),
]


@pytest.mark.parametrize("text", TYPES)
def test_types_alone_run_nothing(text: str) -> None:
    assert read(text).is_idle


@pytest.mark.parametrize("text", CODE)
def test_anything_else_can_run(text: str) -> None:
    assert not read(text).is_idle


@given(st.text(alphabet="return if(){}[]`'\"/*;\n |&$", max_size=60))
def test_lines_that_are_told_are_there(text: str) -> None:
    try:
        found = read(text).statements
    except Unreadable:
        found = frozenset()

    assert found <= set(range(1, text.count("\n") + 2))
