"""What a reading depends on beside trees and plans: this machine, as far as it can be asked."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from gatekeeper.reading.environment import handed_on, settings_files
from gatekeeper.terms import ReadingPlan
from gatekeeper.version import __version__

Stamp = tuple[str, int, int]

_WORD = re.compile(r"[\w./+-]+")
_ALWAYS = ("sh", "node")


def circumstances(plans: Iterable[ReadingPlan], environ: Mapping[str, str]) -> Sequence[object]:
    """What else must be the same for a kept reading to count.

    gatekeeper's own code, the Python that runs it, the variables that are handed on, what
    configures package clients, and the programs of PATH that the plans name. The variables
    can hold passwords, so there is only a digest of them.
    """
    path = environ.get("PATH", os.defpath)
    told = json.dumps([sorted(handed_on(environ).items()), list(_settings(environ))])
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    own = [__version__, _own_code(), sys.version, sys.executable]
    return [*own, path, digest, list(_programs(tuple(plans), path))]


def _programs(plans: tuple[ReadingPlan, ...], path: str) -> Iterator[Stamp | None]:
    lines = " ".join(line for plan in plans for line in (plan.run, plan.setup))
    for word in sorted({*_ALWAYS, *_WORD.findall(lines)}):
        if (program := shutil.which(word, path=path)) is not None:
            yield _stamp(Path(program).resolve())
    if any(plan.format == "coverage-data" for plan in plans):
        # The only reader that asks a library, which is not of our own code.
        library = find_spec("coverage")
        yield _stamp(Path(library.origin)) if library and library.origin else None


def _stamp(program: Path) -> Stamp:
    """A program's file, size and last change, which another version does not share."""
    status = program.stat()
    return str(program), status.st_size, status.st_mtime_ns


def _settings(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, source in settings_files(environ):
        yield name, hashlib.sha256(source.read_bytes()).hexdigest()


@cache
def _own_code() -> str:
    """The code that takes readings, ours: what it reads differently is another reading."""
    digest = hashlib.sha256()
    package = Path(__file__).parent.parent
    for file in sorted(package.rglob("*.py")):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(package)} {len(content)}\n".encode() + content)
    return digest.hexdigest()
