"""The reference of the binding is true: every example in it loads, and nothing is left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gatekeeper import Rule
from gatekeeper.contract.binding import load_contract
from gatekeeper.contract.shapes import record_of
from gatekeeper.registry import load_rules
from gatekeeper_rules.planned import PLANNED

DOCS = Path(__file__).parents[1] / "docs" / "binding.md"


def _examples() -> list[tuple[int, str]]:
    text = DOCS.read_text(encoding="utf-8")
    return [
        (text[: found.start()].count("\n") + 2, found[1])
        for found in re.finditer(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]


MODULES = """\
modules:
  artifact storage: [src/artifacts/**]
  validation pipeline: [src/validation/**]
  GitHub integration: [src/github/**]
  workflow orchestration: [src/workflows/**]
"""


def _completed(example: str) -> str:
    """An example of the reference as a whole file."""
    head = "" if re.search(r"^contract:", example, re.MULTILINE) else "contract: stage-2.md\n"
    modules = "" if re.search(r"^modules:", example, re.MULTILINE) else MODULES
    person = '  - {says: "The documentation reads well.", judged-by: a person}\n'
    waives = "waivers:" in example and "clauses:" not in example
    return head + modules + (f"clauses:\n{person}" if waives else "") + example


def _prose_for(example: str) -> str:
    quoted = re.findall(r'says: "(.*?)"', example)
    return "## Constraints\n- Something.\n" + "".join(f"- {each}\n" for each in quoted)


def documented_rules() -> Mapping[str, Rule[Any]]:
    return {name: found.rule for name, found in load_rules([]).items()}


@pytest.mark.parametrize(
    ("line", "example"),
    _examples(),
    ids=lambda value: f"line {value}" if isinstance(value, int) else "",
)
def test_every_example_of_the_reference_loads(line: int, example: str) -> None:
    text = _completed(example)
    found = re.search(r"^contract: (.*)$", text, re.MULTILINE)
    assert found
    prose = _prose_for(text)
    if "disallowed-actions-1" in text:
        prose += "## Disallowed actions\n- Do not modify artifact storage.\n"
    files = {"gatekeeper.yaml": text.encode(), found[1]: prose.encode()}

    contract = load_contract(files, "gatekeeper.yaml", documented_rules(), f"line {line}")

    assert ("rules:" in example and "clauses" in example) == any(
        each.terms for each in contract.clauses
    )


def test_every_rule_and_option_has_an_example_in_the_reference() -> None:
    text = DOCS.read_text(encoding="utf-8")
    sections = dict(
        re.findall(r"^#### `([a-z-]+)`\n(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL)
    )

    missing = [
        f"{name}: {option}"
        for name, rule in documented_rules().items()
        for option in ("rules:", *(yaml_options(rule)))
        if option not in sections.get(name, "").partition("```yaml")[2]
    ]

    assert [] == missing


def test_the_reference_says_which_rules_are_planned() -> None:
    text = DOCS.read_text(encoding="utf-8")
    rows = dict(
        re.findall(r"^\| \[`([a-z-]+)`\]\(#[a-z-]+\) \| (yes|planned) \|", text, re.MULTILINE)
    )

    planned = {rule.name for rule in PLANNED}
    assert {name: "planned" if name in planned else "yes" for name in documented_rules()} == rows


def yaml_options(rule: Rule[Any]) -> list[str]:
    return [f"{name}:" for name in record_of(rule.options).keys]
