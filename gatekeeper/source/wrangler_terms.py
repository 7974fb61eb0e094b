"""What a wrangler configuration says, as values with their places."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from gatekeeper.source.located import Span
from gatekeeper.value import dataclass, field


@dataclass(frozen=True, slots=True)
class Text:
    """A string of the configuration and where it stands."""

    value: str
    span: Span

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that wrangler refuses, or that it may read otherwise than it looks.

    What depends on `area` (a key of an environment such as `migrations`; `env` for the
    environments themselves) is not known. `reason` completes the sentence "PATH:LINE: …".
    """

    area: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class DurableObjectBinding:
    """An entry of `durable_objects.bindings`, or of `unsafe.bindings` that is one.

    `where` is its key path (`env.production.durable_objects`). `script` names the other
    Worker that owns the class; None where it is this one's.
    """

    where: str
    name: Text | None
    class_name: Text | None
    script: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Rename:
    """A class that goes on under another name, or comes in from another `script`."""

    old: Text
    new: Text
    script: Text | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """An entry of `migrations`."""

    tag: Text | None
    created: tuple[Text, ...]
    created_sqlite: tuple[Text, ...]
    renamed: tuple[Rename, ...]
    transferred: tuple[Rename, ...]
    deleted: tuple[Text, ...]
    span: Span


class Fate(Enum):
    """What became of a class name."""

    CREATED = "created"
    RENAMED_TO = "renamed to"
    TRANSFERRED_IN = "transferred in as"
    RENAMED_AWAY = "renamed away"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Step:
    """The latest thing that happened to a class name, and what had happened before.

    `name` is the class name at its place in the configuration; `tag` that of the migration.
    `before` is None for a beginning, and for the renaming or deletion of a class that the
    list never created.
    """

    fate: Fate
    name: Text
    tag: str
    before: Step | None = None


@dataclass(frozen=True, slots=True)
class Migrations:
    """All entries of one `migrations`, and what they come to.

    `live` and `gone` go from a class name to its latest step.
    """

    where: str = "migrations"
    entries: tuple[Migration, ...] = ()
    live: Mapping[str, Step] = field(default_factory=dict)
    gone: Mapping[str, Step] = field(default_factory=dict)


class ExportType(Enum):
    """The kinds of entry in `exports`."""

    DURABLE_OBJECT = "durable-object"
    WORKER = "worker"
    WORKFLOW = "workflow"


class ExportState(Enum):
    """Where the life of a Durable Object class declared in `exports` stands."""

    CREATED = "created"
    EXPECTING_TRANSFER = "expecting-transfer"
    DELETED = "deleted"
    RENAMED = "renamed"
    TRANSFERRED = "transferred"

    @property
    def live(self) -> bool:
        """Whether the Worker has the class: the other states are tombstones."""
        return self in (ExportState.CREATED, ExportState.EXPECTING_TRANSFER)


@dataclass(frozen=True, slots=True)
class Export:
    """An entry of `exports`; `name` is its key, the class.

    `other` is what `renamed_to`, `transferred_to` or `transfer_from` names; `workflow` the
    Workflow's name. `type` and `state` are None where wrangler does not know what is there.
    """

    name: Text
    type: ExportType | None
    state: ExportState | None
    storage: Text | None
    container: Text | None
    other: Text | None
    workflow: Text | None
    span: Span

    @property
    def is_durable_object(self) -> bool:
        """Whether it declares a Durable Object class, live or not."""
        return self.type is ExportType.DURABLE_OBJECT


@dataclass(frozen=True, slots=True)
class Exports:
    """All entries of one `exports`; `classes` are the Durable Object ones, live or not."""

    where: str = "exports"
    entries: tuple[Export, ...] = ()
    classes: Mapping[str, Export] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Container:
    """An entry of `containers`; its class is named here, or by the export that names it."""

    where: str
    name: Text | None
    class_name: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Workflow:
    """An entry of `workflows`; `script` names the other Worker that has the class.

    `scheduled` says that it has `schedules`, which start it; `steps` is `limits.steps`.
    """

    where: str
    binding: Text | None
    name: Text | None
    class_name: Text | None
    script: Text | None
    scheduled: bool
    steps: int | None
    span: Span


@dataclass(frozen=True, slots=True)
class Database:
    """An entry of `d1_databases`; None where wrangler's own default counts."""

    where: str
    binding: Text | None
    name: Text | None
    id: Text | None
    migrations_dir: Text | None
    migrations_table: Text | None
    migrations_pattern: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Resource:
    """A service, R2 bucket or KV namespace bound under `binding`; `target` is what it is."""

    where: str
    binding: Text | None
    target: Text | None
    span: Span


@dataclass(frozen=True, slots=True)
class Environment:
    """One set of settings as wrangler would use it, inheritance done.

    `where` is empty for the top level, else `env.<name>`, `previews` or
    `env.<name>.previews`. `migrations` and `exports` are the top level's own objects where
    they are inherited, so their `where` says where they stand.
    """

    where: str
    name: str
    main: Text | None
    compatibility_date: Text | None
    compatibility_flags: tuple[Text, ...]
    durable_objects: tuple[DurableObjectBinding, ...]
    migrations: Migrations
    exports: Exports
    containers: tuple[Container, ...]
    workflows: tuple[Workflow, ...]
    databases: tuple[Database, ...]
    services: tuple[Resource, ...]
    buckets: tuple[Resource, ...]
    namespaces: tuple[Resource, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file: the top level first, then every named environment and preview.

    `keys` are those of the top level, known and unknown.
    """

    environments: tuple[Environment, ...]
    flaws: tuple[Flaw, ...]
    keys: frozenset[str]
