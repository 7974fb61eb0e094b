"""What the parser of YAML finds wrong, said so that a person knows where to put the quotes."""

from __future__ import annotations

import re

import yaml

from gatekeeper.errors import Problem

ALIAS = (
    "An alias (*) is not allowed here.",
    'Write the value out; put quotes around a pattern: "*.py".',
)
ANCHOR = (
    "An anchor (&) is not allowed here.",
    "Write the value out; put quotes around text that begins with &.",
)
TAG = (
    "A tag (!) is not allowed here.",
    'Every value is text; put quotes around a pattern: "!build/**".',
)
_SCANNED = {"while scanning an alias": ALIAS, "while scanning an anchor": ANCHOR}
_TAG_IN_LIST = re.compile(r"[\[{,]\s*!")
_QUOTE = 'Text that begins with one of [ ] { } & * ! | > % @ ` or holds ": " or " #" needs quotes.'


def syntax_problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """A parser's error in `text`, at the place where a person has to mend something."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem(path, 1, 1, "This is not YAML.", _QUOTE)
    context, begun = error.context or "", error.context_mark
    if begun and context in _SCANNED:
        return Problem(path, begun.line + 1, begun.column + 1, *_SCANNED[context])
    if begun and "flow" in context and (tag := _swallowing_tag(text, begun.line)):
        return Problem(path, *tag, *TAG)
    mark = error.problem_mark or begun
    place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    reason = ", ".join(part for part in (context, error.problem) if part)
    return Problem(path, *place, f"This is not YAML: {reason}.", _QUOTE)


def _swallowing_tag(text: str, line: int) -> tuple[int, int] | None:
    """Where a tag stands that took the end of its list for its own: `[src/**, !build/**]`."""
    start = sum(len(each) + 1 for each in text.split("\n")[:line])
    found = _TAG_IN_LIST.search(text, start)
    if found is None:
        return None
    before = text[: found.end() - 1]
    return before.count("\n") + 1, len(before) - before.rfind("\n")
