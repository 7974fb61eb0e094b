"""What reports look like, kept as files; `python -m tests.golden` writes them anew for review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from gatekeeper.report import canonical, markdown, text
from gatekeeper.report.brief import brief
from gatekeeper.verdict import Report
from tests import reports

ROOT = Path(__file__).parent.parent
Show = Callable[[Report], str]

IN_A_TERMINAL: Show = partial(text.render, width=80, color=True, today=reports.TODAY)
IN_A_LOG: Show = partial(text.render, width=100)
IN_A_NARROW_PLACE: Show = partial(text.render, width=40, unicode=False)


def _all(show: Show, *builds: Callable[[], Report]) -> str:
    return "".join(show(build()) for build in builds)


GOLD: Mapping[str, Callable[[], str]] = {
    **{
        f"docs/samples/report-{word}.json": partial(_all, canonical.render, build)
        for word, build in reports.BY_VERDICT.items()
    },
    "tests/gold/terminal.ansi": partial(_all, IN_A_TERMINAL, reports.mixed),
    "tests/gold/log.txt": partial(_all, IN_A_LOG, reports.mixed),
    "tests/gold/narrow.txt": partial(_all, IN_A_NARROW_PLACE, reports.mixed),
    "tests/gold/unproven.txt": partial(_all, IN_A_LOG, reports.unproven),
    "tests/gold/brief.txt": partial(
        _all, brief, reports.kept, reports.waived, reports.deferred, reports.pending
    ),
    "tests/gold/mixed.md": partial(_all, markdown.render, reports.mixed),
    "tests/gold/broken.md": partial(_all, markdown.render, reports.broken),
    "tests/gold/hostile.txt": partial(
        _all, IN_A_LOG, *(partial(reports.hostile, attack) for attack in reports.HOSTILE[:4])
    ),
}


def main() -> None:
    """Write every gold file."""
    for name, show in GOLD.items():
        (ROOT / name).write_text(show(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
