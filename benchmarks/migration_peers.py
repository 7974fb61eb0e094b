"""The programs that migrations are measured against, each on the same chain in its own form."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from chain import Step, write
from peers import environment
from timing import ENVIRON, Command

WRANGLER = "wrangler@4.86.0"
PYTEST_MRT = "pytest-mrt==1.9.1"
PYTEST_ALEMBIC = "pytest-alembic==0.13.1"

_QUIET = (
    "CI=1",
    "WRANGLER_SEND_METRICS=false",
    "WRANGLER_SEND_ERROR_REPORTS=false",
    "CLOUDFLARE_CF_FETCH_ENABLED=false",
)

_REVISION = """\
from alembic import op
revision, down_revision = {this!r}, {before!r}
branch_labels = depends_on = None


def upgrade():
    for statement in {up!r}:
        op.execute(statement)


def downgrade():
    for statement in {down!r}:
        op.execute(statement)
"""

_ENVIRONMENT = """\
from alembic import context
from sqlalchemy import MetaData, create_engine

given = context.config.attributes.get("connection")
engine = given or create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=MetaData())
    with context.begin_transaction():
        context.run_migrations()
"""

_MRT = """\
from pytest_mrt import MRTConfig


def pytest_configure(config):
    config._mrt_config = MRTConfig(alembic_ini="alembic.ini", db_url="sqlite:///tried.db")
"""


def wrangler(folder: Path, chain: tuple[Step, ...]) -> Command:
    """`wrangler d1 migrations apply --local` on an empty database, which only applies."""
    place = folder / "wrangler"
    if not (place / "node_modules" / "wrangler").is_dir():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        words = ("npm", "install", "--silent", "--no-audit", "--no-fund", WRANGLER)
        subprocess.run(words, cwd=place, check=True, env=ENVIRON)
    root = folder / "wrangler-project"
    shutil.rmtree(root, ignore_errors=True)
    write(root, chain)
    program = place / "node_modules" / ".bin" / "wrangler"
    # Its cache says that it is the newest, so that it asks nobody whether there is a newer one.
    told = {"latest": WRANGLER.partition("@")[2], "lastUpdate": 9999999999999}
    cache = root / "tmp" / "update-check" / "wrangler-latest.json"
    cache.parent.mkdir(parents=True)
    cache.write_text(json.dumps(told), encoding="utf-8")
    kept = (f"TMPDIR={root / 'tmp'}", f"XDG_CONFIG_HOME={root}", f"WRANGLER_LOG_PATH={root}")
    apply = f"rm -rf .wrangler && {program} d1 migrations apply bench --local"
    return Command(("env", *_QUIET, *kept, "sh", "-c", apply), root)


def pytest_mrt(folder: Path, chain: tuple[Step, ...]) -> Command:
    """Every revision with seeded rows, down and up, as its own page shows.

    The plugin adds tests of its own that do the same again; they are left out.
    """
    test = "def test_all(mrt):\n    mrt.assert_all_reversible()\n"
    return _alembic(
        folder / "mrt-project", folder, chain, _MRT, test, "no:pytest_alembic -k test_all"
    )


def pytest_alembic(folder: Path, chain: tuple[Step, ...]) -> Command:
    """Its built-in tests of the way up and of up and down, without rows."""
    conftest = (
        "import pytest\nfrom sqlalchemy import create_engine\n\n\n@pytest.fixture\n"
        "def alembic_engine(tmp_path):\n"
        '    return create_engine(f"sqlite:///{tmp_path}/tried.db")\n'
    )
    test = "from pytest_alembic.tests import test_single_head_revision, test_up_down_consistency\n"
    test += "from pytest_alembic.tests import test_upgrade\n"
    return _alembic(folder / "alembic-project", folder, chain, conftest, test, "no:mrt")


def _alembic(
    root: Path, folder: Path, chain: tuple[Step, ...], conftest: str, test: str, without: str
) -> Command:
    shutil.rmtree(root, ignore_errors=True)
    versions = root / "migrations" / "versions"
    versions.mkdir(parents=True)
    before = None
    for step in chain:
        this = step.name[:4]
        said = _REVISION.format(this=this, before=before, up=step.up, down=step.down)
        (versions / f"v{this}.py").write_text(said, encoding="utf-8")
        before = this
    (root / "migrations" / "env.py").write_text(_ENVIRONMENT, encoding="utf-8")
    ini = "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///tried.db\n"
    (root / "alembic.ini").write_text(ini, encoding="utf-8")
    (root / "conftest.py").write_text(conftest, encoding="utf-8")
    (root / "test_chain.py").write_text(test, encoding="utf-8")
    program = environment(folder / "alembic", [PYTEST_MRT, PYTEST_ALEMBIC]) / "pytest"
    run = f"rm -f tried.db && {program} -q -p {without} test_chain.py"
    return Command(("sh", "-c", run), root)
