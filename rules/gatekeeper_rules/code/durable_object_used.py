"""The rule durable-object-used: a Durable Object is defined, bound, imported or reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from gatekeeper import (
    Case,
    Doubt,
    Examined,
    Finding,
    Need,
    NoSubject,
    Observation,
    Rule,
    Snapshot,
    Stricter,
    Unmeasured,
    Which,
    option,
)
from gatekeeper.value import dataclass
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS


class Include(Enum):
    """Code that is not looked at unless asked for."""

    TESTS = "tests"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Options:
    """Where to look besides production code."""

    include: tuple[Include, ...] = option(
        (), stricter=Stricter.MORE, says="`tests`, `generated`: look there as well"
    )
    bundle: bool = option(
        default=False,
        stricter=Stricter.TRUE,
        says="look at what would be uploaded as well (runs the code: the reading `bundle`)",
    )


Focus = frozenset[str] | None
_READING = "bundle"


def _in_python(snapshot: Snapshot, options: Options, focus: Focus) -> Iterable[Observation]:
    from gatekeeper_rules.code._durable_objects_in_python import observations

    return observations(
        snapshot,
        focus=focus,
        tests=Include.TESTS in options.include,
        generated=Include.GENERATED in options.include,
    )


def _in_configuration(snapshot: Snapshot, _: Options, focus: Focus) -> Iterable[Observation]:
    if focus is not None and not _can_configure(snapshot, focus):
        return ()
    from gatekeeper_rules.code._durable_objects_in_config import observations

    return observations(snapshot)


def _can_configure(snapshot: Snapshot, focus: frozenset[str]) -> bool:
    from gatekeeper_rules.code._durable_concerns import may_configure

    return any(may_configure(snapshot, path) for path in focus if path in snapshot)


def _in_scripts(snapshot: Snapshot, options: Options, focus: Focus) -> Iterable[Observation]:
    from gatekeeper_rules.code._durable_objects_in_script import observations

    return observations(
        snapshot,
        focus=focus,
        tests=Include.TESTS in options.include,
        generated=Include.GENERATED in options.include,
    )


def _in_infrastructure(snapshot: Snapshot, _: Options, focus: Focus) -> Iterable[Observation]:
    if focus is not None and not any(map(_is_infrastructure, focus)):
        return ()
    from gatekeeper_rules.code._durable_objects_in_infrastructure import observations

    return _of_focus(observations(snapshot), focus)


def _is_infrastructure(path: str) -> bool:
    from gatekeeper_rules.code._durable_concerns import INFRASTRUCTURE

    return path.lower().endswith(INFRASTRUCTURE)


def _elsewhere(snapshot: Snapshot, _: Options, focus: Focus) -> Iterable[Observation]:
    if focus is not None and not _says_elsewhere(snapshot, focus):
        return ()
    from gatekeeper_rules.code import _durable_objects_in_documents, _durable_objects_in_rust

    of_rust = _durable_objects_in_rust.observations(snapshot)
    of_documents = _durable_objects_in_documents.observations(snapshot)
    return _of_focus((*of_rust, *of_documents), focus)


def _of_focus(said: Iterable[Observation], focus: Focus) -> Iterator[Observation]:
    """What is said of the files of a focus: each of these files speaks for itself alone."""
    for each in said:
        if focus is None or not isinstance(each, Finding | Doubt) or each.path in focus:
            yield each


def _says_elsewhere(snapshot: Snapshot, focus: frozenset[str]) -> bool:
    from gatekeeper_rules.code._durable_elsewhere import DOCUMENTS, RUST, may_say

    paths = (path for path in focus if path.lower().endswith((RUST, *DOCUMENTS)))
    held = (path for path in paths if path in snapshot and snapshot.entries[path].is_file)
    return any(may_say(path, snapshot.read(path)) for path in held)


Reader = Callable[[Snapshot, Options, Focus], Iterable[Observation]]

READERS: tuple[Reader, ...] = (
    _in_python,
    _in_scripts,
    _in_configuration,
    _in_infrastructure,
    _elsewhere,
)
"""One for each language in which a Durable Object can be written down.

They are imported when they are asked: most staged changes concern none of them.
"""


def check(case: Case[Options]) -> Iterator[Observation]:
    """What every reader says of the head."""
    looked = False
    for reader in READERS:
        for observation in reader(case.change.head, case.options, case.focus):
            looked = looked or isinstance(observation, Examined)
            yield observation
    if case.options.bundle:
        yield from _in_bundle(case)
    if not looked:
        yield NoSubject("there is no Python file, no script and no wrangler configuration to judge")


def _in_bundle(case: Case[Options]) -> Iterable[Observation]:
    from gatekeeper.reading.bundled import Bundled
    from gatekeeper_rules.code._durable_objects_in_bundle import observations

    try:
        bundled = case.measured(_READING, Which.HEAD, Bundled)
    except Unmeasured as unmeasured:
        return (Doubt(f"what would be uploaded is not known: {unmeasured}"),)
    return observations(bundled, case.contract.binding_path)


def _needs(options: Options) -> tuple[Need, ...]:
    return (Need(_READING, Which.HEAD),) if options.bundle else ()


def concerns(case: Case[Options]) -> bool:
    """Whether a changed file can say what the base does not, told without parsing."""
    from gatekeeper_rules.code._durable_concerns import can_concern

    return can_concern(case.change)


def watch(case: Case[Options]) -> Watch | None:
    """What says a word that counts, configures, or takes what nobody has followed yet."""
    from gatekeeper_rules.code._durable_concerns import watched

    return watched(case.change)


RULE = Rule(
    name="durable-object-used",
    summary="a Durable Object is defined, bound, imported, extended, reached or configured",
    options=Options,
    check=check,
    goal=True,
    needs=_needs,
    wordings=WORDINGS["durable-object-used"],
    concerns=concerns,
    watch=watch,
)
