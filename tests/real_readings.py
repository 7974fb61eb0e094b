"""What real tools wrote, under `tests/data/readings`, and the reader of each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from gatekeeper.reading import (
    cobertura_xml,
    coverage_json,
    eslint_json,
    junit_xml,
    lcov,
    mypy_json,
    ruff_json,
    sarif,
    tsc_text,
)
from gatekeeper.reading.coverage import Coverage

DATA = Path(__file__).parent / "data" / "readings"
ROOT = "/checkout"
SHOP = str(DATA / "shop")
"""The checkout that the coverage of `shop` was taken in: older reports need its sources."""

READERS: Mapping[str, Callable[[bytes, str], object]] = {
    "cobertura": cobertura_xml.read,
    "coverage": coverage_json.read,
    "eslint": eslint_json.read,
    "junit": junit_xml.read,
    "lcov": lcov.read,
    "mypy": mypy_json.read,
    "ruff": ruff_json.read,
    "sarif": sarif.read,
    "tsc": tsc_text.read,
}

REFUSED = {
    "junit/pytest-9-subtests.xml": "states tests=4, and holds 2",
    "lcov/coverage-py-6.5.info": "states LF=0, and holds 1",
    "lcov/coverage-py-7.4.info": "states LF=25, and holds 27",
    "lcov/coverage-py-7.6.info": "states LF=25, and holds 27",
    "mypy/1.11-gave-up.txt": "line 1 is no message of mypy's",
    "tsc/5-no-config.txt": "tsc did not do its work",
    "tsc/7-no-config.txt": "tsc did not do its work",
}
"""Files that tools really wrote and that cannot be taken for a reading, with the reason."""

FILES = tuple(
    f"{kind}/{file.name}"
    for kind in READERS
    for file in sorted((DATA / kind).iterdir())
    if file.suffix != ".sqlite"
)
USABLE = tuple(name for name in FILES if name not in REFUSED)


def content_of(name: str) -> bytes:
    return (DATA / name).read_bytes()


def root_of(name: str) -> str:
    return SHOP if name.startswith("coverage/") else ROOT


def read(name: str, content: bytes | None = None) -> object:
    """What the reader of a file makes of it, or of other content in its place."""
    reader = READERS[name.partition("/")[0]]
    return reader(content_of(name) if content is None else content, root_of(name))


def coverage_in(name: str) -> Coverage:
    value = read(name)
    assert isinstance(value, Coverage)
    return value
