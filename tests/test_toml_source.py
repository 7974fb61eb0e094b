"""TOML: tomllib's values, and where each of them stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gatekeeper import Unreadable
from gatekeeper.source.located import MAX_BYTES, Array, Node, Scalar, Span, Table, plain
from gatekeeper.source.toml_source import parse

PATH = "wrangler.toml"

bare_keys = st.text(alphabet="abAB01_-", min_size=1, max_size=3)
quoted_keys = st.text(alphabet="a.b \"'\\é\U0001f600#[]=", max_size=3)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


strings = st.text(alphabet="a \"'\\#[]{},=é\n").map(lambda text: quoted(text).replace("\n", "\\n"))
scalars = (
    strings
    | st.integers(-9, 99).map(str)
    | st.booleans().map(lambda value: str(value).lower())
    | st.sampled_from(
        [
            "1979-05-27",
            "1979-05-27 07:32:00Z",
            "07:32:00",
            "-inf",
            "1e6",
            "0x1F",
            "'a#\"'",
            '"""a\n"b" ""#\\\n c"""',
            "'''\n''a'''",
        ]
    )
)
keys = bare_keys | quoted_keys.map(quoted)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[\n # ]\n{', '.join(items)} ]")
        | st.dictionaries(bare_keys, inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key} = {value}" for key, value in pairs.items()) + "}"
        )
    ),
    max_leaves=6,
)
pairs = st.tuples(st.lists(keys, min_size=1, max_size=2), values).map(
    lambda pair: f"{' . '.join(pair[0])} = {pair[1]} # = [x]"
)
headers = st.lists(keys, min_size=1, max_size=3).flatmap(
    lambda names: st.sampled_from([f"[{'.'.join(names)}]", f" [[ {' . '.join(names)} ]]"])
)
documents = st.lists(pairs | headers | st.sampled_from(["", "# said [a]", "\t"]), max_size=8)


def read(text: str | bytes) -> Table:
    return parse(text if isinstance(text, bytes) else text.encode(), PATH)


def refusal(text: str | bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        read(text)
    return caught.value


def places(node: Node, path: str = "") -> Iterator[tuple[str, int, int]]:
    """Every key path with the lines of its key and of its value."""
    if isinstance(node, Table):
        for member in node:
            name = f"{path}.{member.key}" if path else member.key
            yield name, member.key_span.line, member.value.span.line
            yield from places(member.value, name)
    if isinstance(node, Array):
        for index, item in enumerate(node.items):
            yield f"{path}[{index}]", item.span.line, item.span.end_line
            yield from places(item, f"{path}[{index}]")


@given(documents)
def test_it_reads_and_refuses_what_the_standard_library_does(lines: list[str]) -> None:
    text = "\n".join(lines)

    assert standard(text) == outcome(text)


def standard(text: str) -> dict[str, object] | None:
    """The value, or None where it is refused."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def outcome(text: str) -> object:
    try:
        return plain(read(text))
    except Unreadable:
        return None


@given(documents)
def test_every_string_stands_where_it_is_said_to(lines: list[str]) -> None:
    text = "\n".join(lines)
    assume(standard(text))

    for scalar in _strings(read(text)):
        assert text.split("\n")[scalar.span.line - 1][scalar.span.column - 1] in "\"'"


def _strings(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Table):
        for member in node:
            yield from _strings(member.value)
    elif isinstance(node, Array):
        for item in node.items:
            yield from _strings(item)
    elif isinstance(node.value, str):
        yield node


@given(st.binary() | st.text(alphabet="[]{}\"'=.,#\\u0 \n1a-").map(str.encode))
def test_it_raises_nothing_but_unreadable_and_says_the_line(content: bytes) -> None:
    lines = content.count(b"\n") + 1

    assert 1 <= (line_of(content) or 0) <= lines


def line_of(content: bytes) -> int | None:
    """The line of the refusal, or that of the value."""
    try:
        return read(content).span.line
    except Unreadable as unreadable:
        return unreadable.line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a = 1\nb.c = 2", [("a", 1, 1), ("b", 2, 2), ("b.c", 2, 2)], id="dotted keys"),
        pytest.param(
            "[a.b]\nc = 1",
            [("a", 1, 1), ("a.b", 1, 1), ("a.b.c", 2, 2)],
            id="a table",
        ),
        pytest.param(
            "[[a]]\nb = 1\n\n[[a]]\nb = 2",
            [("a", 1, 1), ("a[0]", 1, 2), ("a[0].b", 2, 2), ("a[1]", 4, 5), ("a[1].b", 5, 5)],
            id="an array of tables",
        ),
        pytest.param(
            "[[a]]\n[[a]]\n[a.b]\nc = 1",
            [
                ("a", 1, 1),
                ("a[0]", 1, 1),
                ("a[1]", 2, 4),
                ("a[1].b", 3, 3),
                ("a[1].b.c", 4, 4),
            ],
            id="a table within the last of an array",
        ),
        pytest.param(
            "a = [\n  { b = 1 },\n  # said\n  { b = 2 },\n]",
            [("a", 1, 1), ("a[0]", 2, 2), ("a[0].b", 2, 2), ("a[1]", 4, 4), ("a[1].b", 4, 4)],
            id="inline tables on lines of their own",
        ),
        pytest.param(
            '["durable\\u005fobjects"]\n"b\\tc" = 1',
            [("durable_objects", 1, 1), ("durable_objects.b\tc", 2, 2)],
            id="escapes in quoted keys",
        ),
        pytest.param(
            '[env."a.b"]\nc = """\n[x]\n"""\nd = 1',
            [("env", 1, 1), ("env.a.b", 1, 1), ("env.a.b.c", 2, 2), ("env.a.b.d", 5, 5)],
            id="a string over several lines that looks like a table",
        ),
        pytest.param(
            "[a.b]\nc = 1\n[a]\nd = 2",
            [("a", 1, 3), ("a.b", 1, 1), ("a.b.c", 2, 2), ("a.d", 4, 4)],
            id="a table after its own inner one",
        ),
        pytest.param("\ufeffa = 1\r\nb = 2", [("a", 1, 1), ("b", 2, 2)], id="Windows"),
    ],
)
def test_keys_and_values_say_where_they_stand(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert expected == list(places(read(text)))


def test_columns_are_those_of_the_key_and_of_the_value() -> None:
    (member,) = read('  name = "worker" # said').members

    assert (Span(1, 3, 1), Span(1, 10, 1)) == (member.key_span, member.value.span)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        pytest.param("a = 1\na = 2", 2, "Cannot overwrite a value", id="a key given twice"),
        pytest.param("[a]\n\n[a]", 3, "Cannot declare", id="a table given twice"),
        pytest.param("a = 1\nb", 2, "2:2: a key and an equals sign", id="a key alone"),
        pytest.param("a =", 1, "1:4: a value is missing", id="no value"),
        pytest.param("[a", 1, "1:3: a closing bracket is missing", id="no closing bracket"),
        pytest.param("a = [{} {}]", 1, "1:9: a comma or ] is missing", id="no comma"),
        pytest.param("= 1", 1, "1:1: a key is missing", id="no key"),
        pytest.param('a = "\0"', 1, "Illegal character", id="a NUL"),
        pytest.param("a = 1 b = 2", 1, "Expected newline", id="two pairs on a line"),
        pytest.param("a = 1979-13-45", 1, "no TOML", id="a month too many"),
        pytest.param("a = " + "1" * 5000, 1, "no TOML", id="too many digits"),
        pytest.param('"\\UFFFFFFFF" = 1', 1, "no TOML", id="an escape beyond Unicode"),
        pytest.param(b"a = 1\n\xff", 2, "line 2 holds bytes that are not UTF-8", id="no UTF-8"),
        pytest.param("a = " + "[" * 5000, 1, "more than 32 deep", id="deep arrays"),
        pytest.param("a = " + "{a = " * 5000, 1, "more than 32 deep", id="deep tables"),
        pytest.param("a" + ".a" * 5000 + " = 1", 1, "more than 32 deep", id="a key of many parts"),
        pytest.param("[a" + ".a" * 5000 + "]", 1, "more than 32 deep", id="a deep header"),
    ],
)
def test_it_refuses(text: str | bytes, line: int, reason: str) -> None:
    unreadable = refusal(text)

    assert (True, line, PATH) == (reason in unreadable.reason, unreadable.line, unreadable.path)


def test_it_refuses_ten_megabytes_without_reading_them() -> None:
    unreadable = refusal(b"#" * 20 * MAX_BYTES)

    assert "it is longer than the 512 KiB that are read of it" == unreadable.reason
