"""What names of a base lead to is the same, looked up anew or taken from the head's trails."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Snapshot
from gatekeeper.source.python_modules import Nearby
from gatekeeper_rules.code._durable_trail import Trails

NAMES = ("a", "b", "c", "p/__init__", "p/d")
LINES = (
    "from workers import DurableObject as Room\n",
    "from a import Room\n",
    "from b import Room\n",
    "from c import *\n",
    "from p import Room\n",
    "from p.d import Room\n",
    "from p import d\n",
    "from .d import Room\n",
    "import b\nRoom = b.Room\n",
    "Room = None\n",
    "class Other(Room): ...\n",
)
FILES = st.fixed_dictionaries(
    {f"{name}.py": st.lists(st.sampled_from(LINES), max_size=3).map("".join) for name in NAMES}
)
WANTED = tuple((module, name) for module in ("a", "b", "c", "p", "p.d") for name in ("Room", "*"))


@settings(max_examples=200, deadline=None)
@given(FILES, FILES, st.sets(st.sampled_from([f"{name}.py" for name in NAMES])))
def test_trails_of_the_base_are_those_of_the_head_but_for_what_changed(
    before: dict[str, str], other: dict[str, str], changed: set[str]
) -> None:
    base = Snapshot.of("base", before)
    head = Snapshot.of("head", {**before, **{path: other[path] for path in changed}})
    trails = Trails(head, Nearby(head))
    for each in WANTED[::2]:
        trails.files("asks.py", [each])

    derived, anew = trails.of(base, changed), Trails(base, Nearby(base))

    expected = [anew.files("asks.py", [each]) for each in WANTED]
    assert expected == [derived.files("asks.py", [each]) for each in WANTED]
