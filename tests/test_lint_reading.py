"""Warnings out of what linters and type checkers write."""

from __future__ import annotations

import json

import pytest

from gatekeeper.reading import eslint_json, mypy_json, ruff_json, sarif, tsc_text
from gatekeeper.reading.lint import Warned
from gatekeeper.reading.unusable import Unusable
from tests.real_readings import READERS, ROOT, content_of, read

RUFF = [
    ("pkg/broken.py", 1, 12, "invalid-syntax"),
    ("pkg/broken.py", 2, 1, "invalid-syntax"),
    ("pkg/cart.py", 1, 8, "F401"),
    ("pkg/cart.py", 8, 25, "RUF100"),
    ("pkg/cart.py", 12, 5, "F841"),
    ("pkg/cart.py", 13, 12, "F821"),
]
MYPY = [
    ("pkg/cart.py", 6, 14, "assignment"),
    ("pkg/cart.py", 8, 5, "no-any-return"),
    ("pkg/cart.py", 8, 20, "operator"),
    ("pkg/cart.py", 11, 1, "no-untyped-def"),
    ("pkg/cart.py", 12, 14, "assignment"),
    ("pkg/cart.py", 13, 12, "name-defined"),
]
TSC = [
    ("src/cart.ts", 2, 42, "TS2366"),
    ("src/cart.ts", 3, 9, "TS2322"),
    ("src/cart.ts", 3, 43, "TS2339"),
    ("src/cart.ts", 7, 14, "TS2339"),
    ("src/cart.ts", 7, 67, "TS2322"),
    ("src/cart.ts", 8, 15, "TS2322"),
    ("src/cart.ts", 10, 14, "TS2322"),
]
ESLINT = [
    ("src/broken.ts", 1, 13, "parsing-error"),
    ("src/cart.ts", 1, 7, "@typescript-eslint/no-unused-vars"),
    ("src/cart.ts", 6, 3, ""),
    ("src/cart.ts", 8, 9, "eqeqeq"),
    ("src/plain.js", 1, 18, "eqeqeq"),
    ("src/plain.js", 1, 24, "no-empty"),
]


def places(name: str) -> list[tuple[str, int | None, int | None, str]]:
    value = read(name)
    assert isinstance(value, tuple)
    return [(each.path, each.line, each.column, each.code) for each in value]


def refusal(kind: str, content: str) -> str:
    with pytest.raises(Unusable) as refused:
        READERS[kind](content.encode(), ROOT)
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ruff/0.17.json", RUFF),
        ("ruff/0.4.json", [("pkg/broken.py", 1, 12, "E999"), RUFF[2], *RUFF[4:]]),
        ("ruff/0.17-clean.json", []),
        ("sarif/ruff-0.17.json", RUFF),
        ("mypy/2.4.txt", MYPY),
        ("mypy/1.11.txt", [*MYPY[:2], ("pkg/cart.py", 8, 24, "operator"), *MYPY[3:]]),
        ("mypy/2.4-clean.txt", []),
        ("tsc/5.txt", TSC),
        ("tsc/7.txt", TSC),
        ("eslint/10.json", ESLINT),
        ("eslint/9.json", ESLINT[4:]),
        ("eslint/9-clean.json", []),
        ("sarif/eslint-9.json", ESLINT[4:]),
    ],
)
def test_the_warnings_of_a_real_run_are_read_with_their_places(
    name: str, expected: list[tuple[str, int, int, str]]
) -> None:
    assert places(name) == expected


def test_ruff_and_its_sarif_say_the_same() -> None:
    assert read("ruff/0.17.json") == read("sarif/ruff-0.17.json")


def test_a_warning_keeps_its_words() -> None:
    warnings = ruff_json.read(content_of("ruff/0.17.json"), ROOT)

    assert warnings[2] == Warned("pkg/cart.py", 1, 8, "F401", "`os` imported but unused")


def test_notes_of_mypy_are_no_warnings() -> None:
    note = (
        '{"file": "a.py", "line": 1, "column": 0, "message": "Revealed", "hint": null,'
        ' "code": "misc", "severity": "note"}'
    )

    assert mypy_json.read(note.encode(), ROOT) == ()
    assert len(mypy_json.read(note.replace('"note"', '"error"').encode(), ROOT)) == 1


def test_a_line_that_mypy_does_not_know_is_none() -> None:
    said = (
        '{"file": "a.py", "line": -1, "column": -1, "message": "m",'
        ' "code": null, "severity": "error"}'
    )

    assert mypy_json.read(said.encode(), ROOT) == (Warned("a.py", None, None, "", "m"),)


def test_eslint_tells_the_files_it_looked_at_and_those_it_passed_over() -> None:
    linted = eslint_json.linted(content_of("eslint/10.json"), ROOT)

    assert linted.files == {"src/broken.ts", "src/cart.ts", "src/clean.ts", "src/plain.js"}
    assert linted.unread == {"dist/x.js"}


def test_sarif_tells_its_tool_and_the_files_it_lists() -> None:
    linted = sarif.linted(content_of("sarif/eslint-9.json"), ROOT)

    assert linted.tool == "ESLint 9.39.5"
    assert linted.files == {"src/plain.js", "src/quiet.js"}


def test_what_explains_an_error_of_tsc_is_no_error_of_its_own() -> None:
    [*_, last] = tsc_text.read(content_of("tsc/5.txt"), ROOT)

    assert last.message.endswith("is not assignable to type '{ x: { y: number; }; }'.")


def test_tsc_prints_nothing_when_all_is_well() -> None:
    assert tsc_text.read(b"", ROOT) == ()


def test_paths_are_taken_from_the_folder_that_the_tool_ran_in() -> None:
    for reader, name in ((mypy_json.read, "mypy/2.4.txt"), (tsc_text.read, "tsc/5.txt")):
        warnings = reader(content_of(name), ROOT, "packages/a")

        assert {each.path.partition("/cart")[0] for each in warnings} <= {
            "packages/a/pkg", "packages/a/src",
        }  # fmt: skip


def result(**more: object) -> dict[str, object]:
    return {"ruleId": "R1", "message": {"text": "bad"}, **more}


def log(*results: object, **more: object) -> str:
    run = {"tool": {"driver": {"name": "tool"}}, "results": list(results), **more}
    return json.dumps({"version": "2.1.0", "runs": [run]})


def at(uri: str, **more: object) -> list[object]:
    physical = {"artifactLocation": {"uri": uri, **more}, "region": {"startLine": 3}}
    return [{"physicalLocation": physical}]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (log(result()), ("", None, None, "R1")),
        (log(result(locations=at("src/a%20b.py"))), ("src/a b.py", 3, None, "R1")),
        (log(result(locations=at("file:///checkout/a.py"))), ("a.py", 3, None, "R1")),
        (
            log(
                result(locations=at("a.py", uriBaseId="SRC")),
                originalUriBaseIds={
                    "SRC": {"uri": "src/", "uriBaseId": "ROOT"},
                    "ROOT": {"uri": "file:///checkout/"},
                },
            ),
            ("src/a.py", 3, None, "R1"),
        ),
        (
            log(
                result(locations=[{"physicalLocation": {"artifactLocation": {"index": 0}}}]),
                artifacts=[{"location": {"uri": "b.py"}}],
            ),
            ("b.py", None, None, "R1"),
        ),
        (
            log(
                {"ruleIndex": 0, "message": {"id": "default"}},
                tool={"driver": {"name": "tool", "rules": [{"id": "R9"}]}},
            ),
            ("", None, None, "R9"),
        ),
        (log(result(suppressions=[])), ("", None, None, "R1")),
        (log(result(suppressions=[{"kind": "external"}])), ("", None, None, "R1")),
        (
            log(result(suppressions=[{"kind": "inSource", "status": "rejected"}])),
            ("", None, None, "R1"),
        ),
        (log(result(level="note")), ("", None, None, "R1")),
        (log(result(baselineState="unchanged")), ("", None, None, "R1")),
    ],
)
def test_a_result_of_sarif_is_read_wherever_it_keeps_its_place(
    content: str, expected: tuple[str, int | None, int | None, str]
) -> None:
    [warned] = sarif.read(content.encode(), ROOT)

    assert (warned.path, warned.line, warned.column, warned.code) == expected


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "pass"},
        {"kind": "notApplicable"},
        {"suppressions": [{"kind": "inSource"}]},
        {"suppressions": [{"kind": "inSource", "status": "accepted"}]},
    ],
)
def test_a_result_of_sarif_that_is_no_fault_or_is_suppressed_in_the_code_is_left_out(
    more: dict[str, object],
) -> None:
    assert sarif.read(log(result(**more)).encode(), ROOT) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"version": "2.0.0", "runs": []}', "it is SARIF '2.0.0', and 2.1.0 is read"),
        ('{"version": "2.1.0", "runs": []}', "not one run is in it"),
        (log(invocations=[{"executionSuccessful": False}]), "'tool' did not come to an end"),
        (log(results=None), "'tool' looked at nothing"),
        (log(result(locations=at("file:///etc/passwd"))), "not a file in /checkout"),
        (log(result(locations=at("../a.py"))), "not a file in /checkout"),
        (log(result(locations=at("https://example.org/a.py"))), "is not a file in the tree"),
        (log(result(locations=at("//[bad"))), "which is no address"),
        (log({"ruleIndex": 4, "message": {"text": "x"}}), "points at number 4 of its rules"),
        (log({"message": {"text": "x"}}), "'ruleIndex' is no count but None"),
        (log({"ruleId": "R1", "message": {}}), "a result says nothing"),
        (
            log(
                result(locations=[{"physicalLocation": {"artifactLocation": {"index": 0}}}]),
                artifacts=[{"location": {"index": 0}}],
            ),
            "'uri' is no text but None",
        ),
    ],
)
def test_sarif_that_cannot_be_trusted_is_refused(content: str, said: str) -> None:
    assert said in refusal("sarif", content)


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("ruff", '[{"code": "F401"}]', "number 1: 'location' is no object but None"),
        ("ruff", '[{"location": {"row": 0.5}}]', "'filename' is no text but None"),
        ("ruff", '{"results": []}', "the file is no array but an object"),
        ("eslint", "[]", "not one file is in it"),
        ("mypy", "Success: no issues found in 1 source file", "line 1 is no message of mypy's"),
        ("mypy", '{"severity": "fatal"}', "no severity 'fatal' that is known"),
        ("mypy", '{"severity": "error"', "line 1: it is no JSON at 1:21"),
        ("tsc", "error TS18003: No inputs were found.", "tsc did not do its work"),
        ("tsc", "a.ts(1,2): error TS1: m\nnode:internal/errors", "line 2 is none of its own"),
        ("tsc", "  indented at once", "line 1 is none of its own"),
    ],
)
def test_what_a_linter_did_not_write_is_refused(kind: str, content: str, said: str) -> None:
    assert said in refusal(kind, content)


@pytest.mark.parametrize("count", ["errorCount", "warningCount"])
def test_counts_of_eslint_that_do_not_add_up_are_refused(count: str) -> None:
    results = json.loads(content_of("eslint/9.json"))
    results[0][count] = 0

    assert "'src/plain.js' states 1 messages, and holds 2" in refusal("eslint", json.dumps(results))
