"""What is read from a Python file: the same facts by either parser, a reason where none can."""

from __future__ import annotations

import os
import re
import sysconfig
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import Unreadable
from gatekeeper.source import python_apart, python_ast, python_child, python_cst
from gatekeeper.source.code_tree import Kind, walk
from gatekeeper.source.python import PYTHON, Import, Mention, PythonFacts, is_python, same_code
from gatekeeper.source.python_lookalikes import LOOKALIKES, plain
from gatekeeper.source.python_spelling import can_spell, says
from gatekeeper.source.python_text import is_plain, python_text
from gatekeeper.tools import Limits
from gatekeeper.value import replace

STDLIB = Path(sysconfig.get_path("stdlib"))
SAMPLE = (
    "abc.py",
    "bisect.py",
    "codeop.py",
    "contextvars.py",
    "fnmatch.py",
    "graphlib.py",
    "hmac.py",
    "keyword.py",
    "numbers.py",
    "sched.py",
    "shelve.py",
    "types.py",
    "importlib/readers.py",
    "json/decoder.py",
    "unittest/signals.py",
    "wsgiref/headers.py",
)

EVERYTHING = '''\
"""A docstring."""
from __future__ import annotations
import a, b.c as d, e.f
from . import g
from ..h import (i as j,
                 k)
from .l import *
"prose" "in pieces"
b"prose"; 1; ...
x = y = 1, -2, 3.0, 4j, "s" 't', b"u" b"v", None, True, ...
(z) = w if v else u
t: int = 1
s: "C | None"
r += q @ p
o, *n = m
m[1:2, ::-1, ...] = l[k] = j[i,]
h[*g] = {1, *f, 2} | {"a": b, **c}
if a and b and (c and d) or not e: pass
elif (f := g) < h <= i != -j: del k, l[0]
else: del (m, n)
while True: break
else: raise A from B
for a, (b, c) in d: continue
else: assert e, f
with a as b, c(), d as (e, f): pass
with (g as h, i): pass
try: a
except B as c: d
except (E, F): g
else: h
finally: i
try: j
except* K as l: m
@decorator(1)
@other.one
class Name(Base, *bases, metaclass=Meta, **keywords):
    """Its docstring."""
    attribute: int
    def method(self, a, /, b: int = 1, *args: str, c, d=2, **kwargs: bytes) -> "Name":
        """Its docstring."""
        global e, f
        def inner():
            nonlocal a
            yield a
            yield from b
        return lambda g, *h, i=1, **j: (g, h)
    async def other(self):
        async with a as b: pass
        async for c in d: await e
        return [f async for f in g if h if i for j in k]
comprehensions = {a: b for a, b in c}, {d for d in e}, (f for f in g), h(i for i in j)
call(a, *b, c=d, **e)
f"plain", f"", f"{a}", rf"\\d{b!r:>{c}}" "tail" f"{d=} {e = !s} {{f}}", f"{g:%Y}"
f"\\x41{a.b['c']}\\n" f"""{h}
"""
match a.b:
    case 1 | "two" | None: pass
    case [c, *d] if e: pass
    case {"f": g, **h}: pass
    case I(j, k=l) as m: pass
    case n.o: pass
    case [*_]: pass
    case _: pass
print(*a, sep="") ; ñandú = café.été("naïve").x
\U0001d41f\U0001d428 = \uff42\uff41.\ufb01(\U0001d42a=1)
'''

NEWER = """\
type A[T: int, *Ts, **P] = list[T]
def f[U](x: U) -> U: return x
class C[V = int](Base): pass
y = f"{x["a"]} {'b' 'c'} {
    z!r}"
"""


def read(code: str | bytes, path: str = "a.py") -> PythonFacts:
    return PYTHON.read(code if isinstance(code, bytes) else code.encode(), path)


def refused(content: bytes) -> tuple[str, int | None]:
    with pytest.raises(Unreadable) as caught:
        PYTHON.read(content, "a.py")
    return caught.value.reason, caught.value.line


# -- two parsers, one tree


def test_both_parsers_read_every_construct_alike() -> None:
    assert python_ast.read(EVERYTHING) == python_cst.read(EVERYTHING)


@pytest.mark.parametrize("name", SAMPLE)
def test_both_parsers_read_the_standard_library_alike(name: str) -> None:
    text = python_text((STDLIB / name).read_bytes(), name)

    assert python_ast.read(text) == python_cst.read(text)


NAMES = st.sampled_from(["a", "b", "self", "été", "workers"])
TEXTS = st.sampled_from(['"s"', "'t' 'u'", 'b"v"', 'f"{a}b"', "1", "-2", "None", "3.5"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("{}.{}".format, NAMES, NAMES),
        st.builds("({} + {})".format, inner, inner),
        st.builds("({} and {} or {})".format, inner, inner, inner),
        st.builds("call({}, k={}, *{}, **{})".format, inner, inner, NAMES, NAMES),
        st.builds("({})[{}:{}]".format, inner, inner, inner),
        st.builds("[{}, *({})]".format, inner, inner),
        st.builds("{{{}: {}, **a}}".format, inner, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("(lambda {}={}: {})".format, NAMES, inner, inner),
        st.builds("[{} for {} in {} if {}]".format, inner, NAMES, inner, inner),
        st.builds("({} < {} is not {})".format, inner, inner, inner),
        st.builds("({} := {})".format, st.sampled_from(["a", "b"]), inner),
    )


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.one_of(NAMES, TEXTS), _grown, max_leaves=12))
def test_both_parsers_read_any_expression_alike(expression: str) -> None:
    code = f"x = {expression}\n"

    assert python_ast.read(code) == python_cst.read(code)


def test_a_tree_survives_the_way_out_of_another_process() -> None:
    tree = python_ast.read(EVERYTHING)

    assert tree == python_apart._tree(python_child.flat(tree))


def test_syntax_that_this_python_may_not_know_is_read() -> None:
    facts = read(NEWER)

    assert ["A", "f", "C", "y"] == [
        part.text or part.parts[1].text
        for part in facts.tree.parts
        if part.kind in (Kind.ASSIGN, Kind.FUNCTION, Kind.CLASS)
    ]


# -- the facts


def test_imports_are_listed_with_place_and_enclosing_symbol() -> None:
    code = (
        "import a.b as c, d\n"
        "class E:\n  def f(self):\n    from ..g import h as i, j\n"
        "from . import *\n"
    )

    assert (
        Import("a.b", "", "c", 1, 8, ""),
        Import("d", "", "", 1, 18, ""),
        Import("..g", "h", "i", 4, 21, "E.f"),
        Import("..g", "j", "", 4, 29, "E.f"),
        Import(".", "*", "", 5, 15, ""),
    ) == read(code).imports


@pytest.mark.parametrize(
    ("code", "dotted"),
    [
        ("import a.b", "a.b"),
        ("from a.b import c", "a.b.c"),
        ("from . import c", ".c"),
        ("from ..a import c", "..a.c"),
        ("from a import *", "a"),
    ],
)
def test_an_import_says_what_it_takes(code: str, dotted: str) -> None:
    assert [dotted] == [each.dotted for each in read(code).imports]


def test_names_are_listed_in_order_with_their_places() -> None:
    names = list(read("def f(a, *, b=c.d):\n    return g(e=a)\n").names())

    assert [
        Mention("f", 1, 1, ""),
        Mention("a", 1, 7, "f"),
        Mention("b", 1, 13, "f"),
        Mention("d", 1, 15, "f"),
        Mention("c", 1, 15, "f"),
        Mention("g", 2, 12, "f"),
        Mention("e", 2, 16, "f"),
        Mention("a", 2, 16, "f"),
    ] == names


def test_strings_are_listed_and_docstrings_are_not() -> None:
    code = '"""Doc."""\nx = "a" "b"\ndef f():\n    "doc"\n    return f"c{x}d"\n'

    assert ["ab", "c", "d"] == [each.text for each in read(code).strings()]


def test_columns_count_characters() -> None:
    (name,) = [each for each in read('x = "ñandú".y(z)\n').names() if each.text == "z"]

    assert (1, 15) == (name.line, name.column)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfimport a\n",
        b"import a\r\n",
        b"import a\r",
        b"\x0cimport a\n",
        b"# -*- coding: latin-1 -*-\nimport a  # \xe9\n",
        b"# vim: set fileencoding=utf-8 :\nimport a\n",
        b"import a",
    ],
    ids=["BOM", "CRLF", "CR", "form feed", "latin-1", "utf-8 cookie", "no newline"],
)
def test_files_of_every_honest_form_are_read(content: bytes) -> None:
    assert ["a"] == [each.module for each in read(content).imports]


# -- what cannot be read


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        pytest.param(b"x = 1\n\0", "it holds a NUL byte", 2, id="NUL byte"),
        pytest.param("x".encode("utf-16"), "it is UTF-16 or UTF-32", None, id="UTF-16"),
        pytest.param("x".encode("utf-32"), "it is UTF-16 or UTF-32", None, id="UTF-32"),
        pytest.param(b"#\n# coding: utf-7\n", "the encoding 'utf-7'", 1, id="utf-7"),
        pytest.param(b"# coding: rot13\n", "the encoding 'rot13'", 1, id="rot13"),
        pytest.param(b"# coding: unicode_escape\n", "'unicode-escape'", 1, id="unicode_escape"),
        pytest.param(b"# coding: nonsense\n", "the encoding 'nonsense'", 1, id="no encoding"),
        pytest.param(b"\xef\xbb\xbf# coding: latin-1\n", "a UTF-8 mark", 1, id="BOM and cookie"),
        pytest.param(b"x = 1\ny = '\xe9'\n", "its bytes are not utf-8", 2, id="latin-1 bytes"),
        pytest.param(b"x = '\xed\xa0\x80'", "its bytes are not utf-8", 1, id="lone surrogate"),
        pytest.param(b"x = 1\nprint 'x'\n", "it is not Python", 2, id="Python 2"),
        pytest.param(b"<<<<<<< HEAD\n", "it is not Python", 1, id="merge marker"),
        pytest.param(b"x = '" + b"y" * 2_000_000 + b"'", "2,000,006 bytes", None, id="2 MB"),
        pytest.param(b"x=1\n" * 2_500_000, "10,000,000 bytes", None, id="10 MB"),
        pytest.param(b"(" * 5000 + b")" * 5000, "more than 200 deep", None, id="5,000 brackets"),
    ],
)
def test_what_cannot_be_read_is_refused_with_reason_and_line(
    content: bytes, reason: str, line: int | None
) -> None:
    said, where = refused(content)

    assert reason in said
    assert line == where


def test_a_parser_that_stalls_is_ended_and_the_next_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as impatient:
        impatient.setattr(python_apart, "_LIMITS", replace(python_apart._LIMITS, seconds=1))
        stalled, _ = refused(b"x = " + b"-" * 30_000 + b"1\n")

    assert re.match(r"its parser (took over \d+ seconds|was ended by SIG\w+)", stalled)
    assert ["a"] == [each.module for each in read("import a\ntype B = int\n").imports]


def test_a_parser_that_dies_is_named_with_its_signal(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
    companion = python_apart._Companion()
    command = (python_apart._COMMAND[0], "-I", "-c", code)
    monkeypatch.setattr(python_apart, "_COMMAND", command)

    with pytest.raises(Unreadable) as caught:
        companion.ask(b"x", "a.py")

    assert caught.value.reason == "its parser was ended by SIGSEGV"


def test_after_three_files_that_stall_no_more_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    companion = python_apart._Companion()
    command = (python_apart._COMMAND[0], "-I", "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(python_apart, "_COMMAND", command)
    monkeypatch.setattr(python_apart, "_LIMITS", Limits(seconds=0.1))
    said = []

    for _ in range(4):
        with pytest.raises(Unreadable) as caught:
            companion.ask(b"x", "a.py")
        said.append(caught.value.reason)

    assert ["its parser took over 0 seconds"] * 3 == said[:3]
    assert said[3] == "its parser is not tried again after 3 slow files"


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=60), st.text(max_size=40).map(str.encode)))
def test_nothing_but_unreadable_comes_out_of_any_bytes(content: bytes) -> None:
    try:
        said = next(walk(read(content).tree)).kind.value
    except Unreadable as unreadable:
        said = unreadable.reason

    assert said


# -- which files, and which code


@pytest.mark.parametrize(
    ("path", "content", "python"),
    [
        ("src/a.py", None, True),
        ("src/a.pyi", None, True),
        ("bin/run", b"#!/usr/bin/env python3\n", True),
        ("bin/run", b"#!/bin/sh\npython", False),
        ("bin/run", None, False),
        ("a.txt", b"#!/usr/bin/python\n", False),
    ],
)
def test_python_is_known_by_suffix_or_by_its_first_line(
    path: str, content: bytes | None, python: bool
) -> None:
    assert python == is_python(path, content)


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("x = 1\n", "x = (1)  # one\n", True),
        ("def f(): return 1\n", "def f():\n\n    return 1\n", True),
        ("x = 'a'\n", 'x = "a"\n', True),
        ("x = 1\n", "x = 2\n", False),
        ("def f(): 'a'\n", "def f(): 'b'\n", False),
        ("x: int = 1\n", "x = 1\n", False),
    ],
    ids=["a comment", "layout", "quotes", "a value", "a docstring", "an annotation"],
)
def test_code_is_the_same_but_for_comments_and_layout(before: str, after: str, same: bool) -> None:
    assert same == same_code(before.encode(), after.encode(), "a.py")


def test_code_that_cannot_be_parsed_is_not_called_the_same() -> None:
    with pytest.raises(Unreadable):
        same_code(b"x = 1\n", b"x = \n", "a.py")


# -- disguises


def test_every_letter_that_python_takes_for_an_ascii_one_is_in_the_table() -> None:
    letters = map(chr, (*range(128, 0xD800), *range(0xE000, 0x110000)))
    taken = [
        letter
        for letter in letters
        if re.fullmatch(r"[A-Za-z0-9_]+", unicodedata.normalize("NFKC", letter))
        and f"a{letter}".isidentifier()
    ]

    missed = [each for each in taken if not any(known in each.encode() for known in LOOKALIKES)]

    assert [] == missed
    assert len(taken) > 900


def test_letters_in_disguise_are_read_as_python_reads_them() -> None:
    assert b"x.DurableObject" == plain("x.\U0001d403urable\uff2fbject".encode())


@pytest.mark.parametrize(
    ("content", "honest"),
    [
        (b"import a\n", True),
        (b"# coding: utf8\n", True),
        (b"# coding: utf-7\n", False),
        (b"#!/usr/bin/python\n# -*- coding: cp037 -*-\n", False),
        (b"x = 1\n# coding: utf-7\n", True),
        (b"\n\n# coding: utf-7\n", True),
    ],
)
def test_an_encoding_counts_only_where_python_looks_for_it(content: bytes, honest: bool) -> None:
    assert honest == is_plain(content)


@pytest.mark.parametrize(
    ("code", "spelled"),
    [
        ("f('work' + 'ers')", True),
        ("k = 'k'; f(f'wor{k}ers')", True),
        ("f(''.join(['w', 'or', 'ke', 'rs']))", True),
        ("exec('srekrow'[::-1])", True),
        ("f('\\x77orkers')", True),
        ("f('\\u0077orkers')", True),
        ("f('\\u{077}orkers')", True),
        ("f('\\U00000077orkers')", True),
        ("f('\\167orkers')", True),
        ("f('\\N{LATIN SMALL LETTER W}orkers')", True),
        ("f('\\x77or' + 'k\\x65rs')", True),
        ("exec('\\\\x77orkers')", True),
        ("exec('f(\"\\x5cx77orkers\")')", True),
        ("f('\\x7f\\u0041')", False),
        ("f(r'[\\d\\w]+')", False),
        ("f('WORK' + 'ERS')", True),
        ("f('%sers' % 'work')", True),
        ("f(chr(119) + 'orkers')", True),
        ("exec('wXorkers'.replace('X', ''))", True),
        ("f('other' + 'things')", False),
        ("import_module('json')", False),
    ],
)
def test_a_word_in_pieces_is_suspected(code: str, spelled: bool) -> None:
    assert spelled == can_spell(("workers",), code.encode())


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"exec(x)", True), (b"execute", False), (b"_exec", False), (b"x.exec", True), (b"", False)],
)
def test_a_word_is_not_a_part_of_a_longer_one(content: bytes, said: bool) -> None:
    assert said == says(b"exec", content)


@pytest.mark.parametrize(
    "word", [b"exec ", b"exec[", b"exec('", b"'workers'[", b"chr(", b"\\", b"\\x"]
)
def test_a_file_full_of_one_word_takes_no_time(word: bytes) -> None:
    content = word * (1_000_000 // len(word))
    began = os.times().user

    can_spell(("workers",), content)

    assert os.times().user - began < 20
