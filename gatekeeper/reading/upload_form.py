"""The form that wrangler uploads (`wrangler deploy --dry-run --outfile FILE`), read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.reading.bundled import Bound, Upload
from gatekeeper.reading.content import json_of
from gatekeeper.reading.shapes import Table
from gatekeeper.reading.unusable import Unusable

_END = b"\r\n"
_NAME = re.compile(rb'name="([^"]*)"')
_TYPE = re.compile(rb"^content-type:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_METADATA = "metadata"
_MAP = "application/source-map"
# As wrangler types modules, whatever their names are.
_RUN = {
    "application/javascript": (".js", (".js", ".mjs", ".cjs")),
    "application/javascript+module": (".js", (".js", ".mjs", ".cjs")),
    "text/x-python": (".py", (".py",)),
}
_ABOUT = ("class_name", "workflow_name")


class _Part(NamedTuple):
    name: str
    type: str
    content: bytes


def read(content: bytes, command: str) -> Upload:
    """What a form says; raises Unusable for what is no form of wrangler's.

    A module that is run by its type has a name that says so: a suffix is put behind another one.
    """
    parts = list(_parts(content))
    said = next((each.content for each in parts if each.name == _METADATA), None)
    if said is None:
        raise Unusable("what wrangler wrote is no form to upload: it has no metadata")
    metadata = Table(json_of(said), _METADATA)
    modules: dict[str, str] = {}
    opaque: list[str] = []
    for part in parts:
        if part.name == _METADATA or part.type == _MAP:
            continue
        try:
            modules[_named(part)] = part.content.decode()
        except UnicodeDecodeError:
            opaque.append(_named(part))
    bindings = metadata.tables("bindings") if "bindings" in metadata else ()
    main = metadata.text_or_none("main_module") or metadata.text_or_none("body_part") or ""
    main = next((_named(each) for each in parts if each.name == main), main)
    if main not in modules:
        raise Unusable("what wrangler wrote has no main module")
    return Upload(command, main, tuple(map(_bound, bindings)), modules, tuple(opaque))


def _named(part: _Part) -> str:
    suffix, usual = _RUN.get(part.type.partition(";")[0].lower(), ("", ()))
    return part.name if not suffix or part.name.lower().endswith(usual) else part.name + suffix


def _bound(binding: Table) -> Bound:
    about = next((text for key in _ABOUT if (text := binding.text_or_none(key))), "")
    return Bound(binding.text("name"), binding.text("type"), about)


def _parts(content: bytes) -> Iterator[_Part]:
    """The parts between the lines that the first line gives."""
    border, end, _ = content.partition(_END)
    if not border.startswith(b"--") or not end:
        raise Unusable("what wrangler wrote is no form to upload")
    for piece in content.split(_END + border)[:-1]:
        head, blank, body = piece.removeprefix(border).partition(_END + _END)
        name, kind = _NAME.search(head), _TYPE.search(head)
        if not blank or name is None:
            raise Unusable("what wrangler wrote has a part without a name")
        yield _Part(_text(name[1]), _text(kind[1]) if kind else "", body)


def _text(said: bytes) -> str:
    return said.decode("utf-8", "replace")
