"""What wrangler starts, and what its configuration says that the classes in it are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from gatekeeper import Sieve, Snapshot, Unreadable
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.script import SCRIPT
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper.source.script_text import is_script
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import Environment, Text
from gatekeeper.value import dataclass
from gatekeeper_rules.code._durable_services import nearest

_BUILT = frozenset({"build", "dist", "lib", "out"})
_CONFIGURATION = re.compile(r"(?:.*/)?(?:cloudflare|wrangler)\.config\.[cm]?[jt]s$")
_CONFIGURATIONS = Sieve(
    "cloudflare.config.ts",
    1,
    lambda path, entry: entry.is_file and _CONFIGURATION.match(path) is not None,
)


@dataclass(frozen=True, slots=True)
class Tie:
    """A place of the configuration that makes a class of some name a Durable Object."""

    path: str
    where: str
    name: Text


Ties = Mapping[str, Tie]
Mains = Callable[[str, str], tuple[str, ...]]
"""The files that a configuration at a path means by its `main`."""


@dataclass(frozen=True, slots=True)
class Entries:
    """For each file of one language that wrangler starts, its ties by class name.

    `homes` are the folders of the configurations that start it. `loose` are the ties of Workers
    whose `main` is no such file of the tree, by the folder of their configuration.
    """

    started: Mapping[str, Ties]
    homes: Mapping[str, frozenset[str]]
    loose: Mapping[str, Ties]


@dataclass(frozen=True, slots=True)
class _Worker:
    path: str
    environment: Environment
    mains: tuple[str, ...]


def entries_of(snapshot: Snapshot, modules: ScriptModules) -> Entries:
    """The scripts that Workers of a tree start; a binding counts for the Worker it names."""
    workers = _workers(snapshot, lambda path, said: _scripts(path, said, modules))
    return _entries(tuple(workers), _mains_of_scripts(snapshot, modules))


def python_entries_of(snapshot: Snapshot) -> Entries:
    """The Python files that Workers of a tree start, likewise."""
    return _entries(tuple(_workers(snapshot, lambda path, said: _python(snapshot, path, said))), ())


def _entries(workers: tuple[_Worker, ...], others: Iterable[tuple[str, str]]) -> Entries:
    started: dict[str, dict[str, Tie]] = {}
    loose: dict[str, dict[str, Tie]] = {}
    homes: dict[str, set[str]] = {}
    configured = ((main, each.path) for each in workers for main in each.mains)
    for main, path in (*configured, *others):
        started.setdefault(main, {})
        homes.setdefault(main, set()).add(posixpath.dirname(path))
    for worker in workers:
        for tie, script in _ties(worker):
            for owner in _owners(workers, worker, script):
                own = [started[main] for main in owner.mains]
                home = posixpath.dirname(owner.path)
                for held in own or [loose.setdefault(home, {})]:
                    held.setdefault(tie.name.value, tie)
    return Entries(started, {main: frozenset(of) for main, of in homes.items()}, loose)


def is_configuration(path: str) -> bool:
    """Whether a script is wrangler's configuration (`cloudflare.config.ts`)."""
    return _CONFIGURATION.match(path) is not None


def _mains_of_scripts(snapshot: Snapshot, modules: ScriptModules) -> Iterator[tuple[str, str]]:
    """What a configuration that is a script takes as a whole (`import * as entrypoint`), and it."""
    for path in snapshot.passing(_CONFIGURATIONS):
        try:
            taken = tuple(snapshot.facts(SCRIPT, path).imports())
        except Unreadable:
            continue
        for each in taken:
            if each.name == "*" and each.module.startswith("."):
                yield from ((main, path) for main in modules.find(path, each.module))


def python_ties(snapshot: Snapshot) -> tuple[frozenset[str], frozenset[str]]:
    """The Python files that Workers start, and the names of classes that are tied to these."""
    started = python_entries_of(snapshot).started
    return frozenset(started), frozenset(name for ties in started.values() for name in ties)


def may_be_exported(snapshot: Snapshot, content: bytes) -> bool:
    """Whether what a script exports can be a Durable Object by configuration: never wrongly no."""
    if b"export" not in content:
        return False
    environments = (each for _, held in _configured(snapshot) for each in held)
    return bool(snapshot.passing(_CONFIGURATIONS)) or any(_says(each) for each in environments)


def _says(environment: Environment) -> bool:
    """Whether it starts a script, or names a class."""
    main = environment.main
    named = environment.durable_objects or environment.exports.classes or environment.containers
    is_started = main is not None and is_script(main.value)
    return is_started or bool(named or environment.migrations.live)


def _workers(snapshot: Snapshot, mains: Mains) -> Iterator[_Worker]:
    for path, environments in _configured(snapshot):
        for environment in environments:
            said = environment.main.value.replace("\\", "/") if environment.main else ""
            yield _Worker(path, environment, mains(path, posixpath.normpath(said)) if said else ())


def _configured(snapshot: Snapshot) -> Iterator[tuple[str, tuple[Environment, ...]]]:
    for path in configurations(snapshot).paths:
        try:
            yield path, snapshot.facts(WRANGLER, path).environments
        except Unreadable:
            continue


def _scripts(path: str, said: str, modules: ScriptModules) -> tuple[str, ...]:
    """The script that is started, or the source that a build makes it of."""
    said = said.lstrip("/")
    if not is_script(said):
        return ()
    found = tuple(modules.find(path, f"./{said}"))
    first, _, rest = said.partition("/")
    if not found and first in _BUILT and rest:
        found = tuple(modules.find(path, f"./src/{posixpath.splitext(rest)[0]}"))
    return found


def _python(snapshot: Snapshot, path: str, said: str) -> tuple[str, ...]:
    """The Python file that is started; the file systems of most people ignore case."""
    main = posixpath.normpath(posixpath.join(posixpath.dirname(path), said.lstrip("/")))
    if not is_python(main):
        return ()
    if main in snapshot.entries:
        return (main,)
    return tuple(each for each in snapshot.entries if each.lower() == main.lower())


def _owners(workers: tuple[_Worker, ...], worker: _Worker, script: Text | None) -> list[_Worker]:
    """The Workers that have the class: the one itself, or the nearest that is named."""
    if script is None or script.value == worker.environment.name:
        return [worker]
    named = [each for each in workers if each.environment.name == script.value]
    near = nearest({each.path for each in named}, worker.path)
    return [each for each in named if each.path in near]


def _ties(worker: _Worker) -> Iterator[tuple[Tie, Text | None]]:
    """Every name of a class that is a Durable Object, and the Worker that is said to have it."""
    environment = worker.environment
    for binding in environment.durable_objects:
        if binding.class_name:
            yield Tie(worker.path, binding.where, binding.class_name), binding.script
    for container in environment.containers:
        if container.class_name:
            yield Tie(worker.path, container.where, container.class_name), None
    for step in environment.migrations.live.values():
        yield Tie(worker.path, environment.migrations.where, step.name), None
    for export in environment.exports.classes.values():
        if export.state is None or export.state.live:
            yield Tie(worker.path, environment.exports.where, export.name), None
