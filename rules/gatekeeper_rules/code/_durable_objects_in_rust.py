"""Durable Objects in Rust: what the crate `worker` calls them, in code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from gatekeeper import Doubt, Examined, Finding, Observation, Sieve, Snapshot, Unreadable
from gatekeeper.source.rust import RUST, Token
from gatekeeper_rules.code._durable_elsewhere import RUST as RUST_SUFFIX
from gatekeeper_rules.code._durable_elsewhere import RUST_CALLS, may_say
from gatekeeper_rules.code._durable_spots import Spot, found_at
from gatekeeper_rules.code._durable_uses import FIX

# `worker` 0.8: the attribute and the method `durable_object`, the module `durable`; with
# `worker-sys`, all that begins with `DurableObject`.
_MACRO = "durable_object"
_FAMILY = "DurableObject"
_ANYWHERE = frozenset({"ObjectNamespace"})
_CRATE = "worker"
_NOTHING = Token("", 0, 0)
_BEFORE_MACRO = frozenset("[.:{,")
"""It is an attribute, a method, or taken from the crate."""

_TOLD = "`{}` is what the crate `worker` calls a Durable Object, or something of one."
_DEFINES = frozenset({"enum", "fn", "let", "mod", "static", "struct", "trait", "type"})
_FILES = Sieve("rust", 1, lambda path, entry: entry.is_file and path.lower().endswith(RUST_SUFFIX))


def observations(snapshot: Snapshot) -> Iterable[Observation]:
    """A finding for each place, a doubt for each file that says one and is not read to its end."""
    paths = snapshot.passing(_FILES)
    for path in paths:
        content = snapshot.read(path)
        if may_say(path, content):
            yield from _in_file(snapshot, path, content)
    if paths:
        yield Examined("Rust files", len(paths))


def _in_file(snapshot: Snapshot, path: str, content: bytes) -> Iterator[Finding | Doubt]:
    try:
        facts = snapshot.facts(RUST, path)
    except Unreadable as unreadable:
        yield Doubt(f"cannot be read: {unreadable.reason}", path, unreadable.line)
        return
    if facts.lost is not None:
        yield Doubt("from here on it is all comment or string", path, facts.lost)
    lines = content.decode("utf-8-sig").split("\n")
    found = set[tuple[int, str]]()
    for token in _told(facts.tokens):
        if (token.line, token.text) not in found:
            found.add((token.line, token.text))
            spot = Spot(token.line, token.column, token.text, token.text)
            yield found_at(path, lines, spot, _TOLD.format(token.text), FIX)


def _told(tokens: tuple[Token, ...]) -> Iterator[Token]:
    own = {then.text for token, then in pairwise(tokens) if token.text in _DEFINES}
    is_worker = any(token.text == _CRATE for token in tokens)
    around = (_NOTHING, *tokens, _NOTHING)
    for before, token, then in zip(around, tokens, around[2:], strict=False):
        if token.text not in own and _is_told(before.text, token.text, then.text, is_worker):
            yield token


def _is_told(before: str, name: str, then: str, is_worker: bool) -> bool:
    if name == _MACRO:
        return before in _BEFORE_MACRO
    called = name in RUST_CALLS and is_worker and (before, then) == (".", "(")
    return called or name.startswith(_FAMILY) or name in _ANYWHERE
