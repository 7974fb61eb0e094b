"""How long the audit trail is kept."""

import importlib.util

from storage import audit


def test_the_trail_can_be_shortened() -> None:
    assert importlib.util.find_spec("storage") is not None
    assert hasattr(audit, "forget_before")
