"""What a stage starts from."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Absence, Case
from gatekeeper_rules.change.input_missing import RULE, Options
from tests.cases import (
    LINK,
    SUBMODULE,
    Files,
    case_of,
    doubts,
    examined,
    findings,
    globs,
    places,
)


def case(
    before: Files,
    paths: tuple[str, ...],
    modes: Mapping[str, str] | None = None,
    after: Files | None = None,
) -> Case[Options]:
    return case_of(before, after or before, Options(globs(paths)), before_modes=modes)


def test_an_input_at_base_is_there() -> None:
    judged = case({"REFACTOR.md": "# The plan\n"}, ("REFACTOR.md",))

    assert (places(RULE, judged), examined(RULE, judged)) == ((), {"inputs": 1})


def test_an_input_that_the_change_takes_away_was_there() -> None:
    judged = case({"REFACTOR.md": "# The plan\n"}, ("REFACTOR.md",), after={"a": "b"})

    assert places(RULE, judged) == ()


def test_an_input_that_only_the_head_has_is_missing() -> None:
    judged = case({"a": "b"}, ("REFACTOR.md",), after={"a": "b", "REFACTOR.md": "# The plan\n"})

    assert places(RULE, judged) == ("base REFACTOR.md",)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="nothing"),
        pytest.param(" \r\n\t", id="white space"),
        pytest.param(b"\xef\xbb\xbf", id="a byte order mark"),
        pytest.param(b"\0\0\0", id="zero bytes"),
    ],
)
def test_an_empty_input_is_missing(content: bytes | str) -> None:
    assert places(RULE, case({"docs/plan.md": content}, ("docs/*.md",))) == ("base docs/*.md",)


def test_each_input_is_looked_for_on_its_own() -> None:
    judged = case({"a.md": "a\n", "b.md": "b\n"}, ("a.md", "c.md", "b.md", "!b.md"))

    assert places(RULE, judged) == ("base b.md", "base c.md")


def test_the_evidence_is_how_many_files_were_looked_through() -> None:
    (finding,) = findings(RULE, case({"a.md": "a\n", "b.md": "b\n"}, ("c.md",)))

    assert finding.evidence == (Absence("c.md", 2),)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param("docs/plan.md", (), id="a file"),
        pytest.param("./docs//../docs/plan.md", (), id="a file by a long way"),
        pytest.param("docs", (), id="a folder"),
        pytest.param("other", (), id="a link to a file"),
        pytest.param("docs/empty.md", ("base REFACTOR.md",), id="an empty file"),
        pytest.param("docs/gone.md", ("base REFACTOR.md",), id="nothing"),
    ],
)
def test_a_link_counts_as_what_it_leads_to(target: str, expected: tuple[str, ...]) -> None:
    files = {
        "REFACTOR.md": target,
        "docs/plan.md": "# Plan\n",
        "docs/empty.md": "",
        "other": "docs/plan.md",
    }
    judged = case(files, ("REFACTOR.md",), {"REFACTOR.md": LINK, "other": LINK})

    assert places(RULE, judged) == expected


@pytest.mark.parametrize("target", ["REFACTOR.md", "/etc/hosts", "../outside.md"])
def test_a_link_that_leads_nowhere_to_be_seen_is_a_doubt(target: str) -> None:
    judged = case({"REFACTOR.md": target}, ("REFACTOR.md",), {"REFACTOR.md": LINK})

    assert doubts(RULE, judged) == (
        "REFACTOR.md: the link leads out of the repository, or in a circle",
    )


def test_a_submodule_is_a_doubt() -> None:
    judged = case({"spec": "a" * 40}, ("spec",), {"spec": SUBMODULE})

    assert doubts(RULE, judged) == (
        "spec: it is a submodule; its content is in another repository",
    )


def test_no_input_named_is_a_doubt() -> None:
    assert doubts(RULE, case({"a": "b"}, ())) == ("the option `paths` names no input",)


def test_nothing_that_is_staged_concerns_it() -> None:
    assert RULE.concerns is not None

    assert not RULE.concerns(case({"a.md": "a\n"}, ("b.md",), after={"b.md": "b\n"}))
