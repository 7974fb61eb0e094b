"""Which commit a name means, where git would take a tag before the branch."""

from __future__ import annotations

import re
from collections.abc import Callable

from gatekeeper.objects import is_id

# A name, and how to go on from it: gitrevisions(7). "@" is part of a name unless "{" follows.
_REVISION = r"((?:[^~^@:]|@(?!\{))*)(.*)"
_SPECIAL = r"refs/.*|@|(?:[A-Z]+_)?HEAD|"
# What has an upstream can only be a branch, and git wants it by its short name.
_UPSTREAM = r"@\{(?:u|upstream|push)\}"

_ABBREVIATION = r"[0-9a-f]{7,63}"


def abbreviation(rev: str) -> str | None:
    """What of `rev` could be the beginning of a commit's id, as people quote it; None if nothing.

    gitrevisions(7) takes a reference before an abbreviated id, so whoever can push a branch
    called `1a2b3c4` could choose the base.
    """
    if _is_plain(rev):
        return None
    match = re.fullmatch(_REVISION, rev, re.DOTALL)
    name = match[1] if match else rev
    return name if re.fullmatch(_ABBREVIATION, name) and not is_id(name) else None


def candidates(rev: str, lookup: Callable[[str], str | None]) -> tuple[str, ...]:
    """What `rev` can mean: the branches of that name in full, or else `rev` itself.

    gitrevisions(7) takes a tag before a branch, so whoever can push a tag `origin/main`
    could choose the base.
    """
    if _is_plain(rev):
        return (rev,)
    match = re.fullmatch(_REVISION, rev, re.DOTALL)
    name, onward = match.groups() if match else (rev, "")
    special = re.fullmatch(_SPECIAL, name, re.DOTALL)
    if is_id(name) or special or re.match(_UPSTREAM, onward, re.IGNORECASE):
        return (rev,)
    branches = (f"refs/heads/{name}", f"refs/remotes/{name}", f"refs/remotes/{name}/HEAD")
    there = (branch for branch in branches if lookup(branch) is not None)
    return tuple(f"{branch}{onward}" for branch in there) or (rev,)


def _is_plain(rev: str) -> bool:
    """Whether this is what a hook asks for, which needs no expression compiled to be told."""
    return rev == "HEAD" or is_id(rev)
