"""What `coverage json` writes, in all formats from coverage.py 5 to 7."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.reading.content import in_one_go, json_of, shown
from gatekeeper.reading.context_lines import contexts_of
from gatekeeper.reading.contexts import Contexts, NoContexts
from gatekeeper.reading.coverage import Branch, Coverage, FileCoverage
from gatekeeper.reading.covered import added_up, counted, coverage_of
from gatekeeper.reading.places import placing
from gatekeeper.reading.shapes import Table
from gatekeeper.reading.statements import statements
from gatekeeper.reading.unusable import Unusable

_NEWEST_FORMAT = 3
_LISTS = ("executed_branches", "missing_branches")
_COUNTS = ("covered_lines", "num_statements", "missing_lines", "excluded_lines")


@in_one_go()
def read(content: bytes, root: str, cwd: str = "") -> Coverage:
    """The lines and branches in it; paths become relative to `root`, and are taken from `cwd`.

    Before 7.13.5, the lines that ran include docstrings and others that are no statements;
    which are is then looked up in the sources below `root`. Branches are not taken for
    measured where they are only counted (coverage.py 5), or where others are listed than
    counted (up to 7.6). Raises Unusable for other formats, and for a file in which the
    summaries are not the numbers of the lines listed.
    """
    report = Table(json_of(content), "the file")
    meta = report.table("meta")
    version = _version(meta)
    place = placing(root, cwd)
    members = list(report.table("files").members())
    said = {place(path): each for path, each in members}
    if len(said) < len(members):
        raise Unusable("it names a file twice, in two ways")
    branches = meta.truth("branch_coverage") and all(
        _lists_branches(each) for each in said.values()
    )
    files = {path: _file(each, path, Path(root), branches=branches) for path, each in said.items()}
    _check_totals(report.table("totals"), said)
    contexts = _contexts(files, said) if any("contexts" in each for each in said.values()) else None
    return coverage_of(f"coverage.py {version}", files, branches=branches, contexts=contexts)


def _contexts(
    files: Mapping[str, FileCoverage], said: Mapping[str, Table]
) -> Contexts | NoContexts:
    """What `coverage json --show-contexts` adds: by line, in which contexts it ran."""

    def lines(path: str) -> Mapping[str, set[int]]:
        found: dict[str, set[int]] = {}
        for line, names in said[path].table("contexts").texts_by_line():
            for name in names:
                found.setdefault(name, set()).add(line)
        return found

    return contexts_of(files, lines)


def _version(meta: Table) -> str:
    version = meta.text("version")
    format_ = meta.count("format") if "format" in meta else 1
    if format_ > _NEWEST_FORMAT or not re.fullmatch(r"[5-9]\.[0-9.abrc]{1,20}", version):
        raise Unusable(
            f"it is format {format_} of coverage.py {shown(version)},"
            f" and formats up to {_NEWEST_FORMAT} from coverage.py 5 on are read"
        )
    return version


def _lists_branches(said: Table) -> bool:
    if not all(key in said for key in _LISTS):
        return False
    stated = [said.table("summary").count(key) for key in ("covered_branches", "missing_branches")]
    return stated == [len(said.branches(key)) for key in _LISTS]


def _file(said: Table, path: str, root: Path, *, branches: bool) -> FileCoverage:
    summary = said.table("summary")
    missed = said.lines("missing_lines")
    excluded = said.lines("excluded_lines")
    # Line 0 is what some versions of Python call the beginning of a module.
    covered = said.lines("executed_lines") - excluded - {0}
    if missed & (covered | excluded | {0}):
        raise Unusable(f"lines of {shown(path)} are missing that are not, or that do not exist")
    if len(covered) > summary.count("covered_lines"):
        covered = _statements(covered, summary.count("covered_lines"), root / path)
    added_up(path, "covered_lines", summary.count("covered_lines"), len(covered))
    added_up(path, "missing_lines", summary.count("missing_lines"), len(missed))
    added_up(path, "excluded_lines", summary.count("excluded_lines"), len(excluded))
    added_up(path, "num_statements", summary.count("num_statements"), len(covered) + len(missed))
    return FileCoverage(covered, missed, excluded, _branches(said) if branches else {})


def _statements(covered: frozenset[int], count: int, file: Path) -> frozenset[int]:
    """Those of the lines that are statements; a docstring of the module, where it counts."""
    known = statements(file)
    found = covered & known.lines
    return found if len(found) == count else found | (covered & known.docstring)


def _branches(said: Table) -> Mapping[int, Branch]:
    executed, missing = (said.branches(key) for key in _LISTS)
    return counted([*executed, *missing], executed)


def _check_totals(totals: Table, said: Mapping[str, Table]) -> None:
    summaries = [each.table("summary") for each in said.values()]
    for name in _COUNTS:
        added_up("totals", name, totals.count(name), sum(each.count(name) for each in summaries))
