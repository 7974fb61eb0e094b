"""Files that are no JSON: other ones like them must come back byte by byte, or be refused."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.carrying.bench import Bench, Clean
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.minutes import Minutes
from gatekeeper.carrying.renewed import Renewal
from gatekeeper.migrations.carried import DataTrouble

_MOST_LINES = 8


def opaque(bench: Bench, clean: Clean, minutes: Minutes, dice: Dice) -> None:
    """Carry over files like one whose values nobody can tell, and bring them back."""
    name = clean.fixture.name
    if name.split(" ")[0].endswith(".json"):
        minutes.open.append(
            f"{name} is no JSON that can be compared (each key once, UTF-8 without a mark), so "
            "that nobody has looked whether its values were carried over"
        )
        return
    carried = False
    for says, content in _others(clean.fixture.content, dice):
        place = bench.place(clean.fixture)
        run = bench.forward(place, content)
        minutes.tried("other files like it")
        if clean.ear.reports(run):
            continue
        carried = True
        back = bench.reverse(place, b"") if bench.plan.reverse else run
        if bench.plan.reverse and place.brought_back() != content:
            told = f"{name}, but {says}: it reports nothing, and another file comes back"
            minutes.fail(DataTrouble.NOT_BROUGHT_BACK, told, "others", (run.step, back.step))
    if not carried:
        minutes.open.append(
            f"no file but {name} itself is carried over, so that it is not told from one that is "
            "known by heart"
        )


def _others(content: bytes, dice: Dice) -> Iterator[tuple[str, bytes]]:
    """Files with other digits and letters, all over or in one line."""
    text = content.decode("utf-8", "surrogateescape")
    renewal = Renewal((), dice)
    lines = text.splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.strip()]
    found = [("it has other digits", renewal.text(text))]
    for place in dice.some(places, _MOST_LINES):
        line = lines[place].rstrip("\r\n")
        end = lines[place][len(line) :]
        other = [*lines[:place], renewal.text(line) + end, *lines[place + 1 :]]
        found.append((f"line {place + 1} is another", "".join(other)))
        found.append((f"line {place + 1} is missing", "".join(lines[:place] + lines[place + 1 :])))
    for says, other_text in found:
        made = other_text.encode("utf-8", "surrogateescape")
        if made != content:
            yield says, made
