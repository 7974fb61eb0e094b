"""Whatever a tree holds, reading its chains ends in chains and their faults."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import NoOptions
from gatekeeper.migrations.history import chains
from gatekeeper.migrations.migration import FaultKind
from gatekeeper.snapshot import LINK, SUBMODULE, Snapshot
from gatekeeper.terms import MigrationPlan
from gatekeeper_rules.migrations.migration_rewritten import RULE
from tests.cases import case_of, observations

FOLDERS = ("", "migrations/", "migrations/down/", "migrations/1_a/", "m/meta/", "a/b/", "../", "m/")
NAMES = (
    *("1_a.sql", "0001_a.down.sql", "1_a.up.sql", "down.sql", "migration.sql", "up.sql", "'.sql"),
    *("_journal.json", "sqitch.plan", "sqitch.conf", "migration_lock.toml", "metadata.toml"),
    *("wrangler.json", "wrangler.toml", "env.py", "__init__.py", "0001_initial.py", ".sql"),
    *(f"{'9' * 400}_a.sql", "1_\udcff.sql", "1_\U0001f600.sql", "-.sql", "migrations", "\n1.sql"),
)
TEXTS = st.one_of(
    st.sampled_from(
        (
            b'{"d1_databases": [{"binding": "DB", "migrations_dir": "m"}]}',
            b'{"d1_databases": [{"binding": "DB", "migrations_dir": "../.."}]}',
            b'd1_databases = [{binding="A", migrations_dir="m", migrations_pattern = "m/**/*"}]',
            b'{"dialect": "sqlite", "entries": [{"tag": "../1_a", "when": 1}, {"tag": ""}]}',
            b'{"dialect": "sqlite", "entries": [{"tag": "1_a", "when": "x"}]}',
            b"-- migrate:up\nA;\n-- migrate:down\n",
            b"-- +goose Up\n-- +goose StatementBegin\nA;\n-- +goose Down\n",
            b"%project=p\na 2026 P <p>\n@t\na [a@t] 2026\n",
            *(
                b"../m/1_a.sql",
                b"m",
                b".",
                b"/etc",
                b"A;\0B",
                b"\xff\xfeA\0",
                b"BEGIN TRANSACTION;",
            ),
        )
    ),
    st.binary(max_size=20),
)
MODES = st.sampled_from(("100644", "100644", "100755", LINK, SUBMODULE))
FILES = st.dictionaries(
    st.tuples(st.sampled_from(FOLDERS), st.sampled_from(NAMES)).map("".join),
    st.tuples(TEXTS, MODES),
    max_size=8,
)
UP = st.sampled_from(("", "migrations", "m", "a/b", "..", "/", "migrations/1_a.sql"))


def _snapshot(files: dict[str, tuple[bytes, str]]) -> Snapshot:
    contents = {path: content for path, (content, _) in files.items()}
    return Snapshot.of("head", contents, {path: mode for path, (_, mode) in files.items()})


@settings(deadline=None, max_examples=300)
@given(FILES, UP, UP)
def test_no_tree_stops_the_reading(files: dict[str, tuple[bytes, str]], up: str, down: str) -> None:
    for chain in chains(_snapshot(files), MigrationPlan(up=up, down=down)):
        assert all(fault.kind in FaultKind and fault.line >= 1 for fault in chain.faults)
        assert all(each.up.line >= 1 for each in chain.migrations)


@settings(deadline=None, max_examples=100)
@given(FILES, FILES)
def test_no_two_trees_stop_the_rule(
    before: dict[str, tuple[bytes, str]], after: dict[str, tuple[bytes, str]]
) -> None:
    case = case_of(
        {path: content for path, (content, _) in before.items()},
        {path: content for path, (content, _) in after.items()},
        NoOptions(),
        before_modes={path: mode for path, (_, mode) in before.items()},
        after_modes={path: mode for path, (_, mode) in after.items()},
    )

    assert observations(RULE, case)
