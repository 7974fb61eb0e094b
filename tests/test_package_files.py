"""What the `__init__.py` above a protected module may say, and what turns its imports elsewhere."""

from __future__ import annotations

import pytest

from gatekeeper import ModuleName
from gatekeeper_rules.change.protected_module_changed import RULE, Options
from tests.cases import case_of, places

BASE = {
    "src/app/__init__.py": "x = 1\n",
    "src/app/settings.py": "DEBUG = False\n",
    "src/app/store/__init__.py": "",
    "src/app/store/disk.py": "A = 1\n",
}
MODULES = {"m": ["src/app/settings.py", "src/app/store/**"]}
OPTIONS = Options(modules=(ModuleName("m"),))


def found(path: str, content: str | bytes, before: str = "x = 1\n") -> tuple[str, ...]:
    base = {**BASE, "src/app/__init__.py": before}
    case = case_of(base, {**base, path: content}, OPTIONS, modules=MODULES)
    concerned = RULE.concerns is None or RULE.concerns(case)
    return tuple(each.partition(":")[0] for each in places(RULE, case)) if concerned else ()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            "x = '#'; __path__ = ['/x']\n", id="a path set after a number sign in a string"
        ),
        pytest.param("globals()['\\x5f_path__'] = ['/x']\n", id="a path in an escape"),
        pytest.param("__\U0001d429ath__ = ['/x']\n", id="a path in letters that look like it"),
        pytest.param(b"# coding: utf-7\n+AF8AXw-path+AF8AXw- = 1\n", id="an encoding nobody reads"),
        pytest.param("x = (\n", id="no Python"),
        pytest.param("from app import other as settings\n", id="another module by its name"),
        pytest.param("import other as settings\n", id="a module of elsewhere by its name"),
        pytest.param("from other import settings\n", id="a name of elsewhere"),
        pytest.param("settings = object()\n", id="a value by its name"),
        pytest.param("settings: object = 1\n", id="a declared value"),
        pytest.param("def settings(): ...\n", id="a function"),
        pytest.param("class store: ...\n", id="a class by a package's name"),
        pytest.param("if x:\n    a, settings = 1, 2\n", id="one of several, under a condition"),
        pytest.param("from app import settings\nsettings.DEBUG = True\n", id="a part of it"),
    ],
)
def test_a_package_that_hands_out_something_else_is_found(content: str | bytes) -> None:
    assert ("head src/app/__init__.py",) == found("src/app/__init__.py", content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("x = 2\n", id="another value"),
        pytest.param('"""Sets no __path__, binds no settings."""\nx = 1\n', id="a docstring"),
        pytest.param("from . import settings, store\n", id="the module itself"),
        pytest.param("from .settings import DEBUG\n", id="a name of the module"),
        pytest.param("from .settings import settings\n", id="its own name of the module"),
        pytest.param("import app.settings\n", id="an import of the module"),
        pytest.param("def f():\n    settings = 1\n    return settings\n", id="a local name"),
    ],
)
def test_a_package_that_says_something_else_is_kept(content: str) -> None:
    assert () == found("src/app/__init__.py", content)


def test_a_package_path_of_before_may_stay_but_not_turn() -> None:
    old = "__path__ = [\n    '/a',\n]\n"

    assert () == found("src/app/__init__.py", f"y = 1\n{old}", old)
    assert ("head src/app/__init__.py",) == found(
        "src/app/__init__.py", old.replace("/a", "/b"), old
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("src/vendor/app/settings.py", id="a root below the module's own"),
        pytest.param("typings/app/settings.pyi", id="the stubs of Pyright"),
        pytest.param("stubs/app/settings.pyi", id="the stubs of mypy"),
        pytest.param("src/app/sett\u200cings.py", id="a character of no width"),
    ],
)
def test_a_path_that_passes_for_the_module_is_found(path: str) -> None:
    assert (f"head {path}",) == found(path, "DEBUG = True\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("x = 1\n", "#!/bin/sh\nx = 1\n", id="another program runs it"),
        pytest.param("#!/usr/bin/python\nx = 1\n", "\ufeff#!/usr/bin/python\nx = 1\n", id="a mark"),
        pytest.param(
            "# /// script\n# dependencies = []\n# ///\nx = 1\n",
            "# /// script\n# dependencies = ['evil']\n# ///\nx = 1\n",
            id="other dependencies",
        ),
    ],
)
def test_comments_that_decide_how_a_file_runs_are_code(before: str, after: str) -> None:
    options = Options(modules=(ModuleName("m"),), semantic=True)
    case = case_of(
        {"src/app/settings.py": before}, {"src/app/settings.py": after}, options, modules=MODULES
    )

    assert ["head src/app/settings.py"] == [each.partition(":")[0] for each in places(RULE, case)]
