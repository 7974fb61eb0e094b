"""Tests of what they have replaced: the mock is called, and not the code."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._names import last
from gatekeeper_rules.suite._written import Called, Written


def mocked_subject(followed: Followed, path: str, test: Written) -> Called | None:
    """The call of a replaced function, where the test calls no other code of the repository.

    What is made (`Client()`) is passed over: a test needs the object whose method it tests.
    Only names reached through their module count: `from app import total` binds the function
    itself, which a patch of `app.total` does not replace.
    """
    replaced = set(_replaced(followed, path, test))
    for where, fixture in followed.fixtures_of(path, test):
        replaced.update(_replaced(followed, where, fixture))
    if not replaced:
        return None
    found: Called | None = None
    for call in test.calls:
        meant = followed.leads_to(path, call.name)
        if not meant or last(call.name)[:1].isupper():
            continue
        if not followed.is_production(path, meant):
            continue
        if meant not in replaced or "." not in call.name:
            return None
        found = found or call
    return found


def _replaced(followed: Followed, path: str, function: Written) -> Iterator[str]:
    return (followed.leads_to(path, each) or each for each in function.patched)
