"""Which paths are Python."""

from __future__ import annotations

_SUFFIXES = (".py", ".pyi", ".pyw")
_SHEBANG = 200
_RUNNERS = (b"python", b"pypy", b"uv run", b"pipx run")


def is_python(path: str, content: bytes | None = None) -> bool:
    """Whether a path is Python by its suffix, or, given its content, by a `#!` line."""
    if path.endswith(_SUFFIXES):
        return True
    if content is None or "." in path.rpartition("/")[2] or not content.startswith(b"#!"):
        return False
    first = content[:_SHEBANG].split(b"\n", 1)[0]
    return any(runner in first for runner in _RUNNERS)
