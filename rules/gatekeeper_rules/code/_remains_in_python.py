"""Names and imports that should be gone, in Python: code, never comments or docstrings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import Import, Mention, PythonFacts
from gatekeeper_rules.code._remnant import Remnant, Sought

Place = tuple[int, int]

_LOADERS = frozenset({"__import__", "import_module", "import_string", "import_from_string"}) | {
    *("find_spec", "find_loader", "load_module", "reload", "run_module", "resolve_name", "patch"),
}
_REFERENCE = re.compile(r"\w+(?:[.:/]\w+)*")
_WORD = re.compile(r"\w+")


def remains_in_python(
    facts: PythonFacts, sought: Sought, names_of: Callable[[Import], tuple[str, ...]]
) -> Iterator[Remnant]:
    """Every mention; `names_of` gives the dotted names that an import can stand for."""
    if sought.names:
        yield from _named(facts, sought.names)
    if sought.imports:
        yield from _imported(facts, sought.imports, names_of)


def absolute_names(
    path: str, imported: Import, is_source_root: Callable[[str], bool]
) -> tuple[str, ...]:
    """The dotted names that an import in `path` can stand for.

    Where `sys.path` points is not known: every folder that is no package itself could be a
    source root, so `src.app.legacy` is `app.legacy` as well where `src` is one.
    """
    module = imported.dotted.lstrip(".")
    dots = len(imported.dotted) - len(module)
    parts = [part for part in module.split(".") if part]
    if dots:
        folders = path.split("/")[:-1]
        if dots - 1 > len(folders):
            return ()
        parts = [*folders[: len(folders) - dots + 1], *parts]
    return tuple(
        ".".join(parts[cut:])
        for cut in range(len(parts))
        if cut == 0 or is_source_root("/".join(parts[:cut]))
    )


def _named(facts: PythonFacts, names: frozenset[str]) -> Iterator[Remnant]:
    for mention in facts.names():
        if mention.text in names:
            yield _remnant(mention.text, "is named", mention)
    for imported in facts.imports:
        said = {*imported.module.split("."), imported.name, imported.alias}
        for name in sorted(names & said):
            yield _remnant(name, "is imported", imported)
    annotated = _places_in(facts.tree, Kind.ANNOTATION)
    for mention in facts.strings():
        place = (mention.line, mention.column)
        for name in sorted(names & _referred(mention.text, free=place in annotated)):
            yield _remnant(name, "is named in a string", mention)


def _referred(text: str, *, free: bool) -> frozenset[str]:
    """The names that a string refers to: itself, and its parts where it is a dotted path.

    A string that is an annotation (`free`) is code, so each of its words counts.
    """
    if free or _REFERENCE.fullmatch(text):
        return frozenset((text, *_WORD.findall(text)))
    return frozenset((text,))


def _imported(
    facts: PythonFacts, modules: frozenset[str], names_of: Callable[[Import], tuple[str, ...]]
) -> Iterator[Remnant]:
    for imported in facts.imports:
        names = names_of(imported)
        for module in sorted(modules):
            if any(_is_of(name, module) for name in names):
                yield _remnant(module, "is imported", imported)
    loaded = _loaded(facts.tree)
    for mention in facts.strings():
        place = (mention.line, mention.column)
        for module in sorted(modules):
            if ("." in module or place in loaded) and _is_of(mention.text, module):
                yield _remnant(module, "is named in a string", mention)


def _is_of(name: str, module: str) -> bool:
    return name == module or name.startswith((f"{module}.", f"{module}:"))


def _places_in(tree: Node, kind: Kind) -> frozenset[Place]:
    return frozenset(
        (inner.line, inner.column)
        for node in walk(tree)
        if node.kind is kind
        for inner in walk(node)
        if inner.kind is Kind.STRING
    )


def _loaded(tree: Node) -> frozenset[Place]:
    """Where the strings stand that are given to something which imports what they name."""
    return frozenset(
        (inner.line, inner.column)
        for node in walk(tree)
        if node.kind is Kind.CALL and node.parts and node.parts[0].text in _LOADERS
        for argument in node.parts[1:]
        for inner in (argument, *argument.parts)
        if inner.kind is Kind.STRING
    )


def _remnant(sought: str, says: str, place: Mention | Import) -> Remnant:
    return Remnant(sought, f"{sought} {says}", place.line, place.column, place.symbol)
