"""Orchestration beside the Workflows in the scripts of modules, outside of what steps do."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Doubt, Finding
from gatekeeper_rules.code._production import Role
from gatekeeper_rules.code._script_leftovers import WORDS, leftovers
from gatekeeper_rules.code._script_presence import steps_of_all
from gatekeeper_rules.code._script_sources import role_of
from gatekeeper_rules.code._workflow_in_scripts import Scripts


def left_in(scripts: Scripts, meant: set[str]) -> Iterator[Finding | Doubt]:
    """What orchestrates in the scripts among `meant`, and a doubt for each that cannot be read."""
    held = {path for path, _ in scripts.sources.containing(WORDS)}
    paths = (each for each in sorted(held & meant) if not each.endswith(".d.ts"))
    production = [each for each in paths if role_of(each) is Role.PRODUCTION]
    steps = steps_of_all(scripts.code, scripts.workflows) if production else frozenset()
    for path in production:
        file = scripts.code.file(path)
        if file is None:
            yield scripts.code.doubts[path]
        else:
            yield from leftovers(scripts.code, file, steps)
