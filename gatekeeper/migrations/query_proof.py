"""What the migrated databases say of the SQL in the code: the value that query-broken is given."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper.migrations.engine import Refusal
from gatekeeper.migrations.migration import Chain, Dialect, Fault
from gatekeeper.migrations.proofs import Unplaced
from gatekeeper.migrations.queries import Gathered, Query
from gatekeeper.value import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """What is asked of an engine; `by_lines` where D1's `exec` takes it, which cuts it at them."""

    sql: str
    by_lines: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine says of a text.

    `refusal` is its word of the whole, None where it takes it, and `line` that of the first of its
    lines that is no statement. `taken_for_text` are names in double quotes that are no columns.
    `fits_own` says that it fits once the tables are there that the code itself makes. `open` is
    why nothing is known.
    """

    refusal: Refusal | None = None
    line: Refusal | None = None
    taken_for_text: tuple[str, ...] = ()
    fits_own: bool = False
    open: str = ""


@dataclass(frozen=True, slots=True)
class QueryCharge:
    """A chain, the texts that its database is asked of, and the tables that the code makes."""

    chain: Chain
    texts: tuple[Text, ...]
    made: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """All that one engine answers, in the order of the texts, and the schema that it was asked on.

    `stopped` says why the chain could not be run to its end; then there is no answer.
    """

    engines: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    stopped: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """One chain with the answers of its database, by text."""

    folder: str
    dialect: Dialect
    count: int
    faults: tuple[Fault, ...] = ()
    stopped: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[Text, Answer] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueryProof:
    """All SQL of a tree, and what the database of each of its chains says of it.

    `unplaced` is what may be a migration where there is no chain.
    """

    gathered: Gathered
    chains: tuple[Heard, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()


def text_of(query: Query) -> Text:
    """What is asked of a query."""
    return Text(query.text, query.via == "exec")
