"""What `eslint --format json` writes: of each file, what there is to say."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.reading.content import json_of, shown
from gatekeeper.reading.lint import Linted, Warned
from gatekeeper.reading.places import placing
from gatekeeper.reading.shapes import Table, tables
from gatekeeper.reading.unusable import Unusable

_NOT_PARSED = "parsing-error"
_PASSED_OVER = ("File ignored ", "No files matching ")


def read(content: bytes, root: str, cwd: str = "") -> tuple[Warned, ...]:
    """The warnings and errors in it; raises Unusable for a file that is not ESLint's."""
    return linted(content, root, cwd).warnings


def linted(content: bytes, root: str, cwd: str = "") -> Linted:
    """The same, with the files that ESLint looked at, and those that it was given and ignored.

    What a comment in the code suppresses is left out, as ESLint does. What it suppresses by
    a count of a file of suppressions is not: of a count nobody can tell which ones it means.
    Raises Unusable where a file's counts are not those of its messages, and where no file is
    in it.
    """
    place = placing(root, cwd)
    warnings: list[Warned] = []
    files: set[str] = set()
    unread: set[str] = set()
    for each in tables(json_of(content), "the file"):
        path = place(each.text("filePath"))
        messages = list(each.tables("messages"))
        _check_counts(each, messages, path)
        if any(_is_passed_over(message) for message in messages):
            unread.add(path)
        else:
            files.add(path)
            warnings += [_warned(message, path) for message in (*messages, *_counted(each))]
    if not files and not unread:
        raise Unusable("not one file is in it")
    return Linted("ESLint", tuple(warnings), frozenset(files), frozenset(unread))


def _check_counts(said: Table, messages: list[Table], path: str) -> None:
    stated = said.count("errorCount") + said.count("warningCount")
    if stated != len(messages):
        raise Unusable(
            f"its counts do not add up: {shown(path)} states {stated} messages,"
            f" and holds {len(messages)}"
        )


def _counted(said: Table) -> Iterator[Table]:
    """The messages that are suppressed by a count alone; older ESLint knows of none."""
    for message in said.tables("suppressedMessages") if "suppressedMessages" in said else ():
        if all(each.get("kind") == "file" for each in message.tables("suppressions")):
            yield message


def _is_passed_over(message: Table) -> bool:
    is_of_file = "line" not in message and "ruleId" not in message
    return is_of_file and message.text("message").startswith(_PASSED_OVER)


def _warned(message: Table, path: str) -> Warned:
    is_fatal = message.get("fatal") is True
    code = message.text_or_none("ruleId") or (_NOT_PARSED if is_fatal else "")
    line, column = message.place("line"), message.place("column")
    return Warned(path, line, column, code, message.text("message"))
