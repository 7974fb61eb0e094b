"""The line of a test in a script is told by its titles, as runs call it by those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Snapshot
from gatekeeper.errors import Unreadable
from gatekeeper.source.script_tests import SCRIPT_TESTS

SCRIPT = """\
import { describe, expect, it, test } from "vitest";
// it("in a comment", () => {});
const text = 'it("in a string", () => {})';

describe("a till", () => {
  it("is open", () => {});
  it.skip('isn\\'t shut', () => {});

  describe("at night", () => {
    it(`is open`, async () => {});
  });

  it("counts", { timeout: 100 }, () => {});
});

describe.each([[1, ")"], [2, "("]])("till %i", (n) => {
  it(`shows ${n} first`, () => {});
});

test.each`
  a    | b
  ${1} | ${2}
`("$a is not $b", () => {});

it.skipIf(process.env.CI)("only at home", () => {});
pattern.test("no test");
test(
  "on a line of its own",
  () => {},
);
"""

LINES = [
    ("a till > is open", 6),
    ("a till is open", 6),
    ("a till > isn't shut", 7),
    ("a till > at night > is open", 10),
    ("a till > counts", 13),
    ("a till > counts (2)", 13),
    ("till 2 > shows 2 first", 17),
    ("1 is not 2", 20),
    ("only at home", 25),
    ("on a line of its own", 27),
    ("is open", None),
    ("in a comment", None),
    ("in a string", None),
    ("no test", None),
    ("a till > shows 2 first", None),
    ("till", None),
]


def lines(content: str, path: str, *names: str) -> list[int | None]:
    snapshot = Snapshot.of("head", {path: content.encode()})
    written = snapshot.facts(SCRIPT_TESTS, path)
    return [written.line_of(name) for name in names]


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_test_stands_where_its_titles_do(name: str, line: int | None) -> None:
    assert [line] == lines(SCRIPT, "till.test.ts", name)


@given(st.text(alphabet="it('\"`){}[]$x \n.,/", max_size=60))
def test_a_script_is_read_or_cannot_be_told_apart(text: str) -> None:
    try:
        found = lines(f"{text}\nit('is open');", "a.ts", "is open")
    except Unreadable:
        found = []

    assert found in ([], [None], *([line] for line in range(1, text.count("\n") + 3)))


def test_many_tests_are_read_in_no_time() -> None:
    script = "".join(f'it("n{n}", () => {{ f([{n}]); }});\n' for n in range(5_000))

    assert [5_000] == lines(script, "a.js", "n4999")
