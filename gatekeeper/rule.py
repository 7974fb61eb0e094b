"""What a rule is, what it is shown, and what it may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from gatekeeper.change import Change
from gatekeeper.errors import Unmeasured
from gatekeeper.finding import Finding
from gatekeeper.patterns import Patterns
from gatekeeper.terms import Contract, Standing
from gatekeeper.value import dataclass, field
from gatekeeper.watch import Watch

O = TypeVar("O")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Examined:
    """How many of what were looked at; a rule that examined nothing has proven nothing."""

    what: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class NoSubject:
    """There is, shown by looking, nothing that the rule could find fault with."""

    says: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the ruling should know; changes no verdict."""

    says: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that could not be looked at; what depends on it is unproven.

    `reason` completes the sentence "PATH:LINE: …"; `path` is empty where the doubt is
    about no file.
    """

    reason: str
    path: str = ""
    line: int | None = None

    def __str__(self) -> str:
        if not self.path:
            return self.reason
        at = f"{self.path}:{self.line}" if self.line else self.path
        return f"{at}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Deferred:
    """Something that a local preview has not looked at, for CI will.

    `reason` is a whole sentence. Outside of a preview it is a doubt: CI leaves nothing to others.
    """

    reason: str


Observation = Finding | Examined | NoSubject | Note | Doubt | Deferred


class Which(Enum):
    """Of which code a reading is taken."""

    BASE = "the base"
    HEAD = "the head"
    CROSSED = "the base's tests on the head's code"


class Need(NamedTuple):
    """A reading that a rule must have: its name under `readings:`, and of which code."""

    name: str
    which: Which


@dataclass(frozen=True, slots=True)
class Measured:
    """A reading that was taken: the value, on which tree, and how (for people to read).

    One that is `given` was handed in: nobody here has seen it taken.
    """

    value: object
    tree: str
    how: str = ""
    given: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A reading that could not be taken, and why (completes "the reading tests is missing: …")."""

    why: str


Reading = Measured | Missing


@dataclass(frozen=True, eq=False)
class Case(Generic[O]):
    """All that a rule may look at.

    For a goal, `change.base` is where the stage began (before the commit that brought the
    contract to the branch); for a prohibition it is the base of the change. `contract` is
    the contract that this term comes from. `focus` is None for a judgement; for a local
    preview it holds the paths that are staged, and what other files make of them need not be
    looked at, for CI will.
    """

    change: Change
    options: O
    contract: Contract
    standing: Standing
    readings: Mapping[Need, Reading] = field(default_factory=dict)
    focus: frozenset[str] | None = None

    def measured(self, name: str, which: Which, kind: type[T]) -> T:
        """The value of a reading; raises `Unmeasured` where it is missing or of another kind."""
        reading = self.readings.get(Need(name, which), Missing("nobody asked for it"))
        if isinstance(reading, Missing):
            raise Unmeasured(f"the reading {name} of {which.value} is missing: {reading.why}")
        if not isinstance(reading.value, kind):
            raise Unmeasured(f"the reading {name} holds no {kind.__name__}; see its `format`")
        return reading.value

    def modules(self, names: Iterable[str]) -> tuple[tuple[str, Patterns], ...]:
        """The named modules of the contract with the paths they stand for."""
        return tuple((name, self.contract.module(name)) for name in names)


Check = Callable[[Case[O]], Iterable[Observation]]


class Stricter(Enum):
    """Which way an option may move without loosening the rule.

    Said of an option with `option(…, stricter=…)`; any change of an option that says
    nothing counts as loosening.
    """

    MORE = "more entries"
    FEWER = "fewer entries"
    HIGHER = "a higher number"
    FALSE = "false"
    TRUE = "true"


def option(default: Any, *, stricter: Stricter | None = None, says: str = "") -> Any:
    """A field of an options class: its default, the strict direction, and a line of help."""
    return field(default=default, metadata={"stricter": stricter, "says": says})


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a rule that has none."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What `init` knows of the repository when it drafts.

    `module` gives the name under `modules:` for what the prose calls so ("validation" and
    "validation pipeline" are one); `find` the gitignore patterns of the code that looks like
    a phrase, `tests` those of its tests, none where nothing does. `linters` are the readings
    proposed that are linters.
    """

    paths: tuple[str, ...]
    module: Callable[[str], str]
    find: Callable[[str], tuple[str, ...]]
    tests: Callable[[str], tuple[str, ...]]
    linters: tuple[str, ...] = ()


Proposal = Callable[[re.Match[str], Surroundings], Mapping[str, object] | None]


@dataclass(frozen=True, slots=True)
class Wording:
    """A way people put what a rule proves, by which `init` binds a clause to it.

    `pattern` is a regular expression searched without regard to case in the clause's text,
    quotes and dashes made ASCII. `sections` are slugs whose words must all be in the
    section's (any section, when empty); only wordings that name its section count in a
    section that sets the scene or says what is out of scope. `propose` gives the options to
    write down, or None where, on a second look, the clause does not say it.
    """

    pattern: str
    sections: tuple[str, ...] = ()
    propose: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Rule(Generic[O]):
    """One kind of fault gatekeeper can look for; `name` states the fault.

    `check` is None for a rule that is planned and not in this version. A `goal` is judged
    from where the stage began, and may be pending while the stage is open. `needs` names,
    for given options, what is measured before it is asked. `concerns` is a cheap and sound
    test, asked only of a staged change: whether the changed files could make the rule say
    anything that it does not say of the base. `watch` says as plain data when an edited file
    could concern the rule, whatever it is edited to; None where nothing so simple is true.
    """

    name: str
    summary: str
    options: type[O]
    check: Check[O] | None
    goal: bool = False
    runs: bool = False
    needs: Callable[[O], Iterable[Need]] | None = None
    wordings: Sequence[Wording] = ()
    concerns: Callable[[Case[O]], bool] | None = None
    watch: Callable[[Case[O]], Watch | None] | None = None
