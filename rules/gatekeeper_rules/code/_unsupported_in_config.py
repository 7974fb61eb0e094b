"""Keys and values of wrangler's configuration that the platform does not know, or refuses."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper import Doubt, Examined, Finding, Note, Observation, Snapshot, Unreadable
from gatekeeper.source.located import Array, Node, Scalar, Span, Table
from gatekeeper.source.wrangler import is_wrangler, parsed
from gatekeeper.source.wrangler_terms import Configuration, Environment
from gatekeeper_rules.code._config_sheet import ConfigSheet
from gatekeeper_rules.code._platform_tables import schema_said
from gatekeeper_rules.code._unsupported_flags import of_date, of_flags, of_worker
from gatekeeper_rules.code._unsupported_workers import Workers
from gatekeeper_rules.code._workflow_bounds import LONGEST_WORKFLOW, is_name
from gatekeeper_rules.code._wrangler_schema import MOST, MOST_VALUES, faults, size_of

_HIDDEN = "__proto__"
_REPAIR = "Write it as wrangler reads it, once."
_ELSEWHERE = frozenset({"env", "previews"})
_REPEATED = frozenset(
    (
        *("ai", "analytics_engine_datasets", "browser", "d1_databases", "dispatch_namespaces"),
        *("durable_objects", "hyperdrive", "images", "kv_namespaces", "mtls_certificates"),
        *("pipelines", "queues", "r2_buckets", "secrets_store_secrets", "send_email"),
        *("services", "vars", "vectorize", "version_metadata", "workflows"),
    )
)
"""Keys that an environment does not take over from the top level."""


def observations(
    snapshot: Snapshot, workers: Workers, focus: frozenset[str] | None
) -> Iterator[Observation]:
    """What each configuration has that wrangler or the platform does not take."""
    sheets: dict[str, ConfigSheet] = {}
    for path, configuration in workers.configurations:
        if focus is not None and path not in focus:
            continue
        content = snapshot.read(path)
        sheet = ConfigSheet(path, tuple(content.decode("utf-8-sig", "replace").split("\n")))
        sheets[path] = sheet
        yield from _of_file(content, configuration, sheet)
    for worker in workers.all:
        if worker.path in sheets:
            yield from of_worker(worker, sheets[worker.path])
    if sheets:
        yield Examined("configurations", len(sheets))


def _of_file(
    content: bytes, configuration: Configuration, sheet: ConfigSheet
) -> Iterator[Finding | Doubt | Note]:
    try:
        table = parsed(content, sheet.path)
    except Unreadable as unreadable:
        yield Doubt(unreadable.reason, sheet.path, unreadable.line)
        return
    if isinstance(table, Table) and is_wrangler(sheet.path):
        yield from _unknown(table, sheet)
        yield from _bound_twice(table, sheet)
        yield from _not_repeated(table, sheet)
    for flaw in configuration.flaws:
        if flaw.area == _HIDDEN or _HIDDEN in flaw.reason:
            yield Doubt(flaw.reason, sheet.path, flaw.span.line)
        elif not sheet.has(flaw.span):
            yield from sheet.told(flaw.span, flaw.area, flaw.reason, _REPAIR)
    for environment in configuration.environments:
        yield from of_date(environment, sheet)
        yield from of_flags(environment, sheet)
        yield from _named(environment, sheet)


def _unknown(table: Table, sheet: ConfigSheet) -> Iterator[Finding | Doubt]:
    if size_of(table) > MOST_VALUES:
        yield Doubt(
            f"it holds more than {MOST_VALUES:,} values; they are not looked at", sheet.path
        )
        return
    found = list(islice(faults(table), MOST + 1))
    for each in found[:MOST]:
        message = f"`{each.where}` {each.message} ({schema_said()})"
        yield from sheet.told(each.span, each.where, message, each.fix)
    if len(found) > MOST:
        yield Doubt(f"it has more than {MOST} faults; the others are not told", sheet.path)


# -- what stands well by itself, and not beside the rest


def _bound_twice(table: Table, sheet: ConfigSheet) -> Iterator[Finding]:
    """Two bindings of one name, in one environment."""
    for where, inner in _environments(table):
        seen: dict[str, str] = {}
        for key, name, span in _bindings(inner):
            if name in seen:
                message = f"`{name}` is bound twice, under `{seen[name]}` and `{key}`"
                fix = "Give one of them another name."
                yield from sheet.told(span, f"{where}{name}", message, fix, where)
            seen.setdefault(name, key)


def _environments(table: Table) -> Iterator[tuple[str, Table]]:
    yield "", table
    named = table.get("env")
    for member in named if isinstance(named, Table) else ():
        if isinstance(member.value, Table):
            yield f"env.{member.key}", member.value


def _bindings(table: Table) -> Iterator[tuple[str, str, Span]]:
    for member in table:
        if member.key == "vars" and isinstance(member.value, Table):
            yield from (("vars", each.key, each.key_span) for each in member.value)
        elif member.key not in _ELSEWHERE:
            for row in _rows(member.key, member.value):
                name = row.get("binding") or row.get("name")
                if isinstance(name, Scalar) and isinstance(name.value, str):
                    yield member.key, name.value, name.span


def _rows(key: str, value: Node) -> Iterator[Table]:
    """The tables of a key that each bind something."""
    inner = {"durable_objects": "bindings", "queues": "producers", "unsafe": "bindings"}
    if key in inner:
        held = value.get(inner[key]) if isinstance(value, Table) else None
        yield from (each for each in _items(held) if isinstance(each, Table))
    elif isinstance(value, Table):
        yield from (value,) if value.get("binding") else ()
    else:
        rows = (each for each in _items(value) if isinstance(each, Table))
        yield from (each for each in rows if each.get("binding") or key == "send_email")


def _items(value: Node | None) -> tuple[Node, ...]:
    return value.items if isinstance(value, Array) else ()


def _not_repeated(table: Table, sheet: ConfigSheet) -> Iterator[Note]:
    """What the top level binds and an environment that deploys does not."""
    top = {each.key for each in table} & _REPEATED
    for where, inner in _environments(table):
        left_out = sorted(top - {each.key for each in inner})
        if where and left_out:
            named = ", ".join(f"`{each}`" for each in left_out)
            yield Note(f"{sheet.path}: `{where}` has no {named}, which it does not inherit")


def _named(environment: Environment, sheet: ConfigSheet) -> Iterator[Finding]:
    """Names of Workflows, and patterns of migrations, that wrangler refuses."""
    for each in environment.workflows:
        if each.name is not None and not is_name(each.name.value, LONGEST_WORKFLOW):
            message = f"`{each.name.value}` is no name for a Workflow"
            fix = f"Letters, digits, `-` and `_`, {LONGEST_WORKFLOW} at most."
            yield from sheet.told(each.name.span, each.name.value, message, fix)
    for database in environment.databases:
        pattern, folder = database.migrations_pattern, database.migrations_dir
        if pattern is None:
            continue
        fix = "Begin the pattern with the folder that `migrations_dir` names."
        if folder is None:
            message = "`migrations_pattern` stands without `migrations_dir`"
            yield from sheet.told(pattern.span, pattern.value, message, fix)
        elif not _plain(pattern.value).startswith(f"{_plain(folder.value).rstrip('/')}/"):
            message = f"`{pattern.value}` does not begin with `{folder.value}`"
            yield from sheet.told(pattern.span, pattern.value, message, fix)


def _plain(path: str) -> str:
    return path.replace("\\", "/").removeprefix("./")
