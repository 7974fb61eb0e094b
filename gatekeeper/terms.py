"""What people agreed: clauses, the rules bound to them, and everything those rules are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import NewType

from gatekeeper.errors import Problem
from gatekeeper.finding import Side
from gatekeeper.patterns import Patterns
from gatekeeper.value import dataclass, field

ModuleName = NewType("ModuleName", str)
"""An option of this type names an entry of the binding's `modules:`; the loader checks it."""

Minutes = NewType("Minutes", int)
"""How long a command may take: 1 to 240."""

Glob = NewType("Glob", str)
"""An option of this type is a gitignore pattern; the loader checks that it can match."""


MARKDOWN = ".md"
"""What the path of every stage contract ends in, so that code is never a contract file."""


class Stage(Enum):
    """Whether the stage is still being worked on (its goals may be pending) or done."""

    OPEN = "open"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column of a file, both from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Clause:
    """One bullet of the prose, or its closing line.

    `id` is `<section-slug>-<n>` or `closing`; `section` is the heading as written; `says`
    the text on one line, mis-decoded characters mended, Markdown's marks taken out.
    `context` clauses set the scene (Objective, Inputs): ruled on only if bound.
    """

    id: str
    section: str
    says: str
    place: Place
    end_line: int
    context: bool = False


@dataclass(frozen=True, slots=True)
class Prose:
    """A contract's Markdown, read: its title and its clauses in order."""

    path: str
    title: str
    clauses: tuple[Clause, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Term:
    """A rule bound to a clause, with its options.

    `options` is an instance of the rule's own options class; `given` the same as plain
    data (what the binding says, defaults of `rules:` merged in), for comparing and showing.
    """

    rule: str
    options: object
    given: Mapping[str, object]
    place: Place


@dataclass(frozen=True, slots=True)
class BoundClause:
    """A clause and the terms that prove it; none, when nobody has bound it."""

    clause: Clause
    terms: tuple[Term, ...]
    judged_by_person: bool = False
    place: Place | None = None

    @property
    def is_judged(self) -> bool:
        """Whether it is ruled on: clauses that set the scene are only if somebody bound them."""
        return bool(self.terms) or self.judged_by_person or not self.clause.context


@dataclass(frozen=True, slots=True)
class Waiver:
    """A finding (by fingerprint) or a clause that people let pass, with a reason, for a time."""

    reason: str
    until: date
    place: Place
    finding: str | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """How a reading is measured: `setup` once, then `run`, and the format of what comes out.

    `support` are files that tests share and that the stage replaces: the base's tests run on
    the head's code with the head's. `minutes` bound the setup and each run.
    """

    run: str
    setup: str = ""
    format: str = ""
    cwd: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""
    support: tuple[Glob, ...] = ()
    minutes: Minutes = Minutes(15)


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Where migrations and their ways down stand, the rows to fill in and what must survive."""

    up: str = ""
    down: str = ""
    rows: tuple[Glob, ...] = ()
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DataMigrationPlan:
    """A migration that is code: its commands, and the Durable Object classes it carries."""

    forward: str
    reverse: str = ""
    classes: tuple[str, ...] = ()
    fixtures: tuple[Glob, ...] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """The prose and its binding, read from one place.

    `source` says in words where (`commit 1a2b3c4`); `binding_path` is `gatekeeper.yaml`
    or what `--config` names; `contracts` the patterns of all stage contracts; `places` where
    keys stand in the binding (`scope`, `modules/artifact storage`, `readings/tests`).
    """

    source: str
    prose: Prose
    binding_path: str
    clauses: tuple[BoundClause, ...]
    stage: Stage = Stage.COMPLETE
    contracts: tuple[Glob, ...] = ()
    modules: Mapping[str, tuple[Glob, ...]] = field(default_factory=dict)
    scope: tuple[Glob, ...] = ()
    readings: Mapping[str, ReadingPlan] = field(default_factory=dict)
    migrations: MigrationPlan | None = None
    data_migrations: Mapping[str, DataMigrationPlan] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)

    def module(self, name: str) -> Patterns:
        """The paths that a module of the contract stands for; raises KeyError."""
        return Patterns(tuple(self.modules[name]))

    def is_contract_file(self, path: str) -> bool:
        """Whether `path` is the prose, the binding, or one of the stage contracts.

        Only Markdown can be a stage contract, so that `contracts: ["**"]` does not turn
        code into contract files.
        """
        if path in (self.prose.path, self.binding_path):
            return True
        return path.endswith(MARKDOWN) and Patterns(tuple(self.contracts)).match(path)


class Adoption(Enum):
    """Where the contract that judges came from."""

    AT_BASE = "at base"
    IN_RANGE = "adopted in this range"
    OUTSIDE = "kept outside the repository"
    PREVIEW = "not committed"


class LooseningKind(Enum):
    """What of the contract a loosening touches."""

    CLAUSE = "clause"
    TERM = "term"
    OPTION = "option"
    MODULE = "module"
    SCOPE = "scope"
    STAGE = "stage"
    CONTRACTS = "contracts"
    READING = "reading"
    MIGRATIONS = "migrations"
    PERSON = "judged-by"
    NEXT_STAGE = "next stage"
    WAIVER = "waiver"


@dataclass(frozen=True, slots=True)
class Loosening:
    """One way in which a proposed contract asks for less than the agreed one.

    `what` is a sentence; `place` stands in the agreed contract (`side` BASE) for what is
    gone, in the proposed one (HEAD) for what was added or altered. `symbol` and `quoted`
    identify it without line numbers.
    """

    kind: LooseningKind
    what: str
    side: Side
    place: Place
    before: str | None
    after: str | None
    symbol: str = ""
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Which contract judges, and what the head makes of it.

    `agreed` judges. `proposed` is the contract as the head has it: None where the head has
    none, or where it cannot be read; then `refused` has the problems. `loosened` is what the
    proposed one asks less. `commit` is the commit that adopted the contract, when known;
    `empty` lists the stage contracts at head (paths) that hold no clause, with the reason.
    """

    adoption: Adoption
    agreed: Contract
    proposed: Contract | None = None
    refused: tuple[Problem, ...] = ()
    loosened: tuple[Loosening, ...] = ()
    commit: str | None = None
    empty: tuple[tuple[str, str], ...] = ()
