"""What Python on the platform lacks of Python elsewhere, and what the module `workers` has.

Of the standard library after developers.cloudflare.com, `workers/languages/python/stdlib`; of
`workers` after PyPI `workers-runtime-sdk` 1.9.5.
"""

from __future__ import annotations

from collections.abc import Mapping

SDK = "workers-runtime-sdk 1.9.5"

ABSENT = frozenset(
    (
        *("curses", "dbm", "ensurepip", "fcntl", "grp", "idlelib", "lib2to3", "msvcrt"),
        *("pty", "pwd", "resource", "syslog", "termios", "tkinter", "tty", "turtle"),
        *("turtledemo", "venv", "winreg", "winsound"),
    )
)
"""Modules whose import fails."""

HOLLOW: Mapping[str, frozenset[str]] = {
    "multiprocessing": frozenset(
        ("Event", "Manager", "Pool", "Process", "Queue", "get_context", "Pipe")
    ),
    "subprocess": frozenset(
        ("Popen", "call", "check_call", "check_output", "getoutput", "getstatusoutput", "run")
    ),
    "threading": frozenset({"Thread", "Timer"}),
}
"""Modules that can be imported, and what of them needs threads or processes: there are none."""

WORKERS = frozenset(
    (
        *("Blob", "BlobEnding", "BlobValue", "Body", "Context", "DurableObject", "FetchKwargs"),
        *("FetchResponse", "File", "FormData", "FormDataValue", "Headers", "JSBody", "Request"),
        *("RequestInitCfProperties", "Response", "WorkerEntrypoint", "WorkflowEntrypoint"),
        *("env", "fetch", "handler", "import_from_javascript", "patch_env", "python_from_rpc"),
        *("python_to_rpc", "waitUntil", "wait_until"),
        *("asgi", "blob", "entrypoints", "formdata", "gateway", "request", "response", "rpc"),
        *("types", "utils", "workflows", "wsgi"),
    )
)
"""The names and modules in `workers`."""

NO_GLOBALS = frozenset(
    (
        *("DurableObject", "EmailMessage", "NonRetryableError", "RpcTarget"),
        *("WorkerEntrypoint", "WorkflowEntrypoint"),
    )
)
"""Names that modules of the platform export and that are no globals of JavaScript (`js`)."""

HOMES: Mapping[str, str] = {"NonRetryableError": "workers.workflows"}
"""Where a name is that is looked for in `workers`."""
