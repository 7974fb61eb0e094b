"""The process in which a chain is applied: it comes in, a database file goes out, as JSON."""

from __future__ import annotations

import base64
import json
import sys

import apsw

from gatekeeper.migrations.engine import EngineError
from gatekeeper.migrations.engines import in_process
from gatekeeper.migrations.image import Image
from gatekeeper.migrations.migration import Chain
from gatekeeper.plain_data import made, plain


def image_of(chain: Chain) -> Image:
    """Apply the chain; raises EngineError at the first migration that is refused."""
    engine = in_process(chain.dialect)
    with engine.open() as database:
        for migration in chain.migrations:
            refusal = database.apply(migration.up, atomic=migration.atomic)
            if refusal is not None:
                raise EngineError(f"{refusal.path}:{refusal.line}: {refusal.says}")
        saved = database.save()
    assert isinstance(saved, apsw.Connection)
    content = base64.b64encode(saved.serialize("main")).decode("ascii")
    return Image(content, f"{engine.name} {engine.version}")


def main() -> int:
    """Make one image; a chain that is refused is said in words on standard error."""
    chain = made(Chain, json.load(sys.stdin))
    try:
        image = image_of(chain)
    except EngineError as error:
        sys.stderr.write(str(error))
        return error.exit_code
    json.dump(plain(image), sys.stdout, separators=(",", ":"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
