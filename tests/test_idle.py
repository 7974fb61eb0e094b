"""A hook that answers before any rule is loaded answers as the judge would."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.cli import HOOK
from gatekeeper.idle import program
from gatekeeper.minding import Minding, either
from gatekeeper.source.python_spelling import says
from gatekeeper_rules.code._durable_concerns import watched
from gatekeeper_rules.code._python_candidates import can_matter
from gatekeeper_rules.code.durable_object_used import Options
from tests import here
from tests.cases import case_of
from tests.repositories import RepositoryBuilder, make_repository
from tests.stages import AGREED, SERVICE, gatekeeper

DURABLE = "from workers import DurableObject\n\n\nclass Room(DurableObject):\n    pass\n"

BINDING = """\
contract: contracts/stage-1.md
contracts: [contracts/*.md]
modules:
  artifact storage: [src/artifacts/**]
scope: [src/**, wrangler.toml, "!src/closed/**"]
clauses:
  - says: No changes to artifact storage.
    rules:
      - protected-module-changed: {modules: [artifact storage]}
      - durable-object-used
      - legacy-remains: {names: [OldStore], imports: [legacy], paths: ["*_old.py"]}
      - output-missing: {new: [src/new.py], updated: [src/main.py], deleted: [src/gone.py]}
      - input-missing: {paths: [src/app.py]}
  - says: Nothing outside the sources changes.
    rules: [out-of-scope-change]
  - says: This contract is committed before implementation.
    rules: [contract-after-code]
"""

APP = "import json\nimport tools\n\nprint(json.dumps(tools.name))\n"

FILES = {
    **SERVICE,
    "src/app.py": APP,
    "src/tools.py": "name = 'tools'\n",
    "src/main.py": "print('main')\n",
    "src/gone.py": "",
    "src/rooms.py": DURABLE,
    "src/helper.py": "from rooms import Room\n\nheld = Room\n",
    "src/uses.py": "from helper import held\n",
    "src/rooms.ts": 'export { DurableObject as Room } from "cloudflare:workers";\n',
    "src/app.ts": "export const app = 1;\n",
    "src/closed/a.py": "a = 1\n",
    "src/script": "#!/usr/bin/env python\nprint(1)\n",
    "src/notes.txt": "notes\n",
    "src/__init__.py": "",
    "src/data.json": "{}\n",
    "wrangler.toml": 'name = "service"\n',
    "README.md": "# Service\n",
}

EDITS: dict[str, dict[str, str | None]] = {
    "nothing": {},
    "the same file again": {"src/app.py": f"{APP}print(1)\n"},
    "a file that nobody edited before": {"src/tools.py": "name = 'other tools'\n"},
    "a text": {"src/notes.txt": "other notes\n"},
    "two files": {"src/app.py": f"{APP}# two\n", "src/notes.txt": "two\n"},
    "a new import of what leads nowhere": {"src/app.py": f"import os\n{APP}print(os.name)\n"},
    "a new import of a Durable Object": {"src/app.py": f"from rooms import Room\n{APP}"},
    "a class of what is imported at a distance": {
        "src/uses.py": "from helper import held\n\n\nclass A(held): ...\n"
    },
    "the platform": {"src/app.py": DURABLE},
    "code that is put together": {"src/app.py": "exec('from wor' + 'kers import DurableObject')\n"},
    "a script": {"src/script": "#!/usr/bin/env python\nfrom workers import DurableObject\n"},
    "TypeScript that takes a class from another file": {
        "src/app.ts": 'import { Room } from "./rooms";\n\nexport class App extends Room {}\n'
    },
    "configuration": {
        "wrangler.toml": 'name = "s"\n[durable_objects]\nbindings = [{name="A", class_name="B"}]\n'
    },
    "a protected file": {"src/artifacts/store.py": "def put():\n    return None\n"},
    "a file outside the scope": {"README.md": "# Other\n"},
    "a file that the scope takes out": {"src/closed/a.py": "a = 2\n"},
    "a package above a protected module": {"src/__init__.py": "from .artifacts import store\n"},
    "a name that should be gone": {"src/app.py": "class OldStore: ...\n"},
    "such a name in disguise": {"src/app.py": "getattr(x, 'Old\\x53tore')\n"},
    "an import that should be gone": {"src/tools.py": "import legacy\n"},
    "an output": {"src/main.py": "print('other')\n"},
    "a new file": {"src/new.py": "x = 1\n"},
    "a new file that must not be": {"src/x_old.py": "x = 1\n"},
    "a file less": {"src/gone.py": None},
    "a module that comes": {"src/json.py": DURABLE},
    "the binding": {"gatekeeper.yaml": BINDING.replace("src/artifacts/**", "src/none/**")},
    "the prose": {"contracts/stage-1.md": "# Nothing\n"},
    "another contract": {"contracts/stage-2.md": ""},
}


IN_BETWEEN = (
    "nothing",
    "a file that nobody edited before",
    "a new import of a Durable Object",
    "the platform",
    "configuration",
    "a new file",
    "a module that comes",
    "the binding",
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> RepositoryBuilder:
    """A repository where a first hook found nothing to say, and has kept that."""
    built = make_repository(tmp_path_factory.mktemp("template") / "service")
    built.write_all(FILES)
    built.commit("the service")
    built.write_all({**AGREED, "gatekeeper.yaml": BINDING})
    built.commit("the contract")
    edit(built, {"src/app.py": f"{APP}# seen\n"})
    gatekeeper(built, *HOOK)
    assert memo(built).exists()
    return built


@pytest.fixture
def repository(template: RepositoryBuilder, tmp_path: Path) -> RepositoryBuilder:
    """A copy of it, for one test."""
    shutil.copytree(template.path, tmp_path / "service", symlinks=True)
    return RepositoryBuilder(tmp_path / "service")


def memo(repository: RepositoryBuilder) -> Path:
    return repository.path / ".git" / "gatekeeper" / "idle.json"


def edit(repository: RepositoryBuilder, files: dict[str, str | None]) -> None:
    for path, content in files.items():
        if content is None:
            repository.delete(path)
        else:
            repository.write(path, content)
    repository.stage()


def said(repository: RepositoryBuilder) -> tuple[int, str, str]:
    """What a hook says in these very words, which alone can be answered from a memo."""
    outcome = gatekeeper(repository, *HOOK)
    return outcome.status, outcome.out, outcome.err


def judged(repository: RepositoryBuilder) -> tuple[int, str, str]:
    """What the judge says, who looks at no memo in CI."""
    outcome = here.gatekeeper(repository, *HOOK, CI="true")
    return outcome.status, outcome.out, outcome.err


@pytest.mark.parametrize("files", EDITS.values(), ids=EDITS)
def test_what_is_said_is_what_the_judge_says(
    repository: RepositoryBuilder, files: dict[str, str | None]
) -> None:
    edit(repository, files)

    assert judged(repository) == said(repository)


@pytest.mark.parametrize("name", IN_BETWEEN)
def test_it_still_is_when_something_was_committed_in_between(
    repository: RepositoryBuilder, name: str
) -> None:
    repository.commit("seen")
    edit(repository, EDITS[name])
    repository.commit("in between")
    edit(repository, {"src/tools.py": "from uses import held\n\n\nclass A(held): ...\n"})

    assert judged(repository) == said(repository)


def test_what_led_nowhere_only_while_another_file_was_staged_is_not_remembered(
    repository: RepositoryBuilder,
) -> None:
    uses = "from helper import held\n\n\nclass A(held): ...\n"
    edit(repository, {"src/helper.py": "held = object\n", "src/app.py": uses})
    said(repository)
    repository.git("reset", "--quiet", "HEAD", "src/helper.py")

    found = said(repository)

    assert (1, judged(repository)) == (found[0], found)


def test_a_package_of_rules_that_is_edited_in_place_is_another_program(tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text("one = 1\n")
    before = program((str(tmp_path),))

    rule.write_text("one = 'two'\n")

    assert before != program((str(tmp_path),))


def test_another_mode_is_left_to_the_judge(repository: RepositoryBuilder) -> None:
    repository.write("src/artifacts/store.py", FILES["src/artifacts/store.py"], "100755")
    repository.stage()

    assert judged(repository) == said(repository)


WORDS = (
    *("workers", "DurableObject", "storage", ".sql", "exec", "eval(", "'wor' + 'kers'", "chr(119)"),
    *("importlib", "import_module", "sys.modules", "__import__", "setAlarm", "webSocketMessage"),
    *("# -*- coding: utf-7 -*-", "\\xff\\xfe", "\U0001d416orkers", "version https://git-lfs."),
    *("git-lfs.github.com/spec/", "builtins", "runpy", "\n", " ", "(", ")", ".", "_", "x", "\\x77"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_can_matter_is_minded(text: str) -> None:
    content = text.encode()
    watch = watched(case_of({}, {"a.py": ""}, Options()).change)

    assert watch is not None
    assert Minding(watch).content("a.txt", content) or not can_matter(content)


def test_prose_that_reads_like_an_import_of_nothing_is_followed_nowhere() -> None:
    change = case_of({}, {"a.py": "# Without a circular import.\n"}, Options()).change

    watch = watched(change)

    assert watch is not None
    assert watch.imports == frozenset({"\n.\n*", "\n\n*"})


TEXTS = st.lists(st.sampled_from([b"a", b"b", b" ", b"\xc2", b"ab"]), max_size=6).map(b"".join)


@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS.filter(bool))
@settings(max_examples=400, deadline=None)
def test_what_one_of_two_contents_says_is_said_by_both_together(
    start: bytes, old: bytes, new: bytes, end: bytes, word: bytes
) -> None:
    contents = (start + old + end, start + new + end)

    together = either(*contents, len(word))

    assert not any(word in each for each in contents) or word in together
    assert not any(says(word, each) for each in contents) or says(word, together)


def test_what_both_contents_have_is_looked_through_once() -> None:
    shared = b"x = 1\n" * 10_000
    before, after = shared + b"a" + shared, shared + b"b" + shared

    assert len(either(before, after, 20)) - len(after) < 50


def imported(repository: RepositoryBuilder) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "gatekeeper", "check", "--staged"],
        cwd=repository.path,
        env={**repository.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}


def test_where_nothing_can_matter_neither_a_rule_nor_the_judge_is_loaded(
    repository: RepositoryBuilder,
) -> None:
    edit(repository, {"src/app.py": f"{APP}print('again')\n"})
    before = {"gatekeeper.engine", "gatekeeper.registry", "gatekeeper.rule", "gatekeeper_rules"}

    assert set() == imported(repository) & before


def test_in_ci_nothing_is_kept(repository: RepositoryBuilder) -> None:
    memo(repository).unlink()

    judged(repository)

    assert not memo(repository).exists()


def test_in_ci_nothing_is_read(repository: RepositoryBuilder) -> None:
    honest = judged(repository)
    held = json.loads(memo(repository).read_text())
    memo(repository).write_text(json.dumps({**held, "told": [*held["told"][:3], "forged\n"] * 2}))

    assert honest == judged(repository)


def test_what_was_kept_on_another_day_is_not_said_again(repository: RepositoryBuilder) -> None:
    honest = judged(repository)
    held = json.loads(memo(repository).read_text())
    program, _, tree, *_ = held["told"]
    told = [program, "2001-01-01", tree, "KEPT  of another day\n", "KEPT  of another day\n"]
    memo(repository).write_text(json.dumps({**held, "told": told}))

    assert honest == said(repository)


DAMAGED = {
    "nothing at all": "",
    "no JSON": "{",
    "JSON that is too deep": "[" * 100_000,
    "another kind of JSON": "[1, 2]",
    "too few texts": '{"told": ["a"], "contract": [], "watches": []}',
    "a watch that is none": '{"told": ["a", "b", "c", "d", "e"], "contract": [], "watches": [1]}',
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_memo_is_as_good_as_none(repository: RepositoryBuilder, text: str) -> None:
    honest = judged(repository)
    memo(repository).write_text(text)

    assert honest == said(repository)
