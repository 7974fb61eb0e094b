"""Contracts as people write them, read into clauses with names and places."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.contract.folding import fold
from gatekeeper.contract.prose import read_prose
from gatekeeper.errors import ConfigurationError
from gatekeeper.terms import Clause, Place, Prose

DATA = Path(__file__).parent / "data" / "contracts"
VERBATIM = Path(__file__).parents[2] / "shared" / "contracts" / "stage-2.md"
STAGE_2 = [DATA / "stage-2-reworded.md", *([VERBATIM] if VERBATIM.is_file() else [])]


def read(text: str) -> Prose:
    return read_prose(text.encode(), "contracts/x.md")


def clauses(text: str) -> list[tuple[str, str]]:
    return [(clause.id, clause.says) for clause in read(text).clauses]


def says(text: str) -> list[str]:
    return [clause.says for clause in read(text).clauses]


def refused(content: bytes) -> str:
    with pytest.raises(ConfigurationError) as error:
        read_prose(content, "c.md")
    return str(error.value)


@pytest.mark.parametrize("path", STAGE_2, ids=lambda path: path.stem)
def test_stage_2_has_26_clauses_that_are_ruled_on_and_4_that_set_the_scene(path: Path) -> None:
    prose = read_prose(path.read_bytes(), "stage-2.md")

    ruled = [clause for clause in prose.clauses if not clause.context]
    assert (26, 4) == (len(ruled), len(prose.clauses) - len(ruled))
    assert "closing" == prose.clauses[-1].id


def test_a_clause_has_a_name_a_section_and_a_place() -> None:
    prose = read("# The title\n\n## Immutable Assumptions\n- One\n  goes on.\n- Two.\n")

    assert "The title" == prose.title
    assert (
        Clause("immutable-assumptions-1", "Immutable Assumptions", "One goes on.", prose_at(4), 5),
        Clause("immutable-assumptions-2", "Immutable Assumptions", "Two.", prose_at(6), 6),
    ) == prose.clauses


def prose_at(line: int) -> Place:
    return Place("contracts/x.md", line, 1)


def test_the_digest_is_that_of_the_bytes() -> None:
    content = b"\xef\xbb\xbf- a\r\n"

    assert hashlib.sha256(content).hexdigest() == read_prose(content, "c.md").sha256


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a\n* b\n+ c\n", ["a", "b", "c"], id="any bullet"),
        pytest.param("1. a\n2) b\n", ["a", "b"], id="ordered lists"),
        pytest.param("- [ ] a\n- [x] b\n- [X] c\n", ["a", "b", "c"], id="check boxes"),
        pytest.param("- a\n  b\n\n  c\n", ["a b; c"], id="wrapped lines and paragraphs"),
        pytest.param("- a:\n  - b\n  - c\n", ["a: b; c"], id="nested bullets belong to theirs"),
        pytest.param("- a [b](http://c) d\n", ["a b d"], id="a link is its text"),
        pytest.param("- [a][1]\n\n[1]: http://b\n", ["a"], id="a link by reference"),
        pytest.param("- see https://a.b/c_d\n", ["see https://a.b/c_d"], id="a bare address"),
        pytest.param("- <https://a.b>\n", ["https://a.b"], id="an address in brackets"),
        pytest.param("- `a_*b*` **c** _d_\n", ["a_*b* c d"], id="code and emphasis"),
        pytest.param("- a ![b](c.png)\n", ["a b"], id="a picture is its description"),
        pytest.param("- a<br>b <b>c</b>\n", ["a b c"], id="HTML marks"),
        pytest.param("- a <!-- not b --> c\n", ["a c"], id="a comment inside"),
        pytest.param("<!--\n- a\n-->\n- b\n", ["b"], id="a bullet in a comment"),
        pytest.param("```\n- a\n```\n- b\n", ["b"], id="a bullet in a fence"),
        pytest.param("> - a\n\n- b\n", ["b"], id="a bullet in a quotation"),
        pytest.param("| - a |\n|---|\n| - b |\n\n- c\n", ["c"], id="a table"),
        pytest.param("    - a\n\n- b\n", ["b"], id="a bullet in indented code"),
        pytest.param("- a\n\n  ```\n  b/c.py\n  ```\n", ["a; b/c.py"], id="code in a bullet"),
        pytest.param("-\n- <!-- x -->\n- a\n", ["a"], id="bullets without text"),
        pytest.param("- \u00e2\u2030\u00a590%\n", ["≥90%"], id="misread characters"),
        pytest.param("- “a” \u2013 b…\n", ["“a” \u2013 b…"], id="typography stays as it is shown"),
        pytest.param("- a &amp; b \\* c\n", ["a & b * c"], id="entities and escapes"),
        pytest.param("a paragraph\n", [], id="no bullet, no clause"),
        pytest.param("", [], id="an empty file"),
    ],
)
def test_what_a_clause_says(text: str, expected: list[str]) -> None:
    assert expected == says(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a\n", ["contract-1"], id="no heading at all"),
        pytest.param("# T\n- a\n## B\n- b\n", ["contract-1", "b-1"], id="before the first"),
        pytest.param("# T\n### B c\n- b\n### D\n- d\n", ["b-c-1", "d-1"], id="another level"),
        pytest.param(
            "## A\n### B\n- b\n### C\n- c\n", ["a-1", "a-2"], id="deeper ones do not count"
        ),
        pytest.param("## A\n- a\n## A\n- b\n", ["a-1", "a-2-1"], id="two sections of one name"),
        pytest.param(
            "## A\n- a\n## A 2\n- b\n## A\n- c\n", ["a-1", "a-2-1", "a-3-1"], id="a name taken"
        ),
        pytest.param("T\n===\nA b!\n---\n- a\n", ["a-b-1"], id="underlined headings"),
        pytest.param("## `Code` & *more*\n- a\n", ["code-more-1"], id="marks in a heading"),
        pytest.param("## 1. Größe\n- a\n", ["1-größe-1"], id="letters of any language"),
        pytest.param("## !!!\n- a\n", ["section-1"], id="a heading without letters"),
        pytest.param("## A\n- a\n\ntext\n\n1. b\n", ["a-1", "a-2"], id="two lists of a section"),
        pytest.param("## A\n- a\n# B\n- b\n", ["a-1", "contract-1"], id="a title later on"),
        pytest.param(
            "- a\n# T\n- b\n", ["contract-1", "contract-2"], id="a bullet before the title"
        ),
        pytest.param("# A\n- a\n# B\n- b\n", ["contract-1", "b-1"], id="nothing but titles"),
    ],
)
def test_what_a_clause_is_called(text: str, expected: list[str]) -> None:
    assert expected == [name for name, _ in clauses(text)]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Objective", True),
        ("Inputs", True),
        ("1. Goals", True),
        ("Stage 2 Objective", True),
        ("Background", True),
        ("Context", True),
        ("Scope notes", True),
        ("Scope", False),
        ("Non-goals", False),
        ("Prerequisites", False),
        ("Outputs", False),
        ("Constraints", False),
    ],
)
def test_sections_that_set_the_scene(heading: str, *, expected: bool) -> None:
    (clause,) = read(f"## {heading}\n- a\n").clauses

    assert expected == clause.context


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- a\n\n---\nIt is committed before implementation.\n", True, id="as usual"),
        pytest.param("- a\n\nIt is committed before implementation.\n", True, id="no break"),
        pytest.param(
            "- a\n\n***\nIt is **committed** *before* any coding.\n\n<!-- end -->\n",
            True,
            id="marks, and a comment after it",
        ),
        pytest.param(
            "---\nCommitted before\nimplementation.\n\n- a\n", True, id="a bullet after it"
        ),
        pytest.param("Work begins after it is committed.\n", True, id="the other way round"),
        pytest.param("It is committed before coding.\n\n- a\n", False, id="neither last nor apart"),
        pytest.param("- a\n\n---\nThank you.\n", False, id="another last line"),
        pytest.param("- a\n\n---\nThe team is committed to quality.\n", False, id="other devotion"),
        pytest.param("- a\n\n> It is committed before coding.\n", False, id="a quotation"),
    ],
)
def test_the_closing_line(text: str, *, expected: bool) -> None:
    assert expected == any(clause.id == "closing" for clause in read(text).clauses)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "- a\n".encode("utf-16"), "c.md:1:1: the file is UTF-16. Save it as UTF-8.", id="UTF-16"
        ),
        pytest.param(
            b"- a\n- b\xe4\n",
            "c.md:2:4: the file is not UTF-8: byte 0xe4. Save it as UTF-8.",
            id="Latin-1",
        ),
        pytest.param(
            b"- a\r\n- \0\n",
            "c.md:2:3: the file holds a NUL character. Save it as UTF-8 text.",
            id="NUL",
        ),
        pytest.param(
            b"a" * 1_000_001,
            "c.md:1:1: the file has 1,000,001 bytes. At most 1,000,000 are read.",
            id="too large",
        ),
        pytest.param(
            b"\n" * 20_001,
            "c.md:1:1: the file has 20,001 lines. At most 20,000 are read.",
            id="too long",
        ),
        pytest.param(
            b"\n- " + b"a" * 4_001,
            "c.md:2:1: this is too long to be read (over 4,000 characters). "
            "Shorten it; a contract is for people to read.",
            id="a clause that nobody reads",
        ),
        pytest.param(
            b"- " * 15 + b"deep",
            "c.md:1:1: this is nested too deeply to be read. "
            "Shorten it; a contract is for people to read.",
            id="nested beyond what is read",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(content: bytes, expected: str) -> None:
    assert expected == refused(content)


M = 999_000
BOMBS = {
    "quotations": ">" * M,
    "quotations with text": "> " * 9_000 + "a",
    "bullets in bullets": "- " * (M // 6) + "a",
    "bullets going deeper": "".join("  " * depth + "- a\n" for depth in range(900)),
    "numbers in numbers": "1. " * (M // 3) + "a",
    "brackets": "- " + "[" * M,
    "brackets in many bullets": ("- " + "[" * 3_900 + "\n") * 250,
    "pictures in many bullets": ("- " + "![[](" * 780 + "\n") * 250,
    "lines of brackets": "[\n" * 19_000,
    "stars": "- " + "*a" * (M // 2),
    "marks of code": "- " + "`" * M,
    "one line": "a" * M,
    "blanks": "- " + " " * M + "a",
    "tabs": "\t" * M,
    "comments": "<!--" * (M // 4),
    "tags": "<a " * (M // 3),
    "bullets": "- a\n" * 6_000,
    "definitions": "[a]: (\n" * 19_000,
    "sections of one name": "## A\n- a\n" * 3_300,
    "commitments": "commit before " * 280,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=list(BOMBS))
def test_hostile_text_ends_soon(text: str) -> None:
    began = time.monotonic()
    outcome = _outcome(text.encode())

    assert outcome in ("read", "refused")
    assert time.monotonic() - began < 20


def _outcome(content: bytes) -> str:
    try:
        read_prose(content, "c.md")
    except ConfigurationError:
        return "refused"
    return "read"


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_read_or_refused(content: bytes) -> None:
    assert _outcome(content) in ("read", "refused")


MARKDOWN = st.lists(
    st.sampled_from(
        [
            *[
                "- ",
                "* ",
                "1. ",
                "  ",
                "    ",
                "\n",
                "\n\n",
                "# ",
                "## ",
                "---",
                "> ",
                "```",
                "`",
                "**",
            ],
            *[
                "[",
                "](",
                ")",
                "<!--",
                "-->",
                "<a>",
                "a",
                "b c",
                "\\",
                "&amp;",
                "é",
                "[x] ",
                "\t",
                "\r",
            ],
            *["committed before coding", "\u00e2\u2030\u00a5", "\u2028", "\x0b", "_"],
        ]
    ),
    max_size=60,
).map("".join)


@given(st.one_of(st.text(max_size=300), MARKDOWN))
def test_arbitrary_text_is_read_the_same_each_time_with_one_name_for_each_clause(text: str) -> None:
    content = text.encode("utf-8", "replace")
    if _outcome(content) == "refused":
        return
    prose = read_prose(content, "c.md")
    names = [clause.id for clause in prose.clauses]

    assert read_prose(content, "c.md") == prose
    assert len(names) == len(set(names))
    assert all(clause.says == " ".join(clause.says.split()) != "" for clause in prose.clauses)


@given(MARKDOWN)
def test_places_are_lines_of_the_file_in_order(text: str) -> None:
    if _outcome(text.encode()) == "refused":
        return
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    found = [
        (each.place.line, each.end_line) for each in read(text).clauses if each.id != "closing"
    ]

    assert sorted(found) == found
    assert all(1 <= first <= last <= lines for first, last in found)


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=2, max_size=8).map(
    " ".join
)
REWRITINGS: dict[str, Callable[[str], bytes]] = {
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "other bullets": lambda text: text.replace("\n- ", "\n* ").encode(),
    "wrapped lines": lambda text: text.replace(" ", "\n  ").replace("\n-\n  ", "\n- ").encode(),
    "blank lines between": lambda text: text.replace("\n- ", "\n\n- ").encode(),
    "check boxes": lambda text: text.replace("\n- ", "\n- [ ] ").encode(),
    "emphasis": lambda text: text.replace("\n- ", "\n- **x** ").replace("**x** ", "").encode(),
}


@pytest.mark.parametrize("rewrite", REWRITINGS.values(), ids=list(REWRITINGS))
@given(bullets=st.lists(WORDS, min_size=1, max_size=5))
def test_clauses_survive_how_they_are_written(
    rewrite: Callable[[str], bytes], bullets: list[str]
) -> None:
    text = "\n" + "".join(f"- {bullet}\n" for bullet in bullets)

    assert bullets == [clause.says for clause in read_prose(rewrite(text), "c.md").clauses]


@given(MARKDOWN)
def test_a_quotation_of_the_raw_bullet_is_that_of_the_clause(text: str) -> None:
    line = " ".join(text.replace("\x0b", " ").split()).replace("<", "").replace("`", "")
    if _outcome(f"- {line}".encode()) == "refused":
        return
    found = [clause.says for clause in read(f"- a {line}").clauses if clause.id == "contract-1"]

    assert [fold(f"a {line}")] == [fold(each) for each in found]
