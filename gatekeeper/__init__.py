"""gatekeeper makes a stage contract executable; this is the vocabulary rules are written in."""

from gatekeeper.cache import Extractor
from gatekeeper.change import Change, Commit, FileChange, History, Lines
from gatekeeper.errors import Unreadable
from gatekeeper.finding import (
    Absence,
    Commits,
    Difference,
    Evidence,
    Excerpt,
    Finding,
    Objects,
    Side,
    Trail,
)
from gatekeeper.patterns import Patterns
from gatekeeper.rule import (
    Case,
    Doubt,
    Examined,
    Measured,
    Missing,
    NoOptions,
    NoSubject,
    Note,
    Observation,
    Rule,
    Stricter,
    Surroundings,
    Wording,
    option,
)
from gatekeeper.snapshot import Entry, Snapshot
from gatekeeper.terms import Adoption, Clause, Contract, Glob, ModuleName, Standing, Term

__all__ = [
    "Absence",
    "Adoption",
    "Case",
    "Change",
    "Clause",
    "Commit",
    "Commits",
    "Contract",
    "Difference",
    "Doubt",
    "Entry",
    "Evidence",
    "Examined",
    "Excerpt",
    "Extractor",
    "FileChange",
    "Finding",
    "Glob",
    "History",
    "Lines",
    "Measured",
    "Missing",
    "ModuleName",
    "NoOptions",
    "NoSubject",
    "Note",
    "Objects",
    "Observation",
    "Patterns",
    "Rule",
    "Side",
    "Snapshot",
    "Standing",
    "Stricter",
    "Surroundings",
    "Term",
    "Trail",
    "Unreadable",
    "Wording",
    "option",
]
