"""The plain format."""

import runpy
from types import SimpleNamespace

from shim.database import MIGRATIONS


def test_a_document_is_stored_without_front_matter() -> None:
    module = runpy.run_path(str(MIGRATIONS.with_name("src") / "documents.py"))

    assert "# A\n\nb\n" == module["render"](SimpleNamespace(title="A", body="b"))
