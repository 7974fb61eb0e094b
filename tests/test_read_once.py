"""A function that two versions of a test file have alike has the facts that it has by itself."""

from __future__ import annotations

import pytest

from gatekeeper.cache import Cache
from gatekeeper_rules.suite import _read_once
from gatekeeper_rules.suite._test_files import TESTS
from gatekeeper_rules.suite._written import WrittenFile

BASE = """\
import pytest
from app import total
LIMIT = 3


class TestTotals:
    @pytest.mark.parametrize("n", [1, 2])
    def test_more(self, n):
        if n > 5:
            return
        with pytest.raises(ValueError):
            total(-n)
        assert total(n) == LIMIT
        n == 2


def test_none():
    assert True
"""

HEADS = {
    "a comment is added at its end": BASE + "# Seen.\n",
    "lines come in above": "# One.\n\n" + BASE,
    "the constant is another one": BASE.replace("LIMIT = 3", "LIMIT = total(1)"),
    "an import is another one": BASE.replace("from app", "from other"),
    "the class is marked": BASE.replace("class", "@pytest.mark.skip\nclass"),
    "the class is called otherwise": BASE.replace("TestTotals", "Totals"),
    "the class says that it holds no tests": BASE.replace(
        "    @pytest", "    __test__ = False\n    @pytest"
    ),
    "the function stands in no class": BASE.replace("class TestTotals:", "if LIMIT:"),
    "a line of the function differs": BASE.replace("n > 5", "n > 0"),
    "lines end as in DOS": BASE.replace("\n", "\r\n"),
    "a form feed stands between": BASE.replace("LIMIT", "\f\nLIMIT", 1),
}


def read(*texts: str) -> WrittenFile:
    """The facts of the last of these texts, which are read one after the other."""
    _read_once._KNOWN.clear()
    cache = Cache()
    held = [
        cache.facts(TESTS, str(number), "test_totals.py", text.encode)
        for number, text in enumerate(texts)
    ]
    return held[-1]


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_the_facts_are_those_of_the_file_alone(head: str) -> None:
    assert read(head) == read(BASE, head)


def test_what_stands_alike_is_read_once() -> None:
    read(BASE, HEADS["lines come in above"])

    assert 2 == len(_read_once._KNOWN)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_read_once, "MOST", 2)

    read(BASE, HEADS["an import is another one"])

    assert 2 == len(_read_once._KNOWN)
