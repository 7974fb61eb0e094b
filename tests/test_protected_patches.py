"""protected-module-changed: a module that other code alters while the program runs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Case, ModuleName
from gatekeeper_rules.change.protected_module_changed import RULE, Options
from tests.cases import case_of, doubts, findings

MODULES = {"artifact storage": ["src/shop/artifacts/**"], "validation": ["src/shop/validation.py"]}
FILES: Mapping[str, str] = {
    "src/shop/__init__.py": "",
    "src/shop/artifacts/__init__.py": "",
    "src/shop/artifacts/store.py": "class Store:\n    def put(self, key):\n        return key\n",
    "src/shop/validation.py": "def valid(x):\n    return x > 0\n",
    "src/shop/app.py": "",
}


def case(text: str, path: str = "src/shop/app.py", before: str = "") -> Case[Options]:
    base = {**FILES, path: before}
    options = Options(tuple(map(ModuleName, MODULES)))
    return case_of(base, {**base, path: text}, options, modules=MODULES)


STORE = "from shop.artifacts.store import Store\n"
PATCHED = {
    "a function": "from shop import validation\n\nvalidation.valid = lambda x: True\n",
    "a function by the whole name": "import shop.validation\n\nshop.validation.valid = print\n",
    "a function by another name": "import shop.validation as v\n\nv.valid = print\n",
    "a function by a relative import": "from . import validation\n\nvalidation.valid = print\n",
    "a function by a name of its own": (
        "from shop import validation\n\nthe = validation\nthe.valid = print\n"
    ),
    "one of several": "from shop import validation\n\na, validation.valid = 1, print\n",
    "a method": STORE + "\nStore.put = print\n",
    "a method by setattr": STORE + "\nsetattr(Store, 'put', print)\n",
    "by setattr": "from shop import validation\n\nsetattr(validation, 'valid', print)\n",
    "in a function": "def f():\n    from shop import validation\n    validation.valid = print\n",
    "the module itself": "import shop\n\nshop.validation = object()\n",
    "the module among all of them": "import sys\n\nsys.modules['shop.validation'] = object()\n",
    "the module taken out": "import sys\n\nsys.modules.pop('shop.validation')\n",
    "a module found by its name": (
        "from importlib import import_module\n\nimport_module('shop.validation').valid = print\n"
    ),
    "in other letters": (
        "from shop import \N{MATHEMATICAL BOLD SMALL V}alidation as v\n\nv.valid = print\n"
    ),
    "a module found by an escaped name": (
        "from importlib import import_module\n\n"
        "import_module('shop.valid\\x61tion').valid = print\n"
    ),
    "a module among all of them by an escaped name": (
        "import sys\n\nsys.modules['shop.valid\\N{LATIN SMALL LETTER A}tion'] = object()\n"
    ),
    "what a function does": (
        "from shop.validation import valid\n\nvalid.__code__ = print.__code__\n"
    ),
    "its names": "from shop import validation\n\nvars(validation)['valid'] = print\n",
    "its names by another way": (
        "from shop import validation\n\nvalidation.__dict__['valid'] = print\n"
    ),
    "with a mock": (
        "from unittest.mock import patch\n\npatch('shop.validation.valid', print).start()\n"
    ),
    "with a mock of an object": (
        "from unittest import mock\nfrom shop import validation\n\n"
        "mock.patch.object(validation, 'valid').start()\n"
    ),
}


@pytest.mark.parametrize("text", [pytest.param(PATCHED[name], id=name) for name in PATCHED])
def test_code_that_alters_a_protected_module_is_found(text: str) -> None:
    (found,) = findings(RULE, case(text))

    assert "while the program runs" in found.message
    assert RULE.concerns is not None
    assert RULE.concerns(case(text))


def test_a_package_above_may_not_alter_it_either() -> None:
    text = "from . import validation\n\nvalidation.valid = print\n"

    assert 1 == len(findings(RULE, case(text, "src/shop/__init__.py")))


LET_ALONE = {
    "it is used": "from shop import validation\n\nok = validation.valid(1)\n",
    "what it made is set up": (
        "from shop.artifacts.store import store\n\nstore.client = 1\nstore.state.x = 2\n"
    ),
    "a parameter of that name": (
        "from shop import validation\n\n\ndef f(validation):\n    validation.valid = 1\n"
    ),
    "a name that stands for something else by now": (
        "from shop import validation\n\nvalidation = object()\nvalidation.valid = 1\n"
    ),
    "another module of that name": "from other import validation\n\nvalidation.valid = 1\n",
    "an attribute of its own": "class A:\n    def f(self, valid):\n        self.valid = valid\n",
    "a subclass": STORE + "\n\nclass Fast(Store):\n    put = None\n",
    "another module taken out": "import sys\n\nsys.modules.pop('shop.app')\n",
}


@pytest.mark.parametrize("text", [pytest.param(LET_ALONE[name], id=name) for name in LET_ALONE])
def test_code_that_only_uses_it_is_let_alone(text: str) -> None:
    assert () == findings(RULE, case(text))


@pytest.mark.parametrize(
    "path",
    ["tests/test_app.py", "tests/fakes.py", "src/shop/conftest.py", "docs/patch.txt"],
)
def test_what_tests_replace_is_back_when_they_are_over(path: str) -> None:
    assert () == findings(RULE, case(PATCHED["a function"], path))


def test_what_the_base_alters_already_is_no_news() -> None:
    text = PATCHED["a function"]

    assert () == findings(RULE, case(text + "\nx = 1\n", before=text))


BOUND = {
    "by a case": "match 1:\n    case validation:\n        pass\n",
    "by an exception": "try:\n    x = 1\nexcept ValueError as validation:\n    pass\n",
    "within an assignment": "x = (validation := 1)\n",
    "within a comprehension": "x = [validation := n for n in (1, 2)]\n",
    "by a function": "def f():\n    global validation\n    validation = 1\n\n\nf()\n",
    "among all names": "globals()['validation'] = 1\n",
}


@pytest.mark.parametrize("text", [pytest.param(BOUND[name], id=name) for name in BOUND])
def test_a_package_above_that_says_what_the_module_is_is_found(text: str) -> None:
    (found,) = findings(RULE, case(text, "src/shop/__init__.py"))

    assert "now says what validation is" in found.message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x = [validation for validation in (1, 2)]\n", id="a comprehension's own"),
        pytest.param("def f():\n    validation = 1\n", id="a function's own"),
        pytest.param("NAMES = {}\nNAMES['validation'] = 1\n", id="an item of its own"),
    ],
)
def test_a_package_above_may_have_such_a_name_of_its_own(text: str) -> None:
    assert () == findings(RULE, case(text, "src/shop/__init__.py"))


TOOK = "from shop import validation\n\nprint(1)\n"
CALLED = "setattr(\n    validation,\n    'checked',\n    print,\n)\n"
HIDDEN = "from shop import validation\n\nvalidation = make()\nvalidation.valid = print\n"


@pytest.mark.parametrize(
    ("before", "after", "count"),
    [
        pytest.param(TOOK, TOOK + "setattr(validation, 'valid', print)\n", 1, id="a call is added"),
        pytest.param(
            TOOK + CALLED, TOOK + CALLED.replace("checked", "valid"), 1, id="a part of a call"
        ),
        pytest.param(HIDDEN, HIDDEN.replace("validation = make()\n", ""), 1, id="a name goes"),
        pytest.param(HIDDEN, HIDDEN + "print(2)\n", 0, id="a call that sets nothing"),
        pytest.param(TOOK + CALLED, TOOK + CALLED + "print(2)\n", 0, id="nothing that is new"),
    ],
)
def test_of_an_edit_only_what_it_newly_sets_is_found(before: str, after: str, count: int) -> None:
    assert count == len(findings(RULE, case(after, before=before)))


@pytest.mark.parametrize(
    "text",
    [
        "# coding: utf-7\nfrom shop import +AHY-alidation as v\nv.valid = print\n",
        "from shop import validation\nvalidation.valid = (\n",
    ],
    ids=["letters that mean others", "no Python"],
)
def test_what_cannot_be_read_is_unproven(text: str) -> None:
    assert {"src/shop/app.py"} == {each.partition(":")[0] for each in doubts(RULE, case(text))}
