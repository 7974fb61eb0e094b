"""Where Python code takes itself out of type checking: `no_type_check`, `Any` and `cast`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from gatekeeper.source.code_scopes import MODULE
from gatekeeper.source.code_tree import Kind, Node, walk
from gatekeeper.source.python import PYTHON, PythonFacts
from gatekeeper.source.python_lookalikes import plain
from gatekeeper.source.python_modules import Listed
from gatekeeper.source.python_names import Names
from gatekeeper.source.suppression import Suppression

_MODULES = ("typing", "typing_extensions")
_DECORATORS = ("no_type_check", "no_type_check_decorator")
_UNCHECKED = frozenset(f"{module}.{name}" for module in _MODULES for name in _DECORATORS)
_ANY = frozenset(f"{module}.Any" for module in _MODULES)
_UNIONS = frozenset(f"{module}.{name}" for module in _MODULES for name in ("Optional", "Union"))
_ANY_IN_QUOTES = re.compile(r"\bAny\b")
_PART = "a part of it"
_CAST = frozenset(f"{module}.cast" for module in _MODULES)

NEEDLES = (b"no_type_check", b"Any", b"cast")
"""Of these a file that does any of it holds one, in whatever spelling of the letters.

A name that is put together from strings is none to a type checker.
"""


def evasions(content: bytes, path: str) -> Iterator[Suppression]:
    """Every `no_type_check`; every `Any` and returned `cast` of what the file offers to others.

    Raises `Unreadable`.
    """
    said = plain(content)
    unchecked, vague, forced = (needle in said for needle in NEEDLES)
    if not (unchecked or vague or forced):
        return
    facts = PYTHON.read(content, path)
    names = Names(Listed(()))
    names.add(path, facts.tree)
    file = _File(names, path)
    if unchecked:
        yield from tuple(_unchecked(file)) or _passed_on(facts)
    for function, symbol in _offered(facts.tree) if vague or forced else ():
        for annotation in function.parts[2].parts if vague else ():
            yield from _vague(file, annotation, symbol, annotation.text)
        yield from _forced(file, function.parts[3], symbol) if forced else ()
    for declared, symbol in _declared(facts.tree) if vague else ():
        yield from _vague(file, declared.parts[1], symbol, declared.parts[0].text)


def unannotated(facts: PythonFacts) -> Iterator[tuple[str, str]]:
    """Parameters, and `return`, of which public functions do not say what they are.

    Each with the function's dotted name; to a type checker they are `Any` already.
    """
    for function, symbol in _offered(facts.tree):
        said = {each.text for each in function.parts[2].parts}
        names = (*(each.text for each in function.parts[1].parts), "return")
        yield from ((symbol, name) for name in names if name not in said)


class _File(NamedTuple):
    names: Names
    path: str

    def is_one(self, node: Node, wanted: frozenset[str], scope: int = MODULE) -> bool:
        """Whether an expression stands for one of the wanted names."""
        if node.kind not in (Kind.NAME, Kind.ATTRIBUTE):
            return False
        return any(each.text in wanted for each in self.names.values(self.path, scope, node))


def _unchecked(file: _File) -> Iterator[Suppression]:
    scopes = file.names.files[file.path]
    for use in scopes.uses:
        if file.is_one(use.node, _UNCHECKED, use.scope):
            yield _evasion(
                "no_type_check", use.node, scopes.scopes[use.scope].symbol, _said(use.node)
            )


def _passed_on(facts: PythonFacts) -> Iterator[Suppression]:
    """Imports of `no_type_check` by a file that makes no use of it: another one will."""
    for each in facts.imports:
        if each.dotted in _UNCHECKED:
            node = Node(Kind.NAME, each.line, each.column, each.alias or each.name, ())
            yield _evasion("no_type_check", node, each.symbol, node.text)


def _vague(file: _File, annotation: Node, symbol: str, name: str) -> Iterator[Suppression]:
    """`Any` for a name; of what is said beside it, only whether there is anything counts."""
    if any(file.is_one(each, _ANY) or _says_any(each) for each in walk(annotation)):
        codes = () if _is_any(file, annotation) else (_PART,)
        yield _evasion("Any", annotation, symbol, name)._replace(codes=codes)


def _is_any(file: _File, node: Node) -> bool:
    """Whether an annotation lets everything pass: `Any`, or a union with it."""
    union = node.kind is Kind.SUBSCRIPT and file.is_one(node.parts[0], _UNIONS)
    if union or node.kind in (Kind.ANNOTATION, Kind.LIST) or node.text == "|":
        return any(_is_any(file, each) for each in node.parts)
    return file.is_one(node, _ANY) or (node.kind is Kind.STRING and node.text.strip() == "Any")


def _says_any(node: Node) -> bool:
    return node.kind is Kind.STRING and _ANY_IN_QUOTES.search(node.text) is not None


def _forced(file: _File, body: Node, symbol: str) -> Iterator[Suppression]:
    returned = (each for each in walk(body) if each.kind is Kind.RETURN)
    for node in (inner for each in returned for inner in walk(each)):
        if node.kind is Kind.CALL and node.parts and file.is_one(node.parts[0], _CAST):
            yield _evasion("cast", node, symbol, _said(node))


def _offered(tree: Node) -> Iterator[tuple[Node, str]]:
    """The public functions and methods, each with its dotted name."""
    for node, symbol in _public(tree):
        if node.kind is Kind.FUNCTION:
            yield node, symbol


def _declared(tree: Node) -> Iterator[tuple[Node, str]]:
    """The annotated names of the module and of its public classes."""
    for node, symbol in _public(tree):
        target = node.parts[0] if node.kind is Kind.DECLARE else None
        if target is not None and target.kind is Kind.NAME and _is_public(target.text):
            yield node, f"{symbol}.{target.text}" if symbol else target.text


def _public(tree: Node) -> Iterator[tuple[Node, str]]:
    waiting = [(tree, "")]
    while waiting:
        node, symbol = waiting.pop()
        yield node, symbol
        if node.kind in (Kind.MODULE, Kind.OTHER, Kind.GROUP, Kind.CLASS):
            inner = node.parts[-1:] if node.kind is Kind.CLASS else node.parts
            waiting.extend(_named(part, symbol) for part in reversed(inner) if _may_be_seen(part))


def _named(node: Node, around: str) -> tuple[Node, str]:
    if node.kind not in (Kind.CLASS, Kind.FUNCTION):
        return node, around
    return node, f"{around}.{node.text}" if around else node.text


def _may_be_seen(node: Node) -> bool:
    return node.kind not in (Kind.CLASS, Kind.FUNCTION) or _is_public(node.text)


def _is_public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _said(node: Node) -> str:
    """The words of an expression, in order."""
    return " ".join(each.text for each in walk(node) if each.text)


def _evasion(kind: str, node: Node, symbol: str, text: str) -> Suppression:
    return Suppression(kind, (), text, symbol, node.line, node.column)
