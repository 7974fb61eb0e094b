"""Whether one value asks at least as much as another: of options, of path patterns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from gatekeeper.contract.shapes import yaml_name
from gatekeeper.rule import Stricter
from gatekeeper.value import Field, fields, is_dataclass


def covers(after: Sequence[object], before: Sequence[object]) -> bool:
    """Whether every path that `before` means is meant by `after` as well.

    Patterns may be added and `!` patterns taken away; where a `!` pattern stays, those
    before and after it stay in their order, for the last one that matches a path decides.
    Of lists that are no patterns: whether all entries are still there.
    """
    kept = [each for each in before if not _takes_out(each) or each in after]
    out = [each for each in after if _takes_out(each)]
    if not out:
        return set(kept) <= set(after)
    return len(out) == sum(map(_takes_out, kept)) and _is_within(kept, after)


def _takes_out(pattern: object) -> bool:
    return isinstance(pattern, str) and pattern.startswith("!")


def _is_within(part: Sequence[object], whole: Sequence[object]) -> bool:
    remaining = iter(whole)
    return all(each in remaining for each in part)


def loosened_options(before: object, after: object) -> tuple[str, ...]:
    """The fields in which the options `after` ask less than `before`, of the same class."""
    if type(before) is not type(after) or not is_dataclass(before):
        return () if before == after else ("options",)
    return tuple(
        each.name
        for each in fields(before)
        if _is_looser(each, getattr(before, each.name), getattr(after, each.name))
    )


def _is_looser(option: Field[Any], before: object, after: object) -> bool:
    asks_as_much = _AS_STRICT.get(option.metadata.get("stricter"))
    return before != after and (asks_as_much is None or not asks_as_much(after, before))


def _has_all(larger: object, smaller: object) -> bool:
    if isinstance(larger, Mapping) and isinstance(smaller, Mapping):
        return all(
            key in larger and not _value_is_looser(smaller[key], larger[key]) for key in smaller
        )
    if isinstance(larger, tuple) and isinstance(smaller, tuple):
        return covers(larger, smaller)
    return False


def _value_is_looser(before: object, after: object) -> bool:
    return before != after and bool(loosened_options(before, after))


def _is_higher(after: object, before: object) -> bool:
    if before is None:
        return True
    number = int | Decimal
    return isinstance(after, number) and isinstance(before, number) and after > before


def _has_fewer(after: object, before: object) -> bool:
    return _has_all(before, after)


_AS_STRICT: Mapping[object, Callable[[object, object], bool]] = {
    Stricter.MORE: _has_all,
    Stricter.FEWER: _has_fewer,
    Stricter.HIGHER: _is_higher,
    Stricter.TRUE: lambda after, _: after is True,
    Stricter.FALSE: lambda after, _: after is False,
}


def shown(value: object) -> str | None:
    """A value as the binding would write it, on one line; None for none."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return f"[{', '.join(map(_within, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_within(each)}' for key, each in value.items())}}}"
    if is_dataclass(value):
        given = ((each, getattr(value, each.name)) for each in fields(value))
        said = {yaml_name(key.name): what for key, what in given if what and what != key.default}
        return shown(said)
    return _word(value)


def _within(value: object) -> str:
    return shown(value) or "nothing"


def _word(value: object) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    return str(value).lower() if isinstance(value, bool) else str(value)
