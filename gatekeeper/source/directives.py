"""What comments tell tools not to look at: linters, type checkers, formatters, coverage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from gatekeeper.source.mypy_flags import loosened
from gatekeeper.value import dataclass


class Reach(Enum):
    """How much code a directive is about."""

    CODE = "the code that it stands on"
    FILE = "the whole file"


class Directive(NamedTuple):
    """What a comment hides: `codes` are those of the tool, none for everything.

    `ends` says that it ends what another one began: it hides nothing, and what hides is that
    it is lost. `at` is its offset in the comment.
    """

    kind: str
    codes: tuple[str, ...]
    reach: Reach
    at: int
    ends: bool = False


@dataclass(frozen=True)
class _Form:
    """A way a tool is told: `pattern` is searched in a comment, its group `codes` are codes."""

    kind: str
    pattern: re.Pattern[str]
    reach: Reach = Reach.CODE
    ends: bool = False


def _form(
    kind: str, pattern: str, reach: Reach = Reach.CODE, *, ends: bool = False, anycase: bool = False
) -> _Form:
    return _Form(kind, re.compile(pattern, re.IGNORECASE if anycase else 0), reach, ends)


_FLAKE = r"(?P<codes>[A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)"
_BRACKETED = r"\s*(?:\[(?P<codes>[^\]]*)\])?"
_NAMES = r"(?P<codes>[\w./@-]+(?:\s*,\s*[\w./@-]+)*)"
_START = r"^[/*#<!\s-]*"
_RULES = rf"(?:\s+(?!--){_NAMES})?"

_ANYWHERE = (
    _form("nosemgrep", rf"nosem(?:grep)?\b(?:\s*:\s*{_NAMES})?"),
    _form("NOSONAR", r"\bNOSONAR\b"),
    _form("lgtm", r"\blgtm\b\s*\[(?P<codes>[^\]]*)\]"),
    _form("codeql", rf"\bcodeql{_BRACKETED}"),
    _form("ast-grep-ignore", rf"\bast-grep-ignore\b(?:\s*:\s*{_NAMES})?"),
    _form("skipcq", rf"\bskipcq\b(?:\s*:\s*{_NAMES})?"),
    _form("gitleaks:allow", r"\bgitleaks:allow\b"),
    _form("pragma: allowlist secret", r"pragma:\s*(?:allow|white)list[ -](?:nextline )?secret"),
    _form("noinspection", rf"{_START}noinspection\s+{_NAMES}"),
    _form("codespell:ignore", r"\bcodespell:ignore\b"),
    _form("cspell", r"\b(?:cspell|spell-?checker):\s*(?:disable|ignore)", reach=Reach.FILE),
)

PYTHON = (
    _form("noqa", rf"#\s*no(?:qa|pep8)(?:\s*:\s*{_FLAKE})?", anycase=True),
    _form("ruff: noqa", rf"#\s*ruff\s*:\s*noqa\b(?:\s*:\s*{_FLAKE})?", Reach.FILE),
    _form(
        "flake8: noqa", rf"#\s*flake8\s*[:=]\s*noqa\b(?:\s*:\s*{_FLAKE})?", Reach.FILE, anycase=True
    ),
    _form("ruff: file-ignore", rf"#\s*ruff\s*:\s*file-ignore{_BRACKETED}", Reach.FILE),
    _form("ruff: ignore", rf"#\s*ruff\s*:\s*ignore{_BRACKETED}"),
    _form("ruff: disable", rf"#\s*ruff\s*:\s*disable{_BRACKETED}"),
    _form("ruff: enable", rf"#\s*ruff\s*:\s*enable{_BRACKETED}", ends=True),
    _form("isort: skip_file", r"isort\s*:\s*skip[-_]file", Reach.FILE),
    _form("isort: skip", r"isort\s*:\s*(?:skip(?![-_]file)|off|dont-add-import)"),
    _form("isort: on", r"isort\s*:\s*on\b", ends=True),
    _form("fmt: skip", r"#\s*fmt\s*:\s*skip\b"),
    _form("fmt: off", r"#\s*(?:fmt|autopep8)\s*:\s*off\b|#\s*yapf\s*:\s*disable\b"),
    _form("fmt: on", r"#\s*(?:fmt|yapf|autopep8)\s*:\s*(?:on|enable)\b", ends=True),
    _form("type: ignore", rf"#\s*type:\s*ignore(?!\w){_BRACKETED}"),
    _form("ty: ignore", rf"#\s*ty:\s*ignore(?!\w){_BRACKETED}"),
    _form("pyrefly: ignore", rf"#\s*pyrefly:\s*ignore(?![\w-]){_BRACKETED}"),
    _form("pyrefly: ignore-errors", r"#\s*pyrefly:\s*ignore-(?:all-)?errors", Reach.FILE),
    _form("pyright: ignore", rf"#\s*pyright:\s*ignore(?!\w){_BRACKETED}"),
    _form("pylint: skip-file", r"#\s*pylint\s*:\s*(?:skip-file|disable-all)", Reach.FILE),
    _form("pylint: disable", rf"pylint\s*:\s*disable(?:-next|-msg)?\s*=\s*{_NAMES}"),
    _form("pylint: enable", rf"pylint\s*:\s*enable(?:-msg)?\s*=\s*{_NAMES}", ends=True),
    _form("nosec", r"#\s*nosec\b[\s:]*(?P<codes>B\d+(?:[,\s]+B\d+)*)?"),
    _form("pragma: no branch", r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)\s*(?:branch|BRANCH)"),
    _form("pragma: no mutate", r"#\s*pragma[:\s]?\s*no\s*mutate"),
    _form("pyre-ignore", rf"#\s*pyre-(?:ignore|fixme)(?!-all){_BRACKETED}"),
    _form("pyre-ignore-all-errors", rf"#\s*pyre-ignore-all-errors{_BRACKETED}", Reach.FILE),
    _form("pyre-unsafe", r"#\s*pyre-(?:unsafe|placeholder-stub|do-not-check)", Reach.FILE),
    _form("pytype: skip-file", r"#\s*pytype:\s*skip-file", Reach.FILE),
    _form("pytype: disable", rf"#\s*pytype:\s*disable\s*=\s*{_NAMES}"),
    _form("sourcery skip", r"#\s*sourcery\s+skip"),
    *_ANYWHERE,
)

NO_COVER = re.compile(r"#\s*(?:pragma|PRAGMA)[:\s]?\s*(?:no|NO)[-\s]*(?:cover|COVER)")
"""What coverage.py searches in lines of source, in strings as well as in comments."""

SCRIPT = (
    _form("eslint-disable", rf"{_START}eslint-disable(?![\w-]){_RULES}"),
    _form("eslint-disable-line", rf"{_START}eslint-disable-(?:next-)?line(?!\w){_RULES}"),
    _form("eslint-enable", rf"{_START}eslint-enable(?!\w){_RULES}", ends=True),
    _form("oxlint-disable", rf"{_START}oxlint-disable(?![\w-]){_RULES}"),
    _form("oxlint-disable-line", rf"{_START}oxlint-disable-(?:next-)?line(?!\w){_RULES}"),
    _form("oxlint-enable", rf"{_START}oxlint-enable(?!\w){_RULES}", ends=True),
    _form("tslint:disable", rf"{_START}tslint:disable(?![\w-])(?::?\s*{_NAMES})?"),
    _form("tslint:disable-line", rf"{_START}tslint:disable-(?:next-)?line(?::?\s*{_NAMES})?"),
    _form("jshint", rf"{_START}jshint\b.*", Reach.FILE),
    _form("@ts-ignore", r"(?:^|\n)[/* \t]*@ts-ignore\b"),
    _form("@ts-expect-error", r"(?:^|\n)[/* \t]*@ts-expect-error\b"),
    _form("@ts-nocheck", r"^[/*\s]*@(?:ts|vue)-nocheck\b", Reach.FILE),
    _form("@vue-ignore", rf"{_START}@vue-(?:ignore|skip|expect-error)\b"),
    _form("@noflow", r"@noflow\b", Reach.FILE),
    _form("$FlowFixMe", rf"\$Flow(?:FixMe|Ignore|Issue|ExpectedError){_BRACKETED}"),
    _form("istanbul ignore file", r"istanbul\s+ignore\s+file\b", Reach.FILE),
    _form("istanbul ignore", r"istanbul\s+ignore\s+(?P<codes>next|if|else)\b"),
    _form("v8 ignore file", r"\b(?:v8|c8)\s+ignore\s+file\b", Reach.FILE),
    _form("v8 ignore", r"\b(?:v8|c8)\s+ignore\s+(?P<codes>next(?:\s+\d+)?|if|else|start)\b"),
    _form("v8 ignore stop", r"\b(?:v8|c8)\s+ignore\s+(?:stop|end)\b", ends=True),
    _form("node:coverage", r"node:coverage\s+(?P<codes>disable|ignore\s+next(?:\s+\d+)?)"),
    _form("node:coverage enable", r"node:coverage\s+enable", ends=True),
    _form("deno-coverage-ignore-file", r"deno-coverage-ignore-file", Reach.FILE),
    _form("deno-coverage-ignore", r"deno-coverage-ignore(?!-file|-stop)"),
    _form("deno-coverage-ignore-stop", r"deno-coverage-ignore-stop", ends=True),
    _form("prettier-ignore", rf"{_START}prettier-ignore(?!-end)"),
    _form("prettier-ignore-end", r"prettier-ignore-end", ends=True),
    _form("dprint-ignore", r"dprint-ignore(?!-file|-end)"),
    _form("dprint-ignore-file", r"(?:dprint|deno-fmt)-ignore-file", Reach.FILE),
    _form("deno-fmt-ignore", r"deno-fmt-ignore(?!-file)"),
    _form("biome-ignore-all", r"(?:biome|rome)-ignore-all\s+(?P<codes>[\w/]+)", Reach.FILE),
    _form("biome-ignore", r"(?:biome|rome)-ignore(?:-start)?\s+(?P<codes>[\w/]+)"),
    _form("biome-ignore-end", r"biome-ignore-end\s+(?P<codes>[\w/]+)", ends=True),
    _form("deno-lint-ignore-file", rf"deno-lint-ignore-file{_RULES}", Reach.FILE),
    _form("deno-lint-ignore", rf"deno-lint-ignore(?!-file){_RULES}"),
    _form("svelte-ignore", rf"{_START}svelte-ignore{_RULES}"),
    _form("stylelint-disable", rf"{_START}stylelint-disable(?![\w-]){_RULES}"),
    _form("stylelint-disable-line", rf"{_START}stylelint-disable-(?:next-)?line(?!\w){_RULES}"),
    _form("stylelint-enable", rf"{_START}stylelint-enable{_RULES}", ends=True),
    _form("Stryker disable", r"Stryker\s+disable\s+(?P<codes>[\w-]+(?:\s+[\w-]+)?)"),
    *_ANYWHERE,
)

_MYPY = re.compile(r"^#\s*mypy:(?P<flags>.*)")
_PYRIGHT = re.compile(r"^#\s*pyright:(?P<flags>.*)")
_PYRIGHT_LOOSE = re.compile(
    r"basic|standard|off|(?:report|strict|enable|analyze)\w+\s*=\s*(?:false|none|information|warning)"
)
_ESLINT = re.compile(r"^/\*+\s*eslint\s+(?P<rules>.*?)(?:\s--\s.*)?\*/$", re.S)
_TURNED = re.compile(
    r"""(?<![@\w/-])["']?([@\w/-]+)["']?\s*:\s*\[?\s*(?:0|1|["'](?:off|warn)["']|off\b|warn\b)"""
)
_UPPER = frozenset({"noqa", "ruff: noqa", "flake8: noqa", "nosec"})
_MARKS = " \t\r\n/*#<!-"
_CODE = re.compile(r"[^\s,]+")
_PIECE = re.compile(r"""(?:[^,"']|"[^"]*"|'[^']*')+""")


def python_directives(comment: str, *, first: bool, alone: bool) -> Iterator[Directive]:
    """What a Python comment hides; `first` and `alone` say that no code is before it, beside it."""
    for found in _found(comment, PYTHON):
        whole = found.kind == "type: ignore" and first and alone
        yield found._replace(reach=Reach.FILE) if whole else found
    for flag in _flags(_MYPY, comment):
        if name := loosened(*_pair(flag)):
            yield Directive("mypy", (name,), Reach.FILE, 0)
    for flag in _flags(_PYRIGHT, comment):
        if _PYRIGHT_LOOSE.fullmatch(flag):
            yield Directive("pyright", ("".join(flag.split()),), Reach.FILE, 0)


def script_directives(comment: str) -> Iterator[Directive]:
    """What a comment of JavaScript, TypeScript, CSS or HTML hides."""
    yield from _found(comment, SCRIPT)
    if rules := _ESLINT.match(comment):
        for rule in _TURNED.findall(rules.group("rules")):
            yield Directive("eslint", (rule,), Reach.FILE, 0)


def _found(comment: str, forms: tuple[_Form, ...]) -> Iterator[Directive]:
    for form in forms:
        for found in form.pattern.finditer(comment):
            said = found.groupdict().get("codes") or ""
            codes = _CODE.findall(said.upper() if form.kind in _UPPER else said)
            marks = len(found.group()) - len(found.group().lstrip(_MARKS))
            at = found.start() + marks
            yield Directive(form.kind, tuple(sorted(set(codes))), form.reach, at, form.ends)


def _flags(pattern: re.Pattern[str], comment: str) -> Iterator[str]:
    found = pattern.match(comment)
    return (each.strip() for each in _PIECE.findall(found.group("flags") if found else ""))


def _pair(flag: str) -> tuple[str, str]:
    name, _, value = flag.partition("=")
    return name.strip(), value.strip().strip("\"'")
