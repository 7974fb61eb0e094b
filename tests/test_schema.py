"""The JSON Schema of a binding says what the loader says, and the shipped one is current."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import yaml
from jsonschema import Draft202012Validator

from gatekeeper.contract.schema import SHIPPED, as_text, schema
from gatekeeper.registry import load_rules
from tests.bindings import HEAD, RULES, problems
from tests.test_loosening import BINDING

WRITABLE = {name: rule for name, rule in RULES.items() if name != "never-bound"}
VALIDATOR = Draft202012Validator(dict(schema(WRITABLE)))


def faults(binding: str) -> list[str]:
    loaded = json.loads(json.dumps(yaml.safe_load(binding), default=str))
    return [error.message for error in VALIDATOR.iter_errors(loaded)]


def entry(options: str) -> str:
    return f"{HEAD}clauses:\n  - says: Make it small.\n    rules: [thing-broken: {options}]\n"


def test_the_shipped_schema_is_the_one_of_the_rules_here() -> None:
    rules = {name: found.rule for name, found in load_rules([]).items()}

    assert as_text(rules) == SHIPPED.read_text(encoding="utf-8"), "run: make schema"


def test_it_is_a_json_schema() -> None:
    assert VALIDATOR.check_schema(json.loads(SHIPPED.read_text(encoding="utf-8"))) is None


GOOD = {
    "the least": HEAD,
    "every key": BINDING,
    "a number without quotes": entry("{minimum: 92.5, how-far: 3}"),
    "a number in quotes": entry("{minimum: '92.5', how-far: '3'}"),
    "a truth value in quotes": entry("{semantic: 'true'}"),
    "text that looks like a number": entry("{command: 17}"),
    "a clause for a person": f"{HEAD}clauses:\n  - {{says: Make it small., judged-by: a person}}\n",
    "defaults": f"{HEAD}rules: {{thing-broken: {{deep: true}}, thing-missing: {{}}}}\n",
}


@pytest.mark.parametrize("binding", GOOD.values(), ids=GOOD.keys())
def test_what_the_loader_takes_the_schema_takes(binding: str) -> None:
    assert [] == problems(binding)
    assert [] == faults(binding)


BAD = {
    "no contract": "stage: open\n",
    "an unknown key": f"{HEAD}modles: {{}}\n",
    "an unknown stage": f"{HEAD}stage: opne\n",
    "text as a list": f"{HEAD}scope: src/**\n",
    "nothing as a list": f"{HEAD}waivers:\n",
    "a module that is no list": f"{HEAD}modules: {{a: src}}\n",
    "a reading that runs nothing": f"{HEAD}readings: {{tests: {{setup: x}}}}\n",
    "an unknown rule": f"{HEAD}clauses:\n  - {{says: Make it small., rules: [thing-brokn]}}\n",
    "an unknown option": entry("{semantics: true}"),
    "yes for true": entry("{semantic: 'yes'}"),
    "a word as a number": entry("{minimum: much}"),
    "a fraction as a whole number": entry("{how-far: 1.5}"),
    "an unknown choice": entry("{mode: slack}"),
    "a single module": entry("{modules: a}"),
    "a key missing deep inside": entry("{parts: {x: {files: [a]}}}"),
    "an option of a rule without options": (
        f"{HEAD}clauses:\n  - {{says: Make it small., rules: [thing-missing: {{a: 1}}]}}\n"
    ),
    "two rules in one entry": (
        f"{HEAD}clauses:\n  - says: Make it small.\n    rules:\n"
        "      - thing-missing: {}\n        thing-broken: {}\n"
    ),
    "an entry that binds to nothing": f"{HEAD}clauses:\n  - says: Make it small.\n",
    "judged by somebody else": (
        f"{HEAD}clauses:\n  - {{says: Make it small., judged-by: the agent}}\n"
    ),
    "a waiver for nothing": f"{HEAD}waivers:\n  - {{reason: a, until: '2026-12-01'}}\n",
    "a waiver without an end": f"{HEAD}waivers:\n  - {{finding: 9c1f0a2e77b1d003, reason: a}}\n",
    "a date of another kind": (
        f"{HEAD}waivers:\n  - {{finding: 9c1f0a2e77b1d003, reason: a, until: soon}}\n"
    ),
}


@pytest.mark.parametrize("binding", BAD.values(), ids=BAD.keys())
def test_what_the_schema_refuses_the_loader_refuses(binding: str) -> None:
    assert faults(binding)
    assert problems(binding)


def test_every_key_and_rule_is_described() -> None:
    shipped = json.loads(SHIPPED.read_text(encoding="utf-8"))

    assert [] == list(_undescribed(shipped["properties"], "")) + [
        name
        for name, each in shipped["$defs"].items()
        if not name.startswith("rule-") and not each.get("description")
    ]


def _undescribed(properties: Mapping[str, Mapping[str, object]], under: str) -> list[str]:
    return [f"{under}{name}" for name, each in properties.items() if not each.get("description")]
