"""The calls of scripts that take SQL, or make some, by their names."""

from __future__ import annotations

from gatekeeper.migrations.query_site import EXEC
from gatekeeper.source.code_tree import Kind, Node
from gatekeeper.source.script_expressions import TAG

_TAKES_WORDS = """
prepare exec execute executemany executeSql batch raw unsafe execSql querySql prepareAll
$queryRawUnsafe $executeRawUnsafe $queryRaw $executeRaw queryRawUnsafe executeRawUnsafe
"""
TAKES = frozenset(_TAKES_WORDS.split())
_ASKS_WORDS = """
run all get values first query queryAll queryOne queryRow selectAll selectOne select pluck
iterate each one many none any oneOrNone manyOrNone
"""
ASKS = frozenset(_ASKS_WORDS.split())
"""Calls that take SQL where whoever is asked is called like a database."""

_OWNERS_WORDS = """
db d1 database conn connection con session sqlite client pool tx trx orm prisma knex drizzle
"""
_OWNERS = frozenset(_OWNERS_WORDS.split())
_OTHERS_WORDS = """
re regex regexp pattern rx matcher shell child_process childprocess cp execa
"""
_NO_DATABASES = frozenset(_OTHERS_WORDS.split())
_SQL = frozenset({"sql", "SQL", "$queryRaw", "$executeRaw", "queryRaw", "executeRaw"})
_RAW = frozenset({"raw", "unsafe"})
_MAKERS = frozenset({"sql", "SQL", "Prisma", "knex", "db"})
NAMES_SQL = frozenset({"identifier", "id", "ref", "table", "column"})
PASSES = frozenset({"raw", "dedent", "outdent", "stripIndent", "oneLine", "codeBlock"})
"""Tags that give their template as a string."""

SAME = frozenset({"String", "dedent", "outdent", "stripIndent", "oneLine", "freeze", "seal"})


_NOT_HANDED_WORDS = """
startsWith endsWith includes indexOf lastIndexOf split match matchAll test search debug info warn
error log trace notice t i18n gettext toast alert confirm notify toContain toMatch toBe toEqual
"""
_NOT_HANDED = frozenset(_NOT_HANDED_WORDS.split())


def is_for_people(function: Node) -> bool:
    """Whether what a call is given is said to people, or is looked for in another text."""
    name = function.text
    return name in _NOT_HANDED or name.endswith(("Error", "Exception", "Warning"))


def is_tagged(node: Node) -> bool:
    """Whether a call is that of a tag."""
    return node.kind is Kind.CALL and node.text == TAG


def is_sql_tag(node: Node) -> bool:
    """Whether a tag makes SQL of its template, with values bound."""
    return is_tagged(node) and node.parts[0].text in _SQL


def is_raw(function: Node) -> bool:
    """Whether a call makes SQL of a string, as it is."""
    owner = function.parts[0] if function.kind is Kind.ATTRIBUTE else function
    return function.text in _RAW and owner.text in _MAKERS


def owner_of(function: Node) -> str:
    """The last word of whoever is asked, in small letters, `DB` and `myDb` as `db`."""
    owner = function.parts[0].text.lower().strip("_#$") if function.parts else ""
    return "db" if owner.endswith("db") else owner


def is_database(function: Node) -> bool:
    """Whether whoever is asked is called like a database."""
    owner = owner_of(function)
    return owner in _OWNERS or owner.endswith(("database", "d1"))


def handed_to(function: Node) -> str:
    """The call as one that takes SQL; "" for any other."""
    if function.kind is not Kind.ATTRIBUTE:
        return ""
    if function.text == EXEC and (not owner_of(function) or owner_of(function) in _NO_DATABASES):
        return ""
    takes = function.text in TAKES or (function.text in ASKS and is_database(function))
    return function.text if takes else ""
