"""A first `gatekeeper.yaml` for a contract: rules by their wordings, paths by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gatekeeper.contract.draft_text import Guesses, write_draft
from gatekeeper.contract.module_names import ModuleNames, patterns_of
from gatekeeper.contract.modules_guess import Terrain
from gatekeeper.contract.readings_guess import LINTERS, Reading, guess_readings
from gatekeeper.contract.recognition import Recognised, recognise
from gatekeeper.contract.scope_guess import guess_scope, modules_in
from gatekeeper.rule import Rule, Surroundings
from gatekeeper.terms import Clause, Prose
from gatekeeper.value import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole `gatekeeper.yaml`, and what a person has to know of it.

    `bound` are the ids of the clauses that it binds; `unbound` the clauses that nothing
    recognised and that would be ruled UNPROVEN; `notes` what is left to fill in.
    """

    text: str
    bound: tuple[str, ...]
    unbound: tuple[Clause, ...]
    notes: tuple[str, ...] = ()


def draft(
    prose: Prose,
    rules: Mapping[str, Rule[Any]],
    paths: Sequence[str],
    read: Callable[[str], bytes],
) -> Draft:
    """Draft the binding of `prose` in a repository with these paths.

    `read` gives a file's bytes, or raises Unreadable. Nothing is bound that no wording of
    a rule recognises; every guess at a path has a comment in the text.
    """
    terrain = Terrain(paths)
    readings = guess_readings(paths, read)
    clauses = _recognised(prose, rules, _looking(terrain, readings, paths))
    bonds = [bond for each in clauses for bond in each.bonds]
    modules = {name: patterns_of(name, terrain, paths) for name in modules_in(bonds, rules)}
    guesses = Guesses(modules, guess_scope(bonds, rules, modules, paths), readings)
    text, notes = write_draft(prose, clauses, guesses, paths)
    return Draft(
        text,
        tuple(each.clause.id for each in clauses if each.bonds),
        tuple(each.clause for each in clauses if not each.bonds and not each.clause.context),
        notes,
    )


def _looking(
    terrain: Terrain, readings: Mapping[str, Reading], paths: Sequence[str]
) -> Callable[[Callable[[str], str]], Surroundings]:
    linters = tuple(name for name in readings if name in LINTERS)

    def near(module: Callable[[str], str]) -> Surroundings:
        return Surroundings(tuple(paths), module, terrain.find, terrain.tests, linters)

    return near


def _recognised(
    prose: Prose,
    rules: Mapping[str, Rule[Any]],
    near: Callable[[Callable[[str], str]], Surroundings],
) -> tuple[Recognised, ...]:
    """Every clause, read twice: what a module is called is known only after all of them."""
    names = ModuleNames()
    for clause in prose.clauses:
        recognise(clause, rules, near(names.meet))
    return tuple(recognise(clause, rules, near(names.settled)) for clause in prose.clauses)
