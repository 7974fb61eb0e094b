"""The rule suppression-added: a new way to hide a warning."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, Change, NoOptions, Observation, Rule
from gatekeeper.source.source_paths import is_source
from gatekeeper.source.suppression import Suppression
from gatekeeper.source.suppression_edits import adds_none
from gatekeeper.source.suppression_pieces import may_hide
from gatekeeper.watch import Watch
from gatekeeper_rules.wordings import WORDINGS

SETTINGS_FILES = (
    *("pyproject.toml", "setup.cfg", "tox.ini", "package.json", ".gitignore", "ruff.toml"),
    *(".ruff.toml", "mypy.ini", ".mypy.ini", "pytest.*", ".pytest.*", "pyrightconfig.json"),
    *(".flake8", "*pylintrc*", ".coveragerc*", ".bandit", ".isort.cfg", "ty.toml"),
    *(
        "*tsconfig*.json",
        "*jsconfig*.json",
        ".eslintrc*",
        "eslint-suppressions.json",
        "*lintrc.json*",
        ".stylelintrc*",
    ),
    *(
        "*biome.json*",
        "deno.json*",
        ".nycrc*",
        ".c8rc*",
        ".*ignore",
        "*.config*",
        "vitest.workspace.*",
    ),
)
"""Patterns of all names that tools read settings from."""


def check(case: Case[NoOptions]) -> Iterator[Observation]:
    """One finding for each suppression that the head has and the base has not."""
    from gatekeeper_rules.suite._suppressed import observations

    return observations(case.change)


def concerns(case: Case[NoOptions]) -> bool:
    """Whether a file that differs could hide anything new, or be read in place of another one."""
    from gatekeeper.patterns import Patterns

    settings = Patterns(SETTINGS_FILES)
    return any(settings.match(path) or _can_hide(case.change, path) for path in case.change.files)


def _can_hide(change: Change, path: str) -> bool:
    changed = change.files[path]
    before, after = changed.before, changed.after
    if after is None or not after.is_file:
        return False
    if before is None or not before.is_file:
        bare = "." not in path.rpartition("/")[2]
        could = (bare or is_source(path)) and may_hide(change.head.read(path))
        return could or path.endswith(".pyi")

    def read() -> Iterator[tuple[Suppression, ...]]:
        from gatekeeper.source.suppressions import SUPPRESSIONS

        return (side.facts(SUPPRESSIONS, path) for side in (change.base, change.head))

    return not adds_none(path, change.base.read(path), change.head.read(path), read)


def watch(_: Case[NoOptions]) -> Watch:
    """Settings of tools by their names; of sources, edits that add a suppression."""
    return Watch(paths=(SETTINGS_FILES,), suppressions=True)


RULE = Rule(
    name="suppression-added",
    summary="a new way to hide a warning",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["suppression-added"],
    concerns=concerns,
    watch=watch,
)
