"""The process in which SQL of the code is prepared: a charge comes in, a hearing goes out."""

from __future__ import annotations

import json
import sys

from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.query_proof import QueryCharge
from gatekeeper.migrations.query_trial import heard
from gatekeeper.plain_data import made, plain


def main() -> int:
    """Hear one charge; an engine that fails is said in words on standard error."""
    charge = made(QueryCharge, json.load(sys.stdin))
    try:
        hearing = heard(charge, in_process(charge.chain.dialect))
    except EngineError as error:
        sys.stderr.write(str(error))
        return error.exit_code
    json.dump(plain(hearing), sys.stdout, separators=(",", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
