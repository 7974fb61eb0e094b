"""XML read as a stream of elements, within bounds, and without anything a DTD could do."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NoReturn
from xml.parsers import expat

from gatekeeper.reading.content import bounded, shown
from gatekeeper.reading.unusable import Unusable

DEEPEST = 200
"""How deep elements may stand in each other."""

Begin = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]

_WHOLE = True

# Cobertura files name a DTD on the web. Such a line is taken out, so that none is ever looked
# for and an entity that is not XML's own stays an error; any other DOCTYPE is refused.
_DOCTYPE = re.compile(
    rb"(\s*+(?:<\?xml[^>]*+>)?+(?:\s++|<!--(?:[^-]|-[^-])*+-->)*+)"
    rb"<!DOCTYPE\s++[\w:.-]++\s++(?:SYSTEM|PUBLIC\s++\"[^\"<>\[\]]*+\")\s++\"[^\"<>\[\]]*+\"\s*+>"
)


def read_xml(content: bytes, begin: Begin, end: End, text: Text) -> None:
    """Call `begin(name, attributes)`, `text(part)` and `end(name)` as the file goes.

    Raises Unusable for what is empty, too large, too deep, not well formed or cut off, and
    for a DTD or entity of the file's own. What the three raise comes through.
    """
    parser = expat.ParserCreate()
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unusable(
                f"its elements stand in each other more than {DEEPEST} deep,"
                f" at line {parser.CurrentLineNumber}"
            )
        begin(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refused
    parser.buffer_text = True
    try:
        parser.Parse(_without_doctype(bounded(content)), _WHOLE)
    except expat.ExpatError as error:
        said = expat.ErrorString(error.code)
        place = f"{error.lineno}:{error.offset + 1}"
        raise Unusable(f"it is no XML at {place}, or is cut off: {said}") from None
    except (ValueError, LookupError) as error:
        raise Unusable(f"its encoding cannot be read: {error}") from None


def number(attributes: Mapping[str, str], name: str, where: str) -> int | None:
    """The count in an attribute; None where there is no such attribute. Raises Unusable."""
    written = attributes.get(name)
    if written is None:
        return None
    if not re.fullmatch(r"[0-9]{1,18}", written):
        raise Unusable(f"the {name} of {where} is no count but {shown(written)}")
    return int(written)


def _without_doctype(content: bytes) -> bytes:
    found = _DOCTYPE.match(content.removeprefix(b"\xef\xbb\xbf"))
    if not found:
        return content
    rest = content.removeprefix(b"\xef\xbb\xbf")[found.end() :]
    return found[1] + b"\n" * found[0].count(b"\n", len(found[1])) + rest


def _refused(name: str, _system: str | None, _public: str | None, _inside: bool) -> NoReturn:
    raise Unusable(f"it has a DTD of its own ({shown(name)}), and such a file is not read")
