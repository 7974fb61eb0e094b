"""durable-object-used on Terraform and on workerd's configuration."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper import Doubt, Examined, Finding, Observation, Snapshot
from gatekeeper_rules.code._durable_objects_in_infrastructure import observations
from gatekeeper_rules.code.durable_object_used import RULE, Options
from tests.cases import case_of


def seen(files: Mapping[str, str | bytes]) -> list[Observation]:
    return list(observations(Snapshot.of("head", files)))


def found(path: str, text: str) -> list[int]:
    return sorted(each.line or 0 for each in seen({path: text}) if isinstance(each, Finding))


def resource(body: str) -> str:
    return f'resource "cloudflare_workers_script" "api" {{\n{body}\n}}\n'


TERRAFORM = {
    "a binding": (resource('bindings = [{ type = "durable_object_namespace" }]'), [2]),
    "a binding with a colon and a key in quotes": (
        resource('bindings = [{ "type" : "durable_object_namespace" }]'),
        [2],
    ),
    "a binding that is a block": (resource('binding {\ntype = "durable_object_namespace"\n}'), [3]),
    "a block of its own": (resource("durable_object_namespace_binding {\n}"), [2]),
    "a type that a template puts together": (
        resource('bindings = [{ type = "durable_${"object"}_namespace" }]'),
        [2],
    ),
    "a type with an escape": (
        resource('bindings = [{ type = "durable\\u005fobject_namespace" }]'),
        [2],
    ),
    "a type that functions put together": (
        resource('bindings = [{ type = join("_", ["durable", "object", "namespace"]) }]'),
        [2],
    ),
    "a type from pieces that have names": (
        'locals {\n  kind = "durable"\n}\n'
        + resource('bindings = [{ type = format("%s_object_%s", local.kind, "namespace") }]'),
        [5],
    ),
    "a type that is spelled backwards, in capitals, encoded": (
        resource(
            'a = [{ type = strrev("ecapseman_tcejbo_elbarud") },\n'
            '{ type = lower("DURABLE_OBJECT_NAMESPACE") },\n'
            '{ type = base64decode("ZHVyYWJsZV9vYmplY3RfbmFtZXNwYWNl") },\n'
            '{ type = join("_", concat(["durable"], split("/", "object/namespace"))) }]'
        ),
        [2, 3, 4, 5],
    ),
    "another type that functions make of it": (
        resource(
            'bindings = [{ type = replace("durable_object_namespace", "durable_object", "kv") }]'
        ),
        [],
    ),
    "a choice": (
        resource('bindings = [{ type = var.x ? "kv_namespace" : "durable_object_namespace" }]'),
        [2],
    ),
    "classes": (
        resource('migrations = {\n  new_classes = ["A"]\n  new_sqlite_classes = ["B", "C"]\n}'),
        [3, 4, 4],
    ),
    "classes in steps": (
        resource('migrations = { steps = [\n  { new_sqlite_classes = ["A"] }\n] }'),
        [3],
    ),
    "a class that comes in": (
        resource('migrations = { renamed_classes = [{ from = "A", to = "B" }] }'),
        [2],
    ),
    "a class that comes and goes": (
        resource(
            'migrations = { steps = [{ new_classes = ["A"] },\n  { deleted_classes = ["A"] }] }'
        ),
        [],
    ),
    "a class that is deleted": (resource('migrations = { deleted_classes = ["A"] }'), []),
    "a comment": (resource('# type = "durable_object_namespace"'), []),
    "a description": (resource('description = "no durable_object_namespace any more"'), []),
    "D1": (resource('bindings = [{ type = "d1", name = "durable_object" }]'), []),
}


@pytest.mark.parametrize("form", TERRAFORM)
def test_terraform_is_read_as_it_is_written(form: str) -> None:
    text, expected = TERRAFORM[form]

    assert expected == found("infra/main.tf", text)


OPEN = {
    "a type from pieces that only running tells": (
        resource('bindings = [{ type = join("_", [var.kind, "namespace"]) }]'),
        [2],
    ),
    "a template with a variable": (
        resource('bindings = [{ type = "${var.kind}_namespace" }]'),
        [2],
    ),
    "classes": (resource("migrations = { new_classes = [for a in var.b : upper(a)] }"), [2]),
    "a piece of the word": ('locals {\n  kind = "durable_${var.rest}"\n}\n', [2]),
    "a name that depends on itself": (
        'locals {\n  a = "${local.b}"\n  b = "${local.a}"\n}\n' + resource('type = "${local.a}"'),
        [6],
    ),
    "a name of something else": (
        resource('bindings = [{ type = "d1", name = "${var.x}-db" }]'),
        [],
    ),
    "a variable as it is, whose value is read where it is given": (
        resource("bindings = [{ type = var.kind }, { type = lookup(var.kinds, 1) }]"),
        [],
    ),
    "a type of something else": (
        'resource "aws_instance" "a" {\n  type = "${var.size}.large"\n}\n',
        [],
    ),
}


@pytest.mark.parametrize("form", OPEN)
def test_what_nobody_can_put_together_is_a_doubt_where_it_decides(form: str) -> None:
    text, expected = OPEN[form]

    said = seen({"infra/main.tf": text})

    assert expected == [each.line for each in said if isinstance(each, Doubt)]
    assert [] == [each for each in said if isinstance(each, Finding)]


def test_values_that_double_without_end_are_not_followed() -> None:
    doubled = "".join(f"  a{n + 1} = concat(local.a{n}, local.a{n})\n" for n in range(60))
    longer = "".join(f'  b{n + 1} = "${{local.b{n}}}${{local.b{n}}}"\n' for n in range(60))
    text = f'locals {{\n  a0 = ["", ""]\n  b0 = "xy"\n{doubled}{longer}}}\n'
    binding = 'type = "${join("", local.a60)}${local.b60}"'

    said = seen({"infra/main.tf": text + resource(binding)})

    assert 1 == len([each for each in said if isinstance(each, Doubt)])


def test_terraform_in_json_is_read() -> None:
    binding = {"type": "durable_object_namespace", "class_name": "Room"}
    script = {"bindings": [binding], "migrations": {"new_classes": ["Room"]}}
    text = json.dumps({"resource": {"cloudflare_workers_script": {"api": script}}}, indent=1)

    assert [
        text[: text.index(word)].count("\n") + 1 for word in ('"durable', '"Room"\n     ]')
    ] == (found("main.tf.json", text))


CAPNP = {
    "namespaces": ('durableObjectNamespaces = [(className = "A")]', [1]),
    "a binding": ('bindings = [\n(name = "A", durableObjectNamespace = "A")]', [2]),
    "storage": ("durableObjectStorage = (inMemory = void)", [1]),
    "no namespaces": ("durableObjectNamespaces = [ ]", []),
    "a comment": ("# durableObjectNamespaces = [(x)]\nbindings = []", []),
    "a string": ('name = "durableObjectNamespaces = [(x)]"', []),
}


@pytest.mark.parametrize("form", CAPNP)
def test_capnp_is_read_as_it_is_written(form: str) -> None:
    text, expected = CAPNP[form]

    assert expected == found("workerd.capnp", text)


def test_strings_without_end_are_read_in_linear_time() -> None:
    text = '"\\' * 500_000 + "\ndurableObjectClass = 1"

    assert [2] == found("workerd.capnp", text)


UNKNOWN = {
    "a variable": 'variable "kind" {\n  default = "durable_object_namespace"\n}\n',
    "a local": 'locals {\n  kind = "durable_object_namespace"\n}\n',
    "a text of JSON": 'x = [\njsondecode("[{\\"type\\":\\"durable_object_namespace\\"}]")]\n',
}


@pytest.mark.parametrize("form", UNKNOWN)
def test_a_type_of_which_nobody_knows_what_becomes_is_a_doubt(form: str) -> None:
    said = seen({"main.tf": UNKNOWN[form]})

    assert [2] == [each.line for each in said if isinstance(each, Doubt)]
    assert [] == [each for each in said if isinstance(each, Finding)]


def test_what_variables_are_given_in_json_concerns_the_rule() -> None:
    given = {"a.tfvars.json": '{"kind": "durable_object_namespace"}'}

    assert RULE.concerns is not None
    assert RULE.concerns(case_of({}, given, Options()))


UNREADABLE: Mapping[str, tuple[str, str | bytes]] = {
    "a syntax error": ("main.tf", 'x = [\ntype = "durable_object_namespace"\n'),
    "no text": ("main.tf", b"\xff durable_object"),
    "no JSON": ("main.tf.json", '{"type": "durable_object_namespace"'),
    "two megabytes of Terraform": ("main.tf", "# durable_object\n" + "#" * 2_000_000),
    "objects in each other without end": (
        "main.tf",
        "a = " + "{ b = " * 20_000 + '"durable_object"' + " }" * 20_000,
    ),
    "two megabytes of capnp": ("x.capnp", "# durableObject\n" + "#" * 2_000_000),
}


@pytest.mark.parametrize("fault", UNREADABLE)
def test_what_cannot_be_read_is_a_doubt(fault: str) -> None:
    path, content = UNREADABLE[fault]

    assert {path} == {each.path for each in seen({path: content}) if isinstance(each, Doubt)}


def test_files_are_counted_and_others_left_alone() -> None:
    files = {"a.tf": "", "b.capnp": "", "c.txt": 'type = "durable_object_namespace"'}

    assert [Examined("infrastructure files", 2)] == seen({**files})


@given(st.text(st.sampled_from('{}[]()"=:$\\#\n ab<-') | st.characters(), max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_an_error(text: str) -> None:
    content = f"{text}\ndurable_object durableObjectStorage".encode("utf-8", "replace")

    said = seen({"a.tf": content, "b.capnp": content, "c.tf.json": content})

    assert Examined("infrastructure files", 3) in said
