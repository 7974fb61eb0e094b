"""What a list of Durable Object migrations comes to: which classes live, which are gone."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.source.wrangler_terms import Fate, Migration, Migrations, Step, Text


def settled(where: str, entries: tuple[Migration, ...]) -> Migrations:
    """The entries applied in their order, as wrangler applies them.

    Within an entry: deleted, then renamed, then new classes (workers-sdk,
    `packages/wrangler/src/dev/class-names-sqlite.ts`), and classes transferred in last.
    Where wrangler's local runs would refuse, this goes on with what a deploy does: a class
    that the list never created may be deleted or renamed (its history was cut off), and a
    class created twice is there once.
    """
    ledger = _Ledger()
    for entry in entries:
        ledger.apply(entry)
    return Migrations(where, entries, ledger.live, ledger.gone)


class _Ledger:
    """The class names so far, each with its latest step."""

    __slots__ = ("gone", "live", "tag")

    def __init__(self) -> None:
        self.live: dict[str, Step] = {}
        self.gone: dict[str, Step] = {}
        self.tag = ""

    def apply(self, entry: Migration) -> None:
        self.tag = entry.tag.value if entry.tag else ""
        for name in entry.deleted:
            self._leave(Fate.DELETED, name)
        for renamed in entry.renamed:
            left = self._leave(Fate.RENAMED_AWAY, renamed.old)
            self._arrive(Fate.RENAMED_TO, renamed.new, left.before)
        for name in (*entry.created, *entry.created_sqlite):
            self._arrive(Fate.CREATED, name, None)
        for transferred in entry.transferred:
            self._arrive(Fate.TRANSFERRED_IN, transferred.new, None)

    def _leave(self, fate: Fate, name: Text) -> Step:
        step = Step(fate, name, self.tag, self.live.pop(name.value, None))
        self.gone[name.value] = step
        return step

    def _arrive(self, fate: Fate, name: Text, before: Step | None) -> None:
        self.live[name.value] = Step(fate, name, self.tag, before)
        self.gone.pop(name.value, None)


def trail(step: Step, shown: Callable[[Step], str], limit: int = 20) -> tuple[str, ...]:
    """The steps that led to this one, oldest first, the latest `limit` of them."""
    steps: list[str] = []
    at: Step | None = step
    while at is not None and len(steps) < limit:
        steps.append(shown(at))
        at = at.before
    return tuple(reversed(steps))
