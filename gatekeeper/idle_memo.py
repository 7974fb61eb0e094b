"""Keeps what a preview said where nothing staged could matter, for the next one to say again."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gatekeeper.docket import docket
from gatekeeper.hearing import Matter, staged_case
from gatekeeper.idle import (
    HEAD_SIGN,
    SHORT,
    Edited,
    Memo,
    edited,
    edited_in_index,
    kept_in,
    minds,
    minds_staged,
    program,
    recall,
)
from gatekeeper.report.brief import brief
from gatekeeper.repository import Repository
from gatekeeper.rule import Rule
from gatekeeper.source.python_inert import parses
from gatekeeper.source.python_paths import is_python
from gatekeeper.terms import Adoption, Contract
from gatekeeper.value import replace
from gatekeeper.verdict import Report
from gatekeeper.watch import Lines, Watch, packed

MOST_BLOBS = 5_000
"""Blobs that are remembered to be Python that can be parsed."""

MOST_IMPORTS = 20_000
"""Imports that are remembered to lead nowhere, for each watch."""

_SPECIAL = frozenset("*?[]\\!#\n ")


def keep(
    repository: Repository, matter: Matter, rules: Mapping[str, Rule[Any]], report: Report, day: str
) -> None:
    """Keep the memo, if this preview was idle and the next one could be told so beforehand."""
    if repository.cache.store is None or report.exit_code:
        return
    memo = _memo(matter, rules, report, day)
    if memo is None:
        return
    staged = edited_in_index(repository.location, memo.tree)
    if staged is None or minds_staged(memo, staged, repository.objects):
        return
    known = recall(repository.location.directory)
    same = known is not None and known.program == memo.program
    sound = _sound(staged, repository, known.sound if known and same else frozenset())
    _write(repository, replace(_together(memo, known, repository), sound=sound))


def _sound(
    files: tuple[Edited, ...], repository: Repository, known: frozenset[str]
) -> frozenset[str]:
    """The blobs that are known to be Python that can be parsed, and those of these files."""
    blobs = {oid for each in files if is_python(each.path) for oid in (each.before, each.after)}
    fresh = {oid for oid in blobs - known if parses(repository.objects[oid])}
    return known | fresh if len(known) + len(fresh) <= MOST_BLOBS else frozenset(fresh)


def _memo(matter: Matter, rules: Mapping[str, Rule[Any]], report: Report, day: str) -> Memo | None:
    standing, commit, tree = matter.standing, report.base.commit, report.base.tree
    if standing.adoption is not Adoption.AT_BASE or standing.proposed is not standing.agreed:
        return None
    contract, watches = _contract(standing.agreed), _watches(matter, rules)
    if not commit or not tree or contract is None or watches is None:
        return None
    says, plain = (brief(report, unicode=each) for each in (True, False))
    if says.count(commit[:SHORT]) != 1 or HEAD_SIGN in says:
        return None
    says, plain = (each.replace(commit[:SHORT], HEAD_SIGN) for each in (says, plain))
    code = _code(rules)
    return Memo(program(code), day, tree, says, plain, contract, watches, code)


def _code(rules: Mapping[str, Rule[Any]]) -> Lines:
    """The folders of gatekeeper and of the packages that its rules come from."""
    modules = {__name__, *(getattr(rule.check, "__module__", __name__) for rule in rules.values())}
    tops = (sys.modules[name] for name in sorted({each.partition(".")[0] for each in modules}))
    found = (
        place for top in tops for path in getattr(top, "__path__", ()) for place in os.walk(path)
    )
    return tuple(sorted(folder for folder, _, files in found if any(map(_is_code, files))))


def _is_code(name: str) -> bool:
    return name.endswith(".py")


def _contract(contract: Contract) -> Lines | None:
    """Patterns of the contract's files; None where a path could be taken for a pattern."""
    paths = (contract.prose.path, contract.binding_path)
    if not _SPECIAL.isdisjoint("".join(paths)):
        return None
    return (*contract.contracts, *(f"/{path}" for path in paths))


def _watches(matter: Matter, rules: Mapping[str, Rule[Any]]) -> tuple[Watch, ...] | None:
    """The watches of all rules that are asked; None where one of them has none."""
    found = tuple(dict.fromkeys(_each_watch(matter, rules)))
    return None if None in found else tuple(each for each in found if each is not None)


def _each_watch(matter: Matter, rules: Mapping[str, Rule[Any]]) -> Iterator[Watch | None]:
    for charge in docket(matter.standing):
        for term in charge.bound.terms:
            rule = rules.get(term.rule)
            if rule is None or rule.check is None:
                continue
            options = rule.options() if term.options is None else term.options
            if rule.needs is not None and any(True for _ in rule.needs(options)):
                continue
            case = staged_case(options, charge.contract, matter)
            yield rule.watch(case) if rule.watch is not None else None


def _together(memo: Memo, known: Memo | None, repository: Repository) -> Memo:
    """The memo with what an earlier one knew of imports, where that still holds."""
    if known is None or (known.program, known.contract) != (memo.program, memo.contract):
        return memo
    since = edited(repository.location, "diff-tree", "-r", known.tree, memo.tree)
    if since is None or minds(known, since, repository.objects):
        return memo
    same = len(known.watches) == len(memo.watches)
    pairs = zip(memo.watches, known.watches, strict=True) if same else ()
    return replace(memo, watches=tuple(_merged(new, old) for new, old in pairs)) if same else memo


def _merged(new: Watch, old: Watch) -> Watch:
    if new.imports is None or old.imports is None or replace(old, imports=new.imports) != new:
        return new
    imports = new.imports | old.imports
    return replace(new, imports=imports) if len(imports) <= MOST_IMPORTS else new


def _write(repository: Repository, memo: Memo) -> None:
    data = {
        "told": [memo.program, memo.day, memo.tree, memo.says, memo.plain],
        "contract": memo.contract,
        "code": memo.code,
        "sound": sorted(memo.sound),
        "watches": [packed(watch) for watch in memo.watches],
    }
    file = Path(kept_in(repository.location.directory))
    # Written aside and put in place, so that two hooks at once do not mix their lines.
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        aside.write_text(json.dumps(data, separators=(",", ":")), encoding="ascii")
        aside.replace(file)
