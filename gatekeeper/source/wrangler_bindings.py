"""The bindings of one environment: what never is inherited."""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.source.located import Scalar
from gatekeeper.source.wrangler_fields import Fields
from gatekeeper.source.wrangler_terms import (
    Container,
    Database,
    DurableObjectBinding,
    Environment,
    Exports,
    Migrations,
    Resource,
    Workflow,
)

# wrangler puts these keys of `unsafe.metadata` in the place of what it made itself
# (deploy-helpers, `create-worker-upload-form.ts`).
_REPLACED = ("bindings", "containers", "exports", "keep_bindings", "main_module", "migrations")


def bindings_of(fields: Fields) -> Environment:
    """The table's own bindings; what may be inherited is still at its default."""
    return Environment(
        where=fields.where,
        name="",
        main=None,
        compatibility_date=None,
        compatibility_flags=(),
        durable_objects=(*_durable_objects(fields), *_unsafe(fields)),
        migrations=Migrations(),
        exports=Exports(),
        containers=tuple(_containers(fields)),
        workflows=tuple(_workflows(fields)),
        databases=tuple(_databases(fields)),
        services=_resources(fields, "services", "service"),
        buckets=_resources(fields, "r2_buckets", "bucket_name"),
        namespaces=_resources(fields, "kv_namespaces", "id"),
        span=fields.span,
    )


def _durable_objects(fields: Fields) -> Iterator[DurableObjectBinding]:
    """`bindings`, and `classes` as wrangler 1 called them in a release candidate."""
    for table in fields.nested("durable_objects"):
        for key in ("bindings", "classes"):
            for row in table.rows(key):
                row.required("name")
                row.required("class_name")
                yield _durable_object(table.where, row)


def _unsafe(fields: Fields) -> Iterator[DurableObjectBinding]:
    for unsafe in fields.nested("unsafe"):
        yield from _untyped(unsafe)
        for metadata in unsafe.nested("metadata"):
            for member in metadata.table:
                if member.key in _REPLACED:
                    reason = "replaces what the rest of the configuration says"
                    metadata.flaw(member.key, reason, member.key_span)
            yield from _untyped(metadata)


def _untyped(fields: Fields) -> Iterator[DurableObjectBinding]:
    for row in fields.rows("bindings"):
        kind = row.required("type")
        if kind and kind.value.startswith("durable_object"):
            yield _durable_object(fields.path("bindings"), row)


def _durable_object(where: str, row: Fields) -> DurableObjectBinding:
    return DurableObjectBinding(
        where=where,
        name=row.text("name"),
        class_name=row.text("class_name"),
        script=row.text("script_name"),
        span=row.span,
    )


def _containers(fields: Fields) -> Iterator[Container]:
    for row in fields.rows("containers"):
        yield Container(row.where, row.text("name"), row.text("class_name"), row.span)


def _workflows(fields: Fields) -> Iterator[Workflow]:
    for row in fields.rows("workflows"):
        yield Workflow(
            where=row.where,
            binding=row.required("binding"),
            name=row.required("name"),
            class_name=row.required("class_name"),
            script=row.text("script_name"),
            scheduled=row.has("schedules"),
            steps=_steps(row),
            span=row.span,
        )


def _steps(row: Fields) -> int | None:
    """The most steps that an instance may take, where the entry says so."""
    given = [each.table.get("steps") for each in row.nested("limits")]
    counts = [each.value for each in given if isinstance(each, Scalar)]
    return next((each for each in reversed(counts) if type(each) is int), None)


def _databases(fields: Fields) -> Iterator[Database]:
    for row in fields.rows("d1_databases"):
        yield Database(
            where=row.where,
            binding=row.required("binding"),
            name=row.text("database_name"),
            id=row.text("database_id"),
            migrations_dir=row.text("migrations_dir"),
            migrations_table=row.text("migrations_table"),
            migrations_pattern=row.text("migrations_pattern"),
            span=row.span,
        )


def _resources(fields: Fields, key: str, target: str) -> tuple[Resource, ...]:
    return tuple(
        Resource(row.where, row.required("binding"), row.text(target), row.span)
        for row in fields.rows(key)
    )
