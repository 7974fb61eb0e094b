"""Durable Objects in Python: what is found, what is left alone, what stays unproven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import (
    Doubt,
    Examined,
    Excerpt,
    Finding,
    NoSubject,
    Note,
    Observation,
    Side,
    Snapshot,
    Trail,
    holds,
)
from gatekeeper.repository import Repository
from gatekeeper_rules.code._durable_objects_in_python import observations
from gatekeeper_rules.code._python_candidates import NEEDLES, can_matter
from gatekeeper_rules.code.durable_object_used import RULE, Include, Options
from tests.cases import LINK, SUBMODULE, case_between, case_of
from tests.repositories import RepositoryBuilder

Files = Mapping[str, str | bytes]

IMPORT = "from workers import DurableObject\n"
CLASS = "from workers import DurableObject\nclass Room(DurableObject): pass\n"


def seen(
    files: Files | str,
    modes: Mapping[str, str] | None = None,
    *,
    tests: bool = False,
    generated: bool = False,
) -> list[Observation]:
    held = {"src/a.py": files} if isinstance(files, str) else files
    return list(observations(Snapshot.of("head", held, modes), tests=tests, generated=generated))


def findings(observed: Iterable[Observation]) -> list[Finding]:
    found = [each for each in observed if isinstance(each, Finding)]
    return sorted(found, key=lambda each: (each.path, each.line or 0, each.column or 0))


def lines(observed: Iterable[Observation]) -> list[int | None]:
    return [each.line for each in findings(observed)]


def places(observed: Iterable[Observation]) -> list[str]:
    return [f"{each.path}:{each.line}" for each in findings(observed)]


def doubts(observed: Iterable[Observation]) -> list[str]:
    return [str(each) for each in observed if isinstance(each, Doubt)]


def notes(observed: Iterable[Observation]) -> list[str]:
    return [each.says for each in observed if isinstance(each, Note)]


def examined(observed: Iterable[Observation]) -> dict[str, int]:
    return {each.what: each.count for each in observed if isinstance(each, Examined)}


# -- a finding


def test_a_finding_says_where_what_and_how_to_mend_it() -> None:
    (_, found) = findings(
        seen("from workers import DurableObject\nclass A:\n  class B(DurableObject): 1\n")
    )

    assert (
        found.message == "The class `A.B` extends `workers.DurableObject`, a Durable Object class."
    )
    assert (found.side, found.path, found.line, found.column) == (Side.HEAD, "src/a.py", 3, 11)
    assert (found.symbol, found.quoted) == ("A.B", "DurableObject")
    assert found.evidence == (Excerpt(3, "class B(DurableObject): 1"),)
    assert "Workflow" in found.fix
    assert "D1" in found.fix


def test_a_name_counts_once_on_a_line() -> None:
    code = "import workers\nx = [workers.DurableObject, workers.DurableObject[int]]\n"

    assert [2] == lines(seen(code))


def test_a_finding_through_other_files_tells_the_way() -> None:
    files = {
        "app/base.py": "from workers import DurableObject\nBase = DurableObject\n",
        "app/__init__.py": "from .base import *\n",
        "main.py": "from app import Base as B\nclass Room(B): pass\n",
    }

    found = [each for each in findings(seen(files)) if each.path == "main.py"]

    assert [each.line for each in found] == [1, 2]
    assert found[1].evidence[1] == Trail(
        (
            "main.py:1  from app import Base as B",
            "app/base.py:2  Base = DurableObject",
            "app/base.py:1  from workers import DurableObject",
        )
    )


# -- what is found

FOUND = {
    "an import": (IMPORT, [1]),
    "an import under another name": ("from workers import DurableObject as D\n", [1]),
    "an import over several lines": (
        "from workers import (\n  Response,\n  DurableObject,\n)\n",
        [3],
    ),
    "an import in a function": ("def f():\n  from workers import DurableObject\n", [2]),
    "an import that may fail": (
        "try:\n  from workers import DurableObject\nexcept ImportError: x = 1\n",
        [2],
    ),
    "an import of one of its types": ("from js import DurableObjectNamespace\n", [1]),
    "an import from a wrapper by that name": ("from cf_tools import DurableObject\n", [1]),
    "the module, then the class": ("import workers\nclass A(workers.DurableObject): pass\n", [2]),
    "the module by another name": ("import workers as w\nclass A(w.DurableObject): pass\n", [2]),
    "the module assigned": ("import workers\nw = workers\nclass A(w.DurableObject): pass\n", [3]),
    "the module as a default": (
        "import workers\ndef f(w=workers):\n  class A(w.DurableObject): 1\n",
        [3],
    ),
    "the module of the SDK": (
        "import workers.entrypoints as e\nclass A(e.DurableObject): 1\n",
        [2],
    ),
    "the module kept on self": (
        (
            "import workers\n"
            "class A:\n"
            "  def f(self): self.w = workers\n"
            "  def g(self): return self.w.DurableObject\n"
        ),
        [4],
    ),
    "a star": ("from workers import *\nclass A(DurableObject): pass\n", [2]),
    "a star from an unknown module": ("from shim import *\nclass A(DurableObject): pass\n", [2]),
    "nothing that defines it": ("class A(DurableObject): pass\n", [1]),
    "getattr": ("import workers\nx = getattr(workers, 'DurableObject')\n", [2]),
    "getattr, in pieces": ("import workers\nx = getattr(workers, 'Durable' 'Ob' + 'ject')\n", [2]),
    "getattr by another name": (
        "import workers\ng = getattr\nx = g(workers, 'DurableObject')\n",
        [3],
    ),
    "attrgetter": (
        "import operator, workers\nx = operator.attrgetter('DurableObject')(workers)\n",
        [2],
    ),
    "vars": ("import workers\nx = vars(workers)['DurableObject']\n", [2]),
    "__dict__": ("import workers\nx = workers.__dict__.get('DurableObject')\n", [2]),
    "sys.modules": ("import sys\nx = sys.modules['workers'].DurableObject\n", [2]),
    "import_module": (
        "import importlib\nx = importlib.import_module('workers').DurableObject\n",
        [2],
    ),
    "import_module, in pieces": (
        "from importlib import import_module as i\nx = i('work' + 'ers').DurableObject\n",
        [2],
    ),
    "import_module of a name": (
        "import importlib\nn = 'work'\nn += 'ers'\nx = importlib.import_module(n).DurableObject\n",
        [4],
    ),
    "__import__, escaped": ("x = __import__('\\x77orkers').DurableObject\n", [1]),
    "the JavaScript module": (
        (
            "from workers import import_from_javascript as i\n"
            "x = i('cloudflare:workers').DurableObject\n"
        ),
        [2],
    ),
    "the runtime's own module": (
        "import _pyodide_entrypoint_helper as h\nx = h.cloudflareWorkersModule.DurableObject\n",
        [2],
    ),
    "JavaScript that is run": (
        "from pyodide.code import run_js\nrun_js('import(\"cloudflare:workers\")')\n",
        [2],
    ),
    "type()": ("import workers\nA = type('A', (workers.DurableObject,), {})\n", [2]),
    "new_class": (
        "import types, workers\nA = types.new_class('A', (workers.DurableObject,))\n",
        [2],
    ),
    "type() with a class that extends it": (CLASS + "B = type('B', (Room,), {})\n", [1, 2, 3]),
    "a class that extends another": (
        CLASS + "class B(Room): pass\nclass C(B): pass\n",
        [1, 2, 3, 4],
    ),
    "a generic base": ("import workers\nclass A(workers.DurableObject[int]): pass\n", [2]),
    "a decorator": (IMPORT + "@register(DurableObject)\ndef f(): 1\n", [1, 2]),
    "an annotation": (IMPORT + "def f(a: DurableObject) -> None: 1\n", [1, 2]),
    "an annotation in quotation marks": (IMPORT + "x: 'list[DurableObject]'\n", [1, 2]),
    "an annotation with one half in marks": (IMPORT + "x: list['DurableObject']\n", [1, 2]),
    "type checking only": (
        (
            "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n"
            "  from workers import DurableObject\n"
        ),
        [3],
    ),
    "isinstance": (IMPORT + "print(isinstance(x, DurableObject))\n", [1, 2]),
    "exec": ("exec('from workers import DurableObject as D')\n", [1]),
    "exec, in pieces": ("exec('from work' + 'ers import Durable' + 'Object as D')\n", [1]),
    "eval in exec": ('exec(\'eval("__import__(\\\\"workers\\\\").DurableObject")\')\n', [1]),
    "a string with its dotted name": ("x = load('workers.DurableObject')\n", [1]),
    "the Django backend": ("E = 'django_cf.db.backends.do'\n", [1]),
    "the Django backend, in pieces": ("E = 'django_cf.db' + '.backends.do'\n", [1]),
    "the Django mixin": ("from django_cf import DjangoCFDurableObject\n", [1]),
    "the Django backend's module": (
        "from django_cf.db.backends.do.storage import set_storage\n",
        [1],
    ),
    "a class of that name of something unknown": ("def f(m): return m.DurableObject\n", [1]),
    "the value of eval": ('x = eval(\'__import__("work" + "ers")\').DurableObject\n', [1]),
    "an import by another name of the import": (
        "i = __import__\nx = i('workers').DurableObject\n",
        [2],
    ),
    "exec by another name": ("e = exec\ne('from workers import DurableObject')\n", [2]),
    "sys by another name": ("import sys\ns = sys\nx = s.modules['workers'].DurableObject\n", [3]),
    "getattr of getattr": (
        "import workers\nx = getattr(getattr(workers, 'entrypoints'), 'DurableObject')\n",
        [2],
    ),
    "a conditional value": ("import workers\nx = (workers if 1 else None).DurableObject\n", [2]),
    "a value in passing": ("import workers\nprint((w := workers).DurableObject)\n", [2]),
    "a lambda": ("import workers\nf = lambda: workers\nx = f().DurableObject\n", [3]),
    "getattr of something unknown": (
        "import workers\ndef f(m): return getattr(m, 'Durable' + 'Object')\n",
        [2],
    ),
    "import_module of a name that is computed": (
        (
            "import importlib\n"
            "m = importlib.import_module(n())\n"
            "x = getattr(m, 'Durable' + 'Object')\n"
        ),
        [3],
    ),
    "import_module by keyword": (
        "import importlib\nx = importlib.import_module(name='workers').DurableObject\n",
        [2],
    ),
    "import_module in a package": (
        (
            "import importlib\n"
            "m = importlib.import_module('.entrypoints', package='workers')\n"
            "x = getattr(m, 'Durable' + 'Object')\n"
        ),
        [3],
    ),
    "resolve_name": (
        "import pkgutil\nx = pkgutil.resolve_name(':'.join(['workers', 'Durable' + 'Object']))\n",
        [2],
    ),
    "resolve_name of the module": (
        "import pkgutil\nx = getattr(pkgutil.resolve_name('workers'), 'Durable' + 'Object')\n",
        [2],
    ),
    "locate": (
        "import pydoc\nx = getattr(pydoc.locate('work' + 'ers'), 'Durable' + 'Object')\n",
        [2],
    ),
    "run_module": (
        "import runpy\nx = runpy.run_module('workers')['Durable' + 'Object']\n",
        [2],
    ),
    "__builtins__": (
        "x = getattr(__builtins__.__import__('workers'), 'Durable' + 'Object')\n",
        [1],
    ),
    "an item of __builtins__": (
        "x = getattr(__builtins__['__imp' + 'ort__']('workers'), 'Durable' + 'Object')\n",
        [1],
    ),
    "the names around a function of the platform": (
        "from workers import handler\nx = handler.__globals__['Durable' + 'Object']\n",
        [2],
    ),
    "locals": (
        "def f():\n  import workers as w\n  return getattr(locals()['w'], 'Durable' + 'Object')\n",
        [3],
    ),
    "vars of nothing": (
        "import workers\nx = getattr(vars()['workers'], 'Durable' + 'Object')\n",
        [2],
    ),
    "the names of a file with a star": (
        "from workers import *\nx = vars()['Durable' + 'Object']\n",
        [2],
    ),
    "the module as the value of eval": (
        "import workers\nx = getattr(eval('work' + 'ers'), 'Durable' + 'Object')\n",
        [2],
    ),
    "the module as a property": (
        (
            "import workers\n"
            "class A:\n"
            "  @property\n"
            "  def w(self): return workers\n"
            "x = A().w.DurableObject\n"
        ),
        [5],
    ),
    "the module as an attribute of a class, its name mangled": (
        "import workers\nclass A: __w = workers\nx = getattr(A._A__w, 'Durable' + 'Object')\n",
        [3],
    ),
    "nonlocal, two functions up": (
        (
            "import workers\n"
            "def f():\n"
            "  w = None\n"
            "  def g():\n"
            "    def h():\n"
            "      nonlocal w\n"
            "      w = workers\n"
            "  return w.DurableObject\n"
        ),
        [8],
    ),
    "methodcaller": (
        (
            "import operator, workers\n"
            "x = operator.methodcaller('__getattribute__', 'Durable' + 'Object')(workers)\n"
        ),
        [2],
    ),
    "an item of the JavaScript module": (
        (
            "from workers import import_from_javascript as i\n"
            "x = i('cloudflare:workers').as_object_map()['Durable' + 'Object']\n"
        ),
        [2],
    ),
    "JavaScript that the global object runs": (
        "from js import globalThis\nglobalThis.eval('import(\"cloudflare:workers\")')\n",
        [2],
    ),
    "Python that pyodide runs": (
        "from pyodide.code import eval_code\neval_code('from workers import Durable' + 'Object')\n",
        [2],
    ),
    "Python that JavaScript's pyodide runs": (
        "import pyodide_js\npyodide_js.runPython('from workers import Durable' + 'Object')\n",
        [2],
    ),
    "Python that is timed": (
        "import timeit\ntimeit.timeit('from workers import Durable' + 'Object')\n",
        [2],
    ),
    "type() of a name": (IMPORT + "B = DurableObject\nA = type('A', (B, object), {})\n", [1, 2, 3]),
    "an id by name": ("def f(env): return env.ROOMS.idFromName('a')\n", [1]),
    "a unique id": ("class A:\n  def f(self): return self.env.ROOMS.newUniqueId()\n", [2]),
    "an object by name": ("def f(env):\n  rooms = env.ROOMS\n  return rooms.getByName('a')\n", [3]),
    "an id by getattr": (
        "import workers\ndef f(env): return getattr(env.ROOMS, 'idFrom' + 'String')('a')\n",
        [2],
    ),
    "an environment's item": ("def f(env): return env['ROOMS'].idFromName('a')\n", [1]),
    "a namespace handed over": ("def f(namespace): return namespace.idFromName('a')\n", [1]),
    "the module's environment": ("from workers import env\nx = env.ROOMS.idFromName('a')\n", [2]),
    "two of the methods": (
        "def f(rooms): return rooms.get(rooms.idFromName('a')) or rooms.newUniqueId()\n",
        [1, 1],
    ),
    "an alarm": ("class A:\n  def f(self): self.ctx.storage.setAlarm(1)\n", [2]),
    "SQL storage on two lines": (
        "def f(ctx):\n  ctx.storage . \\\n sql.exec('x')\n",
        [2],
    ),
    "SQL storage behind a comment": (
        "def f(ctx): return (ctx.storage. # so\n sql)\n",
        [1],
    ),
    "SQL storage": ("class A:\n  def __init__(self, ctx): self.sql = ctx.storage.sql\n", [2]),
    "state": ("class A:\n  def f(self): self.state.blockConcurrencyWhile(f)\n", [2]),
    "WebSockets": (
        "class A:\n  def f(self): self.ctx.acceptWebSocket(w); self.ctx.getWebSockets()\n",
        [2, 2],
    ),
    "an id by a getter": (
        (
            "import operator, workers\n"
            "def f(env): return operator.attrgetter('R.idFrom' + 'Name')(env)('a')\n"
        ),
        [2],
    ),
    "an id by a caller": (
        (
            "import operator, workers\n"
            "def f(env): return operator.methodcaller('idFrom' + 'Name', 'a')(env.R)\n"
        ),
        [2],
    ),
    "an id by JavaScript's Reflect": (
        (
            "import workers\nfrom js import Reflect\n"
            "def f(env): return Reflect.get(env.R, 'idFrom' + 'Name')('a')\n"
        ),
        [3],
    ),
    "an id by its own reader": (
        "import workers\ndef f(env): return env.R.__getattribute__('idFrom' + 'Name')('a')\n",
        [2],
    ),
    "a jurisdiction": ("import workers\ndef f(env): return env.ROOMS.jurisdiction('eu')\n", [2]),
    "storage": (
        "import workers\nclass A:\n  def f(self): return self.ctx.storage.get('a')\n",
        [3],
    ),
    "SQL of a storage by another name": (
        "class A:\n  def f(self):\n    s = self.ctx.storage\n    return s.sql.exec('x')\n",
        [4],
    ),
    "SQL of a storage by getattr": (
        "class A:\n  def f(self): return getattr(self.ctx, 'storage').sql.exec('x')\n",
        [2],
    ),
    "a WebSocket handler": ("class A:\n  async def webSocketMessage(self, ws, message): 1\n", [2]),
    "letters that only look different": (
        "import workers\nclass A(workers.\U0001d403urable\uff2fbject): 1\n",
        [2],
    ),
    "a module that only looks different": (
        "import \uff57orkers\nclass A(\uff57orkers.DurableObject): 1\n",
        [2],
    ),
    "syntax of a newer Python": ("type A = int\nfrom workers import DurableObject\n", [2]),
    "CRLF": ("import workers\r\nx = workers.DurableObject\r\n", [2]),
    "CR": ("import workers\rx = workers.DurableObject\r", [2]),
    "a BOM": ("\ufeff" + IMPORT, [1]),
    "a suppression": ("from workers import DurableObject  # noqa # type: ignore\n", [1]),
}


@pytest.mark.parametrize("form", FOUND)
def test_every_form_is_found_on_its_line(form: str) -> None:
    code, expected = FOUND[form]

    assert expected == lines(seen(code))


def test_a_file_in_latin_1_that_says_so_is_read() -> None:
    files = {"a.py": b"# coding: latin-1\n# \xe9\nfrom workers import DurableObject\n"}

    assert [3] == lines(seen(files))


THROUGH = {
    "a chain of stars": (
        {
            "a.py": IMPORT,
            "b.py": "from a import *\n",
            "c.py": "from b import *\nclass C(DurableObject): 1\n",
        },
        ["a.py:1", "c.py:2"],
    ),
    "a module with the module": (
        {
            "a.py": "import workers\n",
            "b.py": "from a import workers as w\nclass B(w.DurableObject): 1\n",
        },
        ["b.py:2"],
    ),
    "an attribute of a module": (
        {"a.py": CLASS, "b.py": "import a\nclass B(a.Room): 1\n"},
        ["a.py:1", "a.py:2", "b.py:2"],
    ),
    "a conditional import": (
        {
            "a.py": CLASS,
            "b.py": "if 1:\n  from a import Room as R\nelse:\n  R = object\nclass B(R): 1\n",
        },
        ["a.py:1", "a.py:2", "b.py:2", "b.py:5"],
    ),
    "a function that returns it": (
        {
            "a.py": IMPORT + "def base(): return DurableObject\n",
            "b.py": "from a import base\nclass B(base()): 1\n",
        },
        ["a.py:1", "a.py:2", "b.py:2"],
    ),
    "a package by dots": (
        {"p/__init__.py": IMPORT, "p/q/b.py": "from .. import DurableObject as D\nclass B(D): 1\n"},
        ["p/__init__.py:1", "p/q/b.py:1", "p/q/b.py:2"],
    ),
    "a src layout": (
        {"src/app/base.py": CLASS, "src/app/x.py": "from app.base import Room\n"},
        ["src/app/base.py:1", "src/app/base.py:2", "src/app/x.py:1"],
    ),
    "__getattr__": (
        {
            "a.py": IMPORT + "def __getattr__(n): return DurableObject\n",
            "b.py": "from a import Anything\n",
        },
        ["a.py:1", "a.py:2", "b.py:1"],
    ),
    "ten modules": (
        {f"m{i}.py": f"from m{i + 1} import Room\n" for i in range(10)} | {"m10.py": CLASS},
        [*(f"m{i}.py:1" for i in (0, 1, 10)), "m10.py:2", *(f"m{i}.py:1" for i in range(2, 10))],
    ),
    "a circle": (
        {
            "a.py": "from b import *\n" + IMPORT,
            "b.py": "from a import *\nclass B(DurableObject): 1\n",
        },
        ["a.py:2", "b.py:2"],
    ),
    "the package that is the whole repository": (
        {"__init__.py": CLASS, "b.py": "from . import Room\nclass B(Room): 1\n"},
        ["__init__.py:1", "__init__.py:2", "b.py:1", "b.py:2"],
    ),
    "a star on the next line": (
        {
            "a.py": IMPORT,
            "b.py": "from a import \\\n  *\n",
            "c.py": "from b import *\nclass C(DurableObject): 1\n",
        },
        ["a.py:1", "c.py:2"],
    ),
    "dots and a star with blanks between": (
        {
            "p/__init__.py": IMPORT,
            "p/b.py": "from\t.\\\n import  *\n",
            "c.py": "from p.b import *\nclass C(DurableObject): 1\n",
        },
        ["c.py:2", "p/__init__.py:1"],
    ),
    "anything by dots on two lines": (
        {
            "p/__init__.py": IMPORT + "def __getattr__(n): return DurableObject\n",
            "p/b.py": "from . \\\n import Any\n",
            "p/q/c.py": "from \\\n  . . import Any\n",
        },
        ["p/__init__.py:1", "p/__init__.py:2", "p/b.py:2", "p/q/c.py:2"],
    ),
    "letters that look like others": (
        {"a.py": CLASS, "b.py": "from a import R\uff4fom\nclass B(R\uff4fom): 1\n"},
        ["a.py:1", "a.py:2", "b.py:1", "b.py:2"],
    ),
    "an accent that stands apart": (
        {
            "a.py": IMPORT + "class R\u00e4um(DurableObject): 1\n",
            "b.py": "from a import Ra\u0308um\nclass B(Ra\u0308um): 1\n",
        },
        ["a.py:1", "a.py:2", "b.py:1", "b.py:2"],
    ),
    "a stub": (
        {"a.pyi": CLASS, "b.py": "from a import Room\n"},
        ["a.pyi:1", "a.pyi:2", "b.py:1"],
    ),
}


@pytest.mark.parametrize("way", THROUGH)
def test_a_class_is_followed_through_modules(way: str) -> None:
    files, expected = THROUGH[way]

    assert expected == places(seen(files))


@pytest.mark.parametrize("runner", ["env python3", "pypy3", "env -S uv run --script"])
def test_a_script_without_a_suffix_is_python_by_its_first_line(runner: str) -> None:
    files = {"bin/run": f"#!/usr/bin/{runner}\n" + IMPORT, "bin/text": IMPORT}

    assert ["bin/run:2"] == places(seen(files))


def test_a_link_with_a_python_name_is_read_as_python() -> None:
    files = {"src/a.py": "base.txt", "src/base.txt": CLASS}

    observed = seen(files, {"src/a.py": LINK})

    assert ["src/a.py:1", "src/a.py:2"] == places(observed)


# -- what is left alone

KEPT = {
    "a Workflow": (
        "from workers import WorkerEntrypoint, WorkflowEntrypoint\nclass A(WorkflowEntrypoint): 1\n"
    ),
    "a comment": "import workers  # DurableObject\n",
    "a docstring": "import workers\ndef f():\n  '''Was a DurableObject.'''\n",
    "prose in a string": "import workers\nx = 'about DurableObject and idFromName'\n",
    "a class of that name": "class DurableObject: pass\nclass A(DurableObject): pass\n",
    "another name of the module": "from workers import Response, env\nx = env.DB.prepare('x')\n",
    "an unrelated storage": "class A:\n  def f(self): return self.state.storage.get('x')\n",
    "a method of a known object": "from lib import Queue\nq = Queue()\nq.idFromName('x')\n",
    "a method of an own class": (
        "class Q:\n  def idFromName(self, n): 1\nq = Q()\nq.idFromName('x')\n"
    ),
    "one method of something unknown": "def f(queue): return queue.idFromName('x')\n",
    "an unrelated alarm": "def f(clock): return clock.getAlarm()\n",
    "a star without a use": "from workers import *\n",
    "a variable": "workers = 4\nrun(workers=workers)\n",
    "the D1 backend": "E = 'django_cf.db.backends.d1'\n",
    "a dispatch over something else": "import workers, lib\nx = getattr(lib, name)\n",
    "hasattr": "import workers\nx = hasattr(workers, 'DurableObject')\n",
    "a durable of Azure": "from azure.durable_functions import DurableOrchestrationClient\n",
    "an import of something else at run time": (
        "import importlib\nx = importlib.import_module('js' + 'on')\n"
    ),
    "the module loaded anew": "import importlib, workers\nimportlib.reload(workers)\n",
    "the own names of an object": "import workers\nclass A:\n  def f(self): return vars(self)\n",
    "the own names of a file, by name": (
        "from workers import Response\ndef f(m): return globals()['on_' + m]()\n"
    ),
    "an item of that name": "from workers import Response\nx = row['DurableObject']\n",
    "an attribute of something unknown, by name": "def f(m, n): return getattr(m, n)\n",
    "a class that is loaded by name": (
        "import importlib, workers\nx = getattr(importlib.import_module(m), 'Plugin')\n"
    ),
    "a property that is none of it": (
        "import workers\nclass A:\n  @property\n  def r(self): return workers.Response\n"
    ),
    "storage of a context that is no Worker's": "def f(ctx): return ctx.storage.get('a')\n",
    "a jurisdiction of something else": "import workers\nx = user.jurisdiction\n",
    "a storage that somebody hands over": (
        "import workers\ndef f(storage): return storage.get('x') or storage.transaction(g)\n"
    ),
    "code in a string that is not run": "x = 'from workers import Response'\n",
}


@pytest.mark.parametrize("what", KEPT)
def test_what_is_no_durable_object_is_left_alone(what: str) -> None:
    observed = seen(KEPT[what])

    assert ([], []) == (findings(observed), doubts(observed))


def test_a_class_of_that_name_in_another_file_is_no_durable_object() -> None:
    files = {
        "rows.py": "class DurableObject: pass\n",
        "a.py": "from rows import DurableObject\nclass A(DurableObject): pass\n",
    }

    assert [] == findings(seen(files))


def test_the_near_module_of_a_name_is_meant() -> None:
    files = {
        "one/base.py": "class Base: pass\n",
        "one/a.py": "from base import Base\nimport workers\n",
        "two/base.py": IMPORT + "Base = DurableObject\n",
    }

    assert ["two/base.py:1", "two/base.py:2"] == places(seen(files))


# -- what stays unproven

UNPROVEN = {
    "a name from outside": ("import workers\nx = getattr(workers, name)\n", [2]),
    "a name that is computed": (
        "import workers\nx = getattr(workers, ''.join(map(chr, c)))\n",
        [2],
    ),
    "one of several names": (
        "import workers\nn = 'fetch'\nn = input()\nx = getattr(workers, n)\n",
        [4],
    ),
    "all names": ("import workers\nfor n in dir(workers): print(n)\n", [2]),
    "all values": ("import workers\nx = vars(workers).values()\n", [2]),
    "an item of its names": ("import workers\nx = workers.__dict__[name]\n", [2]),
    "a call to something unknown": (
        "import workers, inspect\nx = inspect.getmembers(workers)\n",
        [2],
    ),
    "a match by attribute": (
        "import workers\nmatch workers:\n    case object(DurableObject=D):\n        pass\n",
        [2],
    ),
    "a match by key": (
        "import workers\nmatch vars(workers):\n    case {'DurableObject': D}:\n        pass\n",
        [2],
    ),
    "a list": ("import workers\nx = [workers]\n", [2]),
    "a dictionary": ("import workers\nx = {'w': workers}\n", [2]),
    "another object": ("import workers\nx.y = workers\n", [2]),
    "partial": ("import functools, workers\nx = functools.partial(getattr, workers)\n", [2]),
    "the module out of a generator": ("import workers\ndef f(): yield workers\n", [2]),
    "the module out of a method that Python calls": (
        "import workers\nclass A:\n  def __enter__(self): return workers\n",
        [3],
    ),
    "all values of the JavaScript module": (
        (
            "from workers import import_from_javascript as i\n"
            "x = i('cloudflare:workers').object_values()[3]\n"
        ),
        [2],
    ),
    "a name around a function of the platform": (
        "from workers import handler\nx = handler.__globals__[name]\n",
        [2],
    ),
    "code in a string that imports the module": ("exec('import workers as w')\n", [1]),
    "a name of a file with a star": ("from workers import *\nx = globals()[name]\n", [2]),
    "all names of a file with a star": (
        "from workers import *\nx = [v for k, v in globals().items()]\n",
        [2],
    ),
    "code that cannot be parsed": ("exec('from workers import (')\n", [1]),
}


@pytest.mark.parametrize("what", UNPROVEN)
def test_what_only_running_can_tell_is_a_doubt(what: str) -> None:
    code, expected = UNPROVEN[what]
    observed = seen(code)

    assert [] == findings(observed)
    assert set(expected) == {each.line for each in observed if isinstance(each, Doubt)}


HOSTILE = {
    "a NUL byte": (IMPORT.encode() + b"\0", "src/a.py:2: cannot be read: it holds a NUL byte"),
    "UTF-16": (IMPORT.encode("utf-16"), "src/a.py: cannot be read: it is UTF-16 or UTF-32"),
    "utf-7": (b"# coding: utf-7\n+AGYAcgBvAG0- workers", "it declares the encoding 'utf-7'"),
    "bytes that are not UTF-8": (b"import workers\nx = '\xe9'\n", "src/a.py:2: cannot be read"),
    "Python 2": (b"import workers\nprint 'x'\n", "src/a.py:2: cannot be read: it is not Python"),
    "5,000 brackets": (b"import workers\nx = " + b"(" * 5000 + b")" * 5000, "200 deep"),
    "a pointer of Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "it only stands for a file that git keeps elsewhere",
    ),
    "what git-crypt holds": (b"\0GITCRYPT\0\1\2", "it only stands for a file"),
    "10 MB": (b"import workers\n" + b"x = 1\n" * 1_700_000, "are not read"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_named_and_the_others_are_still_judged(what: str) -> None:
    content, reason = HOSTILE[what]

    observed = seen({"src/a.py": content, "src/b.py": IMPORT})

    (doubt,) = doubts(observed)
    assert "src/a.py" in doubt
    assert reason in doubt
    assert ["src/b.py:1"] == places(observed)


def test_a_submodule_and_a_link_that_leads_out_are_doubts() -> None:
    files = {"vendor/lib": "", "src/out.py": "../../elsewhere.py", "src/a.py": "x = 1\n"}

    observed = seen(files, {"vendor/lib": SUBMODULE, "src/out.py": LINK})

    assert [
        "src/out.py: it is a link to what is not in the tree",
        "vendor/lib: it is a submodule; the code in it is not looked at",
    ] == doubts(observed)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("from pkg import Room\n", ["src/pkg: it is a link to what is not in the tree"]),
        ("import pkg.rooms\n", ["src/pkg: it is a link to what is not in the tree"]),
        ("pkg = 1  # not the one to import\n", []),
    ],
    ids=["it is imported from", "it is imported", "it is not imported"],
)
def test_a_folder_that_is_elsewhere_is_a_doubt_where_it_is_imported(
    code: str, expected: list[str]
) -> None:
    files = {"src/pkg": "/opt/pkg", "src/a.py": code}

    assert expected == doubts(seen(files, {"src/pkg": LINK}))


# -- tests, generated code, production


@pytest.mark.parametrize(
    ("path", "judged"),
    [
        ("tests/rooms.py", False),
        ("src/test_rooms.py", False),
        ("src/rooms_test.py", False),
        ("conftest.py", False),
        ("dist/rooms.py", False),
        ("src/python_modules/lib/rooms.py", False),
        ("src/rooms_pb2.py", False),
        ("src/rooms.py", True),
        ("src/testing.py", True),
        ("contest.py", True),
        ("src/distance.py", True),
    ],
)
def test_tests_and_generated_code_are_judged_only_on_demand(path: str, judged: bool) -> None:
    assert judged == bool(findings(seen({path: CLASS})))
    assert findings(seen({path: CLASS}, tests=True, generated=True))


def test_what_is_left_out_is_counted_and_named() -> None:
    files = {"tests/test_a.py": CLASS, "tests/b.py": "", "dist/c.py": "", "src/d.py": ""}

    observed = seen(files)

    assert {"python files": 1, "python files parsed": 0} == examined(observed)
    (note,) = notes(observed)
    assert note == (
        "python files not judged: 2 tests and 1 generated (see the option `include`); "
        "Durable Objects appear in tests/test_a.py, which only tests run"
    )


PRODUCTION = {
    "it is imported": {"tests/r.py": CLASS, "src/app.py": "from tests import r\n"},
    "its class is imported": {"tests/r.py": CLASS, "src/app.py": "from tests.r import Room\n"},
    "it is imported at a distance": {
        "tests/r.py": CLASS,
        "tests/s.py": "from .r import Room\n",
        "src/app.py": "import tests.s\n",
    },
    "it is imported by name": {
        "tests/r.py": CLASS,
        "src/app.py": "import importlib\nimportlib.import_module('tests.r')\n",
    },
    "wrangler starts it": {
        "tests/r.py": CLASS,
        "wrangler.toml": 'name = "a"\nmain = "tests/r.py"\n',
    },
    "wrangler starts it in an environment": {
        "app/tests/r.py": CLASS,
        "app/wrangler.jsonc": '{"name": "a", "env": {"x": {"main": "./tests/r.py"}}}',
    },
    "wrangler starts it, written as on Windows": {
        "tests/r.py": CLASS,
        "wrangler.toml": "name = 'a'\nmain = 'Tests\\r.py'\n",
    },
    "it is imported by a name that is put together": {
        "tests/r.py": CLASS,
        "src/app.py": "import importlib\nN = 'te' + 'sts'\nx = importlib.import_module(N + '.r')\n",
    },
    "code in a string imports it": {
        "tests/r.py": CLASS,
        "src/app.py": "exec('from tests import r')\n",
    },
    "its text is run": {
        "tests/r.py": CLASS,
        "src/app.py": "exec(open('../tests/r.py').read())\n",
    },
    "its path is run": {
        "tests/r.py": CLASS,
        "src/app.py": "import runpy\nx = runpy.run_path('tests' + '/r.py')\n",
    },
    "it is an entry point": {
        "tests/r.py": CLASS,
        "pyproject.toml": '[project.entry-points.rooms]\nroom = "tests.r:Room"\n',
    },
    "what wrangler starts imports it": {
        "build/r.py": CLASS,
        "build/main.py": "from r import Room\n",
        "wrangler.toml": 'name = "a"\nmain = "build/main.py"\n',
    },
}


@pytest.mark.parametrize("reason", PRODUCTION)
def test_a_test_in_name_only_is_judged(reason: str) -> None:
    files = PRODUCTION[reason]
    path = next(iter(files))

    assert {f"{path}:1", f"{path}:2"} <= set(places(seen(files)))


@pytest.mark.parametrize(
    ("link", "target"), [("src/r.py", "../tests/r.py"), ("src/lib", "../tests")]
)
def test_a_test_to_which_a_link_of_another_name_leads_is_judged(link: str, target: str) -> None:
    files = {"tests/r.py": CLASS, link: target}

    assert ["tests/r.py:1", "tests/r.py:2"] == places(seen(files, {link: LINK}))


ASIDE = {
    "a link among tests": ({"tests/lib": "../tests/old"}, {"tests/lib": LINK}),
    "a link among what is installed": (
        {"web/node_modules/p": "../../tests"},
        {"web/node_modules/p": LINK},
    ),
    "a command of the same name": (
        {"src/old.py": "", "pyproject.toml": '[project.scripts]\nold = "old:main"\n'},
        {},
    ),
    "a tool's list of folders": (
        {"pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["tests/old.py"]\n'},
        {},
    ),
    "an import by a name that nobody knows": (
        {"src/app.py": "import importlib\nx = importlib.import_module('handlers.' + name)\n"},
        {},
    ),
}


@pytest.mark.parametrize("what", ASIDE)
def test_what_has_nothing_to_do_with_a_test_does_not_make_it_production(what: str) -> None:
    files, modes = ASIDE[what]

    assert [] == findings(seen({"tests/old.py": CLASS, **files}, modes))


def test_a_test_that_only_tests_import_is_none_of_production() -> None:
    files = {
        "tests/r.py": CLASS,
        "tests/test_r.py": "from r import Room\n",
        "src/app.py": "r = 1\n",
    }

    assert [] == findings(seen(files))


# -- the rule


def test_the_rule_reads_python_and_configuration() -> None:
    toml = '[[durable_objects.bindings]]\nname = "R"\nclass_name = "Room"\n'
    case = case_of({}, {"src/a.py": IMPORT, "wrangler.toml": toml}, Options())
    assert RULE.check is not None

    observed = list(RULE.check(case))

    assert ["src/a.py:1", "wrangler.toml:3"] == places(observed)


def test_nothing_to_look_at_is_said_so() -> None:
    case = case_of({}, {"README.md": "DurableObject"}, Options())
    assert RULE.check is not None

    assert [NoSubject] == [type(each) for each in RULE.check(case)]


def test_the_options_widen_what_is_judged() -> None:
    options = Options(include=(Include.TESTS,), bundle=True)
    case = case_of({}, {"tests/a.py": IMPORT}, options)
    assert RULE.check is not None

    observed = list(RULE.check(case))

    assert ["tests/a.py:1"] == places(observed)
    unknown = "what would be uploaded is not known: the reading bundle of the head is missing"
    assert [f"{unknown}: nobody asked for it"] == doubts(observed)


CONCERNED: Mapping[str, tuple[Files, Files]] = {
    "a new use": ({}, {"a.py": IMPORT}),
    "a use that goes": ({"a.py": IMPORT}, {"a.py": ""}),
    "a configuration": ({}, {"wrangler.toml": 'name = "a"\n'}),
    "a file that cannot be read": ({}, {"a.py": b"# coding: utf-7\n"}),
    "an importer of a class": ({"b.py": CLASS}, {"b.py": CLASS, "a.py": "from b import Room\n"}),
    "an importer through a package": (
        {"p/b.py": CLASS, "p/__init__.py": "from .b import Room as R\n"},
        {
            "p/b.py": CLASS,
            "p/__init__.py": "from .b import Room as R\n",
            "a.py": "from p import R\n",
        },
    ),
    "an importer by star": (
        {"src/p/b.py": CLASS, "src/p/c.py": "from .b import *\n"},
        {
            "src/p/b.py": CLASS,
            "src/p/c.py": "from .b import *\n",
            "src/a.py": "from p.c import (\n  X,\n  Room,\n)\n",
        },
    ),
    "an importer of the module": (
        {"b.py": CLASS},
        {"b.py": CLASS, "a.py": "import b\nx = b.Room\n"},
    ),
    "an importer that hands the module on": (
        {"b.py": CLASS},
        {"b.py": CLASS, "a.py": "import b\nuse(b)\n"},
    ),
    "what is assigned from what is imported": (
        {"b.py": CLASS, "c.py": "from b import Room\nheld = Room\n"},
        {
            "b.py": CLASS,
            "c.py": "from b import Room\nheld = Room\n",
            "a.py": "from c import held\n",
        },
    ),
    "an importer of the module by dots": (
        {"p/b.py": CLASS},
        {"p/b.py": CLASS, "p/a.py": "from . import b\n"},
    ),
}


@pytest.mark.parametrize("change", CONCERNED)
def test_a_staged_change_that_can_matter_concerns_the_rule(change: str) -> None:
    before, after = CONCERNED[change]
    assert RULE.concerns is not None

    assert RULE.concerns(case_of(before, after, Options()))


UNCONCERNED: Mapping[str, tuple[Files, Files]] = {
    "prose": ({}, {"README.md": "DurableObject"}),
    "code without a sign": ({"b.py": CLASS}, {"b.py": CLASS, "a.py": "import json\nx = 1\n"}),
    "another name of a package": (
        {
            "p/b.py": CLASS,
            "p/__init__.py": "from .b import Room\nfrom .c import Other\n",
            "p/c.py": "",
        },
        {
            "p/b.py": CLASS,
            "p/__init__.py": "from .b import Room\nfrom .c import Other\n",
            "p/c.py": "",
            "a.py": "from p import Other\n",
        },
    ),
}


@pytest.mark.parametrize("change", UNCONCERNED)
def test_a_staged_change_that_cannot_matter_does_not(change: str) -> None:
    before, after = UNCONCERNED[change]
    assert RULE.concerns is not None

    assert not RULE.concerns(case_of(before, after, Options()))


# -- soundness


@pytest.mark.parametrize("form", FOUND)
def test_no_file_with_a_finding_is_taken_for_one_that_cannot_matter(form: str) -> None:
    content = FOUND[form][0].encode()

    assert holds(content, NEEDLES)
    assert can_matter(content)


@pytest.mark.parametrize("form", FOUND)
def test_an_alias_in_between_hides_nothing(form: str) -> None:
    code = FOUND[form][0]
    aliased = code.replace("import workers\n", "import workers as w9\nworkers = w9\n")

    assert len(findings(seen(code))) == len(findings(seen(aliased)))


def test_the_same_is_found_in_a_real_commit(built: RepositoryBuilder) -> None:
    files = {**THROUGH["a src layout"][0], "docs/a.md": "DurableObject"}
    for path, content in files.items():
        built.write(path, content)
    built.commit("all")

    with Repository.find(built.path, built.environ) as opened:
        head = opened.commit(opened.resolve("HEAD"))
        case = case_between(head, head, Options())
        assert RULE.check is not None
        observed = list(RULE.check(case))

    assert THROUGH["a src layout"][1] == places(observed)


PIECES = st.sampled_from(
    [
        "import workers\n",
        "from workers import DurableObject\n",
        "from b import *\n",
        "from a import *\n",
        "from a import x\n",
        "x = workers.DurableObject\n",
        "x = getattr(workers, y)\n",
        "y = 'Durable' + 'Object'\n",
        "class x(y): pass\n",
        "class y(x): pass\n",
        "x = x.y\n",
        "def x(y=x): return y\n",
        "exec('x')\n",
        "x: 'y['\n",
        "\0",
        "(",
        "\u00e9 = 1\n",
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=6).map("".join), st.lists(PIECES, max_size=6).map("".join))
def test_whatever_two_files_hold_ends_in_observations_that_do_not_depend_on_order(
    a: str, b: str
) -> None:
    one, other = seen({"a.py": a, "b.py": b}), seen({"b.py": b, "a.py": a})

    assert findings(one) == findings(other)
    assert sorted(doubts(one)) == sorted(doubts(other))


def test_the_module_is_followed_into_other_files_as_an_attribute_of_a_class() -> None:
    files = {
        "src/kept.py": "import workers\n\n\nclass Platform:\n    module = workers\n",
        "src/rooms.py": "from kept import Platform\n\nBase = Platform.module.DurableObject\n",
    }

    assert ["src/rooms.py"] == [each.path for each in findings(seen(files))]


def test_a_path_that_is_not_utf8_hides_nothing_in_other_files() -> None:
    files = {
        "src/\udcff.py": CLASS,
        "src/b.py": CLASS,
    }

    assert {"src/\udcff.py", "src/b.py"} == {each.path for each in findings(seen(files))}
