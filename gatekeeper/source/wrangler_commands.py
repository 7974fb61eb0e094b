"""The files that command lines of a tree hand to wrangler as its configuration."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import Entry, Sieve, Snapshot

_SHELL = (".sh", ".bash", ".mk", ".ps1", ".cmd", ".bat")
_NAMED = frozenset(
    (
        *("package.json", "makefile", "gnumakefile", "justfile", ".justfile", "dockerfile"),
        *("taskfile.yml", "taskfile.yaml", "turbo.json", ".gitlab-ci.yml", "pyproject.toml"),
        *("tox.ini", "procfile", "azure-pipelines.yml", "bitbucket-pipelines.yml", "nx.json"),
    )
)
_FOLDERS = ("/.github/workflows/", "/.github/actions/", "/.circleci/", "/scripts/", "/bin/")
_CONTINUED = re.compile(r"\\\r?\n")
# A command ends where the shell begins another one; cloudflare/wrangler-action has its own key.
_COMMANDS = re.compile(r"\b(?:wrangler|pywrangler)\b[^\n;&|]*|^[ \t]*command:[^\n]*", re.MULTILINE)
_GIVEN = re.compile(r"""\s(?:-c|--config)(?:\s+|=)(?:\\?["'])?([^\s"'\\,\])]+)""")
_MOST = 200_000


def is_command_file(path: str) -> bool:
    """Whether a file's name says that it holds commands which a build, CI or people run."""
    name = path.rpartition("/")[2].lower()
    if name in _NAMED or name.endswith(_SHELL):
        return True
    return any(folder in f"/{path}" for folder in _FOLDERS)


COMMAND_FILES = Sieve(
    "command files", 1, lambda path, entry: _is_file(entry) and is_command_file(path)
)


def _is_file(entry: Entry) -> bool:
    return entry.is_file


def _read(content: bytes, _: str) -> tuple[str, ...]:
    if b"wrangler" not in content or len(content) > _MOST:
        return ()
    text = _CONTINUED.sub(" ", content.decode("utf-8", "replace"))
    found = (given for command in _COMMANDS.findall(text) for given in _GIVEN.findall(command))
    return tuple(dict.fromkeys(found))


GIVEN: Extractor[tuple[str, ...]] = Extractor("wrangler commands", 1, _read)
"""What follows `--config` and `-c` of wrangler in a file, as it is written there."""


def given_to_wrangler(snapshot: Snapshot) -> Iterator[str]:
    """The files of the tree that commands name, from their own folder or from the root."""
    for path in snapshot.passing(COMMAND_FILES):
        try:
            given = snapshot.facts(GIVEN, path)
        except Unreadable:
            continue
        folder = posixpath.dirname(path)
        for each in given:
            for home in dict.fromkeys((folder, "")):
                target = posixpath.normpath(posixpath.join(home, each))
                if target in snapshot.entries:
                    yield target
                    break
