"""What is wrong with the compatibility date and the flags of a Worker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

from gatekeeper import Doubt, Finding
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.wrangler_terms import Environment
from gatekeeper_rules.code._config_sheet import ConfigSheet
from gatekeeper_rules.code._node_compat import is_date
from gatekeeper_rules.code._platform_tables import platform_table
from gatekeeper_rules.code._unsupported_workers import Worker

_PYTHON = "python_workers"
_TOGETHER = ("nodejs_compat", "nodejs_compat_v2")
_ALIKE = 0.75
_TO_BE_FILLED = re.compile(r"[<{$%@]|__")

MOST = 200
"""Flags of one Worker that are looked at; there are some 350, of which half undo the others."""


def of_date(environment: Environment, sheet: ConfigSheet) -> Iterator[Finding | Doubt]:
    """A date that is none; a doubt where something else is to be put in its place."""
    given = environment.compatibility_date
    if given is None:
        return
    if _TO_BE_FILLED.search(given.value):
        reason = f"which date stands in the place of `{given.value}` is not known"
        yield Doubt(reason, sheet.path, given.span.line)
    elif not is_date(given.value):
        message = f"`{given.value}` is no compatibility date"
        yield from sheet.told(given.span, "compatibility_date", message, "Write it `YYYY-MM-DD`.")


def of_worker(worker: Worker, sheet: ConfigSheet) -> Iterator[Finding | Doubt]:
    """What a Worker must say of its platform and does not."""
    if worker.environment.compatibility_date is None:
        reason = f"{worker.shown} says no compatibility date: which platform it is for is not known"
        yield Doubt(reason, worker.path, worker.span.line)
    flags = worker.environment.compatibility_flags
    if any(map(is_python, worker.roots)) and not any(
        each.value.startswith(_PYTHON) for each in flags
    ):
        main = worker.environment.main
        message = f"a Worker in Python must have the flag `{_PYTHON}`"
        fix = f'Add it: `compatibility_flags = ["{_PYTHON}"]`.'
        yield from sheet.told(main.span if main else worker.span, "main", message, fix)


def of_flags(environment: Environment, sheet: ConfigSheet) -> Iterator[Finding | Doubt]:
    """Flags that cannot be deployed or exclude each other; a doubt for one that is not known."""
    table = platform_table()
    flags = environment.compatibility_flags
    given = {each.value for each in flags}
    if len(flags) > MOST:
        reason = f"it asks for more than {MOST} flags; the others are not looked at"
        yield Doubt(reason, sheet.path, flags[MOST].span.line)
    for each in flags[:MOST]:
        known = table.flags.get(each.value)
        if known is None:
            known_ones = table.flags if sheet.may_guess(each.value) else ()
            near = get_close_matches(each.value, known_ones, 1, _ALIKE)
            like = f"; did you mean `{near[0]}`?" if near else ""
            reason = f"the compatibility flag `{each.value}` is not known ({table.said}){like}"
            yield Doubt(reason, sheet.path, each.span.line)
        elif known.experimental:
            message = f"the flag `{each.value}` is experimental: the platform does not take it"
            yield from sheet.told(each.span, each.value, message, "Remove it.")
        for other in sorted(_against(each.value) & given):
            message = f"the flags `{other}` and `{each.value}` exclude each other"
            yield from sheet.told(each.span, each.value, message, "Remove one of them.")


def _against(flag: str) -> frozenset[str]:
    """The flags that undo one, or may not stand beside it; of each pair only one way round."""
    undone = {f"no_{flag}"} & platform_table().flags.keys()
    if flag.startswith("enable_"):
        undone |= {flag.replace("enable_", "disable_", 1)}
    if flag == _TOGETHER[0]:
        undone |= {_TOGETHER[1]}
    return frozenset(undone)
