"""What the words around a match say against it: a clause that denies or narrows is nobody's.

A rule that is bound to such a clause would judge something that nobody agreed on, so each of
these takes the match back, and the clause is left to a person.
"""

from __future__ import annotations

import re

Match = re.Match[str]

_BEFORE = r"\b(?:no|not|never|nor|none|cannot|without|nothing|hardly|rarely)\b|n't\b"
_AFTER = r"\b(?:forbidden|prohibited|disallowed|not (?:allowed|permitted|accept\w*))\b"
_STATEMENT = re.compile(r"[.;:,](?=\s)")

# "No changes to A are allowed" forbids; "... are reviewed by Bob" does not.
_VERB = re.compile(
    r"\b(?:are|is|will|would|may|must|can|shall|should|has|have)\b"
    r"(?!(?: be| been)? (?:made|allowed|permitted|tolerated|accept\w*|introduced|expected)\b)",
    re.IGNORECASE,
)
_ONLY_SOME = re.compile(
    r"\b(?:that|which|who|whose|through|before|after|until|without|beyond|besides|only"
    r"|in production|in staging|on \w+days?"
    r"|in (?:its |their )?(?:behaviou?r|meaning|spirit|semantics|principle)"
    r"|from [\w' ]+(?:view|perspective|outside)|save|as always|as usual)\b",
    re.IGNORECASE,
)
_TAKEN_BACK = re.compile(r"\bnot (?:true|the case)\b|\bno longer (?:true|holds)\b", re.IGNORECASE)
_ALLOWED_CHANGE = re.compile(r"\s*,?\s*but\b.*\b(?:chang|rewrit|rework|modif|replac)\w*", re.I)


def narrowed(match: Match) -> bool:
    """Whether the list of things, or what follows it, says when, where or of what kind."""
    what = match["what"]
    rest = re.split(r"[.;]\s|[.;]$", match.string[match.end("what") :], maxsplit=1)[0]
    said = what + re.sub(r"\([^)]*\)", "", rest)
    prohibits = match.string[: match.start("what")].strip() != ""
    return bool(
        _ONLY_SOME.search(said)
        or (prohibits and _VERB.search(what))
        or _TAKEN_BACK.search(match.string)
        or _ALLOWED_CHANGE.search(rest)
    )


def denials(match: Match, at: int) -> int:
    """How many words of the statement turn what stands at `at` into its opposite."""
    before = _STATEMENT.split(match.string[:at])[-1]
    after = _STATEMENT.split(match.string[at:])[0]
    said = re.findall(_BEFORE, before, re.IGNORECASE) + re.findall(_AFTER, after, re.IGNORECASE)
    return len(said)


def denied(match: Match, words: str) -> bool:
    """Whether the last of `words` in the match is said not to be so."""
    every = re.finditer(words, match.string, re.IGNORECASE)
    starts = [each.start() for each in every if match.start() <= each.start() < match.end()]
    return bool(starts) and denials(match, starts[-1]) % 2 == 1


def opposed(match: Match, words: str) -> bool:
    """Whether the clause forbids, anywhere in it, what `words` say is done."""
    every = re.finditer(words, match.string, re.IGNORECASE)
    return any(denials(match, each.start()) % 2 == 1 for each in every)
