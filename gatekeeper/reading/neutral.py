"""Values that say the same wherever they were measured: the names of our folders taken out."""

from __future__ import annotations

from collections.abc import Callable

from gatekeeper.reading.build import Built
from gatekeeper.reading.lint import Linted
from gatekeeper.reading.tests import TestRun
from gatekeeper.value import replace

Say = Callable[[str], str]


def neutral(value: object, say: Say) -> object:
    """The value with all that a tool said put through `say`.

    A finding quotes it, and must be the same finding when it is measured again.
    """
    match value:
        case Built():
            return replace(value, said=say(value.said))
        case Linted():
            warnings = (replace(each, message=say(each.message)) for each in value.warnings)
            return replace(value, warnings=tuple(warnings))
        case TestRun():
            return _run(value, say)
    return value


def _run(run: TestRun, say: Say) -> TestRun:
    tests = {
        name: replace(ran, reason=say(ran.reason)) if ran.reason else ran
        for name, ran in run.tests.items()
    }
    return replace(
        run,
        tests=tests,
        uncollected=tuple(replace(each, why=say(each.why)) for each in run.uncollected),
        warnings=tuple(map(say, run.warnings)),
        notes=tuple(map(say, run.notes)),
    )
