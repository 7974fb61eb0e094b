"""The rule suppression-added: a new way to hide a warning."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper import Case, NoOptions, Observation, Rule
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
    """Whether a file that differs could hide anything, or be read in place of another one."""
    from gatekeeper_rules.suite._suppressed import can_matter

    return any(can_matter(case.change, path) for path in case.change.files)


def watch(_: Case[NoOptions]) -> Watch:
    """Settings of tools by their names, and sources by the words in them."""
    from gatekeeper.source.suppression_pieces import PIECES

    pieces = tuple(tuple(each.decode("latin-1") for each in group) for group in PIECES)
    return Watch(paths=(SETTINGS_FILES,), pieces=pieces)


RULE = Rule(
    name="suppression-added",
    summary="a new way to hide a warning",
    options=NoOptions,
    check=check,
    wordings=WORDINGS["suppression-added"],
    concerns=concerns,
    watch=watch,
)
