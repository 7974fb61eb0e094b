"""The queries of a project whose answers a migration must not change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from gatekeeper.migrations.course import Track
from gatekeeper.migrations.engine import Refusal, Row
from gatekeeper.migrations.proven import Failing, Rows, Trouble
from gatekeeper.migrations.rows import Insert


def broken_keeps(
    track: Track, keeps: Sequence[str], inserts: Sequence[Insert], kind: Rows
) -> Iterator[Failing]:
    """A failing for each query that answers otherwise once up has been run on the rows."""
    if not keeps:
        return
    migration = track.migration
    track.to_start(inserts)
    before = _answers(track, keeps)
    track.up()
    after = _answers(track, keeps)
    for query, was in before.items():
        now = after[query]
        if isinstance(was, tuple) and now != was:
            says = f"`{query}` gave {_told(was)}, and gives {_told(now)}"
            up = migration.up
            yield Failing(Trouble.KEEPS_BROKEN, migration.name, up.path, up.line, says, query, kind)


def _answers(track: Track, keeps: Sequence[str]) -> Mapping[str, tuple[Row, ...] | Refusal]:
    return {query: track.database.query(query) for query in keeps}


def _told(answer: tuple[Row, ...] | Refusal) -> str:
    if not isinstance(answer, tuple):
        return f"nothing any more ({answer.says})"
    if len(answer) == 1 and len(answer[0]) == 1:
        return str(answer[0][0])
    return f"{len(answer):,} rows"
