"""The report as text, for a terminal or a CI log."""

from __future__ import annotations

from datetime import date

from gatekeeper.verdict import Report

WIDTH = 100


def render(
    report: Report,
    *,
    width: int = WIDTH,
    color: bool = False,
    unicode: bool = True,
    today: date | None = None,
) -> str:
    """The report as lines, ending in a line feed.

    `width` is in cells; words longer than that are not broken. Without `unicode` the text
    is pure ASCII. With `today`, waivers say how many days they have left. rich's
    colours are imported only where there is `color`.
    """
    from gatekeeper.report.layout import Pen, painted
    from gatekeeper.report.text_clause import Desk
    from gatekeeper.report.text_page import page

    return painted(page(report, Desk(Pen(width, unicode), today)), color=color)
