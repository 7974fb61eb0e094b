"""What a user installs: the wheel's contents, the façade, and the size of its modules."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gatekeeper

ROOT = Path(__file__).parent.parent
SOURCES = [*ROOT.glob("gatekeeper/**/*.py"), *ROOT.glob("rules/**/*.py")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*command, str(target), str(ROOT)], check=True, timeout=300)
    with zipfile.ZipFile(next(target.glob("*.whl"))) as archive:
        return frozenset(archive.namelist())


def test_the_wheel_installs_two_packages_and_none_called_rules(wheel: frozenset[str]) -> None:
    tops = {name.split("/")[0] for name in wheel if ".dist-info/" not in name}

    assert tops == {"gatekeeper", "gatekeeper_rules"}


def test_the_wheel_holds_every_module_page_and_schema_of_the_checkout(
    wheel: frozenset[str],
) -> None:
    kinds = (".py", ".md", ".json", ".mjs", ".typed")
    checkout = {
        path.relative_to(folder).as_posix()
        for folder, package in ((ROOT, "gatekeeper"), (ROOT / "rules", "gatekeeper_rules"))
        for path in (folder / package).rglob("*")
        if path.suffix in kinds
    }

    assert checkout == {name for name in wheel if ".dist-info/" not in name}


def test_the_facade_gives_all_that_type_checkers_see_and_nothing_else() -> None:
    tree = ast.parse(Path(str(gatekeeper.__file__)).read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gatekeeper.")
        for alias in node.names
    }

    given = {name: sys.modules[f"gatekeeper.{home}"].__name__ for name, home in homes().items()}
    assert (given, sorted(seen)) == (seen, sorted(gatekeeper.__all__))


def homes() -> dict[str, str]:
    """The names of the facade with the modules they come from, each asked for once."""
    for name in gatekeeper.__all__:
        getattr(gatekeeper, name)
    return gatekeeper._HOME_OF


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_longer_than_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


_STARTING = re.compile(
    r"subprocess\.(run|Popen|call|check_\w+|getoutput)\(|os\.(system|popen|exec|spawn|posix_spawn|fork)"
)


def test_git_and_other_programs_are_started_in_one_place_each() -> None:
    starters = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if _STARTING.search(path.read_text(encoding="utf-8"))
    }

    # The last is a script that is copied beside a checkout and imports nothing of gatekeeper.
    alone = "gatekeeper/reading/mypy_rounds.py"
    assert starters == {"gatekeeper/git.py", "gatekeeper/tools.py", alone}
