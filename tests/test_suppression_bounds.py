"""Comments, settings and ledgers that are made to be slow are read, or refused, in time."""

from __future__ import annotations

from time import process_time

import pytest

from gatekeeper import NoOptions, Snapshot
from gatekeeper.source import script_grammar
from gatekeeper.value import replace
from gatekeeper_rules.suite.suppression_added import RULE, check
from tests.cases import Files, case_between, case_of, doubts, findings

GRAMMAR, MOST = script_grammar.SECONDS, 20.0
"""Seconds of the processor for one change, ten of which the grammar of scripts may take."""

HOSTILE: list[tuple[str, str, str]] = [
    ("a.ts", "// @ts-ignore\n" * 20_000, "one comment again and again"),
    ("a.ts", "f();\n" + "// @ts-ignore\n" * 30_000 + "g();\n", "comments that stand on one line"),
    ("a.ts", "// @ts-ignore\n/*" + "\n" * 200_000 + "*/", "an empty comment"),
    ("a.ts", "// @ts-ignore\nlet a = '" + "\\a" * 300_000 + "';", "a string of escapes"),
    ("a.tsx", "// @ts-ignore\n" + "f(<T,>(a: T) => a);\n" * 7_000, "type parameters in JSX"),
    ("a.ts", f"// @ts-ignore\n{' ' * 300_000}x{':{}' * 50_000}", "labels behind white space"),
    ("a.ts", "/* eslint " + "a-" * 200_000 + " */", "the name of a rule without end"),
    (".flake8", "[flake8]\nper-file-ignores = " + "a:" * 100_000, "pairs without codes"),
    ("setup.cfg", "[flake8]\n" + "a" * 400_000, "an option without a value"),
    ("eslint.config.js", f"export default [{{ rules: {{ {'a' * 300_000} }} }}]", "a long name"),
    ("eslint.config.js", "ignores: [" * 30_000 + "]" * 30_000, "lists that begin in lists"),
    (".gitignore", "**/a*b*c*d*e*f*g\n" * 400, "wild patterns"),
]


@pytest.mark.parametrize(
    ("path", "content"), [pytest.param(path, text, id=name) for path, text, name in HOSTILE]
)
def test_what_is_made_to_be_slow_is_judged_in_time(path: str, content: str) -> None:
    sources = {f"src/{'a' * 40}{number}.py": "x = 1\n" for number in range(300)}
    case = case_of(sources, {**sources, path: content}, NoOptions())
    started = process_time()

    observed = tuple(check(case))

    assert MOST > process_time() - started
    assert observed


def test_a_script_that_no_grammar_reads_in_time_is_given_up_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(script_grammar, "SECONDS", 1.0)
    regex = "// @ts-ignore\nlet a = [" + "/[" * 30_000 + "\n];"
    case = case_of({}, {"a.ts": regex}, NoOptions())
    started = process_time()

    (doubt,) = doubts(RULE, case)

    assert MOST - GRAMMAR + 1.0 > process_time() - started
    assert "it cannot be told apart into code and comments" in doubt


class Counted(dict[str, bytes]):
    """Contents by object id, and how often one was asked for."""

    asked = 0

    def __getitem__(self, oid: str) -> bytes:
        self.asked += 1
        return super().__getitem__(oid)


@pytest.mark.parametrize("path", ["a.ts", "a.py"])
def test_a_file_is_read_no_more_often_for_many_new_suppressions_than_for_one(path: str) -> None:
    line = {"a.ts": "f(); // @ts-ignore\n", "a.py": "f()  # noqa: A1\n"}[path]
    read = []
    for many in (1, 500):
        base, head = Snapshot.of("base", {}), Snapshot.of("head", {path: line * many})
        counted = Counted(head.blobs)
        case = case_between(base, replace(head, blobs=counted), NoOptions())
        assert many == len(findings(RULE, case))
        read.append(counted.asked)

    assert read[0] == read[1]


def test_each_of_many_suppressions_in_one_comment_has_its_own_line() -> None:
    case = case_of({}, {"a.ts": "/*\n" + "@ts-ignore\n" * 50 + "*/ f();\n"}, NoOptions())

    found = findings(RULE, case)

    assert list(range(2, 52)) == [each.line for each in found]


def test_thousands_of_new_suppressions_are_a_doubt_not_an_endless_comparison() -> None:
    before: Files = {"a.py": "".join(f"a{n} = f()  # noqa: A1\n" for n in range(5000))}
    after: Files = {"a.py": "".join(f"b{n} = f()  # noqa: A1\n" for n in range(5000))}
    case = case_of(before, after, NoOptions())

    (doubt,) = doubts(RULE, case)

    assert "more suppressions differ than are compared" in doubt


def test_a_linters_own_list_of_what_it_passes_over_is_settings() -> None:
    counted = '{"src/a.js": {"no-undef": {"count": %d}}}'
    change = case_of(
        {"eslint-suppressions.json": counted % 2},
        {"eslint-suppressions.json": counted % 3},
        NoOptions(),
    )

    (found,) = findings(RULE, change)

    assert ("eslint-suppressions.json", 1) == (found.path, found.line)


def test_a_shorter_list_of_what_a_linter_passes_over_is_none() -> None:
    counted = '{"src/a.js": {"no-undef": {"count": %d}}}'
    change = case_of(
        {"eslint-suppressions.json": counted % 3},
        {"eslint-suppressions.json": counted % 2},
        NoOptions(),
    )

    assert () == findings(RULE, change)
