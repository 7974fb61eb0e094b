"""JSON with comments: what it holds, where it stands, and what it refuses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Unreadable
from gatekeeper.source.jsonc import parse
from gatekeeper.source.located import MAX_BYTES, MAX_DEPTH, Array, Node, Scalar, Span, Table, plain

PATH = "wrangler.jsonc"

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # JSON may hold escaped halves of a character; as UTF-8 they cannot stand in the file.
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def read(text: str | bytes) -> Node:
    return parse(text if isinstance(text, bytes) else text.encode(), PATH)


def refusal(text: str | bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value


def outcome(text: str) -> tuple[object] | None:
    """The value, or None where it is refused."""
    try:
        return (plain(read(text)),)
    except Unreadable:
        return None


def standard(text: str) -> tuple[object] | None:
    try:
        return (json.loads(text),)
    except ValueError:
        return None


def line_of(content: bytes) -> int | None:
    """The line of the refusal, or that of the value."""
    try:
        return read(content).span.line
    except Unreadable as unreadable:
        return unreadable.line


@given(json_values, st.sampled_from([None, 0, 2]), st.booleans())
def test_it_agrees_with_the_standard_library_on_all_json(
    value: object, indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    assert json.loads(text) == plain(read(text))


@given(st.binary() | st.text(alphabet='{}[]",:/*\\u0 \n1-.etrufalsn').map(str.encode))
def test_it_raises_nothing_but_unreadable_and_says_the_line(content: bytes) -> None:
    lines = content.count(b"\n") + 1

    assert 1 <= (line_of(content) or 0) <= lines


@given(st.text(alphabet='{}[]",:\\u0 \n1-.etrufalsn'))
def test_it_refuses_what_the_standard_library_refuses_but_for_a_last_comma(text: str) -> None:
    assert standard(text) in (outcome(text), None)
    assert "," in text or standard(text) == outcome(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('// said\n{"a": 1}', {"a": 1}, id="a comment to the end of the line"),
        pytest.param('{"a": /* said */ 1}', {"a": 1}, id="a comment between brackets of its own"),
        pytest.param('{"a": 1}\n// the end', {"a": 1}, id="a comment at the end without line feed"),
        pytest.param('{"a": "// b"}', {"a": "// b"}, id="no comment inside a string"),
        pytest.param('{"a": "/* b */"}', {"a": "/* b */"}, id="no comment of brackets in a string"),
        pytest.param("[1, /* * / ** */ 2]", [1, 2], id="stars inside a comment"),
        pytest.param("// a\r[1]", [1], id="a carriage return ends a comment"),
        pytest.param('{"a": [1, 2,],}', {"a": [1, 2]}, id="a comma before a closing bracket"),
        pytest.param('{"durable\\u005fobjects": 1}', {"durable_objects": 1}, id="escape in a key"),
        pytest.param('"\\ud83d\\ude00"', "\U0001f600", id="two escapes for one character"),
        pytest.param('"\\ud800"', "\ud800", id="half a character"),
        pytest.param("\ufeff[1]", [1], id="a byte order mark"),
        pytest.param("[-0, 1.5e3, 10]", [0, 1500.0, 10], id="numbers"),
        pytest.param("9" * 5000, float("inf"), id="more digits than Python makes an int of"),
        pytest.param("[" * MAX_DEPTH + "]" * MAX_DEPTH, None, id="as deep as allowed"),
    ],
)
def test_it_reads(text: str, expected: object) -> None:
    value = plain(read(text))

    assert expected is None or expected == value


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("", 1, "1:1: a value is missing", id="nothing"),
        pytest.param("// only\n", 2, "2:1: a value is missing", id="a comment and nothing else"),
        pytest.param('{"a": 1', 1, "1:8: a comma or } is missing", id="no closing bracket"),
        pytest.param('{"a": 1}\n\n{}', 3, "3:1: there is something after", id="a second value"),
        pytest.param('{\n"a" 1}', 2, "2:5: a colon is missing", id="no colon"),
        pytest.param("[1\n2]", 2, "2:1: a comma or ] is missing", id="no comma"),
        pytest.param("[,]", 1, "1:2: a value is missing", id="nothing but a comma"),
        pytest.param("[1,,2]", 1, "1:4: a value is missing", id="two commas"),
        pytest.param("{,}", 1, "1:2: a string in double", id="nothing but a comma in a table"),
        pytest.param("{'a': 1}", 1, "1:2: a string in double", id="single quotes"),
        pytest.param("{a: 1}", 1, "1:2: a string in double", id="a key without quotes"),
        pytest.param('"a\nb"', 1, "1:1: a string in double", id="a line feed in a string"),
        pytest.param('"\\x41"', 1, "1:1: a string in double", id="an unknown escape"),
        pytest.param('"\\u00g0"', 1, "1:1: a string in double", id="an escape of no hex digits"),
        pytest.param("[01]", 1, "1:3: a comma or ] is missing", id="a leading zero"),
        pytest.param("NaN", 1, "1:1: a value is missing", id="not a number"),
        pytest.param("[\N{NO-BREAK SPACE}1]", 1, "1:2: a value is missing", id="foreign space"),
        pytest.param("/* open", 1, "1:1: a value is missing", id="a comment that never ends"),
        pytest.param("[1\0]", 1, "1:3: a comma or ] is missing", id="a NUL"),
        pytest.param(b"[1,\n\xff]", 2, "line 2 holds bytes that are not UTF-8", id="no UTF-8"),
        pytest.param("[1]".encode("utf-16"), 1, "bytes that are not UTF-8", id="UTF-16"),
        pytest.param("\ufeff\ufeff1", 1, "1:1: a value is missing", id="two byte order marks"),
        pytest.param("[" * 100_000, 1, "more than 32 deep", id="a hundred thousand arrays"),
        pytest.param('{"a":' * 50_000, 1, "more than 32 deep", id="fifty thousand tables"),
    ],
)
def test_it_refuses(text: str | bytes, line: int, reason: str) -> None:
    unreadable = refusal(text)

    assert (True, line, PATH) == (reason in unreadable.reason, unreadable.line, unreadable.path)


def test_it_refuses_ten_megabytes_without_reading_them() -> None:
    unreadable = refusal(b"[" + b"1," * (10 * MAX_BYTES) + b"1]")

    assert "it is longer than the 512 KiB that are read of it" == unreadable.reason


def test_a_key_given_twice_is_kept_twice_and_the_last_counts() -> None:
    table = read('{"a": 1,\n "b": 2,\n "a": 3}')

    assert isinstance(table, Table)
    assert [1, 3] == [member.key_span.line for member in table.all("a")]
    assert Scalar(3, Span(3, 7, 3)) == table.get("a")
    assert table.get("c") is None


def test_every_value_and_key_says_where_it_stands() -> None:
    table = read('{\n  "a": [1, "x"],\r\n  "b\\u0062": {\n    "c": null\n  }\n}\n')

    assert isinstance(table, Table)
    array, inner = table.get("a"), table.get("bb")
    assert isinstance(array, Array)
    assert isinstance(inner, Table)
    assert Span(1, 1, 6) == table.span
    assert Span(2, 8, 2) == array.span
    assert [Span(2, 9, 2), Span(2, 12, 2)] == [item.span for item in array.items]
    assert Span(3, 3, 3) == table.all("bb")[0].key_span
    assert Span(3, 14, 5) == inner.span
    assert Span(4, 10, 4) == inner.all("c")[0].value.span


def test_columns_count_characters_and_not_the_byte_order_mark() -> None:
    array = read('\ufeff["\U0001f600", 1]')

    assert isinstance(array, Array)
    assert Span(1, 7, 1) == array.items[1].span
