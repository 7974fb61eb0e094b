"""Durable Objects in wrangler configuration: what is a finding, a note, a doubt."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper import Doubt, Examined, Excerpt, Finding, Note, Observation, Side, Snapshot, Trail
from gatekeeper_rules.code._durable_objects_in_config import observations

LINK = "120000"
PATH = "wrangler.jsonc"

BOUND = {"bindings": [{"name": "ROOM", "class_name": "Room"}]}
CREATED = {"tag": "v1", "new_sqlite_classes": ["Room"]}
DELETED = {"tag": "v2", "deleted_classes": ["Room"]}
LIVE = {"type": "durable-object", "storage": "sqlite"}
CUT_OFF = "`Room`, which the list never created, is deleted by migration `v9`"
TOMBSTONE = {"type": "durable-object", "state": "deleted"}


def seen(
    files: Mapping[str, str | bytes] | str,
    modes: Mapping[str, str] | None = None,
) -> list[Observation]:
    if isinstance(files, str):
        files = {PATH: files}
    return list(observations(Snapshot.of("head", files, modes)))


def settings(**given: object) -> dict[str, str | bytes]:
    return {PATH: json.dumps(given)}


def findings(observed: list[Observation]) -> list[Finding]:
    return [each for each in observed if isinstance(each, Finding)]


def only(observed: list[Observation]) -> Finding:
    (finding,) = findings(observed)
    return finding


def marks(observed: list[Observation]) -> list[tuple[str, str]]:
    return [(each.symbol, each.quoted) for each in findings(observed)]


def notes(observed: list[Observation]) -> list[str]:
    return [each.says for each in observed if isinstance(each, Note)]


def doubts(observed: list[Observation]) -> list[str]:
    return [str(each) for each in observed if isinstance(each, Doubt)]


def examined(observed: list[Observation]) -> dict[str, int]:
    return {each.what: each.count for each in observed if isinstance(each, Examined)}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            {"durable_objects": BOUND},
            [("durable_objects", "ROOM: Room")],
            id="a binding",
        ),
        pytest.param(
            {"migrations": [CREATED]},
            [("migrations", "Room")],
            id="a class that lives by its migrations",
        ),
        pytest.param(
            {"durable_objects": BOUND, "migrations": [CREATED]},
            [("durable_objects", "ROOM: Room"), ("migrations", "Room")],
            id="a binding and its class, each for itself",
        ),
        pytest.param(
            {"durable_objects": BOUND, "migrations": [CREATED, DELETED]},
            [("durable_objects", "ROOM: Room")],
            id="a binding to a class that is deleted",
        ),
        pytest.param(
            {
                "migrations": [
                    CREATED,
                    {"tag": "v2", "renamed_classes": [{"from": "Room", "to": "Hall"}]},
                    {"tag": "v3", "deleted_classes": ["Room"]},
                ]
            },
            [("migrations", "Hall")],
            id="a renamed class, deleted under its old name",
        ),
        pytest.param(
            {
                "migrations": [
                    {
                        "tag": "v1",
                        "transferred_classes": [{"from": "A", "from_script": "b", "to": "Room"}],
                    }
                ]
            },
            [("migrations", "Room")],
            id="a class transferred in",
        ),
        pytest.param(
            {"exports": {"Room": LIVE}}, [("exports", "Room")], id="an export without binding"
        ),
        pytest.param(
            {
                "exports": {
                    "Room": {
                        "type": "durable-object",
                        "state": "expecting-transfer",
                        "storage": "sqlite",
                        "transfer_from": "other",
                    }
                }
            },
            [("exports", "Room")],
            id="an export that expects its objects from elsewhere",
        ),
        pytest.param(
            {
                "exports": {
                    "Room": {"type": "durable-object", "state": "renamed", "renamed_to": "Hall"},
                    "Hall": LIVE,
                }
            },
            [("exports", "Hall")],
            id="an export under its new name",
        ),
        pytest.param(
            {"exports": {"Room": TOMBSTONE}, "durable_objects": BOUND},
            [("durable_objects", "ROOM: Room")],
            id="a binding to a tombstone",
        ),
        pytest.param(
            {"containers": [{"name": "box", "class_name": "Box", "image": "x"}]},
            [("containers", "box")],
            id="a container",
        ),
        pytest.param(
            {"containers": [{"class_name": "Box", "image": "x"}]},
            [("containers", "Box")],
            id="a container without name",
        ),
        pytest.param(
            {
                "unsafe": {
                    "bindings": [
                        {"name": "A", "type": "durable_object_namespace", "class_name": "B"}
                    ]
                }
            },
            [("unsafe.bindings", "A: B")],
            id="an unsafe binding",
        ),
        pytest.param(
            {"previews": {"durable_objects": BOUND}},
            [("previews.durable_objects", "ROOM: Room")],
            id="a binding of previews only",
        ),
        pytest.param(
            {"env": {"production": {"durable_objects": BOUND}}},
            [("env.production.durable_objects", "ROOM: Room")],
            id="a binding of one environment only",
        ),
        pytest.param(
            {"migrations": [CREATED, DELETED], "env": {"old": {"migrations": [CREATED]}}},
            [("env.old.migrations", "Room")],
            id="an environment whose own migrations stop before the deletion",
        ),
        pytest.param(
            {"exports": {"Room": LIVE}, "env": {"a": {}, "b": {}}},
            [("exports", "Room")],
            id="what environments inherit, once",
        ),
        pytest.param(
            {"exports": {"Room": TOMBSTONE}, "env": {"a": {"exports": {"Room": LIVE}}}},
            [("env.a.exports", "Room")],
            id="an environment whose own exports have no tombstone",
        ),
    ],
)
def test_it_finds(given: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert expected == marks(seen(settings(**given)))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"name": "agents"}, [], id="no Durable Object at all"),
        pytest.param(
            {"migrations": [CREATED, DELETED]},
            [f"{PATH}: `migrations`: `Room` is deleted by migration `v2`"],
            id="a class created and deleted",
        ),
        pytest.param(
            {
                "migrations": [
                    CREATED,
                    {"tag": "v2", "renamed_classes": [{"from": "Room", "to": "Hall"}]},
                    {"tag": "v3", "deleted_classes": ["Hall"]},
                ]
            },
            [f"{PATH}: `migrations`: `Hall` is deleted by migration `v3`"],
            id="a class renamed and deleted",
        ),
        pytest.param(
            {"migrations": [{"tag": "v9", "deleted_classes": ["Room"]}]},
            [f"{PATH}: `migrations`: {CUT_OFF}"],
            id="a deletion whose creation was cut off",
        ),
        pytest.param(
            {"exports": {"Room": TOMBSTONE}},
            [f"{PATH}: `exports`: `Room` is deleted by its tombstone"],
            id="a tombstone",
        ),
        pytest.param(
            {
                "exports": {
                    "Room": {
                        "type": "durable-object",
                        "state": "transferred",
                        "transferred_to": "other",
                    }
                }
            },
            [f"{PATH}: `exports`: `Room` goes on in another Worker, `other`"],
            id="a class given away",
        ),
        pytest.param(
            {
                "exports": {
                    "Main": {"type": "worker"},
                    "Flow": {"type": "workflow", "name": "flow"},
                },
                "workflows": [{"binding": "FLOW", "name": "flow", "class_name": "Flow"}],
                "migrations": [],
            },
            [],
            id="exports of other kinds, and Workflows",
        ),
        pytest.param(
            {"durable_objects": {"bindings": [], "code_update_strategy": {"mode": "deferred"}}},
            [],
            id="an update strategy and no binding",
        ),
        pytest.param({"vars": {"durable_objects": BOUND}}, [], id="a variable of that name"),
        pytest.param(
            {"services": [{"binding": "ROOMS", "service": "rooms"}], "main": 1},
            [],
            id="flaws elsewhere",
        ),
    ],
)
def test_it_finds_nothing_and_tells(given: dict[str, object], told: list[str]) -> None:
    observed = seen(settings(**given))

    assert ([], told, []) == (marks(observed), notes(observed), doubts(observed))
    assert {"configurations": 1, "environments": 1} == examined(observed)


JSONC = """\
{
  // the coordinator
  "durable_objects": {
    "bindings": [
      {
        "name": "COORDINATOR",
        "class_name": "Coordinator",
      },
    ],
  },
}
"""


def test_a_finding_is_at_the_class_name_and_shows_the_whole_binding() -> None:
    finding = only(seen(JSONC))

    assert (PATH, 7, 7, 23, Side.HEAD) == (
        finding.path,
        finding.line,
        finding.end_line,
        finding.column,
        finding.side,
    )
    assert (
        Excerpt(
            5,
            '      {\n        "name": "COORDINATOR",\n'
            '        "class_name": "Coordinator",\n      },',
        ),
    ) == finding.evidence


def test_a_finding_of_toml_is_at_the_class_name_as_well() -> None:
    text = '# said\n[[env.a.durable_objects.bindings]]\nname = "A"\nclass_name = "B"\n'
    finding = only(seen({"wrangler.toml": text}))

    assert (4, 14, "env.a.durable_objects", "A: B") == (
        finding.line,
        finding.column,
        finding.symbol,
        finding.quoted,
    )


def test_the_class_of_another_worker_is_said_to_be_so() -> None:
    binding = {"name": "ROOM", "class_name": "Room", "script_name": "rooms"}
    finding = only(seen(settings(durable_objects={"bindings": [binding]})))

    assert (
        "`durable_objects` binds the Durable Object class `Room` of another Worker, `rooms`, "
        "as `ROOM`"
    ) == finding.message
    assert "Remove the binding; `rooms` cannot delete the class before that is deployed." == (
        finding.fix
    )


def test_a_binding_to_a_deleted_class_shows_the_deletion() -> None:
    text = (
        '{"durable_objects": {"bindings": [{"name": "ROOM", "class_name": "Room"}]},\n'
        '"migrations": [{"tag": "v1", "new_classes": ["Room"]},\n'
        '{"tag": "v2", "deleted_classes": ["Room"]}]}'
    )
    finding = only(seen(text))

    assert Trail((f"{PATH}:3  `Room` is deleted or renamed here",)) == finding.evidence[1]


def test_a_renamed_class_is_found_under_its_name_and_shows_the_way_to_it() -> None:
    text = (
        '{"migrations": [\n{"tag": "v1", "new_classes": ["Room"]},\n'
        '{"tag": "v2", "renamed_classes": [{"from": "Room", "to": "Hall"}]}\n]}'
    )
    finding = only(seen(text))

    assert (3, "Hall") == (finding.line, finding.quoted)
    assert (
        Trail(
            (
                f"{PATH}:2  `Room` is created by migration `v1`",
                f"{PATH}:3  `Room` is renamed to `Hall` by migration `v2`",
            )
        )
        == finding.evidence[1]
    )


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ({"migrations": [CREATED]}, '`deleted_classes` = ["Room"]'),
        ({"exports": {"Room": LIVE}}, '`{"type": "durable-object", "state": "deleted"}`'),
        ({"containers": [{"class_name": "Box"}]}, "Remove the container"),
        ({"durable_objects": BOUND}, "Remove the binding. Delete the class by a new entry"),
    ],
    ids=["migration", "export", "container", "binding"],
)
def test_a_finding_says_how_to_mend_it(given: dict[str, object], fix: str) -> None:
    assert fix in only(seen(settings(**given))).fix


@pytest.mark.parametrize(
    ("content", "doubt"),
    [
        pytest.param("{", "wrangler.jsonc:1: cannot be read: it is no JSON at 1:2", id="no JSON"),
        pytest.param(b"{\xff}", "wrangler.jsonc:1: cannot be read: line 1 holds", id="no UTF-8"),
        pytest.param("[]", "wrangler.jsonc:1: cannot be read: it holds no table", id="no table"),
        pytest.param(b"{}\0", "wrangler.jsonc:1: cannot be read: it is no JSON", id="a NUL"),
        pytest.param(
            '{"a":' * 10_000, "wrangler.jsonc:1: cannot be read: it is no JSON", id="deep"
        ),
        pytest.param(
            b" " * 10_000_000, "wrangler.jsonc: cannot be read: it is longer than", id="10 MB"
        ),
        pytest.param(
            '{"migrations":\n{}}', "wrangler.jsonc:2: `migrations` is no array", id="wrong type"
        ),
        pytest.param(
            '{"__proto__": {}}', "wrangler.jsonc:1: `__proto__` sets keys", id="a prototype"
        ),
        pytest.param(
            '{"durable_objects": {},\n"durable_objects": {}}',
            "wrangler.jsonc:2: `durable_objects` is given more than once",
            id="a key given twice",
        ),
        pytest.param(
            '{"unsafe": {"metadata": {"migrations": {}}}}',
            "wrangler.jsonc:1: `unsafe.metadata.migrations` replaces",
            id="an upload changed behind the configuration",
        ),
        pytest.param(
            '{"unsafe": {"metadata": {"keep_bindings": ["durable_object_namespace"]}}}',
            "wrangler.jsonc:1: `unsafe.metadata.keep_bindings` replaces",
            id="bindings of earlier uploads kept",
        ),
        pytest.param(
            '{"unsafe": {"metadata": {"main_module": "other.py"}}}',
            "wrangler.jsonc:1: `unsafe.metadata.main_module` replaces",
            id="another module started",
        ),
    ],
)
def test_what_cannot_be_read_is_a_doubt_and_names_the_file(
    content: str | bytes, doubt: str
) -> None:
    (observed,) = doubts(seen({PATH: content}))

    assert doubt == observed[: len(doubt)]


def test_a_file_that_cannot_be_read_keeps_no_other_from_being_looked_at() -> None:
    observed = seen({"a/wrangler.toml": "=", PATH: JSONC})

    assert ["a/wrangler.toml:1: cannot be read: it is no TOML at 1:1: a key is missing"] == (
        doubts(observed)
    )
    assert [("durable_objects", "COORDINATOR: Coordinator")] == marks(observed)
    assert {"configurations": 1, "environments": 1} == examined(observed)


def test_a_flaw_hides_no_finding_beside_it() -> None:
    text = '{"durable_objects": {"bindings": [1, {"name": "A", "class_name": "B"}]}}'
    observed = seen(text)

    assert 1 == len(doubts(observed))
    assert [("durable_objects", "A: B")] == marks(observed)


def test_a_thousand_flaws_are_told_in_a_few_lines() -> None:
    observed = seen(settings(durable_objects={"bindings": [1] * 1000}))

    assert 1 == len(doubts(observed))
    assert 11 == len(doubts(seen(json.dumps({"migrations": [[]] * 1000}, indent=0))))


@pytest.mark.parametrize(
    "given",
    [
        {"durable_objects": BOUND},
        {"env": {"production": {"durable_objects": BOUND}}},
        {"previews": {"durable_objects": BOUND}},
        {"migrations": [CREATED]},
        {"exports": {"Room": LIVE}},
    ],
    ids=["a binding", "in an environment", "in previews", "a migration", "an export"],
)
def test_a_file_of_another_name_is_configuration_by_what_it_configures(
    given: dict[str, object],
) -> None:
    files = {"conf/rooms.json": json.dumps(given)}

    assert "conf/rooms.json" == only(seen(files)).path


@pytest.mark.parametrize(
    "given",
    [
        {"keywords": ["durable-object"], "exports": {".": {"import": "./a.js"}}},
        {"properties": {"new_classes": {}, "durable_objects": {}}},
        {"migrations": "new_classes"},
        {"class_name": "Room", "containers": [{"class_name": "Box"}]},
    ],
    ids=["a package", "a schema", "another thing of that name", "containers of something else"],
)
def test_a_file_of_another_name_is_left_alone_where_it_configures_none(
    given: dict[str, object],
) -> None:
    assert [] == seen({"conf/rooms.json": json.dumps(given)})


ROOMS: dict[str, object] = {"name": "rooms", "migrations": [CREATED]}
SERVICES: Mapping[str, tuple[dict[str, object], dict[str, object], bool]] = {
    "a Worker that hosts one": (ROOMS, {"name": "front"}, True),
    "a Worker that hosted one": (
        {"name": "rooms", "migrations": [CREATED, DELETED]},
        {"name": "front"},
        False,
    ),
    "a Worker that binds another's": (
        {
            "name": "rooms",
            "durable_objects": {"bindings": [{**BOUND["bindings"][0], "script_name": "far"}]},
        },
        {"name": "front"},
        False,
    ),
    "itself": ({}, ROOMS, False),
    "a Worker of an environment": (
        {"name": "x", "env": {"live": {"name": "rooms", "exports": {"Room": LIVE}}}},
        {"name": "front"},
        True,
    ),
}


@pytest.mark.parametrize("case", SERVICES)
def test_a_service_is_found_where_its_worker_hosts_a_durable_object(case: str) -> None:
    host, own, expected = SERVICES[case]
    front = {**own, "services": [{"binding": "ROOMS", "service": "rooms"}]}

    observed = seen({"a/wrangler.json": json.dumps(host), "b/wrangler.json": json.dumps(front)})

    told = [each.quoted for each in findings(observed) if each.symbol == "services"]
    assert told == (["service rooms"] if expected else [])


def test_of_several_workers_of_a_name_the_nearest_is_meant() -> None:
    files = {
        "one/rooms/wrangler.json": json.dumps(ROOMS),
        "two/rooms/wrangler.json": json.dumps({"name": "rooms"}),
        **{
            f"{place}/front/wrangler.json": json.dumps(
                {"name": "front", "services": [{"binding": "R", "service": "rooms"}]}
            )
            for place in ("one", "two", "three")
        },
    }

    told = [each.path for each in findings(seen(files)) if each.symbol == "services"]

    assert ["one/front/wrangler.json", "three/front/wrangler.json"] == told


TYPES = (
    "// Generated by Wrangler by running `wrangler types`\ninterface Env {\n"
    "  ROOM: DurableObjectNamespace /* Room from rooms */;\n}"
)
BINDS = '{"durable_objects": {"bindings": [{"name": "ROOM", "class_name": "R"}]}}'
STALE: Mapping[str, tuple[Mapping[str, str], bool]] = {
    "no configuration": ({"a.d.ts": TYPES}, True),
    "a configuration that binds it": ({"a.d.ts": TYPES, "wrangler.json": BINDS}, False),
    "a configuration around it that binds it": ({"s/a.d.ts": TYPES, "wrangler.json": BINDS}, False),
    "another Worker's configuration": (
        {"a/a.d.ts": TYPES, "a/wrangler.json": "{}", "b/wrangler.json": BINDS},
        True,
    ),
    "an environment that binds it": (
        {"a.d.ts": TYPES, "wrangler.json": f'{{"env": {{"x": {BINDS}}}}}'},
        False,
    ),
    "a configuration that cannot be read": ({"a.d.ts": TYPES, "wrangler.json": "{"}, False),
    "a configuration that is a script": ({"a.d.ts": TYPES, "cloudflare.config.ts": ""}, False),
    "types that nobody generated": ({"a.d.ts": TYPES.partition("\n")[2]}, False),
}


@pytest.mark.parametrize("case", STALE)
def test_generated_types_are_found_where_no_configuration_has_their_binding(case: str) -> None:
    files, expected = STALE[case]

    told = [each.line for each in findings(seen(files)) if each.path.endswith(".d.ts")]

    assert told == ([3] if expected else [])


CONTAINER = '{"containers": [{"class_name": "Room", "image": "i"}]}'
COMMANDS = {
    "a script of package.json": (
        "web/package.json",
        '{"scripts": {"d": "tsc && wrangler deploy -e x --config \\"ops/prod.json\\""}}',
        "web/ops/prod.json",
    ),
    "a Makefile with a line that goes on": (
        "Makefile",
        "up:\n\tnpx wrangler deploy \\\n\t  -c=ops/prod.json\n",
        "ops/prod.json",
    ),
    "a workflow, from the root": (
        ".github/workflows/deploy.yml",
        "- uses: cloudflare/wrangler-action@v3\n  with:\n    command: deploy --config ops/p.json\n",
        "ops/p.json",
    ),
    "a shell script in a folder, from its own": (
        "tools/up.sh",
        "pnpm wrangler versions upload -c ../prod.json || exit 1",
        "prod.json",
    ),
}


@pytest.mark.parametrize("form", COMMANDS)
def test_a_configuration_that_a_command_names_is_read(form: str) -> None:
    path, command, target = COMMANDS[form]

    observed = seen({path: command, target: CONTAINER})

    assert [target] == [each.path for each in findings(observed)]


def test_what_other_commands_are_given_is_no_configuration() -> None:
    scripts = {"lint": "eslint -c a.json", "deploy": "wrangler deploy && tsc -c a.json"}

    observed = seen({"package.json": json.dumps({"scripts": scripts}), "a.json": CONTAINER})

    assert [] == observed


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.json", '{"durable\\u005fobjects": {"bindings": [{"name": "R", "class_name": "R"}]}}'),
        ("a.toml", '[["durable\\U0000005Fobjects".bindings]]\nname = "R"\nclass_name = "R"'),
    ],
    ids=["JSON", "TOML"],
)
def test_a_key_of_letters_that_are_escaped_is_read(path: str, text: str) -> None:
    assert [path] == [each.path for each in findings(seen({path: text}))]


def test_a_redirect_leads_to_what_is_deployed() -> None:
    files = {
        PATH: "{}",
        ".wrangler/deploy/config.json": '{"configPath": "../../dist/w.json"}',
        "dist/w.json": json.dumps({"durable_objects": BOUND}),
    }
    observed = seen(files)

    assert "dist/w.json" == only(observed).path
    assert {"configurations": 2, "environments": 2} == examined(observed)


def test_a_redirect_to_what_is_not_there_is_a_doubt() -> None:
    files = {PATH: "{}", ".wrangler/deploy/config.json": '{"configPath": "../../dist/w.json"}'}

    (doubt,) = doubts(seen(files))

    assert (
        ".wrangler/deploy/config.json:1: cannot be read: "
        "it leads to `dist/w.json`, which is not in the tree"
    ) == doubt


def test_a_link_does_not_hide_what_it_leads_to() -> None:
    files = {PATH: "conf/settings", "conf/settings": JSONC}

    assert "conf/settings" == only(seen(files, {PATH: LINK})).path


def test_no_configuration_is_nothing_examined() -> None:
    assert [] == seen({"README.md": "durable_objects"})


def test_two_bindings_of_one_file_at_two_paths_are_two_findings() -> None:
    paths = [each.path for each in findings(seen({"a/wrangler.jsonc": JSONC, PATH: JSONC}))]

    assert ["a/wrangler.jsonc", PATH] == paths


classes = st.lists(st.sampled_from(["A", "B"]), max_size=2)
histories = st.lists(
    st.fixed_dictionaries({"new_classes": classes, "deleted_classes": classes}), max_size=4
)


@given(histories, st.booleans())
def test_a_binding_is_found_whatever_the_history(
    history: list[dict[str, object]], in_environment: bool
) -> None:
    migrations = [{"tag": str(number), **entry} for number, entry in enumerate(history)]
    bound: dict[str, object] = {"durable_objects": BOUND}
    given = {"env": {"a": bound}} if in_environment else bound
    observed = seen(settings(migrations=migrations, **given))

    assert "ROOM: Room" in [quoted for _, quoted in marks(observed)]


@given(histories)
def test_a_class_is_found_or_told_to_be_gone(history: list[dict[str, list[str]]]) -> None:
    migrations = [{"tag": str(number), **entry} for number, entry in enumerate(history)]
    observed = seen(settings(migrations=migrations))
    named = {name for entry in history for names in entry.values() for name in names}
    told = "".join(notes(observed))

    assert named == {quoted for _, quoted in marks(observed)} | {
        name for name in named if f"`{name}`" in told
    }
