"""What `gatekeeper.yaml` holds, as types: the loader and the JSON Schema are made from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from gatekeeper.contract.frozen import Frozen
from gatekeeper.contract.shapes import Fingerprint, Located, RepositoryPath, RuleDefaults, RuleUse
from gatekeeper.terms import DataMigrationPlan, Glob, MigrationPlan, ReadingPlan, Stage
from gatekeeper.value import dataclass, field


def _nothing() -> Mapping[str, Any]:
    return Frozen({})


class Judge(Enum):
    """Who judges a clause that no rule can prove."""

    PERSON = "a person"


@dataclass(frozen=True, slots=True)
class ClauseEntry:
    """One entry of `clauses:`: quoted prose, and what proves it."""

    says: Located[str]
    clause: Located[str] | None = None
    rules: tuple[RuleUse, ...] | None = None
    judged_by: Judge | None = None


@dataclass(frozen=True, slots=True)
class WaiverEntry:
    """One entry of `waivers:`: a finding, or a clause that a person judges."""

    reason: Located[str]
    until: date
    finding: Fingerprint | None = None
    clause: Located[str] | None = None


@dataclass(frozen=True, slots=True)
class BindingFile:
    """The whole file."""

    contract: Located[RepositoryPath]
    contracts: tuple[Glob, ...] = ()
    stage: Stage = Stage.COMPLETE
    modules: Mapping[str, tuple[Glob, ...]] = field(default_factory=_nothing)
    scope: tuple[Glob, ...] = ()
    migrations: MigrationPlan | None = None
    data_migrations: Mapping[str, DataMigrationPlan] = field(default_factory=_nothing)
    readings: Mapping[str, ReadingPlan] = field(default_factory=_nothing)
    rules: RuleDefaults | None = None
    clauses: tuple[Located[ClauseEntry], ...] = ()
    waivers: tuple[Located[WaiverEntry], ...] = ()
