"""The bytes of a YAML file as text, or the one reason why they are none."""

from __future__ import annotations

import re

from gatekeeper.errors import ConfigurationError, Problem

MOST_BYTES = 256 * 1024

# The order matters: UTF-32's mark begins with UTF-16's.
_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_BOM = b"\xef\xbb\xbf"

# All but line feeds and what is printable (YAML 1.1, section 4.1); and the line breaks that
# editors do not count as such, and marks that are invisible in the middle of a file.
_CONTROLS = "\0-\x09\x0b-\x1f\x7f"
_REFUSED_ASCII = f"[{_CONTROLS}]"
_REFUSED = f"[{_CONTROLS}\x80-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
_NAMES = {
    "\t": "a tab",
    "\0": "a NUL character",
    "\r": "a carriage return without a line feed",
    "\ufeff": "a byte order mark inside the text",
}
_HINTS = {"\t": "Indent with spaces.", "\r": "End lines with LF or CRLF."}
_DIRECTIVE = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*%")


def read_text(content: bytes, path: str) -> str:
    """UTF-8 text, a line feed at the end of each line, and nothing in it that hides or controls.

    Raises ConfigurationError with the one problem that keeps the file from being text.
    """
    if len(content) > MOST_BYTES:
        message = f"The file has {len(content):,} bytes."
        raise _refused(path, "", message, f"At most {MOST_BYTES:,} are read.")
    _check_encoding(content, path)
    text = _decoded(content, path).replace("\r\n", "\n")
    if found := _refused_in(text):
        raise _refused(path, text[: found.start()], *_unwanted(found[0]))
    if found := _DIRECTIVE.match(text):
        message = "A directive (%) is not allowed here."
        raise _refused(path, text[: found.end() - 1], message, "Delete the line.")
    return text


def unprintable(text: str) -> str | None:
    """What there is in `text`, an escape's work, that a file must not hold; None if nothing."""
    found = _refused_in(text.replace("\t", " "))
    return _named(found[0]) if found else None


def _refused_in(text: str) -> re.Match[str] | None:
    # What has to tell tens of thousands of characters apart takes long to compile.
    return re.search(_REFUSED_ASCII if text.isascii() else _REFUSED, text)


def _check_encoding(content: bytes, path: str) -> None:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None and b"\0" in content[:2]:
        encoding = "UTF-16"
    if encoding:
        raise _refused(path, "", f"The file is {encoding}.", "Save it as UTF-8.")
    if content.startswith(_BOM):
        message = "The file begins with a byte order mark."
        raise _refused(path, "", message, "Save it as UTF-8 without BOM.")


def _decoded(content: bytes, path: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8").replace("\r\n", "\n")
        message = f"The byte 0x{content[error.start]:02x} is not UTF-8."
        raise _refused(path, before, message, "Save the file as UTF-8.") from None


def _unwanted(character: str) -> tuple[str, str]:
    hint = _HINTS.get(character, "Delete it.")
    return f"There is {_named(character)} here.", hint


def _named(character: str) -> str:
    return _NAMES.get(character, f"the character U+{ord(character):04X}")


def _refused(path: str, before: str, message: str, hint: str) -> ConfigurationError:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return ConfigurationError((Problem(path, line, column, message, hint),))
