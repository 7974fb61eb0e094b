"""Which tool's conventions the files of a folder follow, and the chain that it makes of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from gatekeeper.errors import Unreadable
from gatekeeper.migrations import dbmate, drizzle, goose, nested, sqitch
from gatekeeper.migrations.golang_migrate import golang_migrate, is_golang_migrate
from gatekeeper.migrations.migration import Chain, Dialect, Fault, FaultKind, Runner
from gatekeeper.migrations.other_sections import with_other_sections
from gatekeeper.migrations.own_transaction import with_own_transactions
from gatekeeper.migrations.pairs import pairs
from gatekeeper.migrations.scripts import SHEET, unread
from gatekeeper.migrations.shelf import Item, held, joined, resolved_folder
from gatekeeper.migrations.ways_back import scripts_in
from gatekeeper.snapshot import Snapshot
from gatekeeper.value import dataclass, replace

LOCK = "migration_lock.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of migrations, and who says so.

    `down` is where its ways back stand, None for where convention has them; `d1` says that
    the database is D1. `known` says that the binding names the folder: the SQL is then taken
    for SQLite's whatever it looks like. `numbered` says that nothing but the numbers of its
    scripts shows that it is a chain: what has none is then not part of it.
    """

    folder: str
    down: str | None
    source: str
    d1: bool = False
    known: bool = False
    numbered: bool = False

    @property
    def dialect(self) -> Dialect:
        """Whose rules the chain is run under."""
        return Dialect.D1 if self.d1 else Dialect.SQLITE


def chain_at(snapshot: Snapshot, place: Place) -> Chain:
    """The chain of a folder, by the tool whose conventions it follows."""
    try:
        folder = resolved_folder(snapshot, place.folder)
        return with_own_transactions(_at(snapshot, replace(place, folder=folder)))
    except Unreadable as lost:
        dialect = place.dialect
        return Chain(Runner.PAIRS, place.folder, dialect, (), (unread(lost),), source=place.source)


def _at(snapshot: Snapshot, place: Place) -> Chain:
    for make in (_by_list, _by_code, _by_layout, _by_names):
        chain = make(snapshot, place)
        if chain is not None:
            return chain
    made = Chain(Runner.PAIRS, place.folder, place.dialect, (), source=place.source)
    found = pairs(snapshot, made, place.down, numbered=place.numbered)
    return _own(place, with_other_sections(found))


def _by_list(snapshot: Snapshot, place: Place) -> Chain | None:
    """What a file lists: drizzle's journal, sqitch's plan."""
    folder = place.folder
    if joined(folder, drizzle.JOURNAL) in snapshot:
        chain = drizzle.drizzle(snapshot, folder, place.down, place.dialect, place.source)
        return _foreign(chain, _journals_dialect(snapshot, folder), "sqlite", "turso")
    plan = joined(folder, sqitch.PLAN)
    if plan in snapshot:
        said = sqitch.settings(snapshot, folder)
        top = posixpath.normpath(joined(folder, said.get("top_dir", ".")))
        chain = sqitch.sqitch(snapshot, plan, "" if top == "." else top, place.source)
        return _foreign(chain, said.get("engine", "sqlite"), "sqlite")
    return None


def _journals_dialect(snapshot: Snapshot, folder: str) -> str:
    try:
        return drizzle.journal_of(snapshot, folder).dialect
    except Unreadable:
        return "sqlite"  # the chain says already that nothing is known


def _by_code(snapshot: Snapshot, place: Place) -> Chain | None:
    """What only its own tool can run: Alembic and Django."""
    names = {each.name for each in held(snapshot, place.folder)}
    if {"env.py", "versions"} <= names:
        return _elsewhere(Runner.ALEMBIC, place, "env.py")
    if "__init__.py" in names and any(_DJANGO.fullmatch(each) for each in names):
        return _elsewhere(Runner.DJANGO, place, "__init__.py")
    return None


_DJANGO = re.compile(r"[0-9]{4}_\w+\.py")


def _elsewhere(runner: Runner, place: Place, file: str) -> Chain:
    path = joined(place.folder, file)
    says = f"{place.folder} holds migrations that only {runner.value} itself can run."
    mend = "Have them judged through the tool; this version reads SQL."
    faults = (Fault(FaultKind.ELSEWHERE, path, 1, says, mend),)
    return Chain(runner, place.folder, place.dialect, (), faults, source=place.source)


def _by_layout(snapshot: Snapshot, place: Place) -> Chain | None:
    """A folder for each migration."""
    runner = nested.runner_of(snapshot, place.folder)
    if runner is None:
        return None
    chain = nested.nested(snapshot, place.folder, runner, place.dialect, place.source)
    if runner is Runner.PRISMA:
        return _foreign(chain, _provider(snapshot, place.folder), "sqlite")
    return _own(place, chain)


_PROVIDER = re.compile(r'^[ \t]*provider[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)


def _provider(snapshot: Snapshot, folder: str) -> str:
    path = joined(folder, LOCK)
    if path not in snapshot:
        return "sqlite"
    found = _PROVIDER.search(snapshot.read(path).decode("utf-8", "replace"))
    return found.group(1) if found else "sqlite"


def _by_names(snapshot: Snapshot, place: Place) -> Chain | None:
    """Files whose names, or whose lines, say whose they are."""
    items = scripts_in(snapshot, place.folder)
    if is_golang_migrate(items):
        return _own(place, golang_migrate(snapshot, place.folder, place.source))
    for needle, make in _BY_LINE:
        if _says(snapshot, items, needle):
            return _own(place, make(snapshot, place.folder, place.source))
    return None


_Make = Callable[[Snapshot, str, str], Chain]
_BY_LINE: tuple[tuple[str, _Make], ...] = (
    (dbmate.NEEDLE, dbmate.dbmate),
    (goose.NEEDLE, goose.goose),
)


def _says(snapshot: Snapshot, items: Sequence[Item], needle: str) -> bool:
    wanted = re.compile(rf"^--\s*{re.escape(needle)}", re.MULTILINE | re.IGNORECASE)
    files = (each.path for each in items if snapshot.entries[each.path].is_file)
    return any(wanted.search(snapshot.facts(SHEET, path).text) for path in files)


def _own(place: Place, chain: Chain) -> Chain:
    """The chain, unless nobody says that it is SQLite's and its words are another database's.

    SQLite takes any word for a type, so that its own scripts may well say `BIGSERIAL`.
    """
    made = replace(chain, dialect=place.dialect)
    if place.known:
        return made
    name = posixpath.basename(place.folder).lower()
    if name in _OTHERS:
        return _not_run(made, place.folder, f"is for {name} by its name")
    if _SQLITE.search(place.folder):
        return made
    for each in made.migrations:
        word = _WORDS.search(each.up.text)
        if word:
            return _not_run(
                made, each.up.path, f"says `{word.group()}`, which SQLite does not know"
            )
    return made


_OTHERS = frozenset(("mysql", "mariadb", "postgres", "postgresql", "pg", "pgsql"))
_SQLITE = re.compile(r"(?:^|[/_-])(?:sqlite3?|d1)(?:[/_-]|$)", re.IGNORECASE)
_WORDS = re.compile(
    r"\b(?:BIG|SMALL)?SERIAL\b|\bTIMESTAMPTZ\b|\bJSONB\b\s*(?:,|NOT\b|DEFAULT\b)|\bplpgsql\b"
    r"|\bCREATE\s+(?:EXTENSION|TYPE|SCHEMA|SEQUENCE|DOMAIN|DATABASE)\b|\bENGINE\s*=\s*\w+"
    r"|\bAUTO_INCREMENT\b|\bNVARCHAR\s*\(\s*MAX\b|\bALTER\s+COLUMN\b|\bOWNER\s+TO\b|\bUNSIGNED\b"
    r"|\bgen_random_uuid\b|::(?:text|jsonb?|int\w*|uuid|timestamp)\b|\bUSING\s+(?:btree|gin|gist)\b"
    r"|\bMODIFY\s+COLUMN\b|\bCHARSET\s*=",
    re.IGNORECASE,
)


def _foreign(chain: Chain, database: str, *own: str) -> Chain:
    """The chain, unless its tool says that it is written for another database."""
    if database in own:
        return chain
    return _not_run(chain, chain.folder, f"is written for {database or 'a database unnamed'}")


def _not_run(chain: Chain, path: str, why: str) -> Chain:
    says = f"{path} {why}: only its own database can run it."
    mend = "If it is SQLite's all the same, name the folder under `migrations: {up: …}`."
    fault = Fault(FaultKind.ELSEWHERE, path, 1, says, mend)
    return replace(chain, faults=(*chain.faults, fault))
