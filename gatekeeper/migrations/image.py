"""A database file as D1 would have it once a chain was applied, made in a process of its own."""

from __future__ import annotations

import base64
import json
import sys

from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.migration import Chain
from gatekeeper.plain_data import made, plain
from gatekeeper.tools import Ended, Limits, run
from gatekeeper.value import dataclass

LIMITS = Limits(seconds=60, output=64_000_000, memory=2_000_000_000)
"""What making it may use."""

_COMMAND = (sys.executable, "-I", "-m", "gatekeeper.migrations.image_child")


@dataclass(frozen=True, slots=True)
class Image:
    """The bytes of a database file in base 64, and the engine that made it."""

    content: str
    engine: str

    @property
    def bytes(self) -> bytes:
        """The file."""
        return base64.b64decode(self.content)


def image_of(chain: Chain) -> Image:
    """The file; raises EngineError where the chain does not apply to an empty database."""
    given = json.dumps(plain(chain)).encode("ascii")
    outcome = run(_COMMAND, LIMITS, given=given)
    if outcome.ended is not Ended.BY_ITSELF or outcome.status:
        said = outcome.err.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise EngineError("; ".join((f"{chain.folder} cannot be applied: {outcome.says}", *said)))
    return made(Image, json.loads(outcome.out))
