"""The process in which SQL of a change is run: charges come in, proofs go out as JSON."""

from __future__ import annotations

import json
import sys

from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.trial import Charge, tried
from gatekeeper.plain_data import made, plain


def main() -> int:
    """Try one charge; an engine that fails is said in words on standard error."""
    charge = made(Charge, json.load(sys.stdin))
    try:
        proof = tried(charge, in_process(charge.chain.dialect))
    except EngineError as error:
        sys.stderr.write(str(error))
        return error.exit_code
    json.dump(plain(proof), sys.stdout, separators=(",", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
