"""An edit that is said to hide nothing, from the lines that differ, hides nothing."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import NoOptions, Unreadable
from gatekeeper.source.python_inert import is_inert, parses
from gatekeeper.source.suppression_edits import hides_the_same
from gatekeeper.source.suppressions import SUPPRESSIONS
from gatekeeper_rules.suite import _suppressed
from gatekeeper_rules.suite._suppressed import observations
from gatekeeper_rules.suite.suppression_added import concerns
from tests.cases import case_of

HEAD = '''\
"""A module."""

import typing
from typing import Any, cast, overload as over

_LOGGER = make()
# fmt: off
TABLE = {"a": 1,
    "b": 2}  # noqa: E501
# fmt: on
Alias = Held

if typing.TYPE_CHECKING:
    import collections
    print(3)
elif MYPY and not \\
        Held:
    import this
    import collections
else:
    import os
    import sys
    if Held:
        import this
        import collections


class Store(Base):
    """Holds # pragma: no cover
    things."""

    kind = plain()
    made = 0

    def put(self, name: str, value: int = 0) -> str:
        """Put it."""
        global Held
        self.made += 1
        if not name:
            raise ValueError(f"no {name!r} in {self.kind['a']}")
        self.check(name, value)
        self.check(
            name,
            [value],  # the value
        )
        print('it is "in"', "isn't it")
        try:
            self.log("put", name)
            self.send(name)
        except Exception:
            _LOGGER.debug("failed \\
                again %s", name)
        else:
            self.done()
            self.told(name)
        # pylint: disable=broad-except
        return self._done(name)

    def get(self, name: Alias) -> dict[str, Any]:
        return cast("dict[str, Any]", self.held[name])  # type: ignore[index]

    def told(self, name):
        """Say so.

        Say (it "well".
        """
        if name:
            self.log(name)
            self.log(f'{name}{{}}')
        # Then go on.
        for each in self.held:
            self.check(each)
            self.log(each)


def plain():
    return Other


@over
async def later():
    await first()
    await second()
    for each in TABLE:
        print(each,
              end="")
    print(1)
    print(2)
'''
LINES = HEAD.splitlines(keepends=True)

ADDED = (
    '    _LOGGER.debug("seen %s", name)\n',
    '        _LOGGER.debug("seen %s", name)\n',
    "        self.log(name, held=[1, (2)], **{'a': f'{name:>{3}}'})\n",
    "# A comment.\n",
    "        # A comment (with a bracket.\n",
    "\n",
    "print(1)\n",
    "        pass\n",
    "            pass\n",
    "        if name: raise KeyError\n",
    "        else:\n",
    "        assert name, 'no name'\n",
    "        await self.done()\n",
    "        return self.kind(name)\n",
    "        return cast(str, name)\n",
    "        return Any\n",
    "        Held = Alias\n",
    "Held = Any\n",
    "    Other = Alias\n",
    "    kind = Any\n",
    "    @over\n",
    "    def more(self, x: Alias): return x\n",
    "def more(x: typing.Any): ...\n",
    "def more(x: 'Any'): ...\n",
    "x: Any = 1\n",
    "    x: Alias\n",
    "from typing import no_type_check as kind\n",
    "from typing import *\n",
    "        x = 1  # noqa\n",
    "        self.log()  # type: ignore\n",
    "# mypy: ignore-errors\n",
    "# ruff: noqa\n",
    "# pragma: no cover\n",
    "#\n",
    "pragma: no\n",
    "cover\n",
    "        f'# pragma: no cover'\n",
    "# fmt: off\n",
    '    """\n',
    "    '''\n",
    '"""\n',
    '        """ # noqa\n',
    '        f"""{\n',
    "        f'{x['\n",
    "        (\n",
    "        )\n",
    "        ]\n",
    "        x = {\n",
    "}\n",
    "        \\\n",
    "        'a\\\n",
    "        rb'\\'\n",
    "if 1:\n",
    "    if 1:\n",
    "        while name:\n",
    "        with name as Held:\n",
    "        for Held in name:\n",
    "        match name:\n",
    "            case Held:\n",
    "        del Held\n",
    "        (Held := Alias)\n",
    "        [Held for Held in name]\n",
    "        lambda: Any\n",
    "        yield Any\n",
    "\tprint(1)\n",
    "        print(1)\r",
    "        print(1)\r\n",
    "        print(1)\f\n",
    "\ufeffprint(1)\n",
    "        print('\u2028# noqa')\n",
    "# -*- coding: latin-1 -*-\n",
    "# \u00e9\n",
    "        \u00e9(1)\n",
    "        \uff21ny(1)\n",
    "        print(1) # n\\\nq\n",
    "if not typing.TYPE_CHECKING:\n",
    "if Held or typing.TYPE_CHECKING:\n    pass\n",
    "import os\n",
    "        x = = 1\n",
    "        print 1\n",
    "        print(" + "(" * 40 + ")" * 40 + ")\n",
    "        print(" + "1+" * 90 + "1)\n",
    "        \0\n",
)


@st.composite
def edited(draw: st.DrawFn) -> str:
    """The module with some lines put in, taken out, moved to another place or cut in two."""
    lines = list(LINES)
    for _ in range(draw(st.sampled_from((1, 1, 1, 2, 3)))):
        at = draw(st.integers(0, max(0, len(lines) - 1)))
        taken = draw(st.sampled_from((0, 0, 0, 0, 1, 1, 2, 3, len(lines))))
        here = lines[at] if lines else ""
        lines[at : at + taken] = draw(_put_in(here))
    return "".join(lines)


def _put_in(here: str) -> st.SearchStrategy[list[str]]:
    """What is put in before a line: another one, more often than not indented as that is."""
    indent = " " * (len(here) - len(here.lstrip(" ")))
    cut = st.builds(
        lambda at, put: [here[:at] + put + here[at:]],
        st.integers(0, len(here)),
        st.sampled_from(("", "#", '"', "'", '"""', "(", ")", "\\", "\n", ":")),
    )
    fitting = st.sampled_from(ADDED).map(lambda line: [indent + line.lstrip(" ")])
    other = st.sampled_from((*ADDED, *LINES)).map(lambda line: [line])
    return st.one_of(fitting, fitting, fitting, other, cut, st.just([]))


PAIRS = (edited(), st.one_of(st.just(HEAD), st.just(HEAD), edited()))


def said(before: bytes, after: bytes) -> tuple[str, ...]:
    """All that the rule finds in this edit, or cannot read; both files are read in full."""
    case = case_of({"a.py": before}, {"a.py": after}, NoOptions())
    kinds = ("Finding", "Doubt")
    with patch.object(_suppressed, "hides_the_same", return_value=False):
        found = tuple(observations(case.change))
    return tuple(str(each) for each in found if type(each).__name__ in kinds)


def hidden(content: bytes) -> Counter[tuple[object, ...]] | None:
    """What a module hides and on what, whatever the line; None where it cannot be read."""
    try:
        found = SUPPRESSIONS.read(content, "a.py")
    except Unreadable:
        return None
    return Counter((*each[:4], each.guard) for each in found)


@given(*PAIRS)
@settings(max_examples=130, deadline=None)
def test_an_edit_that_concerns_nobody_adds_nothing(after: str, before: str) -> None:
    old, new = (text.encode("utf-8", "surrogatepass") for text in (before, after))
    case = case_of({"a.py": old}, {"a.py": new}, NoOptions())

    # What cannot be read at base is a doubt that HEAD has already.
    assert concerns(case) or not set(said(old, new)) - set(said(old, b""))


@given(*PAIRS)
@settings(max_examples=130, deadline=None)
def test_an_inert_edit_adds_nothing(after: str, before: str) -> None:
    old, new = (text.encode("utf-8", "surrogatepass") for text in (before, after))

    assert not is_inert(old, new) or not said(old, new)
    assert is_inert(old, new, sound=parses(old)) == is_inert(old, new)


@given(*PAIRS)
@settings(max_examples=130, deadline=None)
def test_where_an_edit_hides_the_same_all_of_both_files_does(after: str, before: str) -> None:
    old, new = (text.encode("utf-8", "surrogatepass") for text in (before, after))

    assert not hides_the_same("a.py", old, new) or hidden(old) == hidden(new)


def _with(line: str, at: str) -> bytes:
    """The module with a line put in before the first one that begins so."""
    number = next(number for number, each in enumerate(LINES) if each.strip().startswith(at))
    return "".join((*LINES[:number], line, *LINES[number:])).encode()


@pytest.mark.parametrize(
    ("line", "at"),
    [
        pytest.param("        # Say so.\n", "self.check(name, value)", id="a comment"),
        pytest.param("\n\n", "self.check(name, value)", id="empty lines"),
        pytest.param("        self.log('a', [b(1)])\n", "self.check(name, value)", id="a call"),
        pytest.param("        if x:\n            y()\n", "self.check(name, v", id="a branch"),
        pytest.param("        raise A(f'{a} {b}')\n", "self.check(name, value)", id="a raise"),
        pytest.param("    await third()\n", "await second()", id="an await"),
        pytest.param("            self.log(2)\n", "self.log(f", id="a call in a branch"),
    ],
)
def test_an_edit_that_only_does_something_is_inert(line: str, at: str) -> None:
    changed = _with(line, at)

    assert is_inert(HEAD.encode(), changed)
    assert is_inert(changed, HEAD.encode())
    assert hides_the_same("a.py", HEAD.encode(), changed)


@pytest.mark.parametrize(
    ("line", "at"),
    [
        pytest.param("        self.log(1)  # noqa\n", "self.check(name, v", id="a suppression"),
        pytest.param("        kind = held\n", "self.check(name, value)", id="a name that is bound"),
        pytest.param("        return held\n", "self.check(name, value)", id="a value given back"),
        pytest.param("        print(1)\n", "# pylint", id="beside a suppression"),
        pytest.param('        """\n', "self.check(name, value)", id="a string begun"),
        pytest.param("        self.log(\n", "self.check(name, value)", id="a bracket opened"),
        pytest.param("        while x:\n", "self.check(name, value)", id="a branch without body"),
        pytest.param("print(1)\n", "self.check(name, value)", id="the end of a function"),
        pytest.param("        if x: y()\n", "else:", id="what an else belongs to"),
        pytest.param("print(1)\n", "async def later", id="behind a decorator"),
        pytest.param("        print(1)\r\n", "self.check(name, value)", id="another line end"),
        pytest.param("        \uff41(1)\n", "self.check(name, value)", id="odd letters"),
        pytest.param("    print(1)\n", "import sys", id="where no type checker looks"),
        pytest.param("        print(1)\n", "import this", id="below, where none looks"),
        pytest.param("        print(f'{x[\"')\n", "self.check(name, value)", id="no Python"),
    ],
)
def test_an_edit_that_could_do_more_is_read_as_a_whole(line: str, at: str) -> None:
    assert not is_inert(HEAD.encode(), _with(line, at))
