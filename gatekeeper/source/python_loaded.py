"""Which modules a Python file may import by a string, and the code that its strings may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gatekeeper.source.python_spelling import says

_LOADS = (
    b"__import__",
    b"import_module",
    b"import_string",
    b"locate",
    b"modules",
    b"resolve_name",
    b"run_module",
)
_RUNS = (
    b"compile",
    b"eval",
    b"eval_code",
    b"eval_code_async",
    b"exec",
    b"push",
    b"runPython",
    b"runPythonAsync",
    b"runsource",
    b"CodeRunner",
    b"timeit",
)
# Compiled when they are first asked (`re` keeps them): few files need any. Names are
# looked for from each quotation mark on: which of them begin a string cannot be told here.
_NAMES = rb"(?=[\"']([\w.\x80-\xff]++)(?::[\w.\x80-\xff]++)?[\"'])"
_PACKAGES = rb",\s{0,40}(?:package\s{0,40}=\s{0,40})?[\"']([\w.\x80-\xff]++)[\"']"
_ESCAPE = rb"\\([nrtfv])"


def loaded(said: bytes) -> Iterator[str]:
    """The dotted names in strings that could each be a module, or something in one."""
    if not any(says(word, said) for word in _LOADS):
        return
    names = dict.fromkeys(_text(each) for each in re.findall(_NAMES, said))
    packages = dict.fromkeys(_text(each) for each in re.findall(_PACKAGES, said))
    for name in names:
        yield name
        above, dot, _ = name.rpartition(".")
        if dot and above.strip("."):
            yield above
        if name.startswith("."):
            yield from (f"{package}{name}" for package in packages if not package.startswith("."))


def unescaped(said: bytes) -> Iterator[bytes]:
    """The file with the white space that its strings write as escapes, if it runs strings."""
    if b"\\" in said and any(says(word, said) for word in _RUNS):
        yield re.sub(_ESCAPE, lambda found: b"\n" if found.group(1) in b"nr" else b" ", said)


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
