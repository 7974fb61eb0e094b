"""What running data migrations has shown: the value that the migration rules are given."""

from __future__ import annotations

from enum import Enum

from gatekeeper.migrations.proven import Stand
from gatekeeper.value import dataclass

DATA_PROOFS = "the proof of the data migrations"
"""The name of the reading; no reading of a binding is called so."""


class DataTrouble(Enum):
    """What can be wrong with a data migration; each is a finding of one rule."""

    FORWARD_FAILS = "forward fails on a whole file"
    LEAVES_UNSOUND = "forward leaves a database that D1 would not hold"
    VALUES_LOST = "values of the file do not reach the database"
    DROPPED_SILENTLY = "what it cannot carry is dropped without a word"
    FAILS_SILENTLY = "it reports success though the database refused"
    DAMAGED = "what was in the database before is not there any more"
    KEEPS_BROKEN = "what must be answered afterwards is not"
    NO_REVERSE = "no way back is declared"
    REVERSE_FAILS = "the way back fails"
    NOT_BROUGHT_BACK = "the way back does not bring back what the file held"
    NOT_READ_BACK = "the way back does not read what the database holds"
    NOT_AGAIN = "after the way back, forward does not come out as before"
    REPEAT_FAILS = "a second run fails"
    REPEAT_CHANGES = "a second run changes the database"
    NOT_RESUMABLE = "after an interruption it cannot be resumed"


@dataclass(frozen=True, slots=True)
class DataFailing:
    """A trouble of one data migration, where, in words, and with what shows it.

    `path` is the tool to blame, or the binding (then with its `line`). `subject` tells those of
    one trouble apart; `steps` are the commands that show it, each with how it ended; `stands` how
    the tables concerned stood.
    """

    trouble: DataTrouble
    migration: str
    path: str
    line: int | None
    says: str
    subject: str = ""
    steps: tuple[str, ...] = ()
    stands: tuple[Stand, ...] = ()


@dataclass(frozen=True, slots=True)
class DataProof:
    """What was tried with one data migration, and what came of it.

    `fixtures` are the files that it was run on; `tried` says in words what was run how often;
    `open` what could not be shown, in whole sentences. `place` is the path and line of its entry
    in the binding.
    """

    migration: str
    classes: tuple[str, ...]
    place: tuple[str, int]
    failings: tuple[DataFailing, ...] = ()
    fixtures: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    runs: int = 0
    seed: int = 0
    engine: str = ""


@dataclass(frozen=True, slots=True)
class DataProofs:
    """All data migrations that the contract names."""

    proofs: tuple[DataProof, ...] = ()
