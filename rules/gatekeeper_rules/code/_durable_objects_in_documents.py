"""Durable Objects in JSON and YAML that is uploaded, or that tools other than wrangler deploy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Excerpt, Finding, Observation, Side, Sieve, Snapshot, Unreadable
from gatekeeper.source.wrangler_files import configurations, sniffed
from gatekeeper_rules.code._durable_elsewhere import DOCUMENTS, PARTYKIT
from gatekeeper_rules.code._durable_uses import FIX
from gatekeeper_rules.code._python_candidates import UPLOADED

_OF_TERRAFORM = (".tf.json", ".tofu.json", ".tfvars.json")
_MOST = 2_000_000
_WIDTH = 160

# Cloudflare's REST interface and Pulumi say it alike: the type of a binding; and the classes that
# an upload makes. Both languages write a key and its value the same way, if on one line.
_TYPE = re.compile(rb"[\"']?\btype[\"']?\s*:\s*[\"']?durable_object_namespace\b")
_CREATES = re.compile(rb"[\"']?\bnew_?(?:[Ss]qlite_?)?[Cc]lasses[\"']?\s*:(?!\s*(?:\[\s*\]|null))")
_PULUMI = re.compile(r"(?:.*/)?Pulumi(?:\.[^/]*)?\.ya?ml$")

# PartyKit's own configuration: each party is a Durable Object class.
_PARTIES = re.compile(rb"\"(?:main|parties)\"\s*:")
_FILES = Sieve("partykit", 1, lambda path, entry: entry.is_file and bool(PARTYKIT.match(path)))


def observations(snapshot: Snapshot) -> Iterable[Observation]:
    """A finding for each place; wrangler's own configuration is read elsewhere."""
    said = {path for path in sniffed(snapshot) if path.lower().endswith(DOCUMENTS)}
    said |= set(snapshot.passing(_FILES))
    if said:
        said -= set(configurations(snapshot).paths)
    for path in sorted(said):
        if not path.lower().endswith(_OF_TERRAFORM):
            yield from _in_file(snapshot, path)


def _in_file(snapshot: Snapshot, path: str) -> Iterator[Finding | Doubt]:
    try:
        content = snapshot.read(path)
    except Unreadable as unreadable:
        yield Doubt(f"cannot be read: {unreadable.reason}", path, unreadable.line)
        return
    if len(content) > _MOST:
        reason = f"cannot be read: it has {len(content):,} bytes; {_MOST:,} are read at most"
        yield Doubt(reason, path)
        return
    number, last = 1, 0
    for place, quoted, message in _told(path, content):
        number, last = number + content.count(b"\n", last, place), place
        start = content.rfind(b"\n", 0, place) + 1
        text = content[start : start + _WIDTH].split(b"\n")[0].decode("utf-8", "replace").strip()
        if text.startswith(("#", "//")):
            continue
        yield Finding(
            message,
            Side.HEAD,
            path,
            (Excerpt(number, text),),
            FIX,
            line=number,
            column=place - start + 1,
            symbol=quoted,
            quoted=quoted,
        )


def _told(path: str, content: bytes) -> list[tuple[int, str, str]]:
    """Each place, what stands there, and what to say of it, in order."""
    asked = [(_TYPE, f"`{UPLOADED}` binds a Durable Object")]
    if _PULUMI.match(path) or UPLOADED.encode() in content:
        asked.append((_CREATES, "it makes Durable Object classes"))
    found = [
        (each.start(), each[0].decode("utf-8", "replace"), message)
        for pattern, message in asked
        for each in pattern.finditer(content)
    ]
    if PARTYKIT.match(path) and (party := _PARTIES.search(content)):
        message = "PartyKit runs each of its parties in a Durable Object"
        found.append((party.start(), party[0].decode(), message))
    return sorted(found)
