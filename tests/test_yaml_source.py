"""A strict YAML file is read as located nodes, or refused with one line that says where and why."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.contract.nodes import Listing, Node, Problems, Table, Text
from gatekeeper.contract.yaml_bytes import unprintable
from gatekeeper.contract.yaml_source import FASTEST, Loader, read_yaml

PARSERS = pytest.mark.parametrize(
    "parser", [yaml.SafeLoader, yaml.CSafeLoader], ids=["Python parser", "libyaml"]
)
QUOTE = 'Text that begins with one of [ ] { } & * ! | > % @ ` or holds ": " or " #" needs quotes.'
SMALLER = "A binding is for people to read: make it smaller."


def read(content: bytes, parser: Loader = FASTEST) -> tuple[Node | None, list[str]]:
    problems = Problems("g.yaml")
    root = read_yaml(content, problems, parser)
    return root, [str(problem) for problem in problems.all()]


REFUSED = {
    "an empty file": (b"", ["g.yaml:1:1: The file is empty. gatekeeper init drafts one."]),
    "a file of comments": (
        b"# nothing\n\n# here\n",
        ["g.yaml:1:1: The file is empty. gatekeeper init drafts one."],
    ),
    "a key twice": (
        b"a: 1\nb:\n  c: 1\n  c: 2\na: 3\n",
        [
            'g.yaml:4:3: The key "c" is given twice, first on line 3. Keep one of them.',
            'g.yaml:5:1: The key "a" is given twice, first on line 1. Keep one of them.',
        ],
    ),
    "a key twice, once quoted": (
        b"a: 1\n'a': 2\n",
        ['g.yaml:2:1: The key "a" is given twice, first on line 1. Keep one of them.'],
    ),
    "a key twice in a flow mapping": (
        b"a: {b: 1, b: 2}\n",
        ['g.yaml:1:11: The key "b" is given twice, first on line 1. Keep one of them.'],
    ),
    "an anchor and its alias": (
        b"a: &x [1]\nb: *x\n",
        [
            (
                "g.yaml:1:4: An anchor (&) is not allowed here. "
                "Write the value out; put quotes around text that begins with &."
            ),
            (
                "g.yaml:2:4: An alias (*) is not allowed here. "
                'Write the value out; put quotes around a pattern: "*.py".'
            ),
        ],
    ),
    "an alias to nothing, which was meant as a pattern": (
        b"a: [*.py]\n",
        [
            (
                "g.yaml:1:5: An alias (*) is not allowed here. "
                'Write the value out; put quotes around a pattern: "*.py".'
            )
        ],
    ),
    "a merge key": (
        b"a:\n  <<: {b: 1}\n",
        ["g.yaml:2:3: A merge key (<<) is not allowed here. Write the keys out."],
    ),
    "an explicit tag": (
        b"a: !!str 1\n",
        [
            (
                "g.yaml:1:4: A tag (!) is not allowed here. "
                'Every value is text; put quotes around a pattern: "!build/**".'
            )
        ],
    ),
    "a tag that would construct an object": (
        b"a: !!python/object/apply:os.system [id]\n",
        [
            (
                "g.yaml:1:4: A tag (!) is not allowed here. "
                'Every value is text; put quotes around a pattern: "!build/**".'
            )
        ],
    ),
    "a tag on a key": (
        b"a: 1\n!b c: 2\n",
        [
            (
                "g.yaml:2:1: A tag (!) is not allowed here. "
                'Every value is text; put quotes around a pattern: "!build/**".'
            )
        ],
    ),
    "a pattern taken for a tag": (
        b"a: [b/**, !b/c]\n",
        [
            (
                "g.yaml:1:11: A tag (!) is not allowed here. "
                'Every value is text; put quotes around a pattern: "!build/**".'
            )
        ],
    ),
    "a second document": (
        b"a: 1\n---\nb: 2\n",
        ["g.yaml:2:1: A second document begins here. A file holds one: delete this line."],
    ),
    "a directive": (
        b"# x\n\n%YAML 1.1\n---\na: 1\n",
        ["g.yaml:3:1: A directive (%) is not allowed here. Delete the line."],
    ),
    "a directive that nobody knows": (
        b"%FOO bar\n---\na: 1\n",
        ["g.yaml:1:1: A directive (%) is not allowed here. Delete the line."],
    ),
    "a tab as indentation": (
        b"a:\n\tb: 1\n",
        ["g.yaml:2:1: There is a tab here. Indent with spaces."],
    ),
    "a tab in a comment": (
        b"a: 1 #\tx\n",
        ["g.yaml:1:7: There is a tab here. Indent with spaces."],
    ),
    "a UTF-8 byte order mark": (
        b"\xef\xbb\xbfa: 1\n",
        ["g.yaml:1:1: The file begins with a byte order mark. Save it as UTF-8 without BOM."],
    ),
    "a byte order mark further on": (
        "a: 1\nb: \ufeff2\n".encode(),
        ["g.yaml:2:4: There is a byte order mark inside the text here. Delete it."],
    ),
    "UTF-16": ("a: 1".encode("utf-16"), ["g.yaml:1:1: The file is UTF-16. Save it as UTF-8."]),
    "UTF-16 without a mark": (
        "a: 1".encode("utf-16-le"),
        ["g.yaml:1:1: The file is UTF-16. Save it as UTF-8."],
    ),
    "UTF-32": ("a: 1".encode("utf-32"), ["g.yaml:1:1: The file is UTF-32. Save it as UTF-8."]),
    "bytes that are not UTF-8": (
        "a: ä\nb: ".encode() + b"\xe4\n",
        ["g.yaml:2:4: The byte 0xe4 is not UTF-8. Save the file as UTF-8."],
    ),
    "a surrogate in UTF-8": (
        b"a: \xed\xa0\x80\n",
        ["g.yaml:1:4: The byte 0xed is not UTF-8. Save the file as UTF-8."],
    ),
    "a NUL": (b"a: 1\nb: x\0y\n", ["g.yaml:2:5: There is a NUL character here. Delete it."]),
    "an escape sequence of the terminal": (
        b"a: \x1b[31m\n",
        ["g.yaml:1:4: There is the character U+001B here. Delete it."],
    ),
    "a carriage return alone": (
        b"a: 1\rb: 2\n",
        [
            (
                "g.yaml:1:5: There is a carriage return without a line feed here. "
                "End lines with LF or CRLF."
            )
        ],
    ),
    "a line separator": (
        "a: 1\u2028b: 2\n".encode(),
        ["g.yaml:1:5: There is the character U+2028 here. Delete it."],
    ),
    "a NUL by escape": (
        b'a: "x\\0"\n',
        ["g.yaml:1:4: The text holds a NUL character. Take the escape out."],
    ),
    "a surrogate by escape": (
        b'b: 1\na: "\\ud800"\n',
        ["g.yaml:2:4: The text holds the character U+D800. Take the escape out."],
    ),
    "a complex key": (
        b"? a\n: 1\n",
        ['g.yaml:1:3: A complex key (? ) is not allowed here. Write "key: value".'],
    ),
    "a complex key over two lines": (
        b"?\n  # so\n\n  a\n: 1\n",
        ['g.yaml:4:3: A complex key (? ) is not allowed here. Write "key: value".'],
    ),
    "a list as a key": (
        b"a: 1\n? [b, c]\n: 1\n",
        ["g.yaml:2:3: A list or mapping cannot be a key here. Use text as the key."],
    ),
    "a mapping as a key": (
        b"{{a: 1}: 2}\n",
        ["g.yaml:1:2: A list or mapping cannot be a key here. Use text as the key."],
    ),
    "no key": (b"a: {'': 1}\n", ["g.yaml:1:5: There is no key before the colon. Name it."]),
    "an unclosed bracket": (
        b"a: [1,\nb: 2\n",
        [
            (
                "g.yaml:3:1: This is not YAML: while parsing a flow sequence, expected ',' or ']', "
                f"but got '<stream end>'. {QUOTE}"
            )
        ],
    ),
    "a colon in plain text": (
        b"says: New: a module\n",
        [f"g.yaml:1:10: This is not YAML: mapping values are not allowed here. {QUOTE}"],
    ),
    "an unclosed quote": (
        b"a: 'x\n",
        [
            (
                "g.yaml:2:1: This is not YAML: while scanning a quoted scalar, "
                f"found unexpected end of stream. {QUOTE}"
            )
        ],
    ),
    "a reserved character": (
        b"a: @x\n",
        [
            (
                "g.yaml:1:4: This is not YAML: while scanning for the next token, "
                f"found character '@' that cannot start any token. {QUOTE}"
            )
        ],
    ),
    "wrong indentation": (
        b"a:\n  b: 1\n c: 2\n",
        [
            (
                "g.yaml:3:2: This is not YAML: while parsing a block mapping, expected "
                f"<block end>, but found '<block mapping start>'. {QUOTE}"
            )
        ],
    ),
    "21 levels": (
        b"[" * 21 + b"]" * 21,
        [f"g.yaml:1:21: This is nested more than 20 levels deep. {SMALLER}"],
    ),
    "more values than people read": (
        b"- x\n" * 20_000,
        [f"g.yaml:20000:3: The file holds more than 20,000 values. {SMALLER}"],
    ),
    "more bytes than people read": (
        b"#" * (256 * 1024 + 1),
        ["g.yaml:1:1: The file has 262,145 bytes. At most 262,144 are read."],
    ),
}


@PARSERS
@pytest.mark.parametrize(("content", "problems"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_is_told_with_its_place(
    content: bytes, problems: list[str], parser: Loader
) -> None:
    _, told = read(content, parser)

    assert problems == told


@PARSERS
def test_every_problem_that_leaves_something_to_read_is_told_at_once(parser: Loader) -> None:
    _, told = read(b"a: &x 1\na: 2\nb: !t 3\n<<: {c: 1}\n", parser)

    assert ["1:4", "2:1", "3:4", "4:1"] == [":".join(each.split(":")[1:3]) for each in told]


BOMBS = {
    "a million laughs": b"a: &a [x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (97 + i, 97 + i, b"*%c," % (96 + i) * 9) for i in range(1, 20)),
    "brackets": b"[" * 200_000,
    "braces": b"{a: " * 60_000,
    "dashes": b"- " * 100_000,
    "question marks": b"? " * 100_000,
    "pairs": b"[a: " * 60_000,
    "anchors": b"&a " * 80_000,
    "tags": b"!t " * 80_000,
    "quotes": b"'" * 250_000,
    "keys": b"a: b\n" * 50_000,
    "empty entries": b"-\n" * 100_000,
    "comments": b"#\n" * 120_000,
    "escapes": b'"' + b"\\x41" * 60_000 + b'"',
    "a tag that libyaml alone refuses, before brackets": b'"\\ud800"\n' + b"[" * 200_000,
}


@PARSERS
@pytest.mark.parametrize("content", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_costs_at_most_seconds_and_a_hundred_problems(
    content: bytes, parser: Loader
) -> None:
    begun = time.process_time()

    _, told = read(content, parser)

    assert time.process_time() - begun < 5
    assert len(told) <= 102


@PARSERS
def test_scalars_are_text_whatever_they_look_like(parser: Loader) -> None:
    content = b"[yes, 0755, 1e3, 2027-01-31, ~, null, 1_000, .inf, =, 0x1F, 12:30:45]"

    root, told = read(content, parser)

    assert isinstance(root, Listing)
    assert [] == told
    assert content.decode().strip("[]").split(", ") == [
        item.text for item in root.items if isinstance(item, Text)
    ]


@PARSERS
def test_nodes_stand_where_they_were_written(parser: Loader) -> None:
    root, told = read("ä: x\nb:\n  - {c: \U0001f40d, d: 'y'}\n  - |\n    z\n".encode(), parser)

    inner = Table(
        (
            (Text("c", 3, 6), Text("\U0001f40d", 3, 9)),
            (Text("d", 3, 12), Text("y", 3, 15, quoted=True)),
        ),
        3,
        5,
    )
    items = Listing((inner, Text("z\n", 4, 5, quoted=True)), 3, 3)
    expected = Table(((Text("ä", 1, 1), Text("x", 1, 4)), (Text("b", 2, 1), items)), 1, 1)
    assert [] == told
    assert expected == root


def test_lines_may_end_with_crlf() -> None:
    root, told = read(b"a: 1\r\nb: x\r\n  y\r\n")

    assert [] == told
    assert (
        Table(((Text("a", 1, 1), Text("1", 1, 4)), (Text("b", 2, 1), Text("x y", 2, 4))), 1, 1)
        == root
    )


def test_nothing_written_is_told_apart_from_empty_quotes() -> None:
    root, told = read(b"a:\nb: ''\n")

    assert [] == told
    assert (
        Table(
            ((Text("a", 1, 1), Text("", 1, 3)), (Text("b", 2, 1), Text("", 2, 4, quoted=True))),
            1,
            1,
        )
        == root
    )


def test_a_question_at_the_end_of_a_value_is_no_complex_key() -> None:
    _, told = read(b"a: Is it so?\nb: {what?: 1, c: 2}\n")

    assert [] == told


YAMLISH = st.text(alphabet=st.sampled_from("ab: -[]{}#'\"&*!|>?,\n\n%@`~<=\\0.éx\t"), max_size=60)


@given(YAMLISH)
def test_what_both_parsers_take_they_read_the_same(text: str) -> None:
    python, python_told = read(text.encode(), yaml.SafeLoader)
    libyaml, libyaml_told = read(text.encode(), yaml.CSafeLoader)

    assert python_told or libyaml_told or python == libyaml


@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    root, told = read(content)

    assert root is not None or told


ALLOWED = (("\n", "\n"), (" ", "~"), ("\xa0", "\u2027"), ("\u202a", "\ud7ff"),
           ("\ue000", "\ufefe"), ("\uff00", "\ufffd"), ("\U00010000", "\U0010ffff"))  # fmt: skip


@pytest.mark.parametrize("beside", ["a", "é"], ids=["in ASCII", "beside other letters"])
def test_a_character_is_let_through_or_refused_whatever_else_there_is(beside: str) -> None:
    tried = [chr(code) for code in range(0x3100)]
    tried += [chr(code) for code in range(0xD700, 0x10100)]

    refused = {each for each in tried if unprintable(beside + each)}

    allowed = {each for each in tried for first, last in ALLOWED if first <= each <= last}
    assert set(tried) - allowed - {"\t"} == refused
