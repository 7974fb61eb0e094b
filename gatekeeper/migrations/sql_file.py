"""What an SQL file says of the schema: whose lines begin its parts, what it makes and alters."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.shelf import resolved
from gatekeeper.snapshot import LINK, Entry, Sieve, Snapshot
from gatekeeper.value import dataclass

LARGEST = 4 << 20
"""Bytes of a file that are looked at."""

_NAME = re.compile(
    r"""(?:.*/)?
    (?: [^/]*\.(?:sql|psql|pgsql|plsql|tsql|mysql|sqlite3?|ddl|dml|hql|dump)
        (?:\.(?:j2|jinja2?|tmpl|tpl|template|in|txt|erb|hbs|up|down|do|undo|bak|orig|disabled
          |gz|bz2|xz|zst|zip))?
      | [0-9]+_[^/]*\.(?:up|down)\.[^/]*
    )""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


def _can_be(path: str, _: Entry) -> bool:
    return _NAME.fullmatch(path) is not None


SCRIPTS = Sieve("SQL scripts", 2, _can_be)
"""Files that hold SQL by their names, whatever folder they are in."""


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One SQL file.

    `line` is the first that changes the schema, 0 where none does; `makes` are the tables that it
    creates or renames others to, in small letters; `alters` says that it does something to what
    is there before, `writes` that it changes or deletes rows, without a parameter to be told which.
    `sections` says that lines of goose's or dbmate's begin its parts. `unread`
    is why its content is not known.
    """

    line: int = 0
    makes: tuple[str, ...] = ()
    alters: bool = False
    writes: bool = False
    sections: bool = False
    unread: str = ""

    @property
    def is_schema(self) -> bool:
        """Whether it changes the schema, or may."""
        return bool(self.line or self.unread)

    def is_told_by(self, made: Collection[str]) -> bool:
        """Whether it says nothing that is not known: it makes only what is made elsewhere.

        So does a dump of the schema that migrations make. The tables inside of a full-text table
        are dumped as well.
        """
        if self.unread or self.alters or self.writes:
            return False
        return all(each in made or _is_inner(each, made) for each in self.makes)


def _is_inner(table: str, made: Collection[str]) -> bool:
    if table in _OWN or table in _LEDGERS:
        return True
    outer, _, kind = table.rpartition("_")
    return kind in _INNER and outer in made


_OWN = ("sqlite_sequence", "sqlite_stat1", "sqlite_stat4")
_LEDGERS = (
    *("d1_migrations", "__drizzle_migrations", "_prisma_migrations", "schema_migrations"),
    *("goose_db_version", "__diesel_schema_migrations", "alembic_version", "_cf_kv"),
)
# https://www.sqlite.org/fts5.html#fts5_data_structures and fts3.html#fts4_shadow_tables, rtree.html
_INNER = frozenset(
    (
        *("data", "idx", "content", "docsize", "config", "segments", "segdir", "stat"),
        *("node", "parent", "rowid"),
    )
)


_SECTIONS = re.compile(r"^--\s*(?:\+goose\s+up|migrate:up)", re.MULTILINE | re.IGNORECASE)
_VERB = re.compile(
    r"create|alter|drop|truncate|delete|update|replace|writable_schema", re.IGNORECASE
)
# What is no statement becomes a blank; what is not closed is left for text.
_ASIDE = re.compile(
    r"""--[^\n]*+ | /\*(?:.*?\*/ | .*\Z) | '(?P<d>\w+)' | '[^']*+'
      | "(?P<a>[^"]*+)" | `(?P<b>[^`]*+)` | \[(?P<c>[^\]\n]{1,200}+)\]""",
    re.VERBOSE | re.DOTALL,
)
_CHANGE = re.compile(
    r"""\b(?P<verb>create|alter|drop|truncate)\s+(?P<how>(?:\w+\s+){0,4}?)
    (?P<what>table|index|view|trigger|schema|database|type|sequence|extension|function|procedure
      |domain)\b
    (?P<sure>\s+if\s+(?:not\s+)?exists\b)? \s* (?P<name>[\w$]+(?:\s*\.\s*[\w$]+)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_RENAMED = re.compile(r"\brename\s+to\s+([\w$]+)", re.IGNORECASE)
_ROWS = re.compile(
    r"\bdelete\s+from\b|\bupdate\s+(?:or\s+\w+\s+)?[\w$.]+\s+set\b|\breplace\s+into\b",
    re.IGNORECASE,
)
_BY_HAND = re.compile(r"\bwritable_schema\b", re.IGNORECASE)
_PARAMETER = re.compile(r"\?|\$[0-9]|(?<![:\w])[:@][a-z_]", re.IGNORECASE)
_COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_DATABASES = (b"SQLite format 3\0", b"PGDMP")  # a database itself, or a backup: no script
_POINTER = b"version https://git-lfs.github.com/spec/"


def read_sql(text: str) -> SqlFile:
    """What a text of SQL says, in linear time and whatever the text."""
    sections = _SECTIONS.search(text) is not None
    if _VERB.search(text) is None:
        return SqlFile(sections=sections)
    plain = _ASIDE.sub(_blank, text)
    rows = _ROWS.search(plain) is not None
    writes = rows and _PARAMETER.search(plain) is None
    found = [each for each in _CHANGE.finditer(plain) if "temp" not in each["how"].lower()]
    by_hand = _BY_HAND.search(plain)
    first = found[0].start() if found else by_hand.start() if by_hand else -1
    if first < 0:
        return SqlFile(writes=writes, sections=sections)
    made = {_named(each) for each in found if each["verb"].lower() == "create"}
    tables = {_named(each) for each in found if _is_table(each)} | {
        each.group(1).lower() for each in _RENAMED.finditer(plain)
    }
    alters = rows or by_hand is not None or any(_alters(each, made) for each in found)
    line = plain.count("\n", 0, first) + 1
    return SqlFile(line, tuple(sorted(tables)), alters, writes, sections)


def _blank(aside: re.Match[str]) -> str:
    """A name without its quotes; all else as the lines that it takes."""
    name = aside["a"] or aside["b"] or aside["c"] or aside["d"] or ""
    if name and "\n" not in name:
        return "".join(each if each.isalnum() else "_" for each in name)
    return " " + "\n" * aside.group().count("\n")


def _named(change: re.Match[str]) -> str:
    return (change["name"] or "").rpartition(".")[2].strip().lower()


def _is_table(change: re.Match[str]) -> bool:
    return change["verb"].lower() == "create" and change["what"].lower() == "table"


def _alters(change: re.Match[str], made: set[str]) -> bool:
    """Whether something from before is altered: not what is made anew right here."""
    verb = change["verb"].lower()
    if verb == "create":
        return False
    return verb != "drop" or not change["sure"] or _named(change) not in made


def _read(content: bytes, path: str) -> SqlFile:
    if path.lower().endswith(_COMPRESSED):
        return SqlFile(unread="it is compressed")
    if content.startswith(_DATABASES):
        return SqlFile()
    if content.startswith(_POINTER):
        return SqlFile(unread="its content is in another store (Git LFS)")
    # Without its NULs even UTF-16 can be read as far as this goes.
    text = content[:LARGEST].replace(b"\0", b"").decode("utf-8", "replace")
    found = read_sql(text)
    if len(content) > LARGEST and not found.line:
        return SqlFile(unread=f"it is larger than the {LARGEST >> 20} MiB that are read of it")
    return found


def _packed(file: SqlFile) -> object:
    return [file.line, list(file.makes), file.alters, file.writes, file.sections, file.unread]


def _unpacked(kept: object) -> SqlFile:
    match kept:
        case [int(line), list(makes), bool(alters), bool(writes), bool(sections), str(unread)] if (
            all(isinstance(each, str) for each in makes)
        ):
            return SqlFile(line, tuple(makes), alters, writes, sections, unread)
    raise ValueError("no facts of an SQL file")


SQL_FILE: Extractor[SqlFile] = Extractor("SQL file", 3, _read, _packed, _unpacked)


def sql_file(snapshot: Snapshot, path: str) -> SqlFile:
    """What a file of the snapshot says, links followed."""
    try:
        entry = snapshot.entries[path]
        place = resolved(snapshot, path) if entry.mode == LINK else path
        if place not in snapshot:
            return SqlFile(unread="it is a link to what is no file of the repository")
        return snapshot.facts(SQL_FILE, place)
    except Unreadable as lost:
        return SqlFile(unread=lost.reason)


def tables_of(texts: Sequence[str]) -> Iterator[str]:
    """The tables that scripts make, in small letters."""
    for text in texts:
        yield from read_sql(text).makes
