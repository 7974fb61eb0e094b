"""10,000 files of Python and TypeScript in which seven use a Durable Object."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import FILES, QUIET, Corpus

WHEEL, SOURCE = "homeassistant==2024.3.3", "Django==5.2.19"
PACKAGES = ("rxjs@7.8.2", "zod@4.1.12")
CONTRACT = Path(__file__).parent / "durable_contract"

_PYTHON = "\n\nfrom workers import DurableObject\n\n\nclass Counter(DurableObject):\n    pass\n"
_SCRIPT = (
    '\nimport { DurableObject } from "cloudflare:workers";\n'
    "export class Counter extends DurableObject {}\n"
)


@dataclass(frozen=True, slots=True)
class Planted:
    """The repository: `main` as it was agreed on, `stage` with the Durable Objects planted."""

    corpus: Corpus
    python: tuple[str, ...]
    scripts: tuple[str, ...]

    @property
    def root(self) -> Path:
        """The top of its work tree."""
        return self.corpus.root

    def all_python(self) -> tuple[str, ...]:
        """Every Python file."""
        listed = self.corpus.git("ls-tree", "-r", "--name-only", "stage").splitlines()
        return tuple(path for path in listed if path.endswith(".py"))

    def stage(self, count: int) -> tuple[str, ...]:
        """Comments at the end of so many modules, staged on `main`, one planted class with them."""
        self.corpus.check_out("main")
        held = [path for path in self.all_python() if path not in self.python]
        chosen = held[:: len(held) // count][: count - 1]
        for path in chosen:
            self.corpus.append(path, QUIET)
        self.corpus.append(self.python[0], _PYTHON)
        paths = (*chosen, self.python[0])
        self.corpus.git("add", "--", *paths)
        return paths


def planted(folder: Path) -> Planted:
    """The repository below `folder`, built where it is not there yet (some minutes)."""
    root = folder / "durable10k"
    built = Corpus(root)
    if not built.is_whole():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        _fill(built, folder / "durable-downloads")
        built.begin()
        built.commit("The repository as it was agreed on")
        built.git("checkout", "--quiet", "-b", "stage")
        for path in _places(built, ".py", 6):
            built.append(path, _PYTHON)
        for path in _places(built, ".ts", 1):
            built.append(path, _SCRIPT)
        built.commit("The stage")
        built.finish()
    return Planted(built, _places(built, ".py", 6), _places(built, ".ts", 1))


def _places(built: Corpus, suffix: str, count: int) -> tuple[str, ...]:
    listed = built.git("ls-tree", "-r", "--name-only", "main").splitlines()
    held = [path for path in listed if path.endswith(suffix) and "test" not in path]
    step = len(held) // (count + 1)
    return tuple(held[step::step][:count])


def _fill(built: Corpus, downloads: Path) -> None:
    """The contract, all of the Python, and TypeScript up to 10,000 files."""
    shutil.copytree(CONTRACT, built.root, dirs_exist_ok=True)
    # Semgrep would leave tests out by itself.
    (built.root / ".semgrepignore").touch()
    left = FILES - sum(1 for path in built.root.rglob("*") if path.is_file())
    found = sorted(_files(_fetched(downloads)), key=lambda each: (each[0].endswith(".ts"), each[0]))
    built.fill(found, left)


def _files(archives: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    for archive in archives:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                yield from ((n, wheel.read(n)) for n in wheel.namelist() if n.endswith(".py"))
            continue
        wanted = ".ts" if archive.suffix == ".tgz" else ".py"
        with tarfile.open(archive) as package:
            for member in package.getmembers():
                _, _, rest = member.name.partition("/")
                content = package.extractfile(member) if member.isfile() else None
                if content is None or not rest.endswith(wanted) or rest.endswith(".d.ts"):
                    continue
                yield f"{archive.name.partition('-')[0].lower()}-source/{rest}", content.read()


def _fetched(folder: Path) -> tuple[Path, ...]:
    """The packages, downloaded by pip and npm where they are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet")
    for name, only in ((WHEEL, "--only-binary"), (SOURCE, "--no-binary")):
        if not list(folder.glob(f"{name.partition('=')[0].lower()}-*")):
            subprocess.run([*pip, "--no-deps", only, ":all:", name], cwd=folder, check=True)
    for package in PACKAGES:
        if not list(folder.glob(f"{package.partition('@')[0]}-*.tgz")):
            subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
    return tuple(sorted(folder.iterdir()))
