"""LCOV trace files, as coverage.py, vitest, jest and lcov itself write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gatekeeper.reading.content import not_too_many, shown, text_of
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.covered import added_up, counted, coverage_of, merged
from gatekeeper.reading.places import placing
from gatekeeper.reading.unusable import Unusable

# A million lines are read by a handful of searches, each for what stands after a line's end.
_END = "\nend_of_record"
_RECORDS = re.compile(
    r"(?:\n(?:DA:[1-9][0-9]{0,8}+,[0-9]++(?:,[^\n]*+)?+(?=\n|\Z)"
    r"|BRDA:[0-9]{1,9}+,[^\n]*,(?:[0-9]++|-)(?=\n|\Z)"
    r"|(?:LF|LH|BRF|BRH):[0-9]{1,9}+(?=\n|\Z)"
    r"|(?:TN|SF|VER|FN|FNDA|FNF|FNH|FNL|FNA|MCDC|MCF|MCH|MRF|MRH):[^\n]*+"
    r"|\#[^\n]*+|(?=\n|\Z)))*+"
)
_FILE = re.compile(r"\nSF:([^\n]*+)")
_OF_FILE = re.compile(r"\n(?!TN|#)[A-Z]")
_COVERED = re.compile(r"\nDA:([0-9]++),0*+[1-9]")
_MISSED = re.compile(r"\nDA:([0-9]++),0++(?![0-9])")
_BRANCH = re.compile(r"\nBRDA:([0-9]++),")
_TAKEN = re.compile(r"\nBRDA:([0-9]++),[^\n]*,0*+[1-9][0-9]*+(?=\n|\Z)")
_BRANCHES = re.compile(r"\n(?:BRDA|BRF):")


def read(content: bytes, root: str, cwd: str = "") -> Coverage:
    """The lines and branches in it; paths become relative to `root`.

    Raises Unusable for a file with a line that is no record of LCOV, that is cut off, or in
    which `LF`, `LH`, `BRF` or `BRH` are not the numbers of what is listed.
    """
    place = placing(root, cwd)
    text = f"\n{text_of(content)}".replace("\r\n", "\n")
    parts: dict[str, list[FileCoverage]] = {}
    for path, section in _sections(text):
        placed = place(path)
        parts.setdefault(placed, []).append(_file(section, placed))
    files = {path: merged(each) for path, each in parts.items()}
    return coverage_of("LCOV", files, branches=_has_branches(text, files))


def _has_branches(text: str, files: Mapping[str, FileCoverage]) -> bool:
    """Whether branches were measured. Up to 7.6, coverage.py lists some of them at a line 0."""
    is_placed = not any(0 in each.branches for each in files.values())
    return is_placed and bool(_BRANCHES.search(text))


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """The path of each file, and its records."""
    line = 0
    not_too_many(text.count(_END), "files")
    *sections, rest = text.split(_END)
    for section in sections:
        _check_records(section, line)
        line += section.count("\n") + 1
        paths = _FILE.findall(section)
        if len(paths) != 1:
            raise Unusable(f"the records that end at line {line} are those of {len(paths)} files")
        yield paths[0], section
    _check_records(rest, line)
    if _OF_FILE.search(rest):
        raise Unusable("it is cut off: its last records have no end")


def _check_records(section: str, line: int) -> None:
    """Raise Unusable at what is none; `line` is that of the record before."""
    understood = _RECORDS.match(section)
    end = understood.end() if understood else 0
    if end < len(section):
        at = line + section.count("\n", 0, end + 1)
        said = section[end:].strip("\n").partition("\n")[0]
        raise Unusable(f"line {at} is no record of LCOV: {shown(said)}")


def _file(section: str, path: str) -> FileCoverage:
    hit, not_hit = _COVERED.findall(section), _MISSED.findall(section)
    covered = frozenset(map(int, hit))
    missed = frozenset(map(int, not_hit)) - covered
    _check(section, path, "LF", len(covered) + len(missed), len(hit) + len(not_hit))
    _check(section, path, "LH", len(covered), len(hit))
    return FileCoverage(covered, missed, frozenset(), _branches(section, path))


def _branches(section: str, path: str) -> dict[int, Branch]:
    first = max(section.find("\nBRDA:"), 0)
    every = list(map(int, _BRANCH.findall(section, first)))
    taken = list(map(int, _TAKEN.findall(section, first)))
    _check(section, path, "BRF", len(every))
    _check(section, path, "BRH", len(taken))
    return counted(every, taken)


def _check(section: str, path: str, name: str, *held: int) -> None:
    for stated in re.findall(rf"\n{name}:([0-9]++)", section):
        added_up(path, name, int(stated), *held)
