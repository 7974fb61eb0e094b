"""Rules found in packages; one that does not load stops the run, it is never skipped."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from gatekeeper.errors import RuleLoadError
from gatekeeper.rule import Rule
from gatekeeper.value import dataclass

OWN_PACKAGE = "gatekeeper_rules"
GROUP = "gatekeeper.rules"


@dataclass(frozen=True, slots=True)
class Registered:
    """A rule and the page beside its module; a planned rule has none."""

    rule: Rule[Any]
    page: Path | None


def load_rules(search_path: Sequence[str] | None = None) -> Mapping[str, Registered]:
    """Every rule of gatekeeper's own package and of those that third parties declare.

    `search_path` is where installed distributions are looked for (`sys.path` by default).
    Raises `RuleLoadError` naming the package or module that does not load.
    """
    packages = (OWN_PACKAGE, *declared_packages(sys.path if search_path is None else search_path))
    return rules_of(dict.fromkeys(packages))


def rules_of(packages: Mapping[str, object] | Sequence[str]) -> Mapping[str, Registered]:
    """The rules of these packages, by name; two of one name are an error."""
    found: dict[str, Registered] = {}
    for package in packages:
        for registered in _rules_in(_import(package)):
            name = registered.rule.name
            if name in found:
                raise RuleLoadError(
                    f"the rule {name} is defined twice, the second time in the package {package}; "
                    "rename one of them, or uninstall one of the packages"
                )
            found[name] = registered
    return dict(sorted(found.items()))


def declared_packages(search_path: Sequence[str]) -> tuple[str, ...]:
    """The packages that installed distributions name in the entry-point group.

    `importlib.metadata` costs more to import than a whole staged check, so it is asked only
    when an `entry_points.txt` mentions the group at all.
    """
    if not any(_mentions_group(Path(folder or ".")) for folder in search_path):
        return ()
    from importlib.metadata import distributions

    return tuple(
        sorted(
            entry.value
            for distribution in distributions(path=[folder or "." for folder in search_path])
            for entry in distribution.entry_points
            if entry.group == GROUP
        )
    )


def _mentions_group(folder: Path) -> bool:
    if not folder.is_dir():
        return folder.exists()  # a zip file: let importlib.metadata look
    with os.scandir(folder) as entries:
        names = [
            entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))
        ]
    return any(_file_mentions_group(folder / name / "entry_points.txt") for name in names)


def _file_mentions_group(path: Path) -> bool:
    try:
        return GROUP.encode() in path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return False


def _import(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise RuleLoadError(
            f"the rule module {name} does not load: {type(error).__name__}: {error}; "
            "repair it, or uninstall the package it comes with"
        ) from error


def _rules_in(package: ModuleType) -> Iterator[Registered]:
    folders = [Path(folder) for folder in getattr(package, "__path__", ())]
    if not folders:
        raise RuleLoadError(f"{package.__name__} is a module; rules come in a package of families")
    for folder in folders:
        for path in sorted(folder.glob("[!_]*/[!_]*.py")):
            yield _rule_at(path, f"{package.__name__}.{path.parent.name}.{path.stem}")
        if (folder / "planned.py").is_file():
            planned: tuple[Rule[Any], ...] = _import(f"{package.__name__}.planned").PLANNED
            yield from (Registered(rule, None) for rule in planned)


def _rule_at(path: Path, module_name: str) -> Registered:
    rule = getattr(_import(module_name), "RULE", None)
    if not isinstance(rule, Rule):
        raise RuleLoadError(f"{module_name} has no RULE; a rule's module defines exactly one")
    if rule.name != path.stem.replace("_", "-"):
        raise RuleLoadError(f"{module_name} defines the rule {rule.name}; name both alike")
    page = path.with_suffix(".md")
    if not page.is_file():
        raise RuleLoadError(f"the rule {rule.name} has no page; write {page.name} beside it")
    return Registered(rule, page)
