"""Lines of styled text: cut where there is room, and nothing of them lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.report.coloring import colored
from gatekeeper.report.layout import Pen, painted
from gatekeeper.report.line import BLANK, Line, width

SGR = re.compile(r"\x1b\[[0-9;]*m")

WORDS = st.text(alphabet="ab-/. 契é\u0301…🙂[]", max_size=40)
STYLES = st.sampled_from(["", "bold", "dim", "bold red"])
LINES = st.lists(st.tuples(WORDS, STYLES), max_size=6).map(lambda parts: Line(tuple(parts)))
ROOMS = st.integers(20, 60)


@given(LINES, ROOMS, ROOMS)
def test_dividing_loses_only_spaces(line: Line, room: int, further: int) -> None:
    divided = list(line.divided(room, further))

    assert line.plain.split() == " ".join(each.plain for each in divided).split()


@given(LINES, ROOMS, ROOMS)
def test_dividing_leaves_each_character_its_style(line: Line, room: int, further: int) -> None:
    divided = list(line.divided(room, further))

    assert _styled(line) == [each for part in divided for each in _styled(part)]


@given(LINES, ROOMS, ROOMS)
def test_only_a_word_alone_is_wider_than_its_line(line: Line, room: int, further: int) -> None:
    divided = [each.plain for each in line.divided(room, further)]

    rooms = [room, *([further] * len(divided))]
    wide = [text for text, cells in zip(divided, rooms, strict=False) if width(text) > cells]
    assert [] == [text for text in wide if len(text.split()) > 1]


@given(LINES, ROOMS)
def test_a_fitted_line_fits(line: Line, room: int) -> None:
    fitted = line.fitted(room, "…")

    assert room >= width(fitted.plain)


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("short", "short"),
        ("four by four", "four by f…"),
        ("spaces    at the cut", "spaces   …"),
        ("契約契約契約", "契約契約 …"),
        ("only space behind    ", "only spac…"),
    ],
)
def test_a_line_is_cut_where_its_room_ends(text: str, fitted: str) -> None:
    line = Line(((text, "bold"),))

    assert fitted == line.fitted(10, "…").plain


@given(LINES)
def test_colour_changes_nothing_but_the_colour(line: Line) -> None:
    assert painted([line], color=False) == SGR.sub("", painted([line], color=True))


def test_styles_are_those_of_ansi() -> None:
    lines = Pen(40).wrapped(("broken", "bold red"), (" by ", ""), ("a", "dim"))

    assert "\x1b[1;31mbroken\x1b[0m by \x1b[2ma\x1b[0m\n" == colored(lines)


def test_a_blank_line_is_empty() -> None:
    assert "\n" == painted([BLANK], color=False) == colored([BLANK])


def _styled(line: Line) -> list[tuple[str, str]]:
    return [(each, style) for words, style in line.parts for each in words if each != " "]
