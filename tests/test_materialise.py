"""A tree is written out from its blobs: as it is, and nothing outside of its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gatekeeper import Snapshot
from gatekeeper.reading.materialise import materialise
from gatekeeper.reading.unusable import Unusable
from gatekeeper.snapshot import Entry
from gatekeeper.value import replace
from tests.cases import EXECUTABLE, LINK, SUBMODULE
from tests.repositories import make_repository


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def refusal(snapshot: Snapshot, folder: Path) -> str:
    with pytest.raises(Unusable) as refused:
        materialise(snapshot, folder.resolve())
    return str(refused.value)


def test_all_files_are_written_byte_for_byte_whatever_their_names(tmp_path: Path) -> None:
    files = {
        "a/b/c.txt": b"one\r\ntwo",
        "A/b/c.txt": b"another case",
        "a\nb": b"",
        "-rf": b"\0\xff",
        "a/\udcff.bin": b"no UTF-8 in the name",
        ".gitignore": b"*\n",
        "con:.txt": b"",
    }

    materialise(Snapshot.of("head", files), tmp_path.resolve())

    assert files == written(tmp_path)


def test_what_git_would_alter_on_the_way_out_is_not_altered(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository")
    files = {".gitattributes": "* text eol=crlf\n*.md ident\n", "a.md": "$Id$\nline\n"}
    repository.write_all(files)
    repository.commit()
    repository.write("a.md", "changed since\n")
    from gatekeeper.repository import Repository

    with Repository.find(repository.path, repository.environ) as found:
        materialise(found.commit("HEAD"), (tmp_path / "out").resolve())

    assert {name: text.encode() for name, text in files.items()} == written(tmp_path / "out")


def test_only_what_is_executable_in_git_is_executable(tmp_path: Path) -> None:
    files = {"run.sh": "#!/bin/sh\n", "read.me": ""}

    materialise(Snapshot.of("head", files, {"run.sh": EXECUTABLE}), tmp_path.resolve())

    assert os.access(tmp_path / "run.sh", os.X_OK)
    assert not (tmp_path / "read.me").stat().st_mode & 0o111


def test_a_link_inside_the_tree_stays_a_link(tmp_path: Path) -> None:
    files = {"src/a.py": "A\n", "b.py": "src/a.py", "nowhere": "not/there", "loop": "loop"}
    links = dict.fromkeys(("b.py", "nowhere", "loop"), LINK)

    materialise(Snapshot.of("head", files, links), tmp_path.resolve())

    assert "A\n" == (tmp_path / "b.py").read_text()
    assert [(tmp_path / each).is_symlink() for each in links] == [True, True, True]


@pytest.mark.parametrize(
    ("files", "links"),
    [
        pytest.param({"a": "/etc/passwd"}, ["a"], id="an absolute one"),
        pytest.param({"d/a": "../../x"}, ["d/a"], id="one with too many dots"),
        pytest.param(
            {"d/up": "..", "d/e/a": "../up/../x"}, ["d/up", "d/e/a"], id="one through another"
        ),
        pytest.param({"d/x": "", "a": "d/../../secret"}, ["a"], id="one through a folder"),
    ],
)
def test_a_link_out_of_the_tree_is_refused(
    tmp_path: Path, files: dict[str, str], links: list[str]
) -> None:
    folder = tmp_path / "in" / "tree"

    said = refusal(Snapshot.of("head", files, dict.fromkeys(links, LINK)), folder)

    assert f"the link {links[-1]} leads out of the tree" == said


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    files = {"d": str(outside), "d/evil.py": "evil\n"}

    refusal(Snapshot.of("head", files, {"d": LINK}), tmp_path / "tree")

    assert [] == list(outside.iterdir())


def test_a_submodule_is_refused_by_name(tmp_path: Path) -> None:
    snapshot = Snapshot.of("head", {"vendor/lib": ""}, {"vendor/lib": SUBMODULE})

    said = refusal(snapshot, tmp_path)

    assert "vendor/lib is a submodule, whose files are in another repository" == said


@pytest.mark.parametrize(
    "path",
    [
        ".git/config",
        "sub/.GIT/hooks/post-checkout",
        "git~1/config",
        ".git ./config",
        ".g\u200cit/config",
        "../outside",
        "a//b",
        "/etc/cron.d/x",
        "a/./b",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    said = refusal(Snapshot.of("head", {path: "evil"}), tmp_path / "tree")

    assert said.startswith("the path ")
    assert {} == written(tmp_path)


def test_a_file_whose_content_is_not_in_the_clone_is_named(tmp_path: Path) -> None:
    whole = Snapshot.of("head", {"a.py": "A"})
    entries = {**whole.entries, "b.py": Entry("100644", "0" * 40)}

    said = refusal(replace(whole, entries=entries), tmp_path)

    assert "the tree cannot be written out: b.py cannot be read: the object" in said


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    said = refusal(Snapshot.of("head", {"a": "file", "a/b": "file"}), tmp_path)

    assert said.startswith("a/b cannot be written out: ")
