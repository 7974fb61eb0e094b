"""Which settings of which tools hide something, and which make the tool look."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum

from gatekeeper.value import dataclass


class Effect(Enum):
    """What a value does."""

    HIDES = "it hides something"
    GUARDS = "it makes the tool look: losing it hides something"


class Split(Enum):
    """How a value of an INI file, which knows no lists, holds several."""

    WORDS = r"[,\s]+"
    COMMAS = r",\s*"
    WHOLE = r"(?!)"


@dataclass(frozen=True)
class Knob:
    """A setting: `keys` is matched against the keys below the tool's, a slash between them.

    The group `where` of `keys` says what the setting is about. Only values that match `when`
    count. `prefixed` values are codes of which a shorter one takes in the longer.
    """

    keys: re.Pattern[str]
    effect: Effect
    when: re.Pattern[str]
    prefixed: bool = False
    split: Split = Split.WORDS


_ANY = r".+"
_ON = r"(?i:true|yes|on|1)"
_OFF = r"(?i:false|no|off|0)"


def _hides(
    keys: str, when: str = _ANY, *, prefixed: bool = False, split: Split = Split.WORDS
) -> Knob:
    return Knob(re.compile(keys), Effect.HIDES, re.compile(when, re.S), prefixed, split)


def _guards(
    keys: str, when: str = _ANY, *, prefixed: bool = False, split: Split = Split.WORDS
) -> Knob:
    return Knob(re.compile(keys), Effect.GUARDS, re.compile(when, re.S), prefixed, split)


_MYPY_WHERE = r"(?:overrides/<(?P<where>.*)>/)?"
_MYPY_STRICT = (
    r"strict|check_untyped_defs|no_implicit_optional|no_implicit_reexport|local_partial_types|"
    r"strict_\w+|extra_checks|disallow_\w+|warn_\w+"
)
_TS_STRICT = (
    r"strict\w*|noImplicit\w+|alwaysStrict|useUnknownInCatchVariables|noUnused\w+|"
    r"noFallthroughCasesInSwitch|noUncheckedIndexedAccess|exactOptionalPropertyTypes|"
    r"noPropertyAccessFromIndexSignature|noUncheckedSideEffectImports|checkJs|"
    r"forceConsistentCasingInFileNames|isolatedDeclarations|erasableSyntaxOnly"
)
_LEVEL_OFF = r"(?i:off|warn|warning|info|information|none|false|allow|0|1)"
_LEVEL_ON = r"(?i:error|err|deny|on|true|2)"

_RULES = (
    _hides(r"(?:overrides/<(?P<where>.*)>/)?rules/[^<]+", _LEVEL_OFF),
    _guards(r"(?:overrides/<(?P<where>.*)>/)?rules/[^<]+", _LEVEL_ON),
)
_ESLINT = (
    *_RULES,
    _hides(r"ignorePatterns|overrides/<(?P<where>.*)>/excludedFiles"),
    _guards(r"(?:overrides/<(?P<where>.*)>/)?extends"),
    _guards(r"noInlineConfig|reportUnusedDisableDirectives", _ON),
)

KNOBS: Mapping[str, tuple[Knob, ...]] = {
    "ruff": (
        _hides(r"(?:lint/)?(?:extend-)?ignore", prefixed=True),
        _hides(r"(?:lint/)?(?:extend-)?per-file-ignores/(?P<where>.+)", prefixed=True),
        _hides(r"(?:lint/|format/)?(?:extend-)?exclude|builtins"),
        _guards(r"(?:lint/)?(?:extend-)?select", prefixed=True),
        _guards(r"(?:extend-)?include"),
    ),
    "flake8": (
        _hides(r"(?:extend-)?ignore", prefixed=True),
        _hides(r"per-file-ignores", split=Split.WHOLE),
        _hides(r"(?:extend-)?exclude|builtins"),
        _guards(r"(?:extend-)?select", prefixed=True),
        _guards(r"disable-noqa", _ON),
        _guards(r"filename"),
    ),
    "mypy": (
        _hides(rf"{_MYPY_WHERE}disable_error_code"),
        _guards(rf"{_MYPY_WHERE}enable_error_code"),
        _hides(
            rf"{_MYPY_WHERE}(?:ignore_errors|ignore_missing_imports|implicit_\w+|allow_\w+)", _ON
        ),
        _hides(rf"{_MYPY_WHERE}follow_imports", r"skip|silent"),
        _hides(r"exclude", split=Split.WHOLE),
        _hides(r"(?:untyped_calls|deprecated_calls)_exclude|silence_site_packages"),
        _hides(rf"{_MYPY_WHERE}(?:{_MYPY_STRICT})", _OFF),
        _guards(rf"{_MYPY_WHERE}(?:{_MYPY_STRICT})", _ON),
        _guards(r"files|packages|modules"),
    ),
    "pyright": (
        _hides(r"ignore|exclude"),
        _hides(r"typeCheckingMode", r"off|basic|standard"),
        _hides(r"report\w+|strict\w+", _LEVEL_OFF),
        _guards(r"strict|include"),
        _guards(r"typeCheckingMode", r"strict|recommended|all"),
        _guards(r"report\w+|strict\w+", _LEVEL_ON),
    ),
    "pylint": (
        _hides(r"(?:[^/]+/)?disable"),
        _hides(
            r"(?:[^/]+/)?(?:ignore|ignore-paths|ignore-patterns|ignored-modules|ignored-classes|generated-members)"
        ),
        _hides(r"(?:[^/]+/)?per-file-ignores"),
        _guards(r"(?:[^/]+/)?enable"),
    ),
    "coverage": (
        _hides(r"(?:run|report)/omit"),
        _hides(r"report/(?:exclude_lines|exclude_also|partial_\w+)", split=Split.WHOLE),
        _hides(r"report/ignore_errors", _ON),
        _hides(r"run/disable_warnings"),
        _guards(r"run/(?:source|source_pkgs|source_dirs|include)|report/include"),
        _guards(r"run/branch", _ON),
    ),
    "bandit": (_hides(r"(?:bandit/)?(?:skips|exclude|exclude_dirs)"),),
    "isort": (_hides(r"(?:extend_)?skip(?:_glob)?"),),
    "black": (_hides(r"(?:extend-|force-)?exclude", split=Split.WHOLE),),
    "ty": (
        _hides(r"(?:overrides/<(?P<where>.*)>/)?rules/[^<]+", r"ignore|warn"),
        _hides(r"src/exclude"),
        _guards(r"(?:overrides/<(?P<where>.*)>/)?rules/[^<]+", r"error"),
    ),
    "tsc": (
        _hides(r"exclude"),
        _hides(
            r"compilerOptions/(?:skipLibCheck|skipDefaultLibCheck|noCheck|suppress\w+|allowUn\w+)",
            _ON,
        ),
        _hides(rf"compilerOptions/(?:{_TS_STRICT})", _OFF),
        _guards(rf"compilerOptions/(?:{_TS_STRICT})", _ON),
        _guards(r"compilerOptions/allowUn\w+", _OFF),
        _guards(r"include|files|extends|references/.*"),
    ),
    "eslint": _ESLINT,
    "eslint suppressions": (_hides(r"(?P<where>.+)/count"),),
    "oxlint": (
        *_RULES,
        _hides(r"ignorePatterns"),
        _hides(r"categories/[^/]+", _LEVEL_OFF),
        _guards(r"categories/[^/]+", _LEVEL_ON),
    ),
    "biome": (
        _hides(r"(?:overrides/<(?P<where>.*)>/)?linter/rules/.*", _LEVEL_OFF),
        _guards(r"(?:overrides/<(?P<where>.*)>/)?linter/rules/.*", _LEVEL_ON),
        _hides(r"(?:overrides/<(?P<where>.*)>/)?(?:linter|formatter|assist)/enabled", _OFF),
        _hides(r"(?:\w+/)?ignore|(?:\w+/)?experimentalScannerIgnores"),
        _hides(r"(?:\w+/)?includes", r"!.*"),
        _guards(r"(?:\w+/)?includes", r"[^!].*"),
    ),
    "deno": (
        _hides(r"(?:(?:lint|fmt)/)?exclude|lint/rules/exclude"),
        _guards(r"lint/rules/(?:tags|include)|(?:lint|fmt)/include"),
    ),
    "nyc": (_hides(r"exclude"), _guards(r"include"), _guards(r"all|check-coverage", _ON)),
    "jest": (
        _hides(r"coveragePathIgnorePatterns"),
        _hides(r"collectCoverageFrom", r"!.*"),
        _guards(r"collectCoverageFrom", r"[^!].*"),
    ),
    "stylelint": (
        _hides(r"rules/[^<]+", r"null|false"),
        _hides(r"ignoreFiles"),
        _guards(r"extends"),
    ),
    "ignore file": (_hides(r"pattern", split=Split.WHOLE),),
}
"""By tool."""
