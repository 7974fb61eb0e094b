"""Chains in folders of any name, known by what the scripts in them are called and say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum

from gatekeeper.migrations.numbering import by_number, is_day, leading_number
from gatekeeper.migrations.sql_file import SCRIPTS, sql_file
from gatekeeper.snapshot import Snapshot

BACK = frozenset(("down", "downs", "rollback", "rollbacks", "undo", "revert", "reverts", "up"))
"""Folders beside or inside of a chain's that hold one of its ways."""

# What stands in these is somebody else's, made, or there to be wrong or to be read.
NOT_OURS = frozenset(
    (
        *("node_modules", "vendor", "third_party", ".venv", "venv", "site-packages"),
        *("dist", "build", "test", "tests", "testdata", "fixtures", "__fixtures__"),
    )
)
_NOT_SHIPPED = NOT_OURS | frozenset(
    (
        *("__tests__", "e2e", "spec", "specs", "testing", "test-data", "test_data", "fixture"),
        *("example", "examples", "sample", "samples", "demo", "demos", "doc", "docs"),
        *("bench", "benchmark", "benchmarks", "seed", "seeds", "tutorial", "tutorials"),
        *("docker-entrypoint-initdb.d", "initdb", "initdb.d", "postgres-init", "mysql-init"),
    )
)
_UP = re.compile(r"[0-9]+[_.-][^/]*\.up\.[^/]*|[^/]+\.up\.sql", re.DOTALL)
_WORDS = re.compile(r"(?:^|[._-])(?:down|rollback|undo|revert|reverse)(?:[._-]|$)", re.IGNORECASE)
_TIMES = 10**9


class Shape(Enum):
    """What shows that a folder holds a chain."""

    SECTIONS = "lines that begin the parts of a migration"
    PAIRS = "scripts for both ways"
    NUMBERED = "numbers"


def ships(path: str) -> bool:
    """Whether a path leads through no folder of tests, examples, made or others' files."""
    return _NOT_SHIPPED.isdisjoint(path.lower().split("/"))


def odd_folders(snapshot: Snapshot, counts: Callable[[str], bool]) -> Mapping[str, Shape]:
    """Folders, of those that count, whose scripts show that they are a chain, and by what.

    That is a numbered script with goose's or dbmate's lines; `….up.sql`, or golang-migrate's
    names; and numbered `.sql` files, the first that changes the schema making a table, where
    most numbers are different and one alone is 0, 1 or a time. They are no chain where a script
    beside them makes other tables, on which they may build, or alters one; nor are the folders
    that have a number themselves, which are parts of something.
    """
    numbered: dict[str, list[str]] = {}
    others: dict[str, list[str]] = {}
    for path in snapshot.passing(SCRIPTS):
        folder, _, name = path.rpartition("/")
        above, _, last = folder.rpartition("/")
        if last.lower() in BACK:
            folder = above
        ours = name[:1].isdigit() or _UP.fullmatch(name) is not None
        (numbered if ours else others).setdefault(folder, []).append(path)
    found = {
        folder: _shape(snapshot, paths, others.get(folder, ()))
        for folder, paths in numbered.items()
        if counts(folder)
    }
    return {folder: shape for folder, shape in found.items() if shape is not None}


def _shape(snapshot: Snapshot, paths: Sequence[str], others: Sequence[str]) -> Shape | None:
    if any(_UP.fullmatch(path.rpartition("/")[2]) for path in paths):
        return Shape.PAIRS
    plain = [path for path in paths if path.endswith(".sql")]
    forward = sorted(_forward(plain), key=lambda each: by_number(each.rpartition("/")[2]))
    may_be = _is_sequence(forward)
    for path in dict.fromkeys((*forward, *plain)):
        file = sql_file(snapshot, path)
        if file.sections:
            return Shape.SECTIONS
        if file.is_schema and may_be:
            if file.makes and _tells(snapshot, plain, others):
                return Shape.NUMBERED
            may_be = False
    return None


def _tells(snapshot: Snapshot, plain: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the numbered scripts make all that others beside them make."""
    beside = [each for path in others if (each := sql_file(snapshot, path)).is_schema]
    made = {table for path in plain if beside for table in sql_file(snapshot, path).makes}
    return all(each.is_told_by(made) for each in beside)


def _forward(paths: Iterable[str]) -> Iterator[str]:
    """The scripts that no word in their names, and no folder, says to be a way back."""
    for path in paths:
        folder, _, name = path.rpartition("/")
        last = folder.rpartition("/")[2].lower()
        if (last == "up" or last not in BACK) and not _WORDS.search(name.removesuffix(".sql")):
            yield path


def _is_sequence(paths: Sequence[str]) -> bool:
    names = [path.rpartition("/")[2] for path in paths]
    numbers = [each for each in map(leading_number, names) if each is not None]
    different = sorted(set(numbers))
    if not different or _is_part(paths[0]):
        return False
    if all(map(is_day, names)):
        return True
    if 3 * len(different) < 2 * len(numbers):
        return False
    return different[0] <= 1 or different[0] >= _TIMES or len(different) > 1


def _is_part(path: str) -> bool:
    """Whether the folder of a path has a number itself: `0.21/01_a.sql`, `v2/01_a.sql`."""
    return _VERSION.fullmatch(path.rpartition("/")[0].rpartition("/")[2]) is not None


_VERSION = re.compile(r"[vV]?[0-9].*", re.DOTALL)
