"""Which way each of mypy's flags goes: whether setting it makes mypy say less."""

from __future__ import annotations

_STRICT = frozenset(
    {
        "check_untyped_defs",
        "enable_error_code",
        "extra_checks",
        "local_partial_types",
        "no_implicit_optional",
        "no_implicit_reexport",
        "show_error_codes",
        "strict",
        "strict_bytes",
        "strict_concatenate",
        "strict_equality",
        "strict_equality_for_none",
        "strict_optional",
        "warn_incomplete_stub",
    }
)
_STRICT_PREFIXES = ("disallow_", "warn_")
IN_STRICT = frozenset(
    {
        *("check_untyped_defs", "disallow_any_generics", "disallow_incomplete_defs"),
        *("disallow_subclassing_any", "disallow_untyped_calls", "disallow_untyped_decorators"),
        *("disallow_untyped_defs", "extra_checks", "no_implicit_optional", "no_implicit_reexport"),
        *("strict_concatenate", "strict_equality", "warn_redundant_casts", "warn_return_any"),
        *("warn_unused_configs", "warn_unused_ignores"),
    }
)
"""What `strict` turns on, in every mypy since 1.0, or what mypy does of itself since then."""
_NEUTRAL = frozenset({"always_true", "always_false", "mypy_path", "pretty", "python_version"})
_OFF = frozenset({"false", "no", "off", "0"})


def is_strict(name: str) -> bool:
    """Whether a flag makes mypy say more when it is on."""
    return name in _STRICT or name.startswith(_STRICT_PREFIXES)


def loosened(name: str, value: str = "") -> str | None:
    """What a setting lets pass, in words that are the same for the same thing; None for nothing.

    The name may be written as on the command line: `allow-untyped-defs` is the opposite of
    `disallow_untyped_defs`, and so is `no-disallow-untyped-defs`.
    """
    flag = name.replace("-", "_")
    on = value.lower() not in _OFF
    if not flag or flag in _NEUTRAL:
        return None
    opposite = flag.removeprefix("no_") if flag not in _STRICT else flag
    if opposite != flag:
        flag, on = opposite, not on
    elif flag.startswith("allow_") and is_strict(f"dis{flag}"):
        flag, on = f"dis{flag}", not on
    if is_strict(flag):
        return None if on else f"{flag} = false"
    return (f"{flag} = {value}" if value else flag) if on else None
