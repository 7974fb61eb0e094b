"""What names stand for, followed through assignments, calls, classes and modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.source.code_settling import Key
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.code_values import Sort, Value
from gatekeeper.source.python import PYTHON
from gatekeeper.source.python_modules import Listed, module_of, stem
from gatekeeper.source.python_names import Names

TARGET = "far.away.Thing"


def names_of(files: Mapping[str, str], outside: Iterable[str] = ()) -> Names:
    names = Names(Listed(files), frozenset(outside))
    for path, code in files.items():
        names.add(path, PYTHON.read(code.encode(), path).tree)
    return names


def told(files: Mapping[str, str] | str, name: str = "x", path: str = "a.py") -> list[str]:
    """What a top-level name stands for, without what is not known."""
    held = names_of({"a.py": files} if isinstance(files, str) else files)
    found = held.export(path, name)
    return sorted(value.text for value in found if value.sort is not Sort.UNKNOWN)


@pytest.mark.parametrize(
    "code",
    [
        "from far.away import Thing as x",
        "import far.away\nx = far.away.Thing",
        "import far.away as f\nx = f.Thing",
        "import far\ng = far\nh = g.away\nx = h.Thing",
        "import far\nx = y\ny = far.away.Thing",
        "import far\nx = z = far.away.Thing",
        "import far\n(x, z) = (far.away.Thing, 1)",
        "import far\nif (x := far.away.Thing): pass",
        "import far\nfor x in (far.away.Thing, 1): pass",
        "import far\nx: type = far.away.Thing",
        "import far\nx = None or far.away.Thing",
        "import far\nx = far.away.Thing if far else None",
        "try:\n from far.away import Thing as x\nexcept ImportError:\n x = None",
        "from far import away\nx = getattr(away, 'Thing')",
        "from far import away\nx = getattr(away, 'Th' 'i' + 'ng')",
        "from far import away\nn = 'ing'\nx = getattr(away, f'Th{n}')",
        "from far import away\nx = getattr(away, f'{\"Th\"!s}ing')",
        "from far import away\nx = getattr(away, 'gnihT'[::-1])",
        "from far import away\nx = getattr(away, 'aThingz'[1:-1])",
        "from far import away\nx = getattr(away, 'Th%s' % 'ing')",
        "from far import away\nx = getattr(away, 'T{}ng'.format('hi'))",
        "from far import away\nx = getattr(away, 'T{0}ng'.format('hi'))",
        "from far import away\nx = getattr(away, ''.join(['Th', 'ing']))",
        "from far import away\nx = getattr(away, ''.join(reversed('gnihT')))",
        "from far import away\nx = getattr(away, 'ThXing'.replace('X', ''))",
        "from far import away\nx = getattr(away, 'thing'.capitalize())",
        "from far import away\nx = getattr(away, ' Thing '.strip())",
        "from far import away\nx = getattr(away, chr(84) + 'hing')",
        "from far import away\nx = getattr(away, b'Thing'.decode())",
        "from far import away\nx = getattr(away, bytes.fromhex('5468696e67').decode())",
        "import base64, far\nx = getattr(far.away, base64.b64decode('VGhpbmc=').decode())",
        "from far import away\nn = 'Thi'\nn += 'ng'\nx = getattr(away, n)",
        "from far import away\nx = vars(away)['Thing']",
        "from far import away\nx = away.__dict__['Thing']",
        "from far import away\nx = vars(away).get('Thing')",
        "from far import away\nx = away.__getattribute__('Thing')",
        "import operator\nfrom far import away\nx = operator.attrgetter('Thing')(away)",
        "import operator\nimport far\nx = operator.attrgetter('away.Thing')(far)",
        "import importlib\nx = importlib.import_module('far.away').Thing",
        "from importlib import import_module as i\nx = i('far' + '.away').Thing",
        "x = __import__('far').away.Thing",
        "import sys\nx = sys.modules['far.away'].Thing",
        "import sys\nx = sys.modules.get('far.away').Thing",
        "import typing\nimport far\nx = typing.cast(object, far.away.Thing)",
        "import far\ndef f():\n return far.away.Thing\nx = f()",
        "import far\nasync def f():\n return far.away.Thing\nx = await f()",
        "import far\nx = (lambda: far.away.Thing)()",
        "import far\ndef f():\n def g():\n  return far.away.Thing\n return g\nx = f()()",
        "import far\ndef f(a=far.away.Thing):\n return a\nx = f()",
        "import far\nclass C:\n a = far.away.Thing\nx = C.a",
        "import far\nclass C:\n a = far.away.Thing\nclass D(C): pass\nx = D.a",
        "import far\nclass C:\n def __init__(self):\n  self.a = far.away.Thing\nx = C().a",
        "import far\nclass C:\n def m(this):\n  return far.away.Thing\nx = C().m()",
        "import far\nx = globals()['y']\ny = far.away.Thing",
        "import far\ndef f():\n global x\n x = far.away.Thing",
        "import far\nx = type('X', (far.away.Thing,), {})",
        "import types\nimport far\nx = types.new_class('X', (far.away.Thing,))",
    ],
)  # fmt: skip
def test_a_value_is_followed_to_where_it_comes_from(code: str) -> None:
    assert TARGET in told(code)


@pytest.mark.parametrize(
    "code",
    [
        "import far\ndef f():\n x = far.away.Thing",
        "import far\nclass C:\n x = far.away.Thing",
        "import far\n[x for x in [1]]",
        "import far\nx = far.near.Thing",
        "def f(far):\n global x\n x = far.away.Thing",
        "import far\nclass C:\n far = 1\n def f(self):\n  return 1\nx = C().f()",
    ],
    ids=["a local", "a class's", "another", "another module", "a parameter", "a method"],
)
def test_a_name_that_is_something_else_stays_so(code: str) -> None:
    assert TARGET not in told(code)


PASSED_ON: Mapping[str, Mapping[str, str]] = {
    "directly": {"a.py": "from b import y as x", "b.py": "from far.away import Thing as y"},
    "by module": {"a.py": "import b\nx = b.y", "b.py": "from far.away import Thing as y"},
    "by a star": {"a.py": "from b import *\nx = y", "b.py": "from far.away import Thing as y"},
    "by two stars": {
        "a.py": "from b import *\nx = y",
        "b.py": "from c import *",
        "c.py": "from far.away import Thing as y",
    },
    "by a star from outside": {
        "a.py": "from b import *\nx = Thing",
        "b.py": "from far.away import *",
    },
    "by a package": {
        "a.py": "from p import y as x",
        "p/__init__.py": "from .b import y",
        "p/b.py": "from far.away import Thing as y",
    },
    "from the folder above": {
        "p/q/a.py": "from ..b import y as x",
        "p/b.py": "from far.away import Thing as y",
    },
    "by dots alone": {
        "p/a.py": "from . import y as x",
        "p/__init__.py": "from far.away import Thing as y",
    },
    "by a submodule": {
        "a.py": "import p.b\nx = p.b.y",
        "p/__init__.py": "",
        "p/b.py": "from far.away import Thing as y",
    },
    "without __init__": {
        "a.py": "from p.b import y as x",
        "p/b.py": "from far.away import Thing as y",
    },
    "in a src layout": {
        "src/app/a.py": "from app.b import y as x",
        "src/app/b.py": "from far.away import Thing as y",
    },
    "from another root": {
        "tools/a.py": "from app.b import y as x",
        "src/app/b.py": "from far.away import Thing as y",
    },
    "by __getattr__": {
        "a.py": "from b import anything as x",
        "b.py": "from far.away import Thing\ndef __getattr__(name):\n return Thing",
    },
    "by a function": {
        "a.py": "from b import f\nx = f()",
        "b.py": "from far.away import Thing\ndef f():\n return Thing",
    },
    "by import_module": {
        "a.py": "import importlib\nx = importlib.import_module('b').y",
        "b.py": "from far.away import Thing as y",
    },
    "in a circle": {
        "a.py": "from b import x, y\n",
        "b.py": "from a import x\nfrom far.away import Thing as y\nx = y",
    },
}  # fmt: skip


@pytest.mark.parametrize("way", PASSED_ON)
def test_a_value_is_followed_through_other_files(way: str) -> None:
    files = PASSED_ON[way]

    assert TARGET in told(files, path=next(iter(files)))


@pytest.mark.parametrize("way", PASSED_ON)
def test_the_order_in_which_files_come_does_not_matter(way: str) -> None:
    files = PASSED_ON[way]
    backwards = dict(reversed(list(files.items())))

    assert TARGET in told(backwards, path=next(iter(files)))


def test_files_may_come_one_after_the_other() -> None:
    files = PASSED_ON["by two stars"]
    names = Names(Listed(files))

    for path, code in files.items():
        names.add(path, PYTHON.read(code.encode(), path).tree)
        names.export("a.py", "x")

    assert TARGET in {value.text for value in names.export("a.py", "x")}


def test_the_nearest_module_of_a_name_is_meant() -> None:
    files = {
        "one/a.py": "from base import y as x",
        "one/base.py": "y = 'near'",
        "two/base.py": "from far.away import Thing as y",
    }

    assert ["near"] == told(files, path="one/a.py")


def test_a_module_that_is_outside_as_well_is_both() -> None:
    names = names_of({"a.py": "from far import x", "far.py": "x = 'here'"}, outside=["far"])

    found = {value.text for value in names.export("a.py", "x")}

    assert {"here", "far.x"} <= found


def test_the_way_of_a_value_is_told_file_by_file() -> None:
    files = PASSED_ON["by a package"]
    names = names_of(files)
    binding = names.files["a.py"].scopes[0].names["x"][0]

    way = names.way_in("a.py", binding, lambda value: value.text == TARGET)

    assert (("p/__init__.py", 1), ("p/b.py", 1)) == way


def test_what_a_class_extends_is_known() -> None:
    names = names_of({"a.py": "import far\nclass A(far.B, metaclass=M): pass\n"})
    (value,) = names.export("a.py", "A")

    assert {"far.B"} == {base.text for base in names.bases(value)}


HOSTILE = {
    "names in a circle": "a = b\nb = c\nc = a\n",
    "a string that grows": "s = 'x'\nwhile True: s = s + s\n",
    "a class that extends itself": "class A(B): pass\nclass B(A): pass\nx = A.y.z\n",
    "a function that returns itself": "def f(): return f()\nx = f()\n",
    "a module that imports itself": "from a import *\nimport a\nx = a.a.a.b\n",
    "attributes without end": "import far as x\nx = x.y\n",
    "calls without end": "import far as x\nx = x()\n",
    "a long chain, last first": "\n".join(f"n{i} = n{i + 1}" for i in range(2000)),
    "a thousand values of one name": "\n".join(f"x = 'v{i}'\ny = x + x" for i in range(1000)),
    "everything of everything": "\n".join(
        f"n{i} = " + " or ".join(f"n{j}" for j in range(40)) for i in range(40)
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_code_settles(kind: str) -> None:
    names = names_of({"a.py": HOSTILE[kind]})

    found = [names.export("a.py", name) for name in names.files["a.py"].scopes[0].names]
    assert all(len(values) <= 33 for values in found)


NAMES = st.sampled_from(["a", "b", "c", "d"])
STATEMENTS = st.one_of(
    st.builds("{} = {}".format, NAMES, NAMES),
    st.builds("{} = {}.{}".format, NAMES, NAMES, NAMES),
    st.builds("{} = {}()".format, NAMES, NAMES),
    st.builds("from {} import {}".format, st.sampled_from(["m", "n", "far"]), NAMES),
    st.builds("from {} import *".format, st.sampled_from(["m", "n"])),
    st.builds("class {}({}): {} = {}".format, NAMES, NAMES, NAMES, NAMES),
    st.builds("def {}({}={}): return {}".format, NAMES, NAMES, NAMES, NAMES),
    st.builds("{} = '{}' + {}".format, NAMES, NAMES, NAMES),
    st.builds("{} = getattr({}, {})".format, NAMES, NAMES, NAMES),
)
FILES = st.lists(STATEMENTS, max_size=8).map("\n".join)


@settings(max_examples=60, deadline=None)
@given(FILES, FILES)
def test_any_two_files_settle_on_the_same_values_whichever_comes_first(m: str, n: str) -> None:
    forwards, backwards = names_of({"m.py": m, "n.py": n}), names_of({"n.py": n, "m.py": m})

    assert _outside(forwards) == _outside(backwards)


def _outside(names: Names) -> set[tuple[Key, Value]]:
    """What comes from outside, as long as no name stands for more than is followed."""
    known = [
        (Key(path, number, name), names.values(path, number, Node(Kind.NAME, 1, 1, name, ())))
        for path, scopes in names.files.items()
        for number, scope in enumerate(scopes.scopes)
        for name in scope.names
    ]
    if any(len(values) > 30 for _, values in known):
        return set()
    return {
        (key, value)
        for key, values in known
        for value in values
        if value.sort is Sort.EXTERNAL and value.text.count(".") < 4
    }


@pytest.mark.parametrize(
    ("importer", "dotted", "found"),
    [
        ("src/app/main.py", "app.store", ("src/app/store.py",)),
        ("src/app/main.py", ".store", ("src/app/store.py",)),
        ("src/app/main.py", "..app.store", ("src/app/store.py",)),
        ("src/app/main.py", "store", ("src/app/store.py",)),
        ("src/app/main.py", "src.app.store", ("src/app/store.py",)),
        ("src/app/main.py", "app", ("src/app/",)),
        ("other/main.py", "store", ("src/app/store.py",)),
        ("main.py", "nowhere", ()),
        ("main.py", "app.nowhere", ()),
        ("src/app/main.py", ".", ("src/app/",)),
        ("src/app/main.py", "", ()),
    ],
)
def test_a_module_is_found_from_every_root(
    importer: str, dotted: str, found: tuple[str, ...]
) -> None:
    modules = Listed(["src/app/__init__.py", "src/app/store.py", "src/app/main.py", "main.py"])

    assert found == modules.find(importer, dotted)


def test_a_package_beside_a_module_of_the_same_name_are_both_found() -> None:
    modules = Listed(["store.py", "store/__init__.py"])

    assert {"store.py", "store/"} == set(modules.find("main.py", "store"))


@pytest.mark.parametrize(
    ("path", "module", "name"),
    [
        ("src/app/store.py", "src/app/store.py", "store"),
        ("src/app/__init__.py", "src/app/", "app"),
        ("store.pyi", "store.pyi", "store"),
    ],
)
def test_a_file_is_a_module_with_a_name(path: str, module: str, name: str) -> None:
    assert (module, name) == (module_of(path), stem(module))
