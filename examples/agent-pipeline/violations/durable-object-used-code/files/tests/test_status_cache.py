"""The status cache."""

from types import SimpleNamespace

from storage.status_cache import StatusCache


def test_a_new_workflow_is_queued() -> None:
    assert "queued" == StatusCache(SimpleNamespace(), SimpleNamespace()).status
