"""gatekeeper makes a stage contract executable; this is the vocabulary rules are written in."""

import sys

# `python -m gatekeeper` looks for modules in the current folder first, where a change can
# have put a `json.py` of its own; argv says "-m" only while Python looks for the module.
if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    del sys.path[0]

# `typing` takes longer to import than all that a hook asks of it.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gatekeeper.cache import Extractor
    from gatekeeper.change import Change, Commit, FileChange, History, Lines
    from gatekeeper.errors import Problem, Unmeasured, Unreadable
    from gatekeeper.finding import (
        Absence,
        Commits,
        Difference,
        Evidence,
        Excerpt,
        Finding,
        Objects,
        Side,
        Table,
        Trail,
    )
    from gatekeeper.needles import InLine, Needle, Word, holds
    from gatekeeper.patterns import Patterns, literal_prefix
    from gatekeeper.rule import (
        Case,
        Deferred,
        Doubt,
        Examined,
        Measured,
        Missing,
        Need,
        NoOptions,
        NoSubject,
        Note,
        Observation,
        Rule,
        Stricter,
        Surroundings,
        Which,
        Wording,
        option,
    )
    from gatekeeper.snapshot import LINK, LINKS, NO_FILES, SUBMODULE, Entry, Sieve, Snapshot
    from gatekeeper.terms import (
        Adoption,
        Clause,
        Contract,
        Glob,
        Loosening,
        LooseningKind,
        ModuleName,
        Stage,
        Standing,
        Term,
    )

__all__ = [
    "LINK",
    "LINKS",
    "NO_FILES",
    "SUBMODULE",
    "Absence",
    "Adoption",
    "Case",
    "Change",
    "Clause",
    "Commit",
    "Commits",
    "Contract",
    "Deferred",
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
    "InLine",
    "Lines",
    "Loosening",
    "LooseningKind",
    "Measured",
    "Missing",
    "ModuleName",
    "Need",
    "Needle",
    "NoOptions",
    "NoSubject",
    "Note",
    "Objects",
    "Observation",
    "Patterns",
    "Problem",
    "Rule",
    "Side",
    "Sieve",
    "Snapshot",
    "Stage",
    "Standing",
    "Stricter",
    "Surroundings",
    "Table",
    "Term",
    "Trail",
    "Unmeasured",
    "Unreadable",
    "Which",
    "Word",
    "Wording",
    "holds",
    "literal_prefix",
    "option",
]

_HOMES = {
    "cache": "Extractor",
    "change": "Change Commit FileChange History Lines",
    "errors": "Problem Unmeasured Unreadable",
    "finding": "Absence Commits Difference Evidence Excerpt Finding Objects Side Table Trail",
    "needles": "InLine Needle Word holds",
    "patterns": "Patterns literal_prefix",
    "rule": (
        "Case Deferred Doubt Examined Measured Missing Need NoOptions NoSubject Note Observation "
        "Rule Stricter Surroundings Which Wording option"
    ),
    "snapshot": "LINK LINKS NO_FILES SUBMODULE Entry Sieve Snapshot",
    "terms": (
        "Adoption Clause Contract Glob Loosening LooseningKind ModuleName Stage Standing Term"
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """A name of the vocabulary, imported when it is asked for: a hook asks for few."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'gatekeeper' has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"gatekeeper.{_HOME_OF[name]}"), name)
    globals()[name] = found
    return found
