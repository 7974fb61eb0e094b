"""What staged scripts can newly lack of a Workflow that is in use: a preview, and not the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gatekeeper import Doubt, Examined, Finding, Observation, Patterns, Snapshot
from gatekeeper.source.script_text import is_script
from gatekeeper_rules.code._workflow_staged import CUT

if TYPE_CHECKING:
    from gatekeeper_rules.code._script_staged import StagedScripts


def observations(
    snapshot: Snapshot, modules: tuple[Patterns, ...], focus: frozenset[str]
) -> Iterator[Observation]:
    """Faults that a judgement finds as well, of the staged scripts; all else is left to CI."""
    if not any(map(is_script, focus)):
        return
    from gatekeeper_rules.code._script_staged import StagedScripts

    scripts = StagedScripts(snapshot, (), are_bound=False, focus=focus)
    if not scripts.saying:
        return
    said = dict.fromkeys(_said(scripts, modules))
    yield from (CUT,) if scripts.cut else said
    yield Examined("staged scripts", len(scripts.saying))


def _said(scripts: StagedScripts, modules: tuple[Patterns, ...]) -> Iterator[Finding | Doubt]:
    from gatekeeper_rules.code._script_presence import lacking_steps

    for klass in scripts.own:
        if not modules or any(patterns.match(klass.path) for patterns in modules):
            yield from scripts.among(lacking_steps(scripts.code, klass))
    yield from scripts.among(scripts.wrong_imports())
    yield from scripts.unreadable()
