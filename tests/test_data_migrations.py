"""Data migrations that are code, run for real: one that is whole, and each way to break it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from gatekeeper import Need, NoOptions, Which
from gatekeeper.carrying.bench import Bench, Fixture
from gatekeeper.carrying.document import parsed
from gatekeeper.carrying.minutes import Blame, Minutes
from gatekeeper.carrying.place import Place
from gatekeeper.carrying.trial import tried
from gatekeeper.migrations.carried import DATA_PROOFS, DataProof, DataProofs, DataTrouble
from gatekeeper.migrations.image import image_of
from gatekeeper.migrations.migration import Chain, Dialect, Migration, Runner, Script
from gatekeeper.migrations.proofs import PROOFS, Proofs
from gatekeeper.reading.room import Room
from gatekeeper.terms import DataMigrationPlan
from gatekeeper.value import replace
from gatekeeper_rules.migrations.migration_fails import RULE as FAILS
from gatekeeper_rules.migrations.migration_irreversible import RULE as IRREVERSIBLE
from gatekeeper_rules.migrations.migration_irreversible import Options as Irreversible
from gatekeeper_rules.migrations.migration_loses_data import RULE as LOSES
from gatekeeper_rules.migrations.migration_unrepeatable import RULE as UNREPEATABLE
from gatekeeper_rules.migrations.migration_unrepeatable import Options as Unrepeatable
from tests.carrying import FILES, PLAN, SCHEMA, altered, contract_with, proof_of
from tests.cases import case_of, findings, with_readings

FORWARD, REVERSE = "tools/forward.py", "tools/reverse.py"
# Isolated and without site packages, Python starts in a third of the time.
PYTHON = f"{sys.executable} -IS"
QUICK = replace(
    PLAN,
    forward=f"{PYTHON} {FORWARD} {{in}} {{db}}",
    reverse=f"{PYTHON} {REVERSE} {{db}} {{out}}",
)


@pytest.fixture(scope="session")
def image() -> bytes:
    script = Script("migrations/0001_all.sql", SCHEMA)
    steps = (Migration("0001_all.sql", script),)
    return image_of(Chain(Runner.WRANGLER, "migrations", Dialect.D1, steps)).bytes


def trial_of(
    folder: Path, image: bytes, files: Mapping[str, str], *, disturbed: bool = True
) -> DataProof:
    """All experiments, in a plain folder: rooms are tried elsewhere."""
    tree, out, tmp = (folder / name for name in ("ground/tree", "out", "tmp"))
    for each in (tree, out, tmp):
        each.mkdir(parents=True)
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp)}
    bench = Bench(QUICK, image, lambda: Room(tree, out, tree, env, tuple(files), None))
    minutes = Minutes("coordinator", Blame(FORWARD, REVERSE, ("gatekeeper.yaml", 1)))
    content = files["tests/dump.json"].encode()
    tried(
        bench,
        [Fixture("tests/dump.json", content, parsed(content))],
        (),
        minutes,
        disturbed=disturbed,
    )
    return DataProof(
        "coordinator",
        QUICK.classes,
        ("gatekeeper.yaml", 1),
        minutes.failings,
        ("tests/dump.json",),
        minutes.told,
        tuple(minutes.open),
        bench.runs,
    )


def red(proof: DataProof) -> list[str]:
    """The rules that have a finding."""
    contract = contract_with()
    readings = {
        Need(PROOFS, Which.HEAD): Proofs(),
        Need(DATA_PROOFS, Which.HEAD): DataProofs((proof,)),
    }
    plain = with_readings(case_of({}, {}, NoOptions(), contract=contract), readings)
    back = with_readings(case_of({}, {}, Irreversible(), contract=contract), readings)
    twice = with_readings(case_of({}, {}, Unrepeatable(), contract=contract), readings)
    found = {
        "migration-fails": findings(FAILS, plain),
        "migration-loses-data": findings(LOSES, plain),
        "migration-irreversible": findings(IRREVERSIBLE, back),
        "migration-unrepeatable": findings(UNREPEATABLE, twice),
    }
    return [name for name, each in found.items() if each]


SWALLOWED = ("        export = json.load(file)\n", """\
        try:
            export = json.load(file)
        except ValueError:
            export = {}
""")  # fmt: skip
BY_ROW = ("    with database:\n", "    database.isolation_level = None\n    if True:\n")
ALREADY = (
    "    missing = []\n",
    (
        "    missing = []\n"
        "    if database.execute('SELECT 1 FROM workflows').fetchone():\n"
        "        return 0\n"
    ),
)

BROKEN = {
    "a field that is not carried": (
        "migration-loses-data",
        altered(FORWARD, ("row.get(name) for", "1 if name == 'attempts' else row.get(name) for")),
    ),
    "records without their parent are skipped": (
        "migration-loses-data",
        altered(
            FORWARD,
            ("                if set(row)", ("                if 'gone' in str(row): continue\n"
             "                if set(row)")),
        ),
    ),
    "a corrupt file passes for an empty one": (
        "migration-loses-data", altered(FORWARD, SWALLOWED)
    ),
    "keys that it does not know are dropped": (
        "migration-loses-data",
        altered(FORWARD, ("if set(row) - set(columns)", "if False")),
    ),
    "rows that the database refuses are dropped": (
        "migration-loses-data",
        altered(FORWARD, ("return 1 if missing else 0", "return 0"),
                ('    print("\\n".join(missing), file=sys.stderr, end="")\n', "")),
    ),
    "errors of the database are swallowed": (
        "migration-loses-data",
        altered(FORWARD, ("sys.exit(main(*sys.argv[1:]))", """\
try:
    sys.exit(main(*sys.argv[1:]))
except sqlite3.Error:
    pass""")),
    ),
    "what was there is deleted first": (
        "migration-loses-data",
        altered(FORWARD, ("    missing = []\n", """\
    missing = []
    with database:
        database.execute("DELETE FROM events")
""")),
    ),
    "a second run fails": (
        "migration-unrepeatable", altered(FORWARD, ("INSERT OR IGNORE", "INSERT"))
    ),
    "a second run counts up": (
        "migration-unrepeatable",
        altered(FORWARD, ("({marks})\"", ("({marks}) ON CONFLICT DO UPDATE SET \" + ("
                          "'attempts = attempts + 1' if table == 'workflows' else 'id = id')")),
                ("INSERT OR IGNORE", "INSERT"),
                ("query, values", "query.replace('attempts IS', 'attempts >='), values")),
    ),
    "rows are written one by one, and any row passes for all": (
        "migration-unrepeatable", altered(FORWARD, BY_ROW, ALREADY)
    ),
    "the way back drops events": (
        "migration-irreversible",
        altered(REVERSE, ("FROM {table} ORDER", "FROM {table} WHERE id NOT IN (3) ORDER")),
    ),
    "the way back writes numbers as text": (
        "migration-irreversible",
        altered(REVERSE, ("dict(zip(columns, row))", "dict(zip(columns, map(str, row)))")),
    ),
    "the way back fails": (
        "migration-irreversible", altered(REVERSE, ("export = {", "export = [][0] or {"))
    ),
    "forward fails": ("migration-fails", altered(FORWARD, ("timeout=0.1", "timeouts=0.1"))),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "files"), BROKEN.values(), ids=BROKEN)
def test_a_broken_tool_turns_exactly_its_rule_red(
    tmp_path: Path, image: bytes, rule: str, files: Mapping[str, str]
) -> None:
    # A tool whose forward is the whole one is disturbed in the test of that.
    proof = trial_of(tmp_path, image, files, disturbed=files[FORWARD] != FILES[FORWARD])

    assert [rule] == red(proof), [(each.trouble, each.says) for each in proof.failings]


def test_a_whole_tool_is_kept_by_every_rule_and_says_what_was_tried(
    tmp_path: Path, image: bytes
) -> None:
    proof = trial_of(tmp_path, image, FILES)

    assert ((), ()) == (proof.failings, proof.open)
    tried_ = dict(each.split(": ") for each in proof.tried)
    assert ("1", "1", "1") == (
        tried_["carried over a second time"],
        tried_["brought back"],
        tried_["carried over after the way back"],
    )
    assert int(tried_["partial or corrupt files"]) > 10
    assert int(tried_["killed and run again"]) > 0
    assert int(tried_["failures of the database"]) > 4
    assert [] == red(proof)


ORPHANS = SCHEMA.replace("workflow TEXT,", "workflow TEXT REFERENCES workflows(id),")


def test_rows_without_their_parents_are_not_what_d1_would_hold(tmp_path: Path) -> None:
    script = Script("migrations/0001_all.sql", ORPHANS)
    chain = Chain(Runner.WRANGLER, "", Dialect.D1, (Migration("0001_all.sql", script),))

    proof = trial_of(tmp_path, image_of(chain).bytes, FILES, disturbed=False)

    assert ["migration-fails"] == red(proof)


UNPROVEN = {
    "an empty fixture": ({**FILES, "tests/dump.json": ""}, PLAN, "holds nothing"),
    "a fixture without a record": (
        {**FILES, "tests/dump.json": '{"events": []}'}, PLAN, "holds nothing"
    ),
    "a fixture that is not there": (
        {path: text for path, text in FILES.items() if path != "tests/dump.json"},
        PLAN,
        "there is no fixture tests/dump.json",
    ),
    "no fixture at all": (FILES, replace(PLAN, fixtures=()), "there is no fixture that holds"),
    "a command that takes no file": (
        FILES, replace(PLAN, forward="python tools/forward.py {db}"), "does not name {in}"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "plan", "says"), UNPROVEN.values(), ids=UNPROVEN)
def test_what_cannot_be_run_on_anything_is_unproven(
    files: Mapping[str, str], plan: DataMigrationPlan, says: str
) -> None:
    proof = proof_of(files, plan)

    assert any(says in each for each in proof.open), proof.open
    assert () == proof.failings


def test_the_fixture_of_the_base_counts_where_the_change_has_emptied_it() -> None:
    """One real run in rooms: the change has thinned out the fixture that its tool fails on."""
    thin = {**altered(FORWARD, ("row.get(name) for", "row[name][:] for")), "tests/dump.json": "[]"}

    proof = proof_of(thin, base={"tests/dump.json": FILES["tests/dump.json"]})

    assert ("tests/dump.json", "tests/dump.json (as the base has it)") == proof.fixtures
    assert [DataTrouble.FORWARD_FAILS] == [each.trouble for each in proof.failings]


def test_an_input_that_was_turned_into_a_link_or_a_pipe_neither_hangs_nor_is_written_through(
    tmp_path: Path,
) -> None:
    kept, out = tmp_path / "kept", tmp_path / "out"
    kept.write_text("mine", encoding="utf-8")
    out.mkdir()
    place = Place(Room(tmp_path, out, tmp_path, {}, (), None), "dump.json", {"": b""})

    place.run("rm {in}; ln -s ../../kept {in}", b"one")
    place.run("rm {in}; mkfifo {in}", b"two")
    last = place.run("cat {in}", b"three")

    assert ("mine", True) == (kept.read_text(encoding="utf-8"), "three" in last.says)
