"""What the faults of a chain mean to one that asks whether it was rewritten."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt, Excerpt, Finding, Side, Snapshot, Trail, Unreadable
from gatekeeper.migrations.migration import Chain, Fault, FaultKind

_ORDER = (FaultKind.SAME_NUMBER, FaultKind.UNSETTLED)
_UNKNOWN = (FaultKind.UNREADABLE, FaultKind.ELSEWHERE)


def disorders(head: Snapshot, before: Chain | None, after: Chain) -> Iterator[Finding]:
    """The faults of order that the head has and the base has not."""
    known = {(each.path, each.says) for each in before.faults} if before else set()
    ups = {each.up.path for each in after.migrations}
    for fault in after.faults:
        told_already = fault.kind is FaultKind.SAME_NUMBER and fault.path in ups
        if fault.kind in _ORDER and not told_already and (fault.path, fault.says) not in known:
            yield _finding(head, fault)


def _finding(head: Snapshot, fault: Fault) -> Finding:
    return Finding(
        fault.says.rstrip("."),
        Side.HEAD,
        fault.path,
        (*_shown(head, fault), Trail((f"{fault.path}:{fault.line}",))),
        fault.mend,
        line=fault.line,
        quoted=f"{fault.kind.value} {fault.path}",
    )


def _shown(head: Snapshot, fault: Fault) -> Iterator[Excerpt]:
    try:
        lines = head.read(fault.path).split(b"\n")
    except (KeyError, Unreadable):
        return
    text = (
        lines[fault.line - 1].decode("utf-8", "replace")[:300] if fault.line <= len(lines) else ""
    )
    if text.strip():
        yield Excerpt(fault.line, text)


def doubts(chain: Chain) -> Iterator[Doubt]:
    """What keeps a chain from being known: not what is wrong inside of one of its files."""
    files = {each.up.path for each in chain.migrations}
    files |= {each.down.path for each in chain.migrations if each.down}
    for fault in chain.faults:
        if fault.kind in _UNKNOWN and fault.path not in files and not _is_judged(chain, fault):
            says = fault.says.removeprefix(f"{fault.path} ").rstrip(".")
            yield Doubt(says, fault.path, fault.line)


def _is_judged(chain: Chain, fault: Fault) -> bool:
    """Whether the chain is known all the same: another database's scripts can be compared."""
    return fault.kind is FaultKind.ELSEWHERE and bool(chain.migrations)
