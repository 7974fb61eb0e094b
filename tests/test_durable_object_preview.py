"""A local preview of durable-object-used says of the staged files what a judgement says of them."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Finding, Note, Snapshot
from gatekeeper.finding import fingerprints
from gatekeeper_rules.code._durable_objects_in_python import observations
from gatekeeper_rules.code._durable_trail import MOST_FILES
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
        Note(f"imports were followed through {MOST_FILES} files; the rest is left to CI")
        in observed
    )
