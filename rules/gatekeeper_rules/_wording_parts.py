"""The parts that wordings are put together from, as regular expressions."""

from __future__ import annotations


def gap(most: int) -> str:
    """Up to `most` characters of the same statement: no other sentence, no condition."""
    condition = r"\b(?:when|while|if|because|whenever|so that)\b"
    return rf"(?:(?!{condition})(?:[^.;:()]|\.(?=\w))){{0,{most}}}?"


NOT = (
    r"(?:\b(?:no|not|never|neither|nor|nothing|none|without|cannot|forbidden|prohibited"
    r"|disallowed)\b|n't\b)"
)
CHANGE = (
    r"\b(?:chang|alter|modif|remov|delet|break|broke|regress|touch|edit|rewrit|renam)(?:e|es|ed|en|s"
    r"|ing|y|ify|ified|ions?|ications?|als?)?\b"
)
BREAK = r"\b(?:break|regress|stop working|get worse|degrade)\b"
BREAKS = r"\b(?:breaks|regresses|stops working|gets worse|degrades)\b"
STAYS = r"\b(?:stays?|remains?|must be|must remain|must stay|is|are|(?:is|are|be) (?:left|kept))\b"
SAME = (
    r"\b(?:untouched|unchanged|unmodified|unaltered|as (?:it is|they are|is)|alone|byte-identical"
    r"|frozen|protected|off[- ]limits)\b"
)
# The API as its users see it; a client of somebody else's API is a module of ours.
_MADE_OF = r"(?:apis?|endpoints?|routes?|interfaces?)"
API = (
    r"(?<![/.])(?:"
    r"\b(?:(?:user|client|customer)[- ]facing|public|external|http|rest)\s+"
    rf"(?:[\w-]+\s+)?{_MADE_OF}\b"
    r"|\bapis?\s+(?:endpoints?|contracts?|routes?|changes?|surface)\b|\bendpoints?\b|\broutes?\b"
    r"|(?<!github )(?<!cloudflare )(?<!gitlab )\bapis?\b"
    r"(?!\s+(?:client|keys?|tokens?|gateway|calls?|module|layer|worker|docs|documentation|reference))"
    r")(?![/]|\.\w)"
)
DURABLE_OBJECTS = r"\bdurable[- ]objects?\b"
WORKFLOWS = r"\b(?:cloudflare )?workflows?\b"
ORCHESTRATION = r"\borchestrat(?:ion|es|ed|or)\b"
MIGRATIONS = r"\bmigrations?\b"
REVERSIBLE = (
    r"\bways? (?:back|down)\b|\bdown[- ](?:migration|script)s?\b|\brevert(?:ed|ible)\b|"
    r"\b(?:ir)?reversib(?:le|ly|ility)\b|\bcan(?:not)? be (?:undone|reversed|rolled back)\b"
    r"|\brolled back\b|\bundone\b"
)
IDEMPOTENT = (
    r"\bidempoten\w+|\b(?:re-?run|run|applied|executed)\b.{0,20}\b(?:twice|again|repeatedly)\b"
    r"|\brepeatab(?:le|ly)\b|\bsafe(?:ly)? to (?:re-?run|repeat)\b|\bre-?runnable\b"
)
TESTS = r"\b(?:unit |integration |regression )?tests?(?: suites?| cases?)?\b"
PASSES = r"\b(?:pass|passes|passed|passing|green|succeeds?|successful(?:ly)?)\b"
CLEAN = (
    r"(?:\b(?:pass|passes|passing|green|succeeds?|clean(?:ly)?|zero|no|without|free of|neither)\b)"
)
LINT = (
    r"\b(?:lint|linting|linters?|lints|type[- ]?check(?:s|ing|er|ers)?|static analysis|mypy|ruff"
    r"|eslint|pyright|flake8)\b"
)
BUILD = r"\bbuilds?\b"
# What a list of things is made of; the dots of file names count, the ends of sentences do not.
WHAT = r"(?P<what>(?:[^.;:()]|\.(?=\w))+)"
UPDATED = (
    r"^(?:updated?|changed?|modif(?:y|ied)|extend(?:ed)?|reworked|rewritten|adapt(?:ed)?|revised)\b"
    r"\s*(?::|-(?= ))\s*"
)
# Prose says that data come through a migration; objects in buckets and keys in KV are no rows
# that a migration moves, and what is kept for some days is another matter altogether.
ROWS = (
    r"^(?!.*\b(?:R2|KV|buckets?|blobs?|object storage|caches?|sessions?|days|weeks|months|years)\b)"
)
KEPT = (
    r"\b(?:preserved|intact|kept|retained|unharmed|surviv\w+|carried over|whole|unscathed"
    r"|still there|complete)\b"
)
REMOVED = r"\b(?:remov|delet|eliminat|retir|clean|drop)\w*\b|\bgone\b"
IMPLEMENTED = r"\b(?:implement\w*|cod(?:e|ing)|work|develop\w*|changes?)\b"
EARLIER = r"\b(?:before|prior to|ahead of)\b"
LATER = r"\b(?:after|until|once|unless)\b"
