"""Readings are taken in a clean checkout, in an environment of their own, and leave nothing."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest

from gatekeeper import Measured, Missing, Need, Which
from gatekeeper.reading import suite
from gatekeeper.reading.build import Built
from gatekeeper.reading.measuring import Means, measure
from gatekeeper.terms import Minutes, ReadingPlan
from tests.cases import EXECUTABLE, LINK, SUBMODULE
from tests.test_tools import gone
from tests.trees import built, means, measured, said, tree

FILES = {"src/app.py": "X = 1\n", "tests/test_app.py": "", "run.sh": "#!/bin/sh\nexit 0\n"}


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, so that a test sees what is left there."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_command_runs_in_a_checkout_of_the_head() -> None:
    reading = built("cat src/app.py && ./run.sh", FILES, modes={"run.sh": EXECUTABLE})

    assert isinstance(reading, Measured)
    assert Built("cat src/app.py && ./run.sh", 0, "X = 1") == reading.value
    assert tree("head", FILES, {"run.sh": EXECUTABLE}).tree == reading.tree
    assert "`cat src/app.py && ./run.sh` of the head" == reading.how


def test_a_command_runs_in_a_checkout_of_the_base() -> None:
    reading = built("cat src/app.py", FILES, base={"src/app.py": "X = 0\n"}, which=Which.BASE)

    assert "X = 0" == said(reading)


def test_nothing_is_left_of_it(temporary: Path) -> None:
    built('mkdir -p deep/er; chmod 0 deep; touch "$TMPDIR/x" "$HOME/x"', FILES)

    assert [] == list(temporary.iterdir())


def test_a_plan_runs_in_its_folder_with_its_variables() -> None:
    plan = ReadingPlan("pwd; echo $COLOUR", format="build", cwd="src", env={"COLOUR": "red"})

    [reading] = measured({"b": plan}, FILES, FILES, [Need("b", Which.HEAD)]).values()

    assert "src\nred" == said(reading)


def test_what_is_said_names_none_of_our_folders() -> None:
    told = said(built("echo $PWD $PWD/src:3 $VIRTUAL_ENV/lib {out}; exit 1", FILES))
    failed = said(built("true", FILES, setup="echo $PWD/src/app.py:1 broke >&2; exit 1"))

    assert " src:3 venv/lib out/out" == told
    assert failed.endswith("failed: exit status 1: src/app.py:1 broke")


@pytest.mark.parametrize(
    ("cwd", "why"),
    [
        pytest.param("..", "its `cwd` .. leads out of the tree", id="above the tree"),
        pytest.param("/etc", "its `cwd` /etc leads out of the tree", id="elsewhere"),
        pytest.param("tools", "its `cwd` tools is no folder of the tree", id="nowhere"),
        pytest.param("run.sh", "its `cwd` run.sh is no folder of the tree", id="a file"),
    ],
)
def test_a_folder_out_of_the_tree_is_refused(cwd: str, why: str) -> None:
    assert Missing(why) == built("true", FILES, cwd=cwd)


def test_nothing_of_the_callers_environment_steers_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    steering = (
        "PYTEST_ADDOPTS",
        "PYTHONPATH",
        "PYTHONOPTIMIZE",
        "RUFF_CONFIG",
        "NODE_OPTIONS",
        "npm_config_node_options",
        "GIT_DIR",
        "GITHUB_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "CI",
        "LD_PRELOAD",
        "VIRTUAL_ENV",
    )
    for name in steering:
        monkeypatch.setenv(name, "evil")

    shown = said(built('env | grep -c evil; test "$VIRTUAL_ENV" != "$HOME"', FILES))

    assert "0" == shown


def test_packages_are_found_as_the_user_finds_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "user"
    (home / ".config" / "pip").mkdir(parents=True)
    (home / ".config" / "pip" / "pip.conf").write_text(
        "[global]\nindex-url = https://mine.example\n"
    )
    (home / ".npmrc").write_text("registry=https://npm.example\n")
    environ = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PIP_INDEX_URL": "https://pip.example",
        "SSL_CERT_FILE": "/certificates",
        "HTTPS_PROXY": "http://proxy.example",
        "npm_config_registry": "https://npm.example",
    }
    plan = ReadingPlan(
        "cat $HOME/.config/pip/pip.conf $HOME/.npmrc; "
        "echo $PIP_INDEX_URL $SSL_CERT_FILE $HTTPS_PROXY $npm_config_registry; "
        "echo spoiled > $HOME/.npmrc",
        format="build",
    )
    head = tree("head", FILES)

    [reading] = measure([Need("b", Which.HEAD)], {"b": plan}, head, head, Means(environ)).values()

    assert [
        "[global]",
        "index-url = https://mine.example",
        "registry=https://npm.example",
        "https://pip.example /certificates http://proxy.example https://npm.example",
    ] == said(reading).split("\n")
    assert "registry=https://npm.example\n" == (home / ".npmrc").read_text()


def test_programs_of_another_environment_are_out_of_reach(tmp_path: Path) -> None:
    own, other, plain = (tmp_path / each for each in ("work/bin", "venv/bin", "plain/bin"))
    for folder in (own, other, plain):
        folder.mkdir(parents=True)
        (folder / f"tool-of-{folder.parent.name}").write_text("#!/bin/sh\n")
        (folder / f"tool-of-{folder.parent.name}").chmod(0o755)
    (other.parent / "pyvenv.cfg").write_text("")
    path = os.pathsep.join([str(own), str(other), str(plain), "relative", "/usr/bin", "/bin"])
    asked = "for each in work venv plain; do command -v tool-of-$each; done; pytest; true"
    head = tree("head", FILES)
    given = Means({"PATH": path}, repository=tmp_path / "work")

    [reading] = measure(
        [Need("b", Which.HEAD)], {"b": ReadingPlan(asked, format="build")}, head, head, given
    ).values()

    assert [
        str(plain / "tool-of-plain"),
        "pytest is not installed in the environment of this reading; install it in its setup",
    ] == said(reading).split("\n")


def test_the_users_repository_is_not_found_from_within(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Even where temporary files are kept inside of a repository.
    inside = tmp_path / "repository" / "tmp"
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    for folder in ("objects", "refs"):
        (tmp_path / "repository" / ".git" / folder).mkdir()
    inside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(inside))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "repository" / ".git"))

    shown = said(built("git rev-parse --git-dir; git config core.pager evil; true", FILES))

    assert "fatal: not a git repository" in shown
    assert not (tmp_path / "repository" / ".git" / "config").exists()


def test_each_run_starts_from_what_the_setup_left() -> None:
    plans = {
        "a": ReadingPlan(
            "cat src/app.py; ls; echo evil > src/app.py; touch conftest.py $TMPDIR/x; rm made",
            setup="touch made; echo changed > src/app.py",
            format="build",
        ),
        "b": ReadingPlan("cat src/app.py; ls; ls $TMPDIR", format="build"),
    }
    needs = [Need(name, Which.HEAD) for name in plans]

    readings = measured(plans, FILES, FILES, needs)

    assert ["X = 1", "made", "run.sh", "src", "tests"] == said(readings[needs[0]]).split("\n")
    assert said(readings[needs[0]]) == said(readings[needs[1]])


def test_a_run_that_touches_the_tools_gets_the_next_one_a_new_room(tmp_path: Path) -> None:
    plans = {
        "a": ReadingPlan(
            "echo evil >> $VIRTUAL_ENV/pyvenv.cfg",
            setup=f"echo set up >> {tmp_path}/setups",
            format="build",
        ),
        "b": ReadingPlan("grep -c evil $VIRTUAL_ENV/pyvenv.cfg", format="build"),
    }

    readings = measured(plans, FILES, FILES, [Need(name, Which.HEAD) for name in plans])

    assert "0" == said(readings[Need("b", Which.HEAD)])
    assert "set up\nset up\n" == (tmp_path / "setups").read_text()


def test_an_environment_that_leads_to_another_checkout_is_missing(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "app.py").write_text("X = 2\n")
    setup = f"echo {tmp_path}/other > $(echo $VIRTUAL_ENV/lib/python*/site-packages)/other.pth"

    reading = built("python -c 'import app'", FILES, setup=setup)

    assert isinstance(reading, Missing)
    assert f"the import of app leads to {tmp_path}/other/app.py" in reading.why


def test_the_tests_of_the_base_are_laid_over_the_head_and_taken_away_again() -> None:
    plans = {name: ReadingPlan("cat src/app.py tests/*", format="build") for name in "ab"}
    base = {"src/app.py": "old\n", "tests/test_app.py": "strict\n"}
    head = {"src/app.py": "new\n", "tests/test_app.py": "loose\n", "tests/test_more.py": "more\n"}
    needs = [Need("a", Which.CROSSED), Need("b", Which.HEAD), Need("a", Which.BASE)]

    readings = measured(plans, head, base, needs)

    assert ["new\nstrict", "new\nloose\nmore", "old\nstrict"] == [said(readings[n]) for n in needs]
    crossed = readings[needs[0]]
    assert isinstance(crossed, Measured)
    assert "1 test files of the base, 1 of them not as at head; 1 new left out" in crossed.how


def test_two_readings_of_one_tree_are_taken_once(tmp_path: Path) -> None:
    plan = ReadingPlan(f"echo run >> {tmp_path}/runs", format="build")
    needs = [Need("b", which) for which in Which]

    readings = measured({"b": plan}, FILES, FILES, needs)

    assert "run\n" == (tmp_path / "runs").read_text()
    assert set(needs) == {need for need, each in readings.items() if isinstance(each, Measured)}


def test_a_setup_runs_once_for_all_that_use_it(tmp_path: Path) -> None:
    plans = {
        "a": ReadingPlan("true", setup=f"echo set up >> {tmp_path}/setups", format="build"),
        "b": ReadingPlan("true", format="build"),
        "c": ReadingPlan("true", format="build", cwd="src"),
    }

    measured(plans, FILES, FILES, [Need(name, Which.HEAD) for name in plans])

    assert "set up\n" == (tmp_path / "setups").read_text()


def test_a_failed_setup_is_the_reason_of_all_that_use_it(tmp_path: Path) -> None:
    setup = f"echo tried >> {tmp_path}/setups; echo no such package >&2; exit 7"
    plans = {
        "a": ReadingPlan("true", setup=setup, format="build"),
        "b": ReadingPlan("true", format="build"),
    }

    readings = measured(plans, FILES, FILES, [Need(name, Which.HEAD) for name in plans])

    why = f"its setup `{setup}` failed: exit status 7: no such package"
    assert [Missing(why), Missing(why)] == list(readings.values())
    assert "tried\n" == (tmp_path / "setups").read_text()


def test_a_run_that_forks_away_is_ended_all_the_same(tmp_path: Path) -> None:
    away = f"setsid sh -c 'echo $$ > {tmp_path}/pid; sleep 300' & sleep 0.5"

    built(f"{away}; exit 0", FILES)

    assert gone(int((tmp_path / "pid").read_text()))


def test_a_run_that_prints_forever_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "LARGEST_OUTPUT", 100_000)

    assert Missing("it did not come to an end: it printed too much") == built("yes", FILES)


def test_a_run_that_takes_too_long_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "MINUTE", 0.03)
    start = time.monotonic()

    reading = built("sleep 60", FILES)

    assert Missing("it was ended after 15 min; its `minutes` say how long it may take") == reading
    assert time.monotonic() - start < 20


def test_a_run_may_take_the_minutes_that_its_reading_gives_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suite, "MINUTE", 0.05)
    plan = ReadingPlan("sleep 2", format="build", minutes=Minutes(240))
    need = Need("build", Which.HEAD)

    assert isinstance(measured({"build": plan}, FILES, FILES, [need])[need], Measured)


def test_a_run_that_fills_the_disk_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "LARGEST_FILE", 1_048_576)

    reading = built("dd if=/dev/zero of=big bs=65536 count=100 2>/dev/null; wc -c < big", FILES)

    assert "1048576" == said(reading).split("\n")[-1].strip()


@pytest.mark.parametrize(
    ("leave", "why"),
    [
        pytest.param("echo done", "the command wrote no {out}: exit status 0: done", id="nothing"),
        pytest.param(
            "ln -s /etc/passwd {out}",
            "the {out} it left cannot be read: Too many levels of symbolic links",
            id="a link",
        ),
        pytest.param("mkdir {out}", "the {out} it left is no ordinary file", id="a folder"),
        pytest.param("mkfifo {out}", "the {out} it left is no ordinary file", id="a pipe"),
    ],
)
def test_a_report_that_is_no_file_is_missing(leave: str, why: str) -> None:
    plan = ReadingPlan(leave if "{out}" in leave else f"{leave} # {{out}}", format="junit")

    [reading] = measured({"t": plan}, FILES, FILES, [Need("t", Which.HEAD)]).values()

    assert Missing(why) == reading


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        pytest.param(
            ReadingPlan("make", format="tap"),
            "there is no format tap; give",
            id="an unknown format",
        ),
        pytest.param(ReadingPlan("make"), "it is not clear what comes out; give", id="no format"),
        pytest.param(
            ReadingPlan("vitest", format="junit"), "its `run` has no {out}", id="no place to write"
        ),
    ],
)
def test_a_plan_that_does_not_say_what_comes_out_is_missing(plan: ReadingPlan, why: str) -> None:
    [reading] = measured({"t": plan}, FILES, FILES, [Need("t", Which.HEAD)]).values()

    assert isinstance(reading, Missing)
    assert reading.why.startswith(why)


def test_a_reading_that_the_contract_does_not_name_is_missing() -> None:
    [reading] = measured({}, FILES, FILES, [Need("tests", Which.HEAD)]).values()

    assert Missing("the contract names no reading tests") == reading


@pytest.mark.parametrize(
    ("files", "modes", "why"),
    [
        pytest.param(
            {"lib": ""},
            {"lib": SUBMODULE},
            "lib is a submodule, whose files are in another repository",
            id="a submodule",
        ),
        pytest.param(
            {"l": "/etc"}, {"l": LINK}, "the link l leads out of the tree", id="a link outside"
        ),
    ],
)
def test_a_tree_that_cannot_be_written_out_is_missing(
    files: dict[str, str], modes: dict[str, str], why: str
) -> None:
    assert Missing(why) == built("true", files, modes=modes)


def test_tracked_packages_cannot_stand_in_for_installed_ones() -> None:
    plan = ReadingPlan("npm run build")
    files = {"node_modules/.bin/eslint": "#!/bin/sh\nexit 0\n", "package.json": "{}"}

    [reading] = measured({"build": plan}, files, files, [Need("build", Which.HEAD)]).values()

    assert (
        Missing(
            "the tree holds node_modules/.bin/eslint, which would stand in for what is installed"
        )
        == reading
    )


def test_nothing_is_run_where_nothing_may_be_run(tmp_path: Path) -> None:
    plan = ReadingPlan(f"touch {tmp_path}/ran", format="build")
    head = tree("head", FILES)

    [reading] = measure(
        [Need("b", Which.HEAD)], {"b": plan}, head, head, Means(means().environ, run=False)
    ).values()

    assert Missing("--no-run was given") == reading
    assert not (tmp_path / "ran").exists()


def test_a_tree_without_an_id_is_measured_all_the_same() -> None:
    from gatekeeper import Snapshot

    head = Snapshot.of("the work tree", {"a": "worked on"})
    plan = ReadingPlan("cat a", format="build")

    [reading] = measure([Need("b", Which.HEAD)], {"b": plan}, head, head, means()).values()

    assert "worked on" == said(reading)
