"""durable-object-used on Rust, and on JSON and YAML that is none of wrangler's."""

from __future__ import annotations

import time

import pytest

from gatekeeper import Doubt, Finding, Observation, Snapshot
from gatekeeper.value import replace
from gatekeeper_rules.code import _durable_objects_in_documents as documents
from gatekeeper_rules.code import _durable_objects_in_rust as rust
from gatekeeper_rules.code.durable_object_used import RULE, Options
from tests.cases import case_of, doubts, places

USES = "use worker::*;\n"
RUST = {
    "the attribute": ("#[durable_object]", [1]),
    "the attribute with a path": ("#[worker::durable_object(fetch)]", [1]),
    "a raw name": ("#[r#durable_object]", [1]),
    "the trait": ("impl DurableObject for Room {}", [1]),
    "behind a character that is a quotation mark": ("let q = '\"'; type T = DurableObject;", [1]),
    "behind a lifetime": ("fn f<'a>(x: &'a str, y: DurableObject) {}", [1]),
    "behind a comment in a comment": ("/* /* */ */ type T = DurableObject;", [1]),
    "behind a raw string": ('let a = br##"" "# "##; type T = DurableObject;', [1]),
    "a call where the crate is named": (USES + "ns.id_from_name(1); s.set_alarm(2);", [2, 2]),
    "a call where the crate is not named": ("clock.set_alarm(2);", []),
    "a comment, nested": ("/* /* */ DurableObject */ // DurableObject", []),
    "strings": (r'"DurableObject \" DurableObject"; r"DurableObject"; b"DurableObject";', []),
    "a type of its own": ("struct DurableObject; impl DurableObject {}", []),
    "a variable": ("let durable_object = 1; f(durable_object + 1);", []),
}


def seen(files: dict[str, str | bytes]) -> list[Observation]:
    snapshot = Snapshot.of("head", files)
    return [*rust.observations(snapshot), *documents.observations(snapshot)]


def found(files: dict[str, str | bytes]) -> list[tuple[str, int | None]]:
    return [(each.path, each.line) for each in seen(files) if isinstance(each, Finding)]


@pytest.mark.parametrize("form", RUST)
def test_rust_is_read_as_it_is_written(form: str) -> None:
    text, expected = RUST[form]

    assert [("src/lib.rs", line) for line in expected] == found({"src/lib.rs": text})


def test_rust_that_cannot_be_read_to_its_end_is_doubted_where_it_says_one() -> None:
    files: dict[str, str | bytes] = {
        "a.rs": "fn f() {}\n/* #[durable_object]",
        "b.rs": 'fn f() {}\n\nlet x = r#"#[durable_object]";',
        "c.rs": 'let x = "#[durable_object]',
        "d.rs": b"// \xff\n#[durable_object]",
        "e.rs": "/* nothing",
    }

    doubts = [(each.path, each.line) for each in seen(files) if isinstance(each, Doubt)]

    assert [("a.rs", 2), ("b.rs", 3), ("c.rs", 1), ("d.rs", 1)] == doubts


@pytest.mark.parametrize("piece", ["/*", "*/ /* ", 'r#"', "'", '"\\', "'\\u{", "r#", "br", '""'])
def test_hostile_rust_costs_linear_time(piece: str) -> None:
    text = "durable_object " + piece * (120_000 // len(piece))
    started = time.process_time()

    seen({"a.rs": text})

    assert time.process_time() - started < 5


def test_documents_that_say_a_binding_on_every_line_cost_linear_time() -> None:
    line = "- type: durable_object_namespace\n"
    text = line * (300_000 // len(line))
    started = time.process_time()

    count = len(found({"a.yaml": text}))

    assert count == text.count("\n")
    assert time.process_time() - started < 5


DOCUMENTS = {
    "a key and its value on two lines": (
        "metadata.json",
        '{"bindings": [{"type":\n "durable_object_namespace"}]}',
        [1],
    ),
    "what is no type": ("list.json", '["durable_object_namespace", "d1"]', []),
    "classes beside no such type": ("a.json", '{"new_sqlite_classes": ["A"]}', []),
    "no classes": ("Pulumi.yaml", "newClasses: []\nnewSqliteClasses: null\n", []),
    "classes of Pulumi": ("infra/Pulumi.dev.yml", "newClasses:\n  - A\n", [1]),
    "a comment": ("a.yml", "  # type: durable_object_namespace\n", []),
    "PartyKit's parties": ("partykit.json", '{"name": "a",\n "parties": {"b": "b.ts"}}', [2]),
    "wrangler's own, which is read as such": (
        "wrangler.json",
        '{"unsafe": {"bindings": [{"type": "durable_object_namespace"}]}}',
        [],
    ),
}


@pytest.mark.parametrize("form", DOCUMENTS)
def test_documents_are_read_for_what_is_uploaded(form: str) -> None:
    path, text, expected = DOCUMENTS[form]

    assert [(path, line) for line in expected] == found({path: text})


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/lib.rs", "#[durable_object]", True),
        ("infra/Pulumi.yaml", "type: durable_object_namespace", True),
        ("partykit.json", '{"main": "a.ts"}', True),
        ("src/lib.rs", "fn main() {}", False),
        ("docs/api.yaml", "type: object", False),
    ],
)
def test_a_preview_looks_at_what_can_say_one(path: str, text: str, *, expected: bool) -> None:
    assert RULE.concerns is not None

    assert expected == RULE.concerns(case_of({}, {path: text}, Options()))


WORKER = (
    'name = "rooms"\nmain = "src/entry.py"\n[[migrations]]\ntag = "v1"\nnew_classes = ["Hall"]\n'
)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("src/entry.py", "class A(make()):\n    pass\n", True),
        ("src/rooms.py", "class Hall:\n    pass\n", True),
        ("src/rooms.py", "class Invoice:\n    pass\n", False),
    ],
)
def test_a_preview_looks_at_the_classes_of_a_python_worker(
    path: str, text: str, *, expected: bool
) -> None:
    before = {"wrangler.toml": WORKER, "src/entry.py": "import rooms\n"}
    case = case_of(before, {**before, path: text}, Options())

    assert RULE.concerns is not None
    assert RULE.watch is not None
    assert expected == RULE.concerns(case)


def test_an_entrypoint_that_cannot_be_read_is_doubted() -> None:
    files = {"wrangler.toml": 'main = "src/entry.py"\n', "src/entry.py": "class A(:\n"}

    reason = "what it exports cannot be read: it is not Python: invalid syntax"
    assert (f"src/entry.py:1: {reason}",) == doubts(RULE, case_of({}, files, Options()))


def test_a_preview_says_of_other_files_nothing() -> None:
    files = {
        "src/lib.rs": "#[durable_object]",
        "main.tf": 'type = "durable_object_namespace"\n',
        "a.yaml": "type: durable_object_namespace\n",
    }
    staged = {"b.yaml": "- type: durable_object_namespace\n", "b.tf": "durable_object {\n}\n"}
    case = replace(case_of(files, {**files, **staged}, Options()), focus=frozenset(staged))

    assert ("head b.tf:1", "head b.yaml:1") == tuple(sorted(places(RULE, case)))


CHAINS = {
    "of Durable Objects": ("from workers import DurableObject\n", "DurableObject", 3_001),
    "of classes that nobody can follow": ("import acme\n", "acme.make()", 3_000),
    "of plain classes": ("import workers\n", "object", 0),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_classes_that_extend_each_other_by_the_thousand_cost_linear_time(chain: str) -> None:
    taken, first, expected = CHAINS[chain]
    classes = "".join(f"class A{n + 1}(A{n}):\n    pass\n" for n in range(2_999))
    text = f"{taken}class A0({first}):\n    pass\n{classes}"
    files = {"wrangler.toml": 'main = "entry.py"\n', "entry.py": text}
    started = time.process_time()

    count = len(places(RULE, case_of({}, files, Options())))

    assert expected == count
    assert time.process_time() - started < 20


KEPT_CLASSES = {
    "of classes that are decorated": {
        "entry.py": (
            "from dataclasses import dataclass\nimport acme\nfrom models import Model\n"
            "@acme.traced('x')\nclass A(Model):\n    pass\n"
            "@dataclass\nclass B(A):\n    pass\nclass C(B):\n    pass\n"
        ),
        "models.py": "import acme\n@acme.table\nclass Model:\n    pass\n",
    },
    "of the platform's, of whose SDK the tree has a copy": {
        "entry.py": "from workers import WorkerEntrypoint\nclass A(WorkerEntrypoint):\n    pass\n",
        "sdk/workers/__init__.py": "import acme\nWorkerEntrypoint = acme.make()\n",
    },
    "of factories that are called by other factories": {
        "entry.py": (
            "from models import made\ndef mine(base):\n    return made(base)\n"
            "class A(mine(object)):\n    pass\nBase = made(Exception)\nclass B(Base):\n    pass\n"
        ),
        "models.py": "def made(base):\n    class Inner(base):\n        pass\n    return Inner\n",
    },
}


@pytest.mark.parametrize("form", KEPT_CLASSES)
def test_python_classes_are_kept(form: str) -> None:
    files = {"wrangler.toml": 'main = "entry.py"\n', **KEPT_CLASSES[form]}

    assert () == places(RULE, case_of({}, files, Options()))
