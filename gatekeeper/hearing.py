"""Hearing one rule on one case: what it says, or why it could not be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from gatekeeper.change import Change, no_history
from gatekeeper.errors import GatekeeperError, Unreadable
from gatekeeper.finding import Finding, fingerprints
from gatekeeper.rule import (
    Case,
    Deferred,
    Doubt,
    Examined,
    Measured,
    Missing,
    Need,
    NoSubject,
    Note,
    Reading,
    Rule,
)
from gatekeeper.terms import Contract, Standing, Term
from gatekeeper.value import dataclass, field, replace

NOT_AVAILABLE = "not available in this version"
NOTHING_EXAMINED = "the rule looked at nothing, and could not show that there is nothing"


@dataclass(frozen=True, eq=False)
class Matter:
    """What there is to judge, before it is known which rules will be asked.

    `stage_change` gives the change that goals are judged on, from where the stage began;
    it raises HistoryMissing in a clone that does not reach back so far. `unchanged` gives
    the standing of a head that is the base; asked only when staged. `unmeasured` says why
    a reading is missing that is not among `readings`.
    """

    change: Change
    stage_change: Callable[[], Change]
    standing: Standing
    unchanged: Callable[[], Standing]
    readings: Mapping[Need, Reading] = field(default_factory=dict)
    unmeasured: str = "it was not measured"
    staged: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What a rule said: findings with their fingerprints, doubts, notes, and work counters.

    `deferred` is what a local check leaves to CI: doubts that HEAD has as well, and what a
    preview does not look at.
    """

    findings: tuple[tuple[str, Finding], ...] = ()
    doubts: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    examined: Mapping[str, int] = field(default_factory=dict)


def hear(rule: Rule[Any] | None, term: Term, contract: Contract, matter: Matter) -> Heard:
    """Ask a rule about the matter. A rule that cannot be asked is a doubt, never silence."""
    if rule is None or rule.check is None:
        return _unheard(NOT_AVAILABLE, matter)
    options = rule.options() if term.options is None else term.options
    if matter.staged and any(True for _ in _needs(rule, options)):
        return _unheard("it needs something to be run, which is left to CI", matter)
    staged = staged_case(options, contract, matter) if matter.staged else None
    heard = _listen(rule, lambda: _case(rule, options, contract, matter), staged)
    if staged is None or not (heard.findings or heard.doubts):
        return heard
    return _without(heard, _listen(rule, lambda: _base_case(rule, options, contract, matter)))


def _unheard(why: str, matter: Matter) -> Heard:
    return Heard(deferred=(why,)) if matter.staged else Heard(doubts=(why,))


def _case(rule: Rule[Any], options: object, contract: Contract, matter: Matter) -> Case[Any]:
    change = matter.stage_change() if rule.goal else matter.change
    readings = {
        need: matter.readings.get(need, Missing(matter.unmeasured))
        for need in _needs(rule, options)
    }
    return Case(change, options, contract, matter.standing, readings, _focus(matter))


def _needs(rule: Rule[Any], options: object) -> Iterable[Need]:
    return rule.needs(options) if rule.needs is not None else ()


def staged_case(options: object, contract: Contract, matter: Matter) -> Case[Any]:
    """The case of what is staged alone, of which it costs little to know."""
    return Case(matter.change, options, contract, matter.standing, focus=_focus(matter))


def _focus(matter: Matter) -> frozenset[str] | None:
    return frozenset(matter.change.files) if matter.staged else None


def _base_case(rule: Rule[Any], options: object, contract: Contract, matter: Matter) -> Case[Any]:
    """The same case, had nothing been staged."""
    case = _case(rule, options, contract, matter)
    change = replace(case.change, head=matter.change.base, given=None, recall=no_history)
    return replace(case, change=change, standing=matter.unchanged())


def _listen(
    rule: Rule[Any], make: Callable[[], Case[Any]], staged: Case[Any] | None = None
) -> Heard:
    findings: list[Finding] = []
    doubts: list[str] = []
    deferred: list[str] = []
    notes: list[str] = []
    examined: Counter[str] = Counter()
    for said in _say(rule, make, staged):
        match said:
            case Finding():
                findings.append(said)
            case Examined():
                examined[said.what] += said.count
            case NoSubject() | Note():
                notes.append(said.says)
            case Doubt():
                doubts.append(str(said))
            case Deferred():
                deferred.append(said.reason)
            case _:
                doubts.append(f"the rule {rule.name} said something that is no observation")
    return Heard(
        fingerprints(rule.name, findings),
        tuple(sorted(set(doubts))),
        tuple(dict.fromkeys(deferred)),
        notes=tuple(dict.fromkeys(notes)),
        examined=dict(sorted(examined.items())),
    )


def _say(rule: Rule[Any], make: Callable[[], Case[Any]], staged: Case[Any] | None) -> Iterator[Any]:
    """What the rule yields, and in place of any crash a doubt that names it.

    A goal's case is about the whole stage; whether it is concerned is asked of what is
    staged alone, which may also undo what the stage had done.
    """
    told = False
    try:
        if staged is not None and rule.concerns is not None and not rule.concerns(staged):
            yield Examined("changed files", len(staged.change.files))
            yield NoSubject("no staged file can matter to it")
            return
        assert rule.check is not None
        case = make()
        yield from _handed_in(case)
        for said in rule.check(case):
            told = told or isinstance(said, Doubt | Deferred) or _proves(said)
            if isinstance(said, Deferred) and case.focus is None:
                yield Doubt(said.reason)
            else:
                yield said
        if not told:
            yield Doubt(NOTHING_EXAMINED)
    except Unreadable as unreadable:
        yield Doubt(unreadable.reason, unreadable.path, unreadable.line)
    except GatekeeperError as error:
        yield Doubt(str(error))
    except Exception as crash:
        yield Doubt(f"the rule {rule.name} crashed: {_told(crash)}")


def _handed_in(case: Case[Any]) -> Iterator[Note]:
    for need, reading in case.readings.items():
        if isinstance(reading, Measured) and reading.given:
            yield Note(f"the reading {need.name} of {need.which.value} was {reading.how}")


def _proves(said: object) -> bool:
    return isinstance(said, NoSubject) or (isinstance(said, Examined) and said.count > 0)


def _told(crash: Exception) -> str:
    """The crash with the place in the rule where it happened."""
    traceback = crash.__traceback__
    place = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" ({code.co_filename.rpartition('/')[2]}:{traceback.tb_lineno})"
        traceback = traceback.tb_next
    return f"{type(crash).__name__}: {crash}{place}"


def _without(heard: Heard, before: Heard) -> Heard:
    """What the staged change adds; the rest HEAD has already, and is left to CI."""
    known = {fingerprint for fingerprint, _ in before.findings}
    new = tuple(each for each in heard.findings if each[0] not in known)
    old = len(heard.findings) - len(new)
    standing = tuple(each for each in heard.doubts if each in before.doubts)
    deferred = (
        *heard.deferred,
        *standing,
        *((f"HEAD has {old} of its findings already",) if old else ()),
    )
    doubts = tuple(each for each in heard.doubts if each not in before.doubts)
    return replace(heard, findings=new, doubts=doubts, deferred=deferred)
