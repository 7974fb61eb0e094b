"""The comments of JavaScript and TypeScript, told from strings, templates, regexes and JSX text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from gatekeeper.errors import Unreadable
from gatekeeper.source.comment_sheet import Sheet, Span, blanked, line_starts
from gatekeeper.source.script_symbols import Block, Symbols
from gatekeeper.source.script_words import BEFORE_BLOCK, BEFORE_REGEX, CONTROLS, DECLARES

BREAK = re.compile(r"\r\n?|[\n\u2028\u2029]")
_SPACE = re.compile(r"\s+")
_LINE = re.compile(r"(?://|#!)[^\r\n\u2028\u2029]*")
_NUMBER = re.compile(r"\.?\d(?:[eE][+-]|[\w.])*")
_WORD = re.compile(r"(?:[\w$\u200c\u200d]|\\u[0-9a-fA-F]{4}|\\u\{[0-9a-fA-F]+\})+")
_REGEX = re.compile(
    r"/(?:[^/\\\[\r\n\u2028\u2029]|\\[^\r\n\u2028\u2029]|\[(?:[^\]\\\r\n]|\\[^\r\n]){0,20000}+\])"
    r"{1,20000}+/\w*"
)
_STRINGS = {
    '"': re.compile(r'"(?:[^"\\\r\n]++|\\(?:\r\n|[\s\S]))*+"'),
    "'": re.compile(r"'(?:[^'\\\r\n]++|\\(?:\r\n|[\s\S]))*+'"),
}
_TEMPLATE = re.compile(r"(?:[^`\\$]++|\\[\s\S]|\$(?!\{))*+(`|\$\{)")
_PUNCTUATOR = re.compile(r"=>|<<|\+\+|--|\?\.(?!\d)|\.\.\.|[\s\S]")
_JSX_TEXT = re.compile(r"[^<{]*")
_JSX_NAME = re.compile(r"[\w$.:-]*")
_GENERIC = re.compile(r"\s*(?:,|extends\b|=|>\s*\()")
_DEEPEST, _NEAR = 2000, 100


@dataclass(slots=True)
class _Frame:
    """Something open: a bracket of code, `${` (closed by `}` as well), a JSX tag, its children.

    `statement` is where the current statement in it begins; `control` says that a bracket
    belongs to `if`, `while`, …, `block` that a brace holds statements; `number` is the
    block's. `angles` counts the type arguments that are open in a tag.
    """

    opened: str
    statement: int
    number: int = -1
    block: bool = False
    control: bool = False
    angles: int = 0


def sheet_of(text: str, path: str, *, jsx: bool = True) -> Sheet:
    """The comments of a script; raises `Unreadable` where something in it is not closed."""
    return scan(text, path, jsx=jsx)[0]


def scan(text: str, path: str, *, jsx: bool = True) -> tuple[Sheet, str]:
    """The comments, and the code alone: comments, strings, templates, regexes, text blanked."""
    scanner = _Scanner(text, path, jsx=jsx)
    scanner.scan()
    bare = blanked(text, sorted((*scanner.comments, *scanner.literals)))
    symbols = Symbols(bare, tuple(scanner.blocks))
    sheet = Sheet(text, line_starts(text, BREAK), tuple(scanner.comments), symbols.at)
    return sheet, bare


class _Scanner:
    """A script, how far it is read, what is open there, and whether a value has just ended."""

    def __init__(self, text: str, path: str, *, jsx: bool) -> None:
        self.text, self.path, self.jsx = text, path, jsx
        self.at = 0
        self.comments: list[Span] = []
        self.literals: list[Span] = []
        self.blocks: list[Block] = []
        self._frames = [_Frame("", 0, block=True)]
        self._closed: dict[str, int] = {}
        self._last = ""
        self._value = False

    def scan(self) -> None:
        if self.text.startswith("#!"):
            self._comment(_LINE)
        while self.at < len(self.text):
            frame = self._frames[-1]
            if frame.opened == "children":
                self._children()
            elif not self._blank():
                if frame.opened == "tag":
                    self._in_tag(frame)
                else:
                    self._code(frame)
        if len(self._frames) > 1:
            self._fail(f"{self._frames[-1].opened} is not closed")

    def _blank(self) -> bool:
        """Go past white space or one comment, if there is either."""
        if space := _SPACE.match(self.text, self.at):
            self.at = space.end()
            return True
        if self.text.startswith("//", self.at):
            self._comment(_LINE)
            return True
        if self.text.startswith("/*", self.at):
            end = self.text.find("*/", self.at + 2)
            if end < 0:
                self._fail("a comment is not closed")
            self.comments.append(Span(self.at, end + 2))
            self.at = end + 2
            return True
        return False

    def _comment(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self.text, self.at):
            self.comments.append(Span(*found.span()))
            self.at = found.end()

    # -- code

    def _code(self, frame: _Frame) -> None:
        character = self.text[self.at]
        if character in _STRINGS:
            self._literal(_STRINGS[character], "a string is not closed")
        elif character == "`":
            self._template(self.at + 1)
        elif found := _NUMBER.match(self.text, self.at):
            self._took(found.end(), "0", value=True)
        elif found := _WORD.match(self.text, self.at):
            self._word(found.group())
        elif character == "/" and not self._value and _REGEX.match(self.text, self.at):
            self._literal(_REGEX, "")
        elif character == "<" and self.jsx and not self._value and self._is_tag():
            self._open_tag()
        else:
            self._punctuator(frame)

    def _took(self, end: int, last: str, *, value: bool) -> None:
        self.at, self._last, self._value = end, last, value

    def _word(self, word: str) -> None:
        end = self.at + len(word)
        named = self._last in (".", "?.", "#")
        frame = self._frames[-1]
        if word in DECLARES and frame.block and self._value and self._begins_line():
            frame.statement = self.at  # where a line ends that says no more, a statement does
        operator = word in BEFORE_REGEX or (word == "of" and self._value)
        said = "for await" if (self._last, word) == ("for", "await") else word
        self._took(end, "." + word if named else said, value=named or not operator)

    def _begins_line(self) -> bool:
        """Whether nothing but space stands before this on its line."""
        before = max(self.text.rfind("\n", 0, self.at), self.text.rfind("\r", 0, self.at))
        return not self.text[before + 1 : self.at].strip()

    def _literal(self, pattern: re.Pattern[str], fault: str) -> None:
        found = pattern.match(self.text, self.at)
        if not found:
            self._fail(fault)
        self.literals.append(Span(found.start() + 1, found.end() - 1))
        self._took(found.end(), '"', value=True)

    def _template(self, start: int) -> None:
        """Go on in a template, to its end or to where an expression stands in it."""
        found = _TEMPLATE.match(self.text, start)
        if not found:
            self._fail("a template is not closed")
        self.literals.append(Span(start, found.start(1)))
        if found.group(1) == "`":
            self._took(found.end(), "`", value=True)
        else:
            self._push("${", found.end())

    def _punctuator(self, frame: _Frame) -> None:
        found = _PUNCTUATOR.match(self.text, self.at)
        sign = found.group() if found else ""
        start, self.at = self.at, self.at + len(sign)
        if sign in ("(", "[", "{"):
            self._bracket(sign, start)
        elif sign in (")", "]", "}"):
            self._close(sign, frame)
        elif sign in ("++", "--") or (sign == "!" and self._asserts(start)):
            self._last = sign
        else:
            if sign == ";" or (sign == "," and not frame.block):
                frame.statement = self.at
            self._took(self.at, sign, value=False)

    def _asserts(self, start: int) -> bool:
        """Whether `!` stands behind a value, of which TypeScript takes it to be something."""
        return self._value and not self.text[start - 1].isspace()

    def _bracket(self, sign: str, start: int) -> None:
        block = sign == "{" and self._begins_block()
        if block:
            self.blocks.append(Block(start, len(self.text), self._frames[-1].statement))
        control = sign == "(" and self._last in CONTROLS
        self._push(sign, start + 1, block=block, control=control)

    def _begins_block(self) -> bool:
        if self._value or self._last in BEFORE_BLOCK:
            return True
        frame = self._frames[-1]
        said = self.text[frame.statement : frame.statement + _NEAR].split(None, 1)[:1]
        return self._last == ":" and frame.block and said in (["case"], ["default:"], ["default"])

    def _push(
        self, opened: str, inside: int, *, block: bool = False, control: bool = False
    ) -> None:
        if len(self._frames) > _DEEPEST:
            self._fail("its brackets are nested too deeply")
        number = len(self.blocks) - 1 if block else -1
        self._frames.append(_Frame(opened, inside, number, block, control))
        self._took(inside, opened if opened != "${" else "(", value=False)

    def _close(self, sign: str, frame: _Frame) -> None:
        wanted = {")": "(", "]": "["}.get(sign)
        closes = frame.opened == wanted if wanted else frame.opened in ("{", "${", "expression")
        if not closes:
            self._fail(f"{sign} closes nothing")
        self._frames.pop()
        self._last, self._value = sign, not (frame.control or frame.block)
        if frame.opened == "${":
            self._template(self.at)
        elif frame.block:
            self._frames[-1].statement = self.at
            self.blocks[frame.number] = self.blocks[frame.number]._replace(end=self.at)

    # -- JSX

    def _is_tag(self) -> bool:
        """Whether `<` where a value is expected begins an element, not type parameters."""
        name = _JSX_NAME.match(self.text, self.at + 1)
        if not name or not name.group():
            return self.text.startswith("<>", self.at)
        if not _GENERIC.match(self.text, name.end()):
            return True
        if name.group() not in self._closed:
            self._closed[name.group()] = self.text.rfind(f"</{name.group()}")
        return self._closed[name.group()] > self.at

    def _open_tag(self) -> None:
        name = _JSX_NAME.match(self.text, self.at + 1)
        self._push("tag", name.end() if name else self.at + 1)

    def _in_tag(self, frame: _Frame) -> None:
        character = self.text[self.at]
        if character in "'\"":
            self._attribute(character)
        elif character == "{":
            self._push("expression", self.at + 1)
        elif self.text.startswith("/>", self.at) and not frame.angles:
            self._frames.pop()
            self._element_ends(self.at + 2)
        elif character == "<" and self._last == "=" and not frame.angles:
            self._open_tag()
        else:
            self._in_tag_sign(frame, character)

    def _in_tag_sign(self, frame: _Frame, character: str) -> None:
        if character == "<":
            frame.angles += 1
        elif character == ">" and self._last != "=" and frame.angles:
            frame.angles -= 1
        elif character == ">" and not frame.angles:
            frame.opened = "children"
        self._took(self.at + 1, character, value=False)

    def _attribute(self, quote: str) -> None:
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            self._fail("a string is not closed")
        self.literals.append(Span(self.at + 1, end))
        self._took(end + 1, '"', value=False)

    def _children(self) -> None:
        found = _JSX_TEXT.match(self.text, self.at)
        end = found.end() if found else self.at
        self.literals.append(Span(self.at, end))
        self.at = end
        if self.text.startswith("{", end):
            self._push("expression", end + 1)
        elif self.text.startswith("</", end):
            closing = self.text.find(">", end)
            if closing < 0:
                self._fail("a tag is not closed")
            self._frames.pop()
            self._element_ends(closing + 1)
        elif end < len(self.text):
            self._open_tag()

    def _element_ends(self, end: int) -> None:
        self._took(end, ")", value=True)

    def _fail(self, reason: str) -> NoReturn:
        line = len(BREAK.findall(self.text, 0, self.at)) + 1
        raise Unreadable(
            self.path, f"it cannot be told apart into code and comments: {reason}", line
        )
