"""What a Worker's services do, by the names of their methods, alike for both languages."""

from __future__ import annotations

import re

BUILDS = frozenset(
    {
        *("bind", "gateway", "getByName", "idFromName", "idFromString", "jurisdiction"),
        *("newUniqueId", "prepare", "withSession"),
    }
)
"""Methods that make a statement, an id or a stub, and do nothing yet."""

ACTS = frozenset(
    {
        *("all", "batch", "create", "createBatch", "create_batch", "delete", "exec", "fetch"),
        *("first", "head", "insert", "put", "query", "raw", "run", "send", "sendBatch"),
        *("send_batch", "terminate", "upsert", "waitUntil", "wait_until"),
        *("writeDataPoint", "write_data_point"),
    }
)
"""Methods that do something whether or not they are awaited."""

READING = frozenset({"first", "get", "head", "list", "status"})
BODIES = frozenset({"array_buffer", "arrayBuffer", "blob", "buffer", "bytes", "text"})
UNSAFE = frozenset({"POST", "PATCH"})
"""Methods of HTTP that may not be sent twice."""

PERSONS = re.compile(
    r"(?:^|_)(?:user|customer|account|member|tenant|email)(?:_?id)?$", re.IGNORECASE
)
MANY, FEW = 4, 2
"""As many things as one step should not await, and as many services as it should not talk to."""

_WRITES = re.compile(r"\s*INSERT\s+(?!OR\s+(?:IGNORE|REPLACE)\b)", re.IGNORECASE)
_SETTLES = re.compile(r"\bON\s+CONFLICT\b", re.IGNORECASE)
_READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)


def inserts_blindly(sql: str) -> bool:
    """Whether a statement inserts a row that may be there already."""
    return _WRITES.match(sql) is not None and _SETTLES.search(sql) is None


def reads(sql: str) -> bool:
    """Whether a statement only looks."""
    return _READS.match(sql) is not None
