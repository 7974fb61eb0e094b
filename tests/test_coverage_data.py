"""The data file `.coverage`, of real runs and of hostile hands."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gatekeeper.reading import coverage_data, coverage_json
from gatekeeper.reading.context_data import contexts_in
from gatekeeper.reading.contexts import NoContexts
from gatekeeper.reading.coverage import Coverage
from gatekeeper.reading.coverage_sqlite import recorded
from gatekeeper.reading.unusable import Unusable
from tests.real_readings import DATA, SHOP, content_of

CART = "src/shop/cart.py"
FIVE, SEVEN = DATA / "coverage" / "5.5.sqlite", DATA / "coverage" / "7.17.sqlite"


def refusal(file: Path, root: str = SHOP) -> str:
    with pytest.raises(Unusable) as refused:
        coverage_data.read(file, root)
    return str(refused.value)


def changed(folder: Path, *statements: str) -> Path:
    """A real data file after these statements."""
    file = folder / "data"
    file.write_bytes(SEVEN.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return file


@pytest.mark.parametrize("file", [FIVE, SEVEN], ids=["coverage.py 5.5", "coverage.py 7.17"])
def test_data_files_tell_what_the_report_of_the_same_run_tells(file: Path) -> None:
    report = coverage_json.read(content_of("coverage/7.17.json"), SHOP)

    coverage = coverage_data.read(file, SHOP)

    assert coverage.files == report.files
    assert coverage.branches


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM context", "lines of a context that it does not name"),
        ("UPDATE context SET context = x'ff'", "the name of a file or a context is b"),
        ("UPDATE arc SET fromno = 'x' WHERE rowid = 1", "a jump in it is none between lines"),
        ("DELETE FROM arc WHERE fromno = 26 OR tono = 26", "not of the same run"),
        ("UPDATE file SET path = '/elsewhere/cart.py' WHERE path LIKE '%cart%'", "the same run"),
        ("DROP TABLE context", "no table context"),
        ("UPDATE context SET context = 'nightly'", "not those of pytest's tests, but 'nightly'"),
    ],
)
def test_contexts_in_a_file_that_is_not_as_it_should_be_are_none(
    tmp_path: Path, statement: str, why: str
) -> None:
    files = coverage_json.read(content_of("coverage/7.17.json"), SHOP).files

    contexts = contexts_in(changed(tmp_path, statement), files, SHOP)

    assert isinstance(contexts, NoContexts)
    assert why in contexts.why


def test_the_tool_says_how_the_missed_lines_were_found() -> None:
    tool = coverage_data.read(SEVEN, SHOP).tool

    assert tool.startswith("coverage.py ")
    assert tool.endswith(", from its data file and without configuration")


def test_what_ran_can_be_told_without_the_sources() -> None:
    found = recorded(SEVEN, "/nowhere")

    assert found.has_arcs
    assert {26, 28, 40, 42} <= found.lines[CART]
    assert (26, 28) in found.arcs[CART]
    assert found.lines["src/shop/never.py"] == set()


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    """A checkout in which coverage.py has just measured a program, by absolute paths."""
    (tmp_path / "main.py").write_text("import sys\nif len(sys.argv) > 9:\n    sys.exit(1)\n")
    # A configuration, which must not be read, would exclude the line that did not run.
    (tmp_path / ".coveragerc").write_text("[report]\nexclude_also = sys.exit\n")
    subprocess.run(
        [sys.executable, "-m", "coverage", "run", "--rcfile=/dev/null", "main.py"],
        cwd=tmp_path,
        check=True,
        env={"COVERAGE_FILE": str(tmp_path / "data")},
    )
    return tmp_path


def test_a_data_file_of_this_moment_is_read(measured: Path) -> None:
    coverage = coverage_data.read(measured / "data", str(measured))

    assert list(coverage.files) == ["main.py"]
    assert coverage.files["main.py"].covered == {1, 2}
    assert coverage.files["main.py"].missed == {3}
    assert not coverage.branches


def test_a_configuration_where_gatekeeper_runs_is_not_read(
    measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(measured)

    assert coverage_data.read(measured / "data", str(measured)).files["main.py"].missed == {3}


def test_data_of_another_checkout_is_refused(measured: Path, tmp_path: Path) -> None:
    said = refusal(measured / "data", str(tmp_path / "other"))

    assert "which is not a file in" in said


def test_data_whose_source_is_gone_is_refused(measured: Path) -> None:
    (measured / "main.py").unlink()

    assert "coverage.py cannot make a report of it: No source" in refusal(
        measured / "data", str(measured)
    )


@pytest.mark.parametrize("source", ["def broken(:\n", "\0", "(" * 5000], ids=repr)
def test_data_whose_source_is_no_python_is_refused(measured: Path, source: str) -> None:
    (measured / "main.py").write_text(source)

    assert "coverage.py cannot" in refusal(measured / "data", str(measured))


def test_nothing_of_a_source_is_run(measured: Path) -> None:
    witness = measured / "witness"
    (measured / "main.py").write_text(f"open({str(witness)!r}, 'w')\n")

    coverage_data.read(measured / "data", str(measured))

    assert not witness.exists()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE coverage_schema SET version = 8", "its schema is"),
        ("DELETE FROM coverage_schema", "its schema is"),
        ("DROP TABLE arc", "no data file of coverage.py 5 or later: no table arc"),
        ("DELETE FROM file", "of a file"),
        ("UPDATE file SET path = '/etc/passwd' WHERE id = 1", "not a file in"),
        ("UPDATE file SET path = '../x.py' WHERE id = 1", "not a file in"),
        ("UPDATE file SET path = x'ff' WHERE id = 1", "the name of a file or a context is"),
        ("INSERT INTO tracer (file_id, tracer) VALUES (1, 'django')", "a plugin measured it"),
        ("INSERT INTO line_bits (file_id, context_id, numbits) VALUES (1, 9, 'x')", "the lines of"),
        (
            "INSERT INTO line_bits (file_id, context_id, numbits) VALUES (1, 9, zeroblob(9000000))",
            "the lines of a file are",
        ),
        (
            "INSERT INTO arc (file_id, context_id, fromno, tono) VALUES (1, 9, 'x', 2)",
            "is none between lines",
        ),
        (
            "INSERT INTO arc (file_id, context_id, fromno, tono) VALUES (1, 9, 1, 1e15)",
            "is none between lines",
        ),
    ],
)
def test_a_data_file_that_is_not_as_coverage_py_writes_it_is_refused(
    tmp_path: Path, statement: str, said: str
) -> None:
    assert said in refusal(changed(tmp_path, statement))


def test_a_table_that_is_a_program_is_refused_at_once(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    file = changed(
        tmp_path,
        "ALTER TABLE arc RENAME TO old",
        f"CREATE VIEW arc AS SELECT x AS file_id, x AS fromno, x AS tono FROM ({endless})",
    )
    started = time.perf_counter()

    assert "no table arc" in refusal(file)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "content",
    [b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 5000, b"{}", b"!coverage.py: {}"],
    ids=repr,
)
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "data"
    file.write_bytes(content)

    assert "it is no data file of coverage.py" in refusal(file)


def test_what_is_no_ordinary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(SEVEN)
    (tmp_path / "folder").mkdir()

    for name in ("link", "folder", "nothing"):
        assert refusal(tmp_path / name)


def test_a_huge_data_file_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "data"
    file.write_bytes(SEVEN.read_bytes())
    with file.open("r+b") as writable:
        writable.truncate(200_000_000)

    assert refusal(file) == "it holds 200000000 bytes, and 67108864 are read at most"


def test_a_file_is_left_as_it_is(tmp_path: Path) -> None:
    file = changed(tmp_path)
    before = file.read_bytes()

    coverage_data.read(file, SHOP)

    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_mutated_data_file_is_read_or_unusable(tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(SEVEN.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(16, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(content), len(content) // 2, 4096, 100]))
    file = tmp_path / "data"
    file.write_bytes(content[:cut])

    try:
        value = coverage_data.read(file, SHOP)
    except Unusable:
        return
    assert isinstance(value, Coverage)
