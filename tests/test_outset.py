"""What a hook asks git at once is what git says of the repository that is found afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.location import located
from gatekeeper.outset import IN_INDEX, begun
from tests.repositories import RepositoryBuilder, make_repository
from tests.test_git import booby_trap, without_a_blob

PLACES = {
    "the root": ("", {}),
    "a folder": ("src", {}),
    "the root, in a hook that has another index": ("", {"GIT_INDEX_FILE": ".git/other"}),
    "a folder, in a hook that has another index": ("src", {"GIT_INDEX_FILE": ".git/other"}),
}


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    built = make_repository(tmp_path / "repository")
    built.write_all({"a.txt": "one\n", "src/b.txt": "one\n"})
    built.commit("first")
    built.write("src/b.txt", "two\n")
    built.stage()
    built.git("read-tree", "HEAD", environ={"GIT_INDEX_FILE": ".git/other"})
    built.write("a.txt", "two\n")
    built.git("update-index", "a.txt", environ={"GIT_INDEX_FILE": ".git/other"})
    # Would hide what lies elsewhere, if it were heeded.
    for name in ("diff.relative", "diff.noPrefix"):
        built.git("config", name, "true")
    return built


@pytest.mark.parametrize(("folder", "environ"), PLACES.values(), ids=PLACES)
def test_what_is_staged_is_told_wherever_one_starts(
    repository: RepositoryBuilder,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    environ: dict[str, str],
) -> None:
    monkeypatch.chdir(repository.path / folder)

    with begun({**repository.environ, **environ}) as outset:
        told = outset.staged.output()
        settled = located(outset.git, outset.where.answer(), repository.environ).git

    assert told == settled.run(*IN_INDEX, "HEAD^{tree}", "--")
    assert (b"a.txt" in told, b"src/b.txt" in told) == (bool(environ), not environ)


def test_nothing_that_a_repository_configures_is_run_before_it_is_located(
    repository: RepositoryBuilder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    without_a_blob(repository, marker)
    tree = repository.git("rev-parse", "HEAD^{tree}")
    (repository.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    booby_trap(repository, marker)
    monkeypatch.chdir(repository.path)

    with begun(repository.environ) as outset:
        staged = outset.staged.answer()
        head = outset.objects.find("HEAD^{tree}")

    assert (False, None, False) == (staged.code == 0, head, marker.exists())
