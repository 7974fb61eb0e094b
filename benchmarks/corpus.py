"""The repository that is measured on: 10,000 real files of public packages, and a contract."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FILES = 10_000
CHANGED = 500
WHEELS = ("homeassistant==2024.3.3", "Django==5.2.19", "sympy==1.13.3")
TYPES = "@types/node@22.20.5"

CONTRACT = Path(__file__).parent / "contract"
QUIET = "\n# Seen in this stage.\n"
"""What is written to the end of modules that only have to be changed ones."""

# Text that fills up what the modules and declarations leave of the 10,000.
_FILLERS = (".html", ".js", ".css", ".txt", ".po")

_PROTECTED = ("recorder/", "helpers/", "components/github/", "homeassistant/util/")

# What the rules of the contract look for: a file that holds one of these can matter.
_NEEDLES = (b"legacy", b"experiments", b"pipelinerunner", b"durable", b"workers", b"cloudflare")

_FIXED = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{
        f"GIT_{who}_{what}": value
        for who in ("AUTHOR", "COMMITTER")
        for what, value in (
            ("NAME", "benchmark"),
            ("EMAIL", "benchmark@example.invalid"),
            ("DATE", "2026-01-01T00:00:00Z"),
        )
    },
}


@dataclass(frozen=True, slots=True)
class Corpus:
    """The repository: `main` holds 10,000 files, `stage` changes 500 of them."""

    root: Path

    def git(self, *args: str) -> str:
        """The output of a git command in the repository."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.root,
            env={**os.environ, **_FIXED},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def stage(self, text: str, *, offset: int) -> tuple[str, ...]:
        """Five modules with `text` at their end, staged on `main`; nothing else is."""
        self.check_out("main")
        modules = [path for path in self.modules()[offset::100] if self._says_nothing(path)]
        paths = tuple(modules[::12][:5])
        for path in paths:
            self.append(path, text)
        self.git("add", "--", *paths)
        return paths

    def begin(self) -> None:
        """Make a repository of the folder, on a branch `main`."""
        self.git("init", "--quiet", "--initial-branch", "main")
        self.git("config", "gc.auto", "0")  # a collection in the background would be measured too

    def commit(self, message: str) -> None:
        """Commit all that lies there."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--message", message)

    def check_out(self, branch: str) -> None:
        """Have the work tree and the index as on a branch."""
        self.git("checkout", "--quiet", "--force", branch)
        self.git("reset", "--quiet", "--hard", branch)

    def append(self, path: str, text: str) -> None:
        """Write something at the end of a file."""
        with (self.root / path).open("a", encoding="utf-8") as file:
            file.write(text)

    def is_whole(self) -> bool:
        """Whether it was built to its end before."""
        return (self.root / ".git" / "measured").exists()

    def finish(self) -> None:
        """Pack it, and note that it is whole."""
        self.git("gc", "--quiet")
        (self.root / ".git" / "measured").touch()

    def fill(self, found: Sequence[tuple[str, bytes]], wanted: int) -> None:
        """Write so many files; raises SystemExit where there are fewer."""
        if len(found) < wanted:
            raise SystemExit(f"the packages hold only {len(found)} of {wanted} files")
        for name, content in found[:wanted]:
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def _says_nothing(self, path: str) -> bool:
        content = (self.root / path).read_bytes().lower()
        return not any(word in content for word in _NEEDLES)

    def modules(self) -> list[str]:
        """The Python modules that no protected module of the contract holds, sorted."""
        listed = self.git("ls-tree", "-r", "--name-only", "main").splitlines()
        return [
            path
            for path in listed
            if path.endswith(".py") and not any(part in path for part in _PROTECTED)
        ]


def corpus(folder: Path) -> Corpus:
    """The repository below `folder`, built where it is not there yet (some minutes)."""
    root = folder / "gate10k"
    built = Corpus(root)
    if built.is_whole():
        return built
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    given = [path for path in CONTRACT.rglob("*") if path.is_file()]
    archives = _fetched(folder / "downloads")
    found = sorted(_files(archives), key=lambda each: (_rank(each[0]), each[0]))
    built.fill(found, FILES - len(given))
    built.begin()
    built.commit("The repository as it was")
    shutil.copytree(CONTRACT, root, dirs_exist_ok=True)
    built.commit("The contract")
    built.git("checkout", "--quiet", "-b", "stage")
    for path in built.modules()[::17][:CHANGED]:
        built.append(path, QUIET)
    built.commit("The stage")
    built.git("checkout", "--quiet", "main")
    built.finish()
    return built


def _rank(name: str) -> int:
    return 0 if name.endswith((".py", ".d.ts")) else 1 + _FILLERS.index(Path(name).suffix)


def _files(archives: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    for archive in archives:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                for name in wheel.namelist():
                    if _is_wanted(name):
                        yield name, wheel.read(name)
        else:
            with tarfile.open(archive) as package:
                for member in package.getmembers():
                    content = package.extractfile(member) if member.isfile() else None
                    if content is not None and member.name.endswith(".d.ts"):
                        yield f"types/{member.name.partition('/')[2]}", content.read()


def _is_wanted(name: str) -> bool:
    filler = name.startswith("django/") and name.endswith(_FILLERS)
    return name.endswith(".py") or filler


def _fetched(folder: Path) -> tuple[Path, ...]:
    """The packages, downloaded by pip and npm where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    if len(list(folder.glob("*.whl"))) < len(WHEELS):
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet")
        subprocess.run([*pip, "--no-deps", "--only-binary=:all:", *WHEELS], cwd=folder, check=True)
    if not list(folder.glob("*.tgz")):
        subprocess.run(["npm", "pack", "--silent", TYPES], cwd=folder, check=True)
    return (*sorted(folder.glob("*.whl")), *sorted(folder.glob("*.tgz")))
