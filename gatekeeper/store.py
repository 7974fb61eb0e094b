"""Facts of earlier local checks, kept in the git directory, so that a hook need not wait.

What is kept can be forged by whoever can write to the git directory. So it is read and
written only for a local preview (`--staged`, outside of CI), which proves nothing to
anybody but the person who runs it; whoever could forge it could as well remove the hook. A
run that judges never opens it. It is JSON, which can name no code to run; what does not look
like a fact is as good as none, and then the fact is found out anew.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from gatekeeper.version import __version__

LARGEST = 4 * 1024 * 1024
"""Bytes of the largest file that is read or written."""


class Store:
    """Plain data (what JSON can hold) by kind and key; what a run does not ask is forgotten."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._before: Mapping[str, object] | None = None
        self._kept: dict[str, object] = {}
        self._is_new = False

    def recall(self, kind: str, key: str) -> object:
        """What was kept; None where there is nothing."""
        name = f"{kind} {key}"
        if name not in self._kept and name in self._facts():
            self._kept[name] = self._facts()[name]
        return self._kept.get(name)

    def keep(self, kind: str, key: str, fact: object) -> None:
        """Keep a fact for the next run; written with `save`."""
        self._kept[f"{kind} {key}"] = fact
        self._is_new = True

    def save(self) -> None:
        """Write what this run asked for; a file that cannot be written is no fault."""
        if not self._is_new:
            return
        text = json.dumps({"version": __version__, "facts": self._kept}, separators=(",", ":"))
        if len(text) > LARGEST:
            return
        # Written aside and put in place, so that two hooks at once do not mix their lines.
        aside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(exist_ok=True)
            aside.write_text(text, encoding="ascii")
            aside.replace(self._file)

    def _facts(self) -> Mapping[str, object]:
        if self._before is None:
            self._before = _read(self._file)
        return self._before


def _read(file: Path) -> Mapping[str, object]:
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        said = json.loads(content) if len(content) <= LARGEST else None
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(said, dict) or said.get("version") != __version__:
        return {}
    facts = said.get("facts")
    return facts if isinstance(facts, dict) else {}


_SERVICES = (
    *("CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "CIRCLECI", "DRONE", "TRAVIS", "APPVEYOR"),
    *("TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "BITBUCKET_BUILD_NUMBER"),
    *("CODEBUILD_BUILD_ID", "CIRRUS_CI", "HEROKU_TEST_RUN_ID"),
)


def in_ci(environ: Mapping[str, str]) -> bool:
    """Whether a service runs this, which judges for others.

    Not all set `CI`, and a change can bring a workflow that empties it; whoever starts jobs says
    so in a variable of its own.
    """
    return any(environ.get(name) for name in _SERVICES)


def local_store(git_directory: Path, environ: Mapping[str, str]) -> Store | None:
    """The store of a repository for a local preview; None in CI, where nothing is recalled."""
    return None if in_ci(environ) else Store(git_directory / "gatekeeper" / "facts.json")
