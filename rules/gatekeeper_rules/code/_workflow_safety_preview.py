"""What of staged Workflows breaks a rule, as far as a preview can be sure of it."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Deferred, Examined, Finding, Observation, Snapshot
from gatekeeper.source.script_text import is_script
from gatekeeper_rules.code._workflow_advice import on_steps
from gatekeeper_rules.code._workflow_bounds import of_bindings
from gatekeeper_rules.code._workflow_hosts import hosts_of
from gatekeeper_rules.code._workflow_preview import staged_in
from gatekeeper_rules.code._workflow_safety import Safety, noted
from gatekeeper_rules.code._workflow_staged import CUT, Staged

_REST = Deferred(
    "only the staged files were looked at; Workflows that others hold, and who creates them, "
    "are left to CI"
)


def observations(
    snapshot: Snapshot, focus: frozenset[str], *, judged: bool
) -> Iterator[Observation]:
    """Faults that a judgement finds as well, of the staged files; all else is left to CI."""
    staged = staged_in(snapshot, focus, dates=True)
    if staged.own:
        staged.take_mains(staged.hosts.all)
    safety = Safety(staged)
    yield from staged.sure(dict.fromkeys(_said(staged, safety)))
    advice = staged.among(_advice(staged, safety))
    found = tuple(dict.fromkeys(each for each in advice if isinstance(each, Finding)))
    yield from staged.sure(found if judged else noted(found))
    yield from _of_scripts(staged, judged=judged)
    yield Examined("staged python files", len(staged.python))
    yield Examined("files parsed", staged.code.size)
    yield _REST


def _of_scripts(staged: Staged, *, judged: bool) -> Iterator[Observation]:
    """The same of staged scripts."""
    if not any(map(is_script, staged.focus)):
        return
    from gatekeeper_rules.code._script_safety import ScriptSafety
    from gatekeeper_rules.code._script_staged import StagedScripts

    scripts = StagedScripts(staged.snapshot, (), are_bound=False, focus=staged.focus)
    if not scripts.saying:
        return
    safety = ScriptSafety(scripts.code, hosts_of(staged.snapshot, dates=True).all)
    said = [each for klass in scripts.own for each in safety.of(klass)]
    held = tuple(dict.fromkeys(scripts.among((*said, *scripts.unreadable()))))
    advice = tuple(dict.fromkeys(scripts.among(safety.on_steps(scripts.own))))
    found = tuple(each for each in advice if isinstance(each, Finding))
    yield from (CUT,) if scripts.cut else (*held, *(found if judged else noted(found)))
    yield Examined("staged scripts", len(scripts.saying))


def _said(staged: Staged, safety: Safety) -> Iterator[Observation]:
    for klass in staged.own:
        said = staged.among(safety.of(klass))
        if said and not staged.is_extended(klass):
            yield from said
    for host in staged.hosts.all:
        if host.path in staged.focus:
            yield from of_bindings(host)
    yield from safety.unsure(staged.speaking)
    yield from staged.doubts


def _advice(staged: Staged, safety: Safety) -> Iterator[Finding]:
    for klass in staged.own:
        said = tuple(on_steps(safety.fates(klass).steps))
        if said and not staged.is_extended(klass):
            yield from said
