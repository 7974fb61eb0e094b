"""What a platform allows its SQL to do, as facts: Cloudflare D1, and SQLite for everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from gatekeeper.migrations.migration import Dialect
from gatekeeper.value import dataclass


class Argument(Enum):
    """What a pragma may be given."""

    NONE = "nothing"
    SWITCH = "a switch, or nothing to read it"
    NAME = "a name"
    NAME_OR_NONE = "a name, or nothing"
    NUMBER_OR_NONE = "a number, or nothing"
    ANY_OR_NONE = "a number, a name, or nothing"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules that an engine enforces.

    `functions`, `pragmas` and `modules` are all that is allowed, None where everything is that is
    not in `unsafe`. `absent` are tables that apsw's SQLite makes up and the platform's does not.
    `limits` are by SQLite's own name (`SQLITE_LIMIT_…` without that). Names
    that begin with one of `reserved` cannot be given nor used.
    """

    name: str
    dialect: Dialect
    limits: Mapping[str, int]
    functions: frozenset[str] | None = None
    pragmas: Mapping[str, Argument] | None = None
    modules: frozenset[str] | None = None
    absent: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()
    reserved: tuple[str, ...] = ()
    foreign_keys: bool = False
    temporary: bool = True
    savepoints: bool = True


# Each asked of workerd 1.20261117.1, and the same as in workerd's source at 6552d99
# (src/workerd/util/sqlite.c++). `max_scalar`, `soundex` and the like, which that list allows
# but which workerd is not built with, are left out.
_FUNCTIONS = """
-> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil changes char coalesce concat
concat_ws cos cosh count cume_dist current_date current_time current_timestamp date datetime
degrees dense_rank exp first_value floor format glob group_concat hex highlight ifnull iif instr
json json_array json_array_length json_extract json_group_array json_group_object json_insert
json_object json_patch json_quote json_remove json_replace json_set json_type json_valid jsonb
jsonb_array jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object
jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_insert_rowid last_value lead
length like likelihood likely ln log log2 lower ltrim match max min mod nth_value ntile nullif
octet_length percent_rank pi pow printf quote radians random randomblob rank replace round
row_number rtreecheck rtrim sign sin sinh snippet sqrt strftime string_agg substr substring sum
tan tanh time timediff total total_changes trim trunc typeof unhex unicode unixepoch unlikely
upper zeroblob
"""
# What ALTER TABLE calls inside; whoever calls them by name is refused by SQLite itself.
_OF_ALTER_TABLE = """
sqlite_rename_column sqlite_rename_table sqlite_rename_test sqlite_drop_column
sqlite_rename_quotefix
"""

_SWITCHES = """
case_sensitive_like defer_foreign_keys foreign_keys ignore_check_constraints legacy_alter_table
recursive_triggers reverse_unordered_selects
"""

_PRAGMAS: Mapping[str, Argument] = {
    **dict.fromkeys(_SWITCHES.split(), Argument.SWITCH),
    "data_version": Argument.NONE,
    "page_size": Argument.NONE,
    "foreign_key_check": Argument.NAME_OR_NONE,
    "foreign_key_list": Argument.NAME,
    "index_info": Argument.NAME,
    "index_list": Argument.NAME,
    "index_xinfo": Argument.NAME,
    "table_info": Argument.NAME,
    "table_xinfo": Argument.NAME,
    "table_list": Argument.ANYTHING,
    "quick_check": Argument.ANY_OR_NONE,
    "optimize": Argument.NUMBER_OR_NONE,
}

# developers.cloudflare.com/d1/platform/limits, where it is stricter than the engine: 2,000,000
# bytes a string, blob or row (workerd takes more, by version), 32 arguments (workerd takes 127).
_PUBLISHED = {"LENGTH": 2_000_000, "FUNCTION_ARG": 32}

D1 = Profile(
    name="SQLite under D1's rules",
    dialect=Dialect.D1,
    limits={
        "SQL_LENGTH": 100_000,
        "COLUMN": 100,
        "EXPR_DEPTH": 100,
        "COMPOUND_SELECT": 5,
        "VDBE_OP": 25_000,
        "ATTACHED": 0,
        "LIKE_PATTERN_LENGTH": 50,
        "VARIABLE_NUMBER": 100,
        "TRIGGER_DEPTH": 10,
        "WORKER_THREADS": 0,
        **_PUBLISHED,
    },
    functions=frozenset(f"{_FUNCTIONS} {_OF_ALTER_TABLE}".split()),
    pragmas=_PRAGMAS,
    modules=frozenset({"fts5", "fts5vocab", "rtree", "rtree_i32"}),
    absent=frozenset({"carray"}),
    reserved=("_cf_",),
    foreign_keys=True,
    temporary=False,
    savepoints=False,
)

_REACHING_OUT = """
load_extension fts3_tokenizer writable_schema temp_store temp_store_directory mmap_size
data_store_directory max_page_count hard_heap_limit soft_heap_limit key rekey
"""

SQLITE = Profile(
    name="SQLite",
    dialect=Dialect.SQLITE,
    limits={"ATTACHED": 1, "WORKER_THREADS": 0, "LENGTH": 16_000_000},
    unsafe=frozenset(_REACHING_OUT.split()),
)
