"""Path patterns mean what git means by them, for every name a path can have."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gatekeeper.patterns import Patterns, literal_prefix
from tests.repositories import make_repository

PATTERNS = [
    "src/artifacts/**",
    "src/artifacts/",
    "src/artifacts",
    "artifacts/",
    "/artifacts",
    "**/artifacts/**",
    "*.py",
    "src/*.py",
    "src/*/store.py",
    "**/store.py",
    "src/**/store.py",
    "**",
    "/wrangler.jsonc",
]
PATHS = [
    "src/artifacts/store.py",
    "src/artifacts/a\nb.py",
    "src/artifacts/a\nb/store.py",
    "src/artifacts/store.py\n",
    "a\nb/artifacts/store.py",
    "a\nb/store.py",
    "src/artifactsmith/store.py",
    "src/artifacts.py",
    "artifacts/x",
    "artifacts",
    "store.py",
    "wrangler.jsonc",
    "sub/wrangler.jsonc",
    "-dash.py",
    'quo"te.py',
]


def test_every_pattern_matches_the_paths_that_git_matches(tmp_path: Path) -> None:
    repository = make_repository(tmp_path / "repository")
    expected, actual = {}, {}
    for pattern in PATTERNS:
        repository.write(".gitignore", pattern + "\n")
        said = repository.git(
            "check-ignore", "--no-index", "--stdin", "-z", "--verbose", "--non-matching",
            stdin="\0".join(PATHS).encode(),
        ).split("\0")  # fmt: skip
        expected[pattern] = [path for source, _, _, path in _rows(said) if source]
        actual[pattern] = list(Patterns((pattern,)).matching(PATHS))

    assert expected == actual


def _rows(said: list[str]) -> list[tuple[str, str, str, str]]:
    """`git check-ignore --verbose -z`: source, line, pattern and path of each path."""
    columns = (iter(said[start::4]) for start in range(4))
    return list(zip(*columns, strict=False))


PART = st.text("ab\n*?", min_size=1, max_size=3)


@settings(max_examples=200)
@given(st.lists(PART, min_size=1, max_size=3), st.lists(st.text("ab\n", min_size=1), min_size=1))
def test_the_cheap_test_never_rules_out_a_match(pattern: list[str], path: list[str]) -> None:
    written = "/".join(pattern).replace("\n", "a")
    found = "/".join(path)

    from pathspec import GitIgnoreSpec

    matches = GitIgnoreSpec.from_lines([written]).match_file(found.replace("\n", "\0"))

    assert Patterns((written,)).match(found) == matches


PLAIN = st.sampled_from(
    ["a", "b", "*", "a*", "*.b", "**", "a.b", "a b", " ", "#a", "[a]", "!a", "!*"]
)


@settings(max_examples=500)
@example(["a/ "], "", "", ["a", "a"], "")
@given(
    st.lists(st.lists(PLAIN, min_size=1, max_size=3).map("/".join), min_size=1, max_size=2),
    st.sampled_from(["", "/"]),
    st.sampled_from(["", "/"]),
    st.lists(st.sampled_from(["a", "b", "ab", "a.b", "a\nb", "ab\n"]), min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
)
def test_plain_patterns_mean_what_all_others_mean(
    bodies: list[str], before: str, after: str, path: list[str], end: str
) -> None:
    from pathspec import GitIgnoreSpec

    written = tuple(before + body + after for body in bodies)
    found = "/".join(path) + end

    matches = GitIgnoreSpec.from_lines(written).match_file(found.replace("\n", "\0"))

    assert Patterns(written).match(found) == matches


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(["a", "ab", "a*", "*", "?", "**"]), min_size=1, max_size=3),
    st.lists(st.sampled_from(["a", "ab", "b"]), min_size=1, max_size=3),
)
def test_what_is_meant_is_always_among_the_candidates(pattern: list[str], path: list[str]) -> None:
    patterns, found = Patterns(("/".join(pattern),)), "/".join(path)

    candidates = patterns.candidates(
        (found,), lambda folder: [found][: found.startswith(f"{folder}/")]
    )

    assert patterns.matching((found,)) == patterns.matching({found} & {*candidates})


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("src/artifacts/**", "src/artifacts"),
        ("/wrangler.jsonc", "wrangler.jsonc"),
        ("src/*.py", "src"),
        ("*.py", None),
        ("artifacts/", None),
        ("**/artifacts", ""),
    ],
)
def test_what_every_match_must_begin_with(pattern: str, prefix: str | None) -> None:
    assert prefix == literal_prefix(pattern)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_many_paths_are_matched_as_each_of_them_is(pattern: str) -> None:
    for lines in ((pattern,), (pattern, "!*.py"), (pattern, "other/**")):
        one_by_one = [path for path in PATHS if Patterns(lines).match(path)]

        assert one_by_one == list(Patterns(lines).matching(PATHS))
