"""Ways to make a test say yes whatever the code does: each is tried, and each is found."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import NoOptions
from gatekeeper_rules.suite.test_hollow import RULE
from tests.cases import case_of, findings

SOURCE = "src/shop/pricing.py"
SUMS, CART, SHARED = "tests/test_sums.py", "tests/test_cart.py", "tests/conftest.py"
TEST = "def test_sub():\n    assert sub(5, 3) == 2\n"
METHODS = """\
import unittest
from shop.cart import Cart


class TestCart(unittest.TestCase):
    def test_total(self):
        self.assertEqual(Cart([3, 4]).total(), 7)
"""
BASE: Mapping[str, str] = {
    SOURCE: "def sub(a, b):\n    return a - b\n",
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "class Cart:\n    pass\n",
    SUMS: f"import pytest\nfrom shop.pricing import sub\n\n\n{TEST}",
    CART: METHODS,
    SHARED: "import pytest\n",
}
MUL = "def sub(a, b):\n    return a - b\n\n\ndef mul(a, b):\n    return a + b\n"
TEST_MUL = "def test_mul():\n    assert mul(2, 3) == 6\n"


def of_body(body: str, around: str = "") -> Mapping[str, str]:
    """The base's test with another body, and something in front of it."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return {SUMS: BASE[SUMS].replace(TEST, f"{around}def test_sub():\n{lines}")}


def behind(text: str) -> Mapping[str, str]:
    return {SUMS: BASE[SUMS] + text}


def of_method(text: str) -> Mapping[str, str]:
    return {CART: METHODS.replace("    def test_total", f"{text}\n    def test_total")}


def shared(text: str) -> Mapping[str, str]:
    return {SHARED: BASE[SHARED] + text}


def new_test(text: str, path: str = "tests/test_mul.py") -> Mapping[str, str]:
    return {SOURCE: MUL, path: f"import pytest\nfrom shop.pricing import mul\n\n\n{text}"}


def said(edits: Mapping[str, str]) -> list[str]:
    return [each.message for each in findings(RULE, case_of(BASE, {**BASE, **edits}, NoOptions()))]


QUIET = "class Quiet:\n    def __enter__(self): ...\n    def __exit__(self, *a): return True\n\n\n"
MUTED = """\
def quiet(f):
    def wrapper():
        try:
            f()
        except AssertionError:
            pass
    return wrapper


@quiet
"""
EXCHANGED = (
    "def quick(f):\n    def test_sub():\n        return None\n    return test_sub\n\n\n@quick\n"
)
MANAGED = """\
import contextlib


@contextlib.contextmanager
def quiet():
    try:
        yield
    except AssertionError:
        pass


"""
INNER = "def check(x):\n    assert sub(5, 3) == 2\n\n\n"
HOOK = "\n\ndef pytest_{}:\n    for item in items:\n        {}\n"

LOST = {
    "a suppress by another name": of_body(
        "with quiet(AssertionError):\n    assert sub(5, 3) == 2",
        "from contextlib import suppress as quiet\n\n\n",
    ),
    "a suppress of what a name holds": of_body(
        "errors = (AssertionError,)\nwith suppress(*errors):\n    assert sub(5, 3) == 2"
    ),
    "a suppress on a stack": of_body(
        "with ExitStack() as stack:\n    stack.enter_context(suppress(AssertionError))\n"
        "    assert sub(5, 3) == 2"
    ),
    "a stack that says yes to every error": of_body(
        "with ExitStack() as stack:\n    stack.push(lambda *a: True)\n    assert sub(5, 3) == 2"
    ),
    "a context manager of its own": of_body("with Quiet():\n    assert sub(5, 3) == 2", QUIET),
    "a generator that swallows at its yield": of_body(
        "with quiet():\n    assert sub(5, 3) == 2", MANAGED
    ),
    "a decorator that swallows": of_body("assert sub(5, 3) == 2", MUTED),
    "a decorator that never calls": of_body("assert sub(5, 3) == 2", EXCHANGED),
    "a list of failures that nobody reads": of_body(
        "failures = []\ntry:\n    assert sub(5, 3) == 2\nexcept AssertionError as error:\n"
        "    failures.append(error)"
    ),
    "a result that nobody reads": of_body(
        "try:\n    assert sub(5, 3) == 2\nexcept AssertionError:\n    result = None"
    ),
    "a skip in the place of a failure": of_body(
        "try:\n    assert sub(5, 3) == 2\nexcept AssertionError:\n    pytest.skip('flaky')"
    ),
    "an xfail in the place of a failure": of_body(
        "try:\n    assert sub(5, 3) == 2\nexcept AssertionError:\n    pytest.xfail('flaky')"
    ),
    "an assertion that is to fail": of_body(
        "with pytest.raises(BaseException):\n    assert sub(5, 3) == 99"
    ),
    "a condition that says the same": of_body("if sub(5, 3) == 2:\n    assert sub(5, 3) == 2"),
    "a condition that may not hold": of_body("if FULL:\n    assert sub(5, 3) == 2"),
    "the code is its own oracle": of_body("assert sub(5, 3) == sub(5, 3)"),
    "the code is its own oracle by a name": of_body(
        "expected = sub(5, 3)\nassert sub(5, 3) == expected"
    ),
    "one answer under two names": of_body(
        "result = sub(5, 3)\nexpected = result\nassert result == expected"
    ),
    "a constant under a name": of_body("sub(5, 3)\nresult = 2\nassert result == 2"),
    "a flag that is always set": of_body("sub(5, 3)\nok = True\nassert ok"),
    "arithmetic of its own": of_body("sub(5, 3)\nassert 5 - 3 == 2"),
    "the length of a literal": of_body("sub(5, 3)\nassert len('ab') == 2"),
    "what equals everything": of_body(
        "assert sub(5, 3) == ANY", "from unittest.mock import ANY\n\n\n"
    ),
    "what equals everything, by its module": of_body(
        "assert sub(5, 3) == mock.ANY", "from unittest import mock\n\n\n"
    ),
    "a loop over no cases": of_body(
        "for a, b, c in CASES:\n    assert sub(a, b) == c", "CASES = []\n\n\n"
    ),
    "all of nothing": of_body(
        "cases = ()\nassert all(sub(a, b) == c for a, b, c in cases) and sub(1, 1) == 0"
    ),
    "a map that nobody runs": of_body("map(check, [1])", INNER),
    "a map of lambdas that nobody runs": of_body("map(lambda x: check(x), [1])", INNER),
    "a generator that nobody runs": of_body("(check(x) for x in [1])", INNER),
    "a function that is named and not called": of_body(
        "def inner():\n    assert sub(5, 3) == 2\n\ninner"
    ),
    "a lambda that is never called": of_body("later = lambda: pytest.fail('x')\nsub(5, 3)"),
    "a coroutine that nobody awaits": of_body(
        "inner()", "async def inner():\n    assert sub(5, 3) == 2\n\n\n"
    ),
    "a generator function that nobody iterates": of_body(
        "inner()", "def inner():\n    assert sub(5, 3) == 2\n    yield\n\n\n"
    ),
    "a helper that only says that it asserts": of_body(
        "assert_sub(5, 3)", "def assert_sub(a, b):\n    sub(a, b)\n\n\n"
    ),
    "such a helper beside the tests": {
        "tests/checks.py": "def assert_equal(a, b):\n    return None\n",
        **of_body("assert_equal(sub(5, 3), 2)", "from tests.checks import assert_equal\n\n\n"),
    },
    "such a helper in the package": {
        "src/shop/checks.py": "def assert_equal(a, b):\n    return None\n",
        **of_body("assert_equal(sub(5, 3), 2)", "from shop.checks import assert_equal\n\n\n"),
    },
    "a method of unittest's that does nothing": of_method(
        "    def assertEqual(self, *given):\n        return None\n"
    ),
    "such a method in a class above": {
        CART: METHODS.replace(
            "class TestCart(unittest.TestCase)",
            "class Quiet(unittest.TestCase):\n    def assertEqual(self, *given):\n"
            "        return None\n\n\nclass TestCart(Quiet)",
        )
    },
    "a run of its own": of_method(
        "    def run(self, result=None):\n        result.addSuccess(self)\n"
    ),
    "a failure that is a skip": of_method("    failureException = unittest.SkipTest\n"),
    "a mock by the name of the code": of_body(
        "sub = Mock(return_value=2)\nassert sub(5, 3) == 2", "from unittest.mock import Mock\n\n\n"
    ),
    "a mock in the module by the name of the code": of_body(
        "assert sub(5, 3) == 2", "sub = Mock(return_value=2)\n\n\n"
    ),
    "a copy of the code beside the test": of_body(
        "assert sub(5, 3) == 2", "def sub(a, b):\n    return a - b\n\n\n"
    ),
    "another meaning of its name": behind("\n\ntest_sub = lambda: None\n"),
    "another meaning of its name, in a loop": behind("\n\nfor test_sub in [print]:\n    pass\n"),
    "another meaning of its name, imported": behind("\n\nfrom helpers import test_sub\n"),
    "another meaning of its name, by globals": behind("\n\nglobals()['test_sub'] = print\n"),
    "a module that is skipped": behind("\n\npytestmark = pytest.mark.skip\n"),
    "a module that may fail": behind("\n\npytestmark = [pytest.mark.xfail]\n"),
    "a hook that says a test is done": shared(
        "\n\ndef pytest_pyfunc_call(pyfuncitem):\n"
        "    return True if pyfuncitem.name == 'test_sub' else None\n"
    ),
    "a hook that exchanges what is run": shared(
        HOOK.format("collection_modifyitems(items)", "item.obj = lambda: None")
    ),
    "a hook that exchanges the code": shared(
        HOOK.format(
            "collection_modifyitems(items)", "item.function.__code__ = (lambda: 1).__code__"
        )
    ),
    "a hook that exchanges it by setattr": shared(
        HOOK.format("collection_modifyitems(items)", "setattr(item, 'obj', print)")
    ),
    "a hook in the package": {
        "src/shop/plug.py": HOOK.format("collection_modifyitems(items)", "item.obj = print")
    },
    "a hook that gives a test's names another meaning": shared(
        HOOK.format("runtest_call(item)", "item.obj.__globals__['sub'] = max")
    ),
    "a hook that does so by another name": shared(
        HOOK.format("runtest_call(item)", "names = item.obj.__globals__; names['sub'] = max")
    ),
    "the package alters what runs tests": {
        SOURCE: "import _pytest.python\n\n_pytest.python.Function.runtest = print\n"
    },
    "the package alters what reports on tests": {
        SOURCE: "from _pytest.reports import TestReport as T\n\nT.from_item_and_call = print\n"
    },
    "the package alters unittest": {
        SOURCE: "import unittest\n\nsetattr(unittest.TestCase, 'assertEqual', print)\n"
    },
    "the names of the module are set by a call": behind(
        "\n\nglobals().update(sub=lambda a, b: a - b)\n"
    ),
    "the names of the module are set by a fixture": behind(
        "\n\n@pytest.fixture(autouse=True)\ndef mended(monkeypatch):\n"
        "    monkeypatch.setitem(globals(), 'sub', lambda a, b: a - b)\n"
    ),
    "a new test that may fail": new_test(f"@pytest.mark.xfail\n{TEST_MUL}"),
    "a new test that is always skipped": new_test(
        f"@pytest.mark.skipif(True, reason='x')\n{TEST_MUL}"
    ),
    "a new test in a class that is skipped": new_test(
        "@pytest.mark.skip\nclass TestMul:\n"
        "    def test_mul(self):\n        assert mul(2, 3) == 6\n"
    ),
    "a new test that is skipped where it would fail": new_test(
        "def test_mul():\n    if mul(2, 3) != 6:\n        pytest.skip('later')\n"
        "    assert mul(2, 3) == 6\n"
    ),
    "a new test under a decorator that swallows": new_test(
        f"{MUTED.replace('@quiet', '')}\n@quiet\n{TEST_MUL}"
    ),
    "the code is replaced for every test": {
        **new_test(TEST_MUL),
        **shared("\n\nimport shop.pricing\n\nshop.pricing.mul = lambda a, b: a * b\n"),
    },
    "a fixture for every test replaces the code": {
        SOURCE: MUL,
        "tests/test_mul.py": "import shop.pricing\n\n\ndef test_mul():\n"
        "    assert shop.pricing.mul(2, 3) == 6\n",
        **shared(
            "\n\n@pytest.fixture(autouse=True)\ndef mended(monkeypatch):\n"
            "    import shop.pricing\n"
            "    monkeypatch.setattr(shop.pricing, 'mul', lambda a, b: a * b)\n"
        ),
    },
    "code that looks for pytest's variable": {
        SOURCE: "import os\n\n\ndef sub(a, b):\n"
        "    return a - b if 'PYTEST_CURRENT_TEST' in os.environ else a + b\n"
    },
    "code that looks for pytest among the modules": {
        SOURCE: "import sys\n\n\ndef sub(a, b):\n"
        "    return a - b if 'pytest' in sys.modules else a + b\n"
    },
    "code that asks for the module of pytest": {
        SOURCE: "import sys\n\nTESTED = sys.modules.get('_pytest')\n"
    },
    "code that looks at the program's name": {
        SOURCE: "import sys\n\nTESTED = 'pytest' in sys.argv[0]\n"
    },
}


@pytest.mark.parametrize("edits", [pytest.param(LOST[name], id=name) for name in LOST])
def test_a_test_that_cannot_fail_is_found_however_it_is_done(edits: Mapping[str, str]) -> None:
    assert said(edits) != []


HONEST = {
    "an assertion of what the test put in": of_body(
        "items = []\nsub(5, 3)\nitems.append(sub(5, 3))\nassert items == [2]\nassert sub(5, 3) == 2"
    ),
    "a line that is to be reached": of_body(
        "assert sub(5, 3) == 2\nwith pytest.raises(ValueError):\n    sub(1)\n    assert False, 'no'"
    ),
    "a name that is set again": of_body(
        "x = 2\ny = x\nx = sub(5, 3)\nassert x == y\nassert sub(5, 3) == 2"
    ),
    "a flag that a callback sets": of_body(
        "seen = False\n\ndef note():\n    nonlocal seen\n    seen = True\n\nsub(5, 3, note)\n"
        "assert not seen\nassert sub(5, 3) == 2"
    ),
    "failures that are gathered and looked at": of_body(
        "failures = []\ntry:\n    assert sub(5, 3) == 2\nexcept AssertionError as error:\n"
        "    failures.append(error)\nassert not failures"
    ),
    "a sanity check beside what is tested": of_body(
        "CASES = [(5, 3, 2)]\nassert len(CASES) == 1\nassert sub(5, 3) == 2"
    ),
    "a helper that asserts": of_body(
        "assert_sub(5, 3)\nassert sub(5, 3) == 2",
        "def assert_sub(a, b):\n    assert sub(a, b) == a - b\n\n\n",
    ),
    "a method of unittest's that does more": of_method(
        "    def assertEqual(self, *given):\n        super().assertEqual(*given)\n"
    ),
    "a coroutine that is run": of_body(
        "asyncio.run(inner())\nassert sub(5, 3) == 2",
        "async def inner():\n    assert sub(5, 3) == 2\n\n\n",
    ),
    "a strict xfail": new_test(f"@pytest.mark.xfail(strict=True)\n{TEST_MUL}"),
    "a skip on another platform": new_test(
        f"@pytest.mark.skipif(sys.platform == 'win32', reason='x')\n{TEST_MUL}"
    ),
    "a decorator that repeats": new_test(
        "def twice(f):\n    def inner():\n        f()\n        f()\n    return inner\n\n\n"
        f"@twice\n{TEST_MUL}"
    ),
    "a hook that looks on": shared(
        "\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_pyfunc_call(pyfuncitem):\n"
        "    outcome = yield\n    return outcome\n"
    ),
    "a hook that leaves it to pytest": shared(
        "\n\ndef pytest_runtest_protocol(item):\n    print(item)\n    return None\n"
    ),
    "an attribute called obj": of_body("self.obj = sub(5, 3)\nassert sub(5, 3) == 2"),
    "what tests share, kept at pytest": shared("\n\npytest.shared = {}\n"),
    "unittest shows more": behind("\n\nimport unittest\n\nunittest.TestCase.maxDiff = None\n"),
    "tests that are made in a loop": behind(
        "\n\nfor n in range(3):\n    globals()[f'test_{n}'] = case(n)\n"
    ),
    "code that says pytest": {SOURCE: "# for pytest\n\n\ndef sub(a, b):\n    return a - b\n"},
}


@pytest.mark.parametrize("edits", [pytest.param(HONEST[name], id=name) for name in HONEST])
def test_an_honest_test_is_let_alone(edits: Mapping[str, str]) -> None:
    assert said(edits) == []


USED = "assert sub(5, 3) == 2"
REBOUND = {
    "it is imported again": f"from shop.pricing import sub\n{USED}",
    "a parameter within it is called so": f"{USED}\nassert f(lambda sub: sub(1))",
    "a loop goes over such": f"for sub in every():\n    {USED}",
    "it is bound when it has been used": f"{USED}\nsub = 1",
    "it is wrapped": f"sub = traced(sub)\n{USED}",
    "a function within it is called so": f"def sub(a, b):\n    return 2\n{USED}",
}
MADE = {
    "another import": f"from tests.fakes import sub\n{USED}",
    "a function": f"def sub(a, b):\n    return 2\n{USED}",
    "a lambda": f"sub = lambda a, b: 2\n{USED}",
    "the same, before it is used": f"sub = 1\n{USED}",
    "a loop over others": f"for sub in [lambda a, b: 2]:\n    {USED}",
}


@pytest.mark.parametrize("before", REBOUND.values(), ids=REBOUND)
def test_what_a_test_has_made_itself_before_is_no_news(before: str) -> None:
    base = {**BASE, **of_body(before)}
    head = {**base, **of_body(f"{before}\nassert held(1) == 1")}

    assert () == findings(RULE, case_of(base, head, NoOptions()))


@pytest.mark.parametrize("after", MADE.values(), ids=MADE)
def test_what_it_makes_otherwise_than_before_is_found(after: str) -> None:
    base = {**BASE, **of_body(f"{USED}\nfrom shop.pricing import sub\nsub = 1")}

    (found,) = findings(RULE, case_of(base, {**base, **of_body(after)}, NoOptions()))

    assert "is made by the tests themselves" in found.message
