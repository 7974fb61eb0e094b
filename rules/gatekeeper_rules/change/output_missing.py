"""The rule output-missing: what the stage was to deliver is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from gatekeeper import (
    NO_FILES,
    Absence,
    Case,
    Doubt,
    Evidence,
    Examined,
    Finding,
    Glob,
    NoSubject,
    Note,
    Observation,
    Patterns,
    Rule,
    Side,
    Snapshot,
    Trail,
    Unreadable,
)
from gatekeeper.watch import Watch
from gatekeeper_rules.change._outputs import OUTPUT_MISSING, Outputs, one_by_one
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.change._tree import parents
from gatekeeper_rules.wordings import WORDINGS

_SHOWN = 20
_NAMED = 3

Judge = Callable[[Case[Outputs], str, Patterns], Iterator[Observation]]


def check(case: Case[Outputs]) -> Iterator[Observation]:
    """Each pattern is an output of its own, and at most one finding."""
    options = case.options
    judges: tuple[tuple[tuple[Glob, ...], Judge], ...] = (
        (options.new, _new),
        (options.updated, _updated),
        (options.deleted, _deleted),
    )
    outputs = [(judge, *each) for lines, judge in judges for each in one_by_one(lines)]
    for judge, pattern, paths in outputs:
        yield from judge(case, pattern, paths)
    if not outputs:
        yield Doubt("it names no path: say what is `new`, `updated` or `deleted`")


def concerns(case: Case[Outputs]) -> bool:
    """Whether a file that differs is of an output."""
    options = case.options
    outputs = [
        Territory(pattern, paths)
        for lines in (options.new, options.updated, options.deleted)
        for pattern, paths in one_by_one(lines)
    ]
    return any(each.holds(path) for path in case.change.files for each in outputs)


def watch(case: Case[Outputs]) -> Watch:
    """The files that the outputs mean."""
    options = case.options
    outputs = (
        patterns.lines
        for lines in (options.new, options.updated, options.deleted)
        for _, patterns in one_by_one(lines)
    )
    return Watch(territories=tuple((lines, ()) for lines in outputs))


def _new(case: Case[Outputs], pattern: str, paths: Patterns) -> Iterator[Observation]:
    from gatekeeper_rules.change._substance import lack

    base, head = case.change.base, case.change.head
    yield Examined("outputs")
    there = head.meant(paths)
    fresh = tuple(path for path in there if path not in base)
    lacks: list[str] = []
    doubts: list[Doubt] = []
    for path in fresh:
        try:
            why = _in_a_folder(pattern, paths, path) or lack(head, path)
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path, unreadable.line))
            continue
        if why is None:
            yield from _copied(base, head, path)
            return
        lacks.append(f"{path} {why}")
    yield from doubts
    if not doubts:
        yield _missing(case, "new", pattern, _why_not_new(there, lacks), there)


def _in_a_folder(pattern: str, paths: Patterns, path: str) -> str | None:
    """Why a file is not the one that is meant: a folder can have a file's name."""
    from gatekeeper_rules.change._blanks import is_file_name

    if is_file_name(pattern) and any(paths.match(folder) for folder in parents(path)):
        return f"is in a folder, and {pattern} is the name of a file"
    return None


def _why_not_new(there: tuple[str, ...], lacks: list[str]) -> str:
    if lacks:
        return ", ".join(lacks[:_NAMED])
    if there:
        return "all that it matches was there when the stage began"
    return "no file matches it"


def _copied(base: Snapshot, head: Snapshot, path: str) -> Iterator[Note]:
    oid = head.entries[path].oid
    source = next((old for old, entry in base.entries.items() if entry.oid == oid), None)
    if source is not None:
        yield Note(f"{path} is, byte for byte, what {source} was when the stage began")


def _updated(case: Case[Outputs], pattern: str, paths: Patterns) -> Iterator[Observation]:
    from gatekeeper_rules.change._substance import rewritten

    base, head = case.change.base, case.change.head
    yield Examined("outputs")
    before = base.meant(paths)
    kept = tuple(path for path in before if path in head)
    after = head.meant(paths)
    doubts: list[Doubt] = []
    for path in kept:
        try:
            if rewritten(base, head, path):
                return
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path))
    yield from doubts
    if not doubts:
        yield _missing(case, "updated", pattern, _why_not_updated(before, kept, after), kept)


def _why_not_updated(before: tuple[str, ...], kept: tuple[str, ...], after: tuple[str, ...]) -> str:
    if kept:
        return "nothing that it matches says anything else than when the stage began"
    if before:
        return "all that it matched is gone; name what is to go under `deleted`"
    if after:
        return "it matches only new files; name those under `new`"
    return "no file matches it, neither when the stage began nor now"


def _deleted(case: Case[Outputs], pattern: str, paths: Patterns) -> Iterator[Observation]:
    base, head = case.change.base, case.change.head
    before, left = _standing(base, pattern, paths), _standing(head, pattern, paths)
    if left:
        yield Examined("outputs")
        yield _missing(case, "deleted", pattern, f"still there: {', '.join(left[:_NAMED])}", left)
    elif before:
        yield Examined("outputs")
        yield from _moved(base, head, before)
    else:
        yield NoSubject(f"nothing matched {pattern} when the stage began, and nothing does now")


def _standing(snapshot: Snapshot, pattern: str, paths: Patterns) -> tuple[str, ...]:
    """What is there, links and submodules in a folder's place as well."""
    territory = Territory(pattern, paths)
    links = (path for path in snapshot.passing(NO_FILES) if territory.holds(path))
    return tuple(sorted({*snapshot.meant(paths), *links}))


def _moved(base: Snapshot, head: Snapshot, gone: tuple[str, ...]) -> Iterator[Note]:
    from gatekeeper_rules.change._blanks import is_empty

    now = {entry.oid: path for path, entry in head.entries.items() if entry.is_file}
    for path in gone:
        entry = base.entries[path]
        if entry.is_file and entry.oid in now and not is_empty(base.read(path)):
            yield Note(f"what {path} held is still in {now[entry.oid]}, byte for byte")


def _missing(
    case: Case[Outputs], option: str, pattern: str, why: str, seen: tuple[str, ...]
) -> Finding:
    absence = Absence(f"{option}: {pattern}", len(case.change.head))
    steps = tuple(islice(seen, _SHOWN))
    evidence: tuple[Evidence, ...] = (absence, Trail(steps)) if steps else (absence,)
    return Finding(
        f"the output {pattern} ({option}) is missing: {why}",
        Side.HEAD,
        pattern,
        evidence,
        _FIXES[option],
        quoted=option,
    )


_FIXES = {
    "new": "Add the file with what the contract asks of it.",
    "updated": "Change the file as the contract asks; white space and modes do not count.",
    "deleted": "Delete the files; if some must stay, have the contract say so first.",
}


RULE = Rule(
    name=OUTPUT_MISSING,
    summary="a declared output is not delivered",
    options=Outputs,
    check=check,
    goal=True,
    wordings=WORDINGS[OUTPUT_MISSING],
    concerns=concerns,
    watch=watch,
)
