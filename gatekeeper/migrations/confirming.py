"""Two engines on one chain: what both saw, and what only the platform's own saw."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.proven import Failing, Proven
from gatekeeper.value import replace


def confirmed(here: ChainProof, there: ChainProof) -> ChainProof:
    """The proof of the engine in process, held against that of the platform's own engine.

    What the platform's engine sees is a failing, whatever the other says. What only the other
    sees is no failing but stays open: one of the two is wrong about it.
    """
    theirs = {each.migration: each for each in there.proven}
    proven = [
        _agreed(each, theirs[each.migration], there) if each.migration in theirs else each
        for each in here.proven
    ]
    known = {each.migration for each in here.proven}
    proven += [each for each in there.proven if each.migration not in known]
    stopped = tuple(dict.fromkeys((*here.stopped, *there.stopped)))
    return replace(
        here, proven=tuple(proven), stopped=stopped, engines=(*here.engines, *there.engines)
    )


def _agreed(here: Proven, there: Proven, proof: ChainProof) -> Proven:
    engine = ", ".join(proof.engines)
    theirs = {_about(each) for each in there.failings}
    ours = {_about(each) for each in here.failings}
    failings = [each for each in here.failings if _about(each) in theirs]
    failings += [
        replace(each, note=f"seen on {engine} alone")
        for each in there.failings
        if _about(each) not in ours
    ]
    open_ = (*here.open, *there.open, *_differing(here, theirs, engine))
    return replace(here, failings=tuple(failings), open=tuple(dict.fromkeys(open_)))


def _differing(here: Proven, theirs: set[tuple[str, str]], engine: str) -> Iterator[str]:
    for each in here.failings:
        if _about(each) not in theirs:
            yield f"{engine} does not show what the engine in process does: {each.says}"


def _about(failing: Failing) -> tuple[str, str]:
    """What makes two failings the same, in whichever words an engine puts them."""
    refused = failing.trouble.name.endswith(("FAILS", "_LATER", "_EMPTY", "_ROWS", "AGAIN"))
    return failing.trouble.name, "" if refused else failing.subject
