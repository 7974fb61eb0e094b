"""Tests that import another copy of the code than the one that stands where it stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Snapshot
from gatekeeper.reading.tests import TestRun
from gatekeeper_rules.suite._test_paths import is_test_code


def elsewhere(head: Snapshot, base: TestRun, runs: Iterable[TestRun]) -> Iterator[Doubt]:
    """A doubt for the first module that a run took from elsewhere than the base's run did.

    Where its file is gone the module was moved. Where it is still there, what the tests say is
    said of a copy: settings (`pythonpath`), a plugin or a package beside it lead there.
    """
    for run in runs:
        led = [
            (name, was, now)
            for name, was in sorted(base.modules.items())
            if (now := run.modules.get(name, was)) != was and was in head and not is_test_code(was)
        ]
        if led:
            name, was, now = led[0]
            more = f", and {len(led) - 1} more modules like it" if len(led) > 1 else ""
            yield Doubt(
                f"the tests import {name} from {now}, though {was} is still there, so they say "
                f"nothing of it{more}",
                now,
            )
            return
