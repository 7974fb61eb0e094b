from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gatekeeper.report import FORMATS, LATER, canonical, markdown, text
from gatekeeper.report.markdown_clause import SIGNS
from gatekeeper.report.tally import WORST_FIRST
from gatekeeper.terms import Adoption
from gatekeeper.verdict import Report
from tests import reports
from tests.golden import GOLD, ROOT

SCHEMA = json.loads((files("gatekeeper.report") / "report.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
BUILDS: Mapping[str, Callable[[], Report]] = {
    **reports.BY_VERDICT,
    "mixed": reports.mixed,
    "nothing": reports.report,
}
EVERY_FIELD = reports.report(*reports.mixed(1).clauses[:2], reports.waived().clauses[0])


def parsed(report: Report) -> Any:
    return json.loads(canonical.render(report))


def objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a document, the outermost first."""
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from objects(inner)


def test_the_schema_is_a_schema() -> None:
    assert None is Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", GOLD)
def test_a_report_looks_as_it_was_agreed_to_look(name: str) -> None:
    shown = GOLD[name]()

    assert (ROOT / name).read_bytes().decode("utf-8") == shown


@pytest.mark.parametrize("name", BUILDS)
def test_every_report_is_valid_against_its_schema(name: str) -> None:
    document = parsed(BUILDS[name]())

    assert [] == [error.message for error in VALIDATOR.iter_errors(document)]


@pytest.mark.parametrize("word", reports.BY_VERDICT)
def test_the_sample_of_a_verdict_has_that_verdict(word: str) -> None:
    sample = json.loads((ROOT / f"docs/samples/report-{word}.json").read_text("utf-8"))

    assert word == sample["verdict"]
    assert {"broken": 1, "unproven": 3}.get(word, 0) == sample["exit_code"]


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1))
@reports.on_each_hostile_text()
@example(reports.LONG)
def test_hostile_text_leaves_the_report_valid_and_plain_ascii(attack: str) -> None:
    shown = canonical.render(reports.hostile(attack))

    assert shown.isascii()
    assert shown.replace("\n", "").isprintable()
    assert "##" not in shown
    assert VALIDATOR.is_valid(json.loads(shown))


@given(st.binary(min_size=1))
def test_a_path_of_any_bytes_can_be_had_back(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    finding = replace(reports.STORE, path=path)
    judged = replace(reports.broken().clauses[0].rulings[0].findings[0], finding=finding)
    ruled = reports.protected(reports.broken().verdict, judged)

    document = parsed(reports.report(ruled))

    found = document["clauses"][0]["rulings"][0]["findings"][0]["path"]
    assert raw == found.encode("utf-8", "surrogateescape")


def test_the_same_report_gives_the_same_bytes_whatever_order_counters_came_in() -> None:
    one, other = (
        canonical.render(
            reports.report(
                reports.clause(
                    "gate", "x", 1, replace(reports.CLOSING.rulings[0], examined=dict(order))
                )
            )
        )
        for order in ([("files", 1), ("commits", 2)], [("commits", 2), ("files", 1)])
    )

    assert one == other


def test_no_object_of_the_report_may_hold_a_field_that_the_schema_does_not_know() -> None:
    document = parsed(EVERY_FIELD)
    tolerated = []
    for each in objects(document):
        each["surprise"] = "x"
        if VALIDATOR.is_valid(document):
            tolerated.append(each)
        del each["surprise"]

    assert [] == tolerated


def test_no_field_of_the_report_may_be_missing() -> None:
    described = [each for each in objects(SCHEMA) if each.get("additionalProperties") is False]

    assert [list(each["properties"]) for each in described] == [
        each["required"] for each in described
    ]


@pytest.mark.parametrize(
    ("word", "change"),
    [
        ("broken", {"exit_code": 0}),
        ("unproven", {"exit_code": 0}),
        ("kept", {"exit_code": 1}),
        ("kept", {"contract": {**parsed(reports.kept())["contract"], "adoption": "not committed"}}),
        ("kept", {"schema": "gatekeeper.report/2"}),
    ],
    ids=[
        "broken and exit 0",
        "unproven and exit 0",
        "kept and exit 1",
        "a preview and exit 0",
        "another version",
    ],
)
def test_the_schema_refuses_a_report_that_contradicts_itself(
    word: str, change: Mapping[str, Any]
) -> None:
    document = {**parsed(reports.BY_VERDICT[word]()), **change}

    assert not VALIDATOR.is_valid(document)


def test_a_preview_of_a_contract_nobody_committed_is_never_exit_0() -> None:
    draft = replace(reports.AT_BASE, adoption=Adoption.PREVIEW, commit=None)

    document = parsed(replace(reports.kept(), contract=draft))

    assert (3, True) == (document["exit_code"], VALIDATOR.is_valid(document))


def test_the_page_on_the_report_names_every_field_of_the_schema() -> None:
    page = (ROOT / "docs/report.md").read_text("utf-8")

    fields = {name for each in objects(SCHEMA) for name in each.get("properties", {})}
    assert set() == {name for name in fields if f"`{name}`" not in page}


def seen_in_json(shown: str) -> dict[str, str]:
    return {each["id"]: each["verdict"] for each in json.loads(shown)["clauses"]}


def seen_in_text(shown: str) -> dict[str, str]:
    """Each id that stands at the place of one, by the heading above it."""
    sections = re.findall(r"^── ([A-Z]+):[^\n]*\n(.*?)(?=^── |\ncontext  )", shown, re.M | re.S)
    return {
        name: word.lower()
        for word, body in sections
        for name in re.findall(r"^(?:[^\w\s] |    )([\w-]+)(?:  |$)", body, re.M)
        if re.search(r"-\d+$|^closing$", name)
    }


def seen_in_markdown(shown: str) -> dict[str, str]:
    """Each id of the table, of a part's title, or of a list under a part's title."""
    words = {SIGNS[verdict]: verdict.word for verdict in WORST_FIRST}
    broken = re.findall(r"^\| ❌ <code>([\w-]+)</code>", shown, re.M)
    lists = re.findall(r"<summary>(\S+) (?!<code>).*?</summary>(.*?)</details>", shown, re.S)
    return {
        **dict.fromkeys(broken, "broken"),
        **{
            name: words[sign]
            for sign, body in lists
            if sign in words
            for name in re.findall(r"^- <code>([\w-]+)</code>", body, re.M)
        },
    }


@pytest.mark.parametrize("name", [*reports.BY_VERDICT, "mixed"])
@pytest.mark.parametrize(
    ("show", "seen"),
    [
        pytest.param(text.render, seen_in_text, id="text"),
        pytest.param(markdown.render, seen_in_markdown, id="markdown"),
        pytest.param(canonical.render, seen_in_json, id="json"),
    ],
)
def test_every_format_names_the_same_clauses_with_the_same_verdicts(
    name: str, show: Callable[[Report], str], seen: Callable[[str], dict[str, str]]
) -> None:
    report = BUILDS[name]()

    shown = seen(show(report))

    assert {each.clause.id: each.verdict.word for each in report.clauses} == shown


def test_formats_are_found_by_name_and_those_to_come_are_listed() -> None:
    shown = {name: show(reports.broken()) for name, show in FORMATS.items()}

    assert {
        "text": text.render(reports.broken()),
        "json": canonical.render(reports.broken()),
        "markdown": markdown.render(reports.broken()),
    } == shown
    assert set() == set(FORMATS) & set(LATER)


@pytest.mark.parametrize(
    "does",
    [
        "import gatekeeper.report, gatekeeper.report.text, gatekeeper.report.terminal",
        "from gatekeeper.report.brief import brief; brief(reports.kept())",
        "from gatekeeper.report import FORMATS; FORMATS['json'](reports.mixed())",
        "from gatekeeper.report import FORMATS; FORMATS['markdown'](reports.mixed())",
    ],
    ids=["importing the formats", "the brief report", "json", "markdown"],
)
def test_nothing_slow_is_imported_where_no_page_of_text_is_shown(does: str) -> None:
    told = f"from tests import reports; {does}; import sys; print('rich' in sys.modules)"

    ran = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "False\n" == ran.stdout


def test_the_schema_ships_beside_the_code_that_writes_the_report() -> None:
    assert Path(canonical.__file__).with_name("report.schema.json").is_file()
