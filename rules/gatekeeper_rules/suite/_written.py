"""What is written down in a file of tests: its functions, what they expect, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

from gatekeeper.value import dataclass


class Strength(IntEnum):
    """How much an expectation leaves open; a smaller number leaves more."""

    THERE = 1  # `x is not None`
    PARTIAL = 2  # `x`, `a in x`, `x >= a`, `isinstance(x, a)`
    CLOSE = 3  # `x == approx(a)`, `not x`, an exception without its message
    EXACT = 4  # `x == a`, `x is a`, an exception with its message


class Expectation(NamedTuple):
    """One thing that a test expects.

    `says` is the same text for the same expectation, whichever framework it is put in;
    `subject` is the text of what is looked at. `line` counts from 1. `by` is the callee that is
    taken at its word for it, empty where the test expects it itself. `guarded` says that it
    stands under a condition.
    """

    says: str
    subject: str
    strength: Strength
    line: int
    by: str = ""
    guarded: bool = False


class Fault(NamedTuple):
    """Something in a test that makes it expect nothing, at a place; `why` ends a sentence."""

    why: str
    fix: str
    line: int
    column: int
    quoted: str


class Called(NamedTuple):
    """A call whose callee has a dotted name (`self.check`, `app.total`), and where.

    `raising` says that it stands where an exception is expected, `used` that something is
    done with its answer, `started` that a coroutine or a generator would be run.
    """

    name: str
    line: int
    raising: bool = False
    used: bool = True
    started: bool = True


class Written(NamedTuple):
    """A function of a file; `name` is dotted (`TestSums.test_add`), `owner` its class or empty.

    `code` is the text of its body without docstring and comments; `uses` are the names that
    the body reads, parameters among them. `patched` are the dotted names that it replaces,
    as written. `repeats` counts its loops and parametrisations, `rows` are the texts of its
    cases. `idle` says with what it is never run, `exits` with what it may end too early.
    `around` are the context managers around what it expects, `binds` the names that it binds,
    `rebound` those of them that its file imports, with how they are bound. `lazy` says that to
    call it does not run it, `mutes` that what it is put around is not heard of when it fails,
    `autouse` that it is a fixture for every test.
    """

    name: str
    owner: str
    line: int
    is_test: bool
    is_fixture: bool
    code: str
    expectations: tuple[Expectation, ...]
    faults: tuple[Fault, ...]
    calls: tuple[Called, ...]
    parameters: tuple[str, ...]
    decorators: tuple[str, ...]
    uses: frozenset[str]
    patched: tuple[str, ...]
    repeats: int
    rows: tuple[str, ...]
    idle: tuple[Fault, ...]
    exits: tuple[Fault, ...]
    around: tuple[Called, ...]
    binds: frozenset[str]
    rebound: tuple[tuple[str, str], ...]
    lazy: bool
    mutes: bool
    autouse: bool

    @property
    def short(self) -> str:
        """The name without its class."""
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file of test code; `imports` gives what each name stands for, dots in front kept.

    `bound` gives the text of what a name of the module is assigned; `bases` the names of the
    classes that each class extends. `replaced` are the attributes of what it imports that it
    gives another value while it is imported itself, and where.
    """

    functions: tuple[Written, ...]
    imports: Mapping[str, str]
    bound: Mapping[str, str]
    bases: Mapping[str, tuple[str, ...]]
    faults: tuple[Fault, ...]
    replaced: tuple[Called, ...]

    def raising(self, owner: str) -> frozenset[str]:
        """What the tests of a class (or of no class) expect to raise, and never to answer.

        To call such a function and expect nothing is to expect that it does not raise.
        """
        mates = (each for each in self.functions if each.owner == owner)
        calls = [call for each in mates for call in each.calls]
        answering = {each.name for each in calls if each.used}
        return frozenset(each.name for each in calls if each.raising) - answering - {""}

    def named(self, name: str) -> Written | None:
        """The function with a dotted name; the last one, where there are two."""
        return next((each for each in reversed(self.functions) if each.name == name), None)
