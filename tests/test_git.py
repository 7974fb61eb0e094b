"""Git is started clean: nothing that a repository configures runs, misleads, or lingers."""

from __future__ import annotations

import gc
import os
import time
from pathlib import Path

import pytest

from gatekeeper import git as module
from gatekeeper import objects as store
from gatekeeper.change import Lines
from gatekeeper.errors import GitError, Unreadable
from gatekeeper.git import Git, printable
from gatekeeper.objects import Objects
from gatekeeper.repository import Repository
from tests.repositories import RepositoryBuilder, make_repository

HOOKS = ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman")
LARGE = "".join(f"{n}\n" for n in range(2000))
COMMANDS = ("rev-parse", "cat-file", "ls-files", "ls-tree", "diff", "grep", "rev-list", "config")


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    return make_repository(tmp_path / "repository")


def git_at(builder: RepositoryBuilder) -> Git:
    return Git.at(builder.path, builder.environ)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def booby_trap(builder: RepositoryBuilder, marker: Path) -> None:
    """Configure everything that git can be made to run to leave a marker."""
    evil = script(builder.path / ".git" / "evil", f"echo ran >> '{marker}'; cat; exit 0")
    hooks = builder.path / ".git" / "evil-hooks"
    for hook in HOOKS:
        script(hooks / hook, f"echo hook >> '{marker}'")
    settings = {
        "core.fsmonitor": evil,
        "core.hooksPath": hooks,
        "core.pager": evil,
        "core.editor": evil,
        "core.sshCommand": evil,
        "core.askPass": evil,
        "core.alternateRefsCommand": evil,
        "core.attributesFile": builder.path / ".git" / "attributes",
        "credential.helper": f"!{evil}",
        "diff.external": evil,
        "diff.evil.command": evil,
        "diff.evil.textconv": evil,
        "filter.evil.clean": evil,
        "filter.evil.smudge": evil,
        "filter.evil.required": "true",
        "gpg.program": evil,
        "log.showSignature": "true",
        "submodule.recurse": "true",
        "pager.diff": evil,
        "pager.grep": evil,
        **{f"alias.{command}": f"!{evil}" for command in COMMANDS},
    }
    for name, value in settings.items():
        builder.git("config", name, str(value))
    (builder.path / ".git" / "info" / "attributes").write_text("* diff=evil filter=evil\n")
    (builder.path / ".git" / "attributes").write_text("* diff=evil filter=evil\n")


def everything_asked_of(
    builder: RepositoryBuilder, base: str
) -> list[tuple[Lines, tuple[str, ...], bytes]]:
    with Repository.find(builder.path, builder.environ) as repository:
        before = repository.commit(base)
        changes = [
            repository.change(before, head)
            for head in (repository.commit("HEAD"), repository.index(), repository.worktree())
        ]
        assert repository.introduced("HEAD", "a.txt") == base == repository.parent("HEAD")
        assert all(change.files for change in changes)
        assert [1, 0, 0] == [len(change.history.commits) for change in changes]
        return [
            (change.lines("a.txt"), change.head.containing([b"two"]), change.head.read("a.txt"))
            for change in changes
        ]


def trapped(builder: RepositoryBuilder, marker: Path) -> str:
    builder.write(".gitattributes", "* diff=evil filter=evil\n")
    builder.write("a.txt", "one\n")
    first = builder.commit("first")
    builder.write("a.txt", "two\n")
    builder.commit("second")
    booby_trap(builder, marker)
    # Dirty in a way that makes git look at the content, where it looks at all.
    builder.write("a.txt", "two\n")
    os.utime(builder.path / "a.txt", (1, 1))
    builder.write("b.txt", "two\n")
    return first


def test_nothing_that_a_repository_configures_is_run(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    first = trapped(repository, marker)

    asked = everything_asked_of(repository, first)

    altered = Lines(frozenset({1}), frozenset({1}))
    assert [
        (altered, ("a.txt",), b"two\n"),
        (altered, ("a.txt",), b"two\n"),
        (altered, ("a.txt", "b.txt"), b"two\n"),
    ] == asked
    assert not marker.exists()


def test_the_same_configuration_is_run_by_git_as_it_comes(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    trapped(repository, marker)

    repository.git("diff", "HEAD~1")

    assert marker.exists()


def without_a_blob(builder: RepositoryBuilder, marker: Path) -> str:
    """A partial clone, in which a blob is to be fetched by a command of the repository's."""
    builder.write("a.txt", "one\n")
    builder.commit("first")
    blob = builder.git("rev-parse", "HEAD:a.txt")
    (builder.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    fetcher = script(marker.parent / "fetcher", f"echo ran >> '{marker}'")
    settings = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": f"ext::{fetcher}",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    }
    for name, value in settings.items():
        builder.git("config", name, value)
    return blob


def test_a_blob_missing_from_a_partial_clone_is_not_fetched(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    blob = without_a_blob(repository, marker)

    with Repository.find(repository.path, repository.environ) as opened:
        head = opened.commit("HEAD")
        with pytest.raises(Unreadable, match=f"the object {blob} is not in this clone"):
            head.read("a.txt")

    assert not marker.exists()


def test_a_file_whose_blob_is_missing_may_hold_anything(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    without_a_blob(repository, tmp_path / "marker")

    with Repository.find(repository.path, repository.environ) as opened:
        found = opened.commit("HEAD").containing([b"nowhere"])

    assert found == ("a.txt",)


def test_git_as_it_comes_fetches_that_blob(repository: RepositoryBuilder, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    blob = without_a_blob(repository, marker)

    with pytest.raises(AssertionError):
        repository.git("cat-file", "-p", blob)

    assert marker.exists()


def test_of_the_callers_git_variables_only_places_are_kept(tmp_path: Path) -> None:
    environ = {
        "PATH": "/usr/bin",
        "GIT_INDEX_FILE": "/i",
        "GIT_DIR": "",
        "GIT_SSH_COMMAND": "evil",
        "GIT_EXTERNAL_DIFF": "evil",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "diff.external",
        "GIT_CONFIG_PARAMETERS": "'diff.external=evil'",
        "GIT_NO_REPLACE_OBJECTS": "0",
        "GIT_TRACE": "1",
    }

    found = Git.at(tmp_path, environ).environ

    foreign = {name for name, value in environ.items() if found.get(name) == value}
    assert foreign == {"PATH", "GIT_INDEX_FILE"}


def test_a_machine_without_git_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git was not found on PATH; install git"):
        Repository.find(tmp_path, {"PATH": str(tmp_path)})


def test_a_git_that_lies_in_the_work_tree_is_not_started(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    script(repository.path / "git", f"touch '{marker}'")

    path = os.pathsep.join([".", "", repository.environ["PATH"]])
    Repository.find(repository.path, {**repository.environ, "PATH": path}).close()

    assert not marker.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="nowhere is not a directory"):
        Repository.find(tmp_path / "nowhere", os.environ)


def test_a_git_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    script(tmp_path / "bin" / "git", f"(sleep 2; touch '{tmp_path}/late') & wait")
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"

    began = time.perf_counter()
    with pytest.raises(GitError, match=r"git status in .* took longer"):
        Git.at(tmp_path, {"PATH": path}).ask("status")

    assert time.perf_counter() - began < 1.8
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_what_git_complains_of_cannot_steer_a_terminal(repository: RepositoryBuilder) -> None:
    with pytest.raises(GitError) as caught:
        git_at(repository).run("ls-tree", "\x1b[2Jnone")

    assert "\x1b" not in str(caught.value)
    assert "git ls-tree failed in" in str(caught.value)


def test_escapes_are_written_out() -> None:
    assert printable("a\x1b[2J\n\u202eé\udcff") == "a\\x1b[2J\\n\\u202eé\\udcff"


def test_a_repository_of_another_user_is_read(
    repository: RepositoryBuilder, tmp_path: Path
) -> None:
    repository.write("a.txt", "one\n")
    repository.commit("first")
    real = repository.git("--exec-path") + "/git"
    script(tmp_path / "bin" / "git", f'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "{real}" "$@"')
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"
    environ = {**repository.environ, "PATH": path}

    with pytest.raises(AssertionError, match="dubious ownership"):
        RepositoryBuilder(repository.path).git("status", environ={"PATH": path})
    with Repository.find(repository.path, environ) as opened:
        assert opened.commit("HEAD")["a.txt"] == b"one\n"


@pytest.fixture
def blobs(repository: RepositoryBuilder) -> dict[str, str]:
    texts = {"small": "one\n", "empty": "", "large": LARGE}
    return {
        name: repository.git("hash-object", "-w", "--stdin", stdin=text.encode())
        for name, text in texts.items()
    }


def test_blobs_are_read_by_their_id(repository: RepositoryBuilder, blobs: dict[str, str]) -> None:
    objects = Objects(git_at(repository))

    found = [objects[blobs[name]] for name in ("small", "empty", "large", "small")]
    objects.close()

    assert found == [b"one\n", b"", LARGE.encode(), b"one\n"]


def test_all_blobs_can_be_listed(repository: RepositoryBuilder, blobs: dict[str, str]) -> None:
    objects = Objects(git_at(repository))

    assert (set(objects), len(objects)) == (set(blobs.values()), 3)


@pytest.mark.parametrize(
    "oid",
    ["0" * 40, "HEAD", "", "--help", "a" * 39, "a\nb", "master^{tree}"],
    ids=repr,
)
def test_what_is_no_blob_is_missing(repository: RepositoryBuilder, oid: str) -> None:
    repository.commit("first")
    objects = Objects(git_at(repository))

    with pytest.raises(KeyError):
        objects[oid]
    objects.close()


def test_a_commit_is_not_a_blob(repository: RepositoryBuilder) -> None:
    commit = repository.commit("first")
    objects = Objects(git_at(repository))

    with pytest.raises(KeyError):
        objects[commit]
    objects.close()


@pytest.mark.parametrize("name", ["a\nb", "a\0b", ""], ids=repr)
def test_a_name_that_would_break_the_conversation_names_nothing(
    repository: RepositoryBuilder, name: str
) -> None:
    assert Objects(git_at(repository)).find(name) is None


def test_a_large_blob_is_refused_and_the_next_one_read(
    repository: RepositoryBuilder, blobs: dict[str, str]
) -> None:
    objects = Objects(git_at(repository), largest=8889)

    with pytest.raises(Unreadable, match="it holds 8890 bytes, and at most 8889 are read"):
        objects[blobs["large"]]

    assert objects[blobs["small"]] == b"one\n"
    objects.close()


def test_a_damaged_object_is_named_and_the_next_one_read(
    repository: RepositoryBuilder, blobs: dict[str, str]
) -> None:
    oid = blobs["large"]
    damaged = repository.path / ".git" / "objects" / oid[:2] / oid[2:]
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:1000])
    objects = Objects(git_at(repository))

    with pytest.raises(Unreadable, match=f"git stopped at the object {oid}"):
        objects[oid]

    assert objects[blobs["small"]] == b"one\n"
    objects.close()


def test_a_reader_that_says_nothing_is_not_waited_for_forever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PATIENCE", 0.3)
    script(tmp_path / "bin" / "git", "exec sleep 60")
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"
    objects = Objects(Git.at(tmp_path, {"PATH": path}))

    with pytest.raises(Unreadable, match="git stopped"):
        objects["a" * 40]


@pytest.fixture
def counted(repository: RepositoryBuilder, tmp_path: Path) -> dict[str, str]:
    """An environment whose git writes down the ids of its processes."""
    real = repository.git("--exec-path") + "/git"
    script(tmp_path / "bin" / "git", f"echo $$ >> '{tmp_path}/started'; exec '{real}' \"$@\"")
    path = f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}"
    return {**repository.environ, "PATH": path}


def running(tmp_path: Path) -> list[int]:
    """Those of the counted processes that run, or have ended and were never reaped."""
    started = [int(line) for line in (tmp_path / "started").read_text().split()]
    return [process for process in started if there_is(process)]


def there_is(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_no_reader_outlives_the_repository(
    tmp_path: Path,
    repository: RepositoryBuilder,
    blobs: dict[str, str],
    counted: dict[str, str],
) -> None:
    with Repository.find(repository.path, counted) as opened:
        assert opened.objects[blobs["small"]] == opened.objects[blobs["small"]]
        assert len(running(tmp_path)) == 1

    assert running(tmp_path) == []


def test_a_forgotten_reader_is_reaped(
    tmp_path: Path,
    repository: RepositoryBuilder,
    blobs: dict[str, str],
    counted: dict[str, str],
) -> None:
    opened = Repository.find(repository.path, counted)
    assert opened.objects[blobs["small"]] == b"one\n"
    del opened
    gc.collect()

    assert running(tmp_path) == []
