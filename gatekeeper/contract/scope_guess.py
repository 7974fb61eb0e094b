"""What a stage will probably change: what its goals name, beside the tests and settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_type_hints

from gatekeeper.contract.module_names import PLACEHOLDER
from gatekeeper.contract.recognition import Bond
from gatekeeper.patterns import Patterns
from gatekeeper.rule import Rule
from gatekeeper.terms import Glob, ModuleName

_ALWAYS = re.compile(r"(_*tests?_*|specs?|migrations)/.+|(wrangler\.(?:toml|jsonc?))")

_VAGUE = ("**", f"{PLACEHOLDER}/")


def modules_in(bonds: Iterable[Bond], rules: Mapping[str, Rule[Any]]) -> tuple[str, ...]:
    """The names of modules among the options of the bonds, in order."""
    return _named(bonds, rules, tuple[ModuleName, ...])


def guess_scope(
    bonds: Sequence[Bond],
    rules: Mapping[str, Rule[Any]],
    modules: Mapping[str, tuple[str, ...]],
    paths: Sequence[str],
) -> tuple[str, ...]:
    """The patterns of what goals name, without what prohibitions protect; may be empty."""
    goals = [bond for bond in bonds if rules[bond.rule].goal]
    others = [bond for bond in bonds if not rules[bond.rule].goal]
    protected = Patterns(tuple(_patterns(modules_in(others, rules), modules)))
    wanted = [
        *_named(goals, rules, tuple[Glob, ...]),
        *_patterns(modules_in(goals, rules), modules),
    ]
    named = [each for each in wanted if not each.startswith(_VAGUE) and not protected.match(each)]
    return tuple(dict.fromkeys([*named, *_usual(paths)])) if named else ()


def _named(bonds: Iterable[Bond], rules: Mapping[str, Rule[Any]], kind: object) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for bond in bonds:
        hints = get_type_hints(rules[bond.rule].options)
        for key, value in bond.options.items():
            if hints.get(key) == kind and isinstance(value, tuple):
                found.update(dict.fromkeys(map(str, value)))
    return tuple(found)


def _patterns(names: Iterable[str], modules: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name in names:
        yield from modules.get(name, ())


def _usual(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if match := _ALWAYS.fullmatch(path):
            yield f"{match[1]}/**" if match[1] else match[2]
