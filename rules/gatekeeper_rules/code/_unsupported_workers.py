"""The Workers that wrangler's configurations deploy: what they start, and on which platform."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gatekeeper import Doubt, Sieve, Snapshot, Unreadable
from gatekeeper.source.located import Span
from gatekeeper.source.script_text import is_script
from gatekeeper.source.wrangler import WRANGLER
from gatekeeper.source.wrangler_files import configurations
from gatekeeper.source.wrangler_terms import Configuration, Environment
from gatekeeper.value import dataclass
from gatekeeper_rules.code._node_compat import NO_DATE, Compat, is_date
from gatekeeper_rules.code._production import Role, role_of
from gatekeeper_rules.code._script_sources import role_of as script_role_of
from gatekeeper_rules.code._workflow_hosts import ELSEWHERE

# Terraform's and Pulumi's resources, Alchemy's, and what `cloudflare.config.ts` calls.
_WORKERS = re.compile(
    rb"cloudflare_(?:workers?_(?:script|version)\b|pages_project\b)|defineWorker\b"
    rb"|\bcloudflare(?:\.|:(?:[\w/]+:)?)(?:Workers?(?:Script|Version)?|PagesProject)\b"
    rb"|\b(?:Worker|Vite|Astro|Nuxt|ReactRouter|SvelteKit|TanStackStart|Website|BunSPA)\("
)
_TAKES_PULUMI = re.compile(rb"pulumi[_/-]cloudflare")
_MADE = re.compile(rb"\b(?:Workers?(?:Script|Version)|PagesProject)\b")
_PULUMI = "Pulumi.yaml"
_PROGRAMS = (".ts", ".js", ".mts", ".mjs", ".py", ".go", ".cs")
_FILES_ELSEWHERE = Sieve(
    "configures Workers without wrangler",
    1,
    lambda path, entry: entry.is_file and path.endswith(ELSEWHERE),
)
_PREVIEWS = "previews"
_PAGES = "pages_build_output_dir"


@dataclass(frozen=True, eq=False)
class Worker:
    """An environment that deploys code of the repository.

    `roots` are the files that it starts; `lost` is a `main` that is not in the tree, because a
    build makes it. `compat` is what it says of its platform, with a date of long ago where
    it says none.
    """

    path: str
    environment: Environment
    roots: tuple[str, ...]
    lost: str

    @property
    def shown(self) -> str:
        """What a reader calls it."""
        where = self.environment.where
        return f"`{self.path}` ({where})" if where else f"`{self.path}`"

    @property
    def compat(self) -> Compat:
        """The compatibility date and flags."""
        given = self.environment.compatibility_date
        date = given.value if given is not None and is_date(given.value) else NO_DATE
        return Compat(date, frozenset(each.value for each in self.environment.compatibility_flags))

    @property
    def is_dated(self) -> bool:
        """Whether it says which platform it is made for."""
        given = self.environment.compatibility_date
        return given is not None and is_date(given.value)

    @property
    def span(self) -> Span:
        """Where its configuration stands."""
        return self.environment.span

    @property
    def home(self) -> str:
        """The folder of its configuration, an empty text for the top."""
        return posixpath.dirname(self.path)


@dataclass(frozen=True, eq=False)
class Workers:
    """Every Worker of a tree, the configurations that could be read, and what could not."""

    all: tuple[Worker, ...]
    configurations: tuple[tuple[str, Configuration], ...]
    doubts: tuple[Doubt, ...]


def workers_of(snapshot: Snapshot) -> Workers:
    """The Workers of production: tests, previews and what is vendored are none."""
    listing = configurations(snapshot)
    doubts = [Doubt(each.reason, each.path, each.line) for each in listing.lost]
    found: list[Worker] = []
    read: list[tuple[str, Configuration]] = []
    for path in listing.paths:
        if {role_of(path), script_role_of(path)} != {Role.PRODUCTION}:
            continue
        try:
            configuration = snapshot.facts(WRANGLER, path)
        except Unreadable as unreadable:
            doubts.append(Doubt(unreadable.reason, path, unreadable.line))
            continue
        read.append((path, configuration))
        found += _workers(snapshot, path, configuration)
    doubts += _elsewhere(snapshot, alone=not read)
    return Workers(tuple(found), tuple(read), tuple(doubts))


def _elsewhere(snapshot: Snapshot, *, alone: bool) -> Iterator[Doubt]:
    """What configures Workers by other means: for which platform their code is made is not known.

    Beside wrangler's configuration only what says a Worker: most of Terraform's files say none.
    """
    for path in snapshot.passing(_FILES_ELSEWHERE):
        if role_of(path) is not Role.PRODUCTION:
            continue
        if alone:
            yield Doubt("it configures a platform and is not read in this version", path)
        elif _says_worker(snapshot, path):
            reason = "it configures a Worker, whose compatibility date and flags are not read"
            yield Doubt(f"{reason} in this version", path)


def _says_worker(snapshot: Snapshot, path: str) -> bool:
    """Whether a file makes a Worker, or the program beside a project file of Pulumi does."""
    if _WORKERS.search(snapshot.read(path)):
        return True
    if not path.endswith(_PULUMI):
        return False
    folder = posixpath.dirname(path)
    beside = snapshot.below(folder) if folder else snapshot.entries
    programs = (each for each in beside if each.endswith(_PROGRAMS))
    files = (each for each in programs if snapshot.entries[each].is_file)
    contents = (snapshot.read(each) for each in files if role_of(each) is Role.PRODUCTION)
    return any(_TAKES_PULUMI.search(each) and _MADE.search(each) for each in contents)


def _workers(snapshot: Snapshot, path: str, configuration: Configuration) -> Iterator[Worker]:
    for each in configuration.environments:
        if each.where.rpartition(".")[2] == _PREVIEWS:
            continue
        home = posixpath.dirname(path)
        if each.main is not None:
            said = each.main.value.replace("\\", "/")
            main = posixpath.normpath(posixpath.join(home, said))
            started = _started(snapshot, main)
            yield Worker(path, each, started, "" if started else main)
        elif _PAGES in configuration.keys:
            yield Worker(path, each, tuple(_functions(snapshot, home)), "")


def _started(snapshot: Snapshot, main: str) -> tuple[str, ...]:
    """The file, in whatever letters: the file systems of most people take any for the same."""
    if main in snapshot.entries:
        return (main,)
    return tuple(path for path in snapshot.entries if path.lower() == main.lower())


def _functions(snapshot: Snapshot, home: str) -> Iterator[str]:
    """What Pages runs: every script in `functions` beside the configuration."""
    folder = f"{home}/functions" if home else "functions"
    yield from (path for path in snapshot.below(folder) if is_script(path))
