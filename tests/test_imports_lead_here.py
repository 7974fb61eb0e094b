"""What the tests import is proven to be this checkout, in real environments with real installs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatekeeper.reading.imports import check_imports, own_modules
from gatekeeper.reading.unusable import Unusable

FILES = {
    "src/shop/__init__.py": "X = 1\n",
    "src/shop/till.py": "def sum_up(): ...\n",
    "src/single.py": "Y = 2\n",
    "tests/__init__.py": "",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real virtual environment that holds nothing; tests put it back as it was."""
    folder = tmp_path_factory.mktemp("environment").resolve() / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    return folder


@pytest.fixture
def environment(bare: Path) -> Iterator[Path]:
    before = set(packages(bare).rglob("*"))
    yield bare
    for path in sorted(set(packages(bare).rglob("*")) - before, reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path.resolve() / "tree"
    write(folder, FILES)
    return folder


def packages(environment: Path) -> Path:
    [folder] = environment.glob("lib/python*/site-packages")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)


def complaint(environment: Path, tree: Path) -> str:
    try:
        check_imports(environment, tree, sorted(FILES), {"PATH": os.environ["PATH"]})
    except Unusable as unusable:
        return str(unusable)
    return ""


def nothing(environment: Path, tree: Path) -> None: ...


def editable(environment: Path, tree: Path) -> None:
    (packages(environment) / "shop.pth").write_text(f"{tree}/src\n")


def same_copy(environment: Path, tree: Path) -> None:
    write(packages(environment), {path[4:]: text for path, text in FILES.items() if "src" in path})


def junk(environment: Path, tree: Path) -> None:
    write(packages(environment), {"tests/__init__.py": "", "json/__init__.py": "", "docs.py": ""})


@pytest.mark.parametrize("install", [nothing, editable, same_copy, junk])
def test_an_environment_that_leads_here_will_do(
    environment: Path, checkout: Path, install: Callable[[Path, Path], None]
) -> None:
    install(environment, checkout)

    assert "" == complaint(environment, checkout)


def test_an_editable_install_of_another_checkout_is_refused(
    environment: Path, checkout: Path, tmp_path: Path
) -> None:
    other = tmp_path.resolve() / "other"
    write(other, FILES)
    editable(environment, other)

    said = complaint(environment, checkout)

    assert f"the import of shop leads to {other}/src/shop" in said
    assert "not into this checkout" in said


@pytest.mark.parametrize(
    "altered",
    [
        pytest.param({"shop/till.py": "def sum_up(): return 0\n"}, id="with an altered file"),
        pytest.param({"shop/gone.py": ""}, id="with a file that the checkout no longer has"),
        pytest.param({"single.py": "Y = 3\n"}, id="with an altered module"),
    ],
)
def test_a_copy_of_other_code_is_refused(
    environment: Path, checkout: Path, altered: dict[str, str]
) -> None:
    same_copy(environment, checkout)
    write(packages(environment), altered)

    assert "which is not what this checkout holds" in complaint(environment, checkout)


def test_an_environment_whose_python_breaks_is_refused(environment: Path, checkout: Path) -> None:
    (packages(environment) / "evil.pth").write_text("import os; os._exit(9)\n")

    assert "the environment's Python does not say where imports lead (exit status 9)" == complaint(
        environment, checkout
    )


def test_the_modules_of_a_tree_are_those_that_can_be_imported_by_their_own_name() -> None:
    files = (
        "app.py",
        "pkg/__init__.py",
        "pkg/inner.py",
        "src/lib/__init__.py",
        "src/space/part.py",
        "scripts/run.py",
        "setup.py",
        "json.py",
        "conftest.py",
        "tests/__init__.py",
        "odd-name/__init__.py",
        "docs/conf.py",
    )

    assert {"app": "app.py", "pkg": "pkg", "lib": "src/lib", "space": "src/space"} == dict(
        own_modules(files)
    )
