"""Data migrations that are code, run for real: one that is whole, and each way to break it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from gatekeeper import Need, NoOptions, Which
from gatekeeper.carrying.bench import Bench, Fixture
from gatekeeper.carrying.dice import Dice
from gatekeeper.carrying.document import Json, parsed
from gatekeeper.carrying.minutes import Blame, Minutes
from gatekeeper.carrying.place import Place
from gatekeeper.carrying.read_back import read_back
from gatekeeper.carrying.there_and_back import carried_once
from gatekeeper.carrying.trial import Part, tried
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


def parsed_or_none(content: bytes) -> Json:
    try:
        return parsed(content)
    except ValueError:
        return None


def trial_of(
    folder: Path, image: bytes, files: Mapping[str, str], parts: Collection[Part] = tuple(Part)
) -> DataProof:
    """The experiments, in a plain folder: rooms are tried elsewhere."""
    bench, minutes = bench_of(folder, image, files)
    tried(bench, [fixture_of(files)], (), minutes, parts=parts)
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


def bench_of(folder: Path, image: bytes, files: Mapping[str, str]) -> tuple[Bench, Minutes]:
    tree, out, tmp = (folder / name for name in ("ground/tree", "out", "tmp"))
    for each in (tree, out, tmp):
        each.mkdir(parents=True)
    for path, text in files.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp)}
    bench = Bench(QUICK, image, lambda: Room(tree, out, tree, env, tuple(files), None))
    return bench, Minutes("coordinator", Blame(FORWARD, REVERSE, ("gatekeeper.yaml", 1)))


def fixture_of(files: Mapping[str, str]) -> Fixture:
    content = files["tests/dump.json"].encode()
    return Fixture("tests/dump.json", content, parsed_or_none(content))


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


SHOWN_BY = {
    "records without their parent are skipped": Part.PARTIAL,
    "a corrupt file passes for an empty one": Part.PARTIAL,
    "keys that it does not know are dropped": Part.PARTIAL,
    "rows that the database refuses are dropped": Part.PARTIAL,
    "errors of the database are swallowed": Part.REFUSED,
    "what was there is deleted first": Part.REFUSED,
    "rows are written one by one, and any row passes for all": Part.KILLED,
}
"""Which experiment shows it; the others are shown by the fixture as it is."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_tool_turns_exactly_its_rule_red(tmp_path: Path, image: bytes, name: str) -> None:
    rule, files = BROKEN[name]
    parts = [SHOWN_BY[name]] if name in SHOWN_BY else []

    proof = trial_of(tmp_path, image, files, parts)

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

    proof = trial_of(tmp_path, image_of(chain).bytes, FILES, ())

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


VALUES = "values = [row.get(name) for name in columns]"
SET_ASIDE = ("    missing = []\n", """\
    missing = []
    with database:
        database.execute("CREATE TABLE IF NOT EXISTS aside (id PRIMARY KEY, export)")
        database.execute("INSERT OR REPLACE INTO aside VALUES (1, ?)", (json.dumps(export),))
""")  # fmt: skip
FROM_ASIDE = """\
import sqlite3, sys
((export,),) = sqlite3.connect(sys.argv[1]).execute("SELECT export FROM aside")
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(export)
"""
IN_ONE_TEXT = {
    FORWARD: """\
import sqlite3, sys
with sqlite3.connect(sys.argv[2]) as database:
    database.execute("CREATE TABLE aside (export)")
    text = open(sys.argv[1]).read().encode().hex()
    database.execute("INSERT INTO aside VALUES (?)", (text,))
""",
    REVERSE: """\
import sqlite3, sys
((text,),) = sqlite3.connect(sys.argv[1]).execute("SELECT export FROM aside")
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write(bytes.fromhex(text).decode())
""",
}
UNTRIED = {
    "it fails though it ended well before": {**FILES, REVERSE: "raise SystemExit(1)"},
    "the tables hold no value of the file": {**FILES, **IN_ONE_TEXT},
}


@pytest.mark.parametrize("files", UNTRIED.values(), ids=UNTRIED)
def test_a_way_back_that_is_not_tried_on_what_was_written_since_is_open(
    tmp_path: Path, image: bytes, files: Mapping[str, str]
) -> None:
    bench, minutes = bench_of(tmp_path, image, files)
    clean = carried_once(bench, fixture_of(files), minutes)
    assert clean is not None
    before = tuple(minutes.open)

    read_back(bench, clean, minutes, Dice(1))

    (says,) = minutes.open[len(before) :]
    assert "was not tried on a database that was written to since" in says


IDS = "('wf-1', 'wf-2', 1, 2, 3)"
UNKNOWN_ID = f"                if row.get('id') not in {IDS}:\n                    "
CHECK = "                if set(row)"
TRIGGER = ("    missing = []\n", """\
    missing = []
    database.execute('''CREATE TRIGGER IF NOT EXISTS later AFTER UPDATE ON events
                        BEGIN DELETE FROM events WHERE id = NEW.id; END''')
""")  # fmt: skip


def cut(how: str) -> Mapping[str, str]:
    """A tool that does not carry texts as they are."""
    values = f"values = [{how} if isinstance(row.get(n), str) else row.get(n) for n in columns]"
    return altered(FORWARD, (VALUES, values))


SEEN_BY_OTHERS = {
    "records beyond those of the fixture are dropped": (
        "migration-loses-data", altered(FORWARD, ("export.get(table, [])", "export[table][:3]"))
    ),
    "ids that no fixture holds are dropped": (
        "migration-loses-data", altered(FORWARD, (CHECK, f"{UNKNOWN_ID}continue\n{CHECK}"))
    ),
    "rows that no dump holds are deleted": (
        "migration-loses-data",
        altered(FORWARD, ("            for row in export", ("            database.execute("
                          "f'DELETE FROM {table}')\n            for row in export"))),
    ),
    "long texts are cut": ("migration-loses-data", cut("row.get(n)[:200]")),
    "blanks at the ends are cut": ("migration-loses-data", cut("row.get(n).strip()")),
    "letters beyond ASCII are dropped": (
        "migration-loses-data", cut("row.get(n).encode('ascii', 'ignore').decode()")
    ),
    "a copy of the dump is all that arrives": (
        "migration-loses-data",
        {**altered(FORWARD, SET_ASIDE, ("export.get(table, [])", "[]")), REVERSE: FROM_ASIDE},
    ),
    "the way back reads a copy that was put aside": (
        "migration-irreversible", {**altered(FORWARD, SET_ASIDE), REVERSE: FROM_ASIDE}
    ),
    "the way back copies the fixture of the checkout": (
        "migration-irreversible",
        altered(REVERSE, ("json.dump(export, file)", "file.write(open('tests/dump.json').read())")),
    ),
    "the way back knows the ids of the fixture": (
        "migration-irreversible", altered(REVERSE, ("ORDER", f"WHERE id IN {IDS} ORDER"))
    ),
    "a trigger is left behind": ("migration-fails", altered(FORWARD, TRIGGER)),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "files"), SEEN_BY_OTHERS.values(), ids=SEEN_BY_OTHERS)
def test_what_goes_well_with_the_fixture_alone_is_broken(
    tmp_path: Path, image: bytes, rule: str, files: Mapping[str, str]
) -> None:
    proof = trial_of(tmp_path, image, files, [Part.UNLIKE])

    assert [rule] == red(proof), [(each.trouble, each.says) for each in proof.failings]


BY_HEART = {
    "its rows are known by heart": (
        ("TABLES = ", f"KNOWN = json.loads('''{FILES['tests/dump.json']}''')\nTABLES = "),
        (CHECK, (f"                if row not in KNOWN[table]:\n"
                f"                    raise SystemExit('invalid')\n{CHECK}")),
    ),
    "its ids are known by heart": ((CHECK, f"{UNKNOWN_ID}raise SystemExit('invalid')\n{CHECK}"),),
}  # fmt: skip


@pytest.mark.parametrize("changes", BY_HEART.values(), ids=BY_HEART)
def test_a_tool_that_refuses_all_but_its_fixture_is_unproven(
    tmp_path: Path, image: bytes, changes: tuple[tuple[str, str], ...]
) -> None:
    proof = trial_of(tmp_path, image, altered(FORWARD, *changes), [Part.UNLIKE])

    assert ([], True) == (red(proof), bool(proof.open)), proof.failings


DROPS = (
    ("if set(row) - set(columns)", "if False"),
    ("return 1 if missing else 0", "return 0"),
    ('    print("\\n".join(missing), file=sys.stderr, end="")\n', ""),
)
NOISE = {
    "a count and its process": "sum(map(len, export.values())), __import__('os').getpid()",
    "a digest of the dump": "__import__('hashlib').md5(repr(export).encode()).hexdigest()",
    "the dump itself": "export",
}


@pytest.mark.parametrize("printed", NOISE.values(), ids=NOISE)
def test_a_tool_that_always_says_something_reports_nothing_by_that(
    tmp_path: Path, image: bytes, printed: str
) -> None:
    talks = ("    database =", f"    print({printed}, file=sys.stderr)\n    database =")

    parts = (Part.UNLIKE, Part.PARTIAL)

    proof = trial_of(tmp_path, image, altered(FORWARD, *DROPS, talks), parts)

    assert DataTrouble.DROPPED_SILENTLY in {each.trouble for each in proof.failings}


VALIDATED_FIRST = """\
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA journal_mode = MEMORY")
    if database.execute("SELECT 1 FROM workflows").fetchone():
        return 0
    database.isolation_level = None
    rows = [(t, [r.get(c) for c in TABLES[t]]) for t in TABLES for r in export.get(t, [])]
    trial = sqlite3.connect(":memory:")
    database.backup(trial)
    for target in (trial, database):
        try:
            for table, row in rows:
                marks = ", ".join("?" for _ in row)
                target.execute(f"INSERT INTO {table} VALUES ({marks})", row)
                time.sleep(0.0005)
        except sqlite3.Error:
            for table in TABLES:
                target.execute(f"DELETE FROM {table}")
            raise
    return 0
"""


def test_what_only_a_kill_between_two_quick_writes_can_show_is_found(
    tmp_path: Path, image: bytes
) -> None:
    files = altered(
        FORWARD,
        ("    missing = []\n", VALIDATED_FIRST),
        ("import sys\n", "import sys\nimport time\n"),
    )

    proof = trial_of(tmp_path, image, files, [Part.UNLIKE, Part.KILLED])

    killed = [each for each in proof.failings if each.trouble is DataTrouble.NOT_RESUMABLE]
    assert ["after a kill"] == [each.subject for each in killed]


WHOLE = "open(sys.argv[1], encoding='utf-8').read()"
AS_ONE_TEXT = f"""\
import sqlite3, sys
with sqlite3.connect(sys.argv[2], timeout=0.1) as database:
    database.execute("INSERT OR IGNORE INTO workflows VALUES ('all', ?, 1)", ({WHOLE},))
"""
AS_IT_WAS = """\
import sqlite3, sys
((text,),) = sqlite3.connect(sys.argv[1]).execute("SELECT title FROM workflows")
open(sys.argv[2], "w", encoding="utf-8").write(text)
"""
NO_JSON = {
    "a mark before it": "\ufeff" + FILES["tests/dump.json"],
    "a key that is there twice": '{"events": [{"id": 1}], "events": []}',
}


@pytest.mark.parametrize("text", NO_JSON.values(), ids=NO_JSON)
def test_a_fixture_called_json_whose_values_cannot_be_told_is_unproven(
    tmp_path: Path, image: bytes, text: str
) -> None:
    files = {**FILES, "tests/dump.json": text, FORWARD: AS_ONE_TEXT, REVERSE: AS_IT_WAS}

    proof = trial_of(tmp_path, image, files, [Part.UNLIKE])

    assert ((), True) == (proof.failings, "is no JSON" in "".join(proof.open))


def test_numbers_texts_and_keys_at_the_edge_of_what_can_be_are_carried_like_others(
    tmp_path: Path, image: bytes
) -> None:
    """Values that no cell or no JSON can hold are refused, and nothing breaks over them."""
    odd = FILES["tests/dump.json"].replace('"attempts": 1}', '"attempts": 9223372036854775807}', 1)
    odd = odd.replace('"Refunds"', '"9999-12-31T23:59:60Z"').replace('"queued"', '"[0]"')

    proof = trial_of(tmp_path, image, {**FILES, "tests/dump.json": odd}, [Part.UNLIKE])

    assert ((), ()) == (proof.failings, proof.open)
