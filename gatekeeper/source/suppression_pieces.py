"""Bytes without which a source file hides nothing from any tool."""

from __future__ import annotations

from itertools import product

from gatekeeper.source.python_lookalikes import LOOKALIKES

_ANY_CASE = tuple("".join(each).encode() for each in product("nN", "oO", "qQ", "aA"))
_ALONE = (
    *_ANY_CASE,
    *(b"nopep8", b"NOPEP8", b"mypy:", b"pylint", b"pyright", b"pyrefly", b"pyre-", b"pytype"),
    *(b"isort", b"yapf", b"autopep8", b"nosec", b"pragma", b"PRAGMA", b"sourcery", b"nosem"),
    *(b"NOSONAR", b"lgtm", b"codeql", b"ast-grep-ignore", b"skipcq", b"gitleaks:allow"),
    *(b"noinspection", b"codespell:ignore", b"cspell", b"spell-checker", b"spellchecker"),
    *(b"eslint", b"oxlint", b"tslint", b"jshint", b"@ts-", b"@vue-", b"@noflow", b"$Flow"),
    *(b"istanbul", b"node:coverage", b"deno-", b"prettier-ignore", b"dprint-ignore"),
    *(b"biome-ignore", b"rome-ignore", b"svelte-ignore", b"stylelint", b"Stryker"),
)
_TOGETHER = (
    *((b"type:", b"ignore"), (b"ty:", b"ignore"), (b"v8", b"ignore"), (b"c8", b"ignore")),
    *((b"ruff", b"ignore"), (b"ruff", b"able"), (b"fmt", b"off"), (b"fmt", b"skip")),
    *((b"TYPE_CHECKING", b"not"), (b"TYPE_CHECKING", b"el"), (b"MYPY", b"if")),
    *((b"declare", b"any"), (b"declare", b"module")),
    *((b"typing", b"Any"), (b"typing", b"cast"), (b"typing", b"no_type_check")),
)
# What such a file holds may not be what its bytes look like: another encoding (PEP 263), or
# letters taken for others. Of `encoding="utf-8"`, which many files hold, a quote tells it apart.
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_NAMED = tuple(
    f"coding={each}".encode() for each in f"{_LETTERS}{_LETTERS.upper()}0123456789-_. \t"
)
_ODD = (b"\xff\xfe", b"\xfe\xff", b"\0", b"coding:", *_NAMED, *LOOKALIKES)

UNCHECKED = (b"TYPE_CHECKING", b"MYPY")
"""Names of which Python with code that no type checker looks at holds one."""

PIECES: tuple[tuple[bytes, ...], ...] = (*((each,) for each in (*_ALONE, *_ODD)), *_TOGETHER)
"""Of one of these groups a file that hides something holds every one."""

_SINGLE = (*_ALONE, *_ODD)
_SINGLE_IN_ASCII = tuple(filter(bytes.isascii, _SINGLE))


def may_hide(content: bytes) -> bool:
    """Whether a source file with this content could hide anything."""
    for piece in _SINGLE_IN_ASCII if content.isascii() else _SINGLE:
        if piece in content:
            return True
    return any(first in content and other in content for first, other in _TOGETHER)
