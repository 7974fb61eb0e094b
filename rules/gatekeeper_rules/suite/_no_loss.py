"""Suppressions that are new and hide nothing that the base showed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper import Change, Unreadable
from gatekeeper.source.comment_sheet import LONGEST_CODE
from gatekeeper.source.python import PYTHON
from gatekeeper.source.python_evasions import unannotated
from gatekeeper_rules.suite._former import former
from gatekeeper_rules.suite._ledger import New

_SCRIPT_TESTS = re.compile(r"(?:^|/)__tests__/|\.(?:test|spec)\.[mc]?[jt]sx?$")
_COMMENT = re.compile(r"\s*(?://|/\*)")


class Base:
    """What the base says of the code that new suppressions stand on; each file is read once."""

    def __init__(self, change: Change) -> None:
        self._change = change
        self._unannotated: dict[str, frozenset[tuple[str, str]]] = {}
        self._lines: dict[str, frozenset[str]] = {}

    def loses_nothing(self, new: New) -> bool:
        """Whether it says of old code what held before, or asserts something of new code.

        What a function says nothing of is `Any` to a type checker, so that `Any` hides no more.
        In a test, `@ts-expect-error` on a statement that the base has not says that what stands
        there must not compile; on an old one it says that it does no longer.
        """
        each, path = new.suppression, new.path
        if each.kind == "Any":
            if path not in self._unannotated:
                self._unannotated[path] = self._said_nothing_of(former(self._change, path))
            return (each.symbol, each.text) in self._unannotated[path]
        if each.kind == "@ts-expect-error" and _SCRIPT_TESTS.search(path):
            if path not in self._lines:
                self._lines[path] = frozenset(self._statements(former(self._change, path)))
            return bool(each.text) and each.text not in self._lines[path]
        return False

    def _said_nothing_of(self, path: str) -> frozenset[tuple[str, str]]:
        base = self._change.base
        try:
            return frozenset(unannotated(base.facts(PYTHON, path)) if path in base else ())
        except Unreadable:
            return frozenset()

    def _statements(self, path: str) -> Iterator[str]:
        """The lines of a script, with and without the comment at their end."""
        base = self._change.base
        text = base.read(path).decode("utf-8", "replace") if path in base else ""
        for line in text.splitlines():
            for said in (line, *_COMMENT.split(line)[:1]):
                yield " ".join(said.split())[:LONGEST_CODE]
