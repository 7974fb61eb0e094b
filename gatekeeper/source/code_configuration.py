"""What a configuration file that is a program hides, as far as its text shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.source.comment_sheet import Sheet, Span, blanked
from gatekeeper.source.located import decoded
from gatekeeper.source.script_comments import scan
from gatekeeper.source.suppression import Suppression

_NAMES = re.compile(
    r"(?:eslint|vitest|vite|jest|stylelint|prettier|oxlint|knip)\.config(?:\.\w+)?\.[mc]?[jt]s"
    r"|\.(?:eslint|stylelint)rc\.[mc]?js|vitest\.workspace\.[mc]?[jt]s"
)
_LINTERS = re.compile(r"eslint|stylelint|oxlint")
_RULE = re.compile(
    r"""(?<![\w/@-])(?P<quote>["']?)(?P<rule>@?[\w-]+(?:/[\w-]+)*)(?P=quote)\s*:\s*\[?\s*"""
    r"""["']?(?P<level>\b(?:off|warn|error)\b|(?<![\w.])[012](?![\w.]))["']?"""
)
_LIST = re.compile(
    r"(?P<name>ignores|ignorePatterns|ignoreFiles|globalIgnores|coveragePathIgnorePatterns|exclude)"
    r"\s*[:(]\s*\[(?P<items>[^\]]{0,20000})\]"
)
_ITEM = re.compile(r"""(["'`])((?:(?!\1)[^\\]|\\.)*)\1""")
_LEVELS = {"0": "off", "1": "warn", "2": "on", "error": "on"}


def is_program(path: str) -> bool:
    """Whether a tool runs the file of this name to learn its settings."""
    return _NAMES.fullmatch(path.rpartition("/")[2]) is not None


def is_of_linter(path: str) -> bool:
    """Whether the tool that runs such a file is a linter, all of whose settings matter."""
    return _LINTERS.search(path.rpartition("/")[2]) is not None


def read_program(content: bytes, path: str) -> tuple[tuple[Suppression, ...], str]:
    """What its text hides and guards, and the rest of it, which only running it could explain.

    Raises `Unreadable`.
    """
    text = decoded(content, path)
    sheet, _ = scan(text, path)
    plain = blanked(text, sheet.spans)
    linter = is_of_linter(path)
    lists = [each for each in _LIST.finditer(plain) if linter or each["name"] != "ignores"]
    rules = [each for each in _RULE.finditer(plain) if linter]
    found = (*_of_lists(sheet, lists), *_of_rules(sheet, rules))
    known = sorted(Span(*each.span()) for each in (*lists, *rules))
    rest = "".join(blanked(plain, known).split()).replace(",", "").replace(";", "")
    return found, rest.replace('"', "'")


def _of_lists(sheet: Sheet, lists: list[re.Match[str]]) -> Iterator[Suppression]:
    for each in lists:
        for item in _ITEM.finditer(each["items"]):
            line, column = sheet.place(each.start("items") + item.start())
            yield Suppression(f"setting {each['name']}", (item.group(2),), "", "", line, column)


def _of_rules(sheet: Sheet, rules: list[re.Match[str]]) -> Iterator[Suppression]:
    for each in rules:
        line, column = sheet.place(each.start())
        level = _LEVELS.get(each["level"], each["level"])
        kind, guard = f"rule {each['rule']}", level == "on"
        yield Suppression(kind, (level,), "", "", line, column, (), guard)
