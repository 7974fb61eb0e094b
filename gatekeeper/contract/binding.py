"""Reads a binding and the prose that it names into the contract that can judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeGuard, TypeVar

from gatekeeper.contract.binding_clauses import bound_clauses, granted_waivers
from gatekeeper.contract.binding_file import BindingFile
from gatekeeper.contract.clause_index import ClauseIndex
from gatekeeper.contract.frozen import Frozen
from gatekeeper.contract.kept import nodes_of, prose_of
from gatekeeper.contract.nodes import Listing, Node, Problems, Refused, Table, Text
from gatekeeper.contract.rule_use import RuleReader
from gatekeeper.contract.shapes import Located, RepositoryPath, record_of
from gatekeeper.contract.typed import Reader
from gatekeeper.errors import ConfigurationError, Unreadable
from gatekeeper.rule import Rule
from gatekeeper.terms import MARKDOWN, Contract, Place, Prose

T = TypeVar("T")

_NOWHERE = Located(RepositoryPath(""), 1, 1)
_NAMED = ("modules", "readings", "data-migrations")


def load_contract(
    files: Mapping[str, bytes], binding_path: str, rules: Mapping[str, Rule[Any]], source: str
) -> Contract:
    """The contract that the binding at `binding_path` and the prose it names make.

    Every clause of the prose is in it, bound or not. `source` says in words where `files`
    come from. Raises ConfigurationError with every problem of both files, and nothing else.
    """
    problems = Problems(binding_path)
    root = _root(files, binding_path, problems, source)
    reader = Reader(problems, tuple(name.text for name, _ in _entries(root.get("modules"))))
    written = _written(root, reader)
    _check_entries(root, problems)
    prose = _prose(files, written.contract, problems, source)
    uses = _rule_reader(root, reader, rules)
    index = ClauseIndex(prose, problems) if prose else None
    clauses = bound_clauses(written.clauses, index, uses)
    granted = granted_waivers(written.waivers, clauses, index, problems)
    if prose and not any(each.is_judged for each in clauses):
        _tell_no_clause(written.contract, "demands nothing", problems)
    found = problems.all()
    if found or prose is None:
        raise ConfigurationError(found)
    return Contract(
        source=source,
        prose=prose,
        binding_path=binding_path,
        clauses=clauses,
        stage=written.stage,
        contracts=written.contracts,
        modules=written.modules,
        scope=written.scope,
        readings=written.readings,
        migrations=written.migrations,
        data_migrations=written.data_migrations,
        waivers=granted,
        places=_places(root, binding_path),
    )


def contract_path(files: Mapping[str, bytes], binding_path: str) -> str:
    """The path of the prose that the binding names, whether it is there or not.

    Looks at nothing else of the binding. Raises ConfigurationError where it cannot be told.
    """
    problems = Problems(binding_path)
    root = _root(files, binding_path, problems, "these files")
    named = tuple(entry for entry in root.entries if entry[0].text == "contract")
    written = _written(Table(named, root.line, root.column), Reader(Problems(binding_path)))
    if not written.contract.value:
        _written(root, Reader(problems))
        raise ConfigurationError(problems.all())
    return written.contract.value


def _root(files: Mapping[str, bytes], binding_path: str, problems: Problems, source: str) -> Table:
    found = _read(nodes_of, files, binding_path, (1, 1), problems, source)
    root, told = found or (None, ())
    problems.include(told)
    if isinstance(root, Table):
        return root
    if root is not None:
        problems.add(root, "Expected keys and values.", "Begin with contract: and its path.")
    raise ConfigurationError(problems.all())


def _written(root: Table, reader: Reader) -> BindingFile:
    """What the file says, with defaults for what cannot be read; its problems are told."""
    record = record_of(BindingFile)
    found = reader.fields(root, record)
    reader.missing(root, record)
    return BindingFile(**{"contract": _NOWHERE, **found})


def _check_entries(root: Table, problems: Problems) -> None:
    """Tells what the types allow and the meaning does not."""
    if _is_empty(scope := root.get("scope")):
        hint = "Leave the key out, or name what the stage may change."
        problems.add(scope, "The scope holds no pattern.", hint)
    for name, patterns in _entries(root.get("modules")):
        if _is_empty(patterns):
            problems.add(patterns, f'The module "{name.text}" has no pattern.', "Name its paths.")
    for _, plan in _entries(root.get("readings")):
        accept = plan.get("accept") if isinstance(plan, Table) else None
        if isinstance(accept, Text) and accept.text != "given":
            problems.add(accept, f'Expected given, not "{accept.text}".', "Or leave the key out.")


def _is_empty(node: Node | None) -> TypeGuard[Listing]:
    return isinstance(node, Listing) and not node.items


def _entries(node: Node | None) -> tuple[tuple[Text, Node], ...]:
    return node.entries if isinstance(node, Table) else ()


def _rule_reader(root: Table, reader: Reader, rules: Mapping[str, Rule[Any]]) -> RuleReader:
    written = root.get("rules")
    if written is not None and not isinstance(written, Table | Refused):
        reader.problems.add(written, "Expected a mapping from rules to their options.")
    given = _entries(written)
    tables = {name.text: node for name, node in given if isinstance(node, Table)}
    uses = RuleReader(reader, rules, tables)
    for name, options in given:
        uses.check(name, options)
    return uses


def _prose(
    files: Mapping[str, bytes], path: Located[RepositoryPath], problems: Problems, source: str
) -> Prose | None:
    if not path.value:
        return None
    place = (path.line, path.column)
    if not path.value.endswith(MARKDOWN):
        # Contract files may be committed before the work: code must not be one.
        hint = f"Name a file that ends in {MARKDOWN}."
        problems.add(place, f"{path.value} is no Markdown file.", hint)
        return None
    try:
        prose = _read(prose_of, files, path.value, place, problems, source)
    except ConfigurationError as refused:
        problems.include(refused.problems)
        return None
    if prose is None or prose.clauses:
        return prose
    what = "holds no clause" if files[path.value].strip() else "is empty"
    _tell_no_clause(path, what, problems)
    return None


def _tell_no_clause(path: Located[RepositoryPath], what: str, problems: Problems) -> None:
    hint = "A clause is a bullet in a section: - No changes to artifact storage."
    message = f"{path.value} {what}, so nothing could be judged."
    problems.add((path.line, path.column), message, hint)


def _read(
    read: Callable[[Mapping[str, bytes], str], T],
    files: Mapping[str, bytes],
    path: str,
    at: tuple[int, int],
    problems: Problems,
    source: str,
) -> T | None:
    try:
        return read(files, path)
    except KeyError:
        hint = "Write it, or run: gatekeeper init CONTRACT.md."
        problems.add(at, f"There is no {path} in {source}.", hint)
    except Unreadable as unreadable:
        problems.add(at, f"{unreadable}.")
    return None


def _places(root: Table, path: str) -> Mapping[str, Place]:
    places = {}
    for key, node in root.entries:
        places[key.text] = Place(path, key.line, key.column)
        if key.text in _NAMED:
            for name, _ in _entries(node):
                places[f"{key.text}/{name.text}"] = Place(path, name.line, name.column)
    return Frozen(places)
