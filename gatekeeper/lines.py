"""The lines that a change removes and adds, as git sees them."""

from __future__ import annotations

import re

from gatekeeper.change import Differ, Lines
from gatekeeper.difference import difference
from gatekeeper.git import Git
from gatekeeper.snapshot import blob_id

MINIMAL_UP_TO = 2 * 1024 * 1024
"""Bytes up to which git is asked for the shortest script, which takes it quadratic time."""

_HUNK = rb"(?m)^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@"

# Attributes and configuration could have git run a program, or hide lines.
_PLAIN = (
    "--no-ext-diff",
    "--no-textconv",
    "--text",
    "--no-color",
    "--no-indent-heuristic",
    "--no-renames",
    "--inter-hunk-context=0",
    "--unified=0",
)


def differ_by_git(git: Git, algorithm: str) -> Differ:
    """Line sets by `git diff` of two blobs; by our own difference where git has them not.

    `algorithm` is the repository's: "sha1" or "sha256".
    """

    def differ(before: bytes, after: bytes) -> Lines:
        if before == after or not before or not after:
            return difference(before, after)
        small = len(before) + len(after) <= MINIMAL_UP_TO
        sides = blob_id(before, algorithm), blob_id(after, algorithm)
        asked = git.ask("diff", *_PLAIN, "--minimal" if small else "--histogram", *sides)
        return difference(before, after) if asked.code else hunks(asked.out)

    return differ


def hunks(patch: bytes) -> Lines:
    """The line sets of a patch without context lines."""
    found = [tuple(int(part or 1) for part in match) for match in re.findall(_HUNK, patch)]
    return Lines(
        removed=frozenset(n for at, count, _, _ in found for n in range(at, at + count)),
        added=frozenset(n for _, _, at, count in found for n in range(at, at + count)),
    )
