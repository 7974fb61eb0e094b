"""Readings of earlier runs, kept in the git directory, so that an unchanged tree is not run.

What is kept can be forged by whoever can write to the git directory, a run of the change
among them. So it is never opened in CI, where a verdict counts. It is JSON, which can name no
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
from gatekeeper.terms import ReadingPlan
from gatekeeper.value import dataclass

SCHEMA = "gatekeeper.kept-reading/1"
LARGEST = 64_000_000
"""Bytes of the largest entry."""

A_DAY = 86_400.0
"""Seconds for which a reading counts whose setup may install another version tomorrow."""

MOST = 60
"""How many are kept; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The readings kept in a folder; `more` are kinds of values besides those of plans."""

    folder: Path
    more: tuple[type, ...] = ()

    def recall(self, key: str, *, at_most: float | None = None) -> object | None:
        """The value kept under a key; None where there is none, or none that is whole.

        `at_most` is how old it may be, in seconds.
        """
        try:
            with (self.folder / _name(key)).open("rb") as file:
                age = time.time() - os.fstat(file.fileno()).st_mtime
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
            self._forget_the_oldest()

    def _forget_the_oldest(self) -> None:
        files = sorted(self.folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
        for file in files[:-MOST]:
            file.unlink(missing_ok=True)


def kept_readings(git_directory: Path, environ: Mapping[str, str], *more: type) -> Kept | None:
    """Where readings of a repository are kept; None in CI, where nothing is recalled."""
    return None if environ.get("CI") else Kept(git_directory / "gatekeeper" / "readings", more)


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
