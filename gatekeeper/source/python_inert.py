"""Whether an edit of a Python file can hide nothing: told from the lines that differ alone.

Both sides are cut at the same places, between two statements, where no string and no bracket
is open: what stands before and behind is then the same code, with the same comments, on both.
What stands between may only call, raise, assert and branch. Nothing that binds a name, gives
back a value, declares a type or could be told to a tool is there; whether the rest of the file
hides anything does not matter, for it does so on both sides.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from itertools import pairwise

from gatekeeper.source.python_lookalikes import LOOKALIKES
from gatekeeper.source.suppression_pieces import may_hide
from gatekeeper.value import dataclass

_LARGEST = 1_000_000
_DEEPEST = 30
_AROUND = 3
_QUOTES = frozenset("\"'")
_ONLY_AST = 0x400
_CHECKED = ("TYPE_CHECKING", "MYPY")
_NAMES = ("Any", "cast", "typing", *_CHECKED)
_ODD = (b"\r", b"\f", b"\v", b"\0", b"\xef\xbb\xbf", b"no_type_check")
_LEADS_ON = ("else", "elif", "except", "finally", "case")

_STRING = (
    r"{q}(?:{q}{q}[^{q}\\]*+(?:(?:\\.|{q}(?!{q}{q}))[^{q}\\]*+)*+{q}{q}{q}"
    r"|(?!{q}{q})[^{q}\\\n]*+(?:\\.[^{q}\\\n]*+)*+{q})?+"
)
_TOKEN = re.compile(
    r"\((?:[^()\[\]{}\n#\"'\\]*+\))?+|\[(?:[^()\[\]{}\n#\"'\\]*+\])?+|[)\]{}\n]"
    r"|#[^\n]*+|\\\n?+|" + _STRING.format(q='"') + "|" + _STRING.format(q="'"),
    re.DOTALL,
)
"""A string that is not closed, and a backslash that ends no line, match as one character."""

_ALLOWED = frozenset((
    *("Module", "Expr", "If", "Pass", "Raise", "Assert", "While", "Break", "Continue", "Call"),
    *("keyword", "Name", "Attribute", "Constant", "JoinedStr", "FormattedValue", "Subscript"),
    *("Slice", "Tuple", "List", "Set", "Dict", "Starred", "IfExp", "Await", "BoolOp", "BinOp"),
    *("UnaryOp", "Compare", "Load", "And", "Or", "Not", "Invert", "UAdd", "USub", "Add", "Sub"),
    *("Mult", "MatMult", "Div", "Mod", "Pow", "LShift", "RShift", "BitOr", "BitXor", "BitAnd"),
    *("FloorDiv", "Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "Is", "IsNot", "In", "NotIn"),
))  # fmt: skip
"""Nodes of `ast` that bind no name, declare nothing and give nothing back."""


@dataclass(frozen=True)
class _Edit:
    """A text and where it differs: `start` and `end` are offsets at which statements begin.

    `heads` are those of all statements, comments and empty lines before `start`.
    """

    text: str
    start: int
    end: int
    heads: tuple[int, ...]

    @property
    def between(self) -> str:
        """What the other text has otherwise, in whole statements."""
        return self.text[self.start : self.end]

    def indents(self) -> list[int]:
        """How far each statement is indented that begins in what differs."""
        return [_indent(each) for each in _statements(self.between, tuple(_heads(self.between, 0)))]

    def around(self) -> Iterator[str]:
        """The beginnings of the blocks that it stands in, from the inside out."""
        least = min(self.indents(), default=0)
        for each in reversed(_statements(self.text, (*self.heads, self.start))):
            if _indent(each) < least:
                least = _indent(each)
                yield each

    def before(self) -> str:
        """The last statement before it."""
        found = _statements(self.text, (*self.heads, self.start))
        return next(reversed(found), "")


def is_inert(before: bytes, after: bytes, *, sound: bool = False) -> bool:
    """Whether the edit of a Python file surely adds nothing that hides from a tool.

    No is no answer: then the whole files have to be read. With `sound`, it is known already that
    `before` can be parsed, and the whole of `after` need not be: it can just when `before` can.
    """
    if any(map(_is_odd, (before, after))):
        return False
    try:
        edits = _edits(before.decode(), after.decode())
        return edits is not None and _adds_nothing(*edits) and (sound or parses(after))
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False


def only_comments(before: bytes, after: bytes) -> bool:
    """Whether an edit of a Python file is one of comments and empty lines; no is no answer."""
    if any(map(_is_odd, (before, after))):
        return False
    try:
        edits = _edits(before.decode(), after.decode())
    except ValueError:
        return False
    return edits is not None and not any(
        _is_code(line) for each in edits for line in each.between.split("\n")
    )


def _is_odd(content: bytes) -> bool:
    """Whether it may not mean what it looks like: by its encoding, its line ends, its letters."""
    return (
        len(content) > _LARGEST
        or not content.endswith(b"\n")
        or any(b"coding" in line for line in content.split(b"\n", 2)[:2])
        or any(piece in content for piece in _ODD)
        or (not content.isascii() and any(piece in content for piece in LOOKALIKES))
    )


# -- where the two differ


def _edits(old: str, new: str) -> tuple[_Edit, _Edit] | None:
    """Both texts, cut at the same places; None where no statement begins there."""
    was, now = old.split("\n"), new.split("\n")
    # The last of them, behind the last line's end, is empty in both.
    most = min(len(was), len(now)) - 1
    same = _alike(was[:most], now[:most])
    same_end = _alike(was[same:][::-1], now[same:][::-1])
    shared = "".join(f"{line}\n" for line in was[:same])
    size = len("\n".join(was[len(was) - same_end :]))
    heads = tuple(_heads(shared, 0))
    ends = [_first(_heads(text, heads[-1]), len(text) - size) for text in (old, new)]
    if ends[0] is None or ends[1] is None or len(old) - ends[0] != len(new) - ends[1]:
        return None
    return _Edit(old, heads[-1], ends[0], heads[:-1]), _Edit(new, heads[-1], ends[1], heads[:-1])


def _alike(was: list[str], now: list[str]) -> int:
    """How many lines are the same at the beginning."""
    pairs = enumerate(zip(was, now, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(was), len(now)))


def _first(heads: Iterable[int], least: int) -> int | None:
    return next((at for at in heads if at >= least), None)


def _heads(text: str, start: int) -> Iterator[int]:
    """Where statements, comments and empty lines begin, up to what cannot be told in one way."""
    depth = 0
    yield start
    for found in _TOKEN.finditer(text, start):
        at, end = found.span()
        first = text[at]
        if first == "\n":
            if not depth:
                yield end
        elif end - at == 1 and first != "#":
            depth += 1 if first in "([{" else -1
            if first in _QUOTES or first == "\\" or not 0 <= depth <= _DEEPEST:
                return
        elif first in _QUOTES and not _is_plain(text, at, end):
            return


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether a string ends where it seems to: one that is formatted can hold other strings."""
    prefix = text[max(start - 2, 0) : start].lower()
    if prefix[-1:] not in ("f", "t") and (prefix[-1:] != "r" or prefix[:1] not in ("f", "t")):
        return True
    held = text[start + 1 : end - 1]
    if "{" not in held:
        return "\\N" not in held
    if text.startswith(text[start] * 3, start) or "\\" in held or "\n" in held:
        return False
    fields = held.replace("{{", "").replace("}}", "").split("{")[1:]
    return all(field.count("}") == 1 and "#" not in field for field in fields)


def _statements(text: str, heads: tuple[int, ...]) -> list[str]:
    """What stands between the heads, without comments and empty lines."""
    return [each for start, end in pairwise(heads) if _is_code(each := text[start:end])]


def _is_code(line: str) -> bool:
    return line.strip() != "" and not line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


# -- what differs


def _adds_nothing(old: _Edit, new: _Edit) -> bool:
    ahead, enough = _near(reversed(new.text[: new.start].split("\n")))
    behind, _ = _near(iter(new.text[new.end :].split("\n")))
    edited = (old.between, new.between)
    around = "\n".join((*ahead, *edited, *behind))
    return (
        # Behind less code, a comment could be the first thing in the file.
        enough
        and "\t" not in around
        and not may_hide(around.encode())
        and not any(name in each for name in _NAMES for each in edited)
        and _fits(old, new)
        and not any(map(_is_unchecked, (old, new)))
        and all(map(_binds_nothing, (old, new)))
    )


def _near(lines: Iterator[str]) -> tuple[list[str], bool]:
    """Lines up to the third with code, and whether there are so many.

    A comment can be about code next to it, and be told over several lines.
    """
    found, left = [], _AROUND
    for line in lines:
        found.append(line)
        left -= _is_code(line)
        if not left:
            break
    return found, not left


def _fits(old: _Edit, new: _Edit) -> bool:
    """Whether all else belongs to the same classes, functions and branches on both sides.

    And whether one of them can be parsed just when the other one can.
    """
    was, now = old.indents(), new.indents()
    if not was and not now:
        return True
    least = min((*was, *now))
    behind = next((line for line in new.text[new.end :].split("\n") if _is_code(line)), "")
    if any(held and held[0] != least for held in (was, now)) or _indent(behind) > least:
        return False
    if behind.strip().startswith(_LEADS_ON):
        return False
    if was and now:
        return True
    before = new.before()
    opens = before.rstrip().endswith(":") or before.lstrip().startswith("@") or "#" in before
    # All others end where a statement begins that is not indented.
    return not opens and least in (0, _indent(before), *((_indent(behind),) if behind else ()))


def _is_unchecked(edit: _Edit) -> bool:
    """Whether type checkers may never look at where it stands, for what they take to be so."""
    return any(name in edit.text for name in _CHECKED) and any(
        each.lstrip().startswith(_LEADS_ON) or any(name in each for name in _CHECKED)
        for each in edit.around()
    )


def _binds_nothing(edit: _Edit) -> bool:
    indents = edit.indents()
    if not indents:
        return True
    text = f"if 1:\n{edit.between}" if indents[0] else edit.between
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = compile(text, "", "exec", _ONLY_AST, dont_inherit=True)
    waiting: list[tuple[object, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        if type(node).__name__ not in _ALLOWED or depth > _DEEPEST:
            return False
        for name in getattr(node, "_fields", ()):
            held = getattr(node, name, None)
            parts = held if isinstance(held, list) else (held,)
            waiting.extend((part, depth + 1) for part in parts if hasattr(part, "_fields"))
    return True


def parses(content: bytes) -> bool:
    """Whether the Python that runs gatekeeper can read it, as UTF-8."""
    import symtable

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symtable.symtable(content.decode(), "", "exec")
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return False
    return True
