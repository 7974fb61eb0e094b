"""Findings about lines: one for each function, or outside of Python for each run of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from gatekeeper import Evidence, Excerpt, Finding, Side, Snapshot, Unreadable
from gatekeeper.reading.coverage import FileCoverage
from gatekeeper.source.python import is_python
from gatekeeper.source.python_lines import PYTHON_LINES
from gatekeeper.value import dataclass
from gatekeeper_rules.suite._fate import Fate

_EXCERPTS = 3
_EXCERPT_LINES = 5
_SHOWN_WIDTH = 300
_RANGES = 8
_LONGEST = 1000

Fates = Mapping[Fate, Collection[int]]


@dataclass(frozen=True, slots=True)
class Charge:
    """What is held against some lines of a file: their fates, the evidence, and how to mend it."""

    evidence: tuple[Evidence, ...]
    fix: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A measured file of the head, to write findings about."""

    head: Snapshot
    path: str
    coverage: FileCoverage

    def findings(self, found: Fates, charge: Charge) -> Iterator[Finding]:
        """One for each function that holds any of the lines, in order."""
        chosen = sorted({line for lines in found.values() for line in lines})
        file = self.coverage
        order = order_of(file.covered | file.missed | file.excluded | frozenset(chosen))
        texts = self.head.read(self.path).split(b"\n")
        for symbol, lines in self._groups(chosen, order):
            held = {fate: [line for line in lines if line in of] for fate, of in found.items()}
            fates = {fate: runs_of(lines, order) for fate, lines in held.items() if lines}
            runs = runs_of(lines, order)
            yield Finding(
                _message(symbol, fates),
                Side.HEAD,
                self.path,
                (*charge.evidence, *_excerpts(runs, texts)),
                charge.fix,
                line=lines[0],
                end_line=runs[0][-1],
                symbol=symbol,
                quoted=_identity(held, texts),
            )

    def _groups(
        self, lines: Sequence[int], order: Mapping[int, int]
    ) -> Iterator[tuple[str, Sequence[int]]]:
        symbols = self._symbols()
        if symbols is None:
            yield from (("", run) for run in runs_of(lines, order))
            return
        grouped: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            grouped[symbols.get(line, "")].append(line)
        yield from grouped.items()

    def _symbols(self) -> Mapping[int, str] | None:
        """The function around each line, where that can be told."""
        if not is_python(self.path):
            return None
        try:
            return self.head.facts(PYTHON_LINES, self.path).symbols()
        except Unreadable:
            return None


def order_of(lines: Iterable[int]) -> Mapping[int, int]:
    """The place of each line among them."""
    return {line: at for at, line in enumerate(sorted(lines))}


def runs_of(lines: Iterable[int], order: Mapping[int, int]) -> Sequence[Sequence[int]]:
    """Sorted lines in runs that no other line of the order stands between."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and order[line] == order[runs[-1][-1]] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _message(symbol: str, fates: Mapping[Fate, Sequence[Sequence[int]]]) -> str:
    said = []
    for fate, runs in fates.items():
        count = sum(len(run) for run in runs)
        said.append(f"{count:,} line{'s' * (count != 1)} {fate.value} ({shown(runs)})")
    return f"{f'`{symbol}`' if symbol else 'The file'} has {', and '.join(said)}."


def shown(runs: Sequence[Sequence[int]]) -> str:
    """Runs of lines as a person writes them: `3-6, 9`."""
    told = [str(run[0]) if run[0] == run[-1] else f"{run[0]}-{run[-1]}" for run in runs]
    rest = len(told) - _RANGES
    return ", ".join(told[:_RANGES]) + (f" and {rest:,} more places" if rest > 0 else "")


def _excerpts(runs: Sequence[Sequence[int]], texts: list[bytes]) -> Iterator[Excerpt]:
    for run in runs[:_EXCERPTS]:
        last = min(run[-1], run[0] + _EXCERPT_LINES - 1)
        lines = (_text(texts, line) for line in range(run[0], last + 1))
        yield Excerpt(run[0], "\n".join(lines))


def _text(texts: list[bytes], line: int) -> str:
    text = texts[line - 1] if line <= len(texts) else b""
    return text.decode("utf-8", "replace").rstrip("\r")[:_SHOWN_WIDTH]


def _identity(fates: Fates, texts: list[bytes]) -> str:
    """What the lines say and what became of them: a waiver for these lets no others pass."""
    text = "\n".join(
        f"{fate.name.lower()}: {_text(texts, line).strip()}"
        for fate, lines in fates.items()
        for line in lines
    )
    if len(text) <= _LONGEST:
        return text
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{text[:_LONGEST]}… {digest[:16]}"
