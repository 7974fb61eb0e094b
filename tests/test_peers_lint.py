"""What linters, type checkers and ratchets of the field say yes to, and gatekeeper no: both run."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import pytest

from gatekeeper import Need, NoOptions, Which
from gatekeeper.reading.lint import Linted
from gatekeeper_rules.suite import lint_warning, suppression_added
from tests.cases import case_of, places, with_readings
from tests.linting import linted
from tests.node import node_modules
from tests.repositories import make_repository

Tree = Mapping[str, str]
PROGRAMS = {
    "python": sys.executable,
    "mypy-baseline": f"{Path(sys.executable).parent}/mypy-baseline",
}
RUFF = '[tool.ruff.lint]\nselect = ["F"]\n'
MYPY = "[mypy]\nstrict = True\n"
ESLINT = (
    'export default [{rules: {"no-undef": "error", "no-console": "warn", "no-debugger": "%s"}}];\n'
)
TSC = (
    '{"compilerOptions": {"strict": true, "noEmit": true, "skipLibCheck": true, "types": [], '
    '"lib": ["ES5"]}}\n'
)
FAULT, TYPES = "import os\n", 'x: int = ""\n'

RUFF_CHECK = "python -m ruff check --no-cache ."
MYPY_CHECK = "python -m mypy --cache-dir=../mypy-cache ."
SUPPRESSED = '{"d.js": {"no-undef": {"count": 1}}}\n'

SHARED: Mapping[str, tuple[str, Tree, Tree, Mapping[str, list[str]]]] = {
    "mypy": (
        MYPY_CHECK,
        {"mypy.ini": MYPY, "a.py": "", "b.py": "", "c.py": "", "d.py": ""},
        {
            "mypy.ini": f"{MYPY}exclude = d\n[mypy-c]\nignore_errors = True\n",
            "a.py": 'x: int = ""  # type: ignore\n',
            "b.py": f"# mypy: ignore-errors\n{TYPES}",
            "c.py": TYPES,
            "d.py": TYPES,
        },
        {
            "a comment on the line": ["head a.py:1"],
            "a comment for the whole file": ["head b.py:1"],
            "an override": ["head c.py:1", "head mypy.ini:5"],
            "a file that is left out": ["head d.py:1", "head mypy.ini:3"],
        },
    ),
    "eslint": (
        "eslint .",
        {
            "eslint.config.mjs": ESLINT % "error",
            "eslint-suppressions.json": SUPPRESSED,
            "a.js": "",
            "b.js": "",
            "c.js": "",
            "d.js": "f();\n",
        },
        {
            "eslint.config.mjs": ESLINT % "off",
            "eslint-suppressions.json": SUPPRESSED,
            "a.js": "/* global console */\nconsole.log(1);\n",
            "b.js": "/* eslint-disable */\nf();\n",
            "c.js": "debugger;\n",
            "d.js": "\ng();\n",
        },
        {
            "a warning, without --max-warnings": ["head a.js:2"],
            "a comment for the rest of the file": ["head b.js:1"],
            "a rule that is off": ["head c.js:1", "head eslint.config.mjs:1"],
            "mended one, added one, under a count of suppressions": ["head d.js:2"],
        },
    ),
}
"""Holes of one tool in one change, each in a file of its own: starting the tool takes time."""

HOLES: list[tuple[str, str, Tree, Tree, list[str]]] = [
    (
        "ruff: one per-file-ignore",
        RUFF_CHECK,
        {"pyproject.toml": RUFF, "src/a.py": ""},
        {
            "pyproject.toml": RUFF + 'per-file-ignores = {"src/a.py" = ["F"]}\n',
            "src/a.py": FAULT,
        },
        ["head src/a.py:1", "head pyproject.toml:3"],
    ),
    (
        "ruff: a comment for the whole file, on its last line",
        RUFF_CHECK,
        {"pyproject.toml": RUFF, "src/a.py": ""},
        {"pyproject.toml": RUFF, "src/a.py": FAULT + "# ruff: noqa\n"},
        ["head src/a.py:2"],
    ),
    (
        "ruff: settings in a folder of their own",
        RUFF_CHECK,
        {"pyproject.toml": RUFF, "src/a.py": ""},
        {"pyproject.toml": RUFF, "src/a.py": FAULT, "src/ruff.toml": 'lint.select = ["E9"]\n'},
        ["head src/a.py:1", "head src/ruff.toml"],
    ),
    (
        "ruff: no file left to look at",
        RUFF_CHECK,
        {"pyproject.toml": RUFF, "src/a.py": ""},
        {"pyproject.toml": f'[tool.ruff]\nexclude = ["src"]\n{RUFF}', "src/a.py": FAULT},
        ["head src/a.py:1", "head pyproject.toml:2"],
    ),
    (
        "tsc: a comment on the line before",
        "tsc",
        {"tsconfig.json": TSC, "a.ts": "export {};\n"},
        {"tsconfig.json": TSC, "a.ts": '// @ts-ignore\nexport const x: number = "";\n'},
        ["head a.ts:1"],
    ),
    (
        "tsc: nothing is checked",
        "tsc",
        {"tsconfig.json": TSC, "a.ts": "export {};\n"},
        {
            "tsconfig.json": TSC.replace('"strict": true', '"noCheck": true'),
            "a.ts": 'export const x: number = "";\n',
        },
        ["head a.ts:1", "base tsconfig.json:1", "head tsconfig.json:1"],
    ),
]


_OF_BASES: dict[tuple[object, ...], Linted] = {}
"""Readings of bases that several heads have."""


def ran(folder: Path, command: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """A peer's own run in a folder, by its own name and settings."""
    first, *rest = command.split()
    program = PROGRAMS.get(first) or str(node_modules() / ".bin" / first)
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        [program, *rest],
        cwd=folder,
        env=own | {"PATH": f"{Path(sys.executable).parent}:{own['PATH']}"},
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


def laid(folder: Path, tree: Tree) -> Path:
    for path, text in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def judged(folder: Path, tool: str, base: Tree, head: Tree) -> list[str]:
    """What lint-warning, measured with a ratchet, and suppression-added find."""
    options = lint_warning.Options(readings=(tool,), ratchet=True)
    key = (tool, *sorted(base.items()))
    if key not in _OF_BASES:
        _OF_BASES[key] = linted(folder / "of-base", tool, base)
    readings = {
        Need(tool, Which.BASE): _OF_BASES[key],
        Need(tool, Which.HEAD): linted(folder / "of-head", tool, head, base),
    }
    warned = places(lint_warning.RULE, with_readings(case_of(base, head, options), readings))
    return [*warned, *places(suppression_added.RULE, case_of(base, head, NoOptions()))]


@pytest.mark.parametrize(
    ("command", "base", "head", "expected"),
    [pytest.param(*hole, id=name) for name, *hole in HOLES],
)
def test_a_peer_says_yes_and_gatekeeper_says_no(
    tmp_path: Path, command: str, base: Tree, head: Tree, expected: list[str]
) -> None:
    peer = ran(laid(tmp_path / "peer", head), command)

    found = judged(tmp_path, command.removeprefix("python -m ").split()[0], base, head)

    assert 0 == peer.returncode, peer.stdout + peer.stderr
    assert expected == found


Answer = tuple[subprocess.CompletedProcess[str], list[str]]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    """What a tool and gatekeeper say of its holes, asked once."""

    @cache
    def asked(tool: str) -> Answer:
        folder = tmp_path_factory.mktemp(tool)
        command, base, head, _ = SHARED[tool]
        return ran(laid(folder / "peer", head), command), judged(folder, tool, base, head)

    return asked


@pytest.mark.parametrize(
    ("tool", "hole"), [(tool, hole) for tool, (*_, holes) in SHARED.items() for hole in holes]
)
def test_of_holes_in_one_change_a_peer_sees_none_and_gatekeeper_each(
    answer: Callable[[str], Answer], tool: str, hole: str
) -> None:
    peer, found = answer(tool)

    assert 0 == peer.returncode, peer.stdout + peer.stderr
    assert [] == [each for each in SHARED[tool][-1][hole] if each not in found]


@pytest.mark.parametrize("tool", SHARED)
def test_nothing_is_found_beside_the_holes(answer: Callable[[str], Answer], tool: str) -> None:
    _, found = answer(tool)

    expected = [place for places in SHARED[tool][-1].values() for place in places]
    assert sorted(expected) == sorted(found)


def test_mypy_baseline_does_not_see_that_one_was_mended_and_one_added(tmp_path: Path) -> None:
    """It knows an error by its file and its words, without a line."""
    base, head = (
        {
            "mypy.ini": MYPY,
            "a.py": f"def f(x: int) -> str:\n    return {first}\n\n\n"
            f"def g(x: int) -> str:\n    return {second}\n",
        }
        for first, second in (("x", "str(x)"), ("str(x)", "x"))
    )
    ran(tmp_path, "mypy-baseline sync", ran(laid(tmp_path / "peer", base), MYPY_CHECK).stdout)

    peer = ran(
        tmp_path, "mypy-baseline filter", ran(laid(tmp_path / "peer", head), MYPY_CHECK).stdout
    )

    assert 0 == peer.returncode, peer.stdout + peer.stderr
    assert "return-value" in (tmp_path / "mypy-baseline.txt").read_text()
    assert ["head a.py:6"] == judged(tmp_path, "mypy", base, head)


def test_diff_quality_does_not_see_what_a_change_breaks_on_an_old_line(tmp_path: Path) -> None:
    base = {"pyproject.toml": RUFF, "a.py": "import os\nimport sys\n\nprint(os.name, sys.path)\n"}
    head = {"pyproject.toml": RUFF, "a.py": "import sys\n\nprint(os.name, sys.path)\n"}
    repository = make_repository(tmp_path / "peer")
    repository.write_all(base)
    repository.commit("the base")
    repository.git("switch", "--quiet", "--create", "head")
    repository.write_all(head)
    repository.commit("the head")

    peer = ran(
        repository.path,
        "python -m diff_cover.diff_quality_tool --violations=ruff.check --compare-branch=main"
        " --fail-under=100",
    )

    assert 0 == peer.returncode, peer.stdout + peer.stderr
    assert ["head a.py:3"] == judged(tmp_path, "ruff", base, head)
