"""Which two commits are compared in a GitHub workflow, from the event that started it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from gatekeeper.comparison import Request, compare
from gatekeeper.errors import GitError, HistoryMissing
from tests.opened import Open, forked, ids
from tests.repositories import RepositoryBuilder

ZERO = "0" * 40


def event(tmp_path: Path, name: str, payload: object) -> dict[str, str]:
    path = tmp_path / "event.json"
    path.write_text(payload if isinstance(payload, str) else json.dumps(payload))
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path)}


def pull_request(tmp_path: Path, base: str, head: str) -> dict[str, str]:
    payload = {"pull_request": {"base": {"sha": base}, "head": {"sha": head}}}
    return event(tmp_path, "pull_request", payload)


def push(tmp_path: Path, before: str, after: str, ref: str = "refs/heads/work") -> dict[str, str]:
    payload = {
        "ref": ref,
        "before": before,
        "after": after,
        "repository": {"default_branch": "trunk"},
    }
    return event(tmp_path, "push", payload)


def test_a_pull_request_is_what_its_test_merge_adds(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)
    built.git("checkout", "--quiet", "--detach", "main")
    merge = built.merge("work")
    built.git("checkout", "--quiet", "main")
    built.commit("main goes on")
    built.git("checkout", "--quiet", merge)

    found = compare(open_it(built), Request(), pull_request(tmp_path, fork, work))

    assert (main, merge) == ids(found)
    assert {"work.txt"} == set(found.change.files)
    assert found.how == "base is the first parent of the pull request's test merge"


def test_two_commits_deep_is_enough_for_a_pull_request(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)
    built.git("checkout", "--quiet", "-b", "merge", "main")
    merge = built.merge("work")
    environ = pull_request(tmp_path, fork, work)
    deep = built.clone(tmp_path / "deep", "--depth", "2", "--branch", "merge")
    flat = built.clone(tmp_path / "flat", "--depth", "1", "--branch", "merge")

    found = compare(open_it(deep), Request(), environ)

    assert (main, merge) == ids(found)
    assert "the clone is shallow" in str(found.change.history.missing)
    with pytest.raises(HistoryMissing, match="`fetch-depth: 2` for actions/checkout brings it"):
        compare(open_it(flat), Request(), environ)


def test_a_pull_request_checked_out_at_its_head_is_compared_with_its_target(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)

    found = compare(open_it(built), Request(), pull_request(tmp_path, main, work))

    assert (fork, work) == ids(found)
    assert found.how == "base is the merge base of the pull request's head and its target"


def test_a_pull_request_whose_head_is_a_merge_cannot_choose_its_base(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    _, main, _ = forked(built)
    built.write("hidden.txt", "before the merge")
    built.commit("hidden")
    head = built.merge("main")

    found = compare(open_it(built), Request(), pull_request(tmp_path, main, head))

    assert (main, head) == ids(found)
    assert {"hidden.txt", "work.txt"} == set(found.change.files)


def test_a_pull_request_at_some_other_commit_is_refused(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, _ = forked(built)

    with pytest.raises(GitError, match="neither the pull request's test merge nor its head"):
        compare(open_it(built), Request(), pull_request(tmp_path, fork, main))


def test_a_merge_group_brings_both_ends(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)
    payload = {"merge_group": {"base_sha": fork, "head_sha": main}}

    found = compare(open_it(built), Request(), event(tmp_path, "merge_group", payload))

    assert (fork, main) == ids(found) != (fork, work)
    assert found.how == "base and head are those of the merge group"


def test_a_push_is_compared_with_what_was_there(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, _, work = forked(built)

    found = compare(open_it(built), Request(), push(tmp_path, fork, work))

    assert ((fork, work), "base is what was there before the push") == (ids(found), found.how)


def test_a_push_of_a_new_branch_is_compared_with_the_default_branch(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)
    built.git("update-ref", "refs/remotes/origin/trunk", main)
    built.git("update-ref", "refs/remotes/origin/main", work)

    found = compare(open_it(built), Request(), push(tmp_path, ZERO, work))

    assert (fork, work) == ids(found)
    assert found.how == f"base is the merge base of {work} and origin/trunk"


def test_the_first_push_of_the_default_branch_brings_everything(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    _, _, work = forked(built)

    found = compare(open_it(built), Request(), push(tmp_path, ZERO, work, "refs/heads/trunk"))

    assert ((None, work), {"a.txt", "work.txt"}) == (ids(found), set(found.change.files))
    assert "first one of the default branch: base is nothing" in found.how


def test_a_push_that_deletes_has_nothing_to_judge(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, _, _ = forked(built)

    with pytest.raises(GitError, match="this push deletes a branch"):
        compare(open_it(built), Request(), push(tmp_path, fork, ZERO))


def test_a_push_over_history_that_is_nowhere_asks_for_a_base(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    _, _, work = forked(built)

    with pytest.raises(HistoryMissing, match="after a forced push it may be nowhere: give --base"):
        compare(open_it(built), Request(), push(tmp_path, "a" * 40, work))


@pytest.mark.parametrize("name", ["pull_request_target", "workflow_run"])
@pytest.mark.parametrize("request_", [Request(), Request(base="main")], ids=["asked", "given"])
def test_events_with_secrets_are_refused(
    built: RepositoryBuilder, open_it: Open, name: str, request_: Request
) -> None:
    forked(built)

    with pytest.raises(GitError, match=f"does not run on the event {name}.*`on: pull_request`"):
        compare(open_it(built), request_, {"GITHUB_EVENT_NAME": name})


@pytest.mark.parametrize(
    "environ",
    [{"GITHUB_EVENT_NAME": "workflow_dispatch"}, {"GITHUB_EVENT_NAME": ""}, {"CI": "true"}],
    ids=repr,
)
def test_other_events_choose_as_a_person_would(
    built: RepositoryBuilder, open_it: Open, environ: Mapping[str, str]
) -> None:
    fork, _, work = forked(built)

    assert (fork, work) == ids(compare(open_it(built), Request(), environ))


def test_what_is_asked_for_goes_before_the_event(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open
) -> None:
    fork, main, work = forked(built)
    environ = push(tmp_path, fork, work)

    assert (main, work) == ids(compare(open_it(built), Request(base="main"), environ))


PAYLOADS = {
    "not JSON": ("{", "cannot be read"),
    "not UTF-8": ("\udcff", "cannot be read"),
    "nested too deep": ("[" * 200_000, "cannot be read"),
    "a list": ("[]", "is no JSON object"),
    "too large": (" " * (25 * 1024 * 1024 + 1), "is no JSON object"),
    "empty": ("{}", "has no commit id at"),
    "of another shape": ('{"before": [], "after": {}, "pull_request": 1}', "has no commit id at"),
    "an option for an id": ('{"before": "--all", "after": "--all"}', "has no commit id at"),
    "a branch for an id": ('{"before": "main", "after": "main"}', "has no commit id at"),
}


@pytest.mark.parametrize(("payload", "reason"), PAYLOADS.values(), ids=PAYLOADS.keys())
@pytest.mark.parametrize("name", ["push", "pull_request", "merge_group"])
def test_an_event_that_cannot_be_used_is_told(
    built: RepositoryBuilder, tmp_path: Path, open_it: Open, name: str, payload: str, reason: str
) -> None:
    built.commit("first")
    path = tmp_path / "event.json"
    path.write_bytes(payload.encode("utf-8", "surrogateescape"))

    with pytest.raises(GitError, match=reason):
        compare(
            open_it(built),
            Request(),
            {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(path)},
        )


@pytest.mark.parametrize("path", ["", "nowhere.json", "."], ids=["unset", "missing", "a folder"])
def test_an_event_without_a_file_is_told(
    built: RepositoryBuilder, open_it: Open, path: str
) -> None:
    built.commit("first")
    environ = {"GITHUB_EVENT_NAME": "push", "GITHUB_EVENT_PATH": path}

    with pytest.raises(GitError, match=r"GITHUB_EVENT_PATH is not set|cannot be read"):
        compare(open_it(built), Request(), environ)
