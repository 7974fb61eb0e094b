"""Text of unknown origin made harmless for where it is shown: a terminal, or Markdown on GitHub."""

from __future__ import annotations

import re

_LIKENESS = str.maketrans(
    {
        "\N{GREATER-THAN OR EQUAL TO}": ">=",
        "\N{LESS-THAN OR EQUAL TO}": "<=",
        "\N{RIGHTWARDS ARROW}": "->",
        "\N{MULTIPLICATION SIGN}": "x",
        "\N{BULLET}": "*",
        "\N{HORIZONTAL ELLIPSIS}": "...",
        "\N{EN DASH}": "-",
        "\N{EM DASH}": "-",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "\N{RIGHT SINGLE QUOTATION MARK}": "'",
        "\N{LEFT DOUBLE QUOTATION MARK}": '"',
        "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    }
)
_MARKUP = frozenset("\\`*_[]<>|~&$")
_BREAK = "\u200b"

# What GitHub turns into a link, a mention, a reference or an emoji after Markdown is done,
# so that no entity keeps it from doing so; only a character in between does. Of the names
# of emoji only two are numbers, so that `file.py:12:5` can stay as it is.
_LINKING = r"(?i)@|#(?=\d)|:(?=//|(?:100|1234|[\w+-]*[a-z+_-][\w+-]*):)|www(?=\.)|\bgh-(?=\d)"

# `::name::` first on a line (GitHub), `##[name]` and `##vso[name]` anywhere (GitHub, Azure).
_COMMAND = r"(?i)(?<!\S):(?=:)|(?<=#)#(?=[a-z]*\[)"
_BLOCK = r"[^\w]|_|\d{1,9}[.)]"


def visible(text: str) -> str:
    r"""`text` on one line, each character that acts or hides written out: `\x1b`, `\u202e`.

    Control, format (bidirectional, zero width), unassigned and private characters and lone
    surrogates are written out; one that stands for a byte that is not UTF-8 (PEP 383) as
    that byte, `\xff`. Spaces of any kind become plain ones. What a CI runner would take for
    a command to itself, wherever the text comes to stand, has a character written out too.
    """
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _written_out(each) for each in text)
    if "::" not in text and "##" not in text:
        return text
    return re.sub(_COMMAND, lambda found: f"\\x{ord(found.group()):x}", text)


def ascii_only(text: str) -> str:
    """Visible `text` for a terminal that is not UTF-8: by likeness, else written out."""
    if text.isascii():
        return text
    return text.translate(_LIKENESS).encode("ascii", "backslashreplace").decode("ascii")


def clipped(text: str, limit: int, mark: str = "…") -> str:
    """`text` made visible, or as much of its beginning as leaves room for `mark` in `limit`.

    However long the text is, no more of it is looked at than can be shown.
    """
    seen = visible(text[: limit + 1])
    if len(seen) <= limit:
        return seen
    return seen[: max(0, limit - len(mark))].rstrip() + mark


def prose(text: str) -> str:
    """`text` as text within Markdown, a table's cell or HTML: it means nothing but itself.

    Markup is written as entities, which all of these show as the character; so is what would
    begin a block (a list, a heading, a rule) where the text comes first on its line. What
    GitHub would link is broken by a zero-width space. Not for attributes of HTML.
    """
    words = re.sub(_LINKING, rf"\g<0>{_BREAK}", " ".join(visible(text).split()))
    start = 1 if re.match(_BLOCK, words) else 0
    rest = (_entity(each) if each in _MARKUP or each == _BREAK else each for each in words[start:])
    return "".join((*map(_entity, words[:start]), *rest))


def code(text: str) -> str:
    """`text` as a code span, for use outside tables and HTML.

    The fence is longer than any run of backticks inside (CommonMark 0.31, section 6.1).
    """
    shown = visible(text)
    if not shown:
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    pad = " " if shown.strip() and {shown[0], shown[-1]} & {"`", " "} else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def html_code(text: str) -> str:
    """`text` as code, for use in tables and HTML."""
    return f"<code>{prose(text)}</code>"


def code_block(lines: tuple[str, ...]) -> str:
    """Lines as a fenced block of code that none of them can close."""
    shown = tuple(visible(line) for line in lines)
    fence = "`" * max(3, 1 + max(map(_longest_run, shown), default=0))
    return "\n".join((f"{fence}text", *shown, fence))


def _written_out(character: str) -> str:
    from unicodedata import category

    if category(character) == "Zs":
        return " "
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def _entity(character: str) -> str:
    return f"&#{ord(character)};"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
