"""Which paths are Python."""

from __future__ import annotations

_SUFFIXES = (".py", ".pyi", ".pyw")
_SHEBANG = 200


def is_python(path: str, content: bytes | None = None) -> bool:
    """Whether a path is Python by its suffix, or, given its content, by a `#!` line."""
    if path.endswith(_SUFFIXES):
        return True
    if content is None or "." in path.rpartition("/")[2] or not content.startswith(b"#!"):
        return False
    return b"python" in content[:_SHEBANG].split(b"\n", 1)[0]
