"""Tests of ours that must fail, as text for each runner that can be given some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_STATEMENTS: Sequence[str] = (
    "expect(left).toBe(right);",
    "expect({ left }).toEqual({ left: right });",
    "expect([left]).toStrictEqual([right]);",
    "expect(left).toContain(right);",
    "expect(left).toMatch(right);",
    "expect([left]).toHaveLength(2);",
    "expect(left).toBeUndefined();",
    "expect(left === right).toBeTruthy();",
    "expect(left.length).toBeGreaterThan(left.length);",
    "expect(() => left).toThrow();",
    "await expect(Promise.resolve(left)).resolves.toBe(right);",
    "await expect(Promise.resolve(left)).rejects.toThrow();",
    "throw new Error(left);",
)
"""Each of them fails, in a way of its own: what makes only some of them pass is seen."""

# The runner's own functions, and those that a project's files find as globals.
_IMPORTED: Mapping[str, str] = {
    "vitest": 'import { expect as owned, test as given } from "vitest";\n'
    "const own = { expect: owned, test: given };\n",
    "jest": 'const own = typeof require === "function" ? require("@jest/globals") : globalThis;\n',
}
_SCRIPT = """\
// @ts-nocheck
{imported}
const wide = typeof globalThis.expect === "function" ? globalThis : own;
const left = "{left}", right = "{right}";
own.test("{passes}", () => {{
  own.expect(left).toBe(left);
}});
for (const [side, {{ expect, test }}] of Object.entries({{ own, wide }})) {{
{tests}}}
"""
_PYTHON = """\
def test_{passes}():
    assert {left!r} == {left!r}


def test_{fails}():
    assert {left!r} == {right!r}
"""

RUNNERS = ("vitest", "jest", "pytest")
"""Whose tests can be stood beside; by the names that their JUnit files go by."""


def text_of(runner: str, passes: str, fails: str, sides: tuple[str, str]) -> str:
    """A file of tests: one that passes, and others that must fail, called by these words."""
    left, right = sides
    if runner == "pytest":
        return _PYTHON.format(passes=passes, fails=fails, left=left, right=right)
    tests = "".join(
        f"  test(`{fails}-${{side}}-{n}`, async () => {{\n    {statement}\n  }});\n"
        for n, statement in enumerate(_STATEMENTS)
    )
    return _SCRIPT.format(
        imported=_IMPORTED[runner], passes=passes, left=left, right=right, tests=tests
    )


def failing_in(runner: str) -> int:
    """How many of the tests in such a file must fail."""
    return 1 if runner == "pytest" else 2 * len(_STATEMENTS)
