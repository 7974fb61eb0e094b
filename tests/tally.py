"""The TypeScript project under `tests/data/tally` in a repository of its own, judged for real."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tests.node import REPOSITORY, node_modules
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import Outcome, check

PROJECT = Path(__file__).parent / "data" / "tally"

CONTRACT = """\
# Stage 1: orders

## Validation
- All tests pass (no regressions).
- The build passes.
- Zero lint and type errors or warnings.
- Line coverage does not decrease.

---
This contract is committed before implementation.
"""

BINDING = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
readings:
  tests:
    setup: {setup}
    run: vitest run --reporter=junit --outputFile={{out}}
    format: junit
  coverage:
    run: >-
      vitest run --coverage --coverage.reporter=lcovonly --coverage.reportOnFailure;
      cp coverage/lcov.info {{out}}
    format: lcov
  build: {{run: {npx}tsc --project tsconfig.json, format: build}}
  eslint: {{run: eslint}}
  tsc: {{run: tsc}}
clauses:
  - says: All tests pass (no regressions).
    rules: [test-failed, test-lost]
  - says: The build passes.
    rules: [build-failed]
  - says: Zero lint and type errors or warnings.
    rules:
      - lint-warning: {{readings: [eslint, tsc]}}
      - suppression-added
  - says: Line coverage does not decrease.
    rules: [coverage-dropped]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""

Edits = Mapping[str, str | None]
"""New contents by path; None deletes the file."""


@cache
def project() -> Mapping[str, str]:
    """The files of the project by their paths."""
    files = (each for each in sorted(PROJECT.rglob("*")) if each.is_file())
    return {each.relative_to(PROJECT).as_posix(): each.read_text("utf-8") for each in files}


def tally_repository(folder: Path, *, by_npm: bool = False) -> RepositoryBuilder:
    """`main` holds the project and, on top, the contract.

    Unless rooms are set up `by_npm`, as users would have it, they get a copy of what it has
    installed once: to have it check and write all packages for each takes three times as long.
    """
    setup = "npm ci --ignore-scripts" if by_npm else f"cp -R {node_modules(PROJECT)} node_modules"
    binding = BINDING.format(setup=setup, npx="npx " if by_npm else "")
    repository = make_repository(folder / "tally")
    repository.write_all(project())
    repository.commit("the project")
    repository.write_all({"contracts/stage-1.md": CONTRACT, "gatekeeper.yaml": binding})
    repository.commit("the contract")
    return repository


def judged(repository: RepositoryBuilder, edits: Edits, *arguments: str) -> Outcome:
    """What the command line says of one commit with these edits on top of `main`."""
    repository.git("switch", "--quiet", "--detach", "main")
    for path, content in edits.items():
        if content is None:
            repository.delete(path)
        else:
            repository.write(path, content)
    head = repository.commit()
    return check(repository, "--base", "main", "--head", head, *arguments, **_npm())


def _npm() -> Mapping[str, str]:
    """One cache for all rooms: what the first of them downloads, the others take from there."""
    return {
        "npm_config_cache": str(REPOSITORY / "build" / "npm-cache"),
        "npm_config_prefer_offline": "true",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
    }


def edited(path: str, *replaced: tuple[str, str]) -> Edits:
    """A file of the project with some of its text replaced, each piece found exactly once."""
    text = project()[path]
    for old, new in replaced:
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        text = text.replace(old, new)
    return {path: text}


def linked(name: str, version: str, program: str) -> Edits:
    """The project with a package made of its own files in the place of one from the registry."""
    folder = f"tools/{name}"
    manifest, lock = (json.loads(project()[each]) for each in ("package.json", "package-lock.json"))
    packages = lock["packages"]
    for root in (manifest, packages[""]):
        root["devDependencies"][name] = f"file:{folder}"
    packages[f"node_modules/{name}"] = {"resolved": folder, "link": True}
    packages[folder] = {"version": version, "dev": True, "bin": {name: "program.js"}}
    own = {"name": name, "version": version, "type": "module", "main": "program.js"}
    return {
        "package.json": json.dumps(manifest),
        "package-lock.json": json.dumps(lock),
        f"{folder}/package.json": json.dumps({**own, "bin": {name: "program.js"}}),
        f"{folder}/program.js": program,
    }
