"""Readings of earlier runs, kept in the git directory, so that an unchanged tree is not run.

What is kept can be forged by whoever can write to the git directory, a run of the change
among them. So it is never opened in CI, where a verdict counts, and what has come to be there
while code of the change was run is neither recalled nor left. It is JSON, which can name no
code to run; what is damaged, or was taken in another way, is as good as none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from gatekeeper.reading.packing import packed, unpacked
from gatekeeper.store import in_ci
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import dataclass, field

Stamp = tuple[int, int, int]

SCHEMA = "gatekeeper.kept-reading/1"
LARGEST = 64_000_000
"""Bytes of the largest entry."""

A_DAY = 86_400.0
"""Seconds for which a reading counts whose setup may install another version tomorrow."""

MOST = 60
"""How many are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The readings kept in a folder; `more` are kinds of values besides those of plans.

    `known` are the entries that count, by name, None for all that are there.
    """

    folder: Path
    more: tuple[type, ...] = ()
    known: dict[str, Stamp] | None = field(default=None, compare=False)

    def recall(self, key: str, *, at_most: float | None = None) -> object | None:
        """The value kept under a key; None where there is none, or none that is whole.

        `at_most` is how old it may be, in seconds.
        """
        try:
            with (self.folder / _name(key)).open("rb") as file:
                status = os.fstat(file.fileno())
                if self.known is not None and self.known.get(_name(key)) != _stamp(status):
                    return None
                age = time.time() - status.st_mtime
                if at_most is not None and not -1 <= age <= at_most:
                    return None
                content = file.read(LARGEST + 1)
            said = json.loads(content) if len(content) <= LARGEST else None
            if not isinstance(said, dict) or (said["schema"], said["key"]) != (SCHEMA, key):
                return None
            if said["sha256"] != _digest(said["value"]):
                return None
            return unpacked(said["value"], self.more)
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def keep(self, key: str, value: object) -> None:
        """Keep a value; one that cannot be written is no fault."""
        plain = packed(value, self.more)
        entry = {"schema": SCHEMA, "key": key, "sha256": _digest(plain), "value": plain}
        text = json.dumps(entry, separators=(",", ":"))
        if len(text) > LARGEST:
            return
        file = self.folder / _name(key)
        aside = file.with_name(f"{file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            aside.write_text(text, encoding="ascii")
            aside.replace(file)
            if self.known is not None:
                self.known[file.name] = _stamp(file.lstat())
            self._forget_the_oldest()

    def sweep(self) -> None:
        """Take away what somebody else has put there, or altered, since it was looked at."""
        if self.known is None:
            return
        with contextlib.suppress(OSError):
            for name, stamp in _entries(self.folder).items():
                if self.known.get(name) != stamp:
                    (self.folder / name).unlink(missing_ok=True)

    def _forget_the_oldest(self) -> None:
        files = sorted(self.folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
        for file in files[:-MOST]:
            file.unlink(missing_ok=True)


def kept_readings(git_directory: Path, environ: Mapping[str, str], *more: type) -> Kept | None:
    """Where readings of a repository are kept; None in CI, where nothing is recalled.

    Asked for before anything of the change is run, and swept afterwards.
    """
    if in_ci(environ):
        return None
    folder = git_directory / "gatekeeper" / "readings"
    return Kept(folder, more, _entries(folder))


def _entries(folder: Path) -> dict[str, Stamp]:
    """The entries of a folder with their stamps; none where there is no such folder."""
    try:
        with os.scandir(folder) as listed:
            files = [each for each in listed if each.name.endswith(".json")]
            return {each.name: _stamp(each.stat(follow_symlinks=False)) for each in files}
    except OSError:
        return {}


def _stamp(status: os.stat_result) -> Stamp:
    """What changes when a file does; no program can set the time of its last change of state."""
    return status.st_ino, status.st_size, status.st_ctime_ns


def key_of(
    name: str, plans: tuple[ReadingPlan, ...], trees: tuple[str, ...], else_: Sequence[object]
) -> str:
    """What a reading depends on, as text: the same key, the same reading.

    `plans` are its own and the one whose setup it uses; `trees` the trees that it was taken
    on and with; `else_` is what it depends on beside them, as JSON has it.
    """
    how = [[p.run, p.setup, p.format, p.cwd, sorted(p.env.items()), p.support] for p in plans]
    return json.dumps([name, how, list(trees), list(else_)], separators=(",", ":"))


def _name(key: str) -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()}.json"


def _digest(plain: object) -> str:
    text = json.dumps(plain, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()
