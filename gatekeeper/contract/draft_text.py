"""The text of a drafted binding: every guess with a comment, what is not recognised last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from gatekeeper.contract.folding import fold
from gatekeeper.contract.module_names import PLACEHOLDER, placeholder
from gatekeeper.contract.recognition import Bond, Recognised
from gatekeeper.contract.yaml_text import comment, flow, quoted, scalar
from gatekeeper.patterns import Patterns
from gatekeeper.terms import Prose
from gatekeeper.value import dataclass

_WIDE = 96
_HEAD = """\
# Drafted by `gatekeeper init`. Read every line: a rule judges exactly what stands here.
# Lines with TODO must be filled in, and guesses be checked. Then commit the contract and this file
# alone, before any work on the stage.
"""
_STAGE = """\
# complete: the goals must be reached. `open` while the stage is being worked on: goals that are
# not reached yet are then PENDING; everything else is judged all the same.
stage: complete
"""
_NO_SCOPE = """\
# TODO: what may the stage change? Nothing was found to propose. `out-of-scope-change` needs it.
# scope: [src/…/**, tests/**]
"""
_UNBOUND = """\
  # Not recognised: UNPROVEN until bound. Take a clause in by removing its `#`, with the rules that
  # prove it (`gatekeeper explain` lists them); or give it to a person with `judged-by: a person`.
"""


@dataclass(frozen=True, slots=True)
class Guesses:
    """What was guessed from the repository; a module without patterns was not found."""

    modules: Mapping[str, tuple[str, ...]]
    scope: tuple[str, ...]
    readings: Mapping[str, Mapping[str, str]]


def write_draft(
    prose: Prose, clauses: Sequence[Recognised], guesses: Guesses, paths: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The text, and a note for each thing in it that a person must fill in."""
    parts = (
        _HEAD,
        f"contract: {scalar(prose.path)}\ncontracts: [{scalar(_contracts(prose.path))}]\n{_STAGE}",
        "\n".join(_modules(guesses.modules, paths)),
        "\n".join(_scope(guesses.scope)),
        "\n".join(_readings(guesses.readings)),
        "\n".join(_clauses(clauses)),
    )
    text = "\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts if part)
    todo = [line.strip() for line in text.splitlines()[_HEAD.count("\n") :] if "TODO" in line]
    return text, tuple(todo)


def _contracts(path: str) -> str:
    folder, _, _ = path.rpartition("/")
    named_so = re.search(r"contract|stage", folder.rpartition("/")[2], re.IGNORECASE)
    return f"{folder}/*.md" if named_so and path.endswith(".md") else path


def _modules(modules: Mapping[str, tuple[str, ...]], paths: Sequence[str]) -> Iterator[str]:
    if modules:
        yield "# The paths that the prose's names stand for, guessed from the names of folders."
        yield "modules:"
    for name, patterns in modules.items():
        if patterns:
            count = len(Patterns(patterns).matching(paths))
            yield f"  {scalar(name)}: {flow(patterns)}  # guessed; {count} files today"
        else:
            yield f"  # {PLACEHOLDER}: nothing in the repository looks like it; name its paths"
            yield f"  {scalar(name)}: {flow((placeholder(name),))}"


def _scope(scope: tuple[str, ...]) -> Iterator[str]:
    if not scope:
        yield _NO_SCOPE
        return
    yield "# What the stage may change, guessed from its outputs and goals; the contract files are"
    yield "# always in it. Take out what must stay, and add what is missing."
    yield "scope:"
    yield from (f"  - {scalar(pattern)}" for pattern in scope)


def _readings(readings: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    if readings:
        yield "# How to measure, in a clean checkout; guessed from pyproject.toml and package.json."
        yield "readings:"
    yield from (f"  {scalar(name)}: {flow(reading)}" for name, reading in readings.items())


def _clauses(clauses: Sequence[Recognised]) -> Iterator[str]:
    alike = Counter(fold(each.clause.says) for each in clauses)
    bound = [each for each in clauses if each.bonds]
    unbound = [each for each in clauses if not each.bonds and not each.clause.context]
    yield "clauses:" if bound else "clauses: []"
    for section, members in groupby(bound, lambda each: each.clause.section):
        yield f"  # {comment(section)}" if section else "  # (no section)"
        for each in members:
            yield from _entry(each, alike)
        yield ""
    if unbound:
        yield _UNBOUND.rstrip("\n")
    for each in unbound:
        yield f"  # {each.clause.id}: {comment(each.why)}"
        yield f"  # - says: {quoted(each.clause.says)}"
        yield "  #   rules: []"


def _entry(each: Recognised, alike: Counter[str]) -> Iterator[str]:
    yield f"  - says: {quoted(each.clause.says)}"
    if alike[fold(each.clause.says)] > 1:
        yield f"    clause: {each.clause.id}"
    for sentence in each.silent:
        yield f"    # These rules do not answer: {comment(sentence)}"
    yield "    rules:"
    for bond in each.bonds:
        yield from _term(bond, each.clause.says)


def _term(bond: Bond, says: str) -> Iterator[str]:
    if not bond.options:
        yield f"      - {scalar(bond.rule)}"
        return
    if remark := _remark(tuple(_leaves(bond.options)), says):
        yield f"      # {remark}"
    line = f"      - {scalar(bond.rule)}: {flow(bond.options)}"
    if len(line) <= _WIDE:
        yield line
        return
    yield f"      - {scalar(bond.rule)}:"
    yield from _block(bond.options, " " * 10)


def _block(options: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in options.items():
        line = f"{indent}{scalar(key)}: {flow(value)}"
        if isinstance(value, Mapping) and len(line) > _WIDE:
            yield f"{indent}{scalar(key)}:"
            yield from _block(value, f"{indent}  ")
        else:
            yield line


def _leaves(value: object) -> Iterator[str]:
    """The texts in a value; an empty list is an empty text."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, tuple):
        yield from (leaf for each in value or ("",) for leaf in _leaves(each))
    else:
        yield str(value)


def _remark(leaves: Sequence[str], says: str) -> str:
    guessed = [
        leaf for leaf in leaves if re.search(r"[/*:]", leaf) and leaf.removesuffix("**") not in says
    ]
    if any(leaf.startswith(PLACEHOLDER) for leaf in leaves):
        return f"{PLACEHOLDER}: name the paths; nothing in the repository looks like it"
    if "" in leaves:
        return f"{PLACEHOLDER}: fill in what is empty; the rest is guessed from file names"
    return "guessed from the clause and the names of files; check it" if guessed else ""
