"""The rule protected-module-changed: a module that the contract protects is not what it was."""

from __future__ import annotations

import os
from collections.abc import Iterator

from gatekeeper import (
    LINKS,
    Case,
    Doubt,
    FileChange,
    ModuleName,
    Observation,
    Rule,
    Snapshot,
    Stricter,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.change._shadows import could_be_module
from gatekeeper_rules.change._territory import Territory
from gatekeeper_rules.wordings import WORDINGS

_IMPORT = "import"
_NO_SOURCE = (".pyi", ".pyw", ".pyx", ".pyc", ".pyd", ".so")


@dataclass(frozen=True, slots=True)
class Options:
    """Which modules are protected, and whether their layout is as well."""

    modules: tuple[ModuleName, ...] = option(
        (), stricter=Stricter.MORE, says="names from `modules:` that must not change"
    )
    semantic: bool = option(
        default=False,
        stricter=Stricter.FALSE,
        says="let a change of a Python file through that leaves the parsed code identical",
    )


def check(case: Case[Options]) -> Iterator[Observation]:
    """One finding for each changed path, whatever number of modules it touches."""
    if not case.options.modules:
        yield Doubt("the option `modules` names no module: say which ones are protected")
    from gatekeeper_rules.change._protection import observations

    yield from observations(case.change, _territories(case), semantic=case.options.semantic)


def concerns(case: Case[Options]) -> bool:
    """Whether a changed path is protected, leads to a protected one, or could pass for one."""
    territories = _territories(case)
    changes = case.change.files.values()
    return (
        any(_touches(territories, changed) for changed in changes)
        or (bool(changes) and _has_links(territories, case.change.head))
        or any(_speaks_of(territories, case.change.head, changed) for changed in changes)
    )


def watch(case: Case[Options]) -> Watch | None:
    """The files of the modules, and what could open them to others or pass for one of them."""
    territories = _territories(case)
    if _has_links(territories, case.change.head):
        return None
    held = tuple((each.patterns.lines, each.folders) for each in territories)
    stems = dict.fromkeys(stem for each in territories for stem in each.stems)
    pieces = tuple((_IMPORT, os.fsencode(stem).decode("latin-1")) for stem in stems)
    return Watch(territories=held, suffixes=_NO_SOURCE, pieces=pieces)


def _territories(case: Case[Options]) -> tuple[Territory, ...]:
    named = case.modules(dict.fromkeys(case.options.modules))
    return tuple(Territory(name, patterns) for name, patterns in named)


def _touches(territories: tuple[Territory, ...], changed: FileChange) -> bool:
    path = changed.path
    if any(entry is not None and not entry.is_file for entry in (changed.before, changed.after)):
        return True
    if could_be_module(path) and (changed.added or changed.deleted or not _is_source(path)):
        return True
    folder, _, name = path.rpartition("/")
    if name == "__init__.py" and any(each.may_reach(folder) for each in territories):
        return True
    return any(
        each.has(path) or each.is_below(path) or (changed.added and each.may_be_meant(path))
        for each in territories
    )


def _speaks_of(territories: tuple[Territory, ...], head: Snapshot, changed: FileChange) -> bool:
    """Whether a file of Python says the name by which one of the modules is imported."""
    if changed.after is None or not changed.after.is_file or not changed.path.endswith(".py"):
        return False
    from gatekeeper.source.python_spelling import could_say

    content = head.read(changed.path)
    stems = tuple(os.fsencode(stem) for each in territories for stem in each.stems)
    return _IMPORT.encode() in content and could_say(stems, content)


def _is_source(path: str) -> bool:
    """Whether another content, unlike a stub's or a compiled file's, stands in for nothing."""
    return path.endswith((".py", ".json")) or not path.endswith(_NO_SOURCE)


def _has_links(territories: tuple[Territory, ...], head: Snapshot) -> bool:
    return any(each.may_reach(link) for link in head.passing(LINKS) for each in territories)


RULE = Rule(
    name="protected-module-changed",
    summary="a protected module is not what it was: content, mode, kind, link, submodule, shadow",
    options=Options,
    check=check,
    wordings=WORDINGS["protected-module-changed"],
    concerns=concerns,
    watch=watch,
)
