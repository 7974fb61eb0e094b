"""Evidence as lines of plain text, the same in every report that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.finding import (
    Absence,
    Commits,
    Difference,
    Evidence,
    Excerpt,
    Finding,
    Objects,
    Table,
    Trail,
)
from gatekeeper.report.escape import clipped
from gatekeeper.value import dataclass

MOST_LINES = 9
MOST_STEPS = 12
MOST_PATHS = 5
MOST_CHARACTERS = 200
MOST_ROWS = 6
MOST_CELL = 32
_BEFORE_MARK = 3
_LONG_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{28,52}\b")


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of an exhibit: visible text, what stands before it, and whether it is the fault."""

    text: str
    gutter: str = ""
    marked: bool = False


def exhibits(finding: Finding) -> tuple[Shown, ...]:
    """All of a finding's evidence, each piece bounded, with a line for what is left out."""
    return tuple(line for piece in finding.evidence for line in _shown(piece, finding))


def _shown(piece: Evidence, finding: Finding) -> Iterator[Shown]:
    match piece:
        case Excerpt():
            yield from _excerpt(piece, finding)
        case Objects():
            yield _value("before", piece.before)
            yield _value("after", piece.after)
        case Difference():
            yield _value("what", piece.what)
            yield _value("agreed", piece.before)
            yield _value("now", piece.after)
        case Trail():
            yield from _bounded(tuple(Shown(_short(f"via     {at}")) for at in piece.steps), "step")
        case Commits():
            yield from _bounded(tuple(Shown(_commit(*each)) for each in piece.commits), "commit")
        case Absence():
            yield Shown(_short(f"looked for in {piece.looked_at} files, not found: {piece.sought}"))
        case Table():
            yield from _table(piece)


def _excerpt(excerpt: Excerpt, finding: Finding) -> Iterator[Shown]:
    lines = excerpt.text.removesuffix("\n").split("\n")
    first = finding.line or 0
    marks = range(first, max(first, finding.end_line or 0) + 1)
    numbers = range(excerpt.line, excerpt.line + len(lines))
    shown = slice(start := _window(numbers, marks), start + MOST_LINES)
    width = len(str(numbers[shown][-1]))
    for number, line in zip(numbers[shown], lines[shown], strict=True):
        marked = number in marks
        gutter = f"{'>' if marked else ' '} {number:>{width}} | "
        yield Shown(_line(line), gutter, marked)
    rest = len(lines) - start - MOST_LINES
    if rest > 0:
        yield _left_out(rest, "line")


def _line(line: str) -> str:
    """A line of a file: without its line end, its tabs as four spaces."""
    return clipped(line.removesuffix("\r")[: MOST_CHARACTERS + 1].expandtabs(4), MOST_CHARACTERS)


def _window(numbers: range, marks: range) -> int:
    """Where to begin to show, so that the fault is seen."""
    first = marks[0] - numbers[0] if marks[0] in numbers else 0
    return max(0, min(first - _BEFORE_MARK, len(numbers) - MOST_LINES))


def _table(table: Table) -> Iterator[Shown]:
    """The rows under their columns, each cell bounded and all of a column as wide."""
    yield Shown(_short(table.caption))
    rows = [tuple(clipped(cell, MOST_CELL) for cell in row) for row in table.rows[:MOST_ROWS]]
    lines = [tuple(clipped(name, MOST_CELL) for name in table.columns), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=False)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=False))
        yield Shown(clipped("  ".join(cells).rstrip(), MOST_CHARACTERS), "  ")
    if not table.rows:
        yield Shown("(no row)", "  ")
    if len(table.rows) > MOST_ROWS:
        yield _left_out(len(table.rows) - MOST_ROWS, "row")


def _value(word: str, value: str | None) -> Shown:
    return Shown(f"{word:<8}{'nothing' if value is None else _short(value)}")


def _commit(commit: str, paths: tuple[str, ...]) -> str:
    named = ", ".join(paths[:MOST_PATHS])
    more = f" and {len(paths) - MOST_PATHS} more" if len(paths) > MOST_PATHS else ""
    return _short(f"commit  {commit}  {named}{more}")


def _bounded(lines: tuple[Shown, ...], word: str) -> Iterator[Shown]:
    yield from lines[:MOST_STEPS]
    if len(lines) > MOST_STEPS:
        yield _left_out(len(lines) - MOST_STEPS, word)


def _left_out(count: int, word: str) -> Shown:
    plural = "" if count == 1 else "s"
    return Shown(f"… {count} more {word}{plural}; --format json has them all")


def _short(text: str) -> str:
    """A bounded text; object ids in it, which it may be full of, by their beginnings."""
    return clipped(_LONG_ID.sub(r"\1", text[: 4 * MOST_CHARACTERS]), MOST_CHARACTERS)
