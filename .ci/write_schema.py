"""Writes the JSON Schema of `gatekeeper.yaml` anew; run it when a rule or its options change."""

from __future__ import annotations

from pathlib import Path

from gatekeeper.contract.schema import as_text
from gatekeeper.registry import load_rules

# The checkout's file, also where an installed wheel makes the schema.
SHIPPED = Path(__file__).parent.parent / "gatekeeper" / "contract" / "gatekeeper.schema.json"


def main() -> int:
    """Write the shipped file from the rules that are installed."""
    rules = {name: registered.rule for name, registered in load_rules([]).items()}
    SHIPPED.write_text(as_text(rules), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
