"""Which files can say a Durable Object without being wrangler's, Python or a script."""

from __future__ import annotations

import re

from gatekeeper_rules.code._python_candidates import UPLOADED

RUST = ".rs"
RUST_CALLS = frozenset(
    (
        *("id_from_name", "id_from_string", "unique_id_with_jurisdiction"),
        *("accept_web_socket", "accept_websocket_with_tags", "get_websockets"),
        *("get_websockets_with_tag", "set_websocket_auto_response"),
        *("set_alarm", "get_alarm", "delete_alarm"),
    )
)
"""Methods of the crate `worker` (0.8) that only a namespace, a state or a storage has."""

RUST_NEEDLES = ("durable_object", "DurableObject", "ObjectNamespace", *sorted(RUST_CALLS))
DOCUMENTS = (".json", ".jsonc", ".yaml", ".yml")
DOCUMENT_NEEDLES = (UPLOADED, "ewSqliteClasses", "ewClasses")
PARTYKIT = re.compile(r"(?:.*/)?partykit\.jsonc?$")
PIECES = tuple((each,) for each in (*RUST_NEEDLES, *DOCUMENT_NEEDLES))
"""One of these is in every such file, but for PartyKit's."""


def may_say(path: str, content: bytes) -> bool:
    """Whether a file can say one: cheap, never wrongly no."""
    name = path.lower()
    if name.endswith(RUST):
        return any(each.encode() in content for each in RUST_NEEDLES)
    if name.endswith(DOCUMENTS):
        return any(each.encode() in content for each in DOCUMENT_NEEDLES) or bool(
            PARTYKIT.match(path)
        )
    return False
