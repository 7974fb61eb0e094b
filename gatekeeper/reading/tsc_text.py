"""What `tsc --pretty false` prints: a line for each error, and what explains it below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.reading.content import not_too_many, shown, text_of
from gatekeeper.reading.lint import Warned
from gatekeeper.reading.places import Place, placing
from gatekeeper.reading.unusable import Unusable

_ERROR = re.compile(
    r"(?P<path>[^\s].*?)\((?P<line>[0-9]{1,9}),(?P<column>[0-9]{1,9})\): "
    r"(?P<kind>error|warning|suggestion|message) TS(?P<code>[0-9]{1,9}): (?P<message>.*)"
)


def read(content: bytes, root: str, cwd: str = "") -> tuple[Warned, ...]:
    """The errors in it; none where tsc printed nothing.

    It does so when all is well: whoever reads it holds that against the exit status.
    Raises Unusable for a line that is none of these, and for an error that belongs to no
    file: with such a one (no inputs, an unknown option) tsc has not looked at everything.
    """
    if not content:
        return ()
    return tuple(_warnings(text_of(content), placing(root, cwd)))


def _warnings(text: str, place: Place) -> Iterator[Warned]:
    not_too_many(text.count("\n"), "lines")
    found: re.Match[str] | None = None
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip() or (found and line.startswith("  ")):
            continue
        found = _ERROR.fullmatch(line)
        if not found:
            raise Unusable(
                f"tsc did not do its work, or line {n} is none of its own: {shown(line)}"
            )
        code = f"TS{found['code']}"
        line_, column = int(found["line"]), int(found["column"])
        yield Warned(place(found["path"]), line_ or None, column or None, code, found["message"])
