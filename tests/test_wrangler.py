"""Wrangler configuration: what each environment comes to, and which files hold it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Snapshot, Unreadable
from gatekeeper.source.located import Span
from gatekeeper.source.wrangler import WRANGLER, is_wrangler
from gatekeeper.source.wrangler_files import configurations, may_configure
from gatekeeper.source.wrangler_lifecycle import trail
from gatekeeper.source.wrangler_terms import (
    Configuration,
    Environment,
    ExportState,
    ExportType,
    Text,
)
from gatekeeper.value import replace

LINK = "120000"
SUBMODULE = "160000"


def read(text: str | object, path: str = "wrangler.jsonc") -> Configuration:
    content = text if isinstance(text, str) else json.dumps(text)
    return WRANGLER.read(content.encode(), path)


def environment(text: str | object, where: str = "", path: str = "wrangler.jsonc") -> Environment:
    (found,) = (each for each in read(text, path).environments if each.where == where)
    return found


def values(texts: Iterable[Text | None]) -> list[str | None]:
    return [text.value if text else None for text in texts]


def flaws(text: str | object) -> list[tuple[str, str]]:
    return [(flaw.area, flaw.reason) for flaw in read(text).flaws]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("wrangler.toml", True),
        ("apps/api/wrangler.jsonc", True),
        ("wrangler.json", True),
        ("wrangler.production.toml", True),
        ("worker-b.wrangler.json", True),
        ("wrangler_external.jsonc", True),
        ("Wrangler.TOML", True),
        ("wrangler.md", False),
        ("wrangler/settings.toml", False),
        ("wrangler.toml.bak", False),
        ("package.json", False),
    ],
)
def test_a_configuration_is_known_by_its_name(path: str, expected: bool) -> None:
    assert expected == is_wrangler(path)


BINDING = {"name": "ROOM", "class_name": "Room"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[[durable_objects.bindings]]\nname="ROOM"\nclass_name="Room"', id="array"),
        pytest.param(
            '[durable_objects]\nbindings = [\n {name="ROOM", class_name="Room"},\n]', id="table"
        ),
        pytest.param(
            'durable_objects.bindings = [{name="ROOM", class_name="Room"}]', id="dotted key"
        ),
        pytest.param(
            'durable_objects = {bindings = [{name="ROOM", class_name="Room"}]}', id="inline"
        ),
        pytest.param('[[durable_objects.classes]]\nname="ROOM"\nclass_name="Room"', id="classes"),
        pytest.param(
            '["durable\\u005fobjects"]\nbindings = [{name="ROOM", class_name="Room"}]', id="escaped"
        ),
    ],
)
def test_toml_has_many_ways_to_bind_a_durable_object(text: str) -> None:
    (binding,) = environment(text, path="wrangler.toml").durable_objects

    assert ["ROOM", "Room"] == values((binding.name, binding.class_name))


def test_a_binding_says_where_its_class_name_stands() -> None:
    text = '{\n "durable\\u005fobjects": {"bindings": [\n  {"name": "A",\n   "class_name": "B"}]}}'
    (binding,) = environment(text).durable_objects

    assert Text("B", Span(4, 18, 4)) == binding.class_name
    assert Span(3, 3, 4) == binding.span


def test_the_owner_of_a_class_may_be_another_worker() -> None:
    (binding,) = environment(
        {"durable_objects": {"bindings": [{**BINDING, "script_name": "other"}]}}
    ).durable_objects

    assert binding.script
    assert "other" == binding.script.value


def test_an_unsafe_binding_can_be_one_of_a_durable_object() -> None:
    bindings = [
        {"name": "A", "type": "durable_object_namespace", "class_name": "B"},
        {"name": "C", "type": "plain_text", "text": "durable_object_namespace"},
    ]
    found = environment({"unsafe": {"bindings": bindings}}).durable_objects

    assert [("unsafe.bindings", "A")] == [(each.where, str(each.name)) for each in found]


def test_unsafe_metadata_is_looked_into() -> None:
    binding = {"name": "A", "type": "durable_object_namespace", "class_name": "B"}
    text = {"unsafe": {"metadata": {"bindings": [binding]}}}

    assert ["A"] == values(each.name for each in environment(text).durable_objects)
    assert [
        (
            "unsafe",
            "`unsafe.metadata.bindings` replaces what the rest of the configuration says",
        )
    ] == flaws(text)


def test_an_update_strategy_alone_binds_nothing() -> None:
    settings = {"durable_objects": {"code_update_strategy": {"mode": "deferred"}}}

    assert () == environment(settings).durable_objects
    assert [] == flaws(settings)


FULL = {
    "name": "agents",
    "main": "src/entry.py",
    "compatibility_date": "2026-01-01",
    "compatibility_flags": ["python_workers"],
    "migrations": [{"tag": "v1", "new_sqlite_classes": ["Room"]}],
    "exports": {"Main": {"type": "worker"}},
    "durable_objects": {"bindings": [BINDING]},
    "containers": [{"name": "box", "class_name": "Box", "image": "./Dockerfile"}],
    "workflows": [{"binding": "FLOW", "name": "flow", "class_name": "Flow", "script_name": "x"}],
    "d1_databases": [
        {
            "binding": "DB",
            "database_name": "db",
            "database_id": "1",
            "migrations_dir": "sql",
            "migrations_table": "done",
            "migrations_pattern": "sql/*.up.sql",
        }
    ],
    "services": [{"binding": "GITHUB", "service": "github"}],
    "r2_buckets": [{"binding": "ARTIFACTS", "bucket_name": "artifacts"}],
    "kv_namespaces": [{"binding": "CACHE", "id": "abc"}],
}


def test_the_top_level_is_read_whole() -> None:
    top = environment(FULL)
    (database,) = top.databases
    (workflow,) = top.workflows

    assert ("agents", "src/entry.py", "2026-01-01", ["python_workers"]) == (
        top.name,
        str(top.main),
        str(top.compatibility_date),
        values(top.compatibility_flags),
    )
    assert ["DB", "db", "1", "sql", "done", "sql/*.up.sql"] == values(
        (
            database.binding,
            database.name,
            database.id,
            database.migrations_dir,
            database.migrations_table,
            database.migrations_pattern,
        )
    )
    assert ["FLOW", "flow", "Flow", "x"] == values(
        (workflow.binding, workflow.name, workflow.class_name, workflow.script)
    )
    assert [("GITHUB", "github"), ("ARTIFACTS", "artifacts"), ("CACHE", "abc")] == [
        (str(each.binding), str(each.target))
        for each in (*top.services, *top.buckets, *top.namespaces)
    ]
    assert [("box", "Box")] == [(str(each.name), str(each.class_name)) for each in top.containers]


def test_an_environment_inherits_what_wrangler_lets_it_and_no_binding() -> None:
    top, staging = read({**FULL, "env": {"staging": {}}}).environments

    assert staging.migrations is top.migrations
    assert staging.exports is top.exports
    assert ("agents-staging", top.main, top.compatibility_date, top.compatibility_flags) == (
        staging.name,
        staging.main,
        staging.compatibility_date,
        staging.compatibility_flags,
    )
    assert [()] * 7 == [
        staging.durable_objects,
        staging.containers,
        staging.workflows,
        staging.databases,
        staging.services,
        staging.buckets,
        staging.namespaces,
    ]


def test_an_environment_overrides_what_it_inherits() -> None:
    own = {"name": "own", "main": "b.py", "compatibility_flags": [], "migrations": []}
    staging = environment({**FULL, "env": {"staging": own}}, "env.staging")

    assert ("own", "b.py", (), "env.staging.migrations", ()) == (
        staging.name,
        str(staging.main),
        staging.compatibility_flags,
        staging.migrations.where,
        staging.migrations.entries,
    )


def test_null_is_as_good_as_absent() -> None:
    text = {**FULL, "env": {"staging": {"migrations": None, "main": None}}, "previews": None}
    top, staging = environment(text), environment(text, "env.staging")

    assert (top.migrations, top.main) == (staging.migrations, staging.main)
    assert [] == flaws(text)


def test_previews_have_bindings_of_their_own_and_the_rest_of_their_owner() -> None:
    text = {
        **FULL,
        "previews": {"kv_namespaces": [{"binding": "P", "id": "1"}]},
        "env": {"staging": {"previews": {"durable_objects": {"bindings": [BINDING]}}}},
    }
    wheres = [each.where for each in read(text).environments]
    previews = environment(text, "previews")

    assert ["", "previews", "env.staging", "env.staging.previews"] == wheres
    assert ("agents", (), ["P"]) == (
        previews.name,
        previews.durable_objects,
        values(each.binding for each in previews.namespaces),
    )
    assert ["env.staging.previews.durable_objects"] == [
        each.where for each in environment(text, "env.staging.previews").durable_objects
    ]


def net(*entries: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """The class names that live, and those that are gone."""
    tagged = [{"tag": f"v{number}", **entry} for number, entry in enumerate(entries, 1)]
    migrations = environment({"migrations": tagged}).migrations
    return sorted(migrations.live), sorted(migrations.gone)


@pytest.mark.parametrize(
    ("entries", "live", "gone"),
    [
        pytest.param([{"new_classes": ["A"]}], ["A"], [], id="created"),
        pytest.param([{"new_sqlite_classes": ["A"]}], ["A"], [], id="created on SQLite"),
        pytest.param(
            [{"new_classes": ["A", "B"]}, {"deleted_classes": ["A"]}], ["B"], ["A"], id="deleted"
        ),
        pytest.param(
            [{"new_classes": ["A"]}, {"renamed_classes": [{"from": "A", "to": "B"}]}],
            ["B"],
            ["A"],
            id="renamed",
        ),
        pytest.param(
            [
                {"new_classes": ["A"]},
                {"renamed_classes": [{"from": "A", "to": "B"}]},
                {"deleted_classes": ["B"]},
            ],
            [],
            ["A", "B"],
            id="renamed and deleted",
        ),
        pytest.param(
            [
                {"new_classes": ["A"]},
                {"renamed_classes": [{"from": "A", "to": "B"}]},
                {"deleted_classes": ["A"]},
            ],
            ["B"],
            ["A"],
            id="deleted under the name it had before",
        ),
        pytest.param(
            [{"transferred_classes": [{"from": "A", "from_script": "x", "to": "B"}]}],
            ["B"],
            [],
            id="transferred in",
        ),
        pytest.param([{"deleted_classes": ["A"]}], [], ["A"], id="deleted and never created"),
        pytest.param(
            [{"renamed_classes": [{"from": "A", "to": "B"}]}],
            ["B"],
            ["A"],
            id="renamed and never created",
        ),
        pytest.param(
            [{"new_classes": ["A"], "deleted_classes": ["A"]}],
            ["A"],
            [],
            id="within one entry deletion comes first",
        ),
        pytest.param(
            [{"new_classes": ["A"]}, {"deleted_classes": ["A"]}, {"new_classes": ["A"]}],
            ["A"],
            [],
            id="created again",
        ),
        pytest.param(
            [
                {"new_classes": ["A"]},
                {"renamed_classes": [{"from": "A", "to": "B"}], "new_classes": ["A"]},
            ],
            ["A", "B"],
            [],
            id="another class under the old name",
        ),
    ],
)
def test_migrations_come_to(
    entries: list[Mapping[str, object]], live: list[str], gone: list[str]
) -> None:
    assert (live, gone) == net(*entries)


names = st.lists(st.sampled_from("ABC"), max_size=3)
entries_drawn = st.lists(
    st.fixed_dictionaries(
        {
            "new_classes": names,
            "deleted_classes": names,
            "renamed_classes": st.lists(
                st.fixed_dictionaries(
                    {"from": st.sampled_from("ABC"), "to": st.sampled_from("ABC")}
                ),
                max_size=2,
            ),
        }
    ),
    max_size=4,
)


@given(entries_drawn)
def test_no_class_is_both_alive_and_gone(entries: list[Mapping[str, object]]) -> None:
    live, gone = net(*entries)

    assert set() == set(live) & set(gone)


@given(entries_drawn)
def test_deleting_all_that_lives_leaves_nothing(entries: list[Mapping[str, object]]) -> None:
    live, _ = net(*entries)

    assert [] == net(*entries, {"deleted_classes": live})[0]


def test_a_class_remembers_the_way_to_its_name() -> None:
    text = {
        "migrations": [
            {"tag": "v1", "new_classes": ["A"]},
            {"tag": "v2", "renamed_classes": [{"from": "A", "to": "B"}]},
            {"tag": "v3", "renamed_classes": [{"from": "B", "to": "C"}]},
        ]
    }
    step = environment(text).migrations.live["C"]

    assert ("A", "B", "C") == trail(step, lambda each: each.name.value)
    assert ("B", "C") == trail(step, lambda each: each.name.value, limit=2)


def test_exports_are_read_with_their_state() -> None:
    text = {
        "exports": {
            "A": {"type": "durable-object", "storage": "sqlite", "container": "box"},
            "B": {"type": "durable-object", "state": "created", "storage": "legacy-kv"},
            "C": {"type": "durable-object", "state": "deleted"},
            "D": {"type": "durable-object", "state": "renamed", "renamed_to": "A"},
            "E": {"type": "durable-object", "state": "transferred", "transferred_to": "other"},
            "F": {
                "type": "durable-object",
                "state": "expecting-transfer",
                "storage": "sqlite",
                "transfer_from": "source",
            },
            "G": {"type": "worker"},
            "H": {"type": "workflow", "name": "flow"},
        }
    }
    exports = environment(text).exports

    assert [] == flaws(text)
    assert [
        ("A", ExportState.CREATED, None),
        ("B", ExportState.CREATED, None),
        ("C", ExportState.DELETED, None),
        ("D", ExportState.RENAMED, "A"),
        ("E", ExportState.TRANSFERRED, "other"),
        ("F", ExportState.EXPECTING_TRANSFER, "source"),
    ] == [
        (name, each.state, each.other and each.other.value)
        for name, each in exports.classes.items()
    ]
    assert [(ExportType.WORKER, None), (ExportType.WORKFLOW, "flow")] == [
        (each.type, each.workflow and each.workflow.value) for each in exports.entries[-2:]
    ]


@pytest.mark.parametrize(
    ("text", "area", "reason"),
    [
        pytest.param(
            '{"durable_objects": []}',
            "durable_objects",
            "`durable_objects` holds what is no table, which wrangler refuses",
            id="an array for a table",
        ),
        pytest.param(
            '{"durable_objects": {"bindings": {}}}',
            "durable_objects",
            "`durable_objects.bindings` is no array, which wrangler refuses",
            id="a table for an array",
        ),
        pytest.param(
            '{"durable_objects": {"bindings": [1]}}',
            "durable_objects",
            "`durable_objects.bindings` holds what is no table, which wrangler refuses",
            id="a number for a binding",
        ),
        pytest.param(
            '{"durable_objects": {"bindings": [{"name": "A"}]}}',
            "durable_objects",
            "`durable_objects.bindings.class_name` is missing",
            id="no class name",
        ),
        pytest.param(
            '{"durable_objects": {"bindings": [{"name": "A", "class_name": 1}]}}',
            "durable_objects",
            "`durable_objects.bindings.class_name` holds what is no string, which wrangler refuses",
            id="a number for a class name",
        ),
        pytest.param(
            '{"migrations": [{"tag": "v1", "deleted_classes": "A"}]}',
            "migrations",
            "`migrations.deleted_classes` is no array, which wrangler refuses",
            id="a string for an array",
        ),
        pytest.param(
            '{"migrations": [{"tag": "v1", "new_classes": [["A"]]}]}',
            "migrations",
            "`migrations.new_classes` holds what is no string, which wrangler refuses",
            id="an array for a string",
        ),
        pytest.param(
            '{"migrations": [{"new_classes": ["A"]}]}',
            "migrations",
            "`migrations.tag` is missing",
            id="no tag",
        ),
        pytest.param(
            '{"migrations": [{"tag": "v1", "renamed_classes": [{"from": "A"}]}]}',
            "migrations",
            "`migrations.renamed_classes.to` is missing",
            id="half a renaming",
        ),
        pytest.param(
            '{"migrations": [{"tag": "a"}, {"tag": "a"}]}',
            "migrations",
            "`migrations.tag` is `a` a second time, so that wrangler cannot tell which is done",
            id="a tag given twice",
        ),
        pytest.param(
            '{"exports": {"A": {"storage": "sqlite"}}}',
            "exports",
            "`exports.A.type` is missing",
            id="an export of no type",
        ),
        pytest.param(
            '{"exports": {"A": {"type": "durable-thing"}}}',
            "exports",
            "`exports.A.type` is `durable-thing`, which wrangler does not know",
            id="an export of unknown type",
        ),
        pytest.param(
            '{"exports": {"A": {"type": "durable-object", "state": "gone"}}}',
            "exports",
            "`exports.A.state` is `gone`, which wrangler does not know",
            id="an export of unknown state",
        ),
        pytest.param(
            '{"exports": {"A": {"type": "durable-object", "state": "renamed", "renamed_to": "B"}}}',
            "exports",
            "`exports.A` is renamed to `B`, which has no live entry",
            id="a tombstone that leads nowhere",
        ),
        pytest.param(
            '{"exports": {"A": {"type": "durable-object"}}, "migrations": [{"tag": "a"}]}',
            "exports",
            "`exports` declares Durable Objects beside `migrations`; "
            "wrangler accepts one or the other",
            id="both ways to declare classes",
        ),
        pytest.param(
            '{"env": {"a": []}}',
            "env",
            "`env.a` holds what is no table, which wrangler refuses",
            id="an array for an environment",
        ),
        pytest.param(
            '{"env": {"a": {"d1_databases": [{}]}}}',
            "d1_databases",
            "`env.a.d1_databases.binding` is missing",
            id="a binding of an environment",
        ),
        pytest.param(
            '{"previews": {"durable_objects": 1}}',
            "durable_objects",
            "`previews.durable_objects` holds what is no table, which wrangler refuses",
            id="a binding of previews",
        ),
        pytest.param(
            '{"main": 1}',
            "main",
            "`main` holds what is no string, which wrangler refuses",
            id="a number for an entry point",
        ),
        pytest.param(
            '{"__proto__": {"durable_objects": {}}}',
            "__proto__",
            "`__proto__` sets keys that cannot be seen here",
            id="a prototype",
        ),
        pytest.param(
            '{"main": "a", "main": "b"}',
            "main",
            "`main` is given more than once, of which wrangler uses the last; remove the others",
            id="a key given twice",
        ),
        pytest.param(
            '{"env": {"a": {}, "a": {}}}',
            "env",
            "`env.a` is given more than once, of which wrangler uses the last; remove the others",
            id="an environment given twice",
        ),
    ],
)
def test_what_wrangler_refuses_is_a_flaw(text: str, area: str, reason: str) -> None:
    assert [(area, reason)] == flaws(text)


def test_of_a_key_given_twice_neither_hides_the_other() -> None:
    first, second = ({"bindings": [{"name": name, "class_name": "C"}]} for name in "AB")
    text = f'{{"durable_objects": {json.dumps(first)}, "durable_objects": {json.dumps(second)}}}'

    assert ["A", "B"] == values(each.name for each in environment(text).durable_objects)


@pytest.mark.parametrize("text", ["[]", "1", "null"])
def test_a_file_that_is_no_table_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text)

    assert "it holds no table of settings" == caught.value.reason


some_keys = st.sampled_from(
    [
        "env",
        "previews",
        "durable_objects",
        "bindings",
        "migrations",
        "exports",
        "containers",
        "unsafe",
        "metadata",
        "name",
        "new_classes",
        "deleted_classes",
        "renamed_classes",
        "class_name",
        "type",
        "state",
        "tag",
        "a",
        "services",
    ]
)
settings = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "A", "durable-object"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(some_keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(some_keys, settings, max_size=4))
def test_any_table_is_read(value: dict[str, object]) -> None:
    top, *others = read(value).environments

    assert "" == top.where
    assert all(each.where.startswith(("env.", "previews")) for each in others)


def listing(
    files: Mapping[str, str], modes: Mapping[str, str] | None = None
) -> tuple[list[str], list[tuple[str, int | None, str]]]:
    found = configurations(Snapshot.of("head", files, modes))
    return list(found.paths), [(each.path, each.line, each.reason) for each in found.lost]


def test_configurations_are_found_anywhere_in_the_tree() -> None:
    files = {"wrangler.toml": "", "apps/a/wrangler.b.jsonc": "{}", "README.md": "wrangler.toml"}

    assert (["apps/a/wrangler.b.jsonc", "wrangler.toml"], []) == listing(files)


def test_no_other_file_than_a_document_is_looked_into_for_configurations() -> None:
    files = {"deploy.json": '{"durable_objects": {}}', "main.py": "durable_objects = {}"}
    searched: list[object] = []

    def search(needles: object) -> tuple[str, ...]:
        searched.append(needles)
        return tuple(files)

    head = replace(Snapshot.of("head", files), search=search)

    assert (("deploy.json",), []) == (configurations(head).paths, searched)


REDIRECT = ".wrangler/deploy/config.json"


def test_a_redirect_is_followed_to_the_generated_configurations() -> None:
    redirect = {
        "configPath": "../../dist/main.json",
        "auxiliaryWorkers": [{"configPath": "..\\..\\dist\\aux.json"}],
        "prerenderWorkerConfigPath": "../../dist/pre.json",
    }
    generated = ["dist/aux.json", "dist/main.json", "dist/pre.json"]
    files = {f"app/{REDIRECT}": json.dumps(redirect)} | {f"app/{path}": "{}" for path in generated}

    assert ([f"app/{path}" for path in generated], []) == listing(files)


@pytest.mark.parametrize(
    ("redirect", "line", "reason"),
    [
        pytest.param(
            '{\n"configPath": "../../dist/w.json"}',
            2,
            "it leads to `dist/w.json`, which is not in the tree",
            id="to a file that is built later",
        ),
        pytest.param(
            '{"configPath": "../../../../etc/w.json"}',
            1,
            "it leads to `../../etc/w.json`, which is not in the tree",
            id="out of the repository",
        ),
        pytest.param("{}", 1, "`configPath` is missing", id="to nowhere"),
        pytest.param("[]", 1, "it holds no table with a `configPath`", id="no table"),
        pytest.param("{", 1, "it is no JSON at 1:2: a string in double", id="no JSON"),
    ],
)
def test_a_redirect_that_cannot_be_followed_is_lost(redirect: str, line: int, reason: str) -> None:
    _, [(path, at, why)] = listing({REDIRECT: redirect})

    assert (REDIRECT, line, reason) == (path, at, why[: len(reason)])


def test_a_link_is_followed() -> None:
    files = {"wrangler.toml": "conf/prod", "conf/prod": "name = 'a'"}

    assert (["conf/prod"], []) == listing(files, {"wrangler.toml": LINK})


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("/etc/wrangler.toml", "it leads to `/etc/wrangler.toml`, which is not in the tree"),
        ("wrangler.toml", "its links lead round in a circle"),
    ],
)
def test_a_link_that_leads_nowhere_is_lost(target: str, reason: str) -> None:
    found = listing({"wrangler.toml": target}, {"wrangler.toml": LINK})

    assert ([], [("wrangler.toml", None, reason)]) == found


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("deploy/prod.toml", 'compatibility_date = "2026-01-01"', ["deploy/prod.toml"]),
        ("prod.json", '{"durable_objects": {}}', ["prod.json"]),
        ("package.json", '{"x": {"compatibility_date": 1}}', []),
        ("notes.md", "compatibility_date", []),
    ],
    ids=["TOML", "JSON", "not a key of the top level", "not a format wrangler reads"],
)
def test_a_configuration_under_another_name_is_known_by_its_keys(
    path: str, text: str, expected: list[str]
) -> None:
    assert (expected, []) == listing({path: text})


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("wrangler.toml", "", True),
        (REDIRECT, "{}", True),
        ("prod.json", '{"compatibility_date": 1}', True),
        ("prod.json", "{}", False),
        ("a.py", "compatibility_date", False),
    ],
)
def test_a_changed_file_may_be_a_configuration(path: str, text: str, expected: bool) -> None:
    assert expected == may_configure(Snapshot.of("head", {path: text}), path)


def test_any_file_may_be_one_where_a_link_or_redirect_leads_on() -> None:
    head = Snapshot.of("head", {REDIRECT: '{"configPath": "../../a"}', "a": "{}"})

    assert may_configure(head, "a")


@given(
    st.dictionaries(
        st.sampled_from(["wrangler.toml", REDIRECT, "a.json", "b/wrangler.json", "c"]),
        st.sampled_from(
            ["", "{}", "c", '{"configPath": "../../c"}', '{"compatibility_date": "a"}', "{"]
        ),
    ),
    st.sampled_from([{}, {"wrangler.toml": LINK}, {"b/wrangler.json": LINK}]),
)
def test_what_may_not_be_a_configuration_never_is(
    files: dict[str, str], modes: dict[str, str]
) -> None:
    head = Snapshot.of("head", files, modes)
    found = configurations(head)

    assert {*found.paths} <= {path for path in files if may_configure(head, path)}
