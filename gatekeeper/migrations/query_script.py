"""The SQL in scripts, constants followed from file to file."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from gatekeeper.cache import Extractor
from gatekeeper.errors import Unreadable
from gatekeeper.migrations.query import Gathered, Query
from gatekeeper.migrations.query_folding import TooMuch
from gatekeeper.migrations.query_keeping import packed, unpacked
from gatekeeper.migrations.query_linking import Linking
from gatekeeper.migrations.query_pieces import Options, said
from gatekeeper.migrations.query_script_sites import strings
from gatekeeper.migrations.query_site import Strings
from gatekeeper.snapshot import Sieve, Snapshot
from gatekeeper.source import jsonc
from gatekeeper.source.located import plain
from gatekeeper.source.script import SCRIPT
from gatekeeper.source.script_modules import ScriptModules
from gatekeeper.source.script_text import is_script

# Between `select` and `from` no other `select`: what one of them has seen, no other looks at again.
_CAN_HOLD = re.compile(
    rb"\\[xu]|\bprepare\b|\b(?:sql|SQL)\b|[.$](?:raw|unsafe|exec)\b|(?:Raw|Unsafe|Sql)\b"
    rb"|(?i:\bpragma\s"
    rb"|\bselect\b(?:[^;s]|(?!\bselect\b)s){0,9000}?\bfrom\b"
    rb"|\b(?:insert|replace)\b.{0,90}?\binto\b"
    rb"|\bupdate\b.{0,200}?\bset\b|\bdelete\b.{0,60}?\bfrom\b"
    rb"|\b(?:create|alter|drop)\b.{0,60}?\b(?:table|view|index|trigger)\b"
    rb"|\bwith\b[^;]{0,99}?\bas\b[^;]{0,40}?\()",
    re.DOTALL,
)
_TEXTS = (".sql", ".txt", ".html")
_MOST_FAULTS = 3
_SCRIPTS = Sieve("scripts by name", 1, lambda path, entry: entry.is_file and is_script(path))


def _strings(content: bytes, path: str) -> Strings:
    try:
        return strings(SCRIPT.read(content, path))
    except TooMuch:
        raise Unreadable(path, "its strings take too long to follow") from None
    except RecursionError:
        raise Unreadable(path, "its code stands in itself too deep") from None


STRINGS: Extractor[Strings] = Extractor("SQL in scripts", 2, _strings, packed, unpacked)


class ScriptQueries:
    """The SQL in TypeScript and JavaScript, and in the scripts of Vue, Svelte and Astro files."""

    def gathered(self, snapshot: Snapshot) -> Gathered:
        """The SQL in all scripts."""
        linking = _Linking(snapshot)
        queries: list[Query] = []
        unread: list[tuple[str, str]] = []
        for path in snapshot.passing(_SCRIPTS):
            try:
                if _CAN_HOLD.search(snapshot.read(path)):
                    queries += linking.queries(path)
                    unread += _faults(path, linking.strings(path))
            except Unreadable as unreadable:
                unread.append((path, unreadable.reason))
        return Gathered(tuple(queries), tuple(unread))


def _faults(path: str, found: Strings) -> Iterator[tuple[str, str]]:
    if found.faults:
        lines = ", ".join(map(str, found.faults[:_MOST_FAULTS]))
        yield path, f"its grammar is at a loss at line {lines}"


class _Linking(Linking):
    """By the rules of JavaScript's modules; a text that a build takes in is what it holds."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot)
        self._modules = ScriptModules(snapshot)

    def strings(self, path: str) -> Strings:
        """What a file holds; raises `Unreadable`."""
        return self.snapshot.facts(STRINGS, path)

    def places(self, path: str, reference: str) -> Iterator[tuple[str, str]]:
        """What a module exports under a name, or as the whole of CommonJS."""
        module, _, name = reference.rpartition(":")
        for file in self._modules.find(path, module) if name else ():
            yield file, name
            rest = name.removeprefix("default").lstrip(".") if _is_default(name) else name
            yield file, f"=.{rest}" if rest else "="

    def given(self, path: str, reference: str) -> Options | None:
        """The text of a file that is no source, or a string that one of JSON holds."""
        module, _, name = reference.rpartition(":")
        file = module.partition("?")[0]
        is_text = file.endswith(_TEXTS) or module.endswith("?raw")
        if not (is_text or file.endswith(".json")) or not file.startswith("."):
            return None
        wanted = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
        entry = self.snapshot.entries.get(wanted)
        if entry is None or not entry.is_file:
            return None
        content = self.snapshot.read(wanted)
        if is_text:
            return said(content.decode("utf-8-sig", "replace"))
        held = _in_json(content, wanted, name)
        return None if held is None else said(held)


def _in_json(content: bytes, path: str, name: str) -> str | None:
    """The string under a dotted name; None where there is none."""
    try:
        held = plain(jsonc.parse(content, path))
    except Unreadable:
        return None
    for key in name.removeprefix("default").split("."):
        held = held.get(key) if isinstance(held, dict) and key else held
    return held if isinstance(held, str) else None


def _is_default(name: str) -> bool:
    return name == "default" or name.startswith("default.")
