"""Words and signs of scripts by what may stand behind them."""

from __future__ import annotations

BEFORE_REGEX = frozenset(
    (
        *("return", "throw", "case", "default", "do", "else", "yield", "await", "extends"),
        *("typeof", "instanceof", "in", "new", "delete", "void"),
    )
)
DECLARES = frozenset(
    (
        *("const", "let", "var", "function", "class", "export", "import", "interface", "type"),
        *("enum", "namespace", "async", "abstract", "declare", "public", "private", "protected"),
        *("static", "readonly", "override", "constructor"),
    )
)

CONTROLS = frozenset({"if", "while", "for", "for await", "with"})
BEFORE_BLOCK = frozenset({"", ";", "{", "}", "=>", ")", ">", "else", "do"})
