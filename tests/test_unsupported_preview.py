"""A local preview of unsupported-module says of staged files what a judgement says of them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from gatekeeper import Deferred, Doubt, Examined, Finding, Snapshot
from gatekeeper_rules.code import _unsupported_in_python as in_python
from gatekeeper_rules.code._unsupported import observations
from gatekeeper_rules.code._unsupported_workers import workers_of
from gatekeeper_rules.code._workflow_followed import MOST_FILES

Files = Mapping[str, str]

PYTHON = 'name = "a"\nmain = "src/entry.py"\ncompatibility_date = "2026-05-01"\n'
SCRIPT = 'name = "b"\nmain = "src/index.ts"\ncompatibility_date = "2024-01-01"\n'

CASES: dict[str, tuple[Files, int]] = {
    "a module that Python lacks": (
        {"src/entry.py": "import held\n", "src/held.py": "import multiprocessing\nimport curses\n"},
        1,
    ),
    "one that no Worker takes": (
        {"src/entry.py": "x = 1\n", "src/held.py": "import curses\n"},
        0,
    ),
    "one that a string takes": (
        {
            "src/entry.py": "import importlib\nimportlib.import_module('held')\n",
            "src/held.py": "import curses\n",
        },
        1,
    ),
    "a name that another file has taken": (
        {
            "src/entry.py": "import held, other\nheld.platform.Nothing\nother.x\n",
            "src/held.py": "import workers as platform\n",
            "src/other.py": "import held\nx = held.platform.NonRetryableError\n",
        },
        2,
    ),
    "a file that is no Python": ({"src/entry.py": "import held\n", "src/held.py": "(\n"}, 1),
    "a module of Node": (
        {"src/index.ts": "import './held';\n", "src/held.ts": "import 'node:fs';\n"},
        1,
    ),
    "one that another script hands on": (
        {
            "src/index.ts": "import { fs } from './held';\nfs.readFileSync('x');\n",
            "src/held.ts": "export * as fs from 'node:fs';\n",
            "src/none.ts": "import { fs } from './held';\nfs.x();\n",
        },
        1,
    ),
    "a script of no Worker": (
        {"src/index.ts": "export default {};\n", "lib/a.ts": "import 'cloudflare:nothing';\n"},
        1,
    ),
    "a key that wrangler does not know": ({"wrangler.toml": "nonsense = 1\n"}, 1),
}


def told(files: Files, focus: frozenset[str] | None) -> set[tuple[str, str, int | None]]:
    """What is found and unproven."""
    observed = observations(Snapshot.of("head", files), focus)
    return {
        (type(each).__name__, each.path, each.line)
        for each in observed
        if isinstance(each, Finding | Doubt)
    }


@pytest.mark.parametrize(("own", "least"), CASES.values(), ids=CASES)
def test_of_each_staged_file_a_preview_says_what_a_judgement_says(own: Files, least: int) -> None:
    files = {"wrangler.toml": "", "scripts/wrangler.toml": "", **own}
    files["wrangler.toml"] = PYTHON + files["wrangler.toml"]
    files["scripts/wrangler.toml"] = SCRIPT.replace("src/", "../src/")
    whole = told(files, None)

    assert least <= len(whole)
    assert [{each for each in whole if each[1] == path} for path in files] == [
        told(files, frozenset({path})) for path in files
    ]


def test_a_preview_reads_few_files_unless_something_is_wrong_and_then_as_many_as_it_may() -> None:
    chain = {f"src/a{n}.py": f"import a{n + 1}\n" for n in range(2 * MOST_FILES)}
    files = {"wrangler.toml": PYTHON, "src/entry.py": "import a0\n", **chain}
    for text, expected in (("import js\n", []), ("import curses\n", ["src/far.py"])):
        head = Snapshot.of(
            "head", {**files, f"src/a{2 * MOST_FILES}.py": "import far\n", "src/far.py": text}
        )
        workers = workers_of(head)
        observed = list(in_python.observations(head, workers, frozenset({"src/far.py"})))

        left = [f"what {path} asks of the platform for a Worker is left to CI" for path in expected]
        assert [Examined("staged Python files", 1)] == [
            each for each in observed if isinstance(each, Examined)
        ]
        assert left == [each.reason for each in observed if isinstance(each, Deferred)]
        assert [] == [each for each in observed if isinstance(each, Finding | Doubt)]


def test_a_preview_never_says_that_the_rest_is_kept() -> None:
    observed = list(observations(Snapshot.of("head", {"a.py": "import js\n"}), frozenset({"a.py"})))

    assert [Deferred("what files that are not staged ask of the platform is left to CI")] == [
        each for each in observed if isinstance(each, Deferred)
    ]
