"""Path patterns that git reads in more than one way are refused, not guessed at."""

from __future__ import annotations

import pytest

from gatekeeper.contract.globs import glob_fault


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("src/art**/x", 'The pattern "src/art**/x" has ** beside other characters.'),
        ("!**art/x", 'The pattern "**art/x" has ** beside other characters.'),
        ("src/**.py", 'The pattern "src/**.py" has ** beside other characters.'),
        ("src/**/", 'The pattern "src/**/" ends with **/.'),
    ],
)
def test_two_stars_stand_for_whole_folders_only(pattern: str, wrong: str) -> None:
    fault = glob_fault(pattern)

    assert fault is not None
    assert wrong == fault[0]


@pytest.mark.parametrize("pattern", ["**", "**/x", "src/**", "src/**/x", r"src/a\*b", "src/*.py"])
def test_two_stars_between_slashes_are_fine(pattern: str) -> None:
    assert glob_fault(pattern) is None
