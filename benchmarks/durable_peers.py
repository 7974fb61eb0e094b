"""Programs that look for a Durable Object on the same files, and what each of them finds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from peers import SEMGREP, environment
from timing import ENVIRON, Command

RUFF, AST_GREP, LIBCST = "ruff==0.17.6", "ast-grep-cli==0.51.1", "libcst==1.9.0"

WORDS = (
    *("DurableObject", "cloudflare:workers", "WorkflowEntrypoint", "durable_objects"),
    *("idFromName", "getByName", "newUniqueId", "blockConcurrencyWhile", "acceptWebSocket"),
    *("NonRetryableError", "new_sqlite_classes", "setAlarm"),
)
"""What is searched for by `git grep`: twelve words of which most are nowhere."""

_BANNED = 'lint.flake8-tidy-imports.banned-api."workers.DurableObject".msg = "banned"'

_AST_GREP_RULES = """\
id: banned-python
language: python
rule: {pattern: from workers import DurableObject}
---
id: banned-script
language: typescript
rule: {pattern: 'import { DurableObject } from "cloudflare:workers"'}
"""

_SEMGREP_RULES = """\
rules:
  - id: banned-python
    languages: [python]
    severity: ERROR
    message: banned
    pattern: from workers import DurableObject
  - id: banned-script
    languages: [typescript]
    severity: ERROR
    message: banned
    pattern: import { DurableObject } from "cloudflare:workers"
"""

_SCRIPT = """\
import sys

import libcst


class Banned(libcst.CSTVisitor):
    found = False

    def visit_ImportFrom(self, node: libcst.ImportFrom) -> None:
        module = node.module
        if isinstance(module, libcst.Name) and module.value == "workers":
            if not isinstance(node.names, libcst.ImportStar):
                self.found |= any(each.name.value == "DurableObject" for each in node.names)


for path in sys.stdin.read().splitlines():
    with open(path, "rb") as file:
        tree = libcst.parse_module(file.read())
    banned = Banned()
    tree.visit(banned)
    if banned.found:
        print(path)
"""


def git_grep(root: Path, *where: str) -> Command:
    """Git looking for the words in the work tree, or in a commit."""
    words = tuple(word for each in WORDS for word in ("-e", each))
    return Command(("git", "grep", "-alF", *words, *where), root)


def ruff(folder: Path, root: Path, paths: Sequence[str], *, cached: bool) -> Command:
    """Ruff with the one rule; it reads no TypeScript."""
    program = str(environment(folder / "ruff", [RUFF]) / "ruff")
    kept = ("--cache-dir", str(folder / "ruff-cache")) if cached else ("--no-cache",)
    rule = ("--isolated", "--select", "TID251", "--config", _BANNED, "--config", "exclude = []")
    words = (program, "check", *kept, *rule, "--output-format", "json", *paths)
    return Command(words, root, status=(0, 1))


def ast_grep(folder: Path, root: Path, paths: Sequence[str]) -> Command:
    """ast-grep with a rule for each language."""
    program = str(environment(folder / "ast-grep", [AST_GREP]) / "ast-grep")
    rules = folder / "ast-grep.yaml"
    rules.write_text(_AST_GREP_RULES, encoding="utf-8")
    words = (program, "scan", "--rule", str(rules), "--json=stream", *paths)
    return Command(words, root, status=(0, 1))


def semgrep(folder: Path, root: Path, paths: Sequence[str]) -> Command:
    """Semgrep with a rule for each language, with nothing fetched or ignored."""
    program = str(environment(folder / "semgrep", [SEMGREP]) / "semgrep")
    rules = folder / "durable.yaml"
    rules.write_text(_SEMGREP_RULES, encoding="utf-8")
    quiet = ("--metrics=off", "--disable-version-check", "--no-git-ignore", "--quiet", "--json")
    words = (program, "scan", "--config", str(rules), "-j", "2", *quiet, *paths)
    return Command(words, root, status=(0, 1))


def libcst(folder: Path, root: Path, paths: Sequence[str]) -> Command:
    """A plain script on LibCST, over these Python files."""
    program = str(environment(folder / "libcst", [LIBCST]) / "python")
    script, listed = folder / "banned.py", folder / "banned.txt"
    script.write_text(_SCRIPT, encoding="utf-8")
    listed.write_text("\n".join(paths), encoding="utf-8")
    return Command(("sh", "-c", f'exec "{program}" "{script}" <"{listed}"'), root)


def found(name: str, command: Command) -> frozenset[str]:
    """The files in which a program found something, relative to where it runs."""
    done = subprocess.run(
        command.words, cwd=command.cwd, env=ENVIRON, capture_output=True, check=False
    )
    said = done.stdout.decode()
    match name:
        case "ruff":
            banned = (each for each in json.loads(said) if each["code"] == "TID251")
            paths = [each["filename"] for each in banned]
        case "ast-grep":
            paths = [json.loads(line)["file"] for line in said.splitlines()]
        case "Semgrep":
            paths = [each["path"] for each in json.loads(said)["results"]]
        case "gatekeeper":
            paths = [
                finding["path"]
                for clause in json.loads(said)["clauses"]
                for ruling in clause["rulings"]
                for finding in ruling["findings"]
                if ruling["rule"] == "durable-object-used"
            ]
        case _:
            paths = said.splitlines()
    root = command.cwd.resolve()
    return frozenset(str((root / path).relative_to(root)) for path in paths)
