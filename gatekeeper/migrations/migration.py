"""What a chain of migrations is: its scripts in the order in which their tool runs them."""

from __future__ import annotations

from enum import Enum

from gatekeeper.value import dataclass


class Runner(Enum):
    """The tool whose conventions say which file is a migration, in which order, and how it runs."""

    WRANGLER = "wrangler"
    DRIZZLE = "drizzle"
    PRISMA = "Prisma"
    GOLANG_MIGRATE = "golang-migrate"
    DBMATE = "dbmate"
    GOOSE = "goose"
    SQITCH = "sqitch"
    DIESEL = "diesel"
    PAIRS = "pairs of files"
    ALEMBIC = "Alembic"
    DJANGO = "Django"


class Dialect(Enum):
    """Whose rules a chain is run under."""

    D1 = "Cloudflare D1"
    SQLITE = "SQLite"


@dataclass(frozen=True, slots=True)
class Script:
    """SQL as it stands in a file: a whole file, or the section of one that begins at `line`.

    `text` is what its runner would execute, with line ends as they stand; `path` is relative to
    the root of the repository.
    """

    path: str
    text: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of a chain: `name` as the runner's ledger has it, and its scripts.

    `down` is None where no way back is declared; one that holds no statement is a way back that
    does nothing, which is for the rules to say. `number` is the leading integer where the runner
    orders by one. `atomic` says whether its runner puts the whole script into one transaction.
    """

    name: str
    up: Script
    down: Script | None = None
    number: int | None = None
    atomic: bool = True


class FaultKind(Enum):
    """What is wrong with a chain before anything is run."""

    UNREADABLE = "unreadable"  # not text, not a file, a link out of the tree, too large
    REFUSED_TEXT = "refused text"  # the runner does not take this text
    MANGLED_TEXT = "mangled text"  # the runner splits it into other statements than it holds
    DOWN_RUNS_FORWARD = (
        "down runs forward"  # a way back stands where the runner takes it for a migration
    )
    HOLLOW_DOWN = "hollow down"  # a way back without a statement
    SAME_NUMBER = "same number"  # two migrations with one number
    UNPAIRED = "unpaired"  # a way back of no migration
    UNSETTLED = "unsettled"  # versions of the runner disagree whether, or when, it is run
    ELSEWHERE = "run elsewhere"  # only its own tool, or another database, can run it


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a chain, where, and how to mend it; `says` is a whole sentence."""

    kind: FaultKind
    path: str
    line: int
    says: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """All migrations of one database, in the order in which `runner` applies them.

    `folder` is where they stand, relative to the root of the repository; `database` is how its
    configuration calls it (the binding, or `""`); `ledger` is the runner's own table, which is no
    part of the schema that migrations make. `serves` are the databases that it is applied to, by
    name and id where these are given, else by where they are bound. `source` names what said so:
    a path with a line.
    A way back that the runner would run forward is none of the migrations: it is a fault.
    """

    runner: Runner
    folder: str
    dialect: Dialect
    migrations: tuple[Migration, ...]
    faults: tuple[Fault, ...] = ()
    database: str = ""
    ledger: str = ""
    source: str = ""
    serves: tuple[str, ...] = ()
