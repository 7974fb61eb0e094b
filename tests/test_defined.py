"""A file that defines a function of test code is found by its bytes, however that is written."""

from __future__ import annotations

import ast

import pytest

from gatekeeper import Snapshot
from gatekeeper_rules.suite._defined import Defined

DEFINITIONS = {
    "as usual": b"def find(): ...\n",
    "as a coroutine": b"async  def\tfind(): ...\n",
    "as a method": b"class A:\n    def find(self): ...\n",
    "in a line that holds more": b"x = 1; \ndef find(): ...\n",
    "over two lines": b"def \\\n  find(): ...\n",
    "behind a form feed": b"def \x0c find(): ...\n",
    "with parameters of types": b"def find[T](x: T) -> T: ...\n",
    "with lines of the classic Macintosh": b"x = 1\rdef find(): ...\r",
    "with letters that Python takes for others": "def \ufb01nd(): ...\n".encode(),
    "so in another encoding": "# coding: latin-1\ndef f\xaand(): ...\n".encode("latin-1"),
}


@pytest.mark.parametrize("content", DEFINITIONS.values(), ids=DEFINITIONS)
def test_a_definition_is_found(content: bytes) -> None:
    snapshot = Snapshot.of("head", {"tests/helper.py": content, "tests/other.py": b"find()\n"})

    assert ["tests/helper.py"] == Defined(snapshot).where("find")


def test_what_is_no_test_code_is_not_looked_through() -> None:
    snapshot = Snapshot.of("head", {"app.py": b"def find(): ...\n"})

    assert [] == Defined(snapshot).where("find")


def test_python_takes_those_letters_for_others() -> None:
    (function,) = ast.parse("def \ufb01nd(): ...\n").body

    assert isinstance(function, ast.FunctionDef)
    assert "find" == function.name
