"""The rule legacy-remains: code that an earlier stage should have removed is still there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from gatekeeper import (
    NO_FILES,
    Case,
    Doubt,
    Examined,
    Excerpt,
    Finding,
    Glob,
    Note,
    Objects,
    Observation,
    Patterns,
    Rule,
    Side,
    Snapshot,
    Stricter,
    Unreadable,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.code._disguise import SIGNS
from gatekeeper_rules.code._remnant import Remnant, Sought
from gatekeeper_rules.wordings import WORDINGS

if TYPE_CHECKING:
    from gatekeeper_rules.code._remains import Search

_SHOWN_WIDTH = 300
_MOST = 1000  # findings in one file; what comes after them says nothing new


@dataclass(frozen=True, slots=True)
class Options:
    """What should be gone."""

    paths: tuple[Glob, ...] = option((), stricter=Stricter.MORE, says="files that must be gone")
    names: tuple[str, ...] = option(
        (), stricter=Stricter.MORE, says="classes, functions and variables that must be gone"
    )
    imports: tuple[str, ...] = option(
        (), stricter=Stricter.MORE, says="modules that nothing may import"
    )
    keys: tuple[str, ...] = option(
        (), stricter=Stricter.MORE, says="configuration keys, dotted or bare, that must be gone"
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """One finding for each file, and for each line, that is left."""
    head, options = case.change.head, case.options
    sought = _sought(options)
    if not (options.paths or sought.needles):
        yield Doubt("it names nothing: say in `paths`, `names`, `imports` or `keys` what must go")
        return
    judged = head.entries if case.focus is None else [path for path in case.focus if path in head]
    yield Examined("files", len(judged))
    yield from _files_left(head, Patterns(tuple(options.paths)), case.focus)
    from gatekeeper_rules.code._remains import Search

    search = Search(head, sought, _source_roots(head) if sought.imports else _no_folder, case.focus)
    history = 0
    for path in search.files():
        if _is_history(case, path):
            history += 1
        elif not case.contract.is_contract_file(path):
            yield from _left_in(search, path)
    if history:
        yield Note(f"SQL migrations are history and may name what is gone: {history} passed over")


def concerns(case: Case[Options]) -> bool:
    """Whether a file that differs could hold anything that must go.

    A package file that comes or goes changes what relative imports can stand for.
    """
    needles = (*_sought(case.options).needles, *SIGNS)
    paths = Patterns(tuple(case.options.paths))
    return any(
        (path.endswith("/__init__.py") and (changed.added or changed.deleted))
        or (not changed.deleted and _may_be_left(case.change.head, path, paths, needles))
        for path, changed in case.change.files.items()
    )


def watch(case: Case[Options]) -> Watch:
    """The files that must go, and whatever holds a name that must, or could in disguise."""
    needles = (*_sought(case.options).needles, *SIGNS)
    pieces = tuple((each.decode("latin-1"),) for each in needles)
    return Watch(paths=(tuple(case.options.paths),), pieces=pieces)


def _may_be_left(head: Snapshot, path: str, paths: Patterns, needles: tuple[bytes, ...]) -> bool:
    if not head.entries[path].is_file or paths.match(path):
        return True
    try:
        content = head.read(path)
    except Unreadable:
        return True
    return any(needle in content for needle in needles)


def _sought(options: Options) -> Sought:
    return Sought.of(options.names, options.imports, options.keys)


def _files_left(head: Snapshot, paths: Patterns, focus: frozenset[str] | None) -> Iterator[Finding]:
    folders = (path for path in head.passing(NO_FILES) if paths.match(f"{path}/"))
    for path in dict.fromkeys((*head.meant(paths), *folders)):
        if focus is not None and path not in focus:
            continue
        entry = head.entries[path]
        yield Finding(
            f"{path} is still there",
            Side.HEAD,
            path,
            (Objects(None, f"{entry.mode} {entry.oid}"),),
            "Delete it.",
        )


def _source_roots(head: Snapshot) -> Callable[[str], bool]:
    @cache
    def is_root(folder: str) -> bool:
        if not folder or f"{folder}/__init__.py" in head:
            return False
        return next(iter(head.below(folder)), None) is not None

    return is_root


def _no_folder(folder: str) -> bool:
    return not folder


def _is_history(case: Case[Options], path: str) -> bool:
    """Whether the file is an SQL migration, which must stay as it was applied."""
    plan = case.contract.migrations
    declared = (plan.up, plan.down) if plan else ()
    inside = any(folder and path.startswith(f"{folder.strip('/')}/") for folder in declared)
    return path.endswith(".sql") and (inside or "migrations" in path.split("/")[:-1])


def _left_in(search: Search, path: str) -> Iterator[Finding | Doubt]:
    try:
        remnants = {(each.sought, each.line): each for each in search.remains(path)}
        lines = _lines(search.snapshot.read(path))
    except Unreadable as unreadable:
        yield Doubt(unreadable.reason, path, unreadable.line)
        return
    shown = islice(remnants.values(), _MOST)
    yield from (_finding(path, lines, remnant) for remnant in shown)
    if len(remnants) > _MOST:
        yield Doubt(f"more than {_MOST:,} lines name what should be gone; not all are told", path)


def _finding(path: str, lines: list[bytes], remnant: Remnant) -> Finding:
    line = lines[remnant.line - 1] if remnant.line <= len(lines) else b""
    text = line.decode("utf-8", "replace")
    return Finding(
        f"{remnant.says}, and should be gone",
        Side.HEAD,
        path,
        (Excerpt(remnant.line, text[:_SHOWN_WIDTH]),),
        "Remove it, and what depends on it.",
        line=remnant.line,
        end_line=remnant.line,
        column=remnant.column,
        symbol=remnant.symbol,
        quoted=remnant.sought,
    )


def _lines(content: bytes) -> list[bytes]:
    """The lines of a file; Python ends them at a carriage return as well."""
    lonely = b"\r" in content.replace(b"\r\n", b"\n")
    return content.splitlines() if lonely else content.split(b"\n")


RULE = Rule(
    name="legacy-remains",
    summary="code that an earlier stage should have removed is still there",
    options=Options,
    check=check,
    goal=True,
    wordings=WORDINGS["legacy-remains"],
    concerns=concerns,
    watch=watch,
)
