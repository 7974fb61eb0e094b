"""Which files of a tree are wrangler configuration, whatever leads wrangler to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.snapshot import LINK, Sieve, Snapshot
from gatekeeper.source import jsonc
from gatekeeper.source.located import Table
from gatekeeper.source.wrangler import SUFFIXES, WRANGLER, is_wrangler
from gatekeeper.source.wrangler_commands import GIVEN, given_to_wrangler, is_command_file
from gatekeeper.source.wrangler_fields import Fields
from gatekeeper.source.wrangler_terms import Configuration, Flaw, Text
from gatekeeper.value import dataclass

_REDIRECT = ".wrangler/deploy/config.json"
_SUFFIXES = (*SUFFIXES, ".yaml", ".yml")
_LINKS = 40

# `wrangler --config` takes any file. One under another name is known by these keys, or by
# a Durable Object in any of its environments.
_KEYS = frozenset({"compatibility_date", "durable_objects"})
_NEEDLES = (
    *(key.encode() for key in sorted(_KEYS)),
    b'"durable-object"',
    b"'durable-object'",
    b"new_classes",
    b"new_sqlite_classes",
    b"renamed_classes",
    b"transferred_classes",
)

# The type of a binding, and the keys of classes, as Cloudflare's REST interface and Pulumi call
# them: what says these is none of wrangler's, but whoever looks for one looks for the other.
_UPLOADS = (b"durable_object_namespace", b"ewSqliteClasses", b"ewClasses")

# Both JSON and TOML write a letter as its code: `durable\u005fobjects`.
_ESCAPES = (b"\\u00", b"\\U000000")
_ESCAPED_KEY = re.compile(
    rb'"(?=[^"\n]*\\[uU]00)(?:[\w\-]|\\u00[0-9a-fA-F]{2}|\\U000000[0-9a-fA-F]{2})+"\s*[:=\].]'
)


@dataclass(frozen=True, slots=True)
class Listing:
    """The configuration files of a tree, by path, and those that could not be gone to."""

    paths: tuple[str, ...]
    lost: tuple[Unreadable, ...]


@dataclass(frozen=True, slots=True)
class _Start:
    """A file that says where configuration is, on which of its lines, and where that is."""

    path: str
    line: int | None
    target: str


def configurations(snapshot: Snapshot) -> Listing:
    """Every wrangler configuration of the tree, each once, sorted by path.

    By name (`is_wrangler`), through a link so named, through `.wrangler/deploy/config.json`
    (to which wrangler turns before any other), by `--config` in a command (of package.json, a
    Makefile, a workflow, a shell script), and JSON or TOML under another name that holds a key
    of wrangler's, escaped or not. A redirect or link to what is not in the tree is lost.
    """
    paths: set[str] = set()
    lost: list[Unreadable] = []
    for start in _starts(snapshot, lost):
        try:
            paths.add(_followed(snapshot, start))
        except Unreadable as unreadable:
            lost.append(unreadable)
    return Listing(tuple(sorted(paths)), tuple(lost))


def sniffed(snapshot: Snapshot) -> tuple[str, ...]:
    """The JSON, TOML and YAML that says something of wrangler's or an upload's, however called."""
    return snapshot.among(snapshot.passing(_WRITTEN), (*_NEEDLES, *_ESCAPES, *_UPLOADS))


def may_configure(snapshot: Snapshot, path: str) -> bool:
    """Whether the file at `path` could be among `configurations`: cheap, never wrongly no."""
    if _is_named(path):
        return True
    if any(_leads_on(snapshot, each) for each in snapshot.passing(_NAMED)):
        return True
    entry = snapshot.entries.get(path)
    if entry is None or not entry.is_file:
        return False
    if is_command_file(path) and snapshot.facts(GIVEN, path):
        return True
    return path.lower().endswith(SUFFIXES) and _could_say(snapshot, path)


def _could_say(snapshot: Snapshot, path: str) -> bool:
    content = snapshot.read(path)
    said = any(needle in content for needle in (*_NEEDLES, *_ESCAPES))
    return said or path in given_to_wrangler(snapshot)


def _leads_on(snapshot: Snapshot, path: str) -> bool:
    return _is_redirect(path) or (is_wrangler(path) and snapshot.entries[path].mode == LINK)


def _is_redirect(path: str) -> bool:
    return f"/{path}".lower().endswith(f"/{_REDIRECT}")


def _starts(snapshot: Snapshot, lost: list[Unreadable]) -> Iterator[_Start]:
    said = (each for each in sniffed(snapshot) if each.lower().endswith(SUFFIXES))
    others = (each for each in said if not _is_named(each) and _may_say(snapshot, each))
    for path in given_to_wrangler(snapshot):
        if path.lower().endswith(SUFFIXES):
            yield _Start(path, None, path)
    for path in (*snapshot.passing(_NAMED), *others):
        try:
            yield from _leads(snapshot, path)
        except Unreadable as unreadable:
            lost.append(unreadable)


def _may_say(snapshot: Snapshot, path: str) -> bool:
    """Whether a file holds a key of wrangler's; one that cannot be read may."""
    try:
        return snapshot.facts(_SAYS, path)
    except Unreadable:
        return True


def _says(content: bytes, _: str) -> bool:
    """The same of a content; one that escapes letters may spell any key."""
    if any(needle in content for needle in _NEEDLES):
        return True
    return _ESCAPED_KEY.search(content) is not None


_SAYS = Extractor("wrangler keys", 1, _says)


def _is_named(path: str) -> bool:
    return is_wrangler(path) or _is_redirect(path)


# Every rule of the platform's asks which these are, and the tree may have any number of others.
_NAMED = Sieve("wrangler files", 1, lambda path, _: _is_named(path))
_WRITTEN = Sieve("json, toml and yaml", 1, lambda path, _: path.lower().endswith(_SUFFIXES))


def _leads(snapshot: Snapshot, path: str) -> Iterator[_Start]:
    if is_wrangler(path):
        yield _Start(path, None, path)
    elif _is_redirect(path):
        for text in snapshot.facts(REDIRECT, path):
            yield _Start(path, text.span.line, _beside(path, text.value))
    elif _is_telling(snapshot.facts(WRANGLER, path)):
        yield _Start(path, None, path)


def _is_telling(configuration: Configuration) -> bool:
    """Whether a file that could be called anything is a configuration of wrangler's."""
    return not _KEYS.isdisjoint(configuration.keys) or any(
        each.durable_objects or each.migrations.live or each.exports.classes
        for each in configuration.environments
    )


def _followed(snapshot: Snapshot, start: _Start) -> str:
    """The file that a start comes to, links followed."""
    at = start.target
    for _ in range(_LINKS):
        entry = snapshot.entries.get(at)
        if entry is None:
            reason = f"it leads to `{at}`, which is not in the tree"
            raise Unreadable(start.path, reason, start.line)
        if entry.mode != LINK:
            return at
        at = _beside(at, snapshot.read(at).decode("utf-8", "surrogateescape"))
    raise Unreadable(start.path, "its links lead round in a circle", start.line)


def _beside(path: str, relative: str) -> str:
    folder = posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(folder, relative.replace("\\", "/")))


def _redirect(content: bytes, path: str) -> tuple[Text, ...]:
    """The paths that a redirect names, as vite's plugin writes it for wrangler."""
    node = jsonc.parse(content, path)
    if not isinstance(node, Table):
        raise Unreadable(path, "it holds no table with a `configPath`", node.span.line)
    flaws: list[Flaw] = []
    fields = Fields(node, "", "", flaws)
    found = (
        fields.required("configPath"),
        fields.text("prerenderWorkerConfigPath"),
        *(row.required("configPath") for row in fields.rows("auxiliaryWorkers")),
    )
    for flaw in flaws:
        raise Unreadable(path, flaw.reason, flaw.span.line)
    return tuple(text for text in found if text)


REDIRECT = Extractor("wrangler-redirect", 1, _redirect)
