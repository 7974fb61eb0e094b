"""What touches a protected module, and what only looks as if it did."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Case, Difference, Excerpt, ModuleName, Objects, Snapshot
from gatekeeper_rules.change.protected_module_changed import RULE, Options
from tests.cases import (
    EXECUTABLE,
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
    notes,
    observations,
    places,
)
from tests.opened import Open
from tests.repositories import RepositoryBuilder

MODULES = {
    "artifact storage": ["src/artifacts/**"],
    "settings": ["src/app/settings.py"],
    "github": ["web/github/index.ts", "web/client.ts"],
    "vendored": ["vendor/lib/**"],
}
BASE: Files = {
    "src/artifacts/__init__.py": "",
    "src/artifacts/store.py": "import os\n\n\ndef put(key):\n    return key\n",
    "src/artifacts/blob.bin": b"\0\1\2",
    "src/app/__init__.py": "",
    "src/app/settings.py": "DEBUG = False\n",
    "src/other.py": "x = 1\n",
    "web/github/index.ts": "export const a = 1;\n",
    "web/client.ts": "export const b = 1;\n",
}
STORE = "src/artifacts/store.py"


def case(
    after: Files,
    *,
    gone: tuple[str, ...] = (),
    modes: Mapping[str, str] | None = None,
    base: Files | None = None,
    base_modes: Mapping[str, str] | None = None,
    modules: tuple[str, ...] = ("artifact storage",),
    paths: Mapping[str, list[str]] | None = None,
    semantic: bool = False,
) -> Case[Options]:
    before = {**BASE, **(base or {})}
    head = {path: text for path, text in {**before, **after}.items() if path not in gone}
    options = Options(tuple(ModuleName(name) for name in modules), semantic)
    return case_of(
        before,
        head,
        options,
        modules=paths or MODULES,
        before_modes=base_modes,
        after_modes={**(base_modes or {}), **(modes or {})},
    )


class TestOfTheFilesThemselves:
    def test_an_untouched_module_is_kept_and_its_files_are_counted(self) -> None:
        untouched = case({"src/other.py": "x = 2\n"})

        assert (
            places(RULE, untouched),
            doubts(RULE, untouched),
            examined(RULE, untouched),
        ) == ((), (), {"files": 3})

    def test_a_changed_file_is_found_at_its_first_changed_line(self) -> None:
        changed = case({STORE: "import os\n\n\ndef put(key):\n    return key.lower()\n"})

        assert places(RULE, changed) == ("head src/artifacts/store.py:5",)

    def test_lines_that_are_only_removed_are_shown_in_the_base(self) -> None:
        shortened = case({STORE: "\n\ndef put(key):\n    return key\n"})

        assert places(RULE, shortened) == ("base src/artifacts/store.py:1",)

    def test_a_deleted_file_is_shown_in_the_base(self) -> None:
        assert places(RULE, case({}, gone=(STORE,))) == ("base src/artifacts/store.py:1",)

    def test_a_new_file_in_the_module_is_found(self) -> None:
        assert places(RULE, case({"src/artifacts/new.py": "x = 1\n"})) == (
            "head src/artifacts/new.py:1",
        )

    def test_a_new_empty_file_has_no_line(self) -> None:
        assert places(RULE, case({"src/artifacts/py.typed": ""})) == (
            "head src/artifacts/py.typed",
        )

    def test_binary_content_has_no_line(self) -> None:
        assert places(RULE, case({"src/artifacts/blob.bin": b"\0\1\3"})) == (
            "head src/artifacts/blob.bin",
        )

    def test_a_changed_mode_is_found_without_a_line(self) -> None:
        changed = case({}, modes={STORE: EXECUTABLE})

        assert [each.message.partition("storage ")[2] for each in findings(RULE, changed)] == [
            "has another mode: 100644 became 100755"
        ]

    def test_a_file_that_becomes_a_link_to_the_same_text_is_found(self) -> None:
        linked = case(
            {STORE: "../elsewhere.py", "src/elsewhere.py": BASE[STORE]}, modes={STORE: LINK}
        )

        assert [each.message for each in findings(RULE, linked)] == [
            (
                "src/artifacts/store.py of the protected module artifact storage "
                "was a file and is a link now"
            ),
        ]

    def test_the_evidence_is_both_objects_and_the_changed_lines(self) -> None:
        changed = case({STORE: "import sys\n\n\ndef put(key):\n    return key\n"})
        (finding,) = findings(RULE, changed)
        before, after = (s.entries[STORE].oid for s in (changed.change.base, changed.change.head))

        assert (
            Objects(f"100644 {before}", f"100644 {after}"),
            Excerpt(1, "import sys"),
        ) == finding.evidence

    def test_a_path_in_two_modules_is_one_finding(self) -> None:
        paths = {"one": ["src/artifacts/**"], "two": ["**/store.py"]}
        changed = case({STORE: "x\n"}, paths=paths, modules=("one", "two"))

        assert places(RULE, changed) == ("head src/artifacts/store.py:1",)

    def test_a_file_whose_content_is_not_in_the_clone_is_found_all_the_same(self) -> None:
        whole = case({STORE: "x\n"})
        base, head = whole.change.base, whole.change.head
        partial = case_between(
            Snapshot("base", base.entries, {}),
            Snapshot("head", head.entries, {}),
            whole.options,
            whole.contract,
        )

        assert places(RULE, partial) == ("head src/artifacts/store.py",)

    @pytest.mark.parametrize(
        "path",
        [
            pytest.param("src/artifacts/a\nb.py", id="a newline"),
            pytest.param("src/artifacts/ trailing ", id="a trailing space"),
            pytest.param("src/artifacts/-rf", id="a leading dash"),
            pytest.param("src/artifacts/caf\udce9.py", id="bytes that are not UTF-8"),
            pytest.param('src/artifacts/"quoted".py', id="quotes"),
            pytest.param("src/artifacts/a\\b.py", id="a backslash"),
            pytest.param("src/artifacts/deep/er/.hidden", id="a hidden file further down"),
        ],
    )
    def test_no_odd_name_gets_a_file_past_the_rule(self, path: str) -> None:
        assert (f"head {path}:1",) == places(RULE, case({path: "x\n"}))

    def test_a_pattern_that_takes_paths_out_again_is_followed(self) -> None:
        paths = {"artifact storage": ["src/artifacts/**", "!src/artifacts/*.md"]}
        changed = case({"src/artifacts/README.md": "x\n", STORE: "x\n"}, paths=paths)

        assert places(RULE, changed) == ("head src/artifacts/store.py:1",)


class TestOfSubmodulesAndLinks:
    def test_a_protected_submodule_that_moves_is_found(self) -> None:
        moved = case(
            {"vendor/lib": "b" * 40},
            base={"vendor/lib": "a" * 40},
            base_modes={"vendor/lib": SUBMODULE},
            modules=("vendored",),
        )

        assert places(RULE, moved) == ("head vendor/lib",)

    def test_a_protected_submodule_that_stays_is_kept(self) -> None:
        stays = case(
            {"src/other.py": "x = 2\n"},
            base={"vendor/lib": "a" * 40},
            base_modes={"vendor/lib": SUBMODULE},
            modules=("vendored",),
        )

        assert (
            places(RULE, stays),
            doubts(RULE, stays),
            examined(RULE, stays),
        ) == ((), (), {"files": 1})

    def test_a_submodule_that_could_hold_the_module_is_a_doubt(self) -> None:
        moved = case(
            {"vendor/lib": "b" * 40},
            base={"vendor/lib": "a" * 40},
            base_modes={"vendor/lib": SUBMODULE},
            paths={"artifact storage": ["**/store.py"]},
        )

        assert list(doubts(RULE, moved)) == [
            (
                "vendor/lib: the submodule changed, and could hold files of the protected module "
                "artifact storage; name the submodule in the module's paths, or take it out"
            )
        ]

    def test_a_protected_folder_replaced_by_a_link_is_found(self) -> None:
        moved = {path.replace("artifacts", "real"): text for path, text in BASE.items()}
        replaced = case(
            {**moved, "src/artifacts": "real"},
            gone=tuple(path for path in BASE if path.startswith("src/artifacts/")),
            modes={"src/artifacts": LINK},
        )

        assert "head src/artifacts" in places(RULE, replaced)

    def test_a_folder_above_replaced_by_a_link_is_found(self) -> None:
        moved = {path.replace("src/", "code/"): text for path, text in BASE.items()}
        replaced = case(
            {**moved, "src": "code"},
            gone=tuple(path for path in BASE if path.startswith("src/")),
            modes={"src": LINK},
        )

        assert "head src" in places(RULE, replaced)

    def test_what_an_old_link_above_shows_is_protected_where_it_really_is(self) -> None:
        base: Files = {"code/artifacts/blob.py": "x = 1\n", "lib": "code"}
        changed = case(
            {"code/artifacts/blob.py": "x = 2\n"},
            base=base,
            base_modes={"lib": LINK},
            paths={"artifact storage": ["lib/artifacts/**"]},
        )

        assert (
            places(RULE, changed),
            examined(RULE, changed),
        ) == (("head code/artifacts/blob.py:1",), {"files": 2})

    def test_what_a_protected_link_shows_is_protected_through_several_links(self) -> None:
        base: Files = {
            "src/artifacts/codec": "../../lib/codec",
            "lib/codec": "v2",
            "lib/v2/codec.py": "x = 1\n",
        }
        changed = case(
            {"lib/v2/codec.py": "x = 2\n"},
            base=base,
            base_modes={"src/artifacts/codec": LINK, "lib/codec": LINK},
        )

        assert places(RULE, changed) == ("head lib/v2/codec.py:1",)

    def test_a_link_on_the_way_to_the_module_that_turns_is_found(self) -> None:
        base: Files = {
            "src/artifacts/codec": "../../lib/codec",
            "lib/codec": "v2",
            "lib/v2/codec.py": "x = 1\n",
            "lib/v3/codec.py": "x = 3\n",
        }
        turned = case(
            {"lib/codec": "v3"},
            base=base,
            base_modes={"src/artifacts/codec": LINK, "lib/codec": LINK},
        )
        (finding,) = findings(RULE, turned)

        assert ("lib/codec", Difference("target of the link", "v2", "v3")) == (
            finding.path,
            finding.evidence[1],
        )

    def test_a_new_link_into_the_module_is_found(self) -> None:
        linked = case({"src/copy.py": "artifacts/store.py"}, modes={"src/copy.py": LINK})

        assert places(RULE, linked) == ("head src/copy.py",)

    def test_a_new_link_that_brings_files_into_the_module_is_found(self) -> None:
        linked = case(
            {"src/plugins/new": "../../lib/new"},
            base={"lib/new/store.py": "x = 1\n", "src/plugins/old/store.py": "x = 2\n"},
            modes={"src/plugins/new": LINK},
            paths={"artifact storage": ["src/plugins/*/store.py"]},
        )

        assert places(RULE, linked) == ("head src/plugins/new",)

    def test_a_module_that_is_a_file_replaced_by_a_folder_is_found(self) -> None:
        replaced = case(
            {"src/app/settings.py/__init__.py": "DEBUG = True\n"},
            gone=("src/app/settings.py",),
            modules=("settings",),
        )

        assert places(RULE, replaced) == (
            "base src/app/settings.py:1",
            "head src/app/settings.py/__init__.py:1",
        )

    def test_a_new_link_to_something_else_is_kept(self) -> None:
        linked = case({"src/copy.py": "other.py"}, modes={"src/copy.py": LINK})

        assert places(RULE, linked) == ()

    @pytest.mark.parametrize("target", ["/etc/passwd", "../../../outside", "store"])
    def test_a_protected_link_that_leads_nowhere_to_be_seen_is_a_doubt(self, target: str) -> None:
        unseen = case(
            {"src/other.py": "x = 2\n"},
            base={"src/artifacts/store": target},
            base_modes={"src/artifacts/store": LINK},
        )

        assert list(doubts(RULE, unseen)) == [
            (
                "src/artifacts/store: the link leads out of the repository, or in a circle, "
                "and the protected module artifact storage is looked for there"
            )
        ]

    def test_links_that_multiply_end_in_a_doubt_and_not_in_a_hang(self) -> None:
        base: dict[str, str] = {"src/artifacts/way": "../../d0"}
        for depth in range(40):
            base |= {f"d{depth}/a": f"../d{depth + 1}", f"d{depth}/b": f"../d{depth + 1}"}
        multiplied = case(
            {"src/other.py": "x = 2\n"}, base=base, base_modes=dict.fromkeys(base, LINK)
        )

        assert [each.partition(": ")[2] for each in doubts(RULE, multiplied)] == [
            (
                "links show too many files in too many places to look at them all, "
                "and the protected module artifact storage is looked for there"
            )
        ]

    @settings(deadline=None)
    @given(
        st.dictionaries(
            st.sampled_from(["src", "src/artifacts", "src/artifacts/l", "lib", "lib/m", "k"]),
            st.sampled_from([".", "..", "lib", "../lib", "src", "artifacts", "k", "l", "/", ""]),
        )
    )
    def test_no_tangle_of_links_makes_the_rule_crash(self, links: dict[str, str]) -> None:
        tangled = case_of(
            {STORE: "x\n"},
            {STORE: "x\n", **links},
            Options((ModuleName("artifact storage"),)),
            modules=MODULES,
            after_modes=dict.fromkeys(links, LINK),
        )

        assert observations(RULE, tangled)

    def test_a_link_to_its_own_folder_ends_the_search(self) -> None:
        looping = case(
            {"src/other.py": "x = 2\n"},
            base={"src/artifacts/again": "."},
            base_modes={"src/artifacts/again": LINK},
        )

        assert (places(RULE, looping), doubts(RULE, looping)) == ((), ())


class TestOfShadows:
    @pytest.mark.parametrize(
        ("module", "path"),
        [
            ("artifact storage", "src/artifacts.py"),
            ("artifact storage", "src/artifacts.pyi"),
            ("artifact storage", "src/artifacts.cpython-311-x86_64-linux-gnu.so"),
            ("artifact storage", "artifacts/__init__.py"),
            ("artifact storage", "artifacts.py"),
            ("artifact storage", "python_modules/artifacts/__init__.py"),
            ("artifact storage", "lib/artifacts/store.py"),
            ("artifact storage", "src/artifacts-stubs/store.pyi"),
            ("artifact storage", "src/__init__.py"),
            ("settings", "src/app/settings/__init__.py"),
            ("settings", "src/app/settings.pyi"),
            ("settings", "src/app/settings.pyc"),
            ("settings", "src/app/settings.abi3.so"),
            ("settings", "src/app/__pycache__/settings.cpython-311.pyc"),
            ("settings", "src/app.py"),
            ("settings", "app/__init__.py"),
            ("settings", "app/settings.py"),
            ("github", "web/github.ts"),
            ("github", "web/github.json"),
            ("github", "web/github/index.js"),
            ("github", "web/github/package.json"),
            ("github", "web/client.tsx"),
            ("github", "web/client.js"),
            ("github", "web/client.mjs"),
            ("github", "web/client.d.ts"),
        ],
    )
    def test_a_new_file_that_an_import_could_find_instead_is_found(
        self, module: str, path: str
    ) -> None:
        assert (f"head {path}:1",) == places(RULE, case({path: "x\n"}, modules=(module,)))

    @pytest.mark.parametrize(
        ("module", "path"),
        [
            ("artifact storage", "src/artifacts.md"),
            ("artifact storage", "tests/artifacts/test_store.py"),
            ("artifact storage", "src/workflows/store.py"),
            ("artifact storage", "src/artifacts_v2.py"),
            ("artifact storage", "web/artifacts.ts"),
            ("settings", "src/app/settings_test.py"),
            ("settings", "src/settings.py"),
            ("settings", "src/app/settings.toml"),
            ("settings", "src/app/pipeline.py"),
            ("settings", "src/workflows/__init__.py"),
            ("github", "web/client/index.ts"),
            ("github", "web/client.json"),
            ("github", "web/client.test.ts"),
            ("github", "web/client.css"),
            ("github", "web/github/client.ts"),
        ],
    )
    def test_a_new_file_that_no_import_would_find_instead_is_kept(
        self, module: str, path: str
    ) -> None:
        assert places(RULE, case({path: "x\n"}, modules=(module,))) == ()

    def test_a_link_to_a_folder_beside_a_protected_file_is_found(self) -> None:
        linked = case(
            {"src/app/settings": "../evil", "src/evil/__init__.py": "DEBUG = True\n"},
            modes={"src/app/settings": LINK},
            modules=("settings",),
        )

        assert places(RULE, linked) == ("head src/app/settings",)

    def test_a_stub_beside_the_module_that_changes_is_found(self) -> None:
        changed = case(
            {"src/app/settings.pyi": "DEBUG: str\n"},
            base={"src/app/settings.pyi": "DEBUG: bool\n"},
            modules=("settings",),
        )

        assert places(RULE, changed) == ("head src/app/settings.pyi:1",)

    def test_a_package_file_above_the_module_that_goes_is_found(self) -> None:
        gone = case({}, gone=("src/app/__init__.py",), modules=("settings",))

        assert places(RULE, gone) == ("base src/app/__init__.py",)

    @pytest.mark.parametrize(
        "line",
        [
            "__path__.insert(0, '/elsewhere')",
            "from pkgutil import extend_path",
            "__import__('pkg_resources').declare_namespace(__name__)",
        ],
    )
    def test_a_package_above_that_moves_its_path_is_found(self, line: str) -> None:
        moved = case({"src/app/__init__.py": f"x = 1\n{line}\n"}, modules=("settings",))

        assert places(RULE, moved) == ("head src/app/__init__.py:1",)

    def test_a_package_above_that_changes_otherwise_is_kept(self) -> None:
        changed = case(
            {"src/app/__init__.py": "# no __path__ here\nx = 1\n"}, modules=("settings",)
        )

        assert places(RULE, changed) == ()

    @pytest.mark.parametrize(
        ("module", "path"),
        [
            pytest.param("settings", "src/app/Settings.py", id="a file's case"),
            pytest.param("artifact storage", "src/Artifacts/new.py", id="a folder's case"),
            pytest.param("artifact storage", "SRC/artifacts/new.txt", id="a case far above"),
            pytest.param("artifact storage", "src/artifacts./new.txt", id="a dot Windows drops"),
        ],
    )
    def test_names_that_differ_by_case_only_are_found(self, module: str, path: str) -> None:
        assert (f"head {path}:1",) == places(RULE, case({path: "x\n"}, modules=(module,)))

    def test_a_name_that_differs_by_its_accents_form_only_is_found(self) -> None:
        composed, decomposed = "src/caf\u00e9/a.py", "src/cafe\u0301/a.py"
        twin = case(
            {decomposed: "x\n"},
            base={composed: "y\n"},
            paths={"artifact storage": ["src/caf\u00e9/**"]},
        )

        assert (f"head {decomposed}:1",) == places(RULE, twin)


class TestOfRealRepositories:
    OPTIONS = Options((ModuleName("artifact storage"),))

    def judged(self, built: RepositoryBuilder, open_it: Open, head: str = "HEAD") -> Case[Options]:
        repository = open_it(built)
        base = repository.commit("base")
        after = repository.index() if head == "the index" else repository.commit(head)
        return case_with(repository.change(base, after), self.OPTIONS, contract_of(modules=MODULES))

    def begin(self, built: RepositoryBuilder) -> None:
        built.write_all({path: text for path, text in BASE.items() if path.startswith("src/")})
        built.commit("base")
        built.git("branch", "base")

    def test_every_kind_of_change_is_found_in_one_commit(
        self, built: RepositoryBuilder, open_it: Open
    ) -> None:
        self.begin(built)
        built.write(STORE, "import os\n\n\ndef put(key):\n    return 1\n", EXECUTABLE)
        built.write("src/artifacts/caf\udce9 \n.py", "x = 1\n")
        built.write("src/artifacts/link", "../other.py", LINK)
        built.delete("src/artifacts/blob.bin")
        built.write("artifacts/__init__.py", "")
        built.write("src/other.py", "x = 2\n")
        built.commit("changed")

        assert places(RULE, self.judged(built, open_it)) == (
            "base src/artifacts/blob.bin",
            "head artifacts/__init__.py",
            "head src/artifacts/caf\udce9 \n.py:1",
            "head src/artifacts/link",
            f"head {STORE}:5",
        )

    def test_a_folder_replaced_by_a_link_to_a_copy_of_it_is_found(
        self, built: RepositoryBuilder, open_it: Open
    ) -> None:
        self.begin(built)
        built.git("mv", "src/artifacts", "src/real")
        built.write("src/artifacts", "real", LINK)
        built.commit("replaced")

        assert "head src/artifacts" in places(RULE, self.judged(built, open_it))

    def test_a_change_and_its_undoing_leave_nothing(
        self, built: RepositoryBuilder, open_it: Open
    ) -> None:
        self.begin(built)
        built.write(STORE, "x\n")
        built.commit("changed")
        built.write(STORE, BASE[STORE])
        built.commit("undone")

        assert places(RULE, self.judged(built, open_it)) == ()

    def test_attributes_cannot_hide_a_change(self, built: RepositoryBuilder, open_it: Open) -> None:
        self.begin(built)
        built.write(".gitattributes", "* -diff -text linguist-generated\n")
        built.write(STORE, "x\n")
        built.commit("hidden")

        assert places(RULE, self.judged(built, open_it)) == (f"head {STORE}:1",)

    def test_an_assumption_about_the_index_cannot_hide_a_staged_change(
        self, built: RepositoryBuilder, open_it: Open
    ) -> None:
        self.begin(built)
        built.write(STORE, "x\n")
        built.stage(STORE)
        built.git("update-index", "--assume-unchanged", STORE)
        built.write(STORE, BASE[STORE])

        assert places(RULE, self.judged(built, open_it, "the index")) == (f"head {STORE}:1",)

    def test_a_submodule_in_the_place_of_a_folder_is_found(
        self, built: RepositoryBuilder, open_it: Open
    ) -> None:
        self.begin(built)
        commit = built.git("rev-parse", "HEAD")
        built.git("rm", "-r", "-q", "src/artifacts")
        built.git("update-index", "--add", "--cacheinfo", f"160000,{commit},src/artifacts")
        built.commit("a submodule", paths=())

        assert "head src/artifacts" in places(RULE, self.judged(built, open_it))


class TestOfWhatIsNamed:
    def test_a_module_that_matches_nothing_is_a_doubt(self) -> None:
        nowhere = case({"src/other.py": "x\n"}, paths={"artifact storage": ["src/artefacts/**"]})

        assert (list(doubts(RULE, nowhere)), examined(RULE, nowhere)) == (
            [("the module artifact storage matches no file, neither before nor after the change: "
             "check its paths")],
            {},
        )  # fmt: skip

    def test_one_module_that_matches_nothing_is_a_doubt_beside_one_that_is_kept(self) -> None:
        paths = {"artifact storage": ["src/artifacts/**"], "gone": ["src/gone/**"]}
        partly = case({"src/other.py": "x\n"}, paths=paths, modules=("artifact storage", "gone"))

        assert (len(doubts(RULE, partly)), examined(RULE, partly)) == (1, {"files": 3})

    def test_a_module_whose_files_are_all_deleted_is_broken_and_no_doubt(self) -> None:
        gone = case({}, gone=tuple(path for path in BASE if path.startswith("src/artifacts/")))

        assert (len(places(RULE, gone)), doubts(RULE, gone)) == (3, ())

    def test_no_module_at_all_is_a_doubt(self) -> None:
        assert doubts(
            RULE, case_of(BASE, BASE, Options(), contract=contract_of(modules=MODULES))
        ) == ("the option `modules` names no module: say which ones are protected",)


class TestOfLayout:
    COMMENTED = "import os  # the system\n\n\ndef put(key):\n\n    return key\n"

    def test_comments_and_layout_are_a_change(self) -> None:
        assert places(RULE, case({STORE: self.COMMENTED})) == ("head src/artifacts/store.py:1",)

    def test_comments_and_layout_pass_where_only_the_code_counts_and_are_told(self) -> None:
        commented = case({STORE: self.COMMENTED}, semantic=True)

        assert (places(RULE, commented), notes(RULE, commented), examined(RULE, commented)) == (
            (),
            ("only comments and layout differ in src/artifacts/store.py",),
            {"files": 3},
        )

    @pytest.mark.parametrize(
        "after",
        [
            pytest.param({STORE: "import os\n\n\ndef put(key):\n    return 1\n"}, id="other code"),
            pytest.param({STORE: 'import os\n\n\ndef put(key):\n    "Doc."\n    return key\n'},
                         id="a docstring"),
            pytest.param({STORE: "def put(:\n"}, id="code that cannot be parsed"),
            pytest.param({STORE: b"import os\0\n"}, id="a NUL byte"),
            pytest.param({"src/artifacts/py.typed": "# new\n"}, id="a new file"),
            pytest.param({"src/artifacts/new.py": "# only a comment\n"}, id="a new Python file"),
        ],
    )  # fmt: skip
    def test_what_is_not_layout_is_found_all_the_same(self, after: Files) -> None:
        assert len(places(RULE, case(after, semantic=True))) == 1

    def test_a_mode_is_not_layout(self) -> None:
        changed = case({STORE: self.COMMENTED}, modes={STORE: EXECUTABLE}, semantic=True)

        assert len(places(RULE, changed)) == 1

    def test_other_languages_have_no_layout(self) -> None:
        changed = case(
            {"web/client.ts": "// a comment\nexport const b = 1;\n"},
            modules=("github",),
            semantic=True,
        )

        assert places(RULE, changed) == ("head web/client.ts:1",)


class TestOfStagedChanges:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            pytest.param({"src/other.py": "x = 2\n"}, False, id="a file elsewhere"),
            pytest.param({"docs/a.md": "x\n"}, False, id="a new page"),
            pytest.param({STORE: "x\n"}, True, id="a protected file"),
            pytest.param({"src/artifacts.py": "x\n"}, True, id="a shadow"),
            pytest.param({"Src/artifacts/a.txt": "x\n"}, True, id="another case"),
            pytest.param({}, False, id="nothing"),
        ],
    )
    def test_it_concerns_what_could_touch_a_module(self, after: Files, expected: bool) -> None:
        assert RULE.concerns is not None

        assert expected == RULE.concerns(case(after))

    @pytest.mark.parametrize("suffix", [".pyi", ".pyw", ".pyx"])
    def test_it_concerns_what_stands_beside_a_module_under_its_name(self, suffix: str) -> None:
        beside = f"src/app/settings{suffix}"
        changed = case({beside: "x = 1\n"}, base={beside: "x = 0\n"}, modules=("settings",))
        assert RULE.concerns is not None

        assert (f"head {beside}:1",) == places(RULE, changed)
        assert RULE.concerns(changed)

    def test_it_concerns_whatever_a_link_could_show(self) -> None:
        assert RULE.concerns is not None

        assert RULE.concerns(
            case(
                {"lib/codec.py": "x = 2\n"},
                base={"lib/codec.py": "x = 1\n", "src/artifacts/codec": "../../lib"},
                base_modes={"src/artifacts/codec": LINK},
            )
        )
