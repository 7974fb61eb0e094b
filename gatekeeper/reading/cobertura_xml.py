"""Cobertura XML, as coverage.py, vitest and jest write it, and others who leave out no line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from gatekeeper.reading.cobertura_sources import sourced
from gatekeeper.reading.content import not_too_many, shown
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.covered import added_up, branch_of, coverage_of, merged
from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.xml_reading import number, read_xml

_CONDITIONS = re.compile(r"[0-9.]{1,9}% ?\(([0-9]{1,9})/([0-9]{1,9})\)")
_RATE = re.compile(r"[01](\.[0-9]{1,20})?([eE]-[0-9]{1,3})?")
_ROUNDED = 0.006
_LONGEST = 4096
_DIGITS = 9


def read(content: bytes, root: str, cwd: str = "") -> Coverage:
    """The lines and branches in it; paths become relative to `root`.

    Branches are not taken for measured where fewer are listed than counted (vitest and jest
    list only those on lines with a statement; their LCOV lists all). Raises Unusable where
    the counts and rates are not those of the lines listed, and for a file whose place is not
    clear.
    """
    stream = _Stream()
    read_xml(content, stream.begin, stream.end, stream.text)
    place = sourced(stream.sources, root, cwd)
    parts: dict[str, list[FileCoverage]] = {}
    for each in stream.classes:
        parts.setdefault(place(each.filename), []).append(each.coverage())
    files = {path: merged(each) for path, each in parts.items()}
    branches = _checked(stream, files)
    if not branches:
        files = {path: FileCoverage(each.covered, each.missed) for path, each in files.items()}
    return coverage_of("Cobertura XML", files, branches=branches)


class _Class:
    """The lines of one class: how often each ran, and its branches."""

    def __init__(self, filename: str, rate: str | None) -> None:
        self.filename = filename
        self.rate = rate
        self.hits: dict[int, bool] = {}
        self.branches: dict[int, Branch] = {}

    def coverage(self) -> FileCoverage:
        covered = frozenset(line for line, is_hit in self.hits.items() if is_hit)
        missed = frozenset(self.hits) - covered
        _check_rate(self.filename, self.rate, len(covered), len(self.hits))
        return FileCoverage(covered, missed, frozenset(), self.branches)


class _Stream:
    """What of the file matters, as the elements come."""

    def __init__(self) -> None:
        self.root: Mapping[str, str] | None = None
        self.sources: list[str] = []
        self.classes: list[_Class] = []
        self._class: _Class | None = None
        self._is_in_method = self._is_in_source = False

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "line" and self._class is not None:
            if not self._is_in_method:
                _add_line(self._class, attributes)
        elif self.root is None:
            if name != "coverage":
                raise Unusable(f"it is no Cobertura XML: it is a file of <{name[:40]}>")
            self.root = attributes
        elif name == "class":
            self._class = _Class(attributes.get("filename", ""), attributes.get("line-rate"))
            self.classes.append(self._class)
            not_too_many(len(self.classes), "classes")
        elif name == "methods":
            self._is_in_method = True
        elif name == "source":
            self._is_in_source = True
            self.sources.append("")

    def end(self, name: str) -> None:
        if name == "class":
            self._class = None
        elif name == "methods":
            self._is_in_method = False
        elif name == "source":
            self._is_in_source = False

    def text(self, part: str) -> None:
        if self._is_in_source and len(self.sources[-1]) < _LONGEST:
            self.sources[-1] += part


def _add_line(into: _Class, attributes: Mapping[str, str]) -> None:
    written, hits = attributes.get("number", ""), attributes.get("hits", "")
    if not _is_line(written) or not (hits.isdigit() and hits.isascii()):
        raise Unusable(f"a line of {shown(into.filename)} has no number, or was hit {shown(hits)}")
    line = int(written)
    into.hits[line] = hits.strip("0") != "" or into.hits.get(line, False)
    if "branch" in attributes and attributes["branch"].lower() == "true":
        found = _CONDITIONS.match(attributes.get("condition-coverage", ""))
        if not found or int(found[1]) > int(found[2]):
            raise Unusable(f"line {line} of {shown(into.filename)} says nothing of its branches")
        into.branches[line] = branch_of(int(found[1]), int(found[2]))


def _is_line(written: str) -> bool:
    return written.isdigit() and written.isascii() and written[0] != "0" and len(written) <= _DIGITS


def _checked(stream: _Stream, files: Mapping[str, FileCoverage]) -> bool:
    """Whether branches were measured and all are listed; raises Unusable for other counts."""
    stated = stream.root or {}
    covered = sum(len(each.covered) for each in files.values())
    valid = covered + sum(len(each.missed) for each in files.values())
    apart = [sum(each.hits.values()) for each in stream.classes]
    apart_valid = sum(len(each.hits) for each in stream.classes)
    added_up("coverage", "lines-valid", _count(stated, "lines-valid"), valid, apart_valid)
    added_up("coverage", "lines-covered", _count(stated, "lines-covered"), covered, sum(apart))
    if valid == apart_valid:
        _check_rate("coverage", stated.get("line-rate"), covered, valid)
    branches = [each for file in files.values() for each in file.branches.values()]
    listed = sum(each.total for each in branches)
    if not listed or listed < (_count(stated, "branches-valid") or 0):
        return False
    taken = sum(each.taken for each in branches)
    added_up("coverage", "branches-valid", _count(stated, "branches-valid"), listed)
    added_up("coverage", "branches-covered", _count(stated, "branches-covered"), taken)
    return True


def _count(stated: Mapping[str, str], name: str) -> int | None:
    return number(stated, name, "the coverage")


def _check_rate(where: str, rate: str | None, covered: int, valid: int) -> None:
    if rate is None or not valid:
        return
    if not _RATE.fullmatch(rate) or abs(float(rate) - covered / valid) > _ROUNDED:
        raise Unusable(
            f"its counts do not add up: {shown(where)} states a rate of {shown(rate)},"
            f" and {covered} of {valid} lines ran"
        )
