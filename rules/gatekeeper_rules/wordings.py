"""How people put what each rule proves, in families of contracts; `init` binds clauses by it."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording

_NAMES = (
    "durable-object-used unsupported-module workflow-missing workflow-step-unsafe legacy-remains "
    "protected-module-changed api-changed out-of-scope-change output-missing input-missing "
    "contract-after-code contract-weakened gate-tampered migration-fails migration-irreversible "
    "migration-unrepeatable migration-loses-data migration-rewritten table-missing query-broken "
    "build-failed test-failed test-lost test-hollow coverage-dropped lint-warning "
    "suppression-added critical-path-untested dependent-untested"
)

WORDINGS: Mapping[str, tuple[Wording, ...]] = dict.fromkeys(_NAMES.split(), ())
