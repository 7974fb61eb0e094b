"""A test file that only follows a module to its new name is the base's test still."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper.reading.overlay import crossed, laid_over, moved_tests
from tests.trees import tree

OLD, NEW, TEST = "src/shop/pricing.py", "src/shop/prices.py", "tests/test_a.py"
WAS = "from shop.pricing import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n"
NOW = WAS.replace("shop.pricing", "shop.prices")
PLAIN = "import shop.pricing\n\n\ndef test_add():\n    assert shop.pricing.add(2, 3) == 5\n"
NAMED = "from shop import pricing\n\n\ndef test_add():\n    assert pricing.add(2, 3) == 5\n"
PATCHED = "from unittest.mock import patch\n" + WAS.replace(
    "    assert", "    with patch('shop.pricing.rate'):\n        assert"
)
TWICE = "try:\n    from shop.pricing import add\nexcept ImportError:\n    from fakes import add\n"


def stays(was: str, now: str, moves: Mapping[str, str] | None = None) -> bool:
    """Whether the head's test file is run among the base's."""
    moves = {OLD: NEW} if moves is None else moves
    base = tree("base", {**dict.fromkeys(moves, "x"), TEST: was})
    head = tree("head", {**dict.fromkeys(moves.values(), "x"), TEST: now})
    return now.encode() == crossed(base, head, moved=moved_tests(base, head))[TEST]


FOLLOWS: Mapping[str, tuple[str, str]] = {
    "what is imported from it": (WAS, NOW),
    "the module itself": (PLAIN, PLAIN.replace("shop.pricing", "shop.prices")),
    "the module under its last name": (NAMED, NAMED.replace("pricing", "prices")),
    "a text for mock": (PATCHED, PATCHED.replace("shop.pricing", "shop.prices")),
    "imports in another order": (
        "import zlib\nfrom shop.pricing import add\n\n\nassert add(1, zlib.crc32(b'')) == 1\n",
        "from shop.prices import add\nimport zlib\n\n\nassert add(1, zlib.crc32(b'')) == 1\n",
    ),
}


@pytest.mark.parametrize(
    ("was", "now"), [pytest.param(*FOLLOWS[name], id=name) for name in FOLLOWS]
)
def test_a_test_that_follows_a_module_is_the_base_s_test_still(was: str, now: str) -> None:
    assert stays(was, now)


ALTERED: Mapping[str, tuple[str, str]] = {
    "it expects something else": (WAS, NOW.replace("5", "6")),
    "it brings something more": (WAS, "import fakes\n" + NOW),
    "it takes the name from elsewhere": (WAS, WAS.replace("shop.pricing", "tests.fakes")),
    "it takes another name": (WAS, NOW.replace("import add", "import plus as add")),
    "one name is brought twice": (TWICE, TWICE.replace("shop.pricing", "shop.prices")),
    "a word that it expects is another": (
        WAS + "    assert name() == 'pricing'\n",
        NOW + "    assert name() == 'prices'\n",
    ),
    "it is no Python any more": (WAS, NOW + ")"),
    "it follows nothing": (WAS, WAS.replace("5", "5.0")),
}


@pytest.mark.parametrize(
    ("was", "now"), [pytest.param(*ALTERED[name], id=name) for name in ALTERED]
)
def test_a_test_that_says_anything_else_is_not(was: str, now: str) -> None:
    assert not stays(was, now)


@pytest.mark.parametrize(
    "moves",
    [
        pytest.param({OLD: OLD}, id="the module is still there"),
        pytest.param({NEW: NEW, OLD: "src/shop/x.py"}, id="the other one was there before"),
        pytest.param({"tests/shop/pricing.py": "tests/shop/prices.py"}, id="they are the tests'"),
    ],
)
def test_only_a_module_that_is_gone_is_followed_to_one_that_is_new(
    moves: Mapping[str, str],
) -> None:
    assert not stays(WAS, NOW, moves)


APP = "src/shop/app.py"
USES = "from shop.pricing import add\n"
COPY = "src/shop/cost.py"
PRODUCTION: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], bool]] = {
    "it follows too": ({APP: USES}, {APP: "from shop.prices import add\n"}, True),
    "it follows in another form": (
        {APP: USES},
        {APP: "from . import prices\nprices.add\n"},
        True,
    ),
    "it moves as well": ({APP: USES}, {"src/shop/main.py": "from .prices import add\n"}, True),
    "it takes other names from what is new": (
        {APP: USES},
        {APP: "from shop.prices import add\nfrom shop.cost import tax\n", COPY: "x"},
        True,
    ),
    "it binds another name twice": (
        {APP: USES},
        {
            APP: "from shop.prices import add\ntry:\n    import a as b\n"
            "except ImportError:\n    import c as b\n"
        },
        True,
    ),
    "it takes another new module": (
        {APP: USES},
        {APP: "from shop.cost import add\n", COPY: "x"},
        False,
    ),
    "it takes both": (
        {APP: USES},
        {APP: "from shop.prices import add\nfrom shop.cost import add\n", COPY: "x"},
        False,
    ),
    "what takes its place takes another new module": (
        {APP: USES},
        {"src/shop/main.py": "from .cost import add\nfrom .prices import zero\n", COPY: "x"},
        False,
    ),
    "it takes all of another new module": (
        {APP: USES},
        {APP: "from shop.prices import add\nfrom shop.cost import *\n", COPY: "x"},
        False,
    ),
    "nothing takes it any more": ({APP: USES}, {APP: ""}, False),
    "it cannot be read": ({APP: USES}, {APP: "from shop.prices import add\n)"}, False),
}


@pytest.mark.parametrize(
    ("before", "after", "expected"), PRODUCTION.values(), ids=PRODUCTION.keys()
)
def test_what_is_no_test_has_to_follow_too(
    before: Mapping[str, str], after: Mapping[str, str], expected: bool
) -> None:
    base = tree("base", {OLD: "x", TEST: WAS, **before})
    head = tree("head", {NEW: "x", TEST: NOW, **after})

    assert expected is (NOW.encode() == crossed(base, head, moved=moved_tests(base, head))[TEST])


def test_two_modules_are_not_followed_to_one() -> None:
    was = "from a.one import x\nfrom a.two import y\n\nassert x() == y()\n"
    now = "from a.new import x\nfrom a.new import y\n\nassert x() == y()\n"

    assert not stays(was, now, {"src/a/one.py": "src/a/new.py", "src/a/two.py": "src/a/new.py"})


def test_what_was_laid_over_says_which_follow() -> None:
    base = tree("base", {OLD: "x", TEST: WAS, "tests/test_b.py": "strict"})
    head = tree("head", {NEW: "x", TEST: NOW, "tests/test_b.py": "loose"})

    said = "2 test files of the base, 1 of them not as at head; 0 new left out"
    assert f"{said}; 1 with the new names of modules that moved" == laid_over(
        base, head, moved=moved_tests(base, head)
    )
