"""The JSON Schema of `gatekeeper.yaml`, made of the types that the loader reads it with."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gatekeeper.contract.binding_file import BindingFile, ClauseEntry, WaiverEntry
from gatekeeper.contract.shapes import (
    RULE_DEFAULTS,
    RULE_USE,
    At,
    Choice,
    ListOf,
    MapOf,
    Raw,
    Record,
    Shape,
    record_of,
)
from gatekeeper.rule import Rule
from gatekeeper.terms import DataMigrationPlan, MigrationPlan, ReadingPlan

Json = dict[str, object]

SHIPPED = Path(__file__).with_name("gatekeeper.schema.json")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_SAYS: Mapping[object, Mapping[str, str]] = {
    BindingFile: {
        "contract": "The prose, in Markdown, relative to the root of the repository.",
        "contracts": "All stage contracts; each must hold at least one clause.",
        "stage": "While open, a goal that is not reached yet is pending, not broken.",
        "modules": "The names that the prose uses, and the paths they stand for.",
        "scope": "The paths that the stage may change.",
        "migrations": "Shared by the migration rules.",
        "data-migrations": "Migrations that are code, by a name of your choice.",
        "readings": "How to measure what must be measured.",
        "rules": "The options of rules, given once; a clause overrides them key by key.",
        "clauses": "Quoted prose, and the rules that prove it.",
        "waivers": "What people agreed to let pass, for a time.",
    },
    ClauseEntry: {
        "says": "The words of the clause, as the prose has them.",
        "clause": "The clause's id; needed only where two clauses say the same.",
        "rules": "The rules that prove it: names, or names with options.",
        "judged-by": "No rule can prove it; unproven until a waiver signs it.",
    },
    WaiverEntry: {
        "reason": "Why people let it pass.",
        "until": "The last day that it counts, at most 90 days ahead.",
        "finding": "A finding's fingerprint, from the report.",
        "clause": "A clause that a person judges: its id, or its words.",
    },
    MigrationPlan: {
        "up": "The folder that is run forward.",
        "down": "The folder with the ways back.",
        "rows": "SQL files with rows of your own to migrate.",
        "keeps": "Queries whose answer must be the same before and after.",
    },
    DataMigrationPlan: {
        "forward": "The command there; {in}, {db} and {out} stand for files.",
        "reverse": "The command back.",
        "classes": "The Durable Object classes whose data it carries.",
        "fixtures": "Inputs to prove it on.",
    },
    ReadingPlan: {
        "run": "The command that measures; {out} stands for the file it writes.",
        "setup": "A command that runs once before it, and before readings that have none.",
        "format": "The format of what comes out.",
        "cwd": "Where to run both.",
        "env": "What to add to their environment.",
        "accept": "`given`: a reading handed in counts.",
        "support": "What tests share and the stage replaces: the base's tests get the head's.",
        "minutes": "How long the setup and each run may take; 15 where it is not said.",
    },
}

# What the loader asks of an entry beyond the types of its keys.
_ALSO: Mapping[object, Json] = {
    ClauseEntry: {"anyOf": [{"required": ["rules"]}, {"required": ["judged-by"]}]},
    WaiverEntry: {"oneOf": [{"required": ["finding"]}, {"required": ["clause"]}]},
}


def schema(rules: Mapping[str, Rule[Any]]) -> Mapping[str, object]:
    """The JSON Schema (draft 2020-12) of a binding that may use `rules`."""
    named = sorted(rules.items())
    options = {name: {"$ref": f"#/$defs/{name}"} for name, _ in named}
    with_options = {"type": "object", "properties": options, "additionalProperties": False}
    return {
        "$schema": _DIALECT,
        "title": "gatekeeper.yaml",
        "description": "Binds the clauses of a stage contract to the rules that prove them.",
        **_rendered(record_of(BindingFile)),
        "$defs": {
            RULE_USE: {
                "anyOf": [
                    {"enum": [name for name, _ in named]},
                    {**with_options, "minProperties": 1, "maxProperties": 1},
                ]
            },
            RULE_DEFAULTS: with_options,
            **{name: _options(rule) for name, rule in named},
        },
    }


def as_text(rules: Mapping[str, Rule[Any]]) -> str:
    """The schema as the file that is shipped."""
    return json.dumps(schema(rules), indent=2, ensure_ascii=False) + "\n"


def _options(rule: Rule[Any]) -> Json:
    planned = "" if rule.check else " (planned: not in this version)"
    return {"description": f"{rule.summary}{planned}", **_rendered(record_of(rule.options))}


def _rendered(shape: Shape) -> Json:
    match shape:
        case Choice():
            rendered: Json = {"enum": list(shape.words)}
        case ListOf():
            rendered = {"type": "array", "items": _rendered(shape.item)}
        case MapOf():
            rendered = {"type": "object", "additionalProperties": _rendered(shape.value)}
        case Record():
            rendered = _record(shape)
        case At():
            rendered = _rendered(shape.inner)
        case Raw():
            rendered = {"$ref": f"#/$defs/{shape.what}"}
        case _:
            rendered = dict(shape.json)
    return rendered


def _record(record: Record) -> Json:
    says = _SAYS.get(record.type, {})
    properties = {
        name: {**_described(key.says or says.get(name, "")), **_rendered(key.shape)}
        for name, key in record.keys.items()
    }
    required = [name for name, key in record.keys.items() if key.required]
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": required} if required else {}),
        **_ALSO.get(record.type, {}),
    }


def _described(says: str) -> Json:
    return {"description": says} if says else {}
