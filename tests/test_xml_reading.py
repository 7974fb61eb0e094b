"""XML is read as a stream, within bounds, and without what a DTD could do."""

from __future__ import annotations

import re
import time
import tracemalloc
from pathlib import Path

import pytest

from gatekeeper.reading.unusable import Unusable
from gatekeeper.reading.xml_reading import DEEPEST, read_xml

LAUGHS = b"""<?xml version="1.0"?>
<!DOCTYPE a [
 <!ENTITY l0 "ha">%s
]>
<a>&l9;</a>""" % b"".join(
    b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10)
)


def events(content: bytes) -> list[str]:
    seen: list[str] = []
    read_xml(
        content,
        lambda name, attributes: seen.append(f"<{name} {attributes}>"),
        lambda name: seen.append(f"</{name}>"),
        seen.append,
    )
    return seen


def refusal(content: bytes) -> str:
    with pytest.raises(Unusable) as refused:
        events(content)
    return str(refused.value)


def test_elements_come_in_order_with_their_attributes_and_text() -> None:
    assert events(b'<a x="&lt;&#10;"><b/>t&amp;u</a>') == [
        "<a {'x': '<\\n'}>", "<b {}>", "</b>", "t&u", "</a>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"],
    ids=lambda encoding: f"in {encoding}",
)
def test_the_encodings_of_xml_are_known(encoding: str) -> None:
    declared = '<?xml version="1.0" encoding="iso-8859-1"?>' if encoding == "iso-8859-1" else ""

    assert events(f"{declared}<a>größe</a>".encode(encoding)) == ["<a {}>", "größe", "</a>"]


def test_entities_that_grow_are_refused_before_the_first() -> None:
    started = time.perf_counter()

    assert "it has a DTD of its own ('a')" in refusal(LAUGHS)
    assert time.perf_counter() - started < 0.5


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x "y">]>',
        "<!DOCTYPE a []>",
        "<!DOCTYPE a>",
        '<!DOCTYPE a SYSTEM "file:///etc/passwd" [<!ENTITY x "y">]>',
        '<!DOCTYPE a SYSTEM "x.dtd" [<!ENTITY % p SYSTEM "http://example.org/p">%p;]>',
        "<!DOCTYPE a SYSTEM 'single.dtd'>",
    ],
)
def test_a_dtd_is_refused(doctype: str) -> None:
    assert "it has a DTD of its own" in refusal(f"{doctype}<a>&x;</a>".encode())


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0" ?>\n<!DOCTYPE coverage SYSTEM "http://example.org/coverage-04.dtd">',
        '<!-- Made by - a tool --><!DOCTYPE coverage PUBLIC "-//X" "http://example.org/x.dtd" >',
    ],
    ids=["as vitest writes it", "with a public name, below a comment"],
)
def test_a_dtd_that_is_only_named_is_never_looked_for(prolog: str) -> None:
    assert events(f"{prolog}\n<coverage/>".encode()) == ["<coverage {}>", "</coverage>"]


def test_behind_a_dtd_that_is_only_named_an_unknown_entity_is_an_error_still() -> None:
    content = b'<!DOCTYPE a SYSTEM "x.dtd">\n<a b="1&x;2"/>'

    assert refusal(content) == "it is no XML at 2:1, or is cut off: undefined entity"


def test_a_doctype_in_a_comment_or_in_text_is_left_alone() -> None:
    content = b'<!--<!DOCTYPE a SYSTEM "x">--><a><![CDATA[<!DOCTYPE a SYSTEM "x">]]></a>'

    assert events(content) == ["<a {}>", '<!DOCTYPE a SYSTEM "x">', "</a>"]


def test_a_doctype_in_utf_16_is_refused() -> None:
    assert "a DTD of its own" in refusal('<!DOCTYPE a SYSTEM "x"><a/>'.encode("utf-16"))


def test_xml_may_be_as_deep_as_the_bound() -> None:
    assert len(events(b"<a>" * DEEPEST + b"</a>" * DEEPEST)) == 2 * DEEPEST


def test_xml_that_is_10_000_deep_is_refused_where_it_gets_too_deep() -> None:
    content = b"<a>\n" * 10_000 + b"</a>" * 10_000

    assert refusal(content) == "its elements stand in each other more than 200 deep, at line 201"


def test_xml_that_is_large_costs_no_memory_for_what_nobody_keeps() -> None:
    content = b"<a>" + b'<b c="d">text</b>' * 200_000 + b"</a>"
    tracemalloc.start()

    read_xml(content, lambda _name, _attributes: None, lambda _name: None, lambda _part: None)

    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2 * len(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<a>", r"no XML at 1:4, or is cut off: no element found"),
        (b"<a></b>", r"no XML at 1:6, or is cut off: mismatched tag"),
        (b"<a/><a/>", r"no XML at 1:5, or is cut off: junk after document element"),
        (b'<a b="1" b="2"/>', r"no XML at 1:10, or is cut off: duplicate attribute"),
        (b"<a>&nbsp;</a>", r"no XML at 1:4, or is cut off: undefined entity"),
        (b"<a>\xff</a>", r"no XML at 1:4, or is cut off: not well-formed"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', r"encoding|no XML"),
        (b'<?xml version="1.0" encoding="shift_jis"?><a/>', r"encoding|no XML"),
    ],
)
def test_what_is_not_well_formed_is_refused_with_the_place(content: bytes, reason: str) -> None:
    assert re.search(reason, refusal(content))


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    content = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode()

    assert "secret" not in refusal(content)
