"""What somebody may have meant: the known words nearest to one that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

# Beyond these, comparing costs more than the suggestion is worth.
_LONGEST = 400
_CLOSEST = 8
_SHOWN = 80


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean "…"?`, or what there is to choose from where nothing is near."""
    choices = tuple(known)
    if (found := nearest(word, choices)) is not None:
        return f'Did you mean "{found}"?'
    if 0 < len(choices) <= _CLOSEST:
        return f"There is: {', '.join(choices)}."
    return ""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that reads most like `word`, if any reads like it at all."""
    from difflib import get_close_matches

    found = get_close_matches(word[:_LONGEST], _shortlist(word[:_LONGEST], known), n=1, cutoff=0.6)
    return found[0] if found else None


def shortened(text: str) -> str:
    """`text` on one line, its end left out where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def _shortlist(word: str, known: Iterable[str]) -> list[str]:
    """The few that are worth comparing letter by letter, by the pairs of letters they share."""
    wanted = _pairs(word)
    scored = [(_likeness(wanted, _pairs(each)), each) for each in known if len(each) <= _LONGEST]
    scored.sort(key=lambda pair: -pair[0])
    return [each for _, each in scored[:_CLOSEST]]


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


@lru_cache(maxsize=8192)
def _pairs(word: str) -> frozenset[str]:
    lower = word.lower()
    return frozenset(lower[i : i + 2] for i in range(len(lower) - 1))
