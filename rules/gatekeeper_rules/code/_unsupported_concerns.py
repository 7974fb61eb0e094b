"""What of a staged change can ask for what the platform does not have; the rest CI sees."""

from __future__ import annotations

from gatekeeper import Change, Entry, Snapshot
from gatekeeper.source.python_paths import is_python
from gatekeeper.source.python_taken import imports_of
from gatekeeper.source.script_taken import SCRIPT_TAKEN
from gatekeeper.source.source_paths import MARKUP, SCRIPTS
from gatekeeper.watch import PYTHON, Watch
from gatekeeper_rules.code._python_platform import ABSENT, HOLLOW

_CONFIGURATION = (
    *(".toml", ".json", ".jsonc"),
    *(".tf", "cloudflare.config.ts", "wrangler.config.ts", "alchemy.run.ts", "pulumi.yaml"),
)
_SPOKEN = ("cloudflare:", "cloudflare-internal:", "node:", "workerd:")
_ASKED = ("createRequire", "getBuiltinModule", "import(", "require(")
# By their names alone; the table that has them all takes longer to read than a hook may.
_BARE = (
    *("_http_agent", "_http_client", "_http_common", "_http_incoming", "_http_outgoing"),
    *("_http_server", "_stream_duplex", "_stream_passthrough", "_stream_readable"),
    *("_stream_transform", "_stream_wrap", "_stream_writable", "_tls_common", "_tls_wrap"),
    *("assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster"),
    *("console", "constants", "crypto", "dgram", "diagnostics_channel", "dns"),
    *("dns/promises", "domain", "events", "fs", "fs/promises", "http", "http2", "https"),
    *("inspector", "inspector/promises", "module", "net", "os", "path", "path/posix"),
    *("path/win32", "perf_hooks", "process", "punycode", "querystring", "readline"),
    *("readline/promises", "repl", "stream", "stream/consumers", "stream/promises"),
    *("stream/web", "string_decoder", "sys", "timers", "timers/promises", "tls"),
    *("trace_events", "tty", "url", "util", "util/types", "v8", "vm", "wasi"),
    *("worker_threads", "zlib"),
)
BARE = frozenset(_BARE)
"""The modules of Node that go by their names without `node:`."""

_QUOTES = ('"', "'", "`")
_PIECES = (
    *((each,) for each in (*_SPOKEN, *_ASKED)),
    *((escape, "import") for escape in ("\\u", "\\x")),
)
_QUOTED = tuple(quote + name + quote for name in _BARE for quote in _QUOTES)
"""In Python they are strings like any other: what asks for a module there says more."""

_WORDS = (*sorted(ABSENT), *HOLLOW, "__import__", "importlib", "js", "workers")


def can_concern(change: Change) -> bool:
    """Whether a changed file configures, says the name of what it could take, or takes more.

    Whoever takes a file that it did not take before makes a Worker ask for what that one does.
    """
    return any(
        _matters(change.base, path, each.before)
        or _matters(change.head, path, each.after)
        or not _taken(change.head, path, each.after) <= _taken(change.base, path, each.before)
        for path, each in change.files.items()
    )


def watched(change: Change) -> Watch:
    """The same, as plain data; of an edited script nobody can tell so what it takes."""
    files = change.files.items()
    edited = (path for path, each in files if is_python(path) and each.after is not None)
    taken = (_taken(change.head, path, change.files[path].after) for path in edited)
    return Watch(
        suffixes=(*_CONFIGURATION, *SCRIPTS, *MARKUP),
        pieces=_PIECES,
        words=_WORDS,
        imports=frozenset().union(*taken),
        elsewhere=_QUOTED,
    )


def _matters(snapshot: Snapshot, path: str, entry: Entry | None) -> bool:
    if entry is None:
        return False
    if not entry.is_file or path.lower().endswith(_CONFIGURATION):
        return True
    content = snapshot.read(path)
    if any(all(piece.encode() in content for piece in group) for group in _PIECES):
        return True
    if not path.endswith(PYTHON) and any(piece.encode() in content for piece in _QUOTED):
        return True
    return any(_says(word.encode(), content) for word in _WORDS)


def _taken(snapshot: Snapshot, path: str, entry: Entry | None) -> frozenset[str]:
    """What a file takes from others, in words that can be compared."""
    if entry is None or not entry.is_file:
        return frozenset()
    if path.lower().endswith((*SCRIPTS, *MARKUP)):
        said = snapshot.facts(SCRIPT_TAKEN, path)
        return frozenset(said)
    return imports_of(path, snapshot.read(path))


def _says(word: bytes, content: bytes) -> bool:
    if word not in content:
        return False
    from gatekeeper.source.python_spelling import says

    return says(word, content)
