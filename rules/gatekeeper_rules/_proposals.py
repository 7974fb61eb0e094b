"""The options that `init` proposes for a clause: read from its words, or guessed from the files.

Each takes the match of a wording and the surroundings; None takes the match back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatekeeper import Surroundings
from gatekeeper_rules._denials import denied, narrowed, opposed
from gatekeeper_rules._phrases import (
    exists,
    identifiers,
    listing,
    paths_in,
    percentages,
    snake,
    test_folders,
)
from gatekeeper_rules._wording_parts import KEPT, REVERSIBLE

Match = re.Match[str]
Options = Mapping[str, object] | None

_API = r"\b(?:apis?|endpoints?|routes?|interfaces?)\b"
# A module's name ends in what it is; other nouns ("behaviour", "the schema") have no paths.
_MODULE = (
    r"\b(?:storage|stores?|pipelines?|integrations?|modules?|services?|packages?|layers?|workers?"
    r"|clients?|adapters?|components?|librar(?:y|ies)|logic|code|subsystems?|engines?|handlers?"
    r"|controllers?|routers?|gateways?|queues?|caches?|configurations?|workflows?|orchestration)$"
)
_NO_MODULE = (
    r"\b(?:behaviou?rs?|features?|functionality|semantics|performance|users?|experience|tests?"
    r"|coverage|thresholds?|results?|anything|everything|nothing|schemas?|formats?|data|contracts?)\b"
)
_GONE = r"\b(?:gone|removed|replaced|retired|deleted)\b"
_DENIED = r"\b(?:no|not|never|nothing|none)\b"
_NO_OUTPUT = (
    r"[{}]|^\W*(?:no|none|nothing|not|everything|anything)\b"
    r"|\b(?:everything|anything) but\b|\b(?:not|never) (?:exist|be|chang\w*)\b"
    r"|\b(?:mov(?:e|ed|ing)|renam(?:e|ed|ing)|delet\w*|remov\w*|compar\w*)\b"
)
_OF_FILES = (
    r"delet\w*|remov\w*|gone|is|are|has|have|been|be|must|and|or|the|all|of|in|whole|entire|both"
    r"|files?|folders?|director(?:y|ies)|modules?|packages?|legacy|old|obsolete|unused"
)
_MOST_WORDS = 4
PLACEHOLDER = "TODO"


def protected(match: Match, near: Surroundings) -> Options:
    """The modules of a list; the API in it is another rule's, and prose is nobody's."""
    things = [thing for thing in listing(match["what"]) if not re.search(_API, thing, re.I)]
    if narrowed(match) or not things or any(_is_prose(thing) for thing in things):
        return None
    if not any(_is_module(thing, near) for thing in things):
        return None
    return {"modules": tuple(dict.fromkeys(near.module(thing) for thing in things))}


def _is_prose(thing: str) -> bool:
    return len(thing.split()) > _MOST_WORDS or bool(re.search(_NO_MODULE, thing, re.I))


def _is_module(thing: str, near: Surroundings) -> bool:
    called_so = " " in thing and re.search(_MODULE, thing, re.I)
    return bool(called_so or paths_in(thing, near.paths) or near.find(thing))


def artifacts(match: Match, near: Surroundings) -> Options:
    """The module that keeps the artifacts."""
    word = re.search(r"art[ei]fact", match[0], re.I)
    return {"modules": (near.module(f"{word[0].lower()} storage"),)} if word else None


def durable_objects(match: Match, _near: Surroundings) -> Options:
    """Tests are looked at as well where the clause says so."""
    if opposed(match, _GONE):
        return None
    return {"include": ("tests",)} if re.search(r"\btests\b", match.string, re.I) else {}


def orchestration(_match: Match, near: Surroundings) -> Options:
    """The module that orchestrates workflows."""
    return {"modules": (near.module("workflow orchestration"),)}


def dependents(match: Match, near: Surroundings) -> Options:
    """The modules that others refer to."""
    things = listing(match["what"])
    if any(_is_prose(thing) for thing in things):
        return None
    return {"modules": tuple(dict.fromkeys(map(near.module, things)))} if things else None


def scope(match: Match, near: Surroundings) -> Options:
    """The paths that the clause lets change; the binding's own scope where it names none."""
    paths = paths_in(match.string, near.paths)
    return {"scope": paths} if paths else {}


def scope_named(match: Match, near: Surroundings) -> Options:
    """The same, for a clause that means nothing without its paths."""
    return scope(match, near) or None


def inputs(match: Match, near: Surroundings) -> Options:
    """The files that the clause names."""
    if re.search(_DENIED, match.string, re.I):
        return None
    paths = paths_in(match.string, near.paths)
    return {"paths": paths} if paths else None


def outputs(match: Match, near: Surroundings) -> Options:
    """What a label (New, Updated, Deleted) promises: the paths named, or a guess at them."""
    label, said = match["label"].lower(), match.string[match.end() :]
    if re.search(_NO_OUTPUT, said, re.I):
        return None
    if re.match(r"delet|remov", label):
        return _gone(said, near)
    named = paths_in(said, near.paths)
    if named:
        return _by_existence(label, named, near)
    return {_key(label): _guess(said, near)}


def unlabelled(match: Match, near: Surroundings) -> Options:
    """Paths in a section of outputs: new where there is no such file yet, updated otherwise."""
    if re.search(_NO_OUTPUT, match.string, re.I) or re.search(_DENIED, match.string, re.I):
        return None
    named = paths_in(match.string, near.paths)
    return _by_existence("new/updated", named, near) if named else None


def _key(label: str) -> str:
    return "new" if re.match(r"new|add|creat", label) else "updated"


def _by_existence(label: str, named: Sequence[str], near: Surroundings) -> Options:
    there = tuple(path for path in named if exists(path, near.paths))
    absent = tuple(path for path in named if path not in there)
    if re.fullmatch(r"(?:new|add\w*|creat\w*)", label) and not there:
        return {"new": absent}
    if _key(label) == "updated":
        return {"updated": tuple(named)}
    return {key: paths for key, paths in (("new", absent), ("updated", there)) if paths}


def _guess(said: str, near: Surroundings) -> tuple[str, ...]:
    subject = re.split(r"\b(?:for|to|uses?|using|that|covering|runs?|talks?|covers?)\b", said)[0]
    if re.search(r"\b(?:migrations?|(?:D1|SQL|database) schema)\b", subject, re.I):
        return ("migrations/*.sql",)
    if re.search(r"\btests?\b", subject, re.I):
        return test_folders(near.paths)
    if re.search(r"\bdocument(?:ation|s)?\b", subject, re.I):
        return ("docs/**",)
    return near.find(subject) or near.find(said) or (f"{PLACEHOLDER}/name-the-file",)


def deleted(match: Match, near: Surroundings) -> Options:
    """The paths that must be gone."""
    return _gone(match.string, near)


def _gone(said: str, near: Surroundings) -> Options:
    """The paths of a text that is about nothing else: a part removed from a file is no file."""
    said = re.sub(r"\([^)]*\)", " ", said)
    named = paths_in(said, near.paths)
    words = re.findall(r"(?<![\w./*-])[A-Za-z']+(?![\w/*-]|\.\w)", said)
    only = all(re.fullmatch(_OF_FILES, word, re.I) for word in words)
    return {"deleted": named} if named and only else None


def legacy_folders(match: Match, near: Surroundings) -> Options:
    """Files named as legacy code is: what the clause calls it, or the folders of the name."""
    if opposed(match, _GONE) or re.search(_LEGACY_THINGS, match.string, re.I):
        return None
    named = paths_in(match.string, near.paths)
    words = re.findall(r"legacy|experiment|deprecated|obsolete", match.string, re.I)
    kinds = dict.fromkeys(re.sub("t$", "tal", word.lower()) for word in words)
    guessed = tuple(pattern for kind in kinds for pattern in (f"**/{kind}/**", f"**/{kind}_*"))
    return {"paths": named or guessed} if named or guessed else None


def legacy_names(match: Match, near: Surroundings) -> Options:
    """What nothing may refer to any more: paths, modules or names, as it is written."""
    things = listing(match["what"])
    if paths := paths_in(match["what"], near.paths):
        alone = sum(bool(paths_in(thing, near.paths)) for thing in things)
        return {"paths": paths} if len(paths) == len(things) == alone else None
    if re.search(
        r"\bin (?:the )?(?:\w+ )?(?:docs?|documentation|readme|comments?)\b", match.string, re.I
    ):
        return None
    names = identifiers(things)
    if names is None:
        return None
    modules = tuple(name for name in names if "." in name or "import" in match[0].lower())
    plain = tuple(name for name in names if name not in modules)
    return {key: got for key, got in (("names", plain), ("imports", modules)) if got}


_LEGACY_THINGS = (
    r"\b(?:legacy|experimental|deprecated|obsolete) (?:flags?|features?|apis?|endpoints?|routes?"
    r"|tables?|data|users?|settings?|names?|docs?|documentation)\b"
    r"|\bfrom the (?:docs?|documentation|readme|website)\b"
)


def tables(match: Match, _near: Surroundings) -> Options:
    """The tables that a list promises."""
    names = tuple(
        snake(thing) for thing in listing(match["what"]) if len(thing.split()) < _MOST_WORDS
    )
    return {"tables": names} if names and all(names) else None


def coverage(match: Match, _near: Surroundings) -> Options:
    """The floors of line and branch coverage; None for what the whole suite cannot show."""
    if re.search(_OTHER_COVERAGE, match.string, re.I):
        return None
    floors: dict[str, object] = {}
    for words, number in percentages(match.string):
        key = "branches" if re.search(r"\bbranch", words, re.I) else "minimum"
        if key in floors or number > _ALL:
            return None
        floors[key] = number
    return floors


_ALL = 100
_OTHER_COVERAGE = (
    r"\bof (?:the |all )?(?:requirements?|stor(?:y|ies)|endpoints?|docs?|documentation)\b"
    r"|\bmore than\b|\b(?:may|can|might|could) (?:drop|fall|decrease|be lower)|\bsampl\w+|<"
    r"|\b(?:not|never|no) (?:a |the |our |to )?(?:goal|target|aim|concern|chase|reach\w*"
    r"|strive|demand\w*)"
    r"|\b(?:mutation|documentation|docstring|doc|type|api|path|function|condition|requirements?|diff"
    r"|patch)[ -]coverage"
    r"|\b(?:new|changed|modified|touched|critical)\s+(?:code|lines?|files?|paths?)"
    r"|\b(?:per|each|every)[ -](?:file|module|package)|\buncovered\b|\b(?:at most|no more than"
    r"|less than|maximum|up to)\b|\w/\w+|\w\.(?:py|ts|js)\b"
)


def critical(match: Match, near: Surroundings) -> Options:
    """The paths named, each with the tests and the code that look like it."""
    things = listing(match["what"], cut=False)
    paths = {thing: {"tests": near.tests(thing), "exercises": near.find(thing)} for thing in things}
    return {"paths": paths} if paths else None


def linters(match: Match, near: Surroundings) -> Options:
    """The linters that the clause names; where it names none, those among the readings."""
    named = re.findall(r"\b(?:ruff|mypy|eslint|pyright|flake8|tsc)\b", match.string.lower())
    if named:
        return {"readings": tuple(dict.fromkeys(named))}
    return {"readings": near.linters} if near.linters else {}


def reversible(match: Match, _near: Surroundings) -> Options:
    """Nothing to say; the match is taken back where migrations are said to have no way back."""
    one_way = re.search(r"\birreversibl|\bcannot be ", match.string, re.I)
    return None if denied(match, REVERSIBLE) == (not one_way) else {}


def kept(match: Match, _near: Surroundings) -> Options:
    """Nothing to say; the match is taken back where data are said not to be kept."""
    return None if denied(match, KEPT) else {}


def readable(match: Match, _near: Surroundings) -> Options:
    """Nothing to say; the match is taken back where data are said not to be read."""
    return None if denied(match, r"\b(?:via|through|from|in|by|over)\b") else {}


def rollback_plan(match: Match, near: Surroundings) -> Options:
    """A rollback plan is accepted where the clause says so."""
    if reversible(match, near) is None:
        return None
    plan = (
        r"\bor\b.{0,60}\b(?:roll-?back|back-?out|recovery) (?:plan|procedure)"
        r"|\bor\b.{0,40}\bplan\b.{0,20}\b(?:roll|revert|undo)"
    )
    return {"plan": "accepted"} if re.search(plan, match.string, re.I) else {}


def repeated_raw(match: Match, _near: Surroundings) -> Options:
    """Data migrations are repeated by hand; those of the schema by their runner."""
    return {"repeat": "raw"} if re.search(r"\bdata migrations?\b", match.string, re.I) else {}


def no_additions(_match: Match, _near: Surroundings) -> Options:
    """Nothing may be added to the API either."""
    return {"additions": "forbidden"}
