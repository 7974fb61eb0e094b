"""Runs mypy again without the files that it cannot parse, which keep it from all others.

A script: it is copied into a folder of its own and run by the Python that mypy is installed
for, so it imports nothing of gatekeeper and needs Python 3.9.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_BLOCKED, _NOT_PARSED, _MOST = 2, "syntax", 20

# Whatever is imported from such a file is of no known type: no other file is found fault with.
_ANYTHING = "from typing import Any\n\n\ndef __getattr__(name: str) -> Any: ...\n"


def main(listed: str, *command: str) -> int:
    """The exit status of the last round; what each of them prints is printed.

    `listed` is a file that names the files to check, one in each line.
    """
    for _ in range(_MOST):
        ended = subprocess.run([*command, f"@{listed}"], stdout=subprocess.PIPE, check=False)
        sys.stdout.buffer.write(ended.stdout)
        broken = set(_not_parsed(ended.stdout)) if ended.returncode == _BLOCKED else set()
        if not broken or not all(map(_is_ours, broken)):
            break
        for each in broken:
            each.write_text(_ANYTHING, encoding="ascii")
        _leave_out(Path(listed), broken)
    return ended.returncode


def _not_parsed(printed: bytes) -> Iterator[Path]:
    """The files of which mypy says so; nothing where it says anything else."""
    try:
        said = [json.loads(line) for line in printed.splitlines() if line.strip()]
        if all(each["code"] == _NOT_PARSED for each in said):
            yield from (Path(each["file"]) for each in said)
    except (ValueError, LookupError, TypeError):
        return


def _is_ours(file: Path) -> bool:
    """Whether it is a file of the checkout, below the folder that mypy runs in."""
    here = Path.cwd()
    return file.is_file() and (here / file).resolve() == here / file


def _leave_out(listed: Path, broken: set[Path]) -> None:
    lines = listed.read_text(encoding="utf-8").split("\n")
    kept = [each for each in lines if not each or Path(each) not in broken]
    listed.write_text("\n".join(kept), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
