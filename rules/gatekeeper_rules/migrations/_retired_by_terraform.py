"""Durable Object classes that a change deletes by Terraform."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from gatekeeper import Case, Doubt, Observation, Sieve, Snapshot, Unreadable
from gatekeeper.source.located import Span
from gatekeeper.source.terraform import TERRAFORM, Said, is_terraform
from gatekeeper.source.wrangler_terms import Text
from gatekeeper_rules.migrations._retired import Deleted, ruled

O = TypeVar("O")

_DELETES = "deleted_classes"
_CREATES = frozenset({"new_classes", "new_sqlite_classes"})
_FILES = Sieve("terraform", 1, lambda path, entry: entry.is_file and is_terraform(path))


def retired_by_terraform(case: Case[O]) -> Iterator[Observation]:
    """A finding for each class that a block of the head deletes, and that of the base did not."""
    head, base = case.change.head, case.change.base
    before = [each for path in _saying(base) for each in _readable(base, path)]
    buried = {_of(each) for each in before if _DELETES in each.keys}
    lived = {each.text for each in before if not _CREATES.isdisjoint(each.keys)}
    for path in _saying(head):
        try:
            said = head.facts(TERRAFORM, path).said
        except Unreadable as unreadable:
            yield Doubt(unreadable.reason, path, unreadable.line)
            continue
        created = {_of(each) for each in said if not _CREATES.isdisjoint(each.keys)}
        for each in said:
            if _DELETES not in each.keys or not each.text or _of(each) in buried:
                continue
            # What one block both creates and deletes has never been, unless the base had it.
            if _of(each) not in created or each.text in lived:
                yield from ruled(case, path, _deleted(each, each.text))


def _deleted(said: Said, name: str) -> Deleted:
    return Deleted(Text(name, Span(said.line, said.column, said.line)), (name,), created=False)


def _of(said: Said) -> tuple[str, str | None]:
    return said.block, said.text


def _saying(snapshot: Snapshot) -> Iterator[str]:
    for path in snapshot.passing(_FILES):
        if b"_classes" in snapshot.read(path):
            yield path


def _readable(base: Snapshot, path: str) -> tuple[Said, ...]:
    try:
        return base.facts(TERRAFORM, path).said
    except Unreadable:
        return ()
