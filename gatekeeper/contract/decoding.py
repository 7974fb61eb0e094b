"""The bytes of a file that people write, as text; or where they are no text."""

from __future__ import annotations

from gatekeeper.errors import ConfigurationError, Problem

MOST_BYTES = 1_000_000
MOST_LINES = 20_000

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def decode(content: bytes, path: str) -> str:
    """UTF-8 text, without its byte order mark, its lines ended by line feeds only.

    Raises ConfigurationError, with the line and column, for what is no UTF-8 text or too
    large for people to have agreed on.
    """
    if len(content) > MOST_BYTES:
        raise _refused(path, f"has {len(content):,} bytes", f"At most {MOST_BYTES:,} are read.")
    if content.startswith(_UTF16):
        raise _refused(path, "is UTF-16", "Save it as UTF-8.")
    text = _decoded(content.removeprefix(b"\xef\xbb\xbf"), path)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (nul := text.find("\0")) >= 0:
        raise _refused(path, "holds a NUL character", "Save it as UTF-8 text.", text[:nul])
    if (lines := text.count("\n")) > MOST_LINES:
        raise _refused(path, f"has {lines:,} lines", f"At most {MOST_LINES:,} are read.")
    return text


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        what = f"is not UTF-8: byte 0x{content[error.start]:02x}"
        raise _refused(path, what, "Save it as UTF-8.", before) from None


def _refused(path: str, what: str, hint: str, before: str = "") -> ConfigurationError:
    lines = before.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    problem = Problem(path, len(lines), len(lines[-1]) + 1, f"the file {what}.", hint)
    return ConfigurationError((problem,))
