"""What staged files can newly lack of a Workflow that is in use: a preview, and not the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Deferred, Doubt, Examined, Finding, Observation, Patterns, Snapshot
from gatekeeper.source.code_values import Sort
from gatekeeper_rules.code._script_preview import observations as of_scripts
from gatekeeper_rules.code._workflow_classes import Kin, Klass, exported, kind_of, klass_of
from gatekeeper_rules.code._workflow_followed import Followed
from gatekeeper_rules.code._workflow_hosts import Hosts, hosts_of
from gatekeeper_rules.code._workflow_leftovers import leftovers
from gatekeeper_rules.code._workflow_presence import imports_of
from gatekeeper_rules.code._workflow_run import lacking_steps
from gatekeeper_rules.code._workflow_staged import Staged
from gatekeeper_rules.code._workflow_wiring import other_main, unbound

_CONFIGURATION = (".toml", ".json", ".jsonc")
_REST = Deferred(
    "only the staged files were looked at; what the others make of them, and whether every "
    "Workflow is exported, bound and created, is left to CI"
)
_NONE = Hosts((), (), 0, ())


def observations(
    snapshot: Snapshot, modules: Iterable[Patterns], focus: frozenset[str]
) -> Iterator[Observation]:
    """Faults that a judgement finds as well, of the staged files; all else is left to CI."""
    staged = staged_in(snapshot, focus)
    meant = tuple(modules)
    alone = Followed(snapshot, is_led=False)
    said = [*_found(staged, meant), *_left(staged, alone, meant)]
    yield from staged.sure(dict.fromkeys(said))
    yield from of_scripts(snapshot, meant, focus)
    yield Examined("staged python files", len(staged.python))
    yield Examined("files parsed", len({*staged.code.paths, *alone.paths}))
    yield _REST


def staged_in(snapshot: Snapshot, focus: frozenset[str], *, dates: bool = False) -> Staged:
    """The staged files; configuration is looked at where it, or a Workflow, is among them."""
    staged = Staged(snapshot, _NONE, focus)
    configures = any(path.lower().endswith(_CONFIGURATION) for path in focus)
    if not configures and not staged.saying:
        return staged
    return Staged(snapshot, hosts_of(snapshot, dates=dates), focus)


def _found(staged: Staged, modules: tuple[Patterns, ...]) -> Iterator[Finding | Doubt]:
    """What Workflows, bindings and imports of the staged files are wrong."""
    yield from (each for each in staged.hosts.doubts if each.path in staged.focus)
    yield from _bindings(staged, modules)
    for klass in (each for each in staged.own if _is_meant(each, modules)):
        lacking = staged.among(lacking_steps(staged.code, klass))
        if lacking and not staged.is_extended(klass):
            yield from lacking
    for path in staged.speaking:
        if path in staged.code.paths:
            yield from imports_of(staged.code, path)
    yield from staged.doubts


def _bindings(staged: Staged, modules: tuple[Patterns, ...]) -> Iterator[Finding | Doubt]:
    """What staged configuration, or the file that it starts, binds to nothing or leaves unbound."""
    mains = staged.take_mains(staged.hosts_touched)
    for host in staged.hosts_touched:
        if host.main in mains:
            for binding in host.own:
                yield from staged.wiring.of_binding(host, binding)
    for main in mains:
        for klass in dict.fromkeys(_exported(staged, main)):
            if _is_meant(klass, modules):
                yield from _unbound(staged, klass)


def _is_meant(klass: Klass, modules: tuple[Patterns, ...]) -> bool:
    """Whether a Workflow is one of the modules, or of the tree where none is named."""
    return not modules or any(patterns.match(klass.path) for patterns in modules)


def _exported(staged: Staged, main: str) -> Iterator[Klass]:
    for values in exported(staged.code, main).values():
        for value in values:
            if value.sort is Sort.CLASS and kind_of(staged.code, value).kin is Kin.WORKFLOW:
                klass = klass_of(staged.code, value)
                if klass is not None:
                    yield klass


def _unbound(staged: Staged, klass: Klass) -> Iterator[Finding]:
    """The touched environments that export a Workflow and bind none to it."""
    homes = tuple(staged.wiring.homes(klass))
    touched = staged.hosts_touched
    found = [
        *(
            unbound(*each)
            for each in homes
            if each[0] in touched and not staged.wiring.binds(*each)
        ),
        *(other_main(each, klass) for each in staged.wiring.others(homes) if each in touched),
    ]
    if found and not lacking_steps(staged.code, klass) and not staged.is_extended(klass):
        yield from found


def _left(staged: Staged, alone: Followed, modules: tuple[Patterns, ...]) -> Iterator[Finding]:
    """Orchestration in staged files of the modules, that no step of a Workflow does.

    Values only grow as files are added: what a file shows by itself, all of them show.
    """
    for path in staged.python:
        if any(patterns.match(path) for patterns in modules):
            alone.take([path])
            if path in alone.paths and any(leftovers(alone, path, ())):
                steps = [each for klass in staged.family for each in staged.bodies(klass)]
                yield from leftovers(alone, path, steps)
