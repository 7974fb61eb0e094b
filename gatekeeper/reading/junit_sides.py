"""What pytest's own JUnit file makes of each test, to hold a recording against."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from gatekeeper.reading.xml_reading import read_xml

Key = tuple[str, str]

_TEST = "testcase"


class Side(IntEnum):
    """On which side a test came down; of several the worst counts."""

    PASSED = 0
    SKIPPED = 1
    FAILED = 2

    @property
    def word(self) -> str:
        """As it stands in a sentence."""
        return self.name.lower()


_CHILDREN = {"failure": Side.FAILED, "error": Side.FAILED, "skipped": Side.SKIPPED}


def key_of(node_id: str) -> Key:
    """Class name and name under which pytest puts a test into JUnit (its `mangle_test_address`)."""
    address, bracket, parameters = node_id.partition("[")
    file, *names = address.split("::")
    parts = [file.replace("/", ".").removesuffix(".py"), *names]
    parts[-1] += bracket + parameters
    return ".".join(parts[:-1]), parts[-1]


def sides(content: bytes) -> Mapping[Key, Side]:
    """Every test of the file; raises Unusable where it is no whole JUnit file."""
    found: dict[Key, Side] = {}
    opened: list[Key] = []

    def begin(tag: str, attributes: Mapping[str, str]) -> None:
        if tag == _TEST:
            opened.append((attributes.get("classname", ""), attributes.get("name", "")))
            found.setdefault(opened[-1], Side.PASSED)
        elif opened and tag in _CHILDREN:
            found[opened[-1]] = max(found[opened[-1]], _CHILDREN[tag])

    def end(tag: str) -> None:
        if tag == _TEST:
            opened.pop()

    read_xml(content, begin, end, lambda _: None)
    return found
