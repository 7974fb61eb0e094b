"""Carrying the coordinator's data into D1, and back."""

import json
import runpy
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import from_d1
import to_d1

FIXTURES = Path(__file__).with_name("fixtures")
TABLES = ("workflows", "steps", "audit_events", "settings")


def carry(folder: Path, export: Any) -> tuple[int, Path]:
    """Carry an export into a new database; give the exit code and the database."""
    source, database = folder / "export.json", folder / "stage-2.db"
    source.write_text(export if isinstance(export, str) else json.dumps(export), encoding="utf-8")
    return to_d1.main([str(source), str(database)]), database


def contents_of(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(database)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}


@pytest.mark.parametrize("name", ["coordinator.json", "partial.json"])
def test_what_was_carried_over_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    given, back = FIXTURES / name, tmp_path / "back.json"
    code, database = carry(tmp_path, given.read_text(encoding="utf-8"))
    from_d1.main([str(database), str(back)])

    assert 0 == code
    assert given.read_text(encoding="utf-8") == back.read_text(encoding="utf-8")


def test_carrying_over_again_changes_nothing(tmp_path: Path) -> None:
    export = (FIXTURES / "coordinator.json").read_text(encoding="utf-8")
    _, database = carry(tmp_path, export)
    once = contents_of(database)
    code, _ = carry(tmp_path, export)

    assert (0, once) == (code, contents_of(database))


def test_carrying_over_says_how_many_rows_arrived(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carry(tmp_path, (FIXTURES / "coordinator.json").read_text(encoding="utf-8"))

    assert [
        "workflows: 2 of 2 rows",
        "steps: 9 of 9 rows",
        "audit_events: 14 of 14 rows",
        "settings: 1 of 1 rows",
    ] == capsys.readouterr().out.splitlines()


def test_a_row_that_differs_from_the_one_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carry(tmp_path, {"settings": [{"name": "service", "value": "old"}]})
    code, _ = carry(tmp_path, {"settings": [{"name": "service", "value": "new"}]})

    assert (1, "settings: service did not arrive as it was\n") == (code, capsys.readouterr().err)


def test_partial_rows_are_completed_with_null(tmp_path: Path) -> None:
    step = {"workflow_id": "wf-1", "name": "architect", "status": "pending", "attempts": 0}
    code, database = carry(tmp_path, {"steps": [step]})

    assert (0, [("wf-1", "architect", "pending", 0, None)]) == (
        code,
        contents_of(database)["steps"],
    )


@pytest.mark.parametrize(
    ("export", "message"),
    [
        pytest.param("{", "Expecting property name", id="no JSON"),
        pytest.param({"users": []}, "unknown tables: users", id="another table"),
        pytest.param(
            {"settings": [{"name": "service", "value": "", "more": 1}]},
            "settings: unknown columns: more",
            id="another column",
        ),
        pytest.param({"steps": [{"name": "x"}]}, "lacks workflow_id or name", id="no key"),
        pytest.param(
            {"settings": [{"name": "service", "value": {}}]},
            "neither text nor a whole number nor null",
            id="a value of another kind",
        ),
        pytest.param(
            {"settings": [{"name": "service"}]},
            "settings: service did not arrive as it was",
            id="a required value missing",
        ),
    ],
)
def test_a_partial_export_is_never_carried_over_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], export: Any, message: str
) -> None:
    code, _ = carry(tmp_path, export)

    assert 1 == code
    assert message in capsys.readouterr().err


def test_both_directions_are_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, database = FIXTURES / "coordinator.json", tmp_path / "stage-2.db"
    codes = []
    for module, arguments in ((to_d1, (given, database)), (from_d1, (database, tmp_path / "b"))):
        monkeypatch.setattr("sys.argv", [module.__file__, *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(module.__file__), run_name="__main__")
        codes.append(ended.value.code)

    assert [0, 0] == codes


def test_new_events_follow_those_that_were_carried_over(tmp_path: Path) -> None:
    _, database = carry(tmp_path, (FIXTURES / "partial.json").read_text(encoding="utf-8"))
    with closing(sqlite3.connect(database)) as connection:
        last = connection.execute("SELECT max(id) FROM audit_events").fetchone()[0]
        connection.execute(
            "INSERT INTO audit_events (at, actor, action, detail) VALUES ('', '', '', '')"
        )

        assert (last + 1,) == connection.execute("SELECT max(id) FROM audit_events").fetchone()
