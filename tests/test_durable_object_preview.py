"""A local preview of durable-object-used says of the staged files what a judgement says of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Deferred, Examined, Finding, Snapshot
from gatekeeper.finding import fingerprints
from gatekeeper_rules.code._durable_objects_in_python import observations
from gatekeeper_rules.code._durable_trail import MOST_FILES
from gatekeeper_rules.code._python_sources import Sources as PythonSources
from gatekeeper_rules.code.durable_object_used import RULE, Options
from tests.cases import case_of

Files = Mapping[str, str]

PATHS = ("a.py", "b.py", "pkg/__init__.py", "pkg/c.py", "pkg/d.py", "src/e.py")
MODULES = ("a", "b", "pkg", "pkg.c", "pkg.d", "e", ".", ".c", ".d", "..a", "workers", "typing")
NAMES = ("Room", "held", "make", "DurableObject", "c", "d", "x")

modules, names = st.sampled_from(MODULES), st.sampled_from(NAMES)
TOP = st.sampled_from(("a", "b", "pkg", "pkg.c"))

LINES = st.one_of(
    st.just("from workers import DurableObject"),
    st.builds("from workers import DurableObject as {}".format, names),
    st.builds("from {} import {}".format, modules, names),
    st.builds("from {} import {} as {}".format, modules, names, names),
    st.builds("from {} import *".format, modules),
    st.builds("import {} as {}".format, TOP, names),
    st.builds("{} = {}".format, names, names),
    st.builds("class {}({}): pass".format, names, names),
    st.builds("def {}(): return {}".format, names, names),
    st.builds("{} = {}()".format, names, names),
    st.builds("{0} = type('{0}', ({1},), {{}})".format, names, names),
    st.builds("import {1}\n{0} = {1}.{2}".format, names, TOP, names),
    st.builds("import {1}\nclass {0}({1}.{2}): pass".format, names, TOP, names),
    st.builds("import {1}\n{0} = getattr({1}, '{2}')".format, names, TOP, names),
)
TEXTS = st.lists(LINES, max_size=4).map("\n".join)
FILES = st.fixed_dictionaries(dict.fromkeys(PATHS, TEXTS))
CHANGES = st.dictionaries(st.sampled_from(PATHS), TEXTS, min_size=1, max_size=3)


def said(files: Files, focus: frozenset[str] | None = None) -> dict[str, Finding]:
    """The findings in the focus, by what they are known by."""
    observed = observations(Snapshot.of("head", files), focus=focus)
    found = [each for each in observed if isinstance(each, Finding)]
    return dict(fingerprints(RULE.name, found))


@given(files=FILES, focus=st.frozensets(st.sampled_from(PATHS), min_size=1))
@settings(max_examples=150, deadline=None)
def test_what_is_said_of_a_focus_is_what_is_said_of_it_among_all(
    files: Files, focus: frozenset[str]
) -> None:
    judged = {key for key, each in said(files).items() if each.path in focus}
    # Names that nothing defines end in an error when they are run; a preview may tell more.
    previewed = {
        key
        for key, each in said(files, focus).items()
        if key in judged or "which nothing here defines" not in each.message
    }

    assert previewed == judged


@given(before=FILES, changes=CHANGES)
@settings(max_examples=150, deadline=None)
def test_a_change_that_concerns_nothing_adds_no_finding_to_its_files(
    before: Files, changes: Files
) -> None:
    after = {**before, **changes}
    case = case_of(before, after, Options())
    changed = case.change.files.keys()
    added = [each for key, each in said(after).items() if key not in said(before)]

    assert RULE.concerns is not None
    assert RULE.concerns(case) or not any(each.path in changed for each in added)


def test_imports_that_go_too_far_for_a_hook_are_left_to_ci_and_that_is_said() -> None:
    chain = {f"m{n}.py": f"from m{n + 1} import held\n" for n in range(MOST_FILES + 2)}
    files = {**chain, f"m{MOST_FILES + 2}.py": "from workers import DurableObject as held\n"}
    files["far.py"] = "from m0 import held\n\n\nclass A(held): ...\nclass B(DurableObject): ...\n"

    observed = list(observations(Snapshot.of("head", files), focus=frozenset({"far.py"})))

    assert (
        Deferred(f"imports were followed through {MOST_FILES} files; the rest is left to CI")
        in observed
    )


def test_where_imports_go_too_far_files_that_lead_nowhere_by_themselves_are_not_parsed() -> None:
    chain = {f"m{n}.py": f"from m{n + 1} import held\n" for n in range(MOST_FILES + 2)}
    files = {**chain, "far.py": "from m0 import held\n", "plain.py": "x = 1\n"}
    files["own.py"] = "from workers import DurableObject\n"
    focus = frozenset({"far.py", "plain.py", "own.py"})

    observed = list(observations(Snapshot.of("head", files), focus=focus))

    assert Examined("python files parsed", 1) in observed
    assert [("own.py", 1)] == [(f.path, f.line) for f in observed if isinstance(f, Finding)]


def test_a_change_whose_imports_go_too_far_for_a_hook_concerns_the_rule() -> None:
    chain = {f"m{n}.py": f"from m{n + 1} import held\n" for n in range(MOST_FILES + 2)}
    files = {**chain, f"m{MOST_FILES + 2}.py": "from workers import DurableObject as held\n"}
    files["far.py"] = "x = 1\n"

    case = case_of(files, {**files, "far.py": "from m0 import held\n"}, Options())

    assert RULE.concerns is not None
    assert RULE.concerns(case)


AROUND: Files = {
    "src/rooms.py": "from workers import DurableObject as Room\n",
    "src/r\u00e4ume.py": "from workers import DurableObject as R\u00e4um\n",
    "src/pkg/__init__.py": "from rooms import Room\n",
    "src/pkg/util.py": "x = 1\n",
    "src/pkg/rooms.py": "from workers import DurableObject as Room\n",
    "src/late.py": "from importlib import import_module as load\n\nRoom = load('rooms').Room\n",
    "src/app.py": "print(1)\n",
}

SPELLINGS = {
    "something behind the import": "from rooms import Room; print(1)\n{}",
    "something before the import": "x = 1; import rooms\n{rooms.Room}",
    "a condition before the import": "if True: import rooms\n{rooms.Room}",
    "a function of one line": "def f(): import rooms; return rooms.Room\n{f()}",
    "a parenthesis in a comment": "from rooms import (  # as in (1)\n    Room,\n)\n{}",
    "a long list": f"from rooms import ({'unused, ' * 900}Room)\n{{}}",
    "white space beside the dot": "from . rooms import Room\n{}",
    "white space around the dot": "from pkg . rooms import Room\n{}",
    "much white space": f"from{' ' * 90}rooms import Room\n{{}}",
    "letters that are not ASCII": "from r\u00e4ume import R\u00e4um\n{R\u00e4um}",
    "such letters in an attribute": "import r\u00e4ume\n{r\u00e4ume.R\u00e4um}",
    "lines that end in a carriage return": "x = 1\rimport rooms\r{rooms.Room}",
    "a page break": "\x0cimport rooms\n{rooms.Room}",
    "a line that goes on": "import \\\n rooms\n{rooms.Room}",
    "a line that goes on in Windows": "import \\\r\n rooms\r\n{rooms.Room}",
    "another member of the package": "import pkg.util\nx = pkg\n{x.Room}",
    "an exception from another": "def f(): raise X from e\nimport rooms\n{rooms.Room}",
    "a name in a string": "import importlib\n{importlib.import_module('rooms').Room}",
    "a name in a package": "import importlib\n{importlib.import_module('.rooms', 'pkg').Room}",
    "a builtin": "{__import__('rooms').Room}",
    "an object by its name": "import pkgutil\n{pkgutil.resolve_name('rooms:Room')}",
    "what was loaded before": "import sys\n{sys.modules['rooms'].Room}",
    "code in a string": "exec('import rooms\\nclass A(rooms.Room): ...')\n",
    "a file that imports by a string": "from late import Room\n{}",
}


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_however_an_import_is_written_a_preview_follows_it(text: str) -> None:
    before, _, base = text.rstrip("}").partition("{")
    written = f"{before}class A({base or 'Room'}): ...\n" if "{" in text else text
    after = {**AROUND, "src/app.py": written}
    focus = frozenset({"src/app.py"})
    judged = {key for key, each in said(after).items() if each.path in focus}

    assert RULE.concerns is not None
    assert RULE.concerns(case_of(AROUND, after, Options()))
    assert judged
    assert judged <= said(after, focus).keys()


TEST: Files = {"tests/test_room.py": "from workers import DurableObject\nRoom = DurableObject\n"}
RUNS: Files = {"src/app.py": "from test_room import Room\n"}

WHO_RUNS: dict[str, tuple[Files, frozenset[str], bool, list[str]]] = {
    "nobody": (TEST, frozenset(TEST), False, ["tests/test_room.py"]),
    "a file that is staged": ({**TEST, **RUNS}, frozenset({*TEST, *RUNS}), True, []),
    "a file that is not": ({**TEST, **RUNS}, frozenset(TEST), False, ["tests/test_room.py"]),
    "wrangler": (
        {**TEST, "wrangler.toml": 'name = "a"\nmain = "tests/test_room.py"\n'},
        frozenset(TEST),
        True,
        [],
    ),
}


@pytest.mark.parametrize(("files", "focus", "found", "left"), WHO_RUNS.values(), ids=WHO_RUNS)
def test_whether_others_run_a_staged_test_is_left_to_ci_and_that_is_said(
    files: Files, focus: frozenset[str], found: bool, left: list[str]
) -> None:
    observed = list(observations(Snapshot.of("head", files), focus=focus))

    deferred = [each.reason for each in observed if isinstance(each, Deferred)]
    assert [f"whether production runs {path} is left to CI" for path in left] == deferred
    assert found == any(isinstance(each, Finding) and each.path in TEST for each in observed)


def test_a_preview_asks_no_file_but_the_staged_ones_whether_it_imports_a_test() -> None:
    many = {f"src/a{n}.py": f"import test_room\nx = {n}\n" for n in range(50)}
    head = Snapshot.of("head", {**many, **TEST})
    parsed: list[str] = []
    reading = PythonSources.facts

    def counted(self: PythonSources, path: str) -> object:
        parsed.append(path)
        return reading(self, path)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PythonSources, "facts", counted)
        list(observations(head, focus=frozenset(TEST)))

    assert set(TEST) == set(parsed)


def test_of_files_that_names_lead_through_only_those_with_something_to_give_are_parsed() -> None:
    files = {
        "app.py": "from mid import make\nmake()\n",
        "mid.py": "from end import helper\nmake = helper\n",
        "end.py": "import importlib\nW = 'work' + 'ers'\ndef helper():\n    return importlib.x\n",
    }
    snapshot = Snapshot.of("head", files)

    observed = observations(snapshot, focus=frozenset({"app.py"}))

    counted = {each.what: each.count for each in observed if isinstance(each, Examined)}
    assert {"python files": 1, "python files parsed": 2} == counted
