"""What a proposed contract asks less than the agreed one; adding to a contract is never less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gatekeeper.contract.folding import fold
from gatekeeper.contract.loosened_clauses import loosened_clauses
from gatekeeper.contract.strictness import covers, shown
from gatekeeper.finding import Side
from gatekeeper.terms import Contract, Loosening, LooseningKind, Place, Stage, Waiver
from gatekeeper.value import replace

Found = Iterator[Loosening]


def loosenings(agreed: Contract, proposed: Contract) -> tuple[Loosening, ...]:
    """Every way in which `proposed` asks less than `agreed`.

    Where it names another prose, that is one loosening, and its clauses, modules, scope,
    stage and migrations are those of another stage: they are not compared.
    """
    if agreed == replace(proposed, source=agreed.source):
        return ()
    found = [*_contracts(agreed, proposed), *_readings(agreed, proposed)]
    if agreed.prose.path != proposed.prose.path:
        found.append(_next_stage(agreed, proposed))
    else:
        found += loosened_clauses(agreed, proposed)
        found += _modules(agreed, proposed)
        found += _scope(agreed, proposed)
        found += _stage(agreed, proposed)
        found += _migrations(agreed, proposed)
    return (*found, *_waivers(agreed, proposed))


def _next_stage(agreed: Contract, proposed: Contract) -> Loosening:
    before, after = agreed.prose.path, proposed.prose.path
    return Loosening(
        LooseningKind.NEXT_STAGE,
        f"The binding goes over from {before} to another contract, {after}.",
        Side.HEAD,
        _place(proposed, "contract"),
        before,
        after,
        "contract",
        after,
    )


def _contracts(agreed: Contract, proposed: Contract) -> Found:
    if not covers(proposed.contracts, agreed.contracts):
        what = "The patterns of `contracts:` no longer mean all that they meant."
        values = (agreed.contracts, proposed.contracts)
        yield _changed(agreed, proposed, LooseningKind.CONTRACTS, "contracts", what, *values)


def _modules(agreed: Contract, proposed: Contract) -> Found:
    for name, patterns in agreed.modules.items():
        key = f"modules/{name}"
        after = proposed.modules.get(name)
        if after is None:
            what = f'The module "{name}" is gone.'
            yield _changed(agreed, proposed, LooseningKind.MODULE, key, what, patterns, None)
        elif not covers(after, patterns):
            what = f'The module "{name}" no longer has all of its paths.'
            yield _changed(agreed, proposed, LooseningKind.MODULE, key, what, patterns, after)


def _scope(agreed: Contract, proposed: Contract) -> Found:
    before, after = agreed.scope, proposed.scope
    if not before or (after and covers(before, after)):
        return
    what = "The scope is wider than agreed." if after else "The scope is gone."
    yield _changed(agreed, proposed, LooseningKind.SCOPE, "scope", what, before, after or None)


def _stage(agreed: Contract, proposed: Contract) -> Found:
    if agreed.stage is Stage.COMPLETE and proposed.stage is Stage.OPEN:
        what = "The stage was complete and is open again, so unmet goals would be let pass."
        values = (agreed.stage, proposed.stage)
        yield _changed(agreed, proposed, LooseningKind.STAGE, "stage", what, *values)


def _readings(agreed: Contract, proposed: Contract) -> Found:
    kept = (LooseningKind.READING, "readings", "The reading")
    yield from _entries(agreed, proposed, *kept, agreed.readings, proposed.readings)


def _migrations(agreed: Contract, proposed: Contract) -> Found:
    if agreed.migrations != proposed.migrations:
        what = "Migrations are no longer looked for and proven as agreed."
        values = (agreed.migrations, proposed.migrations)
        yield _changed(agreed, proposed, LooseningKind.MIGRATIONS, "migrations", what, *values)
    kept = (LooseningKind.MIGRATIONS, "data-migrations", "The data migration")
    yield from _entries(agreed, proposed, *kept, agreed.data_migrations, proposed.data_migrations)


def _entries(
    agreed: Contract,
    proposed: Contract,
    kind: LooseningKind,
    key: str,
    noun: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> Found:
    for name, plan in before.items():
        if (now := after.get(name)) != plan:
            what = f'{noun} "{name}" is {"not what was agreed" if now else "gone"}.'
            yield _changed(agreed, proposed, kind, f"{key}/{name}", what, plan, now)


def _waivers(agreed: Contract, proposed: Contract) -> Found:
    granted: dict[str, Waiver] = {}
    for waiver in agreed.waivers:
        target = _target(agreed, waiver)
        if target not in granted or granted[target].until < waiver.until:
            granted[target] = waiver
    for waiver in proposed.waivers:
        target = _target(proposed, waiver)
        before = granted.get(target)
        if before is None or before.until < waiver.until:
            what = f"A waiver for {target} is {'extended' if before else 'added'}."
            until = (str(before.until) if before else None, str(waiver.until))
            identity = (*until, "waivers", target)
            yield Loosening(LooseningKind.WAIVER, what, Side.HEAD, waiver.place, *identity)


def _target(contract: Contract, waiver: Waiver) -> str:
    if waiver.finding:
        return f"the finding {waiver.finding}"
    words = (each.clause.says for each in contract.clauses if each.clause.id == waiver.clause)
    return f'the clause "{fold(next(words, waiver.clause or ""))}"'


def _changed(
    agreed: Contract,
    proposed: Contract,
    kind: LooseningKind,
    key: str,
    what: str,
    before: object,
    after: object,
) -> Loosening:
    """A loosening at a key: in the proposed binding if it is still there, else in the agreed."""
    stays = after is not None and key in proposed.places
    side, contract = (Side.HEAD, proposed) if stays else (Side.BASE, agreed)
    place = _place(contract, key)
    return Loosening(kind, what, side, place, shown(before), shown(after), key, what)


def _place(contract: Contract, key: str) -> Place:
    return contract.places.get(key, Place(contract.binding_path, 1))
