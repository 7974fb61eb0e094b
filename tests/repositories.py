"""Real git repositories for tests, out of reach of the configuration of whoever runs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DATE = "2026-01-01T00:00:00+00:00"

_LEFT_OUT = {"CI", "PYTHONDONTWRITEBYTECODE"}
"""With `CI`, nothing is kept between runs; a test that is about that sets it itself.

Without bytecode, every inner run of pytest rewrites all of gatekeeper anew.
"""


def clean_environment(home: Path) -> dict[str, str]:
    """An environment for git in which only the repository itself is configured."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT") and name not in _LEFT_OUT
    }
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": "Ada",
        "GIT_AUTHOR_EMAIL": "ada@example.org",
        "GIT_COMMITTER_NAME": "Ada",
        "GIT_COMMITTER_EMAIL": "ada@example.org",
        "LC_ALL": "C",
    }


@dataclass(frozen=True)
class RepositoryBuilder:
    """A repository with a work tree at `path`; its first branch is called `main`.

    `environ` is what to hand to the code under test: no GIT* and no GITHUB_* variable in it
    but those that keep the user's configuration away.
    """

    path: Path

    @property
    def environ(self) -> Mapping[str, str]:
        return clean_environment(self.path.parent / "no-home")

    def git(self, *args: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> str:
        """Run git here; gives its output without the last newline, raises when it fails."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            env={**self.environ, **(environ or {})},
            input=stdin,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace")
            raise AssertionError(f"git {' '.join(args)} gave {done.returncode}: {said}")
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, path: str, content: str | bytes, mode: str = "100644") -> Path:
        """Write a file of the work tree: ordinary, executable (100755) or a link (120000)."""
        data = content if isinstance(content, bytes) else content.encode()
        target = self.path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink() or target.exists():
            target.unlink()
        if mode == "120000":
            target.symlink_to(os.fsdecode(data))
            return target
        target.write_bytes(data)
        target.chmod(0o755 if mode == "100755" else 0o644)
        return target

    def write_all(self, files: Mapping[str, str | bytes]) -> None:
        """Write several ordinary files."""
        for path, content in files.items():
            self.write(path, content)

    def delete(self, path: str) -> None:
        """Delete a file of the work tree."""
        (self.path / path).unlink()

    def stage(self, *paths: str) -> None:
        """Put the paths, or everything, into the index."""
        self.git("--literal-pathspecs", "add", "-A", "--", *(paths or (".",)))

    def commit(
        self,
        message: str = "a change",
        paths: Iterable[str] | None = None,
        author_date: str = DATE,
    ) -> str:
        """Commit everything, or only what is staged plus `paths`; gives the commit's id.

        The date is both the author's and the committer's: neither may ever prove anything.
        """
        if paths is None:
            self.stage()
        elif chosen := tuple(paths):
            self.stage(*chosen)
        dates = {"GIT_AUTHOR_DATE": author_date, "GIT_COMMITTER_DATE": author_date}
        self.git("commit", "--quiet", "--allow-empty", "--no-verify", "-m", message, environ=dates)
        return self.git("rev-parse", "HEAD")

    def merge(self, *branches: str, message: str = "a merge") -> str:
        """Merge branches into the current one, always with a merge commit; gives its id."""
        dates = {"GIT_AUTHOR_DATE": DATE, "GIT_COMMITTER_DATE": DATE}
        self.git(
            "merge", "--quiet", "--no-ff", "--no-verify", "-m", message, *branches, environ=dates
        )
        return self.git("rev-parse", "HEAD")

    def clone(self, path: Path, *options: str) -> RepositoryBuilder:
        """Clone this repository over a transport that can be shallow (`--depth`, "1")."""
        self.git("clone", "--quiet", *options, "--", self.path.as_uri(), str(path))
        return RepositoryBuilder(path)


def make_repository(path: Path, object_format: str = "sha1") -> RepositoryBuilder:
    """An empty repository at `path`, which may already exist."""
    path.mkdir(parents=True, exist_ok=True)
    builder = RepositoryBuilder(path)
    builder.git("init", "--quiet", "--initial-branch=main", f"--object-format={object_format}")
    return builder
