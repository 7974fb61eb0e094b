"""How people put what each rule proves, in families of contracts; `init` binds clauses by it."""

from __future__ import annotations

from collections.abc import Mapping

from gatekeeper import Wording
from gatekeeper_rules._change_wordings import CHANGE_RULES
from gatekeeper_rules._code_wordings import CODE
from gatekeeper_rules._migration_wordings import MIGRATION
from gatekeeper_rules._suite_wordings import SUITE

WORDINGS: Mapping[str, tuple[Wording, ...]] = {**CODE, **CHANGE_RULES, **MIGRATION, **SUITE}
