"""What counts as left over, and what may go on naming what is gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Case, Excerpt, Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper_rules.code.legacy_remains import RULE, Options
from tests.cases import (
    LINK,
    SUBMODULE,
    Files,
    case_between,
    case_of,
    case_with,
    contract_of,
    doubts,
    examined,
    findings,
    globs,
    notes,
    observations,
    places,
)
from tests.opened import Open
from tests.repositories import RepositoryBuilder

NAME = "LegacyCoordinator"


def case(
    after: Files,
    *,
    paths: tuple[str, ...] = (),
    names: tuple[str, ...] = (),
    imports: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
    modes: dict[str, str] | None = None,
) -> Case[Options]:
    return case_of(
        {},
        after,
        Options(globs(paths), names, imports, keys),
        contract=contract_of(contracts=["contracts/*.md"]),
        after_modes=modes,
    )


def lines(
    content: str,
    path: str = "src/a.py",
    *,
    names: tuple[str, ...] = (),
    imports: tuple[str, ...] = (),
    keys: tuple[str, ...] = (),
) -> tuple[int, ...]:
    """The lines of one file on which something is found."""
    found = findings(RULE, case({path: content}, names=names, imports=imports, keys=keys))
    return tuple(sorted(each.line or 0 for each in found))


class TestOfPaths:
    @pytest.mark.parametrize(
        ("pattern", "path"),
        [
            ("src/experimental/**", "src/experimental/deep/a.py"),
            ("legacy/", "src/legacy/a.py"),
            ("*_old.py", "src/a_old.py"),
            ("*.py", "src/a\nb.py"),
            ("*.py", "src/caf\udce9.py"),
            ("*.sql", "migrations/0001_old.sql"),
        ],
    )
    def test_a_file_that_matches_is_left(self, pattern: str, path: str) -> None:
        judged = case({path: "", "b.txt": ""}, paths=(pattern,))

        assert (places(RULE, judged), examined(RULE, judged)) == ((f"head {path}",), {"files": 2})

    @pytest.mark.parametrize("mode", [LINK, SUBMODULE])
    def test_a_link_or_a_submodule_in_a_folders_place_is_left(self, mode: str) -> None:
        judged = case({"legacy": "elsewhere"}, paths=("legacy/**",), modes={"legacy": mode})

        assert places(RULE, judged) == ("head legacy",)

    def test_a_path_taken_out_again_may_stay(self) -> None:
        judged = case({"legacy/README.md": "", "legacy/a.py": ""}, paths=("legacy/**", "!*.md"))

        assert places(RULE, judged) == ("head legacy/a.py",)

    def test_what_is_gone_is_gone(self) -> None:
        judged = case({"src/a.py": ""}, paths=("legacy/**",))

        assert (places(RULE, judged), doubts(RULE, judged)) == ((), ())


class TestOfNamesInPython:
    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(f"class {NAME}: pass", id="a class"),
            pytest.param(f"def {NAME}(): pass", id="a function"),
            pytest.param(f"{NAME} = 1", id="a variable"),
            pytest.param(f"x = y.{NAME}", id="an attribute"),
            pytest.param(f"f({NAME}=1)", id="a keyword"),
            pytest.param(f"def f({NAME}): pass", id="a parameter"),
            pytest.param(f"import {NAME}", id="an imported module"),
            pytest.param(f"from {NAME}.a import b", id="a part of an imported module"),
            pytest.param(f"from a import {NAME} as b", id="an imported name"),
            pytest.param(f"from a import b as {NAME}", id="the name an import is given"),
            pytest.param(f"x = getattr(y, '{NAME}')", id="a string that is the name"),
            pytest.param(f"x = 'app.legacy.{NAME}'", id="a dotted path in a string"),
            pytest.param(f"x = 'app.legacy:{NAME}'", id="an entry point in a string"),
            pytest.param(f"def f(x: 'list[{NAME}]'): pass", id="an annotation in a string"),
            pytest.param(f"def f() -> '{NAME} | None': pass", id="what a function gives"),
            pytest.param("x = '\\x4cegacyCoordinator'", id="an escape in a string"),
            pytest.param("x = '\\114egacyCoordinator'", id="an octal escape"),
            pytest.param("x = '\\N{LATIN CAPITAL LETTER L}egacyCoordinator'", id="a letter's name"),
            pytest.param("x = 'Legacy' 'Coordinator' # LegacyCoordinator", id="joined strings"),
            pytest.param("x = y.\U0001d40begacyCoordinator", id="a mathematical letter"),
            pytest.param("x = y.LegacyCoordinato\uff52", id="a full-width letter"),
        ],
    )  # fmt: skip
    def test_code_that_names_it_is_left(self, line: str) -> None:
        assert lines(f"import os\n\n{line}\n", names=(NAME,)) == (3,)

    def test_a_name_in_other_letters_than_ascii_is_left_however_it_is_written(self) -> None:
        text = "x = caf\u00e9\ny = 'caf\\xe9'\nz = cafe\u0301\n"

        assert lines(text, names=("caf\u00e9",)) == (1, 2, 3)

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(f"# {NAME} is gone\n", id="a comment"),
            pytest.param(f'"""{NAME} is gone."""\n', id="a docstring"),
            pytest.param(f'def f():\n    """What {NAME} did."""\n', id="a function's docstring"),
            pytest.param(f"log('{NAME} is gone')\n", id="a sentence"),
            pytest.param(f"x = {NAME}s\n", id="a longer name"),
            pytest.param(f"x = Old{NAME}\n", id="a name that ends so"),
            pytest.param("x = legacycoordinator\n", id="another case"),
        ],
    )
    def test_what_only_mentions_it_is_not(self, text: str) -> None:
        assert lines(text, names=(NAME,)) == ()

    def test_a_line_is_found_once_for_each_name(self) -> None:
        text = f"{NAME} = {NAME}({NAME}, other)\n"

        assert lines(text, names=(NAME, "other")) == (1, 1)

    def test_a_script_without_a_suffix_is_read_as_python(self) -> None:
        text = f"#!/usr/bin/env python3\n# {NAME}\n{NAME}()\n"

        assert lines(text, "bin/run", names=(NAME,)) == (3,)

    def test_the_finding_shows_the_line_and_where_it_is(self) -> None:
        text = f"class A:\n    def f(self):\n        return {NAME}()\n"
        (finding,) = findings(RULE, case({"src/a.py": text}, names=(NAME,)))

        assert (finding.symbol, finding.quoted, finding.column, finding.evidence) == (
            "A.f",
            NAME,
            16,
            (Excerpt(3, f"        return {NAME}()"),),
        )

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(f"def (:  # {NAME}\n".encode(), id="no Python"),
            pytest.param(f"x = {NAME}\0\n".encode(), id="a NUL byte"),
            pytest.param(b"# coding: utf-7\nx = 1\n", id="an encoding that hides what it says"),
            pytest.param(f"# caf\xe9\nx = {NAME}\n".encode("latin-1"), id="bytes of no UTF-8"),
            pytest.param(f"{NAME}\n".encode() + b"x = 1  # long\n" * 200_000, id="a huge file"),
        ],
    )
    def test_python_that_cannot_be_read_is_a_doubt(self, content: bytes) -> None:
        judged = case({"src/a.py": content}, names=(NAME,))

        assert (places(RULE, judged), len(doubts(RULE, judged))) == ((), 1)

    def test_python_that_cannot_be_read_and_cannot_matter_is_none(self) -> None:
        assert doubts(RULE, case({"src/a.py": "def (:\n"}, names=(NAME,))) == ()

    def test_lines_that_end_at_a_carriage_return_are_counted_as_python_does(self) -> None:
        text = f"import os\r\rx = {NAME}\r"
        (finding,) = findings(RULE, case({"src/a.py": text}, names=(NAME,)))

        assert finding.evidence == (Excerpt(3, f"x = {NAME}"),)


class TestOfNamesElsewhere:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("src/a.ts", f"x\n\nnew {NAME}();\n"),
            ("src/a.ts", f"x\n\0\nnew {NAME}();\n"),
            ("src/history.ts", f"x\n\nnew {NAME}();\n"),
            ("run.sh", f"x\n\nrun {NAME}\n"),
            ("Dockerfile", f"x\n\nRUN {NAME}\n"),
            ("requirements.txt", f"x\n\n{NAME}==1\n"),
            ("queries/a.sql", f"x\n\nSELECT * FROM {NAME};\n"),
            ("a.json", f'{{\n\n"{NAME}": 1}}'),
            ("a.json", '{\n\n"a": "Legacy\\u0043oordinator"}'),
            ("a.toml", f'a = 1\n\nb = ["x.{NAME}"]\n'),
            ("a.yaml", f"a: 1\nb:\n- x {NAME}\n"),
            ("a.yaml", f"a: 1\n{{{{ template }}}}: [\n{NAME}\n"),
            ("a.json5", f"{{a: 1,\n\nb: '{NAME}'}}"),
            ("wrangler.toml", f'a = 1\n\nclass_name = "{NAME}"\n'),
        ],
    )
    def test_a_whole_word_is_left(self, path: str, text: str) -> None:
        assert lines(text, path, names=(NAME,)) == (3,)

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("src/a.ts", f"new {NAME}s(); new Old{NAME}(); ${NAME}; \u00e9{NAME}"),
            ("README.md", NAME),
            ("docs/a.rst", NAME),
            ("notes.txt", NAME),
            ("LICENSE", NAME),
            ("LICENSE-MIT", NAME),
            ("CHANGELOG", NAME),
            ("contract.md", NAME),
            ("gatekeeper.yaml", f"names: [{NAME}]"),
            ("contracts/stage-1.md", NAME),
            ("a.toml", f"# {NAME}\na = 1\n"),
            ("a.jsonc", f"// {NAME}\n{{}}\n"),
            ("a.yaml", f"# {NAME}\na: 1\n"),
            ("a.png", f"\x89PNG\0{NAME}"),
            ("wrangler.toml", f'[[migrations]]\ntag = "v2"\ndeleted_classes = ["{NAME}"]\n'),
            ("wrangler.jsonc", f'{{"migrations": [{{"new_sqlite_classes": ["{NAME}"]}}]}}'),
        ],
    )
    def test_what_may_go_on_naming_it_is_not(self, path: str, text: str) -> None:
        assert lines(text, path, names=(NAME,)) == ()

    def test_a_file_full_of_it_does_not_make_the_rule_slow(self) -> None:
        assert len(lines(f"{NAME}\n" * 50_000, "a.sh", names=(NAME,))) == 1_000

    def test_one_line_that_holds_history_and_more_is_told_apart(self) -> None:
        text = f'{{"migrations": [{{"deleted_classes": ["{NAME}"]}}], "main": "{NAME}"}}'

        assert lines(text, "wrangler.json", names=(NAME,)) == (1,)

    def test_sql_migrations_are_history_and_are_counted(self) -> None:
        files = {"migrations/0001.sql": NAME, "db/migrations/down/0001.sql": NAME, "a.sql": "x"}
        judged = case(files, names=(NAME,))

        assert (places(RULE, judged), notes(RULE, judged)) == (
            (),
            ("SQL migrations are history and may name what is gone: 2 passed over",),
        )

    def test_migrations_are_where_the_contract_says(self) -> None:
        judged = case({"sql/up/0001.sql": NAME, "sql/0002.sql": NAME}, names=(NAME,))
        agreed = replace(judged.contract, migrations=MigrationPlan(up="sql/up"))

        assert places(RULE, replace(judged, contract=agreed)) == ("head sql/0002.sql:1",)


class TestOfImports:
    @pytest.mark.parametrize(
        "line",
        [
            "import legacy.orchestrator",
            "import legacy.orchestrator as o",
            "import os, legacy.orchestrator.steps",
            "from legacy import orchestrator",
            "from legacy import (a, orchestrator as o)",
            "from legacy.orchestrator import *",
            "from legacy.orchestrator.steps import run",
            "import app.legacy.orchestrator",
            "importlib.import_module('legacy.orchestrator')",
            "__import__('legacy.orchestrator.steps')",
            "patch('legacy.orchestrator.run')",
            "x = 'legacy.orchestrator:run'",
        ],
    )
    def test_an_import_of_it_or_below_it_is_left(self, line: str) -> None:
        files = {"src/a.py": f"import os\n\n{line}\n", "app/legacy/orchestrator.py": ""}

        assert places(RULE, case(files, imports=("legacy.orchestrator",))) == ("head src/a.py:3",)

    @pytest.mark.parametrize(
        "line",
        [
            "import legacy",
            "import legacy.orchestrators",
            "from legacy import orchestrators, other",
            "import other.legacy.orchestrator",
            "import orchestrator",
            "# import legacy.orchestrator",
            "x = 'the legacy.orchestrator is gone'",
        ],
    )
    def test_any_other_import_is_not(self, line: str) -> None:
        assert lines(f"{line}\n", imports=("legacy.orchestrator",)) == ()

    @pytest.mark.parametrize(
        ("path", "line", "module"),
        [
            ("src/app/legacy/a.py", "from . import orchestrator", "app.legacy.orchestrator"),
            ("src/app/legacy/a.py", "from .orchestrator import x", "legacy.orchestrator"),
            ("src/app/flows/a.py", "from ..legacy.orchestrator import x", "app.legacy"),
            ("src/app/flows/a.py", "from ...app import legacy", "src.app.legacy"),
            ("src/app/flows/a.py", "from ..legacy import *", "app.legacy"),
        ],
    )
    def test_a_relative_import_is_resolved(self, path: str, line: str, module: str) -> None:
        assert lines(f"{line}\n", path, imports=(module,)) == (1,)

    def test_a_package_is_no_source_root(self) -> None:
        files = {"src/app/__init__.py": "", "src/app/a.py": "from .legacy import x\n"}

        assert places(RULE, case(files, imports=("legacy",))) == ()

    def test_a_relative_import_that_leaves_the_tree_is_none(self) -> None:
        assert lines("from .....legacy import x\n", imports=("legacy",)) == ()

    def test_a_word_is_no_module_unless_something_imports_it(self) -> None:
        text = "status = 'legacy'\nimport_module('legacy')\nimport_module(name='legacy')\n"

        assert lines(text, imports=("legacy",)) == (2, 3)


class TestOfKeys:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("wrangler.toml", "a = 1\n\n[durable_objects]\nbindings = []\n"),
            ("wrangler.toml", "a = 1\n\n[[env.x.durable_objects.bindings]]\nname = 'A'\n"),
            ("wrangler.toml", 'a = 1\n\n"durable\\u005fobjects".bindings = []\n'),
            ("wrangler.jsonc", '{"a": 1,\n// x\n"durable_objects": {"bindings": []}}'),
            ("wrangler.json", '{"a": 1,\n\n"durable\\u005fobjects": {}}'),
            ("conf/a.yaml", "a: 1\nb:\n  durable_objects: []\n"),
            ("conf/a.yml", 'a: 1\nb:\n- "durable\\x5fobjects": 1\n'),
            ("conf/a.yml", "a: 1\n---\n'durable_objects': 1\n"),
            ("conf/a.yml", "a: &x [1]\n? [b]\n: {c: *x, durable_objects: 1}\n"),
        ],
    )
    def test_a_key_is_left_however_it_is_written(self, path: str, text: str) -> None:
        assert lines(text, path, keys=("durable_objects",)) == (3,)

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("wrangler.toml", "# durable_objects\na = 'durable_objects'\n"),
            ("wrangler.toml", "durable_objects_x = 1\n"),
            ("a.json", '{"a": "durable_objects", "b": ["durable_objects"]}'),
            ("a.yaml", "a: durable_objects\nb: [durable_objects]\n"),
            ("a.py", "durable_objects = {'durable_objects': 1}\n"),
            ("a.md", "durable_objects: 1\n"),
            ("package-lock.json", '{"packages": {"durable_objects": {}}}'),
        ],
    )
    def test_what_is_no_configuration_key_is_not(self, path: str, text: str) -> None:
        judged = case({path: text}, keys=("durable_objects",))

        assert (places(RULE, judged), doubts(RULE, judged)) == ((), ())

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("a: {b: {c: 1}}", (1,)),
            ("x:\n- a:\n  - b:\n      c: 1\n", (4,)),
            ("a.b.c: 1", (1,)),
            ("a: {c: 1, b: 2}", ()),
            ("a: {b: [c]}", ()),
            ("b: {c: 1}", ()),
            ("xa: {b: {c: 1}}", ()),
        ],
    )
    def test_a_dotted_key_is_the_end_of_a_way(self, text: str, expected: tuple[int, ...]) -> None:
        assert lines(text, "conf.yaml", keys=("a.b.c",)) == expected

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("a.json", "{durable_objects: 1}"),
            ("a.toml", "durable_objects = \n"),
            ("a.yaml", "durable_objects: [\n"),
            ("a.yaml", "durable_objects: " + "[" * 200 + "]" * 200),
            ("a.json", '{"durable_objects":' + "[" * 5000),
            ("a.json", '{"durable_objects": "' + "x" * 600_000 + '"}'),
        ],
    )
    def test_configuration_that_cannot_be_read_is_a_doubt(self, path: str, text: str) -> None:
        judged = case({path: text}, keys=("durable_objects",))

        assert (places(RULE, judged), len(doubts(RULE, judged))) == ((), 1)

    @given(st.text(max_size=60))
    def test_no_configuration_makes_the_rule_crash(self, text: str) -> None:
        files = {f"a.{suffix}": f"{text} key" for suffix in ("json", "toml", "yaml")}

        assert observations(RULE, case(files, keys=("key",), names=("key",)))


class TestOfWhatIsAsked:
    @pytest.mark.parametrize("names", [(), ("",), (" ",)])
    def test_nothing_named_is_a_doubt(self, names: tuple[str, ...]) -> None:
        judged = case({"a.py": "x = 1\n"}, names=names)

        assert (doubts(RULE, judged), examined(RULE, judged)) == (
            ("it names nothing: say in `paths`, `names`, `imports` or `keys` what must go",),
            {},
        )

    def test_a_file_that_is_not_in_the_clone_is_a_doubt(self) -> None:
        whole = case({"a.py": "x = 1\n"}, names=("x",))
        head = whole.change.head
        partial = Snapshot("head", head.entries, {}, search=lambda _: ("a.py",))

        assert doubts(RULE, case_between(whole.change.base, partial, whole.options)) == (
            f"a.py: the object {head.entries['a.py'].oid} is not in this clone",
        )

    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            pytest.param({"a.py": "y = 1\n"}, False, id="other code"),
            pytest.param({"a.py": "x = LegacyCoordinator\n"}, True, id="the name"),
            pytest.param({"a.py": "x = '\\x41'\n"}, True, id="an escape"),
            pytest.param({"old/a.txt": "y\n"}, True, id="a path"),
        ],
    )
    def test_a_staged_change_concerns_it_where_it_could_hold_something(
        self, after: Files, expected: bool
    ) -> None:
        assert RULE.concerns is not None

        assert expected == RULE.concerns(case(after, names=(NAME,), paths=("old/**",)))


def test_a_real_repository_is_searched_by_git(built: RepositoryBuilder, open_it: Open) -> None:
    built.write("src/app.py", f"from coordinator import {NAME}\n")
    built.write("src/caf\udce9 \n.py", f"x = {NAME}\n")
    built.write("src/disguised.py", "x = y.LegacyCoordinato\uff52\n")
    built.write("wrangler.json", '{"durable\\u005fobjects": {}}\n')
    built.write("docs/a.md", NAME)
    built.write("old", "src", LINK)
    built.commit()
    repository = open_it(built)
    change = repository.change(repository.empty(), repository.commit("HEAD"))
    options = Options(globs(["old/"]), names=(NAME,), keys=("durable_objects",))

    found = places(RULE, case_with(change, options))

    assert found == (
        "head old",
        "head src/app.py:1",
        "head src/caf\udce9 \n.py:1",
        "head src/disguised.py:1",
        "head wrangler.json:1",
    )
