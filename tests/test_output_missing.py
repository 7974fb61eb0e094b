"""What counts as delivered: something new, something rewritten, nothing left."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Absence, Case, Trail
from gatekeeper_rules.change._outputs import Outputs
from gatekeeper_rules.change.output_missing import RULE
from tests.cases import (
    EXECUTABLE,
    LINK,
    SUBMODULE,
    Files,
    case_of,
    doubts,
    examined,
    findings,
    globs,
    no_subjects,
    notes,
    places,
)

BASE: Files = {
    "src/api/routes.py": "ROUTES = ['/start']\n",
    "src/coordinator.py": "STATE = {}\n",
    "web/index.ts": "export const a = 1;\n",
    "legacy/a.py": "A = 1\n",
    "legacy/b.py": "",
}


def case(
    after: Files,
    *,
    new: tuple[str, ...] = (),
    updated: tuple[str, ...] = (),
    deleted: tuple[str, ...] = (),
    gone: tuple[str, ...] = (),
    modes: Mapping[str, str] | None = None,
    base_modes: Mapping[str, str] | None = None,
) -> Case[Outputs]:
    head = {path: text for path, text in {**BASE, **after}.items() if path not in gone}
    return case_of(
        BASE,
        head,
        Outputs(globs(new), globs(updated), globs(deleted)),
        before_modes=base_modes,
        after_modes={**(base_modes or {}), **(modes or {})},
    )


def messages(judged: Case[Outputs]) -> tuple[str, ...]:
    return tuple(each.message.partition(": ")[2] for each in findings(RULE, judged))


class TestOfNewFiles:
    @pytest.mark.parametrize(
        ("path", "content"),
        [
            pytest.param("out/a.py", "import os\n", id="an import"),
            pytest.param(
                "out/a.py", "class Gone(Exception):\n    'Doc.'\n", id="a class of a kind"
            ),
            pytest.param("out/a.py", "def f():\n    return 1\n", id="a function"),
            pytest.param("out/a.py", "def f(a):\n    return a\n", id="a function of a name"),
            pytest.param(
                "out/a.py", "def f():\n    raise ValueError('no such key')\n", id="a real refusal"
            ),
            pytest.param("out/a.py", "class A:\n    x: int\n", id="a declaration"),
            pytest.param("out/a.ts", "// a\n/* b */ export const a = 1;\n", id="TypeScript"),
            pytest.param("out/a.sql", "-- up\nCREATE TABLE a (b);\n", id="SQL"),
            pytest.param("out/a.md", "# A heading\n", id="prose"),
            pytest.param("out/a.json", '{"a": 1}', id="data"),
            pytest.param("out/a.unknown", "# a\n", id="a language that is not known"),
            pytest.param("out/a.bin", b"\x89PNG\0\0", id="binary content"),
        ],
    )
    def test_a_new_file_that_holds_something_is_delivered(
        self, path: str, content: str | bytes
    ) -> None:
        delivered = case({path: content}, new=("out/**",))

        assert (places(RULE, delivered), doubts(RULE, delivered), examined(RULE, delivered)) == (
            (),
            (),
            {"outputs": 1},
        )

    @pytest.mark.parametrize(
        ("path", "content"),
        [
            pytest.param("out/a.py", "", id="nothing"),
            pytest.param("out/a.py", b"\xef\xbb\xbf \r\n\t\n", id="a byte order mark and blanks"),
            pytest.param("out/a.bin", b"\0" * 64, id="zero bytes"),
            pytest.param("out/a.py", "# TODO\n\n# later\n", id="comments"),
            pytest.param("out/a.py", '"""To be written."""\n', id="a docstring"),
            pytest.param("out/a.py", "pass\n...\n", id="pass and dots"),
            pytest.param("out/a.py", "from __future__ import annotations\n", id="a future import"),
            pytest.param(
                "out/a.py", "def f(a: int) -> None:\n    '''x'''\n    ...\n", id="no body"
            ),
            pytest.param(
                "out/a.py",
                "def f():\n    raise NotImplementedError('later')\n",
                id="a body that only refuses",
            ),
            pytest.param("out/a.py", "class A:\n    def f(self):\n        pass\n", id="a class"),
            pytest.param("out/a.py", "def f():\n    return\n", id="a body that gives up"),
            pytest.param(
                "out/a.py", "async def f(a):\n    return None\n", id="a body that answers None"
            ),
            pytest.param(
                "out/a.py", "def f():\n    return NotImplemented\n", id="a body that declines"
            ),
            pytest.param(
                "out/a.py",
                "def f():\n    raise RuntimeError('The agent is not implemented yet')\n",
                id="a body that refuses in other words",
            ),
            pytest.param(
                "out/a.py", "def f():\n    print('TODO: the agent')\n", id="a body that promises"
            ),
            pytest.param("out/a.ts", "// later\n/* or\n never */\n", id="TypeScript comments"),
            pytest.param("out/a.ts", "// later\nexport {};\n", id="an empty export"),
            pytest.param("out/a.ts", "/* not closed", id="a comment that does not end"),
            pytest.param("out/a.sql", "-- DROP TABLE a;\n", id="SQL in comments"),
            pytest.param("out/a.json", "{}\n", id="an empty object"),
            pytest.param("out/a.yaml", "# a: 1\n---\n", id="YAML comments"),
            pytest.param("out/a.html", "<!-- a -->\n", id="HTML comments"),
        ],
    )
    def test_a_new_file_that_holds_nothing_is_not(self, path: str, content: str | bytes) -> None:
        assert places(RULE, case({path: content}, new=("out/**",))) == ("head out/**",)

    def test_a_file_in_a_folder_of_the_output_s_name_is_not_the_output(self) -> None:
        judged = case({"out/agent.py/notes.txt": "Later.\n"}, new=("out/agent.py",))

        why = "out/agent.py/notes.txt is in a folder, and out/agent.py is the name of a file"
        assert (why,) == messages(judged)

    def test_an_output_that_is_a_folder_is_delivered_by_what_is_in_it(self) -> None:
        judged = case({"out/v1.beta/agent.py": "x = 1\n"}, new=("out/v1.beta",))

        assert () == messages(judged)

    def test_one_file_of_many_that_holds_something_is_enough(self) -> None:
        files = {"out/__init__.py": "", "out/a.py": "x = 1\n", "out/b.py": "# later\n"}

        assert places(RULE, case(files, new=("out/**",))) == ()

    def test_each_pattern_is_an_output_of_its_own(self) -> None:
        judged = case({"out/a.py": "x = 1\n"}, new=("out/a.py", "out/b.py", "out/c.py"))

        assert (places(RULE, judged), examined(RULE, judged)) == (
            ("head out/b.py", "head out/c.py"),
            {"outputs": 3},
        )

    def test_a_file_that_was_there_is_not_new(self) -> None:
        rewritten = case({"src/coordinator.py": "STATE = 1\n"}, new=("src/coordinator.py",))

        assert messages(rewritten) == ("all that it matches was there when the stage began",)

    def test_what_is_not_there_is_told_with_the_number_of_files_looked_through(self) -> None:
        (finding,) = findings(RULE, case({}, new=("out/a.py",)))

        assert (finding.line, finding.evidence) == (None, (Absence("new: out/a.py", 5),))

    def test_a_path_taken_out_again_does_not_deliver(self) -> None:
        judged = case({"out/test_a.py": "x = 1\n"}, new=("out/**", "!out/test_*"))

        assert messages(judged) == ("no file matches it",)

    def test_a_new_link_is_no_output(self) -> None:
        linked = case(
            {"out/a.py": "../src/coordinator.py"}, new=("out/a.py",), modes={"out/a.py": LINK}
        )

        assert messages(linked) == ("out/a.py is a link",)

    def test_a_new_submodule_is_a_doubt(self) -> None:
        added = case({"out/lib": "a" * 40}, new=("out/*",), modes={"out/lib": SUBMODULE})

        assert doubts(RULE, added) == (
            "out/lib: it is a submodule; its content is in another repository",
        )

    def test_python_that_is_none_is_a_doubt(self) -> None:
        broken = case({"out/a.py": "def (:\n"}, new=("out/a.py",))

        assert (places(RULE, broken), len(doubts(RULE, broken))) == ((), 1)

    def test_a_copy_of_what_was_there_is_told(self) -> None:
        copied = case({"out/a.py": "STATE = {}\n"}, new=("out/a.py",))

        assert notes(RULE, copied) == (
            "out/a.py is, byte for byte, what src/coordinator.py was when the stage began",
        )


class TestOfUpdatedFiles:
    def test_a_file_that_says_something_else_is_updated(self) -> None:
        assert (
            places(RULE, case({"src/api/routes.py": "ROUTES = []\n"}, updated=("src/api/**",)))
            == ()
        )

    @pytest.mark.parametrize(
        ("after", "gone", "modes", "expected"),
        [
            pytest.param({}, (), {}, "nothing that it matches says anything else", id="nothing"),
            pytest.param(
                {},
                (),
                {"src/api/routes.py": EXECUTABLE},
                "nothing that it matches says anything else",
                id="a mode",
            ),
            pytest.param(
                {"src/api/routes.py": "\r\nROUTES =  ['/start']\r\n"},
                (),
                {},
                "nothing that it matches says anything else",
                id="white space",
            ),
            pytest.param(
                {"src/api/routes.py": "# updated\nROUTES = ['/start']\n"},
                (),
                {},
                "nothing that it matches says anything else",
                id="a comment",
            ),
            pytest.param(
                {"src/api/routes.py": "../coordinator.py"},
                (),
                {"src/api/routes.py": LINK},
                "nothing that it matches says anything else",
                id="a link in its place",
            ),
            pytest.param(
                {}, ("src/api/routes.py",), {}, "all that it matched is gone", id="a deletion"
            ),
            pytest.param(
                {"src/api/new.py": "x = 1\n"},
                ("src/api/routes.py",),
                {},
                "all that it matched is gone",
                id="a rename",
            ),
        ],
    )
    def test_what_is_no_update(
        self, after: Files, gone: tuple[str, ...], modes: Mapping[str, str], expected: str
    ) -> None:
        (message,) = messages(case(after, updated=("src/api/**",), gone=gone, modes=modes))

        assert message.startswith(expected)

    def test_new_files_alone_are_no_update_and_it_says_so(self) -> None:
        judged = case({"out/a.py": "x = 1\n"}, updated=("out/**",))

        assert messages(judged) == ("it matches only new files; name those under `new`",)

    def test_a_pattern_that_never_matched_is_found(self) -> None:
        assert messages(case({}, updated=("out/**",))) == (
            "no file matches it, neither when the stage began nor now",
        )

    def test_indentation_that_changes_the_code_is_an_update_to_other_languages_too(self) -> None:
        judged = case({"web/index.ts": "export const a = 2;\n"}, updated=("web/*.ts",))

        assert places(RULE, judged) == ()

    def test_python_that_cannot_be_parsed_any_more_was_changed(self) -> None:
        assert places(RULE, case({"src/api/routes.py": "def (:\n"}, updated=("src/api/**",))) == ()

    def test_a_submodule_at_another_commit_is_updated(self) -> None:
        judged = case(
            {"legacy/a.py": "b" * 40},
            updated=("legacy/a.py",),
            base_modes={"legacy/a.py": SUBMODULE},
        )

        assert places(RULE, judged) == ()


class TestOfDeletedFiles:
    LEGACY = ("legacy/a.py", "legacy/b.py")

    def test_what_is_gone_was_deleted(self) -> None:
        judged = case({}, deleted=("legacy/",), gone=self.LEGACY)

        assert (places(RULE, judged), examined(RULE, judged)) == ((), {"outputs": 1})

    def test_what_is_left_is_one_finding_that_lists_it(self) -> None:
        (finding,) = findings(RULE, case({}, deleted=("legacy/**",)))

        assert finding.evidence == (Absence("deleted: legacy/**", 5), Trail(self.LEGACY))

    @pytest.mark.parametrize("mode", [LINK, SUBMODULE])
    def test_a_link_or_a_submodule_in_its_place_is_left(self, mode: str) -> None:
        judged = case(
            {"legacy": "src"}, deleted=("legacy/**",), gone=self.LEGACY, modes={"legacy": mode}
        )

        assert messages(judged) == ("still there: legacy",)

    def test_a_file_in_another_folder_of_that_name_is_left(self) -> None:
        judged = case({"src/legacy/c.py": "C\n"}, deleted=("legacy/",), gone=self.LEGACY)

        assert messages(judged) == ("still there: src/legacy/c.py",)

    def test_content_that_only_moved_is_told(self) -> None:
        judged = case(
            {"src/old.py": "A = 1\n", "src/__init__.py": ""}, deleted=("legacy/",), gone=self.LEGACY
        )

        assert (places(RULE, judged), notes(RULE, judged)) == (
            (),
            ("what legacy/a.py held is still in src/old.py, byte for byte",),
        )

    def test_what_never_was_has_no_subject(self) -> None:
        judged = case({}, deleted=("never/**",))

        assert (places(RULE, judged), no_subjects(RULE, judged), examined(RULE, judged)) == (
            (),
            ("nothing matched never/** when the stage began, and nothing does now",),
            {},
        )


@pytest.mark.parametrize("new", [(), ("!out/**",)])
def test_an_output_without_a_path_is_a_doubt(new: tuple[str, ...]) -> None:
    assert doubts(RULE, case({}, new=new)) == (
        "it names no path: say what is `new`, `updated` or `deleted`",
    )


def test_an_odd_name_is_an_output_like_any_other() -> None:
    judged = case({"out/a\nb \udce9.py": "x = 1\n"}, new=("out/**",))

    assert places(RULE, judged) == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [("out/a.py", True), ("legacy/a.py", True), ("legacy", True), ("src/other.py", False)],
)
def test_a_staged_change_concerns_it_where_it_is_of_an_output(path: str, expected: bool) -> None:
    assert RULE.concerns is not None

    judged = case({path: "y\n"}, new=("out/**",), deleted=("legacy/",))

    assert RULE.concerns(judged) == expected
