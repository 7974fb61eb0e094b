"""Which files hold code that linters, type checkers and coverage look at."""

from __future__ import annotations

from gatekeeper.source.python_paths import is_python

SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
PLAIN_TYPESCRIPT = (".ts", ".mts", ".cts")
MARKUP = (".vue", ".svelte", ".astro", ".html", ".htm")
STYLES = (".css", ".scss", ".less")
SUFFIXES = (*SCRIPTS, *MARKUP, *STYLES, ".py", ".pyi", ".pyw")


def is_source(path: str, content: bytes | None = None) -> bool:
    """Whether suppressions are read from a file: Python, JavaScript, TypeScript, markup, styles."""
    return path.endswith(SUFFIXES) or is_python(path, content)
