"""What was proven of all chains of a project: the value that the migration rules are given."""

from __future__ import annotations

from gatekeeper.migrations.migration import Dialect, Fault, Runner
from gatekeeper.migrations.proven import Proven
from gatekeeper.value import dataclass

PROOFS = "the proof of the migrations"
"""The name of the reading; no reading of a binding is called so."""

QUERIES = "the SQL of the code"
"""The name of the reading that holds the code's SQL against them."""


@dataclass(frozen=True, slots=True)
class ChainProof:
    """One chain: how many migrations it has, which were proven, and what stands in its way.

    `stopped` says why the chain could not be run to its end, in whole sentences; `tables` are those
    of the schema at its end, `views` its views; `engines` what ran it, with versions. `faults` are
    those of its text, that need no engine.
    """

    runner: Runner
    dialect: Dialect
    folder: str
    source: str
    count: int
    proven: tuple[Proven, ...] = ()
    faults: tuple[Fault, ...] = ()
    stopped: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    views: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A place where migrations may be, and what is not known of it; `says` is a whole sentence."""

    path: str
    says: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """All chains of one tree, and what may be a migration and is in none of them."""

    chains: tuple[ChainProof, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
