"""How the findings about hollow tests are put."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper import Difference, Evidence, Excerpt, Finding, Side, Snapshot
from gatekeeper_rules.suite._written import Called, Expectation, Fault, Written

_SHOWN = 3
_WIDEST = 300
_RESTORE = "Expect again what the base expects, or agree on a replacement for the test."


def excerpt(snapshot: Snapshot, path: str, line: int) -> Excerpt:
    """The line of a file, cut where it is very long."""
    lines = snapshot.read(path).decode("utf-8", "replace").splitlines()
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    return Excerpt(line, text[:_WIDEST])


def fault(head: Snapshot, path: str, test: Written | None, fault: Fault) -> Finding:
    """Something in a test, or around it, that cannot fail."""
    return Finding(
        f"`{fault.quoted}` {fault.why}",
        Side.HEAD,
        path,
        (excerpt(head, path, fault.line),),
        fault.fix,
        line=fault.line,
        end_line=fault.line,
        column=fault.column,
        symbol=test.name if test is not None else "",
        quoted=fault.quoted,
    )


def empty(head: Snapshot, path: str, test: Written, lost: Sequence[Expectation]) -> Finding:
    """A test that expects nothing; `lost` is what it expected at the base."""
    more = (_difference(lost),) if lost else ()
    why = ", and at the base it did" if lost else ""
    fix = "Assert what the code is to do, or name the exception that it is to raise."
    return _of(head, path, test, f"{test.name} expects nothing{why}", more, fix)


def mocked(head: Snapshot, path: str, test: Written, call: Called) -> Finding:
    """A test whose only subject is a mock."""
    says = f"{test.name} tests {call.name}, which it has replaced by a mock"
    fix = "Replace what the code depends on, not the code that is tested."
    return _of(head, path, test, says, (excerpt(head, path, call.line),), fix, call.name)


def replaced(head: Snapshot, path: str, name: Called) -> Finding:
    """Code that is tested, and that a file of tests replaces for all of them."""
    return Finding(
        f"{name.name} is replaced for every test by what stands here",
        Side.HEAD,
        path,
        (excerpt(head, path, name.line),),
        "Test the code itself; replace what it depends on in a fixture of the tests that need it.",
        line=name.line,
        end_line=name.line,
        quoted=name.name,
    )


def taken_away(head: Snapshot, path: str, test: Written, gone: Sequence[Expectation]) -> Finding:
    """A test that stayed, and expects less often."""
    count = f"{len(gone)} expectations" if len(gone) > 1 else "an expectation"
    first = "; ".join(each.says for each in gone[:_SHOWN])
    says = f"{test.name} has lost {count}: {first}"
    texts = "\n".join(sorted(each.says for each in gone))
    return _of(head, path, test, says, (_difference(gone),), _RESTORE, texts)


def loosened(
    head: Snapshot, path: str, test: Written, was: Expectation, now: Expectation
) -> Finding:
    """An expectation that says less about the same thing."""
    return Finding(
        f"{test.name} expects less of `{was.subject or was.says}` than it did",
        Side.HEAD,
        path,
        (Difference("expected", was.says, now.says), excerpt(head, path, now.line)),
        _RESTORE,
        line=now.line,
        end_line=now.line,
        symbol=test.name,
        quoted=f"{was.says}\n{now.says}",
    )


def _difference(lost: Sequence[Expectation]) -> Difference:
    return Difference("expected", "\n".join(each.says for each in lost), None)


def _of(
    head: Snapshot,
    path: str,
    test: Written,
    says: str,
    more: tuple[Evidence, ...],
    fix: str,
    quoted: str = "",
) -> Finding:
    return Finding(
        says,
        Side.HEAD,
        path,
        (excerpt(head, path, test.line), *more),
        fix,
        line=test.line,
        end_line=test.line,
        symbol=test.name,
        quoted=quoted or test.name,
    )
