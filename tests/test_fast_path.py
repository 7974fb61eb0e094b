"""A local preview may be fast only: kept facts change nothing that it says, nor any judgement."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import here
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import AGREED, SERVICE, Outcome, agreed_repository, check

DURABLE = "from workers import DurableObject\n\n\nclass Room(DurableObject):\n    pass\n"

BINDING = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
modules:
  artifact storage: [src/artifacts/**]
scope: [src/**, "!src/closed/**"]
clauses:
  - says: No changes to artifact storage.
    rules:
      - protected-module-changed: {modules: [artifact storage]}
      - durable-object-used
      - legacy-remains: {names: [OldStore], imports: [legacy], paths: ["*_old.py"]}
      - output-missing: {new: [src/new.py], updated: [src/app.py], deleted: [src/gone.py]}
      - input-missing: {paths: [src/app.py]}
  - says: Nothing outside the sources changes.
    rules: [out-of-scope-change]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""

FILES = {
    **SERVICE,
    "src/rooms.py": DURABLE,
    "src/helper.py": "from rooms import Room\n\nheld = Room\n",
    "src/gone.py": "",
    "README.md": "# Service\n",
}

STAGED: dict[str, dict[str, str | None]] = {
    "nothing": {},
    "a file that can matter to no rule": {"src/other.py": "x = 1\n"},
    "a protected file": {"src/artifacts/store.py": "def put():\n    return None\n"},
    "a file outside the scope": {"tools/x.sh": "true\n"},
    "a new Durable Object": {"src/more.py": DURABLE},
    "one under another name": {"src/more.py": "from helper import held\n\nclass A(held): ...\n"},
    "what should be gone": {"src/more.py": "import legacy\n"},
    "outputs": {"src/new.py": "x = 1\n", "src/app.py": "print('new')\n", "src/gone.py": None},
    "an empty contract": {"contracts/stage-2.md": ""},
    "a looser binding": {"gatekeeper.yaml": BINDING.replace("src/artifacts/**", "src/none/**")},
    "a binding that cannot be read": {"gatekeeper.yaml": "contract: [\n"},
    "no contract any more": {"contracts/stage-1.md": None},
}


@pytest.fixture
def repository(tmp_path: Path) -> RepositoryBuilder:
    built = make_repository(tmp_path / "service")
    built.write_all(FILES)
    built.commit("the service")
    built.write_all({**AGREED, "gatekeeper.yaml": BINDING})
    built.commit("the contract")
    return built


def stage(repository: RepositoryBuilder, files: dict[str, str | None]) -> None:
    for path, content in files.items():
        if content is None:
            repository.delete(path)
        else:
            repository.write(path, content)
    repository.stage()


def kept(repository: RepositoryBuilder) -> Path:
    return repository.path / ".git" / "gatekeeper" / "facts.json"


def told(outcome: Outcome) -> tuple[int, str, str]:
    return outcome.status, outcome.out, outcome.err


@pytest.mark.parametrize("files", STAGED.values(), ids=STAGED)
def test_what_was_kept_changes_nothing_that_is_said(
    repository: RepositoryBuilder, files: dict[str, str | None]
) -> None:
    stage(repository, files)

    without = here.check(repository, "--staged", CI="true")
    cold = here.check(repository, "--staged")
    warm = check(repository, "--staged")

    assert [told(without)] * 2 == [told(cold), told(warm)]


def test_what_was_kept_of_another_tree_is_brought_up_to_date(
    repository: RepositoryBuilder,
) -> None:
    check(repository, "--staged")
    repository.write_all({"src/more.py": DURABLE, "src/app.py": "import legacy\n"})
    repository.delete("src/rooms.py")
    repository.commit("a commit in between")
    stage(repository, {"src/helper.py": "from more import Room\n\n\nclass A(Room): ...\n"})

    warm = check(repository, "--staged")

    assert told(here.check(repository, "--staged", CI="true")) == told(warm)


def test_in_ci_nothing_is_kept(repository: RepositoryBuilder) -> None:
    check(repository, "--staged", CI="true")

    assert not kept(repository).exists()


FORGED: dict[str, object] = {
    "a number": 1,
    "a list": [],
    "a mapping": {"a": 1},
    "a text": "forged",
    "a list of texts": ["a", "b"],
    "paths that are not there": ["0" * 40, ["no/such/file.py"]],
    "a tree that is not there": ["1" * 40, ["src/app.py"]],
    "a table without entries": [1, 1, None, []],
    "a scalar": [1, 1, "forged", False],
    "a prose without clauses": ["forged", "0" * 64, []],
    "names of nothing": [False, [["a", "b"]], []],
}


@pytest.mark.parametrize("fact", FORGED.values(), ids=FORGED)
def test_forged_facts_end_a_preview_in_an_answer(
    repository: RepositoryBuilder, fact: object
) -> None:
    stage(repository, {"src/more.py": DURABLE})
    here.check(repository, "--staged")
    held = json.loads(kept(repository).read_bytes())
    forged = {**held, "facts": dict.fromkeys(held["facts"], fact)}
    kept(repository).write_text(json.dumps(forged))

    outcome = check(repository, "--staged")

    assert (outcome.status in (0, 1, 2, 3), "Traceback" in outcome.err) == (True, False)


def test_a_judging_run_neither_reads_nor_writes_what_was_kept(tmp_path: Path) -> None:
    repository = agreed_repository(tmp_path)
    check(repository, "--staged")
    repository.write("src/artifacts/store.py", "def put():\n    return None\n")
    repository.commit("work")
    held = json.loads(kept(repository).read_bytes())
    forged = json.dumps({**held, "facts": {key: ["x", "0" * 64, []] for key in held["facts"]}})
    honest = check(repository)
    kept(repository).write_text(forged)

    outcome = check(repository)

    assert (told(outcome), kept(repository).read_text()) == (told(honest), forged)


SLOW = {
    *("libcst", "yaml", "rich", "pathspec", "markdown_it", "importlib.metadata", "jsonschema"),
    "tree_sitter",
    *("argparse", "ast", "copy", "dataclasses", "dis", "gettext", "hashlib", "html", "inspect"),
    *("linecache", "shutil", "tokenize"),
    *("gatekeeper.arguments", "gatekeeper.contract.loosening", "gatekeeper.contract.prose"),
    *("gatekeeper.lines", "gatekeeper.source.python"),
    *("gatekeeper_rules.change._blanks", "gatekeeper_rules.change._protection"),
}


def test_a_hook_that_has_nothing_to_say_imports_nothing_slow(tmp_path: Path) -> None:
    repository = agreed_repository(tmp_path)
    stage(repository, {"src/app.py": "print('hello again')\n"})
    check(repository, "--staged")

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gatekeeper", "check", "--staged"],
        cwd=repository.path,
        env={**repository.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert (done.returncode, imported.intersection(SLOW)) == (0, set())
