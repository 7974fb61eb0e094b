"""What pytest's own JUnit file makes of each test, to hold a recording against."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from io import BytesIO
from xml.parsers import expat

from gatekeeper.reading.unusable import Unusable

Key = tuple[str, str]

_DEEPEST = 50


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
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.ParseFile(BytesIO(content))
    except expat.ExpatError as error:
        raise Unusable(f"the JUnit file is no XML: {error}") from None
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found: dict[Key, Side] = {}
        self._depth = 0
        self._open: Key | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unusable("the JUnit file is nested too deeply")
        if tag == "testcase":
            self._open = attributes.get("classname", ""), attributes.get("name", "")
            self.found.setdefault(self._open, Side.PASSED)
        elif self._open is not None and tag in _CHILDREN:
            self.found[self._open] = max(self.found[self._open], _CHILDREN[tag])

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "testcase":
            self._open = None

    def refuse(self, *_: object) -> None:
        raise Unusable("the JUnit file declares a document type")
