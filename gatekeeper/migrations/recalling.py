"""Proofs of earlier runs: under which key they are kept, and which of them are worth it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from gatekeeper.migrations.proofs import ChainProof
from gatekeeper.migrations.trial import Charge
from gatekeeper.plain_data import plain


class Shelf(Protocol):
    """Where values are kept from run to run, outside of CI; what is not whole is not recalled."""

    def recall(self, key: str) -> object | None:
        """The value kept under a key, or None."""
        ...

    def keep(self, key: str, value: object) -> None:
        """Keep a value."""
        ...


def key_of(charge: Charge, ground: Sequence[object], workerd: Path | None) -> str:
    """All that a proof depends on, as text: the same key, the same proof.

    That is every byte of the chain, of its ways back and of the project's own rows, which
    migrations are proven, the queries and the seed; `ground` (gatekeeper's own code, the Python
    that runs it, the environment); SQLite as it is installed, and the platform's own engine.
    """
    said = json.dumps(plain(charge), separators=(",", ":")).encode("ascii")
    engines = [_stamp(_sqlite()), _stamp(workerd)]
    told = ["migrations", hashlib.sha256(said).hexdigest(), list(ground), engines]
    return json.dumps(told, separators=(",", ":"))


def is_settled(proof: ChainProof) -> bool:
    """Whether another run would say the same: nothing was left open, as by a slow machine."""
    return not proof.stopped and not any(each.open for each in proof.proven)


def _sqlite() -> Path | None:
    found = find_spec("apsw")
    return Path(found.origin) if found is not None and found.origin else None


def _stamp(program: Path | None) -> Sequence[object]:
    """A program's files, their sizes and last changes, which another version does not share."""
    if program is None:
        return ()
    place = program.resolve()
    files = sorted(place.parent.iterdir()) if place.name == "__init__.py" else [place]
    stats = [(str(each), each.stat()) for each in files if each.is_file()]
    return [[name, stat.st_size, stat.st_mtime_ns] for name, stat in stats]
