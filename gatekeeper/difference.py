"""The lines that tell two contents apart, without git: the shortest edit script, bounded."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.change import Lines

FARTHEST = 1000
"""Edits after which the search for the shortest script ends and all that is left counts."""


def split_lines(content: bytes) -> list[bytes]:
    """The lines with their ends, as git has them: only a line feed ends a line."""
    *ended, rest = content.split(b"\n")
    return [line + b"\n" for line in ended] + ([rest] if rest else [])


def difference(before: bytes, after: bytes) -> Lines:
    """Which lines are removed and added, by the shortest script that does it.

    Where more than `FARTHEST` lines would have to be edited between the first and the
    last difference, every line in between counts: still true, no longer the shortest.
    """
    old, new = split_lines(before), split_lines(after)
    start = _common_start(old, new)
    end = _common_start(old[start:][::-1], new[start:][::-1])
    old_middle, new_middle = old[start : len(old) - end], new[start : len(new) - end]
    # A line that the other side does not have is edited in every script.
    known_old, known_new = set(old_middle), set(new_middle)
    old_at = [at for at, line in enumerate(old_middle) if line in known_new]
    new_at = [at for at, line in enumerate(new_middle) if line in known_old]
    kept = _matches([old_middle[at] for at in old_at], [new_middle[at] for at in new_at])
    return Lines(
        removed=_numbers(start, len(old_middle), {old_at[x] for x, _ in kept}),
        added=_numbers(start, len(new_middle), {new_at[y] for _, y in kept}),
    )


def _numbers(start: int, length: int, kept: set[int]) -> frozenset[int]:
    return frozenset(start + at + 1 for at in range(length) if at not in kept)


def _common_start(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (x, y) in pairs if x != y), min(len(old), len(new)))


def _matches(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of positions; empty when it is too far to find.

    The greedy algorithm of E. W. Myers, "An O(ND) Difference Algorithm and Its
    Variations" (1986): `reach[k]` is how far into `old` one gets on diagonal k.
    """
    reach = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), FARTHEST) + 1):
        trail.append(reach.copy())
        for k in range(-edits, edits + 1, 2):
            x = _slide(old, new, _entry(reach, k, edits), k)
            reach[k] = x
            if x >= len(old) and x - k >= len(new):
                return _retrace(trail, x, x - k)
    return []


def _entry(reach: dict[int, int], k: int, edits: int) -> int:
    down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
    return reach[k + 1] if down else reach[k - 1] + 1


def _slide(old: Sequence[bytes], new: Sequence[bytes], x: int, k: int) -> int:
    while x < len(old) and x - k < len(new) and old[x] == new[x - k]:
        x += 1
    return x


def _retrace(trail: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    pairs = []
    for edits in range(len(trail) - 1, -1, -1):
        k = x - y
        entry = _entry(trail[edits], k, edits)
        while x > entry:
            x, y = x - 1, y - 1
            pairs.append((x, y))
        # One edit back, to the diagonal that it came from; at 0 edits this leaves the grid.
        came_down = entry == trail[edits].get(k + 1)
        x, y = (entry, y - 1) if came_down else (entry - 1, y)
    return pairs
