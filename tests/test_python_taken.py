"""What a file takes from others is told from its text, whatever that text is."""

from __future__ import annotations

import pytest

from gatekeeper.errors import Unreadable
from gatekeeper.source.python_taken import ANY, taken

TAKEN = {
    "a name": ("from a.b import c", {("a.b", "c")}),
    "names with others to go by": ("from a import b as c, d", {("a", "b"), ("a", "d")}),
    "what is beside it": ("from .. import a", {("..", "a")}),
    "everything": ("from a import *", {("a", ANY)}),
    "a module of which one thing is read": ("import a\na.b()", {("a", "b")}),
    "a module that is handed on": ("import a\nx(a)", {("a", ANY)}),
    "a module that goes by another name": ("import a.b as c\nc.d", {("a.b", "d")}),
    "a module in a package": ("import a.b\na.b.c", {("a.b", ANY), ("a", "b")}),
    "nothing": ("x = 'from'\nimportant = 1", set()),
}


@pytest.mark.parametrize(("text", "expected"), TAKEN.values(), ids=TAKEN)
def test_what_is_taken(text: str, expected: set[tuple[str, str]]) -> None:
    assert expected == set(taken(text.encode()))


SLOW = {
    "an import in each line that goes on": b"import \\\n" * 30_000,
    "imports of many names in a long file": b"".join(b"import a%d\n" % n for n in range(40_000)),
}


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_a_file_that_is_made_to_be_slow_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable, match="in good time"):
        taken(content)
