"""No reader takes anything for a reading that is none, and none raises anything but Unusable."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from functools import partial
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.reading.content import LARGEST
from gatekeeper.reading.unusable import Unusable
from tests.real_readings import READERS, REFUSED, ROOT, USABLE, content_of, read

KINDS = sorted(READERS)
# Nothing is what tsc prints, and an empty line what mypy prints, when all is well.
SAYS_SOMETHING = [kind for kind in KINDS if kind not in {"tsc", "mypy"}]
# A text of lines that is cut off after one of them is a shorter text of lines.
CUT_OFF = [name for name in USABLE if not name.startswith(("lcov/", "mypy/", "tsc/"))]


def refusal(kind: str, content: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        READERS[kind](content, ROOT)
    return str(refused.value)


def tried(read_it: Callable[[], object]) -> object:
    """What a reader gives, or the reason that it gives none."""
    try:
        return read_it()
    except Unusable as unusable:
        return str(unusable)


@pytest.mark.parametrize("name", USABLE)
def test_what_a_real_tool_wrote_is_read(name: str) -> None:
    assert read(name) is not None


@pytest.mark.parametrize(("name", "reason"), REFUSED.items())
def test_what_a_real_tool_wrote_is_refused_where_it_did_not_do_its_work(
    name: str, reason: str
) -> None:
    with pytest.raises(Unusable, match=re.escape(reason)):
        read(name)


@pytest.mark.parametrize("kind", SAYS_SOMETHING)
@pytest.mark.parametrize("content", [b"", b" \n\t\r\n", b"\xef\xbb\xbf"], ids=repr)
def test_an_empty_file_is_no_reading(kind: str, content: bytes) -> None:
    assert refusal(kind, content)


def test_an_empty_file_is_no_reading_of_mypy_which_writes_a_line_at_least() -> None:
    assert refusal("mypy", b"") == "it is empty"


@pytest.mark.parametrize(("kind", "other"), list(permutations(KINDS, 2)))
def test_a_file_of_another_format_is_no_reading(kind: str, other: str) -> None:
    name = next(name for name in USABLE if name.startswith(f"{other}/") and "clean" not in name)

    assert refusal(kind, content_of(name))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "content",
    [b"{", b"null", b"[1]", b'"text"', b"{}", b"<a/>", b"\0" * 40, b"\x80abc", b"{\n" * 10_000],
    ids=lambda content: repr(content[:10]),
)
def test_what_is_nothing_like_it_is_no_reading(kind: str, content: bytes) -> None:
    assert refusal(kind, content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_200_megabytes_is_refused_at_once(kind: str) -> None:
    huge = b" " * 200_000_000
    started = time.perf_counter()

    said = refusal(kind, huge)

    assert f"{LARGEST} are read at most" in said
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("kind", ["coverage", "ruff", "eslint", "sarif", "mypy"])
@pytest.mark.parametrize(
    "content",
    [b"[" * 100_000, b'{"a":' * 100_000, b'[{"a":' * 50_000 + b"1" + b"}]" * 50_000],
    ids=["arrays", "objects", "both, closed"],
)
def test_json_that_is_nested_deep_is_refused(kind: str, content: bytes) -> None:
    assert refusal(kind, content)


@pytest.mark.parametrize(
    "text",
    ['{"meta": NaN}', '{"meta": 1e999999, "meta": 2}', '{"meta": ' + "9" * 5000 + "}"],
    ids=["not a number", "a key given twice", "more digits than are read"],
)
def test_json_that_readers_would_not_agree_on_is_refused(text: str) -> None:
    assert refusal("coverage", text.encode())


MANY = 510_000


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("junit", b"<testsuites>" + b"<testsuite/>" * MANY + b"</testsuites>"),
        (
            "junit",
            b"<testsuite><testcase name='a'>" + b"<error/>" * MANY + b"</testcase></testsuite>",
        ),
        ("cobertura", b"<coverage>" + b"<class filename='a'/>" * MANY + b"</coverage>"),
        ("cobertura", b"<coverage>" + b"<source/>" * MANY + b"</coverage>"),
        ("lcov", b"SF:a\nDA:1,1\nend_of_record\n" * MANY),
        ("mypy", b'{"severity":"note"}\n' * MANY),
        ("tsc", b"a(1,1): error TS1: x\n" * MANY),
        ("ruff", b"[" + b"{}," * MANY + b"{}]"),
        ("sarif", b'{"version":"2.1.0","runs":[' + b"{}," * MANY + b"{}]}"),
        ("coverage", b'{"a":1,' + b",".join(b'"%d":1' % n for n in range(MANY)) + b',"a":1}'),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:40]),
)
def test_more_of_something_than_there_can_be_is_refused_in_bounded_time(
    kind: str, content: bytes
) -> None:
    started = time.process_time()

    assert re.search("holds? more than|has more than|is given twice", refusal(kind, content))
    assert time.process_time() - started < 30


@pytest.mark.parametrize("name", CUT_OFF)
def test_a_file_that_is_cut_off_anywhere_is_no_reading(name: str) -> None:
    whole = content_of(name).rstrip()

    lengths = sorted({*range(0, len(whole), max(1, len(whole) // 150)), len(whole) - 1})

    assert [n for n in lengths if not isinstance(tried(partial(read, name, whole[:n])), str)] == []


@pytest.mark.parametrize("name", USABLE)
def test_a_byte_order_mark_changes_nothing(name: str) -> None:
    content = content_of(name)

    assert read(name, b"\xef\xbb\xbf" + content) == read(name)


@pytest.mark.parametrize("name", [n for n in USABLE if not n.endswith(".xml")])
def test_text_in_utf_16_is_read_as_what_it_is(name: str) -> None:
    assert read(name, content_of(name).decode().encode("utf-16")) == read(name)


@pytest.mark.parametrize("name", [n for n in USABLE if n.startswith("junit/")])
def test_xml_in_utf_16_is_read_if_it_says_so(name: str) -> None:
    text = re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0"?>', content_of(name).decode())

    assert read(name, text.encode("utf-16")) == read(name)


@pytest.mark.parametrize("kind", ["coverage", "ruff", "eslint", "sarif", "mypy", "lcov"])
def test_an_encoding_that_is_not_unicode_is_no_reading(kind: str) -> None:
    assert refusal(kind, '{"größe": 1}'.encode("latin-1")) == "it is no UTF-8 text at byte 4"


@pytest.mark.parametrize("name", USABLE)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_mutated_file_is_read_or_unusable(name: str, data: st.DataObject) -> None:
    content = bytearray(content_of(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(at, min(len(content), at + 12)))
        content[at:end] = data.draw(st.binary(max_size=6) | st.sampled_from(SPLINTERS))

    assert tried(lambda: read(name, bytes(content))) is not None


SPLINTERS = (b"0", b"-1", b"99999999999999999999", b"null", b'"', b"{", b"[]", b"<", b"&#0;", b"\n")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_unusable(kind: str, content: bytes) -> None:
    assert tried(lambda: READERS[kind](content, ROOT)) is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)
JSON_FILES = [name for name in USABLE if name.endswith(".json") and "clean" not in name]


@pytest.mark.parametrize("name", JSON_FILES)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_json_file_with_another_value_somewhere_is_read_or_unusable(
    name: str, data: st.DataObject
) -> None:
    value = json.loads(content_of(name))
    within = value
    while True:
        keys = sorted(within) if isinstance(within, dict) else list(range(len(within)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(within[key], dict | list) or not within[key] or data.draw(st.booleans()):
            break
        within = within[key]
    within[key] = data.draw(JSON)

    assert tried(lambda: read(name, json.dumps(value).encode())) is not None


# pytest names its modules with dots, and jest-junit no file at all unless it is told to.
NAMES_PATHS = [
    name
    for name in USABLE
    if not name.startswith(("junit/pytest", "junit/jest")) and "clean" not in name
]


@pytest.mark.parametrize("name", NAMES_PATHS)
def test_a_file_that_was_written_in_another_checkout_names_no_file_of_this_one(name: str) -> None:
    elsewhere = re.sub(
        rb"/checkout(?=[/<\"])|\b(src|pkg)/|(?<=[:\"])cart[.]js", b"/elsewhere/x", content_of(name)
    )

    with pytest.raises(Unusable, match=r"names '/elsewhere/.*', which is not a file in"):
        read(name, elsewhere)
