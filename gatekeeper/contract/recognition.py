"""Which rules prove a clause, by the wordings that the rules recognise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gatekeeper.contract.folding import straighten
from gatekeeper.contract.prose import slug_of
from gatekeeper.rule import Rule, Surroundings, Wording
from gatekeeper.terms import Clause
from gatekeeper.value import dataclass

# A longer clause says more than a wording can understand.
_LONGEST = 600
# What takes a demand back, in part or in whole: the rules know no such exceptions.
_HEDGE = re.compile(
    r"\b(?:need not|needn't|not (?:required|necessary|mandatory|needed)|no need"
    r"|do(?:es)? not have to|optional(?:ly)?|nice to have|ideally|preferably|as far as"
    r"|try to|aim to|should consider"
    r"|(?:where|if|when|wherever|whenever) (?:possible|feasible|practical|needed|necessary)"
    r"|except(?:ions?|ing|ed)?|unless|other than|apart from|excluding|not counting"
    r"|may be (?:skipped|relaxed|ignored|omitted|dropped)"
    r"|tbd|to be (?:decided|defined|determined|agreed|confirmed|discussed)"
    r"|see (?:the )?(?:wiki|appendix)|later stages?|next stage|in stage \d+|postponed|waived"
    r"|supposedly|allegedly"
    r"|save for|besides|but (?:see|not)"
    r"|not (?:all|every|each|only|true|tested|committed|be committed)"
    r"|without (?:[\w-]+ )?(?:approvals?|permission|consent|sign-?off|agreement|reason"
    r"|discussion|tests)|manual(?:ly)|by hand|fewer than|in (?:under|less than)"
    r"|within (?:\d+|\w+ (?:seconds?|minutes?|hours?|days?))|up to \d+"
    r"|on (?:windows|macos|linux|ios|android|chrome|firefox|safari)"
    r"|(?:has|have) (?:\w+ )?(?:errors|warnings|failures))\b",
    re.IGNORECASE,
)
_OUT_OF_SCOPE = ({"out", "of", "scope"}, {"non", "goals"})


@dataclass(frozen=True, slots=True)
class Bond:
    """A rule found for a clause, the options proposed, and what of the text it answers."""

    rule: str
    options: Mapping[str, object]
    answers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A clause with the rules found for it; `why` says why there are none."""

    clause: Clause
    bonds: tuple[Bond, ...]
    why: str = ""

    @property
    def silent(self) -> tuple[str, ...]:
        """The sentences of the clause that none of the rules answers."""
        text = straighten(self.clause.says)
        spans = [bond.answers for bond in self.bonds]
        return tuple(
            text[start:end]
            for start, end in _sentences(text)
            if not any(first < end and last > start for first, last in spans)
        )


def recognise(clause: Clause, rules: Mapping[str, Rule[Any]], near: Surroundings) -> Recognised:
    """The rules of which a wording is found in the clause, each with its options.

    A demand with an exception, or one that is half taken back, is left to a person: a rule
    that judged it would judge something that nobody agreed on.
    """
    text = straighten(clause.says)
    if len(text) > _LONGEST:
        return Recognised(clause, (), "it is too long to be recognised; split it")
    if hedge := _HEDGE.search(text):
        return Recognised(clause, (), f'"{hedge[0]}": an exception is left to a person')
    bonds = tuple(
        bond for name, rule in rules.items() for bond in _first(name, rule, clause, text, near)
    )
    return Recognised(clause, bonds, "" if bonds else "no rule recognises it")


def _first(
    name: str, rule: Rule[Any], clause: Clause, text: str, near: Surroundings
) -> Iterator[Bond]:
    for wording in rule.wordings:
        if not _counts(wording, clause):
            continue
        match = re.search(wording.pattern, text, re.IGNORECASE)
        if match is None:
            continue
        options = wording.propose(match, near) if wording.propose else {}
        if options is not None:
            yield Bond(name, options, _answered(match, text))
            return


def _counts(wording: Wording, clause: Clause) -> bool:
    words = set(slug_of(clause.section).split("-"))
    if not wording.sections:
        return not clause.context and not any(out <= words for out in _OUT_OF_SCOPE)
    return all(set(slug_of(section).split("-")) <= words for section in wording.sections)


def _answered(match: re.Match[str], text: str) -> tuple[int, int]:
    """What a match is about; one at no place (a section's whole) is about all of the text."""
    return match.span() if match.end() > match.start() else (0, len(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in re.finditer(r"[.!?](?=\s+[A-Z])|$", text):
        if text[start : end.end()].strip():
            yield start + len(text[start:]) - len(text[start:].lstrip()), end.end()
        start = end.end()
