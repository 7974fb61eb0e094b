"""Which Python files are parsed for SQL: every one that has some, and few of the others."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query_evidence import has_evidence
from gatekeeper.migrations.query_python import PythonQueries, _Linking
from gatekeeper.snapshot import Snapshot

HELD = {
    "a statement in a name": 'A = "SELECT 1"',
    "small letters": 'A = "delete from t"',
    "behind white space that is spelled out": r'A = "\n\t select a from t"',
    "behind a comment of SQL": 'A = """-- all\nSELECT a FROM t"""',
    "behind the other comment": 'A = "/* all */ SELECT a FROM t"',
    "a word spelled out": r'A = "\x53ELECT a FROM t"',
    "a line that goes on in a word": 'A = "SEL\\\nECT a FROM t"',
    "two strings side by side": 'A = "SEL" "ECT a FROM t"',
    "a sum": 'A = "DEL" + "ETE FROM t"',
    "a sum by names": 'A = "UP"\nB = "DATE t SET x = 1"\nC = A + B',
    "letters in a list": 'A = "".join(["S", "E", "L", "E", "C", "T", " a FROM t"])',
    "letters in a format": 'A = "{}{}{} a FROM t".format("S", "ELEC", "T")',
    "a percent": 'A = "S%sT a FROM t" % "ELEC"',
    "behind a hole": 'A = f"{x}SELECT a FROM t"',
    "behind a hole of percent": 'A = "%rSELECT a FROM t" % x',
    "a hole whose quotes are its own": 'A = f"{x["SELECT a FROM t"]}"',
    "a docstring that is SQL": 'def f():\n    """SELECT a FROM t"""\n    return 1',
    "what looks like a docstring, and goes on": 'A = {f(1):\n  """UPDATE t """\n  "SET x = 1"}',
    "behind a comment that looks like a call": 'A = ("UPDATE " # f(\n "t SET x = 1")',
    "an argument of what joins": 'A = text("UPDATE t ") + "SET x = 1"',
    "a call that takes SQL": "x . execute (a)",
    "a call in letters that Python reads as these": "x.\uff45xecute(a); alter",
    "a long s": 'A = "\u017felect a from t"',
    "a table of pandas": 'pd.read_sql_table("t", con)',
    "a line that ends in a carriage return alone": '# so \rA = "SELECT a FROM t"\r',
    "a letter by its name": r'A = "\N{LATIN CAPITAL LETTER S}ELECT a FROM t"',
    "a space by its name": r'A = "\N{SPACE}SELECT a FROM t"',
    "white space that is spelled out, then a hole": r'A = "\x20{}SELECT a FROM t".format("")',
    "AS that stands before the WITH": 'K = "AS"\nA = f"WITH x {K} (SELECT 1) SELECT a FROM x"',
    "AS behind a vertical tab": r'A = "WITH x\vAS (SELECT 1) SELECT a FROM x"',
    "a hole in a hole, with the same quotes": (
        """A = f"}}{x:{y["a'b"]}}"; B = "SELECT a FROM t"; C = "'" """
    ),
    "a piece that begins with a line that goes on": 'A = "PRAG" + """\\\nMA x"""',
    "a WITH whose AS is in another file": 'A = "WITH RECURSIVE t"',
    "another encoding": '# coding: utf-7\nA = "+AFM-ELECT"; alter',
}
NOT_HELD = {
    "a docstring of prose": 'def f(self) -> None:\n    """Update the state."""\n    self.g()',
    "a docstring before a branch": 'def f():\n    """Delete it."""\n    if x:\n        return',
    "a docstring, then a comment": 'def f():\n    """Create it."""\n    # so\n    return 1',
    "a context behind a string": 'A = "x"\nwith f() as g:\n    pass',
    "prose that begins with with": 'A = "with a file in it"',
    "a message": 'log.info("Update %s", name)\nB = "x"',
    "a key": 'A = {"update": 1, "delete": 2}',
    "a word that is compared": 'if a == "select":\n    pass',
    "an apostrophe": "# it's update\nA = 1",
    "a word within a string": 'A = "please select a from t"',
    "strings of one letter": 'A = ["s", "t"], "d"\nwith A: pass',
}


@pytest.mark.parametrize("says", HELD)
def test_a_file_with_evidence_of_sql_is_parsed(says: str) -> None:
    assert has_evidence(f"{HELD[says]}\nalter = 1\n".encode()) is True


@pytest.mark.parametrize("says", NOT_HELD)
def test_a_file_without_evidence_of_sql_is_not_parsed(says: str) -> None:
    assert has_evidence(f"{NOT_HELD[says]}\nalter = 1\n".encode()) is False


HANDING_ON = {
    "a statement that another file makes longer": (
        'Q = "SELECT a FROM t"',
        "from a import Q\nR = Q + ' LIMIT 1'  # alter",
    ),
    "by an attribute": (
        'class K:\n    Q = "SELECT a FROM t"',
        "from a import K\nR = f'{K.Q} LIMIT 1'",
    ),
    "a word": ('Q = "SELECT"', "from a import Q\nR = f'{Q} a FROM t'  # alter"),
    "a word in a sum": ('Q = "SELECT"', "from a import Q\nR = Q + ' a FROM t'  # alter"),
    "a word in a sum of two lines": ('Q = "SELECT"', "from a import Q\nR = (Q\n + ' a FROM t')"),
    "a word and a space": ('Q = "SELECT "', "from a import Q\nR = Q + 'a FROM t'"),
    "a word in a hole with spaces": ('Q = "SELECT"', "from a import Q\nR = f'{ Q } a FROM t'"),
    "a word in a list": ('Q = "SELECT"', "from a import Q\nR = ' '.join([Q, 'a FROM t'])"),
    "a word by another name": ('Q = "SELECT"', "from a import Q as V\nR = f'{V} a FROM t'"),
    "a word in a name of its own": ('Q = "SELECT"', "from a import Q\nV = Q\nR = V + ' a FROM t'"),
    "both pieces": ('Q = "SELECT"\nS = "a FROM t"', "from a import Q, S\nR = ' '.join([Q, S])"),
    "letters that make a word": (
        'Q = "".join(["S", "ELECT"])',
        "from a import Q\nR = Q + ' a FROM t'",
    ),
    "letters that make no word yet": (
        'Q = "SEL"\nS = Q + "ECT"',
        "from a import Q\nR = Q + 'ECT a FROM t'",
    ),
    "a name that is not of ASCII": (
        '\u00c9 = "SELECT"',
        "from a import \u00c9\nR = \u00c9 + ' a FROM t'",
    ),
    "the same with its accent apart": (
        '\u00c9 = "SELECT"',
        "from a import E\u0301\nR = E\u0301 + ' a FROM t'",
    ),
    "a name in letters that look like others": (
        'Q = "SELECT"',
        "from a import \uff31\nR = \uff31 + ' a FROM t'",
    ),
}


@pytest.mark.parametrize("says", HANDING_ON)
def test_what_another_file_hands_on_is_found_where_no_word_of_sql_stands(says: str) -> None:
    first, second = HANDING_ON[says]
    head = Snapshot.of(
        "head", {"a.py": f"{first}\n".encode(), "b.py": f"{second}\nalter = 1\n".encode()}
    )
    assert "b.py" in {each.path for each in PythonQueries().gathered(head).queries}


def test_what_a_third_file_passes_on_under_its_own_name_is_found() -> None:
    head = Snapshot.of(
        "head",
        {
            "a.py": b'Q = "SELECT"\n',
            "b.py": b"from a import Q as V\n",
            "c.py": b"from b import V\nR = V + ' a FROM t'\nalter = 1\n",
        },
    )
    assert {each.text for each in PythonQueries().gathered(head).queries} == {"SELECT a FROM t"}


def test_a_file_whose_bytes_are_no_text_is_told() -> None:
    head = Snapshot.of("head", {"a.py": b"# alter \xff\n"})
    assert PythonQueries().gathered(head).unread == (("a.py", "its bytes are not utf-8"),)


STATEMENTS = st.sampled_from(
    (
        "SELECT a FROM t",
        "select 1",
        "INSERT INTO t VALUES (1)",
        "UPDATE t SET x = 1",
        "DELETE FROM t",
        "WITH a AS (SELECT 1) SELECT x FROM a",
        "CREATE TABLE t (x)",
        "alter table t add x",
        "DROP TABLE t",
        "PRAGMA x",
        "EXPLAIN SELECT a FROM t",
    )
)
BEFORE = st.sampled_from(("", "", " ;", "-- so\n", "/* so */ "))
PUT_TOGETHER = {
    "one": "A = {0}",
    "side by side": "A = ({0}\n {1}\n {2})",
    "sum": "A = {0} + {1} + {2}",
    "names": "B = {0}\nC = {1}\nA = B + C + {2}",
    "joined": "A = ''.join([{0}, {1}, {2}])",
    "appended": "A = [{0}]\nA.append({1})\nA.append({2})\nB = ''.join(A)",
    "added": "A = {0}\nA += {1}\nA += {2}",
    "percent": "A = '%s%s%s' % ({0}, {1}, {2})",
    "by key": "A = '%(a)s%(b)s%(c)s' % {{'a': {0}, 'b': {1}, 'c': {2}}}",
    "format": "A = '{{}}{{}}{{x}}'.format({0}, {1}, x={2})",
    "holes": "B = {0}\nC = {1}\nA = f'{{B}}{{C}}' + {2}",
    "docstring": "def f():\n    {0}\n    if x:\n        return 1",
    "documents": "class A:\n    {0}\n    B = {1} + {2}",
    "choice": "A = {{f(1):\n {0}\n if x else {1}}}, {2}",
    "argument": "f({0}, g=text({1}) + {2})",
    "key": "A = {{{0}: {1} + {2}}}",
    "compared": "if x == {0}: A = {1} + {2}",
}
QUOTES = st.sampled_from(('"', "'", '"""', "'''"))
SPELLINGS = st.sampled_from(("", "", "x", "o"))


@st.composite
def sources(draw: st.DrawFn) -> str:
    statement = draw(STATEMENTS)
    cuts = sorted(draw(st.integers(0, min(len(statement), 14))) for _ in range(2))
    pieces = (
        draw(BEFORE) + statement[: cuts[0]],
        statement[cuts[0] : cuts[1]],
        statement[cuts[1] :],
    )
    form = draw(st.sampled_from(sorted(PUT_TOGETHER.values())))
    if "{1}" not in form:
        pieces = ("".join(pieces), "", "")
    return form.format(*(_literal(draw, each) for each in pieces)) + "\nalter = 1\n"


def _literal(draw: st.DrawFn, text: str) -> str:
    quotes, spelled = draw(QUOTES), draw(SPELLINGS)
    at = draw(st.integers(0, 8))
    body = "".join(
        _letter(each, spelled if at == number else "") for number, each in enumerate(text)
    )
    return f"{quotes}{body}{quotes}"


def _letter(letter: str, spelled: str) -> str:
    if letter == "\n":
        return "\\n"
    return {"": letter, "x": f"\\x{ord(letter):02x}", "o": f"\\{ord(letter):03o}"}[spelled]


@settings(deadline=None, max_examples=300)
@given(sources())
def test_no_file_of_which_parsing_would_show_sql_is_left_out(source: str) -> None:
    head = Snapshot.of("head", {"a.py": source.encode()})
    assert not _queries(head) or has_evidence(source.encode())


def _queries(head: Snapshot) -> list[object]:
    try:
        return list(_Linking(head).queries("a.py"))
    except Unreadable:
        return []
