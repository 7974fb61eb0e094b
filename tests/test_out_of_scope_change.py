"""Which changed paths a stage has asked for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Case
from gatekeeper_rules.change._outputs import Outputs
from gatekeeper_rules.change.out_of_scope_change import RULE, Options
from tests.cases import (
    EXECUTABLE,
    LINK,
    SUBMODULE,
    Files,
    case_of,
    contract_of,
    doubts,
    examined,
    findings,
    globs,
    no_subjects,
    places,
    term_of,
)

BASE: Files = {
    "src/workflows/pipeline.py": "STEPS = 3\n",
    "src/billing/invoice.py": "RATE = 19\n",
    "vendor/lib": "a" * 40,
}
SCOPE = ("src/workflows/**", "tests/**")


def case(
    after: Files,
    *,
    gone: tuple[str, ...] = (),
    modes: Mapping[str, str] | None = None,
    scope: tuple[str, ...] = SCOPE,
    own: tuple[str, ...] = (),
) -> Case[Options]:
    head = {path: text for path, text in {**BASE, **after}.items() if path not in gone}
    outputs = Outputs(
        new=globs(["docs/new.md"]),
        updated=globs(["src/api/**", "!src/api/secret.py"]),
        deleted=globs(["src/legacy.py"]),
    )
    contract = contract_of(
        term_of("output-missing", outputs), scope=scope, contracts=["contracts/*.md"]
    )
    return case_of(
        BASE,
        head,
        Options(globs(own)),
        contract=contract,
        before_modes={"vendor/lib": SUBMODULE},
        after_modes={"vendor/lib": SUBMODULE, **(modes or {})},
    )


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("src/workflows/pipeline.py", id="a file in scope"),
        pytest.param("tests/deep/er/test_a.py", id="a new file in scope"),
        pytest.param("src/workflows/a\nb.py", id="a newline in a name in scope"),
        pytest.param("src/workflows/caf\udce9.py", id="a name in scope that is not UTF-8"),
        pytest.param("docs/new.md", id="a new output"),
        pytest.param("src/api/routes.py", id="an updated output"),
        pytest.param("src/legacy.py", id="a deleted output"),
        pytest.param("contract.md", id="the prose"),
        pytest.param("gatekeeper.yaml", id="the binding"),
        pytest.param("contracts/stage-3.md", id="the next stage's contract"),
    ],
)
def test_what_the_contract_names_may_change(path: str) -> None:
    changed = case({path: "x\n"})

    assert (places(RULE, changed), examined(RULE, changed)) == ((), {"changed files": 1})


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("src/billing/new.py", id="a new file elsewhere"),
        pytest.param("src/api/secret.py", id="a path taken out of the outputs"),
        pytest.param("src/Workflows/pipeline.py", id="the same path in another case"),
        pytest.param("src/workflows.py", id="a name that begins alike"),
        pytest.param("x/src/workflows/pipeline.py", id="the same path further down"),
        pytest.param("contracts/deep/stage-3.md", id="no stage contract"),
        pytest.param("contract.md ", id="the prose with a trailing space"),
        pytest.param(" src/workflows/pipeline.py", id="a leading space"),
        pytest.param("-rf", id="a leading dash"),
        pytest.param("caf\udce9.py", id="a name that is not UTF-8"),
        pytest.param("a\nb", id="a newline"),
    ],
)
def test_any_other_path_is_found(path: str) -> None:
    assert places(RULE, case({path: "x\n"})) == (f"head {path}:1",)


@pytest.mark.parametrize(
    ("after", "gone", "modes", "expected"),
    [
        pytest.param(
            {"src/billing/invoice.py": "RATE = 20\n"},
            (),
            {},
            "was changed",
            id="content",
        ),
        pytest.param(
            {}, (), {"src/billing/invoice.py": EXECUTABLE}, "got another mode", id="a mode"
        ),
        pytest.param({}, ("src/billing/invoice.py",), {}, "was deleted", id="a deletion"),
        pytest.param({"vendor/lib": "b" * 40}, (), {}, "was changed", id="a submodule"),
        pytest.param(
            {"src/billing/invoice.py": "../workflows/pipeline.py"},
            (),
            {"src/billing/invoice.py": LINK},
            "became a link",
            id="a kind",
        ),
        pytest.param({"a": ".."}, (), {"a": LINK}, "was added", id="a link out of the tree"),
    ],
)
def test_every_kind_of_change_counts(
    after: Files, gone: tuple[str, ...], modes: Mapping[str, str], expected: str
) -> None:
    (finding,) = findings(RULE, case(after, gone=gone, modes=modes))

    assert f"{finding.path} {expected}, outside the scope of the stage" == finding.message


def test_a_renamed_file_is_found_where_it_goes() -> None:
    renamed = case({"src/engine.py": "STEPS = 3\n"}, gone=("src/workflows/pipeline.py",))

    assert places(RULE, renamed) == ("head src/engine.py:1",)


def test_a_link_in_place_of_a_folder_in_scope_is_found() -> None:
    linked = case(
        {"src/workflows": "billing"},
        gone=("src/workflows/pipeline.py",),
        modes={"src/workflows": LINK},
    )

    assert places(RULE, linked) == ("head src/workflows",)


def test_a_later_pattern_takes_paths_out_of_the_scope_again() -> None:
    changed = case(
        {"src/billing/invoice.py": "x\n", "src/other.py": "x\n"},
        own=("src/**", "!src/billing/**"),
    )

    assert places(RULE, changed) == ("head src/billing/invoice.py:1",)


def test_a_later_pattern_takes_paths_into_the_scope_again() -> None:
    changed = case(
        {"src/billing/invoice.py": "x\n", "src/billing/tax.py": "x\n"},
        own=("src/**", "!src/billing/*", "src/billing/tax.py"),
    )

    assert places(RULE, changed) == ("head src/billing/invoice.py:1",)


def test_the_scope_of_a_clause_stands_in_for_that_of_the_contract() -> None:
    changed = case({"src/workflows/pipeline.py": "x\n"}, own=("src/billing/**",))

    assert places(RULE, changed) == ("head src/workflows/pipeline.py:1",)


def test_a_scope_that_only_takes_out_lets_nothing_in() -> None:
    changed = case({"src/workflows/pipeline.py": "x\n"}, own=("!src/billing/**",))

    assert places(RULE, changed) == ("head src/workflows/pipeline.py:1",)


def test_no_scope_anywhere_is_a_doubt() -> None:
    unnamed = case({"src/billing/invoice.py": "x\n"}, scope=())

    assert (doubts(RULE, unnamed), places(RULE, unnamed), examined(RULE, unnamed)) == (
        ("no scope is named: say in `scope:` which paths the stage may change",),
        (),
        {},
    )


def test_a_change_of_nothing_has_no_subject() -> None:
    assert no_subjects(RULE, case({})) == ("no file was changed",)


@pytest.mark.parametrize("path", ["src/workflows/pipeline.py", "src/billing/invoice.py"])
def test_a_staged_change_concerns_it_just_when_something_is_found(path: str) -> None:
    changed = case({path: "x\n"})
    assert RULE.concerns is not None

    assert RULE.concerns(changed) == bool(places(RULE, changed))
