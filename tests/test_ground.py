"""What a run does to its room is undone before the next one, or the room is given up."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekeeper import Snapshot
from gatekeeper.reading.ground import Ground, Spoiled, remove

FILES = {"a.py": "A\n", "src/b.py": "B\n", "tests/test_a.py": "T\n"}
HEAD = Snapshot.of("head", FILES)

Deed = Callable[[Path], object]


def ground(folder: Path, snapshot: Snapshot = HEAD) -> Ground:
    """A ground with one file in the tree, and one beside it, that the setup made."""
    made = Ground(folder / "ground")
    made.lay(snapshot)
    (made.tree / "node_modules").mkdir()
    (made.tree / "node_modules" / "tool").write_text("a tool")
    (folder / "ground" / "venv").mkdir()
    (folder / "ground" / "venv" / "ruff").write_text("ruff")
    made.settle(snapshot)
    return made


def tracked(made: Ground) -> dict[str, str]:
    files = (path for path in made.tree.rglob("*") if path.is_file() and not path.is_symlink())
    return {str(path.relative_to(made.tree)): path.read_text() for path in files}


WHOLE = {**FILES, "node_modules/tool": "a tool"}


def replace_by_folder(tree: Path) -> None:
    (tree / "a.py").unlink()
    (tree / "a.py").mkdir()
    (tree / "a.py" / "x").write_text("")


def link_elsewhere(tree: Path) -> None:
    (tree / "src" / "b.py").unlink()
    (tree / "src").rmdir()
    (tree / "src").symlink_to("tests")


def same_size_and_time(tree: Path) -> None:
    before = (tree / "a.py").stat()
    (tree / "a.py").write_text("Z\n")
    os.utime(tree / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))


def closed(tree: Path) -> None:
    (tree / "cache" / "deep").mkdir(parents=True)
    (tree / "cache" / "deep" / "x").write_text("")
    (tree / "cache" / "deep").chmod(0)
    (tree / "cache").chmod(0o500)


def nested(tree: Path) -> None:
    here = os.open(tree, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("deeper", dir_fd=here)
        below = os.open("deeper", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(lambda tree: None, id="nothing"),
        pytest.param(lambda tree: (tree / "a.py").write_text("evil"), id="a file is rewritten"),
        pytest.param(lambda tree: (tree / "a.py").unlink(), id="a file is removed"),
        pytest.param(lambda tree: (tree / "a.py").chmod(0o755), id="a file's mode is changed"),
        pytest.param(same_size_and_time, id="a file is rewritten with its size and time kept"),
        pytest.param(lambda tree: (tree / "conftest.py").write_text("x"), id="a file is added"),
        pytest.param(lambda tree: (tree / "out" / "d").mkdir(parents=True), id="folders are added"),
        pytest.param(replace_by_folder, id="a file becomes a folder"),
        pytest.param(link_elsewhere, id="a folder becomes a link"),
        pytest.param(lambda tree: (tree / "l").symlink_to("/etc"), id="a link is added"),
        pytest.param(lambda tree: os.mkfifo(tree / "pipe"), id="a pipe is added"),
        pytest.param(closed, id="a folder is closed"),
        pytest.param(nested, id="folders are nested too deeply to be named"),
    ],
)
def test_the_next_run_finds_the_tree_as_it_was(tmp_path: Path, deed: Deed) -> None:
    made = ground(tmp_path)
    deed(made.tree)

    made.lay(HEAD)

    assert WHOLE == tracked(made)
    assert not any(path.is_symlink() for path in made.tree.rglob("*"))
    assert 0o644 == (made.tree / "a.py").stat().st_mode & 0o777


def poisoned(tree: Path) -> None:
    tool = tree.parent / "venv" / "ruff"
    before = tool.stat()
    time.sleep(0.02)
    tool.write_text("evil")
    os.utime(tool, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "deed",
    [
        pytest.param(poisoned, id="a tool is replaced with its size and time kept"),
        pytest.param(
            lambda tree: (tree / "node_modules" / "tool").unlink(), id="a tool is removed"
        ),
        pytest.param(lambda tree: (tree.parent / "venv" / "ruff").chmod(0o600), id="or its mode"),
    ],
)
def test_a_room_whose_tools_were_touched_is_given_up(tmp_path: Path, deed: Deed) -> None:
    made = ground(tmp_path)
    deed(made.tree)

    with pytest.raises(Spoiled):
        made.lay(HEAD)

    remove(tmp_path / "ground")
    assert not (tmp_path / "ground").exists()


def test_what_is_added_beside_the_tools_is_taken_away(tmp_path: Path) -> None:
    made = ground(tmp_path)
    added = tmp_path / "ground" / "venv" / "sitecustomize.py"
    added.write_text("evil")

    made.lay(HEAD)

    assert not added.exists()


def test_what_the_setup_does_to_tracked_files_is_undone(tmp_path: Path) -> None:
    made = Ground(tmp_path / "ground")
    made.lay(HEAD)
    (made.tree / "tests" / "test_a.py").write_text("assert True\n")
    (made.tree / "src" / "b.py").unlink()

    made.settle(HEAD)

    assert FILES == tracked(made)


def test_another_tree_takes_the_place_of_the_first_and_goes_again(tmp_path: Path) -> None:
    made = ground(tmp_path)
    other = Snapshot.of("other", {"a.py": "A\n", "tests/test_b.py": "U\n", "src": "a file now"})

    made.lay(other)
    between = tracked(made)
    made.lay(HEAD)

    assert {**other_files(other), "node_modules/tool": "a tool"} == between
    assert WHOLE == tracked(made)


def other_files(snapshot: Snapshot) -> dict[str, str]:
    return {path: content.decode() for path, content in snapshot.items()}
