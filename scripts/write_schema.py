"""Writes the JSON Schema of `gatekeeper.yaml` anew; run it when a rule or its options change."""

from gatekeeper.contract.schema import SHIPPED, as_text
from gatekeeper.registry import load_rules


def main() -> int:
    """Writes the shipped file from the rules that are installed."""
    rules = {name: registered.rule for name, registered in load_rules([]).items()}
    SHIPPED.write_text(as_text(rules), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
