"""A chain of migrations as a project writes them over the years: 30 tables, then small steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from gatekeeper.value import dataclass

TABLES = 30
STEPS = 300

_KEPT = "id, title, slug, amount, rate, created_at, content"

CONFIG = """\
name = "bench"
compatibility_date = "2026-01-01"

[[d1_databases]]
binding = "DB"
database_name = "bench"
database_id = "00000000-0000-4000-8000-000000000000"
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One migration: the name of its file, and the statements of both ways."""

    name: str
    up: tuple[str, ...]
    down: tuple[str, ...]


def steps(count: int = STEPS, tables: int = TABLES) -> tuple[Step, ...]:
    """The first so many migrations: each table is made, then columns and indexes come."""
    return tuple(
        Step(f"{number:04}_step.sql", up, down)
        for number, (up, down) in zip(range(1, count + 1), _all(tables), strict=False)
    )


def rebuild(number: int, table: int = 4) -> Step:
    """The dearest kind of migration: a table of the first 30 steps is made anew and filled."""
    wider = _rebuilt(table, _columns(table, "status TEXT NOT NULL DEFAULT 'new'"))
    return Step(f"{number:04}_rebuild.sql", wider, _rebuilt(table, _columns(table)))


def write(folder: Path, chain: tuple[Step, ...]) -> None:
    """Write a chain as a wrangler project keeps it, the ways back beside it."""
    (folder / "down").mkdir(parents=True, exist_ok=True)
    (folder / "migrations").mkdir(exist_ok=True)
    (folder / "wrangler.toml").write_text(CONFIG, encoding="utf-8")
    for step in chain:
        (folder / "migrations" / step.name).write_text(text(step.up), encoding="utf-8")
        (folder / "down" / step.name).write_text(text(step.down), encoding="utf-8")


def text(statements: tuple[str, ...]) -> str:
    """Statements as a file holds them."""
    return "".join(f"{each};\n" for each in statements)


def _all(tables: int) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for table in range(tables):
        yield _made(table), (f"DROP TABLE area_{table:02}",)
    number = 0
    while True:
        name = f"area_{number % tables:02}"
        if number % 3 == 2:
            index = f"by_part_{number}"
            yield (f"CREATE INDEX {index} ON {name} (title, id)",), (f"DROP INDEX {index}",)
        else:
            column = f"part_{number}"
            up = f"ALTER TABLE {name} ADD COLUMN {column} {'TEXT' if number % 2 else 'INTEGER'}"
            yield (up,), (f"ALTER TABLE {name} DROP COLUMN {column}",)
        number += 1


def _made(table: int) -> tuple[str, ...]:
    name = f"area_{table:02}"
    index = f"CREATE INDEX by_title_{table:02} ON {name} (title)"
    return f"CREATE TABLE {name} ({_columns(table)})", index


def _columns(table: int, *more: str) -> str:
    """Eight columns or nine; two tables of three refer to one made before them."""
    columns = [
        "id INTEGER PRIMARY KEY",
        "title TEXT NOT NULL",
        "slug TEXT UNIQUE",
        "amount INTEGER NOT NULL DEFAULT 0",
        "rate REAL",
        "created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP",
        "content BLOB",
        *more,
    ]
    if table % 3:
        parent = table - table % 3
        columns.append(f"parent_id INTEGER REFERENCES area_{parent:02}(id) ON DELETE CASCADE")
    return ", ".join(columns)


def _rebuilt(table: int, columns: str) -> tuple[str, ...]:
    name, kept = f"area_{table:02}", f"{_KEPT}, parent_id"
    return (
        f"CREATE TABLE {name}_new ({columns})",
        f"INSERT INTO {name}_new ({kept}) SELECT {kept} FROM {name}",
        f"DROP TABLE {name}",
        f"ALTER TABLE {name}_new RENAME TO {name}",
        f"CREATE INDEX by_title_{table:02} ON {name} (title)",
    )
