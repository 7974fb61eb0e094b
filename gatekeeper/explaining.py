"""`gatekeeper explain`: a rule's page, or the list of rules."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gatekeeper.contract.nearest import did_you_mean
from gatekeeper.errors import UsageError
from gatekeeper.hearing import NOT_AVAILABLE
from gatekeeper.registry import Registered, load_rules

if TYPE_CHECKING:
    from argparse import Namespace
    from types import SimpleNamespace


def run_explain(arguments: Namespace | SimpleNamespace) -> int:
    """Print the page of one rule, or a line for each."""
    registered = load_rules()
    text = _list(registered) if arguments.rule is None else _page(arguments.rule, registered)
    sys.stdout.write(text)
    return 0


def _list(registered: Mapping[str, Registered]) -> str:
    width = max(map(len, registered))
    lines = [
        f"{name:{width}}  {each.rule.summary}"
        + (f" ({NOT_AVAILABLE})" if each.rule.check is None else "")
        for name, each in registered.items()
    ]
    return "\n".join(lines) + "\n"


def _page(name: str, registered: Mapping[str, Registered]) -> str:
    if name not in registered:
        hint = did_you_mean(name, tuple(registered))
        raise UsageError(f"there is no rule {name!r}. {hint or 'List them: gatekeeper explain'}")
    found = registered[name]
    if found.page is None:
        return f"# {name}\n\n{found.rule.summary}\n\nThis rule is {NOT_AVAILABLE}.\n"
    return found.page.read_text(encoding="utf-8")
