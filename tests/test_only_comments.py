"""Edits of comments and empty lines alone, told from the lines that differ."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.source.python_inert import only_comments

HEAD = "import a\n\n\ndef f(x):\n    y = x\n    return y\n"
ALIKE = {
    "a comment at the end": (HEAD, f"{HEAD}\n# Seen.\n"),
    "a comment in a function": (HEAD, HEAD.replace("    return", "    # so\n    return")),
    "a comment that goes": (f"# a\n# b\n{HEAD}", f"# a\n{HEAD}"),
    "an empty line": (HEAD, f"\n\n{HEAD}"),
}
OTHERS = {
    "a call": (HEAD, f"{HEAD}\nf(1)\n"),
    "a call behind a comment": (HEAD, f"{HEAD}# so\nf(1)\n"),
    "what looks like a comment in a string": ('A = """\n"""\n', 'A = """\n# so\n"""\n'),
    "a comment that swallows code": (HEAD, HEAD.replace("    y =", "    # y =")),
    "another encoding": (HEAD, f"# coding: utf-7\n{HEAD}"),
    "a line that goes on": ("a = 1\nb = 2\n", "a = 1 + \\\n\nb = 2\n"),
    "no line's end": (HEAD, f"{HEAD}# so"),
}


@pytest.mark.parametrize("says", ALIKE)
def test_an_edit_of_comments_is_told(says: str) -> None:
    before, after = ALIKE[says]
    assert only_comments(before.encode(), after.encode()) is True


@pytest.mark.parametrize("says", OTHERS)
def test_any_other_edit_is_none_of_comments(says: str) -> None:
    before, after = OTHERS[says]
    assert only_comments(before.encode(), after.encode()) is False


LINES = st.sampled_from(
    (
        "# so",
        "",
        "f(1)",
        "if x:",
        "    f(2)",
        "    # so",
        'A = """',
        '"""',
        "(",
        ")",
        "'#'",
        "b = 1 \\",
    )
)


@settings(max_examples=300)
@given(st.lists(LINES, max_size=8), st.lists(LINES, max_size=3), st.integers(0, 8))
def test_the_code_of_both_sides_of_such_an_edit_is_the_same(
    lines: list[str], more: list[str], at: int
) -> None:
    before = "".join(f"{line}\n" for line in lines)
    after = "".join(f"{line}\n" for line in (*lines[:at], *more, *lines[at:]))
    alike = only_comments(before.encode(), after.encode())
    assert not alike or _code(before) == _code(after)


def _code(text: str) -> str:
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return "no code"
