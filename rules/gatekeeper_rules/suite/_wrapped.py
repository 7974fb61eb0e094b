"""Tests in which something of their own stands around, or for, what they test."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper_rules.suite._followed import Followed
from gatekeeper_rules.suite._written import Called, Fault, Written

Now = tuple[str, Written]
Was = tuple[str, Written | None]


def muted(head: Followed, now: Now, base: Followed, was: Was) -> Iterator[Fault]:
    """New decorators and context managers out of which no failure of the test comes."""
    path, test = now
    for called in (*(Called(each, test.line) for each in test.decorators), *test.around):
        if called.name and head.muting(path, test, called.name) and not _did(base, was, called):
            why = "keeps to itself what fails inside of it"
            fix = "Let the failure out, or assert outside of it."
            yield Fault(why, fix, called.line, 1, called.name)


def _did(base: Followed, was: Was, called: Called) -> bool:
    path, test = was
    if test is None or called.name not in (*test.decorators, *(each.name for each in test.around)):
        return False
    return base.muting(path, test, called.name)


def own_subject(head: Followed, now: Now, base: Followed, was: Was) -> Iterator[Fault]:
    """Names that a test called production code by, and that stand for its own code now."""
    (path, test), (before, former) = now, was
    if former is None:
        return
    called = {each.name for each in former.calls} & {each.name for each in test.calls}
    for name in sorted(called):
        root = name.partition(".")[0]
        made = _made(head, path, test, root)
        if not made or made == _made(base, before, former, root):
            continue
        if base.leads_into_production(before, name):
            meant = base.leads_to(before, name)
            why = f"is made by the tests themselves, and at the base stood for {meant}"
            line = next(each.line for each in test.calls if each.name == name)
            yield Fault(why, "Test the code itself.", line, 1, name)


def _made(followed: Followed, path: str, function: Written, name: str) -> tuple[str, ...]:
    """Texts of how the function, or its module, makes what a name stands for; none if neither."""
    file = followed.file(path)
    if file is None or name in function.parameters:
        return ()
    if name in function.binds:
        return tuple(text for each, text in function.rebound if each == name) or (path,)
    defined = file.named(name)
    texts = (file.bound.get(name), defined.code if defined is not None else None)
    return tuple(text for text in texts if text is not None)
