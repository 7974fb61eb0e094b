"""The programs that are measured, each in a virtual environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from timing import ENVIRON, Command

CHECKOUT = Path(__file__).parent.parent
FIXIT = "fixit==2.2.1"
SEMGREP = "semgrep==1.182.0"
BANNED = "DurableObject"

_FIXIT_RULE = f'''
import libcst as cst
from fixit import Invalid, LintRule, Valid


class BannedName(LintRule):
    MESSAGE = "{BANNED} must not be used"
    VALID = [Valid("x = 1")]
    INVALID = [Invalid("x = {BANNED}")]

    def visit_Name(self, node: cst.Name) -> None:
        if node.value == "{BANNED}":
            self.report(node)
'''

_FIXIT_CONFIG = """
[tool.fixit]
root = true
enable = [".banned"]
disable = ["fixit.rules"]
"""

_SEMGREP_RULE = f"""
rules:
  - id: banned-name
    languages: [python]
    severity: ERROR
    message: {BANNED} must not be used
    pattern: {BANNED}
"""


def environment(folder: Path, packages: Sequence[str], *, fresh: bool = False) -> Path:
    """The `bin` of a virtual environment with these packages, made where it is not there."""
    made = folder / "made"
    if not made.exists() or fresh:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True, env=ENVIRON)
        pip = folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check"
        subprocess.run([*pip, "install", "--quiet", *packages], check=True, env=ENVIRON)
        made.touch()
    return folder / "bin"


def gatekeeper(folder: Path) -> Path:
    """The Python that has the checkout installed as a user has it, and nothing besides."""
    return environment(folder / "gatekeeper", [str(CHECKOUT)], fresh=True) / "python"


def fixit(folder: Path, root: Path, paths: Sequence[str]) -> Command:
    """Fixit with the one rule on copies of these files, since it is configured beside them."""
    place = _copied(folder / "fixit-files", root, paths)
    (place / "banned.py").write_text(_FIXIT_RULE, encoding="utf-8")
    (place / "pyproject.toml").write_text(_FIXIT_CONFIG, encoding="utf-8")
    program = environment(folder / "fixit", [FIXIT, "setuptools"]) / "fixit"
    return Command((str(program), "lint", *paths), place, status=(0, 1))


def semgrep(folder: Path, root: Path, paths: Sequence[str]) -> Command:
    """Semgrep with the one rule on copies of these files, with nothing fetched or ignored."""
    place = _copied(folder / "semgrep-files", root, paths)
    rule = folder / "banned.yaml"
    rule.write_text(_SEMGREP_RULE, encoding="utf-8")
    program = environment(folder / "semgrep", [SEMGREP]) / "semgrep"
    quiet = ("--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--error")
    words = (str(program), "scan", "--config", str(rule), *quiet, *paths)
    return Command(words, place, status=(0, 1))


def _copied(place: Path, root: Path, paths: Sequence[str]) -> Path:
    shutil.rmtree(place, ignore_errors=True)
    for path in paths:
        copy = place / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, copy)
    return place
