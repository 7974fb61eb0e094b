"""Durable Objects in what deploys Workers without wrangler: Terraform, and workerd itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gatekeeper import Doubt, Examined, Finding, Observation, Sieve, Snapshot, Unreadable
from gatekeeper.source.capnp import CAPNP, Token
from gatekeeper.source.terraform import TERRAFORM, Said, is_terraform
from gatekeeper_rules.code._durable_spots import Spot, found_at

_FIX = "Keep the state in D1 and run the steps in a Workflow; then remove this."
_RETIRE = (
    "Retire the class by `deleted_classes`; that deletes its data, so copy it elsewhere first."
)

# cloudflare/cloudflare 5: `cloudflare_workers_script`, `cloudflare_worker_version`.
_KIND = "durable_object"
_NAMESPACE = "durable_object_namespace"
_PROSE = (("description",), ("error_message",))
_CREATES = frozenset({"new_classes", "new_sqlite_classes"})
_MOVES = frozenset({"renamed_classes", "transferred_classes"})
_DECIDES = _CREATES | _MOVES
_WORKERS = ("cloudflare_worker", "cloudflare_pages_project")
_PAIR = 2
_NEEDLES = (_KIND.encode(), b"_classes", b"\\u00", b"\\U0000", b"${", b"(")
"""One of these is in every file that says a Durable Object, whole or put together."""

# workerd, `src/workerd/server/workerd.capnp`.
_CAPNP = ".capnp"
_FIELDS = frozenset(
    (
        *("durableObjectClass", "durableObjectNamespace", "durableObjectNamespaces"),
        *("durableObjectStorage", "durableObjectUniqueKeyModifier"),
    )
)
_FIELD = b"durableObject"
_FILES = Sieve(
    "infrastructure",
    1,
    lambda path, entry: entry.is_file and (is_terraform(path) or path.lower().endswith(_CAPNP)),
)


def observations(snapshot: Snapshot) -> Iterable[Observation]:
    """A finding for each Durable Object, a doubt for each file that says one and is unreadable."""
    files = 0
    for path in snapshot.passing(_FILES):
        files += 1
        content = snapshot.read(path)
        if is_terraform(path) and any(needle in content for needle in _NEEDLES):
            yield from _in_terraform(snapshot, path)
        elif path.lower().endswith(_CAPNP) and _FIELD in content:
            yield from _in_capnp(snapshot, path)
    if files:
        yield Examined("infrastructure files", files)


def _in_terraform(snapshot: Snapshot, path: str) -> Iterator[Finding | Doubt]:
    try:
        facts = snapshot.facts(TERRAFORM, path)
    except Unreadable as unreadable:
        yield Doubt(f"cannot be read: {unreadable.reason}", path, unreadable.line)
        return
    says = _KIND.encode() in snapshot.read(path)
    for line in facts.faults[:1] if says else ():
        yield Doubt("cannot be read in full: its grammar is not known here", path, line)
    lines = snapshot.read(path).decode("utf-8", "replace").split("\n")
    gone = {(each.block, each.text) for each in facts.said if "deleted_classes" in each.keys}
    for each in facts.said:
        if told := _told(each):
            if told == _RETIRE and (each.block, each.text) in gone:
                continue
            yield _finding(path, lines, each, told)
        elif each.text is not None and _NAMESPACE in each.text and each.keys[-1:] not in _PROSE:
            reason = f"what becomes of `{_NAMESPACE}` here is not known"
            yield Doubt(reason, path, each.line)
    lost = dict.fromkeys(each.line for each in facts.opened if _may_tell(each))
    reason = "what is put together here cannot be told without running Terraform"
    yield from (Doubt(reason, path, line) for line in lost)


def _may_tell(opened: Said) -> bool:
    """Whether what nobody can put together may be the type of a binding, or one of its classes."""
    decides = opened.keys[-1:] == ("type",) or not _DECIDES.isdisjoint(opened.keys)
    is_worker = any(word.startswith(_WORKERS) for word in opened.block.split())
    return (decides and is_worker) or "durable" in (opened.text or "").lower()


def _told(said: Said) -> str:
    """How to mend what a string or a key says, if it says a Durable Object."""
    last = said.keys[-1] if said.keys else ""
    if said.text is None:
        return _FIX if last.startswith(_KIND) else ""
    if last == "type" and said.text.startswith(_KIND):
        return _FIX
    moved = last == "to" and len(said.keys) >= _PAIR and said.keys[-2] in _MOVES
    return _RETIRE if moved or last in _CREATES else ""


def _finding(path: str, lines: list[str], said: Said, fix: str) -> Finding:
    name = said.keys[-1] if said.text is None else said.text
    where = f"`{said.block}`" if said.block else "it"
    is_class = fix == _RETIRE
    what = f"declares the Durable Object class `{name}`" if is_class else f"has a `{name}`"
    spot = Spot(said.line, said.column, name, ".".join(said.keys))
    return found_at(path, lines, spot, f"{where} {what}", fix)


def _in_capnp(snapshot: Snapshot, path: str) -> Iterator[Finding | Doubt]:
    try:
        tokens = snapshot.facts(CAPNP, path)
    except Unreadable as unreadable:
        yield Doubt(f"cannot be read: {unreadable.reason}", path, unreadable.line)
        return
    lines = snapshot.read(path).decode("utf-8", "replace").split("\n")
    for token, then in zip(tokens, _behind(tokens), strict=True):
        if token.text in _FIELDS and then[:1] == ("=",) and then[1:3] != ("[", "]"):
            spot = Spot(token.line, token.column, token.text, token.text)
            yield found_at(path, lines, spot, f"workerd is given `{token.text}`", _FIX)


def _behind(tokens: tuple[Token, ...]) -> Iterator[tuple[str, ...]]:
    for place in range(len(tokens)):
        yield tuple(each.text for each in tokens[place + 1 : place + 4])
