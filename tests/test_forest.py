"""Trees listed by what they have otherwise: never anything but what git lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.errors import GitError
from gatekeeper.forest import Forest
from gatekeeper.git import Git
from gatekeeper.listing import decode, encode, tree_entries
from gatekeeper.objects import Objects
from gatekeeper.snapshot import EXECUTABLE, FILE, LINK, LINKS, NO_FILES, SUBMODULE, Entry
from gatekeeper.tree import Tree
from tests.opened import Open
from tests.repositories import RepositoryBuilder

ONE, TWO = "1" * 40, "2" * 40

Files = Mapping[str, Entry]

# In every order that matters: what sorts before and after a slash, what is not ASCII, and
# what is no UTF-8 (which sorts by its bytes, after all that is).
NAMES = st.sampled_from(["a", "b", "a-", "a.b", "a0", "A", "two\nlines", "é", "\uffff", "x\udcff"])
ENTRIES = st.builds(
    Entry, st.sampled_from([FILE, EXECUTABLE, LINK, SUBMODULE]), st.sampled_from([ONE, TWO])
)


def without_conflict(drawn: Files) -> Files:
    """No path that is a folder of another one."""
    above = {"/".join(path.split("/")[:end]) for path in drawn for end in range(1, 4)}
    folders = {each for each in above for path in drawn if path.startswith(f"{each}/")}
    return {path: entry for path, entry in drawn.items() if path not in folders}


PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
FILES = st.dictionaries(PATHS, ENTRIES, max_size=12).map(without_conflict)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Files, Files]:
    """Files, and what some edits make of them: most stay as they are."""
    before = draw(FILES)
    gone = draw(st.sets(st.sampled_from(sorted(before)))) if before else set[str]()
    kept = {path: entry for path, entry in before.items() if path not in gone}
    added = draw(FILES)
    left = {
        path: entry
        for path, entry in kept.items()
        if not any(path.startswith(f"{new}/") or new.startswith(f"{path}/") for new in added)
    }
    return before, {**left, **added}


@pytest.fixture
def git(built: RepositoryBuilder) -> Git:
    return Git.at(built.path, built.environ)


def written(git: Git, files: Files) -> str:
    """The tree that holds these files; their objects need not be there."""
    lines = (f"{each.mode} {each.oid} 0\t{path}\0" for path, each in files.items())
    git.run("read-tree", "--empty")
    git.run("update-index", "-z", "--index-info", stdin=encode("".join(lines)))
    return decode(git.run("write-tree", "--missing-ok")).strip()


def odd(git: Git, *entries: tuple[str, str], oid: str = ONE) -> str:
    """A tree of modes and names as git itself would never write it."""
    content = b"".join(encode(f"{each} {name}\0") + bytes.fromhex(oid) for each, name in entries)
    asked = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
    return decode(git.run(*asked, stdin=content)).strip()


REUSED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)


@REUSED
@given(files=edited())
def test_a_tree_is_listed_as_git_lists_it(git: Git, files: tuple[Files, Files]) -> None:
    old, new = (written(git, each) for each in files)

    for first, second in ((old, new), (new, old)):
        forest = Forest(git)
        forest.changes(old, new)
        found = [forest.entries(first), forest.entries(second)]

        listed = [tree_entries(git, first), tree_entries(git, second)]
        assert listed == found
        assert [list(each) for each in listed] == [list(each) for each in found]


@REUSED
@given(files=edited(), further=edited())
def test_what_passes_a_sieve_is_what_git_lists(
    git: Git, files: tuple[Files, Files], further: tuple[Files, Files]
) -> None:
    trees = [written(git, each) for each in (*files, *further)]
    forest = Forest(git)
    for old, new in pairwise(trees):
        forest.changes(old, new)

    for sieve in (LINKS, NO_FILES):
        for tree in trees:
            expected = sieve.passing(tree_entries(git, tree))

            assert expected == forest.passing(tree, sieve)


def test_a_tree_compared_with_a_listed_one_is_not_listed_again(git: Git) -> None:
    many = {f"folder/{number}": Entry(FILE, ONE) for number in range(20)}
    old, new = written(git, many), written(git, {**many, "new": Entry(FILE, TWO)})
    forest = Forest(git)
    forest.changes(old, new)

    listed = {path: id(entry) for path, entry in forest.entries(old).items()}

    # An object is read into one entry, however many trees have it at the path.
    assert listed.items() < {path: id(each) for path, each in forest.entries(new).items()}.items()


ODD = {
    "the same path twice": [(FILE, "a"), (FILE, "a")],
    "the same path as another kind of file": [(FILE, "a"), (EXECUTABLE, "a")],
    "paths out of order": [(FILE, "b"), (FILE, "a")],
    "a path out of order behind one that is new": [(FILE, "z"), (FILE, "a"), (FILE, "b")],
    "a slash in a name": [(FILE, "a/b"), (FILE, "b")],
    "a mode that groups can write": [("100664", "a"), ("100775", "b")],
    "a mode with a zero before it": [("0100644", "a"), (FILE, "b")],
    "a mode of nothing": [("0", "a"), (FILE, "b")],
}


@pytest.mark.parametrize("backwards", [False, True], ids=["after", "before"])
@pytest.mark.parametrize("entries", ODD.values(), ids=ODD)
def test_of_an_odd_tree_git_has_the_last_word(
    git: Git, entries: list[tuple[str, str]], *, backwards: bool
) -> None:
    plain, tree = odd(git, (FILE, "a"), (FILE, "b")), odd(git, *entries)
    forest = Forest(git)
    forest.changes(*((tree, plain) if backwards else (plain, tree)))
    forest.entries(plain)

    found = listed_or_refused(lambda: forest.entries(tree))

    assert listed_or_refused(lambda: tree_entries(git, tree)) == found


@pytest.mark.parametrize("entries", ODD.values(), ids=ODD)
def test_what_is_looked_up_in_a_tree_is_what_git_lists(
    git: Git, entries: list[tuple[str, str]]
) -> None:
    tree = odd(git, *entries)
    objects = Objects(git)

    looked_up = listed_or_refused(lambda: found_one_by_one(Tree(objects, tree, dict)))

    objects.close()
    assert looked_up in ("refused", listed_or_refused(lambda: tree_entries(git, tree)))


@pytest.mark.parametrize("name", ["a twice", "a/b"])
def test_a_tree_that_could_be_read_in_two_ways_is_refused(git: Git, name: str) -> None:
    written = {"a twice": [(FILE, "a"), (EXECUTABLE, "a")], "a/b": [(FILE, "a/b")]}
    objects = Objects(git)
    tree = Tree(objects, odd(git, *written[name]), dict)

    with pytest.raises(GitError, match=r"git fsck"):
        tree.find("a")

    objects.close()


def found_one_by_one(tree: Tree) -> Files:
    """What a tree has at the names that are asked for here."""
    found = ((path, tree.find(path)) for path in ("a", "b", "z", "a/b"))
    return {path: entry for path, entry in found if entry is not None}


def listed_or_refused(listing: Callable[[], Files]) -> Files | str:
    """What is listed, or that it was refused."""
    try:
        return listing()
    except GitError:
        return "refused"


def test_a_tree_without_an_entry_is_empty(git: Git) -> None:
    full, empty = written(git, {"a": Entry(FILE, ONE)}), written(git, {})
    forest = Forest(git)
    forest.changes(full, empty)

    found = forest.entries(full), forest.entries(empty)

    assert ({"a": Entry(FILE, ONE)}, {}) == found


def test_the_stage_and_what_it_began_from_are_one_listing(
    built: RepositoryBuilder, open_it: Open
) -> None:
    built.write_all({"same": "1", "folder/altered": "1", "gone": "1"})
    start = built.commit("start")
    built.write("contract.md", "- One.\n")
    base = built.commit("base")
    built.delete("gone")
    built.write_all({"folder/altered": "2", "new": "1"})
    head = built.commit("head")
    found = open_it(built)
    change = found.change(found.commit(base), found.commit(head))
    stage = found.change(found.commit(start), change.head)

    snapshots = [change.base, change.head, stage.base]

    listed = [dict(each.entries.items()) for each in snapshots]
    assert [dict(found.commit(each).entries.items()) for each in (base, head, start)] == listed
    assert 1 == len({id(each["same"]) for each in listed})
