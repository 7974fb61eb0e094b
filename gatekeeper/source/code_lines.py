"""The code of each line of a file, and the class or function that it is in."""

from __future__ import annotations

from gatekeeper.errors import Unreadable
from gatekeeper.source.comment_sheet import Sheet
from gatekeeper.source.python_paths import is_python

_SCRIPTS = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")


class CodeLines:
    """Lines of Python or of a script without their comments; of other files as they are."""

    def __init__(self, content: bytes, path: str) -> None:
        self._sheet = _sheet(content, path)
        self._raw = content.decode("utf-8", "replace").splitlines()

    def at(self, line: int) -> tuple[str, str]:
        """The enclosing symbol and the code of a line (from 1); nothing beyond the end."""
        sheet = self._sheet
        if sheet is not None and line <= len(sheet.starts):
            code = sheet.code_at(line)
            start = sheet.starts[line - 1]
            indent = len(sheet.text[start:]) - len(sheet.text[start:].lstrip(" \t"))
            return sheet.symbols(start + indent), code or self.shown(line)
        return "", self.shown(line)

    def shown(self, line: int) -> str:
        """A line as it stands there, without the white space around it."""
        return self._raw[line - 1].strip() if 0 < line <= len(self._raw) else ""


def _sheet(content: bytes, path: str) -> Sheet | None:
    try:
        if path.endswith(_SCRIPTS):
            from gatekeeper.source.script_comments import sheet_of

            text = content.decode("utf-8-sig", "replace")
            return sheet_of(text, path, jsx=not path.endswith((".ts", ".mts", ".cts")))
        if is_python(path, content):
            from gatekeeper.source.python_comments import sheet_of as python_sheet
            from gatekeeper.source.python_text import python_text

            return python_sheet(python_text(content, path), path)
    except Unreadable:
        pass
    return None
