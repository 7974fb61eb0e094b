"""A chain on one engine, applied from empty, and texts prepared against what it has made."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.migrations.engine import Database, Engine, Refusal
from gatekeeper.migrations.lexemes import Kind, is_hollow, lexemes
from gatekeeper.migrations.migration import Script
from gatekeeper.migrations.part import parts
from gatekeeper.migrations.query_proof import Answer, Hearing, QueryCharge, Text
from gatekeeper.migrations.schema import schema_of
from gatekeeper.value import replace

_QUOTES = 64
_SHOWN = 2_000
_TEMPORARY = re.compile(r"\s*CREATE\s+(?:TEMP|TEMPORARY)\b", re.IGNORECASE)


def heard(charge: QueryCharge, engine: Engine) -> Hearing:
    """Ask one engine of all texts; raises EngineError where the engine is gone."""
    chain = charge.chain
    named = (f"{engine.name} {engine.version}",)
    with engine.open() as database:
        for migration in chain.migrations:
            refused = database.apply(migration.up, atomic=migration.atomic)
            if refused is not None:
                says = f"{migration.up.path}:{refused.line}: the chain ends here: {refused.says}"
                return Hearing(named, stopped=(says,))
        schema = schema_of(database, chain.ledger)
        tables = {
            name: tuple(column.name for column in table.columns)
            for name, table in schema.tables.items()
        }
        return Hearing(named, _answers(database, charge), (), tables)


def _answers(database: Database, charge: QueryCharge) -> tuple[Answer, ...]:
    """Every text's answer; none of them changes what the next one finds."""
    saved = database.save()
    found = [_answer(database, each, saved) for each in charge.texts]
    if not charge.made or not any(each.refusal for each in found):
        return tuple(found)
    for made in charge.made:
        text = _TEMPORARY.sub("CREATE", made, count=1)
        database.apply(Script("", text))
    return tuple(
        replace(answer, fits_own=database.prepare(text.sql) is None) if answer.refusal else answer
        for text, answer in zip(charge.texts, found, strict=True)
    )


def _answer(database: Database, text: Text, saved: object) -> Answer:
    refused = database.prepare(text.sql)
    if any(part.word == "PRAGMA" for part in parts(text.sql)):
        database.restore(saved)  # some of them are obeyed as soon as they are prepared
    if refused is not None:
        return Answer(_short(refused))
    if text.by_lines:
        for line in text.sql.strip().split("\n"):
            wrong = None if is_hollow(line) else database.prepare(line)
            if wrong is not None:
                return Answer(line=_short(wrong))
    return Answer(taken_for_text=tuple(dict.fromkeys(_taken_for_text(database, text.sql))))


def _taken_for_text(database: Database, sql: str) -> Iterator[str]:
    """The names in double quotes that are no names: in brackets, nothing else is tried."""
    if '"' not in sql:
        return
    quoted = [
        each
        for each in lexemes(sql)
        if each.kind is Kind.QUOTED and sql[each.start] == '"' and "]" not in each.value
    ]
    for each in quoted[:_QUOTES]:
        plainly = f"{sql[: each.start]}[{each.value}]{sql[each.end :]}"
        refused = database.prepare(plainly)
        if refused is not None and "no such column" in refused.says:
            yield each.value


def _short(refused: Refusal) -> Refusal:
    return replace(refused, statement=refused.statement[:_SHOWN], says=refused.says[:_SHOWN])


def confirmed(here: Hearing, there: Hearing) -> Hearing:
    """What the engine in process says, held against the platform's own.

    What the platform's refuses is refused. What only the other one refuses stays open.
    """
    engines = (*here.engines, *there.engines)
    if there.stopped or len(there.answers) != len(here.answers):
        return replace(here, engines=engines, stopped=(*here.stopped, *there.stopped))
    pairs = zip(here.answers, there.answers, strict=True)
    name = ", ".join(there.engines)
    return replace(here, engines=engines, answers=tuple(_agreed(*pair, name) for pair in pairs))


def _agreed(here: Answer, there: Answer, name: str) -> Answer:
    if there.refusal is None and here.refusal is not None:
        return replace(here, open=f"{name} takes it, the engine in process does not")
    if there.refusal is not None and here.refusal is None:
        return there
    return here
