"""A contract's Markdown, read into its title and its clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gatekeeper.contract.decoding import decode
from gatekeeper.contract.folding import mend
from gatekeeper.errors import ConfigurationError, Problem
from gatekeeper.terms import Clause, Place, Prose

if TYPE_CHECKING:
    from gatekeeper.contract.markdown import Block, Document

# Sections that say what the stage is about and what it starts from. Nothing that could be
# a demand stands here ("Scope", "Prerequisites", "Non-goals"): its clauses would go unruled.
_SCENE = re.compile(
    r"(?:(?:stage|phase)(?:-\d+)?-|\d+-|(?:the|existing|current)-)*"
    r"(?:objectives?|goals?|purpose|inputs?|background|context|overview|introduction"
    r"|motivation|summary|scope-notes|glossary|references)"
)

_SECTION = 2

_CLOSING = re.compile(
    r"\bcommit(?:ted|s|ting)?\b.{0,200}?\b(?:before|prior to|ahead of)\b"
    r".{0,200}?\b(?:implement|cod(?:e|ing)\b|work\b|develop|changes?\b)"
    r"|\b(?:before|prior to)\b.{0,200}?\b(?:implement|cod(?:e|ing)\b|work\b|develop|changes?\b)"
    r".{0,200}?\bcommitted\b"
    r"|\b(?:implementation|coding|work|development)\b.{0,200}?\b(?:after|until|once|unless)\b"
    r".{0,200}?\bcommitted\b",
    re.IGNORECASE | re.DOTALL,
)


def read_prose(content: bytes, path: str) -> Prose:
    """The title and clauses of a contract; `path` is what places and problems name.

    Every top-level bullet is a clause of the section that it stands in. A section is a
    second-level heading, or the highest other level where the contract has none of those;
    bullets before the first belong to the section "" (slug `contract`). What stands in
    tables, quotations, code and comments is no clause. May give no clause at all; raises
    ConfigurationError where the bytes are no text, or more than people can agree on.
    """
    import hashlib

    text = decode(content, path)

    from gatekeeper.contract.markdown import Document, TooMuch

    try:
        return _read(Document(text), path, hashlib.sha256(content).hexdigest())
    except TooMuch as error:
        hint = "Shorten it; a contract is for people to read."
        raise ConfigurationError((Problem(path, error.line, 1, f"{error}.", hint),)) from None


def _read(document: Document, path: str, sha256: str) -> Prose:
    from gatekeeper.contract.markdown import Kind

    headings = [block for block in document.blocks if block.kind is Kind.HEADING]
    title = next((heading for heading in headings if heading.level == 1), None)
    level = _section_level([heading.level for heading in headings if heading is not title])
    reader = _Reader(document, path)
    clauses = tuple(reader.clauses(title, level))
    said = reader.says(title) if title else ""
    return Prose(path, said, clauses + tuple(reader.closing()), sha256)


def _section_level(levels: Sequence[int]) -> int:
    return _SECTION if _SECTION in levels else min(levels, default=_SECTION)


class _Reader:
    """Turns a document's blocks into clauses."""

    def __init__(self, document: Document, path: str) -> None:
        self._document = document
        self._path = path
        self._slugs: dict[str, int] = {}

    def says(self, block: Block) -> str:
        return " ".join(mend(self._document.plain(block)).split())

    def clauses(self, title: Block | None, level: int) -> Iterator[Clause]:
        from gatekeeper.contract.markdown import Kind

        heading, slug, number = "", "", 0
        for block in self._document.blocks:
            if block is title or (block.kind is Kind.HEADING and block.level <= level):
                named = "" if block is title else self.says(block)
                if named or heading:
                    heading, slug, number = named, "", 0
            elif block.kind is Kind.BULLET and (says := self.says(block)):
                slug = slug or self._slug(heading)
                number += 1
                yield self._clause(block, f"{slug}-{number}", heading, says)

    def closing(self) -> Iterator[Clause]:
        """The last paragraph, if it says that the contract is committed first.

        It stands after a thematic break, or ends the document.
        """
        block = _last_paragraph(self._document.blocks)
        if block and _CLOSING.search(says := self.says(block)):
            yield self._clause(block, "closing", "", says)

    def _clause(self, block: Block, name: str, section: str, says: str) -> Clause:
        place = Place(self._path, block.line, block.column)
        return Clause(name, section, says, place, block.end_line, _sets_the_scene(section))

    def _slug(self, heading: str) -> str:
        slug = wanted = slug_of(heading) if heading else "contract"
        while slug in self._slugs:
            self._slugs[wanted] += 1
            slug = f"{wanted}-{self._slugs[wanted]}"
        self._slugs[slug] = 1
        return slug


def slug_of(heading: str) -> str:
    """A heading as part of a clause's id: lower case, its words joined with dashes."""
    return "-".join(re.findall(r"[^\W_]+", heading.lower())) or "section"


def _sets_the_scene(heading: str) -> bool:
    return _SCENE.fullmatch(slug_of(heading)) is not None


def _last_paragraph(blocks: Sequence[Block]) -> Block | None:
    from gatekeeper.contract.markdown import MOST_IN_A_TEXT, Kind

    last = [block for block in blocks if block.kind is not Kind.OTHER]
    block = next((each for each in reversed(last) if each.kind is Kind.PARAGRAPH), None)
    if block is None or not (block is last[-1] or _follows_break(last, block)):
        return None
    return block if sum(len(token.content) for token in block.inside) <= MOST_IN_A_TEXT else None


def _follows_break(blocks: Sequence[Block], block: Block) -> bool:
    from gatekeeper.contract.markdown import Kind

    return any(other.kind is Kind.BREAK and other.line < block.line for other in blocks)
